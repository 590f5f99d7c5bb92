"""Messages on a batch, between HRD and reviewers."""

from typing import Any

from flask import Response
from marshmallow import fields

from hr_portal.api import answers, asks
from hr_portal.api.answers import Answer
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.parsing import Ask, Paging, Switch, Text, Uploads, Whole
from hr_portal.api.sections import Section
from hr_portal.services import messages, paging

section = Section("Messages", "What HRD and reviewers say to each other about a batch")


Made = tuple[messages.MessageView, int, dict[str, str]]


class NewMessage(Ask):
    """Words for the other side, or a note for reviewers."""

    text = Text(required=True, least=1, most=messages.MOST_TEXT)
    row = Whole(most=asks.MAX_ROWS, metadata={"description": "Without it: the whole batch"})
    internal = Switch(
        load_default=False, metadata={"description": "A note that only reviewers read"}
    )


class NewMessageWithFile(Ask):
    """As a new message, with PDF, JPEG or PNG."""

    file = Uploads(
        required=True,
        most=messages.MOST_FILES,
        metadata={"description": f"The part may stand there up to {messages.MOST_FILES} times"},
    )
    text = Text(required=True, least=1, most=messages.MOST_TEXT)
    row = Whole(
        text=True, most=asks.MAX_ROWS, metadata={"description": "Without it: the whole batch"}
    )
    internal = Switch(
        text=True,
        load_default=False,
        metadata={"description": "A note that only reviewers read"},
    )


class MessageFile(Answer):
    """A file of a message: the clean copy that was made of it."""

    id = fields.Integer(required=True)
    file_name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    is_kept = fields.Boolean(
        required=True, metadata={"description": "False once retention has deleted its bytes"}
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
    files = fields.List(fields.Nested(MessageFile), required=True)


@section.get("/batches/<id:batch_id>/messages")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(Message))
def list_messages(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the messages of a batch, the oldest first."""
    found = messages.listed(portal(), caller(), batch_id)
    start = (query["page"] - 1) * query["per_page"]
    page = paging.Page(
        found[start : start + query["per_page"]], query["page"], query["per_page"], len(found)
    )
    return answers.page_of(page.items, page)


@section.post("/batches/<id:batch_id>/messages")
@needs("batch.read")
@section.body(NewMessage)
@section.headers(asks.Repeatable)
@section.answers(201, Message, headers=asks.REPLAYED)
def write_message(body: dict[str, Any], headers: dict[str, Any], batch_id: str) -> Made:
    """Write a message; the other side is told by e-mail that there is one.

    With an `Idempotency-Key` that was used before, that message is given back and nobody is told
    again; where it said something else, the request is refused with 409 `key_used`.
    """
    made = messages.write(
        portal(), caller(), batch_id, body["text"], row=body["row"], internal=body["internal"],
        idempotency_key=headers["key"],
    )  # fmt: skip
    return _made(batch_id, made)


@section.post("/batches/<id:batch_id>/message-files")
@needs("batch.read")
@takes_upload(lambda settings: settings.max_document_bytes * 4)
@section.form(NewMessageWithFile)
@section.headers(asks.Repeatable)
@section.answers(201, Message, headers=asks.REPLAYED)
def write_message_with_file(form: dict[str, Any], headers: dict[str, Any], batch_id: str) -> Made:
    """Write a message with files; refused as a whole where one of them can't be taken.

    An `Idempotency-Key` works as for a message without; the files sent again are not looked at.
    """
    made = messages.write(
        portal(), caller(), batch_id, form["text"], row=form["row"], internal=form["internal"],
        files=[(one.stream, one.filename) for one in form["file"]], whole=True,
        idempotency_key=headers["key"],
    )  # fmt: skip
    return _made(batch_id, made)


@section.get("/batches/<id:batch_id>/message-files/<int:file>/content")
@needs("batch.read")
@section.answers(200, BINARY, content_type="application/pdf", description="The cleaned copy")
@section.answers_too(200, BINARY, "image/jpeg")
@section.answers_too(200, BINARY, "image/png")
def fetch_message_file(batch_id: str, file: int) -> Response:
    """Fetch a file of a message; recorded."""
    view, chunks = messages.open_file(portal(), caller(), batch_id, file)
    return as_file(b"".join(chunks), view.media_type, view.file_name)


def _made(batch_id: str, made: messages.Written) -> Made:
    listed = messages.listed(portal(), caller(), batch_id)
    headers = {asks.REPLAY: "true"} if made.is_repeated else {}
    return next(one for one in listed if one.id == made.id), 201, headers
