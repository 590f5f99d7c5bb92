"""Codes, phones, addresses, tax numbers, banks: what is taken for what."""

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.codes import MARITAL, SEX
from hr_portal.domain.emails import PLAIN as PLAIN_EMAIL
from hr_portal.domain.emails import read_email
from hr_portal.domain.phones import national, read_phone
from hr_portal.domain.table import Kind
from tests.domain.sheets import (
    CORRECTION,
    Stored,
    change,
    changed,
    computed,
    day,
    found,
    judge,
    num,
    of,
    person,
    verdicts,
)  # fmt: skip


def after(header, value):
    """The clean new value of a field."""
    return changed(header, value).corrections.after[0]


@pytest.mark.parametrize(("word", "code"), SEX.items())
def test_every_word_for_a_sex_is_taken(word, code):
    assert after("Jenis Kelamin", word) == code
    assert after("Jenis Kelamin", f" {word.lower()} ") == code


def test_a_sex_from_a_number_cell_is_a_code_of_the_civil_register():
    assert after("Jenis Kelamin", num(1)) == "L"
    assert after("Jenis Kelamin", num(2)) == "P"
    assert change("Jenis Kelamin", num(3)) == ["E COD-01/value"]
    assert change("Jenis Kelamin", "0") == ["E ROW-01/row"]


def test_the_same_word_again_is_read_the_same():
    rows = [person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + i}", jk=word)
            for i, word in enumerate(["pria", "pria", "PRIA", "L", "X", "X", "-", "-", "p\u200b"])]  # fmt: skip
    report = judge(rows)
    column = report.table.headers.index("Jenis Kelamin")
    assert report.clean[column] == ["L", "L", "L", "L", "X", "X", "", "", "P"]
    assert [row for code, _, _, row, _ in found(report, "COD-01")] == [6, 7]


@pytest.mark.parametrize(("word", "code"), MARITAL.items())
def test_every_word_for_a_marital_status_is_taken(word, code):
    assert after("Status Kawin", word) == code


@pytest.mark.parametrize(
    ("header", "word", "clean", "expected"),
    [
        ("Status Kawin", "K/2", "Y", ["W COD-03"]), ("Status Kawin", "TK/0", "T", ["W COD-03"]),
        ("Status Kawin", "K/I/1", "Y", ["W COD-03"]), ("Status Kawin", "KI/0", "Y", ["W COD-03"]),
        ("Status Kawin", "K4", "K4", ["E COD-01/value"]),
        ("Golongan Darah", "ab", "AB", []), ("Golongan Darah", "1", "A", []),
        ("Golongan Darah", "O-", "O", ["W COD-01/rhesus"]), ("Golongan Darah", "AB +", "AB", ["W COD-01/rhesus"]),
        ("Golongan Darah", "11", "O", ["W COD-01/rhesus"]), ("Golongan Darah", "0+", "O", ["W COD-04"]),
        ("Golongan Darah", "C", "C", ["E COD-01/value"]),
        ("Kewarganegaraan", "Indonesia", "WNI", []), ("Kewarganegaraan", "id", "WNI", []),
        ("Kewarganegaraan", "WNA - Malaysia", "WNA MALAYSIA", []),
        ("Kewarganegaraan", "WNA (Jepang)", "WNA JEPANG", []), ("Kewarganegaraan", "MY", "WNA MY", []),
        ("Kewarganegaraan", "2", "2", ["E COD-01/country"]), ("Kewarganegaraan", "Mars", "Mars", ["E COD-01/value"]),
        ("Status Kerja", "Tetap", "PKWTT", []), ("Status Kerja", "kontrak", "PKWT", []),
        ("Status Kerja", "Y", "PKWT", []), ("Status Kerja", "magang", "magang", ["E COD-01/value"]),
    ],
)  # fmt: skip
def test_a_coded_field_is_read(header, word, clean, expected):
    assert change(header, word) == expected
    assert after(header, word) == clean


