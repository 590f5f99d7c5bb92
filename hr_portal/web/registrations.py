"""Companies that ask to be let in, for an admin to decide."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import registrations
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint = Blueprint("registrations", __name__, url_prefix="/admin/pendaftaran")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@needs("installation.manage")
def index() -> str:
    """What waits, oldest first."""
    return _page()


@blueprint.post("/<registration_id>/terima")
@needs("installation.manage")
def accept(registration_id: str) -> Answer:
    """Makes the company and invites who asked."""
    try:
        invited = registrations.accept(portal(), actor(), registration_id)
    except (Conflict, Invalid) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    if invited.link:
        return _page(link=invited.link)
    flash(_("Perusahaan ditambahkan dan undangan dikirim."), "ok")
    return redirect(url_for("registrations.index"))


@blueprint.post("/<registration_id>/tolak")
@needs("installation.manage")
def refuse(registration_id: str) -> Answer:
    """Turns it down, with a reason."""
    try:
        registrations.refuse(
            portal(), actor(), registration_id, reason=request.form.get("reason", "")
        )
    except (Conflict, Invalid) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    flash(_("Pendaftaran ditolak. Beri tahu pendaftarnya."), "ok")
    return redirect(url_for("registrations.index"))


def _page(problem: str = "", link: str = "") -> str:
    return render_template(
        "admin/registrations.html",
        waiting=registrations.waiting(portal(), actor()),
        problem=problem,
        link=link,
    )
