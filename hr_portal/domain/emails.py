"""E-mail addresses: an ASCII pattern first, the library for the rest (EML-01)."""

import re

from email_validator import EmailNotValidError, validate_email

PLAIN = re.compile(
    r"(?=.{6,254}$)(?=[^@]{1,64}@)(?!.*[^.@]{64})"
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,63}",
    re.ASCII,
)
"""What nearly every address looks like; no address beyond it is refused unseen."""

SHORTEST_LIMIT = 64
"""What is no longer than this breaks none of the limits on an address and its parts."""

SHORT = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*@(?:[a-z0-9]+\.)+[a-z]{2,}", re.ASCII)
"""Those of `PLAIN` that most are, told in half the time where they are short enough."""

_BETWEEN = re.compile(r"[;,/ ]+|\batau\b|\bdan\b", re.IGNORECASE)


def read_email(text: str) -> str | None:
    """Return the address with its domain in lower case, or None if it is none.

    `text` is tidied. Whether the domain exists is not asked of the network.
    """
    if PLAIN.fullmatch(text):
        local, _, domain = text.rpartition("@")
        return f"{local}@{domain.lower()}"
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return None


def is_several(text: str) -> bool:
    """Tell whether the text holds more than one address."""
    return sum("@" in part for part in _BETWEEN.split(text)) > 1