@pytest.mark.parametrize(
    ("header", "word", "code"),
    [
        ("Jenis Kelamin", "Laki - laki", "L"), ("Jenis Kelamin", "LAKI\u2013LAKI", "L"), ("Jenis Kelamin", "Lk.", "L"),
        ("Jenis Kelamin", "laki2", "L"), ("Jenis Kelamin", "Perempuan (P)", "P"), ("Jenis Kelamin", "P / Wanita", "P"),
        ("Jenis Kelamin", "L/P", None), ("Jenis Kelamin", "Laki-laki (P)", None), ("Jenis Kelamin", "cowok", None),
        ("Status Kawin", "Belum menikah", "T"), ("Status Kawin", "Cerai-mati", "T"),
        ("Status Kawin", "K - 1", "Y"), ("Status Kawin", "TK-0", "T"), ("Status Kawin", "Married", "Y"),
        ("Golongan Darah", "AB Rh+", "AB"), ("Golongan Darah", "Gol. O", "O"), ("Golongan Darah", "B positif", "B"),
        ("Golongan Darah", "A (Rh -)", "A"), ("Golongan Darah", "A/B", None),
        ("Kewarganegaraan", "WNI (Indonesia)", "WNI"), ("Kewarganegaraan", "Indonesian", "WNI"),
        ("Kewarganegaraan", "WNA", None), ("Status Kerja", "Karyawan tetap", "PKWTT"), ("Status Kerja", "harian", None),
        ("Kode Bank", "BCA", "014"), ("Kode Bank", "PT Bank Central Asia, Tbk.", "014"),
        ("Kode Bank", "Mandiri (008)", "008"),
        ("Kode Bank", "014 - BCA", "014"), ("Kode Bank", "008 BCA", None), ("Kode Bank", "Bank Misal", None),
    ],
)  # fmt: skip
def test_a_word_that_means_one_code_is_proposed_and_never_taken(header, word, code):
    man = {"nik": "3171010508909015"} if code == "L" else {}
    report = changed(header, word, **man)
    (verdict,) = verdicts(report)
    assert verdict.startswith("E ")
    assert report.findings.suggestion == [code]
    assert report.corrections.after == [word]
    assert code is None or change(header, code, **man) == []


def test_a_code_that_the_nik_speaks_against_is_not_proposed():
    man = changed("Jenis Kelamin", "Laki2", nik="3171010508909015")
    assert man.findings.suggestion == ["L"]
    woman = changed("Jenis Kelamin", "Laki2")
    assert (verdicts(woman), woman.findings.suggestion) == (["E COD-01/value"], [None])


def test_an_unknown_datum_has_no_code_to_propose():
    report = judge([{**CORRECTION, "Data": "Zodiak"}])
    assert (verdicts(report), report.findings.suggestion) == (["E COD-01/data"], [None])


def test_a_word_is_no_number_whatever_its_letters_look_like():
    assert changed("Kode Bank", "BSI").findings.suggestion == ["451"]
    assert changed("Kode Bank", "SBI").findings.suggestion == [None]


@pytest.mark.parametrize("word", ["Tidak tahu", "13"])
def test_an_unknown_blood_group_is_empty(word):
    assert change("Golongan Darah", word) == ["E ROW-01/row"]


def test_p_and_w_without_l_are_pria_and_wanita():
    sexes = ["P", "W", "w", "P", "p"]
    rows = [
        person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + i}", jk=jk)
        for i, jk in enumerate(sexes)
    ]
    [finding] = found(judge(rows), "COD-02")
    assert finding == ("COD-02", "", "E", 0, "Jenis Kelamin")
    assert judge(rows).findings.params[0] == {"w": 2, "p": 3}
    for known in ("L", "Laki-laki"):
        assert not found(
            judge([*rows, person(kpj="09999990025", nik="3171010508909033", jk=known)]), "COD-02"
        )
    assert not found(judge(rows[:1]), "COD-02")


