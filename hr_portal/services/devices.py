"""Browsers that a person has signed in from before: guesses from elsewhere don't shut them out.

A browser keeps a random number with an HMAC over it and the address that was signed in with. It
gives no right at all: it only has its own count of tries, apart from those of strangers, so that
who guesses at an account from anywhere can't keep its owner out (security.md A5).
"""

import secrets
from typing import Final

from hr_portal.services.context import Portal

MOST: Final = 4
"""So many people of one browser are remembered; the oldest is forgotten first."""
_BETWEEN: Final = "~"


def known(portal: Portal, email: str, held: str) -> str | None:
    """Return the number by which this browser is known for an address; None where it isn't."""
    for one in held.split(_BETWEEN)[:MOST]:
        number, _, proof = one.partition(".")
        for key in portal.vault.generals:
            wanted = key.index(_place(email), number).hex()
            if secrets.compare_digest(wanted.encode(), proof.encode()):
                return number
    return None


def remember(portal: Portal, email: str, held: str) -> str:
    """Return what the browser keeps from now on, beside what it `held`."""
    if known(portal, email, held) is not None:
        return held
    number = secrets.token_urlsafe(16)
    proof = portal.vault.general.index(_place(email), number).hex()
    others = [one for one in held.split(_BETWEEN) if one][: MOST - 1]
    return _BETWEEN.join((f"{number}.{proof}", *others))


def _place(email: str) -> str:
    return f"device|{email.strip().lower()}"
