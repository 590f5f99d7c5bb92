"""Blocks that can't hold a text are told from those that may without being read."""

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from hr_portal.services.searching import may_hold

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(TEXTS, TEXTS, TEXTS)
@example("Jl. ", "Straße", " 1")
@example("", 'gang "lima"\\', "")
@example("a\tb", "\tb", "")
@example("", "ﬁ", "")
def test_a_block_that_holds_a_text_is_never_passed_over(before, sought, after):
    plain = orjson.dumps([1, [before + sought + after], None])
    assert may_hold((before + sought + after).upper())(plain)
    assert may_hold(sought.upper())(plain)


def test_a_block_without_it_is_passed_over():
    plain = orjson.dumps(["Jalan Misal 1", "Jalan Umpama"])
    assert not may_hold("CONTOH")(plain)
    assert not may_hold("CONTOH")(orjson.dumps(["Jalan Café"]))
