"""Sheets of Excel 5 to 2003 are read exactly, and their container is read with suspicion."""

import struct
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import check_bytes
from hr_portal.adapters.spreadsheets.xls import XlsReader
from hr_portal.domain.table import Kind, Unreadable
from tests.adapters.spreadsheets import xlsbuilding
from tests.adapters.spreadsheets.xlsbuilding import (
    GOOD,
    HEADERS,
    compound,
    double,
    formats,
    formula,
    packed,
    place,
    record,
    result_of,
    shared,
    stream,
    strings,
    text,
    texts,
    unicode_string,
    workbook,
)

TODAY = date(2026, 11, 21)


def opened(data, limits=DEFAULT_LIMITS):
    return XlsReader(inspect(data, "uji.xls", limits), limits)


def first_sheet(data, limits=DEFAULT_LIMITS):
    reader = opened(data, limits)
    return reader.read(reader.book.sheets[0])


def read(*records, **changes):
    return first_sheet(workbook(b"".join(records), **changes))


def cells_of(sheet):
    """Kind, value and mark of each filled cell, by its number of row and its column."""
    return {
        (number, column): (Kind(raw.kinds[at]), raw.values[at], at in raw.computed)
        for column, raw in sheet.columns.items()
        for at, number in enumerate(sheet.row_numbers)
        if raw.kinds[at]
    }


def only(*records, **changes):
    found = cells_of(read(*records, **changes))
    assert len(found) == 1
    return next(iter(found.values()))


def refused(data, limits=DEFAULT_LIMITS):
    with pytest.raises(Unreadable) as refusal:
        first_sheet(data, limits)
    return refusal.value


# ------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("number", "literal"),
    [
        (3171014508909013.0, "3171014508909013"),
        (9404014508909001.0, "9404014508909000"),
        (9671014403999011.0, "9671014403999012"),
        (81200000001.0, "81200000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (12.5, "12.5"),
        (0.0, "0"),
        (-7.0, "-7"),
        (1e300, "1E+300"),
        (5e-7, "0.0000005"),
    ],
)
def test_a_number_is_told_to_the_last_digit_the_double_holds(number, literal):
    assert only(double(0, 0, number)) == (Kind.NUMBER, literal, False)


def test_packed_numbers_are_those_that_excel_shows():
    assert only(packed(0, 0, 1234567)) == (Kind.NUMBER, "1234567", False)
    assert only(packed(0, 0, -5)) == (Kind.NUMBER, "-5", False)
    assert only(packed(0, 0, 12345, hundredth=True)) == (Kind.NUMBER, "123.45", False)
    assert only(packed(0, 0, 0.5, whole=False)) == (Kind.NUMBER, "0.5", False)
    row = struct.pack("<HH", 0, 2) + b"".join(
        struct.pack("<HL", 0, (value << 2) | 2) for value in (7, 8, 9)
    )
    found = cells_of(read(record(0xBD, row, struct.pack("<H", 4))))
    assert found == {(1, column): (Kind.NUMBER, str(5 + column), False) for column in (2, 3, 4)}


def test_a_number_without_a_value_is_an_error():
    assert only(double(0, 0, float("nan")))[:2] == (Kind.ERROR, "#NUM!")


@pytest.mark.parametrize(
    ("shape", "number", "kind", "value"),
    [
        (0, 33090.0, Kind.NUMBER, "33090"),
        (1, 33090.0, Kind.DATE, "1990-08-05"),
        (1, 33090.5, Kind.DATE, "1990-08-05T12:00:00"),
        (1, 60.0, Kind.DATE, "1900-02-29"),
        (2, 33090.0, Kind.DATE, "1990-08-05"),
        (3, 1.5, Kind.TIME, "36:00:00"),
        (4, 0.5, Kind.NUMBER, "0.5"),
        (99, 7.0, Kind.NUMBER, "7"),
    ],
)
def test_a_date_is_what_the_cells_format_makes_of_its_number(shape, number, kind, value):
    shapes = formats(0, 14, 164, 46, 165, codes=[(164, "dd\\-mm\\-yyyy"), (165, '"hari" 0')])
    assert only(double(0, 0, number, shape), globals_=shapes)[:2] == (kind, value)


