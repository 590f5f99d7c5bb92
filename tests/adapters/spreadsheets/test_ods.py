"""OpenDocument sheets are read exactly: values from attributes, repeats without a blow-up."""

import resource
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.ods import OdsReader
from hr_portal.adapters.spreadsheets.reading import check_bytes
from hr_portal.domain.table import Kind, Unreadable
from tests.adapters.spreadsheets import building, odsbuilding
from tests.adapters.spreadsheets.odsbuilding import GOOD, HEADERS, cell, number, row, table

TODAY = date(2026, 11, 21)


def opened(data, limits=DEFAULT_LIMITS):
    return OdsReader(inspect(data, "uji.ods", limits), limits)


def read(*rows, limits=DEFAULT_LIMITS, sheet=0, **changes):
    reader = opened(odsbuilding.workbook(*rows, **changes), limits)
    return reader.read(reader.book.sheets[sheet])


def first_sheet(data, limits=DEFAULT_LIMITS):
    reader = opened(data, limits)
    return reader.read(reader.book.sheets[0])


def only(*cells):
    """Kind, value and mark of each filled cell of one row, by column."""
    sheet = read(row(*cells))
    return {
        column: (Kind(raw.kinds[0]), raw.values[0], raw.computed == [0])
        for column, raw in sheet.columns.items()
        if raw.kinds[0]
    }


def refused(data, limits=DEFAULT_LIMITS):
    with pytest.raises(Unreadable) as refusal:
        first_sheet(data, limits)
    return refusal.value


@pytest.mark.parametrize(
    ("attributes", "shown", "kind", "value"),
    [
        ('office:value-type="float" office:value="3171014508909013"', "3,17E+15", Kind.NUMBER, "3171014508909013"),
        ('office:value-type="float" office:value="3.17101450890901E+015"', "x", Kind.NUMBER, "3171014508909010"),
        ('office:value-type="float" office:value="007"', "7", Kind.NUMBER, "7"),
        ('office:value-type="percentage" office:value="0.125"', "12,5%", Kind.NUMBER, "0.125"),
        ('office:value-type="currency" office:value="1234.5"', "Rp1.234,50", Kind.NUMBER, "1234.5"),
        ('office:value-type="date" office:date-value="1990-08-05"', "05/08/90", Kind.DATE, "1990-08-05"),
        ('office:value-type="date" office:date-value="1990-08-05T13:30:15"', "x", Kind.DATE, "1990-08-05T13:30:15"),
        ('office:value-type="date" office:date-value="1990-08-05T00:00:00"', "x", Kind.DATE, "1990-08-05"),
        ('office:value-type="date" office:date-value="kemarin"', "x", Kind.TEXT, "kemarin"),
        ('office:value-type="time" office:time-value="PT13H05M09S"', "13:05", Kind.TIME, "13:05:09"),
        ('office:value-type="time" office:time-value="PT36H15M00.750000000S"', "x", Kind.TIME, "36:15:01"),
        ('office:value-type="time" office:time-value="-PT1H"', "x", Kind.TEXT, "-PT1H"),
        ('office:value-type="boolean" office:boolean-value="true"', "BENAR", Kind.BOOLEAN, "TRUE"),
        ('office:value-type="boolean" office:boolean-value="false"', "SALAH", Kind.BOOLEAN, "FALSE"),
        ('office:value-type="string" office:string-value="yang benar"', "tampilan", Kind.TEXT, "yang benar"),
        ('office:value-type="string"', "=1+1", Kind.TEXT, "=1+1"),
        ('office:value-type="string"', "#N/A", Kind.TEXT, "#N/A"),
        ('table:style-name="ce1"', "tanpa jenis", Kind.TEXT, "tanpa jenis"),
    ],
)  # fmt: skip
def test_a_value_is_what_its_attributes_say(attributes, shown, kind, value):
    assert only(cell(f"<text:p>{shown}</text:p>", attributes)) == {0: (kind, value, False)}


