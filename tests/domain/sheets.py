"""Sheets written in a test as text beside their verdict.

A per-employee sheet is a list of rows of words by header; a cell may say how
the file stores it: `num(…)`, `day(…)`, `error(…)`, `formula()`, `computed(…)`.
"""

import re
from datetime import date

import numpy as np

from hr_portal.domain.checking import check
from hr_portal.domain.fields import field_by_header
from hr_portal.domain.history import NO_HISTORY
from hr_portal.domain.report import Report, Severity
from hr_portal.domain.rules import message
from hr_portal.domain.table import Column, Kind, Role, Table

TODAY = date(2026, 11, 21)

PERSON = {"KPJ": "09999990017", "NIK": "3171014508909013", "Nama Lengkap": "SITI CONTOHAN"}
"""Someone about whom there is nothing to say."""

CORRECTION = {**PERSON, "Data": "Gelar", "Semula": "", "Menjadi": "S.E."}

_PARTS = {
    "DATA": Role("which"), "SEMULA": Role("before"), "MENJADI": Role("after"),
    "NPP": Role("company", "npp"), "KODE DIVISI": Role("company", "divisi"),
    "ALASAN": Role("reason"), "KETERANGAN": Role("note"), "NO": Role("number"),
}  # fmt: skip


class Stored(str):
    """A cell's text with the way the file stores it."""

    __slots__ = ("computed", "kind")

    def __new__(cls, value: str, kind: Kind, *, computed: bool = False):
        """Make the cell."""
        cell = super().__new__(cls, value)
        cell.kind, cell.computed = kind, computed
        return cell


def num(value):
    return Stored(str(value), Kind.NUMBER)


def day(value):
    return Stored(value, Kind.DATE)


def clock(value):
    return Stored(value, Kind.TIME)


def error(value="#N/A"):
    return Stored(value, Kind.ERROR)


def boolean(value="TRUE"):
    return Stored(value, Kind.BOOLEAN)


def formula():
    return Stored("", Kind.FORMULA)


def computed(value):
    return Stored(value, Kind.TEXT, computed=True)


def role_of(header):
    """The role of a header: a part of the layout, a field, or a field's Menjadi."""
    if header.upper() in _PARTS:
        return _PARTS[header.upper()]
    name, _, after = header.partition(" (")
    field = field_by_header(name)
    if field is None:
        return Role("unknown")
    return Role("after" if after else "record", field.key)


def table(rows, *, epoch_1904=False, source="xlsx", remarks=(), headers=None):
    """A table of rows given as dicts by header; missing cells are empty."""
    headers = headers or list(dict.fromkeys(header for row in rows for header in row))
    columns = []
    for header in headers:
        cells = [row.get(header, "") for row in rows]
        kinds = [getattr(cell, "kind", Kind.TEXT if cell else Kind.EMPTY) for cell in cells]
        made = [getattr(cell, "computed", False) for cell in cells]
        columns.append(
            Column(
                [str.__str__(cell) for cell in cells],
                np.array(kinds, np.uint8),
                np.array(made) if any(made) else None,
            )
        )
    return Table(
        file="uji.xlsx", sheet="Data", header_row=1, headers=headers, columns=columns,
        layout="per-correction" if "Data" in headers else "per-employee",
        letters=[chr(ord("A") + i) for i in range(len(headers))],
        roles=[role_of(header) for header in headers],
        row_numbers=np.arange(2, len(rows) + 2, dtype=np.int32),
        epoch_1904=epoch_1904, source=source, remarks=list(remarks),
    )  # fmt: skip


def judge(rows, *, today=TODAY, history=NO_HISTORY, npp=None, settle=None, **options) -> Report:
    """Check rows; every finding must also make a sentence in both languages."""
    report = check(table(rows, **options), today=today, history=history, npp=npp, settle=settle)
    for finding in report.findings:
        for lang in ("id", "en"):
            said = message(finding, report.table, lang)
            assert finding.value or '""' not in said
            assert "{" in finding.value or not re.search(r"\{[a-z_]+\}", said)
    return report


def found(report, code=None):
    """Findings as (code, case, severity word, sheet row, header)."""
    words = {
        Severity.ERROR: "E",
        Severity.OVERRIDE: "E*",
        Severity.WARNING: "W",
        Severity.NOTE: "I",
    }
    return [
        (
            f.code, f.case, words[f.severity],
            int(report.table.row_numbers[f.row]) if f.row >= 0 else 0,
            report.table.headers[f.column] if f.column >= 0 else None,
        )
        for f in report.findings
        if code is None or f.code == code
    ]  # fmt: skip


def verdicts(report):
    """Findings as words: "E NIK-01", "W KPJ-02/old-card"."""
    return [
        f"{severity} {code}" + (f"/{case}" if case else "")
        for code, case, severity, _row, _header in found(report)
    ]


def person(**cells):
    """The person with some cells changed; `nik="…"` sets the column NIK."""
    names = {
        "kpj": "KPJ", "nik": "NIK", "nama": "Nama Lengkap", "kk": "No KK", "lahir": "Tanggal Lahir",
        "jk": "Jenis Kelamin", "gelar_baru": "Gelar (Menjadi)",
    }  # fmt: skip
    row = {**PERSON, "Gelar (Menjadi)": "S.E."}
    return row | {names.get(key, key): value for key, value in cells.items()}


def of(**cells):
    """The verdicts on one person with some cells changed."""
    return verdicts(judge([person(**cells)]))


def change(header, value, **cells):
    """The verdicts on a person whose one field becomes a new value (the KK is known)."""
    return verdicts(changed(header, value, **cells))


def changed(header, value, **cells):
    """The report on a person whose one field becomes a new value."""
    row = person(kk="3171011203159001", **cells)
    del row["Gelar (Menjadi)"]
    return judge([row | {f"{header} (Menjadi)": value}])
