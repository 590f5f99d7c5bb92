"""Every refusal and every fault as a page that says whose fault it is, what is safe, what now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import g, make_response, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden as HTTPForbidden
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
    TooManyRequests,
)
from werkzeug.wrappers import Response

from hr_portal import logs
from hr_portal.services import memberships
from hr_portal.services.errors import (
    Busy,
    Conflict,
    Faulty,
    Forbidden,
    Gone,
    Invalid,
    NoRoom,
    NotFound,
    ServiceError,
    TooLarge,
    TooMany,
)
from hr_portal.web import holding
from hr_portal.web.current import portal
from hr_portal.web.formatting import size
from hr_portal.web.i18n import said
from hr_portal.web.security import is_signed_in, safe_next

STATUSES: Final[dict[type[ServiceError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Gone: 410,
    Invalid: 422,
    TooLarge: 413,
    TooMany: 429,
    NoRoom: 507,
    Busy: 503,
    Faulty: 503,
}

SECRET_FIELDS: Final = frozenset({"csrf_token", "password"})
"""Never sent back to the browser when a form is offered again."""


PLAIN: Final = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Portal sedang tidak dapat '
    "dibuka</title></head><body><h1>Portal sedang tidak dapat dibuka</h1><p>Kesalahannya pada "
    "portal, bukan pada berkas Anda. Yang sudah tersimpan tetap aman. Coba lagi sebentar lagi.</p>"
    "<p>{reference}</p></body></html>"
)
"""All that can be said while the database, and with it the session, is out of reach."""


WORDS: Final = ("reason", "note", "text")
"""Fields that hold somebody's own words."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What an error page says: the finding as title, then what it means, then what to do."""

    title: str
    text: str
    action: str = ""
    href: str = ""
    again: list[tuple[str, str]] = field(default_factory=list)
    """Fields of a form that can be sent again, as typed."""
    words: list[str] = field(default_factory=list)
    """What was typed and can only be copied from here."""


def status_of(error: ServiceError) -> int:
    """The HTTP status of a service's refusal."""
    return next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 400)


def refused(error: ServiceError) -> Response:
    """The page of a service's refusal, with its sentence."""
    status = status_of(error)
    if isinstance(error, NotFound) and (other := _of_another_company()):
        return other
    answer = _page(status, _service_advice(error, status))
    if isinstance(error, TooMany | Busy | Faulty):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _of_another_company() -> Response | None:
    """The page that says so where this is about another company of the same person's.

    A submission of it, a page of it, or a form that was opened before the change of company.
    """
    if not is_signed_in():
        return None
    who, parts = current_user.actor, request.view_args or {}
    company_id = parts.get("company_id") or request.form.get("company")
    if "batch_id" in parts:
        workplace = memberships.elsewhere(portal(), who, parts["batch_id"])
    elif company_id in who.elsewhere:
        mine = memberships.workplaces(portal(), who)
        workplace = next(one for one in mine if one.company_id == company_id)
    else:
        return None
    if workplace is None:
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    page = render_template(
        "memberships/elsewhere.html",
        workplace=workplace,
        of_a_batch="batch_id" in parts,
        is_write=request.method != "GET",
        next=back,
    )
    return make_response(page, 404)


