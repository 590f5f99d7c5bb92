"""From a sheet of cells to the table of corrections that lies in it.

Finds the header row by score, gives every column its role, and accounts for
every filled row: it is in the table, or skipped with a remark, or refused by
its number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hr_portal.adapters.spreadsheets.annotated.returning import take_out_own
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import refuse, shown_name
from hr_portal.adapters.spreadsheets.remarks import sheet_remarks, spans, title_remarks
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters, too_many_rows
from hr_portal.domain.fields import header_key
from hr_portal.domain.layouts import (
    UNKNOWN,
    Fault,
    Header,
    LayoutChoice,
    decide,
    understand,
)
from hr_portal.domain.table import Column, Kind, Remark, Role, Table, Unreadable

HEAD_ROWS = 31
"""So many filled rows are looked at for the header."""

EXAMPLE_ROWS = 5
EXAMPLE_MARK = "CONTOH"
"""A row whose running number begins with this word is the template's example."""

_NOTE = re.compile(
    r"\s*(?:\*|total|jumlah|catatan|keterangan|note|ket\b|dibuat oleh|mengetahui|hormat kami"
    r"|[a-z .]+, *[0-9]{1,2} [a-z]+ [0-9]{4}\s*$)",
    re.IGNORECASE,
)
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Found:
    """Where the header of a sheet is: the index of its row, and what it says."""

    row: int
    columns: tuple[int, ...]
    header: Header


def find_header(sheet: Sheet) -> Found | None:
    """Find the row that looks most like a header; None where no row does."""
    best: Found | None = None
    for row, cells in enumerate(sheet.head(HEAD_ROWS)):
        columns = tuple(cells)
        header = understand([" ".join(text.split()) for _, text in cells.values()])
        if header.score and (best is None or header.score > best.header.score):
            best = Found(row, columns, header)
    return best


def to_table(sheet: Sheet, file: str, choice: LayoutChoice, limits: ReadLimits) -> Table:
    """Make the table that lies in a sheet; raises FILE-02, 06 or 07.

    The sheet's columns are taken over, not copied.
    """
    where, where_en = _where(sheet)
    if not sheet.row_numbers:
        raise refuse("no-content", file)
    found = find_header(sheet)
    if found is None:
        raise refuse(
            "no-table", file, found=_listed(_first_texts(sheet)), where=where, where_en=where_en
        )
    number = sheet.row_numbers[found.row]
    found, own = _without_own(sheet, found)
    decided = decide(found.header, choice)
    if isinstance(decided, Fault):
        raise _fault(decided, found, number, file, where, where_en)
    layout, header = decided
    names = dict(zip(found.columns, header.texts, strict=True))
    roles = dict(zip(found.columns, header.roles, strict=True))
    first = found.row + 1
    if first >= len(sheet.row_numbers):
        raise refuse(
            "header-only", file, row=number, where=where.replace(" di ", ", "),
            where_en=where_en.replace(" on ", ", "),
        )  # fmt: skip
    sorting = _Sorting(sheet, first, names, roles)
    sorting.skip_column_numbers()
    sorting.skip_examples()
    sorting.skip_notes()
    sorting.skip_repeated_headers()
    refused = _refuse_wide(sheet, sorting.take, max(names)) if sheet.source == "csv" else []
    held = np.flatnonzero(sorting.take)
    kept = [
        column
        for column, raw in sheet.columns.items()
        if column in names or np.frombuffer(raw.kinds, dtype=np.uint8)[held].any()
    ]
    if len(held) > limits.max_rows:
        raise too_many_rows(file, limits)
    if not len(held):
        raise _no_rows(refused, file, number, where, where_en)
    table = Table(
        file=shown_name(file),
        sheet=sheet.name,
        layout=layout,
        header_row=number,
        headers=[names.get(column, "") for column in kept],
        letters=[column_letters(column) for column in kept],
        roles=[roles.get(column, UNKNOWN) for column in kept],
        columns=_columns(sheet, kept, first, held),
        row_numbers=sheet.numbers()[held],
        empty_rows=sheet.row_numbers[-1] - number - (len(sheet.row_numbers) - first),
        epoch_1904=sheet.epoch_1904,
        source=sheet.source,
        remarks=[*title_remarks(sheet, found.row), *sorting.remarks()],
        refused=refused,
        own_columns=tuple(column_letters(column) for column in own),
    )
    table.remarks += sheet_remarks(sheet, table, set(table.row_numbers.tolist()))
    return table


