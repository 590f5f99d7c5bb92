"""Acts on a large draft, which a worker does: what is answered at once, and where to ask after."""

from typing import Any, Final

from flask import Response, jsonify
from marshmallow import fields

from hr_portal.api.answers import Answer
from hr_portal.api.door import BASE, caller, needs, portal
from hr_portal.api.sections import Section
from hr_portal.api.works import WorkProblem, problem_of
from hr_portal.services import long_acts

section = Section("Large acts", "What a worker does on large drafts")

LATER: Final = 202
OFFERED: Final = ("cells", "rows")


def _many(said: str) -> fields.Integer:
    return fields.Integer(required=True, allow_none=True, metadata={"description": said})


class LargeAct(Answer):
    """How an act on a large draft stands; what doesn't belong to its kind is null."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={
            "enum": list(long_acts.STATES),
            "description": "wanted: a worker looks; ready: dry_run is over; applying: a worker does it",
        },
    )
    percent = fields.Integer(required=True)
    act = _many("Of fixes: to undo it by; null = nothing had to be changed")
    cells = _many("That are changed, or would be")
    rows = _many("That are changed or explained, or would be")
    left = _many("Of proposals: rows that were changed since the look and left as they are")
    kept = _many("Of a split or division: rows that go on")
    moved = _many("Of these: rows of the child, those that could not be read among them")
    child = fields.String(
        required=True, allow_none=True, metadata={"description": "Of these: the child's number"}
    )
    problem = fields.Nested(WorkProblem, required=True, allow_none=True)


def later(batch_id: str, number: int) -> Response:
    """Answer 202 with how a large act stands, and the address to ask after it."""
    answer: Response = jsonify(LargeAct().dump(_told(batch_id, number)))
    answer.status_code = LATER
    answer.headers["Location"] = f"{BASE}/batches/{batch_id}/large-acts/{number}"
    return answer


@section.get("/batches/<id:batch_id>/large-acts/<int:act>")
@needs("batch.edit")
@section.answers(200, LargeAct)
def show_large_act(batch_id: str, act: int) -> dict[str, Any]:
    """Show how far a worker is with an act on a large draft, and what came of it.

    Until `state` is `done`, `failed` or, after `dry_run`, `ready`, the draft can't be submitted.
    """
    return _told(batch_id, act)


def _told(batch_id: str, number: int) -> dict[str, Any]:
    one = long_acts.view(portal(), caller(), batch_id, number)
    offered = one.offer.get("offer", {})
    found = {name: offered.get(name) for name in OFFERED} | one.outcome
    numbers = {name: found.get(name) for name in ("act", *OFFERED, "left", "kept", "moved")}
    return {
        **numbers,
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "percent": one.percent,
        "child": found.get("number"),
        "problem": problem_of(one.problem),
    }
