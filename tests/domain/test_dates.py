"""Dates as text, as cells, as numbers; age; the whole column swapped."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.dates import day_first, make_date, read_date_text, read_typed_date, shown
from tests.domain.sheets import (
    changed,
    clock,
    computed,
    day,
    found,
    judge,
    num,
    of,
    person,
    verdicts,
)  # fmt: skip

NIK = "3171010508909013"
"""5 August 1990, a man."""


def read(value, **options):
    """The verdicts and the clean date of a birth date."""
    report = judge([person(nik=NIK, lahir=value)], **options)
    return verdicts(report), report.employee["tanggal_lahir"][0]


@pytest.mark.parametrize(
    "written",
    [
        "05-08-1990", "5-8-1990", "05/08/1990", "5/8/1990", "05.08.1990", "05 08 1990", "5 - 8 - 1990",
        "1990-08-05", "1990/08/05", "1990-8-5", "1990.08.05", "1990-08-05T00:00:00", "1990-08-05 00:00",
        "1990-08-05T00:00:00.000Z", "1990-08-05 00:00:00+07:00", "05-08-1990 00:00:00",
        "5 Agustus 1990", "05 Agt 1990", "5 agu 1990", "5 AGST 1990", "5-Aug-1990", "5 August 1990",
        "5Agustus1990", "05 Agt. 1990", "5 Agustus, 1990", "JAKARTA, 05-08-1990", "Jakarta, 5 Agustus 1990",
        "JAKARTA, 1990-08-05", "'05-08-1990", " 05-08-1990\u200b", "０５－０８－１９９０", "05-08-90", "5 Ags 90",
        "August 5, 1990", "Aug 5 1990", "Sunday, August 5, 1990", "Agustus 5, 1990", "Aug. 5, 1990 00:00",
        "05\u201308\u20131990", "05\u201108\u20111990", "1990\u201208\u201205",
        "5 Agust 1990", "5 Agustu 1990", "5-VIII-1990", "5 / VIII / 1990", "5 Agustus '90",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(written):
    assert read(written) == ([], "1990-08-05")


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("Januari", 1), ("Feb", 2), ("Pebruari", 2), ("Peb", 2), ("Maret", 3), ("Mrt", 3), ("Mar", 3),
        ("April", 4), ("Mei", 5), ("May", 5), ("Juni", 6), ("June", 6), ("Jul", 7), ("July", 7),
        ("Agus", 8), ("Ags", 8), ("September", 9), ("Sept", 9), ("Okt", 10), ("Oct", 10),
        ("Nopember", 11), ("Nop", 11), ("November", 11), ("Desember", 12), ("Dec", 12),
    ],
)  # fmt: skip
def test_every_month_is_known_by_its_names(word, month):
    assert read_date_text(f"5 {word} 1990").day == date(1990, month, 5)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("31/02/1990", "E DAT-01/calendar"), ("08/13/1990", "E DAT-01/calendar"),
        ("00-00-0000", "E DAT-01/calendar"), ("29-02-1990", "E DAT-01/calendar"),
        ("1990-13-01", "E DAT-01/calendar"), ("31 Juni 1990", "E DAT-01/calendar"),
        ("0000-01-01", "E DAT-01/calendar"), ("1/2/0000", "E DAT-01/calendar"),
        ("Agustus 1990", "E DAT-01/form"), ("5 Foo 1990", "E DAT-01/form"), ("besok", "E DAT-01/form"),
        ("05/08-199", "E DAT-01/form"), ("1990 08 05", "E DAT-01/form"), ("05é08é1990", "E DAT-01/form"),
        ("33090", "E DAT-01/form"), ("13:00", "E DAT-01/form"),
        ("06-08-90", "E DAT-04"), ("31-02-90", "E DAT-04"),
        ("1990-08-05 13:00", "W DAT-09/with-time"), ("05-08-1990 07:30:00", "W DAT-09/with-time"),
        ("05081990", "W DAT-07/one-reading"), ("19900805", "W DAT-07/one-reading"),
        ("5081990", "E* DAT-07/doubtful"), ("99999999", "E* DAT-07/doubtful"),
        (day("1990-08-05T07:30:00"), "W DAT-09/with-time"), (clock("07:30:00"), "E DAT-09/time"),
        (day("1990-02-31"), "E DAT-01/calendar"), (day("rusak"), "E DAT-01/calendar"),
        (num(33090), "W DAT-06/serial"), (num("33090.0"), "W DAT-06/serial"),
        (num("33090.25"), "W DAT-09/with-time"), (num(19900805), "W DAT-07/one-reading"),
        (num(5081990), "E* DAT-07/doubtful"), (num(12081990), "E* DAT-07/doubtful"),
        (num(60), "E* DAT-10"), (num(6999), "E* DAT-10"), (num(46501), "E DAT-01/form"),
        (num("-5"), "E DAT-01/form"), (num("0.5"), "E* DAT-10"), (num(1990), "E* DAT-10"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_named_for_what_it_is(written, expected):
    assert read(written)[0] == [expected]


@pytest.mark.parametrize(
    ("written", "proposal"),
    [
        (num(33090), "05-08-1990"), ("05081990", "05-08-1990"), (num(5081990), "05-08-1990"),
        (num(19900805), "05-08-1990"), (day("1990-08-05T07:30:00"), "05-08-1990"),
        ("99999999", None), ("31/02/1990", None), ("1990-08-05T07:30:00", "05-08-1990"),
        # midnight of 6 August in Jakarta, as JavaScript writes it: two days may be meant
        ("1990-08-05T17:00:00Z", None), ("1990-08-05T17:00:00.000+00:00", None),
        ("Aug 32, 1990", None), ("Smarch 5, 1990", None),
    ],
)  # fmt: skip
def test_a_date_that_can_be_read_one_way_is_proposed(written, proposal):
    assert judge([person(nik=NIK, lahir=written)]).findings.suggestion == [proposal]


def test_a_doubtful_date_stays_as_it_is_found():
    assert read(num(5081990))[1] == "5081990"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("01-01-1930", ["W DAT-12"]), ("31-12-1929", ["E* DAT-10"]), ("20-11-1945", ["W DAT-12"]),
        ("22-11-1945", []), ("21-11-1946", []), ("21-11-2011", []), ("22-11-2011", ["W DAT-12"]),
        ("21-11-2026", ["W DAT-12"]), ("22-11-2026", ["E DAT-11"]), ("01-01-2090", ["E DAT-11"]),
        (num(7000), ["W DAT-06/serial", "E* DAT-10"]),
    ],
)  # fmt: skip
def test_an_age_beyond_15_to_80_is_asked_about(born, expected):
    assert [v for v in of(nik="3171010508900000", lahir=born) if "DAT" in v] == expected


def test_other_dates_have_no_age_and_no_two_digit_years():
    for header in ("Tanggal Mulai", "Tanggal Berhenti"):
        assert verdicts(changed(header, "01-01-2090")) == []
        assert verdicts(changed(header, "01-01-1900")) == []
        assert verdicts(changed(header, "01-01-20")) == ["E DAT-01/form"]
        assert verdicts(changed(header, num(50))) == ["E DAT-01/form"]


def test_the_1904_system_is_said_on_date_cells_only():
    assert read(day("1990-08-05"), epoch_1904=True) == (["W DAT-05"], "1990-08-05")
    assert read("05-08-1990", epoch_1904=True) == ([], "1990-08-05")
    assert read(num(31628), epoch_1904=True) == (["W DAT-06/serial"], "1990-08-05")


def test_a_two_digit_year_needs_one_fitting_century():
    assert of(nik="3171010508119013", lahir="05-08-11") == []
    assert of(nik="3171010508209013", lahir="05-08-20") == ["E DAT-04"]
    assert of(nik="3171010508459013", lahir="05-08-45") == ["E DAT-04"]
    assert of(nik="", lahir="05-08-90") == ["E REQ-01/empty", "E DAT-04"]
    assert of(nik="3171014508909013", lahir="05-08-90") == []


def test_a_two_digit_year_is_completed_with_the_new_nik():
    row = person(kk="3171011203159001", nik="3171010608909013", lahir="05-08-90", gelar_baru="")
    report = judge([row | {"NIK (Menjadi)": NIK}])
    assert verdicts(report) == ["W NIK-18"]
    assert report.employee["tanggal_lahir"] == ["1990-08-05"]
    assert report.tidied["DAT-04"] == 1


def test_a_birth_date_without_a_nik_column_is_not_compared():
    rows = [{"KPJ": "09999990017", "Nama Lengkap": "SITI CONTOHAN", "Tanggal Lahir": "05-08-90",
             "Gelar (Menjadi)": "S.E."}]  # fmt: skip
    assert [code for code, *_ in found(judge(rows))] == ["REQ-01", "DAT-04"]


def test_typed_and_written_swaps_are_told_apart():
    assert of(nik=NIK, lahir=day("1990-05-08")) == ["W DAT-08"]
    assert of(nik=NIK, lahir="08-05-1990") == ["W NIK-12"]
    assert of(nik=NIK, lahir=day("1991-05-08")) == ["W NIK-11"]
    assert of(nik="3171010808909013", lahir=day("1990-08-08")) == []


def test_the_day_of_the_nik_is_said():
    [params] = judge([person(nik=NIK, lahir="06-08-1990")]).findings.params
    assert params["birth"] == "05-08-1990"


def pair(typed, written, typed_nik=NIK, written_nik="3171011305909021"):
    return [
        person(nik=typed_nik, lahir=day(typed)),
        person(kpj="09999990025", nik=written_nik, lahir=written),
    ]


def test_a_column_swapped_by_regional_settings_is_one_error_of_the_column():
    report = judge(pair("1990-05-08", "13/05/1990"))
    assert found(report, "DAT-14") == [("DAT-14", "", "E", 0, "Tanggal Lahir")]
    assert found(report, "DAT-08")


def test_a_typed_date_that_the_nik_confirms_acquits_the_column():
    assert not found(judge(pair("1990-08-05", "13/05/1990")), "DAT-14")


def test_a_few_cells_without_evidence_may_be_chance():
    rows = pair("1990-02-03", "13/05/1990")
    assert not found(judge(rows), "DAT-14")
    more = [
        person(
            kpj=f"0999999{1000 + i}",
            nik=f"317101010190{9001 + i}",
            lahir=day(f"1991-02-{3 + i:02d}"),
        )
        for i in range(4)
    ]
    assert found(judge(rows + more), "DAT-14")


def test_days_on_both_sides_are_no_swap():
    assert not found(judge(pair("1990-05-08", "12/05/1990")), "DAT-14")
    assert not found(judge([*pair("1990-05-08", "13/05/1990"),
                            person(kpj="09999990033", nik="3171011305909033", lahir=day("1990-05-13"))]),
                     "DAT-14")  # fmt: skip


def test_other_date_columns_may_be_swapped_too():
    rows = [
        person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + i}", gelar_baru="")
        | {"Tanggal Mulai (Menjadi)": day("2020-05-08") if i % 2 else "13/05/2020"}
        for i in range(6)
    ]  # fmt: skip
    assert found(judge(rows)) == [("DAT-14", "", "E", 0, "Tanggal Mulai (Menjadi)")]


def test_a_formula_may_give_a_date():
    assert of(nik=NIK, lahir=computed("05-08-1990")) == ["W CELL-17"]


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_what_is_shown_is_read_back(any_day):
    assert read_date_text(shown(any_day)).day == any_day
    assert read_date_text(any_day.isoformat()).day == any_day
    assert read_typed_date(any_day.isoformat()).day == any_day


@given(
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999), st.sampled_from("-/. "),
)  # fmt: skip
def test_a_column_and_a_single_text_are_read_alike(dd, mm, yyyy, mark):
    text = f"{dd:02d}{mark}{mm:02d}{mark}{yyyy:04d}"
    report = changed("Tanggal Mulai", text)
    known = make_date(yyyy, mm, dd)
    assert read_date_text(text).day == known
    assert report.corrections.after == [known.isoformat() if known else text]


@given(st.text(max_size=30))
def test_any_text_gets_a_verdict_and_never_an_exception(text):
    read_date_text(text)
    changed("Tanggal Mulai", text)


def test_a_change_of_day_and_month_is_not_proposed_to_be_taken_back():
    asked = person(kk="3171011203159001", lahir="05-08-1990") | {
        "Tanggal Lahir (Menjadi)": "08-05-1990"
    }
    undone, other = judge([asked]), judge([asked | {"Tanggal Lahir": "01-01-1990"}])
    assert (verdicts(undone), undone.findings.suggestion) == (["W NIK-11"], [None])
    assert (verdicts(other), other.findings.suggestion) == (["W NIK-12"], ["05-08-1990"])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1988-12-25", "25-12-1988"),
        ("1900-02-29", "1900-02-29"),  # Excel's day that no calendar has
        ("1988-12-25T08:00:00", "1988-12-25T08:00:00"),
        ("15 Juli 1980", "15 Juli 1980"),
        ("", ""),
    ],
)
def test_a_date_cell_is_shown_day_first_and_no_other_text_is_changed(value, written):
    assert day_first(value) == written