def _without_own(sheet: Sheet, found: Found) -> tuple[Found, tuple[int, ...]]:
    """Take out what an earlier check has written beside the table; returns where that stood."""
    own = take_out_own(sheet, found.row, dict(zip(found.columns, found.header.texts, strict=True)))
    if not own:
        return found, ()
    kept = [at for at, column in enumerate(found.columns) if column not in own]
    header = understand([found.header.texts[at] for at in kept])
    return Found(found.row, tuple(found.columns[at] for at in kept), header), own


def _where(sheet: Sheet) -> tuple[str, str]:
    if sheet.source == "csv":
        return "", ""
    return f" di lembar “{sheet.name[:60]}”", f" on sheet “{sheet.name[:60]}”"


def _first_texts(sheet: Sheet) -> list[str]:
    """Return the texts of the first row that has several, else of the first row."""
    head = sheet.head(HEAD_ROWS)
    row = next((cells for cells in head if len(cells) > 1), head[0])
    return [text for _, text in row.values()]


def _listed(texts: Iterable[str]) -> str:
    shown = [f"“{' '.join(text.split())[:40]}”" for text in texts if text.strip()]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" … (+{more})" if more > 0 else "") or "–"


def _fault(
    fault: Fault, found: Found, number: int, file: str, where: str, where_en: str
) -> Unreadable:
    def named(at: int) -> str:
        return f"{column_letters(found.columns[at])} “{found.header.texts[at][:40]}”"

    if fault.kind == "mixed":
        listed = ", ".join(named(at) for at in fault.columns[:_NAMED])
        return refuse("mixed-layout", file, found=listed, where=where, where_en=where_en)
    if fault.kind == "duplicate":
        first, second = fault.columns
        return refuse(
            "duplicate-columns", file, first=named(first), second=named(second),
            meaning=fault.names[0], where=where, where_en=where_en,
        )  # fmt: skip
    refusal = refuse(
        "missing-columns", file, missing=", ".join(fault.names), row=number,
        found=_listed(found.header.texts), where=where, where_en=where_en,
    )  # fmt: skip
    english = refuse(
        "missing-columns", file, missing=", ".join(fault.names_en), row=number,
        found=_listed(found.header.texts), where=where, where_en=where_en,
    )  # fmt: skip
    refusal.message_en = english.message_en
    return refusal


def nothing_filled(table: Table) -> Unreadable:
    """Return the refusal of a table whose every row turned out to be blank."""
    csv = table.source == "csv"
    return refuse(
        "header-only", table.file, row=table.header_row,
        where="" if csv else f", lembar “{table.sheet[:60]}”",
        where_en="" if csv else f", sheet “{table.sheet[:60]}”",
    )  # fmt: skip


def _no_rows(
    refused: list[tuple[int, str, str]], file: str, number: int, where: str, where_en: str
) -> Unreadable:
    if refused:
        return refuse(
            "damaged", file,
            found=f"setiap baris di bawah judul lebih panjang daripada judulnya (misalnya baris "
            f"{refused[0][0]})",
            found_en=f"every row below the header is longer than the header (row {refused[0][0]}, "
            "for example)",
        )  # fmt: skip
    return refuse(
        "header-only", file, row=number, where=where.replace(" di ", ", "),
        where_en=where_en.replace(" on ", ", "),
    )  # fmt: skip


