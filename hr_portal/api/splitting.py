"""Going on with the valid rows of a draft."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api import answers
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Whole
from hr_portal.api.sections import Section
from hr_portal.services import splitting
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
def split_batch(body: dict[str, Any], batch_id: str) -> Split:
    """Let a draft go on with its valid rows; the others become a child draft.

    Rows with an error, or without the document they need, go to the child with all rows of the same
    KPJ or NIK. Findings, confirmations and documents go with their rows.
    """
    return splitting.split(portal(), caller(), batch_id, version=body["version"])