def failed(error: HTTPException) -> Response:
    """The page of an HTTP error; a redirect that werkzeug raises stays one."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - werkzeug's RequestRedirect is an HTTPException too
        return Response.from_app(error.get_response(), request.environ)
    if isinstance(error, HTTPForbidden) and (other := _of_another_company()):
        return other
    answer = _page(status, _http_advice(error, status))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, TooManyRequests) and error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def broken(error: Exception) -> Response:
    """The page of a fault of ours; the log has the places it passed, the page only the id."""
    logs.get("web").error("request failed", exc_info=error)
    return failed(InternalServerError(original_exception=error))


def _page(status: int, advice: Advice) -> Response:
    if request_ctx._session is None:  # noqa: SLF001 - the database failed before there was a session
        return make_response(
            PLAIN.format(reference=g.get("request_id", "-")), 503, {"Retry-After": "5"}
        )
    body = render_template(
        "errors/page.html",
        advice=advice,
        status=status,
        now=portal().clock(),
        reference=g.get("request_id", ""),
    )
    return make_response(body, status)


def _service_advice(error: ServiceError, status: int) -> Advice:
    titles: Mapping[int, str] = {
        403: _("Tindakan ini bukan untuk akun Anda"),
        404: _("Halaman tidak ditemukan"),
        409: _("Belum disimpan: keadaannya sudah berubah"),
        413: _("Berkas melebihi batas"),
        422: _("Belum dapat diproses"),
        429: _("Terlalu banyak percobaan"),
        503: _("Portal belum dapat memproses permintaan ini"),
        507: _("Ruang penyimpanan penuh"),
    }
    return Advice(
        titles.get(status, _("Permintaan ditolak")),
        said(error.message, error.message_en),
        *_way_on(status),
        words=_words_typed(),
    )


def _http_advice(error: HTTPException, status: int) -> Advice:
    if isinstance(error, CSRFError):
        return _form_too_old()
    if isinstance(error, RequestEntityTooLarge):
        return _too_large()
    told: Mapping[int, tuple[str, str]] = {
        400: (
            _("Permintaan tidak dapat dibaca"),
            _("Peramban mengirim sesuatu yang tidak kami kenali. Kembali ke halaman sebelumnya, muat "
              "ulang, lalu coba lagi."),
        ),
        403: (_("Halaman ini bukan untuk akun Anda"), str(error.description)),
        404: (_("Halaman tidak ditemukan"), said(NotFound().message, NotFound().message_en)),
        405: (
            _("Alamat ini tidak dapat dibuka langsung"),
            _("Alamat ini hanya menerima kiriman dari tombol di halaman portal. Mulai lagi dari "
              "Beranda."),
        ),
        429: (_("Terlalu banyak permintaan"), _("Tunggu sebentar, lalu muat ulang halaman ini.")),
    }  # fmt: skip
    if status in told:
        title, text = told[status]
        if status == 400 and error.description != type(error).description:  # noqa: PLR2004
            text = str(error.description)
        return Advice(title, text, *_way_on(status))
    if status < 500:  # noqa: PLR2004 - the rest of the caller's faults
        return Advice(_("Permintaan ditolak"), told[400][1], *_way_on(status))
    return Advice(
        _("Halaman ini gagal dimuat"),
        _("Kesalahannya pada portal, bukan pada berkas Anda. Yang sudah tersimpan tetap aman."),
        *_way_on(status),
    )


def _way_on(status: int) -> tuple[str, str]:
    """The one filled button of the page: where to go from here."""
    here = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    if status in {409, 429, 500, 503}:
        return _("Muat ulang"), here or url_for("home.start")
    if status in {413, 422} and _came_from():
        return _("Kembali"), str(_came_from())
    if is_signed_in():
        return _("Ke Beranda"), url_for("home.start")
    return _("Ke halaman masuk"), url_for("auth.sign_in")


def _came_from() -> str | None:
    """The page of ours that sent this request, if the browser tells."""
    referrer = request.referrer or ""
    return safe_next(referrer.removeprefix(request.host_url.rstrip("/")))


def _form_too_old() -> Advice:
    if not is_signed_in():
        kept = holding.hold_of_ended()
        # signed out in another tab: nothing is kept for who comes next, but what was typed is shown
        words = [] if kept else _words_typed()
        return Advice(
            _("Sesi Anda sudah berakhir"),
            _("Demi keamanan, sesi yang lama tidak dipakai ditutup. Isian Anda belum terkirim, tetapi "
              "kami simpan; berkasnya tidak. Masuk lagi, pilih berkasnya lagi, lalu kirim dari "
              "halaman itu.") if kept and request.files else
            _("Demi keamanan, sesi yang lama tidak dipakai ditutup. Isian Anda belum terkirim, "
              "tetapi kami simpan: masuk lagi, lalu kirim dari halaman itu.") if kept else
            _("Anda sudah keluar, mungkin di tab lain, atau sesi ditutup karena lama tidak dipakai. "
              "Kiriman terakhir belum diproses; masuk lagi, lalu ulangi."),
            _("Masuk lagi"),
            url_for("auth.sign_in", next=_came_from()),
            words=words,
        )  # fmt: skip
    typed = _typed_again()
    text = _("Formulir ini dibuka sebelum Anda masuk kembali, jadi kirimannya belum diproses.")
    if typed:
        text += " " + _("Isian Anda masih ada di bawah ini; periksa, lalu kirim lagi.")
    return Advice(
        _("Formulir sudah kedaluwarsa"),
        text,
        "" if typed else _("Kembali ke formulir"),
        _came_from() or url_for("home.start"),
        typed,
    )


def _words_typed() -> list[str]:
    """The sender's own words, where the browser vouches that they come from our page."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    return [text for name in WORDS if (text := request.form.get(name, "").strip())]


def _typed_again() -> list[tuple[str, str]]:
    """The fields as typed, offered again only where the browser vouches that our page sent them.

    Another site's form must not get a friendly button here.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or request.files:
        return []
    items: list[tuple[str, Any]] = list(request.form.items(multi=True))
    return [(name, str(value)) for name, value in items if name not in SECRET_FIELDS]


def _too_large() -> Advice:
    limit = g.get("body_limit", 0)
    sent = request.content_length
    if sent and sent > limit:
        text = _("Kiriman Anda %(sent)s, sedangkan batasnya %(limit)s. Tidak ada yang disimpan.",
                 sent=size(sent), limit=size(limit))  # fmt: skip
    else:
        text = _("Kiriman Anda melebihi batas %(limit)s, atau terlalu banyak bagiannya. Tidak ada "
                 "yang disimpan.", limit=size(limit))  # fmt: skip
    text += " " + _("Bagi berkas menjadi beberapa bagian, atau hapus gambar dan lembar yang tidak "
                    "diperlukan.")  # fmt: skip
    return Advice(_("Berkas melebihi batas"), text, *_way_on(413))


def answer(error: Exception) -> Response:
    """The page for any exception that a view or a check raised."""
    if isinstance(error, ServiceError):
        return refused(error)
    if isinstance(error, HTTPException):
        return failed(error)
    return broken(error)