@pytest.mark.parametrize(
    ("attributes", "shown", "kind", "value"),
    [
        ('office:value-type="float" office:value="2"', "2", Kind.NUMBER, "2"),
        ('office:value-type="string" office:string-value="ab"', "ab", Kind.TEXT, "ab"),
        ('office:value-type="string" office:string-value="" calcext:value-type="error"', "#N/A", Kind.ERROR, "#N/A"),
        ('office:value-type="string" office:string-value=""', "#REF!", Kind.ERROR, "#REF!"),
        ('office:value-type="float" office:value="0"', "Err:502", Kind.ERROR, "Err:502"),
        ('office:value-type="float" office:value="0"', "0", Kind.NUMBER, "0"),
    ],
)  # fmt: skip
def test_formulas_keep_their_mark_and_errors_are_errors(attributes, shown, kind, value):
    made = cell(f"<text:p>{shown}</text:p>", f'table:formula="of:=[.B1]" {attributes}')
    assert only(made) == {0: (kind, value, True)}


def test_a_formula_that_was_never_calculated_has_no_value():
    made = cell("", 'table:formula="of:=[.B1]"')
    assert only(made, "x")[0] == (Kind.FORMULA, "", False)
    blank = cell(
        "", 'table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""'
    )
    assert 0 not in only(blank, "x")


def test_a_formula_that_is_only_a_text_or_a_number_is_that():
    def of(formula, stored="", shown=""):
        return only(
            cell(f"<text:p>{shown}</text:p>", f'table:formula="{formula}" {stored}'), "x"
        ).get(0)

    text = 'office:value-type="string"'
    assert of("of:=&quot;0999&quot;") == (Kind.TEXT, "0999", False)
    assert of("of:=3171014508909013") == (Kind.NUMBER, "3171014508909013", False)
    assert of("of:=&quot;&quot;") is None
    assert of("of:=&quot;0999&quot;", text, "0999") == (Kind.TEXT, "0999", False)
    assert of("of:=&quot;0999&quot;", text, "0998") == (Kind.TEXT, "0998", True)
    assert of("of:=&quot;0&quot;&amp;[.B1]") == (Kind.FORMULA, "", False)


def test_every_cell_of_an_array_formula_counts_as_calculated():
    array = cell(
        "<text:p>1</text:p>",
        'table:formula="of:=ROW([.A1:.A2])" table:number-matrix-columns-spanned="1" '
        'table:number-matrix-rows-spanned="2" office:value-type="float" office:value="1"',
    )
    sheet = read(row(array), row(number(2)), row(number(3)))
    assert sheet.columns[0].computed == [0, 1]


def test_text_is_joined_from_paragraphs_blanks_and_spans():
    inner = (
        '<text:p><text:s/>A<text:s text:c="3"/><text:span>B <text:a xlink:href="x">C</text:a>'
        "</text:span><text:span> D</text:span><text:tab/>E<text:line-break/>F</text:p>\n<text:p/>"
        "<text:p>\n   G\n   H</text:p>"
    )  # fmt: skip
    assert only(cell(inner, 'office:value-type="string"'))[0][1] == " A   B C D\tE\nF\n\nG H"


def test_notes_drawings_and_ruby_hints_are_no_text_of_the_cell():
    inner = (
        "<office:annotation><dc:date>x</dc:date><text:p>catatan</text:p></office:annotation>"
        "<text:p>si<text:ruby><text:ruby-base>ti</text:ruby-base><text:ruby-text>hint"
        "</text:ruby-text></text:ruby><office:annotation><text:p>dua</text:p></office:annotation>!"
        "</text:p><draw:frame><draw:text-box><text:p>kotak</text:p></draw:text-box></draw:frame>"
    )
    assert only(cell(inner, 'office:value-type="string"'))[0][1] == "siti!"


