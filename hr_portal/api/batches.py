"""Batches: taken in, listed, shown, revised, cancelled."""

from typing import Any, Final

from flask import url_for

from hr_portal.api import answers, asks, batch_answers
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.problems import unfit
from hr_portal.api.sections import Section
from hr_portal.services import (
    batch_views,
    columns,
    intake,
    letter_views,
    places,
    submission,
    twins,
)
from hr_portal.services.intake import Taken

section = Section("Batches", "A spreadsheet of corrections on its way from draft to decision")

_NEW_HEADERS: Final = {
    "Location": {"schema": {"type": "string"}, "description": "Where the batch is"},
    **asks.REPLAYED,
}

Made = tuple[Taken, int, dict[str, str]]


@section.post("/batches")
@needs("batch.create")
@takes_upload(lambda settings: settings.max_upload_bytes)
@section.form(asks.NewBatch)
@section.headers(asks.Repeatable)
@section.answers(201, batch_answers.Taken, headers=_NEW_HEADERS)
def create_batch(form: dict[str, Any], headers: dict[str, Any]) -> Made:
    """Upload a spreadsheet as a new batch.

    The file is read and checked in the background; ask for the batch until `file_state` is
    `checked` or `unreadable`, or `asking`: then `questions` waits for your answer. With an
    `Idempotency-Key` that was used before, the batch of the first request is given back with the
    header `Idempotent-Replay: true`, and the file sent now is not looked at.
    """
    taken = intake.create_batch(
        portal(),
        caller(),
        form["file"].stream,
        form["file"].filename,
        company_id=named_company(form["company"]),
        branch_id=_branch_id(form["branch"]),
        layout=form["layout"],
        idempotency_key=headers["key"],
        change_received_on=form["received_on"],
    )
    return _made(taken)


@section.get("/batches")
@needs("batch.read")
@section.query(asks.BatchFilter)
@section.answers(200, answers.paged(batch_answers.BatchSummary))
def list_batches(query: dict[str, Any]) -> dict[str, Any]:
    """List the batches you may see, the last edited first."""
    page = batch_views.list_batches(
        portal(),
        caller(),
        states=(query["state"],) if query["state"] else (),
        page=query["page"],
        per_page=query["per_page"],
    )
    return answers.page_of(page.items, page)


@section.get("/batches/<id:batch_id>")
@needs("batch.read")
@section.answers(200, batch_answers.Batch)
def show_batch(batch_id: str) -> dict[str, Any]:
    """Show a batch: states, counts, progress, letters, what is missing."""
    view = batch_views.batch_view(portal(), caller(), batch_id)
    asks = view.revision.state == "asking" and view.company_id in caller().companies
    return {
        **batch_answers.batch_of(view),
        "questions": columns.question(portal(), caller(), batch_id).question if asks else None,
        "letters": letter_views.list_letters(portal(), caller(), batch_id),
        "same_as": twins.twins(portal(), caller(), batch_id),
        "missing": submission.lacks(portal(), caller(), batch_id) if view.state == "draft" else [],
    }


@section.post("/batches/<id:batch_id>/columns")
@needs("batch.edit")
@section.body(asks.ColumnsAnswer)
@section.headers(asks.Repeatable)
@section.answers(200, batch_answers.Taken)
def answer_columns(body: dict[str, Any], headers: dict[str, Any], batch_id: str) -> Taken:
    """Say which sheet is meant, or what the columns hold, where `file_state` is `asking`.

    The file is read again with the answer. Of two answers the first one counts; with an
    `Idempotency-Key` that was used before, nothing is done again.
    """
    return columns.answer(
        portal(),
        caller(),
        batch_id,
        version=body.get("version"),
        sheet=body.get("sheet"),
        columns=body.get("columns"),
        remember=body["remember"],
        idempotency_key=headers["key"],
    )


@section.post("/batches/<id:batch_id>/revisions")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_upload_bytes)
@section.form(asks.NewRevision)
@section.headers(asks.Repeatable)
@section.answers(201, batch_answers.Taken, headers=_NEW_HEADERS)
def add_revision(form: dict[str, Any], headers: dict[str, Any], batch_id: str) -> Made:
    """Upload a mended spreadsheet as the next revision of a draft or returned batch.

    The revision before keeps its file, findings and reasons. A returned batch is a draft again.
    """
    taken = intake.add_revision(
        portal(),
        caller(),
        batch_id,
        form["file"].stream,
        form["file"].filename,
        version=form["version"],
        layout=form["layout"],
        idempotency_key=headers["key"],
    )
    return _made(taken)


@section.post("/batches/<id:batch_id>/cancel")
@needs("batch.edit")
@section.body(asks.AtVersion, required=False)
@section.answers(200, batch_answers.BatchSummary)
def cancel_batch(body: dict[str, Any], batch_id: str) -> batch_views.BatchView:
    """Cancel a draft; it can still be read."""
    intake.cancel_batch(portal(), caller(), batch_id, version=body["version"])
    return batch_views.batch_view(portal(), caller(), batch_id)


def _made(taken: Taken) -> Made:
    headers = {"Location": url_for("api-batches.show_batch", batch_id=taken.batch_id)}
    if taken.repeated:
        headers[asks.REPLAY] = "true"
    return taken, 201, headers


def named_company(wanted: str | None) -> str | None:
    """The id of one of the caller's companies; others' answer as if they didn't exist."""
    if wanted is None:
        return None
    npp, _, division = wanted.partition("/")
    mine = [one for one in places.companies(portal(), caller()) if one.id in caller().companies]
    found = [
        one
        for one in mine
        if wanted == one.id
        or (npp == one.npp and (not division or division.zfill(3) == one.division))
    ]
    if len(found) == 1:
        return found[0].id
    if found:
        told = ", ".join(f"{one.npp}/{one.division}" for one in found)
        raise unfit({"company": f"NPP ini memiliki beberapa divisi: {told}"})
    raise unfit({"company": "Bukan perusahaan Anda, atau tidak dikenal"})


def _branch_id(wanted: str | None) -> str | None:
    if wanted is None:
        return None
    for one in places.branches(portal()):
        if wanted in {one.id, one.name}:
            return one.id
    raise unfit({"branch": "Kantor cabang tidak dikenal; tulis id atau nama lengkapnya"})
