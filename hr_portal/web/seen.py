"""When the page was made that a form was sent from: what came after it was not seen."""

import datetime as dt

from flask import request


def page_seen_at() -> dt.datetime | None:
    """The moment that the form names; None where it names none that can be told in UTC."""
    return moment_of(request.form.get("seen", ""))


def moment_of(text: str, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """A moment written in ISO 8601, in UTC; without an offset it is in `zone`, or no moment."""
    try:
        at = dt.datetime.fromisoformat(text)
        at = at if at.tzinfo or zone is None else at.replace(tzinfo=zone)
        return at.astimezone(dt.UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
