"""From a sheet of cells to the table of corrections that lies in it.

Finds the header row by score, gives every column its role, and accounts for
every filled row: it is in the table, or skipped with a remark, or refused by
its number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import refuse, shown_name
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
    decided = decide(found.header, choice)
    if isinstance(decided, Fault):
        raise _fault(decided, found, number, file, where, where_en)
    layout, header = decided
    names = {column: text for column, text in zip(found.columns, header.texts, strict=True)}
    roles = {column: role for column, role in zip(found.columns, header.roles, strict=True)}
    first = found.row + 1
    if first >= len(sheet.row_numbers):
        raise refuse(
            "header-only", file, row=number, where=where.replace(" di ", ", "),
            where_en=where_en.replace(" on ", ", "),
        )  # fmt: skip
    held, remarks, refused = _sort_rows(sheet, first, names, roles)
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
        remarks=[*_title_remarks(sheet, found.row), *remarks],
        refused=refused,
    )
    table.remarks += _sheet_remarks(sheet, table, set(table.row_numbers.tolist()))
    return table


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


def _sort_rows(
    sheet: Sheet, first: int, names: dict[int, str], roles: dict[int, Role]
) -> tuple[np.ndarray, list[Remark], list[tuple[int, str, str]]]:
    """Sort the rows below the header into held, skipped with a remark, and refused."""
    numbers = sheet.row_numbers
    rows = len(numbers)
    filled = np.zeros(rows, dtype=np.int32)
    for raw in sheet.columns.values():
        filled += np.frombuffer(raw.kinds, dtype=np.uint8) != Kind.EMPTY
    take = np.ones(rows, dtype=bool)
    take[:first] = False
    remarks: list[Remark] = []

    def skip(row: int, why: str, why_en: str) -> None:
        take[row] = False
        remarks.append(
            Remark(
                "skipped-row", f"Baris {numbers[row]} dilewati: {why}.",
                f"Row {numbers[row]} was skipped: {why_en}.", (numbers[row],),
            )
        )  # fmt: skip

    if _counts_columns(sheet, first):
        skip(first, "hanya berisi nomor kolom", "it only numbers the columns")
    running = next((column for column, role in roles.items() if role.part == "number"), None)
    if running is not None:
        for row, text in enumerate(sheet.columns[running].values[first:], first):
            if text and text.strip().upper().startswith(EXAMPLE_MARK):
                skip(row, "baris contoh dari templat", "the template's example row")
    for row in np.flatnonzero((filled == 1) & take).tolist():
        text = _only_text(sheet, row)
        if text and _NOTE.match(text):
            skip(row, f"catatan “{text[:60]}”", f"a note, “{text[:60]}”")
    telling = [column for column in names if roles[column] != UNKNOWN]
    key = next(column for column in telling if roles[column] == Role("record", "kpj"))
    heading = header_key(names[key])
    for row, text in enumerate(sheet.columns[key].values[first:], first):
        if (
            text
            and text[0].isalpha()
            and take[row]
            and header_key(text) == heading
            and all(
                header_key(sheet.columns[column].values[row]) == header_key(names[column])
                for column in telling
            )
        ):
            skip(row, "judul kolom yang berulang", "the header once more")
    refused = _refuse_wide(sheet, take, max(names)) if sheet.source == "csv" else []
    return np.flatnonzero(take), remarks, refused


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
        out.append(
            (
                number,
                f"Baris {number} berisi {refused[row]} sel, sedangkan judulnya hanya {last + 1} "
                "kolom; isinya mungkin bergeser karena pemisah di dalam teks. Apit teks yang "
                "memuat pemisah dengan tanda kutip, atau pakai .xlsx.",
                f"Row {number} has {refused[row]} cells, but the header only {last + 1} columns; "
                "its content may have shifted because of a separator inside a text. Put quotes "
                "around such texts, or use .xlsx.",
            )
        )
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


def _title_remarks(sheet: Sheet, header: int) -> list[Remark]:
    return [
        Remark(
            "skipped-row", f"Baris {number} di atas judul kolom dilewati.",
            f"Row {number} above the header was skipped.", (number,),
        )
        for number in sheet.row_numbers[:header]
    ]  # fmt: skip


def _sheet_remarks(sheet: Sheet, table: Table, held: set[int]) -> list[Remark]:
    remarks: list[Remark] = []
    hidden = tuple(number for number in sheet.hidden_rows if number in held)
    if hidden:
        listed = _spans(hidden)
        remarks.append(
            Remark(
                "hidden-rows", f"Baris tersembunyi ikut dibaca: {listed}.",
                f"Hidden rows were read too: {listed}.", hidden,
            )
        )  # fmt: skip
    spans = sheet.hidden_columns
    shut = [
        (letters, text)
        for letters, text in zip(table.letters, table.headers, strict=True)
        if any(first <= _index(letters) <= last for first, last in spans)
    ]
    if shut:
        listed = ", ".join(f"{letters} “{text[:40]}”" for letters, text in shut[:_NAMED])
        remarks.append(
            Remark(
                "hidden-columns", f"Kolom tersembunyi ikut dibaca: {listed}.",
                f"Hidden columns were read too: {listed}.",
            )
        )  # fmt: skip
    merged = [area for area in sheet.merged if _bottom(area) > table.header_row]
    if merged:
        listed = ", ".join(merged[:_NAMED])
        remarks.append(
            Remark(
                "merged-cells",
                f"Sel gabungan: {listed}. Hanya sel kiri atas yang berisi; sel lain di dalamnya "
                "dibaca kosong.",
                f"Merged cells: {listed}. Only the top left one holds a value; the others are read "
                "as empty.",
            )
        )
    unknown = [
        f"{letters} “{text[:40]}”"
        for letters, text, role in zip(table.letters, table.headers, table.roles, strict=True)
        if role == UNKNOWN
    ]
    if unknown:
        listed = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
        remarks.append(
            Remark(
                "unknown-column", f"Kolom ini disimpan, tetapi tidak diperiksa: {listed}.",
                f"These columns are kept, but not checked: {listed}.",
            )
        )  # fmt: skip
    if sheet.encoding not in {"", "utf-8"}:
        remarks.append(
            Remark(
                "encoding", f"Berkas dibaca sebagai {sheet.encoding}.",
                f"The file was read as {sheet.encoding}.",
            )
        )  # fmt: skip
    if sheet.delimiter:
        shown = {"\t": "tab", ";": "titik koma (;)", ",": "koma (,)", "|": "garis tegak (|)"}
        shown_en = {"\t": "tab", ";": "semicolon (;)", ",": "comma (,)", "|": "bar (|)"}
        remarks.append(
            Remark(
                "delimiter", f"Pemisah kolom: {shown[sheet.delimiter]}.",
                f"Column separator: {shown_en[sheet.delimiter]}.",
            )
        )  # fmt: skip
    return remarks


def _spans(numbers: tuple[int, ...]) -> str:
    """Write row numbers as spans: "3-5, 9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [str(a) if a == b else f"{a}-{b}" for a, b in spans[:_NAMED]]
    return ", ".join(texts) + (" …" if len(spans) > _NAMED else "")


def _index(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _bottom(area: str) -> int:
    digits = re.sub(r"[^0-9]", "", area.rpartition(":")[2])
    return int(digits) if digits else 0
