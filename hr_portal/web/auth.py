"""Signing in and out; in demo mode also with one click a role."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hr_portal.domain.masking import mask_email
from hr_portal.domain.permissions import Actor
from hr_portal.services import accounts, devices, email_step, own_account, places, second_factor
from hr_portal.services.errors import Invalid, TooMany
from hr_portal.web import browsers, holding
from hr_portal.web.access import OF_THE_DEMO, OPEN, PROVEN, needs, prove
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.security import cookie, safe_next
from hr_portal.web.sessions import renew

blueprint = Blueprint("auth", __name__)


class _Manager(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Nobody is remembered past their session, and some answers are given without any session."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


login_manager = _Manager()

HALF_WAY: Final = dt.timedelta(minutes=10)
"""So long the right password waits for its code."""
COMPANY: Final = "company"
"""Where the session keeps which of their companies a person works for."""
_HALF: Final = "half"
ROLE_ORDER: Final = ("hrd", "reviewer", "second", "admin")


class Person:
    """Who is signed in, as Flask-Login wants it; what counts is `actor`."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Actor, place: str = "") -> None:
        self.actor = actor
        self.place = place
        """What the head of a page names, where it was looked up along with the person."""

    def get_id(self) -> str:
        """The id that the session keeps."""
        return self.actor.user_id


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One button of the demo's sign-in page."""

    user_id: str
    role: str
    name: str
    place: str


def _load(user_id: str) -> Person | None:
    with portal().db.glance():
        actor = accounts.load_actor_at(
            portal(), user_id, session.get(COMPANY), request_id=g.get("request_id")
        )
        if actor is None:
            return None
        is_page = request.method == "GET" and not actor.lacks
        return Person(actor, _place_of(actor) if is_page else "")


@blueprint.get("/masuk")
@needs(OPEN)
def sign_in() -> str | Response:
    """The sign-in page; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(_onward())
    return _page()


@blueprint.post("/masuk")
@needs(OPEN)
def sign_in_with_password() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Signs in, or shows the page again with the reason."""
    email = request.form.get("email", "")
    try:
        actor = accounts.sign_in(
            portal(),
            email,
            request.form.get("password", ""),
            address=request.remote_addr or "",
            device=request.cookies.get(device_cookie(), ""),
            request_id=g.get("request_id"),
        )
    except TooMany as error:
        page = _page(email=email, problem=said(error.message, error.message_en))
        return page, 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        return _page(email=email, problem=said(error.message, error.message_en)), 422
    if not second_factor.is_set_up(portal(), actor.user_id):
        if not email_step.is_on(portal(), actor.user_id):
            return _signed_in(actor)
        try:
            email_step.send(portal(), actor.user_id)
        except TooMany as error:
            page = _page(email=email, problem=said(error.message, error.message_en))
            return page, 429, {"Retry-After": str(error.retry_after)}
    _fresh_session(actor.user_id)
    session[_HALF] = [actor.user_id, portal().clock().isoformat()]
    return redirect(url_for("auth.ask_code", next=safe_next(request.values.get("next"))))


@blueprint.get("/masuk/kode")
@needs(OPEN)
def ask_code() -> str | Response:
    """Asks for the second step's code, of who has just given the right password."""
    if _half() is None:
        return redirect(url_for("auth.sign_in"))
    return _code_page()


@blueprint.post("/masuk/kode")
@needs(OPEN)
def second_step() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Signs in with the right code; a wrong one is told and counted."""
    user_id = _half()
    actor = accounts.load_actor(portal(), user_id) if user_id else None
    if actor is None:
        return redirect(url_for("auth.sign_in"))
    try:
        step = email_step if _is_by_email(actor.user_id) else second_factor
        step.verify(portal(), actor.user_id, request.form.get("code", ""))
    except TooMany as error:
        page = _code_page(said(error.message, error.message_en))
        return page, 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        return _code_page(said(error.message, error.message_en)), 422
    return _signed_in(actor)


@blueprint.post("/masuk/kode/kirim-ulang")
@needs(OPEN)
def send_again() -> Response | tuple[str, int, dict[str, str]]:
    """Sends another code by e-mail in place of the last; too soon is told with the wait."""
    user_id = _half()
    if user_id is None or not _is_by_email(user_id):
        return redirect(url_for("auth.sign_in"))
    try:
        email_step.send_again(portal(), user_id)
    except TooMany as error:
        page = _code_page(said(error.message, error.message_en), is_typed=False)
        return page, 429, {"Retry-After": str(error.retry_after)}
    session[_HALF] = [user_id, portal().clock().isoformat()]
    flash(_("Kode baru dikirim. Kode sebelumnya tidak berlaku lagi."), "ok")
    return redirect(url_for("auth.ask_code", next=safe_next(request.values.get("next"))))


def _half() -> str | None:
    """Who has given the right password within the last minutes and not the code."""
    held = session.get(_HALF)
    if not held:
        return None
    user_id, at = held
    fresh = portal().clock() - dt.datetime.fromisoformat(at) < HALF_WAY
    return str(user_id) if fresh else None


def _is_by_email(user_id: str) -> bool:
    return not second_factor.is_set_up(portal(), user_id) and email_step.is_on(portal(), user_id)


def _code_page(problem: str = "", *, is_typed: bool = True) -> str:
    user_id = _half() or ""
    by_email = _is_by_email(user_id)
    who = accounts.load_actor(portal(), user_id)
    return render_template(
        "auth/code.html",
        by_email=by_email,
        address=mask_email(who.email) if who and by_email else "",
        wait=email_step.seconds_to_wait(portal(), user_id) if by_email else 0,
        problem=problem,
        is_wrong=bool(problem) and is_typed,
        next=safe_next(request.values.get("next")) or "",
    )


@blueprint.post("/masuk/demo")
@needs(OPEN)
def sign_in_as_demo() -> Response:
    """Signs in as one of the demo's people. Raises NotFound outside demo mode."""
    if not portal().settings.demo:
        raise NotFound
    offered = {person.user_id for person in demo_people()}
    user_id = request.form.get("user", "")
    actor = accounts.load_actor(portal(), user_id) if user_id in offered else None
    if actor is None:
        raise NotFound
    answer = _signed_in(actor)
    session[PROVEN] = OF_THE_DEMO
    return answer


