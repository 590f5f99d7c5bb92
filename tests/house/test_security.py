"""docs/security.md: every test it names is there, and no requirement is left out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "security.md").read_text("utf-8")
FIRST_RELEASE = {
    "A": (1, 4, 5, 6, 7, 9, 10), "B": (1, 2, 3, 4, 5, 6), "C": (1, 2, 3, 5, 7, 8, 9, 10),
    "D": (1, 2, 3, 4, 6), "E": (1, 2, 3, 5, 6, 7, 8, 9), "F": (1, 2, 3, 4, 5, 6, 7, 8, 9, 13),
    "G": (1, 2, 4, 5, 6, 8, 9), "H": (1, 2, 4), "I": (1, 3), "J": (1, 3, 4, 6, 8, 9, 10),
    "K": (1, 3, 5),
}  # fmt: skip


def listed_ids():
    """Every id of the table, ranges like F1–F4 written out."""
    for told in re.findall(r"^\| ([A-Z]\d+(?:–[A-Z]\d+)?) \|", TABLE, re.MULTILINE):
        first, _, last = told.partition("–")
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        yield from (f"{first[0]}{number}" for number in numbers)


def written_tests():
    files = (ROOT / "tests").rglob("test_*.py")
    return {
        name
        for file in files
        for name in re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.MULTILINE)
    }


def test_no_requirement_of_the_first_release_is_left_out():
    listed = list(listed_ids())
    wanted = {f"{part}{number}" for part, numbers in FIRST_RELEASE.items() for number in numbers}
    assert sorted(wanted - set(listed)) == []
    assert len(listed) == len(set(listed)), "each stands once"


def test_every_test_that_is_named_is_there():
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 80
    assert sorted(named - written_tests()) == []


@pytest.mark.parametrize("line", re.findall(r"^\| [A-Z]\d.*$", TABLE, re.MULTILINE))
def test_every_requirement_is_shown_or_said_to_be_open(line):
    shown = line.split(" | ")[2]
    assert "`test_" in shown or "open" in shown
