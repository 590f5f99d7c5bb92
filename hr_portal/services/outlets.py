"""The outlets of the installation, and approved corrections given out by them, once each.

Giving out keeps the files as they were: their bytes under their SHA-256, by whom, when.
The first handover moves the batch to `forwarded`.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from hr_portal.adapters.database.models import Batch, Correction, Decision, Revision
from hr_portal.adapters.database.review_models import Handover, HandoverFile, OutletRow
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.spreadsheets import outlet_files
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import FIELD
from hr_portal.domain.outlets import (
    FORMATS,
    MOST_ROWS_A_FILE,
    Format,
    Line,
    Outlet,
    OutletColumn,
    cells,
    columns_of,
    files,
)
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.workflow import MOVES
from hr_portal.services import audit, crashpoints, retention, review_works, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.intake import keep_file, let_go
from hr_portal.services.review_guards import refuse_barred
from hr_portal.services.rowdata import walk_blocks

OPEN_TO = ("approved", "partly_approved", "forwarded", "completed")
"""States from which approved corrections may be given out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What giving out by an outlet would make of a batch."""

    outlet: Outlet
    corrections: int
    files: int
    left_out: dict[str, int]
    """Approved corrections that it doesn't carry, by field."""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """One kept file of a handover."""

    id: int
    name: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One handover: in which form, what, by whom, when."""

    id: int
    outlet: str
    label: str
    rows: int
    left_out: dict[str, int]
    made_by: str
    made_at: dt.datetime
    files: tuple[HandedFile, ...]


def listed(portal: Portal) -> list[Outlet]:
    """Return the outlets in their order."""
    with portal.db.read() as session:
        return [_outlet(row) for row in session.scalars(_in_order())]


def one(portal: Portal, key: str) -> Outlet:
    """Return an outlet by its key, or raise NotFound."""
    with portal.db.read() as session:
        row = session.get(OutletRow, key)
        if row is None:
            raise NotFound
        return _outlet(row)


def change(
    portal: Portal,
    actor: Actor,
    key: str,
    *,
    columns: str,
    rows_a_file: int | None,
    left_out: list[str],
    is_confirmed: bool,
) -> None:
    """Change what an outlet's files look like from now on; what was given out stays.

    `columns` is one "HEADER = source" a line. Raises Forbidden, NotFound, or Invalid
    with the line that can't be read.
    """
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")
    try:
        chosen = columns_of(columns)
    except ValueError as error:
        raise Invalid(*error.args, fields={"columns": str(error.args[0])}) from error
    if rows_a_file is None or not 1 <= rows_a_file <= MOST_ROWS_A_FILE:
        raise Invalid(
            "Baris per berkas harus 1 sampai 1.000.000.",
            "Rows a file must be 1 to 1,000,000.",
            fields={"rows_a_file": "1 sampai 1.000.000"},
        )
    with portal.db.write() as session:
        row = session.get(OutletRow, key)
        if row is None:
            raise NotFound
        row.columns = [[column.header, column.source] for column in chosen]
        row.rows_a_file, row.is_confirmed = rows_a_file, is_confirmed
        row.left_out = [one for one in FIELD if one in set(left_out)]
        audit.record(
            portal, session, actor, "outlet:changed", key,
            columns=len(chosen), rows_a_file=rows_a_file, left_out=row.left_out, confirmed=is_confirmed,
        )  # fmt: skip


def offers(portal: Portal, actor: Actor, batch_id: str) -> list[Offer]:
    """Return what each outlet would give out of a decided batch; [] where nothing is approved."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        if batch.state not in OPEN_TO:
            return []
        approved = _approved(session, decided_revision(session, batch))
        made = []
        for row in session.scalars(_in_order()):
            outlet = _outlet(row)
            left_out = {key: n for key, n in approved.items() if key in outlet.left_out}
            carried = sum(approved.values()) - sum(left_out.values())
            made.append(Offer(outlet, carried, -(-carried // outlet.rows_a_file), left_out))
        return made


def ask(
    portal: Portal, actor: Actor, batch_id: str, outlet_key: str, *, version: int | None
) -> int | None:
    """Have a worker give very many corrections out; returns the number of the work.

    None where they are so few that `hand_over` answers at once: nothing is written then.

    Raises:
        As `hand_over`; Conflict: another piece of work on the batch is not over.

    """
    with portal.db.write() as session:
        batch, outlet = _expect_open(portal, session, actor, batch_id, outlet_key, version)
        revision = decided_revision(session, batch)
        carried = _approved(session, revision)
        total = sum(n for key, n in carried.items() if key not in outlet.left_out)
        if total <= review_works.LARGE:
            return None
        work = review_works.ask(
            portal, session, actor, batch, revision, "forward", {"outlet": outlet.key}, total=total
        )
        return work.id


def hand_over(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    outlet_key: str,
    *,
    version: int | None,
    progress: Callable[[int], None] = lambda _done: None,
    at_end: Callable[[Session], None] = lambda _session: None,
) -> HandedOver:
    """Give the approved corrections of a batch out by an outlet, once.

    `progress` is told how many are written after each file; `at_end` is done in the transaction
    in which they count as given out.

    Raises:
        NotFound: no such batch or outlet. Forbidden: the actor may not review it.
        Conflict: not approved, given out by this outlet already, a stale version.
        Invalid: the outlet carries none of its corrections.

    """
    with portal.db.read() as session:
        batch, outlet = _expect_open(portal, session, actor, batch_id, outlet_key, version)
        revision, key = decided_revision(session, batch), portal.key(batch.company)
        about = {
            "npp": batch.company.npp, "company": batch.company.name, "batch": batch.number,
        }  # fmt: skip
        left_out: dict[str, int] = {}
        rows = list(cells(outlet, _lines(session, key, revision.id, outlet, left_out), about))
    if not rows:
        raise Invalid(
            f"Tidak ada koreksi yang dibawa bentuk “{outlet.label}”: semua yang disetujui memuat "
            f"{', '.join(FIELD[one].label for one in left_out)}. Pilih bentuk lain.",
            f"The form “{outlet.label_en}” carries none of it: all that is approved is "
            f"{', '.join(FIELD[one].label_en for one in left_out)}. Choose another form.",
            code="outlet_empty",
            fields={"outlet": outlet.key},
        )
    headers = [column.header for column in outlet.columns]
    parts = files(rows, outlet.rows_a_file)
    kept: list[tuple[str, StoredFile, int]] = []
    try:
        for number, part in enumerate(parts, start=1):
            content = outlet_files.write(outlet.format, headers, part)
            stored = portal.files.put(io.BytesIO(content), key.file_key, limit=len(content) + 1)
            counted = f"-{number}" if len(parts) > 1 else ""
            name = f"koreksi-{batch.number}-{outlet.key}{counted}.{outlet.format}"
            kept.append((name, stored, len(part)))
            crashpoints.passing("forward:stored")
            progress(sum(count for _name, _stored, count in kept))
        with portal.db.write() as session:
            batch, _ = _expect_open(portal, session, actor, batch_id, outlet_key, version)
            _expect_decided(session, batch, revision)
            given = Handover(
                batch_id=batch.id, revision_id=revision.id, outlet=outlet.key, label=outlet.label,
                rows=len(rows), left_out=left_out, made_by=actor.user_id, made_at=portal.clock(),
            )  # fmt: skip
            session.add(given)
            session.flush()
            for name, stored, count in kept:
                file_id = keep_file(portal, session, batch.company, stored)
                session.add(
                    HandoverFile(handover_id=given.id, file_id=file_id, name=name, rows=count)
                )
            if (batch.state, "forward") in MOVES:
                batch.state = MOVES[batch.state, "forward"].to
                batch.version += 1
            audit.record(
                portal, session, actor, "batch:forwarded", batch.id, company_id=batch.company_id,
                outlet=outlet.key, corrections=len(rows), files=len(parts),
                sha256=[stored.sha256 for _name, stored, _count in kept], version=batch.version,
            )  # fmt: skip
            at_end(session)
            crashpoints.passing("forward:written")
            made = given.id
    except BaseException:
        for _name, stored, _count in kept:
            let_go(portal, stored)
        raise
    return next(one for one in handed_over(portal, actor, batch_id) if one.id == made)


def handed_over(portal: Portal, actor: Actor, batch_id: str) -> list[HandedOver]:
    """Return the handovers of a batch, the latest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return [
            HandedOver(
                one.id,
                one.outlet,
                one.label,
                one.rows,
                dict(one.left_out),
                one.maker.name,
                one.made_at,
                tuple(
                    HandedFile(part.id, part.name, part.rows, part.file.size, part.file.sha256)
                    for part in one.files
                ),
            )
            for one in session.scalars(
                sa.select(Handover)
                .options(
                    joinedload(Handover.maker),
                    selectinload(Handover.files).joinedload(HandoverFile.file),
                )
                .where(Handover.batch_id == batch.id)
                .order_by(Handover.id.desc())
            )
        ]


def open_file(
    portal: Portal, actor: Actor, batch_id: str, part: int
) -> tuple[str, str, Iterator[bytes]]:
    """Return name, media type and bytes of a file that was given out; the look is an act.

    For reviewers only: it holds every identifier in full.
    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        found = session.scalar(
            sa.select(HandoverFile)
            .join(Handover, Handover.id == HandoverFile.handover_id)
            .options(joinedload(HandoverFile.file))
            .where(HandoverFile.id == part, Handover.batch_id == batch.id)
        )
        if found is None:
            raise NotFound
        retention.expect_kept(found.file)
        audit.record(
            portal, session, actor, "batch:handover_fetched", batch.id,
            company_id=batch.company_id, file=found.id, sha256=found.file.sha256,
        )  # fmt: skip
        form = cast("Format", found.name.rpartition(".")[2])
        stored, key = found.file.name, portal.key(batch.company)
        return found.name, outlet_files.MEDIA_TYPES[form], portal.files.chunks(stored, key.file_key)


def decided_revision(session: Session, batch: Batch) -> Revision:
    """Return the revision that the latest decision on a batch is about."""
    return session.scalars(
        sa.select(Revision)
        .join(
            Decision,
            sa.and_(
                Decision.batch_id == Revision.batch_id, Decision.revision_number == Revision.number
            ),
        )
        .where(Revision.batch_id == batch.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).one()


def _expect_decided(session: Session, batch: Batch, revision: Revision) -> None:
    """Refuse where the batch was reopened and decided anew while its files were written."""
    if decided_revision(session, batch).id != revision.id:
        raise visible.stale(batch)


def _approved(session: Session, revision: Revision) -> dict[str, int]:
    """Count the approved corrections of a revision by field."""
    return dict(
        session.execute(
            sa.select(Correction.field, sa.func.count())
            .where(Correction.revision_id == revision.id, Correction.verdict == "approve")
            .group_by(Correction.field)
        ).all()
    )


def _expect_open(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch_id: str,
    outlet_key: str,
    version: int | None,
) -> tuple[Batch, Outlet]:
    batch = visible.batch(session, actor, batch_id, action="batch.review")
    row = session.get(OutletRow, outlet_key)
    if row is None:
        raise NotFound
    if batch.state not in OPEN_TO:
        raise Conflict(
            f"Pengajuan {batch.number} belum disetujui, jadi belum ada yang dapat diteruskan.",
            f"Submission {batch.number} is not approved, so there is nothing to forward yet.",
            code="not_approved",
        )
    known = session.scalar(
        sa.select(Handover)
        .options(joinedload(Handover.maker))
        .where(Handover.batch_id == batch.id, Handover.outlet == outlet_key)
    )
    if known is not None:
        raise Conflict(
            f"Sudah diteruskan dalam bentuk “{known.label}” oleh {known.maker.name}. Unduh berkasnya di bawah.",
            f"Forwarded as “{known.label}” by {known.maker.name} already. Download its files below.",
            code="already_forwarded",
        )
    visible.expect_version(batch, version)
    refuse_barred(portal, session, batch, actor, is_past=True)
    return batch, _outlet(row)


def _lines(
    session: Session, key: CompanyKey, revision_id: int, outlet: Outlet, left_out: dict[str, int]
) -> Iterator[Line]:
    """Open the approved corrections in the order of the sheet; count what is left out."""
    approved = {
        (number, field)
        for number, field in session.execute(
            sa.select(Correction.row_number, Correction.field).where(
                Correction.revision_id == revision_id, Correction.verdict == "approve"
            )
        )
    }
    for block in walk_blocks(session, key, revision_id):
        for slot, number in enumerate(block.numbers):
            row = block.row(slot)
            # the agency knows people by what is on record, not by what shall become of it
            employee = {
                name: row.changes[name][0] if name in row.changes else value
                for name, value in row.employee.items()
            }
            for field, (before, after) in row.changes.items():
                if (number, field) not in approved:
                    continue
                if field in outlet.left_out:
                    left_out[field] = left_out.get(field, 0) + 1
                yield Line(number, field, FIELD[field].label, before, after, employee)


def _in_order() -> sa.Select[OutletRow]:
    return sa.select(OutletRow).order_by(OutletRow.place, OutletRow.key)


def _outlet(row: OutletRow) -> Outlet:
    return Outlet(
        row.key,
        row.label,
        row.label_en,
        next(one for one in FORMATS if one == row.format),
        tuple(OutletColumn(header, source) for header, source in row.columns),
        frozenset(row.left_out),
        row.rows_a_file,
        row.is_confirmed,
    )