def test_the_1904_system_moves_dates():
    made = record(0x22, b"\1\0") + formats(0, 14)
    sheet = read(double(0, 0, 31628.0, 1), globals_=made)
    assert sheet.epoch_1904
    assert sheet.columns[0].values == ["1990-08-05"]


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (formula(0, 0, struct.pack("<d", 2.0)), (Kind.NUMBER, "2", True)),
        (formula(0, 0, struct.pack("<d", 0.0)), (Kind.NUMBER, "0", True)),
        (formula(0, 0, struct.pack("<d", 0.0), flags=3), (Kind.FORMULA, "", False)),
        (formula(0, 0, result_of(3), flags=3), (Kind.FORMULA, "", False)),
        (formula(0, 0, struct.pack("<d", 7.0), flags=3), (Kind.NUMBER, "7", True)),
        # formulas that are only a text or a number, calculated or not
        (formula(0, 0, bytes(8), flags=3, tokens=b"\x17\4\0" + b"0999"), (Kind.TEXT, "0999", False)),
        (formula(0, 0, bytes(8), flags=3, tokens=b"\x17\1\1" + b"\xe9\0"), (Kind.TEXT, "é", False)),
        (formula(0, 0, bytes(8), flags=3, tokens=b"\x17\4\0" + b"0999\x17\1\0a\x08"), (Kind.FORMULA, "", False)),
        (formula(0, 0, bytes(8), flags=3, tokens=b"\x1e\7\0"), (Kind.NUMBER, "7", False)),
        (formula(0, 0, bytes(8), flags=3, tokens=b"\x1f" + struct.pack("<d", 1.5)), (Kind.NUMBER, "1.5", False)),
        (formula(0, 0, struct.pack("<d", 7.0), tokens=b"\x1e\7\0"), (Kind.NUMBER, "7", False)),
        (formula(0, 0, result_of(0), tokens=b"\x17\2\0ab") + record(0x207, unicode_string("ab")),
         (Kind.TEXT, "ab", False)),
        (formula(0, 0, result_of(0)) + record(0x207, unicode_string("ab")), (Kind.TEXT, "ab", True)),
        (formula(0, 0, result_of(0)) + record(0x4BC, bytes(10)) + record(0x207, unicode_string("é中")),
         (Kind.TEXT, "é中", True)),
        (formula(0, 0, result_of(1, 1)), (Kind.BOOLEAN, "TRUE", True)),
        (formula(0, 0, result_of(2, 0x2A)), (Kind.ERROR, "#N/A", True)),
        (record(0x205, place(0, 0), b"\x17\1"), (Kind.ERROR, "#REF!", False)),
        (record(0x205, place(0, 0), b"\0\0"), (Kind.BOOLEAN, "FALSE", False)),
        (record(0xD6, place(0, 0), unicode_string("kaya"), bytes(6)), (Kind.TEXT, "kaya", False)),
    ],
)  # fmt: skip
def test_formulas_errors_booleans_and_rich_texts(records, found):
    assert only(records) == found


def test_a_formula_with_an_empty_result_is_an_empty_cell():
    found = cells_of(read(formula(0, 0, result_of(3)), text(0, 1, "x")))
    assert found == {(1, 1): (Kind.TEXT, "x", False)}


# ------------------------------------------------------------------ shared texts


def test_shared_texts_go_on_across_records_with_a_new_width():
    long = "a" * 9_000
    half = struct.pack("<LL", 2, 2) + struct.pack("<HB", 6, 0) + b"abc"
    other = b"\1" + "dé中".encode("utf-16-le") + struct.pack("<HB", 1, 0) + b"x"
    seam = struct.pack("<HH", 0xFC, len(half)) + half + struct.pack("<HH", 0x3C, len(other)) + other
    assert opened(workbook(text(0, 0, "x"), globals_=seam)).book.strings == ["abcdé中", "x"]
    # Excel cuts a text that is too long where the record ends, and says its width once more.
    first = struct.pack("<LL", 1, 1) + struct.pack("<HB", 9_000, 0) + long[:5_000].encode()
    rest = b"\0" + long[5_000:].encode()
    seam = struct.pack("<HH", 0xFC, len(first)) + first + struct.pack("<HH", 0x3C, len(rest)) + rest
    assert opened(workbook(text(0, 0, "x"), globals_=seam)).book.strings == [long]