def test_what_lies_beside_the_rows_is_no_cell():
    before = (
        "<table:title>judul</table:title><table:shapes><draw:custom-shape><text:p>bentuk</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>"
        "</table:table-row></table:table></draw:custom-shape></table:shapes>"
    )
    changes = (
        "<table:tracked-changes><table:cell-content-change><table:previous>"
        "<table:change-track-table-cell><text:p>dulu</text:p></table:change-track-table-cell>"
        "</table:previous></table:cell-content-change></table:tracked-changes>"
        '<table:content-validations><table:content-validation table:name="v"><table:help-message>'
        "<text:p>bantuan</text:p></table:help-message></table:content-validation>"
        "</table:content-validations>"
    )
    xml = odsbuilding.content(table(row("satu"), before=before), before=changes)
    sheet = read(xml=xml)
    assert [raw.values for raw in sheet.columns.values()] == [["satu"]]


def test_a_table_inside_a_cell_is_refused_because_its_rows_would_be_lost():
    inner = cell(table(row("x")), 'office:value-type="string"')
    assert refused(odsbuilding.workbook(row(inner))).code == "FILE-10"


def test_repeated_cells_and_rows_are_written_out_with_their_numbers():
    sheet = read(
        row("a", cell("<text:p>b</text:p>", 'table:number-columns-repeated="2"'),
            cell("", 'table:number-columns-repeated="3"'), "c"),
        row(cell("", 'table:number-columns-repeated="16384"'),
            attributes='table:number-rows-repeated="4"'),
        row("d", attributes='table:number-rows-repeated="3"'),
    )  # fmt: skip
    assert sheet.row_numbers == [1, 6, 7, 8]
    assert sheet.columns[0].values == ["a", "d", "d", "d"]
    assert sheet.columns[1].values == sheet.columns[2].values == ["b", "", "", ""]
    assert sheet.columns[6].values == ["c", "", "", ""]


def test_an_empty_tail_of_any_length_costs_nothing():
    tail = row(
        cell("", 'table:style-name="ce1" table:number-columns-repeated="16384"'),
        attributes='table:number-rows-repeated="1048574"',
    )
    sheet = read(row(*HEADERS), row(*GOOD), tail)
    assert sheet.row_numbers == [1, 2]
    jumbo = tail.replace("1048574", "16777214")
    assert read(row(*HEADERS), row(*GOOD), jumbo).row_numbers == [1, 2]


@pytest.mark.parametrize(
    ("rows", "code", "word"),
    [
        ([row("x", attributes='table:number-rows-repeated="1048576"')], "FILE-06", "mengulang"),
        ([row(cell("<text:p>x</text:p>", 'table:number-columns-repeated="600"'))], "FILE-06", "kolom"),
        ([row(cell("<text:p>x</text:p>", 'table:number-columns-repeated="16384"'),
              attributes='table:number-rows-repeated="1048576"')], "FILE-06", "mengulang"),
        ([row("x", attributes='table:number-rows-repeated="18446744073709551615"')], "FILE-10", "diulang"),
        ([row("x", attributes='table:number-rows-repeated="0"')], "FILE-10", "diulang"),
        ([row(cell("", 'table:number-columns-repeated="-1"'))], "FILE-10", "diulang"),
        ([row(cell("", 'table:number-columns-repeated="16384"'), "x")], "FILE-10", "di luar lembar"),
        ([row(attributes='table:number-rows-repeated="1048576"'), row("x")], "FILE-10", "1.048.576"),
        ([row(cell('<text:p>x<text:s text:c="2000000000"/></text:p>', 'office:value-type="string"'))],
         "FILE-06", "32.767"),
        ([row(cell(f'<text:p>{"x" * 40_000}</text:p>', 'office:value-type="string"'))], "FILE-06", "32.767"),
    ],
)  # fmt: skip
def test_repeats_that_would_blow_up_are_refused_in_words(rows, code, word):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal = refused(odsbuilding.workbook(*rows))
    assert refusal.code == code
    assert word in refusal.message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_hidden_rows_columns_groups_and_sheets_are_known():
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        '<table:table-column-group table:display="false"><table:table-column '
        'table:number-columns-repeated="16381"/></table:table-column-group>'
    )
    shut = '<table:table-row-group table:display="false">' + row("d") + "</table:table-row-group>"
    first = table(
        row("a"), row("b", attributes='table:visibility="filter"'),
        row("c", attributes='table:visibility="collapse"'), shut, row("e"), before=columns,
    )  # fmt: skip
    xml = odsbuilding.content(first, table(row("x"), name="Rahasia", style="ta2"))
    reader = opened(odsbuilding.workbook(xml=xml))
    assert [(place.name, place.hidden) for place in reader.book.sheets] == [
        ("Koreksi", False), ("Rahasia", True),
    ]  # fmt: skip
    sheet = reader.read(reader.book.sheets[0])
    assert sheet.hidden_rows == [2, 3, 4]
    assert sheet.hidden_columns == [(2, 2), (3, 16383)]


