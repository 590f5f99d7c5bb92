"""What waited for the virus scanner, asked about anew: taken in, or refused by name."""

from typing import Literal

import sqlalchemy as sa

from hr_portal.adapters.database.document_models import HeldDocument
from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.scanner import NoVerdict
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.matching import Match, match
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    accounts,
    audit,
    crashpoints,
    documents,
    filing,
    jobs,
    mapping_store,
    scanning,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.intake import clean_file_name, let_go

_Ends = Literal["kept", "closed", "later"]


def scan_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Ask about all that waits in one batch; the end of a "scan" job.

    One that the scanner says nothing of stops the rest only where it says nothing at all.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    with portal.db.read() as session:
        listed = session.scalars(
            sa.select(HeldDocument.id)
            .where(HeldDocument.batch_id == claimed.subject, HeldDocument.refused.is_(None))
            .order_by(HeldDocument.uploaded_at, HeldDocument.id)
        ).all()
    for held_id in listed:
        try:
            _ask(portal, claimed, held_id)
        except NoVerdict as silent:
            with portal.db.write() as session:
                jobs.hold(portal, session, claimed)
                session.execute(
                    sa.update(HeldDocument)
                    .where(HeldDocument.id == held_id)
                    .values(cause=silent.cause)
                )
            if portal.scanner is None or not portal.scanner.is_there():
                break
    with portal.db.write() as session:
        if session.scalar(scanning.waiting(claimed.subject)):
            scanning.pause(portal, session, claimed)
        else:
            jobs.finish(session, claimed)


def _ask(portal: Portal, claimed: jobs.Claim, held_id: str) -> None:
    """Ask about one and do what follows; raises NoVerdict where nothing does."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        held = session.get(HeldDocument, held_id)
        if held is None or held.stored is None:
            return  # taken off meanwhile
        batch = session.get_one(Batch, held.batch_id)
        key = portal.key(batch.company)
        path, stored = scanning.path_of(held, key), held.stored
        uploader = held.uploaded_by
    actor = accounts.load_actor(portal, uploader)
    data = portal.files.read(stored, key.file_key)
    name = clean_file_name(path)
    ends: _Ends = "closed"
    refused: Invalid | None = None
    if actor is not None and batch.state == "draft":
        try:
            scanning.expect_clean(portal, actor, batch, data, name)
            known = filing.known_hashes(portal, batch.id, [held.sha256]) if held.by_name else set()
            prepared = filing.prepare(portal, key, data, path, known)
            crashpoints.passing("quarantine:prepared")
            ends = _keep(portal, claimed, actor, held_id, key, prepared)
        except Invalid as error:
            refused = error
    if ends == "later":
        return
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        found = session.get(HeldDocument, held_id)
        if found is not None and refused is not None:
            scanning.refuse(found, key, refused.code, refused.message, refused.message_en)
        elif found is not None and ends == "closed":
            session.delete(found)  # nobody can add to this batch any more
            audit.record(
                portal, session, None, "document:hold_ended", held_id,
                company_id=batch.company_id, batch=batch.id,
            )  # fmt: skip
    portal.files.delete(stored)


def _keep(
    portal: Portal,
    claimed: jobs.Claim,
    actor: Actor,
    held_id: str,
    key: CompanyKey,
    prepared: filing.Prepared,
) -> _Ends:
    """Make a document of the batch of what was clean, as if it came now.

    Where its rows are being checked anew it waits until they are.
    """
    try:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            held = session.get(HeldDocument, held_id)
            if held is None:
                raise NotFound  # noqa: TRY301 - taken off meanwhile: the copy is removed below
            batch = visible.batch(session, actor, held.batch_id, action="batch.edit")
            revision = filing.expect_draft(session, batch)
            row = held.row_number
            if held.by_name:
                roster = filing.roster_of(session, key, batch, revision)
                mapping = mapping_store.of_batch(session, key, batch.id)
                path = prepared.path[-filing.MOST_PATH :]
                told = filing.with_kind(match(path, roster, mapping), held.kind)
                filing.record(portal, session, actor, batch, key, prepared, told)
            elif row is not None and not documents.has_row(session, revision, row):
                told = Match((), held.kind, "none", 0, "")  # its row has gone meanwhile: the tray
                filing.record(portal, session, actor, batch, key, prepared, told)
            elif prepared.safe is not None and prepared.stored is not None:
                documents.keep(
                    portal, session, actor, batch, key, prepared.safe, prepared.stored,
                    digest=prepared.source_sha256, name=clean_file_name(prepared.path),
                    kind=held.kind or "lain", row=row,
                )  # fmt: skip
            documents.touch(portal, batch, actor)
            session.delete(held)
    except BaseException as error:
        if prepared.stored is not None:
            let_go(portal, prepared.stored)
        if isinstance(error, Conflict) and error.code == "not_checked":
            return "later"
        if isinstance(error, (Conflict, Forbidden, NotFound)):
            return "closed"
        raise
    return "kept"
