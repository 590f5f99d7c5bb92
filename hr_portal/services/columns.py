"""What the columns of a file are: asked where the reader is not sure, and answered once.

The answer is taken in one transaction with the order to read again, so a worker
killed between the two loses nothing; of two answers the first one counts.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, ColumnLayout, File, Job, Revision
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.columns import ROLE_WORDS
from hr_portal.domain.layouts import Fault
from hr_portal.domain.permissions import Actor
from hr_portal.domain.questions import HowToRead, Question
from hr_portal.domain.table import Table
from hr_portal.domain.told import CHOOSE, UNKNOWN, Told
from hr_portal.services import audit, crashpoints, intake, jobs, layouts, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.intake import Taken, taken


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the page around it needs."""

    question: Question
    known_at: dt.datetime | None
    """When the layout was explained by which columns are proposed."""
    may_leave: bool
    """Whether an earlier reading of the same file stands behind it."""


def orders(session: Session, key: CompanyKey, revision: Revision) -> HowToRead:
    """Return how a revision is to be read: by its answer, or by what is remembered."""
    answer = revision.answer or {}
    header = answer.get("header")
    return HowToRead(
        sheet=answer.get("sheet"),
        header=(header[0], header[1]) if header else None,
        columns=answer.get("columns"),
        known=layouts.known(session, key, revision.batch.company_id),
        ask="always" if answer.get("again") else "unsure",
    )


def ask(portal: Portal, session: Session, revision: Revision, question: Question) -> None:
    """Let a revision wait for the answer to a question, in the session's transaction."""
    revision.state = "asking"
    key = portal.key(revision.batch.company)
    revision.question = key.seal(_place(revision.id), orjson.dumps(question.packed()))
    audit.record(
        portal,
        session,
        None,
        "revision:asked",
        str(revision.id),
        company_id=revision.batch.company_id,
        batch=revision.batch_id,
        columns=sum(column.is_asked for column in question.columns),
        sheets=len(question.sheets),
    )


def note_reading(portal: Portal, session: Session, revision: Revision, table: Table) -> None:
    """Keep by which layout a checked revision was read, and a layout that was to be remembered."""
    revision.question = None
    revision.known_layout_at = None
    used = session.get(ColumnLayout, table.known_layout) if table.known_layout else None
    if used is not None:
        revision.known_layout_at = used.made_at
        layouts.note_use(portal, session, used.id)
    answer = revision.answer or {}
    if answer.get("remember") and not answer.get("columns") and table.fingerprint:
        layouts.remember(
            portal,
            session,
            revision.batch.company,
            revision.uploaded_by,
            table.fingerprint,
            table.sheet,
            [(header, word) for header, word in zip(table.names, table.words, strict=True)],
        )


def question(portal: Portal, actor: Actor, batch_id: str) -> Asked:
    """Return what is asked about the current revision of a batch.

    Raises:
        NotFound, Forbidden: not theirs to see or to answer.
        Conflict: nothing is asked (any more).

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = _asking(session, batch)
        held = _question(portal.key(batch.company), revision)
        known = session.get(ColumnLayout, held.known_layout) if held.known_layout else None
        return Asked(
            held,
            known.made_at if known else None,
            may_leave=_behind(session, batch, revision) is not None,
        )


def answer(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    remember: bool = True,
    idempotency_key: str | None = None,
) -> Taken:
    """Answer what is asked: a sheet, or by column letters what the columns are.

    Columns that are not named stay as proposed. The file is read again with the
    answer; the same key answers once.

    Raises:
        NotFound, Forbidden, Conflict (nothing asked any more, or a stale version).
        Invalid: no such sheet or column, a column left open, or no table comes of it.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = visible.current_revision(session, batch)
        given = revision.answer or {}
        if idempotency_key and given.get("key") == idempotency_key:
            return taken(batch, revision, repeated=True)
        visible.expect_version(batch, version)
        revision = _asking(session, batch)
        if batch.state != "draft":
            raise intake.closed(batch)
        asked = _question(portal.key(batch.company), revision)
        if columns is None or not asked.columns:
            chosen: dict[str, Any] = {"sheet": _checked_sheet(asked, sheet)}
        else:
            words = _checked_columns(asked, columns)
            chosen = {"sheet": asked.sheet or None, "header": asked.header, "columns": words}
            if remember and asked.fingerprint:
                layouts.remember(
                    portal,
                    session,
                    batch.company,
                    actor.user_id,
                    asked.fingerprint,
                    asked.sheet,
                    [(one.header, words[one.letters]) for one in asked.columns],
                )
        revision.answer = {**chosen, "remember": remember, "key": idempotency_key}
        revision.state = "received"
        revision.question = None
        revision.progress_done = revision.progress_total = 0
        jobs.again(portal, session, "read", str(revision.id))
        intake.reopen(portal, batch, actor)
        audit.record(
            portal,
            session,
            actor,
            "batch:columns_answered",
            batch.id,
            company_id=batch.company_id,
            revision=revision.number,
            remembered=remember,
        )
        crashpoints.passing("columns:answered")
    crashpoints.passing("columns:committed")
    return taken(batch, revision, repeated=False)


