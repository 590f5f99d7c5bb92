"""The reviewer's side of a batch: taking it, verdicts, the decision."""

from typing import Any

from marshmallow import fields

from hr_portal.api import answers, asks, batch_answers, review_answers
from hr_portal.api.answers import Answer
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Paging
from hr_portal.api.sections import Section
from hr_portal.api.works import ReviewWork, told_of
from hr_portal.services import (
    batch_views,
    judging,
    many_verdicts,
    paging,
    reopening,
    results,
    review,
    review_guards,
    review_works,
    standard_reasons,
)
from hr_portal.services.errors import NotFound
from hr_portal.services.left_out import Given
from hr_portal.services.many_verdicts import Order

section = Section("Review", "Verdicts and the decision that ends a review")


class Reopened(Answer):
    """A batch that is to be judged again: where it stands now."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    revision = fields.Integer(required=True)


class StandardReason(Answer):
    """A reason that reviewers may choose; send its `text` as the reason of a verdict."""

    text = fields.String(required=True)
    text_en = fields.String(required=True)


@section.get("/reasons")
@needs("branch.queue")
@section.query(Paging)
@section.answers(200, answers.paged(StandardReason))
def list_reasons(query: dict[str, Any]) -> dict[str, Any]:
    """List the reasons for a return or a rejection that an admin offers, in their order."""
    offered = [
        {"text": text, "text_en": text_en} for text, text_en in standard_reasons.offered(portal())
    ]
    start = (query["page"] - 1) * query["per_page"]
    page = paging.Page(
        offered[start : start + query["per_page"]], query["page"], query["per_page"], len(offered)
    )
    return answers.page_of(page.items, page)


@section.post("/batches/<id:batch_id>/take")
@needs("batch.review")
@section.body(asks.AtVersion, required=False)
@section.answers(200, batch_answers.BatchSummary)
def take_batch(body: dict[str, Any], batch_id: str) -> batch_views.BatchView:
    """Take a submitted batch for review; taken again by you it stays yours."""
    review.take(portal(), caller(), batch_id, version=body["version"])
    return batch_views.batch_view(portal(), caller(), batch_id)


@section.post("/batches/<id:batch_id>/release")
@needs("batch.review")
@section.body(asks.Release, required=False)
@section.answers(200, batch_answers.BatchSummary)
def release_batch(body: dict[str, Any], batch_id: str) -> batch_views.BatchView:
    """Put a batch back into the queue; verdicts given so far are kept."""
    review.release(portal(), caller(), batch_id, version=body["version"], note=body["note"])
    return batch_views.batch_view(portal(), caller(), batch_id)


@section.post("/batches/<id:batch_id>/verdicts")
@needs("batch.review")
@section.body(asks.Verdicts)
@section.answers(200, review_answers.GivenVerdicts)
def give_verdicts(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Give one verdict to rows, or to all that have none yet.

    Verdicts may be changed until the decision; they leave the version as it is. More than 5,000
    rows are judged by a worker: `work` names what to ask after, and what was left is told there.
    """
    order = Order(
        "open" if body["rows"] == asks.REST else "rows", body["verdict"], body["reason"],
        () if body["rows"] == asks.REST else tuple(body["rows"]),
        body["seen_at"] and body["seen_at"].isoformat(), body["fields_"] and tuple(body["fields_"]),
        body["document"],
    )  # fmt: skip
    work = many_verdicts.ask_verdicts(portal(), caller(), batch_id, order, version=body["version"])
    wanted = {
        "version": body["version"], "rows": body["rows"], "verdict": body["verdict"],
        "reason": body["reason"], "fields": body["fields_"], "document_id": body["document"],
    }  # fmt: skip
    if work is not None:
        given = Given(0, ())
    elif body["seen_at"] is None:
        given = Given(judging.give_verdicts(portal(), caller(), batch_id, **wanted), ())
    else:
        given = judging.give_many(portal(), caller(), batch_id, **wanted, seen_at=body["seen_at"])
    counts = results.verdict_counts(portal(), caller(), batch_id)
    return {
        "corrections": given.corrections,
        "left": given.left,
        "work": work,
        "version": batch_views.batch_view(portal(), caller(), batch_id).version,
        "rows": {**counts, "return_": counts["return"]},
    }


@section.get("/batches/<id:batch_id>/works/<int:work>")
@needs("batch.review")
@section.answers(200, ReviewWork)
def show_work(batch_id: str, work: int) -> dict[str, Any]:
    """Show how far a worker is with what was asked for over many rows, and what came of it.

    Until `state` is `done` or `failed` the review can't be ended (409 `work_running`). Of the
    agency's answer `answered` tells what it did. Once HR has withdrawn the batch, who had it in
    hand gets 409 `already_draft`.
    """
    try:
        return told_of(review_works.view(portal(), caller(), batch_id, work))
    except NotFound:
        review_guards.refuse_withdrawn(portal(), caller(), batch_id)
        raise


@section.post("/batches/<id:batch_id>/pass-on")
@needs("batch.review")
@section.body(asks.PassOn)
@section.answers(200, batch_answers.BatchSummary)
def pass_batch_on(body: dict[str, Any], batch_id: str) -> batch_views.BatchView:
    """Hand a judged batch on to a second reviewer, who approves what weighs most and decides.

    Refused with 422 while a row has no verdict, or where no row needs a second reviewer.
    """
    review.pass_on(portal(), caller(), batch_id, version=body["version"], note=body["note"])
    return batch_views.batch_view(portal(), caller(), batch_id)


@section.post("/batches/<id:batch_id>/decide")
@needs("batch.review")
@section.body(asks.Decide)
@section.answers(200, review_answers.Decision)
def decide_batch(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """End the review by its verdicts.

    Returned rows become a child batch at once; where all rows are returned, the batch itself goes
    back. Refused with 422 while a row has no verdict (`rows_undecided`) or wants its second
    reviewer (`second_missing`). A batch of more than 5,000 rows is decided by a worker: `work`
    names what to ask after, which says of such a refusal too.
    """
    work = review.ask_decision(portal(), caller(), batch_id, version=body["version"])
    how = None
    if work is None:
        how = review.decide(portal(), caller(), batch_id, version=body["version"])
    batch = batch_views.batch_view(portal(), caller(), batch_id)
    return {"how": how, "work": work, "state": batch.state, "version": batch.version}


@section.post("/batches/<id:batch_id>/reopen")
@needs("installation.manage")
@section.body(asks.Reopening)
@section.answers(200, Reopened)
def reopen_batch(body: dict[str, Any], batch_id: str) -> reopening.Decided:
    """Set a decision aside, with a reason: the batch is judged again as its next revision.

    For admins. Refused with 409 once an outlet has given its corrections out (`already_forwarded`).
    Rows that were returned stay with their child batch.
    """
    return reopening.set_aside(
        portal(), caller(), batch_id, version=body["version"], reason=body["reason"]
    )
