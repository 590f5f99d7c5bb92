"""Blocks that can't hold a text are passed over; large revisions have their texts by themselves."""

import itertools

import numpy as np
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
    splitting,
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


def small_parts(patch):
    """Let 64 rows be a part, a shelf 100 bytes, and what stands in three rows a common word."""
    patch.setattr(packed_texts, "PART", 64)
    patch.setattr(packed_texts, "PART_BYTES", 8)
    patch.setattr(packed_texts, "_SHELF", 100)


@pytest.fixture
def large(world, portal, monkeypatch):
    """A draft of which every revision counts as large, its texts written; some odd addresses."""
    monkeypatch.setattr(row_texts, "LARGE", 0)
    small_parts(monkeypatch)
    monkeypatch.setattr(row_texts, "_MOST_ASKED", 3)
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
    """How many parts there are: each has one list of words with letters."""
    with portal.db.read() as session:
        lists = sa.select(sa.func.count()).where(RowText.part < row_texts._PARTS)
        return session.scalar(lists)


def test_the_texts_of_a_large_revision_find_what_its_blocks_find(world, portal, large, monkeypatch):
    assert texts(portal) == 3
    quick = found(portal, world, large)
    assert quick["STRASSE", "all", None, None][1] == quick["straße", "all", None, None][1] == 1
    assert quick["a", "all", None, None][1] > 100
    with monkeypatch.context() as small:
        small.setattr(row_texts, "LARGE", 1_000)
        assert found(portal, world, large) == quick


def test_parts_without_rows_are_passed_over(world, portal, monkeypatch):
    monkeypatch.setattr(row_texts, "LARGE", 0)
    small_parts(monkeypatch)

    def line(i, who):
        is_of_second_part = 63 <= i < 127
        return uneven(7 * i, who) if is_of_second_part else ("No HP", "0812", "021")

    batch = world.draft(world.sheet(140, line=line))
    child = splitting.split(portal, world.rahma, batch, version=world.view(batch).version).child_id
    world.work()
    assert texts(portal) == 3 + 1 + 2
    quick = found(portal, world, batch), found(portal, world, child)
    assert [half["a", "all", None, None][1] for half in quick] == [64, 76]
    monkeypatch.setattr(row_texts, "LARGE", 1_000)
    assert (found(portal, world, batch), found(portal, world, child)) == quick


WORDS = st.lists(
    st.sampled_from(["", "a", "ab", "b", "ß", "É", "1", "a1", "\x00", "\x01", "G\ud800"]),
    max_size=4,
)
ROWS = st.lists(st.lists(WORDS.map(" ".join), min_size=1, max_size=3), min_size=1, max_size=16)


def packed_find(chunks, sought):
    """Return which rows packed texts find, how many lists and shelves were asked for."""
    shelves = dict(enumerate(packed_texts.pack(chunks)))
    search = packed_texts.Search(sought)
    lists = packed_texts.lists_for(sought)
    for one in range(lists):
        search.look(shelves[one])
    rows = search.rows(shelves) if search.shelves() else np.zeros(0, np.uint8)
    places = np.flatnonzero(np.unpackbits(rows, bitorder="little")).tolist()
    return places, lists, len(search.shelves())


@given(ROWS, st.text("ab ßé1", min_size=1, max_size=5), st.integers(1, 16))
@example([["ab  b", "a"]], "b  b", 1)
@example([["a", "b"], ["a"], ["b"]], "a b", 3)
@example([["B\x01C", "D\x00E"], ["G\ud800"]], "c", 2)
@example([["a 1 b"], ["a 1 b"], ["a 1 b"], ["1 b", "a"]], "a 1", 3)
def test_packed_texts_find_what_the_texts_themselves_hold(rows, text, at_once):
    sought = text.strip().upper() or "A"
    numbers = [3 * at for at in range(len(rows))]
    held = [
        n for n, row in zip(numbers, rows, strict=True) if any(sought in s.upper() for s in row)
    ]
    starts = range(0, len(rows), at_once)
    chunks = [(numbers[at : at + at_once], rows[at : at + at_once]) for at in starts]
    with pytest.MonkeyPatch.context() as patch:
        small_parts(patch)
        assert packed_find(chunks, sought)[0] == held


def test_a_full_part_is_packed_in_shelves_of_which_few_are_asked_for():
    rows = [[f"{n:05}", f"jalan misal {n % 700}"] for n in range(65_536)]
    chunks = [(range(65_536), rows)]
    assert packed_find(chunks, "65499") == ([65_499], 2, 1)
    assert packed_find(chunks, "ISAL 699") == (list(range(699, 65_536, 700)), 2, 2)
    assert packed_find(chunks, "MISAL") == (list(range(65_536)), 1, 1)
    assert packed_find(chunks, "MISAL JALAN") == ([], 1, 1)
    assert packed_find(chunks, "MISEL") == ([], 1, 0)


def test_cells_of_very_many_words_are_found_to_their_end():
    rows = [[f"{'a ' * 300}b"], [f"c {'a ' * 70_000}d"]]
    assert packed_find([((0, 1), rows)], "A B")[0] == [0]
    assert packed_find([((0, 1), rows)], "A D")[0] == [1]


def test_texts_that_are_written_anew_while_they_are_read_are_not_answered_with(
    world, portal, large
):
    with portal.db.read() as session:
        batch = visible.batch(session, world.rahma, large)
        revision = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        mending.edit_cells(portal, world.rahma, large, {(2, 1): "SITI QZW"})
        found = row_texts.rows_with(session, key, revision, "misal baru")
    # a unit of SQLite sees what was when it began
    assert (found is None) == (not portal.db.is_sqlite)


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
    assert (len(first) > 1, read > 1) == (True, True)
    assert asked(" Misal Baru 4") == (first, 0)
    assert asked("misal baru 5")[1] > 1


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
