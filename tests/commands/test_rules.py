"""`hr-portal rules`: the same reference as text, JSON and Markdown."""

import json
from pathlib import Path

import pytest

from hr_portal import cli
from hr_portal.domain.rules import RULES, RULESET

DOCS = Path(__file__).parents[2] / "docs" / "rules.md"


@pytest.fixture(autouse=True)
def _no_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HR_PORTAL_DATA_DIR", str(tmp_path))


def printed(capfd, *arguments):
    assert cli.run(["rules", *arguments]) == 0
    return capfd.readouterr().out


def test_markdown_is_the_page_of_the_documentation(capfd):
    assert printed(capfd, "--format", "markdown") == DOCS.read_text(encoding="utf-8")


def test_json_holds_every_rule_and_case(capfd):
    told = json.loads(printed(capfd, "--format", "json"))
    assert told["ruleset"] == RULESET
    assert told["regions"]["dated"] == "2025-04-25"
    assert [(r["code"], [c["case"] for c in r["cases"]]) for r in told["rules"]] == [
        (rule.code, [case.key for case in rule.cases]) for rule in RULES
    ]


def test_text_is_for_people_in_either_language(capfd):
    text, english = printed(capfd), printed(capfd, "--lang", "en")
    assert text.startswith(
        f"Aturan {RULESET} · wilayah Kepmendagri 300.2.2-2138/2025 (2025-04-25)\n"
    )
    assert english.startswith(f"Rules {RULESET} · regions ")
    for rule in RULES:
        assert f"\n{rule.code}  {rule.title}\n" in text
        assert f"\n{rule.code}  {rule.title_en}\n" in english
    assert "\n  E*  " in text
    assert "\n  N   " in text