def test_formats_and_phonetic_hints_of_a_text_are_passed_over():
    rich = struct.pack("<HBHL", 4, 0x0C, 2, 5) + b"siti" + bytes(8) + bytes(5)
    book = opened(workbook(text(0, 0, "x"), globals_=strings([rich, "lain"]))).book
    assert book.strings == ["siti", "lain"]


def test_counts_that_lie_about_texts_allocate_nothing_and_hide_none():
    made = strings(["satu", "dua"], count=2_147_483_647)
    sheet = read(shared(0, 0, 1), globals_=made)
    assert sheet.columns[0].values == ["dua"]
    assert refused(workbook(shared(0, 0, 2), globals_=made)).code == "FILE-03"


# ------------------------------------------------------------------ older and smaller forms


def biff5(row, column, value):
    encoded = value.encode("cp1252")
    return record(0x204, place(row, column), struct.pack("<H", len(encoded)), encoded)


def test_excel_5_and_95_are_read_with_their_code_page():
    body = biff5(0, 0, "SITI é") + double(0, 1, 5.0) + formula(0, 2, result_of(0))
    body += record(0x207, struct.pack("<H", 2), b"ab")
    data = compound(
        stream(
            body, version=0x0500, globals_=record(0x42, struct.pack("<H", 1252)), names=["Data é"]
        ),
        name="Book",
    )
    reader = opened(data)
    assert [sheet.name for sheet in reader.book.sheets] == ["Data é"]
    assert list(cells_of(first_sheet(data)).values()) == [
        (Kind.TEXT, "SITI é", False), (Kind.NUMBER, "5", False), (Kind.TEXT, "ab", True),
    ]  # fmt: skip


def test_a_bare_stream_of_records_as_small_scripts_write_it_is_read():
    body = record(0x0809, struct.pack("<HHHH", 0, 0x10, 0, 0)) + biff5(0, 0, "NIK")
    body += biff5(1, 0, "3171014508909013") + record(0x000A)
    sheet = first_sheet(body)
    assert sheet.columns[0].values == ["NIK", "3171014508909013"]


@pytest.mark.parametrize("head", ["09000400", "09020600", "09040600"])
def test_workbooks_of_excel_2_to_4_get_a_plain_sentence(head):
    refusal = refused(bytes.fromhex(head) + bytes(60))
    assert refusal.code == "FILE-01"
    assert "Excel 2 sampai 4" in refusal.message


# ------------------------------------------------------------------ rows, columns, sheets


def test_cells_in_any_order_come_out_in_the_order_of_the_sheet():
    sheet = read(text(5, 1, "b"), text(0, 2, "c"), text(5, 0, "a"))
    assert sheet.row_numbers == [1, 6]
    assert {column: raw.values for column, raw in sheet.columns.items()} == {
        0: ["", "a"], 1: ["", "b"], 2: ["c", ""],
    }  # fmt: skip


def test_a_cell_that_is_there_twice_is_refused_because_one_would_be_lost():
    refusal = refused(workbook(text(3, 1, "a") + text(3, 1, "b")))
    assert refusal.code == "FILE-10"
    assert "B4" in refusal.message


def test_a_formula_whose_text_never_comes_has_no_value():
    sheet = read(
        text(0, 0, "a"), formula(1, 0, result_of(0)), formula(2, 0, result_of(0), tokens=b"\x17\1\0x"),
        formula(3, 0, result_of(0)), record(0x207, unicode_string("isi")), formula(4, 0, result_of(0)),
    )  # fmt: skip
    assert list(sheet.columns[0].values) == ["a", "", "x", "isi", ""]
    assert list(sheet.columns[0].kinds) == [
        Kind.TEXT, Kind.FORMULA, Kind.TEXT, Kind.TEXT, Kind.FORMULA,
    ]  # fmt: skip


