"""Where the table lies in a sheet, and what happens to every row around it."""

import pytest

from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.table import Role, Unreadable
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.building import GOOD, HEADERS, sheet_xml, table_rows, text_row


def table_of(rows=None, **changes):
    layout = changes.pop("layout", "auto")
    return read_table(building.workbook(rows, **changes), "uji.xlsx", layout=layout)


def refused(rows=None, **changes):
    with pytest.raises(Unreadable) as refusal:
        table_of(rows, **changes)
    return refusal.value


def remarks(table):
    return {(remark.kind, remark.rows) for remark in table.remarks}


def test_a_plain_table_is_taken_as_it_is():
    table = table_of()
    assert (table.file, table.sheet, table.layout) == ("uji.xlsx", "Koreksi", "per-correction")
    assert table.headers == list(HEADERS)
    assert table.letters == list("ABCDEFG")
    assert table.row_numbers.tolist() == [2]
    assert [column.values[0] for column in table.columns] == list(GOOD)
    assert table.remarks == []
    assert table.cell(0, 2) == "C2"


def test_the_header_may_lie_anywhere_in_the_first_rows():
    rows = text_row(3, ["DAFTAR KOREKSI"]) + table_rows(GOOD, first=9)
    table = table_of(rows)
    assert table.header_row == 9
    assert table.row_numbers.tolist() == [10]
    assert remarks(table) == {("skipped-row", (3,))}


def test_columns_may_begin_anywhere_in_the_sheet():
    cells = [f'<c r="{building.letters(at + 3)}2" t="inlineStr"><is><t>{text}</t></is></c>'
             for at, text in enumerate(HEADERS)]  # fmt: skip
    body = [f'<c r="{building.letters(at + 3)}4" t="inlineStr"><is><t>{text}</t></is></c>'
            for at, text in enumerate(GOOD) if text]  # fmt: skip
    table = table_of(f'<row r="2">{"".join(cells)}</row><row r="4">{"".join(body)}</row>')
    assert table.letters[1] == "E"
    assert table.cell(0, 1) == "E4"
    assert table.empty_rows == 1


def test_empty_rows_are_counted_up_to_the_last_filled_one():
    rows = table_rows(GOOD) + text_row(6, GOOD) + '<row r="9"><c r="A9" s="4"/></row>'
    table = table_of(rows)
    assert table.row_numbers.tolist() == [2, 6]
    assert table.empty_rows == 3


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"), "nomor kolom"),
        (("Contoh", *GOOD[1:]), "contoh"),
        (("CONTOH:", *GOOD[1:]), "contoh"),
        (HEADERS, "judul kolom"),
        (("Jumlah: 5",), "catatan"),
        (("", "* wajib diisi"), "catatan"),
        (("", "", "", "Jakarta, 21 November 2026"), "catatan"),
        (("", "GUDANG LANTAI 2"), "catatan"),
        (("", "", "", "Divisi Produksi"), "catatan"),
        (("---", "-----", "====", "____", "---", "---", "..."), "garis pemisah"),
    ],
)
def test_rows_that_are_no_data_are_skipped_and_listed(line, kind):
    table = table_of(table_rows(line, GOOD))
    assert table.row_numbers.tolist() == [3]
    ((remark),) = table.remarks
    assert remark.kind == "skipped-row"
    assert remark.rows == (2,)
    assert kind in remark.text


def test_a_lonely_value_that_is_no_note_stays_a_row():
    lonely = (
        ("", "09999990018"),
        ("", "O999999OO25"),
        ("", "", "", "BUDI CONTOH"),
        ("", "-", "-", "-"),
    )
    table = table_of(table_rows(GOOD, *lonely))
    assert table.row_numbers.tolist() == [2, 3, 4, 5, 6]


def test_unknown_columns_are_kept_and_said():
    rows = text_row(1, [*HEADERS, "Zodiak", ""]) + text_row(2, [*GOOD, "Leo", "tanpa judul"])
    table = table_of(rows)
    assert table.roles[7:] == [Role("unknown"), Role("unknown")]
    assert table.columns[8].values == ["tanpa judul"]
    assert [remark.kind for remark in table.remarks] == ["unknown-column"]
    assert "H “Zodiak”, I “”" in table.remarks[0].text


def test_hidden_rows_and_columns_and_merged_cells_are_said():
    rows = table_rows(GOOD) + text_row(3, GOOD, ' hidden="1"') + text_row(4, GOOD, ' hidden="1"')
    table = table_of(
        rows, before='<cols><col min="6" max="6" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
    )  # fmt: skip
    assert remarks(table) == {
        ("hidden-rows", (3, 4)), ("hidden-columns", ()), ("merged-cells", ()),
    }  # fmt: skip
    assert "3-4" in table.remarks[0].text


def test_the_sheet_with_the_table_is_chosen_and_others_are_said():
    table = table_of(
        sheets={
            "Petunjuk": sheet_xml(text_row(1, ["Data", "Keterangan"])),
            "Isi": sheet_xml(table_rows()),
            "Kosong": sheet_xml(""),
        }
    )
    assert table.sheet == "Isi"
    (remark,) = table.remarks
    assert remark.kind == "other-sheets"
    assert "“Petunjuk”" in remark.text
    assert "Kosong" not in remark.text


def test_a_hidden_sheet_is_never_read_unseen():
    sheets = {"Rahasia": sheet_xml(table_rows()), "Depan": sheet_xml(text_row(1, ["Halo"]))}
    refusal = refused(sheets=sheets, states={"Rahasia": "veryHidden"})
    assert refusal.code == "FILE-07"
    assert "lembar tersembunyi “Rahasia”" in refusal.message
    both = {"Rahasia": sheet_xml(table_rows()), "Depan": sheet_xml(table_rows())}
    table = table_of(sheets=both, states={"Rahasia": "hidden"})
    assert table.sheet == "Depan"
    assert "(tersembunyi)" in table.remarks[0].text


