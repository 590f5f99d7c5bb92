"""Values that can't be seen on screen: told row by row, in all three formats, in both gears."""

import io
import struct
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, GradientFill, PatternFill
from openpyxl.styles.colors import Color

from hr_portal.adapters.spreadsheets import looks, quick
from hr_portal.adapters.spreadsheets.gathered import Gathered, gather
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.sharedtexts import SharedTexts
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building, odsbuilding, xlsbuilding
from tests.adapters.spreadsheets.annotating import report_on
from tests.adapters.spreadsheets.building import GOOD, HEADERS
from tests.adapters.spreadsheets.test_both_gears import agree
from tests.adapters.spreadsheets.test_ods import first_sheet as ods_sheet
from tests.adapters.spreadsheets.test_xls import first_sheet as xls_sheet
from tests.adapters.spreadsheets.xlsbuilding import double, record, shared, text

WHITE, RED = "FFFFFFFF", "FFFF0000"


def solid(color):
    return PatternFill("solid", fgColor=color)


def dressed(*changes, rows=(GOOD,)):
    """A workbook of openpyxl, its cells changed: (cell, attribute, value)."""
    book = openpyxl.Workbook()
    for row in (HEADERS, *rows):
        book.active.append(row)
    for cell, name, value in changes:
        setattr(book.active[cell], name, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def places(seen):
    return {column: rows.tolist() for column, rows in seen.items()}


def told(data):
    """What the file says of cells that can't be seen, and the rows with the words on them."""
    report = report_on(data)
    texts = [one.text for one in report.table.remarks if one.kind == "unseen-cells"]
    rows = [
        (int(report.table.row_numbers[one.row]), (one.params or {}).get("cells"))
        for one in report.findings if one.code == "FIL-10"
    ]  # fmt: skip
    assert len(texts) == bool(rows)
    return "".join(texts).removeprefix("Isi sel ").partition(" tidak")[0], rows


@pytest.mark.parametrize(
    "changes",
    [
        [("font", Font(color=WHITE))], [("font", Font(color=Color(theme=0)))], [("font", Font(color=Color(indexed=9)))],
        [("font", Font(color=Color(theme=0, tint=-0.05)))], [("font", Font(color="FFFFFF99"))],
        [("font", Font(sz=1))], [("font", Font(sz=2))], [("number_format", ";;;")], [("number_format", '"";"";""; ')],
        [("font", Font(color=RED)), ("fill", solid(RED))], [("font", Font(color=WHITE)), ("fill", solid(WHITE))],
        [("font", Font(color=Color(theme=4, tint=0.4))), ("fill", solid(Color(theme=4, tint=0.4)))],
        [("font", Font(color=Color(theme=1, tint=0.99)))],
        [("font", Font(color=Color(indexed=22))), ("fill", solid(Color(indexed=22)))],
    ],
)  # fmt: skip
def test_a_value_in_the_colour_of_its_ground_or_smaller_than_print_is_told(changes):
    data = dressed(*(("G2", *change) for change in changes))
    assert told(data) == ("G2", [(2, "G2")])


@pytest.mark.parametrize(
    "changes",
    [
        [("font", Font(color=WHITE)), ("fill", solid("FF1F4E78"))], [("font", Font(color="FF808080"))],
        [("font", Font(color="FFBFBFBF"))], [("font", Font(sz=6))], [("number_format", "General;;;@")],
        [("number_format", ";;")], [("font", Font(color=RED)), ("fill", solid("FFFFFF00"))],
        [("font", Font(color=WHITE)), ("fill", GradientFill(stop=("FF000000", "FF333333")))],
        [("font", Font(color=WHITE)), ("fill", PatternFill("gray125"))], [("font", Font(color=Color(auto=True)))],
        [("font", Font(color=Color(theme=4)))], [("font", Font(color=Color(indexed=64)))], [],
    ],
)  # fmt: skip
def test_what_can_be_read_is_not_told(changes):
    assert told(dressed(*(("G2", *change) for change in changes))) == ("", [])


@pytest.mark.parametrize(
    "said",
    [
        'indexed="²"',
        'indexed="999999999999"',
        'indexed="-1"',
        'rgb=""',
        'theme="²"',
        'theme="0" tint="NaN"',
    ],
)
def test_a_colour_that_is_none_is_no_fault_of_ours(said):
    data = dressed(("G2", "font", Font(color=Color(indexed=9))))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text_of = before.read(name)
            if name == "xl/styles.xml":
                assert b'indexed="9"' in text_of
                text_of = text_of.replace(b'indexed="9"', said.encode())
            after.writestr(name, text_of)
    report = report_on(out.getvalue())
    assert len(report.table.row_numbers) == 1


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        (";;;", looks.UNSEEN), (";;", looks.UNSEEN_NUMBER), (";;;@", looks.UNSEEN_NUMBER),
        ("0;0;0;", looks.UNSEEN_TEXT), ('""', 0), ("General", 0), ("0;-0;;@", 0), (r"\;;;;", looks.UNSEEN_TEXT),
        ('" ";"";_);', looks.UNSEEN), ('";";;', 0),
        ("*x;;;", looks.UNSEEN_TEXT), ("* ;;;", looks.UNSEEN), (None, 0), ("", 0),
    ],
)  # fmt: skip
def test_a_number_format_hides_kinds_of_values(code, hidden):
    assert looks.of_format(code) == hidden


