"""The parts of a workbook that say where its sheets are and what cells mean."""

import posixpath
import re
from dataclasses import dataclass, field

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
    struck: frozenset[int] = frozenset()
    """Which cell formats cross their text out."""
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
            book.formats, book.struck = _formats(package, target, limits)
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


def _formats(package: Package, part: str, limits: ReadLimits) -> tuple[list[int], frozenset[int]]:
    """Return how each cell format shows a number, and which of them cross their text out."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - csv has no styles
    codes: dict[int, str] = {}
    numbers: list[int] = []
    fonts: list[int] = []
    known_fonts, inside = _Fonts(), False

    def integer(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        known_fonts.start(name, attributes)
        if name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            numbers.append(integer(attributes.get("numFmtId", "0")))
            fonts.append(integer(attributes.get("fontId", "0")))
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
        known_fonts.end(name)
        if name == "cellXfs":
            inside = False

    parser = SafeParser(part, file, limits)
    parser.handle(start, end)
    parser.parse(archive.chunks(part))
    known: dict[int, int] = {}
    shown = [known.setdefault(number, format_kind(number, codes.get(number))) for number in numbers]
    return shown, frozenset(at for at, one in enumerate(fonts) if one in known_fonts.struck)


class _Fonts:
    """Tells which fonts of a style sheet's list cross their text out."""

    def __init__(self) -> None:
        self.struck: set[int] = set()
        self._at, self._inside = -1, False

    def start(self, name: str, attributes: Attributes) -> None:
        """Note a part that begins."""
        self._inside |= name == "fonts"
        self._at += self._inside and name == "font"
        if self._inside and is_strike(name, attributes):
            self.struck.add(self._at)

    def end(self, name: str) -> None:
        """Note a part that ends; fonts beyond the list belong to no cell's format."""
        self._inside &= name != "fonts"
