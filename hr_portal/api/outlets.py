"""Approved rows given out to the agency, and its answer."""

from typing import Any

from flask import Response
from marshmallow import fields

from hr_portal.api import answers, asks
from hr_portal.api.answers import Answer, said
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.parsing import Ask, Paging, Text, Upload, Whole
from hr_portal.api.sections import Section
from hr_portal.api.works import Answered, Ordered, ordered
from hr_portal.services import agency, agency_records, many_answers, outlets, paging

section = Section("Forwarding", "Approved rows as files for the agency, and its answer")

OF_OFFER = ("outlet", "corrections", "files", "left_out")


class NewHandover(asks.AtVersion):
    """By which outlet."""

    outlet = Text(
        required=True, least=1, most=40, metadata={"description": "sipp, xlsx, csv, json"}
    )


class NewAnswer(Ask):
    """The agency's answer as a workbook or csv."""

    file = Upload(required=True)
    version = Whole(text=True)


class HandoverFile(Answer):
    """One kept file; fetch it by its id."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    rows = fields.Integer(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class Handover(Answer):
    """What was given out by one outlet, once."""

    outlet = fields.String(required=True)
    label = fields.String(required=True)
    corrections = fields.Integer(required=True, attribute="rows")
    left_out = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    made_at = fields.AwareDateTime(required=True)
    files = fields.List(fields.Nested(HandoverFile), required=True)


class OutletOffer(Answer):
    """An outlet, and what giving a batch out by it would make."""

    key = fields.String(required=True, attribute="outlet.key", metadata=said("For `handovers`"))
    label = fields.String(required=True, attribute="outlet.label")
    label_en = fields.String(required=True, attribute="outlet.label_en")
    format = fields.String(required=True, attribute="outlet.format")
    is_confirmed = fields.Boolean(
        required=True,
        attribute="outlet.is_confirmed",
        metadata=said("Whether the agency has confirmed the columns"),
    )
    corrections = fields.Integer(required=True)
    files = fields.Integer(required=True)
    left_out = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=said("Approved corrections that it doesn't carry, by field"),
    )
    is_given_out = fields.Boolean(
        required=True, metadata=said("Each outlet gives a batch out once: see `handovers`")
    )


class OutletOffers(Answer):
    """All outlets, in their order; none while nothing of the batch is approved."""

    items = fields.List(fields.Nested(OutletOffer), required=True)


@section.get("/batches/<id:batch_id>/outlets")
@needs("batch.review")
@section.answers(200, OutletOffers)
def list_offers(batch_id: str) -> dict[str, Any]:
    """List the outlets with what each would give out of a batch, or has given out."""
    with portal().db.together():
        offers = outlets.offers(portal(), caller(), batch_id)
        given = {one.outlet for one in outlets.handed_over(portal(), caller(), batch_id)}
    return {
        "items": [
            {
                **{name: getattr(one, name) for name in OF_OFFER},
                "is_given_out": one.outlet.key in given,
            }
            for one in offers
        ]
    }


@section.get("/batches/<id:batch_id>/handovers")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(Handover))
def list_handovers(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List what was given out of a batch, the latest first."""
    found = outlets.handed_over(portal(), caller(), batch_id)
    start = (query["page"] - 1) * query["per_page"]
    page = paging.Page(
        found[start : start + query["per_page"]], query["page"], query["per_page"], len(found)
    )
    return answers.page_of(page.items, page)


@section.post("/batches/<id:batch_id>/handovers")
@needs("batch.review")
@section.body(NewHandover)
@section.answers(201, Handover)
@section.answers_too(202, Ordered, "application/json")
def hand_over(body: dict[str, Any], batch_id: str) -> outlets.HandedOver | Response:
    """Give the approved corrections out by an outlet; the first time makes the batch `forwarded`.

    Refused with 409 where this outlet gave it out before, with 422 where it carries nothing. More
    than 5,000 corrections are written by a worker: 202, and `work` names what to ask after.
    """
    work = outlets.ask(portal(), caller(), batch_id, body["outlet"], version=body["version"])
    if work is not None:
        return ordered(batch_id, work)
    return outlets.hand_over(portal(), caller(), batch_id, body["outlet"], version=body["version"])


@section.get("/batches/<id:batch_id>/handovers/<int:part>/file")
@needs("batch.review", fresh=True)
@section.answers(200, BINARY, content_type="application/octet-stream", description="The kept bytes")
def fetch_handover(batch_id: str, part: int) -> Response:
    """Fetch a file that was given out; recorded."""
    name, media_type, chunks = outlets.open_file(portal(), caller(), batch_id, part)
    return as_file(b"".join(chunks), media_type, name)


@section.post("/batches/<id:batch_id>/agency-answers")
@needs("batch.review")
@takes_upload(lambda _settings: agency.MOST_BYTES)
@section.form(NewAnswer)
@section.answers(200, Answered)
@section.answers_too(202, Ordered, "application/json")
def take_agency_answer(form: dict[str, Any], batch_id: str) -> agency_records.Answered | Response:
    """Record the agency's answer: lines of KPJ, datum and result; refused ones become a draft.

    A file of more than 256 KiB is recorded by a worker: 202, and `work` names what to ask after.
    """
    stream, name, version = form["file"].stream, form["file"].filename, form["version"]
    work = many_answers.ask_answer(portal(), caller(), batch_id, stream, name, version=version)
    if work is not None:
        return ordered(batch_id, work)
    return agency.take_answer(portal(), caller(), batch_id, stream, name, version=version)
