"""Pesan: what HRD and reviewers say to each other, on the page of the batch."""

import hashlib
import re
from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import messages
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.masking import veil
from hr_portal.web.security import FILE_SECURITY_POLICY, content_disposition, takes_upload
from hr_portal.web.tracking import page_of_batch

blueprint = Blueprint("messages", __name__)


@blueprint.post("/pengajuan/<batch_id>/pesan")
@needs("batch.read")
@takes_upload(lambda settings: settings.max_document_bytes * 4)
def write(batch_id: str) -> Response | tuple[str, int]:
    """Adds a message with its files; what was typed stays where it can't be taken."""
    form = request.form
    sent: Any = [
        (one.stream, one.filename) for one in request.files.getlist("file") if one.filename
    ]
    text, typed = form.get("text", ""), form.get("row", "").strip()
    is_internal = bool(form.get("internal"))  # whatever it says: better unread than read by HRD
    try:
        if typed and not re.fullmatch(r"[0-9]{1,7}", typed):
            raise _no_row(typed)
        written = messages.write(
            portal(), actor(), batch_id, text,
            row=int(typed) if typed else None, internal=is_internal, files=sent,
            idempotency_key=_key(text, typed, is_internal, [name for _stream, name in sent]),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return page_of_batch(batch_id, said(error.message, error.message_en)), status_of(error)
    if written.is_repeated:
        flash(_("Pesan yang sama sudah terkirim dari halaman ini, jadi tidak dikirim lagi."), "ok")
    else:
        flash(_("Catatan internal tersimpan.") if is_internal else _("Pesan terkirim."), "ok")
    for one in written.refused:
        why = said(one.message, one.message_en)
        flash(_("%(name)s tidak ikut terkirim. %(why)s", name=veil(one.file_name), why=why), "err")
    return redirect(url_for("tracking.show", batch_id=batch_id, _anchor="percakapan"))


@blueprint.get("/pengajuan/<batch_id>/pesan/<int:part>")
@needs("batch.read")
def download(batch_id: str, part: int) -> Response:
    """A file of a message, for keeping; what is sent is the clean copy that we made."""
    found, chunks = messages.open_file(portal(), actor(), batch_id, part)
    answer = make_response(b"".join(chunks))
    answer.mimetype = found.media_type
    answer.headers["Content-Disposition"] = content_disposition(found.file_name, attached=True)
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _key(*typed: object) -> str | None:
    """The form's key with what was typed: who goes back to it and says other things is heard."""
    drawn = request.form.get("idempotency_key")
    return hashlib.sha256(repr((drawn, *typed)).encode()).hexdigest() if drawn else None


def _no_row(typed: str) -> Invalid:
    return Invalid(
        f"“{typed[:20]}” bukan nomor baris. Kosongkan, atau tulis nomor seperti di Excel.",
        f"“{typed[:20]}” is not a row number. Leave it empty, or write a number as in Excel.",
        fields={"row": "Nomor baris"},
    )
