"""create_app(settings): the one module that joins everything to everything."""

import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from hr_portal import api, logs
from hr_portal.adapters.database import tenancy
from hr_portal.adapters.regions import use_newest
from hr_portal.resources import resource_dir
from hr_portal.services import scopes
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound, fault_told
from hr_portal.settings import Settings
from hr_portal.web import (
    access,
    assets,
    auth,
    blueprints,
    comparing,
    errors,
    formatting,
    i18n,
    layout,
    limits,
    masking,
    parts,
    preferences,
    security,
    sessions,
    unseen,
)


class _App(Flask):
    """Without coroutines, for which Flask looks at every function that it calls, at every call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take a function as it is."""
        return func


def create_app(settings: Settings, *, portal: Portal | None = None) -> Flask:
    """The portal as a WSGI application: pages, the JSON interface, static files.

    `portal` is made from the settings unless a test hands in its own (a fixed clock).
    """
    app = _App("hr_portal", template_folder=str(resource_dir("templates")))
    app.extensions["portal"] = portal or Portal.from_settings(settings)
    app.secret_key = settings.secret_key
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False

    app.before_request(_begin)
    app.teardown_request(lambda _error: scopes.leave())
    app.before_request(lambda: use_newest(settings.data_dir))
    i18n.init_app(app)
    sessions.init_app(app)
    security.init_app(app)
    app.before_request(access.guard)
    auth.init_app(app)
    assets.init_app(app)
    formatting.init_app(app)
    masking.init_app(app)
    unseen.init_app(app)
    comparing.init_app(app)
    layout.init_app(app)
    parts.init_app(app)
    preferences.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    api.register(app)
    limits.init_app(app)
    app.register_error_handler(Exception, _answer_error)
    app.after_request(_end)
    _believe_proxy(app, settings.trusted_proxy)
    return app


def _begin() -> None:
    """Gives the request an id, which stands on its answer and on each of its log lines."""
    g.started = time.perf_counter()
    g.request_id = logs.new_id()
    logs.begin(request_id=g.request_id)
    scopes.enter("sign-in")


def _end(response: Response) -> Response:
    """Writes the access log: the route, never the address, which may hold an id or a search."""
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if "started" in g and not assets.is_asset():
        logs.get("web").info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            duration_ms=round((time.perf_counter() - g.started) * 1000, 1),
        )
    return response


def _answer_error(error: Exception) -> AnyResponse:
    """A page for people; under /api/ the shape that the JSON interface promises."""
    if isinstance(error, tenancy.TenantMismatchError):
        logs.get("app").warning("of another tenant", kind=str(error))
        error = NotFound()
    told = fault_told(error)
    if told is not None:
        logs.get("app").error("storage failed", code=told.code, exc_info=error)
        error = told
    return api.answer(error) if access.is_for_machines() else errors.answer(error)


def _believe_proxy(app: Flask, address: str) -> None:
    """Believes X-Forwarded-* of one proxy, and of nobody who calls around it (D8)."""
    if not address:
        return
    plain = app.wsgi_app
    fixed = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)

    def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen = fixed if environ.get("REMOTE_ADDR") == address else plain
        return chosen(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
