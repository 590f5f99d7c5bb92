"""Pesan: what HRD and reviewers say to each other, on the page of the batch."""

import re

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import messages
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.tracking import page_of_batch

blueprint = Blueprint("messages", __name__)


@blueprint.post("/pengajuan/<batch_id>/pesan")
@needs("batch.read")
def write(batch_id: str) -> Response | tuple[str, int]:
    """Adds a message; what was typed stays where it can't be taken."""
    form = request.form
    typed = form.get("row", "").strip()
    try:
        if typed and not re.fullmatch(r"[0-9]{1,7}", typed):
            raise _no_row(typed)
        messages.write(
            portal(), actor(), batch_id, form.get("text", ""),
            row=int(typed) if typed else None, internal=form.get("internal") == "ya",
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return page_of_batch(batch_id, said(error.message, error.message_en)), status_of(error)
    flash(
        _("Catatan internal tersimpan.") if form.get("internal") == "ya" else _("Pesan terkirim."),
        "ok",
    )
    return redirect(url_for("tracking.show", batch_id=batch_id, _anchor="percakapan"))


def _no_row(typed: str) -> Invalid:
    return Invalid(
        f"“{typed[:20]}” bukan nomor baris. Kosongkan, atau tulis nomor seperti di Excel.",
        f"“{typed[:20]}” is not a row number. Leave it empty, or write a number as in Excel.",
        fields={"row": "Nomor baris"},
    )
