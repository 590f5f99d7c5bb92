"""Penerusan: approved rows as files for the agency, its answer, and the columns as data."""

import re
from typing import Any, Final

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.outlets import SOURCES, Outlet
from hr_portal.services import agency, batch_views, many_answers, outlets, review_works
from hr_portal.services.errors import Conflict, Invalid, TooLarge
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.formatting import number
from hr_portal.web.i18n import language, said
from hr_portal.web.review_works import to as to_work
from hr_portal.web.security import takes_upload
from hr_portal.web.sending import stream
from hr_portal.web.words import answered_told

blueprint = Blueprint("outlets", __name__)

ACCEPTED: Final = ".xlsx,.xls,.ods,.csv,.tsv,.txt"
MOST_SHOWN: Final = 200
"""Refused corrections that the page lists one by one."""


@blueprint.get("/pengajuan/<batch_id>/penerusan")
@needs("batch.review")
def show(batch_id: str) -> str:
    """What can be given out, what was, and the agency's answer."""
    return _page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/penerusan")
@needs("batch.review")
def hand_over(batch_id: str) -> AnyResponse | tuple[str, int]:
    """Gives the approved rows out by one outlet; very many of them by a worker."""
    outlet, version = request.form.get("outlet", ""), request.form.get("version", type=int)
    try:
        work = outlets.ask(portal(), actor(), batch_id, outlet, version=version)
        if work is not None:
            return to_work(batch_id, work)
        made = outlets.hand_over(portal(), actor(), batch_id, outlet, version=version)
    except (Conflict, Invalid) as error:
        return _page(batch_id, said(error.message, error.message_en)), status_of(error)
    flash(
        ngettext("%(count)s koreksi diteruskan dalam bentuk %(name)s. Berkasnya siap diunduh.",
                 "%(count)s koreksi diteruskan dalam bentuk %(name)s. Berkasnya siap diunduh.",
                 made.rows, count=number(made.rows), name=made.label),
        "ok",
    )  # fmt: skip
    return redirect(url_for("outlets.show", batch_id=batch_id))


@blueprint.get("/pengajuan/<batch_id>/penerusan/<int:part>/berkas")
@needs("batch.review", fresh="outlets.show")
def download(batch_id: str, part: int) -> Response:
    """A kept file, as it was given out."""
    name, media_type, chunks = outlets.open_file(portal(), actor(), batch_id, part)
    return stream(chunks, media_type, name)


@blueprint.post("/pengajuan/<batch_id>/jawaban-cabang")
@needs("batch.review")
@takes_upload(lambda _settings: agency.MOST_BYTES)
def take_answer(batch_id: str) -> AnyResponse | tuple[str, int]:
    """Records the agency's answer from a file; a large one by a worker."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(batch_id, answer_problem=_("Pilih berkas jawaban terlebih dahulu.")), 422
    sent: Any = file.stream
    version = request.form.get("version", type=int)
    try:
        work = many_answers.ask_answer(
            portal(), actor(), batch_id, sent, file.filename, version=version
        )
        if work is not None:
            return to_work(batch_id, work)
        done = agency.take_answer(
            portal(), actor(), batch_id, sent, file.filename, version=version
        )  # fmt: skip
    except (Conflict, Invalid, TooLarge) as error:
        told = said(error.message, error.message_en)
        return _page(batch_id, answer_problem=told), status_of(error)
    flash(answered_told(done.accepted, done.refused, done.waiting, done.child_number), "ok")
    return redirect(url_for("outlets.show", batch_id=batch_id))


def _page(batch_id: str, problem: str = "", answer_problem: str = "") -> str:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    handed = outlets.handed_over(portal(), actor(), batch_id)
    known = {one.outlet for one in handed}
    return render_template(
        "outlets/show.html",
        batch=batch,
        offers=[
            one
            for one in outlets.offers(portal(), actor(), batch_id)
            if one.outlet.key not in known
        ],
        handed=handed,
        work=review_works.running(portal(), actor(), batch_id),
        standing=agency.standing(portal(), actor(), batch_id),
        accepted=ACCEPTED,
        most_bytes=agency.MOST_BYTES,
        most_shown=MOST_SHOWN,
        label=_label,
        problem=problem,
        answer_problem=answer_problem,
    )


def _label(outlet: Outlet) -> str:
    return outlet.label_en if language() == "en" else outlet.label


# --- the columns, as data -------------------------------------------------------------------------


@blueprint.get("/admin/saluran")
@needs("installation.manage")
def index() -> str:
    """All outlets with their columns."""
    return render_template("admin/outlets.html", outlets=outlets.listed(portal()), label=_label)


@blueprint.get("/admin/saluran/<key>")
@needs("installation.manage")
def edit(key: str) -> str | AnyResponse:
    """The form of one outlet."""
    return _form(key)


@blueprint.post("/admin/saluran/<key>")
@needs("installation.manage")
def save(key: str) -> str | AnyResponse | tuple[str, int]:
    """Keeps the form of one outlet."""
    form = request.form
    typed = re.sub(r"[.\s]", "", form.get("rows_a_file", ""))
    try:
        outlets.change(
            portal(), actor(), key, columns=form.get("columns", ""),
            rows_a_file=int(typed) if typed.isascii() and typed.isdigit() else None,
            left_out=form.getlist("left_out"), is_confirmed=form.get("confirmed") == "ya",
        )  # fmt: skip
    except Invalid as error:
        return _form(key, said(error.message, error.message_en)), 422
    flash(_("Disimpan. Berkas yang sudah diteruskan tetap seperti semula."), "ok")
    return redirect(url_for("outlets.index"))


def _form(key: str, problem: str = "") -> str:
    outlet = outlets.one(portal(), key)
    form = request.form
    columns = "\n".join(f"{column.header} = {column.source}" for column in outlet.columns)
    return render_template(
        "admin/outlet.html",
        outlet=outlet,
        label=_label,
        sources=SOURCES,
        keys=[field.key for field in FIELDS],
        columns=form.get("columns", columns),
        rows_a_file=form.get("rows_a_file", number(outlet.rows_a_file)),
        left_out=form.getlist("left_out") if form else outlet.left_out,
        confirmed=form.get("confirmed") == "ya" if form else outlet.is_confirmed,
        problem=problem,
    )
