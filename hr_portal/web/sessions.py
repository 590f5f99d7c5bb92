"""Sessions that live on the server: the cookie holds a random id and nothing else.

`services.accounts` keeps them sealed and under the hash of their id, ends them when idle or old,
and drops them all when an account is switched off (security.md B1 to B6).
"""

from typing import Any, Final

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from hr_portal.services import sessions
from hr_portal.services.context import Portal

USER: Final = "_user_id"
"""Where Flask-Login keeps whose session this is."""


class PortalSession(CallbackDict[str, Any], SessionMixin):
    """What a session holds while a request is answered; written back only if it changed."""

    def __init__(
        self, content: dict[str, Any] | None = None, session_id: str | None = None
    ) -> None:
        def touched(_session: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(content or {}, touched)
        self.session_id = session_id
        self.renewed = False
        self.modified = False

    @property
    def new(self) -> bool:  # type: ignore[override]  # Flask has it as a plain attribute
        """Whether the server doesn't know this session yet."""
        return self.session_id is None

    def renew(self) -> None:
        """Gives the session a new id when it is saved: at sign-in and sign-out (B2)."""
        self.renewed = self.modified = True


class PortalSessions(SessionInterface):
    """Reads and writes sessions through the accounts service."""

    def get_cookie_name(self, app: Flask) -> str:
        """`__Host-` binds the cookie to this host over TLS; plain HTTP can't carry that name."""
        return "__Host-sesi" if self.get_cookie_secure(app) else "sesi"

    def get_cookie_secure(self, app: Flask) -> bool:
        """True but in demo mode."""
        return _portal(app).settings.cookie_secure

    def open_session(self, app: Flask, request: Request) -> PortalSession:
        """The session that the cookie names, or an empty one where it names none alive."""
        session_id = request.cookies.get(self.get_cookie_name(app))
        if not session_id or request.path.startswith("/api/"):
            return PortalSession()
        found = sessions.read_session(_portal(app), session_id)
        if found is None or found.content.get(USER) != found.user_id:
            return PortalSession()
        return PortalSession(found.content, session_id)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes a changed session and sets or clears its cookie."""
        if not isinstance(session, PortalSession) or not session.modified:
            return
        portal, name = _portal(app), self.get_cookie_name(app)
        if session.session_id and not session.renewed and session:
            sessions.save_session(portal, session.session_id, dict(session))
            return
        if session.session_id:
            sessions.end_session(portal, session.session_id)
            session.session_id = None
        if session:
            session.session_id = sessions.open_session(
                portal, dict(session), user_id=session.get(USER)
            )
        response.set_cookie(
            name,
            session.session_id or "",
            max_age=None if session.session_id else 0,  # no age: it ends with the browser
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def renew() -> None:
    """Gives the request's session a new id, where it is one of ours (B2)."""
    held = session._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    if isinstance(held, PortalSession):
        held.renew()


def _portal(app: Flask) -> Portal:
    portal: Portal = app.extensions["portal"]
    return portal


def init_app(app: Flask) -> None:
    """Gives the application these sessions."""
    app.session_interface = PortalSessions()
