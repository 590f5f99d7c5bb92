"""What a service may refuse, each with the sentence its caller shows.

`web` and `api` map them to statuses: NotFound 404, Forbidden 403, Conflict 409,
Gone 410, Invalid 422, TooLarge 413, TooMany 429, NoRoom 507. Messages are in both languages.
"""

import errno
import sys
from collections.abc import Mapping

from sqlalchemy.exc import OperationalError


class ServiceError(Exception):
    """A refusal with a stable code and a sentence in both languages."""

    code = "refused"

    def __init__(self, message: str, message_en: str, *, code: str | None = None) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.message = message
        self.message_en = message_en


class NotFound(ServiceError):  # noqa: N818 - named as what the caller is told
    """No such thing, or not this actor's: both answer alike."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__(
            "Halaman atau data ini tidak ada, atau bukan milik perusahaan atau kantor cabang Anda.",
            "This page or record does not exist, or does not belong to your company or branch.",
        )


class Gone(ServiceError):  # noqa: N818 - named as what the caller is told
    """It was good once, and is so no longer."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__(
            "Tautan ini sudah dipakai atau sudah lewat 24 jam.",
            "This link was used before, or is older than 24 hours.",
        )


class Forbidden(ServiceError):  # noqa: N818 - named as what the caller is told
    """The actor may see it, but not do this; the sentence says why."""

    code = "forbidden"


class Conflict(ServiceError):  # noqa: N818 - named as what the caller is told
    """Somebody else was first, or the state no longer allows it."""

    code = "conflict"

    def __init__(
        self,
        message: str,
        message_en: str,
        *,
        code: str | None = None,
        fields: dict[str, str | int] | None = None,
    ) -> None:
        super().__init__(message, message_en, code=code)
        self.fields = fields or {}


class Invalid(ServiceError):  # noqa: N818 - named as what the caller is told
    """The request can't be followed as it is; `fields` names what to mend.

    What stands in it is shown beside a field: a `Told` there is shown in either language.
    """

    code = "invalid"

    def __init__(
        self,
        message: str,
        message_en: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, message_en, code=code)
        self.fields = dict(fields or {})


class TooLarge(ServiceError):  # noqa: N818 - named as what the caller is told
    """The body or file is over a limit, which the sentence names."""

    code = "too_large"


class TooMany(ServiceError):  # noqa: N818 - named as what the caller is told
    """Too many tries; `retry_after` says in how many seconds to go on."""

    code = "too_many"

    def __init__(self, message: str, message_en: str, *, retry_after: int) -> None:
        super().__init__(message, message_en)
        self.retry_after = retry_after


class NoRoom(ServiceError):  # noqa: N818 - named as what the caller is told
    """The disk of the portal is full; what was acknowledged before is safe."""

    code = "no_room"

    def __init__(self) -> None:
        super().__init__(
            "Ruang penyimpanan portal penuh, jadi kiriman ini tidak disimpan. Yang sudah diterima tetap "
            "aman. Hubungi pengelola portal, lalu kirim lagi.",
            "The portal's disk is full, so this was not kept. What was accepted before is safe. Tell the "
            "portal's keeper, then send it again.",
        )


class Busy(ServiceError):  # noqa: N818 - named as what the caller is told
    """Somebody else holds what is to be written for too long; nothing of this was kept."""

    code = "busy"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "Portal sedang sibuk, jadi permintaan ini belum diproses dan tidak ada yang berubah. "
            "Tunggu beberapa detik, lalu ulangi.",
            "The portal is busy, so this was not done and nothing has changed. Wait a few seconds, "
            "then repeat it.",
        )


class Faulty(ServiceError):  # noqa: N818 - named as what the caller is told
    """The disk or the database doesn't do what it is told; nothing of this was kept."""

    code = "storage"
    retry_after = 30

    def __init__(self) -> None:
        super().__init__(
            "Penyimpanan portal sedang terganggu, jadi permintaan ini tidak disimpan. Yang sudah "
            "diterima tetap aman. Ulangi sebentar lagi; jika tetap gagal, hubungi pengelola portal.",
            "The portal's storage has a fault, so this was not kept. What was accepted before is "
            "safe. Repeat it in a moment; if it keeps failing, tell the portal's keeper.",
        )


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAULTY = frozenset({errno.EIO, errno.EROFS, errno.ESTALE, errno.ENODEV})
_LOCKED_POSTGRESQL = frozenset({"55P03", "40P01"})
"""lock_not_available, deadlock_detected."""
_AWAY_POSTGRESQL = ("08", "57P", "58", "53")
"""No connection, the server is ended or begins, its system fails, it has no more to give."""
_POSTGRESQL_FULL = "53100"


def is_no_room(error: BaseException | None) -> bool:
    """Say whether a failure comes from a disk that is full, the database's or the files'."""
    while error is not None:
        cause = getattr(error, "orig", None) or error.__cause__
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL_FULL:
            return True
        if getattr(error, "sqlite_errorname", None) == "SQLITE_FULL":
            return True
        error = cause
    return False


def _is_fault(error: BaseException, state: str, name: str) -> bool:
    """Say whether one failure is of a disk or of a database that can't be reached."""
    if state.startswith(_AWAY_POSTGRESQL) or getattr(error, "connection_invalidated", False):
        return True
    if isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") is None:
        return True  # the driver's own word: it came to no connection
    if isinstance(error, OSError) and error.errno in _FAULTY:
        return True
    return name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"))


def fault_told(error: BaseException | None) -> ServiceError | None:
    """Return what a caller is told of a failure of disk or database; None: it is our own fault."""
    if is_no_room(error):
        return NoRoom()
    while error is not None:
        state = str(getattr(error, "sqlstate", None) or "")
        name = str(getattr(error, "sqlite_errorname", None) or "")
        if state in _LOCKED_POSTGRESQL or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Busy()
        if _is_fault(error, state, name):
            return Faulty()
        within = getattr(error, "original_exception", None)  # as Flask wraps what it can't answer
        error = within or getattr(error, "orig", None) or error.__cause__
    return None


def may_have_been_kept() -> bool:
    """Say of the failure that is being handled whether its commit may have gone through after all.

    One that SQLite called failed for an I/O error stands in its log, where the next start may find
    it; a server whose connection broke may have had the word, and not have answered.
    """
    return isinstance(fault_told(sys.exception()), Faulty)
