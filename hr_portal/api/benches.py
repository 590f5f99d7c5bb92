"""What a reviewer looks at: how the review stands, its rows, and what stands around a row."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api import answers, asks, review_answers
from hr_portal.api.answers import SEVERITIES, Answer, Numbered, one_of, said
from hr_portal.api.document_answers import Document
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.draft_answers import Correction
from hr_portal.api.parsing import OneOf, Paging, Whole
from hr_portal.api.sections import Section
from hr_portal.domain.fields import FIELD
from hr_portal.domain.workflow import BATCH_STATES, VERDICTS, outcome
from hr_portal.services import (
    batch_views,
    changes,
    documents,
    earlier,
    explaining,
    handed_on,
    results,
    review,
    review_guards,
    review_works,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import SHOWN, Change
from hr_portal.services.errors import NotFound

section = Section("Bench", "What a reviewer looks at while a batch is under review")

MOST_LISTED = 1_000
OF_ROW = ("number", "name", "severity", "verdict", "changes")


class ReviewFilter(Paging):
    """Which rows of a review."""

    show = OneOf(
        SHOWN,
        load_default="all",
        metadata={
            "description": "open = without a verdict; second = approved, and waiting for a second "
            "reviewer; found, clean = with and without a warning or worse"
        },
    )
    field = OneOf(asks.FIELD_KEYS, metadata={"description": "Rows that correct this datum"})
    revision = Whole(text=True, metadata={"description": "An earlier revision"})


class ReviewCounts(Answer):
    """Rows with corrections, by verdict and by findings; a row counts by its heaviest verdict."""

    total = fields.Integer(required=True)
    open = fields.Integer(required=True)
    approve = fields.Integer(required=True)
    return_ = fields.Integer(required=True, data_key="return", attribute="returned")
    reject = fields.Integer(required=True)
    found = fields.Integer(required=True, metadata=said("With a warning or worse"))
    clean = fields.Integer(required=True)
    second = fields.Integer(
        required=True, metadata=said("With an approval that waits for a second reviewer")
    )
    second_mine = fields.Integer(required=True, metadata=said("Of these, what you may second"))


class LatestVerdict(Answer):
    """Your latest act, which `verdicts/take-back` undoes."""

    given_at = fields.AwareDateTime(required=True, attribute="at")
    rows = fields.Integer(required=True)
    first_rows = fields.List(fields.Integer(), required=True)


class Review(Answer):
    """How a review stands."""

    state = fields.String(required=True, metadata=one_of(BATCH_STATES))
    version = fields.Integer(required=True)
    is_mine = fields.Boolean(required=True, metadata=said("Whether you have it in hand"))
    rows = fields.Nested(ReviewCounts, required=True)
    ends = fields.String(
        required=True,
        allow_none=True,
        metadata=one_of(
            ["approve", "approve_partly", "reject", "return", None],
            "How `decide` would end it; null while rows have no verdict",
        ),
    )
    has_second = fields.Boolean(
        required=True, metadata=said("Whether the branch has another reviewer")
    )
    reasons = fields.List(
        fields.Nested(review_answers.SharedReason),
        required=True,
        metadata=said(f"As HRD will read them, the most frequent first; {MOST_LISTED} at most"),
    )
    note = fields.Nested(review_answers.HandedOn, required=True, allow_none=True)
    work = fields.Integer(
        required=True, allow_none=True, metadata=said("What a worker is at: `…/works/{work}`")
    )
    latest = fields.Nested(LatestVerdict, required=True, allow_none=True)


class ReviewedCorrection(Correction):
    """One datum to change, with who has judged it."""

    decided_by = fields.String(required=True, allow_none=True)
    seconded_by = fields.String(required=True, allow_none=True)
    waits_second = fields.Boolean(
        required=True, metadata=said("Approved, and a second reviewer has to approve it, too")
    )

    @ma.pre_dump
    def _from(self, one: Change, **_: object) -> dict[str, Any]:
        return {**asdict(one), "label": FIELD[one.field].label, "document": one.document_id}


class ReviewRow(Answer):
    """One row with its corrections, whole."""

    number = fields.Integer(required=True, metadata=said("The sheet's own row number"))
    name = fields.String(required=True)
    severity = fields.String(required=True, metadata=one_of(["valid", *SEVERITIES]))
    verdict = fields.String(
        required=True,
        allow_none=True,
        metadata=one_of([*VERDICTS, None], "The heaviest; null while a correction has none"),
    )
    corrections = fields.List(fields.Nested(ReviewedCorrection), required=True, attribute="changes")


class LackingDocument(Answer):
    """A document that a row asks for and that isn't there, or doesn't fit."""

    kind = fields.String(required=True)
    reason = fields.String(required=True, metadata=said('Why, as HRD has said; "" = not said'))
    given_by = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True, allow_none=True)
    is_unfit = fields.Boolean(required=True)


class EarlierCorrection(Answer):
    """A correction of the same employee in another batch."""

    batch = fields.Nested(Numbered, required=True)
    submitted_at = fields.AwareDateTime(required=True)
    field = fields.String(required=True)
    verdict = fields.String(required=True, allow_none=True)
    answer = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Of the agency, to what was approved: accepted, refused; null = none yet"),
    )


class ReviewedRow(ReviewRow):
    """One row, and what a reviewer sees beside it."""

    documents = fields.List(
        fields.Nested(Document), required=True, metadata=said("Of the row and of the whole batch")
    )
    lacking = fields.List(fields.Nested(LackingDocument), required=True)
    earlier = fields.List(
        fields.Nested(EarlierCorrection),
        required=True,
        metadata=said(f"The newest first, {earlier.MOST} at most"),
    )


@section.get("/batches/<id:batch_id>/review")
@needs("batch.review")
@section.answers(200, Review)
def show_review(batch_id: str) -> dict[str, Any]:
    """Show how a review stands: counts, how it would end, the reasons, your latest act.

    Once HR has withdrawn the batch, who had it in hand gets 409 `already_draft`.
    """
    try:
        with portal().db.together():
            return _review(batch_views.batch_view(portal(), caller(), batch_id))
    except NotFound:
        review_guards.refuse_withdrawn(portal(), caller(), batch_id)
        raise


def _review(batch: BatchView) -> dict[str, Any]:
    counts = changes.counts(portal(), caller(), batch.id)
    is_mine = batch.state == "in_review" and batch.reviewer_id == caller().user_id
    work = review_works.running(portal(), caller(), batch.id)
    latest = None
    if is_mine and (work is None or work.act != "decide"):  # else there is nothing to take back
        latest = review.latest_given(portal(), caller(), batch.id)
    given: set[Any] = set(counts.verdicts)
    return {
        "state": batch.state,
        "version": batch.version,
        "is_mine": is_mine,
        "rows": counts,
        "ends": outcome({0: given}) if given and not counts.open else None,
        "has_second": review.has_second(portal(), caller(), batch.id),
        "reasons": changes.reasons(portal(), caller(), batch.id)[:MOST_LISTED],
        "note": handed_on.note_for(portal(), caller(), batch.id),
        "work": work.id if work else None,
        "latest": latest
        and {"at": latest.at, "rows": len(latest.rows), "first_rows": latest.rows[:MOST_LISTED]},
    }


@section.get("/batches/<id:batch_id>/review-rows")
@needs("batch.review")
@section.query(ReviewFilter)
@section.answers(200, answers.paged(ReviewRow))
def list_review_rows(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the rows that hold corrections, by verdict or findings, with who has judged them.

    Corrections hold whole values, so each call is recorded.
    """
    page = changes.changes_page(portal(), caller(), batch_id, **query)
    results.note_read(
        portal(), caller(), batch_id, "rows", page=page.page, rows=len(page.items), revealed=0
    )
    return answers.page_of(page.items, page)


@section.get("/batches/<id:batch_id>/review-rows/<int:row>")
@needs("batch.review")
@section.answers(200, ReviewedRow)
def show_review_row(batch_id: str, row: int) -> dict[str, Any]:
    """Show a row with its documents, what it goes without and why, and what was asked before.

    Recorded, as the list is.
    """
    with portal().db.together():
        found = changes.one_row(portal(), caller(), batch_id, row)
        told = {
            **{name: getattr(found, name) for name in OF_ROW},
            "documents": documents.list_documents(portal(), caller(), batch_id, row=row),
            "lacking": explaining.missing_of(portal(), caller(), batch_id, [row])[row],
            "earlier": [
                {**asdict(one), "batch": {"id": one.batch_id, "number": one.number}}
                for one in earlier.earlier(portal(), caller(), batch_id, row)
            ],
        }
    results.note_read(portal(), caller(), batch_id, "rows", page=1, rows=1, revealed=0)
    return told
