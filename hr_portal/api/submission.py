"""Handing a batch over, and taking it back."""

from typing import Any

from flask import Response

from hr_portal.api import asks, batch_answers, large_acts
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.sections import Section
from hr_portal.services import batch_views, long_works, submission

section = Section("Submission", "Handing a draft over to its branch, and taking it back")


@section.post("/batches/<id:batch_id>/submit")
@needs("batch.submit")
@section.body(asks.Submission)
@section.answers(200, batch_answers.BatchSummary)
def submit_batch(body: dict[str, Any], batch_id: str) -> batch_views.BatchView:
    """Submit a draft with HRD's declaration.

    Refused with 422 while something is missing; `fields` names each lack by its code.
    """
    submission.submit(
        portal(), caller(), batch_id, version=body["version"], declaration=body["declaration"]
    )
    return batch_views.batch_view(portal(), caller(), batch_id)


@section.post("/batches/<id:batch_id>/withdraw")
@needs("batch.submit")
@section.body(asks.Withdrawal)
@section.answers(200, batch_answers.BatchSummary)
@section.answers_later(large_acts.LargeAct)
def withdraw_batch(body: dict[str, Any], batch_id: str) -> batch_views.BatchView | Response:
    """Take a submitted batch back to draft, before it is decided; also out of a reviewer's hand.

    One of more than 5,000 rows is taken back by a worker: 202.
    """
    asked = {"version": body["version"], "reason": body["reason"]}
    if long_works.is_large_split(batch_views.batch_view(portal(), caller(), batch_id)):
        number = long_works.ask_withdrawal(portal(), caller(), batch_id, **asked)
        return large_acts.later(batch_id, number)
    submission.withdraw(portal(), caller(), batch_id, **asked)
    return batch_views.batch_view(portal(), caller(), batch_id)
