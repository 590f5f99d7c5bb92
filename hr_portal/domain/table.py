"""The table as read: cells with their stored kind, before any cleaning.

A reader fills it, the rules read it, nobody changes it. Text is kept as found,
numbers as their exact decimal literal, so that a rule can tell a typed number
from a text of the same look.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.texts import Strings

Layout = Literal["per-correction", "per-employee"]
Part = Literal[
    "record", "before", "after", "which", "reason", "note", "number", "company", "unknown"
]

Source = Literal["xlsx", "csv", "xls", "ods", "form"]


class Kind(IntEnum):
    """How the file stores a cell; the value's text form is in brackets."""

    EMPTY = 0  # ("")
    TEXT = 1  # (as found, undecoded blanks and all)
    NUMBER = 2  # (plain decimal literal: "3171014508909010", "12.5"; never an exponent below 1e22)
    DATE = 3  # (ISO: "1990-08-05", or "1990-08-05T13:00:00" with a time part other than midnight)
    BOOLEAN = 4  # ("TRUE" or "FALSE")
    ERROR = 5  # ("#N/A", "#REF!" ...)
    FORMULA = 6  # ("" - a formula whose value was never calculated)
    TIME = 7  # ("13:00:00" - a time or duration without a date)


UNCALCULATED: Final = "\0"
"""What plain rows hold for a cell of the kind FORMULA; the text of no cell has this sign."""
PICTURE = "[gambar]"
"""What an ERROR cell says that holds a picture."""


@dataclass(slots=True)
class Column:
    """One column of cells, all three of the same length."""

    values: Strings
    kinds: NDArray[np.uint8]
    computed: NDArray[np.bool_] | None = None
    """Where the value comes from a formula (CELL-17); None = nowhere."""
    edited: NDArray[np.bool_] | None = None
    """Where the text was typed in the portal, and so is no witness of what the file lost."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a column means: which part it plays, and for which field.

    record: the value on record (identity columns; the plain column of the
    per-employee layout). after: `<label> (Menjadi)` of the per-employee layout
    (field set), or `Menjadi` of the per-correction layout (field None).
    before: `Semula` (field None). which: `Data`, names the field of the row.
    reason: `Alasan`; note: `Keterangan`; number: the running `No`. company:
    the employer's `npp` or `divisi` beside a row (field says which), where the
    headers say so beyond doubt.
    """

    part: Part
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about the whole file: an encoding, hidden rows, a skipped row.

    `kind` is a stable word ("encoding", "delimiter", "hidden-rows", "struck-rows",
    "unseen-cells", "comments", "hidden-columns", "skipped-row", "other-sheets", "mapping-sheet",
    "unknown-column", "own-columns", "pictures", "wide-row"); `rows` are sheet row numbers,
    `cells` the addresses of what is meant on them, where these are few.
    """

    kind: str
    text: str
    text_en: str
    rows: tuple[int, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """A person on another sheet of the same workbook: clean values, "" = none or not exact."""

    name: str
    birth: str
    kpj: str
    nik: str
    sheet: str
    kpj_cell: str
    nik_cell: str

    def number(self, key: str) -> str:
        """Return the KPJ or NIK."""
        return self.kpj if key == "kpj" else self.nik

    def cell(self, key: str) -> str:
        """Return the address of the cell that holds it."""
        return self.kpj_cell if key == "kpj" else self.nik_cell


@dataclass(slots=True)
class Table:
    """A sheet of corrections: n rows x m columns, each column with its role.

    Rows without any value are not held, only counted in `empty_rows`; every
    other row below the header is either held or named in `refused`.
    """

    file: str
    sheet: str
    layout: Layout
    header_row: int
    headers: list[str]
    letters: list[str]
    """Column letters as in the sheet: "A", "B" ... (csv: the same by position)."""
    roles: list[Role]
    columns: list[Column]
    row_numbers: NDArray[np.int32]
    """The sheet's own row number of each row (csv: the record's number, header = 1)."""
    empty_rows: int = 0
    epoch_1904: bool = False
    source: Source = "xlsx"
    remarks: list[Remark] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Rows that could not be taken: (sheet row number, why in Indonesian, in English)."""
    own_columns: tuple[str, ...] = ()
    """Letters of the columns that an earlier check has written: no part of the table."""
    merged: tuple[tuple[int, int, int], ...] = ()
    """Cells merged over several rows: (column index, first row number, last); only the first
    one of each holds its value."""
    witnesses: tuple[Witness, ...] = ()
    """Who else stands on other sheets under the names whose KPJ or NIK is in doubt here."""
    bases: list[str] = field(default_factory=list)
    """Why each column has its role: see `domain.columns.Basis`."""
    fingerprint: str = ""
    """What makes another file's header the same; "" where there is no header."""
    names: list[str] = field(default_factory=list)
    """The header as found, a text a column."""
    words: list[str] = field(default_factory=list)
    """A word of ROLE_WORDS for each column of the header, to read such a file alike."""
    known_layout: int = 0
    """The id of the layout that was explained before and told what the columns are."""

    def __len__(self) -> int:
        """Return the number of rows held."""
        return len(self.row_numbers)

    def cell(self, row: int, column: int) -> str:
        """Return the address of a cell ("B14") by row and column index."""
        return f"{self.letters[column]}{int(self.row_numbers[row])}"


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a programming error
    """A file that is refused as a whole, with its FILE code and two sentences."""

    def __init__(self, code: str, message: str, message_en: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.message_en = message_en
