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

_SHORT_LINES = re.compile(rf"(?:{SHORT.pattern}\n)*", re.ASCII)
_WRAPPED = re.compile(
    r"[^@<>]*<([^\s@<>]+@[^\s@<>]+)>"
    r"|(?:(?:mailto|e-?mail|surel) ?: ?)?([^\s@<>:;,()]+@[^\s@<>;()]+?)[.,;]?(?: ?\([^@()]*\))?",
    re.IGNORECASE,
)
_AT = re.compile(r" ?(?:@+|＠|[(\[] ?at ?[)\]]) ?", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,/ ]+|\batau\b|\bdan\b", re.IGNORECASE)


def are_all_short(values: list[str]) -> bool:
    """Tell whether all of some values are `SHORT` addresses of no more than SHORTEST_LIMIT."""
    lines = "\n".join([*values, ""])
    return (
        max(map(len, values), default=0) <= SHORTEST_LIMIT
        and lines.count("\n") == len(values)
        and _SHORT_LINES.fullmatch(lines) is not None
    )


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


def address_meant(text: str) -> str | None:
    """Return the one address that a tidied text which is none holds, None = not certain.

    Left out is what programs and people put around it ("Siti <siti@…>", "mailto:", a bracket or
    full stop after it), and a comma in the domain is read as the point it can only be. An @ may be
    written twice, in words (“siti(at)…”) or between blanks; a blank elsewhere may stand for a sign.
    """
    found = _WRAPPED.fullmatch(text) or _WRAPPED.fullmatch(_AT.sub("@", text, count=1))
    if found is None:
        return None
    local, _, domain = (found[1] or found[2]).rpartition("@")
    return read_email(f"{local}@{domain.replace(',', '.')}")


def is_several(text: str) -> bool:
    """Tell whether the text holds more than one address."""
    return sum("@" in part for part in _BETWEEN.split(text)) > 1
