"""Outlets: the forms in which approved corrections leave for the next system, as data.

An outlet is columns, a format and limits; nothing here knows a file format. Where an
agency has not confirmed its columns, the outlet says so, and an admin may change them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from hr_portal.domain.dates import day_first
from hr_portal.domain.fields import FIELD

Format = Literal["xlsx", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Item = TypeVar("Item")

SOURCES: dict[str, tuple[str, str]] = {
    "number": ("Nomor urut", "Running number"),
    "npp": ("NPP", "NPP"),
    "company": ("Nama perusahaan", "Company name"),
    "kpj": ("KPJ", "KPJ"),
    "nik": ("NIK yang tercatat", "NIK on record"),
    "nama": ("Nama yang tercatat", "Name on record"),
    "tanggal_lahir": ("Tanggal lahir yang tercatat", "Date of birth on record"),
    "kk": ("No KK yang tercatat", "Family card on record"),
    "field": ("Data yang dikoreksi", "What is corrected"),
    "field_key": ("Kunci data", "Key of what is corrected"),
    "before": ("Semula", "Before"),
    "after": ("Menjadi", "After"),
    "batch": ("Nomor pengajuan", "Submission number"),
    "row": ("Nomor baris pengajuan", "Row of the submission"),
}
"""What a column may hold, in both languages. Dates are dd-mm-yyyy, everything is text."""
MOST_COLUMNS = 40
MOST_HEADER = 60
MOST_ROWS_A_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class OutletColumn:
    """One column: its header in the next system's words, and what it holds."""

    header: str
    source: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """One form that approved corrections can take."""

    key: str
    label: str
    label_en: str
    format: Format
    columns: tuple[OutletColumn, ...]
    left_out: frozenset[str]
    """Fields that this outlet doesn't carry; they leave by another."""
    rows_a_file: int
    is_confirmed: bool
    """False: nobody at the agency has confirmed these columns; pages say so."""


@dataclass(frozen=True, slots=True)
class Line:
    """One approved correction, whole: what outlets pick their cells from."""

    row: int
    field: str
    field_label: str
    before: str
    after: str
    employee: Mapping[str, str]
    """kpj, nik, nama, tanggal_lahir and kk as they are on record."""


def cells(
    outlet: Outlet, lines: Iterable[Line], about: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each line that the outlet carries, in its columns' order.

    `about` holds npp, company and batch, which are the same on every line.
    """
    for number, line in enumerate(
        (line for line in lines if line.field not in outlet.left_out), start=1
    ):
        is_date = FIELD[line.field].kind == "date"
        held = {
            **about,
            **line.employee,
            "tanggal_lahir": day_first(line.employee["tanggal_lahir"]),
            "number": str(number),
            "row": str(line.row),
            "field": line.field_label,
            "field_key": line.field,
            "before": day_first(line.before) if is_date else line.before,
            "after": day_first(line.after) if is_date else line.after,
        }
        yield tuple(held[column.source] for column in outlet.columns)


def files(rows: Sequence[Item], rows_a_file: int) -> list[Sequence[Item]]:
    """Cut rows into files of at most so many."""
    return [rows[start : start + rows_a_file] for start in range(0, len(rows), rows_a_file)]


def columns_of(typed: str) -> tuple[OutletColumn, ...]:
    """Read columns as an admin types them, one a line: "HEADER = source".

    Raises:
        ValueError: says which line is wrong, as (Indonesian, English).

    """
    columns: list[OutletColumn] = []
    for number, line in enumerate(typed.splitlines(), start=1):
        if not line.strip():
            continue
        header, mark, source = (part.strip() for part in line.partition("="))
        if not mark or not header or len(header) > MOST_HEADER or source not in SOURCES:
            raise ValueError(
                f"Baris {number}: tulis JUDUL = isi, misalnya KPJ = kpj. Isi yang dikenal: "
                f"{', '.join(SOURCES)}.",
                f"Line {number}: write HEADER = content, for example KPJ = kpj. Known contents: "
                f"{', '.join(SOURCES)}.",
            )
        columns.append(OutletColumn(header, source))
    headers = [column.header.casefold() for column in columns]
    if not columns or len(columns) > MOST_COLUMNS or len(set(headers)) < len(headers):
        raise ValueError(
            f"Isi 1 sampai {MOST_COLUMNS} kolom dengan judul yang berbeda-beda.",
            f"Give 1 to {MOST_COLUMNS} columns, each with a header of its own.",
        )
    return tuple(columns)
