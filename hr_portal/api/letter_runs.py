"""Many letters at once: asked for, watched, fetched as one ZIP."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields

from hr_portal.api.answers import Answer
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, OneOf, Text, Words
from hr_portal.api.sections import Section
from hr_portal.services import letter_runs

section = Section("Letter runs", "Many letters at once, made by a worker")


class RunItem(Answer):
    """One letter of a run: its number once it has one, or why it has none."""

    place = fields.Integer(required=True)
    batch_id = fields.String(required=True)
    person = fields.Integer(
        required=True, metadata={"description": "Place in Lampiran I; 0 for the whole draft"}
    )
    letter_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    is_made = fields.Boolean(required=True)
    problem = fields.String(required=True, allow_none=True)
    problem_en = fields.String(required=True, allow_none=True)


class Run(Answer):
    """Letters asked for at once; `ended_at` is null while a worker makes them."""

    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": ["permohonan", "formulir"]})
    made_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    can_be_tried_again = fields.Boolean(
        required=True, metadata={"description": "Nobody is at it, and a letter is missing"}
    )
    items = fields.List(fields.Nested(RunItem), required=True)

    @ma.pre_dump
    def _from(self, view: letter_runs.RunView, **_: object) -> dict[str, Any]:
        return {
            **asdict(view),
            "total": view.total,
            "done": view.done,
            "can_be_tried_again": view.can_be_tried_again,
        }


class ManyDrafts(Ask):
    """Whose letters of request are issued."""

    batches = Words(Text(most=32), required=True, most=letter_runs.MOST_LETTERS)


class ManyForms(Ask):
    """Whose forms are issued: `left`, those with a date or reason of leaving, or `all`."""

    whose = OneOf(("left", "all"), load_default="left")


@section.post("/letter-runs")
@needs("letter.issue")
@section.body(ManyDrafts)
@section.answers(201, Run)
def issue_many(body: dict[str, Any]) -> letter_runs.RunView:
    """Have the letters of several drafts issued; each is issued once, however often it is asked."""
    run_id = letter_runs.ask_for_drafts(portal(), caller(), body["batches"])
    return letter_runs.view(portal(), caller(), run_id)


@section.post("/batches/<id:batch_id>/forms")
@needs("letter.issue")
@section.body(ManyForms, required=False)
@section.answers(201, Run)
def issue_forms(body: dict[str, Any], batch_id: str) -> letter_runs.RunView:
    """Have one formulir an employee issued; needs a letter of request that stands."""
    run_id = letter_runs.ask_for_forms(portal(), caller(), batch_id, body["whose"])
    return letter_runs.view(portal(), caller(), run_id)


@section.get("/letter-runs/<id:run_id>")
@needs("letter.issue")
@section.answers(200, Run)
def show_run(run_id: str) -> letter_runs.RunView:
    """Tell how far a run is."""
    return letter_runs.view(portal(), caller(), run_id)


@section.post("/letter-runs/<id:run_id>/retry")
@needs("letter.issue")
@section.body(Ask, required=False)
@section.answers(200, Run)
def retry_run(_body: dict[str, Any], run_id: str) -> letter_runs.RunView:
    """Have the letters of a run made that are missing; one on its way stays on it."""
    letter_runs.try_again(portal(), caller(), run_id)
    return letter_runs.view(portal(), caller(), run_id)


@section.get("/letter-runs/<id:run_id>/zip")
@needs("letter.issue")
@section.answers(
    200, BINARY, content_type="application/zip", description="The kept PDFs and a list"
)
def fetch_run(run_id: str) -> Response:
    """Fetch the letters of a run as one ZIP; each look is recorded."""
    return as_file(letter_runs.zipped(portal(), caller(), run_id), "application/zip", "surat.zip")
