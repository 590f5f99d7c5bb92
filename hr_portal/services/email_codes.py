"""Codes by e-mail: drawn as they go out, six digits, good once and for ten minutes, as HMAC."""

import datetime as dt
import secrets
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import EmailStep
from hr_portal.services.context import Portal

GOOD_FOR: Final = dt.timedelta(minutes=10)
DIGITS: Final = 6


def draw(portal: Portal, session: Session, user_id: str) -> str:
    """Make a person's code in the transaction, in place of any before, and return it."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    session.execute(
        sa.update(EmailStep)
        .where(EmailStep.user_id == user_id)
        .values(
            code=portal.vault.general.index(_place(user_id), code),
            expires_at=portal.clock() + GOOD_FOR,
        )
    )
    return code


def spend(portal: Portal, session: Session, user_id: str, code: str) -> bool:
    """Take a person's code in the transaction; False where it is wrong, spent or too old."""
    typed = code.replace(" ", "").strip()
    kept = [key.index(_place(user_id), typed) for key in portal.vault.generals]
    spent = session.scalar(
        sa.update(EmailStep)
        .where(
            EmailStep.user_id == user_id,
            EmailStep.code.in_(kept),
            EmailStep.expires_at > portal.clock(),
        )
        .values(code=None, expires_at=None, asked_at=None)
        .returning(EmailStep.user_id)
    )
    return spent is not None


def _place(user_id: str) -> str:
    return f"email-code|{user_id}"
