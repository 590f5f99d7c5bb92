"""Annotating in tests: in this process, on files of our own, and judging what comes out."""

import io
import posixpath
import re
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

from hr_portal.adapters.spreadsheets.annotated.of_report import notes_of, order_of
from hr_portal.adapters.spreadsheets.annotated.taking import write_annotated
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.checking import check

TODAY = date(2026, 11, 21)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BROKEN = ("2", "999990017", "317101450890901", "BUDI CONTOHAN", "Email", "", "bukan-alamat")
"""A row with a KPJ, a NIK and an e-mail that are wrong."""


def report_on(data, name="uji.xlsx"):
    return check(read_table(data, name), today=TODAY)


def annotated(data, name="uji.xlsx", *, report=None, order=None, notes=None):
    report = report or report_on(data, name)
    out = io.BytesIO()
    write_annotated(
        data, name, order or order_of(report), notes_of(report) if notes is None else notes, out,
        DEFAULT_LIMITS,
    )  # fmt: skip
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def assert_sound(data):
    """What Excel asks of a package: every part known, every relation met, every style there."""
    inspect(data, "uji.xlsx")
    parts = parts_of(data)
    types = ET.fromstring(parts["[Content_Types].xml"])
    named = [each.get("PartName").lstrip("/") for each in types if each.tag.endswith("Override")]
    kinds = {each.get("Extension").lower() for each in types if each.tag.endswith("Default")}
    assert len(named) == len(set(named))
    assert {name.lower() for name in named} <= {name.lower() for name in parts}
    for name, content in parts.items():
        assert (
            name in named
            or name.rpartition(".")[2].lower() in kinds
            or name == "[Content_Types].xml"
        ), name
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)
        if name.endswith(".rels"):
            assert_relations(name, content, parts)
    assert_styles(parts)
    for name in parts:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            assert_sheet(name, parts)
    return parts


def assert_relations(name, content, parts):
    folder = posixpath.dirname(posixpath.dirname(name))
    ids = []
    for one in ET.fromstring(content):
        ids.append(one.get("Id"))
        if one.get("TargetMode") == "External":
            continue
        target = one.get("Target")
        full = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        assert posixpath.normpath(full).lower() in {each.lower() for each in parts}, (name, target)
    assert len(ids) == len(set(ids))


def assert_styles(parts):
    styles = ET.fromstring(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else None
    if styles is None:
        return
    sizes = {}
    for name in ("fonts", "fills", "borders", "cellXfs"):
        held = styles.find(MAIN + name)
        if held is not None:
            sizes[name] = len(held)
            assert held.get("count") in {None, str(len(held))}, name
    for one in styles.find(MAIN + "cellXfs"):
        assert int(one.get("fontId", 0)) < max(sizes.get("fonts", 0), 1)
        assert int(one.get("fillId", 0)) < max(sizes.get("fills", 0), 1)


def assert_sheet(name, parts):
    """Rows and cells in order, formats that exist, children where the schema wants them."""
    root = ET.fromstring(parts[name])
    order = ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData",
             "sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting",
             "dataValidations", "hyperlinks", "pageMargins", "pageSetup", "headerFooter",
             "drawing", "legacyDrawing", "tableParts", "extLst"]  # fmt: skip
    places = [order.index(t) for t in (each.tag.rpartition("}")[2] for each in root) if t in order]
    assert places == sorted(places), name
    formats = len(ET.fromstring(parts["xl/styles.xml"]).find(MAIN + "cellXfs"))
    last_row = 0
    for row in root.iter(root.tag.rpartition("}")[0] + "}row"):
        number = int(row.get("r", last_row + 1))
        assert number > last_row
        last_row = number
        columns = [column(each.get("r")) for each in row if each.get("r")]
        assert columns == sorted(set(columns)), (name, number)
        for cell in row:
            assert int(cell.get("s", 0)) < formats


def column(reference):
    number = 0
    for char in reference:
        if char.isalpha():
            number = number * 26 + ord(char) - 64
    return number


def boxes(parts):
    """(row, column) of every comment's box, as references."""
    vml = b"".join(content for name, content in parts.items() if name.endswith(".vml"))
    rows = [int(each) for each in re.findall(rb"<(?:\w+:)?Row>(\d+)<", vml)]
    columns = [int(each) for each in re.findall(rb"<(?:\w+:)?Column>(\d+)<", vml)]
    return sorted(zip(rows, columns, strict=True))
