"""Names: what is tidied, what is asked, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.names import PLAIN, canonical, comparable, look_at
from tests.domain.sheets import change, changed, day, judge, num, of, person, verdicts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SITI CONTOHAN", []), ("siti contohan", []), ("  Siti   Contohan ", []),
        ("", ["E NAM-01/empty"]), ("-", ["E NAM-01/empty"]), ("XXX", ["E NAM-01/empty"]),
        ("Tidak Ada", ["E NAM-01/empty"]), (". . .", ["E NAM-01/no-letters"]),
        ("12345", ["E NAM-01/no-letters"]), (num(12), ["E NAM-01/no-letters"]),
        (day("1990-08-05"), ["E NAM-01/no-letters"]),
        ("Y", ["E* NAM-01/one-letter"]), ("5 Y", ["E* NAM-01/one-letter", "E* NAM-02"]),
        ("王", ["E* NAM-01/one-letter", "E NAM-03"]), ("YO", ["I NAM-06"]),
        ("BUD1 CONTOH", ["E* NAM-02"]), ("BUDI ٣", ["E* NAM-02"]),
        ("СИТИ CONTOHAN", ["E NAM-03"]), ("СИТИ 1", ["E* NAM-02", "E NAM-03"]),
        ("ＳＩＴＩ CONTOHAN", ["E NAM-03"]),
        ("JOSÉ CONTOH", ["W NAM-04"]), ("Q\u0307A CONTOH", ["W NAM-04"]),
        ("D'ARTA CONTOH", ["W NAM-07/usual"]), ("D´ARTA CONTOH", ["W NAM-07/usual"]),
        ("SITI-CONTOH UMPAMA", ["W NAM-07/usual"]), ("M. ALI", ["W NAM-07/usual"]),
        ("SITI, CONTOH", ["W NAM-07/usual"]), ("SITI @ CONTOH", ["E* NAM-07/odd"]),
        ("SITI. (CONTOH)", ["E* NAM-07/odd"]), ("SITI 😀 CONTOH", ["E* NAM-07/odd"]),
        ("HJ SITI CONTOHAN", ["W NAM-08"]), ("Drs. BUDI CONTOH M.M.", ["W NAM-08"]),
        ("BUDI CONTOH, S.Kom., M.M.", ["W NAM-08"]), ("BUDI CONTOH, S.E. M.M.", ["W NAM-08"]),
        ("PROF. DR. BUDI CONTOH", ["W NAM-08"]), ("BUDI CONTOH, SE", ["W NAM-08"]), ("H.BUDI CONTOH", ["W NAM-08"]),
        ("BUDI CONTOH, A.Md.Kom.", ["W NAM-08"]),
        ("H.M. BUDI", ["W NAM-07/usual"]),
        ("BUDI CONTOH SE", []), ("BUDI CONTOH SKOM", ["W NAM-08"]), ("BUDI SPD", []),
        ("BUDI CONTOH AMD", ["W NAM-08"]), ("H. MA'RUF CONTOH", ["W NAM-07/usual", "W NAM-08"]),
        ("H.", ["E* NAM-01/one-letter"]), ("BUDI CONTOH,", ["W NAM-07/usual"]),
        ("MUH. ALI CONTOH", ["W NAM-09"]), ("SIT. AMINAH", ["W NAM-09"]), ("MUH ALI", []),
        ("H. ABD. RAHMAN", ["W NAM-08", "W NAM-09"]),
        ("3171014508909013", ["E NAM-12/number"]), ("099 9999 0017", ["E NAM-12/number"]),
        ("0001234567890", ["E NAM-12/number"]),
        ("A" * 30 + " " + "B" * 30, ["I NAM-05"]),
    ],
)  # fmt: skip
def test_a_name_is_judged(name, expected):
    assert of(nama=name) == expected


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("siti contohan", "SITI CONTOHAN"), ("Ma`ruf Contoh", "MA'RUF CONTOH"),
        ("Jose\u0301 Contoh", "JOSÉ CONTOH"), ("Siti\nContohan", "SITI CONTOHAN"),
        ("Siti\u00a0Contohan", "SITI CONTOHAN"), ("ßa contoh", "SSA CONTOH"),
        *((f"Ma{mark}ruf Contoh", "MA'RUF CONTOH") for mark in "’‘‛´ʹʻʼʽʾʿˈˊˋ′＇"),
        ("Siti\u2013Contoh Umpama", "SITI-CONTOH UMPAMA"),
    ],
)  # fmt: skip
def test_a_name_is_kept_in_upper_case(name, clean):
    report = judge([person(nama=name)])
    assert report.employee["nama"] == [clean]
    assert report.tidied["NAM-10"] == 1


def test_full_width_letters_come_with_their_latin_twin():
    assert judge([person(nama="ＳＩＴＩ CONTOHAN")]).findings.suggestion == ["SITI CONTOHAN"]
    assert judge([person(nama="СИТИ CONTOHAN")]).findings.suggestion == [None]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("H. BUDI CONTOH, S.E.", "BUDI CONTOH"), ("DR. IR. BUDI, M.M., PHD", "BUDI"),
        ("BUDI CONTOH S.KOM", "BUDI CONTOH"), ("H. BUDI, CONTOH", "BUDI, CONTOH"),
    ],
)  # fmt: skip
def test_a_title_comes_with_the_name_without_it(name, bare):
    assert bare in judge([person(nama=name)]).findings.suggestion


@pytest.mark.parametrize(
    ("mother", "expected"),
    [
        ("SRI UMPAMA", []), ("ALM. SRI UMPAMA", ["W NAM-11"]), ("(ALMH) SRI", ["W NAM-11"]),
        ("IBU SRI", ["W NAM-11"]), ("Almh Sri Umpama", ["W NAM-11"]), ("SRI", ["I NAM-06"]),
        ("ALMARHUMAH SRI UMPAMA", ["W NAM-11"]), ("SRI UMPAMA (ALMH)", ["W NAM-11"]),
        ("SRI UMPAMA ALM", ["W NAM-11"]), ("IBU SRI, ALMH.", ["W NAM-11"]), ("SRI HALM", []),
        ("IBUNDA SRI", []), ("SR1", ["E* NAM-02"]), ("Hj. SRI UMPAMA", ["W NAM-08"]),
    ],
)  # fmt: skip
def test_the_mothers_name_is_judged_the_same_and_for_prefixes(mother, expected):
    assert change("Nama Ibu Kandung", mother) == expected


def test_the_prefix_of_a_mother_is_dropped_in_the_proposal():
    for written in ("ALMH. SRI UMPAMA", "SRI UMPAMA (ALM.)", "IBU SRI UMPAMA ALMH"):
        assert changed("Nama Ibu Kandung", written).findings.suggestion == ["SRI UMPAMA"]


def test_other_names_are_judged_only_for_what_can_not_be_a_name():
    assert change("Nama Rekening", "SITI CONTOHAN, S.E.") == []
    assert change("Nama Rekening", "S1TI CONTOHAN") == ["E* NAM-02", "W BNK-06"]
    assert change("Nama Kontak Darurat", "?") == ["E NAM-01/no-letters"]


def test_names_are_compared_without_titles_and_marks():
    assert comparable("H. MA'RUF AL-AMIN, S.E.") == comparable("MARUF AL AMIN")
    assert comparable("JOSÉ") == "JOSE"


def test_swapped_columns_are_said_at_both_cells():
    report = judge([person(nik="SITI CONTOHAN", nama="3171014508909013")])
    assert verdicts(report) == ["E NAM-12/name", "E NAM-12/number"]
    assert of(kpj="SITI CONTOHAN", nama="09999990017") == ["E NAM-12/name", "E NAM-12/number"]
    assert of(kk="SITI CONTOHAN") == ["E NAM-12/name"]


WORDS = st.sampled_from(
    [
        "SITI",
        "h",
        "HJ",
        "Ibu",
        "alm",
        "MUH",
        "Ali",
        "tidak",
        "ADA",
        "dr",
        "S.E.",
        "M.",
        "st",
        "a",
        "É",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
def test_the_fast_pattern_lets_nothing_pass_that_has_a_finding(name):
    for of_field in ("nama", "nama_ibu", "nama_rekening"):
        assert not (PLAIN.fullmatch(name) and look_at(canonical(name), of=of_field))


@given(st.text())
def test_the_kept_form_is_kept(name):
    assert canonical(canonical(name)) == canonical(name)
