"""The queue: what waits, how much of it, whose batches speak of a person, and taking the next."""

from typing import Any

from marshmallow import fields

from hr_portal.api import answers, asks, review_answers
from hr_portal.api.answers import Answer, said
from hr_portal.api.batch_answers import BatchSummary
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Text
from hr_portal.api.review_answers import HandedOn, QueuedBatch
from hr_portal.api.sections import Section
from hr_portal.services import batch_views, handed_on, paging, queues, taking
from hr_portal.services.queue_narrowing import Wanted
from hr_portal.services.queue_reading import BUCKETS

section = Section("Queue", "What waits at a reviewer's branches, and taking the next of it")

MOST_NUMBER = 40


class PersonSought(Ask):
    """Whose batches are looked for: never in an address, where others might read it."""

    number = Text(
        required=True,
        least=1,
        most=MOST_NUMBER,
        metadata=said("A whole NIK (16 digits) or KPJ (11 digits)") | {"example": "09999990017"},
    )


class FoundBatches(Answer):
    """The batches that were found, at most 100."""

    items = fields.List(fields.Nested(QueuedBatch), required=True)


class DueCounts(Answer):
    """Open batches by how pressing the nearest of their clocks is."""

    late = fields.Integer(required=True)
    today = fields.Integer(required=True)
    soon = fields.Integer(required=True)
    later = fields.Integer(required=True)


class QueueReviewer(answers.Named):
    """Somebody who reviews at your branches."""

    id = fields.String(
        required=True, attribute="user_id", metadata=said("By which the queue is narrowed down")
    )
    is_active = fields.Boolean(
        required=True, metadata=said("false: switched off, but still holds a batch")
    )


class QueueOverview(Answer):
    """How much there is, and what you would do next."""

    open = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    done = fields.Integer(required=True)
    due = fields.Nested(DueCounts, required=True)
    held = fields.Nested(
        QueuedBatch, required=True, allow_none=True, metadata=said("The oldest that you hold")
    )
    next = fields.Nested(
        QueuedBatch, required=True, allow_none=True, metadata=said("What `take-next` would give")
    )
    reviewers = fields.List(fields.Nested(QueueReviewer), required=True)


class TakenNext(Answer):
    """What was taken; null where nothing waits that you may take."""

    batch = fields.Nested(BatchSummary, required=True, allow_none=True)
    note = fields.Nested(
        HandedOn,
        required=True,
        allow_none=True,
        metadata=said("What the reviewer before wrote to you"),
    )


@section.get("/queue")
@needs("branch.queue")
@section.query(asks.QueueFilter)
@section.answers(200, review_answers.QueuePage)
def list_queue(query: dict[str, Any]) -> dict[str, Any]:
    """List the batches at your branches, the oldest first, narrowed down as you like.

    What is `done` has the latest first. `after` and `before`, from `later` and `earlier` of an
    answer, lead on from there.
    """
    wanted = _wanted(query, query.pop("due"))
    part = {name: query[name] for name in ("state", "page", "per_page", "after", "before")}
    found = queues.queue(portal(), caller(), wanted=wanted, **part)
    page = paging.Page(found.entries, query["page"], query["per_page"], found.total)
    return {**answers.page_of(page.items, page), "earlier": found.earlier, "later": found.later}


@section.get("/queue/overview")
@needs("branch.queue")
@section.query(asks.QueueNarrowing)
@section.answers(200, QueueOverview)
def show_queue(query: dict[str, Any]) -> dict[str, Any]:
    """Count what waits, is yours and is done, narrowed down as you like; tell what comes next.

    `held`, `next` and `reviewers` are of the whole queue.
    """
    wanted = _wanted(query)
    told = queues.overview(portal(), caller(), state="open", page=1, per_page=1, wanted=Wanted())
    counts = told.counts if wanted == Wanted() else queues.counts(portal(), caller(), wanted)
    return {
        **{name: counts[name] for name in ("open", "mine", "done")},
        "due": {name: counts[name] for name in BUCKETS},
        "held": told.mine,
        "next": told.following,
        "reviewers": told.reviewers,
    }


@section.post("/queue/searches")
@needs("branch.queue")
@section.body(PersonSought)
@section.answers(200, FoundBatches)
def find_person(body: dict[str, Any]) -> dict[str, Any]:
    """Find the batches at your branches that speak of a NIK or KPJ; recorded, without the number.

    Waiting and decided ones, the oldest first. Refused with 422 where it is no whole number.
    """
    return {"items": queues.find_person(portal(), caller(), body["number"])}


@section.post("/queue/take-next")
@needs("branch.queue")
@section.body(asks.Nothing, required=False)
@section.answers(200, TakenNext)
def take_next(body: dict[str, Any]) -> dict[str, Any]:
    """Take the oldest batch that nobody holds and you may review; of two at once each gets another.

    Each call takes one more: after an answer that got lost, look at what is `mine` first.
    """
    del body
    batch_id = taking.take_next(portal(), caller())
    if batch_id is None:
        return {"batch": None, "note": None}
    return {
        "batch": batch_views.batch_view(portal(), caller(), batch_id),
        "note": handed_on.note_for(portal(), caller(), batch_id),
    }


def _wanted(query: dict[str, Any], bucket: Any = None) -> Wanted:  # noqa: ANN401 - one of BUCKETS
    return Wanted(
        bucket, query["text"], query["field"], query["warnings"], query["held"], query["reviewer"],
        query["size"],
    )  # fmt: skip
