"""NIK, KK and KPJ: boundaries, precedence, and what the sentences are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.identifiers import born, npwp_check_fits
from tests.domain.sheets import TODAY, changed, found, judge, num, of, person, verdicts

SIX = "317101"


@pytest.mark.parametrize(
    "nik",
    [
        "3171010101909001", "3171013101909001", "3171014101909001", "3171017101909001",
        "3171012902009003", "3171012902049003", "3171016902009003", "3171013112999999",
    ],
)  # fmt: skip
def test_days_and_months_at_the_edge_are_dates(nik):
    assert of(nik=nik) == []


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("3171010001909001", "NIK-08"), ("3171013201909001", "NIK-08"), ("3171014001909001", "NIK-08"),
        ("3171017201909001", "NIK-08"), ("3171018101909001", "NIK-08"), ("3171019901909001", "NIK-08"),
        ("3171010100909001", "NIK-09"), ("3171010113909001", "NIK-09"), ("3171012902019003", "NIK-09"),
        ("3171013104909001", "NIK-09"), ("3171017002909001", "NIK-09"), ("3171013002049001", "NIK-09"),
    ],
)  # fmt: skip
def test_days_and_months_beyond_the_edge_are_none(nik, code):
    assert of(nik=nik) == [f"E* {code}"]


@pytest.mark.parametrize(
    "regency", ["9201", "9271", "9671", "9501", "9301", "9401", "6501", "6571"]
)
def test_regencies_split_off_or_left_behind_are_known(regency):
    assert not {"E NIK-02", "E* NIK-06"} & set(of(nik=f"{regency}010508909013"))


@pytest.mark.parametrize(
    "province", ["00", "10", "20", "22", "37", "50", "54", "66", "77", "83", "90", "97", "99"]
)
def test_provinces_that_are_none_are_errors(province):
    expected = "E NIK-15" if province == "00" else "E NIK-02"
    assert of(nik=f"{province}71010508909013") == [expected]


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        ("3171000508909013", ["I NIK-07"]),
        ("3171990508909013", ["I NIK-07"]),
        ("9109990508909013", ["I NIK-04"]),
        ("6404990508909013", ["I NIK-05"]),
        ("7319010508909013", ["I NIK-05"]),
        ("3100010508909013", ["E* NIK-06"]),
    ],
)
def test_a_district_is_asked_only_of_a_current_regency(nik, expected):
    assert of(nik=nik) == expected


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        ("0000000000000000", ["E NIK-14"]),
        ("9999999999999999", ["E NIK-14"]),
        ("1234567890123456", ["E NIK-14"]),
        ("3171317131713171", ["E NIK-14"]),
        ("1313131313131313", ["E NIK-14"]),
        ("0971018508909013", ["E NIK-15"]),
        ("9971018508900000", ["E NIK-02"]),
        ("3199018508900000", ["E* NIK-06"]),
        ("3171018508900000", ["E* NIK-08"]),
        ("3171013002900000", ["E* NIK-09"]),
        ("9109013002909001", ["I NIK-04", "E* NIK-09"]),
        ("3171993002909001", ["I NIK-07", "E* NIK-09"]),
    ],
)
def test_the_first_hit_wins_and_never_hides_a_worse_one(nik, expected):
    assert of(nik=nik) == expected


def test_an_old_code_names_the_place_and_its_successor():
    [params] = judge([person(nik="9109010107889004")]).findings.params
    assert params["name"] == "Kabupaten Mimika"
    assert params["successor"].startswith("9404 (")


def test_a_wrong_date_is_not_compared_with_the_birth_date():
    assert of(nik="3171018508909013", lahir="05-08-1990", jk="L") == ["E* NIK-08"]


def test_an_unknown_regency_does_not_stop_the_comparison():
    assert of(nik="3199010508909013", lahir="06-08-1990") == ["E* NIK-06", "W NIK-11"]


def test_sex_is_compared_with_the_day():
    assert of(nik="3171010508909013", jk="L") == []
    assert of(nik="3171010508909013", jk="P") == ["W NIK-13"]
    report = judge([person(nik="3171010508909013", jk="P"), person(kpj="09999990025", jk="L")])
    assert [p["sex"] for p in report.findings.params if p and "sex" in p] == [
        "laki-laki (L)", "perempuan (P)"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kk", "expected"),
    [
        ("3171014103159001", ["E KK-04"]), ("3171017103159001", ["E KK-04"]),
        ("3171014003159001", ["E* KK-03"]), ("3171017203159001", ["E* KK-03"]),
        ("3171010003159001", ["E* KK-03"]), ("3171011213159001", ["E* KK-03"]),
        ("3171012902159001", ["E* KK-03"]), ("3171012902169001", []),
        ("3171011203279001", ["W KK-06"]), ("3171011203999001", ["W KK-06"]),
        ("3171012111269001", []), ("3171012211269001", ["W KK-06"]), ("3171010112269001", ["W KK-06"]),
        ("3171001203159001", ["W KK-02/district"]),
        ("6404011203159001", ["W KK-02/old"]),
        ("9971015203159001", ["E KK-02/province"]),
        ("3199011203150000", ["E* KK-02/regency"]),
        ("3171991203159999", ["W KK-02/district"]),
        ("3171993202159001", ["W KK-02/district", "E* KK-03"]),
        ("3171011203150000", ["W KK-07"]),
        ("31710112031590O1", ["E CELL-04"]),
        ("", []), ("-", []), ("1111111111111111", []),
    ],
)  # fmt: skip
def test_a_family_card_is_judged_by_its_parts(kk, expected):
    assert of(kk=kk) == expected


def test_a_family_card_is_never_compared_with_the_place_of_the_nik():
    assert of(nik="3171014508909013", kk="3515141203159001") == []


def test_a_nik_in_the_kk_column_is_said_rather_than_its_parts():
    assert of(kk="3171014508909013") == ["E KK-05/own"]


def test_a_nik_of_another_line_of_the_same_employee_is_its_own():
    lines = [
        person(),
        person(kk="3171014508909013", gelar_baru="") | {"Email (Menjadi)": "a@contoh.example"},
    ]
    assert verdicts(judge([{**lines[0], "No KK": ""}, lines[1]])) == ["E KK-05/own"]


def test_a_replaced_nik_is_no_nik_to_compare_the_family_card_with():
    row = person(kk="3171014508909013", gelar_baru="") | {"NIK (Menjadi)": "3171014508909021"}
    assert verdicts(judge([row])) == ["E KK-04", "W NIK-18"]


@pytest.mark.parametrize(
    ("kpj", "expected"),
    [
        ("0999999OO17", "E* KPJ-02/lookalike"), ("0999999oo17", "E* KPJ-02/lookalike"),
        ("OILSB999999", "E* KPJ-02/lookalike"), ("0999999OX17", "W KPJ-02/old-card"),
        ("0999999É017", "E KPJ-01"), ("ABC", "E KPJ-01"), ("0999999#017", "E KPJ-01"),
        ("099-9999-0017.", None), ("000999990017", "E KPJ-01"), ("0999999001700", "E KPJ-01"),
        ("00099999001712", "E KPJ-01"), (num(999999001), "E KPJ-04"), (num(999999001712), "E KPJ-01"),
        (num(3171014508909010), "E KPJ-06"), ("9999990017.0", "E KPJ-03"), ("999999001,0", "E KPJ-04"),
        (num("12.5"), "E KPJ-01"),
    ],
)  # fmt: skip
def test_a_kpj_is_named_for_what_it_is(kpj, expected):
    assert of(kpj=kpj) == ([expected] if expected else [])


def test_lookalike_letters_come_with_a_proposal_but_stay_as_they_are():
    report = judge([person(kpj="oil99990017")])
    assert report.findings.suggestion == ["01199990017"]
    assert report.employee["kpj"] == ["OIL99990017"]


def test_a_csv_that_has_lost_every_leading_zero_is_read_as_numbers():
    lost = [person(kpj="9999990017"), person(kpj="9999990025", nik="3171010508909021")]
    assert verdicts(judge(lost, source="csv")) == ["E KPJ-03", "E KPJ-03"]
    kept = [lost[0], person(kpj="09999990025", nik="3171010508909021")]
    assert verdicts(judge(kept, source="csv")) == ["E KPJ-04"]


def test_accounts_and_npwp_of_a_csv_lose_zeros_as_numbers_do():
    def judged(header, *values, **more):
        rows = [
            person(kpj=f"0999999002{at}", nik=f"317101050890902{at}", **{header: value, **more})
            for at, value in enumerate(values)
        ]
        return [v for v in verdicts(judge(rows, source="csv")) if "BNK" in v or "TAX" in v]

    bca = {"Kode Bank": "014"}
    assert judged("No Rekening", "112000011", "1120000119", **bca) == ["W BNK-04"]
    assert judged("No Rekening", "112000011", "0120000119", **bca) == ["W BNK-02"]
    assert judged("NPWP", "99876542999000") == ["W TAX-08"]


def test_a_csv_whose_every_nik_ends_in_zero_has_lost_its_last_digits():
    niks = [f"31710105089090{at}0" for at in range(1, 6)]
    lost = [person(kpj=f"0999999002{at}", nik=nik) for at, nik in enumerate(niks)]
    assert [v for v in verdicts(judge(lost, source="csv")) if "CELL" in v] == ["E CELL-05"] * 5
    assert verdicts(judge(lost[:4], source="csv")) == []
    assert verdicts(judge(lost)) == []
    kept = [*lost, person(kpj="09999990029", nik="3171010508909021")]
    assert verdicts(judge(kept, source="csv")) == []


def test_one_nik_with_several_kpj_says_so_at_both_numbers():
    report = judge([person(), person(kpj="09999990025")])
    assert [(code, row, header) for code, _, _, row, header in found(report)] == [
        ("KPJ-08", 2, "KPJ"), ("NIK-16", 2, "NIK"), ("KPJ-08", 3, "KPJ"), ("NIK-16", 3, "NIK"),
    ]  # fmt: skip


def test_a_merge_already_asked_for_is_not_asked_for_again():
    merging = person(gelar_baru="") | {"KPJ Digabung (Menjadi)": "09999990025"}
    assert verdicts(judge([merging, person(kpj="09999990025")])) == []


def test_a_shared_nik_of_rows_without_kpj_is_no_merge():
    assert verdicts(judge([person(kpj=""), person()])) == ["E REQ-01/empty"]


def test_two_people_with_one_nik_name_each_others_rows():
    rows = [person(), person(kpj="09999990025", nama="BUDI CONTOH"),
            person(kpj="09999990033", nama="DEWI CONTOH")]  # fmt: skip
    report = judge(rows)
    assert verdicts(report) == ["E* NIK-17"] * 3
    assert [p["rows"] for p in report.findings.params] == ["3, 4", "2, 4", "2, 3"]


def test_another_birth_date_is_another_person():
    rows = [person(lahir="05-08-1990"), person(kpj="09999990025", lahir="05-08-1991")]
    assert [code for code, *_ in found(judge(rows), "NIK-17")] == ["NIK-17"] * 2


def test_at_most_five_rows_are_named():
    rows = [person(kpj=f"0999999{1000 + i}", nama=f"SITI {'ABCDEFGH'[i]}A") for i in range(8)]
    assert judge(rows).findings.params[0]["rows"] == "3, 4, 5, 6, 7, …"


def test_a_new_nik_shows_the_old_one():
    report = changed("NIK", "3171014508909021")
    assert report.findings.params == [{"before": "3171014508909013"}]


def test_a_first_nik_replaces_none():
    assert verdicts(changed("NIK", "3171014508909021", nik="")) == []


@pytest.mark.parametrize(
    ("year", "shown"),
    [(90, "05-08-1990"), (27, "05-08-1927"), (26, "05-08-26"), (12, "05-08-12"), (11, "05-08-2011"),
     (0, "05-08-2000")],
)  # fmt: skip
def test_the_century_of_a_nik_is_shown_only_where_it_is_certain(year, shown):
    assert born(45, 8, year, TODAY) == shown


@given(st.integers(0, 10**8 - 1))
def test_every_npwp_has_exactly_one_check_digit(eight):
    assert sum(npwp_check_fits(f"{eight:08d}{last}") for last in range(10)) == 1


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_any_sixteen_digits_get_a_verdict(nik):
    chain = [v for v in of(nik=nik) if "NIK-" in v]
    assert sum(v.startswith("E") for v in chain) <= 1
