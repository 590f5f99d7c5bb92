from datetime import date

import pytest

from hr_portal.domain.letter_numbers import (
    DEFAULT_PATTERN,
    PatternError,
    Series,
    check_pattern,
    check_series,
    format_number,
    period_days,
    period_of,
    sequence_in,
    series_of,
)

NOVEMBER = date(2026, 11, 21)


def number(pattern: str, sequence: int = 7) -> str:
    return format_number(pattern, sequence=sequence, issued_on=NOVEMBER, company_code="CSA")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (DEFAULT_PATTERN, "007/SPK/CSA/XI/2026"),
        ("{urut}/HRD/{perusahaan}/{bulan_romawi}/{tahun}", "7/HRD/CSA/XI/2026"),
        ("{perusahaan}/{tahun}/{urut:04}/HRD", "CSA/2026/0007/HRD"),
        ("{urut:02}.{bulan}-{tahun} (A&B)", "07.11-2026 (A&B)"),
        ("{urut}{urut}/{tahun}", "77/2026"),
    ],
)
def test_a_pattern_gives_the_number(pattern, expected):
    assert check_pattern(pattern) == []
    assert number(pattern) == expected


def test_a_number_longer_than_its_width_is_not_cut():
    assert number("{urut:03}/{tahun}", 12345) == "12345/2026"


def test_month_and_year_are_those_of_the_letter():
    assert (
        format_number(DEFAULT_PATTERN, sequence=1, issued_on=date(2027, 1, 2), company_code="CSA")
        == "001/SPK/CSA/I/2027"
    )


def test_another_kind_of_letter_has_its_own_code():
    given = format_number(
        DEFAULT_PATTERN, sequence=1, issued_on=NOVEMBER, company_code="CSA", letter_code="SP"
    )
    assert given == "001/SP/CSA/XI/2026"


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("{tahun}/HRD", "{urut}"),
        ("{urut}/HRD", "{tahun}"),
        ("{urut}/{tahun}/{divisi}", "{divisi}"),
        ("{urut.__class__}/{urut}/{tahun}", "{urut.__class__}"),
        ("{urut[0]}/{urut}/{tahun}", "{urut[0]}"),
        ("{urut!r}/{urut}/{tahun}", "{urut!r}"),
        ("{urut:>999999}/{urut}/{tahun}", "{urut:>999999}"),
        ("{urut:00}/{urut}/{tahun}", "{urut:00}"),
        ("{tahun:03}/{urut}/{tahun}", "{tahun:03}"),
        ("{}/{urut}/{tahun}", "{}"),
        ("{urut}/{tahun}/{", "kurung kurawal"),
        ("{{urut}}/{urut}/{tahun}", "kurung kurawal"),
        ("{urut}/{tahun}/<b>", "<"),
        ("{urut}/{tahun}\n", "\n"),
        ("{urut}/{tahun}/" + "A" * 80, "80"),
    ],
)
def test_an_unsound_pattern_is_named_and_gives_no_number(pattern, named):
    problems = check_pattern(pattern)
    assert any(named in problem for problem in problems)
    with pytest.raises(PatternError) as raised:
        number(pattern)
    assert raised.value.problems == problems


def test_a_sequence_starts_at_one():
    with pytest.raises(ValueError, match="starts at 1"):
        number(DEFAULT_PATTERN, 0)


def test_a_pattern_names_the_time_after_which_its_numbers_begin_anew():
    assert check_pattern("{urut}/{tahun}", "month") == [
        "Pola nomor belum memuat {bulan_romawi} (bulan surat dalam angka Romawi). Tambahkan {bulan_romawi}."
    ]
    assert check_pattern("{urut}/{bulan}/{tahun}", "month") == []
    assert check_pattern("{urut}", "never") == []
    assert check_pattern("{tahun}", "never") != []


def test_a_number_that_never_begins_anew_needs_no_year():
    assert (
        format_number(
            "{urut:04}/HRD", sequence=7, issued_on=NOVEMBER, company_code="CSA", reset="never"
        )
        == "0007/HRD"
    )


@pytest.mark.parametrize(
    ("reset", "period", "first", "after"),
    [
        ("year", "2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("month", "2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("never", "-", date.min, date.max),
    ],
)
def test_a_period_is_named_and_has_its_days(reset, period, first, after):
    assert period_of(reset, NOVEMBER) == period
    assert period_days(reset, NOVEMBER) == (first, after)


def test_the_month_after_december_is_january():
    assert period_days("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))


def test_a_kind_of_letter_is_numbered_as_said_and_else_as_usual():
    usual = series_of("pengantar", {}, "{urut}/{kode}/{tahun}")
    assert usual == Series("{urut}/{kode}/{tahun}", "year", 1, "SP")
    said = {"pattern": "{urut}/X", "reset": "never", "start": 129, "code": "HRD-SP"}
    assert series_of("pengantar", said, DEFAULT_PATTERN) == Series(
        "{urut}/X", "never", 129, "HRD-SP"
    )


@pytest.mark.parametrize(
    ("series", "says"),
    [
        (Series(reset="weekly"), "tiap tahun, tiap bulan"),
        (Series(start=0), "antara 1 dan 99999"),
        (Series(code="S/P"), "1 sampai 12 huruf"),
        (Series(pattern="{tahun}"), "{urut}"),
    ],
)
def test_what_is_wrong_with_a_series_is_a_sentence(series, says):
    (problem,) = check_series(series)
    assert says in problem


def test_a_sound_series_has_nothing_wrong():
    assert check_series(Series()) == []


@pytest.mark.parametrize(
    ("pattern", "typed", "found"),
    [
        (DEFAULT_PATTERN, "004/SPK/CSA/X/2026", 4),
        (DEFAULT_PATTERN, " 004/SPK/CSA/X/2026 ", 4),
        ("{urut}-{urut:01}/{bulan}.{tahun}", "12-12/10.2026", 12),
        ("{urut}-{urut}/{bulan}.{tahun}", "12-13/10.2026", None),
        (DEFAULT_PATTERN, "004/SPK/XYZ/X/2026", None),
        (DEFAULT_PATTERN, "SK-17", None),
    ],
)
def test_the_running_number_is_read_from_a_number_that_follows_the_pattern(pattern, typed, found):
    assert sequence_in(typed, Series(pattern), company_code="CSA") == found
