"""From the bytes of a file to its table: guard, reader, recognition.

Runs inside the limited child; call it directly only on files of our own.
"""

import contextlib
from collections.abc import Callable

from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.recognise import HEAD_ROWS, find_header, to_table
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.table import Remark, Table, Unreadable

FIRST_ROWS = 1_000
_FIRST_BYTES = 1 << 17
_LARGE = 1 << 20
"""Bytes of a sheet from which on its first rows are worth a reading of their own."""
_NAMED = 8


def read_table(
    data: bytes | memoryview,
    file: str,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    progress: Callable[[int], None] | None = None,
    first: Callable[[Table], None] | None = None,
) -> Table:
    """Read the table of corrections in a file; raises Unreadable.

    `progress` is told the number of rows read so far. `first` gets the table of a
    large file's first rows alone, before the rest is read; where these can't stand
    alone it isn't called.
    """
    package = inspect(data, file, limits)
    if package.kind == "csv":
        if first is not None and len(data) > _LARGE:
            head = bytes(data[:_FIRST_BYTES])
            with contextlib.suppress(Unreadable):
                sheet = read_csv(head[: head.rfind(b"\n") + 1], file, limits)
                first(to_table(sheet, file, layout, limits))
        return to_table(read_csv(data, file, limits, progress), file, layout, limits)
    reader = XlsxReader(package, limits)
    place, remarks = _choose(reader, file)
    if first is not None and reader.size_of(place) > _LARGE:
        with contextlib.suppress(Unreadable):
            first(to_table(reader.read(place, max_rows=FIRST_ROWS), file, layout, limits))
    sheet = reader.read(place, progress=progress)
    table = to_table(sheet, file, layout, limits)
    table.remarks += remarks
    return table


def _choose(reader: XlsxReader, file: str) -> tuple[SheetPlace, list[Remark]]:
    """Choose the sheet whose header looks most like a table of corrections.

    Only visible sheets are chosen: what nobody sees is never applied.
    """
    places = reader.book.sheets
    if len(places) == 1 and not places[0].hidden:
        return places[0], []
    heads = [(place, reader.read(place, max_rows=HEAD_ROWS)) for place in places]
    filled = [(place, head) for place, head in heads if head.row_numbers]
    scores = [(_score(head), place) for place, head in filled]
    visible = [(score, place) for score, place in scores if not place.hidden]
    best = max((score for score, _ in visible), default=0)
    hidden_best = max((score for score, place in scores if place.hidden), default=0)
    if not best and hidden_best:
        name = next(place.name for score, place in scores if score == hidden_best)
        raise refuse(
            "no-table", file, found="–", where=f": tabelnya ada di lembar tersembunyi “{name}”",
            where_en=f": its table is on the hidden sheet “{name}”",
        )  # fmt: skip
    chosen = next(
        (place for score, place in visible if score == best),
        next((place for place in places if not place.hidden), places[0]),
    )
    return chosen, _other_sheets([place for _, place in scores if place is not chosen], chosen)


def _score(head: Sheet) -> int:
    found = find_header(head)
    return found.header.score if found is not None else 0


def _other_sheets(others: list[SheetPlace], chosen: SheetPlace) -> list[Remark]:
    if not others:
        return []
    names = ", ".join(
        f"“{place.name[:40]}”" + (" (tersembunyi)" if place.hidden else "")
        for place in others[:_NAMED]
    ) + (" …" if len(others) > _NAMED else "")
    names_en = names.replace("(tersembunyi)", "(hidden)")
    return [
        Remark(
            "other-sheets",
            f"Yang dibaca lembar “{chosen.name}”. Lembar lain yang berisi tidak dibaca: {names}.",
            f"Sheet “{chosen.name}” was read. Other sheets with content were not: {names_en}.",
        )
    ]
