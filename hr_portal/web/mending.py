"""Mending a draft: proposals seen and taken, cells typed anew, and any change undone.

Each page works as a plain form; `grid.js` does the same in the table of rows, and is
answered in JSON where it asks for it.
"""

from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from hr_portal.domain.masking import DOT
from hr_portal.services import (
    added_columns,
    batch_views,
    entering,
    long_works,
    mending,
    offers,
    replacing,
    results,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Conflict, Invalid, NotFound, ServiceError
from hr_portal.services.mending import Mended
from hr_portal.services.offers import Chosen, Offer
from hr_portal.services.replacing import Search
from hr_portal.services.row_views import CellView, RowView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.formatting import number
from hr_portal.web.grid_rows import GridRows, is_name
from hr_portal.web.i18n import language, said
from hr_portal.web.layout import SEVERITIES
from hr_portal.web.paging import finding_id
from hr_portal.web.results import act_title, filters_of
from hr_portal.web.security import safe_next
from hr_portal.web.words import field_label, file_rows

blueprint = Blueprint("mending", __name__)

LONG: Final = 6
"""Digits that no number of a column has."""
LONGEST_ROW: Final = 7
"""Digits of the last row that a sheet can have."""
MOST_LINES: Final = 10
"""Cells that a preview of a pasted block shows."""
Answer = str | Response | tuple[str, int] | tuple[Response, int]


@blueprint.get("/pengajuan/<batch_id>/usulan")
@needs("batch.edit")
def propose(batch_id: str) -> str:
    """What taking all proposals of a rule would change: semula → usulan, before anything is."""
    return _proposal_page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/usulan")
@needs("batch.edit")
def take(batch_id: str) -> Answer:
    """Takes the proposals of a rule, or of one finding (`temuan`); of many a worker looks first."""
    chosen, version = _chosen(), request.form.get("version", type=int)
    try:
        if long_works.is_large_choice(portal(), actor(), batch_id, chosen):
            asked = long_works.ask_proposals(portal(), actor(), batch_id, chosen)
            return _followed(batch_id, asked)
        done = offers.take(portal(), actor(), batch_id, chosen, version=version)
    except ServiceError as error:
        return _refused(batch_id, error)
    if _wants_json():
        return _told(done)
    if not done.cells:
        flash(_("Tidak ada sel yang perlu diubah; usulannya sudah diterapkan."), "hint")
    return _back(batch_id)


@blueprint.get("/pengajuan/<batch_id>/perubahan")
@needs("batch.read")
def changes(batch_id: str) -> str:
    """All that was changed in the portal in this revision, each with its undoing."""
    batch = _batch(batch_id)
    return render_template(
        "mending/changes.html",
        batch=batch,
        about=file_rows(batch),
        acts=mending.acts(portal(), actor(), batch_id),
        empty_column=added_columns.removable_of(portal(), actor(), batch_id),
        field_label=field_label,
        told=act_title,
    )


@blueprint.post("/pengajuan/<batch_id>/perubahan/<int:act>/batalkan")
@needs("batch.edit")
def undo(batch_id: str, act: int) -> Answer:
    """Puts the cells of a change back to what stood there before."""
    version = request.form.get("version", type=int)
    try:
        if long_works.is_large_act(portal(), actor(), batch_id, act):
            asked = long_works.ask_undo(portal(), actor(), batch_id, act, version=version)
            return _followed(batch_id, asked)
        done = mending.undo(portal(), actor(), batch_id, act, version=version)
    except Conflict as error:
        return _refused(batch_id, error)
    if _wants_json():
        return _told(done)
    flash(
        ngettext(
            "Perubahan dibatalkan: %(count)s sel kembali seperti sebelumnya.",
            "Perubahan dibatalkan: %(count)s sel kembali seperti sebelumnya.",
            done.cells,
            count=number(done.cells),
        ),
        "ok",
    )
    return _back(batch_id)


@blueprint.post("/pengajuan/<batch_id>/kolom-tambahan")
@needs("batch.edit")
def add_column(batch_id: str) -> Answer:
    """Adds a column that the file lacks, empty, and leads to the rows that need it."""
    field, version = request.form.get("kolom", ""), request.form.get("version", type=int)
    try:
        added = added_columns.add_column(portal(), actor(), batch_id, field, version=version)
    except Conflict as error:
        return _refused(batch_id, error)
    flash(
        _(
            "Kolom %(name)s ditambahkan. Ketik isinya di tabel, atau salin dari Excel dan tempel"
            " di sel pertamanya.",
            name=added.header,
        ),
        "ok",
    )
    return redirect(
        url_for(
            "results.show", batch_id=batch_id, tampil="all", aturan="REQ-01", kolom=field,
            _anchor="baris",
        )
    )  # fmt: skip


@blueprint.post("/pengajuan/<batch_id>/kolom-tambahan/batalkan")
@needs("batch.edit")
def take_column_away(batch_id: str) -> Answer:
    """Takes a column away again that was added here and is empty."""
    field, version = request.form.get("kolom", ""), request.form.get("version", type=int)
    try:
        gone = added_columns.take_away(portal(), actor(), batch_id, field, version=version)
    except Conflict as error:
        return _refused(batch_id, error)
    flash(_("Kolom %(name)s yang ditambahkan di portal sudah dibatalkan.", name=gone.header), "ok")
    return redirect(url_for("results.show", batch_id=batch_id))


@blueprint.get("/pengajuan/<batch_id>/baris/<int:row>/sel/<int:column>")
@needs("batch.edit")
def open_cell(batch_id: str, row: int, column: int) -> str:
    """One cell to type anew; a masked one is typed from nothing, or shown by a logged click."""
    return _cell_page(batch_id, row, column)


@blueprint.post("/pengajuan/<batch_id>/baris/<int:row>/sel/<int:column>")
@needs("batch.edit")
def save_cell(batch_id: str, row: int, column: int) -> Answer:
    """Saves what was typed into a cell, and checks all rows anew."""
    text, version = request.form.get("isi", ""), request.form.get("version", type=int)
    if request.form.get("kosongkan"):
        text = ""
    try:
        done = mending.edit_cells(
            portal(), actor(), batch_id, {(row, column): text}, version=version
        )
    except Invalid as error:
        if _wants_json():
            return _refused(batch_id, error)
        problem = said(error.message, error.message_en)
        return _cell_page(batch_id, row, column, typed=text, problem=problem), 422
    except ServiceError as error:
        return _refused(batch_id, error, typed=text, place=(row, column))
    if _wants_json():
        return _told(done)
    return _back(batch_id)


@blueprint.post("/pengajuan/<batch_id>/baris/<int:row>/sel/<int:column>/tampilkan")
@needs("batch.edit")
def reveal_cell(batch_id: str, row: int, column: int) -> Answer:
    """Shows what stands in a masked cell, to be mended; who looked and when is kept."""
    view = results.reveal(portal(), actor(), batch_id, row)
    cell = _cell_of(view, column)
    if _wants_json():
        return jsonify(value=cell.raw)
    return _cell_page(batch_id, row, column, typed=cell.raw)


@blueprint.get("/pengajuan/<batch_id>/baris/<int:row>/sebaris")
@needs("batch.edit")
def one_row(batch_id: str, row: int) -> str:
    """One row of the table as it stands now, for the script that has changed it."""
    asked = request.args.get("kolom_tampil", "").split(",")
    shown = {int(one) for one in asked if one.isdecimal() and len(one) < LONG}
    view = results.row_view(portal(), actor(), batch_id, row, lang=language())
    columns = [cell.column for cell in view.cells if cell.column in shown and not is_name(cell)]
    return GridRows(_batch(batch_id), columns).row(view)


@blueprint.post("/pengajuan/<batch_id>/periksa-sel")
@needs("batch.edit")
def check_cell(batch_id: str) -> Response:
    """What the rules would say of a cell as it is being typed; saves nothing."""
    form = request.form
    row, column = form.get("baris", type=int), form.get("kolom", type=int)
    if row is None or column is None:
        raise BadRequest
    found = entering.check_typed(
        portal(), actor(), batch_id, row, column, form.get("isi", ""), lang=language()
    )
    return jsonify(
        findings=[
            {
                "severity": one.severity,
                "label": str(SEVERITIES[one.severity].label),
                "tone": SEVERITIES[one.severity].tone,
                "icon": SEVERITIES[one.severity].icon,
                "title": one.title,
                "message": one.message,
            }
            for one in found
        ]
    )


@blueprint.post("/pengajuan/<batch_id>/tempelan")
@needs("batch.edit")
def paste(batch_id: str) -> Answer:
    """A block copied in Excel: shown first, applied by its button."""
    form = request.form
    rows = _numbers(form.get("baris", ""))
    columns = _numbers(form.get("kolom", ""))[:100]
    block = entering.read_block(form.get("blok", ""))
    version = form.get("version", type=int)
    is_shown = form.get("langkah") != "terapkan"
    batch = _batch(batch_id)
    beyond = _rows_beyond(batch, rows, len(block)) if is_shown else []
    cells, left_out = entering.place_block(block, [*rows, *beyond], columns)
    is_large = long_works.is_large_typing(cells)
    if is_shown:
        seen = offers.preview_cells(portal(), actor(), batch_id, cells, is_counted=not is_large)
        return render_template(
            "mending/paste.html",
            batch=batch,
            about=file_rows(batch),
            lines=seen.lines[:MOST_LINES],
            count=seen.cells,
            left_out=left_out,
            beyond=beyond,
            form={**form, "baris": ",".join(map(str, [*rows, *beyond]))},
        )
    try:
        if is_large:
            asked = long_works.ask_typing(
                portal(), actor(), batch_id, cells, version=version, pasted=True
            )
            return _followed(batch_id, asked)
        done = mending.edit_cells(portal(), actor(), batch_id, cells, version=version, pasted=True)
    except ServiceError as error:
        return _refused(batch_id, error, typed=form.get("blok", ""))
    if not done.cells:
        flash(_("Isi sel sudah sama; tidak ada yang diubah."), "hint")
    return _back(batch_id)


def _numbers(listed: str) -> list[int]:
    found = (int(one) for one in listed.split(",") if one.isdecimal() and len(one) <= LONGEST_ROW)
    return list(islice(found, mending.MOST_CELLS))


def _rows_beyond(batch: BatchView, rows: list[int], lines: int) -> list[int]:
    """The rows below those shown that a longer block goes on to, as they are filtered."""
    missing = min(lines, mending.MOST_CELLS) - len(rows)
    if not rows or missing <= 0:
        return []
    address = urlsplit(request.form.get("kembali", ""))
    shown = filters_of(batch, dict(parse_qsl(address.query)))
    return results.rows_after(
        portal(), actor(), batch.id, rows[-1], missing,
        show=shown.show, code=shown.code, field=shown.field, text=shown.text,
    )  # fmt: skip


@blueprint.get("/pengajuan/<batch_id>/ganti-teks")
@needs("batch.edit")
def ask_replace(batch_id: str) -> str:
    """Asks what to look for, where, and what it becomes."""
    return _replace_page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/ganti-teks")
@needs("batch.edit")
def replace(batch_id: str) -> Answer:
    """Shows what replacing would change, and does it on the second press."""
    form = request.form
    search = Search(
        form.get("cari", ""),
        form.get("ganti", ""),
        form.get("lajur", type=int),
        is_whole=form.get("utuh") == "1",
    )
    try:
        if long_works.is_large_search(_batch(batch_id)):
            return _followed(batch_id, long_works.ask_search(portal(), actor(), batch_id, search))
        if form.get("langkah") != "terapkan":
            return _replace_page(batch_id, replacing.preview(portal(), actor(), batch_id, search))
        done = replacing.replace(
            portal(), actor(), batch_id, search, version=form.get("version", type=int)
        )
    except Invalid as error:
        return _replace_page(batch_id, problem=said(error.message, error.message_en)), 422
    except Conflict as error:
        return _refused(batch_id, error)
    if not done.cells:
        flash(_("Teks itu tidak ditemukan lagi; tidak ada yang diubah."), "hint")
    return _back(batch_id)


def _replace_page(batch_id: str, offer: Offer | None = None, *, problem: str = "") -> str:
    batch = _batch(batch_id)
    held = results.structure(portal(), actor(), batch_id)
    return render_template(
        "mending/replace.html",
        batch=batch,
        about=file_rows(batch),
        offer=offer,
        problem=problem,
        form=request.form,
        columns=[
            (at, held.letters[at], held.headers[at])
            for at, role in enumerate(held.roles)
            if role.part not in replacing.UNREAD
        ],
    )


def _chosen() -> Chosen:
    values = request.values
    one = values.get("temuan", type=finding_id)
    if one is not None:
        return Chosen(finding_id=one)
    if values.get("semua"):
        return offers.ERRORS
    code = values.get("aturan")
    if not code:
        raise BadRequest
    return Chosen(code, values.get("kasus", ""), values.get("kolom") or None)


def _proposal_page(batch_id: str) -> str:
    batch = _batch(batch_id)
    chosen = _chosen()
    offer = None
    if not long_works.is_large_choice(portal(), actor(), batch_id, chosen):
        offer = offers.preview(portal(), actor(), batch_id, chosen, lang=language())
    return render_template(
        "mending/propose.html",
        batch=batch,
        about=file_rows(batch),
        offer=offer,
        count=offers.count(portal(), actor(), batch_id, chosen),
        title=offers.heading(chosen, language()),
        chosen=chosen,
        field_label=field_label,
    )


def _cell_page(
    batch_id: str, row: int, column: int, *, typed: str | None = None, problem: str = ""
) -> str:
    batch = _batch(batch_id)
    view = results.row_view(portal(), actor(), batch_id, row, lang=language())
    cell = _cell_of(view, column)
    is_masked = DOT in cell.shown and cell.shown != cell.raw
    return render_template(
        "mending/cell.html",
        batch=batch,
        about=file_rows(batch),
        row=view,
        cell=cell,
        is_masked=is_masked and typed is None,
        value=typed if typed is not None else "" if is_masked else cell.written,
        problem=problem,
    )


def _cell_of(view: RowView, column: int) -> CellView:
    if not 0 <= column < len(view.cells):
        raise NotFound
    return view.cells[column]


def _batch(batch_id: str) -> BatchView:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return batch


def _followed(batch_id: str, asked: int) -> Response:
    """To the page that says how far a worker is."""
    return redirect(url_for("long_acts.show", batch_id=batch_id, number=asked))


def _back(batch_id: str) -> Response:
    """Back to the rows as they were filtered, or to the result."""
    target = safe_next(request.form.get("kembali"))
    return redirect(target or url_for("results.show", batch_id=batch_id))


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(done: Mended) -> Response:
    """The answer for the script: the batch's version now, and what was done."""
    told: dict[str, Any] = {
        "act": done.act_id,
        "cells": done.cells,
        "version": done.version,
        "due": done.is_due,
    }
    return jsonify(told)


def _refused(
    batch_id: str,
    error: ServiceError,
    *,
    typed: str = "",
    place: tuple[int, int] | None = None,
) -> Answer:
    """A refusal that keeps what was typed: as a page, or for the script."""
    if _wants_json():
        answer = jsonify(message=said(error.message, error.message_en), code=error.code)
        return answer, status_of(error)
    if not isinstance(error, Conflict):
        raise error
    batch = _batch(batch_id)
    return render_template(
        "mending/too_late.html",
        batch=batch,
        about=file_rows(batch),
        message=said(error.message, error.message_en),
        typed=typed,
        place=place,
    ), 409
