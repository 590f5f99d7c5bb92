"""What earlier batches say: HIS findings in their place, and numbers that were meant."""

from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.checking import check
from hr_portal.domain.checks.past import compare_history, wanting
from hr_portal.domain.history import History, Known, near
from hr_portal.domain.rules import message
from tests.domain.sheets import CORRECTION, TODAY, found, judge, num, person, table

KPJ, NIK = "09999990017", "3171014508909013"
SWAPPED = "3171014508909031"
DIGITS = st.text("0123456789", min_size=2, max_size=16)


def test_findings_of_history_stand_in_the_order_of_the_sheet():
    history = History(
        pending={(KPJ, "hp"): "PKD-1"}, approved={(KPJ, "hp", "+6281200000001"): "PKD-2"}
    )
    rows = [person(nik="3"), person() | {"No HP (Menjadi)": "081200000001"}]
    report = judge(rows, history=history)
    assert [(code, row, header) for code, _case, _w, row, header in found(report)][-2:] == [
        ("HIS-01", 3, "No HP (Menjadi)"), ("HIS-02", 3, "No HP (Menjadi)"),
    ]  # fmt: skip
    assert report.row_severity.tolist()[1] >= 2


def test_a_report_without_history_is_left_as_it_is():
    report = judge([person(nik="3")])
    severities, findings = report.row_severity, report.findings
    compare_history(report, History())
    compare_history(report, History(pending={(KPJ, "hp"): "PKD-1"}))
    assert report.row_severity is severities
    assert report.findings is findings


def test_a_read_only_report_can_be_judged():
    report = judge([{**CORRECTION}])
    report.row_severity.flags.writeable = False
    compare_history(report, History(pending={(KPJ, "gelar"): "PKD-1"}))
    assert report.row_severity.tolist() == [2]


def test_of_two_new_columns_of_one_field_the_filled_one_is_named():
    sheet = table([person() | {"No HP (Menjadi)": "081200000001"}])
    report = check(sheet, today=TODAY, history=History(pending={(KPJ, "hp"): "PKD-1"}))
    assert [f.value for f in report.findings if f.code == "HIS-01"] == ["081200000001"]


def test_a_damaged_nik_is_offered_as_it_was_sent_before():
    history = History(nik_meant={(KPJ, "3171014508909010"): (NIK, "PKD-7")})
    report = judge([person(nik=num("3171014508909010"))], history=history)
    [damaged] = [f for f in report.findings if f.code == "CELL-05"]
    assert damaged.suggestion == NIK
    assert message(damaged, report.table).endswith(f"Usulan: {NIK}, dari pengajuan PKD-7.")
    assert message(damaged, report.table, "en").endswith(f"Proposal: {NIK}, from submission PKD-7.")


def test_a_kpj_is_offered_by_its_nik():
    written = KPJ[:6] + KPJ[7:]
    history = History(kpj_meant={(NIK, written): (KPJ, "PKD-7")})
    report = judge([person(kpj=written)], history=history)
    assert KPJ in [f.suggestion for f in report.findings if f.field == "kpj"]


def test_nothing_is_offered_for_a_value_that_is_being_given_or_is_not_known():
    history = History(nik_meant={(KPJ, "1"): (NIK, "PKD-7")})
    report = judge([person(nik="3", kk="3171011203159001")], history=history)
    assert {f.suggestion for f in report.findings if f.field == "nik"} == {None}
    given_new = judge([person(kk="3171011203159001") | {"NIK (Menjadi)": "3"}], history=history)
    assert wanting(given_new, "nik") == []


BIRTH, OTHER = "1990-08-05", {"kpj": "09999990025", "nik": "3171014508909021"}
SPOILT = "3171010000000000"


def offered(rows, **known):
    """What is offered for the first row's NIK and KPJ by name and date of birth, and from where."""
    held = {"kpj": KPJ, "nik": NIK, **known}
    people = {("SITI CONTOHAN", BIRTH): Known(held["kpj"], held["nik"], "PKD-7", 12)}
    report = judge(
        [{"Tanggal Lahir": "05-08-1990", **one} for one in rows], history=History(people=people)
    )
    return [
        (f.field, f.suggestion, (f.params or {})["origin"])
        for f in report.findings
        if f.row == 0 and f.field in {"nik", "kpj"} and "origin" in (f.params or {})
    ]


def test_a_lost_number_is_offered_by_name_and_date_of_birth_and_says_from_where():
    place = "pengajuan PKD-7 baris 12"
    assert offered([person(nik=num(SPOILT))]) == [("nik", NIK, place)]
    assert offered([person(nik="")]) == [("nik", NIK, place)]
    assert offered([person(kpj="")]) == [("kpj", KPJ, place)]
    assert offered([person(nik="", kpj="")]) == [("kpj", KPJ, place), ("nik", NIK, place)]


def test_nothing_is_offered_by_name_where_it_may_be_somebody_else():
    lost = person(nik="")
    assert offered([person(nik="", nama="SITI CONTOH")]) == []
    assert offered([person(nik="") | {"Tanggal Lahir": ""}]) == []
    assert offered([person(nik="", kpj=OTHER["kpj"])]) == []  # the KPJ says who it is
    assert offered([lost], nik="") == offered([lost], kpj="") == []
    assert offered([lost, person(**OTHER)]) == []  # two of that name and day in this file
    assert offered([lost, person(kpj=OTHER["kpj"], nama="BUDI MISAL")]) == []  # has that NIK
    assert offered([lost, person(**OTHER, nama="BUDI MISAL")]) != []
    spoilt = person(nik=num(SPOILT))
    assert offered([spoilt], nik=SPOILT) == []


def test_rows_in_doubt_are_those_without_a_suggestion():
    report = judge([person(nik="3"), person(kpj="09999990025", nik="3171014508909021")])
    assert wanting(report, "nik") == [0]
    assert wanting(report, "kpj") == []


def test_one_slip_is_a_digit_wrong_missing_or_doubled_or_two_swapped():
    slips = near(NIK)
    assert {SWAPPED, NIK[:-1] + "4", NIK[:-1], NIK + "3", NIK[:3] + NIK[4:]} <= slips
    assert NIK not in slips
    assert near("") == set("0123456789")


@given(DIGITS)
def test_a_slip_is_undone_by_a_slip(digits):
    assert all(digits in near(slip) for slip in near(digits))
