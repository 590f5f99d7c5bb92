"""Buka kembali: an admin sets a decision aside, so that its batch is judged again."""

from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import reopening
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

POLL_SECONDS: Final = 2
blueprint = Blueprint("reopening", __name__, url_prefix="/admin/buka-kembali")


@blueprint.get("")
@needs("installation.manage")
def ask() -> str | tuple[str, int]:
    """Which batch; asked for by its number, how it was decided."""
    asked = request.args.get("nomor", "").strip()
    if not asked:
        return _page("")
    try:
        return _page(asked, reopening.look_up(portal(), actor(), asked))
    except Invalid as error:
        return _page(asked, problem=said(error.message, error.message_en)), status_of(error)


@blueprint.post("")
@needs("installation.manage")
def set_aside() -> Response | tuple[str, int]:
    """Sets the decision aside; what was typed stays where it can't be."""
    form = request.form
    try:
        found = reopening.look_up(portal(), actor(), form.get("number", ""))
    except Invalid as error:
        return _page("", problem=said(error.message, error.message_en)), status_of(error)
    try:
        version, reason = form.get("version", type=int), form.get("reason", "")
        if reopening.ask(portal(), actor(), found.id, version=version, reason=reason):
            return redirect(url_for("reopening.ask", nomor=found.number))
        done = reopening.set_aside(portal(), actor(), found.id, version=version, reason=reason)
    except (Invalid, Conflict) as error:
        found = reopening.look_up(portal(), actor(), form.get("number", ""))
        return _page(found.number, found, said(error.message, error.message_en)), status_of(error)
    flash(_("%(number)s kembali ke antrean sebagai revisi %(revision)s.", number=done.number,
            revision=done.revision), "ok")  # fmt: skip
    return redirect(url_for("reopening.ask"))


def _page(asked: str, found: reopening.Decided | None = None, problem: str = "") -> str:
    if found is not None:
        g.zone = found.timezone
    refusal = found.refusal if found else None
    work = found.work if found else None
    if work and found and work.state == "done" and work.outcome["revision"] != found.revision:
        work = None  # judged again since
    told = said(refusal.message, refusal.message_en) if refusal else ""
    said_already = {problem, said(*work.problem) if work and work.problem else ""}
    return render_template(
        "admin/reopening.html",
        asked=asked,
        found=found,
        refusal="" if told in said_already or (work and work.state == "done") else told,
        may=found is not None and refusal is None and (work is None or work.state != "wanted"),
        work=work,
        poll=POLL_SECONDS,
        problem=problem,
        typed=request.form.get("reason", ""),
    )
