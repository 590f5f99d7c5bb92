"""Who may call which address: every view says so, and a view that says nothing is refused.

The table of rights is `domain.permissions`; here a view only names its action. Whether the actor
may do it to *this* batch is asked again by the service, which knows whose batch it is.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, TypeVar, get_args

from flask import Flask, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from hr_portal.domain.permissions import Action, Actor, may
from hr_portal.services import scopes
from hr_portal.web import holding
from hr_portal.web.assets import ENDPOINTS as ASSETS
from hr_portal.web.current import portal

View = TypeVar("View", bound=Callable[..., Any])

OPEN: Final = "open"
SIGNED_IN: Final = "signed-in"
POLICIES: Final = frozenset({OPEN, SIGNED_IN, *get_args(Action)})

OPEN_ENDPOINTS: Final = ASSETS | {
    "auth.sign_in",
    "auth.sign_in_as_demo",
    "auth.ask_code",
    "auth.second_step",
    "auth.send_again",
    "auth.sign_out",
    "joining.ask",
    "joining.send",
    "joining.show",
    "joining.use",
    "joining.register",
    "joining.send_registration",
    "preferences.choose_language",
    "preferences.choose_theme",
    "help.index",
    "help.guide",
    "help.rules",
    "home.privacy",
    "terms.show",
    "proofs.ask",
    "proofs.show",
    "proofs.scanned",
    "health.alive",
}
"""Everything that answers without a sign-in. A test holds this list to the views' own words."""

_POLICY: Final = "portal_policy"
_FRESH: Final = "portal_fresh"
PROVEN: Final = "proven"
"""Where the session keeps when its owner last gave their password or a code."""
OF_THE_DEMO: Final = "demo"
"""Kept there by the demo's sign-in with one click, which knows no password."""
FRESH_FOR: Final = dt.timedelta(minutes=10)


def needs(policy: str, *, fresh: str = "") -> Callable[[View], View]:
    """Says what a view asks of its caller: `open`, `signed-in`, or an action of the rights table.

    `fresh` asks for the password or a code again, where neither was given within ten minutes, and
    names the page to go back to, where the act goes on (security.md A11, `holding`).
    Raises ValueError at import where the policy is none of these.
    """
    if policy not in POLICIES:
        raise ValueError(f"{policy!r} is not a policy")

    def declare(view: View) -> View:
        setattr(view, _POLICY, policy)
        setattr(view, _FRESH, fresh)
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> str | None:
    """What an endpoint asks for; None where it says nothing and so is refused."""
    if endpoint in ASSETS:
        return OPEN
    policy = getattr(app.view_functions.get(endpoint), _POLICY, None)
    return None if policy is None else str(policy)


def actor() -> Actor:
    """Who is acting in this request. Only for views that ask for a sign-in."""
    signed_in: Actor = current_user.actor
    return signed_in


def is_for_machines() -> bool:
    """Whether this request is for the JSON interface, which knows its callers by token."""
    return request.path.startswith("/api/")


def guard() -> Response | None:
    """Lets the request pass, sends it to sign in, or raises Forbidden. Denies by default."""
    if request.endpoint is None or is_for_machines():
        return None
    policy = policy_of(current_app, request.endpoint)
    if policy == OPEN:
        scopes.enter("open")
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    scopes.enter_as(actor())
    lack = actor().lacks
    if lack == "terms" and request.blueprint != "terms":
        return _go_to(url_for("terms.show", next=_back()))
    if lack and lack != "terms" and request.blueprint not in {"account", "terms"}:
        return _go_to(url_for("account.show"))
    if policy == SIGNED_IN or (policy is not None and may(actor(), policy)):
        to_prove = _to_prove()
        if to_prove is None:
            holding.forget_if_sent()
        return to_prove
    raise Forbidden(
        _("Halaman ini untuk peran lain. Akun Anda tidak memiliki izin untuk membukanya.")
    )


def prove() -> None:
    """Keeps in the session that its owner has just shown who they are."""
    session[PROVEN] = portal().clock().isoformat()


def _to_prove() -> Response | None:
    """To the page that asks who it is again, where the view wants that and it is too long ago."""
    back = getattr(current_app.view_functions[request.endpoint or ""], _FRESH, "")
    at = session.get(PROVEN)
    if not back or at == OF_THE_DEMO:
        return None
    if at and portal().clock() - dt.datetime.fromisoformat(at) < FRESH_FOR:
        return None
    holding.hold(actor().user_id, is_begun_anew=False)
    (rule, *_more) = current_app.url_map.iter_rules(back)
    given = {k: v for k, v in (request.view_args or {}).items() if k in rule.arguments}
    return _go_to(url_for("account.ask_proof", next=url_for(back, **given)))


def _to_sign_in() -> Response:
    """To the sign-in page, which leads back here; a changed page is told apart by htmx."""
    target = url_for("auth.sign_in", next=_back())
    if "HX-Request" in request.headers:
        answer = current_app.response_class(status=401)
        answer.headers["HX-Redirect"] = url_for("auth.sign_in")
        return answer
    return redirect(target)


def _back() -> str | None:
    """This page, to come back to; None for the first page, and after a write."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return None if back == "/" else back


def _go_to(target: str) -> Response:
    """To a page that has to be seen first."""
    if "HX-Request" in request.headers:
        answer = current_app.response_class(status=403)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target)
