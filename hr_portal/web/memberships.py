"""The companies one works for: which one now, and what others offer."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import memberships
from hr_portal.services.errors import Invalid
from hr_portal.web.access import SIGNED_IN, actor, needs
from hr_portal.web.auth import COMPANY
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.security import safe_next
from hr_portal.web.sessions import renew

blueprint = Blueprint("memberships", __name__, url_prefix="/perusahaan-saya")


@blueprint.get("")
@needs(SIGNED_IN)
def index() -> str:
    """All companies of one's own, and the offers that wait for an answer."""
    return _page()


@blueprint.post("")
@needs(SIGNED_IN)
def switch() -> Response:
    """Works for another of one's companies from here on; the session gets a new id."""
    company_id = request.form.get("company", "")
    memberships.switch(portal(), actor(), company_id)
    session[COMPANY] = company_id
    renew()
    return redirect(safe_next(request.form.get("next")) or url_for("home.start"))


@blueprint.post("/undangan/<offer_id>")
@needs(SIGNED_IN)
def answer(offer_id: str) -> str | Response | tuple[str, int]:
    """Accepts an offer, or declines it; the session gets a new id."""
    accepts = request.form.get("jawaban") == "terima"
    try:
        memberships.answer(portal(), actor(), offer_id, accepts=accepts)
    except Invalid as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    renew()
    flash(
        _("Undangan diterima. Pilih perusahaannya untuk mulai bekerja.") if accepts
        else _("Undangan ditolak."),
        "ok",
    )  # fmt: skip
    return redirect(url_for("memberships.index"))


def _page(problem: str = "") -> str:
    return render_template(
        "memberships/index.html",
        workplaces=memberships.workplaces(portal(), actor()),
        offers=memberships.waiting(portal(), actor()),
        problem=problem,
    )
