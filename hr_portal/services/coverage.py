"""The matrix of rows and the documents they ask for: there, explained, or missing."""

import datetime as dt
import threading
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import JUDGEMENTS, Explained, Judgement
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Document,
    Placement,
    Revision,
    Row,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.requirements import EITHER, LEFT, label_of
from hr_portal.domain.wording import MOST_LISTED
from hr_portal.services import marked_rows, requirements, visible
from hr_portal.services.context import Portal
from hr_portal.services.row_sets import NO_ROWS, RowSet

Show = Literal["lacking", "explained", "all"]
Cell = Literal["there", "fits", "explained", "missing", "unfit"]
"""What is there waits to be checked, or fits; what doesn't fit counts as missing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A kind of document that some rows ask for, or several of which one is enough."""

    kind: str
    label: str
    label_en: str
    asked: int
    there: int
    missing: int
    """Rows without it and without an explanation."""


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """One row: what it corrects, and how each column stands."""

    number: int
    name: str
    corrections: tuple[tuple[str, str], ...]
    """Kinds of correction in both languages."""
    cells: tuple[Cell | None, ...]
    """None: not asked for."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of the matrix, and the counts of the whole."""

    columns: tuple[Column, ...]
    rows: tuple[CoveredRow, ...]
    total: int
    """Rows that ask for any document."""
    lacking: int
    """Rows of which at least one is missing and not explained."""
    explained: int
    """Rows that go without at least one, for the reason HRD gave."""
    listed: int
    """Rows of the list that the page is cut from."""
    version: int
    """Of the table of requirements that judges the batch."""
    since: dt.datetime | None
    """When it came into force; None for the one built in."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The rows that ask for one kind of document, and how they stand."""

    asked: RowSet
    explained: RowSet
    missing: RowSet
    fits: RowSet
    """Rows with a document that the reviewer found to fit."""
    unfit: RowSet
    """Rows with documents, none of which is left: they were found not to fit."""

    @property
    def there(self) -> RowSet:
        """The rows that have it."""
        return self.asked - self.explained - self.missing

    def of(self, number: int) -> Cell | None:
        """Return how a row stands; None where it doesn't ask for this kind."""
        if number not in self.asked:
            return None
        if number in self.missing:
            return "unfit" if number in self.unfit else "missing"
        if number in self.explained:
            return "explained"
        return "fits" if number in self.fits else "there"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What keeps a draft from being submitted: required documents that nobody explained."""

    rows: int
    """Rows of which at least one is missing."""
    first: dict[str, tuple[int, ...]]
    """The first rows that lack it, by kind; one more than are said where there are more."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was lacking in a batch as it stood when it was looked at."""

    state: tuple[object, ...]
    lacking: Lacking


_KEPT = 64
_ROW_DIGITS = 7
"""Of the last row that a sheet may have."""
_AT_ONCE = 10_000
_FEW = 500
"""Explained employees whose rows are looked up one by one; of more, all rows are walked."""
_kept: OrderedDict[tuple[object, ...], Lacking] = OrderedDict()
_lock = threading.Lock()


