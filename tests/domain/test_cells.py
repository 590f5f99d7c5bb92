"""From a cell to a string: what is tidied, what is empty, what can't be saved."""

import pytest

from hr_portal.domain.cleaning import is_placeholder, tidy, unquote
from hr_portal.domain.table import Kind
from tests.domain.sheets import (
    Stored,
    boolean,
    change,
    changed,
    clock,
    computed,
    day,
    error,
    formula,
    judge,
    num,
    of,
    person,
    verdicts,
)  # fmt: skip

NIK = "3171014508909013"


def tidied(**cells):
    return judge([person(**cells)]).tidied


def clean_nik(value):
    return judge([person(nik=value)]).employee["nik"][0]


@pytest.mark.parametrize(
    "found",
    [
        f" {NIK} ", f"\t{NIK}\n", f"{NIK}\u200b", f"\ufeff{NIK}", "3171\u00ad014508909013",
        f"\u202a{NIK}\u202c", f"{NIK}\x07", f"{NIK}\u00a0", "３１７１０１４５０８９０９０１３",
        f"'{NIK}", f"`{NIK}", f"’{NIK}", f'="{NIK}"', f"' {NIK}",
        "3171.0145.0890.9013", "3171-0145-0890-9013", "3171/0145/0890/9013", "3171_0145_0890_9013",
        "3171 0145\n0890 9013", "3171–0145–0890–9013",
    ],
)  # fmt: skip
def test_a_nik_written_in_any_usual_way_is_the_same_nik(found):
    report = judge([person(nik=found)])
    assert verdicts(report) == []
    assert report.employee["nik"] == [NIK]
    assert sum(report.tidied.values()) >= 1


@pytest.mark.parametrize("digits", ["٣١٧١٠١٤٥٠٨٩٠٩٠١٣", "३१७१०१४५०८९०९०१३"])
def test_digits_of_other_scripts_are_not_digits(digits):
    assert of(nik=digits) == ["E NIK-01"]


@pytest.mark.parametrize(
    "word", ["-", ".", "0", "N/A", "NULL", "TIDAK ADA", "XXX", "null", " - ", "--"]
)
def test_words_for_nothing_are_empty(word):
    assert of(nik=word) == ["E REQ-01/empty"]
    assert tidied(nik=word)["CELL-14"] == 1


def test_a_number_zero_is_empty():
    assert of(nik=num(0)) == ["E REQ-01/empty"]
    assert judge([person(lahir=num(0))]).employee["tanggal_lahir"] == [""]


def test_zero_says_something_as_a_blood_group():
    assert change("Golongan Darah", "0") == ["W COD-04"]
    assert change("Golongan Darah", num(0)) == ["W COD-04"]
    assert change("Golongan Darah", "-") == ["E ROW-01/row"]


@pytest.mark.parametrize("value", ["3,17101E+15", "3.17101E+15", "3E15", "9.17101450890001E+015"])
def test_scientific_notation_is_never_a_number(value):
    report = judge([person(nik=value)])
    assert verdicts(report) == ["E CELL-10"]
    assert report.findings.suggestion == [None]


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (9007199254740991, ["W CELL-06", "E NIK-02"]),
        (9007199254740992, ["E CELL-07"]),
        (8271014508909013, ["W CELL-06"]),
        (8271014508909010, ["E CELL-05"]),
        (9171014508909010, ["E CELL-05"]),
        (9671014508909013, ["E CELL-07"]),
        (317101450890901, ["E NIK-01"]),
        (31710145089090131, ["E NIK-01"]),
        ("3171014508909013.5", ["E NIK-01"]),
        ("-3171014508909013", ["E NIK-01"]),
    ],
)
def test_a_numeric_nik_is_judged_by_what_a_double_can_hold(literal, expected):
    assert of(nik=num(literal)) == expected


def test_a_lost_digit_is_never_guessed():
    assert judge([person(nik=num(3171014508909010))]).findings.suggestion == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NIK}.0", ["W CELL-06"]),
        (f"{NIK},0", ["W CELL-06"]),
        ("3171014508909010.0", ["E CELL-05"]),
        ("9404014508909001.0", ["E CELL-07"]),
        (f"{NIK}.00", ["E NIK-01"]),
    ],
)
def test_text_that_went_through_a_float_is_judged_as_a_number(text, expected):
    assert of(nik=text) == expected


def test_the_decimals_of_a_number_never_become_its_digits():
    # nine digits, of which two zeros in front are lost, would make eleven with the decimals
    assert of(kpj="999990017.00") == ["E KPJ-01"]
    assert of(kpj=" 999990017.00 ") == ["E KPJ-01"]
    assert change("NPWP", "99876542999000.00") == ["E TAX-01"]
    assert change("NPWP", "09.987.654.2-999.000") == ["I TAX-06"]


