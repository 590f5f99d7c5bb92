"""Csv files: encodings, separators, quotes, and no row lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.adapters.spreadsheets.delimited import find_delimiter, read_csv
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.table import Kind, Unreadable

HEAD = "KPJ;NIK;Nama Lengkap;Data;Menjadi\r\n"
ROW = "09999990017;3171014508909013;SITI CONTOHAN;Email;a@contoh.example\r\n"


def read(data):
    return read_csv(data if isinstance(data, bytes) else data.encode(), "uji.csv", DEFAULT_LIMITS)


def refused(data, limits=DEFAULT_LIMITS):
    with pytest.raises(Unreadable) as refusal:
        read_table(data if isinstance(data, bytes) else data.encode(), "uji.csv", limits=limits)
    return refusal.value


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_the_encoding_is_found_and_said(codec, name):
    sheet = read((HEAD + ROW.replace("SITI", "RENÉE")).encode(codec))
    assert sheet.encoding == name
    assert sheet.columns[0].values == ["KPJ", "09999990017"]
    assert sheet.columns[2].values[1] == "RENÉE CONTOHAN"


def test_big_endian_utf_16_is_read_too():
    assert (
        read(b"\xfe\xff" + (HEAD + ROW).encode("utf-16-be")).columns[0].values[1] == "09999990017"
    )


@pytest.mark.parametrize("delimiter", list(";,\t|"))
def test_the_separator_is_chosen_by_the_headers(delimiter):
    text = (HEAD + ROW * 3).replace(";", delimiter)
    assert find_delimiter(text) == delimiter


def test_commas_inside_texts_do_not_win_over_semicolons():
    text = HEAD + "1;2;SITI, S.E., M.M., A.B., C.D., E.F.;Alamat;Jl. A, B, C, D, E, F\r\n" * 5
    assert find_delimiter(text) == ";"


def test_a_sep_line_is_obeyed_and_not_counted():
    sheet = read("sep=|\r\n" + (HEAD + ROW).replace(";", "|"))
    assert sheet.delimiter == "|"
    assert sheet.row_numbers == [1, 2]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_end_as_they_end_in_any_system(newline):
    sheet = read((HEAD + ROW + ROW).replace("\r\n", newline))
    assert sheet.row_numbers == [1, 2, 3]


def test_row_numbers_are_those_a_spreadsheet_program_shows():
    text = HEAD + "\r\n" + ROW.replace("SITI CONTOHAN", '"SI\nTI"') + ";;;;\r\n" + ROW
    sheet = read(text)
    assert sheet.row_numbers == [1, 3, 5]
    assert sheet.columns[2].values[1] == "SI\nTI"


def test_every_value_is_text_as_found():
    sheet = read(HEAD + "007; 12 ;'5;1,5;TRUE\r\n")
    assert [sheet.columns[at].values[1] for at in range(5)] == ["007", " 12 ", "'5", "1,5", "TRUE"]
    assert {sheet.columns[at].kinds[1] for at in range(5)} == {Kind.TEXT}


def test_short_rows_are_filled_up_and_long_ones_are_refused_by_number():
    table = read_table(
        (HEAD + "1;2;SITI\r\n" + ROW.rstrip() + ";lebih;lagi\r\n" + ROW).encode(), "uji.csv"
    )
    assert table.row_numbers.tolist() == [2, 4]
    assert table.columns[4].values == ["", "a@contoh.example"]
    ((row, text, text_en),) = table.refused
    assert row == 3
    assert "7 sel" in text
    assert "5 kolom" in text
    assert "7 cells" in text_en


def test_blank_cells_beyond_the_header_are_no_fault():
    table = read_table((HEAD + ROW.rstrip() + ";;;\r\n").encode(), "uji.csv")
    assert table.refused == []
    assert len(table) == 1


def test_blanks_beyond_the_header_are_no_fault_and_no_column():
    table = read_table((HEAD + ROW.rstrip() + "; ; \r\n").encode(), "uji.csv")
    assert (table.refused, len(table.columns)) == ([], 5)


def test_the_end_mark_of_dos_programs_is_no_row():
    table = read_table((HEAD + ROW).encode() + b"\x1a", "uji.csv")
    assert table.row_numbers.tolist() == [2]
    assert refused(HEAD + ROW.replace("SITI", "SI\x1aTI") * 2).code == "FILE-01"


def test_lines_with_another_separator_than_the_header_lose_no_row():
    refusal = refused("No;" + HEAD + ("1;" + ROW).replace(";", ",") * 3)
    assert (refusal.code, "koma (,)" in refusal.message) == ("FILE-07", True)


def test_a_file_whose_every_row_is_too_long_is_refused():
    refusal = refused(HEAD + (ROW.rstrip() + ";lebih\r\n") * 3)
    assert refusal.code == "FILE-03"
    assert "baris 2" in refusal.message


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (HEAD + ROW + '1;"SITI;3;4;5\r\n', 3),
        (HEAD + '1;"SITI"x;3;4;5\r\n', 2),
        (HEAD + ROW + '1;"SITI;3;4;5\r\n' + ROW * 3, 3),
        (HEAD + '1;"SITI;3;4;5\r\n' + ROW * 3 + '1;2;"B";4;5\r\n', 2),
    ],
)
def test_a_quote_that_does_not_close_is_refused_with_its_row(text, row):
    refusal = refused(text)
    assert refusal.code == "FILE-03"
    assert f"baris {row} " in refusal.message


def test_rows_swallowed_between_two_stray_quotes_are_noticed():
    text = HEAD + '1;2;"SITI;4;5\r\n' + ROW + '6;7;BUDI";4;5\r\n'
    refusal = refused(text)
    assert refusal.code == "FILE-03"
    assert "tertelan" in refusal.message


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (HEAD + "1;SI\0TI;3;4;5", "FILE-08", "NUL"),
        (HEAD.encode() + "1;RENÉE É;3;4;".encode() + b"\xff", "FILE-08", "0xFF"),
        (HEAD.encode() + b"1;\x81\x8d;3;4;5", "FILE-08", "0x81"),
        (b"\xef\xbb\xbf" + HEAD.encode() + b"\xff", "FILE-08", "UTF-8"),
        (b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\x00\xd8", "FILE-08", "UTF-16"),
        (HEAD + "1;" + "A" * 40_000, "FILE-06", "32.767"),
        (";".join(f"c{n}" for n in range(600)), "FILE-06", "512 kolom"),
        (HEAD, "FILE-02", "judul kolom"),
        (HEAD + ";;;;\r\n\r\n", "FILE-02", "judul kolom"),
        ("\r\n\r\n", "FILE-02", "tidak berisi"),
        ("apa saja", "FILE-07", "“apa saja”"),
    ],
)
def test_what_no_reader_should_guess_is_refused(data, code, word):
    refusal = refused(data)
    assert refusal.code == code
    assert word in refusal.message


def test_too_many_rows_are_refused_while_reading():
    refusal = refused(HEAD + ROW * 300, ReadLimits(max_rows=50))
    assert refusal.code == "FILE-06"
    assert "50 baris" in refusal.message


@pytest.mark.parametrize("name", ["uji.csv", "uji.tsv", "uji.txt", "UJI.CSV"])
def test_text_is_the_same_under_each_of_its_names(name):
    text = (HEAD + ROW).replace(";", "\t").encode()
    table = read_table(text, name)
    assert table.columns[1].values == ["3171014508909013"]
    said = {remark.kind: (remark.text, remark.text_en) for remark in table.remarks}
    assert said["encoding"] == (
        "Berkas dibaca sebagai teks UTF-8.",
        "The file was read as UTF-8 text.",
    )
    assert said["delimiter"] == ("Pemisah kolom: tab.", "Column separator: tab.")


@pytest.mark.parametrize("line", ['"sep=;"\r\n', "SEP=;\r", "sep=;\n", "\ufeffsep=;\r\n"])
def test_a_sep_line_is_obeyed_in_all_its_spellings(line):
    sheet = read(line + HEAD + ROW.replace("SITI", "SITI, S.E."))
    assert sheet.delimiter == ";"
    assert sheet.columns[2].values == ["Nama Lengkap", "SITI, S.E. CONTOHAN"]


def test_a_sep_line_with_another_sign_is_passed_over():
    assert read("sep=:\r\n" + HEAD + ROW).delimiter == ";"


def test_curly_quotes_of_windows_are_letters_like_any_other():
    sheet = read((HEAD + ROW.replace("SITI", "“SITI” – D’ARC €")).encode("cp1252"))
    assert sheet.encoding == "Windows-1252"
    assert sheet.columns[2].values[1] == "“SITI” – D’ARC € CONTOHAN"


def test_quotes_may_come_and_go_and_doubled_ones_are_one():
    text = HEAD + '"1";2;"SI ""TI""; S.E.";Email;5" besar\r\n' + ROW
    sheet = read(text)
    assert [sheet.columns[at].values[1] for at in range(5)] == [
        "1", "2", 'SI "TI"; S.E.', "Email", '5" besar',
    ]  # fmt: skip


def test_letters_that_lie_across_two_pieces_of_a_large_file_are_whole():
    filler = ROW * 16_000
    for shift in range(4):
        text = HEAD + "x" * shift + filler.replace("SITI", "SÍ中😀")
        sheet = read(text)
        assert sheet.encoding == "utf-8"
        assert set(sheet.columns[2].values[1:]) == {"SÍ中😀 CONTOHAN"}
        assert len(sheet.row_numbers) == 16_001


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1252"])
def test_nul_far_down_is_refused_with_its_line(codec):
    text = HEAD + ROW.replace("SITI", "RENÉE") * 20_000 + "1;SI\0TI;3;4;5\r\n"
    refusal = refused(text.encode(codec))
    assert refusal.code == "FILE-08"
    assert "NUL" in refusal.message


def test_a_line_without_end_is_refused_before_it_fills_the_memory():
    refusal = refused(HEAD + "1;" + "A;" * 600_000)
    assert refusal.code == "FILE-06"
    assert "1.048.576 karakter" in refusal.message


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12
)


@given(st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12), st.sampled_from(";,\t|"))
def test_what_a_writer_wrote_is_read_and_no_row_is_lost(rows, delimiter):
    heads = HEAD.strip().split(";")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([heads, *rows])
    try:
        sheet = read(out.getvalue())
    except Unreadable as refusal:
        # A cell that itself looks like rows of the table is never taken for granted.
        assert "tertelan" in refusal.message  # noqa: PT017
        return
    assert sheet.row_numbers == [1, *(n for n, row in enumerate(rows, 2) if any(row))]
    filled = [row for row in rows if any(row)]
    for at in range(5):
        assert sheet.columns[at].values[1:] == [row[at] for row in filled]
