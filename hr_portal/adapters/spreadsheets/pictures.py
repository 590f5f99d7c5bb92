"""Pictures where a value belongs: inside a cell, made by a formula, or lying over the sheet.

A picture inside a cell (Excel's "place in cell") is stored as the error #VALUE! with a
number that leads through three parts to what it is; WPS stores a formula DISPIMG; one that
lies over the sheet is no cell at all. None of them is read as a value or as an error.
"""

import re

from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.adapters.spreadsheets.workbook import relations_of
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser, StartHandler
from hr_portal.domain.table import PICTURE, Kind

FORMULA = re.compile(r"\s*=?\s*(?:_xlfn\.|COM\.MICROSOFT\.)*(?:DISPIMG|IMAGE)\(", re.IGNORECASE)
"""A formula whose result is a picture."""
_AS_TEXT = re.compile(r"\s*=\s*(?:_xlfn\.)*DISPIMG\(|" + re.escape(PICTURE) + "$", re.IGNORECASE)
_MARKS = (b"DISPIMG(", PICTURE.encode())
_STRUCTURES = frozenset({"_localImage", "_webimage"})
_KEPT = 10_000
"""So many places of pictures are remembered, and so many values of that kind looked at."""


def mark_texts(sheet: Sheet) -> None:
    """Make pictures of the texts that WPS leaves where its formula has gone, and of our word."""
    for raw in sheet.columns.values():
        if not any(mark in block for block in raw.values.blocks() for mark in _MARKS):
            continue
        for row, text in enumerate(list(raw.values)):
            if raw.kinds[row] == Kind.TEXT and _AS_TEXT.match(text):
                raw.values[row] = PICTURE
                raw.kinds[row] = Kind.ERROR


def in_cells(package: Package, part: str, limits: ReadLimits) -> frozenset[int]:
    """Return the numbers (`vm`) by which cells of a workbook mean a picture."""
    parts = dict(relations_of(package, part, limits).values())
    held = [
        parts.get(kind, "") for kind in ("sheetMetadata", "rdRichValue", "rdRichValueStructure")
    ]
    if package.archive is None or not all(name in package.archive for name in held):
        return frozenset()
    metadata, values, structures = held
    kinds = [one.get("t", "") for one in _elements(package, structures, "s", limits)]
    pictures = {
        at
        for at, one in enumerate(_elements(package, values, "rv", limits))
        if _number(one, "s") < len(kinds) and kinds[_number(one, "s")] in _STRUCTURES
    }
    return _meaning(package, metadata, pictures, limits)


def _meaning(package: Package, part: str, pictures: set[int], limits: ReadLimits) -> frozenset[int]:
    """Follow the numbers of cells to rich values; return those that lead to pictures."""
    rich: list[int] = []
    found: set[int] = set()
    types: list[str] = []
    around: list[str] = []
    count = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal count
        if name == "metadataType":
            types.append(attributes.get("name", ""))
        elif name in {"futureMetadata", "valueMetadata", "cellMetadata"}:
            around[:] = [name, attributes.get("name", "")]
        elif name == "bk" and around[:1] == ["valueMetadata"]:
            count += 1
        elif name == "rvb" and around == ["futureMetadata", "XLRICHVALUE"] and len(rich) < _KEPT:
            rich.append(_number(attributes, "i"))
        elif name == "rc" and around[:1] == ["valueMetadata"] and len(found) < _KEPT:
            kind, value = _number(attributes, "t") - 1, _number(attributes, "v")
            is_rich = 0 <= kind < len(types) and types[kind] == "XLRICHVALUE"
            if is_rich and value < len(rich) and rich[value] in pictures:
                found.add(count)

    _walk(package, part, start, limits)
    return frozenset(found)


def over_sheet(package: Package, part: str, limits: ReadLimits) -> list[str]:
    """Return the addresses of the cells on which pictures over a sheet begin."""
    archive = package.archive
    drawings = [
        target for kind, target in relations_of(package, part, limits).values() if kind == "drawing"
    ]
    found: list[str] = []
    for drawing in drawings:
        if archive is not None and drawing in archive:
            anchors = _Anchors()
            parser = SafeParser(drawing, package.file, limits)
            parser.handle(anchors.start, anchors.end)
            parser.take_text(anchors.text)
            parser.parse(archive.chunks(drawing))
            found += anchors.found
    return found


class _Anchors:
    """What is seen of a drawing so far."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._in = ""
        self._said = ""
        self._from = False
        self._at = {"col": 0, "row": 0}

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "from":
            self._from = True
        elif name in self._at and self._from:
            self._in, self._said = name, ""
        elif name == "pic" and len(self.found) < _KEPT:
            self.found.append(f"{column_letters(self._at['col'])}{self._at['row'] + 1}")

    def text(self, text: str) -> None:
        if self._in:
            self._said += text[:9]

    def end(self, name: str) -> None:
        if name == self._in:
            said = self._said.strip()
            self._at[name] = int(said) if said.isascii() and said.isdigit() else 0
            self._in = ""
        elif name == "from":
            self._from = False


def _elements(package: Package, part: str, name: str, limits: ReadLimits) -> list[Attributes]:
    """Return the attributes of all elements of a name."""
    found: list[Attributes] = []

    def start(element: str, attributes: Attributes) -> None:
        if element == name and len(found) < _KEPT:
            found.append(attributes)

    _walk(package, part, start, limits)
    return found


def _walk(package: Package, part: str, start: StartHandler, limits: ReadLimits) -> None:
    assert package.archive is not None  # noqa: S101 - its callers have looked
    parser = SafeParser(part, package.file, limits)
    parser.handle(start)
    parser.parse(package.archive.chunks(part))


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else _KEPT  # noqa: PLR2004