def test_cells_of_columns_that_mean_nothing_and_of_the_header_are_not_told():
    data = dressed(("A2", "font", Font(color=WHITE)), ("G1", "font", Font(color=WHITE)))
    assert told(data) == ("", [])


def test_a_row_names_its_first_cells_and_many_are_told_by_their_rows_alone():
    data = dressed(
        *((f"{letter}3", "font", Font(color=WHITE)) for letter in "BCDEG"), rows=[GOOD, GOOD]
    )
    assert told(data) == ("B3, C3, D3, E3, G3", [(3, "B3, C3, D3, E3 …")])
    many = [(f"{letter}{row}", "font", Font(sz=1)) for letter in "CD" for row in range(2, 503)]
    named, rows = told(dressed(*many, rows=[GOOD] * 501))
    assert named.startswith("C2, D2, C3, D3, ")
    assert rows == [(row, None) for row in range(2, 503)]


LOOKS = (
    f'<styleSheet xmlns="{building.MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode=";;;@"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/></font><font><strike/></font><font><color rgb="FFFFFFFF"/></font></fonts>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/>'
    '<xf numFmtId="170" fontId="9" fillId="9"/></cellXfs></styleSheet>'
)


def test_looks_are_told_by_columns_as_by_the_exact_reader():
    lines = [
        f'<row r="{number}"><c r="A{number}" s="{shape}"><v>7</v></c><c r="B{number}" s="2"/></row>'
        for number, shape in enumerate([0, 1, 2, 3, 0] + [0] * 60_000, 1)
    ]
    sheet = agree(building.workbook("".join(lines), styles=LOOKS))
    assert places(sheet["unseen"]) == {0: [3, 4]}
    assert places(sheet["struck"]) == {0: [2]}


def test_what_a_piece_tells_of_looks_outlives_its_way_between_processes():
    cells = (
        '<c r="A1" s="1" t="inlineStr"><is><t>x</t></is></c><c r="B1" s="3"><v>7</v></c>'
        '<c r="C1" s="3" t="s"><v>0</v></c><c r="D1" t="s"><v>1</v></c><c r="E1" s="1"/>'
    )
    strings = SharedTexts(DEFAULT_LIMITS)
    strings.extend(["utuh", "dicoret"])
    strings.struck.add(1)
    looks_of = {1: looks.STRUCK, 3: looks.UNSEEN_NUMBER}
    context = quick.Context(lambda: strings, [], False, 100, looks_of)
    piece = quick.read(f'<row r="1">{cells}</row>'.encode(), context)
    found = Gathered.unpacked(gather(piece, context.strings).packed())
    assert ([*map(tuple, found.struck)], [*map(tuple, found.unseen)]) == (
        [(0, [1]), (3, [1])],
        [(1, [1])],
    )


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ('ht="0" customHeight="1"', True), ('ht="0.75"', True), ('ht="2.99"', True), ('ht="3"', False),
        ('ht="x"', False), ('ht="1E-3"', True), ('hidden="1"', True),
        ('spans="1:2" ht="15.75" x14ac:dyDescent="0.25"', False),
    ],
)  # fmt: skip
def test_a_row_without_height_is_a_hidden_one(attributes, hidden):
    rows = f'<row r="1" {attributes}><c r="A1"><v>7</v></c></row>'
    space = f'<worksheet xmlns="{building.MAIN}" xmlns:x14ac="urn:x"><sheetData>{rows}</sheetData></worksheet>'
    sheet = agree(building.packed(building.parts({"Koreksi": space})))
    assert sheet["hidden_rows"] == [1] * hidden


