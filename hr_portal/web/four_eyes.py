"""Empat mata: the list of what two reviewers have to approve, kept by the admin."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.domain.fields import FIELDS
from hr_portal.services import four_eyes
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint = Blueprint("four_eyes", __name__)


@blueprint.get("/admin/empat-mata")
@needs("installation.manage")
def index() -> str:
    """The combinations, and the form of a new one."""
    return _page()


@blueprint.post("/admin/empat-mata")
@needs("installation.manage")
def add() -> str | Response | tuple[str, int]:
    """Adds a combination of data."""
    try:
        four_eyes.add(portal(), actor(), request.form.getlist("field"))
    except (Invalid, Conflict) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    flash(_("Disimpan. Berlaku juga untuk pengajuan yang sedang diperiksa."), "ok")
    return redirect(url_for("four_eyes.index"))


@blueprint.post("/admin/empat-mata/<int:combination>/hapus")
@needs("installation.manage")
def remove(combination: int) -> Response:
    """Takes a combination off the list."""
    four_eyes.remove(portal(), actor(), combination)
    flash(_("Dihapus. Satu pemeriksa cukup untuk data itu."), "ok")
    return redirect(url_for("four_eyes.index"))


def _page(problem: str = "") -> str:
    return render_template(
        "admin/four_eyes.html",
        combinations=four_eyes.combinations(portal(), actor()),
        keys=[field.key for field in FIELDS],
        chosen=request.form.getlist("field"),
        problem=problem,
    )
