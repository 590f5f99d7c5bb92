"""Where the header of a sheet is: found by what its texts say, not by its place.

A header may take two rows: groups ("Data Lama", "Data Baru") over the names of
fields, or fields over "Semula" and "Menjadi"; or three, with one more group above.
Where no text is a known name, the content below decides; a table without any header
is found by its NIKs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hr_portal.adapters.spreadsheets.sheet import Sheet, column_of
from hr_portal.domain.columns import fingerprint, says_nothing
from hr_portal.domain.contents import Contents, Sample, look
from hr_portal.domain.layouts import (
    REQUIRED,
    UNKNOWN,
    group_of,
    role_of,
    tells_side,
    understand,
)
from hr_portal.domain.questions import KnownLayout
from hr_portal.domain.resembling import resembling
from hr_portal.domain.table import Role
from hr_portal.domain.two_sources import names_source, paired

HEAD_ROWS = 31
"""So many filled rows are looked at for the header."""

_SURE = 6
"""A score from which names alone decide: two that tell, such as KPJ and NIK."""
_LEAST = 4
_TELLING, _SIMILAR = 3, 1
_WIDEST = 120
"""Columns compared letter by letter with known names; no list of people has more."""
_DEEPEST = 3
"""A header takes so many rows at most."""
_LONG_NUMBER = re.compile(r"[0-9]{6}")
_LONGEST = 80
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_REQUIRED = {Role("record", key) for key, _ in REQUIRED}

Cells = dict[int, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the header of a sheet is, and what it says."""

    first: int
    """Index of its first row; where there is none, of the first row of data."""
    last: int
    """Index of the row before the data, -1 for the sheet's edge."""
    columns: tuple[int, ...]
    texts: tuple[str, ...]

    @property
    def score(self) -> int:
        """How much its names look like the header of a table of corrections."""
        return understand(self.texts).score

    @property
    def rank(self) -> tuple[int, int]:
        """What it is preferred by: its score, then the data named once for each source."""
        return self.score, len(paired(self.texts[:_WIDEST]))

    @property
    def has_header(self) -> bool:
        """Whether there is a header at all."""
        return self.first <= self.last


def find_header(sheet: Sheet, known: Sequence[KnownLayout] = ()) -> Found | None:
    """Find the header of a sheet; None where nothing looks like one.

    One that the company has explained before is taken before all others.
    """
    rows = _head(sheet)
    found = list(_candidates(sheet, rows))
    learned = {one.fingerprint for one in known}
    for one in found:
        if learned and fingerprint(widened(sheet, one).texts) in learned:
            return one
    best = max(found, key=lambda one: one.rank, default=None)
    if best is not None and best.score >= _SURE:
        return best
    rated = [(_rating(sheet, one), one) for one in found if one.first == one.last]
    rating, likely = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    if likely is not None and rating >= _LEAST:
        return likely
    if best is not None and best.score:
        return best
    return _without_header(sheet, rows)


def header_at(sheet: Sheet, header: tuple[int, int]) -> Found | None:
    """Return the header that an answer names by the numbers of its rows."""
    first, last = header
    if not first:
        start = next((at for at, number in enumerate(sheet.row_numbers) if number > last), None)
        return None if start is None else _bare(sheet, start)
    for one in _candidates(sheet, _head(sheet)):
        if (sheet.row_numbers[one.first], sheet.row_numbers[one.last]) == header:
            return one
    return None


def widened(sheet: Sheet, found: Found) -> Found:
    """Return a header with the columns that have content below it, but no name.

    Not in a csv beyond its header: there a longer row is a shifted one.
    """
    last = max(found.columns, default=-1)
    start = found.last + 1
    bare = [
        column
        for column, raw in sheet.columns.items()
        if column not in found.columns
        and not (sheet.source == "csv" and column > last)
        and any(raw.kinds[start:])
    ]
    if not bare:
        return found
    texts = dict(zip(found.columns, found.texts, strict=True)) | dict.fromkeys(bare, "")
    columns = tuple(sorted(texts))
    return Found(found.first, found.last, columns, tuple(texts[column] for column in columns))


def _head(sheet: Sheet) -> list[Cells]:
    return [
        {column: " ".join(text.split()) for column, (_, text) in cells.items()}
        for cells in sheet.head(HEAD_ROWS)
    ]


def _candidates(sheet: Sheet, rows: list[Cells]) -> Iterator[Found]:
    for at, cells in enumerate(rows):
        single = Found(at, at, tuple(cells), tuple(cells.values()))
        yield single
        best = single.rank
        for last in range(at + 1, min(at + _DEEPEST, len(rows))):
            # Below a header there is no further line of it where numbers of people stand.
            if any(map(_LONG_NUMBER.search, rows[last].values())):
                break
            together = _together(sheet, rows, at, last)
            lower = [_together(sheet, rows, start, last) for start in range(at + 1, last + 1)]
            if together is not None and together.rank > max(
                [best, *(one.rank for one in lower if one is not None)]
            ):
                best = together.rank
                yield together