def test_a_cell_is_crossed_out_by_its_own_style_its_rows_its_columns_or_a_part():
    def style(name, properties, parent="Default", family="table-cell"):
        return (
            f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{parent}">'
            f"<style:text-properties {properties}/></style:style>"
        )

    solid, none = 'style:text-line-through-style="solid"', 'style:text-line-through-type="none"'
    styles = odsbuilding.STYLES + "".join(
        [style("c", solid), style("d", "", parent="c"), style("e", none, parent="c"),
         style("T", solid, family="text")]
    )  # fmt: skip
    columns = (
        '<table:table-column/><table:table-column table:number-columns-repeated="2" '
        'table:default-cell-style-name="c"/><table:table-column/>'
    )

    def styled(name):
        return cell("<text:p>x</text:p>", f'office:value-type="string" table:style-name="{name}"')

    parts = cell(
        '<text:p><text:span text:style-name="T">SITA </text:span>SITI</text:p>',
        'office:value-type="string"',
    )
    repeated = 'table:number-rows-repeated="2" table:default-cell-style-name="c"'
    sheet = table(
        row("a", "b", styled("e"), styled("d")), row("a", styled("T")), row("a", attributes=repeated),
        row(parts, "", "", "d"),
        before=columns,
    )  # fmt: skip
    reader = opened(odsbuilding.workbook(xml=odsbuilding.content(sheet, styles=styles)))
    struck = reader.read(reader.book.sheets[0]).struck
    assert {at: rows.tolist() for at, rows in struck.items()} == {1: [1], 3: [1], 0: [3, 4, 5]}


LIST = (
    "<text:list><text:list-header><text:p>A</text:p></text:list-header><text:list-item><text:p>B</text:p>"
    "<text:list><text:list-item><text:h>C</text:h></text:list-item></text:list></text:list-item></text:list>"
)


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("<text:h>SITI</text:h>", "SITI"),
        (LIST, "A\nB\nC"),
        ("<text:section><text:numbered-paragraph><text:p>A</text:p></text:numbered-paragraph></text:section>", "A"),
        ("<draw:frame><draw:text-box><text:p>X</text:p></draw:text-box></draw:frame><text:p>A</text:p>", "A"),
    ],
)  # fmt: skip
def test_lists_and_headings_in_a_cell_are_its_text(inside, value):
    assert only(cell(inside, 'office:value-type="string"')) == {0: (Kind.TEXT, value, False)}


def test_a_comment_below_the_last_row_of_any_sheet_is_none():
    note = "<office:annotation><text:p>cek</text:p></office:annotation>"
    empty = row("", attributes='table:number-rows-repeated="16777216"')
    sheet = table(
        row("a", "b"), *[empty] * 257, row(f"<table:table-cell>{note}</table:table-cell>")
    )
    reader = opened(odsbuilding.workbook(xml=odsbuilding.content(sheet)))
    assert reader.read(reader.book.sheets[0]).comments == {}


def test_merged_cells_are_told_and_covered_ones_are_read_as_they_are():
    head = cell(
        "<text:p>gabung</text:p>",
        'office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="2"',
    )
    sheet = read(
        row(head, cell(tag="covered-table-cell"), "c"),
        row(cell(tag="covered-table-cell"), cell("sisa", tag="covered-table-cell"), "d"),
    )
    assert sheet.merged == ["A1:B2"]
    assert sheet.columns[1].values == ["", "sisa"]
    assert sheet.columns[2].values == ["c", "d"]


