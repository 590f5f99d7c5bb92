"""Submissions: the list, a new one, its progress, and the next revision of one."""

import datetime as dt
from typing import Any, BinaryIO, Final, get_args

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hr_portal.adapters.spreadsheets.kinds import ACCEPTED
from hr_portal.adapters.spreadsheets.template import make_template
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import title
from hr_portal.domain.table import Layout
from hr_portal.services import (
    batch_views,
    intake,
    mending,
    places,
    recognition,
    resembling,
    scanning,
    templates,
    twins,
)
from hr_portal.services.batch_views import BatchView, RevisionView
from hr_portal.services.errors import Invalid, ServiceError, TooLarge
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import language, said
from hr_portal.web.layout import SEVERITIES, form_key
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.security import takes_upload
from hr_portal.web.sending import workbook
from hr_portal.web.words import batch_title, field_label, page_of, shown_state

blueprint = Blueprint("batches", __name__)

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "draf": ("draft",),
    "diajukan": ("submitted", "in_review"),
    "dikembalikan": ("returned",),
    "selesai": ("approved", "partly_approved", "rejected", "forwarded", "completed"),
    "dibatalkan": ("cancelled",),
}
"""Tabs of the list; together they hold every state once."""

POLL_SECONDS: Final = 1
MOST_PREVIEWED: Final = 5
"""Rules that the progress page tells of while a large file is being read."""

TEMPLATE_NAMES: Final[dict[Layout, str]] = {
    "per-correction": "templat-satu-baris-satu-koreksi",
    "per-employee": "templat-satu-baris-satu-karyawan",
}
"""What a template is called where it is saved: as the page calls it."""


@blueprint.get("/pengajuan")
@needs("batch.create")
def index() -> str:
    """All submissions of the actor's companies, the last edited first."""
    group = request.args.get("status", "")
    states = GROUPS.get(group, ())
    found = batch_views.list_batches(portal(), actor(), states=states, page=page_number())
    counts = {
        name: batch_views.list_batches(portal(), actor(), states=held, per_page=1).total
        for name, held in GROUPS.items()
    }
    return render_template(
        "batches/index.html",
        batches=found.items,
        page=view_of(found),
        group=group if group in GROUPS else "",
        counts=counts,
        total=sum(counts.values()),
        batch_title=batch_title,
        shown_state=shown_state,
    )


@blueprint.get("/pengajuan/baru")
@needs("batch.create")
def new() -> str:
    """The form of a new submission, with company and branch filled in."""
    return _form()


@blueprint.post("/pengajuan/baru")
@needs("batch.create")
@takes_upload(lambda settings: settings.max_upload_bytes)
def create() -> str | Response | tuple[str, int]:
    """Takes the file in and shows how its check goes on."""
    form = request.form
    try:
        stream, name = _sent_file()
        taken, marked = recognition.take_in(
            portal(),
            actor(),
            stream,
            name,
            company_id=form.get("company") or None,
            branch_id=form.get("branch") or None,
            layout=form.get("layout") or "auto",
            idempotency_key=form.get("idempotency_key") or None,
            change_received_on=_day(form.get("received", "")),
        )
    except (Invalid, TooLarge) as error:
        return _form(problem=said(error.message, error.message_en)), _status(error)
    if marked is not None and marked.id != taken.batch_id:
        flash(
            _(
                "Berkas ini berasal dari %(number)s, yang tidak dapat diubah lagi atau milik perusahaan "
                "lain yang Anda wakili, jadi menjadi pengajuan baru.",
                number=marked.number,
            ),
            "hint",
        )
    return redirect(url_for("batches.show", batch_id=taken.batch_id))


@blueprint.get("/pengajuan/<batch_id>")
@needs("batch.read")
def show(batch_id: str) -> str | Response:
    """Where a submission stands: being read, unreadable, a draft to mend, or under way."""
    batch = _batch(batch_id)
    if batch.revision.state in {"received", "reading"}:
        known = twins.twins(portal(), actor(), batch_id)
        return render_template("batches/reading.html", batch=batch, twins=known, **_progress(batch))
    if batch.revision.state == "asking":
        return redirect(url_for("columns.show", batch_id=batch_id))
    if batch.revision.state == "unreadable":
        return render_template("batches/unreadable.html", batch=batch)
    endpoint = "results.show" if batch.state in {"draft", "cancelled"} else "tracking.show"
    target = page_of(endpoint, batch_id)
    if target == url_for("batches.show", batch_id=batch_id):
        target = url_for("results.show", batch_id=batch_id)
    return redirect(target)


