"""OpenDocument workbooks written by hand, part by part, for tests."""

import io
import zipfile
from html import escape

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    [f'xmlns:{short}="{_URN}{name}:1.0"' for short, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("draw", "drawing"), ("script", "script"), ("number", "datastyle"), ("fo", "xsl-fo-compatible"))]
    + ['xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
       'xmlns:xlink="http://www.w3.org/1999/xlink"', 'xmlns:dc="http://purl.org/dc/elements/1.1/"']
)  # fmt: skip
STYLES = (
    '<style:style style:name="ta1" style:family="table"><style:table-properties '
    'table:display="true"/></style:style><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)
HEADERS = ("No", "KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi")
GOOD = ("1", "09999990017", "3171014508909013", "SITI CONTOHAN", "Email", "", "siti@contoh.example")


def paragraphs(text):
    """A text as the paragraphs that LibreOffice would write."""
    made = []
    for line in text.split("\n"):
        body, blanks = "", 0
        for at, char in enumerate(line):
            if char == " ":
                blanks += 1
                body += " " if blanks == 1 and at else "<text:s/>"
                continue
            blanks = 0
            body += "<text:tab/>" if char == "\t" else escape(char, quote=False)
        made.append(f"<text:p>{body}</text:p>" if body else "<text:p/>")
    return "".join(made)


def cell(text="", attributes="", tag="table-cell"):
    """A text cell, or one with attributes of its own around `text` as it is."""
    if attributes:
        return f"<table:{tag} {attributes}>{text}</table:{tag}>"
    if not text:
        return f"<table:{tag}/>"
    return f'<table:{tag} office:value-type="string">{paragraphs(text)}</table:{tag}>'


def number(literal, kind="float", attributes=""):
    """A cell with a number."""
    return cell(
        f"<text:p>{literal}</text:p>",
        f'office:value-type="{kind}" office:value="{literal}" {attributes}',
    )


def row(*cells, attributes=""):
    """A row of cells; texts become text cells."""
    inner = "".join(each if each.startswith("<table:") else cell(each) for each in cells)
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def table(*rows, name="Koreksi", style="ta1", before=""):
    """A sheet."""
    return (
        f'<table:table table:name="{name}" table:style-name="{style}">{before}{"".join(rows)}'
        "</table:table>"
    )


def content(*tables, styles=STYLES, before="", scripts="<office:scripts/>"):
    """The part that holds everything."""
    return (
        f"{HEAD}<office:document-content {SPACES}>{scripts}<office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{before}{''.join(tables)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def manifest(*entries):
    """The list of parts."""
    return (
        f'{HEAD}<manifest:manifest xmlns:manifest="{_URN}manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
        f"{''.join(entries)}</manifest:manifest>"
    )


def packed(parts):
    """A package, its type stored first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def workbook(*rows, xml=None, mimetype=MIMETYPE, listed=None, extra=None):
    """A package with one sheet of these rows, or with a content of its own."""
    if xml is None:
        xml = content(table(*(rows or (row(*HEADERS), row(*GOOD)))))
    return packed(
        {
            "mimetype": mimetype, "META-INF/manifest.xml": listed or manifest(),
            "content.xml": xml, **(extra or {}),
        }
    )  # fmt: skip
