"""The text of an .ods cell: its paragraphs, with the blanks that XML does not keep.

`text:s`, `text:tab` and `text:line-break` stand for blanks that count; line
breaks and tabs that only lay out the XML are one blank, or none where a
paragraph begins. Plain blanks are kept as LibreOffice Calc keeps them: where
the format changes inside a cell it writes them on both sides as they are.
Notes, drawings and the hints of ruby text are not the cell's text.
"""

import re

from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_P, _H, _S, _TAB, _BREAK = (f"{_TEXT}{each}" for each in ("p", "h", "s", "tab", "line-break"))
_AROUND = frozenset(
    f"{_TEXT}{each}"
    for each in ("list", "list-header", "list-item", "numbered-paragraph", "section")
)
"""What paragraphs may lie in; so do headings."""
_COUNT = f"{_TEXT}c"
_HINT = f"{_TEXT}ruby-text"
_LAYOUT = re.compile(r" *[\t\r\n][ \t\r\n]*")


class CellText:
    """Gathers the paragraphs of one cell after the other from a parser's events."""

    def __init__(self, parser: SafeParser, most: int) -> None:
        self._parser = parser
        self._most = most
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._inside = False
        self._length = 0

    def begin(self) -> None:
        """Begin with a cell."""
        if self._paragraphs:
            self._paragraphs = []
        self._inside = False
        self._length = 0

    @property
    def has_any(self) -> bool:
        """Whether the cell has a paragraph, be it empty."""
        return bool(self._paragraphs)

    def start(self, name: str, attributes: Attributes) -> bool:
        """Take the start of an element inside the cell; False where it is none of its text."""
        if not self._inside:
            if name in _AROUND:
                return True
            if name not in {_P, _H}:
                return False
            self._inside = True
            self._pieces = []
            self._parser.take_text(self._take)
            return True
        if name == _S:
            text = attributes.get(_COUNT, "1")
            self._keep(
                " " * (_number(text, self._most + 1) if text.isascii() and text.isdigit() else 1)
            )
        elif name == _TAB:
            self._keep("\t")
        elif name == _BREAK:
            self._keep("\n")
        return name.startswith(_TEXT) and name != _HINT

    def end(self, name: str) -> None:
        """Take the end of an element inside the cell."""
        if name in {_P, _H} and self._inside:
            self._inside = False
            self._parser.take_text(None)
            self._paragraphs.append("".join(self._pieces))

    def pause(self) -> None:
        """Leave out what comes, until `resume`."""
        if self._inside:
            self._parser.take_text(None)

    def resume(self) -> None:
        """Go on inside a paragraph that was left."""
        if self._inside:
            self._parser.take_text(self._take)

    def joined(self) -> str | None:
        """Return the cell's text, a line a paragraph; None where it is too long."""
        if self._length > self._most:
            return None
        return self._paragraphs[0] if len(self._paragraphs) == 1 else "\n".join(self._paragraphs)

    def _take(self, data: str) -> None:
        layout = _LAYOUT.search(data)
        if layout:
            if layout.start() == 0 and not self._pieces:
                data = data[layout.end() :]
            data = _LAYOUT.sub(" ", data)
        self._keep(data)

    def _keep(self, text: str) -> None:
        self._length += len(text)
        if self._length <= self._most:  # beyond it the cell is refused, so nothing need be held
            self._pieces.append(text)


def _number(digits: str, most: int) -> int:
    """Return a number, or `most` where it is larger."""
    return most if len(digits) > 9 else min(int(digits), most)  # noqa: PLR2004
