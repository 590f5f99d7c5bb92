"""The state machines: every pair of state and action, and how a review ends."""

import pytest

from hr_portal.domain.workflow import (
    BATCH_STATES,
    DECIDED,
    EDITABLE,
    FILE_MOVES,
    FILE_STATES,
    MOVES,
    SUBMITTED_ONCE,
    actions,
    move,
    outcome,
)

ACTIONS = sorted({action for _, action in MOVES})
ALLOWED = {
    ("draft", "upload"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("submitted", "take"): "in_review",
    ("submitted", "withdraw"): "draft",
    ("in_review", "withdraw"): "draft",
    ("in_review", "release"): "submitted",
    ("in_review", "pass_on"): "submitted",
    ("in_review", "approve"): "approved",
    ("in_review", "approve_partly"): "partly_approved",
    ("in_review", "reject"): "rejected",
    ("in_review", "return"): "returned",
    ("returned", "reopen"): "draft",
    ("approved", "set_aside"): "submitted",
    ("partly_approved", "set_aside"): "submitted",
    ("rejected", "set_aside"): "submitted",
    ("approved", "forward"): "forwarded",
    ("partly_approved", "forward"): "forwarded",
    ("forwarded", "complete"): "completed",
}


@pytest.mark.parametrize("state", BATCH_STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_pair_of_state_and_action(state, action):
    step = move(state, action)
    assert (step.to if step else None) == ALLOWED.get((state, action))


def test_moves_never_leave_the_states():
    assert {step.to for step in MOVES.values()} | {state for state, _ in MOVES} <= set(BATCH_STATES)
    assert {step.to for step in FILE_MOVES.values()} | {state for state, _ in FILE_MOVES} <= set(
        FILE_STATES
    )
    assert set(BATCH_STATES) >= EDITABLE | DECIDED | SUBMITTED_ONCE


@pytest.mark.parametrize("state", FILE_STATES)
@pytest.mark.parametrize("action", ["read", "finish", "refuse"])
def test_a_file_that_was_judged_stays_so(state, action):
    step = move(state, action, FILE_MOVES)
    assert (step is None) == (
        state in {"asking", "checked", "unreadable"} or (state == "received" and action != "read")
    )


def test_buttons_come_from_the_table():
    assert actions("draft", "hrd") == ("upload", "submit", "cancel")
    assert actions("submitted", "reviewer") == ("take",)
    assert actions("in_review", "hrd") == ("withdraw",)
    assert actions("rejected", "admin") == ("set_aside",)
    assert actions("approved", "hrd") == ()


def test_what_is_final_or_negative_asks_for_a_reason():
    assert {action for (_, action), step in MOVES.items() if step.needs_reason} == {
        "withdraw",
        "set_aside",
        "reject",
        "return",
    }


@pytest.mark.parametrize(
    ("verdicts", "ends_as"),
    [
        ({2: {"approve"}, 3: {"approve"}}, "approve"),
        ({2: {"return"}, 3: {"return"}}, "return"),
        ({2: {"reject"}, 3: {"reject"}}, "reject"),
        ({2: {"approve"}, 3: {"return"}}, "approve_partly"),
        ({2: {"approve"}, 3: {"reject"}}, "approve_partly"),
        ({2: {"approve", "return"}}, "approve_partly"),
        ({2: {"return"}, 3: {"reject"}}, "reject"),
    ],
)
def test_the_verdicts_of_the_rows_decide_how_a_review_ends(verdicts, ends_as):
    assert outcome(verdicts) == ends_as


@pytest.mark.parametrize("verdicts", [{}, {2: set()}, {2: {"approve"}, 3: set()}])
def test_an_open_row_ends_nothing(verdicts):
    with pytest.raises(ValueError, match="verdict"):
        outcome(verdicts)