def ask_again(portal: Portal, actor: Actor, batch_id: str, *, version: int | None) -> Taken:
    """Ask anew about the columns of a draft that was read: its next revision is the same file.

    Raises:
        NotFound, Forbidden, Conflict: stale, no draft, or its file is no longer there.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        before = visible.current_revision(session, batch)
        if batch.state != "draft":
            raise intake.closed(batch)
        if before.state != "checked" or before.file_id is None:
            raise Conflict(
                "Kolom hanya dapat diubah pada berkas yang sudah selesai diperiksa dan masih tersimpan. Unggah ulang "
                "berkasnya untuk memulai lagi.",
                "Columns can only be changed for a file that has been checked and is still kept. Upload it again to "
                "begin anew.",
                code="nothing_to_ask",
            )
        held = sa.select(File.id).where(File.id == before.file_id)
        session.execute(held.with_for_update(key_share=True, read=True))
        batch.revision_number += 1
        revision = Revision(
            batch_id=batch.id,
            number=batch.revision_number,
            file_id=before.file_id,
            file_name=before.file_name,
            file_size=before.file_size,
            sha256=before.sha256,
            layout_asked=before.layout_asked,
            answer={**(before.answer or {}), "again": True, "key": None},
            uploaded_by=actor.user_id,
            uploaded_at=portal.clock(),
            state="received",
        )
        session.add(revision)
        session.flush()
        jobs.add(portal, session, "read", str(revision.id))
        intake.reopen(portal, batch, actor)
        audit.record(
            portal,
            session,
            actor,
            "batch:columns_reopened",
            batch.id,
            company_id=batch.company_id,
            revision=batch.revision_number,
        )
        return taken(batch, revision, repeated=False)


def leave(portal: Portal, actor: Actor, batch_id: str, *, version: int | None) -> None:
    """Leave the columns as they were before `ask_again`; the reading behind it stands again.

    Raises:
        NotFound, Forbidden, Conflict: stale, or there is nothing to go back to.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        revision = _asking(session, batch)
        if _behind(session, batch, revision) is None:
            raise _nothing_asked(batch)
        job = sa.delete(Job).where(Job.kind == "read", Job.subject == str(revision.id))
        session.execute(job)
        session.delete(revision)
        batch.revision_number -= 1
        intake.reopen(portal, batch, actor)
        audit.record(
            portal,
            session,
            actor,
            "batch:columns_left",
            batch.id,
            company_id=batch.company_id,
            revision=batch.revision_number,
        )


def _place(revision_id: int) -> str:
    return f"revisions|{revision_id}|question"


def _question(key: CompanyKey, revision: Revision) -> Question:
    if revision.question is None:
        msg = "a revision that asks always has its question"
        raise RuntimeError(msg)
    return Question.unpacked(orjson.loads(key.open(_place(revision.id), revision.question)))


def _asking(session: Session, batch: Batch) -> Revision:
    revision = visible.current_revision(session, batch)
    if revision.state != "asking":
        raise _nothing_asked(batch)
    return revision