def _together(sheet: Sheet, rows: list[Cells], first: int, last: int) -> Found | None:
    """Read rows as one header, from the lowest up; None where it names no person."""
    texts = rows[last]
    for at in range(last - 1, first - 1, -1):
        texts = _over(sheet, at, rows[at], texts)
    roles = understand(tuple(texts.values())).roles
    # A title such as "Data Karyawan Baru" would make a new value of every column below it.
    if first < last and not _REQUIRED & set(roles):
        return None
    return Found(first, last, tuple(texts), tuple(texts.values()))


def _over(sheet: Sheet, at: int, top: Cells, bottom: Cells) -> Cells:
    """Say in one row of texts what a row of groups and the names below it say together."""
    above = _covering(sheet, at, top, bottom)
    texts: Cells = {}
    for column in sorted({*top, *bottom}):
        under, over = bottom.get(column, ""), top.get(column) or above.get(column, "")
        texts[column] = _joined(over, under) if under and over else under or top.get(column, "")
    return {column: text for column, text in texts.items() if text}


def _covering(sheet: Sheet, at: int, top: Cells, bottom: Cells) -> Cells:
    """Tell which text of the upper row stands over each column without one of its own."""
    spans = _merged_spans(sheet, sheet.row_numbers[at])
    above: Cells = {}
    starts = sorted(top)
    for place, start in enumerate(starts):
        stop = starts[place + 1] - 1 if place + 1 < len(starts) else max(bottom, default=start)
        stop = min(stop, spans.get(start, stop))
        for column in range(start + 1, stop + 1):
            if column in bottom:
                above[column] = top[start]
    return above


def _merged_spans(sheet: Sheet, number: int) -> dict[int, int]:
    """Return by first column the last one of each merged area in a row."""
    spans = {}
    for area in sheet.merged:
        found = _AREA.fullmatch(area)
        if found and int(found[2]) == number:
            spans[column_of(found[1])] = column_of(found[3])
    return spans


def _joined(over: str, under: str) -> str:
    """Say in one text what a group and the name below it say together."""
    below = role_of(under)
    if group_of(over) and below.part == "record" and not tells_side(under):
        text = f"{under} ({over})"
        side = "Menjadi" if group_of(over) == "after" else "Semula"
        return text if role_of(text) != UNKNOWN else f"{under} ({side})"
    if below.part == "record" and names_source(over):
        return f"{under} ({over})"
    if group_of(under) and role_of(over).part == "record":
        return f"{over} ({under})"
    if below == UNKNOWN or below.part == "number":
        together = next(
            (text for text in (f"{under} {over}", f"{over} {under}") if role_of(text) != UNKNOWN),
            "",
        )
        return together or under
    return under


def _rating(sheet: Sheet, found: Found) -> float:
    """Rate a row whose names are not known: names near known ones, and what lies below."""
    texts = found.texts
    if len(texts) < 2 or any(len(text) > _LONGEST or _LONG_NUMBER.search(text) for text in texts):  # noqa: PLR2004
        return 0.0
    header = understand(texts)
    rating = float(header.score)
    for text, role in zip(texts[:_WIDEST], header.roles, strict=False):
        near = resembling(text) if role == UNKNOWN and not says_nothing(text) else None
        if near is not None:
            rating += _TELLING if near.role in _REQUIRED or near.role.part == "after" else _SIMILAR
    below = slice(found.last + 1, found.last + 1 + HEAD_ROWS)
    held = [_look(sheet, column, below) for column in found.columns]
    evidence = sum(one.has("sixteen") for one in held) + any(one.has("kpj") for one in held)
    # Of several rows above the same data the widest and lowest is the header.
    return (
        rating + 2 * evidence + (len(texts) + found.last / 100) / 1000 if rating + evidence else 0.0
    )


def _look(sheet: Sheet, column: int, rows: slice) -> Contents:
    raw = sheet.columns[column]
    return look(Sample(raw.values[rows], raw.kinds[rows]))


def _without_header(sheet: Sheet, rows: list[Cells]) -> Found | None:
    """Take a sheet whose rows are data from the first on, if a column of NIKs says so."""
    for column in sheet.columns:
        wide = [at for at, cells in enumerate(rows) if column in cells and len(cells) > 2]  # noqa: PLR2004 - NIK, KPJ, name
        if wide and _look(sheet, column, slice(wide[0], HEAD_ROWS)).has("sixteen"):
            return _bare(sheet, wide[0])
    return None


def _bare(sheet: Sheet, start: int) -> Found:
    columns = tuple(column for column, raw in sheet.columns.items() if any(raw.kinds[start:]))
    return Found(start, start - 1, columns, ("",) * len(columns))