def lacking(session: Session, batch: Batch, revision: Revision) -> Lacking:
    """Return what is lacking; found out once for each state of a batch, as every page asks.

    Whatever changes the answer counts up the version of the batch or the edits of the revision.
    """
    state = _state(batch, revision)
    with _lock:
        known = _kept.get(state)
        if known is not None:
            _kept.move_to_end(state)
            return known
    found = _lacking(session, batch, revision)
    with _lock:
        _kept[state] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def look(portal: Portal, actor: Actor, batch_id: str) -> Looked:
    """Find out what is lacking before others have to wait; for `lacking_now`."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        return Looked(_state(batch, revision), _lacking(session, batch, revision))


def lacking_now(session: Session, batch: Batch, revision: Revision, looked: Looked) -> Lacking:
    """Return what is lacking, for a transaction that decides by it.

    It is found out there only where the batch has changed since it was looked at.
    """
    if looked.state == _state(batch, revision):
        return looked.lacking
    return _lacking(session, batch, revision)


def _state(batch: Batch, revision: Revision) -> tuple[object, ...]:
    return batch.id, revision.id, batch.version, revision.edited, revision.rechecked


def _lacking(session: Session, batch: Batch, revision: Revision) -> Lacking:
    missing = {
        kind: found.missing
        for kind, found in by_kind(session, batch, revision).items()
        if found.missing
    }
    first = {kind: tuple(rows.part(0, MOST_LISTED + 1)) for kind, rows in missing.items()}
    return Lacking(len(RowSet.any_of(missing.values())), first)


def matrix(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    show: Show = "lacking",
    text: str = "",
    page: int = 1,
    per_page: int = 50,
) -> Matrix:
    """Return a page of the coverage of a batch's current revision, in the order of its rows.

    A document of the whole batch counts for every row that asks for its kind. `text` narrows
    the list to a row number, or to names that hold all its words.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        kinds = by_kind(session, batch, revision)
        version = requirements.of_batch(session, batch)
        lists: dict[Show, RowSet] = {
            "lacking": RowSet.any_of(one.missing for one in kinds.values()),
            "explained": RowSet.any_of(one.explained for one in kinds.values()),
            "all": RowSet.any_of(one.asked for one in kinds.values()),
        }
        listed = lists[show] & _called(session, revision, text) if text.split() else lists[show]
        shown = listed.part((page - 1) * per_page, page * per_page)
        names = dict(
            session.execute(
                sa.select(Row.number, Row.name).where(
                    Row.revision_id == revision.id, Row.number.in_(shown)
                )
            ).all()
        )
        fields = _fields(session, revision, shown)
    columns = tuple(
        Column(kind, *label_of(kind), len(one.asked), len(one.there), len(one.missing))
        for kind, one in kinds.items()
    )
    rows = tuple(
        CoveredRow(
            number,
            names.get(number, ""),
            tuple((one.label, one.label_en) for one in version.table.kinds_of(fields[number])),
            tuple(one.of(number) for one in kinds.values()),
        )
        for number in shown
    )
    counts = len(lists["all"]), len(lists["lacking"]), len(lists["explained"]), len(listed)
    return Matrix(columns, rows, *counts, version=version.number, since=version.made_at)


def by_kind(
    session: Session, batch: Batch, revision: Revision, *, rows: Collection[int] | None = None
) -> dict[str, Kind]:
    """Return how the rows of a revision, or some, stand, by each kind of document asked for.

    In four queries and one for each kind that was explained; in some bits a row.
    """
    asking = requirements.of_batch(session, batch).table.askers(revision.fields)
    if not asking:
        return {}
    of_field = _corrected(session, revision, rows)

    def of_any(fields: Iterable[str]) -> RowSet:
        return RowSet.any_of(of_field.get(field, NO_ROWS) for field in fields)

    left = of_any(LEFT)
    rows_of = {
        one: (of_any(one.active) - left) | (of_any(one.left) & left) for one in set(asking.values())
    }
    laid = _laid(session, batch, rows)
    explained = _explained(session, batch, revision, rows)
    kinds: dict[str, Kind] = {}
    for kind, askers in asking.items():
        asked = rows_of[askers]
        if not asked:
            continue
        on = {
            state: RowSet.any_of(_of(laid, (one, state), asked) for one in kind.split(EITHER))
            for state in JUDGEMENTS
        }
        bare = asked - on["open"] - on["fits"]
        excused = bare & explained.get(kind, NO_ROWS)
        kinds[kind] = Kind(
            asked, excused, bare - excused, fits=on["fits"], unfit=on["unfit"] & bare
        )
    return kinds


def _corrected(
    session: Session, revision: Revision, rows: Collection[int] | None
) -> dict[str, RowSet]:
    """Return the rows that correct a datum, or those of some, by its field."""
    if rows is None:
        return marked_rows.corrected(session, revision.id)
    found: dict[str, set[int]] = defaultdict(set)
    for number, fields in _fields(session, revision, rows).items():
        for field in fields:
            found[field].add(number)
    return {field: RowSet.of(numbers) for field, numbers in found.items()}


def _called(session: Session, revision: Revision, text: str) -> RowSet:
    """Return the rows of that number, or whose name holds all these words in any case."""
    query = sa.select(Row.number).where(Row.revision_id == revision.id)
    number = text.strip()
    if number.isascii() and number.isdigit():
        return RowSet.of([int(number)] if len(number) <= _ROW_DIGITS else [])
    for word in text.lower().split():
        query = query.where(sa.func.lower(Row.name).contains(word, autoescape=True))
    return RowSet.of(session.scalars(query.execution_options(yield_per=_AT_ONCE)))