def test_values_hidden_under_a_merged_cell_are_read_and_said():
    spanned = 'office:value-type="string" table:number-columns-spanned="2"'
    merged = [
        *(cell(text) for text in GOOD[:5]),
        cell("<text:p>lama@contoh.example</text:p>", spanned),
        cell(GOOD[6], tag="covered-table-cell"),
    ]
    report = check_bytes(odsbuilding.workbook(row(*HEADERS), row(*merged)), "a.ods", today=TODAY)
    (said,) = [each.text for each in report.table.remarks if each.kind == "merged-cells"]
    assert (
        said
        == "Sel gabungan: F2:G2. Sel yang tertutup gabungan tetapi masih berisi ikut dibaca: G2."
    )
    assert report.table.columns[6].values == [GOOD[6]]


def test_the_1904_system_is_known_and_dates_need_it_not():
    null = (
        "<table:calculation-settings><table:null-date "
        'table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    when = cell("<text:p>x</text:p>", 'office:value-type="date" office:date-value="1990-08-05"')
    sheet = read(xml=odsbuilding.content(table(row(when)), before=null))
    assert sheet.epoch_1904
    assert sheet.columns[0].values == ["1990-08-05"]


def test_libreoffices_copies_of_sheets_in_other_files_are_no_sheets():
    source = '<table:table-source xlink:href="file:///lain.ods" table:table-name="S"/>'
    copy = table(row(*GOOD), name="'file:///lain.ods'#$S", before=source)
    xml = odsbuilding.content(table(row(*HEADERS), row(*GOOD)), copy)
    reader = opened(odsbuilding.workbook(xml=xml))
    assert [place.name for place in reader.book.sheets] == ["Koreksi"]


def test_a_sheet_nobody_chooses_may_be_over_the_limits():
    limits = ReadLimits(max_rows=10)
    large = table(row("x", attributes='table:number-rows-repeated="200"'), name="Besar")
    xml = odsbuilding.content(table(row("a")), large)
    reader = opened(odsbuilding.workbook(xml=xml), limits)
    assert reader.read(reader.book.sheets[0]).row_numbers == [1]
    assert reader.read(reader.book.sheets[1], max_rows=5).row_numbers == []
    with pytest.raises(Unreadable) as refusal:
        reader.read(reader.book.sheets[1])
    assert refusal.value.code == "FILE-06"


@pytest.mark.parametrize(
    ("limits", "word"),
    [(ReadLimits(max_sheets=1), "lembarnya"), (ReadLimits(max_cells=3), "sel yang terisi")],
)
def test_sheets_and_cells_are_counted(limits, word):
    xml = odsbuilding.content(table(row("a", "b")), table(row("c", "d"), name="Dua"))
    refusal = refused(odsbuilding.workbook(xml=xml), limits)
    assert refusal.code == "FILE-06"
    assert word in refusal.message


def test_a_workbook_without_sheets_is_refused():
    assert refused(odsbuilding.workbook(xml=odsbuilding.content())).code == "FILE-10"


# ------------------------------------------------------------------ the package

OLE_OBJECT = (
    '<manifest:file-entry manifest:full-path="Object 1/" '
    'manifest:media-type="application/vnd.oasis.opendocument.{}"/>'
)
ENCRYPTED = (
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    "<manifest:encryption-data/></manifest:file-entry>"
)
LISTENER = '<office:event-listeners><script:event-listener script:language="Basic"/></office:event-listeners>'


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "FILE-01", "OpenDocument lain"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet-template"}, "FILE-01", "OpenDocument lain"),
        ({"listed": odsbuilding.manifest(ENCRYPTED), "xml": "bukan xml \0\xff"}, "FILE-04", "kata sandi"),
        ({"extra": {"encrypted-package": "x"}}, "FILE-04", "LibreOffice"),
        ({"extra": {"Basic/Standard/Module1.xml": "<x/>"}}, "FILE-05", "makro"),
        ({"extra": {"Scripts/python/x.py": "x"}}, "FILE-05", "makro"),
        ({"listed": odsbuilding.manifest(OLE_OBJECT.format("text"))}, "FILE-05", "OLE"),
        ({"extra": {"Object 1": "\xd0\xcf"}, "xml": odsbuilding.content(table(row("<table:table-cell>"
          "<draw:frame><draw:object-ole/></draw:frame></table:table-cell>")))}, "FILE-05", "OLE"),
        ({"xml": odsbuilding.content(scripts=f"<office:scripts>{LISTENER}</office:scripts>")}, "FILE-05", "makro"),
        ({"xml": odsbuilding.content(table(row("x")), before="<table:dde-links><table:dde-link/></table:dde-links>")},
         "FILE-05", "DDE"),
        ({"xml": odsbuilding.content(table(before="<office:dde-source/>"))}, "FILE-05", "DDE"),
        ({"xml": odsbuilding.content().replace("?>", "?><!DOCTYPE x>", 1)}, "FILE-10", "DOCTYPE"),
        ({"xml": odsbuilding.content(table(row("x")))[:-20]}, "FILE-03", "XML"),
    ],
)  # fmt: skip
def test_a_package_with_more_than_data_is_refused_by_name(changes, code, word):
    refusal = refused(odsbuilding.workbook(**changes))
    assert refusal.code == code
    assert word in refusal.message
    assert "uji.ods" in refusal.message_en


