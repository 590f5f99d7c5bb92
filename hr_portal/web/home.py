"""The first page after signing in: what waits for me first."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, memberships, paging, submission
from hr_portal.services.batch_views import BatchView
from hr_portal.web.access import OPEN, SIGNED_IN, actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.layout import BATCH_STATES, REFUSED, State
from hr_portal.web.words import NextStep, batch_title, mend_rows, next_step, page_of, shown_state

blueprint = Blueprint("home", __name__)

MOST_SHOWN: Final = 10
AT_BRANCH: Final = ("submitted", "in_review")
DONE: Final = ("approved", "partly_approved", "rejected", "forwarded", "completed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that waits for HRD: what it is, how it stands, what to do."""

    batch: BatchView
    title: str
    state: State
    step: NextStep
    why: str


@blueprint.get("/")
@needs(SIGNED_IN)
def start() -> str | Response:
    """Home of HRD; a reviewer begins with the queue, an admin with the companies."""
    who = actor()
    if not who.companies and who.branches:
        return redirect(url_for("queue.index"))
    if not who.companies:
        return redirect(url_for("admin.companies" if who.is_admin else "account.show"))
    drafts = _some(("draft",))
    returned = _some(("returned",))
    reading = [one for one in drafts.items if one.revision.state in {"received", "reading"}]
    waiting = [_returned(batch) for batch in returned.items]
    waiting += sorted((_draft(one) for one in drafts.items if one not in reading), key=_urgency)
    at_branch, done = _some(AT_BRANCH), _some(DONE)
    return render_template(
        "home/start.html",
        first=waiting[0] if waiting else None,
        waiting=waiting[1:],
        waiting_total=drafts.total + returned.total - len(reading),
        reading=reading,
        at_branch=at_branch,
        done=done,
        company_id=min(who.companies),
        offers=len(memberships.waiting(portal(), who)),
        batch_title=batch_title,
        shown_state=shown_state,
        page_of=page_of,
    )


@blueprint.get("/pelindungan-data")
@needs(OPEN)
def privacy() -> str:
    """What the portal keeps of people's data, and how."""
    return render_template("home/privacy.html")


def _some(states: tuple[str, ...]) -> paging.Page[BatchView]:
    return batch_views.list_batches(portal(), actor(), states=states, per_page=MOST_SHOWN)


def _returned(batch: BatchView) -> Waiting:
    return Waiting(
        batch,
        batch_title(batch),
        shown_state(batch),
        NextStep(mend_rows(batch), page_of("tracking.show", batch.id)),
        _(
            "Pemeriksa mengembalikan seluruh pengajuan. Baca alasannya, lalu unggah berkas yang diperbaiki."
        ),
    )


def _draft(batch: BatchView) -> Waiting:
    missing = submission.lacks(portal(), actor(), batch.id)
    state = shown_state(batch, is_ready=not missing)
    step = next_step(batch, missing)
    why = _("Semua syarat sudah lengkap.")
    if batch.parent_number and batch.is_split_off:
        why = _("Dipisah dari %(number)s.", number=batch.parent_number)
    elif batch.is_refused:
        why = _("Ditolak kantor cabang pada %(number)s.", number=batch.parent_number)
    elif batch.parent_number:
        why = _("Dikembalikan pemeriksa dari %(number)s.", number=batch.parent_number)
    elif missing:
        why = said(missing[0].message, missing[0].message_en)
    if batch.parent_id and not batch.is_split_off and missing:
        # What keeps these rows from being approved stands in the reviewer's or agency's reasons.
        state = REFUSED if batch.is_refused else BATCH_STATES["returned"]
        step = NextStep(mend_rows(batch), page_of("tracking.show", batch.id))
    return Waiting(batch, batch_title(batch), state, step, why)


def _urgency(waiting: Waiting) -> int:
    """Rows that came back first, then what can be sent, then what is to be mended."""
    if waiting.batch.parent_id and not waiting.batch.is_split_off:
        return 0
    return 1 if waiting.state.tone == "ok" else 2
