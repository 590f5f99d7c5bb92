"""How the review of a batch ended and what the agency says; opening a returned batch again."""

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from hr_portal.api import asks, batch_answers, large_acts, review_answers
from hr_portal.api.answers import Answer, Numbered, one_of, said
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.sections import Section
from hr_portal.services import agency, batch_views, changes, long_works, review
from hr_portal.services.agency import Standing
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import DecisionView

section = Section("Outcome", "How a review ended, why rows came back, and mending them")


class EndedReview(Answer):
    """How the latest review of a batch ended."""

    outcome = fields.String(
        required=True, metadata=one_of(["approve", "approve_partly", "reject", "return"])
    )
    revision = fields.Integer(required=True)
    decided_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Told to reviewers of the branch; a company is told the office alone"),
    )
    rows = fields.Nested(review_answers.DecidedCounts, required=True)
    child = fields.Nested(
        Numbered, required=True, allow_none=True, metadata=said("Where returned rows went on")
    )
    set_aside_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata=said("Since when it no longer holds")
    )


class RefusedByAgency(Answer):
    """A correction that the agency refused, with its words."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    words = fields.String(required=True)
    answered_at = fields.AwareDateTime(required=True)
    child_id = fields.String(
        required=True,
        allow_none=True,
        metadata=said("The draft in which it went on; told to its company"),
    )


class AgencyStanding(Answer):
    """How a forwarded batch stands with the agency, in corrections."""

    accepted = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    refusals = fields.List(
        fields.Nested(RefusedByAgency),
        required=True,
        metadata=said(f"By row, {asks.MAX_LISTED} at most"),
    )


class Outcome(Answer):
    """What became of a batch."""

    decision = fields.Nested(
        EndedReview, required=True, allow_none=True, metadata=said("null = never decided")
    )
    reasons = fields.List(
        fields.Nested(review_answers.SharedReason),
        required=True,
        metadata=said(f"Of that decision, the most frequent first; {asks.MAX_LISTED} at most"),
    )
    agency = fields.Nested(
        AgencyStanding, required=True, allow_none=True, metadata=said("null = not forwarded")
    )


@section.get("/batches/<id:batch_id>/outcome")
@needs("batch.read")
@section.answers(200, Outcome)
def show_outcome(batch_id: str) -> dict[str, Any]:
    """Show how the latest review of a batch ended, why rows came back, and the agency's answer.

    What came back is a draft of its own (`child`), whose `parent` tells why. The rows with their
    verdicts are under `/rows`, by `verdict` and `revision`.
    """
    with portal().db.together():
        batch = batch_views.batch_view(portal(), caller(), batch_id)
        decision = changes.latest_decision(portal(), caller(), batch_id)
        reasons = []
        if decision is not None:
            reasons = changes.reasons(portal(), caller(), batch_id, revision=decision.revision)
        standing = agency.standing(portal(), caller(), batch_id)
    return {
        "decision": decision and _ended(batch, decision),
        "reasons": reasons[: asks.MAX_LISTED],
        "agency": standing and _standing(batch, standing),
    }


def _ended(batch: BatchView, one: DecisionView) -> dict[str, Any]:
    is_reviewer = batch.branch_id in caller().branches
    return {
        **asdict(one),
        "decided_by": one.decided_by if is_reviewer else None,
        "rows": asdict(one),
        "child": {"id": one.child_id, "number": one.child_number} if one.child_id else None,
    }


def _standing(batch: BatchView, standing: Standing) -> dict[str, Any]:
    is_theirs = batch.company_id in caller().companies
    refusals = [asdict(one) for one in standing.refusals[: asks.MAX_LISTED]]
    for one in refusals:
        one["child_id"] = one["child_id"] if is_theirs else None
    return {
        **{name: getattr(standing, name) for name in ("accepted", "refused", "waiting")},
        "refusals": refusals,
    }


@section.post("/batches/<id:batch_id>/mend")
@needs("batch.edit")
@section.body(asks.AtVersion, required=False)
@section.answers(200, batch_answers.BatchSummary)
@section.answers_later(large_acts.LargeAct)
def mend_batch(body: dict[str, Any], batch_id: str) -> BatchView | Response:
    """Open a batch that was returned as a whole as its next revision, a draft with the same rows.

    For what is mended without a new file: documents, cells. One of more than 5,000 rows is opened
    by a worker: 202. Refused with 409 where it was not returned.
    """
    version = body["version"]
    if long_works.is_large_split(batch_views.batch_view(portal(), caller(), batch_id)):
        number = long_works.ask_reopening(portal(), caller(), batch_id, version=version)
        return large_acts.later(batch_id, number)
    review.reopen_returned(portal(), caller(), batch_id, version=version)
    return batch_views.batch_view(portal(), caller(), batch_id)