def test_a_word_of_eleven_letters_is_no_old_card():
    assert of(kpj="ANDAIANDARI")[0] == "E NAM-12/name"
    assert of(kpj="99X99990017") == ["W KPJ-02/old-card"]


def test_letters_are_never_mapped_to_digits():
    report = judge([person(nik="3I71O14508909O13")])
    assert verdicts(report) == ["E CELL-04"]
    assert report.employee["nik"] == ["3I71O14508909O13"]


@pytest.mark.parametrize("cell", [day("1990-08-05"), clock("13:00:00")])
def test_a_date_or_time_in_a_number_column_is_said_to_be_one(cell):
    assert of(nik=cell) == ["E CELL-12"]
    assert change("No HP", cell) == ["E CELL-12"]


def test_errors_formulas_and_booleans_are_not_values():
    assert of(nik=error("#REF!")) == ["E CELL-13/error"]
    assert of(kpj=formula()) == ["E CELL-13/formula"]
    assert of(nama=boolean()) == ["E CELL-13/boolean"]
    assert of(lahir=error()) == ["E CELL-13/error"]
    assert change("Jenis Kelamin", error()) == ["E CELL-13/error"]
    assert change("Email", formula()) == ["E CELL-13/formula"]
    assert change("Gelar", boolean("FALSE")) == ["E CELL-13/boolean"]


def test_a_damaged_new_value_is_a_correction_all_the_same():
    report = changed("Gelar", error())
    assert report.corrections.field_key == ["gelar"]


def test_a_time_in_a_name_column_is_a_name_without_letters():
    assert of(nama=clock("13:00:00")) == ["E NAM-01/no-letters"]


def test_the_result_of_a_formula_is_judged_and_said():
    assert of(nik=computed(NIK)) == ["W CELL-17"]
    assert of(nik=computed(NIK[:15])) == ["W CELL-17", "E NIK-01"]
    assert of(nik=Stored("#N/A", Kind.ERROR, computed=True)) == ["E CELL-13/error"]


def test_the_value_of_a_formula_in_a_replaced_cell_is_not_asked_about():
    report = judge(
        [person(kk="3171011203159001", nik=computed(NIK)) | {"NIK (Menjadi)": "3171014508909021"}]
    )
    assert verdicts(report) == ["W NIK-18"]


def test_cleaning_twice_is_cleaning_once():
    for text in ("  a\tb\u200b ", "ｆｕｌｌ", "e\u0301", "x\u2028y"):
        for compatible in (True, False):
            once = tidy(text, compatible=compatible)
            assert tidy(once, compatible=compatible) == once


def test_free_text_keeps_its_width_and_gets_nfc():
    assert tidy("Ａe\u0301", compatible=False) == "Ａé"
    assert tidy("Ａ", compatible=True) == "A"


@pytest.mark.parametrize(
    ("header", "typed", "meant"),
    [
        ("Nama", '="BUDI REKAANTO"', "BUDI REKAANTO"),
        ("Tempat Lahir", '="DEPOK"', "DEPOK"),
        ("Alamat", '=" Jl. Rekaan 1"', "Jl. Rekaan 1"),
        ("No HP", '="081200000001"', "+6281200000001"),
        ("Email", '="budi@contoh.example"', "budi@contoh.example"),
        ("Status Kawin", '="Kawin"', "Y"),
        ("Tanggal Lahir", '="06-08-1990"', "1990-08-06"),
    ],
)  # fmt: skip
def test_what_a_program_wraps_for_excel_is_the_text_within(header, typed, meant):
    report = changed(header, typed)
    assert report.corrections.after == [meant]
    assert report.tidied["CELL-02"] == 1


@pytest.mark.parametrize("typed", ['=""', "'", '="\'"'])
@pytest.mark.parametrize("header", ["Nama", "Alamat", "No HP", "Tanggal Lahir", "NIK"])
def test_what_a_program_wraps_around_nothing_is_empty(header, typed):
    assert change(header, typed) == ["E ROW-01/row"]


def test_a_wrapped_word_erases_and_a_text_that_only_begins_like_one_stays():
    assert changed("Email", '="HAPUS"').corrections.after == ["HAPUS"]
    odd = '="Jl. "Rekaan" 1"'
    assert changed("Alamat", odd).corrections.after == [odd]


def test_apostrophes_are_taken_off():
    assert unquote("'0812") == "0812"
    assert unquote("'' 0812") == "0812"


