"""Headers as real files have them: two rows, notes, typing mistakes, none at all."""

import datetime as dt
import subprocess

import openpyxl
import pytest

from hr_portal.adapters.spreadsheets.reading import check_path
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.checking import check
from hr_portal.domain.questions import HowToRead, KnownLayout, Unsure
from hr_portal.domain.table import Role, Unreadable
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.building import sheet_xml, text_row

WHO = [
    (f"099999900{at:02}", f"317101450890901{at}", f"SITI {name}", "05-08-1990")
    for at, name in enumerate(("CONTOH", "MISAL", "UMPAMA", "REKAAN", "TELADAN", "ANDAI"))
]
HEAD = ("KPJ", "NIK", "Nama", "Tanggal Lahir", "Data", "Semula", "Menjadi")
MAIL = ("Email", "", "a@contoh.example")
DATA = [(*who, *MAIL) for who in WHO]


def sheet(*lines, merged=()):
    rows = "".join(text_row(at, line) for at, line in enumerate(lines, 1) if any(line))
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    return sheet_xml(rows, after=f"<mergeCells>{areas}</mergeCells>" if areas else "")


def read(*lines, merged=(), sheets=None, **how):
    sheets = sheets or {"Koreksi": sheet(*lines, merged=merged)}
    return read_table(building.workbook(sheets=sheets), "uji.xlsx", how=HowToRead(**how))


def asked(*lines, **how):
    with pytest.raises(Unsure) as unsure:
        read(*lines, **{"ask": "unsure", **how})
    return unsure.value.question


def words(question):
    return [column.word for column in question.columns]


def skipped(table):
    return {
        number for remark in table.remarks if remark.kind == "skipped-row" for number in remark.rows
    }


NEW = ("081200000001", "081200000002", "lama@contoh.example", "baru@contoh.example")


@pytest.mark.parametrize("merged", [(), ("D1:E1", "F1:G1", "A1:A2")])
def test_groups_of_semula_and_menjadi_over_names_are_one_header(merged):
    table = read(
        ("KPJ", "NIK", "Nama", "Data Lama", "", "DATA BARU", "", "Alasan"),
        ("", "", "", "No HP", "Email", "No HP", "Email", ""),
        *((*who[:3], NEW[0], NEW[2], NEW[1], NEW[3], "x") for who in WHO),
        merged=merged,
    )
    assert table.roles == [
        Role("record", "kpj"), Role("record", "nik"), Role("record", "nama"), Role("record", "hp"),
        Role("record", "email"), Role("after", "hp"), Role("after", "email"), Role("reason"),
    ]  # fmt: skip
    assert (table.header_row, table.row_numbers.tolist()) == (2, [3, 4, 5, 6, 7, 8])
    assert table.headers[5] == "No HP (DATA BARU)"
    assert "Judul kolom dibaca dari baris 1 dan 2." in [remark.text for remark in table.remarks]


@pytest.mark.parametrize("merged", [(), ("B1:D1", "E1:G1", "A1:A2")])
def test_groups_that_name_their_sources_are_proposed_as_old_and_new(merged):
    question = asked(
        ("No KPJ", "DATA BPJS TK", "", "", "DATA SESUAI KTP", "", "", "Ket"),
        ("", "NIK", "Nama", "Tgl Lahir", "NIK", "Nama", "Tgl Lahir", ""),
        *((*who, who[1], f"{who[2]} A", who[3], "x") for who in WHO),
        merged=merged,
    )
    assert question.columns[4].header == "NIK (DATA SESUAI KTP)"
    assert words(question) == [
        "kpj", "nik", "nama", "tanggal_lahir", "nik:menjadi", "nama:menjadi",
        "tanggal_lahir:menjadi", "keterangan",
    ]  # fmt: skip


def test_one_source_over_all_columns_is_a_title():
    table = read(("DATA BPJS TK",), HEAD, *DATA)
    assert (table.header_row, table.headers) == (2, list(HEAD))


def test_fields_over_semula_and_menjadi_are_one_header():
    table = read(
        ("KPJ", "NIK", "Nama", "No HP", "", "Email"),
        ("", "", "", "Semula", "Menjadi", "Semula", "Menjadi"),
        *((*who[:3], *NEW) for who in WHO),
    )
    assert table.roles[3:] == [
        Role("record", "hp"), Role("after", "hp"), Role("record", "email"), Role("after", "email"),
    ]  # fmt: skip


