"""Messages on a batch, between HRD and reviewers."""

from typing import Any

from marshmallow import fields

from hr_portal.api import answers, asks
from hr_portal.api.answers import Answer
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Paging, Switch, Text, Whole
from hr_portal.api.sections import Section
from hr_portal.services import messages, results

section = Section("Messages", "What HRD and reviewers say to each other about a batch")


class NewMessage(Ask):
    """Words for the other side, or a note for reviewers."""

    text = Text(required=True, least=1, most=messages.MOST_TEXT)
    row = Whole(most=asks.MAX_ROWS, metadata={"description": "Without it: the whole batch"})
    internal = Switch(
        load_default=False, metadata={"description": "A note that only reviewers read"}
    )


class Message(Answer):
    """One message; a company is told the office, not the reviewer."""

    id = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    side = fields.String(required=True, metadata={"enum": ["hrd", "reviewer"]})
    internal = fields.Boolean(required=True, attribute="is_internal")
    text = fields.String(required=True)
    written_by = fields.String(required=True, allow_none=True)
    written_at = fields.AwareDateTime(required=True)


@section.get("/batches/<id:batch_id>/messages")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(Message))
def list_messages(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the messages of a batch, the oldest first."""
    found = messages.listed(portal(), caller(), batch_id)
    start = (query["page"] - 1) * query["per_page"]
    page = results.Page(
        found[start : start + query["per_page"]], query["page"], query["per_page"], len(found)
    )
    return answers.page_of(page.items, page)


@section.post("/batches/<id:batch_id>/messages")
@needs("batch.read")
@section.body(NewMessage)
@section.answers(201, Message)
def write_message(body: dict[str, Any], batch_id: str) -> messages.MessageView:
    """Write a message; the other side is told by e-mail that there is one."""
    made = messages.write(
        portal(), caller(), batch_id, body["text"], row=body["row"], internal=body["internal"]
    )
    return next(one for one in messages.listed(portal(), caller(), batch_id) if one.id == made)
