"""The user's own workbook with what was found: given out, or the page on which one waits for it."""

from typing import Final

from flask import Blueprint, g, make_response, render_template
from werkzeug.wrappers import Response

from hr_portal.services import annotated, batch_views
from hr_portal.services.batch_views import BatchView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.sending import XLSX, stream
from hr_portal.web.words import file_rows

blueprint = Blueprint("annotated", __name__)

POLL_SECONDS: Final = 2


@blueprint.get("/pengajuan/<batch_id>/berkas-catatan")
@needs("batch.read", fresh="results.show")
def show(batch_id: str) -> str | Response:
    """The workbook for keeping; where a worker is still writing it, a page that says so."""
    batch = _batch(batch_id)
    state = annotated.prepare(portal(), actor(), batch_id)
    if state != "ready":
        return render_template(
            "annotated/show.html", batch=batch, about=file_rows(batch), state=state,
            percent=annotated.percent(portal(), actor(), batch_id), poll=POLL_SECONDS,
        )  # fmt: skip
    made = annotated.open_annotated(portal(), actor(), batch_id)
    return stream(made.chunks, XLSX, made.name)


@blueprint.get("/pengajuan/<batch_id>/berkas-catatan/kemajuan")
@needs("batch.read")
def progress(batch_id: str) -> Response:
    """The waiting panel as it stands now."""
    batch = _batch(batch_id)
    state = annotated.prepare(portal(), actor(), batch_id)
    return make_response(
        render_template(
            "annotated/_panel.html", batch=batch, state=state,
            percent=annotated.percent(portal(), actor(), batch_id), poll=POLL_SECONDS,
        )
    )  # fmt: skip


def _batch(batch_id: str) -> BatchView:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return batch
