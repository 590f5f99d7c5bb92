"""The reviewer's side of a batch: taking it, verdicts, the decision."""

import datetime as dt
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from hr_portal.api import answers, asks, batch_answers, review_answers
from hr_portal.api.answers import Answer
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Paging, Whole, Words
from hr_portal.api.sections import Section
from hr_portal.api.works import ReviewWork, told_of
from hr_portal.services import (
    batch_views,
    judging,
    many_verdicts,
    paging,
    results,
    review,
    review_guards,
    review_works,
    standard_reasons,
)
from hr_portal.services.errors import Conflict, NotFound
from hr_portal.services.left_out import Given
from hr_portal.services.many_verdicts import Order

section = Section("Review", "Verdicts and the decision that ends a review")


class StandardReason(Answer):
    """A reason that reviewers may choose; send its `text` as the reason of a verdict."""

    text = fields.String(required=True)
    text_en = fields.String(required=True)


class TakenBackVerdicts(asks.Decide):
    """Which verdicts are taken back: those of some rows, or your latest act."""

    rows = Words(
        Whole(most=asks.MAX_ROWS),
        most=asks.MAX_VERDICTS,
        metadata={"description": "The sheet's own row numbers"},
    )
    given_at = fields.AwareDateTime(
        metadata={"description": "Instead of rows: `latest.given_at` of the review"}
    )

    @validates_schema
    def _one_of_both(self, given: dict[str, Any], **_: object) -> None:
        if ("rows" in given) == ("given_at" in given):
            raise ValidationError({"rows": "Sebutkan rows atau given_at, salah satu"})


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
    """Give one verdict to rows, or to many that wait: all, or those that a word chooses.

    Verdicts may be changed until the decision; they leave the version as it is. More than 5,000
    rows are judged by a worker: `work` names what to ask after, and what was left is told there.
    """
    rows, seen_at, version = body["rows"], body["seen_at"], body["version"]
    scope = asks.SCOPES[rows] if isinstance(rows, str) else "rows"
    order = Order(
        scope, body["verdict"], body["reason"], tuple(rows) if scope == "rows" else (),
        seen_at and seen_at.isoformat(), body["fields_"] and tuple(body["fields_"]),
        body["document"],
    )  # fmt: skip
    work = many_verdicts.ask_verdicts(portal(), caller(), batch_id, order, version=version)
    if work is not None:
        return _given(batch_id, Given(0, ()), work)
    if scope != "rows":
        review_guards.expect_held(portal(), caller(), batch_id, version=version)
        rows = many_verdicts.rows_of(portal(), caller(), batch_id, scope, seen_at)
    if not rows:
        return _given(batch_id, Given(0, ()))
    wanted = {
        "version": version, "rows": rows, "verdict": body["verdict"], "reason": body["reason"],
        "fields": body["fields_"], "document_id": body["document"],
        "only": many_verdicts.ONLY[scope],
    }  # fmt: skip
    if seen_at is None:
        given = Given(judging.give_verdicts(portal(), caller(), batch_id, **wanted), ())
    else:
        given = judging.give_many(portal(), caller(), batch_id, **wanted, seen_at=seen_at)
    return _given(batch_id, given)


@section.post("/batches/<id:batch_id>/verdicts/take-back")
@needs("batch.review")
@section.body(TakenBackVerdicts)
@section.answers(200, review_answers.GivenVerdicts)
def take_verdicts_back(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Take verdicts back, so that their rows wait again: of some rows, or your latest act.

    What you approved as the second reviewer loses its second only. Refused with 409
    `changed_meanwhile` where your latest act is another than the one you saw. More than 5,000 rows
    are done by a worker: `work` names what to ask after.
    """
    version, rows, given_at = body["version"], body["rows"], body["given_at"]
    if rows is None:
        rows = _rows_of_latest(batch_id, given_at)
    if len(rows) > review_works.LARGE:
        work = many_verdicts.ask_clearing(portal(), caller(), batch_id, version=version, rows=rows)
        return _given(batch_id, Given(0, ()), work)
    cleared = review.clear_verdicts(
        portal(), caller(), batch_id, version=version, rows=rows, given_at=given_at
    )
    return _given(batch_id, Given(cleared, ()))


def _rows_of_latest(batch_id: str, given_at: dt.datetime) -> list[int]:
    latest = review.latest_given(portal(), caller(), batch_id)
    if latest is None or latest.at != given_at:
        raise Conflict(
            "Keputusan terakhir Anda bukan lagi yang Anda lihat, jadi tidak ada yang dibatalkan. "
            "Lihat lagi pemeriksaannya, lalu ulangi bila masih perlu.",
            "Your latest verdict is not the one you saw any more, so nothing was taken back. "
            "Look at the review again, then repeat if still needed.",
            code="changed_meanwhile",
            fields={"given_at": latest.at.isoformat() if latest else ""},
        )
    return latest.rows


def _given(batch_id: str, given: Given, work: int | None = None) -> dict[str, Any]:
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
