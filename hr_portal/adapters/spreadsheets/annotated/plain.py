"""A new workbook of one sheet: what csv, and rows without a file of their own, come back as.

Every cell keeps its stored kind. All of csv is text; a number stays a number,
because as text it would pass for digits that somebody typed.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from hr_portal.adapters.spreadsheets.annotated.markup import escaped
from hr_portal.adapters.spreadsheets.annotated.styles import EMPTY
from hr_portal.adapters.spreadsheets.annotated.zipped import ZipWriter
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.table import Kind

SHEET = "Koreksi"
"""What the sheet is called where the file has no sheets."""

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006"
_TYPES = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_AT_ONCE = 500
_DAY_0, _FIRST_SURE = date(1899, 12, 30), date(1900, 3, 1)
_WIDTH = 20

_FIXED: tuple[tuple[str, bytes], ...] = (
    (
        "[Content_Types].xml",
        b'<Types xmlns="%s/content-types"><Default Extension="rels" ContentType="application/'
        b'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        b'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        b'ContentType="%ssheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        b'ContentType="%sworksheet+xml"/><Override PartName="/xl/styles.xml" '
        b'ContentType="%sstyles+xml"/></Types>' % (_PACKAGE, _TYPES, _TYPES, _TYPES),
    ),
    (
        "_rels/.rels",
        b'<Relationships xmlns="%s/relationships"><Relationship Id="rId1" '
        b'Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        % (_PACKAGE, _RELATIONS),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        b'<Relationships xmlns="%s/relationships"><Relationship Id="rId1" Type="%s/worksheet" '
        b'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="%s/styles" '
        b'Target="styles.xml"/></Relationships>' % (_PACKAGE, _RELATIONS, _RELATIONS),
    ),
)


def workbook(sheet: Sheet, title: str) -> bytes:
    """Return the rows of a sheet, each at its number, as a workbook with that one sheet."""
    out = BytesIO()
    zipped = ZipWriter(out)
    for name, content in _FIXED:
        zipped.add(name, [_HEAD, content])
    zipped.add(
        "xl/workbook.xml",
        [
            _HEAD,
            b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1" '
            b'r:id="rId1"/></sheets></workbook>' % (_MAIN, _RELATIONS, escaped(title)),
        ],
    )
    text = EMPTY.replace(
        b'<cellXfs count="1">',
        b'<cellXfs count="3">',
    ).replace(
        b"</cellXfs>",
        b'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        b'<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        b"</cellXfs>",
    )
    zipped.add("xl/styles.xml", [text])
    zipped.add("xl/worksheets/sheet1.xml", _sheet(sheet))
    zipped.close()
    return out.getvalue()


def _sheet(sheet: Sheet) -> Iterator[bytes]:
    columns = list(sheet.columns.items())
    last = columns[-1][0] + 1 if columns else 1
    yield (
        _HEAD + b'<worksheet xmlns="%s"><cols><col min="1" max="%d" width="%d" style="1" '
        b'customWidth="1"/></cols><sheetData>' % (_MAIN, last, _WIDTH)
    )
    shapes = [
        (b'<c r="%s' % column_letters(column).encode(), raw.values, raw.kinds)
        for column, raw in columns
    ]
    numbers = sheet.row_numbers
    for start in range(0, len(numbers), _AT_ONCE):
        made = []
        for row in range(start, min(start + _AT_ONCE, len(numbers))):
            number = b"%d" % numbers[row]
            cells = b"".join(
                _cell(head + number, values[row], kinds[row])
                for head, values, kinds in shapes
                if row < len(values) and values[row]
            )
            made.append(b'<row r="%s">%s</row>' % (number, cells))
        yield b"".join(made)
    yield b"</sheetData></worksheet>"


def _cell(head: bytes, value: str, kind: int) -> bytes:
    """Return a cell in its stored kind; what has no kind of its own in a workbook is text."""
    if kind == Kind.NUMBER:
        return b'%s" s="1"><v>%s</v></c>' % (head, escaped(value))
    if kind == Kind.BOOLEAN:
        return b'%s" s="1" t="b"><v>%d</v></c>' % (head, value == "TRUE")
    if kind == Kind.ERROR:
        return b'%s" s="1" t="e"><v>%s</v></c>' % (head, escaped(value))
    if kind == Kind.DATE and (days := _serial(value)) is not None:
        return b'%s" s="2"><v>%d</v></c>' % (head, days)
    return b'%s" s="1" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        head, escaped(value),
    )  # fmt: skip


def _serial(value: str) -> int | None:
    """Return a day as Excel counts it; None for a time of day and for days it counts wrongly."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return (day - _DAY_0).days if day >= _FIRST_SURE else None
