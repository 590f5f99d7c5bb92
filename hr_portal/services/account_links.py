"""Links by which their holder makes a password: 256 bit, kept by hash, good once, for 24 hours.

The link is drawn when its e-mail goes out, so it lies readable in that e-mail and nowhere else.
"""

import datetime as dt
import secrets
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import AccountLink
from hr_portal.services import sessions
from hr_portal.services.context import Portal

Purpose = Literal["join", "reset"]
GOOD_FOR: Final = dt.timedelta(hours=24)


def draw(portal: Portal, session: Session, user_id: str, purpose: Purpose) -> str:
    """Make a link of a person's in the transaction and return its whole address."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            token_hash=sessions.session_key(token),
            user_id=user_id,
            purpose=purpose,
            expires_at=portal.clock() + GOOD_FOR,
        )
    )
    return f"{portal.settings.base_url}/tautan/{token}"


def spend_all(portal: Portal, session: Session, user_id: str) -> None:
    """Make every link of a person worthless."""
    session.execute(
        sa.update(AccountLink)
        .where(AccountLink.user_id == user_id, AccountLink.used_at.is_(None))
        .values(used_at=portal.clock())
    )
