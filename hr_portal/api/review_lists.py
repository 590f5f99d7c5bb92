"""What an admin keeps for reviewers: the reasons they choose from, and what two have to approve."""

from typing import Any

from marshmallow import fields

from hr_portal.api import asks
from hr_portal.api.answers import Answer, one_of, said
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, OneOf, Text, Words
from hr_portal.api.sections import Section
from hr_portal.domain.fields import FIELDS
from hr_portal.services import four_eyes, standard_reasons
from hr_portal.services.errors import NotFound
from hr_portal.services.four_eyes import MOST_FIELDS
from hr_portal.services.reasons import MAX_REASON
from hr_portal.services.standard_reasons import MOST_TEXT, Offered

section = Section("Review lists", "Standard reasons and four eyes, kept by an admin")

KEYS = tuple(field.key for field in FIELDS)


class KeptReason(Answer):
    """A reason of the list."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    text_en = fields.String(required=True)


class KeptReasons(Answer):
    """The list, in its order."""

    items = fields.List(fields.Nested(KeptReason), required=True)


class NewReason(Ask):
    """The words of a reason."""

    text = Text(
        required=True,
        most=MAX_REASON,
        metadata=said(f"Indonesian, at most {MOST_TEXT} characters") | {"example": "KTP buram"},
    )
    text_en = Text(
        load_default="",
        most=MAX_REASON,
        metadata=said("English; without it the Indonesian words") | {"example": "KTP is blurred"},
    )


class Combination(Answer):
    """Data that two reviewers have to approve where all of them are approved together."""

    id = fields.Integer(required=True)
    fields_ = fields.List(fields.String(metadata=one_of(KEYS)), required=True, data_key="fields")


class Combinations(Answer):
    """All of them, in the order they were made."""

    items = fields.List(fields.Nested(Combination), required=True)


class NewCombination(Ask):
    """Which data weigh so much together."""

    fields_ = Words(
        OneOf(KEYS),
        most=MOST_FIELDS,
        required=True,
        data_key="fields",
        metadata={"example": ["nama", "tanggal_lahir"]},
    )


@section.get("/standard-reasons")
@needs("installation.manage")
@section.answers(200, KeptReasons)
def list_standard_reasons() -> dict[str, Any]:
    """List the reasons that reviewers choose from; they read them under `/reasons`."""
    return {"items": standard_reasons.listed(portal(), caller())}


@section.post("/standard-reasons")
@needs("installation.manage")
@section.body(NewReason)
@section.answers(201, KeptReason)
def add_standard_reason(body: dict[str, Any]) -> Offered:
    """Offer a reason, as the last of the list. Refused with 409 where it is offered already."""
    return _reason(standard_reasons.add(portal(), caller(), **body))


@section.post("/standard-reasons/<id:reason_id>")
@needs("installation.manage")
@section.body(NewReason)
@section.answers(200, KeptReason)
def change_standard_reason(body: dict[str, Any], reason_id: str) -> Offered:
    """Word a reason otherwise from now on; verdicts that were given keep their words."""
    standard_reasons.change(portal(), caller(), reason_id, **body)
    return _reason(reason_id)


@section.post("/standard-reasons/<id:reason_id>/remove")
@needs("installation.manage")
@section.body(asks.Nothing, required=False)
@section.answers(200, KeptReasons)
def remove_standard_reason(body: dict[str, Any], reason_id: str) -> dict[str, Any]:
    """Offer a reason no longer; verdicts that were given keep its words."""
    del body
    standard_reasons.remove(portal(), caller(), reason_id)
    return {"items": standard_reasons.listed(portal(), caller())}


def _reason(reason_id: str) -> Offered:
    for one in standard_reasons.listed(portal(), caller()):
        if one.id == reason_id:
            return one
    raise NotFound  # taken off meanwhile


@section.get("/four-eyes")
@needs("installation.manage")
@section.answers(200, Combinations)
def list_four_eyes() -> dict[str, Any]:
    """List what two different reviewers have to approve."""
    return _combinations()


@section.post("/four-eyes")
@needs("installation.manage")
@section.body(NewCombination)
@section.answers(201, Combination)
def add_four_eyes(body: dict[str, Any]) -> dict[str, Any]:
    """Ask for two reviewers where all of `fields` are approved for an employee.

    Holds for batches under review, too. Refused with 409 where it is listed already.
    """
    number = four_eyes.add(portal(), caller(), body["fields_"])
    return {"id": number, "fields_": [key for key in KEYS if key in body["fields_"]]}


@section.post("/four-eyes/<int:combination>/remove")
@needs("installation.manage")
@section.body(asks.Nothing, required=False)
@section.answers(200, Combinations)
def remove_four_eyes(body: dict[str, Any], combination: int) -> dict[str, Any]:
    """Let one reviewer do for these data, also in batches under review."""
    del body
    four_eyes.remove(portal(), caller(), combination)
    return _combinations()


def _combinations() -> dict[str, Any]:
    listed = four_eyes.combinations(portal(), caller())
    return {"items": [{"id": number, "fields_": keys} for number, keys in listed]}