def test_a_group_that_says_more_than_its_side_still_makes_new_values():
    table = read(
        ("KPJ", "NIK", "Nama", "Data Setelah Koreksi", ""),
        ("", "", "", "No HP", "Surel"),
        *((*who[:3], NEW[1], NEW[3]) for who in WHO),
    )
    assert table.roles[3:] == [Role("after", "hp"), Role("after", "email")]


def test_names_below_a_neutral_group_are_read_together_where_they_need_it():
    table = read(
        ("KPJ", "NIK", "Nama", "Rekening", "", "Menjadi"),
        ("", "", "", "Nomor", "Kode Bank", "No Rekening"),
        *((*who[:3], "9000000112", "014", "9000000113") for who in WHO),
    )
    assert table.roles[3:] == [
        Role("record", "no_rekening"), Role("record", "kode_bank"), Role("after", "no_rekening"),
    ]  # fmt: skip


@pytest.mark.parametrize("merged", [(), ("A1:A3", "B1:B3", "C1:C3", "D1:G1", "D2:E2", "F2:G2")])
def test_three_rows_of_groups_fields_and_sides_are_one_header(merged):
    table = read(
        ("KPJ", "NIK", "Nama", "Koreksi Data", "", "", ""),
        ("", "", "", "No HP", "", "Email", ""),
        ("", "", "", "Semula", "Menjadi", "Semula", "Menjadi"),
        *((*who[:3], *NEW) for who in WHO),
        merged=merged,
    )
    assert table.roles[3:] == [
        Role("record", "hp"), Role("after", "hp"), Role("record", "email"), Role("after", "email"),
    ]  # fmt: skip
    assert (table.header_row, len(table)) == (3, 6)
    assert "Judul kolom dibaca dari baris 1 sampai 3." in [one.text for one in table.remarks]


def test_cells_merged_over_several_rows_of_people_are_kept_with_the_table():
    table = read(HEAD, *DATA, merged=("A2:A3", "B4:C6", "D5", "A1:B1", "H2:H3", "E1:E2"))
    assert table.merged == ((0, 2, 3), (1, 4, 6))


def test_sides_over_neutral_groups_over_fields_are_one_header():
    table = read(
        ("KPJ", "NIK", "Nama", "Data Lama", "", "Data Baru", ""),
        ("", "", "", "Kontak", "", "Kontak", ""),
        ("", "", "", "No HP", "Email", "No HP", "Email"),
        *((*who[:3], NEW[0], NEW[2], NEW[1], NEW[3]) for who in WHO),
    )
    assert table.roles[3:] == [
        Role("record", "hp"), Role("record", "email"), Role("after", "hp"), Role("after", "email"),
    ]  # fmt: skip


def test_a_title_above_a_header_of_two_rows_is_no_part_of_it():
    first = ("KPJ", "NIK", "Nama", "Menjadi", "")
    second = ("", "", "", "No HP", "Email")
    body = [(*who[:3], NEW[1], NEW[3]) for who in WHO]
    table = read(("Koreksi Data Karyawan",), first, second, *body, merged=("A1:E1",))
    assert (table.header_row, skipped(table)) == (3, {1})


def test_a_title_over_all_columns_makes_no_new_values_of_them():
    table = read(("Data Karyawan Baru",), HEAD, *DATA, merged=("A1:G1",))
    assert (table.layout, table.header_row) == ("per-correction", 2)
    assert skipped(table) == {1}


def test_a_repeated_header_of_two_rows_is_skipped_on_each_page():
    first = ("KPJ", "NIK", "Nama", "Menjadi", "")
    second = ("", "", "", "No HP", "Email")
    body = [(*who[:3], NEW[1], NEW[3]) for who in WHO]
    table = read(first, second, *body[:3], first, second, *body[3:])
    assert len(table) == 6
    assert skipped(table) == {6, 7}


@pytest.mark.parametrize(
    "line", ["1234567", ("(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)"), (*"123456", "7=6-5")]
)
def test_a_line_that_numbers_the_columns_is_skipped_and_said(line):
    table = read(HEAD, line, *DATA)
    assert (skipped(table), len(table)) == ({2}, 6)


