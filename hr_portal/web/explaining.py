"""Going without a document: the form that says why, and taking it back."""

from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, explaining, long_works
from hr_portal.services.errors import Invalid
from hr_portal.web import documents
from hr_portal.web.access import actor, needs
from hr_portal.web.asked_rows import typed_rows
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.i18n import said

blueprint: Final = Blueprint("explaining", __name__)


@blueprint.post("/pengajuan/<batch_id>/dokumen/alasan")
@needs("batch.edit")
def explain(batch_id: str) -> Response | tuple[str, int]:
    """Keeps why documents are not there: of one kind or all, for some rows or all that lack it."""
    form = request.form
    rows = _rows()
    try:
        if rows is None and _is_large(batch_id):
            return _followed(batch_id, form.get("reason", ""))
        count = explaining.explain(
            portal(), actor(), batch_id,
            reason=form.get("reason", ""), kind=form.get("kind") or None, rows=rows,
            version=form.get("version", type=int),
        )  # fmt: skip
    except Invalid as error:
        return documents.page(batch_id, said(error.message, error.message_en)), 422
    flash(ngettext("Alasan untuk %(count)s baris tersimpan. Pemeriksa membacanya.",
                   "Alasan untuk %(count)s baris tersimpan. Pemeriksa membacanya.", count,
                   count=number(count)), "ok")  # fmt: skip
    return redirect(url_for("documents.show", batch_id=batch_id, _anchor="lengkap"))


@blueprint.post("/pengajuan/<batch_id>/dokumen/alasan/cabut")
@needs("batch.edit")
def take_back(batch_id: str) -> Response | tuple[str, int]:
    """Takes explanations back; the documents are missing again."""
    form = request.form
    rows = _rows()
    try:
        if rows is None and _is_large(batch_id):
            return _followed(batch_id, None)
        explaining.take_back(
            portal(), actor(), batch_id,
            kind=form.get("kind") or None, rows=rows, version=form.get("version", type=int),
        )  # fmt: skip
    except Invalid as error:
        return documents.page(batch_id, said(error.message, error.message_en)), 422
    flash(_("Alasan dicabut. Dokumennya dihitung belum ada."), "ok")
    return redirect(url_for("documents.show", batch_id=batch_id, _anchor="lengkap"))


def _is_large(batch_id: str) -> bool:
    return long_works.is_large(batch_views.batch_view(portal(), actor(), batch_id))


def _followed(batch_id: str, reason: str | None) -> Response:
    """Has a worker do it for all rows; to the page that says how far it is."""
    form = request.form
    asked = long_works.ask_explain(
        portal(), actor(), batch_id,
        reason=reason, kind=form.get("kind") or None, version=form.get("version", type=int),
    )  # fmt: skip
    return redirect(url_for("long_acts.show", batch_id=batch_id, number=asked))


def _rows() -> list[int] | None:
    """The rows that a form names, None for all."""
    typed = request.form.get("rows", "").strip()
    return typed_rows(typed) if typed else None