def test_a_column_without_width_is_a_hidden_one():
    book = openpyxl.load_workbook(io.BytesIO(dressed()))
    book.active.column_dimensions["F"].width = 0.5
    book.active.column_dimensions["C"].width = 1
    out = io.BytesIO()
    book.save(out)
    (remark,) = (
        one for one in report_on(out.getvalue()).table.remarks if one.kind == "hidden-columns"
    )
    assert remark.text == "Kolom tersembunyi ikut dibaca: F “Semula”."


# ------------------------------------------------------------------ .xls


def font(height=220, flags=0, ink=0x7FFF):
    return record(0x31, struct.pack("<3H", height, flags, ink), bytes(10))


def shape(of, number=0, pattern=0, fill=64):
    """A format of cells of Excel 97."""
    return record(
        0xE0,
        struct.pack("<HH", of, number),
        bytes(13),
        bytes([pattern << 2]),
        struct.pack("<H", fill),
    )


FONTS = font() + font(ink=9) + font(ink=10) + font(height=20) + font(ink=12) + font(flags=8)
"""Automatic, white, red, one point high, nearly white by the palette, crossed out."""
SHAPES = b"".join([
    shape(0), shape(1), shape(2, pattern=1, fill=10), shape(2, pattern=1, fill=9), shape(3), shape(5), shape(0, 200),
    shape(1, pattern=2, fill=9), shape(99), record(0x41E, struct.pack("<H", 200), b"\4\0\0;;;@"),
    record(0x92, struct.pack("<H", 5), b"\0\0\0\0\xff\xff\xff\0\xff\0\0\0\0\xff\0\0\xf8\xf8\xff\0"),
])  # fmt: skip
UNSEEN = [1, 2, 4, 5]


def test_an_xls_tells_what_cannot_be_seen_by_font_fill_palette_and_format():
    lines = b"".join(double(row, 0, 7.0, row) + text(row, 1, "a", row) for row in range(9))
    sheet = xls_sheet(xlsbuilding.workbook(lines, globals_=FONTS + SHAPES))
    assert places(sheet.unseen) == {
        0: [row + 1 for row in (*UNSEEN, 6)], 1: [row + 1 for row in UNSEEN],
    }  # fmt: skip


def test_an_xls_of_excel_5_has_its_fills_elsewhere():
    fonts = font(ink=9) + font(ink=10)
    shapes = b"".join(
        record(
            0xE0, struct.pack("<HH", of, 0), bytes(4), struct.pack("<HH", fill, pattern), bytes(4)
        )
        for of, pattern, fill in ((0, 0, 0), (0, 1, 10), (1, 1, 10), (1, 0, 10))
    )
    lines = b"".join(double(row, 0, 7.0, row) for row in range(4))
    data = xlsbuilding.workbook(lines, globals_=fonts + shapes, version=0x0500)
    assert places(xls_sheet(data).unseen) == {0: [1, 3]}


def test_a_text_of_an_xls_of_which_a_part_is_crossed_out_is_told():
    def rich(said, *runs):
        made = b"".join(struct.pack("<HH", at, of) for at, of in runs)
        return struct.pack("<HBH", len(said), 8, len(runs)) + said.encode() + made

    items = [
        "SITI",
        rich("SITA SITI", (0, 6), (5, 0)),
        rich("BUDI", (0, 1)),
        rich("ANI", (1, 99)),
        "SITI",
    ]
    lines = b"".join(shared(row, 2, row) for row in range(5))
    data = xlsbuilding.workbook(lines, globals_=FONTS + SHAPES + xlsbuilding.strings(items))
    sheet = xls_sheet(data)
    assert list(sheet.columns[2].values) == ["SITI", "SITA SITI", "BUDI", "ANI", "SITI"]
    assert places(sheet.struck) == {2: [2]}
    cut = xlsbuilding.strings([rich("SITA", (0, 6))[:-2]])
    assert "tidak ada" in refusal_of(xlsbuilding.workbook(shared(0, 0, 0), globals_=FONTS + cut))


def refusal_of(data):
    with pytest.raises(Unreadable) as refusal:
        xls_sheet(data)
    return refusal.value.message


