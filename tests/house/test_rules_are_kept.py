"""Every rule of the law has a sample, a line in the documentation and words in both languages."""

import json
from datetime import date
from pathlib import Path

import pytest

from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.checking import check
from hr_portal.domain.rules import RULES
from samples import build
from tests.domain.test_every_case import CASES

SAMPLES = Path(build.__file__).parent
REFERENCE = (SAMPLES.parent / "docs" / "rules.md").read_text(encoding="utf-8")

# Only a server knows the account and what it sent before; see test_samples_of_an_account.py.
OF_AN_ACCOUNT = {"NPP-03", "HIS-01", "HIS-02", "HIS-03", "HIS-04"}
# What these say is that nothing is reported, or that a file is refused (its FILE code has samples).
SAYS_NOTHING = {
    "CELL-09", "CELL-16", "NIK-03", "KK-08", "DAT-13",
    "FIL-01", "FIL-02", "FIL-03", "FIL-04", "FIL-06", "FIL-07",
}  # fmt: skip


@pytest.fixture(scope="module")
def expected():
    """What every sample is expected to give, by file."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (SAMPLES / "expected").glob("*.json")
    }


@pytest.fixture(scope="module")
def tidied(expected):
    """The silent rules that samples show."""
    found = set()
    for name, told in expected.items():
        if "error" not in told and "asks" not in told:
            table = read_table(
                memoryview((SAMPLES / name).read_bytes()), name, layout="auto",
                limits=DEFAULT_LIMITS, progress=lambda _rows: None,
            )  # fmt: skip
            found |= set(check(table, today=date(2026, 11, 21)).tidied)
    return found


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_has_a_sample(rule, expected, tidied):
    shown = {one["code"] for told in expected.values() for one in told.get("findings", ())}
    if rule.code in OF_AN_ACCOUNT:
        assert rule.code not in shown, "a sample shows it now: take it off the list"
    elif rule.cases:
        assert rule.code in shown
    else:
        assert (rule.code in tidied) == (rule.code not in SAYS_NOTHING)


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_has_its_lines_in_the_documentation(rule):
    part = REFERENCE.partition(f"\n## {rule.code} · ")[2].partition("\n## ")[0]
    assert part
    assert rule.title in part
    assert rule.title_en in part
    for case in rule.cases:
        assert not case.key or f"`{case.key}`" in part
    assert part.count("\n- **") == len(rule.cases) + bool(rule.note)


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_case_has_a_broken_and_a_sound_sheet_and_advice_in_both_languages(rule):
    for case in rule.cases:
        own = [one for one in CASES if one[:2] == (rule.code, case.key)]
        assert len(own) == 1
        _code, _case, broken, sound, _options = own[0]
        assert broken
        assert sound
        assert case.advice.strip()
        assert case.advice_en.strip()
        assert case.advice != case.advice_en
