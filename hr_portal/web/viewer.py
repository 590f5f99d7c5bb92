"""The viewer: the pages of a document as pictures, beside the row that it proves.

Works without script as a plain list of pictures with links; `viewer.js` adds zoom, turning,
full screen and keys.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, g, make_response, render_template, request

from hr_portal.domain.document_hints import Hint, hints
from hr_portal.domain.fields import ERASE
from hr_portal.services import batch_views, changes, depicting, documents, results
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import ChangeRow
from hr_portal.services.depicting import Pictures
from hr_portal.services.documents import DocumentView
from hr_portal.services.errors import NotFound
from hr_portal.services.row_views import RowView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import language
from hr_portal.web.security import FILE_SECURITY_POLICY
from hr_portal.web.words import file_rows

blueprint: Final = Blueprint("viewer", __name__)

POLL_SECONDS: Final = 2
MOST_ROWS: Final = 12
"""Rows of one document that are offered side by side."""
PICTURE: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Beside:
    """The documents before and after one, in the order of its list, and where it stands."""

    before: DocumentView | None
    after: DocumentView | None
    place: int
    count: int


@blueprint.get("/dokumen/<document_id>/lihat")
@needs("batch.read")
def show(document_id: str) -> str:
    """A document page by page, with the row it belongs to."""
    return page_of(document_id, request.args.get("baris", type=int))


def page_of(document_id: str, asked: int | None, problem: str = "") -> str:
    """The viewer beside the row that is asked for, with what was wrong with a status."""
    batch_id, document = documents.document_view(portal(), actor(), document_id)
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    row = asked if asked in document.rows or (asked and document.whole_batch) else None
    listed = documents.list_documents(portal(), actor(), batch_id, row=row)
    row = row or next(iter(document.rows), None)
    try:
        change = changes.one_row(portal(), actor(), batch_id, row) if row else None
    except NotFound:  # its employee has left the file
        change = None
    detail = (
        results.row_view(portal(), actor(), batch_id, change.number, lang=language())
        if change
        else None
    )
    pictures = depicting.pictures_of(portal(), actor(), document_id)
    return render_template(
        "documents/viewer.html",
        batch=batch,
        about=file_rows(batch),
        document=document,
        may_judge=has_in_hand(batch) and not document.in_tray,
        problem=problem,
        typed={name: request.form.get(name, "") for name in ("state", "reason")},
        pictures=pictures,
        hints=hints_of(pictures, change, detail),
        beside=_beside(listed, document_id),
        asked=asked if row == asked else None,
        row=change,
        detail=detail,
        rows=document.rows[:MOST_ROWS],
        poll=POLL_SECONDS,
        after=0,
    )


def has_in_hand(batch: BatchView) -> bool:
    """Whether the actor is the one who reviews this batch now."""
    return batch.state == "in_review" and batch.reviewer_id == actor().user_id


@blueprint.get("/dokumen/<document_id>/halaman-lain")
@needs("batch.read")
def more(document_id: str) -> str:
    """The pages that have been drawn since, as a part of a page that is open."""
    _, document = documents.document_view(portal(), actor(), document_id)
    return render_template(
        "documents/_pages.html",
        document=document,
        pictures=depicting.pictures_of(portal(), actor(), document_id),
        after=request.args.get("setelah", 0, type=int),
        poll=POLL_SECONDS,
    )


@blueprint.get("/dokumen/<document_id>/halaman/<int:page>")
@needs("batch.read")
def page(document_id: str, page: int) -> Response:
    """One page as a picture; the look is an act."""
    return _picture(document_id, page, small=False)


@blueprint.get("/dokumen/<document_id>/halaman/<int:page>/kecil")
@needs("batch.read")
def thumbnail(document_id: str, page: int) -> Response:
    """One page so small that it can be found, not read."""
    return _picture(document_id, page, small=True)


def hints_of(
    pictures: Pictures | None, row: ChangeRow | None, detail: RowView | None
) -> tuple[Hint, ...]:
    """What the text of a document says about the effective values of a row, as it is now."""
    if pictures is None or row is None or detail is None:
        return ()
    changed = {one.field: one.after for one in row.changes if one.after}
    values = {**detail.employee, **changed}
    return hints(pictures.text, {key: one for key, one in values.items() if one != ERASE})


def _picture(document_id: str, page: int, *, small: bool) -> Response:
    size, chunks = depicting.open_page(portal(), actor(), document_id, page, small=small)
    answer = make_response(chunks)
    answer.mimetype = PICTURE
    answer.content_length = size
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    return answer


def _beside(listed: list[DocumentView], document_id: str) -> Beside:
    ids = [one.id for one in listed]
    at = ids.index(document_id) if document_id in ids else 0
    return Beside(
        listed[at - 1] if at else None,
        listed[at + 1] if at + 1 < len(listed) else None,
        at + 1,
        len(listed),
    )