def _fields(session: Session, revision: Revision, numbers: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    asked = {"revision": revision.id, "numbers": numbers}
    for number, field in session.execute(_CORRECTED, asked):
        found[number].append(field)
    return found


_CORRECTED: Final = sa.select(Correction.row_number, Correction.field).where(
    Correction.revision_id == sa.bindparam("revision"),
    Correction.row_number.in_(sa.bindparam("numbers", expanding=True)),
)
_LAID: Final = (
    sa.select(Document.kind, Judgement.state, Placement.row_number, Placement.kpj_index)
    .join(Document, Document.id == Placement.document_id)
    .outerjoin(Judgement, Judgement.document_id == Document.id)
    .where(Document.batch_id == sa.bindparam("batch"), Document.removed_at.is_(None))
)
_LAID_ON: Final = _LAID.where(
    sa.or_(
        Placement.row_number.is_(None),
        Placement.row_number.in_(sa.bindparam("numbers", expanding=True)),
    )
)
_EXPLAINED: Final = (
    sa.select(Explained.kind, Explained.kpj_index)
    .where(Explained.batch_id == sa.bindparam("batch"))
    .limit(_FEW + 1)
)
"""Made once: the bench asks them for each row."""


def _laid(
    session: Session, batch: Batch, rows: Collection[int] | None
) -> dict[tuple[str, str], RowSet | None]:
    """Return the rows that documents lie on by kind and status; None where on the whole batch.

    Of some rows few are asked for, which PostgreSQL tells at once; in parts it takes four trips.
    """
    if rows is None:
        found = session.execute(_LAID.execution_options(yield_per=_AT_ONCE), {"batch": batch.id})
    else:
        found = session.execute(_LAID_ON, {"batch": batch.id, "numbers": rows})
    lying: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("i"))
    whole: set[tuple[str, str]] = set()
    for kind, state, number, kpj_index in found:
        place = kind, state or "open"
        if number is not None:
            lying[place].append(number)
        elif kpj_index is None:
            whole.add(place)
    laid = {place: RowSet.of(numbers) for place, numbers in lying.items()}
    return {**laid, **dict.fromkeys(whole)}


def _of(
    laid: Mapping[tuple[str, str], RowSet | None], place: tuple[str, str], asked: RowSet
) -> RowSet:
    """Return those of the rows that ask on which a document lies; all, for the whole batch."""
    rows = laid.get(place, NO_ROWS)
    return asked if rows is None else asked & rows


def _explained(
    session: Session, batch: Batch, revision: Revision, rows: Collection[int] | None
) -> dict[str, RowSet]:
    """Return the rows of employees whose documents were explained, by kind."""
    few = session.execute(_EXPLAINED, {"batch": batch.id}).all()
    if len(few) <= _FEW:
        # by the employees: from the other side the database walks over all rows there are
        return _rows_of(session, revision, few, rows)
    of_batch = Explained.batch_id == batch.id
    numbers = sa.select(Row.number).where(Row.revision_id == revision.id)
    if rows is not None:
        numbers = numbers.where(Row.number.in_(rows))
    found: dict[str, RowSet] = {}
    # not joined: SQLite may go through all explanations of the batch again for every row
    for kind in session.scalars(sa.select(Explained.kind).where(of_batch).distinct()).all():
        people = sa.select(Explained.kpj_index).where(of_batch, Explained.kind == kind)
        theirs = numbers.where(Row.kpj_index.in_(people)).execution_options(yield_per=_AT_ONCE)
        found[kind] = RowSet.of(session.scalars(theirs))
    return found


def _rows_of(
    session: Session,
    revision: Revision,
    people: Sequence[sa.Row[str, bytes]],
    rows: Collection[int] | None,
) -> dict[str, RowSet]:
    """Return the rows, of all or of some, of a few employees by kind."""
    if not people:
        return {}
    query = sa.select(Row.kpj_index, Row.number).where(
        Row.revision_id == revision.id, Row.kpj_index.in_({kpj for _, kpj in people})
    )
    if rows is not None:
        query = query.where(Row.number.in_(rows))
    lines: dict[bytes, list[int]] = defaultdict(list)
    for kpj, number in session.execute(query):
        lines[kpj].append(number)
    found: dict[str, list[int]] = defaultdict(list)
    for kind, kpj in people:
        found[kind] += lines[kpj]
    return {kind: RowSet.of(numbers) for kind, numbers in found.items()}
