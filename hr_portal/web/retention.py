"""Masa simpan: what is due to go, what an admin holds, and what went."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from hr_portal.services import idle_drafts, retention
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint = Blueprint("retention", __name__, url_prefix="/admin/masa-simpan")

STAGES: Final[dict[str, Any]] = {
    "documents": _l("Dokumen dihapus, baris disamarkan"),
    "log": _l("Log tersamar dan isi surat dihapus"),
}


@blueprint.get("")
@needs("installation.manage")
def index() -> str:
    """The periods, the holds, what waits and what went."""
    return _page()


@blueprint.post("/penahanan")
@needs("installation.manage")
def place() -> Response | tuple[str, int]:
    """Holds a batch or a company."""
    what = request.form.get("what", "").strip()
    try:
        retention.place_hold(portal(), actor(), what, reason=request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    flash(
        _("%(what)s ditahan: tidak ada isinya yang dihapus sampai penahanan dicabut.", what=what),
        "ok",
    )
    return redirect(url_for("retention.index"))


@blueprint.post("/penahanan/<hold_id>/cabut")
@needs("installation.manage")
def lift(hold_id: str) -> Response | tuple[str, int]:
    """Lifts a hold."""
    try:
        retention.lift_hold(portal(), actor(), hold_id, reason=request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    flash(_("Penahanan dicabut. Yang masa simpannya lewat dihapus dalam beberapa menit."), "ok")
    return redirect(url_for("retention.index"))


@blueprint.app_template_global("draft_ends_at")
def draft_ends_at(batch: BatchView) -> dt.datetime | None:
    """When a draft that nobody has touched for long goes; None for any other batch."""
    return (
        idle_drafts.ends_at(portal(), batch.id, batch.last_edited_at)
        if batch.state == "draft"
        else None
    )


def _page(problem: str = "") -> str:
    form = request.form
    return render_template(
        "admin/retention.html",
        standing=retention.standing(portal(), actor()),
        stages=STAGES,
        problem=problem,
        typed={name: form.get(name, "") for name in ("what", "reason")} if "what" in form else {},
    )
