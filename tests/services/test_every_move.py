"""Every pair of state and action: done as the table says, or refused and nothing changed."""

import io

import pytest

from hr_portal import demo
from hr_portal.domain.workflow import BATCH_STATES, MOVES
from hr_portal.services import agency, intake, outlets, reopening, results, review, submission
from hr_portal.services.errors import ServiceError


def decided(verdict):
    def act(world, batch):
        """Judge what is in hand so that the review ends in this way, and end it."""
        give = {"approve_partly": ("approve", "reject")}.get(verdict, (verdict, verdict))
        for row, one in zip((2, 3), give, strict=True):
            review.give_verdicts(
                world.portal,
                world.bayu,
                batch,
                version=None,
                rows=[row],
                verdict=one,
                reason="Buram",
            )
        review.decide(world.portal, world.bayu, batch, version=None)

    return act


def passed_on(world, batch):
    if world.view(batch).state == "in_review":
        review.give_verdicts(
            world.portal, world.bayu, batch, version=None, rows="rest", verdict="approve"
        )
    review.pass_on(world.portal, world.bayu, batch, version=None)


def answered(world, batch):
    """The agency accepts whatever was approved."""
    lines = [
        f"{row.employee['kpj']};No HP;Diterima"
        for row in results.rows_page(world.portal, world.rahma, batch, verdict="approve").items
    ]
    told = io.BytesIO("\n".join(["KPJ;DATA;HASIL", *lines]).encode())
    agency.take_answer(world.portal, world.bayu, batch, told, "jawaban.csv")


ACTS = {
    "upload": lambda w, b: w.revise(b, w.sheet(2)),
    "submit": lambda w, b: submission.submit(w.portal, w.rahma, b, version=None, declaration=True),
    "cancel": lambda w, b: intake.cancel_batch(w.portal, w.rahma, b),
    "take": lambda w, b: review.take(w.portal, w.lestari, b),
    "withdraw": lambda w, b: submission.withdraw(
        w.portal, w.rahma, b, version=None, reason="Salah berkas"
    ),
    "release": lambda w, b: review.release(w.portal, w.bayu, b),
    "pass_on": passed_on,
    "approve": decided("approve"),
    "approve_partly": decided("approve_partly"),
    "reject": decided("reject"),
    "return": decided("return"),
    "reopen": lambda w, b: review.reopen_returned(w.portal, w.rahma, b),
    "set_aside": lambda w, b: reopening.set_aside(
        w.portal, w.admin, b, version=None, reason="Dokumen peserta lain"
    ),
    "forward": lambda w, b: outlets.hand_over(w.portal, w.bayu, b, "sipp", version=None),
    "complete": answered,
}
ENDS = {"approved": "approve", "partly_approved": "approve_partly", "rejected": "reject",
        "returned": "return"}  # fmt: skip


def reach(world, state, line=demo._phone_line):
    """A batch of two rows in a state, by the acts that lead there."""
    batch = world.ready(world.sheet(2, line=line))
    if state == "draft":
        return batch
    if state == "cancelled":
        ACTS["cancel"](world, batch)
        return batch
    ACTS["submit"](world, batch)
    if state != "submitted":
        review.take(world.portal, world.bayu, batch)
    if state in ENDS:
        ACTS[ENDS[state]](world, batch)
    if state in {"forwarded", "completed"}:
        for action in ("approve_partly", "forward", "complete")[: 2 + (state == "completed")]:
            ACTS[action](world, batch)
    return batch


def test_every_action_of_the_table_has_an_act_here():
    assert set(ACTS) == {action for _state, action in MOVES}


@pytest.mark.parametrize("state", BATCH_STATES)
def test_every_pair_of_state_and_action(world, state):
    batch = reach(world, state)
    assert world.view(batch).state == state
    before = world.view(batch)
    for action, act in ACTS.items():
        # a returned batch takes a file as its next revision: reopening and upload in one
        if (state, action) in MOVES or (state, action) == ("returned", "upload"):
            line = demo._account_line if action == "pass_on" else demo._phone_line
            fresh = reach(world, state, line)
            act(world, fresh)
            expected = MOVES.get((state, action), MOVES["returned", "reopen"]).to
            assert world.view(fresh).state == expected, action
        else:
            with pytest.raises(ServiceError):
                act(world, batch)
            assert world.view(batch) == before, action
