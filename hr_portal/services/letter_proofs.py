"""What anybody may learn of a letter: that it was issued, and whether it still stands."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.models import Batch, Letter, Revision
from hr_portal.adapters.database.paper_models import Paper
from hr_portal.adapters.database.review_models import SetAside
from hr_portal.adapters.database.signing_models import SignedLetter
from hr_portal.domain.letter_proof import (
    ALPHABET,
    CODE_SIGNS,
    TOKEN_SIGNS,
    as_written,
    qr_address,
    spelled,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound, TooMany
from hr_portal.services.throttling import count_tries

LOOKS_A_MINUTE = 30
"""By one address: a whole office may sit behind it, and 60 bits are not guessed at that pace."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A letter as a stranger may see it: no name, no identifier of an employee."""

    number: str
    issued_on: dt.date
    series: str
    company_name: str
    branch_name: str
    people: int | None
    corrections: int | None
    state: str
    sha256: str | None
    superseded_by: str | None
    """The number of the letter that took its place."""
    revoked_on: dt.datetime | None
    copies: tuple[tuple[str, str], ...] = ()
    """Kind and SHA-256 of each signed copy."""
    rows: int | None = None
    """Of a receipt or a record of a decision; these have no people and corrections."""
    decided: tuple[int, int, int] | None = None
    """Rows approved, returned and refused, of a record of a decision."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a letter carries to be looked up: drawn at random, derived from nothing."""

    token: str
    code: str
    qr: str | None
    """The address in the QR; None where the portal's own is too long for one."""
    page: str
    """The address that people type."""


def new_marks(portal: Portal) -> Marks:
    """Draw the token (128 bits) and the code (60 bits) of a new letter."""
    token = spelled(secrets.randbits(128), TOKEN_SIGNS)
    code = spelled(secrets.randbelow(len(ALPHABET) ** CODE_SIGNS), CODE_SIGNS)
    base = portal.settings.base_url
    return Marks(token, code, qr_address(base, token, code), f"{base}/verifikasi")


@tenancy.under(tenancy.Wide("open"))
def look_up(portal: Portal, typed: str, *, address: str) -> Proof:
    """Return what a token or code proves; `address` is where the question comes from.

    Unknown, malformed and not yet issued answer alike. Raises:
        TooMany: more than LOOKS_A_MINUTE questions from one address.
        NotFound: no letter has this token or code.

    """
    key = hashlib.sha256(f"proof|{address}".encode()).hexdigest()
    count_tries(portal, {key: LOOKS_A_MINUTE}, _too_many)
    written = as_written(typed)
    later = aliased(Letter)
    with portal.db.read() as session:
        found = session.execute(
            sa.select(Letter, later.number)
            .outerjoin(later, later.supersedes_id == Letter.id)
            .options(
                joinedload(Letter.batch).joinedload(Batch.company),
                joinedload(Letter.batch).joinedload(Batch.branch),
            )
            .where(sa.or_(Letter.token == written, Letter.code == written))
        ).first()
        if found is None:
            return _paper(session, written)
        letter, superseded_by = found
        return Proof(
            number=letter.number,
            issued_on=letter.issued_on,
            series=letter.series,
            company_name=letter.company_name or letter.batch.company.name,
            branch_name=letter.branch_name or letter.batch.branch.name,
            people=letter.people,
            corrections=letter.corrections,
            state=letter.state,
            sha256=letter.sha256,
            superseded_by=superseded_by if letter.state == "superseded" else None,
            revoked_on=letter.revoked_at,
            copies=tuple(
                (kind, sha256)
                for kind, sha256 in session.execute(
                    sa.select(SignedLetter.kind, SignedLetter.sha256)
                    .where(SignedLetter.letter_id == letter.id)
                    .order_by(SignedLetter.id)
                )
            ),
        )


def _paper(session: Session, written: str) -> Proof:
    """Return what the marks of a receipt or a record of a decision prove, or raise NotFound."""
    paper = session.scalar(
        sa.select(Paper).where(sa.or_(Paper.token == written, Paper.code == written))
    )
    if paper is None:
        raise NotFound
    gone = _set_aside(session, paper)
    counts = paper.rows_approved, paper.rows_returned, paper.rows_rejected
    return Proof(
        number=paper.number,
        issued_on=paper.issued_on,
        series=paper.kind,
        company_name=paper.company_name,
        branch_name=paper.branch_name,
        people=None,
        corrections=None,
        state="issued" if gone is None else "superseded",
        sha256=paper.sha256,
        superseded_by=gone or None,
        revoked_on=None,
        rows=paper.rows,
        decided=counts if paper.kind == "berita_acara" else None,
    )


def _set_aside(session: Session, paper: Paper) -> str | None:
    """Return the record that has taken a record's place; "" where its decision is only reopened.

    None where it stands.
    """
    if paper.kind != "berita_acara":
        return None
    revision = session.get_one(Revision, paper.revision_id).number
    if session.get(SetAside, (paper.batch_id, revision)) is None:
        return None
    later = sa.select(Paper.number).where(
        Paper.batch_id == paper.batch_id, Paper.kind == paper.kind, Paper.id > paper.id
    )
    return session.scalar(later.order_by(Paper.id).limit(1)) or ""


def _too_many(wait: int) -> TooMany:
    return TooMany(
        f"Terlalu banyak pemeriksaan dari alamat ini. Tunggu {wait} detik, lalu coba lagi.",
        f"Too many look-ups from this address. Wait {wait} seconds, then try again.",
        retry_after=wait,
    )
