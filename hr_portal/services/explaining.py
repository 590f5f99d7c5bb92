"""Going without a document that a correction asks for: HRD says why, the reviewer reads it."""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.document_models import Explained, Explanation
from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Batch, Revision, Row, User, new_id
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.requirements import is_known, label_of
from hr_portal.domain.wording import first_of
from hr_portal.services import audit, coverage, documents, filing, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.reasons import reason_of
from hr_portal.services.row_sets import NO_ROWS, RowSet

_AT_ONCE = 500
_FEW = 5_000
"""Rows that are looked up by their numbers; of more, all rows of the sheet are walked."""
_STREAMED = 5_000
COLUMNS = ("batch_id", "kind", "kpj_index", "explanation_id")
ID_LENGTH = 32
"""Digits of an id, as `new_id` makes them."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that a row asks for and that isn't there, with the reason if one was given."""

    kind: str
    label: str
    label_en: str
    reason: str
    given_by: str
    given_at: dt.datetime | None
    is_unfit: bool = False
    """There is one, and the reviewer found that it doesn't fit."""


def explain(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    reason: str,
    kind: str | None = None,
    rows: Collection[int] | None = None,
    version: int | None = None,
) -> int:
    """State why documents that rows of a draft ask for are not there; returns how many rows.

    Without `kind` all that is missing, without `rows` all rows that lack it and have no
    explanation yet. Rows named get the new reason in place of an older one. An explanation
    is the employee's: it counts for all their rows, and for the next revision.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, no draft any more, or changed since.
        Invalid: no reason, an unknown kind, or nothing of that is missing there.

    """
    words = expect_reason(reason)
    with portal.db.read() as session:  # what takes long holds no lock
        early = who_lacks(session, *draft_of(session, actor, batch_id, version), kind, rows)
    with portal.db.write() as session:
        batch, revision = draft_of(session, actor, batch_id, version)
        bare = early
        if early.state != (revision.id, batch.version):
            bare = who_lacks(session, batch, revision, kind, rows)
        key = portal.key(batch.company)
        explanation = Explanation(
            id=new_id(),
            batch_id=batch.id,
            words=b"",
            given_by=actor.user_id,
            given_at=portal.clock(),
        )
        explanation.words = key.seal(place(explanation.id), words.encode())
        session.add(explanation)
        session.flush()
        for one, people in bare.people.items():
            _forget(session, batch, one, people)
            lines: list[tuple[object, ...]] = [
                (batch.id, one, person, explanation.id) for person in sorted(people)
            ]
            bulk_insert(session, Explained.__table__, COLUMNS, lines)  # type: ignore[arg-type]
        _note(portal, session, actor, batch, "batch:documents_explained", kind, bare.rows)
        return bare.rows


def take_back(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    kind: str | None = None,
    rows: Collection[int] | None = None,
    version: int | None = None,
) -> int:
    """Take explanations back, so that the documents are missing again; returns how many rows.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, no draft any more, or changed since.
        Invalid: an unknown kind, or nothing was explained there.

    """
    with portal.db.read() as session:
        early = who_has(session, *draft_of(session, actor, batch_id, version), kind, rows)
    with portal.db.write() as session:
        batch, revision = draft_of(session, actor, batch_id, version)
        given = early
        if early.state != (revision.id, batch.version):
            given = who_has(session, batch, revision, kind, rows)
        for one, people in given.people.items():
            _forget(session, batch, one, people)
        _note(portal, session, actor, batch, "batch:explanation_withdrawn", kind, given.rows)
        return given.rows