def test_hidden_rows_columns_and_sheets_and_merged_cells_are_known():
    hidden_row = record(0x208, struct.pack("<6HHH", 1, 0, 5, 255, 0, 0, 0x20, 15))
    columns = record(0x7D, struct.pack("<6H", 2, 4, 2000, 0, 1, 0))
    merged = record(0xE5, struct.pack("<H4H", 1, 0, 1, 0, 1))
    data = workbook(
        columns + hidden_row + texts(["a"], ["b"]) + merged, texts(["x"]), states=(0, 2),
        names=("Koreksi", "Rahasia ψ"),
    )  # fmt: skip
    reader = opened(data)
    assert [(sheet.name, sheet.hidden) for sheet in reader.book.sheets] == [
        ("Koreksi", False), ("Rahasia ψ", True),
    ]  # fmt: skip
    sheet = reader.read(reader.book.sheets[0])
    assert sheet.hidden_rows == [2]
    assert sheet.hidden_columns == [(2, 4)]
    assert sheet.merged == ["A1:B2"]
    head = reader.read(reader.book.sheets[0], max_rows=1)
    assert head.row_numbers == [1]


def test_fonts_are_counted_without_the_fifth_number_and_cells_by_theirs_are_crossed_out():
    fonts = b"".join(
        record(0x31, struct.pack("<HH", 200, 8 * (at == 4)), bytes(12)) for at in range(6)
    )
    shapes = b"".join(record(0xE0, struct.pack("<HH", font, 0), bytes(16)) for font in (0, 3, 5, 6))
    several = record(0xBD, struct.pack("<HHHLHLH", 1, 0, 2, 14, 1, 14, 1))
    data = workbook(
        text(0, 0, "a", 2) + text(0, 1, "b", 3) + several + double(2, 3, 7.0, 2),
        globals_=fonts + shapes,
    )
    reader = opened(data)
    struck = reader.read(reader.book.sheets[0]).struck
    assert {at: rows.tolist() for at, rows in struck.items()} == {0: [1, 2], 3: [3]}


