"""ZIPs that come in parts: begun or gone on with, a part a request, completed, cancelled."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import archive_uploads, documents
from hr_portal.services.archive_uploads import UploadView
from hr_portal.services.errors import Conflict, Invalid, TooLarge
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.masking import veil
from hr_portal.web.security import takes_upload

blueprint = Blueprint("archive_uploads", __name__)

Answer = Response | tuple[Response, int]


@blueprint.post("/pengajuan/<batch_id>/dokumen/kiriman")
@needs("batch.edit")
def begin(batch_id: str) -> Answer:
    """Begins a ZIP, or goes on with it; says in JSON which parts are acknowledged."""

    def begun() -> Response:
        form = request.form
        return _told(
            archive_uploads.begin(
                portal(), actor(), batch_id, form.get("name", ""), form.get("size", 0, type=int)
            )
        )

    return _in_json(begun)


@blueprint.post("/kiriman/<upload_id>/bagian/<int:number>")
@needs("batch.edit")
@takes_upload(lambda _settings: archive_uploads.PART_BYTES)
def put_part(upload_id: str, number: int) -> Answer:
    """Takes one part in; says in JSON which parts are acknowledged."""

    def put() -> Response:
        sent = request.files.get("file")
        if sent is None:
            raise documents.nothing_chosen()
        stream: Any = sent.stream
        digest = request.form.get("sha256", "")
        return _told(archive_uploads.put_part(portal(), actor(), upload_id, number, stream, digest))

    return _in_json(put)


@blueprint.post("/kiriman/<upload_id>/selesai")
@needs("batch.edit")
def complete(upload_id: str) -> Answer:
    """Takes the whole ZIP in, which a worker unpacks."""

    def completed() -> Response:
        archive_uploads.complete(portal(), actor(), upload_id)
        return jsonify(state="archive")

    return _in_json(completed)


@blueprint.post("/kiriman/<upload_id>/batal")
@needs("batch.edit")
def cancel(upload_id: str) -> AnyResponse:
    """Gives an upload up and deletes its parts."""
    batch_id = archive_uploads.cancel(portal(), actor(), upload_id)
    flash(_("Pengiriman ZIP dibatalkan; bagian yang sudah diterima dihapus."), "ok")
    return redirect(url_for("documents.show", batch_id=batch_id))


def _in_json(act: Callable[[], Response]) -> Answer:
    """What an act answers, or its refusal with the code that the page's script knows."""
    try:
        return act()
    except (Conflict, Invalid, TooLarge) as error:
        told = veil(said(error.message, error.message_en))
        return jsonify(state="refused", code=error.code, text=told), status_of(error)


def _told(view: UploadView) -> Response:
    """An upload as the script needs it."""
    return jsonify(
        state=view.state,
        parts=view.parts,
        part_bytes=view.part_bytes,
        acknowledged={one.number: one.sha256 for one in view.acknowledged},
        here=url_for("archive_uploads.put_part", upload_id=view.id, number=0).removesuffix("0"),
        complete=url_for("archive_uploads.complete", upload_id=view.id),
        cancel=url_for("archive_uploads.cancel", upload_id=view.id),
    )
