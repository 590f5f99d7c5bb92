"""A letter whose PDF could not be made: told in general words, and tried again when asked.

Its number stays taken and its facts stay kept, so another try makes the same letter.
"""

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Letter
from hr_portal.domain.permissions import Actor
from hr_portal.services import jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import ServiceError

RENDER: Final = "render"
"""Kind of the job that makes a letter's PDF."""


class Why(NamedTuple):
    """Why there is no PDF, in both languages; no more than a kind is known of it."""

    message: str
    message_en: str


FAULT: Final = Why(
    "Berkasnya gagal dibuat karena gangguan pada peladen, bukan karena data Anda. Coba lagi; bila terulang, "
    "sampaikan nomor suratnya kepada admin portal.",
    "The file could not be made because of a fault of the server, not of your data. Try again; if it "
    "happens again, tell the portal's admin the number of the letter.",
)
_LIMIT: Final = Why(
    "Berkasnya gagal dibuat dalam batas waktu dan memori peladen. Coba lagi saat peladen lebih lengang; bila "
    "terulang, cabut surat ini dan bagi pengajuannya menjadi beberapa berkas.",
    "The file could not be made within the server's time and memory. Try again when it is less busy; if "
    "it happens again, revoke this letter and split the submission into several files.",
)
_CONTENT: Final = Why(
    "Berkasnya gagal dibuat karena ada isi yang tidak dapat dicetak ({code}). Cabut surat ini, perbaiki data "
    "surat perusahaan atau barisnya, lalu terbitkan surat baru.",
    "The file could not be made because it holds what can't be printed ({code}). Revoke this letter, mend "
    "the company's letter data or the row, then issue a new letter.",
)


def why(session: Session, letter: Letter) -> Why | None:
    """Return why a letter has no PDF and none is on its way; None where all is well."""
    if letter.sha256 is not None:
        return None
    kind = jobs.failure(session, RENDER, letter.id)
    if kind is None:
        return None
    if kind == "LET-LIMIT":
        return _LIMIT
    if kind.startswith("LET-") and kind != "LET-CHILD":
        return Why(*(text.format(code=kind) for text in _CONTENT))
    return FAULT


def told(error: Exception) -> Why:
    """Return what is said of an error that ended a letter: its own sentence, or a fault of ours."""
    return Why(error.message, error.message_en) if isinstance(error, ServiceError) else FAULT


def try_again(portal: Portal, actor: Actor, letter_id: str) -> None:
    """Have a worker make a letter's PDF that could not be made; one on its way stays on it.

    Raises:
        NotFound, Forbidden: not theirs to issue.

    """
    with portal.db.write() as session:
        letter = visible.letter(session, actor, letter_id)
        visible.batch(session, actor, letter.batch_id, action="letter.issue")
        if why(session, letter) is not None:
            jobs.again(portal, session, RENDER, letter_id)
