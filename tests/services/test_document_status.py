"""The reviewer says of each document whether it fits; what rests on a wrong one waits again."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from hr_portal.adapters.database.document_models import Judgement
from hr_portal.adapters.database.models import Act, Correction
from hr_portal.services import (
    changes,
    coverage,
    document_status,
    documents,
    explaining,
    judging,
    letters,
    review,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_review import _png, race

BLURRED = "NIK pada KTP tidak terbaca"


def status(world, document, actor=None):
    _, view = documents.document_view(world.portal, actor or world.rahma, document)
    return view.status


@pytest.fixture
def reviewed(world, portal):
    """Three rows with a finding each that only a document allows, a card on each, in review."""
    batch = world.draft(world.sheet(3).replace(b"317101", b"319901"))
    cards = [
        documents.add_document(
            portal, world.rahma, batch, _png(), f"{row}.png", kind="ktp", row=row
        ).id
        for row in (2, 3, 4)
    ]
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    return batch, cards


def approve(world, batch, rows="rest"):
    return judging.give_verdicts(
        world.portal, world.bayu, batch, version=None, rows=rows, verdict="approve"
    )


def test_a_document_that_does_not_fit_takes_its_approvals_along_and_carries_none(
    world, portal, reviewed
):
    batch, (first, second, _third) = reviewed
    assert status(world, first) == document_status.UNJUDGED
    assert document_status.judge(portal, world.bayu, second, "fits") == 0
    approve(world, batch)
    with pytest.raises(Invalid, match="reason_missing"):
        document_status.judge(portal, world.bayu, first, "unfit", reason="  ")
    with pytest.raises(Invalid):
        document_status.judge(portal, world.bayu, first, "lost")
    assert document_status.judge(portal, world.bayu, first, "unfit", reason=BLURRED) == 1
    assert changes.open_rows(portal, world.bayu, batch) == [2]
    told = status(world, first)
    assert (told.state, told.reason, told.given_by) == ("unfit", BLURRED, "Bayu Teladan")
    assert status(world, second).state == "fits"
    with pytest.raises(Invalid, match="document_missing"):
        approve(world, batch)
    with portal.db.read() as session:
        assert BLURRED.encode() not in session.get_one(Judgement, first).reason
    resting = sa.update(Correction).where(Correction.row_number == 2)
    with pytest.raises(DBAPIError, match="fit"), portal.db.write() as session:
        session.execute(
            resting.values(
                verdict="approve", override_document_id=first, decided_by=world.bayu.user_id,
                decided_at=portal.clock(),
            )
        )  # fmt: skip
    assert document_status.judge(portal, world.bayu, first, "open") == 0
    approve(world, batch)
    assert changes.counts(portal, world.bayu, batch).open == 0


def test_only_who_has_the_batch_in_hand_judges_and_the_second_learns_who_was_first(
    world, portal, reviewed
):
    _batch, (card, *_) = reviewed
    for actor, refusal in (
        (world.rahma, (Forbidden, NotFound)), (world.wulan, NotFound),
        (world.lestari, (Conflict, NotFound)),
    ):  # fmt: skip
        with pytest.raises(refusal):
            document_status.judge(portal, actor, card, "fits")
    document_status.judge(portal, world.bayu, card, "fits", seen=0)
    with pytest.raises(Conflict, match="judged_already") as late:
        document_status.judge(portal, world.bayu, card, "unfit", reason=BLURRED, seen=0)
    assert "“Sesuai” oleh Bayu Teladan" in late.value.message
    assert status(world, card).state == "fits"
    with pytest.raises(DBAPIError, match="judges"), portal.db.write() as session:
        session.execute(sa.update(Judgement).values(given_by=world.rahma.user_id))


def test_many_are_judged_at_once_and_those_that_changed_meanwhile_are_left_and_told(
    world, portal, reviewed
):
    batch, (first, second, third) = reviewed

    def judge(seen, state, **more):
        found = document_status.judge_many(portal, world.bayu, batch, seen, state, **more)
        return found.documents, found.waiting, [one.document_id for one in found.left]

    other = world.submitted(world.sheet(3, start=300))
    review.take(portal, world.bayu, other)
    with pytest.raises(NotFound):
        document_status.judge_many(portal, world.bayu, other, {first: 0}, "fits")
    for seen, state in (({}, "fits"), ("open", "unfit"), ("open", "lost")):
        with pytest.raises(Invalid):
            judge(seen, state)
    with pytest.raises((Forbidden, NotFound)):
        document_status.judge_many(portal, world.rahma, batch, "open", "fits")
    seen_at = portal.clock()
    document_status.judge(portal, world.bayu, second, "unfit", reason=BLURRED)
    # all that were to be checked when the page was opened: one has another status since
    assert judge("open", "fits", seen_at=seen_at) == (2, 0, [second])
    assert [status(world, one).state for one in (first, second, third)] == ["fits", "unfit", "fits"]
    assert judge("open", "fits") == (0, 0, [])
    # named ones: what is so already is no act, what changed since is left
    assert judge({first: 1, second: 0, third: None}, "fits") == (0, 0, [second])
    document_status.judge(portal, world.bayu, second, "open")
    approve(world, batch)
    assert judge({first: 1, third: 1, second: 1}, "unfit", reason=BLURRED) == (2, 2, [second])
    assert changes.open_rows(portal, world.bayu, batch) == [2, 4]
    told = document_status.judge_many(portal, world.bayu, batch, {first: 0}, "fits").left
    assert "“Tidak sesuai” oleh Bayu Teladan" in told[0].message
    with portal.db.read() as session:
        acts = session.scalars(
            sa.select(Act.subject_id).where(
                Act.action == "document:judged", Act.subject_id.in_((first, second, third))
            )
        ).all()
    assert sorted(acts) == sorted([first, first, second, second, third, third])


def test_of_two_who_judge_at_once_from_the_same_page_one_is_refused(world, portal, reviewed):
    _batch, (card, *_) = reviewed
    states = iter(("fits", "open"))
    won, lost = race(
        lambda actor: document_status.judge(portal, actor, card, next(states), seen=0),
        world.bayu, world.bayu,
    )  # fmt: skip
    assert len(won) == 1
    assert [type(one) for one in lost] == [Conflict]
    assert status(world, card).version == 1


def test_a_status_follows_to_the_child_and_what_does_not_fit_is_missing_there(world, portal):
    batch = world.draft(world.sheet(3, line=lambda i, who: ("Nama Ibu Kandung", "SITI", "SRI")))
    asked = {one.kind for one in coverage.matrix(portal, world.rahma, batch, show="all").columns}
    kind = min(asked)
    cards = [
        documents.add_document(
            portal, world.rahma, batch, _png(), f"{row}.png", kind=kind, row=row
        ).id
        for row in (2, 3)
    ]
    world.confirm(batch)
    world.without_documents(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    document_status.judge(portal, world.bayu, cards[0], "unfit", reason=BLURRED)
    document_status.judge(portal, world.bayu, cards[1], "fits")
    found = coverage.matrix(portal, world.bayu, batch, show="all")
    at = [one.kind for one in found.columns].index(kind)
    assert [row.cells[at] for row in found.rows] == ["unfit", "fits", "explained"]
    missing = explaining.missing_of(portal, world.bayu, batch, [2])[2]
    assert [one.is_unfit for one in missing if one.kind == kind] == [True]
    judging.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[2, 3], verdict="return", reason=BLURRED
    )
    approve(world, batch)
    child = review.decide(portal, world.bayu, batch, version=None).child_batch_id
    listed = documents.list_documents(portal, world.rahma, child)
    assert {one.rows: (one.status.state, one.status.reason) for one in listed} == {
        (2,): ("unfit", BLURRED),
        (3,): ("fits", ""),
    }
    lacks = coverage.matrix(portal, world.rahma, child)
    at = [one.kind for one in lacks.columns].index(kind)
    assert [(row.number, row.cells[at]) for row in lacks.rows] == [(2, "unfit")]
