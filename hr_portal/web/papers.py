"""Bukti: receipt and record of the decision as PDF, and notices to the people concerned."""

from typing import Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, notice_bundles, papers
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.framed import PDF
from hr_portal.web.i18n import said
from hr_portal.web.sending import stream

blueprint = Blueprint("papers", __name__)

POLL_SECONDS: Final = 2
ZIP: Final = "application/zip"


@blueprint.get("/pengajuan/<batch_id>/bukti/<int:paper>")
@needs("batch.read")
def download(batch_id: str, paper: int) -> Response:
    """A receipt or a record of the decision, always the same bytes."""
    view, pdf = papers.open_paper(portal(), actor(), batch_id, paper)
    name = view.kind.replace("_", "-") + "-" + view.number.replace("/", "-") + ".pdf"
    return stream(iter([pdf]), PDF, name)


@blueprint.get("/pengajuan/<batch_id>/pemberitahuan")
@needs("batch.edit")
def notices(batch_id: str) -> str | Response:
    """Which PDFs the notices come as, and the choice of one row."""
    return _page(batch_id)


@blueprint.get("/pengajuan/<batch_id>/pemberitahuan/berkas")
@needs("batch.edit", fresh="papers.notices")
def notice_file(batch_id: str) -> str | Response | tuple[str | Response, int]:
    """The notices of some rows as one PDF."""
    first = request.args.get("dari", type=int) or 0
    last = request.args.get("sampai", type=int) or first
    try:
        pdf = papers.notices(portal(), actor(), batch_id, first, last)
    except Invalid as error:
        return _page(batch_id, said(error.message, error.message_en)), 422
    number = batch_views.batch_view(portal(), actor(), batch_id).number
    span = f"{first}" if first == last else f"{first}-{last}"
    return stream(iter([pdf]), PDF, f"pemberitahuan-{number}-baris-{span}.pdf")


@blueprint.post("/pengajuan/<batch_id>/pemberitahuan/zip")
@needs("batch.edit")
def order_notices(batch_id: str) -> Response:
    """Has the ZIP of all notices made."""
    notice_bundles.order(portal(), actor(), batch_id)
    return redirect(url_for("papers.notices", batch_id=batch_id))


@blueprint.get("/pengajuan/<batch_id>/pemberitahuan/kemajuan")
@needs("batch.edit")
def notice_progress(batch_id: str) -> str:
    """The panel of the ZIP as it stands now."""
    return render_template(
        "tracking/_bundle.html",
        batch=batch_views.batch_view(portal(), actor(), batch_id),
        bundle=notice_bundles.standing(portal(), actor(), batch_id),
        poll=POLL_SECONDS,
    )


@blueprint.get("/pengajuan/<batch_id>/pemberitahuan/semua.zip")
@needs("batch.edit", fresh="papers.notices")
def all_notices(batch_id: str) -> Response:
    """All notices, a PDF for each employee."""
    name, chunks = notice_bundles.open_bundle(portal(), actor(), batch_id)
    return stream(chunks, ZIP, name)


def _page(batch_id: str, problem: str = "") -> str | Response:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    parts = papers.notice_parts(portal(), actor(), batch_id)
    if not parts:
        return redirect(url_for("tracking.show", batch_id=batch_id))
    return render_template(
        "tracking/notices.html",
        batch=batch,
        parts=parts,
        rows=sum(part.count for part in parts),
        most=papers.NOTICES_AT_ONCE,
        bundle=notice_bundles.standing(portal(), actor(), batch_id),
        poll=POLL_SECONDS,
        problem=problem,
        typed=request.args.get("dari", ""),
    )
