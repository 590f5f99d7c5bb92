"""Handing a batch over: what is still missing, the declaration, and taking it back."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    FindingRow,
    Revision,
    Row,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.requirements import label_of
from hr_portal.domain.wording import MOST_LISTED, first_of, grouped_number
from hr_portal.domain.workflow import MOVES
from hr_portal.services import (
    archives,
    audit,
    calendar,
    copying,
    coverage,
    crashpoints,
    documents,
    intake,
    letter_facts,
    letter_views,
    long_acts,
    meanwhile,
    notices,
    papers,
    past,
    placing,
    queue_words,
    rechecking,
    scanning,
    staging,
    summaries,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.following import Along
from hr_portal.services.reasons import reason_of


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that keeps a draft from being submitted, and where to mend it."""

    code: str
    message: str
    message_en: str
    step: str
    """The step that mends it: hasil, dokumen, surat or berkas."""
    count: int = 0


def lacks(portal: Portal, actor: Actor, batch_id: str) -> list[Lack]:
    """Return what is still missing before a draft may be submitted; [] = ready."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return lacks_of(session, batch)


SAID: dict[str, tuple[str, str, str]] = {
    "file_unreadable": (
        "berkas",
        "Berkas tidak dapat dibaca; unggah berkas yang benar.",
        "The file can't be read; upload a proper one.",
    ),
    "not_checked": (
        "berkas",
        "Berkas belum selesai diperiksa.",
        "The file is still being checked.",
    ),
    "recheck_due": (
        "hasil",
        "Perubahan terakhir sedang diperiksa ulang; tunggu sebentar.",
        "The latest changes are being checked; wait a moment.",
    ),
    "long_act_under_way": (
        "hasil",
        "Perubahan besar sedang dikerjakan; tunggu sampai selesai.",
        "A large change is being made; wait until it is done.",
    ),
    "rows_refused": (
        "hasil",
        "{n} baris tidak dapat dibaca; perbaiki berkasnya lalu unggah ulang.",
        "{n} rows could not be read; mend the file and upload it again.",
    ),
    "columns_unanswered": (
        "berkas",
        "Isi beberapa kolom, atau lembarnya, perlu Anda pastikan sebelum berkas diperiksa.",
        "Some columns, or the sheet, need your word before the file can be checked.",
    ),
    "rows_invalid": (
        "hasil",
        "{n} baris masih perlu diperbaiki.",
        "{n} rows still need mending.",
    ),
    "file_invalid": (
        "hasil",
        "{n} kesalahan pada seluruh kolom atau berkas perlu diperbaiki.",
        "{n} errors on whole columns or the file need mending.",
    ),
    "no_corrections": (
        "berkas",
        "Berkas ini tidak memuat koreksi apa pun.",
        "This file holds no correction.",
    ),
    "letter_too_big": (
        "hasil",
        "Satu surat memuat paling banyak {most} koreksi; pengajuan ini memuat {many}. Bagi menjadi dua.",
        "A letter holds at most {most_en} corrections; this submission has {many_en}. Divide it in two.",
    ),
    "document_missing": (
        "dokumen",
        "{n} baris wajib disertai dokumen: baris {rows}.",
        "{n} rows need a document: rows {rows}.",
    ),
    "documents_lacking": (
        "dokumen",
        "{n} baris belum dilengkapi dokumen wajib: {what}. Lampirkan, atau nyatakan alasannya di halaman Dokumen.",
        "{n} rows lack a required document: {what_en}. Attach it, or state the reason on the page Documents.",
    ),
    "documents_in_tray": (
        "dokumen",
        "{n} dokumen di baki belum ditempatkan pada barisnya; tempatkan atau lepas.",
        "{n} documents in the tray have no row yet; place them or take them off.",
    ),
    "documents_unscanned": (
        "dokumen",
        "{n} dokumen menunggu pemindaian virus; tunggu, atau hapus dari daftar tunggu.",
        "{n} documents wait for the virus scanner; wait, or take them off the list.",
    ),
    "archives_unpacking": (
        "dokumen",
        "{n} ZIP dokumen masih dikeluarkan isinya; tunggu sampai selesai, atau hentikan.",
        "{n} ZIPs of documents are still being unpacked; wait until that is done, or stop it.",
    ),
    "warnings_unconfirmed": (
        "hasil",
        "{n} peringatan belum Anda pastikan.",
        "{n} warnings are not confirmed yet.",
    ),
    "letter_missing": (
        "surat",
        "Surat permohonan koreksi belum diterbitkan.",
        "The letter of request has not been issued.",
    ),
    "letter_stale": (
        "surat",
        "Isi berubah setelah surat {number} terbit; terbitkan surat pengganti.",
        "The content has changed since letter {number}; issue a new one.",
    ),
}
"""Per lack: the step that mends it, and its sentence in both languages."""


def lacks_of(session: Session, batch: Batch, looked: coverage.Looked | None = None) -> list[Lack]:
    """As `lacks`, inside a session; with what was `looked` at for one that decides by it."""
    revision = visible.current_revision(session, batch)
    if revision.state != "checked":
        waits = {"unreadable": "file_unreadable", "asking": "columns_unanswered"}
        return [_lack(waits.get(revision.state, "not_checked"))]
    bare = documents.rows_without_document(session, revision)
    helped, waiting, held, unpacking = _counted(session, batch, revision)
    if looked is None:
        lacking = coverage.lacking(session, batch, revision)
    else:
        lacking = coverage.lacking_now(session, batch, revision, looked)
    many = sum(revision.fields.values())
    counts = {
        "recheck_due": int(revision.rechecked != revision.edited),
        "long_act_under_way": int(long_acts.is_under_way(session, revision.id)),
        "rows_refused": revision.rows_refused,
        "rows_invalid": revision.rows_invalid - helped,
        "file_invalid": _count_file_wide(session, revision),
        "no_corrections": 0 if _has_corrections(session, revision) else 1,
        "letter_too_big": many if many > letter_facts.MAX_LINES else 0,
        "document_missing": len(bare),
        "documents_lacking": lacking.rows,
        "documents_in_tray": waiting,
        "documents_unscanned": held,
        "archives_unpacking": unpacking,
        "warnings_unconfirmed": _unconfirmed(session, revision),
    }
    words = {
        "most": grouped_number(letter_facts.MAX_LINES),
        "most_en": f"{letter_facts.MAX_LINES:,}",
        "many": grouped_number(many),
        "many_en": f"{many:,}",
        "rows": first_of(bare),
        "what": _kinds(lacking.first, 0),
        "what_en": _kinds(lacking.first, 1),
    }
    found = [_lack(code, count, **words) for code, count in counts.items() if count]
    letter = letter_views.current_letter(session, batch.id)
    if letter is None:
        found.append(_lack("letter_missing"))
    elif letter_views.is_stale(session, letter, revision):
        found.append(_lack("letter_stale", number=letter.number))
    return found


def _lack(code: str, count: int = 0, **words: str) -> Lack:
    step, said, said_en = SAID[code]
    return Lack(code, said.format(n=count, **words), said_en.format(n=count, **words), step, count)


def _has_corrections(session: Session, revision: Revision) -> bool:
    if revision.fields:
        return True
    asked = sa.exists().where(Correction.revision_id == revision.id)
    return bool(session.scalar(sa.select(asked)))


def submit(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    declaration: bool,
    typed_name: str | None = None,
) -> None:
    """Submit a draft to its branch.

    `declaration` is HRD's tick; `typed_name`, where the form asks for it, has
    to be the name on the account (case and spaces don't matter).

    Raises:
        NotFound, Forbidden, Conflict (stale version, no draft).
        Invalid: something is missing (`fields` holds a sentence for each), or the company's
            history has gone on since the check, and the rows are checked anew.

    """
    asked, looked = past.asked(portal, actor, batch_id), coverage.look(portal, actor, batch_id)
    history = meanwhile.look(portal, actor, batch_id, asked)
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.submit")
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise intake.closed(batch)
        if not declaration:
            raise Invalid(
                "Setujui dahulu pernyataan bahwa data benar dan Anda berwenang mengajukannya.",
                "First agree to the declaration that the data are true and that you may submit them.",
                code="declaration_missing",
                fields={"declaration": "Wajib disetujui"},
            )
        if typed_name is not None and _plain(typed_name) != _plain(actor.name):
            raise Invalid(
                f"Nama yang diketik harus sama dengan nama akun Anda: {actor.name}.",
                f"The typed name has to be the name on your account: {actor.name}.",
                code="name_differs",
                fields={"typed_name": "Tidak sama dengan nama akun"},
            )
        missing = lacks_of(session, batch, looked)
        if missing:
            raise Invalid(
                "Belum dapat diajukan: " + " ".join(lack.message for lack in missing),
                "Can't be submitted yet: " + " ".join(lack.message_en for lack in missing),
                code=missing[0].code,
                fields={lack.code: lack.message for lack in missing},
            )
        revision = visible.current_revision(session, batch)
        news = meanwhile.news(portal, session, batch, revision, history)
        if news:
            _check_again(portal, session, batch, revision)
        else:
            _hand_over(portal, session, actor, batch, revision, asked)
    if news:
        raise _history_is_new(news)


def _hand_over(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    asked: past.Asked,
) -> None:
    past.remember(portal, session, batch, revision, asked)
    batch.state = "submitted"
    batch.version += 1
    batch.submitted_by, batch.submitted_at = actor.user_id, portal.clock()
    calendar.set_due(batch)
    queue_words.keep(session, batch, revision)
    papers.issue_receipt(portal, session, batch, revision)
    audit.record(
        portal,
        session,
        actor,
        "batch:submitted",
        batch.id,
        company_id=batch.company_id,
        revision=revision.number,
        rows=revision.rows_asking,
        version=batch.version,
    )
    crashpoints.passing("submit:written")


def _check_again(portal: Portal, session: Session, batch: Batch, revision: Revision) -> None:
    """Have the rows of a draft judged anew, because the company's history has gone on."""
    rechecking.ask(portal, session, revision)
    batch.version += 1


def _history_is_new(news: meanwhile.News) -> Invalid:
    named, rows = ", ".join(news.numbers[:MOST_LISTED]), news.rows
    return Invalid(
        f"Belum dapat diajukan: sejak berkas ini diperiksa, {named} sudah diajukan atau diputuskan dan memuat koreksi "
        f"data yang sama pada {rows} baris. Barisnya sedang diperiksa ulang; pastikan peringatannya di halaman "
        "Hasil, lalu ajukan lagi.",
        f"Can't be submitted yet: since this file was checked, {named} was submitted or decided and holds corrections "
        f"of the same data on {rows} rows. The rows are being checked again; confirm the warnings on the result "
        "page, then submit again.",
        code="history_new",
        fields={"history_new": f"{rows} baris"},
    )


def withdraw(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, reason: str
) -> None:
    """Take a submitted batch back to draft, before it is decided; also out of a reviewer's hand.

    Who holds it, or judged it before a second reviewer, is told. Verdicts given so far stay with
    the revision they were given on; the draft is its copy without any.

    Raises:
        Conflict: it is decided, a draft, or another version. Invalid: no reason.

    """
    words = expect_reason(reason)
    with portal.db.write() as session:
        batch = expect_withdrawable(session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        copying.copy_revision(portal, session, actor, batch, batch)
        _withdrawn(portal, session, actor, batch, words, revision)


def withdraw_in_units(
    portal: Portal, actor: Actor, batch_id: str, *, reason: str, along: Along
) -> None:
    """As `withdraw`, of a large batch: its copy is made unseen, in units, and shown at once.

    Whoever takes or judges it meanwhile doesn't stand in the way; a decision does.

    Raises:
        As `withdraw`; LeaseLostError: another worker has taken over.

    """

    def expect(session: Session) -> Batch:
        return expect_withdrawable(session, actor, batch_id, None)

    def end(session: Session, batch: Batch, revision: Revision) -> None:
        _withdrawn(portal, session, actor, batch, expect_reason(reason), revision)
        along.also(session, {})

    staging.make_again(portal, actor, along, expect, end)


def expect_reason(reason: str) -> str:
    """Return why a batch is withdrawn, as it is kept. Raises Invalid where nothing is said."""
    words = reason_of(reason)
    if not words:
        raise Invalid(
            "Alasan penarikan wajib diisi.",
            "A reason is required.",
            fields={"reason": "Wajib diisi"},
        )
    return words


def expect_withdrawable(
    session: Session, actor: Actor, batch_id: str, version: int | None
) -> Batch:
    """Return a batch that may be taken back; raises as `withdraw`."""
    batch = visible.batch(session, actor, batch_id, action="batch.submit")
    if (batch.state, "withdraw") not in MOVES:
        raise _not_withdrawable(batch)
    visible.expect_version(batch, version)
    return batch


def _withdrawn(
    portal: Portal, session: Session, actor: Actor, batch: Batch, reason: str, revision: Revision
) -> None:
    given = (Correction.revision_id == revision.id, Correction.verdict.is_not(None))
    concerned = {batch.reviewer_id, batch.passed_by}
    intake.reopen(portal, batch, actor)
    audit.record(
        portal,
        session,
        actor,
        "batch:withdrawn",
        batch.id,
        company_id=batch.company_id,
        reason=reason,
        verdicts=session.scalar(sa.select(sa.func.count()).where(*given)),
        version=batch.version,
    )
    notices.tell(portal, session, "withdrawn", batch, concerned)


def _not_withdrawable(batch: Batch) -> Conflict:
    if batch.decided_at is None:
        return Conflict(
            f"Pengajuan {batch.number} tidak dapat ditarik: tidak sedang menunggu keputusan.",
            f"Submission {batch.number} can't be withdrawn: it doesn't wait for a decision.",
            code="not_withdrawable",
        )
    return Conflict(
        f"Pengajuan {batch.number} tidak dapat ditarik: sudah diputuskan oleh pemeriksa {batch.branch.name}. "
        "Bacalah keputusannya pada halaman pengajuan.",
        f"Submission {batch.number} can't be withdrawn: a reviewer of {batch.branch.name} has decided it. "
        "Read the decision on its page.",
        code="not_withdrawable",
    )


def _counted(session: Session, batch: Batch, revision: Revision) -> tuple[int, ...]:
    """Count the invalid rows that a document would help, and the documents in the tray.

    And those that wait for the virus scanner, and archives still being unpacked.
    """
    asked = {"revision": revision.id, "batch": batch.id}
    return tuple(session.execute(_COUNTED, asked).one())


_BATCH = sa.bindparam("batch", type_=sa.String())
_COUNTED = sa.select(
    *(
        one.scalar_subquery()
        for one in (
            sa.select(sa.func.count()).where(
                Row.revision_id == sa.bindparam("revision"),
                Row.severity == int(Severity.OVERRIDE),
            ),
            placing.waiting(_BATCH),
            scanning.waiting(_BATCH),
            archives.waiting(_BATCH),
        )
    )
)
"""Made once: every page of a draft asks it."""


def _count_file_wide(session: Session, revision: Revision) -> int:
    if not summaries.has_file_wide(revision, Severity.ERROR):
        return 0
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                FindingRow.revision_id == revision.id,
                FindingRow.row_number == 0,
                FindingRow.severity == int(Severity.ERROR),
            )
        )
        or 0
    )


def _unconfirmed(session: Session, revision: Revision) -> int:
    """Count warnings that wait: those of the summary but the confirmed ones, which are few."""
    confirmed = summaries.confirmed(session, revision.id)
    return sum(
        int(one["findings"]) - confirmed.get((one["code"], one["case"], one["field"]), 0)
        for one in revision.summary
        if one["severity"] == Severity.WARNING
    )


def _kinds(lacking: dict[str, tuple[int, ...]], language: int) -> str:
    """Say which rows lack what: "KTP-el (baris 2, 3), Kartu keluarga (baris 3)"."""
    row = ("baris", "rows")[language]
    return ", ".join(
        f"{label_of(kind)[language]} ({row} {first_of(rows)})" for kind, rows in lacking.items()
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
