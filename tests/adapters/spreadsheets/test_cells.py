"""Every cell keeps its stored kind and its exact value."""

import pytest

from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.table import Kind, Unreadable
from tests.adapters.spreadsheets import building


def read(data, *, quick=True, sheet=0, limits=DEFAULT_LIMITS):
    reader = XlsxReader(inspect(data, "uji.xlsx"), limits, quick=quick)
    return reader.read(reader.book.sheets[sheet])


def cell_of(xml, *, quick, **changes):
    """What is read from a row whose one cell is this XML."""
    sheet = read(building.workbook(f'<row r="1">{xml}</row>', **changes), quick=quick)
    if not sheet.columns:
        return Kind.EMPTY, ""
    (column,) = sheet.columns.values()
    return Kind(column.kinds[0]), column.values[0]


@pytest.fixture(params=[True, False], ids=["by columns", "exactly"])
def quick(request):
    """Both gears must give the same."""
    return request.param


@pytest.mark.parametrize(
    ("xml", "kind", "value"),
    [
        ('<c r="A1"><v>3171014508909010</v></c>', Kind.NUMBER, "3171014508909010"),
        ('<c r="A1" t="n"><v>9404014508909001</v></c>', Kind.NUMBER, "9404014508909001"),
        ('<c r="A1"><v>3.17101450890901E+15</v></c>', Kind.NUMBER, "3171014508909010"),
        ('<c r="A1"><v>12.5</v></c>', Kind.NUMBER, "12.5"),
        ('<c r="A1"><v>12.50</v></c>', Kind.NUMBER, "12.5"),
        ('<c r="A1"><v>12.0</v></c>', Kind.NUMBER, "12"),
        ('<c r="A1"><v>007</v></c>', Kind.NUMBER, "7"),
        ('<c r="A1"><v>-0.5</v></c>', Kind.NUMBER, "-0.5"),
        ('<c r="A1"><v>0</v></c>', Kind.NUMBER, "0"),
        ('<c r="A1"><v>1E-7</v></c>', Kind.NUMBER, "0.0000001"),
        ('<c r="A1"><v>1E+25</v></c>', Kind.NUMBER, "1E+25"),
        ('<c r="A1"><v>0.30000000000000004</v></c>', Kind.NUMBER, "0.30000000000000004"),
        ('<c r="A1"><v> 5 </v></c>', Kind.NUMBER, "5"),
        ('<c r="A1"><v>lima</v></c>', Kind.TEXT, "lima"),
        ('<c r="A1"><v>_x0031_</v></c>', Kind.TEXT, "_x0031_"),
        ('<c r="A1"><v>\u0663\u0664</v></c>', Kind.TEXT, "\u0663\u0664"),
        ('<c r="A1" s="1"><v>33090</v></c>', Kind.DATE, "1990-08-05"),
        ('<c r="A1" s="5"><v>33090</v></c>', Kind.DATE, "1990-08-05"),
        ('<c r="A1" s="2"><v>33090.541666666664</v></c>', Kind.DATE, "1990-08-05T13:00:00"),
        ('<c r="A1" s="2"><v>0.5416666666666666</v></c>', Kind.TIME, "13:00:00"),
        ('<c r="A1" s="3"><v>1.25</v></c>', Kind.TIME, "30:00:00"),
        ('<c r="A1" s="1"><v>1</v></c>', Kind.DATE, "1900-01-01"),
        ('<c r="A1" s="1"><v>59</v></c>', Kind.DATE, "1900-02-28"),
        ('<c r="A1" s="1"><v>60</v></c>', Kind.DATE, "1900-02-29"),
        ('<c r="A1" s="1"><v>61</v></c>', Kind.DATE, "1900-03-01"),
        ('<c r="A1" s="1"><v>-5</v></c>', Kind.NUMBER, "-5"),
        ('<c r="A1" s="1"><v>2958465</v></c>', Kind.DATE, "9999-12-31"),
        ('<c r="A1" s="1"><v>2958466</v></c>', Kind.NUMBER, "2958466"),
        ('<c r="A1" s="1"><v>3171014508909010</v></c>', Kind.NUMBER, "3171014508909010"),
        ('<c r="A1" s="999"><v>33090</v></c>', Kind.NUMBER, "33090"),
        ('<c r="A1" t="b"><v>1</v></c>', Kind.BOOLEAN, "TRUE"),
        ('<c r="A1" t="b"><v>0</v></c>', Kind.BOOLEAN, "FALSE"),
        ('<c r="A1" t="e"><v>#N/A</v></c>', Kind.ERROR, "#N/A"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Kind.ERROR, "#DIV/0!"),
        ('<c r="A1" t="d"><v>1990-08-05</v></c>', Kind.DATE, "1990-08-05"),
        ('<c r="A1" t="d"><v>1990-08-05T00:00:00</v></c>', Kind.DATE, "1990-08-05"),
        ('<c r="A1" t="d"><v>1990-08-05T13:00:00.000Z</v></c>', Kind.DATE, "1990-08-05T13:00:00"),
        ('<c r="A1" t="d"><v>13:00</v></c>', Kind.TIME, "13:00:00"),
        ('<c r="A1" t="d"><v>besok</v></c>', Kind.TEXT, "besok"),
        ('<c r="A1"><f>B1</f></c>', Kind.FORMULA, ""),
        ('<c r="A1"><f>B1</f><v></v></c>', Kind.FORMULA, ""),
        ('<c r="A1"><f>B1</f><v>5</v></c>', Kind.NUMBER, "5"),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', Kind.EMPTY, ""),
        ('<c r="A1" t="str"><f>B1</f><v>lima</v></c>', Kind.TEXT, "lima"),
        ('<c r="A1" t="str"><v>3171</v></c>', Kind.TEXT, "3171"),
        ('<c r="A1" t="inlineStr"><is><t>0123</t></is></c>', Kind.TEXT, "0123"),
        ('<c r="A1" t="inlineStr"><is><t> dua  kata </t></is></c>', Kind.TEXT, " dua  kata "),
        ('<c r="A1" t="inlineStr"><is><r><t>SI</t></r><r><t>TI</t></r></is></c>', Kind.TEXT,
         "SITI"),
        ('<c r="A1" t="inlineStr"><is><t>SITI</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
         Kind.TEXT, "SITI"),
        ('<c r="A1" t="inlineStr"><is><t>a &amp; b &lt;c&gt; &#233; &#x1F600;</t></is></c>',
         Kind.TEXT, "a & b <c> é 😀"),
        ('<c r="A1" t="inlineStr"><is><t>baris_x000D_ dua _x005F_x0041_</t></is></c>', Kind.TEXT,
         "baris\r dua _x0041_"),
        ('<c r="A1" t="inlineStr"><is><t>_x0000_ _xD83D_</t></is></c>', Kind.TEXT,
         "_x0000_ _xD83D_"),
        ('<c r="A1" t="inlineStr"><is><t>Sítî ‌😀</t></is></c>', Kind.TEXT, "Sítî ‌😀"),
        ('<c r="A1" t="inlineStr"><is><t></t></is></c>', Kind.EMPTY, ""),
        ('<c r="A1" t="inlineStr"><is/></c>', Kind.EMPTY, ""),
        ('<c r="A1" s="4"/>', Kind.EMPTY, ""),
        ('<c r="A1" t="s"><v>0</v></c>', Kind.TEXT, "pertama"),
        ('<c r="A1" t="s"><v>1</v></c>', Kind.TEXT, "kedua bagian"),
        ('<c r="A1" t="s"><v>2</v></c>', Kind.EMPTY, ""),
        ('<c t="s" r="A1"><v>0</v></c>', Kind.TEXT, "pertama"),
        ("<c><v>7</v></c>", Kind.NUMBER, "7"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_is_stored(quick, xml, kind, value):
    strings = building.strings_xml(
        ["<si><t>pertama</t></si>", "<si><r><t>kedua </t></r><r><t>bagian</t></r></si>",
         "<si><t></t></si>"]
    )  # fmt: skip
    assert cell_of(xml, quick=quick, strings=strings) == (kind, value)


def test_dates_of_the_1904_system_are_counted_from_1904(quick):
    found = cell_of(
        '<c r="A1" s="1"><v>31628</v></c>', quick=quick,
        workbook_head='<workbookPr date1904="1"/>',
    )  # fmt: skip
    assert found == (Kind.DATE, "1990-08-05")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", Kind.DATE),
        ('"Rp"#,##0', Kind.NUMBER),
        ('0 "hari"', Kind.NUMBER),
        ("[Red]0.00", Kind.NUMBER),
        ("0000000000000000", Kind.NUMBER),
        ("General;@", Kind.NUMBER),
        ("0.00E+00", Kind.NUMBER),
        ("@", Kind.NUMBER),
        ("[$-F800]dddd, mmmm dd, yyyy", Kind.DATE),
        ("[mm]:ss", Kind.TIME),
        ("\\d0", Kind.NUMBER),
    ],
)
def test_a_number_is_a_date_where_its_format_shows_one(quick, code, kind):
    styles = (
        f'{building.HEAD}<styleSheet xmlns="{building.MAIN}"><numFmts count="1">'
        f"<numFmt numFmtId='170' formatCode='{code}'/></numFmts>"
        '<cellXfs count="1"><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    found, _ = cell_of('<c r="A1" s="0"><v>33090</v></c>', quick=quick, styles=styles)
    assert found == kind


def test_formulas_are_marked_also_inside_an_array(quick):
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
        '<row r="4"><c r="A4"><v>4</v></c></row><row r="5"><c r="A5"><f>A4</f><v>4</v></c></row>'
    )
    sheet = read(building.workbook(rows), quick=quick)
    assert sheet.columns[0].computed == [0, 1, 2, 4]


_TO_CALCULATE = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'


@pytest.mark.parametrize(
    ("xml", "kind", "value", "is_computed"),
    [
        # never calculated: openpyxl stores nothing or <v/>, XlsxWriter 0
        ('<c r="A1"><f>"3171014508909013"</f></c>', Kind.TEXT, "3171014508909013", False),
        ('<c r="A1"><f>&quot;SITI &amp; ""BUDI""&quot;</f><v/></c>', Kind.TEXT, 'SITI & "BUDI"', False),
        ('<c r="A1"><f> = "0999"\n</f><v></v></c>', Kind.TEXT, "0999", False),
        ('<c r="A1" s="1"><f>"0999"</f><v>0</v></c>', Kind.TEXT, "0999", False),
        ('<c r="A1" t="str"><f>"0999"</f><v></v></c>', Kind.TEXT, "0999", False),
        ('<c r="A1"><f>""</f></c>', Kind.EMPTY, "", False),
        ('<c r="A1"><f>3171014508909013</f></c>', Kind.NUMBER, "3171014508909013", False),
        ('<c r="A1"><f>=-1.50</f><v>0</v></c>', Kind.NUMBER, "-1.5", False),
        ('<c r="A1" s="1"><f>33090</f></c>', Kind.DATE, "1990-08-05", False),
        # calculated: what the program shows stands, certain where the formula says the same
        ('<c r="A1" t="str"><f>"0999"</f><v>0999</v></c>', Kind.TEXT, "0999", False),
        ('<c r="A1" t="str"><f>"0999"</f><v>0998</v></c>', Kind.TEXT, "0998", True),
        ('<c r="A1"><f>3171014508909013</f><v>3.17101450890901E+15</v></c>', Kind.NUMBER,
         "3171014508909010", True),
        # all others keep their sentence
        ('<c r="A1"><f>"0"&amp;B1</f></c>', Kind.FORMULA, "", True),
        ('<c r="A1"><f>"0999</f></c>', Kind.FORMULA, "", True),
        ('<c r="A1"><f>TEXT(3171,"0")</f></c>', Kind.FORMULA, "", True),
        ('<c r="A1"><f>1-2</f></c>', Kind.FORMULA, "", True),
        ('<c r="A1"><f>B1</f><v>0</v></c>', Kind.FORMULA, "", True),
        ('<c r="A1" s="1"><f>B1</f><v>0</v></c>', Kind.FORMULA, "", True),
        ('<c r="A1"><f>B1</f><v>7</v></c>', Kind.NUMBER, "7", True),
    ],
)  # fmt: skip
def test_a_formula_that_is_only_a_text_or_a_number_is_that(quick, xml, kind, value, is_computed):
    made = building.workbook(
        f'<row r="1">{xml}<c r="B1"><v>1</v></c></row>', workbook_head=_TO_CALCULATE
    )
    sheet = read(made, quick=quick)
    column = sheet.columns.get(0)
    found = (Kind(column.kinds[0]), column.values[0], column.computed == [0]) if column else None
    assert (found or (Kind.EMPTY, "", False)) == (kind, value, is_computed)


def test_rows_keep_the_numbers_of_the_sheet_and_empty_ones_are_not_held(quick):
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c></row><row r="3"/><row r="7"><c r="A7" s="1"/></row>'
        '<row r="1000"><c r="C1000"><v>3</v></c></row>'
    )
    sheet = read(building.workbook(rows), quick=quick)
    assert sheet.row_numbers == [2, 1000]
    assert sorted(sheet.columns) == [1, 2]
    assert sheet.columns[1].values == ["1", ""]
    assert sheet.columns[2].values == ["", "3"]


