"""Signed letters: by the company's certificate here, elsewhere, or on paper and scanned.

The issued letter is never touched. Each signed copy is a further file with its own SHA-256, tied
to its letter; the page of verification names them all.
"""

import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Letter
from hr_portal.adapters.database.signing_models import Certificate, SignedLetter
from hr_portal.adapters.letters import LetterError
from hr_portal.adapters.letters.signatures import (
    Verdict,
    judge,
    kept_verdict,
    read_certificate,
    sign,
    verdict_of,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.wording import date_in_words
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, documents, scanning, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound, TooMany
from hr_portal.services.intake import closed, keep_file, let_go
from hr_portal.services.throttling import count_tries

MOST_PKCS12: Final = 64 * 1024
"""Bytes of a certificate with its chain; they have about 5."""
TRIES_A_MINUTE: Final = 6
"""Passwords of a certificate that somebody may try."""
SIGNABLE: Final = ("permohonan", "pengantar")
"""Kinds that the company signs on its own; a statement wants its meterai first."""
ZONES: Final = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

Kind = Literal["certificate", "elsewhere", "scan"]


@dataclass(frozen=True, slots=True)
class CertificateView:
    """The certificate a company signs with."""

    subject: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class CopyView:
    """A signed copy of a letter."""

    id: int
    letter_id: str
    kind: Kind
    media_type: str
    sha256: str
    added_at: dt.datetime
    verdicts: list[Verdict]
    """What the validator found when the copy came in; [] for a scan."""


def certificate(portal: Portal, actor: Actor, company_id: str) -> CertificateView | None:
    """Return what a company signs with, None where it has nothing; raises NotFound."""
    with portal.db.read() as session:
        visible.company(session, actor, company_id)
        held = session.get(Certificate, company_id)
        return _certificate_view(portal, held) if held else None


def keep_certificate(
    portal: Portal, actor: Actor, company_id: str, pkcs12: bytes, password: str
) -> None:
    """Keep a company's certificate in place of what it had; the password only opens it once.

    Raises:
        NotFound: not theirs. TooMany: too many passwords tried.
        Invalid: no PKCS#12, another password, weak, expired or not yet valid; the sentence says.

    """
    with portal.db.read() as session:
        visible.company(session, actor, company_id)
    if not pkcs12 or len(pkcs12) > MOST_PKCS12:
        raise Invalid(
            f"Pilih berkas sertifikat .p12 atau .pfx, paling besar {MOST_PKCS12 // 1024} kB.",
            f"Choose the certificate's .p12 or .pfx, {MOST_PKCS12 // 1024} kB at most.",
            code="LET-CERT",
        )
    _count_try(portal, company_id)
    try:
        facts = read_certificate(pkcs12, password, portal.clock())
    except LetterError as error:
        raise _invalid(error) from error
    with portal.db.write() as session:
        company = visible.company(session, actor, company_id)
        held = session.get(Certificate, company_id)
        if held is not None:
            session.delete(held)
            session.flush()
        session.add(
            Certificate(
                company_id=company_id,
                pkcs12=portal.key(company).seal(f"certificates|{company_id}", pkcs12),
                subject=facts.subject,
                issuer=facts.issuer,
                not_before=facts.not_before,
                not_after=facts.not_after,
                sha256=facts.sha256,
                added_by=actor.user_id,
                added_at=portal.clock(),
            )
        )
        audit.record(
            portal, session, actor, "company:certificate_kept", company_id,
            company_id=company_id, certificate=facts.sha256,
        )  # fmt: skip


def drop_certificate(portal: Portal, actor: Actor, company_id: str) -> None:
    """Forget a company's certificate; letters signed with it stay. Raises NotFound."""
    with portal.db.write() as session:
        visible.company(session, actor, company_id)
        held = session.get(Certificate, company_id)
        if held is None:
            return
        session.delete(held)
        audit.record(
            portal, session, actor, "company:certificate_dropped", company_id,
            company_id=company_id, certificate=held.sha256,
        )  # fmt: skip


def sign_letter(portal: Portal, actor: Actor, letter_id: str, password: str) -> CopyView:
    """Sign a letter that stands with its company's certificate; the password is kept nowhere.

    Raises:
        NotFound, Forbidden; Conflict: superseded, revoked, or sent to its office; not made yet.
        TooMany: too many passwords tried.
        Invalid: no certificate, another password, expired; or signed here already.

    """
    with portal.db.read() as session:
        letter = _signable(session, actor, letter_id)
        company, key = letter.batch.company, portal.key(letter.batch.company)
        held = session.get(Certificate, company.id)
        if letter.series not in SIGNABLE or held is None:
            raise Invalid(
                "Surat ini belum dapat ditandatangani di portal. Unggah dahulu sertifikat perusahaan pada "
                "halaman data surat, atau unggah hasil pindai surat yang ditandatangani.",
                "This letter can't be signed here. First upload the company's certificate on the page of "
                "its letter data, or upload a scan of the signed letter.",
                code="LET-CERT",
            )
        _require_unsigned(session, letter_id)
        pkcs12 = key.open(f"certificates|{company.id}", held.pkcs12)
        zone = letter.batch.branch.timezone
        name = letter.file.name if letter.file else ""
    _count_try(portal, company.id)
    pdf = portal.files.read(name, key.file_key)
    now = portal.clock()
    local = now.astimezone(ZoneInfo(zone))
    moment = f"{date_in_words(local.date())} pukul {local:%H.%M} {ZONES.get(zone, zone)}"
    try:
        signed = sign(pdf, pkcs12, password, at=now, moment=moment)
        found = judge(signed, pdf)
    except LetterError as error:
        raise _invalid(error) from error
    return _keep(portal, actor, letter_id, "certificate", "application/pdf", signed, found.verdicts)


def add_copy(
    portal: Portal, actor: Actor, letter_id: str, stream: BinaryIO, file_name: str
) -> CopyView:
    """Tie to a letter what came back for it: a PDF signed or stamped elsewhere, or a scan.

    A signed PDF is kept byte for byte, as anything else would break its signatures; so it must be
    this letter, and hold nothing that runs. Anything else is a scan and made safe as documents are.
    Raises:
        NotFound, Forbidden; Conflict: as `sign_letter`.
        Invalid: damaged, of another letter, with active content; TooLarge: over the limit.
        Conflict: the virus scanner is silent, too.

    """
    with portal.db.read() as session:
        letter = _signable(session, actor, letter_id)
        batch = letter.batch
        key, number = portal.key(letter.batch.company), letter.number
        name = letter.file.name if letter.file else ""
    data = documents.read_document(portal, stream, file_name)
    scanning.expect_clean_now(portal, actor, batch, data, file_name)
    if not data.startswith(b"%PDF-"):
        return _keep_scan(portal, actor, letter_id, data, file_name)
    pdf = portal.files.read(name, key.file_key)
    if data == pdf:
        raise Invalid(
            "Ini PDF surat yang terbit, belum bertanda tangan. Unggah hasil pindai atau PDF yang sudah "
            "ditandatangani.",
            "This is the letter as issued, not signed. Upload the scan or the signed PDF.",
            code="LET-SIGN",
        )
    try:
        found = judge(data, pdf)
    except LetterError as error:
        raise _invalid(error) from error
    if not found.verdicts:
        return _keep_scan(portal, actor, letter_id, data, file_name)
    if not found.is_letter:
        raise Invalid(
            f"PDF ini bertanda tangan elektronik, tetapi bukan Surat {number} dari portal. Tanda tangani PDF "
            "yang diunduh dari halaman ini, tanpa mencetak atau menyimpannya ulang.",
            f"This PDF is signed, but it isn't letter {number}. Sign the PDF downloaded from this page, "
            "without printing or saving it anew.",
            code="LET-SIGN",
        )
    if found.active:
        raise Invalid(
            f"PDF ini memuat isi aktif ({found.active}), yang tidak disimpan portal. Tanda tangani ulang PDF "
            "yang diunduh dari halaman ini dengan penyedia lain.",
            f"This PDF holds active content ({found.active}). Sign the downloaded PDF by other means.",
            code="LET-SIGN",
        )
    return _keep(portal, actor, letter_id, "elsewhere", "application/pdf", data, found.verdicts)


def copies(portal: Portal, actor: Actor, letter_id: str) -> list[CopyView]:
    """Return the signed copies of a letter, the latest first; raises NotFound."""
    with portal.db.read() as session:
        visible.letter(session, actor, letter_id)
        found = session.scalars(
            sa.select(SignedLetter)
            .where(SignedLetter.letter_id == letter_id)
            .order_by(SignedLetter.id.desc())
        )
        return [_copy_view(one) for one in found]


def open_copy(portal: Portal, actor: Actor, letter_id: str, copy_id: int) -> tuple[CopyView, bytes]:
    """Return a signed copy exactly as kept; the look is an act.

    Raises:
        NotFound: not theirs, or of another letter. FileDamagedError: its bytes have changed.

    """
    with portal.db.write() as session:
        letter = visible.letter(session, actor, letter_id)
        held = session.get(SignedLetter, copy_id, options=[joinedload(SignedLetter.file)])
        if held is None or held.letter_id != letter_id:
            raise NotFound
        company = letter.batch.company
        view, name = _copy_view(held), held.file.name
        audit.record(
            portal, session, actor, "letter:opened", letter_id,
            company_id=company.id, batch=letter.batch_id, copy=copy_id,
        )  # fmt: skip
    return view, portal.files.read(name, portal.key(company).file_key)


def _signable(session: Session, actor: Actor, letter_id: str) -> Letter:
    """Find a letter that may be signed now, with batch, company and office."""
    letter = visible.letter(session, actor, letter_id)
    batch = visible.batch(session, actor, letter.batch_id, action="letter.issue")
    if batch.state not in EDITABLE:
        raise closed(batch)
    if letter.state != "issued":
        raise Conflict(
            f"Surat {letter.number} sudah tidak berlaku, jadi tidak ditandatangani lagi.",
            f"Letter {letter.number} no longer stands, so it isn't signed any more.",
            code="letter_closed",
        )
    if letter.file is None:
        raise Conflict(
            "Surat ini masih dibuat. Muat ulang halaman sebentar lagi.",
            "This letter is still being made. Reload in a moment.",
            code="not_ready",
        )
    return letter


def _require_unsigned(session: Session, letter_id: str) -> None:
    if session.scalar(
        sa.select(SignedLetter.id).where(
            SignedLetter.letter_id == letter_id, SignedLetter.kind == "certificate"
        )
    ):
        raise Invalid(
            "Surat ini sudah ditandatangani dengan sertifikat perusahaan.",
            "This letter has been signed with the company's certificate already.",
            code="LET-SIGN",
        )


def _keep_scan(
    portal: Portal, actor: Actor, letter_id: str, data: bytes, file_name: str
) -> CopyView:
    safe = documents.made_safe(data, file_name)
    return _keep(portal, actor, letter_id, "scan", safe.media_type, safe.data, [])


def _keep(
    portal: Portal,
    actor: Actor,
    letter_id: str,
    kind: Kind,
    media_type: str,
    data: bytes,
    verdicts: list[Verdict],
) -> CopyView:
    with portal.db.read() as session:
        company = visible.letter(session, actor, letter_id).batch.company
    key = portal.key(company)
    stored = portal.files.put(io.BytesIO(data), key.file_key, limit=len(data) + 1)
    try:
        with portal.db.write() as session:
            letter = _signable(session, actor, letter_id)  # again: it took a while
            session.get_one(Letter, letter_id, with_for_update=True)
            if kind == "certificate":
                _require_unsigned(session, letter_id)
            known = session.scalar(
                sa.select(SignedLetter).where(
                    SignedLetter.letter_id == letter_id, SignedLetter.sha256 == stored.sha256
                )
            )
            if known is not None:
                view = _copy_view(known)
            else:
                copy = SignedLetter(
                    letter_id=letter_id,
                    kind=kind,
                    file_id=keep_file(portal, session, company, stored),
                    media_type=media_type,
                    sha256=stored.sha256,
                    verdicts=[kept_verdict(one) for one in verdicts],
                    added_by=actor.user_id,
                    added_at=portal.clock(),
                )
                session.add(copy)
                session.flush()
                view = _copy_view(copy)
                audit.record(
                    portal, session, actor, "letter:signed", letter_id,
                    company_id=company.id, batch=letter.batch_id, number=letter.number, kind=kind,
                    sha256=stored.sha256,
                )  # fmt: skip
    finally:
        let_go(portal, stored)
    return view


def _copy_view(copy: SignedLetter) -> CopyView:
    return CopyView(
        copy.id,
        copy.letter_id,
        copy.kind,  # type: ignore[arg-type]  # a constraint holds it
        copy.media_type,
        copy.sha256,
        copy.added_at,
        [verdict_of(one) for one in copy.verdicts],
    )


def _certificate_view(portal: Portal, held: Certificate) -> CertificateView:
    return CertificateView(
        held.subject,
        held.issuer,
        held.not_before,
        held.not_after,
        held.not_before <= portal.clock() <= held.not_after,
    )


def _count_try(portal: Portal, company_id: str) -> None:
    key = hashlib.sha256(f"certificate|{company_id}".encode()).hexdigest()
    count_tries(portal, {key: TRIES_A_MINUTE}, _too_many)


def _too_many(wait: int) -> TooMany:
    return TooMany(
        f"Terlalu banyak percobaan kata sandi sertifikat. Tunggu {wait} detik, lalu coba lagi.",
        f"Too many tries of the certificate's password. Wait {wait} seconds, then try again.",
        retry_after=wait,
    )


def _invalid(error: LetterError) -> Invalid:
    return Invalid(error.message, error.message_en, code=error.code)
