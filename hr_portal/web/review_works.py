"""What a worker does for a reviewer over many rows: how far it is, and what came of it."""

from typing import Final

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import batch_views, review_guards, review_works
from hr_portal.services.errors import Conflict, NotFound
from hr_portal.services.review_works import WorkView
from hr_portal.web.access import actor, needs
from hr_portal.web.conflicts import refused
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.words import answered_told, file_rows

blueprint = Blueprint("works", __name__)

POLL_SECONDS: Final = 2
_ENDS: Final = {"decide": "tracking.show", "forward": "outlets.show"}
"""Where acts lead to that are done as a whole."""


@blueprint.get("/periksa/<batch_id>/pekerjaan/<int:work>")
@needs("batch.review")
def show(batch_id: str, work: int) -> str | Response | AnyResponse:
    """How a piece of work stands; with HX-Request only its panel, until it is over.

    Who had asked for it and comes after HRD has withdrawn the batch is told so.
    """
    is_part = bool(request.headers.get("HX-Request"))
    try:
        done = review_works.view(portal(), actor(), batch_id, work)
    except NotFound:
        try:
            review_guards.refuse_withdrawn(portal(), actor(), batch_id)
        except Conflict as error:
            return _afresh() if is_part else refused(batch_id, error)
        raise
    if done.state == "done" and done.act in _ENDS:
        end = url_for(_ENDS[done.act], batch_id=batch_id)
        return Response("", headers={"HX-Redirect": end}) if is_part else redirect(end)
    if is_part and done.state != "wanted":  # the heading says something else now, too
        return _afresh()
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return render_template(
        "workbench/_work.html" if is_part else "workbench/work.html",
        batch=batch,
        about=file_rows(batch),
        work=done,
        title=_title(done),
        told=_told(done),
        address=request.path,
        poll=POLL_SECONDS,
        is_mine=batch.state == "in_review" and batch.reviewer_id == actor().user_id,
    )


def _afresh() -> Response:
    """Has the browser load the whole page anew."""
    return Response("", headers={"HX-Refresh": "true"})


def to(batch_id: str, work: int) -> AnyResponse:
    """To the page of a piece of work."""
    return redirect(url_for("works.show", batch_id=batch_id, work=work))


@blueprint.app_template_global("work_title")
def _title(work: WorkView) -> str:
    """What is being done, or came of it, as a heading."""
    if work.state != "wanted":
        return _title_at_end(work)
    rows = {"count": number(work.total)}
    if work.act == "answer":
        return _("Mencatat jawaban kantor cabang")
    if work.act == "forward":
        return ngettext(
            "Menulis berkas %(count)s koreksi", "Menulis berkas %(count)s koreksi",
            work.total, **rows,
        )  # fmt: skip
    if work.act == "decide":
        return ngettext(
            "Memutuskan pengajuan %(count)s baris", "Memutuskan pengajuan %(count)s baris",
            work.total, **rows,
        )  # fmt: skip
    if work.act == "clear":
        return ngettext(
            "Membatalkan keputusan %(count)s baris", "Membatalkan keputusan %(count)s baris",
            work.total, **rows,
        )  # fmt: skip
    return ngettext(
        "Mencatat keputusan %(count)s baris", "Mencatat keputusan %(count)s baris",
        work.total, **rows,
    )  # fmt: skip


def _title_at_end(work: WorkView) -> str:
    if work.state == "failed":
        return {
            "forward": _("Berkas tidak selesai ditulis"),
            "decide": _("Pengajuan belum diputuskan"),
            "clear": _("Pembatalan keputusan terhenti"),
            "answer": _("Jawaban kantor cabang tidak selesai dicatat"),
        }.get(work.act, _("Pencatatan keputusan terhenti"))
    return {
        "clear": _("Keputusan sudah dibatalkan"),
        "answer": _("Jawaban kantor cabang sudah dicatat"),
    }.get(work.act, _("Keputusan sudah dicatat"))


def _told(work: WorkView) -> str:
    """What came of it, in a sentence."""
    if work.act == "answer":
        did = work.outcome
        return answered_told(
            did.get("accepted", 0), did.get("refused", 0), did.get("waiting", 0),
            did.get("child_number"),
        )  # fmt: skip
    count = {"count": number(work.corrections)}
    if work.act == "clear":
        return ngettext(
            "Keputusan %(count)s koreksi dibatalkan; barisnya menunggu lagi.",
            "Keputusan %(count)s koreksi dibatalkan; barisnya menunggu lagi.",
            work.corrections, **count,
        )  # fmt: skip
    return ngettext(
        "%(count)s koreksi diputuskan.", "%(count)s koreksi diputuskan.", work.corrections, **count
    )
