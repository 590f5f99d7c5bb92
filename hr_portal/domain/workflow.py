"""The two state machines, each one table: what may happen, by whom, to where.

Buttons are rendered from `MOVES`, services ask `move`, and the database repeats
the states in CHECK constraints. Rows have their own verdicts inside a review.
"""

from dataclasses import dataclass
from typing import Literal

FileState = Literal["received", "reading", "asking", "checked", "unreadable"]
BatchState = Literal[
    "draft", "submitted", "in_review", "returned", "approved", "partly_approved", "rejected",
    "forwarded", "completed", "cancelled",
]  # fmt: skip
Role = Literal["hrd", "reviewer", "admin", "system"]
Verdict = Literal["approve", "return", "reject"]

FILE_STATES: tuple[FileState, ...] = ("received", "reading", "asking", "checked", "unreadable")
BATCH_STATES: tuple[BatchState, ...] = (
    "draft", "submitted", "in_review", "returned", "approved", "partly_approved", "rejected",
    "forwarded", "completed", "cancelled",
)  # fmt: skip
VERDICTS: tuple[Verdict, ...] = ("approve", "return", "reject")
EDITABLE: frozenset[str] = frozenset({"draft"})
"""States in which file, documents and letter may change."""
DECIDED: frozenset[str] = frozenset(
    {"returned", "approved", "partly_approved", "rejected", "forwarded", "completed"}
)
SUBMITTED_ONCE: frozenset[str] = frozenset({"submitted", "in_review"}) | DECIDED
"""States whose rows, verdicts and letter a reviewer may read."""


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of a state machine."""

    to: str
    by: Role
    needs_reason: bool = False


FILE_MOVES: dict[tuple[str, str], Move] = {
    ("received", "read"): Move("reading", "system"),
    ("reading", "read"): Move("reading", "system"),  # a lease ran out: another worker begins again
    ("reading", "finish"): Move("checked", "system"),
    ("reading", "ask"): Move("asking", "system"),  # what a sheet or column is, only HRD knows
    ("asking", "answer"): Move("received", "hrd"),
    ("reading", "refuse"): Move("unreadable", "system"),
}

MOVES: dict[tuple[str, str], Move] = {
    ("draft", "upload"): Move("draft", "hrd"),
    ("draft", "submit"): Move("submitted", "hrd"),
    ("draft", "cancel"): Move("cancelled", "hrd"),
    ("submitted", "take"): Move("in_review", "reviewer"),
    ("submitted", "withdraw"): Move("draft", "hrd", needs_reason=True),
    ("in_review", "withdraw"): Move("draft", "hrd", needs_reason=True),
    ("in_review", "release"): Move("submitted", "reviewer"),
    ("in_review", "pass_on"): Move("submitted", "reviewer"),  # for the second pair of eyes
    ("in_review", "approve"): Move("approved", "reviewer"),
    ("in_review", "approve_partly"): Move("partly_approved", "reviewer"),
    ("in_review", "reject"): Move("rejected", "reviewer", needs_reason=True),
    ("in_review", "return"): Move("returned", "reviewer", needs_reason=True),
    ("returned", "reopen"): Move("draft", "hrd"),
    ("approved", "set_aside"): Move("submitted", "admin", needs_reason=True),
    ("partly_approved", "set_aside"): Move("submitted", "admin", needs_reason=True),
    ("rejected", "set_aside"): Move("submitted", "admin", needs_reason=True),
    ("approved", "forward"): Move("forwarded", "reviewer"),
    ("partly_approved", "forward"): Move("forwarded", "reviewer"),
    ("forwarded", "complete"): Move("completed", "reviewer"),
}


def move(state: str, action: str, moves: dict[tuple[str, str], Move] | None = None) -> Move | None:
    """Return the move that `action` makes from `state`, or None if there is none."""
    return (MOVES if moves is None else moves).get((state, action))


def actions(state: str, role: Role) -> tuple[str, ...]:
    """Return what `role` may do in `state`, in the order of the table."""
    return tuple(
        action for (start, action), step in MOVES.items() if start == state and step.by == role
    )


def outcome(
    verdicts: dict[int, set[Verdict]],
) -> Literal["approve", "approve_partly", "reject", "return"]:
    """Say which action ends a review whose rows have these verdicts.

    `verdicts` holds per row number the verdicts of its corrections. All rows
    returned: the batch goes back whole. Otherwise the batch ends, and returned
    rows live on in a child batch (decisions.md, verdicts and outcome).

    Raises:
        ValueError: there is no row, or a row without a verdict.

    """
    if not verdicts or not all(verdicts.values()):
        msg = "every row needs a verdict before the batch can be decided"
        raise ValueError(msg)
    given = set().union(*verdicts.values())
    if given == {"return"}:
        return "return"
    if given == {"approve"}:
        return "approve"
    return "approve_partly" if "approve" in given else "reject"
