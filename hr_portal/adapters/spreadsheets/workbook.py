"""The parts of a workbook that say where its sheets are and what cells mean."""

import posixpath
import re
from dataclasses import dataclass, field

from hr_portal.adapters.spreadsheets import looks
from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser, is_strike

PLAIN, DATE, DURATION = 0, 1, 2

# Built-in formats that show a date or a time (ECMA-376 18.8.30, with the East Asian and Thai ones).
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59), *range(71, 82)}
_BUILT_IN_DURATIONS = {46}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A sheet as the workbook lists it, in the order of its tabs."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Workbook:
    """Everything but the cells."""

    sheets: list[SheetPlace] = field(default_factory=list)
    epoch_1904: bool = False
    formats: list[int] = field(default_factory=list)
    """Per cell format whether it shows a number as PLAIN, DATE or DURATION."""
    looks: dict[int, int] = field(default_factory=dict)
    """What cell formats do to what is seen, where they do (`looks`)."""
    part: str = ""
    """Its main part."""
    strings_part: str | None = None
    is_uncalculated: bool = False
    """Whether the file asks to be calculated when it is opened: a result of 0 may be none."""


def format_kind(number: int, code: str | None) -> int:
    """Tell whether a number format shows a date, a duration, or a plain number."""
    if code is None:
        if number in _BUILT_IN_DURATIONS:
            return DURATION
        return DATE if number in _BUILT_IN_DATES else PLAIN
    # Only the first section counts: the others are for negative numbers, zero and text.
    first = _BRACKETS.sub("", _QUOTED.sub("", code)).split(";", 1)[0]
    if _ELAPSED.search(first):
        return DURATION
    if first.strip().lower() in {"general", "standard"}:
        return PLAIN
    return DATE if _DATE_LETTERS.search(first) else PLAIN


