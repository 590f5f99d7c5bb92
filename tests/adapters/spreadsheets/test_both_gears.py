"""Reading by columns gives exactly what the exact reader gives, and what openpyxl sees."""

import io
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from html import escape
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from hr_portal.adapters.spreadsheets import gears, quick
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.template import make_template
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.table import Kind, Unreadable
from tests.adapters.spreadsheets import building

SAMPLES = Path(__file__).parents[3] / "samples"


def read(data, *, quick=True, sheet=0):
    reader = XlsxReader(inspect(data, "uji.xlsx"), DEFAULT_LIMITS, quick=quick)
    return reader.read(reader.book.sheets[sheet])


def outcome(data, *, quick):
    """The sheet, or the refusal, as plain values."""
    try:
        found = read(data, quick=quick)
    except Unreadable as refusal:
        return refusal.code, refusal.message
    columns = {
        place: {"values": list(raw.values), "kinds": raw.kinds, "computed": raw.computed}
        for place, raw in found.columns.items()
    }
    return asdict(replace(found, columns={})) | {"columns": columns}


def agree(data):
    by_columns, exactly = outcome(data, quick=True), outcome(data, quick=False)
    assert by_columns == exactly
    return by_columns


# ------------------------------------------------------------------ generated sheets as XML

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\n\t"),
    max_size=8,
)
NUMBER = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["007", "1.50", ".5", "1E+15", "x", "", " 3 ", "3171014508909010"]),
)
STYLE = st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="77"'])


def inline(text, preserve):
    space = ' xml:space="preserve"' if preserve else ""
    return f"<is><t{space}>{escape(text, quote=False)}</t></is>"


@st.composite
def cell(draw, row, column):  # noqa: PLR0911 - one a form
    """A cell in one of the forms that programs write, or in one that none does."""
    where = f' r="{building.letters(column)}{row}"'
    style = draw(STYLE)
    form = draw(st.integers(0, 13))
    match form:
        case 0 | 1 | 2:
            return f'<c{where}{style} t="s"><v>{draw(st.integers(0, 5))}</v></c>'
        case 3 | 4:
            body = inline(draw(TEXT), preserve=draw(st.booleans()))
            return f'<c{where}{style} t="inlineStr">{body}</c>'
        case 5 | 6:
            kind = draw(st.sampled_from(["", ' t="n"']))
            return f"<c{where}{style}{kind}><v>{draw(NUMBER)}</v></c>"
        case 7:
            return f'<c{where}{style} t="b"><v>{draw(st.sampled_from("01"))}</v></c>'
        case 8:
            return f'<c{where}{style} t="e"><v>#N/A</v></c>'
        case 9:
            value = draw(st.sampled_from(["", "<v></v>", "<v>5</v>", "<v>0</v>"]))
            formula = draw(
                st.sampled_from(
                    ["<f>A1&amp;B1</f>", '<f>"0999"</f>', "<f>&quot;a&quot;&amp;B1</f>", "<f>-7</f>",
                     "<f>-A1</f>", '<f t="shared" si="0"/>', '<f t="shared" ref="A1:B2" si="0">A1</f>',
                     '<f t="array" ref="A1:B9">A1</f>', "<f/>"]
                )
            )  # fmt: skip
            return f"<c{where}{style}>{formula}{value}</c>"
        case 10:
            return f'<c{where}{style} t="str"><f>A1</f><v>{escape(draw(TEXT))}</v></c>'
        case 11:
            return f"<c{where}{style}/>"
        case 12:
            return f"<c{style}{where}><v>{draw(NUMBER)}</v><!-- x --></c>"
        case _:
            return f'<c{where} t="inlineStr"><is><r><t>si</t></r><r><t>ti</t></r></is></c>'


@st.composite
def sheet(draw):
    """Rows of a sheet, mostly as programs write them; seldom broken on purpose."""
    number, rows = 0, []
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 40]))
        columns = sorted(draw(st.sets(st.sampled_from([0, 1, 2, 3, 25, 26, 701, 702]), max_size=5)))
        cells = "".join(draw(cell(number, column)) for column in columns)
        attributes = draw(
            st.sampled_from(["", ' spans="1:4"', ' hidden="1"', ' ht="15" customHeight="1"'])
        )
        space = draw(st.sampled_from(["", "", "", "\n  "]))
        row = f'<row r="{number}"{attributes}>{cells}</row>'
        rows.append(space + (row if cells or draw(st.booleans()) else f'<row r="{number}"/>'))
    if draw(st.integers(0, 9)) == 0:
        rows.append(f'<row r="{max(number, 1)}"><c r="A{max(number, 1)}"><v>1</v></c></row>')
    return "".join(rows)