@pytest.mark.parametrize(
    ("written", "clean", "code"),
    [
        ("081200000001", "+6281200000001", None), ("0812-0000-0001", "+6281200000001", "TEL-04"),
        ("0812 0000 0001", "+6281200000001", "TEL-04"), ("(0812) 0000.0001", "+6281200000001", "TEL-04"),
        ("'081200000001", "+6281200000001", "TEL-04"), ('="081200000001"', "+6281200000001", "CELL-02"),
        ("+6281200000001", "+6281200000001", None), ("+62 0812 0000 0001", "+6281200000001", "TEL-04"),
        ("62-812-0000-0001", "+6281200000001", "TEL-03"), ("81200000001", "+6281200000001", "TEL-02"),
        ("006281200000001", "+6281200000001", "TEL-06"), ("+006281200000001", "+6281200000001", "TEL-06"),
        ("０８１２００００００００１", "+62812000000001", "CELL-01"), ("0812345678", "+62812345678", None),
        ("0812345678901", "+62812345678901", None), (num(81200000001), "+6281200000001", "TEL-02"),
        (num(6281200000001), "+6281200000001", "TEL-03"),
        ("81200000001.0", "+6281200000001", "TEL-02"), ("081200000001,0", "+6281200000001", "TEL-04"),
        ("6281200000001.0", "+6281200000001", "TEL-03"),
    ],
)  # fmt: skip
def test_a_mobile_number_is_restored_in_silence(written, clean, code):
    report = changed("No HP", written)
    assert verdicts(report) == []
    assert report.corrections.after == [clean]
    assert list(report.tidied) == ([code] if code else [])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("081234567", "E TEL-01/other"), ("08123456789012", "E TEL-01/other"), ("0841234567", "E TEL-01/other"),
        ("02155500001", "E TEL-01/fixed-line"), (num(2155500001), "E TEL-01/fixed-line"),
        ("0800123456", "E TEL-01/other"), ("0812-CONTOH", "E TEL-01/other"), ("0812 ext 5", "E TEL-01/other"),
        ("12", "E TEL-01/other"), ("+0812", "E TEL-01/other"), ("#", "E CELL-18/number"),
        ("6,28E+12", "E TEL-01/other"), ("+62215550001", "E TEL-01/fixed-line"),
        ("081200000001/081200000002", "E TEL-05"), ("081200000001; 081200000002", "E TEL-05"),
        ("081200000001 atau 081200000002", "E TEL-05"), ("081200000001, 02155500001", "E TEL-05"),
        ("081200000001 081200000002", "E TEL-05"), ("081200000001\n081200000002", "E TEL-05"),
        ("081200000001 - 081200000002", "E TEL-05"), ("lama 081200000001 baru 081200000002", "E TEL-05"),
        ("+60123456789", "W TEL-08/valid"), ("0060123456789", "W TEL-08/valid"),
        ("+60 12-345 6789", "W TEL-08/valid"), ("+1 555", "E TEL-08/invalid"),
        ("+12025550", "E TEL-08/invalid"), ("+999123456789", "E TEL-08/invalid"),
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_is_named_for_what_it_is(written, expected):
    assert change("No HP", written) == [expected]


def test_a_foreign_number_is_kept_in_its_own_form():
    assert after("No HP", "+60 12-345 6789") == "+60123456789"
    assert national("+60123456789") == "+60123456789"
    assert national("+6281200000001") == "081200000001"


def test_no_phone_is_no_finding():
    assert of(**{"No HP": "-"}) == []


@given(st.from_regex(r"\A(\+62|62|0)?(8|21|274|361)[0-9]{4,13}\Z"))
def test_our_pattern_says_what_libphonenumber_says(text):
    ours = read_phone(text)
    number = phonenumbers.parse(f"+{text}" if text.startswith("62") else text, "ID")
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    assert bool(ours.e164) == (phonenumbers.is_valid_number(number) and mobile)
    fixed = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    assert (ours.case == "fixed-line") == fixed
    if ours.e164:
        assert ours.e164 == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.text(alphabet="0123456789+-/;, ()[]x", max_size=24))
def test_any_phone_gets_a_verdict(text):
    assert len([v for v in change("No HP", text) if "TEL" in v]) <= 1


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("siti@contoh.example", "siti@contoh.example"), ("Siti.C+1@Contoh.EXAMPLE", "Siti.C+1@contoh.example"),
        (" siti@contoh.example\u200b", "siti@contoh.example"), ("o'neil@contoh.example", "o'neil@contoh.example"),
        ("o'neil@Contoh.Example", "o'neil@contoh.example"),
        ("siti@contoh.co.id", "siti@contoh.co.id"),
    ],
)  # fmt: skip
def test_an_address_is_kept_with_its_domain_in_lower_case(written, clean):
    report = changed("Email", written)
    assert verdicts(report) == []
    assert report.corrections.after == [clean]


