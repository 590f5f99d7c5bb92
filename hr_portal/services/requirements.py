"""The table of required documents in its versions: which judges a batch, and how an admin edits it.

Version 1 is built in. A batch is judged, as long as it lives, by the version that was in force
when it was begun (decision 76). The next version is prepared in one draft that admins share.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.database.requirement_models import RequirementDraft, RequirementVersion
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.requirements import (
    BUILT_IN,
    CORRECTIONS,
    FIRST,
    Change,
    Table,
    differences,
    packed,
    unpacked,
)
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound

MOST_NOTE = 500
_DRAFT = 1
_BY_ADMIN = ["a"]


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its table; the first has neither maker nor day."""

    number: int
    table: Table
    note: str = ""
    made_by: str = ""
    made_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next version is to be, and what it changes in the one it was begun from."""

    table: Table
    based_on: int
    edition: int
    changed_by: str
    changed_at: dt.datetime
    changes: tuple[Change, ...]


_BUILT_IN = Version(FIRST, BUILT_IN)


def of_batch(session: Session, batch: Batch) -> Version:
    """Return the version that judges a batch: the one in force when it was begun."""
    row = session.scalar(_WHEN_BEGUN, {"begun": batch.created_at})
    return _version(row) if row else _BUILT_IN


_WHEN_BEGUN: Final = (
    sa.select(RequirementVersion)
    .where(RequirementVersion.made_at <= sa.bindparam("begun"))
    .order_by(RequirementVersion.number.desc())
    .limit(1)
)
"""Made once: the bench asks it for each row."""


def versions(portal: Portal) -> list[Version]:
    """Return all versions, the one in force first."""
    with portal.db.read() as session:
        return _all(session)


def one(portal: Portal, number: int) -> Version:
    """Return a version, or raise NotFound."""
    with portal.db.read() as session:
        return _one(session, number)


def in_force(portal: Portal) -> Version:
    """Return the version by which batches begun now are judged."""
    with portal.db.read() as session:
        return _in_force(session)


def draft(portal: Portal, actor: Actor) -> Draft | None:
    """Return the draft of the next version, if there is one. Raises Forbidden."""
    _only_admin(actor)
    with portal.db.read() as session:
        row = session.get(RequirementDraft, _DRAFT, options=[joinedload(RequirementDraft.changer)])
        if row is None:
            return None
        table = unpacked(row.based_on + 1, row.cells)
        changes = differences(_one(session, row.based_on).table, table)
        return Draft(table, row.based_on, row.edition, row.changer.name, row.changed_at, changes)


def change(
    portal: Portal,
    actor: Actor,
    correction: str,
    needs: Mapping[str, tuple[str, str]],
    *,
    seen: int,
) -> None:
    """Say in the draft what one kind of correction asks for; begins the draft where there is none.

    `needs` gives for each document the need of active workers and of those who resigned, "" for
    none; `seen` is the edition of the draft the page showed, 0 where there was none. A cell as
    in the version before keeps its sources, any other is the admin's.

    Raises:
        Forbidden: not an admin. NotFound: no such correction. Conflict: changed since.
        Invalid: an unknown document or need, or one document of which one is to be enough.

    """
    _only_admin(actor)
    if correction not in CORRECTIONS:
        raise NotFound
    try:
        with portal.db.write() as session:
            row = _locked(session)
            _expect_seen(row, seen)
            base = _one(session, row.based_on) if row else _in_force(session)
            cells = dict(row.cells) if row else packed(base.table)
            known = {cell[0]: cell for cell in packed(base.table)[correction]}
            cells[correction] = [
                known[document]
                if document in known and [active or None, left or None] == known[document][1:3]
                else [document, active or None, left or None, _BY_ADMIN]
                for document, (active, left) in needs.items()
                if active or left
            ]
            table = _understood(base.number + 1, cells)
            if row is None:
                row = RequirementDraft(id=_DRAFT, based_on=base.number, edition=0)
                session.add(row)
            row.cells, row.edition = packed(table), row.edition + 1
            row.changed_by, row.changed_at = actor.user_id, portal.clock()
            audit.record(
                portal, session, actor, "requirements:drafted", correction,
                based_on=base.number, edition=row.edition,
            )  # fmt: skip
    except IntegrityError:  # somebody else has just begun one
        raise _overtaken() from None


def discard(portal: Portal, actor: Actor, *, seen: int) -> None:
    """Throw the draft away. Raises Forbidden; Conflict where it was changed since."""
    _only_admin(actor)
    with portal.db.write() as session:
        row = _locked(session)
        _expect_seen(row, seen)
        if row is not None:
            session.delete(row)
            audit.record(portal, session, actor, "requirements:draft_discarded", str(row.based_on))


def put_into_force(portal: Portal, actor: Actor, *, note: str, seen: int) -> int:
    """Make the draft the version by which batches begun from now on are judged; its number.

    Raises:
        Forbidden: not an admin. Invalid: no note, or nothing is changed.
        Conflict: the draft was changed since, or another version came into force meanwhile.

    """
    _only_admin(actor)
    words = _note(note)
    try:
        with portal.db.write() as session:
            row = _locked(session)
            _expect_seen(row, seen)
            if row is None:
                raise _overtaken()
            number = _put(portal, session, actor, row.based_on, row.cells, words)
            session.delete(row)
            return number
    except IntegrityError:
        raise _overtaken() from None


def publish(
    portal: Portal,
    actor: Actor,
    *,
    based_on: int,
    note: str,
    cells: Mapping[str, list[list[object]]],
) -> int:
    """Put a table into force at once, without a draft; its number. Raises as `put_into_force`.

    `based_on` is the version the caller changed; corrections left out ask for what they did.
    """
    _only_admin(actor)
    words = _note(note)
    try:
        with portal.db.write() as session:
            base = packed(_in_force(session).table)
            return _put(portal, session, actor, based_on, {**base, **cells}, words)
    except IntegrityError:
        raise _overtaken() from None


def _put(
    portal: Portal,
    session: Session,
    actor: Actor,
    based_on: int,
    cells: Mapping[str, list[list[object]]],
    note: str,
) -> int:
    current = _in_force(session)
    if current.number != based_on:
        raise Conflict(
            f"Versi {current.number} sudah berlaku sejak versi {based_on} yang Anda ubah. Bandingkan keduanya, "
            "buang draf ini, lalu ubah versi yang baru.",
            f"Version {current.number} has come into force since version {based_on}, which you changed. "
            "Compare them, discard this draft, and change the new version.",
            code="version_conflict",
        )
    table = _understood(based_on + 1, cells)
    changes = differences(current.table, table)
    if not changes:
        raise Invalid(
            f"Tidak ada yang berubah terhadap versi {based_on}. Ubah sedikitnya satu syarat.",
            f"Nothing differs from version {based_on}. Change at least one requirement.",
            fields={"cells": "Tidak berubah"},
        )
    session.add(
        RequirementVersion(
            number=table.number, cells=packed(table), note=note, made_by=actor.user_id,
            # never before the one it follows, whatever the clock says
            made_at=max(portal.clock(), current.made_at or portal.clock()),
        )
    )  # fmt: skip
    session.flush()
    audit.record(
        portal, session, actor, "requirements:in_force", str(table.number),
        changes=len(changes), note=note,
    )  # fmt: skip
    return table.number


def _understood(number: int, cells: Mapping[str, list[list[object]]]) -> Table:
    try:
        return unpacked(number, cells)
    except ValueError as error:
        raise Invalid(*error.args, fields={"cells": str(error.args[0])}) from error


def _note(text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > MOST_NOTE:
        raise Invalid(
            f"Tulis catatan versi ini, sampai {MOST_NOTE} huruf: apa yang berubah, dan atas dasar apa.",
            f"Write a note on this version, up to {MOST_NOTE} characters: what changes, and on what grounds.",
            fields={"note": "Wajib diisi" if not words else "Terlalu panjang"},
        )
    return words


def _locked(session: Session) -> RequirementDraft | None:
    return session.scalar(
        sa.select(RequirementDraft).where(RequirementDraft.id == _DRAFT).with_for_update()
    )


def _expect_seen(row: RequirementDraft | None, seen: int) -> None:
    if (row.edition if row else 0) != seen:
        raise _overtaken()


def _overtaken() -> Conflict:
    return Conflict(
        "Admin lain mengubah draf ini setelah Anda membukanya. Perubahan Anda belum disimpan: periksa draf yang "
        "sekarang, lalu ulangi.",
        "Another admin has changed this draft since you opened it. Your change was not kept: look at the "
        "draft as it is now, and do it again.",
        code="version_conflict",
    )


def _all(session: Session) -> list[Version]:
    rows = session.scalars(
        sa.select(RequirementVersion)
        .options(joinedload(RequirementVersion.maker))
        .order_by(RequirementVersion.number.desc())
    )
    return [*map(_version, rows), _BUILT_IN]


def _one(session: Session, number: int) -> Version:
    if number == FIRST:
        return _BUILT_IN
    row = session.get(RequirementVersion, number, options=[joinedload(RequirementVersion.maker)])
    if row is None:
        raise NotFound
    return _version(row)


def _in_force(session: Session) -> Version:
    return _all(session)[0]


def _version(row: RequirementVersion) -> Version:
    return Version(
        row.number, unpacked(row.number, row.cells), row.note, row.maker.name, row.made_at
    )


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")
