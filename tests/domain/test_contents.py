"""What a column's cells look like, whatever its header says."""

import pytest

from hr_portal.domain.contents import Sample, agreement, dated, look
from hr_portal.domain.table import Kind

WOMAN, MAN, KK = "3171014508909013", "3171010508909013", "3171011203159001"


def sample(*values, kind=Kind.TEXT):
    return Sample(values, [kind if value else Kind.EMPTY for value in values])


def patterns(value, kind=Kind.TEXT):
    return {name for name, count in look(sample(value, kind=kind)).counts.items() if count}


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (WOMAN, Kind.TEXT, {"digits", "sixteen", "women"}),
        (MAN, Kind.NUMBER, {"digits", "sixteen"}),
        ("3171 0145 0890 9013", Kind.TEXT, {"digits", "sixteen", "women"}),
        ("3171013508909013", Kind.TEXT, {"digits"}),
        ("09999990017", Kind.TEXT, {"digits", "kpj"}),
        ("9999990017", Kind.NUMBER, {"digits", "kpj"}),
        ("9999990017", Kind.TEXT, {"digits"}),
        ("08120000001", Kind.TEXT, {"digits", "phone"}),
        ("+62 812-0000-0001", Kind.TEXT, {"digits", "phone"}),
        ("81200000001", Kind.NUMBER, {"digits", "phone"}),
        ("10110", Kind.TEXT, {"digits", "postal"}),
        ("10110", Kind.NUMBER, {"digits"}),
        ("siti@contoh.example", Kind.TEXT, {"email"}),
        ("05-08-1990", Kind.TEXT, {"digits", "date"}),
        ("5 Agustus 1990", Kind.TEXT, {"date"}),
        ("1990-08-05", Kind.DATE, {"date"}),
        ("L", Kind.TEXT, {"sex"}),
        ("Perempuan", Kind.TEXT, {"sex"}),
        ("No HP", Kind.TEXT, {"label"}),
        ("SITI CONTOHAN", Kind.TEXT, {"name"}),
        ("#N/A", Kind.ERROR, set()),
        ("??", Kind.TEXT, set()),
        ("", Kind.TEXT, set()),
    ],
)
def test_a_cell_has_its_patterns(value, kind, expected):
    assert patterns(value, kind) == expected


def test_a_column_has_a_pattern_where_most_of_its_filled_cells_do():
    held = look(sample(WOMAN, MAN, MAN, "", MAN, "belum ada"))
    assert (held.filled, held.share("sixteen"), held.has("sixteen")) == (5, 0.8, True)
    assert held.has_women
    assert not look(sample(WOMAN, "x", "y")).has("sixteen")
    assert look(sample("", "")).share("sixteen") == 0
    assert not look(sample(KK)).has_women


@pytest.mark.parametrize(
    ("values", "key", "could"),
    [
        (("317101450890901", "31710145089090134"), "nik", True),
        (("3,17101E+15", "x"), "nik", True),
        (("9,999E+09",), "kpj", True),
        (("999999001",), "kpj", True),
        (("08120000001",), "kpj", False),
        (("SITI", "BUDI", "1"), "nama", True),
        (("SITI", "1", "2"), "nama", False),
        (("",), "nik", False),
        (("SITI",), "nik", False),
    ],
)
def test_a_damaged_column_could_still_be_what_is_needed(values, key, could):
    assert look(sample(*values)).could_be(key) is could


@pytest.mark.parametrize(
    ("values", "key", "verdict"),
    [
        ((WOMAN,), "nik", True),
        ((WOMAN,), "kk", True),
        (("SITI",), "nik", False),
        (("317101450890901",), "kk", None),
        (("12345678901234",), "hp", None),
        (("SITI",), "hp", False),
        (("siti@contoh.example",), "email", True),
        (("siti",), "email", False),
        (("05-08-1990",), "tanggal_lahir", True),
        (("05-08-1990", "kapan"), "tanggal_lahir", None),
        (("kapan",), "tanggal_mulai", False),
        (("123",), "nama", False),
        (("SITI",), "nama", None),
        (("1",), "no_rekening", None),
        (("09999990017",), "kpj_digabung", True),
        (("999999001",), "kpj", None),
        (("",), "nik", None),
    ],
)
def test_content_speaks_for_a_field_against_it_or_neither(values, key, verdict):
    assert look(sample(*values)).agrees(key) is verdict


def test_dates_that_are_those_of_the_nik_are_counted():
    niks = sample(WOMAN, MAN, MAN, "123", MAN, MAN)
    dates = sample("05-08-1990", "5 Agustus 90", "06-08-1990", "05-08-1990", "", "kapan")
    assert agreement(niks, dates) == (2, 3)
    typed = Sample(["1990-08-05", "x"], [Kind.DATE, Kind.ERROR])
    assert agreement(sample(WOMAN, WOMAN), typed) == (1, 1)


@pytest.mark.parametrize(
    ("digits", "verdict"),
    [(WOMAN, True), (KK, True), ("3171017208909013", False), ("3171010513909013", False),
     ("3171010013909013", False), ("317101", False), ("317101050890901x", False)],
)  # fmt: skip
def test_sixteen_digits_have_a_day_and_a_month(digits, verdict):
    assert dated(digits) is verdict