@blueprint.get("/pengajuan/<batch_id>/kemajuan")
@needs("batch.read")
def progress(batch_id: str) -> Response:
    """The progress panel as it stands now; once the check is over, the way to its result."""
    batch = _batch(batch_id)
    if batch.revision.state in {"received", "reading"}:
        return make_response(
            render_template("batches/_progress.html", batch=batch, **_progress(batch))
        )
    answer = make_response("")
    answer.headers["HX-Redirect"] = url_for("batches.show", batch_id=batch_id)
    return answer


@blueprint.get("/pengajuan/<batch_id>/unggah-ulang")
@needs("batch.edit")
def again(batch_id: str) -> str | Response:
    """The form of the next revision; a locked submission leads to where it stands."""
    batch = _batch(batch_id)
    if not may_upload(batch):
        return redirect(url_for("batches.show", batch_id=batch_id))
    return _again(batch)


@blueprint.post("/pengajuan/<batch_id>/unggah-ulang")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_upload_bytes)
def upload_again(batch_id: str) -> str | Response | tuple[str, int]:
    """Takes the mended file in as the next revision."""
    form = request.form
    try:
        stream, name = _sent_file()
        marked = recognition.marked_batch(portal(), actor(), stream, name)
        taken = intake.add_revision(
            portal(),
            actor(),
            batch_id,
            stream,
            name,
            version=form.get("version", type=int),
            idempotency_key=form.get("idempotency_key") or None,
        )
    except (Invalid, TooLarge) as error:
        return _again(_batch(batch_id), said(error.message, error.message_en)), _status(error)
    if marked is not None and marked.id != batch_id:
        flash(
            _(
                "Berkas ini berasal dari %(number)s; Anda mengunggahnya sebagai revisi %(revision)s dari "
                "%(here)s. Bila keliru, unggah berkas yang benar.",
                number=marked.number,
                revision=taken.revision,
                here=taken.number,
            ),
            "warn",
        )
    return redirect(url_for("batches.show", batch_id=batch_id))


@blueprint.post("/pengajuan/<batch_id>/pisahkan")
@needs("batch.edit")
def separate(batch_id: str) -> Response:
    """Makes a submission of its own of a revision that was recognised."""
    taken = recognition.make_separate(
        portal(), actor(), batch_id, version=request.form.get("version", type=int)
    )
    flash(_("Berkas ini sekarang pengajuan baru, %(number)s.", number=taken.number), "ok")
    return redirect(url_for("batches.show", batch_id=taken.batch_id))


@blueprint.post("/pengajuan/<batch_id>/asal-berkas")
@needs("batch.edit")
def settle_origin(batch_id: str) -> Response:
    """Takes the word of HRD on a file that seems to mend an open submission."""
    if request.form.get("answer") != "revision":
        resembling.keep_separate(portal(), actor(), batch_id)
        return redirect(url_for("batches.show", batch_id=batch_id))
    taken = resembling.make_revision(
        portal(), actor(), batch_id, version=request.form.get("version", type=int)
    )
    flash(
        _(
            "Berkas ini sekarang revisi %(revision)s dari %(number)s.",
            revision=taken.revision,
            number=taken.number,
        ),
        "ok",
    )
    return redirect(url_for("batches.show", batch_id=taken.batch_id))


@blueprint.post("/pengajuan/<batch_id>/batalkan")
@needs("batch.edit")
def cancel(batch_id: str) -> Response:
    """Cancels a draft."""
    intake.cancel_batch(portal(), actor(), batch_id, version=request.form.get("version", type=int))
    return redirect(url_for("batches.index"))


def may_upload(batch: BatchView) -> bool:
    """Whether this actor may put a next revision to the batch now."""
    return batch.company_id in actor().companies and batch.state in {"draft", "returned"}


def _batch(batch_id: str) -> BatchView:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return batch


