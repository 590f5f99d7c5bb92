"""One's own account: password, second factor, sign-ins."""

from typing import Final

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from hr_portal.services import email_step, own_account, second_factor, tokens
from hr_portal.services.errors import Conflict, Invalid, TooMany
from hr_portal.web import browsers, holding
from hr_portal.web.access import SIGNED_IN, actor, needs, prove
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import beside, said
from hr_portal.web.security import safe_next
from hr_portal.web.sessions import renew

blueprint = Blueprint("account", __name__, url_prefix="/akun")

Answer = str | Response | tuple[str, int]
_UNPROVEN: Final = "totp"
"""Where the session keeps a secret that its owner hasn't shown to work yet."""


@blueprint.get("")
@needs(SIGNED_IN)
def show() -> str:
    """What there is to say and to change about one's own account."""
    return _page()


@blueprint.post("/kata-sandi")
@needs(SIGNED_IN)
def change_password() -> Answer:
    """Replaces the password; every other sign-in ends."""
    try:
        own_account.change_password(
            portal(), actor(), current=request.form.get("current", ""),
            new=request.form.get("password", ""), session_id=_session_id(),
        )  # fmt: skip
    except (Invalid, TooMany) as error:
        return _page(said(error.message, error.message_en), beside(error)), status_of(error)
    flash(_("Kata sandi diganti. Masuk dari perangkat lain sudah diakhiri."), "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/sesi/akhiri")
@needs(SIGNED_IN)
def end_session() -> Response:
    """Ends one other sign-in, or all others."""
    ended = request.form.get("sesi", "")
    if ended == "lainnya":
        own_account.end_other_sessions(portal(), actor(), _session_id())
    else:
        own_account.end_session(portal(), actor(), ended)
    flash(_("Sesi itu diakhiri."), "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/token")
@needs(SIGNED_IN, fresh="account.show")
def allow_exports() -> Response:
    """Lets one of one's own tokens fetch files of many identifiers for an hour."""
    tokens.allow_exports(portal(), actor(), request.form.get("token", ""))
    flash(_("Token itu boleh mengambil berkas identitas lengkap selama satu jam."), "ok")
    return redirect(url_for("account.show"))


@blueprint.get("/pastikan")
@needs(SIGNED_IN)
def ask_proof() -> str:
    """Asks for the password or a code again, before something that matters."""
    return _proof_page()


@blueprint.post("/pastikan")
@needs(SIGNED_IN)
def give_proof() -> Answer:
    """Takes the password or a code and goes back to where it was wanted."""
    try:
        second_factor.prove(portal(), actor(), request.form.get("proof", ""))
    except (Invalid, TooMany) as error:
        return _proof_page(said(error.message, error.message_en)), status_of(error)
    prove()
    renew()
    if not holding.release():
        flash(_("Terima kasih. Lanjutkan tindakan Anda; berlaku 10 menit."), "ok")
    return redirect(safe_next(request.values.get("next")) or url_for("account.show"))


@blueprint.post("/isian/buang")
@needs(SIGNED_IN)
def discard() -> Response:
    """Drops a form that was kept when its session ended."""
    holding.forget()
    flash(_("Isian itu dibuang."), "ok")
    return redirect(safe_next(request.form.get("next")) or url_for("home.start"))


@blueprint.get("/verifikasi")
@needs(SIGNED_IN, fresh="account.show")
def second_step() -> str | Response:
    """A QR code to scan, and the field for its first code."""
    if second_factor.is_set_up(portal(), actor().user_id):
        return redirect(url_for("account.show"))
    return _setting_up()


@blueprint.post("/verifikasi")
@needs(SIGNED_IN, fresh="account.show")
def turn_on() -> Answer:
    """Turns the second step on and shows the recovery codes, this once."""
    secret = session.get(_UNPROVEN)
    if not isinstance(secret, str):
        return redirect(url_for("account.second_step"))
    try:
        codes = second_factor.set_up(
            portal(), actor(), secret, request.form.get("code", ""), session_id=_session_id()
        )
    except (Invalid, Conflict, TooMany) as error:
        return _setting_up(said(error.message, error.message_en)), status_of(error)
    session.pop(_UNPROVEN)
    return render_template("account/codes.html", codes=codes)


@blueprint.post("/verifikasi/kode-pemulihan")
@needs(SIGNED_IN, fresh="account.show")
def draw_codes() -> str:
    """New recovery codes in place of the older ones, shown this once."""
    codes = second_factor.new_codes(portal(), actor())
    return render_template("account/codes.html", codes=codes, is_renewed=True)


@blueprint.post("/verifikasi/matikan")
@needs(SIGNED_IN)
def turn_off() -> Answer:
    """Turns the second step off, against the password."""
    try:
        second_factor.remove(portal(), actor(), request.form.get("current", ""))
    except (Invalid, TooMany) as error:
        return _page(said(error.message, error.message_en), {"off": "x"}), status_of(error)
    flash(_("Verifikasi dua langkah dimatikan."), "ok")
    return redirect(url_for("account.show"))


def _page(problem: str = "", wrong: dict[str, str] | None = None) -> str:
    who = actor()
    return render_template(
        "account/show.html",
        sessions=own_account.sessions_of(portal(), who, _session_id()),
        has_second_step=second_factor.is_set_up(portal(), who.user_id),
        is_by_email=email_step.is_on(portal(), who.user_id),
        codes_left=second_factor.codes_left(portal(), who.user_id),
        is_required=second_factor.is_required(portal(), who),
        tokens=tokens.own(portal(), who),
        least=own_account.least(portal(), who),
        browser_told=browsers.told,
        problem=problem,
        wrong=wrong or {},
    )


def _proof_page(problem: str = "") -> str:
    return render_template(
        "account/proof.html",
        has_second_step=second_factor.is_set_up(portal(), actor().user_id),
        problem=problem,
        next=safe_next(request.values.get("next")) or "",
    )


def _setting_up(problem: str = "") -> str:
    secret = session.get(_UNPROVEN)
    if not isinstance(secret, str):
        secret = session[_UNPROVEN] = second_factor.new_secret()
    code = segno.make(second_factor.address_of(actor(), secret), micro=False)
    shapes = code.svg_inline(scale=5, border=3, light="#fff", dark="#000", omitsize=True)
    return render_template(
        "account/second_step.html",
        qr=Markup(shapes),  # noqa: S704 - segno's own shapes
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        problem=problem,
    )


def _session_id() -> str | None:
    return getattr(session, "session_id", None)
