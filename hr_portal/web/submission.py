"""Tinjau dan ajukan: what changes, what is missing, the declaration; and taking a batch back."""

from typing import Any, Final

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import (
    batch_views,
    changes,
    documents,
    letter_views,
    long_works,
    papers,
    results,
    submission,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.documents import DocumentView
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.submission import Lack
from hr_portal.web.access import actor, needs
from hr_portal.web.clocks import clock_of
from hr_portal.web.conflicts import too_late
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.stepping import steps_of
from hr_portal.web.tracking import page_of_batch
from hr_portal.web.words import file_rows, next_step, rows_held

blueprint = Blueprint("submit", __name__)

PER_PAGE: Final = 25


@blueprint.get("/pengajuan/<batch_id>/tinjau")
@needs("batch.submit")
def review(batch_id: str) -> str | Response:
    """What will be submitted, what is still missing, and the declaration."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if batch.revision.state != "checked":
        return redirect(url_for("batches.show", batch_id=batch_id))
    if not batch.is_mine_to_edit:
        return redirect(url_for("tracking.show", batch_id=batch_id))
    return _page(batch)


@blueprint.post("/pengajuan/<batch_id>/ajukan")
@needs("batch.submit")
def send(batch_id: str) -> str | Response | tuple[str, int]:
    """Submits the draft, or shows the page again with what stands in the way."""
    form = request.form
    try:
        submission.submit(
            portal(), actor(), batch_id,
            version=form.get("version", type=int),
            declaration=form.get("declaration") == "ya",
            typed_name=form.get("typed_name", ""),
        )  # fmt: skip
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _page(batch, said(error.message, error.message_en), frozenset(error.fields)), 422
    return redirect(url_for("submit.receipt", batch_id=batch_id))


@blueprint.get("/pengajuan/<batch_id>/tanda-terima")
@needs("batch.read")
def receipt(batch_id: str) -> str | Response:
    """What was submitted, when, by whom, with which letter: to print or to keep."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if batch.submitted_at is None:
        return redirect(url_for("batches.show", batch_id=batch_id))
    g.zone = batch.timezone
    issued = letter_views.list_letters(portal(), actor(), batch_id)
    given = papers.listed(portal(), actor(), batch_id)
    return render_template(
        "submit/receipt.html",
        paper=next((paper for paper in given if paper.kind == "tanda_terima"), None),
        batch=batch,
        rows=rows_held(batch),
        letter=next((letter for letter in issued if letter.state == "issued"), None),
        documents=documents.list_documents(portal(), actor(), batch_id),
        due=clock_of(batch.submitted_at, batch.timezone).due,
    )


@blueprint.post("/pengajuan/<batch_id>/tarik")
@needs("batch.submit")
def withdraw(batch_id: str) -> Response:
    """Takes a submitted batch back to draft while it isn't decided; a reason typed is not lost."""
    version, reason = request.form.get("version", type=int), request.form.get("reason", "")
    is_large = long_works.is_large_split(batch_views.batch_view(portal(), actor(), batch_id))
    try:
        if is_large:
            number = long_works.ask_withdrawal(
                portal(), actor(), batch_id, version=version, reason=reason
            )
            return redirect(url_for("long_acts.show", batch_id=batch_id, number=number))
        submission.withdraw(portal(), actor(), batch_id, version=version, reason=reason)
    except Conflict as error:
        return make_response(too_late(batch_id, error), 409)
    except Invalid as error:
        told = said(error.message, error.message_en)
        return make_response(page_of_batch(batch_id, withdrawal_problem=told), 422)
    flash(_("Pengajuan ditarik kembali dan menjadi draf."), "ok")
    return redirect(url_for("results.show", batch_id=batch_id))


def _page(batch: BatchView, problem: str = "", wrong: frozenset[str] = frozenset()) -> str:
    g.zone = batch.timezone
    with portal().db.together():
        view = _gathered(batch)
    return render_template("submit/review.html", **view, problem=problem, wrong=wrong)


def _gathered(batch: BatchView) -> dict[str, Any]:
    """What the page shows, but for what stands in the way of a try to submit."""
    missing = submission.lacks(portal(), actor(), batch.id)
    kinds = sorted(batch.revision.fields, key=lambda key: -batch.revision.fields[key])
    asked = request.args.get("data", "")
    field = asked if asked in batch.revision.fields else None
    found = changes.changes_page(
        portal(), actor(), batch.id, field=field, page=page_number(), per_page=PER_PAGE,
        total=batch.revision.fields[field] if field else None,
    )  # fmt: skip
    attached = documents.list_documents(portal(), actor(), batch.id)
    issued = letter_views.list_letters(portal(), actor(), batch.id)
    return {
        "batch": batch,
        "about": file_rows(batch),
        "rows": rows_held(batch),
        "lacks": [(lack, next_step(batch, [lack])) for lack in missing],
        "checks": _checks(batch, missing, attached),
        "bar": steps_of("submit", batch, missing),
        "letter": next((letter for letter in issued if letter.state == "issued"), None),
        "found": found.items,
        "page": view_of(found),
        "kinds": kinds,
        "field": field,
        "documents_of": _documents_of(attached),
        "due": clock_of(portal().clock(), batch.timezone).due,
        "typed": {
            "typed_name": request.form.get("typed_name", ""),
            "declaration": request.form.get("declaration", ""),
        },
    }


def _checks(batch: BatchView, missing: list[Lack], attached: list[DocumentView]) -> dict[str, Any]:
    """What the list of checks says: which steps are sound, and the numbers beside them."""
    lacking = {lack.step for lack in missing}
    confirmed = sum(
        item.confirmed
        for item in results.todo(portal(), actor(), batch.id)
        if item.severity == "warning"
    )
    return {
        "rows": not lacking & {"berkas", "hasil"},
        "documents": "dokumen" not in lacking,
        "letter": "surat" not in lacking,
        "confirmed": confirmed,
        "attached": len(attached),
        "signed": any(one.kind == documents.SIGNED_LETTER for one in attached),
    }


def _documents_of(attached: list[DocumentView]) -> dict[int, list[DocumentView]]:
    """The documents by the row they lie on."""
    placed: dict[int, list[DocumentView]] = {}
    for document in attached:
        for row in document.rows:
            placed.setdefault(row, []).append(document)
    return placed
