"""Ways in without an account or a password: a link, a forgotten password, a new company."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import joining, registrations
from hr_portal.services.errors import Gone, Invalid, NotFound, TooMany
from hr_portal.web.access import OPEN, needs
from hr_portal.web.auth import remember_device
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import beside, said

blueprint = Blueprint("joining", __name__)

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
FIELDS = ("npp", "division", "company_name", "name", "email")


@blueprint.get("/lupa-kata-sandi")
@needs(OPEN)
def ask() -> str:
    """Asks whose password is forgotten."""
    return render_template("joining/ask.html", email="", problem="")


@blueprint.post("/lupa-kata-sandi")
@needs(OPEN)
def send() -> Answer:
    """Sends a link where there is such an account; says the same where there is none."""
    email = request.form.get("email", "")
    try:
        joining.ask_for_reset(portal(), email, address=request.remote_addr or "")
    except TooMany as error:
        page = render_template(
            "joining/ask.html", email=email, problem=said(error.message, error.message_en)
        )
        return page, 429, {"Retry-After": str(error.retry_after)}
    flash(
        _("Bila surel itu terdaftar, tautan untuk membuat kata sandi baru sudah kami kirim. Tautan "
          "berlaku 24 jam; periksa juga folder spam."),
        "ok",
    )  # fmt: skip
    return redirect(url_for("auth.sign_in"))


@blueprint.get("/tautan/<token>")
@needs(OPEN)
def show(token: str) -> Answer:
    """The form of a new password; looking at it doesn't spend the link."""
    return _link_page(token)


@blueprint.post("/tautan/<token>")
@needs(OPEN)
def use(token: str) -> Answer:
    """Keeps the password, spends the link, and leads to the sign-in."""
    try:
        email = joining.read_link(portal(), token).email
        joining.use_link(
            portal(), token, request.form.get("password", ""),
            agreed=request.form.get("agreed") == "ya",
        )  # fmt: skip
    except Invalid as error:
        return _link_page(token, said(error.message, error.message_en), beside(error))
    except (NotFound, Gone) as error:
        return render_template("joining/over.html"), status_of(error)
    flash(_("Kata sandi disimpan. Masuk dengan kata sandi itu."), "ok")
    answer = redirect(url_for("auth.sign_in"))
    remember_device(answer, email)  # the way in where somebody else keeps guessing
    return answer


def _link_page(token: str, problem: str = "", wrong: dict[str, str] | None = None) -> Answer:
    try:
        link = joining.read_link(portal(), token)
    except (NotFound, Gone) as error:
        return render_template("joining/over.html"), status_of(error)
    page = render_template(
        "joining/password.html", link=link, token=token, problem=problem, wrong=wrong or {}
    )
    return page, 422 if problem else 200


@blueprint.get("/daftar")
@needs(OPEN)
def register() -> str:
    """The form by which a company asks to be let in."""
    return _registration()


@blueprint.post("/daftar")
@needs(OPEN)
def send_registration() -> Answer:
    """Keeps a company's wish for an admin to decide."""
    form = request.form
    try:
        registrations.register(
            portal(), npp=form.get("npp", ""), division=form.get("division", ""),
            company=form.get("company_name", ""), name=form.get("name", ""), email=form.get("email", ""),
            address=request.remote_addr or "",
        )  # fmt: skip
    except Invalid as error:
        return _registration(said(error.message, error.message_en), beside(error)), 422
    except TooMany as error:
        page = _registration(said(error.message, error.message_en))
        return page, 429, {"Retry-After": str(error.retry_after)}
    flash(
        _("Pendaftaran diterima. Admin mencocokkan NPP Anda, lalu mengirim tautan ke surel itu."),
        "ok",
    )
    return redirect(url_for("auth.sign_in"))


def _registration(problem: str = "", wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "joining/register.html",
        problem=problem,
        wrong=wrong or {},
        typed={name: request.form.get(name, "") for name in FIELDS},
    )
