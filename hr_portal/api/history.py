"""What happened to a batch, as the page Lacak tells it."""

from typing import Any

from marshmallow import fields

from hr_portal.api import answers, asks
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.sections import Section
from hr_portal.services import batch_history

section = Section("History", "What happened to a batch")


class Happened(answers.Answer):
    """One act, or all files of one upload together."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    action = fields.String(
        required=True,
        metadata={
            "description": "`subject:verb`, such as `batch:submitted`, `documents:added`,"
            " `letter:issued`; new ones may come"
        },
    )
    side = fields.String(required=True, metadata={"enum": ["hrd", "reviewer", "admin", "portal"]})
    by = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "null: the portal, or a reviewer, of whom a company is told the office only"
        },
    )
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "What it was about, such as `rows`, `approved`, `added`"},
    )
    words = fields.String(required=True, metadata={"description": "A reason or note, as written"})


class History(answers.Answer):
    """A part of the history, the latest first."""

    events = fields.List(fields.Nested(Happened), required=True)
    earlier = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "To ask for what came before, as `before`; null = nothing"},
    )


@section.get("/batches/<id:batch_id>/history")
@needs("batch.read")
@section.query(asks.HistoryPart)
@section.answers(200, History)
def show_history(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Tell what happened to a batch, its documents and letters, the latest first.

    Files of one upload are one event. Messages are under `/messages`; what became of one employee
    under `/rows/{row}/trail`.
    """
    found = batch_history.with_letters(portal(), caller(), batch_id)
    if query["before"] is not None:
        found = [one for one in found if one.id < query["before"]]
    shown = found[: query["limit"]]
    return {"events": shown, "earlier": shown[-1].id if len(found) > len(shown) else None}
