"""The reference of the rules tells every rule and case there is, and nothing of its own."""

import shutil

import pytest

from hr_portal.domain.reference import reference, reference_text
from hr_portal.domain.regions import packaged, regions, use
from hr_portal.domain.rules import RULES, RULESET


def test_the_reference_holds_every_rule_with_its_cases():
    told = reference()
    assert told["ruleset"] == RULESET
    assert told["regions"] == {"edition": regions().edition, "dated": regions().dated}
    assert [(one["code"], [case["case"] for case in one["cases"]]) for one in told["rules"]] == [
        (rule.code, [case.key for case in rule.cases]) for rule in RULES
    ]


@pytest.mark.parametrize(("lang", "opening"), [("id", "Aturan"), ("en", "Rules")])
def test_the_text_has_a_line_for_every_rule_note_and_case(lang, opening):
    lines = reference_text(lang).splitlines()
    assert lines[0].startswith(f"{opening} {RULESET} ")
    assert regions().dated in lines[0]
    titles = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert titles == [
        f"{rule.code}  {rule.title if lang == 'id' else rule.title_en}" for rule in RULES
    ]
    below = [line for line in lines if line.startswith("  ")]
    assert len(below) == sum(len(rule.cases) + bool(rule.note) for rule in RULES)


def test_an_edition_without_a_day_is_told_without_one(tmp_path):
    folder = shutil.copytree(packaged(), tmp_path / "edition")
    (folder / "edition.txt").write_text("Kepmendagri 1/2027\n", encoding="utf-8")
    use(folder)
    assert reference_text().splitlines()[0] == f"Aturan {RULESET} · wilayah Kepmendagri 1/2027"