def test_a_part_of_the_header_on_the_next_page_is_the_header_and_no_other_table():
    table = read(HEAD, *DATA[:3], ("No KPJ", "NIK", "Nama"), *DATA[3:])
    assert (skipped(table), len(table), table.refused) == ({5}, 6, [])


def test_hints_below_the_header_are_skipped_and_said():
    hints = ("(11 digit)", "(16 digit)", "sesuai KTP", "dd-mm-yyyy", "wajib diisi")
    table = read(HEAD, hints, *DATA)
    assert (skipped(table), len(table)) == ({2}, 6)


def test_a_row_of_data_below_the_header_is_no_hint():
    assert len(read(HEAD, ("", "", "wajib", "", "Email", "", "x"), *DATA)) == 7


def test_what_stands_below_a_table_is_skipped_and_every_row_of_it_said():
    table = read(
        HEAD, *DATA, (), ("JUMLAH", "", "6"), (),
        ("", "", "", "", "", "Jakarta, 21 November 2026"),
        ("Mengetahui,", "", "", "", "", "Hormat kami,"), (),
        ("(BUDI CONTOH)", "", "", "", "", "(SITI CONTOH)"), ("Direktur", "", "", "", "", "Manajer"),
    )  # fmt: skip
    assert len(table) == 6
    assert skipped(table) == {9, 11, 12, 14, 15}


def test_subtotals_and_the_key_to_colours_are_skipped_and_said():
    table = read(
        HEAD, ("UNIT A",), *DATA[:3], ("Sub Total", "", "3"), *DATA[3:], ("Jumlah Unit B", "", "Rp 3.000,-"),
        ("TOTAL", "", "6 (enam) orang"), ("Ket:", "kuning = yang diubah"),
    )  # fmt: skip
    assert len(table) == 6
    assert skipped(table) == {2, 6, 10, 11, 12}


def test_a_header_said_again_in_english_below_is_skipped_and_said():
    english = (
        "Membership No",
        "ID Card No",
        "Full Name",
        "Date of Birth",
        "Data Type",
        "Before",
        "After",
    )
    table = read(HEAD, english, *DATA)
    assert len(table) == 6
    assert skipped(table) == {2}


@pytest.mark.parametrize(
    "line",
    [
        ("", "", "SITI TANPA NOMOR", "", "Email", "", "a@contoh.example"),
        ("", "", "SITI TANPA NOMOR", "", "", "", "x"),
        ("Jumlah", "", "SITI", "", "", "", "x"),
        ("Jumlah", "", "6 SITI", "", "", "", ""),
        ("Jumlah", "", "081200000001", "", "", "", ""),
    ],
)
def test_a_row_without_numbers_that_is_no_foot_stays(line):
    table = read(HEAD, *DATA, line)
    assert len(table) == 7
    assert skipped(table) == set()


def test_below_a_signature_a_row_that_corrects_something_keeps_all_rows():
    table = read(
        HEAD, *DATA, ("Mengetahui,", "HRD"), ("", "", "SITI", "", "Email", "", "a@b.example")
    )
    assert len(table) == 8


def test_a_second_table_is_refused_row_by_row_and_not_misread():
    other = ("Nama", "KPJ", "NIK", "No HP (Menjadi)")
    table = read(HEAD, *DATA, (), ("Tabel kedua",), other, (*WHO[0][2::-1], NEW[1]))
    assert len(table) == 6
    assert [number for number, *_ in table.refused] == [9, 10, 11]
    assert "judulnya ada di baris 10" in table.refused[0][1]


def test_a_second_table_of_other_people_is_known_by_its_header():
    table = read(
        ("No", *HEAD), *((str(n), *line) for n, line in enumerate(DATA, 1)), (), ("Daftar Keluarga",),
        ("No", "NIK Anak", "Nama Anak"), ("1", "3171010101209001", "ANI CONTOH"),
    )  # fmt: skip
    assert len(table) == 6
    assert [number for number, *_ in table.refused] == [9, 10, 11]


def test_a_sum_in_one_cell_is_a_note_whatever_it_is_called():
    for said in ("Total 2 orang", "GRAND TOTAL : 2 orang", "Subtotal Bandung"):
        table = read(HEAD, *DATA[:2], (said,), *DATA[2:])
        assert (skipped(table), len(table)) == ({4}, len(DATA))
        assert f"Baris 4 dilewati: catatan “{said}”." in [one.text for one in table.remarks]


