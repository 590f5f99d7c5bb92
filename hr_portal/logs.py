"""Logs as JSON lines that hold no personal data, by an allow-list and not by a filter alone.

Our own events are constant sentences with named values; only the names in ALLOWED are written,
the rest is dropped and its names are listed under `dropped`. Records of libraries keep their
text only where the library is known to write nothing personal, and then without its arguments.
An exception keeps its type and the places it passed, never its message or local variables:
a database error, for one, quotes the row.
"""

import logging
import re
import secrets
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor

ALLOWED = frozenset(
    {
        # what every line has
        *("event", "level", "logger", "timestamp", "exception", "dropped"),
        # whose and where; identifiers without meaning outside the database
        *(
            "request_id",
            "reference",
            "job",
            "job_id",
            "user_id",
            "company_id",
            "branch_id",
            "batch_id",
        ),
        *("revision_id", "letter_id", "document_id", "act_id", "token_id"),
        # the request
        *("method", "route", "endpoint", "status", "duration_ms", "bytes"),
        # the work
        *("kind", "state", "action", "attempt", "attempts", "seconds", "memory_bytes", "exit_code"),
        *("code", "rows", "findings", "count", "size", "ruleset", "revision", "migration"),
        # the process
        *("pid", "port", "host", "signal", "version", "component", "setting", "module", "line"),
    }
)
# Their texts are constant; what they add to them are ports, addresses of ours and numbers.
KNOWN_LIBRARIES = ("alembic", "gunicorn", "hr_portal", "waitress")

_LONGEST = 200
_MANY_DIGITS = re.compile(r"[0-9](?:[ .\-]?[0-9]){7,}")
_IDS = ("_id", "reference")
_RANDOM_ID = re.compile(r"(?=.*[a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){2,6}")  # a NIK has no letter
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(level: str = "info") -> None:
    """Sends every logger of this process to standard error as JSON lines from `level` on."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[keep_what_is_allowed, structlog.processors.JSONRenderer(_as_json)],
        )
    )
    root = logging.getLogger()
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    for chatty in ("fontTools", "weasyprint", "PIL"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # It warns whenever a request waits for a thread, which one browser's seven at once already do.
    logging.getLogger("waitress.queue").setLevel(max(logging.ERROR, root.level))


def get(component: str) -> structlog.stdlib.BoundLogger:
    """The logger of one part of the portal, such as "worker"."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"hr_portal.{component}")
    return logger


def new_id() -> str:
    """A request id or reference: 16 signs that a person can read out."""
    return secrets.token_hex(8)


def begin(**values: object) -> None:
    """Starts a request or a piece of work: these values stand on each of its lines."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**values)


def request_id() -> str:
    """The id of the request or work that this thread is busy with, or "-"."""
    return str(structlog.contextvars.get_contextvars().get("request_id", "-"))


def keep_what_is_allowed(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> EventDict:
    """What of an event may be written; the promise of this module."""
    record: logging.LogRecord = event.pop("_record")
    is_ours = event.pop("_from_structlog")
    error = event.pop("exc_info", None) or record.exc_info
    for needless in ("stack_info", "positional_args"):
        event.pop(needless, None)
    kept = {name: _told(name, value) for name, value in event.items() if name in ALLOWED}
    if not is_ours:
        kept["event"] = _foreign_event(record)
        kept["module"], kept["line"] = record.module, record.lineno
    if dropped := sorted(str(_clean(name)) for name in event if name not in ALLOWED):
        kept["dropped"] = dropped
    if error is True:
        error = sys.exc_info()
    elif isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[1] is not None:
        kept["exception"] = describe(error[1])
    return kept


def describe(error: BaseException) -> list[dict[str, object]]:
    """An exception and its causes as types and places, without messages and values."""
    told: list[dict[str, object]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        places, step = [], current.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            module = step.tb_frame.f_globals.get("__name__", "?")
            places.append(f"{module}:{code.co_name}:{step.tb_lineno}")
            step = step.tb_next
        kind = type(current)
        told.append({"type": f"{kind.__module__}.{kind.__qualname__}", "at": places[-20:]})
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return told


def _foreign_event(record: logging.LogRecord) -> str:
    if record.name.split(".", maxsplit=1)[0] not in KNOWN_LIBRARIES:
        return "message of a library"
    return str(_clean(record.msg if isinstance(record.msg, str) else type(record.msg).__name__))


def _told(name: str, value: object) -> object:
    """A value as it may be written under its name: our own times and random ids stay whole."""
    if name == "timestamp" or (name.endswith(_IDS) and _RANDOM_ID.fullmatch(str(value))):
        return str(value)
    return _clean(value)


def _clean(value: object) -> object:
    """One line of limited length without long numbers and addresses; numbers as they are."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    text = _CONTROL.sub(" ", str(value)[:_LONGEST])
    return _ADDRESS.sub("[address]", _MANY_DIGITS.sub("[digits]", text))


def _as_json(event: EventDict, **_options: object) -> str:
    return orjson.dumps(event, default=str).decode()