STRINGS = building.strings_xml(
    ["<si><t>satu</t></si>", '<si><t xml:space="preserve"> dua </t></si>', "<si><t></t></si>",
     "<si><r><t>ti</t></r><r><t>ga</t></r></si>", "<si><t>a &amp; _x0041_ &#233;</t></si>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(sheet())
def test_generated_sheets_read_the_same_in_both_gears(rows):
    agree(building.workbook(rows, strings=STRINGS))


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, max_size=9), st.booleans())
def test_shared_strings_read_the_same_in_both_gears(texts, preserve):
    space = ' xml:space="preserve"' if preserve else ""
    items = [f"<si><t{space}>{escape(text, quote=False)}</t></si>" for text in texts]
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, len(texts) + 1)
    )
    found = agree(building.workbook(cells, strings=building.strings_xml(items)))
    kept = [text for text in texts if text]
    assert [value for column in found["columns"].values() for value in column["values"]] == kept


# ------------------------------------------------------------------ against openpyxl

VALUE = st.one_of(
    st.none(),
    TEXT.filter(lambda text: "_x" not in text),
    st.integers(-(10**14), 10**14),
    st.floats(-1e15, 1e15, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-9),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 12, 31)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
)  # fmt: skip


def seen_by_openpyxl(data):
    """What openpyxl, in its full mode, holds in each filled cell."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        cell.coordinate: cell.value
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def same(kind, value, other):  # noqa: PLR0911 - one a kind
    match kind:
        case Kind.TEXT:
            # openpyxl leaves _x000D_ and the like as they are written.
            return other is not None and value in (other, unescape(other))
        case Kind.NUMBER:
            return float(value) == float(other) and not isinstance(other, bool)
        case Kind.BOOLEAN:
            return other is (value == "TRUE")
        case Kind.DATE:
            day = datetime.fromisoformat(value)
            return abs(day - other) < timedelta(seconds=1) if isinstance(other, datetime) else False
        case Kind.TIME:
            return isinstance(other, time | timedelta)
        case Kind.ERROR:
            return value == other
    return False


def agrees_with_openpyxl(data):
    found = read(data)
    others = seen_by_openpyxl(data)
    for column, raw in found.columns.items():
        for row, number in enumerate(found.row_numbers):
            place = f"{building.letters(column)}{number}"
            kind = Kind(raw.kinds[row])
            if kind in (Kind.EMPTY, Kind.FORMULA) or row in raw.computed:
                continue
            assert same(kind, raw.values[row], others.pop(place, None)), place
    assert all(str(value).startswith("=") for value in others.values()), others


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUE, max_size=5), max_size=8), st.booleans(), st.booleans())
def test_what_xlsxwriter_wrote_is_seen_alike_by_openpyxl(rows, constant_memory, epoch_1904):
    out = io.BytesIO()
    options = {
        "constant_memory": constant_memory, "date_1904": epoch_1904, "strings_to_formulas": False,
        "strings_to_urls": False, "default_date_format": "dd/mm/yyyy hh:mm:ss",
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        target = book.add_worksheet("K")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    target.write_string(at, column, value)
                elif isinstance(value, date) and value.year < 1905 and epoch_1904:
                    continue
                elif value is not None:
                    target.write(at, column, value)
    agree(out.getvalue())
    agrees_with_openpyxl(out.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUE, max_size=5), max_size=8))
def test_what_openpyxl_wrote_is_seen_alike_by_openpyxl(rows):
    book = openpyxl.Workbook()
    target = book.active
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is None:
                continue
            place = target.cell(at, column)
            place.value = value
            if isinstance(value, str):
                place.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    agree(out.getvalue())
    agrees_with_openpyxl(out.getvalue())


WORKBOOKS = [
    path for path in sorted(SAMPLES.glob("*.xlsx"))
    if path.stem not in {"kosong", "terpotong", "makro", "gambar"}
]  # fmt: skip


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_every_sample_reads_the_same_in_both_gears_and_in_openpyxl(path):
    data = path.read_bytes()
    agree(data)
    agrees_with_openpyxl(data)


# ------------------------------------------------------------------ the quick gear is really used


class Counting:
    """Counts what the exact parser is still fed of the rows."""

    def __init__(self, data, sheet=0):
        self.reader = XlsxReader(inspect(data, "uji.xlsx"), DEFAULT_LIMITS)
        self.place = self.reader.book.sheets[sheet]
        archive = Archive(data, "uji.xlsx", DEFAULT_LIMITS)
        self.xml = b"".join(archive.chunks(self.place.part))

    def context(self):
        return quick.Context(
            lambda: self.reader.strings, self.reader.book.formats, epoch_1904=False, max_text=32_767
        )

    def rows(self):
        begin = self.xml.index(b"<sheetData>") + len(b"<sheetData>")
        return self.xml[begin : self.xml.index(b"</sheetData>")]


@pytest.mark.parametrize(
    "path",
    [path for path in WORKBOOKS if "libreoffice" in path.stem or path.stem.startswith("koreksi")],
    ids=lambda path: path.stem,
)
def test_sheets_of_real_programs_are_read_by_columns(path):
    counting = Counting(path.read_bytes())
    piece = quick.read(counting.rows(), counting.context())
    assert len(piece.values) > 0


def test_a_sheet_of_openpyxl_is_read_by_columns():
    counting = Counting(make_template())
    assert len(quick.read(counting.rows(), counting.context()).values) > 0


def test_large_sheets_are_read_in_pieces_that_join_without_a_seam():
    rows = "".join(
        building.text_row(n, [str(n), "x" * 60, "" if n % 3 else "é"]) for n in range(1, 12_001)
    )
    assert len(rows) > 2 * (1 << 20)
    found = agree(building.workbook(rows))
    assert found["row_numbers"] == list(range(1, 12_001))
    assert found["columns"][0]["values"] == [str(n) for n in range(1, 12_001)]


def test_columns_of_every_make_join_without_a_seam():
    def text(n, column, said):
        return f'<c r="{column}{n}" t="inlineStr"><is><t>{said}</t></is></c>'

    def row(n):
        cells = [text(n, "A", f"a{n}"), text(n, "B", "LP"[n % 2])]
        cells += [text(n, "C", f"lepas {n}")] * (n % 3 > 0)  # gaps
        cells += [text(n, "D", f"S &amp; P {n}" if n % 4_000 == 9 else f"PT {n}_x")]
        cells += [text(n, "E", f"_x0041_{n}" if n == 7_000 else f"{n}_")]
        cells += [f'<c r="F{n}"><v>{n}</v></c>' if n % 2 else text(n, "F", f"0{n}")]
        cells += [f'<c r="G{n}" t="str"><f>A{n}</f><v>é{n}</v></c>']
        cells += [text(n, "H", f"baru {n}")] * (n > 5_500)  # begins late
        cells += ['<c r="I6000" t="inlineStr"><is><r><t>kaya</t></r></is></c>'] * (n == 6_000)
        return f'<row r="{n}">{"".join(cells)}</row>'

    found = agree(building.workbook("".join(map(row, range(1, 9_001)))))
    values = {place: column["values"] for place, column in found["columns"].items()}
    assert values[0] == [f"a{n}" for n in range(1, 9_001)]
    assert values[3][8] == "S & P 9"
    assert (values[4][6_999], values[8][5_999], values[7][5_499:5_501]) == (
        "A7000", "kaya", ["", "baru 5501"],
    )  # fmt: skip
    assert found["columns"][6]["computed"] == list(range(9_000))


def test_a_piece_that_is_not_regular_is_read_exactly_in_its_place():
    rich = '<row r="6000"><c r="A6000" t="inlineStr"><is><r><t>kaya</t></r></is></c></row>'
    rows = "".join(
        rich if n == 6_000 else building.text_row(n, [str(n), "x" * 120]) for n in range(1, 12_001)
    )
    found = agree(building.workbook(rows))
    assert found["columns"][0]["values"][5_998:6_001] == ["5999", "kaya", "6001"]


def test_after_some_irregular_pieces_the_rest_is_not_tried():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v><!-- --></c></row>' for n in range(1, 99))
    chunks = list(gears.by_columns(None, [b"<x><sheetData>" + rows.encode()] + [b" "] * 3))
    assert b"".join(chunks) == b"<x><sheetData>" + rows.encode() + b" " * 3