def _nothing_asked(batch: Batch) -> Conflict:
    return Conflict(
        f"Tidak ada lagi yang perlu dipastikan tentang kolom pengajuan {batch.number}: pertanyaannya sudah dijawab "
        "atau berkasnya sudah diganti. Buka halaman pengajuan untuk melihat keadaannya sekarang.",
        f"Nothing is to be said about the columns of submission {batch.number} any more: the question has been "
        "answered or the file replaced. Open the submission to see how it stands now.",
        code="nothing_to_ask",
    )


def _behind(session: Session, batch: Batch, revision: Revision) -> Revision | None:
    """Return the revision that `ask_again` was called on, while nothing has changed since."""
    if not (revision.answer or {}).get("again"):
        return None
    return session.scalar(
        sa.select(Revision).where(
            Revision.batch_id == batch.id,
            Revision.number == revision.number - 1,
            Revision.state == "checked",
        )
    )


def _checked_sheet(asked: Question, sheet: str | None) -> str:
    if sheet not in {one.name for one in asked.sheets}:
        raise Invalid(
            "Pilih lembar yang akan dibaca.",
            "Choose the sheet to be read.",
            code="sheet_missing",
            fields={"sheet": CHOOSE},
        )
    return str(sheet)


def _checked_columns(asked: Question, columns: Mapping[str, str]) -> dict[str, str]:
    known = {one.letters: one for one in asked.columns}
    strange = [name for name in columns if name not in known]
    odd = [name for name, word in columns.items() if word and word not in ROLE_WORDS]
    if strange or odd:
        named = (strange or odd)[0][:20]
        raise Invalid(
            f"Kolom {named} atau isinya tidak dikenal. Muat ulang halaman, lalu pilih dari daftar.",
            f"Column {named} or its content is not known. Reload the page and choose from the list.",
            code="column_unknown",
            fields={named: UNKNOWN},
        )
    words = {**asked.guesses(), **columns}
    bare = [name for name, word in words.items() if not word]
    if bare:
        named = f"{bare[0]} “{known[bare[0]].header[:40]}”"
        raise Invalid(
            f"Pilih isi kolom {named}.",
            f"Choose what column {named} holds.",
            code="column_open",
            fields=dict.fromkeys(bare, CHOOSE),
        )
    fault = asked.judge(words)
    if fault is not None:
        raise _unfit(asked, fault)
    return words


def _unfit(asked: Question, fault: Fault) -> Invalid:
    places = [asked.columns[at] for at in fault.columns]
    named = [f"{one.letters} “{one.header[:40]}”" for one in places]
    fields = dict.fromkeys(
        (one.letters for one in places), Told("Periksa pilihannya", "Look at this choice")
    )
    if fault.kind == "duplicate":
        meant = fault.names[0]
        return Invalid(
            f"Kolom {named[0]} dan {named[1]} sama-sama dipilih sebagai {meant}. Satu data hanya dari satu kolom: "
            "pilih data lain untuk salah satunya, atau abaikan.",
            f"Columns {named[0]} and {named[1]} are both chosen as {meant}. A datum comes from one column only: "
            "choose another one for either, or leave it out.",
            code="column_twice",
            fields=fields,
        )
    if fault.kind == "mixed":
        return Invalid(
            f"Kolom Data dan Menjadi (satu koreksi per baris) tidak dapat dipakai bersama {', '.join(named)} (satu "
            "karyawan per baris). Abaikan salah satunya.",
            f"The columns Data and Menjadi (one correction a row) can't be used together with {', '.join(named)} (one "
            "employee a row). Leave one of them out.",
            code="columns_mixed",
            fields=fields,
        )
    return Invalid(
        f"Kolom wajib ini belum ada: {', '.join(fault.names)}. Pilih kolom yang memuatnya; jika memang tidak ada di "
        "berkas, tambahkan di Excel lalu ganti berkasnya.",
        f"These required columns are missing: {', '.join(fault.names_en)}. Choose the column that holds them; if the "
        "file has none, add it in Excel and replace the file.",
        code="columns_missing",
    )
