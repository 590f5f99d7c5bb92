"""The rule reference as data and as text; as Markdown see `rules.reference_markdown`.

Made from RULES and nowhere written down again: the command, the page and the
interface show the same.
"""

from typing import Any

from hr_portal.domain.regions import regions
from hr_portal.domain.rulebook.entry import Case, Rule
from hr_portal.domain.rules import RULES, RULESET, Lang, readable

_MARKS = {"error": "E", "override": "E*", "warning": "W", "note": "I"}
_SILENT = "N"


def reference() -> dict[str, Any]:
    """Return the version, the edition of the region codes, and every rule with its cases."""
    codes = regions()
    return {
        "ruleset": RULESET,
        "regions": {"edition": codes.edition, "dated": codes.dated},
        "rules": [_rule(rule) for rule in RULES],
    }


def reference_text(lang: Lang = "id") -> str:
    """Return the reference as lines for a terminal, in one language."""
    codes = regions()
    dated = f" ({codes.dated})" if codes.dated else ""
    lines = [
        f"Aturan {RULESET} · wilayah {codes.edition}{dated}" if lang == "id"
        else f"Rules {RULESET} · regions {codes.edition}{dated}",
    ]  # fmt: skip
    ending = "" if lang == "id" else "_en"
    for rule in reference()["rules"]:
        lines += ["", f"{rule['code']}  {rule['title' + ending]}"]
        if rule["note"]:
            lines.append(f"  {_SILENT}   {rule['note' + ending]}")
        for case in rule["cases"]:
            mark = _MARKS[case["severity"]]
            lines.append(f"  {mark:<3} {case['saw' + ending]}. {case['advice' + ending]}")
    return "\n".join(lines)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "title": rule.title,
        "title_en": rule.title_en,
        "note": rule.note,
        "note_en": rule.note_en,
        "cases": [_case(rule, case) for case in rule.cases],
    }


def _case(rule: Rule, case: Case) -> dict[str, str]:
    return {
        "case": case.key,
        "severity": case.severity.json,
        "title": case.title or rule.title,
        "title_en": case.title_en or rule.title_en,
        "saw": readable(case.saw),
        "saw_en": readable(case.saw_en),
        "advice": readable(case.advice),
        "advice_en": readable(case.advice_en),
    }
