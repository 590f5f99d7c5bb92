"""The tray: documents whose rows nobody knows yet; placed by a person, and taken back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from hr_portal.adapters.database.document_models import Clue
from hr_portal.adapters.database.models import Batch, Document, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.document_kinds import KINDS, SIGNED_LETTER
from hr_portal.domain.matching import DOUBTS, Match, match, people_called
from hr_portal.domain.permissions import Actor
from hr_portal.domain.roster import Roster
from hr_portal.services import audit, documents, filing, mapping_store, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid

PLACEABLE = tuple(kind for kind in KINDS if kind != SIGNED_LETTER)
_NEVER_AT_ONCE = frozenset(
    {"relative", "contradiction", "several-people", "namesake", "sheet-ambiguous"}
)
_MOST_SAID = 5
_MOST_ECHOED = 40
_SPAN = re.compile(r"([0-9]{1,7})\s*[-–]\s*([0-9]{1,7})")
"""Rows from one to another, as typed."""


@dataclass(frozen=True, slots=True)
class TrayItem:
    """A document that waits for its row, with what its name suggests now."""

    id: str
    path: str
    """Its name with folders, as uploaded."""
    media_type: str
    row: int | None
    """The first row of the employee proposed, if there is exactly one."""
    name: str
    kind: str | None
    doubt: str
    doubt_en: str
    is_proposal: bool
    """Whether row and kind are known well enough to be accepted with others."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a document was put."""

    batch_id: str
    rows: tuple[int, ...]
    added: tuple[int, ...]
    """Those of the rows where it did not lie before: what is undone."""


def tray(
    portal: Portal, actor: Actor, batch_id: str, *, page: int = 1, per_page: int = 50
) -> tuple[list[TrayItem], int]:
    """Return a page of the documents that wait for a row, the oldest first, and their number.

    Their names are read again against the rows as they are now.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        total = int(session.scalar(waiting(batch.id)) or 0)
        if not total:
            return [], 0
        revision = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        roster = filing.roster_of(session, key, batch, revision)
        found = session.scalars(
            sa.select(Document)
            .where(*_waiting(batch.id))
            .order_by(Document.uploaded_at, Document.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        ).all()
        told = _told_of(session, key, found, roster)
        names = dict(
            session.execute(
                sa.select(Row.number, Row.name).where(
                    Row.revision_id == revision.id,
                    Row.number.in_({one.rows[0] for _path, one in told.values() if one.rows}),
                )
            ).all()
        )
    return [_item(one, *told[one.id], roster, names) for one in found], total


def place_document(
    portal: Portal, actor: Actor, document_id: str, *, whose: str, kind: str
) -> Placing:
    """Put a document at the rows of an employee, or of several.

    `whose` is a row number, NIK, KPJ or name, as somebody types it, or several with commas
    between them, or rows from one to another (12, 15-17). A document that lies elsewhere
    already gets these rows too.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no longer a draft.
        Invalid: no employee or several are called so, or the kind is unknown.

    """
    _expect_kind(kind)
    with portal.db.write() as session:
        document, batch, roster = _editable(portal, session, actor, document_id)
        rows = _rows_called(whose, roster)
        before = {place.row_number for place in document.placements}
        filing.place_at(session, batch, document, rows)
        document.kind = kind
        _record(portal, session, actor, batch, document, "document:placed", rows)
        documents.touch(portal, batch, actor)
        return Placing(batch.id, rows, tuple(row for row in rows if row not in before))


def take_back(
    portal: Portal,
    actor: Actor,
    document_id: str,
    *,
    rows: Sequence[int] | None = None,
    version: int | None = None,
) -> tuple[str, tuple[int, ...]]:
    """Take a document off all its rows, or off those of the employees at some; undoes a placing.

    Returns the batch's id and the rows where it still lies; with none it is in the tray again.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no longer a draft.

    """
    with portal.db.write() as session:
        document, batch, roster = _editable(portal, session, actor, document_id)
        visible.expect_version(batch, version)
        gone = None if rows is None else _with_all_their_rows(rows, roster)
        taken = [place for place in document.placements if gone is None or place.row_number in gone]
        for place in taken:
            session.delete(place)
        numbers = tuple(sorted(place.row_number or 0 for place in taken))
        if taken:
            _record(portal, session, actor, batch, document, "document:taken-back", numbers)
            documents.touch(portal, batch, actor)
        left = {place.row_number for place in document.placements if place not in taken}
        return batch.id, tuple(sorted(number for number in left if number is not None))


def accept_proposals(
    portal: Portal, actor: Actor, batch_id: str, document_ids: Sequence[str] | None
) -> dict[str, tuple[int, ...]]:
    """Place those of these documents, or (None) of the whole tray, that are proposed.

    That is: for which one employee and kind are proposed, as the rows are now. Returns the rows
    of each that was placed.
    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = filing.expect_draft(session, batch)
        key = portal.key(batch.company)
        roster = filing.roster_of(session, key, batch, revision)
        query = sa.select(Document).where(*_waiting(batch.id))
        if document_ids is not None:
            query = query.where(Document.id.in_(document_ids))
        found = session.scalars(query.options(selectinload(Document.placements))).all()
        told_of = _told_of(session, key, found, roster)
        placed: dict[str, tuple[int, ...]] = {}
        for document in found:
            _path, told = told_of[document.id]
            if not _is_proposal(told, roster) or told.kind is None:
                continue
            filing.place_at(session, batch, document, told.rows)
            document.kind = told.kind
            _record(portal, session, actor, batch, document, "document:placed", told.rows)
            placed[document.id] = told.rows
        if placed:
            documents.touch(portal, batch, actor)
    return placed


