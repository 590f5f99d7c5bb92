"""A new workbook of the same cells: what csv and old formats come back as.

A cell keeps its kind. A NIK that a number cell has destroyed looks sound as text, so
text made of it would pass the next check; as a number it is told from a typed one.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from io import BytesIO

from hr_portal.adapters.spreadsheets.annotated.markup import escaped
from hr_portal.adapters.spreadsheets.annotated.styles import EMPTY
from hr_portal.adapters.spreadsheets.annotated.zipped import ZipWriter
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.table import PICTURE, Kind

SHEET = "Koreksi"
"""What the sheet is called where the file has no sheets."""

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006"
_TYPES = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_AT_ONCE = 500
_WIDTH = 20
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no time zone
_FIRST_SURE = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - Excel counts the days before it wrongly
_STYLES = (
    b'<numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/>'
    b'<numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy\\ hh:mm:ss"/></numFmts>'
)
_FORMATS = (49, 164, 165, 21)
"""Number formats of the styles 1 to 4: text, date, date with time, time."""

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


def workbook(sheet: Sheet, title: str, numbers: Collection[int] = ()) -> bytes:
    """Return the rows of a sheet, each at its number, as a workbook with one sheet.

    Digits of the columns `numbers` are written as numbers, whatever holds them.
    """
    for column in numbers:
        raw = sheet.columns[column]
        for row, value in enumerate(raw.values):
            if raw.kinds[row] == Kind.TEXT and value.isascii() and value.isdigit():
                raw.kinds[row] = Kind.NUMBER
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
    formats = b"".join(
        b'<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        % one
        for one in _FORMATS
    )
    styles = (
        EMPTY.replace(b"<fonts ", _STYLES + b"<fonts ", 1)
        .replace(b'<cellXfs count="1">', b'<cellXfs count="%d">' % (1 + len(_FORMATS)))
        .replace(b"</cellXfs>", formats + b"</cellXfs>")
    )
    zipped.add("xl/styles.xml", [styles])
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
                b'%s%s"%s</c>' % (head, number, _content(values[row], kinds[row]))
                for head, values, kinds in shapes
                if row < len(values) and kinds[row] != Kind.EMPTY
            )
            made.append(b'<row r="%s">%s</row>' % (number, cells))
        yield b"".join(made)
    yield b"</sheetData></worksheet>"


def _content(value: str, kind: int) -> bytes:
    """Return what follows a cell's address: its style and type, and its value."""
    if kind == Kind.NUMBER:
        return b"><v>%s</v>" % escaped(value)
    if kind == Kind.DATE and (at := dt.datetime.fromisoformat(value)) >= _FIRST_SURE:
        return b' s="%d"><v>%s</v>' % (3 if "T" in value else 2, _serial(at - _EPOCH))
    if kind == Kind.TIME:
        at = dt.datetime.fromisoformat(f"1900-01-01T{value}")
        return b' s="4"><v>%s</v>' % _serial(at - at.replace(hour=0, minute=0, second=0))
    if kind == Kind.BOOLEAN:
        return b' t="b"><v>%d</v>' % (value == "TRUE")
    if kind in {Kind.ERROR, Kind.FORMULA} and value != PICTURE:
        return b' t="e"><v>%s</v>' % escaped(value or "#VALUE!")
    return b' s="1" t="inlineStr"><is><t xml:space="preserve">%s</t></is>' % escaped(value)


def _serial(since: dt.timedelta) -> bytes:
    return repr(since / dt.timedelta(days=1)).removesuffix(".0").encode()
