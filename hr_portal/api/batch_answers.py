"""What the routes answer with about batches: where one stands, what is asked, what is lacking."""

from dataclasses import asdict
from typing import Any, get_args

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.answers import Answer, Named, Numbered, one_of, said
from hr_portal.api.door import caller
from hr_portal.api.letter_answers import Letter
from hr_portal.domain.columns import ROLE_WORDS, Basis
from hr_portal.domain.questions import AskedColumn as Column_
from hr_portal.domain.workflow import BATCH_STATES, FILE_STATES
from hr_portal.services.batch_views import BatchView


class CompanyOf(Named):
    """The company of a batch."""

    npp = fields.String(required=True)


class RowCounts(Answer):
    """How many rows there are; each counts once, by its worst severity."""

    total = fields.Integer(required=True, metadata=said("valid + warning + invalid + empty"))
    valid = fields.Integer(required=True)
    left = fields.Integer(
        required=True,
        metadata=said("How many of the valid ones have no correction: all of it was left out"),
    )
    warning = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    empty = fields.Integer(required=True)
    refused = fields.Integer(
        required=True, metadata=said("Rows of the file that could not be read")
    )


class Progress(Answer):
    """How far the check is, in rows; total is 0 until it is known."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True)


class Refusal(Answer):
    """Why the file can't be read."""

    code = fields.String(required=True, metadata=said("FILE-01 to FILE-10"))
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class Taken(Answer):
    """What an upload became; reading and checking go on in the background."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    file_state = fields.String(required=True, metadata=one_of(FILE_STATES))
    version = fields.Integer(required=True)
    revision = fields.Integer(required=True)

    @ma.pre_dump
    def _from(self, taken: Any, **_: object) -> dict[str, Any]:  # noqa: ANN401 - intake.Taken
        return {**asdict(taken), "id": taken.batch_id}


class BatchSummary(Answer):
    """A batch at its current revision."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    file_state = fields.String(required=True, metadata=one_of(FILE_STATES))
    version = fields.Integer(
        required=True,
        metadata=said("Send it back with an act, so that nothing unseen is acted on"),
    )
    revision = fields.Integer(required=True)
    file_name = fields.String(required=True)
    layout = fields.String(required=True, allow_none=True)
    ruleset = fields.String(required=True, allow_none=True)
    rows = fields.Nested(RowCounts, required=True)
    progress = fields.Nested(Progress, required=True)
    company = fields.Nested(CompanyOf, required=True)
    branch = fields.Nested(Named, required=True)
    parent = fields.Nested(Numbered, required=True, allow_none=True)
    children = fields.List(fields.Nested(Numbered), required=True)
    refusal = fields.Nested(Refusal, required=True, allow_none=True)
    reviewer = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Told to reviewers of the branch; a company is told the office alone"),
    )
    change_received_on = fields.Date(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)

    @ma.pre_dump
    def _from(self, given: Any, **_: object) -> dict[str, Any]:  # noqa: ANN401 - a view, or a view with more
        return given if isinstance(given, dict) else batch_of(given)


def batch_of(view: BatchView) -> dict[str, Any]:
    """A batch as `BatchSummary` shows it."""
    now = view.revision
    refusal = {
        "code": now.error_code,
        "message": now.error_message,
        "message_en": now.error_message_en,
    }
    return {
        "id": view.id,
        "number": view.number,
        "state": view.state,
        "file_state": now.state,
        "version": view.version,
        "revision": now.number,
        "file_name": now.file_name,
        "layout": now.layout,
        "ruleset": now.ruleset,
        "rows": {name: getattr(now, name) for name in RowCounts().fields},
        "progress": {"done": now.progress_done, "total": now.progress_total},
        "company": {"id": view.company_id, "name": view.company_name, "npp": view.company_npp},
        "branch": {"id": view.branch_id, "name": view.branch_name},
        "parent": {"id": view.parent_id, "number": view.parent_number} if view.parent_id else None,
        "children": [{"id": id_, "number": number} for id_, number in view.children],
        "refusal": refusal if now.error_code else None,
        "reviewer": view.reviewer_name if view.branch_id in caller().branches else None,
        "change_received_on": view.change_received_on,
        "created_at": view.created_at,
        "submitted_at": view.submitted_at,
        "decided_at": view.decided_at,
    }


class Missing(Answer):
    """One thing that keeps a draft from being submitted."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    count = fields.Integer(required=True)


class Twin(Numbered):
    """An earlier batch with the same file (`bytes`), or another file with the same rows."""

    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    revision = fields.Integer(required=True)
    file_name = fields.String(required=True)
    uploaded_at = fields.AwareDateTime(required=True)
    same = fields.String(required=True, metadata=one_of(["bytes", "rows"]))


class AskedSheet(Answer):
    """A sheet that may be meant."""

    name = fields.String(required=True)
    rows = fields.Integer(required=True)
    headers = fields.List(fields.String(), required=True, metadata=said("The first of them"))
    is_likely = fields.Boolean(required=True)


class AskedColumn(Answer):
    """A column of the file, with what it is taken for."""

    column = fields.String(required=True, metadata=said("Its letters in the sheet"))
    header = fields.String(required=True)
    samples = fields.List(fields.String(), required=True, metadata=said("Its first values"))
    meaning = fields.String(
        required=True,
        allow_none=True,
        metadata=one_of([*ROLE_WORDS, None], "null = only you can say; it has to be answered"),
    )
    is_asked = fields.Boolean(required=True, metadata=said("false = certain, but may be changed"))
    basis = fields.String(required=True, metadata=one_of(get_args(Basis)))

    @ma.pre_dump
    def _from(self, one: Column_, **_: object) -> dict[str, Any]:
        return {**asdict(one), "column": one.letters, "meaning": one.word or None}


class Questions(Answer):
    """What has to be said before the file can be checked: POST it to …/columns."""

    sheet = fields.String(required=True, metadata=said("The sheet that the columns are of"))
    sheets = fields.List(
        fields.Nested(AskedSheet), required=True, metadata=said("Those that may be chosen")
    )
    rows = fields.Integer(required=True)
    columns = fields.List(
        fields.Nested(AskedColumn), required=True, metadata=said("Empty = name a sheet first")
    )


class Batch(BatchSummary):
    """A batch with its letters, and with what a draft still lacks."""

    questions = fields.Nested(
        Questions, required=True, allow_none=True, metadata=said("While file_state is asking")
    )
    same_as = fields.List(
        fields.Nested(Twin),
        required=True,
        metadata=said("Earlier batches of the company that hold the same; nothing is refused"),
    )
    letters = fields.List(fields.Nested(Letter), required=True)
    missing = fields.List(
        fields.Nested(Missing), required=True, metadata=said("For drafts; empty = ready to submit")
    )
