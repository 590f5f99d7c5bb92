"""Who may call which route: a bearer token, and the role that the route names.

Denies by default: a route under /api/ that says nothing is refused. Sessions of the pages are
never looked at here, so no form token is needed.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from hr_portal.api.problems import SAID, unfit
from hr_portal.domain.permissions import Action, Actor, may
from hr_portal.services import accounts, scopes, tokens
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden
from hr_portal.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

PREFIX: Final = "/api/"
BASE: Final = "/api/v1"
OPEN: Final = "open"

_POLICY: Final = "portal_policy"
_FRESH: Final = "portal_fresh"
_BODY: Final = "portal_body_limit"
"""Where the pages' body check looks for a view's own limit, too."""
TAKES_QUERY: Final = "portal_takes_query"


def needs(policy: Action, *, fresh: bool = False) -> Callable[[View], View]:
    """Says which action of the rights table a route is for.

    `fresh` asks for the right that a token's owner gives it for an hour (services/tokens.py).
    """

    def declare(view: View) -> View:
        return _mark(_FRESH, fresh)(_mark(_POLICY, policy)(view))

    return declare


def for_everybody(view: View) -> View:
    """Opens a route to callers without a token."""
    return _mark(_POLICY, OPEN)(view)


def takes_upload(limit: Callable[[Settings], int]) -> Callable[[View], View]:
    """Lets a route's body be larger: `limit(settings)` gives the bytes of its file."""
    return _mark(_BODY, limit)


def policy_of(view: object) -> str | None:
    """What a route asks for; None where it says nothing and so is refused."""
    policy = getattr(view, _POLICY, None)
    return None if policy is None else str(policy)


def portal() -> Portal:
    """The portal behind the request."""
    found: Portal = current_app.extensions["portal"]
    return found


def caller() -> Actor:
    """Whom the request's token stands for. Only in routes that need one."""
    actor: Actor = g.api_caller
    return actor


def require_fresh() -> None:
    """Raises Forbidden where the owner of the request's token hasn't allowed exports just now."""
    sent = request.authorization
    tokens.require_exports(portal(), (sent.token if sent else None) or "")


def guard() -> None:
    """Lets a request under /api/ pass, or raises.

    Raises:
        Unauthorized: no token, or not one that is valid now.
        Forbidden: the token's user has no such role anywhere, or hasn't accepted the terms.
        Invalid: a query parameter that this route doesn't know.

    """
    if not request.path.startswith(PREFIX) or request.endpoint is None:
        return  # an unknown route is refused by the router, alike for everybody
    view = current_app.view_functions[request.endpoint]
    policy = policy_of(view)
    if policy == OPEN:
        scopes.enter("open")
    else:
        g.api_caller = _authenticate()
        scopes.enter_as(caller())
        if caller().lacks == "terms":
            raise Forbidden(
                "Pemilik token ini belum menyetujui ketentuan yang berlaku. Masuk ke portal dengan "
                "akunnya, baca, dan setujui; setelah itu token berlaku lagi.",
                "The owner of this token has not accepted the current terms. Sign in to the portal "
                "with their account, read and accept them; then the token works again.",
                code="terms_not_accepted",
            )
        if policy is None or not may(caller(), policy):
            raise Forbidden(*SAID[403][1:])
        if getattr(view, _FRESH, False):
            require_fresh()
    if request.args and not getattr(view, TAKES_QUERY, False):
        raise unfit(dict.fromkeys(request.args, "Tidak dikenal"))


def _authenticate() -> Actor:
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token:
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", {"realm": "hr-portal"}))
    actor = accounts.actor_of_token(portal(), sent.token, request_id=g.get("request_id"))
    if actor is None:
        problem: dict[str, str | None] = {"realm": "hr-portal", "error": "invalid_token"}
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", problem))
    return actor


def _mark(name: str, value: object) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, name, value)
        return view

    return declare
