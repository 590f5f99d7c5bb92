"""A sheet as read: the rows that hold anything, by columns, and what else was seen."""

from array import array
from dataclasses import dataclass, field
from itertools import repeat
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import BLOCK, Texts

HEADING_ALLOWANCE = 100
"""Rows above and in the header count as rows of the sheet, not of the table."""


class RawColumn:
    """One column; its lists may end before the sheet does until `Sheet.finish`."""

    __slots__ = ("_values", "_waiting", "computed", "kinds")

    def __init__(self, values: Texts | None = None, kinds: bytearray | None = None) -> None:
        self._values = Texts() if values is None else values
        self._waiting = b""
        """Encoded texts after these, too few for a block; NUL after each."""
        self.kinds = bytearray() if kinds is None else kinds
        self.computed: list[int] = []
        """Row indexes whose value comes from a formula."""

    @property
    def values(self) -> Texts:
        """The texts of the cells so far."""
        if self._waiting:
            self._values.extend(self._waiting.decode().split("\0")[:-1])
            self._waiting = b""
        return self._values

    def take_in(self, encoded: bytes, ends: NDArray[np.signedinteger]) -> None:
        """Add texts that lie encoded one after another, NUL at the `ends` of each.

        What fills a block of `Texts` never becomes strings.
        """
        held, waiting = self._values, self._waiting.count(b"\0")
        start = at = 0
        if not waiting and len(held) % BLOCK:  # the exact reader was here before
            at = min(BLOCK - len(held) % BLOCK, len(ends))
            start = int(ends[at - 1]) + 1
            held.extend(encoded[:start].decode().split("\0")[:-1])
        while at - waiting + BLOCK <= len(ends):
            at += BLOCK - waiting
            end = int(ends[at - 1])
            held.extend_block(self._waiting + encoded[start:end])
            self._waiting, waiting, start = b"", 0, end + 1
        self._waiting += encoded[start:]

    def pad(self, rows: int) -> None:
        """Fill up with empty cells to so many rows."""
        missing = rows - len(self.kinds)
        if missing > 0:
            self.values.extend(repeat("", missing))
            self.kinds.extend(bytes(missing))


@dataclass(slots=True)
class Sheet:
    """The filled rows of one sheet with the sheet's own row numbers.

    Columns are held by their position in the sheet (0 = A) and only where a
    cell is filled, so that a stray cell in XFD1048576 costs one column.
    """

    name: str
    hidden: bool = False
    source: Literal["xlsx", "xls", "ods", "csv"] = "xlsx"
    row_numbers: list[int] = field(default_factory=list)
    columns: dict[int, RawColumn] = field(default_factory=dict)
    epoch_1904: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    """Numbers of hidden rows that hold something."""
    struck: dict[int, "array[int]"] = field(default_factory=dict)
    """Per column position the numbers of rows whose text is crossed out there."""
    unseen: dict[int, "array[int]"] = field(default_factory=dict)
    """Per column position the numbers of rows whose value can't be seen on screen there."""
    comments: dict[int, "array[int]"] = field(default_factory=dict)
    """Per column position the numbers of rows that somebody commented on there."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """Hidden spans of columns, both ends included, 0 = A."""
    merged: list[str] = field(default_factory=list)
    merged_count: int = 0
    pictures: list[str] = field(default_factory=list)
    """Addresses of cells on which pictures over the sheet begin."""
    wide_rows: dict[int, int] = field(default_factory=dict)
    """Csv only: rows that have more cells than the header, by number."""
    encoding: str = ""
    delimiter: str = ""

    def put(self, row: int, column: int, kind: int, value: str) -> RawColumn:
        """Store a cell of the row with this index (not number)."""
        raw = self.columns.get(column)
        if raw is None:
            raw = self.columns[column] = RawColumn()
        if len(raw.values) < row:
            raw.pad(row)
        raw.values.append(value)
        raw.kinds.append(kind)
        return raw

    def strike(self, column: int, number: int) -> None:
        """Note that the text of a filled cell is crossed out."""
        self.struck.setdefault(column, array("I")).append(number)

    def unsee(self, column: int, number: int) -> None:
        """Note that what a filled cell holds can't be seen on screen."""
        self.unseen.setdefault(column, array("I")).append(number)

    def comment(self, column: int, number: int) -> None:
        """Note that somebody commented on a cell, be it empty."""
        self.comments.setdefault(column, array("I")).append(number)

    def finish(self) -> None:
        """Bring all columns to the same length, in the order of the sheet."""
        rows = len(self.row_numbers)
        for raw in self.columns.values():
            raw.pad(rows)
        self.columns = dict(sorted(self.columns.items()))

    def head(self, rows: int) -> list[dict[int, tuple[int, str]]]:
        """Return the first rows as {column: (kind, value)}, empty cells left out."""
        return [
            {
                column: (raw.kinds[row], raw.values[row])
                for column, raw in self.columns.items()
                if row < len(raw.values) and raw.kinds[row] != Kind.EMPTY
            }
            for row in range(min(rows, len(self.row_numbers)))
        ]

    def numbers(self) -> NDArray[np.int32]:
        """Return the sheet's row numbers."""
        return np.array(self.row_numbers, dtype=np.int32)


def first_rows(sheet: Sheet, rows: int) -> Sheet:
    """Return a sheet of the first filled rows of another, which is left as it is."""
    head = Sheet(sheet.name, sheet.hidden, sheet.source, epoch_1904=sheet.epoch_1904)
    head.row_numbers = sheet.row_numbers[:rows]
    for column, raw in sheet.columns.items():
        kinds = raw.kinds[:rows]
        if any(kinds):
            head.columns[column] = RawColumn(Texts(raw.values[:rows]), kinds)
    return head


def column_letters(column: int) -> str:
    """Return a column's letters: 0 is A, 27 is AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """Return the position of a column: A is 0, AB is 27."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def too_many_rows(file: str, limits: ReadLimits) -> Exception:
    """Make the refusal of a sheet with more filled rows than allowed."""
    limit = limits.max_rows
    return over_limit(
        file, f"barisnya lebih dari {dotted(limit)}", f"it has more than {limit:,} rows",
        f"{dotted(limit)} baris", f"{limit:,} rows",
        remedy="Bagi datanya menjadi beberapa berkas, lalu unggah satu per satu.",
        remedy_en="Split the data into several files and upload them one by one.",
    )  # fmt: skip


def too_many_columns(file: str, limits: ReadLimits) -> Exception:
    """Make the refusal of a sheet with more filled columns than allowed."""
    limit = limits.max_columns
    return over_limit(
        file, f"kolom yang terisi lebih dari {dotted(limit)}",
        f"it has more than {limit:,} filled columns", f"{dotted(limit)} kolom",
        f"{limit:,} columns",
        remedy="Hapus kolom yang tidak diperlukan, lalu unggah lagi.",
        remedy_en="Remove the columns that are not needed, then upload again.",
    )  # fmt: skip


def check_grid(sheet: Sheet, file: str, limits: ReadLimits) -> None:
    """Raise FILE-06 where rows x columns would not fit into memory."""
    if len(sheet.columns) > limits.max_columns:
        raise too_many_columns(file, limits)
    if len(sheet.columns) * len(sheet.row_numbers) > limits.max_cells:
        raise over_limit(
            file, f"tabelnya {dotted(len(sheet.row_numbers))} baris x {len(sheet.columns)} kolom",
            f"its table has {len(sheet.row_numbers):,} rows x {len(sheet.columns)} columns",
            f"{dotted(limits.max_cells)} sel", f"{limits.max_cells:,} cells",
        )  # fmt: skip
