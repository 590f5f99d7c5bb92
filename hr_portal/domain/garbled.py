"""Texts that a program has written in its own signs: codes of HTML, letters read as other ones.

What was meant is the one text that undoing it gives; where a letter is gone (U+FFFD), none is.
"""

import html
import re

LOST = "\ufffd"
_ENTITY = re.compile(r"&(?:#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8});")
_TAG = re.compile(r"</?(?:br|p|div|span|font|td|tr|li|ul|ol)\b[^<>]*>", re.IGNORECASE)
"""What programs break and dress lines with; any other thing in angles is somebody's own text."""
_ESCAPE = re.compile(r"\\r\\n|\\[rnt]|_x000[dDaA9]_|%20")
_UNDONE = 3
"""So many programs, one after another, may have written it so."""
_TAKEN_FOR = ("cp1252", "cp850")
"""Encodings in which UTF-8 is opened by mistake: that of Windows, and of its console."""
_OF_LATIN = re.compile(r"[\x00-\u017f\u1e00-\u1eff\u2010-\u2044\u20ac\u2122]*")
"""Letters and signs that Indonesian texts hold; another reading is chance."""
_HARD_BLANK = re.compile(r"Â(?=\s|$)")
"""A blank that doesn't break, of which a program has made a plain one."""


def fault_of(text: str) -> str | None:
    """Return what is wrong with a text as found: "code", "encoding" or "lost"; None = nothing."""
    if LOST in text:
        return "lost"
    if _decoded(text) is not None:
        return "encoding"
    return "code" if _has_code(text) else None


def may_have(text: str) -> bool:
    """Tell quickly whether an ASCII text, or one of several, may hold a code."""
    return "&" in text or "<" in text or "\\" in text or "%20" in text or "_x000" in text


def meant(text: str) -> str | None:
    """Return the one text that undoing gives, None where there is none."""
    for _ in range(_UNDONE):
        found = _decoded(text)
        if found is not None:
            text = found
        elif _has_code(text) and not _TAG.search(html.unescape(text)):
            text = _ESCAPE.sub(" ", html.unescape(text))
        else:
            break
    is_whole = fault_of(text) is None and not _TAG.search(text)
    return " ".join(text.split()) if is_whole else None


def _has_code(text: str) -> bool:
    entities = _ENTITY.findall(text)
    return bool(_TAG.search(text) or _ESCAPE.search(text)) or any(
        html.unescape(one) != one for one in entities
    )


def _decoded(text: str) -> str | None:
    """Return a text whose UTF-8 was read as one byte a letter; None where it was not."""
    if text.isascii():
        return None
    whole = _HARD_BLANK.sub("Â\xa0", text)
    found = {_read_again(whole, encoding) for encoding in _TAKEN_FOR} - {None, text}
    return found.pop() if len(found) == 1 else None


def _read_again(text: str, encoding: str) -> str | None:
    try:
        found = b"".join(_byte(sign, encoding) for sign in text).decode()
    except UnicodeError:
        return None
    return found if _OF_LATIN.fullmatch(found) else None


def _byte(sign: str, encoding: str) -> bytes:
    # Windows opens the five bytes that cp1252 has not as the controls of the same number
    try:
        return sign.encode(encoding)
    except UnicodeEncodeError:
        return sign.encode("latin-1")