def test_rows_and_cells_without_references_follow_the_ones_before(quick):
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>'  # noqa: E501
    sheet = read(building.workbook(rows), quick=quick)
    assert sheet.row_numbers == [1, 5, 6]
    assert sheet.columns[3].values == ["", "4", ""]


def test_a_stray_cell_at_the_far_corner_costs_one_column(quick):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    sheet = read(building.workbook(rows), quick=quick)
    assert sheet.row_numbers == [1, 1_048_576]
    assert sorted(sheet.columns) == [0, 16_383]


def test_the_dimension_is_never_believed(quick):
    rows = "".join(building.text_row(n, ["a", "b"]) for n in range(1, 60))
    sheet = read(building.workbook(rows, before='<dimension ref="A1"/>'), quick=quick)
    assert len(sheet.row_numbers) == 59


def test_hidden_rows_and_columns_and_merged_cells_are_noted(quick):
    rows = (
        building.text_row(1, ["a", "b"]) + building.text_row(2, ["c", "d"], ' hidden="1"')
        + '<row r="3" hidden="1"/>'
    )  # fmt: skip
    sheet = read(
        building.workbook(
            rows, before='<cols><col min="2" max="4" width="0" hidden="1"/></cols>',
            after='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
        ),
        quick=quick,
    )  # fmt: skip
    assert sheet.hidden_rows == [2]
    assert sheet.hidden_columns == [(1, 3)]
    assert sheet.merged == ["A1:B2"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
         "FILE-10"),
        ('<row r="5"><c r="A5"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>',
         "FILE-10"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "FILE-10"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "FILE-10"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "FILE-10"),
        ('<row r="0"><c r="A0"><v>1</v></c></row>', "FILE-10"),
        ('<row r="1048577"><c r="A1048577"><v>1</v></c></row>', "FILE-10"),
        ('<row r="x"/>', "FILE-10"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "FILE-10"),
        ('<row r="1"><c r="a1"><v>1</v></c></row>', "FILE-10"),
        ('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>', "FILE-10"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "FILE-03"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "FILE-03"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "FILE-03"),
        (f'<row r="1"><c r="A1" t="str"><v>{"x" * 32_768}</v></c></row>', "FILE-06"),
        (f'<row r="1"><c r="A1"><v>{"9" * 500}</v></c></row>', "FILE-06"),
    ],
)  # fmt: skip
def test_a_sheet_that_could_lose_a_row_or_a_cell_is_refused(quick, rows, code):
    with pytest.raises(Unreadable) as refusal:
        read(building.workbook(rows), quick=quick)
    assert refusal.value.code == code
    assert "uji.xlsx" in refusal.value.message


def test_too_many_rows_or_columns_are_refused_with_the_limit(quick):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_300))
    with pytest.raises(Unreadable) as refusal:
        read(building.workbook(rows), quick=quick, limits=ReadLimits(max_rows=1_000))
    assert refusal.value.code == "FILE-06"
    assert "1.000 baris" in refusal.value.message
    wide = "".join(f'<c r="{building.letters(at)}1"><v>1</v></c>' for at in range(513))
    with pytest.raises(Unreadable) as refusal:
        read(building.workbook(f'<row r="1">{wide}</row>'), quick=quick)
    assert "512 kolom" in refusal.value.message
