"""Names of files as sentences show them."""

import unicodedata
from typing import Final

MAX_NAME: Final = 120
"""Characters of a name, or of a path in an archive, that are shown."""


def shown_name(name: str) -> str:
    """Return a file's base name fit to be shown: no control or bidi characters, not too long.

    Characters that would not be seen, or would reorder the line, are written
    as escapes; the middle of a long name is left out.
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1] or name
    shown = "".join(
        char
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        else f"\\u{ord(char):04x}"
        for char in base
    )
    if len(shown) > MAX_NAME:
        half = MAX_NAME // 2
        shown = f"{shown[: half - 1]}…{shown[-half:]}"
    return shown or "(tanpa nama)"