@pytest.mark.parametrize(
    ("written", "case"),
    [
        ("siti", "form"), ("s" * 65 + "@contoh.example", "form"), ("siti@", "form"),
        ("@contoh.example", "form"), ("siti@contoh", "form"),
        ("siti@@contoh.example", "form"), ("si ti@contoh.example", "form"), ("siti..c@contoh.example", "form"),
        (".siti@contoh.example", "form"), ("siti@-contoh.example", "form"), ("siti@contoh.example.", "form"),
        ("a@contoh.example,b@contoh.example", "several"), ("a@contoh.example b@contoh.example", "several"),
        ("a@contoh.example atau b@contoh.example", "several"), (num(5), "form"), (day("1990-08-05"), "form"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_an_error(written, case):
    assert change("Email", written) == [f"E EML-01/{case}"]


@given(st.text(alphabet="aZ9.-_+", min_size=1, max_size=8), st.text(alphabet="aZ9.-", max_size=8))
def test_the_fast_pattern_takes_nothing_that_the_library_refuses(local, domain):
    address = f"{local}@{domain}.example"
    if PLAIN_EMAIL.fullmatch(address):
        assert read_email(address) == f"{local}@{domain.lower()}.example"
        assert validate_email(address, check_deliverability=False).normalized == read_email(address)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("3171014508909013", []), ("0099876542999000", []), ("0099876543999000", ["W TAX-03"]),
        ("09.987.654.2-999.000", ["I TAX-06"]), ("09.987.654.2-999.001", ["I TAX-06", "W TAX-07"]),
        ("099876543999002", ["W TAX-05", "I TAX-06", "W TAX-07"]),
        ("3171014508909021", ["W TAX-02"]), ("9971014508909013", ["W TAX-04"]),
        ("3171014508900000", ["W TAX-04"]), ("1111111111111111", ["W TAX-04"]),
        ("123", ["E TAX-01"]), ("09987654299900012", ["E TAX-01"]), ("0099876542999000000001", ["W TAX-09"]),
        ("00.000.000.0-000.000", ["E TAX-10"]), ("0000000000000000", ["E TAX-10"]),
        ("09987654X999000", ["E CELL-04"]),
        (num(99876542999000), ["W TAX-08"]), (num(99876543999000), ["E TAX-01"]),
        (num(998765429990001), ["W TAX-05", "I TAX-06", "W TAX-07"]),
        (num(3171014508909013), ["W CELL-06"]), (num(3171014508909010), ["E CELL-05"]),
        (num(9971014508909013), ["E CELL-07"]), (num("1009987654299900000000"), ["E CELL-08"]),
        (num(12345), ["E TAX-01"]), ("-", ["E ROW-01/row"]),
    ],
)  # fmt: skip
def test_a_tax_number_is_judged_by_its_form(number, expected):
    assert change("NPWP", number) == expected


def test_a_tax_number_is_compared_with_the_new_nik():
    row = person(kk="3171011203159001", gelar_baru="") | {
        "NIK (Menjadi)": "3171014508909021", "NPWP": "3171014508909021",
    }  # fmt: skip
    assert verdicts(judge([row])) == ["W NIK-18"]


def test_a_tax_number_without_a_nik_is_compared_with_none():
    assert of(nik="", NPWP="3171014508909013") == ["E REQ-01/empty"]
    rows = [
        {
            "KPJ": "09999990017",
            "Nama Lengkap": "SITI CONTOHAN",
            "NPWP (Menjadi)": "3171014508909013",
        }
    ]
    assert [code for code, *_ in found(judge(rows))] == ["REQ-01"]


@pytest.mark.parametrize(
    ("bank", "account", "expected"),
    [
        ("014", "9000000112", []), ("014", "900000011", ["W BNK-02"]), ("002", "900000011200001", []),
        ("999", "900000011", []), ("", "900000011", []), ("014", "1234", ["E BNK-01"]),
        ("014", "9" * 21, ["E BNK-01"]), ("014", "90000001A2", ["E CELL-04"]), ("014", "9,000", ["E BNK-01"]),
        ("014", num(112000011), ["W BNK-04"]), ("009", num(112000011), ["W BNK-02"]),
        ("014", num(12000), ["W BNK-04"]), ("014", num(90000001123), ["W BNK-02"]),
        ("200", num(1234567890123450), ["E BNK-05/lost"]), ("200", num(1234567890123451), ["W BNK-05/exact"]),
        ("200", num(9234567890123451), ["E BNK-05/lost"]), ("200", num(12345678901234517), ["E BNK-05/lost"]),
        ("200", "1234567890123450", []), ("014", "081200000001", ["W BNK-07"]),
        ("", "081200000001", ["W BNK-07"]), ("008", "0812000000011", []),
        # the point of a decimal is none between groups, and two numbers are not one
        ("", "9000000112.00", ["E BNK-01"]), ("014", "9000000112.0", []), ("", "900.000.0112", []),
        ("", "9000000112 / 9000000113", ["E BNK-01/several"]), ("", "9000000 - 1129000", ["E BNK-01/several"]),
        ("", "9000000112 9000000113", ["E BNK-01/several"]), ("", "900-000-0112/900-000-0113", ["E BNK-01/several"]),
        ("002", "0123-01-012345-50-1", []), ("008", "123-00-1234567-8", []),
    ],
)  # fmt: skip
def test_an_account_is_judged_with_its_bank(bank, account, expected):
    assert change("No Rekening", account, **{"Kode Bank": bank}) == expected


def test_a_padded_account_is_proposed_and_kept():
    report = changed("No Rekening", num(112000011), **{"Kode Bank": "014"})
    assert report.findings.suggestion == ["0112000011"]
    assert report.corrections.after == ["0112000011"]


@pytest.mark.parametrize(
    ("code", "clean", "expected"),
    [
        ("014", "014", []), (num(14), "014", []), (num(2), "002", []), ("2", "002", ["W BNK-03/padded"]),
        ("0140", "0140", ["W BNK-03/form"]), ("BCA", "BCA", ["E CELL-04"]), ("01#", "01#", ["W BNK-03/form"]),
    ],
)  # fmt: skip
def test_a_bank_code_is_three_digits(code, clean, expected):
    report = changed("Kode Bank", code)
    assert verdicts(report) == expected
    assert report.corrections.after == [clean]


def test_a_bank_code_is_padded_before_the_account_is_judged():
    assert change("No Rekening", "900000011", **{"Kode Bank": num(14)}) == ["W BNK-02"]


def test_one_account_of_one_bank_with_two_people_is_an_override():
    rows = [
        person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + i}")
        | {"No Rekening": "9000000112", "Kode Bank": bank}
        for i, bank in enumerate(["014", "014", "", "009"])
    ]
    report = judge(rows)
    assert [(row, severity) for _, _, severity, row, _ in found(report, "BNK-08")] == [
        (2, "E*"), (3, "E*"), (4, "E*"), (5, "E*"),
    ]  # fmt: skip
    assert report.findings.params[0] == {"rows": "3, 4"}