def undo(portal: Portal, actor: Actor, batch_id: str, placed: Mapping[str, Sequence[int]]) -> int:
    """Take documents off the rows where they were just put; returns how many.

    What was taken off or back since, or has left the batch, stays as it is.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no longer a draft.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        filing.expect_draft(session, batch)
        found = session.scalars(
            sa.select(Document)
            .options(selectinload(Document.placements))
            .where(
                Document.batch_id == batch.id,
                Document.removed_at.is_(None),
                Document.id.in_(list(placed)),
            )
        ).all()
        undone = 0
        for document in found:
            rows = set(placed[document.id])
            gone = [place for place in document.placements if place.row_number in rows]
            for place in gone:
                session.delete(place)
            if gone:
                numbers = tuple(sorted(place.row_number or 0 for place in gone))
                _record(portal, session, actor, batch, document, "document:taken-back", numbers)
                undone += 1
        if undone:
            documents.touch(portal, batch, actor)
        return undone


def waiting(batch_id: "str | sa.BindParameter[str]") -> sa.Select[int]:
    """Return the question how many documents of a batch lie in the tray."""
    return sa.select(sa.func.count()).where(*_waiting(batch_id))


def _waiting(batch_id: "str | sa.BindParameter[str]") -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Document.batch_id == batch_id,
        Document.removed_at.is_(None),
        ~Document.placements.any(),
    )


def _told_of(
    session: Session, key: CompanyKey, found: Sequence[Document], roster: Roster
) -> dict[str, tuple[str, Match]]:
    """Return path and match, by document, as the rows are now."""
    clues = {
        one.document_id: one
        for one in session.scalars(
            sa.select(Clue).where(Clue.document_id.in_([one.id for one in found]))
        )
    }
    mapping = mapping_store.of_batch(session, key, found[0].batch_id) if found else None
    told: dict[str, tuple[str, Match]] = {}
    for one in found:
        clue = clues.get(one.id)
        if clue is None:
            path = key.open(f"documents|{one.id}", one.file_name).decode()
        else:
            path = key.open(f"clues|{one.id}", clue.path).decode()
        told[one.id] = (path, match(path, roster, mapping))
    return told


def _item(
    document: Document, path: str, told: Match, roster: Roster, names: dict[int, str]
) -> TrayItem:
    is_one = _is_one(told, roster)
    row = told.rows[0] if is_one else None
    # A sure name in the tray was put back there by somebody: its row is still the proposal.
    doubt, doubt_en = DOUBTS.get(told.doubt, ("Dikembalikan ke baki", "Put back into the tray"))
    if told.rows and not is_one:
        listed = ", ".join(map(str, told.rows[:_MOST_SAID]))
        doubt, doubt_en = f"{doubt} (baris {listed})", f"{doubt_en} (rows {listed})"
    return TrayItem(
        document.id, path, document.media_type, row, names.get(row or 0, ""), told.kind, doubt,
        doubt_en, _is_proposal(told, roster),
    )  # fmt: skip


def _is_one(told: Match, roster: Roster) -> bool:
    return len({roster.by_row[number] for number in told.rows}) == 1


def _is_proposal(told: Match, roster: Roster) -> bool:
    return (
        told.kind is not None
        and (_is_one(told, roster) or told.certainty == "sure")
        and told.doubt not in _NEVER_AT_ONCE
        and bool(told.rows)
    )


def _editable(
    portal: Portal, session: Session, actor: Actor, document_id: str
) -> tuple[Document, Batch, Roster]:
    document, batch = visible.document(session, actor, document_id)
    batch = visible.batch(session, actor, batch.id, action="batch.edit")
    revision = filing.expect_draft(session, batch)
    document = session.scalars(
        sa.select(Document)
        .options(joinedload(Document.file), selectinload(Document.placements))
        .where(Document.id == document.id)
    ).one()
    return document, batch, filing.roster_of(session, portal.key(batch.company), batch, revision)


def _rows_called(whose: str, roster: Roster) -> tuple[int, ...]:
    """Return all rows of the employees that somebody typed; raises Invalid for what is unclear."""
    parts = [part.strip() for part in re.split(r"[,;]", whose) if part.strip()]
    if not re.search(r"[0-9]", whose) and not all(people_called(one, roster) for one in parts):
        parts = [whose]  # a name with a comma, before a title
    people: set[int] = set()
    for part in parts or [whose]:
        people |= _people_of(part, roster)
    return roster.rows_of(people)


def _people_of(part: str, roster: Roster) -> set[int]:
    span = _SPAN.fullmatch(part)
    if span is not None:
        first, last = int(span[1]), int(span[2])
        people = {at for number, at in roster.by_row.items() if first <= number <= last}
    else:
        people = people_called(part, roster)
    typed = re.sub(r"[0-9]{8,}", "…", part)[:_MOST_ECHOED]  # a NIK or KPJ is not repeated
    if not people:
        raise Invalid(
            f"Tidak ada baris dengan isian “{typed}”. Ketik nomor baris seperti di Excel, NIK, KPJ, "
            "atau nama; beberapa dipisah koma.",
            f"No row has “{typed}”. Type the row number as in Excel, a NIK, a KPJ or a name; several "
            "with commas.",
            fields={"whose": "Tidak ada"},
        )
    if span is None and len(people) > 1:
        listed = ", ".join(map(str, roster.rows_of(people)[:_MOST_SAID]))
        raise Invalid(
            f"Isian “{typed}” cocok dengan {len(people)} karyawan (baris {listed}). Ketik nomor barisnya.",
            f"“{typed}” fits {len(people)} employees (rows {listed}). Type the row number.",
            fields={"whose": "Lebih dari satu"},
        )
    return people


def _with_all_their_rows(rows: Sequence[int], roster: Roster) -> set[int]:
    """Return these rows with the other rows of the same employees."""
    people = {roster.by_row[number] for number in rows if number in roster.by_row}
    return {*rows, *roster.rows_of(people)}


def _expect_kind(kind: str) -> None:
    if kind not in PLACEABLE:
        raise Invalid(
            "Pilih jenis dokumennya.",
            "Choose the kind of document.",
            fields={"kind": "Wajib dipilih"},
        )


def _record(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    document: Document,
    action: str,
    rows: tuple[int, ...],
) -> None:
    audit.record(
        portal, session, actor, action, document.id,
        company_id=batch.company_id, batch=batch.id, rows=list(rows), kind=document.kind,
    )  # fmt: skip