@blueprint.post("/keluar")
@needs(OPEN)
def sign_out() -> Response:
    """Ends the session on the server and has the browser forget what it holds."""
    logout_user()
    _fresh_session()
    answer = redirect(url_for("auth.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _page(email: str = "", problem: str = "") -> str:
    return render_template(
        "auth/sign_in.html",
        email=email,
        problem=problem,
        next=safe_next(request.values.get("next")) or "",
        demo_people=demo_people() if portal().settings.demo else [],
        why=_why_signed_out(),
    )


def _why_signed_out() -> str:
    """The sentence for somebody who didn't come here by themselves."""
    ended, settings = holding.ended(), portal().settings
    if ended and ended.why == "old":
        hours = int(settings.session_absolute.total_seconds() // 3600)
        return _("Anda keluar otomatis setelah %(hours)s jam. Masuk lagi untuk melanjutkan.",
                 hours=hours)  # fmt: skip
    if ended:
        minutes = int(settings.session_idle.total_seconds() // 60)
        return _("Anda keluar otomatis karena %(minutes)s menit tidak ada kegiatan. Masuk lagi "
                 "untuk melanjutkan.", minutes=minutes)  # fmt: skip
    if request.args.get("next") and not session and holding.has_cookie():
        return _("Sesi di peramban ini sudah diakhiri. Masuk lagi untuk melanjutkan.")
    if safe_next(request.args.get("next")) not in {None, "", "/"}:
        return _("Halaman itu memerlukan akun. Setelah masuk, Anda langsung dibawa ke sana.")
    return ""


def _fresh_session(user_id: str = "") -> None:
    held = holding.kept_for(user_id)
    session.clear()
    if held:
        session[holding.HELD] = held
    renew()


def _signed_in(actor: Actor) -> Response:
    _fresh_session(actor.user_id)
    holding.release()
    login_user(Person(actor))
    at = accounts.load_actor_at(portal(), actor.user_id, None)
    if at and at.companies:
        session[COMPANY] = next(iter(at.companies))
    session[own_account.BROWSER] = browsers.kind_of(request.user_agent.string)
    prove()
    answer = redirect(_onward())
    remember_device(answer, actor.email)
    return answer


def device_cookie() -> str:
    """The name of the cookie by which a browser is known again; bound to the host over TLS."""
    return "__Host-perangkat" if portal().settings.cookie_secure else "perangkat"


def remember_device(answer: Response, email: str) -> None:
    """Has the browser keep that this person has shown here who they are."""
    held = request.cookies.get(device_cookie(), "")
    cookie(answer, device_cookie(), devices.remember(portal(), email, held))


def _onward() -> str:
    return safe_next(request.values.get("next")) or url_for("home.start")


def demo_people() -> list[DemoPerson]:
    """One active person a role, the first by name; of reviewers two, for the four eyes."""
    first: dict[str, DemoPerson] = {}
    for user in accounts.list_users(portal()):
        for held in user["roles"]:
            role = held["role"]
            if role == "reviewer" and role in first and first[role].user_id != user["id"]:
                role = "second"
            if user["is_active"] and role not in first:
                place = held["place"] or _("Perusahaan, kantor cabang, pengguna")
                first[role] = DemoPerson(user["id"], role, user["name"], place)
    return [first[role] for role in ROLE_ORDER if role in first]


def whereabouts(actor: Actor) -> str:
    """The company or branch that the head of the page names."""
    return str(current_user.place) or _place_of(actor)


def _place_of(actor: Actor) -> str:
    if actor.companies:
        mine = [one for one in places.companies(portal(), actor) if one.id in actor.companies]
        return f"{mine[0].name} · NPP {mine[0].npp}"
    if actor.branches:
        names = places.branch_names(portal(), actor.branches)
        if len(names) == 1:
            return _("Kantor Cabang %(name)s", name=names[0].removeprefix("Kantor Cabang "))
        return _("%(count)s kantor cabang", count=len(names))
    return _("Admin")


def init_app(app: Flask) -> None:
    """Joins Flask-Login, which keeps only the user's id, in our own session."""
    login_manager.user_loader(_load)
    login_manager.session_protection = None  # the session's id is renewed instead (B2)
    login_manager.init_app(app)
    app.register_blueprint(blueprint)
