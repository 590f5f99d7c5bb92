"""Alasan: the list of reasons that reviewers choose from, kept by the admin."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import standard_reasons
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint = Blueprint("standard_reasons", __name__, url_prefix="/admin/alasan")


@blueprint.get("")
@needs("installation.manage")
def index() -> str:
    """The list, each with its form, and the form of a new one."""
    return _page()


@blueprint.post("")
@needs("installation.manage")
def add() -> Response | tuple[str, int]:
    """Offers a further reason."""
    try:
        standard_reasons.add(portal(), actor(), **_typed())
    except (Invalid, Conflict) as error:
        return _page(said(error.message, error.message_en), at="new"), status_of(error)
    flash(_("Ditambahkan. Pemeriksa dapat memilihnya sekarang."), "ok")
    return redirect(url_for("standard_reasons.index"))


@blueprint.post("/<reason_id>")
@needs("installation.manage")
def change(reason_id: str) -> Response | tuple[str, int]:
    """Words a reason otherwise."""
    try:
        standard_reasons.change(portal(), actor(), reason_id, **_typed())
    except (Invalid, Conflict) as error:
        return _page(said(error.message, error.message_en), at=reason_id), status_of(error)
    flash(_("Disimpan. Keputusan yang sudah dikirim tetap seperti tertulis."), "ok")
    return redirect(url_for("standard_reasons.index"))


@blueprint.post("/<reason_id>/hapus")
@needs("installation.manage")
def remove(reason_id: str) -> Response:
    """Takes a reason off the list."""
    standard_reasons.remove(portal(), actor(), reason_id)
    flash(_("Dihapus dari daftar. Keputusan yang sudah dikirim tetap seperti tertulis."), "ok")
    return redirect(url_for("standard_reasons.index"))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("text", "text_en")}


def _page(problem: str = "", at: str = "") -> str:
    return render_template(
        "admin/reasons.html",
        reasons=standard_reasons.listed(portal(), actor()),
        problem=problem,
        at=at,
        typed=_typed(),
    )