def test_a_heading_within_the_table_is_skipped_and_said_and_counts_as_no_empty_row():
    lines = [(str(n), *line) for n, line in enumerate(DATA, 1)]
    table = read(("No", *HEAD), *lines[:3], ("BAGIAN PRODUKSI",), *lines[3:], ("7",))
    assert (skipped(table), len(table)) == ({5}, 7)  # a row with its number only is an empty one
    assert "Baris 5 dilewati: catatan “BAGIAN PRODUKSI”." in [one.text for one in table.remarks]


def test_what_a_program_prints_below_the_table_is_a_note_though_it_holds_numbers():
    lines = [(str(n), *line) for n, line in enumerate(DATA, 1)]
    table = read(("No", *HEAD), *lines, (), ("Dicetak pada 28/11/2026 10:15 oleh admin",))
    assert (skipped(table), len(table)) == ({9}, 6)


def refusal_of(*lines, **how):
    with pytest.raises(Unreadable) as refusal:
        read(*lines, **how)
    return refusal.value


@pytest.mark.parametrize("sign", [",", ";", "|", "^", "   "])
def test_a_table_in_one_column_is_told_with_the_way_to_part_it(sign):
    packed = [(sign.join(line),) for line in (HEAD, *DATA)]
    for lines in (
        packed,
        [("Daftar koreksi",), *packed],
        *([[("No", *HEAD), *packed[1:]]] if sign != "   " else []),
    ):
        refusal = refusal_of(*lines)
        assert (refusal.code, "di satu sel" in refusal.message) == ("FILE-07", True)
        assert "Text to Columns" in refusal.message


def test_a_row_in_one_cell_is_refused_and_said_and_never_taken_for_an_empty_one():
    table = read(
        ("No", *HEAD), ("1", *DATA[0]), ('"2,' + ",".join(DATA[1]) + '"',), ("3", *DATA[2])
    )
    assert table.row_numbers.tolist() == [2, 4]
    ((number, text, _),) = table.refused
    assert (number, "dipisah dengan koma (,)" in text) == (3, True)


@pytest.mark.parametrize(
    ("header", "lines", "words"),
    [
        (
            ("Ket", "KPJ", "NIK", "Nama", "Email"),
            [
                (side, *WHO[at][:3], f"{side}{at}@contoh.example")
                for at in range(3)
                for side in ("Semula", "Menjadi")
            ],
            ("A “Ket”", "baris yang berlainan", "(Menjadi)"),
        ),
        (
            ("KPJ", "NIK", "Nama", "Data", "Menjadi", "", "KPJ", "NIK", "Nama", "Data", "Menjadi"),
            [(*WHO[at][:3], "Email", "a@contoh.example", "", *WHO[at + 3][:3], "Email", "x") for at in range(3)],
            ("berdampingan", "G “KPJ”"),
        ),
        (
            ("KPJ", "NIK", "Nama_Depan", "Nama Tengah", "NAMA BELAKANG", "Email (Menjadi)"),
            [(*who[:2], "SITI", "", "CONTOH", "a@contoh.example") for who in WHO],
            ("nama terbagi", "C “Nama_Depan”, D “Nama Tengah”, E “NAMA BELAKANG”"),
        ),
    ],
)  # fmt: skip
def test_a_table_of_another_shape_is_told_with_the_way_to_make_a_list_of_it(header, lines, words):
    refusal = refusal_of(header, *lines)
    assert refusal.code == "FILE-07"
    for word in words:
        assert word in refusal.message


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [("KPJ", "NIK", "Nama", "Koreksi Nama", "Koreksi Email", "Menjadi"),
             *((*who[:3], "", "v", "a@contoh.example") for who in WHO)],
            ("E “Koreksi Email”", "centang"),
        ),
        (
            [("KPJ", "NIK", "Nama", "Jenis Koreksi", "", "", "Menjadi"),
             ("", "", "", "NIK", "Nama", "HP", ""),
             *((*who[:3], "", "", "√", NEW[1]) for who in WHO)],
            ("judul lain di baris 2", "baris 1"),
        ),
    ],
)  # fmt: skip
def test_a_form_with_ticks_is_told_how_to_say_what_is_corrected(lines, words):
    refusal = refusal_of(*lines)
    assert refusal.code == "FILE-07"
    for word in words:
        assert word in refusal.message


