"""docs/security.md: no requirement is left out, each test it names is there, the table is made."""

import pytest

from tests import security_table

FIRST_RELEASE = {
    "A": (1, 4, 5, 6, 7, 9, 10), "B": (1, 2, 3, 4, 5, 6), "C": (1, 2, 3, 5, 7, 8, 9, 10),
    "D": (1, 2, 3, 4, 6), "E": (1, 2, 3, 5, 6, 7, 8, 9), "F": (1, 2, 3, 4, 5, 6, 7, 8, 9, 13),
    "G": (1, 2, 4, 5, 6, 8, 9), "H": (1, 2, 4), "I": (1, 3), "J": (1, 3, 4, 6, 8, 9, 10),
    "K": (1, 3, 5),
}  # fmt: skip
ALL = {"A": 11, "B": 7, "C": 10, "D": 8, "E": 9, "F": 13, "G": 10, "H": 6, "I": 6, "J": 11, "K": 9,
       "R": 23}  # fmt: skip
"""How many requirements each section has; ours after those have further numbers."""
REQUIREMENTS, LATER = security_table.listed()


def ids(told):
    """Every id that is told, ranges like F1–F4 written out."""
    first, _, last = told.partition("–")
    numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
    return [f"{first[0]}{number}" for number in numbers]


SHOWN = [one for entry in REQUIREMENTS for one in ids(entry["id"])]


def test_no_requirement_of_the_first_release_is_left_out():
    wanted = {f"{part}{number}" for part, numbers in FIRST_RELEASE.items() for number in numbers}
    assert sorted(wanted - set(SHOWN)) == []


def test_every_other_one_is_shown_or_left_for_later_with_a_reason():
    every = {f"{part}{number}" for part, count in ALL.items() for number in range(1, count + 1)}
    assert sorted(every - set(SHOWN) - set(LATER)) == []
    assert sorted(set(LATER) & set(SHOWN)) == []
    assert len(SHOWN) == len(set(SHOWN)), "each stands once"
    assert all(LATER.values())


@pytest.mark.parametrize("entry", REQUIREMENTS, ids=[entry["id"] for entry in REQUIREMENTS])
def test_every_requirement_names_tests_and_each_of_them_is_there(entry):
    assert entry["tests"]
    assert sorted(set(entry["tests"]) - set(security_table.written_tests())) == []
    assert set(entry) <= {"id", "holds", "tests", "note", "open"}


def test_the_table_is_the_lists_and_every_result_is_that_all_passed():
    page = security_table.PAGE.read_text("utf-8")
    lines = security_table.without_results(page).splitlines()
    made = [security_table.without_results(line) for line in security_table.rows({})]
    at = lines.index(made[0])
    assert lines[at : at + len(made)] == made, "make security-table writes it anew"
    results = security_table.results_of(page)
    bad = {one: told for one, told in results.items() if not security_table.PASSED.fullmatch(told)}
    assert bad == {}
    assert list(results) == [entry["id"] for entry in REQUIREMENTS]
