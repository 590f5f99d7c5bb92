"""Documents that find their rows: one request a file, ZIPs and their progress, and the tray."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import archives, documents, filing, mapping_sheets, placing, scanning
from hr_portal.services.errors import Invalid, TooLarge
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.i18n import said
from hr_portal.web.masking import veil
from hr_portal.web.security import safe_next, takes_upload
from hr_portal.web.sending import workbook

blueprint = Blueprint("filing", __name__)

PER_TRAY: Final = 25
POLL_SECONDS: Final = 1
PLACED: Final = "penempatan"
"""Where the session keeps what was placed last, to be undone."""
MOST_UNDONE: Final = 1_000


@blueprint.post("/pengajuan/<batch_id>/dokumen/satu")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_document_bytes)
def add_one(batch_id: str) -> Response | tuple[Response, int]:
    """Takes one of many files in; says in JSON what became of it."""
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise documents.nothing_chosen()
        stream: Any = sent.stream
        path = request.form.get("path") or sent.filename
        kind = request.form.get("kind") or None
        if mapping_sheets.may_be_sheet(sent.filename):
            placed = mapping_sheets.take_sheet(portal(), actor(), batch_id, stream, sent.filename)
            return jsonify(state="sheet", placed=placed)
        filed = filing.file_document(portal(), actor(), batch_id, stream, path, kind=kind)
    except (Invalid, TooLarge) as error:
        told = veil(said(error.message, error.message_en))
        return jsonify(state="refused", code=error.code, text=told), 422
    if filed.is_waiting:
        return jsonify(state="waiting")
    state = "repeated" if filed.is_repeated else "placed" if filed.is_placed else "tray"
    return jsonify(state=state)


@blueprint.post("/pengajuan/<batch_id>/dokumen/arsip")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_archive_bytes)
def add_archive(batch_id: str) -> Response | tuple[Response, int]:
    """Takes a ZIP in, which a worker unpacks; says in JSON what became of it."""
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise documents.nothing_chosen()
        stream: Any = sent.stream
        archives.take_archive(portal(), actor(), batch_id, stream, sent.filename)
    except (Invalid, TooLarge) as error:
        told = veil(said(error.message, error.message_en))
        return jsonify(state="refused", code=error.code, text=told), 422
    return jsonify(state="archive")


@blueprint.post("/pengajuan/<batch_id>/dokumen/pemetaan.xlsx")
@needs("batch.edit", fresh="documents.show")
def prepared_sheet(batch_id: str) -> Response:
    """A mapping sheet with the rows of the submission, to be filled in; taking it is an act."""
    return workbook(
        mapping_sheets.prepared_sheet(portal(), actor(), batch_id), "lembar-pemetaan.xlsx"
    )


@blueprint.get("/arsip/<archive_id>/kemajuan")
@needs("batch.read")
def progress(archive_id: str) -> Response:
    """The progress panel of a ZIP; once it is over, the documents page."""
    found = archives.archive_view(portal(), actor(), archive_id)
    if found.is_waiting:
        return make_response(
            render_template("documents/_archive.html", archive=found, poll=POLL_SECONDS)
        )
    answer = make_response("")
    answer.headers["HX-Redirect"] = url_for("documents.show", batch_id=found.batch_id)
    return answer


@blueprint.post("/arsip/<archive_id>/hentikan")
@needs("batch.edit")
def stop(archive_id: str) -> AnyResponse:
    """Stops unpacking; what was taken stays."""
    batch_id = archives.stop_archive(portal(), actor(), archive_id)
    flash(_("ZIP dihentikan. Dokumen yang sudah masuk tetap tersimpan."), "ok")
    return redirect(url_for("documents.show", batch_id=batch_id))


@blueprint.post("/dokumen-menunggu/<held_id>/hapus")
@needs("batch.edit")
def take_off(held_id: str) -> AnyResponse:
    """Takes a document that waits for the virus scanner, or was refused then, off the list."""
    batch_id = scanning.take_off(portal(), actor(), held_id)
    flash(_("Dihapus dari daftar tunggu."), "ok")
    return redirect(url_for("documents.show", batch_id=batch_id))


@blueprint.post("/dokumen/<document_id>/tempatkan")
@needs("batch.edit")
def place(document_id: str) -> AnyResponse:
    """Puts a document at the rows of one employee."""
    whose = request.form.get("whose", "")
    kind = request.form.get("kind", "")
    placed = placing.place_document(portal(), actor(), document_id, whose=whose, kind=kind)
    _remember(placed.batch_id, {document_id: placed.added})
    rows = ", ".join(map(str, placed.rows))
    flash(_("Dokumen ditempatkan pada baris %(rows)s.", rows=rows), "ok")
    return _back(placed.batch_id)


@blueprint.post("/dokumen/<document_id>/baki")
@needs("batch.edit")
def take_back(document_id: str) -> AnyResponse:
    """Takes a document off its rows, back to the tray; or only off those of one employee."""
    row = request.form.get("row", type=int)
    batch_id, left = placing.take_back(
        portal(), actor(), document_id, rows=None if row is None else [row]
    )
    session.pop(PLACED, None)
    if left:
        rows = ", ".join(map(str, left))
        flash(
            _("Dokumen dilepas dari baris %(row)s; masih pada baris %(rows)s.", row=row, rows=rows),
            "ok",
        )
    else:
        flash(_("Dokumen dikembalikan ke baki."), "ok")
    return _back(batch_id)


@blueprint.post("/pengajuan/<batch_id>/dokumen/usulan")
@needs("batch.edit")
def accept(batch_id: str) -> AnyResponse:
    """Places the documents whose proposals the page showed, or all of the tray that have one."""
    chosen = None if request.form.get("all") else request.form.getlist("document")[:PER_TRAY]
    placed = placing.accept_proposals(portal(), actor(), batch_id, chosen)
    _remember(batch_id, placed)
    count = len(placed)
    flash(ngettext("%(count)s dokumen ditempatkan menurut usulan.",
                   "%(count)s dokumen ditempatkan menurut usulan.", count, count=number(count)),
          "ok")  # fmt: skip
    return redirect(url_for("documents.show", batch_id=batch_id))


@blueprint.post("/pengajuan/<batch_id>/dokumen/batalkan")
@needs("batch.edit")
def undo(batch_id: str) -> AnyResponse:
    """Undoes the latest placing of this person's: its documents go back where they were."""
    count = placing.undo(portal(), actor(), batch_id, last_placed(batch_id))
    session.pop(PLACED, None)
    if count:
        flash(ngettext("Penempatan %(count)s dokumen dibatalkan.",
                       "Penempatan %(count)s dokumen dibatalkan.", count, count=number(count)),
              "ok")  # fmt: skip
    else:
        flash(_("Tidak ada penempatan yang dapat dibatalkan."), "hint")
    return _back(batch_id)


def last_placed(batch_id: str) -> dict[str, list[int]]:
    """The documents of this submission that were placed last here, with the rows they got."""
    found = session.get(PLACED) or {}
    return found["documents"] if found.get("batch") == batch_id else {}


def _remember(batch_id: str, placed: Mapping[str, Sequence[int]]) -> None:
    """Keep what was placed for `undo`; too many for a session are not kept."""
    kept = {one: list(rows) for one, rows in placed.items() if rows}
    if len(kept) > MOST_UNDONE:
        session.pop(PLACED, None)
    elif kept:
        session[PLACED] = {"batch": batch_id, "documents": kept}


def _back(batch_id: str) -> AnyResponse:
    """To the documents page, as it was looked at where the form says so."""
    here = url_for("documents.show", batch_id=batch_id)
    asked = safe_next(request.form.get("next"))
    return redirect(asked if asked and asked.partition("?")[0] == here else here)
