"""What the routes answer with about the queue, verdicts and decisions."""

from dataclasses import asdict
from typing import Any, get_args

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.answers import Answer, Numbered, one_of, paged, said
from hr_portal.domain.deadlines import ClockKind
from hr_portal.domain.workflow import BATCH_STATES
from hr_portal.services.queues import QueueEntry
from hr_portal.services.review import Decided


class Clock(Answer):
    """When one of the clocks of a batch runs out."""

    kind = fields.String(
        required=True,
        metadata=one_of(
            get_args(ClockKind), "The portal's target, UU PDP art. 30, PP 44/2015 art. 9"
        ),
    )
    due = fields.AwareDateTime(required=True)


class QueuedBatch(Answer):
    """A batch as the queue shows it."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    company = fields.String(required=True)
    branch = fields.String(required=True)
    rows = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    corrections = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=said("How many, by field"),
    )
    submitted_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reviewer = fields.String(required=True, allow_none=True)
    reviewer_id = fields.String(
        required=True, allow_none=True, metadata=said("By which the queue is narrowed down")
    )
    is_mine = fields.Boolean(required=True)
    barred = fields.String(
        required=True, allow_none=True,
        metadata=one_of(["own_company", "own_upload", "passed_on", None], "Why you may not take it; null = you may"),
    )  # fmt: skip
    version = fields.Integer(required=True)
    wants_second = fields.Boolean(
        required=True, metadata=said("One reviewer has judged it, a second has to")
    )
    deadlines = fields.List(
        fields.Nested(Clock), required=True, metadata=said("The most pressing first")
    )

    @ma.pre_dump
    def _from(self, view: QueueEntry, **_: object) -> dict[str, Any]:
        return {
            **asdict(view),
            "id": view.batch_id,
            "company": view.company_name,
            "branch": view.branch_name,
            "corrections": view.fields,
            "reviewer": view.reviewer_name,
        }


class HandedOn(Answer):
    """Words of the reviewer who had the batch before; for reviewers only."""

    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    words = fields.String(required=True, metadata=said("As written"))


class VerdictCounts(Answer):
    """Rows by verdict; a row with several counts by its worst."""

    open = fields.Integer(required=True)
    approve = fields.Integer(required=True)
    return_ = fields.Integer(required=True, data_key="return")
    reject = fields.Integer(required=True)


class LeftRow(Answer):
    """A row that a verdict did not reach."""

    row = fields.Integer(required=True)
    code = fields.String(
        required=True, metadata={"enum": ["changed_meanwhile", "document_missing"]}
    )
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class GivenVerdicts(Answer):
    """How many corrections got the verdict, which rows it left, and how the rows stand now."""

    corrections = fields.Integer(required=True)
    left = fields.List(fields.Nested(LeftRow), required=True)
    work = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Where a worker judges them: ask `…/works/{work}`"},
    )
    version = fields.Integer(required=True)
    rows = fields.Nested(VerdictCounts, required=True)


class SharedReason(Answer):
    """A reason, and the rows that were returned or rejected for it."""

    verdict = fields.String(required=True, metadata=one_of(["return", "reject"]))
    reason = fields.String(required=True)
    rows = fields.Integer(required=True)
    corrections = fields.Integer(required=True)
    corrected = fields.List(fields.String(), required=True, attribute="fields", data_key="fields")
    first_rows = fields.List(fields.Integer(), required=True)


class DecidedCounts(Answer):
    """Rows by how the review ended for them."""

    approved = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    rejected = fields.Integer(required=True)


class Decision(Answer):
    """How a review ended; returned rows live on in the child batch."""

    outcome = fields.String(
        required=True,
        allow_none=True,
        metadata=one_of(["approve", "approve_partly", "reject", "return", None]),
    )
    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    version = fields.Integer(required=True)
    work = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Where a worker decides a large batch: ask `…/works/{work}`"},
    )
    rows = fields.Nested(DecidedCounts, required=True, allow_none=True)
    child = fields.Nested(Numbered, required=True, allow_none=True)

    @ma.pre_dump
    def _from(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        how: Decided | None = given["how"]
        if how is None:
            return {"outcome": None, "rows": None, "child": None, **given}
        child = {"id": how.child_batch_id, "number": how.child_number}
        return {
            **asdict(how),
            "version": given["version"],
            "work": None,
            "rows": asdict(how),
            "child": child if how.child_batch_id else None,
        }


def _place(of: str) -> fields.String:
    return fields.String(
        required=True, allow_none=True, metadata=said(f"To ask for the page {of}; null = none")
    )


QueuePage = paged(QueuedBatch).from_dict(
    {"earlier": _place("before, as `before`"), "later": _place("after, as `after`")},
    name="QueuePage",
)
"""One page of the queue."""