def read_workbook(package: Package, limits: ReadLimits) -> Workbook:
    """Read the list of sheets, the epoch and the cell formats; raises Unreadable."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - csv has no workbook part
    part = _main_part(package, limits)
    relations = relations_of(package, part, limits)
    book = _sheets(package, part, relations, limits)
    book.part = part
    if not book.sheets:
        raise refuse(
            "structure", file, found="buku kerjanya tidak mempunyai lembar data",
            found_en="the workbook has no data sheet",
        )  # fmt: skip
    for kind, target in relations.values():
        if kind == "sharedStrings" and target in archive:
            book.strings_part = target
        elif kind == "styles" and target in archive:
            book.formats, book.looks = _formats(package, target, limits)
    return book


def _sheets(
    package: Package, part: str, relations: dict[str, tuple[str, str]], limits: ReadLimits
) -> Workbook:
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - csv has no workbook part
    book = Workbook()
    names = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal names
        if name == "workbookPr":
            book.epoch_1904 = attributes.get("date1904", "0") in {"1", "true", "on"}
        elif name == "calcPr":
            book.is_uncalculated = attributes.get("fullCalcOnLoad", "0") in {"1", "true"}
        elif name == "sheet":
            if len(book.sheets) >= limits.max_sheets:
                raise over_limit(
                    file, f"lembarnya lebih dari {limits.max_sheets}",
                    f"it has more than {limits.max_sheets} sheets", dotted(limits.max_sheets),
                )  # fmt: skip
            _add_sheet(book, attributes, relations, package)
        elif name == "definedName":
            names += 1
            if names > limits.max_defined_names:
                raise over_limit(
                    file, f"nama terdefinisi lebih dari {dotted(limits.max_defined_names)}",
                    f"it has more than {limits.max_defined_names:,} defined names",
                    dotted(limits.max_defined_names), f"{limits.max_defined_names:,}",
                )  # fmt: skip

    parser = SafeParser(part, file, limits)
    parser.handle(start)
    parser.parse(archive.chunks(part))
    return book


def _main_part(package: Package, limits: ReadLimits) -> str:
    found = next(
        (
            target
            for kind, target in relations_of(package, "", limits).values()
            if kind == "officeDocument"
        ),
        "xl/workbook.xml",
    )
    if package.archive is None or found not in package.archive:
        raise refuse(
            "damaged", package.file, found="bagian utama buku kerja tidak ada",
            found_en="the main part of the workbook is missing",
        )  # fmt: skip
    return found


def relations_of(package: Package, part: str, limits: ReadLimits) -> dict[str, tuple[str, str]]:
    """Return the relations of a part by id: (last word of the type, target part)."""
    archive = package.archive
    assert archive is not None  # noqa: S101 - csv has no relations
    folder, base = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{base}.rels").lower()
    found: dict[str, tuple[str, str]] = {}
    if rels not in archive:
        return found

    def start(name: str, attributes: Attributes) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() == "external":
            resolved = "external:"
        elif target.startswith("/"):
            resolved = posixpath.normpath(target.lstrip("/"))
        else:
            resolved = posixpath.normpath(posixpath.join(folder, target))
        found[attributes.get("Id", "")] = (kind, resolved.lower())

    parser = SafeParser(rels, package.file, limits)
    parser.handle(start)
    parser.parse(archive.chunks(rels))
    return found


def _add_sheet(
    book: Workbook, attributes: Attributes, relations: dict[str, tuple[str, str]], package: Package
) -> None:
    name = attributes.get("name", "")
    kind, target = relations.get(attributes.get("id", ""), ("", ""))
    if kind == "chartsheet":
        return  # a chart has no cells
    if kind != "worksheet" or package.archive is None or target not in package.archive:
        raise refuse(
            "structure", package.file,
            found=f"lembar “{name[:60]}” menunjuk ke sesuatu yang bukan lembar di berkas ini",
            found_en=f"sheet “{name[:60]}” points to something that is no sheet of this file",
        )  # fmt: skip
    if any(sheet.part == target for sheet in book.sheets):
        raise refuse(
            "structure", package.file, found=f"dua lembar memakai isi yang sama ({target})",
            found_en=f"two sheets use the same content ({target})",
        )  # fmt: skip
    hidden = attributes.get("state", "visible") in {"hidden", "veryHidden"}
    book.sheets.append(SheetPlace(name, target, hidden))


def _formats(package: Package, part: str, limits: ReadLimits) -> tuple[list[int], dict[int, int]]:
    """Return how each cell format shows a number, and what some of them do to what is seen."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - csv has no styles
    codes: dict[int, str] = {}
    numbers: list[int] = []
    dressed: list[tuple[int, int]] = []
    known, inside = _Dress(), False

    def integer(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        known.start(name, attributes)
        if name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            numbers.append(integer(attributes.get("numFmtId", "0")))
            dressed.append(
                (integer(attributes.get("fontId", "0")), integer(attributes.get("fillId", "0")))
            )
            if len(numbers) > limits.max_cell_formats:
                raise over_limit(
                    file, f"format selnya lebih dari {dotted(limits.max_cell_formats)}",
                    f"it has more than {limits.max_cell_formats:,} cell formats",
                    dotted(limits.max_cell_formats), f"{limits.max_cell_formats:,}",
                )  # fmt: skip
        elif name == "numFmt":
            codes[integer(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")

    def end(name: str) -> None:
        nonlocal inside
        known.end(name)
        if name == "cellXfs":
            inside = False

    parser = SafeParser(part, file, limits)
    parser.handle(start, end)
    parser.parse(archive.chunks(part))
    kinds = {number: format_kind(number, codes.get(number)) for number in numbers}
    found = {
        at: known.look(*worn) | looks.of_format(codes.get(number))
        for at, (worn, number) in enumerate(zip(dressed, numbers, strict=True))
    }
    return [kinds[number] for number in numbers], {at: look for at, look in found.items() if look}


@dataclass(slots=True)
class _Font:
    """A font of a style sheet's list."""

    is_struck: bool = False
    size: float | None = None
    ink: str | None = None


class _Dress:
    """The fonts and fills of a style sheet's lists."""

    def __init__(self) -> None:
        self._fonts: list[_Font] = []
        self._grounds: list[str | None] = []
        self._list, self._is_solid = "", False

    def start(self, name: str, attributes: Attributes) -> None:
        """Note a part that begins."""
        if name in {"fonts", "fills"}:
            self._list = name
        elif self._list == "fonts":
            self._take_font(name, attributes)
        elif self._list == "fills":
            self._take_fill(name, attributes)

    def end(self, name: str) -> None:
        """Note a part that ends; what lies beyond the lists belongs to no cell's format."""
        if name == self._list:
            self._list = ""

    def look(self, font: int, fill: int) -> int:
        """Return what a font on a fill does to what is seen."""
        worn = self._fonts[font] if font < len(self._fonts) else _Font()
        ground = self._grounds[fill] if fill < len(self._grounds) else looks.WHITE
        unseen = looks.of_font(size=worn.size, ink=worn.ink, ground=ground)
        return looks.STRUCK * worn.is_struck | unseen

    def _take_font(self, name: str, attributes: Attributes) -> None:
        if name == "font":
            self._fonts.append(_Font())
        elif self._fonts and name == "sz":
            self._fonts[-1].size = looks.number(attributes.get("val"))
        elif self._fonts and name == "color":
            self._fonts[-1].ink = looks.color(attributes)
        elif self._fonts:
            self._fonts[-1].is_struck |= is_strike(name, attributes)

    def _take_fill(self, name: str, attributes: Attributes) -> None:
        if name == "fill":
            self._grounds.append(None)
        elif self._grounds and name == "patternFill":
            pattern = attributes.get("patternType", "none")
            self._is_solid = pattern == "solid"
            self._grounds[-1] = looks.WHITE if pattern == "none" else None
        elif self._grounds and name == "fgColor" and self._is_solid:
            self._grounds[-1] = looks.color(attributes)
