"""What differs between two revisions of a batch, cell by cell.

Rows are paired by their employee, then by their place in the sheet, so that an
inserted row is one row more and not a shift of all that follow. Each cell is
compared by a 64-bit hash that never leaves the process; only the rows of one page
are opened for showing.
"""

import threading
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound
from hr_portal.services.paging import Page
from hr_portal.services.rowdata import RowCells, Structure, open_rows, open_structure, walk_blocks

Change = Literal["changed", "added", "removed"]
CHANGES: tuple[Change, ...] = get_args(Change)
KEPT = 8
"""Comparisons that a process remembers: row numbers and which columns, nothing of the cells."""
_NOTHING = hash("")

Meaning = tuple[str, str]
"""What a column is, in either revision: part and field, or the header of an unknown one."""


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """A column in which cells differ."""

    place: int
    """Stable within the two revisions; what a filter names."""
    header: str
    field: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell as it was and as it is, clean and whole."""

    header: str
    field: str | None
    is_secret: bool
    """It may hold a field that nobody knows: to be shown as the most private one."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs: its number then and now, None where it was not there."""

    change: Change
    before: int | None
    after: int | None
    name: str
    fields: tuple[str, ...]
    """What the row corrects."""
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two revisions side by side: the counts, and one page of what differs."""

    older: int | None
    """None where there is nothing to compare with."""
    newer: int
    numbers: tuple[int, ...]
    """The revisions that this actor may compare."""
    counts: dict[str, int]
    """changed, added, removed and same rows; changed cells."""
    columns: tuple[ColumnCount, ...]
    """Most changed first."""
    page: Page[RowChange]


@dataclass(frozen=True, slots=True)
class _Pair:
    change: Change
    before: int | None
    after: int | None
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compared:
    meanings: list[Meaning]
    pairs: list[_Pair]
    same: int


@dataclass(slots=True)
class _Side:
    """One revision: row by row its number, its employee, and a hash of each cell."""

    numbers: list[int]
    people: dict[str, list[str]]
    fields: list[tuple[str, ...]]
    cells: NDArray[np.int64]
    """Rows x meanings."""


def difference(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    older: int | None = None,
    newer: int | None = None,
    change: Change | None = None,
    column: int | None = None,
    page: int = 1,
    per_page: int = 25,
) -> Difference:
    """Compare two checked revisions; without numbers the current one with the one before.

    `change` and `column` filter what is listed, not what is counted.

    Raises:
        NotFound: no such batch or revision, or not the actor's to read.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        readable = _readable(session, actor, batch)
        numbers = tuple(sorted(readable))
        newer = newer if newer is not None else max(numbers, default=0)
        if older is None:
            older = max((number for number in numbers if number < newer), default=None)
        if newer not in readable or (older is not None and older not in readable):
            raise NotFound
        if older is None:
            empty: Page[RowChange] = Page([], page, per_page, 0)
            return Difference(None, newer, numbers, dict.fromkeys(_COUNTED, 0), (), empty)
        key = portal.key(batch.company)
        old, new = readable[older], readable[newer]
        structures = open_structure(key, old), open_structure(key, new)
        found = _KNOWN.get(
            (batch.id, old.id, new.id, batch.version),
            lambda: _compare(session, key, old, new, structures),
        )
        listed = [
            pair
            for pair in found.pairs
            if change in {None, pair.change} and (column is None or column in pair.columns)
        ]
        shown = listed[(page - 1) * per_page : page * per_page]
        views = _views(session, key, (old, new), structures, found.meanings, shown)
        return Difference(
            older,
            newer,
            numbers,
            _counts(found),
            _columns(found, structures),
            Page(views, page, per_page, len(listed)),
        )


_COUNTED = (*CHANGES, "same", "cells")