def test_the_holder_of_an_account_is_compared_without_titles():
    assert of(**{"Nama Rekening": "SITI CONTOHAN"}) == []
    assert of(**{"Nama Rekening": "Sdr. Siti"}) == ["W BNK-06"]
    assert of(nama="", **{"Nama Rekening": "SITI CONTOHAN"}) == ["E NAM-01/empty"]


@pytest.mark.parametrize(
    ("code", "address", "expected"),
    [
        ("10110", "", []), ("01110", "", ["E POS-01"]), ("1011", "", ["E POS-01"]), ("1011A", "", ["E CELL-04"]),
        ("10#10", "", ["E POS-01"]), (num(10110), "", []), (num("10110.0"), "", ["E POS-01"]),
        ("10110", "Jalan Misal 8, DKI Jakarta", []), ("40110", "Jalan Misal 8, DKI Jakarta", ["W POS-02"]),
        ("16110", "Bogor, Jawa Barat", []), ("40110", "Bandung, Jawa Barat", []), ("60110", "Jawa Barat", ["W POS-02"]),
        ("99110", "Jayapura, PAPUA", []), ("60110", "Jalan Jawa Timur, Papua", []), ("60110", "Jalan Misal 8", []),
        ("97110", "Papua Barat Daya", []),
    ],
)  # fmt: skip
def test_a_postal_code_fits_the_province_that_the_address_names(code, address, expected):
    assert change("Kode Pos", code, **{"Alamat Domisili": address}) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("JAKARTA", []), ("Kab. Bandung", []), ("JAKARTA, 05-08-1990", ["W POB-01"]), ("5", ["W POB-01"]),
        ("TIDAK ADA", ["E ROW-01/row"]), (num(7), ["W POB-01"]), (day("1990-08-05"), ["W POB-01"]),
        (computed("JAKARTA"), ["W CELL-17"]), ("A" * 50 + "  " + "B" * 49, []), ("A" * 101, ["W POB-01/long"]),
        ("A" * 101 + "5", ["W POB-01"]),
    ],
)  # fmt: skip
def test_a_place_of_birth_has_no_digits_and_at_most_100_characters(place, expected):
    assert change("Tempat Lahir", place) == expected


