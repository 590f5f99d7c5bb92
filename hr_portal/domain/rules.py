"""RULES: the law as one table, and the sentences made from it.

One entry a rule, in the order of the reference (identifiers, then rows). The
predicates stand in `checks/`; codes, severities and words stand here only.
"""

import re
from collections.abc import Mapping
from typing import Literal

from hr_portal.domain.dates import day_first
from hr_portal.domain.fields import FIELD, field_by_header
from hr_portal.domain.report import Finding, Severity
from hr_portal.domain.rulebook.cells import CELLS
from hr_portal.domain.rulebook.contact import MONEY, PHONES, TAX
from hr_portal.domain.rulebook.entry import (
    SAW,
    SAW_AS_EMPTY,
    SAW_AS_EMPTY_EN,
    SAW_EMPTY,
    SAW_EMPTY_EN,
    Case,
    Rule,
)
from hr_portal.domain.rulebook.naming import names_of, sources_of
from hr_portal.domain.rulebook.numbers import KK, KPJ, NIK, NPP
from hr_portal.domain.rulebook.people import CODES, DATES, NAMES
from hr_portal.domain.rulebook.rows import ROWS
from hr_portal.domain.table import Table

__all__ = [
    "RULE", "RULES", "RULESET", "Case", "Lang", "Rule", "column_label", "message",
    "readable", "reference_markdown", "sentence", "severity", "title",
]  # fmt: skip

Lang = Literal["id", "en"]
Params = Mapping[str, str | int]

RULESET = "2026.11.11"
"""Version of the rules; stored with findings, raised whenever a verdict can change."""

RULES: tuple[Rule, ...] = (
    *CELLS, *NIK, *KK, *KPJ, *NPP, *TAX, *NAMES, *DATES, *CODES, *PHONES, *MONEY, *ROWS,
)  # fmt: skip

RULE: dict[str, Rule] = {rule.code: rule for rule in RULES}

ORDER: dict[str, int] = {rule.code: place for place, rule in enumerate(RULES)}
"""Place of each rule in the law; findings of one cell come in this order."""

_CASES: dict[tuple[str, str], Case] = {
    (rule.code, case.key): case for rule in RULES for case in rule.cases
}

_INTRODUCTION = """\
Versi aturan / rule set: {version}. Halaman ini dibuat dari `RULES`; jangan diubah dengan tangan.

Tingkat / severity: **E** galat, tidak dapat diajukan / error · **E\\*** dapat diajukan dengan
dokumen pada baris itu / override · **W** peringatan, dipastikan dengan alasan / warning · **I**
informasi / note · **N** dirapikan tanpa temuan / tidied in silence. ⟨…⟩ diganti isi sel / stands for
what the cell holds."""

