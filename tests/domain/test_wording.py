from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.wording import (
    counted,
    date_in_words,
    first_of,
    grouped_number,
    listed,
    roman_month,
    spelled_number,
)


def test_a_date_is_written_with_the_name_of_its_month():
    assert date_in_words(date(1991, 3, 5)) == "5 Maret 1991"
    assert date_in_words(date(2026, 11, 21)) == "21 November 2026"


@pytest.mark.parametrize(
    ("month", "roman"), [(1, "I"), (4, "IV"), (5, "V"), (9, "IX"), (11, "XI"), (12, "XII")]
)
def test_the_month_of_a_letter_number_is_roman(month, roman):
    assert roman_month(date(2026, month, 1)) == roman


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (105, "seratus lima"),
        (111, "seratus sebelas"),
        (350, "tiga ratus lima puluh"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (2026, "dua ribu dua puluh enam"),
        (11_000, "sebelas ribu"),
        (100_000, "seratus ribu"),
        (101_110, "seratus satu ribu seratus sepuluh"),
        (
            999_999,
            "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
        ),
    ],
)
def test_a_number_is_spelled_by_rule(number, words):
    assert spelled_number(number) == words


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_outside_the_rule_is_refused(number):
    with pytest.raises(ValueError, match="0 to 999999"):
        spelled_number(number)


VALUES = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100,
}  # fmt: skip


def read(words: str) -> int:
    """Read a spelled number back, by the rule of its units."""
    total = hundreds = pending = 0
    for word in words.split():
        if word == "belas":
            pending += 10
        elif word in ("puluh", "ratus"):
            hundreds += pending * (10 if word == "puluh" else 100)
            pending = 0
        elif word == "ribu":
            total, hundreds, pending = (hundreds + pending) * 1000, 0, 0
        elif word == "seribu":
            total = 1000
        else:
            hundreds, pending = hundreds + pending, VALUES[word]
    return total + hundreds + pending


@given(st.integers(0, 999_999))
def test_a_spelled_number_can_be_read_back(number):
    assert read(spelled_number(number)) == number


def test_a_count_has_figures_and_words():
    assert counted(12, "tenaga kerja") == "12 (dua belas) tenaga kerja"
    assert counted(1234, "butir koreksi").startswith("1.234 (seribu dua ratus tiga puluh empat)")


def test_thousands_are_parted_by_points():
    assert [grouped_number(n) for n in (7, 1000, 1_234_567)] == ["7", "1.000", "1.234.567"]


def test_a_list_is_joined_as_a_sentence_does():
    assert listed([]) == ""
    assert listed(["NIK"]) == "NIK"
    assert listed(["NIK", "NPWP"]) == "NIK dan NPWP"
    assert listed(["nama", "NIK", "NPWP"]) == "nama, NIK, dan NPWP"


def test_the_first_ten_of_a_list_are_named_and_that_there_are_more():
    assert first_of([]) == ""
    assert first_of(range(2, 12)) == "2, 3, 4, 5, 6, 7, 8, 9, 10, 11"
    assert first_of(range(2, 13)) == "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …"