def test_a_workbook_with_only_hidden_sheets_has_no_table_to_read():
    refusal = refused(sheets={"K": sheet_xml(table_rows())}, states={"K": "hidden"})
    assert refusal.code == "FILE-07"


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ("", "FILE-02", ("tidak berisi",)),
        (text_row(1, HEADERS), "FILE-02", ("baris 1", "judul kolom")),
        (text_row(1, HEADERS) + text_row(2, ["Contoh", *GOOD[1:]]), "FILE-02", ("judul kolom",)),
        (text_row(1, ["Cabang", "Jumlah"]) + text_row(2, ["Raya", "6"]), "FILE-07",
         ("“Cabang”", "“Jumlah”", "KPJ, NIK, Nama Lengkap")),
        (text_row(1, HEADERS[:4]) + text_row(2, GOOD[:4]), "FILE-07", ("Data + Menjadi", "baris 1")),
        (text_row(1, [*HEADERS, "No KTP"]) + text_row(2, [*GOOD, "1"]), "FILE-07",
         ("C “NIK”", "H “No KTP”")),
        (text_row(1, [*HEADERS, "NIK (Menjadi)"]) + text_row(2, [*GOOD, "1"]), "FILE-07",
         ("mencampur", "H “NIK (Menjadi)”")),
    ],
)  # fmt: skip
def test_a_sheet_without_a_usable_table_is_refused_in_plain_words(rows, code, words):
    refusal = refused(rows)
    assert refusal.code == code
    for word in words:
        assert word in refusal.message
    assert "uji.xlsx" in refusal.message_en


NAMES = ("No Kartu", "NIK", "Nama :", "Tanggal Lahir", "Nama (Menjadi)")


def lying(*people, names=NAMES, before=(), first=1):
    rows = [[*before, name, *(f"{place}{len(name)}" for place in people)] for name in names]
    return "".join(text_row(number, cells) for number, cells in enumerate(rows, first))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (lying("A", "B"), ("tabelnya terbaring", "kolom A", "“Nama :”", "Transpose")),
        (lying("A", "B", "C", before=("1.",)), ("tabelnya terbaring", "kolom B")),
        (lying("A"), ("formulir satu orang", "kolom A", "templat")),
        (lying(":A", before=("2",)), ("formulir satu orang", "kolom B")),
        (lying("lama ", "baru ", names=NAMES[:4]), ("formulir satu orang",)),
        (text_row(1, ["FORMULIR"]) + lying("A", first=3), ("formulir satu orang",)),
    ],
)  # fmt: skip
def test_names_below_each_other_are_told_with_the_way_to_turn_them(rows, words):
    refusal = refused(rows)
    assert refusal.code == "FILE-07"
    for word in words:
        assert word in refusal.message


def test_a_lying_table_is_known_by_more_of_the_names_that_every_table_has():
    """A row of one datum ("Data", "No HP", "No HP", …) is no header."""
    names = ("Nama", "NIK", "KPJ", "Data", "Menjadi")
    people = [
        ("SITI", "1", "2", "No HP", "x"),
        ("BUDI", "3", "4", "Email", "y"),
        ("ANI", "5", "6", "No HP", "z"),
    ]
    rows = [[name, *(person[at] for person in people)] for at, name in enumerate(names)]
    refusal = refused("".join(text_row(at, cells) for at, cells in enumerate(rows, 1)))
    assert "tabelnya terbaring" in refusal.message


@pytest.mark.parametrize("column", [0, 1])
def test_a_list_with_names_of_data_in_a_column_is_not_taken_for_a_lying_table(column):
    """One correction a row under headers that say little: the names repeat, or stand further on."""
    kinds = ["NIK", "Nama", "Email", "NIK"] if column == 0 else ["NIK", "Nama", "Email", "Alamat"]
    rows = [["X1", "X2", "X3"]] + [
        [kind, "A", "B"] if column == 0 else ["PT Rekaan", kind, "B"] for kind in kinds
    ]
    refusal = refused("".join(text_row(at, cells) for at, cells in enumerate(rows, 1)))
    assert "tidak memuat tabel" in refusal.message


def test_the_english_sentence_of_missing_columns_is_english():
    refusal = refused(text_row(1, HEADERS[:4]) + text_row(2, GOOD[:4]))
    told = "column of the new values, for example “No HP (Menjadi)” (or Data + Menjadi) not found"
    assert told in refusal.message_en


def test_a_layout_can_be_forced():
    rows = text_row(1, [*HEADERS, "Email (Menjadi)"]) + text_row(2, [*GOOD, "a@contoh.example"])
    assert table_of(rows, layout="per-employee").layout == "per-employee"
    assert table_of(rows, layout="per-correction").layout == "per-correction"


def test_formulas_are_marked_on_the_rows_that_stay():
    body = (
        text_row(2, ["Contoh", *GOOD[1:]])
        + "".join(
            f'<row r="{n}"><c r="B{n}"><f>1</f><v>9</v></c><c r="C{n}"><v>3</v></c></row>'
            for n in (3, 4)
        )
        + '<row r="5"><c r="B5"><v>7</v></c></row>'
    )
    table = table_of(text_row(1, HEADERS) + body)
    assert table.row_numbers.tolist() == [3, 4, 5]
    assert table.columns[1].computed.tolist() == [True, True, False]
    assert table.columns[2].computed is None
