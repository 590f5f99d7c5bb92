"""Pictures in cells, by formula and over the sheet: told, never an error, kept in the file."""

import io

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.rules import message
from hr_portal.domain.table import PICTURE, Kind
from tests.adapters.spreadsheets import building, odsbuilding
from tests.adapters.spreadsheets.annotating import annotated, parts_of, report_on
from tests.adapters.spreadsheets.building import GOOD, HEADERS, MAIN, text_cell, text_row
from tests.adapters.spreadsheets.test_both_gears import agree

RICH = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
RELATED = "http://schemas.microsoft.com/office/2017/06/relationships"
METADATA = (
    f'<metadata xmlns="{MAIN}" xmlns:xlrd="{RICH}"><metadataTypes count="2"><metadataType name="XLDAPR"/>'
    '<metadataType name="XLRICHVALUE"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk/>'
    '</futureMetadata><futureMetadata name="XLRICHVALUE" count="2"><bk><extLst><ext uri="{1}">'
    '<xlrd:rvb i="1"/></ext></extLst></bk><bk><extLst><ext uri="{1}"><xlrd:rvb i="0"/></ext></extLst></bk>'
    '</futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
    '<valueMetadata count="2"><bk><rc t="2" v="0"/></bk><bk><rc t="2" v="1"/></bk></valueMetadata></metadata>'
)
"""Of two rich values, `vm="1"` leads to the second and `vm="2"` to the first."""
VALUES = f'<rvData xmlns="{RICH}" count="2"><rv s="1"><v>8</v></rv><rv s="0"><v>0</v><v>5</v></rv></rvData>'
STRUCTURES = (
    f'<rvStructures xmlns="{RICH}" count="2"><s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/>'
    '</s><s t="_error"><k n="errorType" t="i"/></s></rvStructures>'
)


def with_rich_values(*rows):
    """A workbook of Excel 365 whose cells may mean a picture (vm=1) or a new error (vm=2)."""
    parts = building.parts(
        {"Koreksi": building.sheet_xml("".join((text_row(1, HEADERS), *rows)))},
        extra={
            "xl/metadata.xml": METADATA,
            "xl/richData/rdrichvalue.xml": VALUES,
            "xl/richData/rdrichvaluestructure.xml": STRUCTURES,
        },
    )
    related = "".join(
        f'<Relationship Id="x{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate((
            (f"{building.RELATIONS}/sheetMetadata", "metadata.xml"),
            (f"{RELATED}/rdRichValue", "richData/rdrichvalue.xml"),
            (f"{RELATED}/rdRichValueStructure", "richData/rdrichvaluestructure.xml"),
        ))
    )  # fmt: skip
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace("</Relationships>", f"{related}</Relationships>")
    return building.packed(parts)


def row_with(number, column, cell):
    cells = [text_cell(number, at, text) for at, text in enumerate(GOOD)]
    cells[column] = f'<c r="{building.letters(column)}{number}"{cell}</c>'
    return f'<row r="{number}">{"".join(cells)}</row>'


def said(report):
    return [(finding.code, message(finding, report.table)) for finding in report.findings]


def test_a_picture_in_a_cell_is_told_as_one_and_kept_in_the_file():
    data = with_rich_values(
        row_with(2, 2, ' t="e" vm="1"><v>#VALUE!</v>'),
        row_with(3, 2, ' t="e" vm="2"><v>#VALUE!</v>'),
    )
    agree(data)
    report = report_on(data)
    (remark,) = [one for one in report.table.remarks if one.kind == "pictures"]
    assert "di dalam sel C2 tidak dibaca" in remark.text
    sentences = [text for code, text in said(report) if code == "CELL-13"]
    assert "sel C2: sel berisi gambar. Yang diminta teks" in sentences[0]
    assert "sel berisi galat #VALUE!" in sentences[1]
    made = annotated(data)
    parts = parts_of(made)
    assert parts["xl/richData/rdrichvalue.xml"] == VALUES.encode()
    assert b'vm="1" s="8"><v>#VALUE!</v>' in parts["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    "cell",
    [
        ' t="str"><f>_xlfn.DISPIMG("ID_7F",1)</f><v>=DISPIMG("ID_7F",1)</v>',
        ' t="e"><f>_xlfn.DISPIMG("ID_7F",1)</f><v>#NAME?</v>',
        ' t="inlineStr"><is><t>=DISPIMG("ID_7F",1)</t></is>',
        "><f>IMAGE(&quot;ktp.png&quot;)</f><v></v>",
        f' t="inlineStr"><is><t>{PICTURE}</t></is>',
    ],
)
def test_a_formula_of_a_picture_is_neither_a_value_nor_an_error(cell):
    data = building.workbook(text_row(1, HEADERS) + row_with(2, 4, cell) + row_with(3, 6, cell))
    agree(data)
    report = report_on(data)
    held = report.table.columns
    assert (held[4].values[0], held[4].kinds[0]) == (PICTURE, Kind.ERROR)
    assert [text.count("berisi gambar") for code, text in said(report) if code == "CELL-13"] == [
        1,
        1,
    ]
    assert "E2, G3" in report.table.remarks[-1].text


def test_in_a_text_file_and_an_ods_too():
    lines = [";".join(HEADERS), ";".join((*GOOD[:6], '=DISPIMG("ID_7F",1)'))]
    table = read_table("\n".join(lines).encode(), "uji.csv")
    assert table.columns[6].values[0] == PICTURE
    back = annotated("\n".join(lines).encode(), "uji.csv")
    assert read_table(back, "uji.xlsx").columns[6].kinds[0] == Kind.ERROR
    frame = '<draw:frame><draw:image xlink:href="{}/1.png"/></draw:frame>'
    cells = [odsbuilding.cell(text) for text in GOOD[:5]]
    shown = '<table:table-cell table:formula="of:=COM.MICROSOFT.IMAGE(&quot;k&quot;)"/>'
    floating = [
        f"<table:table-cell>{frame.format(folder)}</table:table-cell>"
        for folder in ("ObjectReplacements", "Pictures")
    ]
    data = odsbuilding.workbook(
        odsbuilding.row(*map(odsbuilding.cell, HEADERS)),
        odsbuilding.row(*cells, odsbuilding.cell(""), shown, *floating),
    )
    told = [one.text for one in read_table(data, "uji.ods").remarks if one.kind == "pictures"]
    assert [text.split(" tidak")[0] for text in told] == [
        "Gambar di dalam sel G2", "Gambar yang menempel di atas sel I2",
    ]  # fmt: skip


def test_pictures_over_the_table_are_told_but_not_a_logo_above_it():
    book = openpyxl.Workbook()
    for row in (["PT CONTOH"], HEADERS, GOOD):
        book.active.append(row)
    for place in ("A1", "H3"):
        drawn = io.BytesIO()
        Picture.new("RGB", (4, 4)).save(drawn, "PNG")
        book.active.add_image(Image(drawn), place)
    out = io.BytesIO()
    book.save(out)
    report = report_on(out.getvalue())
    (told,) = [one.text for one in report.table.remarks if one.kind == "pictures"]
    assert told.startswith("Gambar yang menempel di atas sel H3 tidak")
    assert "xl/media/image2.png" in parts_of(annotated(out.getvalue()))
