"""One verdict over many rows: what changed meanwhile is left and told, the others are judged."""

import pytest

from hr_portal.services import changes, documents, judging, letters, results, review, submission
from hr_portal.services.errors import Invalid
from tests.services.test_review import _png, taken


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def verdicts(world, batch):
    return {
        row.number: row.corrections[0].verdict
        for row in results.rows_page(world.portal, world.bayu, batch).items
    }


@pytest.mark.parametrize("rows", ["rest", [2, 3, 4]])
def test_rows_judged_since_the_page_was_opened_are_left_and_told_and_the_others_done(
    world, portal, rows
):
    batch = taken(world, portal)
    seen_at = portal.clock()
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[3], verdict="reject", reason="Bukan peserta"
    )
    given = judging.give_many(
        portal, world.bayu, batch, version=None, rows=rows, verdict="approve", seen_at=seen_at
    )
    assert given.corrections == 2
    ((row, code, message),) = [(one.row, one.code, one.message) for one in given.left]
    assert (row, code) == (3, "changed_meanwhile")
    assert "ditolak oleh Bayu Teladan" in message
    assert verdicts(world, batch) == {2: "approve", 3: "reject", 4: "approve"}
    # asked strictly, such a row refuses all
    with pytest.raises(Invalid, match="changed_meanwhile"):
        judging.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[2, 3], verdict="return",
            reason="Kurang", seen_at=seen_at,
        )  # fmt: skip
    assert verdicts(world, batch) == {2: "approve", 3: "reject", 4: "approve"}
    # whoever looks again may change it
    judging.give_many(
        portal, world.bayu, batch, version=None, rows=[3], verdict="approve",
        seen_at=portal.clock(),
    )  # fmt: skip
    assert verdicts(world, batch)[3] == "approve"


def test_a_filter_means_the_rows_that_it_showed(world, portal):
    batch = taken(world, portal)
    seen_at = portal.clock()
    review.give_verdicts(portal, world.bayu, batch, version=None, rows=[2], verdict="approve")
    shown = changes.open_rows(portal, world.bayu, batch, show="clean", seen_at=seen_at)
    assert shown == [2, *changes.open_rows(portal, world.bayu, batch, show="clean")]


def test_rows_without_the_document_they_need_are_left_and_the_others_approved(world, portal):
    batch = world.draft(world.sheet(2).replace(b"317101", b"319901"))  # an unknown regency
    world.confirm(batch)
    for row in (2, 3):
        on = documents.add_document(
            portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=row
        )
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    given = judging.give_many(
        portal, world.bayu, batch, version=None, rows="rest", verdict="approve", document_id=on.id
    )
    assert [(one.row, one.code) for one in given.left] == [(2, "document_missing")]
    assert verdicts(world, batch) == {2: None, 3: "approve"}


def test_an_approval_that_names_a_document_rests_on_it_or_is_refused(world, portal):
    batch = world.draft()  # no row needs a document
    world.confirm(batch)
    on = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=3)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    for row, named, code in (
        (3, "f" * 32, "document_unknown"), (3, "", "document_unknown"), (2, on.id, "document_elsewhere"),
    ):  # fmt: skip
        wanted = {"version": None, "rows": [row], "verdict": "approve", "document_id": named}
        for give in (judging.give_verdicts, judging.give_many):
            with pytest.raises(Invalid, match=code):
                give(portal, world.bayu, batch, **wanted)
    assert set(verdicts(world, batch).values()) == {None}
    judging.give_many(
        portal, world.bayu, batch, version=None, rows="rest", verdict="approve", document_id=on.id
    )
    assert {
        row.number: row.corrections[0].override_document_id
        for row in results.rows_page(portal, world.bayu, batch).items
    } == {2: None, 3: on.id, 4: None}
