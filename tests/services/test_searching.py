"""Blocks that can't hold a text are passed over; large revisions have their texts by themselves."""

import itertools

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from hr_portal import worker
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.services import (
    intake,
    jobs,
    mending,
    packed_texts,
    rechecking,
    results,
    row_texts,
    visible,
)
from hr_portal.services.jobs import LeaseLostError
from hr_portal.services.searching import may_hold
from tests.services.test_row_lists import uneven
from tests.web.questions import asked_of, questions

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


SOUGHT = (
    "misal",
    "JALAN MISAL BARU 1",
    "baru 44",
    "a",
    "straße",
    "STRASSE",
    "B\x01C",
    "\ufffe",
    "zzz",
    "•",
)


@pytest.fixture
def large(world, portal, monkeypatch):
    """A draft of which every revision counts as large, its texts written; some odd addresses."""
    monkeypatch.setattr(row_texts, "LARGE", 0)
    monkeypatch.setattr(row_texts, "_PART_BLOCKS", 1)
    odd = {4: "Straße 7", 130: "Jalan • 5"}

    def line(i, who):
        return ("Alamat Domisili", "Lama", odd[i]) if i in odd else uneven(i, who)

    return world.draft(world.sheet(140, line=line))


def found(portal, world, batch):
    """What every filter shows of each text, and how many rows after the tenth."""
    shown = {}
    filters = itertools.product(SOUGHT, ("all", "todo", "valid"), (None, "TEL-04"), (None, "hp"))
    for text, show, code, field in filters:
        how = {"show": show, "code": code, "field": field, "text": text}
        page = results.rows_page(portal, world.rahma, batch, page=2, per_page=5, **how)
        after = results.rows_after(portal, world.rahma, batch, 10, 3, **how)
        shown[text, show, code, field] = [row.number for row in page.items], page.total, after
    return shown


def texts(portal):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(RowText))


def test_the_texts_of_a_large_revision_find_what_its_blocks_find(world, portal, large, monkeypatch):
    assert texts(portal) == 2
    quick = found(portal, world, large)
    assert quick["STRASSE", "all", None, None][1] == quick["straße", "all", None, None][1] == 1
    assert quick["a", "all", None, None][1] > 100
    with monkeypatch.context() as small:
        small.setattr(row_texts, "LARGE", 1_000)
        assert found(portal, world, large) == quick


WORDS = st.lists(
    st.sampled_from(["", "a", "ab", "b", "ß", "É", "\x00", "\x01", "G\ud800"]), max_size=4
)
ROWS = st.lists(st.lists(WORDS.map(" ".join), min_size=1, max_size=3), min_size=1, max_size=6)


@given(ROWS, st.text("ab ßé", min_size=1, max_size=5))
@example([["ab  b", "a"]], "b  b")
@example([["a", "b"], ["a"], ["b"]], "a b")
@example([["B\x01C", "D\x00E"], ["G\ud800"]], "c")
def test_packed_texts_find_what_the_texts_themselves_hold(rows, text):
    sought = text.strip().upper() or "A"
    numbers = [7 + 3 * at for at in range(len(rows))]
    held = [
        n for n, row in zip(numbers, rows, strict=True) if any(sought in s.upper() for s in row)
    ]
    assert packed_texts.rows_with(packed_texts.pack(numbers, rows), sought).tolist() == held


def test_a_part_with_more_words_than_two_bytes_tell_apart_is_packed_all_the_same():
    rows = [[f"{n:05}", "jalan misal"] for n in range(70_000)]
    packed = packed_texts.pack(range(70_000), rows)
    assert packed_texts.rows_with(packed, "69999").tolist() == [69_999]
    assert len(packed_texts.rows_with(packed, "LAN MIS")) == 70_000


def test_texts_of_an_earlier_state_are_not_searched(world, portal, large, monkeypatch):
    after = next(
        place
        for place, role in enumerate(results.structure(portal, world.rahma, large).roles)
        if role.part == "after"
    )
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)

    def quick():
        with portal.db.read() as session:
            batch = visible.batch(session, world.rahma, large)
            revision = visible.current_revision(session, batch)
            found = row_texts.rows_with(session, portal.key(batch.company), revision, "qzw")
        return None if found is None else list(found)

    assert quick() == []
    with portal.db.write() as session:  # a worker has just begun to write them again
        jobs.again(portal, session, row_texts.JOB, str(world.view(large).revision.id))
    claimed = jobs.claim(portal)
    mending.edit_cells(portal, world.rahma, large, {(2, after): "Jalan Qzw 3"})
    assert quick() is None
    world.work()
    with pytest.raises(LeaseLostError):
        row_texts.texts_job(portal, claimed)
    assert quick() == [2]


def test_what_was_found_is_remembered_for_the_state_it_was_found_in(world, portal, large):
    def asked(text):
        with asked_of(portal) as told, portal.db.read() as session:
            batch = visible.batch(session, world.rahma, large)
            revision = visible.current_revision(session, batch)
            found = row_texts.rows_with(session, portal.key(batch.company), revision, text)
        return list(found), sum("row_texts.content" in one for one in questions(told))

    first, read = asked("misal baru 4")
    assert (len(first) > 1, read) == (True, 1)
    assert asked(" Misal Baru 4") == (first, 0)
    assert asked("misal baru 5")[1] == 1


def test_the_texts_go_with_the_documents(world, portal, large):
    intake.cancel_batch(portal, world.rahma, large)
    world.clock.go(days=200)
    worker.sweep(portal)
    world.work()
    assert texts(portal) == 0
    with portal.db.write() as session:
        jobs.again(portal, session, row_texts.JOB, "1")
    world.work()
    assert texts(portal) == 0
    assert results.rows_page(portal, world.rahma, large, text="misal").total == 0
