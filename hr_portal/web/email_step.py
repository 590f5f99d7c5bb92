"""The code by e-mail as one's own second step: turning it on, and off."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import email_step
from hr_portal.services.errors import Conflict, Forbidden, Invalid, TooMany
from hr_portal.web.access import SIGNED_IN, actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint = Blueprint("email_step", __name__, url_prefix="/akun/verifikasi-surel")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@needs(SIGNED_IN, fresh="account.show")
def show() -> str:
    """What it is worth, and the button that sends a code."""
    return _page()


@blueprint.post("")
@needs(SIGNED_IN, fresh="account.show")
def send() -> Answer:
    """Sends a code and asks for it."""
    try:
        email_step.begin(portal(), actor())
    except (Conflict, Forbidden, TooMany) as error:
        return _page(said(error.message, error.message_en)), status_of(error)
    return _page(is_sent=True)


@blueprint.post("/kirim-ulang")
@needs(SIGNED_IN, fresh="account.show")
def send_again() -> Answer:
    """Sends another code in place of the last."""
    try:
        email_step.begin(portal(), actor(), again=True)
    except (Conflict, Forbidden, TooMany) as error:
        page = _page(said(error.message, error.message_en), is_sent=isinstance(error, TooMany))
        return page, status_of(error)
    return _page(is_sent=True, is_again=True)


@blueprint.post("/kode")
@needs(SIGNED_IN, fresh="account.show")
def confirm() -> Answer:
    """Turns it on by the code that arrived."""
    try:
        email_step.confirm(
            portal(), actor(), request.form.get("code", ""),
            session_id=getattr(session, "session_id", None),
        )  # fmt: skip
    except (Invalid, TooMany) as error:
        page = _page(said(error.message, error.message_en), is_sent=True, is_wrong=True)
        return page, status_of(error)
    flash(_("Kode lewat surel diaktifkan. Masuk dari perangkat lain sudah diakhiri."), "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/matikan")
@needs(SIGNED_IN)
def turn_off() -> Response:
    """Turns it off, against the password."""
    try:
        email_step.turn_off(portal(), actor(), request.form.get("current", ""))
    except (Invalid, TooMany) as error:
        flash(said(error.message, error.message_en), "err")
    else:
        flash(_("Kode lewat surel dimatikan."), "ok")
    return redirect(url_for("account.show"))


def _page(
    problem: str = "", *, is_sent: bool = False, is_again: bool = False, is_wrong: bool = False
) -> str:
    return render_template(
        "account/email_step.html",
        problem=problem,
        is_sent=is_sent,
        is_again=is_again,
        is_wrong=is_wrong,
        wait=email_step.seconds_to_wait(portal(), actor().user_id),
    )