def boxed(number, said, *, kind=0x19, length=None):
    """The box of a comment, its text in the records that follow."""
    count = length or sum((len(each) - 1) // (1 + each[0]) for each in said)
    box = record(0x1B6, bytes(10), struct.pack("<HHL", count, 16, 0))
    lines = b"".join(record(0x3C, each) for each in (*said, bytes(16)))
    return record(0x5D, struct.pack("<HHHH", 0x15, 18, kind, number), bytes(14)) + box + lines


def note(row, column, number):
    return record(0x1C, struct.pack("<4H", row, column, 0, number), b"\4\0\0Rina")


def test_comments_are_told_but_for_those_that_say_nothing_of_the_users():
    ours = b"Portal Koreksi Data:\nNIK-01: salah"
    boxes = [
        boxed(1, [b"\0yang benar: SITI"]), boxed(2, [b"\0" + ours]), boxed(3, [b"\0 lihat\n" + ours]),
        boxed(4, [b"\0Portal Kor", b"\1" + "eksi Data:\nψ".encode("utf-16-le")]), boxed(5, [b"\0  "]),
        boxed(6, [b"\0" + ours], length=999), boxed(8, [b"\0" + ours], kind=6), record(0x1B6, bytes(6)),
    ]  # fmt: skip
    notes = [note(at, 2, at) for at in range(1, 9)] + [record(0x1C, bytes(6))]
    sheet = first_sheet(workbook(text(0, 0, "a") + b"".join(boxes + notes)))
    told = {column: rows.tolist() for column, rows in sheet.comments.items()}
    # Of 6 the text is cut, of 7 and 8 there is none: they are told.
    assert told == {2: [2, 4, 7, 8, 9]}


def test_comments_of_excel_5_hold_their_text_and_go_on_without_a_place():
    said = [(1, b"cek"), (0xFFFF, b" lagi"), (2, b" "), (3, b"Portal Koreksi Data:\nNIK-01")]
    notes = b"".join(record(0x1C, struct.pack("<HHH", at, 1, len(each)), each) for at, each in said)
    sheet = first_sheet(workbook(notes, version=0x0500))
    assert {column: rows.tolist() for column, rows in sheet.comments.items()} == {1: [2]}


def test_charts_are_no_sheets_and_those_inside_a_sheet_hold_no_cells():
    inner = xlsbuilding.bof(0x20) + text(0, 5, "grafik") + record(0x000A)
    data = workbook(inner + text(0, 0, "a"), b"", kinds=(0, 2))
    assert len(opened(data).book.sheets) == 1
    assert list(cells_of(first_sheet(data))) == [(1, 0)]


def test_stray_cells_in_opposite_corners_cost_no_grid():
    sheet = read(text(0, 0, "a"), text(65_535, 255, "b"))
    assert sheet.row_numbers == [1, 65_536]


def test_limits_hold_for_rows_columns_sheets_and_texts():
    many = workbook(texts(*[["x"]] * 200))
    assert "barisnya" in refused(many, ReadLimits(max_rows=10)).message
    wide = workbook(texts(["x"] * 20))
    assert "kolom" in refused(wide, ReadLimits(max_columns=10)).message
    assert "lembarnya" in refused(workbook(b"", b""), ReadLimits(max_sheets=1)).message
    long = workbook(text(0, 0, "x" * 300))
    assert "300" not in refused(long, ReadLimits(max_cell_characters=100)).message
    shared_long = workbook(b"", globals_=strings(["x" * 300]))
    assert refused(shared_long, ReadLimits(max_cell_characters=100)).code == "FILE-06"


# ------------------------------------------------------------------ what is refused

SUPBOOK_DDE = record(0x01AE, struct.pack("<H", 0), unicode_string("Excel\x03Lembar"))
SUPBOOK_FILE = record(0x01AE, struct.pack("<H", 1), unicode_string("\x01\x01Cdata\x03buku.xls"))


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (workbook(others=("_VBA_PROJECT_CUR",)), "FILE-05", "makro"),
        (workbook(others=("MBD00A1B2C3",)), "FILE-05", "OLE"),
        (workbook(others=("Ctls",)), "FILE-05", "ActiveX"),
        (workbook(others=("\x01Ole10Native",)), "FILE-05", "OLE"),
        (workbook(others=("EncryptedPackage",)), "FILE-04", "kata sandi"),
        (workbook(globals_=record(0x2F, bytes(54))), "FILE-04", "Lindungi Buku Kerja"),
        (workbook(b"", kinds=(1,)), "FILE-05", "Excel 4"),
        (workbook(text(0, 0, "x"), of=0x40), "FILE-05", "Excel 4"),
        (workbook(text(0, 0, "x"), globals_=SUPBOOK_DDE), "FILE-05", "DDE"),
        (compound(bytes(600), name="WordDocument"), "FILE-01", "Word"),
        (compound(bytes(600), name="Apa Saja"), "FILE-01", "Office lama"),
        (compound(bytes(600)), "FILE-03", "catatan pertama"),
        (compound(stream()), "FILE-10", "lembar data"),
        (compound(stream(texts(["x"]))[:-30]), "FILE-03", "terpotong"),
        (workbook(texts(["x"]))[:-600], "FILE-03", "terpotong"),
        (workbook()[:700], "FILE-03", "terpotong"),
        (xlsbuilding.OLE_MAGIC + bytes(100), "FILE-03", "terpotong"),
        (xlsbuilding.OLE_MAGIC + bytes(600), "FILE-10", "kepalanya"),
        (compound(stream(texts(HEADERS, GOOD)), chain=[0]), "FILE-10", "berputar"),
        (workbook(text(0, 0, "x"), of=0x20), "FILE-10", "bukan lembar data"),
        (workbook(record(0x204, place(0, 0), struct.pack("<HB", 50, 0), b"x")), "FILE-03", "terpotong"),
        (workbook(record(0x203, place(0, 0), b"\0\0")), "FILE-03", "terpotong"),
        (workbook(record(0x203, place(0, 999), bytes(8))), "FILE-10", "di luar lembar"),
    ],
)  # fmt: skip
def test_what_is_unfit_is_refused_by_name(data, code, word):
    refusal = refused(data)
    assert refusal.code == code
    assert word in refusal.message
    assert "uji.xls" in refusal.message_en