def test_zero_is_a_placeholder_only_where_it_says_nothing():
    assert is_placeholder("0")
    assert not is_placeholder("0", zero=False)
    assert is_placeholder("-", zero=False)


@pytest.mark.parametrize(
    ("header", "written", "new"),
    [
        ("Nama Ibu Kandung", "semula SRI UMPAM menjadi SRI UMPAMA", "SRI UMPAMA"),
        ("Nama Ibu Kandung", "DARI SRI UMPAM MENJADI SRI UMPAMA", "SRI UMPAMA"),
        ("Nama Ibu Kandung", "Sri Umpam -> Sri Umpama", "Sri Umpama"),
        ("Alamat Domisili", "Jalan A menjadi Jalan B", "Jalan B"),
        ("Alamat Domisili", "Jalan  A => Jalan B", "Jalan B"),
    ],
)
def test_an_old_and_a_new_value_in_one_cell_are_told_and_the_new_one_is_offered(
    header, written, new
):
    report = changed(header, written)
    assert (verdicts(report), report.findings.suggestion) == (["E CELL-18/both"], [new])


def test_the_new_one_of_two_numbers_is_offered_and_a_reason_may_tell_of_a_change():
    report = changed("No HP", "081200000001 menjadi +6281200000002")
    assert (verdicts(report), report.findings.suggestion) == (["E TEL-05"], ["+6281200000002"])
    assert change("Sebab Berhenti", "Menjadi mitra, lalu menjadi pemasok") == []
    assert change("Nama Ibu Kandung", "SRI SEMENJADI UMPAMA") == []


@pytest.mark.parametrize(
    ("header", "written", "code", "offered"),
    [
        ("No HP", "08120000001¹", "E TEL-01/other", "08120000001"),
        ("No HP", "081200000001 (1)", "E TEL-01/other", None),
        ("No HP", "(081200000001)", None, None),
        ("NPWP", "317101450890901³", "E TAX-01", None),
        ("Kode Pos", "1011②", "E POS-01", None),
        ("Kode Pos", "１０１１０", None, None),
    ],
)  # fmt: skip
def test_the_sign_of_a_footnote_is_no_digit(header, written, code, offered):
    report = changed(header, written)
    assert verdicts(report) == ([] if code is None else [code])
    assert [*report.findings.suggestion] == ([] if code is None else [offered])


def test_an_apostrophe_alone_is_empty():
    assert of(nik="'") == ["E REQ-01/empty"]


@pytest.mark.parametrize(
    ("header", "written", "code"),
    [
        ("Alamat Domisili", "#N/A", "E CELL-13/error"), ("Alamat Domisili", "Jalan Misal #5", None),
        ("Gelar", "#ref!", "E CELL-13/error"), ("Nama Ibu Kandung", "########", "E CELL-13/error"),
        ("No Rekening", "Err:508", "E CELL-13/error"), ("Nama Ibu Kandung", "NaN", "E* CELL-18/name"),
        ("Nama Ibu Kandung", "SITI NAN", None), ("Alamat Domisili", "undefined", "E CELL-18/text"),
        ("Alamat Domisili", "dihapus", "E CELL-18/text"), ("Alamat Domisili", "hapus", None),
        ("Email", "'siti@contoh.example", None),
        ("Alamat Domisili", "[NULL]", "E CELL-18/text"), ("Alamat Domisili", "(terlampir)", "E CELL-18/text"),
        ("Alamat Domisili", "***", "E CELL-18/text"), ("Alamat Domisili", "Tetap.", "E CELL-18/text"),
        ("Alamat Domisili", "OK", "E CELL-18/text"), ("Alamat Domisili", "sama dengan diatas", "E CELL-18/text"),
        ("Alamat Domisili", "(Blok A)", None), ("Alamat Domisili", "–", "E ROW-01/row"),
        ("Nama Ibu Kandung", "<null>", "E* CELL-18/name"), ("Kode Pos", "(hapus)", "E CELL-18/number"),
        ("No HP", "belum ada", "E CELL-18/number"), ("No HP", "#N/A", "E CELL-13/error"),
        ("Email", "tidak punya", "E CELL-18/text"), ("Tanggal Mulai", "########", "E CELL-13/error"),
        ("Tanggal Mulai", "dalam proses", "E CELL-18/text"), ("Tanggal Mulai", "Maret 2020", "E DAT-01/form"),
    ],
)  # fmt: skip
def test_what_a_program_or_a_person_writes_for_no_value_never_becomes_one(header, written, code):
    assert change(header, written) == ([] if code is None else [code])