def test_a_place_of_birth_without_digits_stands_beside_one_with():
    rows = [
        person(kpj="09999990017") | {"Tempat Lahir": "JAKARTA 5"},
        person(kpj="09999990025", nik="3171014508909014", nama="DEWI UMPAMA")
        | {"Tempat Lahir": "BANDUNG"},
    ]
    assert [finding.row for finding in judge(rows).findings if finding.code == "POB-01"] == [0]


def test_texts_are_tidied_but_not_judged():
    report = changed("Alamat Domisili", " Jalan  Misal\nNomor 8 ")
    assert verdicts(report) == []
    assert report.corrections.after == ["Jalan Misal Nomor 8"]
    assert report.tidied == {"CELL-01": 1}


def test_an_empty_text_cell_is_empty():
    assert change("Gelar", Stored("", Kind.TEXT)) == ["E ROW-01/row"]
    assert change("Email", Stored("", Kind.TEXT)) == ["E ROW-01/row"]
    assert change("NPWP", Stored("", Kind.TEXT)) == ["E ROW-01/row"]


def test_four_employees_with_one_phone_are_asked_about_but_not_four_lines():
    shared = {"No HP": "081200000001"}
    changes = [("Gelar", "S.E."), ("Email", "a@contoh.example"), ("Kode Pos", "10110")]
    lines = [
        person(**shared) | {"Gelar (Menjadi)": "", f"{header} (Menjadi)": value}
        for header, value in [*changes, ("Tempat Lahir", "BOGOR")]
    ]
    assert "TEL-07" not in {code for code, *_ in found(judge(lines))}
    people = [
        person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + i}", **shared) for i in range(4)
    ]
    assert [row for *_, row, _ in found(judge(people), "TEL-07")] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("npp", "own", "expected"),
    [
        ("90000123", "90000123", []), ("90000123", None, []), ("90000124", "90000123", ["E NPP-03"]),
        ("9000012", None, ["W NPP-01/form"]), ("9000012", "90000123", ["E NPP-01/foreign"]),
        ("9000012A", None, ["W NPP-02"]), ("9000012A", "90000123", ["E NPP-03"]),
        ("9000012A", "9000012A", ["W NPP-02"]),
        ("", "90000123", []), ("9,00E+07", "90000123", ["E CELL-10"]),
    ],
)  # fmt: skip
def test_the_npp_is_that_of_the_account(npp, own, expected):
    assert verdicts(judge([person(NPP=npp)], npp=own)) == expected


@pytest.mark.parametrize(
    ("division", "clean", "expected"),
    [("1", "001", []), ("000", "000", []), ("0", "000", []), ("1234", "1234", ["W DIV-01"]),
     ("A1", "A1", ["E CELL-04"])],
)  # fmt: skip
def test_a_division_has_up_to_three_digits(division, clean, expected):
    report = judge([person(**{"Kode Divisi": division})])
    assert verdicts(report) == expected
    assert report.clean[report.table.headers.index("Kode Divisi")] in ([clean], None)
