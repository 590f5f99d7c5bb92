"""Comments on cells: what is said there beside a value is told as not read.

In an .xlsx notes lie in one part of a sheet, conversations in another with a note that stands
in for each. What the portal wrote itself when it gave the workbook back is none of the user's.
"""

import re

from hr_portal.adapters.spreadsheets.annotated.orders import COMMENT_END, COMMENT_MARK
from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_of
from hr_portal.adapters.spreadsheets.workbook import relations_of
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser

_PARTS = frozenset({"comments", "threadedComment"})
_COMMENTS = frozenset({"comment", "threadedComment"})
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def says_more_than_ours(text: str) -> bool:
    """Tell whether a comment says anything around what the portal wrote into it."""
    before, _, ours = text.partition(COMMENT_MARK)
    return bool(before.strip() or ours.partition(COMMENT_END)[2].strip())


def note(sheet: Sheet, package: Package, part: str, limits: ReadLimits) -> None:
    """Note which cells of a sheet of an .xlsx users commented on."""
    for kind, target in relations_of(package, part, limits).values():
        if kind in _PARTS and package.archive is not None and target in package.archive:
            _read(sheet, package, target, limits)


def _read(sheet: Sheet, package: Package, part: str, limits: ReadLimits) -> None:
    pieces: list[str] = []
    cell: re.Match[str] | None = None

    def start(name: str, attributes: Attributes) -> None:
        nonlocal cell
        if name in _COMMENTS:
            cell = _CELL.match(attributes.get("ref", ""))
            pieces.clear()
        elif name == "text":
            parser.take_text(pieces.append)

    def end(name: str) -> None:
        if name == "text":
            parser.take_text(None)
        elif name in _COMMENTS and cell and says_more_than_ours("".join(pieces)):
            sheet.comment(column_of(cell[1]), int(cell[2]))

    assert package.archive is not None  # noqa: S101 - its caller has looked
    parser = SafeParser(part, package.file, limits)
    parser.handle(start, end)
    parser.parse(package.archive.chunks(part))
