"""Two at once: who came second reads who decided what, and keeps what they typed."""

from flask import Response, g, make_response, render_template, request

from hr_portal.domain.permissions import may
from hr_portal.services import batch_views, changes, queues
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Conflict, Forbidden, ServiceError
from hr_portal.web.access import actor
from hr_portal.web.current import portal
from hr_portal.web.i18n import said

TYPED = ("reason", "note")
"""Form fields that hold words of the reviewer's own."""


def refused(batch_id: str, error: Conflict | Forbidden) -> Response:
    """The same with its status, for an act that came too late or is another's to do."""
    return make_response(too_late(batch_id, error), 409 if isinstance(error, Conflict) else 403)


def too_late(batch_id: str, error: Conflict | Forbidden) -> str:
    """The page for an act on a batch that is no longer what it was; HRD is told the office."""
    batch: BatchView | None = None
    decision = None
    waits, reviews = False, may(actor(), "branch.queue")
    work = error.fields.get("work") if isinstance(error, Conflict) else None
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
        is_changed=isinstance(error, Conflict) and work is None,
        work=work,
        is_office=batch is not None and batch.branch_id in actor().branches,
        is_mine=batch is not None
        and batch.state == "in_review"
        and batch.reviewer_id == actor().user_id,
        waits=waits,
        reviews=reviews,
        typed=[request.form[name] for name in TYPED if request.form.get(name, "").strip()],
    )