class _Memory:
    """The latest comparisons of this process; revisions don't change, drafts raise a version."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, _Compared] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Compared]) -> _Compared:
        with self._lock:
            known = self._held.get(key)
            if known is not None:
                self._held.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return made


_KNOWN = _Memory()


def _readable(session: Session, actor: Actor, batch: Batch) -> dict[int, Revision]:
    found = session.scalars(
        sa.select(Revision)
        .join(Batch)
        .where(
            Revision.batch_id == batch.id,
            Revision.state == "checked",
            visible.revisions_of(actor),
        )
    )
    return {revision.number: revision for revision in found}


def _meaning(held: Structure, at: int) -> Meaning | None:
    """Say what a column is; None for running numbers, which say nothing."""
    role = held.roles[at]
    if role.part == "number":
        return None
    return role.part, role.field or (held.headers[at] if role.part == "unknown" else "")


def _places(held: Structure) -> dict[Meaning, int]:
    """Return the first column of each meaning."""
    places: dict[Meaning, int] = {}
    for at in range(len(held.roles)):
        meaning = _meaning(held, at)
        if meaning is not None:
            places.setdefault(meaning, at)
    return places


def _compare(
    session: Session,
    key: CompanyKey,
    old: Revision,
    new: Revision,
    structures: tuple[Structure, Structure],
) -> _Compared:
    places = [_places(held) for held in structures]
    meanings = list(dict.fromkeys([*places[1], *places[0]]))
    before, after = (
        _side(session, key, revision, [own.get(meaning) for meaning in meanings])
        for revision, own in zip((old, new), places, strict=True)
    )
    partner = _pair_up(before, after)
    pairs: list[_Pair] = []
    taken = set(partner.values())
    same = 0
    for at, number in enumerate(after.numbers):
        if at not in partner:
            pairs.append(_Pair("added", None, number))
            continue
        differ = np.flatnonzero(before.cells[partner[at]] != after.cells[at])
        if len(differ):
            was = before.numbers[partner[at]]
            pairs.append(_Pair("changed", was, number, tuple(differ.tolist())))
        else:
            same += 1
    pairs += [
        _Pair("removed", number, None)
        for at, number in enumerate(before.numbers)
        if at not in taken
    ]
    pairs.sort(key=lambda pair: (pair.after or pair.before or 0, pair.after is None))
    return _Compared(meanings, pairs, same)


def _side(
    session: Session, key: CompanyKey, revision: Revision, columns: list[int | None]
) -> _Side:
    numbers: list[int] = []
    people: dict[str, list[str]] = {"kpj": [], "nik": [], "nama": []}
    fields: list[tuple[str, ...]] = []
    parts: list[NDArray[np.int64]] = []
    for block in walk_blocks(session, key, revision.id):
        part = np.full((len(block.numbers), len(columns)), _NOTHING, np.int64)
        for place, at in enumerate(columns):
            if at is not None:
                part[:, place] = [hash(value) for value in block.clean[at] or block.raw[at]]
        parts.append(part)
        numbers += block.numbers
        for name, values in zip(people, block.employee, strict=False):
            people[name] += values
        fields += [tuple(field for field, _, _ in changes) for changes in block.changes]
    none = np.zeros((0, len(columns)), np.int64)
    return _Side(numbers, people, fields, np.concatenate([none, *parts]))


def _pair_up(before: _Side, after: _Side) -> dict[int, int]:
    """Pair rows: unchanged ones of an employee first, then by employee and what is corrected.

    A row whose KPJ was mended is found by its NIK, then by its name.
    """
    partner: dict[int, int] = {}
    free = set(range(len(before.numbers)))
    for how in (
        ("kpj", "cells"),
        ("kpj", "fields"),
        ("kpj",),
        ("nik", "fields"),
        ("nik",),
        ("nama",),
    ):
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for at in sorted(free):
            place = _place(before, at, how)
            if place is not None:
                waiting[place].append(at)
        for at in range(len(after.numbers)):
            if at in partner:
                continue
            place = _place(after, at, how)
            queue = waiting.get(place) if place is not None else None
            if queue:
                partner[at] = queue.popleft()
                free.discard(partner[at])
        if not free or len(partner) == len(after.numbers):
            break
    return partner


def _place(side: _Side, at: int, how: tuple[str, ...]) -> Hashable | None:
    who = side.people[how[0]][at]
    if not who:
        return None
    if how[-1] == "cells":
        return who, side.cells[at].tobytes()
    return (who, side.fields[at]) if how[-1] == "fields" else who


def _counts(found: _Compared) -> dict[str, int]:
    counts = dict.fromkeys(_COUNTED, 0)
    for pair in found.pairs:
        counts[pair.change] += 1
        counts["cells"] += len(pair.columns)
    return counts | {"same": found.same}


def _columns(found: _Compared, structures: tuple[Structure, Structure]) -> tuple[ColumnCount, ...]:
    rows: dict[int, int] = {}
    for pair in found.pairs:
        for place in pair.columns:
            rows[place] = rows.get(place, 0) + 1
    counted = [
        ColumnCount(
            place, _header(found.meanings[place], structures), _field(found.meanings[place]), n
        )
        for place, n in rows.items()
    ]
    return tuple(sorted(counted, key=lambda one: (-one.rows, one.place)))


def _header(meaning: Meaning, structures: tuple[Structure, Structure]) -> str:
    old, new = structures
    for held in (new, old):
        at = _places(held).get(meaning)
        if at is not None:
            return " ".join(held.headers[at].split())
    raise KeyError(meaning)


def _views(
    session: Session,
    key: CompanyKey,
    revisions: tuple[Revision, Revision],
    structures: tuple[Structure, Structure],
    meanings: list[Meaning],
    pairs: list[_Pair],
) -> list[RowChange]:
    old = _opened(session, key, revisions[0], [p.before for p in pairs if p.before is not None])
    new = _opened(session, key, revisions[1], [p.after for p in pairs if p.after is not None])
    places = _places(structures[0]), _places(structures[1])
    views = []
    for pair in pairs:
        was = old[pair.before] if pair.before is not None else None
        now = new[pair.after] if pair.after is not None else None
        told = now or was
        if told is None:
            raise KeyError(pair)  # a pair names at least one row
        cells = tuple(
            _cell(
                meanings[column],
                _header(meanings[column], structures),
                _shown(was, places[0].get(meanings[column])),
                _shown(now, places[1].get(meanings[column])),
                tuple(told.changes),
            )
            for column in pair.columns
        )
        name, fields = told.employee["nama"], tuple(told.changes)
        views.append(RowChange(pair.change, pair.before, pair.after, name, fields, cells))
    return views


def _opened(
    session: Session, key: CompanyKey, revision: Revision, numbers: list[int]
) -> dict[int, RowCells]:
    rows = session.scalars(
        sa.select(Row).where(Row.revision_id == revision.id, Row.number.in_(numbers))
    )
    return open_rows(session, key, rows.all())


def _shown(row: RowCells | None, at: int | None) -> str:
    return row.clean[at] if row is not None and at is not None else ""


def _cell(
    meaning: Meaning, header: str, before: str, after: str, corrected: tuple[str, ...]
) -> CellChange:
    # in the per-correction layout Semula and Menjadi hold the field that Data names
    is_value = meaning[0] in {"before", "after"} and not meaning[1]
    field = (corrected[0] if corrected else None) if is_value else _field(meaning)
    return CellChange(header, field, is_value and field is None, before, after)


def _field(meaning: Meaning) -> str | None:
    """Return the field of a column; an unknown column's meaning is its header."""
    return None if meaning[0] == "unknown" else meaning[1] or None