def _form(problem: str = "") -> str:
    companies = places.companies(portal(), actor())
    sent = request.form
    chosen = {
        "company": sent.get("company", ""),
        "branch": sent.get("branch") or (companies[0].default_branch_id if companies else ""),
        "layout": sent.get("layout", "auto"),
        "received": sent.get("received", ""),
    }
    return render_template(
        "batches/create.html",
        companies=companies,
        branches=places.branches(portal()),
        chosen=chosen,
        # A form shown again after a refusal keeps its key: nothing was made with it.
        key=sent.get("idempotency_key") or form_key(),
        problem=problem,
        **_limits(),
    )


def _again(batch: BatchView, problem: str = "") -> str:
    return render_template(
        "batches/again.html",
        act_count=mending.latest(portal(), actor(), batch.id)[1],
        batch=batch,
        key=request.form.get("idempotency_key") or form_key(),
        problem=problem,
        **_limits(),
    )


def _limits() -> dict[str, Any]:
    settings = portal().settings
    return {
        "accept": ",".join(ACCEPTED),
        "max_bytes": settings.max_upload_bytes,
        "max_rows": settings.max_rows,
    }


def _sent_file() -> tuple[BinaryIO, str]:
    """The uploaded file and its name. Raises Invalid where none was chosen."""
    sent: FileStorage | None = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(
            "Belum ada berkas yang dipilih. Pilih buku kerja (.xlsx, .xls, .ods) atau teks (.csv, "
            ".tsv, .txt).",
            "No file was chosen. Choose a workbook (.xlsx, .xls, .ods) or text (.csv, .tsv, .txt).",
            fields={"file": "Wajib dipilih"},
        )
    stream: Any = sent.stream
    return stream, sent.filename


def _day(text: str) -> dt.date | None:
    """A date of a form. Raises Invalid where it is none."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "Tanggal permintaan tidak dikenali. Pilih tanggal dari kalender.",
            "The date of the request was not recognised. Choose it from the calendar.",
            fields={"received": "Bukan tanggal"},
        ) from None


def _status(error: ServiceError) -> int:
    return 413 if isinstance(error, TooLarge) else 422


def _progress(batch: BatchView) -> dict[str, Any]:
    """How far the check is: rows done and in all, and about how many seconds more."""
    done, total = batch.revision.progress_done, batch.revision.progress_total
    seconds = None
    if 0 < done < total:
        passed = (portal().clock() - batch.revision.uploaded_at).total_seconds()
        seconds = max(1, round(passed * (total - done) / done))
    return {
        "done": done,
        "rows": total,
        "seconds": seconds,
        "poll": POLL_SECONDS,
        "preview": _preview(batch.revision),
        "paused": scanning.is_reading_paused(portal(), batch.revision.id),
    }


def _preview(revision: RevisionView) -> dict[str, Any] | None:
    """What the first rows say so far: their counts, and the gravest rules with their words."""
    found = revision.preview
    if found is None:
        return None
    return {
        **found,
        "rules": [
            {
                **one,
                "state": SEVERITIES[Severity(one["severity"]).json],
                "title": title(one["code"], one["case"], language()),
                "label": field_label(one["field"]) if one["field"] else "",
            }
            for one in found["summary"][:MOST_PREVIEWED]
        ],
    }


@blueprint.post("/templat/terisi")
@needs("batch.create", fresh="batches.new")
def filled_template() -> Response | tuple[str, int]:
    """The template with the employees of a company's last submission; taking it is an act."""
    form = request.form
    layout = next((one for one in get_args(Layout) if one == form.get("layout")), None)
    if layout is None:
        raise NotFound
    try:
        made = templates.filled_template(portal(), actor(), form.get("company", ""), layout)
    except Invalid as error:
        return _form(problem=said(error.message, error.message_en)), _status(error)
    return workbook(made, f"{TEMPLATE_NAMES[layout]}-terisi.xlsx")


@blueprint.get("/templat/<layout>.xlsx")
@needs("batch.create")
def template(layout: str) -> Response:
    """The empty workbook of a layout, ready to fill in. Raises NotFound for another layout."""
    known = next((one for one in get_args(Layout) if one == layout), None)
    if known is None:
        raise NotFound
    return workbook(make_template(known), f"{TEMPLATE_NAMES[known]}.xlsx")