def test_ordinary_links_to_other_workbooks_are_ignored():
    own = record(0x01AE, struct.pack("<H", 1), b"\x01\x04")
    assert len(read(text(0, 0, "x"), globals_=SUPBOOK_FILE + own).row_numbers) == 1


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [(44, 0xFFFFFFFF, "FILE-10"), (48, 5000, "FILE-03"), (68, 0, "FILE-10"), (76, 5000, "FILE-03")],
)
def test_a_header_that_lies_is_refused_without_following_it(at, value, code):
    data = bytearray(workbook())
    struct.pack_into("<L", data, at, value)
    assert refused(bytes(data)).code == code


SPOILT = workbook(
    texts(HEADERS, GOOD) + text(3, 0, "é中") + shared(3, 1, 1) + packed(3, 2, 7) + double(3, 3, 0.5, 1)
    + formula(4, 0, result_of(0)) + record(0x207, unicode_string("ψ"))
    + record(0xE5, struct.pack("<H4H", 1, 0, 1, 0, 1)),
    globals_=strings(["satu", "dua é中"]) + formats(0, 164, codes=[(164, "dd/mm/yyyy")]),
    names=("Koreksi ψ",),
)  # fmt: skip


def test_a_name_that_is_cut_in_the_middle_of_a_letter_is_read_as_far_as_it_goes():
    data = workbook(text(0, 0, "x"), names=("Koreksi ψ",)).replace(
        "Koreksi ψ".encode("utf-16-le"), "Koreksi ".encode("utf-16-le") + b"\x00\xd8"
    )
    assert opened(data).book.sheets[0].name.startswith("Koreksi ")
    longer = bytearray(data)
    longer[data.index("Koreksi".encode("utf-16-le")) - 2] = 200
    assert opened(bytes(longer)).book.sheets[0].name.startswith("Koreksi ")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_byte_leads_to_anything_but_a_sheet_or_a_refusal(data):
    made = bytearray(SPOILT)
    for _ in range(data.draw(st.integers(1, 6))):
        made[data.draw(st.integers(8, len(made) - 1))] = data.draw(st.integers(0, 255))
    try:
        sheet = first_sheet(bytes(made))
    except Unreadable:
        return
    assert sheet.row_numbers == sorted(set(sheet.row_numbers))


# ------------------------------------------------------------------ write, then read

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 9)), TEXT | NUMBER, max_size=30),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_what_is_written_is_read_back_cell_by_cell(cells, sharing, random):
    items, records = [], []
    for (row, column), value in cells.items():
        if isinstance(value, float):
            records.append(double(row, column, value))
        elif sharing:
            records.append(shared(row, column, len(items)))
            items.append(value)
        else:
            records.append(text(row, column, value))
    random.shuffle(records)
    sheet = read(*records, globals_=strings(items) if items else b"")
    found = {
        (number - 1, column): float(value) if kind == Kind.NUMBER else value
        for (number, column), (kind, value, _) in cells_of(sheet).items()
    }
    assert found == cells
    assert sheet.row_numbers == sorted({row + 1 for row, _ in cells})


def test_a_table_in_xls_is_checked_like_any_other():
    report = check_bytes(workbook(), "uji.xls", today=TODAY)
    assert report.table.source == "xls"
    assert len(report.table) == 1
    assert report.findings.code == []
    number = double(1, 2, 3171014508909010.0)
    rows = texts(HEADERS, [*GOOD[:2], "", *GOOD[3:]]) + number
    report = check_bytes(workbook(rows), "uji.xls", today=TODAY)
    assert report.findings.code == ["CELL-05"]
