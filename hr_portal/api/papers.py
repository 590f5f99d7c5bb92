"""What a branch gives back: receipts, records of decisions, notices to the people concerned."""

from typing import Any, get_args

from flask import Response
from marshmallow import fields

from hr_portal.api import answers
from hr_portal.api.answers import Answer
from hr_portal.api.asks import MAX_ROWS, Nothing
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Paging, Whole
from hr_portal.api.sections import Section
from hr_portal.domain.papers import KINDS
from hr_portal.services import notice_bundles, paging, papers

section = Section("Papers", "Receipts, records of decisions, and notices, as PDF")


class Paper(Answer):
    """A receipt or a record of a decision; `sha256` is null until its PDF is first asked for."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    number = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True)
    revision = fields.Integer(required=True)
    proof_code = fields.String(
        required=True, metadata={"description": "With which anybody can look it up at /verifikasi"}
    )
    sha256 = fields.String(required=True, allow_none=True)
    set_aside_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when a record holds no longer: its decision was reopened"},
    )


class Bundle(Answer):
    """How the ZIP of all notices stands: none, wanted, ready, failed."""

    state = fields.String(required=True, metadata={"enum": list(get_args(notice_bundles.State))})
    done = fields.Integer(required=True, metadata={"description": "Rows made so far"})
    rows = fields.Integer(required=True)


class NoticeRows(Ask):
    """Of which rows; all of them where nothing is said."""

    first = Whole(text=True, most=MAX_ROWS, load_default=1)
    last = Whole(text=True, most=MAX_ROWS, load_default=MAX_ROWS)


@section.get("/batches/<id:batch_id>/papers")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(Paper))
def list_papers(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the receipts and records of decisions of a batch, the latest first."""
    found = papers.listed(portal(), caller(), batch_id)
    start = (query["page"] - 1) * query["per_page"]
    page = paging.Page(
        found[start : start + query["per_page"]], query["page"], query["per_page"], len(found)
    )
    return answers.page_of(page.items, page)


@section.get("/batches/<id:batch_id>/papers/<int:paper>/pdf")
@needs("batch.read")
@section.answers(200, BINARY, content_type="application/pdf", description="Always the same bytes")
def fetch_paper(batch_id: str, paper: int) -> Response:
    """Fetch a receipt or a record of a decision; recorded."""
    view, pdf = papers.open_paper(portal(), caller(), batch_id, paper)
    return as_file(pdf, "application/pdf", view.number.replace("/", "-") + ".pdf")


@section.get("/batches/<id:batch_id>/notices")
@needs("batch.edit", fresh=True)
@section.query(NoticeRows)
@section.answers(200, BINARY, content_type="application/pdf", description="A page a row")
def fetch_notices(query: dict[str, Any], batch_id: str) -> Response:
    """Fetch the notices of up to 100 rows of the latest decision; recorded."""
    pdf = papers.notices(portal(), caller(), batch_id, query["first"], query["last"])
    return as_file(pdf, "application/pdf", "pemberitahuan.pdf")


@section.get("/batches/<id:batch_id>/notices/bundle")
@needs("batch.edit")
@section.answers(200, Bundle)
def show_bundle(batch_id: str) -> notice_bundles.Bundle:
    """Show how far the ZIP of all notices is; ask again until it is ready."""
    return notice_bundles.standing(portal(), caller(), batch_id)


@section.post("/batches/<id:batch_id>/notices/bundle")
@needs("batch.edit")
@section.body(Nothing, required=False)
@section.answers(200, Bundle)
def order_bundle(_body: dict[str, Any], batch_id: str) -> notice_bundles.Bundle:
    """Have the notices of the latest decision made, a PDF a row; made once."""
    return notice_bundles.order(portal(), caller(), batch_id)


@section.get("/batches/<id:batch_id>/notices/bundle/file")
@needs("batch.edit", fresh=True)
@section.answers(200, BINARY, content_type="application/zip", description="A PDF a row")
def fetch_bundle(batch_id: str) -> Response:
    """Fetch the ZIP of all notices once it is ready; recorded."""
    name, chunks = notice_bundles.open_bundle(portal(), caller(), batch_id)
    return as_file(b"".join(chunks), "application/zip", name)
