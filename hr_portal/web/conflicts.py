"""Two at once: who came second reads who decided what, and keeps what they typed."""

from flask import g, render_template, request

from hr_portal.domain.permissions import may
from hr_portal.services import batch_views, changes, queues
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Conflict, ServiceError
from hr_portal.web.access import actor
from hr_portal.web.current import portal
from hr_portal.web.i18n import said

TYPED = ("reason", "note")
"""Form fields that hold words of the reviewer's own."""


def too_late(batch_id: str, error: Conflict) -> str:
    """The page for an act on a batch that is no longer what it was."""
    batch: BatchView | None = None
    decision = None
    waits, reviews = False, may(actor(), "branch.queue")
    try:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        decision = (
            changes.latest_decision(portal(), actor(), batch_id) if batch.decided_at else None
        )
        g.zone = batch.timezone
        waits = reviews and queues.next_for(portal(), actor()) is not None
    except ServiceError:
        batch = None  # withdrawn: it is the company's draft again, and no longer ours to see
    return render_template(
        "queue/too_late.html",
        message=said(error.message, error.message_en),
        batch=batch,
        decision=decision,
        is_mine=batch is not None
        and batch.state == "in_review"
        and batch.reviewer_id == actor().user_id,
        waits=waits,
        reviews=reviews,
        typed=[request.form[name] for name in TYPED if request.form.get(name, "").strip()],
    )