_LONGEST_VALUE = 80
_NEW_VALUE = re.compile(r"\W*\b(?:menjadi|baru)\b\W*$", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def severity(code: str, case: str = "") -> Severity:
    """Return how bad a case is; raises KeyError for a case the law has not."""
    return _CASES[code, case].severity


def title(code: str, case: str = "", lang: Lang = "id") -> str:
    """Return the few words that stand above a value ("Angka 0 di depan hilang")."""
    rule, found = RULE[code], _CASES[code, case]
    if lang == "en":
        return found.title_en or rule.title_en
    return found.title or rule.title


def sentence(  # noqa: PLR0913 - a stored finding has that many parts
    code: str,
    case: str = "",
    *,
    lang: Lang = "id",
    where_row: int | None = None,
    cell: str | None = None,
    column: str | None = None,
    field: str | None = None,
    value: str = "",
    suggestion: str | None = None,
    params: Params | None = None,
    form: bool = False,
) -> str:
    """Return the whole message of a finding: where, what we saw, expected, how to mend.

    `where_row` is the sheet's row number (None or 0 = the whole file), `form`
    says that there is no sheet at all, `cell` its address, `column` the
    column's header, `field` the key in FIELDS. Raises KeyError for a case the
    law has not.
    """
    found = _CASES[code, case]
    english = lang == "en"
    label = column_label(column, field, lang) if column is not None else None
    place = _place(where_row, cell, label, english=english, form=form)
    saw = found.saw_en if english else found.saw
    if not value and found.saw == SAW:
        saw = SAW_EMPTY_EN if english else SAW_EMPTY
    elif value.strip() and found.saw == SAW_EMPTY:  # "-" and the like: the cell isn't blank
        saw = SAW_AS_EMPTY_EN if english else SAW_AS_EMPTY
    advice = found.advice_en if english else found.advice
    name, name_en = names_of(field)
    source, source_en = sources_of(field)
    words = _Words(
        params or {}, value=_shown(_written(value, field)), suggestion=suggestion or "",
        header=FIELD[field].label if field in FIELD else name,
        field=name, field_en=name_en, source=source, source_en=source_en,
    )  # fmt: skip
    seen = _one(saw, words).format_map(words)
    origin = _origin(suggestion, params or {}, english=english)
    return f"{place}: {seen}. {_capital(advice.format_map(words))}{origin}"


def _origin(suggestion: str | None, params: Params, *, english: bool) -> str:
    """Say what is proposed and from where, where it comes from another place."""
    source = params.get("origin_en" if english else "origin")
    if not suggestion or not source:
        return ""
    if english:
        return f" Proposal: {suggestion}, from {source}."
    return f" Usulan: {suggestion}, dari {source}."


def message(finding: Finding, table: Table, lang: Lang = "id") -> str:
    """Return the whole message of a finding in its table; see `sentence`."""
    in_row, in_cell = finding.row >= 0, finding.column >= 0
    form = table.source == "form"
    return sentence(
        finding.code, finding.case, lang=lang,
        where_row=int(table.row_numbers[finding.row]) if in_row and not form else None,
        cell=table.cell(finding.row, finding.column) if in_row and in_cell and not form else None,
        column=table.headers[finding.column] if in_cell else None,
        field=finding.field, value=finding.value, suggestion=finding.suggestion,
        params=finding.params, form=form,
    )  # fmt: skip


def column_label(header: str, field: str | None, lang: Lang = "id") -> str:
    """Return what a column is called: its header, and the field where that says more.

    "Tgl Lahir" for a column of its own, "Menjadi (No HP)" in the
    per-correction layout; the field's label where there is no header.
    """
    shown = _shown(" ".join(header.split()))
    known = FIELD.get(field or "")
    if known is None:
        return shown
    own = known.label_en if lang == "en" else known.label
    if not shown:
        return own
    bare = (_NEW_VALUE.sub("", shown), shown.partition(" (")[0])
    says_it = any(field_by_header(text) is known for text in bare)
    return shown if says_it else f"{shown} ({own})"


def reference_markdown() -> str:
    """Return the public rule reference as Markdown, made from RULES."""
    lines = ["# Aturan pemeriksaan · Rules", "", _INTRODUCTION.format(version=RULESET), ""]
    marks = {
        Severity.ERROR: "E", Severity.OVERRIDE: "E\\*", Severity.WARNING: "W", Severity.NOTE: "I",
    }  # fmt: skip
    for rule in RULES:
        lines += [f"## {rule.code} · {rule.title} / {rule.title_en}", ""]
        if rule.note:
            lines += [f"- **N** {rule.note}", f"  *{rule.note_en}*"]
        for case in rule.cases:
            name = f" `{case.key}`" if case.key else ""
            own = f"{readable(case.saw)}. {_capital(readable(case.advice))}"
            own_en = f"{readable(case.saw_en)}. {_capital(readable(case.advice_en))}"
            lines.append(f"- **{marks[case.severity]}**{name} {case.title or rule.title}: {own}")
            lines.append(f"  *{case.title_en or rule.title_en}: {own_en}*")
        lines.append("")
    return "\n".join(lines)


class _Words(dict[str, object]):
    """What a template may name; a stored finding of older rules may lack a word."""

    def __init__(self, params: Params, **known: object) -> None:
        clean = {key: _UNPRINTABLE.sub(" ", str(value)) for key, value in params.items()}
        super().__init__({**known, **clean})

    def __missing__(self, key: str) -> str:
        return "…"


def _place(
    row: int | None, cell: str | None, label: str | None, *, english: bool, form: bool
) -> str:
    if form:
        if english:
            return f"Field {label}" if label else "This entry"
        return f"Isian {label}" if label else "Isian ini"
    column = ("column " if english else "kolom ") + label if label else ""
    if not row:
        whole = "the whole file" if english else "seluruh berkas"
        return _capital(column or whole)
    parts = [f"{'Row' if english else 'Baris'} {row}"]
    if column:
        parts.append(column)
    if cell:
        parts.append(f"{'cell' if english else 'sel'} {cell}")
    return ", ".join(parts)


def _written(value: str, field: str | None) -> str:
    """Return a value with a day as people write it: date cells are read year first."""
    return day_first(value) if field in FIELD and FIELD[field].kind == "date" else value


def _shown(value: str) -> str:
    """Return a value fit for a sentence: one line, at most 80 characters."""
    line = _UNPRINTABLE.sub(" ", value)
    return line if len(line) <= _LONGEST_VALUE else line[:_LONGEST_VALUE] + "…"


def _one(template: str, words: Mapping[str, object]) -> str:
    """Return a template that says "1 digit" where the length is 1."""
    if words.get("length") != "1":
        return template
    return re.sub(r"(\{length\} (?:digit|character))s", r"\1", template)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def readable(template: str) -> str:
    """Return a template for readers: `{value}` becomes ⟨value⟩."""
    return re.sub(r"\{(\w+)\}", r"⟨\1⟩", template)
