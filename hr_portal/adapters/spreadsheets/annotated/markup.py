"""Small tools for XML that is changed in place, as bytes.

Only for parts that the guard has accepted: well-formed, UTF-8, no DOCTYPE.
What we don't change goes out as it came in, to the byte.
"""

import re
from collections.abc import Iterable, Iterator

from hr_portal.adapters.spreadsheets.cells import writable

ATTRIBUTES = rb"""((?:[^<>"'/]++|/(?!>)|"[^"]*"|'[^']*')*+)"""
"""What stands in a tag after its name; a `>` inside quotes is no end."""

_ATTRIBUTE = re.compile(rb"""(\s)([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_ODD = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?(?!xml\s).*?\?>", re.DOTALL)
_ANY_TAG = re.compile(rb"<(/?)(?:[\w.\-]+:)?([\w.\-]+)" + ATTRIBUTES + rb"(/?)>")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def start_tag(name: bytes) -> re.Pattern[bytes]:
    """Return a pattern for the start of an element: prefix, attributes, "/" if it is empty."""
    return re.compile(rb"<((?:[\w.\-]+:)?)" + name + rb"(?=[\s/>])" + ATTRIBUTES + rb"(/?)>")


def whole_element(name: bytes) -> re.Pattern[bytes]:
    """Return a pattern for a whole element that doesn't hold another of its name.

    Its groups: prefix, attributes, content (None where the element is empty).
    """
    return re.compile(
        rb"<((?:[\w.\-]+:)?)" + name + rb"(?=[\s/>])" + ATTRIBUTES
        + rb"(?:/>|>(.*?)</(?:[\w.\-]+:)?" + name + rb"\s*>)",
        re.DOTALL,
    )  # fmt: skip


def end_tag(name: bytes) -> re.Pattern[bytes]:
    """Return a pattern for the end of an element; its group is the prefix."""
    return re.compile(rb"</((?:[\w.\-]+:)?)" + name + rb"\s*>")


def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """Return the raw value of an attribute, or None."""
    for found in _ATTRIBUTE.finditer(attributes):
        if found[2] == name:
            return found[3][1:-1]
    return None


def local_attribute(attributes: bytes, name: bytes) -> bytes | None:
    """Return the raw value of an attribute whatever its prefix (`r:id`), or None."""
    for found in _ATTRIBUTE.finditer(attributes):
        if found[2].rpartition(b":")[2] == name:
            return found[3][1:-1]
    return None


def with_attribute(attributes: bytes, name: bytes, value: bytes | None) -> bytes:
    """Return attributes with one set to a value, or taken out where that is None."""
    for found in _ATTRIBUTE.finditer(attributes):
        if found[2] == name:
            new = b"" if value is None else b' %s="%s"' % (name, value)
            return attributes[: found.start()] + new + attributes[found.end() :]
    if value is None:
        return attributes
    return b'%s %s="%s"' % (attributes.rstrip(), name, value)


def integer(text: bytes | None, default: int = 0) -> int:
    """Return a number of at most nine digits, or the default."""
    if text is not None and text.isdigit() and len(text) < 10:  # noqa: PLR2004
        return int(text)
    return default


def escaped(text: str) -> bytes:
    """Return a text as XML holds it, in an element or in double quotes.

    What XML can't hold is replaced; `_x0041_` is kept from being read as a letter; the text
    ends where a cell does.
    """
    text = _ESCAPED.sub("_x005F_", writable(text))
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        .replace('"', "&quot;").replace("\r", "&#13;").encode()
    )  # fmt: skip


def tidied(part: bytes) -> bytes:
    """Return a part without comments and processing instructions, CDATA as plain text."""
    if b"<!" not in part and part.find(b"<?", 1) < 0:
        return part
    return _ODD.sub(_plain, part)


def _plain(found: re.Match[bytes]) -> bytes:
    text = found[1]
    if text is None:
        return b""
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def root_prefix(part: bytes) -> bytes:
    """Return the prefix of a part's root element with its colon, "" where it has none."""
    for found in _ANY_TAG.finditer(part):
        return found[0][1:].partition(found[2])[0]
    return b""


def children(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the outermost elements of some content: (where it begins, name without prefix)."""
    depth = 0
    for found in _ANY_TAG.finditer(content):
        if found[1]:
            depth -= 1
            if depth < 0:
                return
            continue
        if not depth:
            yield found.start(), found[2]
        if not found[4]:
            depth += 1


def column_of(reference: bytes) -> int:
    """Return the column of a reference ("AB12" is 27)."""
    column = 0
    for letter in reference:
        if letter < 65:  # noqa: PLR2004 - a digit
            break
        column = column * 26 + letter - 64
    return column - 1


def row_of(reference: bytes) -> int:
    """Return the row of a reference ("AB12" is 12); 0 where there is none."""
    return integer(reference.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))


def joined(chunks: Iterable[bytes]) -> bytes:
    """Return a whole part, tidied."""
    return tidied(b"".join(chunks))
