"""Signs that nobody can see are shown by number, on every page and in every value.

A control character breaks a page, an override of the writing direction turns a file name round
(security.md E3); both would otherwise hide in what a sheet or a file name brings along.
"""

import re
from typing import Final

from flask import Flask
from markupsafe import Markup

_NONCHARACTERS: Final = "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tab and line ends
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and overrides of direction
    f"\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)


def _numbered(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def seen(value: object) -> object:
    """`value` with its unseen signs as ⟨U+202E⟩; what is no text stays as it is."""
    # Nearly all values are printable, which Python knows of a text without the pattern; what a
    # macro has made holds line ends as well. The pattern takes twenty times as long, and markup
    # asked as such makes its answer markup.
    if not isinstance(value, str) or str.isprintable(value):
        return value
    if str.isprintable(str.replace(value, "\n", "")):
        return value
    if not _UNSEEN.search(value):
        return value
    shown = _UNSEEN.sub(_numbered, value)
    return Markup(shown) if isinstance(value, Markup) else shown  # noqa: S704 - was markup before


def init_app(app: Flask) -> None:
    """Has every value of every template pass through `seen`."""
    app.jinja_env.finalize = seen
