"""The one shape in which everything under /api/ is refused.

`{"error": {"code", "message", "message_en", "request_id", "fields"}}`, whether a service, the
router, the parser or a fault of ours says no. Codes are stable, sentences may be reworded.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Response, g, jsonify
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from hr_portal import logs
from hr_portal.services.errors import (
    Busy,
    Conflict,
    Faulty,
    Forbidden,
    Invalid,
    NoRoom,
    NotFound,
    ServiceError,
    TooLarge,
    TooMany,
)

Headers = Iterable[tuple[str, str]]
Fields = Mapping[str, str | int]

STATUSES: Final[dict[type[ServiceError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    TooLarge: 413,
    TooMany: 429,
    NoRoom: 507,
    Busy: 503,
    Faulty: 503,
}

SAID: Final[dict[int, tuple[str, str, str]]] = {
    400: (
        "bad_request",
        "Permintaan tidak dapat dibaca. Periksa bentuknya pada dokumentasi API.",
        "The request can't be read. See the API documentation for its form.",
    ),
    401: (
        "unauthenticated",
        "Kirim token API yang berlaku pada header: Authorization: Bearer pkd_…",
        "Send a valid API token in the header: Authorization: Bearer pkd_…",
    ),
    403: (
        "forbidden",
        "Token ini tidak memiliki peran untuk tindakan ini.",
        "This token has no role for this action.",
    ),
    404: ("not_found", NotFound().message, NotFound().message_en),
    405: (
        "method_not_allowed",
        "Metode ini tidak tersedia pada alamat ini; lihat header Allow.",
        "This address doesn't take this method; see the Allow header.",
    ),
    413: (
        "too_large",
        "Kiriman melebihi batas, atau terlalu banyak bagiannya. Tidak ada yang disimpan.",
        "The body is over the limit, or has too many parts. Nothing was kept.",
    ),
    415: (
        "unsupported_media_type",
        "Jenis isi tidak diterima; kirim application/json, atau multipart/form-data untuk berkas.",
        "This content type isn't taken; send application/json, or multipart/form-data for files.",
    ),
    422: (
        "invalid",
        "Permintaan belum dapat diproses.",
        "The request can't be followed as it is.",
    ),
    429: (
        "too_many",
        "Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi.",
        "Too many requests. Wait a moment, then try again.",
    ),
    500: (
        "internal",
        "Kesalahan pada portal, bukan pada permintaan Anda. Sebutkan request_id kepada pengelola.",
        "A fault of the portal, not of your request. Tell its keeper the request_id.",
    ),
}


def answer(error: Exception) -> Response:
    """The answer for any exception that a route or a check raised."""
    if isinstance(error, ServiceError):
        return _of_service(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    logs.get("api").error("request failed", exc_info=error)
    return refusal(500, *SAID[500])


def refusal(
    status: int,
    code: str,
    message: str,
    message_en: str,
    fields: Fields | None = None,
    headers: Headers = (),
) -> Response:
    """An answer in the one shape."""
    made = jsonify(
        {
            "error": {
                "code": code,
                "message": message,
                "message_en": message_en,
                "request_id": g.get("request_id", "-"),
                "fields": dict(fields or {}),
            }
        }
    )
    made.status_code = status
    for name, value in headers:
        made.headers[name] = value
    return made


def unfit(fields: Fields) -> Invalid:
    """The refusal of a request whose parts are missing, unknown or out of range."""
    names = ", ".join(sorted(fields))
    return Invalid(
        f"Isian berikut belum sesuai: {names}. Lihat penjelasannya pada fields.",
        f"These values can't be taken: {names}. See fields for the reasons.",
        fields={name: str(why) for name, why in fields.items()},
    )


def _of_service(error: ServiceError) -> Response:
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 400)
    wait = getattr(error, "retry_after", None)
    headers = [] if wait is None else [("Retry-After", str(wait))]
    fields: Fields = getattr(error, "fields", {})
    return refusal(status, error.code, error.message, error.message_en, fields, headers)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - werkzeug's redirect of // in a path is an exception too
        status = 404
    code, message, message_en = SAID.get(status, SAID[500 if status >= 500 else 400])  # noqa: PLR2004
    if isinstance(error, RequestEntityTooLarge) and (limit := g.get("body_limit")):
        message += f" Batasnya {limit:,} byte.".replace(",", ".")
        message_en += f" The limit is {limit:,} bytes."
    kept = [(n, v) for n, v in error.get_headers() if n != "Content-Type"]  # Allow, Retry-After …
    return refusal(status, code, message, message_en, headers=kept)
