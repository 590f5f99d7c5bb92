"""What the look of a cell says or hides: text crossed out, or not to be seen on screen.

Not seen is text in the colour of its ground or nearly so, text of two points or less, and
what a number format such as `;;;` shows as nothing. Colours by conditions are not judged.
"""

import re
from collections.abc import Mapping

from hr_portal.adapters.spreadsheets.xmlparts import Attributes
from hr_portal.domain.table import Kind

STRUCK, UNSEEN_TEXT, UNSEEN_NUMBER = 1, 2, 4
UNSEEN = UNSEEN_TEXT | UNSEEN_NUMBER
WHITE = "ffffff"
LEAST_HEIGHT, LEAST_WIDTH = 3.0, 1.0
"""Rows of fewer points and columns of fewer characters show nothing of what they hold."""

_LEAST_SIZE = 2.0
_LEAST_CONTRAST = 1.2
"""As WCAG counts it: 1 is none, light grey on white (D9D9D9) is 1.4, yellow on white 1.07."""
_RGB = re.compile(r"[0-9a-f]{6}")
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,20})?(?:[eE]-[0-9]{1,3})?")
_INDEX = re.compile(r"[0-9]{1,5}")
_AUTOMATIC, _GROUND = 64, 65
_BASIC = (
    "000000", WHITE, "ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff",
)  # fmt: skip
_THEME = {"0": WHITE, "1": "000000"}
_SHOWN = re.compile(r'"([^"]*)"|[\\*](.)|_.')


def number(text: str | None) -> float | None:
    """Return a size as a number; None where it is none."""
    return float(text) if text is not None and _NUMBER.fullmatch(text) else None


def color(attributes: Attributes) -> str | None:
    """Return a colour of a style sheet, six hexadecimal digits where known; None = automatic."""
    if "rgb" in attributes:
        return attributes["rgb"][-6:].lower()
    if "indexed" in attributes:
        at = attributes["indexed"]
        return indexed(int(at), {}) if _INDEX.fullmatch(at) else None
    theme, tint = attributes.get("theme"), number(attributes.get("tint")) or 0.0
    if theme is None:
        return None
    known = _THEME.get(theme)
    return _tinted(known, tint) if known else f"theme {theme} {tint}"


def indexed(at: int, palette: Mapping[int, str]) -> str | None:
    """Return a colour of the palette; None = automatic."""
    if at == _GROUND:
        return WHITE
    if at >= _AUTOMATIC:
        return None
    at += 8 * (at < len(_BASIC))
    return palette.get(at) or (_BASIC[at - 8] if at < 8 + len(_BASIC) else f"indexed {at}")


def of_font(*, size: float | None, ink: str | None, ground: str | None) -> int:
    """Tell whether text can't be seen, by its font and what it stands on; None = not known."""
    is_small = size is not None and size <= _LEAST_SIZE
    return UNSEEN if is_small or (ink and ground and _is_alike(ink, ground)) else 0


def of_format(code: str | None) -> int:
    """Tell of what kinds a number format shows nothing."""
    if code is None or ";" not in code:
        return 0
    plain = _SHOWN.sub(lambda one: "x" if (one[1] or one[2] or "").strip() else "", code)
    sections = [section.strip() for section in plain.split(";")]
    return UNSEEN_NUMBER * (not sections[0]) | UNSEEN_TEXT * (
        len(sections) > 3 and not sections[3]  # noqa: PLR2004 - the fourth is that of texts
    )


def of_kind(look: int, kind: int) -> int:
    """Return what a look does to a value of a kind."""
    return look & (STRUCK | (UNSEEN_TEXT if kind == Kind.TEXT else UNSEEN_NUMBER))


def _is_alike(ink: str, ground: str) -> bool:
    if ink == ground:
        return True
    if not (_RGB.fullmatch(ink) and _RGB.fullmatch(ground)):
        return False
    darker, lighter = sorted((_light(ink), _light(ground)))
    return (lighter + 0.05) / (darker + 0.05) < _LEAST_CONTRAST


def _light(rgb: str) -> float:
    """Return the relative luminance of a colour."""
    parts = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    lines = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - sRGB
    return sum(share * line for share, line in zip((0.2126, 0.7152, 0.0722), lines, strict=True))


def _tinted(grey: str, tint: float) -> str:
    """Return white or black made darker (tint below 0) or lighter."""
    light = int(grey[:2], 16)
    made = light * (1 + tint) if tint < 0 else light + (255 - light) * tint
    return f"{min(max(round(made), 0), 255):02x}" * 3
