"""Antrean: what waits at the reviewer's branches, the oldest first, and taking the next."""

from typing import Final, Literal

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import queues, results, review
from hr_portal.services.errors import Conflict, NotFound
from hr_portal.services.queues import QueueEntry
from hr_portal.services.results import Page
from hr_portal.web.access import actor, needs
from hr_portal.web.clocks import clock_of, clock_state
from hr_portal.web.conflicts import too_late
from hr_portal.web.current import portal
from hr_portal.web.paging import page_number, view_of

blueprint = Blueprint("queue", __name__)

PER_PAGE: Final = 25
TRIES: Final = 5
"""How often "the next" is looked for while others take what was found."""


@blueprint.get("/antrean")
@needs("branch.queue")
def index() -> str:
    """What waits: everything, or what this reviewer has in hand."""
    return _page("mine" if request.args.get("tampil") == "saya" else "open")


@blueprint.get("/keputusan")
@needs("branch.queue")
def decided() -> str:
    """What was decided at the reviewer's branches, the latest first."""
    return _page("done")


@blueprint.post("/antrean/berikutnya")
@needs("branch.queue")
def take_next() -> AnyResponse:
    """Takes the oldest batch that this reviewer may take; of two at once, each gets another."""
    for _try in range(TRIES):
        batch_id = queues.next_for(portal(), actor())
        if batch_id is None:
            break
        try:
            review.take(portal(), actor(), batch_id)
        except Conflict:
            continue
        return redirect(url_for("workbench.open_batch", batch_id=batch_id))
    flash(_("Tidak ada pengajuan yang dapat Anda ambil saat ini."), "hint")
    return redirect(url_for("queue.index"))


@blueprint.post("/antrean/<batch_id>/ambil")
@needs("batch.review")
def take(batch_id: str) -> Response | AnyResponse:
    """Takes one batch; who comes second is told who has it."""
    try:
        review.take(portal(), actor(), batch_id)
    except Conflict as error:
        return make_response(too_late(batch_id, error), 409)
    except NotFound:  # withdrawn meanwhile, or never there: both answer alike
        return make_response(too_late(batch_id, _not_in_queue()), 404)
    return redirect(url_for("workbench.open_batch", batch_id=batch_id))


def _not_in_queue() -> Conflict:
    return Conflict(
        "Pengajuan ini tidak ada dalam antrean Anda; HRD mungkin sudah menariknya kembali.",
        "This submission is not in your queue; HR may have withdrawn it.",
    )


def _page(state: Literal["open", "mine", "done"]) -> str:
    number = page_number()
    found, total = queues.queue(portal(), actor(), state=state, page=number, per_page=PER_PAGE)
    counts = {
        name: total if name == state else queues.queue(portal(), actor(), state=name, per_page=1)[1]
        for name in ("open", "mine", "done")
    }
    mine = queues.queue(portal(), actor(), state="mine", per_page=1)[0]
    following = queues.next_for(portal(), actor()) if state != "done" else None
    if len({entry.timezone for entry in found}) == 1:
        g.zone = found[0].timezone
    return render_template(
        "queue/index.html",
        entries=[(entry, _clock(entry)) for entry in found],
        page=view_of(Page(found, number, PER_PAGE, total)),
        state=state,
        counts=counts,
        mine=mine[0] if mine else None,
        following=results.batch_view(portal(), actor(), following) if following else None,
        many_branches=len(actor().branches) > 1,
    )


def _clock(entry: QueueEntry) -> object:
    return clock_state(clock_of(entry.submitted_at, entry.timezone))
