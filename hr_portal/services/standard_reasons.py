"""The reasons for returns and rejections that reviewers choose from, kept by an admin.

A verdict bears the words themselves, so that what was sent stays as it was written whatever
becomes of the list. What is taken off is kept, and comes back where it is added again.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import new_id
from hr_portal.adapters.database.review_models import StandardReason
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound

MOST_REASONS = 40
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A reason of the list."""

    id: str
    text: str
    text_en: str


def offered(portal: Portal) -> list[tuple[str, str]]:
    """Return the reasons that may be chosen, in their order, in both languages."""
    with portal.db.read() as session:
        return [(one.text, one.text_en) for one in _listed(session)]


def listed(portal: Portal, actor: Actor) -> list[Offered]:
    """Return the list as an admin keeps it. Raises Forbidden."""
    _only_admin(actor)
    with portal.db.read() as session:
        return [Offered(one.id, one.text, one.text_en) for one in _listed(session)]


def add(portal: Portal, actor: Actor, *, text: str, text_en: str) -> str:
    """Offer a reason, as the last of the list; returns its id.

    Raises:
        Forbidden: not an admin. Conflict: it is offered already.
        Invalid: no text, one too long, or the list is full.

    """
    _only_admin(actor)
    text, text_en = _expect_text(text, text_en)
    with portal.db.write() as session:
        held = session.scalars(sa.select(StandardReason).with_for_update()).all()
        standing = [one for one in held if one.removed_at is None]
        _expect_new(standing, text)
        if len(standing) >= MOST_REASONS:
            raise Invalid(
                f"Paling banyak {MOST_REASONS} alasan; hapus yang tidak dipakai.",
                f"{MOST_REASONS} reasons at most; remove what is not needed.",
                fields={"text": "Daftar penuh"},
            )
        one = next((one for one in held if _same(one.text, text)), None)
        if one is None:
            one = StandardReason(id=new_id())
            session.add(one)
        one.place = max((other.place for other in held), default=0) + 1
        one.text, one.text_en, one.removed_at = text, text_en, None
        audit.record(portal, session, actor, "reason:added", one.id, text=text)
        return one.id


def change(portal: Portal, actor: Actor, reason_id: str, *, text: str, text_en: str) -> None:
    """Word a reason otherwise from now on; what was sent keeps the words it was sent with.

    Raises:
        Forbidden: not an admin. NotFound. Conflict: another one has these words.
        Invalid: no text, or one too long.

    """
    _only_admin(actor)
    text, text_en = _expect_text(text, text_en)
    with portal.db.write() as session:
        one = _one(session, reason_id)
        _expect_new([other for other in _listed(session) if other.id != one.id], text)
        before, one.text, one.text_en = one.text, text, text_en
        audit.record(portal, session, actor, "reason:changed", one.id, before=before, text=text)


def remove(portal: Portal, actor: Actor, reason_id: str) -> None:
    """Offer a reason no longer. Raises Forbidden, or NotFound."""
    _only_admin(actor)
    with portal.db.write() as session:
        one = _one(session, reason_id)
        one.removed_at = portal.clock()
        audit.record(portal, session, actor, "reason:removed", one.id, text=one.text)


def _one(session: Session, reason_id: str) -> StandardReason:
    one = session.scalar(
        sa.select(StandardReason).where(StandardReason.id == reason_id).with_for_update()
    )
    if one is None or one.removed_at is not None:
        raise NotFound
    return one


def _listed(session: Session) -> list[StandardReason]:
    return list(session.scalars(_LISTED))


_LISTED: Final = (
    sa.select(StandardReason)
    .where(StandardReason.removed_at.is_(None))
    .order_by(StandardReason.place, StandardReason.id)
)
"""Made once: the bench asks it for each row."""


def _expect_text(text: str, text_en: str) -> tuple[str, str]:
    """Return the words on one line; the Indonesian ones stand in for English ones left out."""
    text, text_en = " ".join(text.split()), " ".join(text_en.split())
    for words, field in ((text, "text"), (text_en, "text_en")):
        if len(words) > MOST_TEXT:
            raise Invalid(
                f"Alasan dalam daftar paling panjang {MOST_TEXT} huruf; ini {len(words)}. "
                "Uraiannya ditulis pemeriksa pada keterangan.",
                f"A reason of the list has at most {MOST_TEXT} characters; this has {len(words)}. "
                "Reviewers add details in their own words.",
                fields={field: "Terlalu panjang"},
            )
    if not text:
        raise Invalid(
            "Tulis alasannya.", "Write the reason.", code="reason_missing",
            fields={"text": "Wajib diisi"},
        )  # fmt: skip
    return text, text_en or text


def _expect_new(others: list[StandardReason], text: str) -> None:
    if any(_same(other.text, text) for other in others):
        raise Conflict(
            f"Alasan “{text}” sudah ada dalam daftar.", f"The reason “{text}” is listed already."
        )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")