def test_a_code_of_one_letter_is_no_tick():
    header = ("KPJ", "NIK", "Nama", "Status Kawin (Menjadi)")
    assert len(read(header, *((*who[:3], "Y") for who in WHO))) == 6


def test_parts_of_an_address_in_columns_of_their_own_are_told_not_to_be_read():
    header = ("KPJ", "NIK", "Nama", "Alamat (Menjadi)", "RT", "Kel.", "Jabatan")
    table = read(header, *((*who[:3], "Jalan Misal 8", "1", "Contoh", "Staf") for who in WHO))
    said = [remark.text for remark in table.remarks]
    assert said[0].startswith("Kolom E “RT”, F “Kel.” tidak ikut menjadi bagian alamat")
    assert not read(
        ("KPJ", "NIK", "Nama", "Email (Menjadi)", "Kota"),
        *((*who[:3], "a@b.example", "X") for who in WHO),
    ).remarks[1:]


def test_where_a_value_is_written_names_no_datum():
    header = ("KPJ", "NIK", "Nama", "Data", "Semula (BPJS TK)", "Seharusnya (KTP)")
    table = read(header, *((*who[:3], *MAIL) for who in WHO))
    assert (table.layout, table.roles[4:]) == ("per-correction", [Role("before"), Role("after")])


def test_an_office_address_below_the_table_is_no_row_in_one_cell():
    office = (
        "PT Contoh, Jalan Misal 1, Jakarta, Telp 02155500001, NPWP 099876542999000, Email, Faks"
    )
    table = read(("No", *HEAD), *((str(n), *line) for n, line in enumerate(DATA, 1)), (), (office,))
    assert (skipped(table), table.refused) == ({9}, [])


def test_old_and_new_employees_in_turn_are_no_sides_where_the_new_values_have_columns():
    header = ("Status", "KPJ", "NIK", "Nama", "Email (Menjadi)")
    lines = [
        (side, *WHO[at][:3], f"a{at}@contoh.example") for at, side in enumerate(("Lama", "Baru"))
    ]
    assert len(read(header, *lines)) == 2
    people = [(side, *WHO[at][:3], NEW[1]) for at, side in enumerate(("Lama", "Baru"))]
    assert "No HP" in refusal_of(("Status", "KPJ", "NIK", "Nama", "No HP"), *people).message


def test_without_a_header_the_reason_is_not_proposed_as_the_new_value():
    lines = [(*who, "Email", "", f"a{n}@contoh.example", "Sesuai KTP") for n, who in enumerate(WHO)]
    proposed = {column.letters: column.word for column in asked(*lines).columns}
    assert (proposed["E"], proposed["H"]) == ("data", "abaikan")
    assert proposed["G"] in {"menjadi", "email"}


def test_typing_mistakes_are_read_and_said():
    table = read(
        ("No. KPJ", "NIK", "Nama Lengkp", "Tangal Lahir", "Jenis Dta", "Semulla", "Menjdi"), *DATA
    )
    assert [role.part for role in table.roles[4:]] == ["which", "before", "after"]
    assert table.bases == ["name", "name", *["similar"] * 5]
    said = [remark.text for remark in table.remarks]
    assert "Kolom D “Tangal Lahir” dibaca sebagai Tanggal Lahir: namanya mirip." in said


def test_headers_that_say_nothing_are_asked_about_by_their_content():
    question = asked([f"Kolom{at}" for at in range(1, 8)], *DATA)
    assert words(question) == ["kpj", "nik", "nama", "tanggal_lahir", "data", "semula", "menjadi"]
    assert (question.header, question.rows) == ((1, 1), 6)
    assert question.columns[0].samples == tuple(who[0] for who in WHO[:3])


def test_a_table_without_a_header_loses_no_row():
    question = asked(("Daftar",), *DATA)
    assert (question.header, question.rows, question.fingerprint) == ((0, 1), 6, "")
    answer = {column.letters: column.word for column in question.columns}
    table = read(("Daftar",), *DATA, header=question.header, columns=answer)
    assert (len(table), table.header_row, table.row_numbers[0]) == (6, 1, 2)
    assert any("tidak mempunyai baris judul" in remark.text for remark in table.remarks)
    with pytest.raises(Unreadable) as refusal:
        read(*DATA)
    assert "tidak mempunyai baris judul" in refusal.value.message


