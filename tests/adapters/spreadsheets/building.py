"""Workbooks made byte by byte, so that a test says exactly what lies in the file."""

import io
import zipfile
from html import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

HEADERS = ("No", "KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi")
GOOD = ("1", "09999990017", "3171014508909013", "SITI CONTOHAN", "Email", "", "a@contoh.example")

# Cell formats: 0 general, 1 date, 2 date and time, 3 [h]:mm, 4 text, 5 a format of our own.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="[$-421]dd\\ mmmm\\ yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    '<xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def letters(column):
    """0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_cell(row, column, text):
    return (
        f'<c r="{letters(column)}{row}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(text, quote=False)}</t></is></c>"
    )


def text_row(row, texts, attributes=""):
    cells = "".join(text_cell(row, at, text) for at, text in enumerate(texts) if text)
    return f'<row r="{row}"{attributes}>{cells}</row>'


def table_rows(*rows, first=1):
    """The header and rows of texts as XML, numbered from `first`."""
    every = (HEADERS, *(rows or (GOOD,)))
    return "".join(text_row(first + at, texts) for at, texts in enumerate(every))


def sheet_xml(rows, before="", after=""):
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def strings_xml(items):
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(items)}</sst>'


def parts(
    sheets=None,
    *,
    strings=None,
    styles=STYLES,
    workbook_head="",
    states=None,
    extra=None,
    main_type=SHEET_MAIN,
    types="",
):
    """The parts of a workbook by name; `sheets` maps sheet names to their XML."""
    sheets = sheets if sheets is not None else {"Koreksi": sheet_xml(table_rows())}
    listed, related, overrides = [], [], []
    made = {}
    for at, (name, xml) in enumerate(sheets.items(), 1):
        state = (states or {}).get(name)
        state = f' state="{state}"' if state else ""
        listed.append(f'<sheet name="{escape(name)}" sheetId="{at}"{state} r:id="rId{at}"/>')
        related.append(
            f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" '
            f'Target="worksheets/sheet{at}.xml"/>'
        )
        overrides.append(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        )
        made[f"xl/worksheets/sheet{at}.xml"] = xml
    for name, kind, xml in (
        ("sharedStrings", "sharedStrings", strings), ("styles", "styles", styles),
    ):  # fmt: skip
        if xml is not None:
            made[f"xl/{name}.xml"] = xml
            related.append(
                f'<Relationship Id="r{name}" Type="{RELATIONS}/{kind}" Target="{name}.xml"/>'
            )
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
            f"{''.join(overrides)}{types}</Types>"
        ),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook_head}'
            f"<sheets>{''.join(listed)}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(related)}'
            "</Relationships>"
        ),
        **made,
        **(extra or {}),
    }


def packed(named, method=zipfile.ZIP_DEFLATED):
    """A zip of parts, the way office programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in named.items():
            info = zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def workbook(rows=None, **changes):
    """A workbook with one sheet of these rows (XML)."""
    sheets = changes.pop("sheets", None)
    if sheets is None:
        before, after = changes.pop("before", ""), changes.pop("after", "")
        sheets = {"Koreksi": sheet_xml(table_rows() if rows is None else rows, before, after)}
    return packed(parts(sheets, **changes))
