"""The styles of an .ods: what is hidden by them, crossed out, or not to be seen on screen."""

import re
from dataclasses import dataclass, replace

from hr_portal.adapters.spreadsheets import looks
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_STYLE, _TABLE, _FO = f"{_URN}style:1.0 ", f"{_URN}table:1.0 ", f"{_URN}xsl-fo-compatible:1.0 "
_NUMBER = f"{_URN}datastyle:1.0 "
_NAME, _FAMILY, _PARENT = f"{_STYLE}name", f"{_STYLE}family", f"{_STYLE}parent-style-name"
_TEXT = f"{_NUMBER}text"
_FORMATS = frozenset(
    f"{_NUMBER}{each}-style"
    for each in ("number", "currency", "percentage", "date", "time", "boolean", "text")
)
_OF_TEXTS = f"{_NUMBER}text-style"
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,20})?)(pt|in|cm|mm|pc|px)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0, "px": 0.75}
_CHARACTER = 5.25  # points


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a style of cells says, with what it has from its parent."""

    is_struck: bool = False
    size: float | None = None
    ink: str | None = None
    ground: str | None = looks.WHITE
    shown: str = ""
    """The name of its data style."""


@dataclass(slots=True)
class _Format:
    """A data style: whether it is for texts, what it shows, and what it leaves to others."""

    is_of_texts: bool
    is_blank: bool = False
    shows: bool = False
    others: str = ""
    """The first of these, which is for numbers above 0."""


class Styles:
    """Gathers the styles of one part after the other from their parsers' events."""

    def __init__(self, parser: SafeParser) -> None:
        self.parser = parser
        """That of the part being read."""
        self._cells: dict[str, _Cell] = {}
        self._formats: dict[str, _Format] = {}
        self._hidden: set[str] = set()  # sheets, rows, columns
        self._struck_runs: set[str] = set()  # parts of a text
        self._looks: dict[str, int] = {}
        self._name, self._family = "", ""
        self._format = _Format(is_of_texts=False)

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the start of an element outside the sheets."""
        if name == f"{_STYLE}style":
            self._start_style(attributes)
        elif name in _FORMATS:
            self._format = _Format(name == _OF_TEXTS)
            self._formats[attributes.get(_NAME, "")] = self._format
        elif name == _TEXT:
            self._format.is_blank = True
            self.parser.take_text(self._take_shown)
        elif name == f"{_STYLE}map":
            self._format.others = self._format.others or attributes.get(
                f"{_STYLE}apply-style-name", ""
            )
        elif name.startswith(_NUMBER):
            self._format.shows = True
        elif name == f"{_STYLE}text-properties":
            self._take_text_properties(attributes)
        elif self._family == "table-cell" and name == f"{_STYLE}table-cell-properties":
            self._take_ground(attributes.get(f"{_FO}background-color"))
        elif self._is_none(name, attributes):
            self._hidden.add(self._name)

    def end(self, name: str) -> None:
        """Take the end of an element outside the sheets."""
        if name == _TEXT:
            self.parser.take_text(None)
        elif name == f"{_STYLE}style":
            self._family = ""

    def hides(self, style: str) -> bool:
        """Tell whether a style hides a sheet, or makes a row or column as small as if it did."""
        return style in self._hidden

    def crosses_out(self, run: str | None) -> bool:
        """Tell whether the style of a part of a text crosses it out."""
        return run in self._struck_runs

    def look(self, style: str) -> int:
        """Return what a style of cells does to what is seen, as in `looks`."""
        known = self._looks.get(style)
        if known is None:
            cell = self._cells.get(style, _Cell())
            unseen = looks.of_font(size=cell.size, ink=cell.ink, ground=cell.ground)
            known = looks.STRUCK * cell.is_struck | unseen | self._hidden_kinds(cell.shown)
            self._looks[style] = known
        return known

    def _start_style(self, attributes: Attributes) -> None:
        self._name = attributes.get(_NAME, "")
        self._family = attributes.get(_FAMILY, "")
        if self._family == "table-cell":
            parent = self._cells.get(attributes.get(_PARENT, ""), _Cell())
            shown = attributes.get(f"{_STYLE}data-style-name", parent.shown)
            self._cells[self._name] = replace(parent, shown=shown)

    def _take_shown(self, text: str) -> None:
        self._format.shows |= bool(text.strip())

    def _take_text_properties(self, attributes: Attributes) -> None:
        said = {attributes.get(f"{_STYLE}text-line-through-{each}") for each in ("style", "type")}
        is_said, is_struck = said != {None}, "none" not in said
        if self._family == "text" and is_said and is_struck:
            self._struck_runs.add(self._name)
        if self._family != "table-cell":
            return
        cell = self._cells[self._name]
        ink, is_automatic = attributes.get(f"{_FO}color"), f"{_STYLE}use-window-font-color"
        size = _points(attributes.get(f"{_FO}font-size"))
        self._cells[self._name] = replace(
            cell,
            is_struck=is_struck if is_said else cell.is_struck,
            size=cell.size if size is None else size,
            ink=None if is_automatic in attributes else ink[1:].lower() if ink else cell.ink,
        )

    def _take_ground(self, color: str | None) -> None:
        if color:
            ground = color[1:].lower() if color.startswith("#") else looks.WHITE
            self._cells[self._name] = replace(self._cells[self._name], ground=ground)

    def _is_none(self, name: str, attributes: Attributes) -> bool:
        if name == f"{_STYLE}table-properties":
            return attributes.get(f"{_TABLE}display") == "false"
        size = least = None
        if name == f"{_STYLE}table-row-properties":
            size, least = attributes.get(f"{_STYLE}row-height"), looks.LEAST_HEIGHT
        elif name == f"{_STYLE}table-column-properties":
            size, least = attributes.get(f"{_STYLE}column-width"), looks.LEAST_WIDTH * _CHARACTER
        points = _points(size)
        return points is not None and least is not None and points < least

    def _hidden_kinds(self, shown: str) -> int:
        known = self._formats.get(shown)
        if known is None:
            return 0
        numbers = self._formats.get(known.others, known) if known.others else known
        hides_texts = known.is_of_texts and _shows_nothing(known)
        is_for_numbers = numbers is not known or not known.is_of_texts
        return looks.UNSEEN_TEXT * hides_texts | looks.UNSEEN_NUMBER * (
            is_for_numbers and _shows_nothing(numbers)
        )


def _shows_nothing(form: _Format) -> bool:
    return form.is_blank and not form.shows


def _points(length: str | None) -> float | None:
    found = _LENGTH.fullmatch(length) if length else None
    return float(found[1]) * _POINTS[found[2]] if found else None
