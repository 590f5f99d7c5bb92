"""Bukti: receipt and record of the decision as PDF, and notices to the people concerned."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hr_portal.services import papers, results
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.framed import PDF
from hr_portal.web.i18n import said
from hr_portal.web.sending import stream

blueprint = Blueprint("papers", __name__)


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
    number = results.batch_view(portal(), actor(), batch_id).number
    span = f"{first}" if first == last else f"{first}-{last}"
    return stream(iter([pdf]), PDF, f"pemberitahuan-{number}-baris-{span}.pdf")


def _page(batch_id: str, problem: str = "") -> str | Response:
    batch = results.batch_view(portal(), actor(), batch_id)
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
        problem=problem,
        typed=request.args.get("dari", ""),
    )
