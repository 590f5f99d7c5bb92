"""Setting a decision aside: an admin looks it up by its number, then reopens it."""

from typing import Any

from marshmallow import fields

from hr_portal.api import asks, review_answers
from hr_portal.api.answers import Answer, one_of, said
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Text
from hr_portal.api.sections import Section
from hr_portal.domain.workflow import BATCH_STATES
from hr_portal.services import reopening

section = Section("Reopening", "A decision that an admin sets aside")

MOST_NUMBER = 40


class OfNumber(Ask):
    """Which batch."""

    number = Text(
        load_default="",
        most=MOST_NUMBER,
        metadata=said("Of the batch") | {"example": "PKD-2026-00142"},
    )


class Reopened(Answer):
    """A batch that is to be judged again: where it stands now."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    version = fields.Integer(required=True)
    revision = fields.Integer(required=True)


class WhyNot(Answer):
    """What stands in the way, as the act would be refused."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class DecidedBatch(Reopened):
    """How a batch was decided, and whether that can be set aside; nothing of its rows."""

    company = fields.String(required=True)
    branch = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    rows = fields.Nested(review_answers.DecidedCounts, required=True)
    child = fields.String(
        required=True,
        allow_none=True,
        metadata=said("The number of the batch in which returned rows live on"),
    )
    refusal = fields.Nested(
        WhyNot, required=True, allow_none=True, metadata=said("null = it can be set aside")
    )


OF_DECIDED = tuple(name for name in DecidedBatch().fields if name != "rows")


@section.get("/reopenings")
@needs("installation.manage")
@section.query(OfNumber)
@section.answers(200, DecidedBatch)
def look_decision_up(query: dict[str, Any]) -> dict[str, Any]:
    """Look up how a batch was decided, and whether that can be set aside.

    Refused with 422 where there is no batch of this number.
    """
    found = reopening.look_up(portal(), caller(), query["number"])
    return {name: getattr(found, name) for name in OF_DECIDED} | {"rows": found}


@section.post("/batches/<id:batch_id>/reopen")
@needs("installation.manage")
@section.body(asks.Reopening)
@section.answers(200, Reopened)
def reopen_batch(body: dict[str, Any], batch_id: str) -> reopening.Decided:
    """Set a decision aside, with a reason: the batch is judged again as its next revision.

    For admins. Refused with 409 once an outlet has given its corrections out (`already_forwarded`).
    Rows that were returned stay with their child batch.
    """
    return reopening.set_aside(
        portal(), caller(), batch_id, version=body["version"], reason=body["reason"]
    )