def test_an_answer_names_its_header_by_the_numbers_of_its_rows():
    lines = (("KPJ", "NIK", "Nama", "Kontak (Menjadi)"), *((*who[:3], NEW[1]) for who in WHO))
    question = asked(*lines)
    answer = {**question.guesses(), "D": "hp:menjadi"}
    table = read(*lines, header=question.header, columns=answer)
    assert table.bases == ["answered"] * 4
    assert table.roles[3] == Role("after", "hp")


def test_a_header_explained_before_is_found_and_read_alike():
    head = ("Kartu", "Nomor Orang", "Orang", "Lahir", "Apa", "Dulu", "Kini")
    meant = ("kpj", "nik", "nama", "tanggal_lahir", "data", "semula", "menjadi")
    question = asked(head, *DATA)
    known = KnownLayout(7, question.fingerprint, "Koreksi", meant)
    table = read(("NIK", "Nama", "KPJ"), head, *DATA, known=(known,))
    assert (table.header_row, table.known_layout) == (2, 7)
    assert set(table.bases) == {"remembered"}
    turned = [(nik, kpj, *rest) for kpj, nik, *rest in DATA]
    assert asked(head, *turned, known=(known,)).known_layout == 0


def test_columns_named_on_the_command_line_are_taken_by_header_or_letters():
    lines = (("No Kartu", "NIK", "Nama", "Isi"), *((*who[:3], NEW[1]) for who in WHO))
    table = read(*lines, named={"no. kartu": "kpj", "D": "hp:menjadi"})
    assert [role.field for role in table.roles] == ["kpj", "nik", "nama", "hp"]
    with pytest.raises(Unreadable, match="FILE-07") as refusal:
        read(*lines, named={"Nomor": "kpj"})
    assert "“Nomor”" in refusal.value.message


def test_of_two_sheets_with_a_table_nobody_guesses():
    sheets = {
        "Januari": sheet(HEAD, *DATA[:2]), "Bank": sheet(("Kode", "Bank"), ("014", "X")),
        "Februari": sheet(HEAD, *DATA),
    }  # fmt: skip
    question = asked(sheets=sheets)
    assert [(one.name, one.rows) for one in question.sheets] == [("Januari", 2), ("Februari", 6)]
    assert question.columns == ()
    table = read(sheets=sheets, sheet="Februari")
    assert (table.sheet, len(table)) == ("Februari", 6)
    with pytest.raises(Unreadable) as refusal:
        read(sheets=sheets, sheet="Maret")
    assert "“Januari”" in refusal.value.message
    known = KnownLayout(7, table.fingerprint, "Februari", tuple(table.words))
    assert read(sheets=sheets, known=(known,)).sheet == "Februari"


def test_a_sheet_with_a_header_and_no_rows_is_not_meant():
    table = read(sheets={"Kosong": sheet(HEAD), "Isi": sheet(HEAD, *DATA)})
    assert (table.sheet, len(table)) == ("Isi", 6)
    with pytest.raises(Unreadable, match="FILE-02"):
        read(sheets={"Kosong": sheet(HEAD), "Kosong lagi": sheet(HEAD)})


def test_a_list_of_employees_beside_an_empty_sheet_of_corrections_is_not_taken_for_it():
    staff = (
        ("No KPJ", "NIK", "Nama", "No HP", "Alamat"),
        *((*who[:3], NEW[1], "Jalan Misal 1") for who in WHO),
    )
    sheets = {"Koreksi": sheet(HEAD), "Data Induk": sheet(*staff)}
    question = asked(sheets=sheets)
    assert [(one.name, one.rows, one.is_likely) for one in question.sheets] == [
        ("Koreksi", 0, False), ("Data Induk", len(WHO), False),
    ]  # fmt: skip
    with pytest.raises(Unreadable) as refusal:
        read(sheets=sheets)
    assert "“Koreksi” yang belum berisi baris" in refusal.value.message
    assert asked(sheets=sheets, sheet="Data Induk").sheet == "Data Induk"


def test_a_table_that_can_be_explained_is_chosen_before_a_list_that_cannot():
    sheets = {
        "Bank": sheet(("Kode", "Bank"), ("014", "X")),
        "Isi": sheet([f"K{n}" for n in "ABCDEFG"], *DATA),
    }
    question = asked(sheets=sheets)
    assert question.sheet == "Isi"
    assert [one.name for one in question.sheets] == ["Isi"]


