"""A workbook in, the same workbook with notes out, part by part.

Parts nobody needs to touch go over as they lie, without unpacking. The sheet
with the table streams through; only its styles, comments and lists of parts
are held whole.
"""

import re
from collections.abc import Iterable, Iterator

from hr_portal.adapters.spreadsheets.annotated import package, summary
from hr_portal.adapters.spreadsheets.annotated.comments import (
    Comments,
    drawing,
    fresh_comments,
    legacy_drawing,
)
from hr_portal.adapters.spreadsheets.annotated.markup import (
    attribute,
    children,
    column_of,
    end_tag,
    integer,
    joined,
    local_attribute,
    root_prefix,
    row_of,
    start_tag,
    tidied,
)
from hr_portal.adapters.spreadsheets.annotated.orders import (
    RINGKASAN,
    Order,
    RowNote,
)
from hr_portal.adapters.spreadsheets.annotated.package import (
    ContentTypes,
    Relations,
    relations_part,
)
from hr_portal.adapters.spreadsheets.annotated.returning import is_own_summary
from hr_portal.adapters.spreadsheets.annotated.rows import Place, RowPatcher
from hr_portal.adapters.spreadsheets.annotated.styles import EMPTY, Styles
from hr_portal.adapters.spreadsheets.annotated.zipped import Sink, ZipWriter
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.guard import CONTENT_TYPES, Facts, Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import column_letters
from hr_portal.adapters.spreadsheets.workbook import SheetPlace, read_workbook
from hr_portal.adapters.spreadsheets.xlsx import MAX_COLUMN, XlsxReader

_DATA_END = end_tag(b"sheetData")
_MERGED = start_tag(b"mergeCell")
_LEGACY, _PROTECTION = start_tag(b"legacyDrawing"), start_tag(b"sheetProtection")
_AFTER_LEGACY = {
    b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls", b"webPublishItems",
    b"tableParts", b"extLst", b"AlternateContent",
}  # fmt: skip
_TABLE = start_tag(b"table")
_ANCHOR_END = re.compile(rb"<(?:[\w.\-]+:)?to>\s*<(?:[\w.\-]+:)?col>\s*(\d{1,5})\s*</", re.DOTALL)
_FARTHEST = 200
"""A picture farther right than this moves our columns no more."""

_PROTECTED = (
    "Lembar ini dilindungi; perlindungannya tetap. Buka dengan Tinjau > Hapus Proteksi Lembar "
    "sebelum memperbaiki sel yang terkunci."
)
_BETWEEN = (
    "Isi lembar ini sampai ke kolom terakhir (XFD), sehingga di kanannya tidak ada tempat lagi. Kolom Hasil dan "
    "Catatan ada di kolom {} dan {}."
)


class _Source:
    """The parts of the workbook that came in."""

    def __init__(self, data: bytes | memoryview, file: str, limits: ReadLimits) -> None:
        self.file, self.limits = file, limits
        self.data = memoryview(data)
        self.archive = Archive(data, file, limits)
        self.package = Package("xlsx", data, file, self.archive)
        self.package.facts = {part: Facts(plain=False) for part in self.archive.entries}
        self.main = self._main()
        self.relations = Relations(self.main, self.read(relations_part(self.main)))

    def _main(self) -> str:
        root = Relations("", self.read("_rels/.rels"))
        found = root.of("officeDocument")
        return found.target if found else "xl/workbook.xml"

    def read(self, part: str) -> bytes | None:
        """Return a part whole and tidied, or None."""
        return joined(self.archive.chunks(part)) if part.lower() in self.archive else None

    def spelled(self, part: str) -> str:
        """Return a part's name in the spelling of the archive."""
        entry = self.archive.entries.get(part.lower())
        return entry.name if entry else part

    def free(self, name: str) -> str:
        """Return a part's name that isn't taken: this one, or with a number before its ending."""
        stem, dot, ending = name.rpartition(".")
        found, number = name, 1
        while found.lower() in self.archive:
            number += 1
            found = f"{stem}{number}{dot}{ending}"
        return found


