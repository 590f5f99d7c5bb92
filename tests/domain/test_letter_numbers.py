from datetime import date

import pytest

from hr_portal.domain.letter_numbers import (
    DEFAULT_PATTERN,
    PatternError,
    check_pattern,
    format_number,
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