def crossed_out(folder):
    """Rows 3 and 4 are crossed out, of row 5 only the old value."""
    book = openpyxl.Workbook()
    head = ("KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi")
    for line in (head, *((*who[:3], "No HP", "081390000001", NEW[1]) for who in WHO[:4])):
        book.active.append(line)
    for cell in (*book.active[3], book.active["F4"], book.active["E5"]):
        cell.font = openpyxl.styles.Font(strike=True)
    book.active["F2"].font = openpyxl.styles.Font(strike=False, bold=True)
    book.save(folder / "coret.xlsx")
    return folder / "coret.xlsx"


def test_rows_that_are_crossed_out_are_said_and_an_old_value_is_not(tmp_path):
    path = crossed_out(tmp_path)
    assert_two_are_struck(check_path(path, layout="auto", today=dt.date(2026, 11, 21)))


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_name_of_which_a_part_is_crossed_out_is_said(is_shared):
    """The old name crossed out, the new one typed behind it: both are read."""
    runs = '<r><rPr><strike val="{}"/></rPr><t xml:space="preserve">SITA </t></r><r><t>SITI CONTOH</t></r>'
    rows = [text_row(at, line) for at, line in enumerate((HEAD, *DATA[:4]), 1)]
    texts = []
    for at, said in ((1, "0"), (2, "1"), (3, "true")):
        texts.append(f"<si>{runs.format(said)}</si>")
        plain = building.text_cell(at + 1, 2, DATA[at - 1][2])
        of_shared = f'<c r="C{at + 1}" t="s"><v>{at - 1}</v></c>'
        inline = f'<c r="C{at + 1}" t="inlineStr"><is>{runs.format(said)}</is></c>'
        assert plain in rows[at]
        rows[at] = rows[at].replace(plain, of_shared if is_shared else inline)
    data = building.workbook(
        "".join(rows), strings=building.strings_xml(texts) if is_shared else None
    )
    report = check(read_table(data, "uji.xlsx"), today=dt.date(2026, 11, 21))
    assert report.table.columns[2].values[1] == "SITA SITI CONTOH"
    assert_two_are_struck(report)


@pytest.mark.libreoffice
def test_rows_crossed_out_are_said_of_the_older_formats_and_of_opendocument(require, tmp_path):
    path = crossed_out(tmp_path)
    for kind in ("ods", "xls"):
        subprocess.run(
            [require("libreoffice"), f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
             kind, "--outdir", tmp_path, path],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        saved = path.with_suffix(f".{kind}")
        assert_two_are_struck(check_path(saved, layout="auto", today=dt.date(2026, 11, 21)))


def assert_two_are_struck(report):
    (remark,) = (one for one in report.table.remarks if one.kind == "struck-rows")
    assert remark.rows == (3, 4)
    told = zip(report.findings.code, report.findings.row, strict=True)
    assert [row for code, row in told if code == "FIL-08"] == [1, 2]


@pytest.mark.parametrize(
    "names",
    [
        ("No HP (Menjadi)", "NIK Karyawan"), ("HP Baru", "No BPJS Kesehatan"),
        ("No HP Baru", "HP PIC"), ("No HP Menjadi", "Tgl Lahir Anak"),
        ("No HP Menjadi", "No HP Pasangan"), ("HP (Menjadi)", "Nama Suami/Istri"),
        ("Update HP", "Nama Panggilan"), ("No HP Baru", "Nama Perusahaan"),
        ("No HP Baru", "Employee ID"), ("HP Baru", "Nama Atasan"),
    ],
)  # fmt: skip
def test_what_belongs_to_somebody_or_something_else_is_never_taken_for_the_employees(names):
    """Beside it all that is needed is named beyond doubt, so nothing is asked."""
    said = {"NIK Karyawan": "1001", "No BPJS Kesehatan": "0001234567890", "HP PIC": NEW[0],
            "Tgl Lahir Anak": "01-02-2015", "No HP Pasangan": NEW[0], "Employee ID": "1001"}  # fmt: skip
    rows = [(*who[:3], NEW[1], said.get(names[1], "TUTI CONTOH")) for who in WHO]
    table = read(("KPJ", "NIK", "Nama", *names), *rows, ask="unsure")
    assert table.roles[:3] == [Role("record", key) for key in ("kpj", "nik", "nama")]
    assert table.roles[3] == Role("after", "hp")
    assert table.roles[4] == Role("unknown")
