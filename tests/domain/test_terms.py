"""The editions of the terms stand in their order and are told apart."""

from itertools import pairwise

from hr_portal.domain.terms import CURRENT, EDITIONS


def test_every_edition_follows_the_one_before_with_words_of_its_own():
    assert [one.number for one in EDITIONS] == list(range(1, len(EDITIONS) + 1))
    assert all(before.since <= after.since for before, after in pairwise(EDITIONS))
    assert len({one.sha256 for one in EDITIONS}) == len(EDITIONS)
    assert EDITIONS[-1] == CURRENT