def test_charts_and_settings_are_let_in():
    data = odsbuilding.workbook(
        listed=odsbuilding.manifest(OLE_OBJECT.format("chart")),
        extra={"Object 1/content.xml": "<x/>", "Configurations2/accelerator/": "", "meta.xml": "<x/>"},
    )  # fmt: skip
    assert len(opened(data).book.sheets) == 1


def test_a_package_without_its_content_is_no_workbook():
    data = odsbuilding.packed({"mimetype": odsbuilding.MIMETYPE})
    assert refused(data).code == "FILE-01"


# ------------------------------------------------------------------ write, then read

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\n\t "),
    min_size=1, max_size=10,
)  # fmt: skip
INTEGER = st.integers(-(10**18), 10**18).map(str)


@st.composite
def grids(draw):
    """Rows of texts, integers (as numbers) and gaps."""
    return draw(
        st.lists(
            st.lists(
                st.none() | TEXT.map(lambda text: ("t", text)) | INTEGER.map(lambda n: ("n", n)),
                max_size=6,
            ),
            max_size=8,
        )
    )


def wanted(rows):
    """Row numbers and cells of the rows that hold anything."""
    return {
        (at, column): each
        for at, cells in enumerate(rows, 1)
        for column, each in enumerate(cells)
        if each is not None
    }


@settings(max_examples=150, deadline=None)
@given(grids())
def test_what_is_written_is_read_back_cell_by_cell(rows):
    made = [
        row(*("" if each is None else number(each[1]) if each[0] == "n" else each[1] for each in cells))
        if cells else row(cell())
        for cells in rows
    ]  # fmt: skip
    sheet = read(xml=odsbuilding.content(table(*made)))
    found = {
        (number_, column): ("n" if raw.kinds[at] == Kind.NUMBER else "t", raw.values[at])
        for column, raw in sheet.columns.items()
        for at, number_ in enumerate(sheet.row_numbers)
        if raw.kinds[at]
    }
    assert found == wanted(rows)
    assert sheet.row_numbers == sorted({place for place, _ in found})


def test_a_table_in_ods_gives_the_findings_that_it_gives_in_xlsx():
    rows = [GOOD, ("2", "0999", "3171014508909013", "BUDI", "Email", "", "bukan alamat")]
    ods = check_bytes(
        odsbuilding.workbook(row(*HEADERS), *(row(*each) for each in rows)), "a.ods", today=TODAY
    )
    xml = "".join(building.text_row(at, each) for at, each in enumerate((HEADERS, *rows), 1))
    xlsx = check_bytes(building.workbook(xml), "a.xlsx", today=TODAY)
    assert ods.findings.code == xlsx.findings.code
    assert ods.findings.row == xlsx.findings.row
    assert ods.table.source == "ods"
