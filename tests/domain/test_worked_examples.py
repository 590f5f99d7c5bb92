"""The worked examples of the reference, line by line (all persons are invented)."""

import pytest

from tests.domain.sheets import change, changed, day, judge, num, of, person

NIKS = [
    ({"nik": "3171014508909013", "lahir": "05-08-1990", "jk": "P"}, []),
    ({"nik": num(3171014508909010)}, ["E CELL-05"]),
    ({"nik": num(3171014508909013)}, ["W CELL-06"]),
    ({"nik": num(9404014508909002)}, ["E CELL-07"]),
    ({"nik": "3,17101E+15"}, ["E CELL-10"]),
    ({"nik": "3171 0145 0890 9013\u200b"}, []),
    ({"nik": "9109010107889004"}, ["I NIK-04"]),
    ({"nik": "9271016412859003"}, ["I NIK-04"]),
    ({"nik": "6571014508909001"}, []),
    ({"nik": "6473010203809005"}, ["I NIK-05"]),
    ({"nik": "3207201708929006"}, ["I NIK-07"]),
    ({"nik": "1473010101909001"}, ["E* NIK-06"]),
    ({"nik": "3199010101909001"}, ["E* NIK-06"]),
    ({"nik": "3171018508909013"}, ["E* NIK-08"]),
    ({"nik": "3171013002909001"}, ["E* NIK-09"]),
    ({"nik": "3171012902009003"}, []),
    ({"nik": "3171010508900000"}, ["E* NIK-10"]),
    ({"nik": "1111111111111111"}, ["E NIK-14"]),
    ({"nik": "3515140508689007", "lahir": "08-05-1968"}, ["W NIK-12"]),
    ({"nik": "3171014508909013", "lahir": "06-08-1990", "jk": "P"}, ["W NIK-11"]),
    ({"kk": "3171011203159001"}, []),
    ({"kk": "3171015203159001"}, ["E KK-04"]),
    ({"kpj": "09999990017"}, []),
    ({"kpj": num(9999990017)}, ["E KPJ-03"]),
    ({"kpj": "9999990017"}, ["E KPJ-04"]),
    ({"kpj": "0009999900171"}, ["E KPJ-05"]),
    ({"kpj": "99X99990017"}, ["W KPJ-02/old-card"]),
    ({"nama": "SITI"}, ["I NAM-06"]),
    ({"nama": "MA’RUF CONTOHAN"}, ["W NAM-07/usual"]),
    ({"nama": "BUD1 CONT0H"}, ["E* NAM-02"]),
    ({"nama": "H. BUDI CONTOH, S.E."}, ["W NAM-08"]),
    ({"nik": "3171011208909013", "lahir": "12 Agt 1990"}, []),
    ({"nik": "3171011208909013", "lahir": "1990-08-12 00:00:00"}, []),
    ({"nik": "3171011208909013", "lahir": "12 Agt 90"}, []),
    ({"nik": "3171015208909013", "lahir": "12 Agt 90"}, []),
    ({"nik": "3171011308909013", "lahir": "12 Agt 90"}, ["E DAT-04"]),
    ({"lahir": "31/02/1990"}, ["E DAT-01/calendar"]),
    ({"lahir": "08/13/1990"}, ["E DAT-01/calendar"]),
    ({"nik": "3171010508909013", "lahir": day("1990-05-08")}, ["W DAT-08"]),
]

CORRECTIONS = [
    ("NPWP", "09.987.654.2-999.000", ["I TAX-06"]),
    ("NPWP", "09.987.654.3-999.000", ["W TAX-05", "I TAX-06"]),
    ("NPWP", "0099876542999000", []),
    ("NPWP", num(99876542999000), ["W TAX-08"]),
    ("NPWP", "0099876542999000000001", ["W TAX-09"]),
    ("No HP", num(81200000001), []),
    ("No HP", num(6281200000001), []),
    ("No HP", "081200000001/081200000002", ["E TEL-05"]),
    ("No HP", "02155500001", ["E TEL-01/fixed-line"]),
    ("No Rekening", num(1234567890123450), ["E BNK-05/lost"]),
]


@pytest.mark.parametrize(("cells", "expected"), NIKS, ids=[str(cells) for cells, _ in NIKS])
def test_a_worked_example_of_a_record_gives_its_verdict(cells, expected):
    assert of(**cells) == expected


@pytest.mark.parametrize(("header", "value", "expected"), CORRECTIONS)
def test_a_worked_example_of_a_correction_gives_its_verdict(header, value, expected):
    assert change(header, value) == expected


def test_a_numeric_kpj_of_ten_digits_proposes_the_zero():
    assert judge([person(kpj=num(9999990017))]).findings.suggestion == ["09999990017"]


def test_a_typed_date_swapped_against_the_nik_proposes_day_first():
    report = judge([person(nik="3171010508909013", lahir=day("1990-05-08"))])
    assert report.findings.suggestion == ["05-08-1990"]


def test_a_written_date_swapped_against_the_nik_proposes_day_first():
    report = judge([person(nik="3515140508689007", lahir="08-05-1968")])
    assert report.findings.suggestion == ["05-08-1968"]


def test_an_npwp_of_14_digits_gets_its_zero_back():
    report = changed("NPWP", num(99876542999000))
    assert report.findings.suggestion == ["099876542999000"]
    assert report.corrections.after == ["099876542999000"]


@pytest.mark.parametrize(
    ("typed", "clean", "code"),
    [(81200000001, "+6281200000001", "TEL-02"), (6281200000001, "+6281200000001", "TEL-03")],
)
def test_a_numeric_phone_is_restored_in_silence(typed, clean, code):
    report = changed("No HP", num(typed))
    assert report.corrections.after == [clean]
    assert report.tidied[code] == 1


def test_a_nik_with_spaces_and_hidden_characters_is_tidied():
    report = judge([person(nik="3171 0145 0890 9013\u200b")])
    assert report.employee["nik"] == ["3171014508909013"]
    assert report.tidied == {"CELL-01": 1, "CELL-03": 1}


def test_a_curly_apostrophe_is_made_plain():
    assert judge([person(nama="MA’RUF CONTOHAN")]).employee["nama"] == ["MA'RUF CONTOHAN"]
