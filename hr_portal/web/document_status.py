"""Sesuai or tidak sesuai: of one document in the viewer, or of many on the documents page."""

from typing import Final, Literal

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import batch_views, document_status, documents
from hr_portal.services.document_status import Judged
from hr_portal.services.documents import DocumentView
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web import documents as documents_page
from hr_portal.web import viewer
from hr_portal.web.access import actor, needs
from hr_portal.web.conflicts import too_late
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.i18n import said
from hr_portal.web.layout import DOCUMENTS
from hr_portal.web.seen import page_seen_at
from hr_portal.web.words import file_rows

blueprint: Final = Blueprint("document_status", __name__)


@blueprint.post("/dokumen/<document_id>/status")
@needs("batch.review")
def judge(document_id: str) -> Response | AnyResponse | tuple[Response | str, int]:
    """Says of the document in the viewer whether it fits; goes on to the next to be checked."""
    form = request.form
    batch_id, _document = documents.document_view(portal(), actor(), document_id)
    row, state = form.get("baris", type=int), form.get("state", "")
    try:
        waiting = document_status.judge(
            portal(), actor(), document_id, state,
            reason=form.get("reason", "") if state == "unfit" else "",
            seen=form.get("seen", type=int),
        )  # fmt: skip
    except Conflict as error:
        return make_response(too_late(batch_id, error), 409)
    except Invalid as error:
        return viewer.page_of(document_id, row, said(error.message, error.message_en)), 422
    listed = documents.list_documents(portal(), actor(), batch_id, row=row)
    following = None if state == "open" else _following(listed, document_id)
    told = _("Dokumen ditandai “%(state)s”.", state=DOCUMENTS[state].label)
    if state != "open" and following is None:
        told += " " + _("Tidak ada lagi yang perlu diperiksa.")
    flash(told, "ok")
    _tell_waiting(waiting)
    return redirect(url_for("viewer.show", document_id=following or document_id, baris=row))


@blueprint.post("/pengajuan/<batch_id>/dokumen/status")
@needs("batch.review")
def judge_many(batch_id: str) -> Response | AnyResponse | str | tuple[Response | str, int]:
    """Says the same of the documents that are ticked, or of all that are to be checked.

    Those judged since the page was opened are left and listed.
    """
    form = request.form
    state = form.get("state", "")
    try:
        judged = document_status.judge_many(
            portal(), actor(), batch_id, _chosen(), state,
            reason=form.get("reason", "") if state == "unfit" else "", seen_at=page_seen_at(),
        )  # fmt: skip
    except Conflict as error:
        return make_response(too_late(batch_id, error), 409)
    except Invalid as error:
        return documents_page.page(batch_id, judging=said(error.message, error.message_en)), 422
    if judged.left:
        return _left(batch_id, judged)
    flash(ngettext("%(count)s dokumen ditandai “%(state)s”.",
                   "%(count)s dokumen ditandai “%(state)s”.", judged.documents,
                   count=number(judged.documents), state=DOCUMENTS[state].label), "ok")  # fmt: skip
    _tell_waiting(judged.waiting)
    return redirect(
        url_for("documents.show", batch_id=batch_id, nilai=form.get("nilai") or None, _anchor="ada")
    )


def _chosen() -> dict[str, int | None] | Literal["open"]:
    """The documents that a form means, each with the version of the status that it showed."""
    if request.form.get("scope") == "open":
        return "open"
    chosen: dict[str, int | None] = {}
    for one in request.form.getlist("document"):
        document_id, _colon, version = one.partition(":")
        chosen[document_id] = int(version) if version.isascii() and version.isdigit() else None
    return chosen


def _left(batch_id: str, judged: Judged) -> str:
    """The page of what was not judged, because somebody else did meanwhile."""
    about = {one.id: one for one in documents.list_documents(portal(), actor(), batch_id)}
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    return render_template(
        "documents/left.html", batch=batch, about=file_rows(batch), judged=judged, documents=about
    )


def _following(listed: list[DocumentView], document_id: str) -> str | None:
    """The next document that is to be checked, after this one and then from the start."""
    at = next((at for at, one in enumerate(listed) if one.id == document_id), 0)
    order = [*listed[at + 1 :], *listed[:at]]
    return next((one.id for one in order if one.status.state == "open" and not one.in_tray), None)


def _tell_waiting(waiting: int) -> None:
    if waiting:
        flash(ngettext("%(count)s persetujuan menunggu lagi karena dokumennya tidak sesuai.",
                       "%(count)s persetujuan menunggu lagi karena dokumennya tidak sesuai.",
                       waiting, count=number(waiting)), "hint")  # fmt: skip
