"""The shared strings of a workbook."""

import re
from collections.abc import Iterable, Iterator

from hr_portal.adapters.spreadsheets.cells import unescape
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.markup import Declined
from hr_portal.adapters.spreadsheets.quicktexts import resolve
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit
from hr_portal.adapters.spreadsheets.sharedtexts import SharedTexts
from hr_portal.adapters.spreadsheets.xmlparts import (
    Attributes,
    SafeParser,
    StopParsing,
    is_strike,
)

_FIRST = re.compile(rb"<sst\b[^<>]*[^/<>]>\s*(?=<si>)")
_BEGIN, _BETWEEN, _END = "<si><t>", "</t></si><si><t>", "</t></si>"
_PRESERVED = '<si><t xml:space="preserve">'
_PIECE = 1 << 20
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def too_long(file: str, where: str, limits: ReadLimits) -> Exception:
    """Make the refusal of a cell's text beyond what a sheet can hold."""
    limit = limits.max_cell_characters
    return over_limit(
        file, f"ada teks lebih dari {dotted(limit)} karakter ({where})",
        f"it has a text of more than {limit:,} characters ({where})",
        f"{dotted(limit)} karakter per sel", f"{limit:,} characters a cell",
    )  # fmt: skip


def read_strings(  # noqa: C901 - handlers share what they have read so far
    chunks: Iterable[bytes],
    part: str,
    file: str,
    limits: ReadLimits,
    *,
    plain: bool = False,
    most: int | None = None,
) -> SharedTexts:
    """Read the shared strings in order, rich text joined, phonetic hints left out.

    With `most` only the first so many. With `plain` (proved: no comments, no CDATA)
    pieces that hold nothing but plain texts are cut at their tags; all else goes through
    the parser.
    """
    strings = SharedTexts(limits)
    pieces: list[str] = []
    phonetic = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal phonetic
        if name == "t" and not phonetic:
            parser.take_text(pieces.append)
        elif name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic += 1
        elif is_strike(name, attributes):
            strings.struck.add(len(strings))

    def keep() -> None:
        text = "".join(pieces)
        if len(text) > limits.max_cell_characters:
            raise too_long(file, f"sharedStrings {len(strings)}", limits)
        strings.append(unescape(text))
        if len(strings) == most:
            raise StopParsing

    def end(name: str) -> None:
        nonlocal phonetic
        if name == "t":
            parser.take_text(None)
        elif name == "si":
            keep()
        elif name == "rPh":
            phonetic -= 1

    parser = SafeParser(part, file, limits)
    parser.handle(start, end, with_namespaces=False)
    parser.parse(_regular(parser, chunks, strings, limits) if plain else chunks)
    return strings


def _regular(
    parser: SafeParser, chunks: Iterable[bytes], strings: SharedTexts, limits: ReadLimits
) -> Iterator[bytes]:
    """Take pieces of plain texts straight into `strings`; yield all else for the parser."""
    chunks = iter(chunks)
    buffer = b""
    inside = False
    for chunk in chunks:
        buffer += chunk
        if not inside:
            first = _FIRST.search(buffer)
            if first is None or buffer.find(b"<?", 5) >= 0:
                yield buffer
                yield from chunks
                return
            yield buffer[: first.end()]
            buffer = buffer[first.end() :]
            inside = True
        cut = buffer.rfind(b"</si>") + 5
        if cut < 5 or len(buffer) < _PIECE:  # noqa: PLR2004 - not found
            if len(buffer) > 4 * _PIECE:  # one string without end: not what we are here for
                yield buffer
                yield from chunks
                return
            continue
        yield _cut(parser, buffer[:cut], strings, limits)
        buffer = buffer[cut:]
    cut = buffer.rfind(b"</si>") + 5
    if inside and cut >= 5:  # noqa: PLR2004
        yield _cut(parser, buffer[:cut], strings, limits)
        buffer = buffer[cut:]
    yield buffer


def _cut(parser: SafeParser, piece: bytes, strings: SharedTexts, limits: ReadLimits) -> bytes:
    """Take the strings of a piece of whole `<si>`; return what the parser must read instead."""
    text = piece.decode("utf-8")
    if _PRESERVED in text:
        text = text.replace(_PRESERVED, _BEGIN)
    if (
        parser.depth != 1
        or not text.startswith(_BEGIN)
        or not text.endswith(_END)
        or _CONTROLS.search(text)
    ):
        return piece
    found = text[len(_BEGIN) : -len(_END)].split(_BETWEEN)
    # Each has brought its four tags; one more would lie inside a text.
    if text.count("<") != 4 * len(found) or max(map(len, found)) > limits.max_cell_characters:
        return piece
    try:
        if "&" in text:
            found = [resolve(each) if "&" in each else each for each in found]
    except Declined:
        return piece
    if "_x" in text:
        found = [unescape(each) for each in found]
    strings.extend(found)
    return b""
