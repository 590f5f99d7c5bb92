"""Antrean: what waits at the reviewer's branches, the oldest first, and taking the next."""

import re
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

from hr_portal.domain.fields import FIELD, FIELDS
from hr_portal.services import handed_on, queues, review, taking
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.queue_narrowing import MOST_TEXT, SIZES, Size, Wanted
from hr_portal.services.queue_reading import BUCKETS
from hr_portal.services.queues import QueueEntry
from hr_portal.web.access import actor, needs
from hr_portal.web.clocks import clock_of, clock_state, deadline_state, law_of
from hr_portal.web.conflicts import too_late
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.masking import veil
from hr_portal.web.paging import PageView, page_number

blueprint = Blueprint("queue", __name__)

PER_PAGE: Final = 25
BUCKET_WORDS: Final = {"late": "lewat", "today": "hari-ini", "soon": "segera", "later": "nanti"}
HELD: Final[dict[str, Literal["free", "taken"]]] = {"belum-ada": "free", "ada": "taken"}
_ID: Final = re.compile("[0-9a-f]{32}")
SIZE_WORDS: Final[dict[Size, str]] = {
    "small": "kecil", "medium": "sedang", "large": "besar", "huge": "sangat-besar",
}  # fmt: skip


@blueprint.get("/antrean")
@needs("branch.queue")
def index() -> str:
    """What waits: everything, or what this reviewer has in hand; narrowed down as asked."""
    return _page("mine" if request.args.get("tampil") == "saya" else "open")


@blueprint.post("/antrean/cari")
@needs("branch.queue")
def find_person() -> str | tuple[str, int]:
    """Finds the batches of one NIK or KPJ; the number never comes into an address."""
    try:
        found = queues.find_person(portal(), actor(), request.form.get("number", ""))
    except Invalid as error:
        return _page("open", problem=said(error.message, error.message_en)), 422
    return render_template(
        "queue/found.html", entries=[(entry, _clock(entry)) for entry in found], state="all",
        many_branches=len(actor().branches) > 1, law_of=law_of,
    )  # fmt: skip


@blueprint.get("/keputusan")
@needs("branch.queue")
def decided() -> str:
    """What was decided at the reviewer's branches, the latest first."""
    return _page("done")


@blueprint.post("/antrean/berikutnya")
@needs("branch.queue")
def take_next() -> AnyResponse:
    """Takes the oldest batch that this reviewer may take; of two at once, each gets another."""
    batch_id = taking.take_next(portal(), actor())
    if batch_id is None:
        flash(_("Tidak ada pengajuan yang dapat Anda ambil saat ini."), "hint")
        return redirect(url_for("queue.index"))
    _tell_note(batch_id)
    return redirect(url_for("workbench.open_batch", batch_id=batch_id))


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
    _tell_note(batch_id)
    return redirect(url_for("workbench.open_batch", batch_id=batch_id))


def _tell_note(batch_id: str) -> None:
    """Shows what the reviewer before wrote to whoever goes on."""
    note = handed_on.note_for(portal(), actor(), batch_id)
    if note is not None:
        flash(_("Catatan dari %(name)s: “%(words)s”", name=note.by, words=veil(note.words)), "hint")


def _not_in_queue() -> Conflict:
    return Conflict(
        "Pengajuan ini tidak ada dalam antrean Anda; HRD mungkin sudah menariknya kembali.",
        "This submission is not in your queue; HR may have withdrawn it.",
    )


def _page(state: Literal["open", "mine", "done"], problem: str = "") -> str:
    number = page_number()
    wanted = _wanted() if state == "open" else Wanted()
    found, counts, mine, following, reviewers = queues.overview(
        portal(), actor(), state=state, page=number, per_page=PER_PAGE, wanted=wanted,
        after=request.args.get("sesudah", ""), before=request.args.get("sebelum", ""),
    )  # fmt: skip
    if len({entry.timezone for entry in found.entries}) == 1:
        g.zone = found.entries[0].timezone
    start = (number - 1) * PER_PAGE
    return render_template(
        "queue/index.html",
        entries=[(entry, _clock(entry)) for entry in found.entries],
        page=PageView(
            start + 1,
            start + len(found.entries),
            found.total,
            number - 1 if found.earlier and number > 1 else None,
            number + 1 if found.later else None,
        ),
        places=(found.earlier, found.later),
        state=state,
        counts=counts,
        buckets=BUCKETS,
        wanted=wanted,
        kept=_kept(wanted),
        keys=[field.key for field in FIELDS],
        sizes=[(SIZE_WORDS[size], *SIZES[size]) for size in SIZES],
        reviewers=reviewers,
        law_of=law_of,
        problem=problem,
        mine=mine,
        following=following,
        many_branches=len(actor().branches) > 1,
    )


def _wanted() -> Wanted:
    """What of the queue is asked for; a word that isn't known narrows nothing down."""
    asked = request.args
    bucket = next((one for one in BUCKETS if BUCKET_WORDS[one] == asked.get("batas")), None)
    holder = asked.get("pemeriksa", "")
    size = asked.get("ukuran", "")
    key = asked.get("data", "")
    return Wanted(
        bucket,
        asked.get("cari", "").strip()[:MOST_TEXT],
        key if key in FIELD else None,
        asked.get("temuan") == "ya",
        HELD.get(holder),
        holder if _ID.fullmatch(holder) else None,
        next((one for one, word in SIZE_WORDS.items() if word == size), None),
    )


def _kept(wanted: Wanted) -> dict[str, str]:
    """What of the address goes along from page to page."""
    told = {
        "batas": BUCKET_WORDS[wanted.bucket] if wanted.bucket else "",
        "cari": wanted.text,
        "data": wanted.field or "",
        "temuan": "ya" if wanted.with_warnings else "",
        "pemeriksa": wanted.reviewer
        or next((word for word, held in HELD.items() if held == wanted.held), ""),
        "ukuran": SIZE_WORDS[wanted.size] if wanted.size else "",
    }
    return {name: value for name, value in told.items() if value}


def _clock(entry: QueueEntry) -> object:
    if not entry.deadlines:
        return clock_state(clock_of(entry.submitted_at, entry.timezone))
    return deadline_state(entry.deadlines[0], entry.timezone)