class _Scan:
    """What the sheet says after its rows, found out in a first pass."""

    def __init__(self, source: _Source, part: str) -> None:
        held = source.archive.chunks(part)
        before = next(held, b"")
        self.prefix = root_prefix(before)
        self.is_plain = b"<!" not in before and before.find(b"<?", 5) < 0
        self.tail = self._after_rows(before)
        for chunk in held:
            joint = before[-64:] + chunk
            self.tail = self.tail + chunk if self.tail else self._after_rows(joint)
            self.is_plain = self.is_plain and b"<!" not in joint and b"<?" not in joint
            before = chunk

    @staticmethod
    def _after_rows(piece: bytes) -> bytes:
        if b"sheetData" not in piece:
            return b""
        found = _DATA_END.search(piece)
        return piece[found.start() :] if found else b""


def annotate(
    data: bytes | memoryview, file: str, order: Order, notes: Iterable[RowNote], out: Sink,
    limits: ReadLimits,
) -> None:  # fmt: skip
    """Write the workbook with its notes to `out`; raises Unreadable where that can't be done."""
    source = _Source(data, file, limits)
    _Annotation(source, order, notes).write(out)


class _Annotation:
    """One workbook on its way out."""

    def __init__(self, source: _Source, order: Order, notes: Iterable[RowNote]) -> None:
        self.source, self.order, self.notes = source, order, notes
        book = read_workbook(source.package, source.limits)
        self.sheet = next((each for each in book.sheets if each.name == order.sheet), None)
        if self.sheet is None:
            raise refuse(
                "structure", source.file, found=f"lembar “{order.sheet[:60]}” tidak ada",
                found_en=f"there is no sheet “{order.sheet[:60]}”",
            )  # fmt: skip
        self.workbook = source.read(source.main) or b""
        self.names = package.names_of(self.workbook)
        self.types = ContentTypes(source.read(CONTENT_TYPES) or b"")
        self.root = Relations("", source.read("_rels/.rels"))
        self.sheet_relations = Relations(
            self.sheet.part, source.read(relations_part(self.sheet.part))
        )
        for part in source.relations.drop_missing(source.archive.__contains__):
            self.types.drop(part)
        styles = source.relations.of("styles")
        held = source.read(styles.target) if styles else None
        self.styles_part = styles.target if styles and held else source.free("xl/styles.xml")
        if held is None:
            source.relations.add(self.names.relations + b"/styles", self.styles_part)
            self.types.add(self.styles_part, package.STYLES_TYPE)
        self.styles = Styles(held or EMPTY)
        self.old_summary = self._old_summary(book.sheets)

    def _old_summary(self, sheets: list[SheetPlace]) -> SheetPlace | None:
        """Return our summary of an earlier time: its first cell says what it is."""
        likely = [each for each in sheets if each.name.startswith(RINGKASAN) and each != self.sheet]
        if not likely:
            return None
        reader = XlsxReader(self.source.package, self.source.limits, quick=False)
        return next(
            (place for place in likely if is_own_summary(reader.read(place, max_rows=1))), None
        )

    def write(self, out: Sink) -> None:
        """Write all parts: those of the user, then what is new or known only at the end."""
        source, sheet = self.source, self.sheet
        assert sheet is not None  # noqa: S101 - refused above
        scan = _Scan(source, sheet.part)
        zipped = ZipWriter(out)
        legacy = self._legacy(scan)
        comments_part, comments = self._comments()
        vml_part = legacy or source.free("xl/drawings/vmlDrawingPortal.vml")
        self._announce(comments_part, vml_part)
        custom = self.root.of("custom-properties")
        custom_part = custom.target if custom else package.CUSTOM
        properties = package.with_property(source.read(custom_part), self.order.mark or "v1")
        if custom is None:
            self.root.add(package.CUSTOM_RELATION, custom_part)
            self.types.add(custom_part, package.CUSTOM_TYPE)
        summary_part = self._summary_part()
        gone = self._calculation_chain()
        late = {
            self.styles_part, comments_part, vml_part, summary_part, custom_part,
            relations_part(sheet.part).lower(), gone,
        }  # fmt: skip
        early = {
            CONTENT_TYPES: self.types.content,
            "_rels/.rels": self.root.content,
            source.main: self.workbook,
            relations_part(source.main): source.relations.content,
        }
        early = {name.lower(): content for name, content in early.items()}
        place = self._place(scan)
        patcher = RowPatcher(self.order, self.notes, self.styles, place, scan.prefix)
        zipped.add("[Content_Types].xml", [early.pop(CONTENT_TYPES)])
        for part, entry in source.archive.entries.items():
            if part in late or part == CONTENT_TYPES or part.endswith("/"):
                continue
            if part in early:
                zipped.add(entry.name, [early.pop(part)])
            elif part == sheet.part:
                zipped.add(entry.name, self._patched(patcher, scan))
            else:
                zipped.copy(
                    entry.name, entry.method, entry.crc, entry.size, source.archive.packed(part)
                )
        for name, content in early.items():
            zipped.add(name, [content])
        written = patcher.written
        wanted = {
            at: text for at, text in written.comments.items()
            if not (at in comments.kept and comments.is_thread(comments.kept[at]))
        }  # fmt: skip
        zipped.add(source.spelled(comments_part), [comments.part(wanted)])
        boxes = drawing(
            source.read(legacy) if legacy else None, list(wanted),
            comments.dropped - set(wanted),
            set(comments.kept) | comments.dropped if legacy else set(),
        )  # fmt: skip
        zipped.add(source.spelled(vml_part), [boxes])
        remarks = [_PROTECTED] if _PROTECTION.search(scan.tail) else []
        if self._between_columns:
            hasil, catatan = (column_letters(place.hasil + at) for at in (0, 1))
            remarks.append(_BETWEEN.format(hasil, catatan))
        zipped.add(
            source.spelled(summary_part),
            [summary.sheet(self.order, written, self.styles, self.names.main, remarks)],
        )
        zipped.add(source.spelled(custom_part), [properties])
        zipped.add(source.spelled(relations_part(sheet.part)), [self.sheet_relations.content])
        zipped.add(source.spelled(self.styles_part), [self.styles.part()])
        zipped.close()

    # ------------------------------------------------------------- what leads to what

    def _legacy(self, scan: _Scan) -> str:
        """Return the part with the boxes of the sheet's comments, "" where there is none."""
        found = _LEGACY.search(scan.tail)
        part = self.sheet_relations.target(local_attribute(found[2], b"id")) if found else ""
        return part if part in self.source.archive else ""

    def _comments(self) -> tuple[str, Comments]:
        held = self.sheet_relations.of("comments")
        content = self.source.read(held.target) if held else None
        if held and content:
            return held.target, Comments(content)
        part = self.source.free("xl/commentsPortal.xml")
        return part, Comments(fresh_comments(self.names.main))

    def _announce(self, comments_part: str, vml_part: str) -> None:
        kind = self.names.relations
        if comments_part not in self.source.archive:
            self.sheet_relations.add(kind + b"/comments", comments_part)
            self.types.add(comments_part, package.COMMENTS_TYPE)
        if vml_part not in self.source.archive:
            self._vml_id = self.sheet_relations.add(kind + b"/vmlDrawing", vml_part)
            self.types.allow(b"vml", package.VML_TYPE)

    def _summary_part(self) -> str:
        if self.old_summary is not None:
            return self.old_summary.part
        part = self.source.free("xl/worksheets/sheetPortal.xml")
        self.types.add(part, package.SHEET_TYPE)
        identifier = self.source.relations.add(self.names.relations + b"/worksheet", part)
        taken = [name for name, _ in package.sheet_names(self.workbook)]
        title = package.free_sheet_name(RINGKASAN, taken)
        self.workbook = package.with_sheet(self.workbook, self.names, title, identifier)
        return part

    def _calculation_chain(self) -> str:
        """Take out the order of calculation where a formula may go: programs make it anew."""
        if not (self.order.has_changes or self.order.own_columns):
            return ""
        part = self.source.relations.drop("calcChain")
        if part:
            self.types.drop(part)
        return part

    # ------------------------------------------------------------- the sheet

    def _place(self, scan: _Scan) -> Place:
        own = self.order.own_columns
        if own:
            return Place(own[0], own)
        right = self._right_of_all(scan) + 1
        if right + 1 < MAX_COLUMN:
            return Place(right, ())
        return Place(self._between(scan), ())

    def _between(self, scan: _Scan) -> int:
        """Return the first of two free columns, where something reaches to the sheet's end.

        A merged row is no hindrance where all columns lie under one; raises Unreadable.
        """
        held = {*self.order.columns, *range(min(self.order.columns, default=0))}
        for first, last in self._tables():
            held |= set(range(first, last + 1))
        under = held.union(*(range(first, last + 1) for first, last in self._merged(scan)))
        for taken in (under, held):
            for at in range(MAX_COLUMN - 1):
                if at not in taken and at + 1 not in taken:
                    self._between_columns = True
                    return at
        raise refuse("no-room", self.source.file)

    def _merged(self, scan: _Scan) -> Iterator[tuple[int, int]]:
        """Yield the columns of merged cells from the header down, both ends included."""
        for found in _MERGED.finditer(scan.tail):
            yield from self._columns_of(attribute(found[2], b"ref"))

    def _tables(self) -> Iterator[tuple[int, int]]:
        """Yield the columns of table objects that reach the header or lie below it."""
        for one in self.sheet_relations.all:
            content = self.source.read(one.target) if one.kind == "table" and one.target else None
            if content and (table := _TABLE.search(content)):
                yield from self._columns_of(attribute(table[2], b"ref"))

    def _columns_of(self, area: bytes | None) -> Iterator[tuple[int, int]]:
        first, _, last = (area or b"").partition(b":")
        if row_of(last) >= self.order.header_row:
            yield column_of(first), column_of(last)

    def _right_of_all(self, scan: _Scan) -> int:
        """Return the last column taken by the table, a merged cell, a table or a picture."""
        last = self.order.last_column
        last = max([last, *(end for _, end in self._merged(scan))])
        last = max([last, *(end for _, end in self._tables())])
        for one in self.sheet_relations.all:
            content = self.source.read(one.target) if one.kind == "drawing" and one.target else None
            ends = [integer(each[1]) for each in _ANCHOR_END.finditer(content or b"")]
            last = max([last, *(end for end in ends if end <= last + _FARTHEST)])
        return last

    def _patched(self, patcher: RowPatcher, scan: _Scan) -> Iterator[bytes]:
        chunks: Iterator[bytes] = self.source.archive.chunks(self.sheet.part)  # type: ignore[union-attr]
        if not scan.is_plain:
            chunks = iter([tidied(b"".join(chunks))])
        if self._vml_id is None:
            yield from patcher.patch(chunks)
            return
        yield from self._with_drawing(patcher.patch(chunks), scan.prefix)

    _vml_id: bytes | None = None
    _between_columns = False

    def _with_drawing(self, pieces: Iterator[bytes], prefix: bytes) -> Iterator[bytes]:
        """Put the element that names the drawing where the schema wants it."""
        end = b""
        for piece in pieces:
            if end or _DATA_END.match(piece):
                end += piece
            else:
                yield piece
        made = legacy_drawing(prefix, self.names.relations, self._vml_id or b"")
        found = _LEGACY.search(end)
        if found:  # it led nowhere
            close = found.end() if found[3] else end.find(b">", found.end()) + 1
            yield end[: found.start()] + made + end[close:]
            return
        shut = _DATA_END.search(end)
        at = shut.end() if shut else 0
        place = next(
            (at + begin for begin, name in children(end[at:]) if name in _AFTER_LEGACY), None
        )
        if place is None:
            place = end.rfind(b"</")
        yield end[:place] + made + end[place:]
