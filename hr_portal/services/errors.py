"""What a service may refuse, each with the sentence its caller shows.

`web` and `api` map them to statuses: NotFound 404, Forbidden 403, Conflict 409,
Invalid 422, TooLarge 413, TooMany 429. Messages are in both languages.
"""


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
    """The request can't be followed as it is; `fields` names what to mend."""

    code = "invalid"

    def __init__(
        self,
        message: str,
        message_en: str,
        *,
        code: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message, message_en, code=code)
        self.fields = fields or {}


class TooLarge(ServiceError):  # noqa: N818 - named as what the caller is told
    """The body or file is over a limit, which the sentence names."""

    code = "too_large"


class TooMany(ServiceError):  # noqa: N818 - named as what the caller is told
    """Too many tries; `retry_after` says in how many seconds to go on."""

    code = "too_many"

    def __init__(self, message: str, message_en: str, *, retry_after: int) -> None:
        super().__init__(message, message_en)
        self.retry_after = retry_after