@pytest.mark.parametrize(
    ("height", "flags", "hidden"),
    [(0, 0x40, True), (59, 0x40, True), (60, 0x40, False), (0, 0, False)],
)
def test_rows_of_an_xls_are_as_low_as_somebody_has_made_them(height, flags, hidden):
    row = record(0x208, struct.pack("<6HHH", 0, 0, 5, height | 0x8000, 0, 0, flags, 15))
    narrow = record(0x7D, struct.pack("<6H", 2, 2, 255, 0, 0, 0)) + record(
        0x7D, struct.pack("<6H", 3, 3, 256, 0, 0, 0)
    )
    sheet = xls_sheet(xlsbuilding.workbook(narrow + row + text(0, 0, "a")))
    assert sheet.hidden_rows == [1] * hidden
    assert sheet.hidden_columns == [(2, 2)]


# ------------------------------------------------------------------ .ods


def style(name, *properties, family="table-cell", more=""):
    return f'<style:style style:name="{name}" style:family="{family}" {more}>{"".join(properties)}</style:style>'


def ink(said):
    return f"<style:text-properties {said}/>"


def ground(color):
    return f'<style:table-cell-properties fo:background-color="{color}"/>'


def text_format(name, shown, *others):
    maps = "".join(f'<style:map style:apply-style-name="{other}"/>' for other in others)
    return f'<number:text-style style:name="{name}">{shown}{maps}</number:text-style>'


WHITE_TEXT = ink('fo:color="#FFFFFF"')
NAMED = "".join([
    style("Putih", WHITE_TEXT), style("Gelap", ground("#000080")),
    "<style:default-style style:family='table-cell'><style:text-properties fo:color='#ffffff'/></style:default-style>",
    '<number:number-style style:name="N1P0"><number:text/></number:number-style>',
    text_format("N1", "<number:text/>", "N1P0", "N9"), text_format("N2", "<number:text-content/>", "N1P0"),
    '<number:number-style style:name="N3"><number:text> Rp</number:text></number:number-style>',
    '<number:number-style style:name="N4"><number:text> </number:text></number:number-style>',
    '<number:text-style style:name="N5"><number:text/></number:text-style><number:number-style style:name="N6"/>',
])  # fmt: skip
OWN = "".join([
    style("a", more='style:parent-style-name="Putih"'), style("b", WHITE_TEXT, more='style:parent-style-name="Gelap"'),
    style("c", ground("transparent"), WHITE_TEXT), style("d", ink('fo:font-size="1pt"')),
    style("e", ink('fo:font-size="80%"')),
    style("f", ink('style:use-window-font-color="true"'), more='style:parent-style-name="Putih"'),
    *(style(f"n{at}", more=f'style:data-style-name="N{at}"') for at in range(1, 8)),
    style("low", '<style:table-row-properties style:row-height="1mm"/>', family="table-row"),
    style("high", '<style:table-row-properties style:row-height="0.4cm"/>', family="table-row"),
    style("thin", '<style:table-column-properties style:column-width="0.05in"/>', family="table-column"),
])  # fmt: skip


def test_an_ods_tells_what_cannot_be_seen_by_styles_of_both_its_parts():
    names = ["a", "b", "c", "d", "e", "f", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "unknown"]
    lines = [
        odsbuilding.row(
            odsbuilding.cell(
                "<text:p>x</text:p>", f'office:value-type="string" table:style-name="{name}"'
            ),
            odsbuilding.cell(
                "<text:p/>", f'office:value-type="float" office:value="7" table:style-name="{name}"'
            ),
        )
        for name in names
    ]
    lines.append(
        odsbuilding.row(
            "x",
            attributes='table:style-name="low" table:number-rows-repeated="2" table:default-cell-style-name="a"',
        )
    )
    lines.append(odsbuilding.row("x", attributes='table:style-name="high"'))
    columns = '<table:table-column/><table:table-column table:style-name="thin" table:number-columns-repeated="2"/>'
    styles = (
        f"{odsbuilding.HEAD}<office:document-styles {odsbuilding.SPACES}><office:styles>{NAMED}</office:styles>"
        "</office:document-styles>"
    )
    xml = odsbuilding.content(odsbuilding.table(*lines, before=columns), styles=OWN)
    sheet = ods_sheet(odsbuilding.workbook(xml=xml, extra={"styles.xml": styles}))
    unseen = places(sheet.unseen)
    assert [names[row - 1] for row in unseen[0][:-2]] == ["a", "c", "d", "n1", "n5"]
    assert unseen[0][-2:] == [len(names) + 1, len(names) + 2]
    assert [names[row - 1] for row in unseen[1]] == ["a", "c", "d", "n1", "n2", "n4"]
    assert sheet.hidden_rows == [len(names) + 1, len(names) + 2]
    assert sheet.hidden_columns == [(1, 2)]
