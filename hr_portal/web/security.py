"""What every request must show and every answer must carry (security.md B, D and E1).

One `before` and one `after`, in one place: host, body limit and form token on the way in, the
headers on the way out.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.web.access import is_for_machines
from hr_portal.web.assets import YEAR, is_asset
from hr_portal.web.current import portal

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "connect-src 'self'; manifest-src 'self'"
)
FILE_SECURITY_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For bytes that somebody else wrote: nothing in them may run or load (security.md G9)."""

PDF_SECURITY_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For showing a PDF that we rewrote ourselves: the browser's viewer brings styles of its own."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # not no-referrer: the form token check compares it over TLS
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS: Final = f"max-age={YEAR}"

FORM_BYTES: Final = 1024 * 1024
MULTIPART_MARGIN: Final = 64 * 1024
"""Room for the other fields and the boundaries beside an uploaded file."""
MOST_PARTS: Final = 200
SPOOL_BYTES: Final = 512 * 1024

IN_MEMORY: Final = frozenset({"archive_uploads.put_part", "api-uploads.put_part"})
"""Routes whose file, of 8 MB at most, never lies on a disk in clear."""

_BODY: Final = "portal_body_limit"

csrf = CSRFProtect()


def takes_upload(limit: Callable[[Any], int]) -> Callable[[View], View]:
    """Lets a view's body be larger: `limit(settings)` gives the bytes of its files."""

    def declare(view: View) -> View:
        setattr(view, _BODY, limit)
        return view

    return declare


class PortalRequest(Request):
    """A request whose uploads wait on the data volume, not in the system's /tmp."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        spool = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - close() lets go of it
            max_size=0 if request.endpoint in IN_MEMORY else SPOOL_BYTES,
            dir=str(portal().settings.temp_dir),
        )
        self._spools.append(spool)
        return spool

    @cached_property
    def _spools(self) -> list[IO[bytes]]:
        return []

    def close(self) -> None:
        """Lets go of the files, also of those that a body over the limit had begun."""
        super().close()
        for spool in self._spools:
            spool.close()


def body_limit() -> int:
    """How many bytes of files, or else of form, this request may have."""
    of_view = file_limit()
    return FORM_BYTES if of_view is None else of_view


def file_limit() -> int | None:
    """How many bytes of files this request's view takes; None for one that takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, _BODY, None)
    return None if limit is None else int(limit(portal().settings))


def check_host() -> None:
    """Raises BadRequest for a Host header that isn't ours (security.md D8)."""
    if not host_is_trusted(request.host, portal().settings.trusted_hosts):
        raise BadRequest(_("Alamat yang Anda buka bukan alamat portal ini."))


def limit_body() -> None:
    """Sets the limits before anything reads the body."""
    g.body_limit = body_limit()
    request.max_content_length = g.body_limit + MULTIPART_MARGIN
    request.max_form_memory_size = FORM_BYTES
    request.max_form_parts = MOST_PARTS


def check_form_token() -> None:
    """Raises CSRFError, a 400, for a write without this session's token (security.md D1)."""
    if request.method not in {"GET", "HEAD", "OPTIONS", "TRACE"} and not is_for_machines():
        csrf.protect()


def check_text() -> None:
    """Raises BadRequest for a NUL sign in a page's address or form: no database keeps one."""
    if is_for_machines():
        return  # the interface reads its values strictly, and names the one that is wrong
    sent = (request.path, *_texts(request.args), *_texts(request.form))
    if any("\0" in text for text in sent):
        raise BadRequest(_("Kiriman ini memuat karakter NUL, yang tidak dapat disimpan."))


def _texts(values: MultiDict[str, str]) -> Iterator[str]:
    return (text for pair in values.items(multi=True) for text in pair)


class ShortNumber(IntegerConverter):
    """A number in an address: as many digits as a row of a sheet may have."""

    regex = "[0-9]{1,7}"


def safe_next(target: str | None) -> str | None:
    """`target` if it is a path of our own, else None (security.md D7).

    Browsers read a backslash as a slash and drop tabs and line breaks, so a target with any of
    these, or with two slashes at its start, is not ours.
    """
    if not target or not re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def add_headers(response: Response) -> Response:
    """Puts the headers on an answer; a view's own policy for foreign bytes stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if is_asset() and response.status_code in {200, 304}:
        kept = f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def content_disposition(file_name: str, *, attached: bool) -> str:
    """The header for a file under the name that its owner gave it (RFC 6266).

    The plain name is reduced to harmless ASCII; the exact one follows percent-encoded.
    """
    kind = "attachment" if attached else "inline"
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "_", file_name).strip() or "berkas"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def cookie(response: AnyResponse, name: str, value: str, *, max_age: int = YEAR) -> None:
    """Sets a cookie of the portal's: HttpOnly, SameSite=Lax, Secure unless in demo mode."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=portal().settings.cookie_secure,
        httponly=True,
        samesite="Lax",
    )


def is_signed_in() -> bool:
    """Whether this request comes with a live sign-in; False while none could be looked up."""
    return bool(current_user and current_user.is_authenticated)


def init_app(app: Flask) -> None:
    """Joins the checks to the application."""
    settings = app.extensions["portal"].settings
    app.request_class = PortalRequest
    app.url_map.converters["int"] = ShortNumber
    app.config.update(
        MAX_CONTENT_LENGTH=FORM_BYTES,
        WTF_CSRF_CHECK_DEFAULT=False,  # check_form_token calls it, for pages only
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session
        WTF_CSRF_FIELD_NAME="csrf_token",
        # the last one signs, each opens (itsdangerous): a change of the key breaks no open form
        WTF_CSRF_SECRET_KEY=[key for key in (settings.old_secret_key, settings.secret_key) if key],
    )
    csrf.init_app(app)
    app.before_request(check_host)
    app.before_request(limit_body)
    app.before_request(check_form_token)
    app.before_request(check_text)
    app.after_request(add_headers)
