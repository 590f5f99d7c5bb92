"""The terms and the data-handling statement: readable by everybody, accepted by who works here."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from hr_portal.domain.terms import CURRENT
from hr_portal.services import terms
from hr_portal.web.access import OPEN, SIGNED_IN, actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import language
from hr_portal.web.security import is_signed_in, safe_next

blueprint = Blueprint("terms", __name__, url_prefix="/ketentuan")

TEXTS: Final = {
    (1, "id"): "terms/edition_1_id.html",
    (1, "en"): "terms/edition_1_en.html",
}
"""The words of each edition by language; the Indonesian ones count."""


@blueprint.get("")
@needs(OPEN)
def show() -> str:
    """The edition that counts, with the form to accept it for who hasn't yet."""
    return _page()


@blueprint.post("")
@needs(SIGNED_IN)
def accept() -> Response | tuple[str, int]:
    """Keeps that the actor accepts the edition they were shown, and goes on."""
    shown = request.form.get("edition") == str(CURRENT.number)
    if not shown or request.form.get("agreed") != "ya":
        said = (
            _("Centang persetujuan Anda dahulu.") if shown
            else _("Ketentuan ini baru saja berubah. Baca edisi terbaru di bawah ini.")
        )  # fmt: skip
        return _page(said), 422
    terms.accept(portal(), actor())
    return redirect(safe_next(request.form.get("next")) or url_for("home.start"))


def _page(problem: str = "") -> str:
    who = current_user.actor if is_signed_in() else None
    return render_template(
        "terms/show.html",
        edition=CURRENT,
        text=TEXTS[CURRENT.number, language()],
        is_due=who is not None and who.lacks == "terms",
        accepted_at=terms.accepted_at(portal(), who) if who else None,
        problem=problem,
        next=safe_next(request.values.get("next")) or "",
    )
