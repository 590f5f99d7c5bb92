"""What somebody sent when they first had to show who they are, kept to be sent on.

A form whose session had ended waits, sealed in the new session, for the same person to sign in;
an export or a change that asks once more who it is goes on by itself once that is shown.
Passwords and files are never kept: a form with files is offered with its other fields, and asks for
the files again. What is kept is read by nobody but its sender.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, request, session
from flask_login import current_user

from hr_portal.services import ended_sessions
from hr_portal.services.ended_sessions import Ended
from hr_portal.web.current import portal

HELD: Final = "held"
"""Where the session keeps it."""
MOST_SIGNS: Final = 64 * 1024
SECRET: Final = frozenset({"password", "current", "proof", "code"})
"""A form with one of these is not kept: it is typed anew."""
_TOKEN: Final = "csrf_token"  # noqa: S105 - a field's name


@dataclass(frozen=True, slots=True)
class Held:
    """A request to send on: fields that were typed as text are shown, the others just go along."""

    path: str
    is_post: bool
    is_begun_anew: bool
    """It was sent after the session had ended; its sender looks at it before it goes."""
    typed: list[tuple[str, str]]
    others: list[tuple[str, str]]
    files: list[tuple[str, list[str]]]
    """The fields of files with the names of what was chosen there, to be chosen again."""


def hold(user_id: str, *, is_begun_anew: bool) -> bool:
    """Keeps this request for one person; False where it can't be sent again as it is."""
    is_post = request.method == "POST"
    sent = request.form if is_post else request.args
    fields = [(name, value) for name, value in sent.items(multi=True) if name != _TOKEN]
    files = [
        (name, file.filename) for name, file in request.files.items(multi=True) if file.filename
    ]
    if (
        request.method not in {"GET", "POST"}
        or "HX-Request" in request.headers
        or (files and not is_begun_anew)
        or SECRET & {name for name, _value in fields}
        or sum(len(name) + len(value) for name, value in fields + files) > MOST_SIGNS
    ):
        session.pop(HELD, None)
        return False
    session[HELD] = {
        "path": request.path, "post": is_post, "fields": fields, "user": user_id,
        "anew": is_begun_anew, "ready": False, "files": files,
    }  # fmt: skip
    return True


def ended() -> Ended | None:
    """How the session that this browser's cookie names ended by itself."""
    session_id = _cookie()
    return ended_sessions.how_it_ended(portal(), session_id) if session_id else None


def has_cookie() -> bool:
    """Whether this browser holds the id of a session, alive or not."""
    return bool(_cookie())


def _cookie() -> str | None:
    name = current_app.session_interface.get_cookie_name(current_app)
    return request.cookies.get(name)


def hold_of_ended() -> bool:
    """Keeps a form whose session had ended, for whose session it was.

    Only where the browser vouches that a page of ours sent it: another site's form gets no button.
    """
    found = ended()
    if found is None or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return False
    return hold(found.user_id, is_begun_anew=True)


def kept_for(user_id: str) -> dict[str, Any] | None:
    """What is kept for this person, to be carried over to a new session."""
    held = session.get(HELD)
    return held if held and held["user"] == user_id else None


def release() -> bool:
    """Lets what is kept be sent on: its owner has shown who they are. False where nothing is."""
    held = session.get(HELD)
    if not held:
        return False
    session[HELD] = held | {"ready": True}
    return True


def to_send_on() -> Held | None:
    """What this page offers to send on; what goes by itself is offered once."""
    held = session.get(HELD)
    if not held or not held["ready"] or held["user"] != current_user.get_id():
        return None
    if not held["anew"]:
        session.pop(HELD)
    fields = [(str(name), str(value)) for name, value in held["fields"]]
    typed = [one for one in fields if held["anew"] and " " in one[1].strip()]
    others = [one for one in fields if one not in typed]
    chosen: dict[str, list[str]] = {}
    for name, file in held.get("files", ()):
        chosen.setdefault(str(name), []).append(str(file))
    return Held(held["path"], held["post"], held["anew"], typed, others, list(chosen.items()))


def forget() -> None:
    """Drops what is kept."""
    session.pop(HELD, None)


def forget_if_sent() -> None:
    """Drops what is kept, where this request is it."""
    held = session.get(HELD) if request.method == "POST" else None
    if held and held["ready"] and held["path"] == request.path:
        forget()
