"""Going on with the valid rows of a draft."""

from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields

from hr_portal.api import answers, large_acts
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Whole
from hr_portal.api.sections import Section
from hr_portal.services import batch_views, long_works, splitting
from hr_portal.services.splitting import Split

section = Section("Splitting", "Going on with the valid rows of a draft, the others as a new one")


class Seen(Ask):
    """Which version of the draft is meant."""

    version = Whole(
        required=True,
        metadata={"description": "The one you saw; sent again, the first answer comes back"},
    )


class SplitDone(answers.Answer):
    """How many rows go on, and where the others are."""

    kept = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    refused = fields.Integer(
        required=True, metadata={"description": "Rows that could not be read, now with the child"}
    )
    version = fields.Integer(required=True)
    child = fields.Nested(answers.Numbered, required=True)

    @ma.pre_dump
    def _from(self, done: Split, **_: object) -> dict[str, Any]:
        return {
            "kept": done.kept,
            "moved": done.moved,
            "refused": done.refused,
            "version": done.version,
            "child": {"id": done.child_id, "number": done.child_number},
        }


@section.post("/batches/<id:batch_id>/split")
@needs("batch.edit")
@section.body(Seen)
@section.answers(200, SplitDone)
@section.answers_later(large_acts.LargeAct)
def split_batch(body: dict[str, Any], batch_id: str) -> Split | Response:
    """Let a draft go on with its valid rows; the others become a child draft.

    Rows with an error, or without the document they need, go to the child with all rows of the same
    KPJ or NIK. Findings, confirmations and documents go with their rows. More than 5,000 rows are
    parted by a worker: 202.
    """
    version = body["version"]
    done = splitting.done_before(portal(), caller(), batch_id, version)
    if done is not None:
        return done
    if long_works.is_large_split(batch_views.batch_view(portal(), caller(), batch_id)):
        number = long_works.ask_parting(portal(), caller(), batch_id, version=version)
        return large_acts.later(batch_id, number)
    return splitting.split(portal(), caller(), batch_id, version=version)


@section.post("/batches/<id:batch_id>/divide")
@needs("batch.edit")
@section.body(Seen)
@section.answers(200, SplitDone)
@section.answers_later(large_acts.LargeAct)
def divide_batch(body: dict[str, Any], batch_id: str) -> Split | Response:
    """Divide a draft of more corrections than one letter holds, by a worker: 202.

    Rows from the first on stay, as many as one letter holds the corrections of; the others become a
    child draft, with all rows of the same KPJ or NIK. Asked again when it is done: 200.
    """
    version = body["version"]
    done = splitting.done_before(portal(), caller(), batch_id, version)
    if done is not None:
        return done
    number = long_works.ask_dividing(portal(), caller(), batch_id, version=version)
    return large_acts.later(batch_id, number)
