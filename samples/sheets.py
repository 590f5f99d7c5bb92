"""How a story becomes a file: rows told by header, faults told beside them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

PER_CORRECTION = ("No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK", "Data", "Semula",
                  "Menjadi", "Alasan", "Keterangan")  # fmt: skip

Value = Any
MADE_AT = datetime(2026, 11, 21)  # noqa: DTZ001 - XlsxWriter wants it without a zone


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell, written to the last digit, in a number format."""

    literal: str
    form: str = "0"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with its cached value; None = never calculated."""

    text: str
    cached: str | float | None = None


@dataclass(frozen=True, slots=True)
class Error:
    """An error cell: #N/A and the like, from a formula that failed."""

    text: str = "#N/A"


@dataclass(slots=True)
class Row:
    """A row by header, and what must be found in it: "CODE@Header" or "CODE" for no cell."""

    cells: Mapping[str, Value]
    finds: Sequence[str] = ()
    hidden: bool = False
    look: Mapping[str, Any] = field(default_factory=dict)
    """What XlsxWriter calls the look of its cells."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """By header."""


@dataclass(slots=True)
class Story:
    """One file: what lies in it, and what a check of it must say."""

    stem: str
    about: str
    rows: list[Row]
    headers: Sequence[str] = PER_CORRECTION
    suffix: str = ".xlsx"
    sheet: str = "Koreksi"
    layout: str = "per-correction"
    title: Sequence[Sequence[str]] = ()
    """Rows of texts above the header."""
    below: Sequence[Sequence[str]] = ()
    """Rows of texts between header and data."""
    after: Sequence[Sequence[str]] = ()
    """Rows of texts below the data."""
    file_finds: Sequence[str] = ()
    """Findings of the whole file (row 0)."""
    epoch_1904: bool = False
    hidden_columns: Sequence[str] = ()
    other_sheets: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ";"
    shown: Sequence[str] = ()
    """What stands in the header row, where that is not what `headers` calls the columns."""
    asks: Mapping[str, str] = field(default_factory=dict)
    """By column letters what is proposed where columns have to be asked about."""
    inline: bool = False
    """Whether texts lie in the sheet itself instead of the shared strings."""

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.stem + self.suffix

    @property
    def first_row(self) -> int:
        """The number of the first row of data."""
        return len(self.title) + len(self.below) + 2


def letters(at: int) -> str:
    """Return the letters of a column: 0 is A."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def expected(story: Story) -> list[dict[str, Any]]:
    """Return what a check of the story must find: code, row and cell, in the order of rows."""
    found: list[dict[str, Any]] = [
        {"code": code, "row": 0, "cell": None} for code in story.file_finds
    ]
    for number, row in enumerate(story.rows, story.first_row):
        for told in row.finds:
            code, _, header = told.partition("@")
            cell = f"{letters(list(story.headers).index(header))}{number}" if header else None
            found.append({"code": code, "row": number, "cell": cell})
    return found


def write(story: Story) -> bytes:
    """Return the bytes of a story's file; the same at every build."""
    return _csv(story) if story.suffix == ".csv" else _xlsx(story)


def _csv(story: Story) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=story.delimiter, lineterminator="\r\n")
    writer.writerows(story.title)
    writer.writerow(story.headers)
    writer.writerows(story.below)
    for row in story.rows:
        writer.writerow([row.cells.get(header, "") for header in story.headers])
    writer.writerows(story.after)
    return out.getvalue().encode(story.encoding)


def _xlsx(story: Story) -> bytes:
    out = io.BytesIO()
    options = {
        "constant_memory": story.inline, "default_date_format": "dd/mm/yyyy",
        "date_1904": story.epoch_1904, "strings_to_formulas": False, "strings_to_urls": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"author": "Bagian SDM PT Contoh Sejahtera", "created": MADE_AT})
        sheet = book.add_worksheet(story.sheet)
        _fill(book, sheet, story)
        for header in story.hidden_columns:
            column = list(story.headers).index(header)
            sheet.set_column(column, column, None, None, {"hidden": True})
        for name, lines in story.other_sheets.items():
            other = book.add_worksheet(name.lstrip("-"))
            for number, line in enumerate(lines):
                _texts(other, number, line, None)
            if name.startswith("-"):
                other.hide()
    return out.getvalue()


def _fill(book: xlsxwriter.Workbook, sheet: Worksheet, story: Story) -> None:
    bold = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})
    above = [(line, bold) for line in (*story.title, story.shown or story.headers)]
    for at, (line, form) in enumerate([*above, *((line, None) for line in story.below)]):
        _texts(sheet, at, line, form)
    first = story.first_row - 1
    for at, row in enumerate(story.rows, first):
        if row.hidden:
            sheet.set_row(at, None, None, {"hidden": True})
        form = book.add_format({"num_format": "@", **row.look}) if row.look else text
        for column, header in enumerate(story.headers):
            _cell(book, sheet, at, column, row.cells.get(header, ""), form)
            if header in row.comments:
                sheet.write_comment(at, column, row.comments[header], {"author": "Bagian SDM"})
    for at, line in enumerate(story.after, first + len(story.rows)):
        _texts(sheet, at, line, None)


def _texts(sheet: Worksheet, at: int, line: Sequence[str], form: Format | None) -> None:
    for column, text in enumerate(line):
        if text:
            sheet.write_string(at, column, text, form)


def _cell(
    book: xlsxwriter.Workbook, sheet: Worksheet, at: int, column: int, value: object, text: Format
) -> None:
    if isinstance(value, str):
        if value:
            sheet.write_string(at, column, value, text)
    elif isinstance(value, bool):
        sheet.write_boolean(at, column, value)
    elif isinstance(value, Number):
        # XlsxWriter writes 16 significant digits, as Excel would at most.
        sheet.write_number(
            at, column, int(value.literal), book.add_format({"num_format": value.form})
        )
    elif isinstance(value, Formula):
        if value.cached is None:
            sheet.write_formula(at, column, value.text, None, "")
        else:
            sheet.write_formula(at, column, value.text, None, value.cached)
    elif isinstance(value, Error):
        sheet.write_formula(at, column, '=VLOOKUP("x",Z1:Z2,1,0)', None, value.text)
    elif isinstance(value, (datetime, date)):
        shown = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
        sheet.write_datetime(at, column, value, book.add_format({"num_format": shown}))
    else:
        raise TypeError(type(value))