def missing_of(
    portal: Portal, actor: Actor, batch_id: str, rows: Collection[int]
) -> dict[int, list[Missing]]:
    """Return what each of these rows of the current revision goes without, and why."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        kinds = coverage.by_kind(session, batch, revision, rows=rows)
        here = {"revision": revision.id, "rows": rows}
        people = dict(session.execute(_PEOPLE, here).all())
        lacking = {
            number: [
                kind
                for kind, found in kinds.items()
                if found.of(number) in {"missing", "unfit", "explained"}
            ]
            for number in sorted(people)
        }
        given = {}
        if any(lacking.values()):
            asked = {"batch": batch.id, "people": list(people.values())}
            given = {
                (one.kind, one.kpj_index): one.explanation for one in session.scalars(_GIVEN, asked)
            }
        return {
            number: [
                replace(
                    _missing(kind, key, given.get((kind, people[number]))),
                    is_unfit=number in kinds[kind].unfit,
                )
                for kind in lacked
            ]
            for number, lacked in lacking.items()
        }


_PEOPLE: Final = sa.select(Row.number, Row.kpj_index).where(
    Row.revision_id == sa.bindparam("revision"),
    Row.number.in_(sa.bindparam("rows", expanding=True)),
)
_GIVEN: Final = (
    sa.select(Explained)
    .options(joinedload(Explained.explanation).joinedload(Explanation.giver).load_only(User.name))
    .where(
        Explained.batch_id == sa.bindparam("batch"),
        Explained.kpj_index.in_(sa.bindparam("people", expanding=True)),
    )
)
"""Made once: the bench asks them for each row."""


def copy(
    session: Session, key: CompanyKey, source: Batch, revision: Revision, target: Batch
) -> None:
    """Give the batch `target` the explanations of those employees that `revision` of it holds.

    Of very many rows a worker does it: `explaining_many.ask_copy`.
    """
    here = sa.select(Row.kpj_index).where(Row.revision_id == revision.id)
    found = session.execute(
        sa.select(Explained.kind, Explained.kpj_index, Explained.explanation_id).where(
            Explained.batch_id == source.id, Explained.kpj_index.in_(here)
        )
    ).all()
    copy_words(session, key, source.id, target.id, {one for _, _, one in found})
    lines: list[tuple[object, ...]] = [
        (target.id, kind, person, copy_of(explanation, target.id))
        for kind, person, explanation in found
    ]
    bulk_insert(session, Explained.__table__, COLUMNS, lines)  # type: ignore[arg-type]


def copy_words(
    session: Session, key: CompanyKey, source_id: str, target_id: str, wanted: Collection[str]
) -> None:
    """Copy what explanations of a batch say to another one, but for those that are there."""
    there = set(session.scalars(sa.select(Explanation.id).where(Explanation.batch_id == target_id)))
    fresh = sorted(one for one in wanted if copy_of(one, target_id) not in there)
    for start in range(0, len(fresh), _AT_ONCE):
        some = Explanation.id.in_(fresh[start : start + _AT_ONCE])
        of_source = sa.select(Explanation).where(Explanation.batch_id == source_id, some)
        for old in session.scalars(of_source).all():
            again, words = copy_of(old.id, target_id), key.open(place(old.id), old.words)
            session.add(
                Explanation(
                    id=again,
                    batch_id=target_id,
                    words=key.seal(place(again), words),
                    given_by=old.given_by,
                    given_at=old.given_at,
                )
            )
    session.flush()


def copy_of(explanation_id: str, batch_id: str) -> str:
    """Return the id of the copy of an explanation in another batch: each time the same."""
    return hashlib.sha256(f"{explanation_id}|{batch_id}".encode()).hexdigest()[:ID_LENGTH]


def draft_of(
    session: Session, actor: Actor, batch_id: str, version: int | None
) -> tuple[Batch, Revision]:
    """Return a draft to explain something in, with its revision; raises as `explain`."""
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    return batch, filing.expect_draft(session, batch)


@dataclass(frozen=True, slots=True)
class Some:
    """Some employees by kind of document, as a state of the batch has them."""

    state: tuple[int, int]
    rows: int
    people: dict[str, set[bytes]]


def who_lacks(
    session: Session,
    batch: Batch,
    revision: Revision,
    kind: str | None,
    rows: Collection[int] | None,
    *,
    may_be_none: bool = False,
) -> Some:
    """Return who lacks a document and is to be explained; raises as `explain`."""
    wanted = wanted_of(session, batch, revision, kind, rows)
    bare = {
        one: found.missing | (found.explained if rows is not None else NO_ROWS)
        for one, found in wanted.items()
    }
    chosen = RowSet.any_of(bare.values()) if rows is None else RowSet.of(rows)
    if not may_be_none:
        _expect_missing(kind, chosen, bare)
    people = {one: _people(session, revision, numbers & chosen) for one, numbers in bare.items()}
    return Some((revision.id, batch.version), len(chosen), people)


def who_has(
    session: Session,
    batch: Batch,
    revision: Revision,
    kind: str | None,
    rows: Collection[int] | None,
    *,
    may_be_none: bool = False,
) -> Some:
    """Return whose explanations are to be taken back; raises as `take_back`."""
    wanted = wanted_of(session, batch, revision, kind, rows)
    explained = {one: found.explained for one, found in wanted.items()}
    every = RowSet.any_of(explained.values())
    touched = every if rows is None else every & RowSet.of(rows)
    if not touched and not may_be_none:
        raise Invalid(
            "Tidak ada alasan yang dapat dicabut di situ.",
            "There is no explanation to take back there.",
            fields={"rows": "Tidak ada alasan"},
        )
    people = {
        one: _people(session, revision, numbers & touched) for one, numbers in explained.items()
    }
    return Some((revision.id, batch.version), len(touched), people)


def expect_reason(reason: str) -> str:
    """Return a reason as it is kept. Raises Invalid where there is none."""
    words = reason_of(reason)
    if not words:
        raise Invalid(
            "Tulis alasan mengapa dokumen itu belum dilampirkan; pemeriksa membacanya.",
            "Write why the document isn't attached; the reviewer will read it.",
            fields={"reason": "Wajib diisi"},
        )
    return words


def wanted_of(
    session: Session,
    batch: Batch,
    revision: Revision,
    kind: str | None,
    rows: Collection[int] | None,
) -> dict[str, coverage.Kind]:
    """Return how the rows stand by kind, of one kind only where it is named."""
    if kind is not None and not is_known(kind):
        raise Invalid(
            "Jenis dokumen tidak dikenal.",
            "Unknown kind of document.",
            fields={"kind": "Tidak dikenal"},
        )
    if rows is not None and not frozenset(rows):
        raise Invalid(
            "Tulis nomor barisnya, atau kosongkan untuk semua baris yang belum lengkap.",
            "Name the rows, or leave it empty for all rows that lack something.",
            fields={"rows": "Kosong"},
        )
    kinds = coverage.by_kind(session, batch, revision)
    return {one: found for one, found in kinds.items() if kind in {None, one}}


def _expect_missing(kind: str | None, chosen: RowSet, bare: dict[str, RowSet]) -> None:
    what, what_en = label_of(kind) if kind else ("dokumen wajib", "required document")
    complete = list(chosen - RowSet.any_of(bare.values()))
    if not chosen:
        raise Invalid(
            f"Tidak ada baris yang masih kekurangan {what} tanpa alasan.",
            f"No row lacks a {what_en} without an explanation.",
            fields={"rows": "Tidak ada yang kurang"},
        )
    if complete:
        listed = first_of(complete)
        raise Invalid(
            f"Baris {listed} tidak kekurangan {what}. Hapus nomor itu dari daftar, lalu simpan lagi.",
            f"Rows {listed} don't lack a {what_en}. Take them off the list and save again.",
            fields={"rows": "Tidak kekurangan"},
        )


def _people(session: Session, revision: Revision, numbers: RowSet) -> set[bytes]:
    """Return the employees of some rows."""
    of_revision = Row.revision_id == revision.id
    if len(numbers) > _FEW:
        every = session.execute(
            sa.select(Row.number, Row.kpj_index)
            .where(of_revision)
            .execution_options(yield_per=_STREAMED)
        )
        return {person for number, person in every if number in numbers}
    people: set[bytes] = set()
    listed = list(numbers)
    for start in range(0, len(listed), _AT_ONCE):
        some = Row.number.in_(listed[start : start + _AT_ONCE])
        people.update(session.scalars(sa.select(Row.kpj_index).where(of_revision, some)))
    return people


def _forget(session: Session, batch: Batch, kind: str, people: set[bytes]) -> None:
    of_kind = (Explained.batch_id == batch.id, Explained.kind == kind)
    stands = sa.select(Explained.kpj_index, Explained.explanation_id).where(*of_kind)
    held: dict[bytes, str] = dict(session.execute(stands).all())
    # these alone: a colleague may explain others at this moment
    gone = sorted(held.keys() & people)
    given = set(held.values())
    if len(gone) == len(held) and len(given) <= _AT_ONCE:
        session.execute(sa.delete(Explained).where(*of_kind, Explained.explanation_id.in_(given)))
        return
    delete(session, batch, kind, gone)


def delete(session: Session, batch: Batch, kind: str, people: list[bytes]) -> None:
    """Let go of the explanations of some employees."""
    for start in range(0, len(people), _AT_ONCE):
        some = Explained.kpj_index.in_(people[start : start + _AT_ONCE])
        session.execute(
            sa.delete(Explained).where(Explained.batch_id == batch.id, Explained.kind == kind, some)
        )


def held_of(session: Session, batch: Batch, kind: str, people: list[bytes]) -> dict[bytes, str]:
    """Return by which explanation those of some employees go without a document who do."""
    found: dict[bytes, str] = {}
    query = sa.select(Explained.kpj_index, Explained.explanation_id).where(
        Explained.batch_id == batch.id, Explained.kind == kind
    )
    for start in range(0, len(people), _AT_ONCE):
        some = Explained.kpj_index.in_(people[start : start + _AT_ONCE])
        found.update(session.execute(query.where(some)).all())
    return found


def _note(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    act: str,
    kind: str | None,
    rows: int,
) -> None:
    documents.touch(portal, batch, actor)
    tell(portal, session, actor, batch, act, kind, rows)


def tell(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    act: str,
    kind: str | None,
    rows: int,
) -> None:
    """Note in the audit that rows were explained, or that it was taken back."""
    audit.record(
        portal,
        session,
        actor,
        act,
        batch.id,
        company_id=batch.company_id,
        batch=batch.id,
        kind=kind,
        rows=rows,
    )


def _missing(kind: str, key: CompanyKey, given: Explanation | None) -> Missing:
    if given is None:
        return Missing(kind, *label_of(kind), "", "", None)
    words = key.open(place(given.id), given.words).decode()
    return Missing(kind, *label_of(kind), words, given.giver.name, given.given_at)


def place(explanation_id: str) -> str:
    """Return the place that the words of an explanation are sealed for."""
    return f"explanations|{explanation_id}"
