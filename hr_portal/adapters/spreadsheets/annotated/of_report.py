"""Notes made straight from a report, where there is no database between."""

from collections.abc import Iterator

from hr_portal.adapters.spreadsheets.annotated.noting import (
    Said,
    column_index,
    identifier_columns,
    number_columns,
    row_notes,
)
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote, RuleLine
from hr_portal.domain.fields import FIELD
from hr_portal.domain.report import Report, Severity
from hr_portal.domain.rules import message, title

STEPS = (
    (
        "Perbaiki sel yang berwarna; arahkan kursor ke sel itu untuk membaca komentarnya, atau baca "
        "kolom Catatan."
    ),
    (
        "Kolom Hasil dan Catatan serta lembar Ringkasan tidak perlu dihapus; portal mengabaikannya "
        "saat berkas ini diunggah lagi."
    ),
)
CHECK_AGAIN = "Simpan, lalu periksa lagi atau unggah ke Portal Koreksi Data."


def order_of(report: Report, *, checked: str = "") -> Order:
    """Return what to write but for the rows; `checked` says when, in words."""
    table = report.table
    counts, refused = report.counts(), len(table.refused)
    facts = [("Berkas", table.file), ("Aturan", report.ruleset)]
    if checked:
        facts.append(("Diperiksa", checked))
    return Order(
        sheet=table.sheet,
        header_row=table.header_row,
        last_column=max(column_index(each) for each in table.letters),
        columns=tuple(column_index(each) for each in table.letters),
        own_columns=tuple(column_index(each) for each in table.own_columns),
        identifiers=identifier_columns(table.roles, table.letters),
        numbers=number_columns(
            table.source,
            table.letters,
            zip(report.findings.code, report.findings.column, strict=True),
        ),
        facts=tuple(facts),
        counts=counts_in_words({**counts, "refused": refused}),
        rules=_rules(report),
        steps=(*STEPS, CHECK_AGAIN),
        whole_file=tuple(
            f"{one.code}: {message(one, table)}"
            for one in report.findings
            if one.row < 0 and one.column < 0
        ),
    )


def counts_in_words(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """Return rows by outcome under the words of the summary."""
    words = {
        "total": "Seluruhnya", "valid": "Valid", "warning": "Peringatan", "invalid": "Tidak valid",
        "empty": "Kosong", "refused": "Tidak terbaca",
    }  # fmt: skip
    return tuple((word, counts[key]) for key, word in words.items())


def _rules(report: Report) -> tuple[RuleLine, ...]:
    found: dict[tuple[int, str, str, str | None], RuleLine] = {}
    rows: dict[tuple[int, str, str, str | None], set[int]] = {}
    counts: dict[tuple[int, str, str, str | None], int] = {}
    for one in report.findings:
        key = (int(one.severity), one.code, one.case, one.field)
        counts[key] = counts.get(key, 0) + 1
        rows.setdefault(key, set()).add(one.row)
        if key not in found:
            label = FIELD[one.field].label if one.field in FIELD else ""
            found[key] = RuleLine(
                key[0], one.code, title(one.code, one.case), label, 0, 0,
                message(one, report.table),
            )  # fmt: skip
    ranked = sorted(found, key=lambda key: (-key[0], -counts[key], key[1]))
    return tuple(
        RuleLine(
            line.severity, line.code, line.title, line.column, counts[key], len(rows[key]),
            line.advice,
        )
        for key in ranked
        for line in [found[key]]
    )  # fmt: skip


def notes_of(report: Report) -> Iterator[RowNote]:
    """Yield what is said of each row of a report."""
    table = report.table
    numbers = table.row_numbers.tolist()
    said = (
        Said(
            numbers[one.row] if one.row >= 0 else 0, one.column, int(Severity(one.severity)),
            one.code, one.case, one.field, message(one, table), one.suggestion,
        )
        for one in report.findings
    )  # fmt: skip
    return row_notes(
        table.header_row, table.letters, zip(numbers, report.row_severity.tolist(), strict=True),
        said, table.remarks, table.refused,
    )  # fmt: skip