class _Sorting:
    """Which rows below the header are data, and why the others are not."""

    def __init__(
        self, sheet: Sheet, first: int, names: dict[int, str], roles: dict[int, Role]
    ) -> None:
        self.sheet = sheet
        self.first = first
        self.names = names
        self.roles = roles
        self.take = np.ones(len(sheet.row_numbers), dtype=np.bool_)
        self.take[:first] = False
        self.skipped: dict[tuple[str, str], list[int]] = {}

    def skip(self, row: int, why: str, why_en: str) -> None:
        """Take a row out and remember why."""
        self.take[row] = False
        self.skipped.setdefault((why, why_en), []).append(self.sheet.row_numbers[row])

    def remarks(self) -> list[Remark]:
        """Return a remark a reason, with all its rows."""
        return [
            Remark(
                "skipped-row", f"Baris {spans(rows)} dilewati: {why}.",
                f"Row {spans(rows)} was skipped: {why_en}.", tuple(rows),
            )
            for (why, why_en), rows in self.skipped.items()
        ]  # fmt: skip

    def skip_column_numbers(self) -> None:
        """Skip a first row that only says (1), (2), (3) and so on."""
        if _counts_columns(self.sheet, self.first):
            self.skip(self.first, "hanya berisi nomor kolom", "it only numbers the columns")

    def skip_examples(self) -> None:
        """Skip the template's example, which is one of the first rows and says so."""
        running = next((at for at, role in self.roles.items() if role.part == "number"), None)
        if running is None:
            return
        texts = self.sheet.columns[running].values[self.first : self.first + EXAMPLE_ROWS]
        for row, text in enumerate(texts, self.first):
            if text.strip().upper().startswith(EXAMPLE_MARK):
                self.skip(row, "baris contoh dari templat", "the template's example row")

    def skip_notes(self) -> None:
        """Skip rows whose only cell is a total, a note or a place and date."""
        filled = np.zeros(len(self.take), dtype=np.int32)
        for raw in self.sheet.columns.values():
            filled += np.frombuffer(raw.kinds, dtype=np.uint8) != Kind.EMPTY
        for row in np.flatnonzero((filled == 1) & self.take).tolist():
            text = _only_text(self.sheet, row)
            if text and _NOTE.match(text):
                self.skip(row, f"catatan “{text[:60]}”", f"a note, “{text[:60]}”")

    def skip_repeated_headers(self) -> None:
        """Skip rows that say the header once more, as printed lists do on every page."""
        telling = [column for column in self.names if self.roles[column] != UNKNOWN]
        key = next(column for column in telling if self.roles[column] == Role("record", "kpj"))
        heading = header_key(self.names[key])
        for row, text in enumerate(self.sheet.columns[key].values[self.first :], self.first):
            # A digit first, as nearly always: nothing to compare.
            if text and text[0].isalpha() and header_key(text) == heading and self.take[row]:
                values = (self.sheet.columns[column].values[row] for column in telling)
                if [header_key(value) for value in values] == [
                    header_key(self.names[column]) for column in telling
                ]:
                    self.skip(row, "judul kolom yang berulang", "the header once more")


def _counts_columns(sheet: Sheet, row: int) -> bool:
    """Tell whether a row only says (1), (2), (3) … below the header."""
    texts = [raw.values[row].strip(" ()") for raw in sheet.columns.values() if raw.kinds[row]]
    return len(texts) > 2 and texts in (  # noqa: PLR2004 - two could be chance
        [str(n) for n in range(1, len(texts) + 1)],
        [str(n) for n in range(len(texts))],
    )


def _only_text(sheet: Sheet, row: int) -> str:
    for raw in sheet.columns.values():
        if raw.kinds[row]:
            return raw.values[row] if raw.kinds[row] == Kind.TEXT else ""
    return ""


def _refuse_wide(sheet: Sheet, take: np.ndarray, last: int) -> list[tuple[int, str, str]]:
    """Take out csv rows with more cells than the header: where they shifted is anyone's guess."""
    refused: dict[int, int] = {}
    for column, raw in sheet.columns.items():
        if column > last:
            kinds = np.frombuffer(raw.kinds, dtype=np.uint8)
            for row in np.flatnonzero((kinds != Kind.EMPTY) & take).tolist():
                refused[row] = column + 1
    out = []
    for row in sorted(refused):
        take[row] = False
        number = sheet.row_numbers[row]
        text = (
            f"Baris {number} berisi {refused[row]} sel, sedangkan judulnya hanya {last + 1} kolom; "
            "isinya mungkin bergeser karena pemisah di dalam teks. Apit teks yang memuat pemisah "
            "dengan tanda kutip, atau pakai .xlsx."
        )
        text_en = (
            f"Row {number} has {refused[row]} cells, but the header only {last + 1} columns; its "
            "content may have shifted because of a separator inside a text. Put quotes around such "
            "texts, or use .xlsx."
        )
        out.append((number, text, text_en))
    return out


def _columns(sheet: Sheet, kept: list[int], first: int, held: np.ndarray) -> list[Column]:
    """Cut the held rows out of the sheet's columns."""
    all_held = len(held) == len(sheet.row_numbers) - first
    index = held.tolist()
    places = None if all_held else np.full(len(sheet.row_numbers), -1, dtype=np.int64)
    if places is not None:
        places[held] = np.arange(len(held))
    columns = []
    for number in kept:
        raw = sheet.columns.pop(number)
        kinds = np.frombuffer(bytes(raw.kinds), dtype=np.uint8)[held]
        values = raw.values
        if all_held:
            del values[:first]
        else:
            values = [values[row] for row in index]
        computed = None
        if raw.computed:
            marked = np.array(raw.computed, dtype=np.int64)
            marked = marked - first if places is None else places[marked]
            marked = marked[marked >= 0]
            if len(marked):
                computed = np.zeros(len(held), dtype=np.bool_)
                computed[marked] = True
        columns.append(Column(values, kinds, computed))
    return columns
