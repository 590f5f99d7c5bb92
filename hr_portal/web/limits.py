"""Which requests are counted against how often they may be made, of pages and of the interface."""

from typing import Final

from flask import Flask, g, request
from flask_login import current_user

from hr_portal.domain.permissions import Actor
from hr_portal.services import limits
from hr_portal.web.access import is_for_machines
from hr_portal.web.current import portal
from hr_portal.web.security import file_limit, is_signed_in

EXPORTS: Final = frozenset({
    "results.download", "outlets.download", "numbers.download", "figures.download",
    "papers.download", "papers.notice_file", "papers.all_notices", "person_trail.make", "incidents.export",
    "audit.export", "company.sample",
})  # fmt: skip
"""What is made when asked for, and takes a process of its own or reads many rows."""

SEARCHES: Final = {
    "queue.find_person": None, "queue.index": "cari", "results.show": "cari", "mending.replace": "cari",
}  # fmt: skip
"""What looks a number or a text up, and the field that holds it; None: nothing else is asked there.

Who tries number after number, or opens every block of rows again and again, is slowed down.
"""


def count() -> None:
    """Counts this request where it costs much; raises TooMany above the limit."""
    actor, kind = _caller(), _kind()
    if actor is not None and kind is not None:
        limits.count(portal(), actor, kind, address=request.remote_addr or "")


def _caller() -> Actor | None:
    """Who has passed the guard; nobody on addresses that are open to all."""
    if is_for_machines():
        caller: Actor | None = g.get("api_caller")
        return caller
    return current_user.actor if is_signed_in() else None


def _kind() -> limits.Kind | None:
    if request.endpoint in EXPORTS:  # first: a sample takes a logo along
        return "exports"
    if request.endpoint in SEARCHES:
        name = SEARCHES[request.endpoint]
        return "searches" if name is None or request.values.get(name, "").strip() else None
    largest = file_limit()
    if largest is not None:
        # a sheet or an archive is work for minutes; scans come by the hundred, a file a request
        is_large = largest >= portal().settings.max_upload_bytes
        return "uploads" if is_large else "files"
    return "calls" if is_for_machines() and request.method != "GET" else None


def init_app(app: Flask) -> None:
    """Joins the count, after the guards that know who is calling."""
    app.before_request(count)
