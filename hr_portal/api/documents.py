"""Supporting documents: added, listed, fetched."""

import io
from typing import Any

from flask import Response, send_file

from hr_portal.api import answers, asks, document_answers
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.sections import Section
from hr_portal.services import batch_views, depicting, document_status, documents, paging

section = Section("Documents", "Supporting documents of a batch or of one of its rows")

FILE_SECURITY_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For bytes that somebody else wrote: nothing in them may run or load (security.md G9)."""
BINARY = {"type": "string", "format": "binary"}


@section.post("/batches/<id:batch_id>/documents")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_document_bytes)
@section.form(asks.NewDocument)
@section.answers(201, document_answers.AddedDocument)
def add_document(form: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Add a PDF, JPEG or PNG to a row or to the whole batch.

    A cleaned copy is kept: without scripts, attachments, and the camera's notes.
    """
    view = documents.add_document(
        portal(),
        caller(),
        batch_id,
        form["file"].stream,
        form["file"].filename,
        kind=form["kind"],
        row=form["row"],
        version=form["version"],
    )
    return {"view": view, "version": batch_views.batch_view(portal(), caller(), batch_id).version}


@section.get("/batches/<id:batch_id>/documents")
@needs("batch.read")
@section.query(asks.DocumentFilter)
@section.answers(200, answers.paged(document_answers.Document))
def list_documents(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the documents of a batch, the oldest first."""
    state = query.get("status")
    found = [
        one
        for one in documents.list_documents(portal(), caller(), batch_id)
        if state in {None, one.status.state}
    ]
    start = (query["page"] - 1) * query["per_page"]
    page = paging.Page(
        found[start : start + query["per_page"]], query["page"], query["per_page"], len(found)
    )
    return answers.page_of(page.items, page)


@section.get("/documents/<id:document_id>/content")
@needs("batch.read")
@section.answers(200, BINARY, content_type="application/pdf", description="The cleaned copy")
@section.answers_too(200, BINARY, "image/jpeg")
@section.answers_too(200, BINARY, "image/png")
def show_document(document_id: str) -> Response:
    """Fetch a document; recorded."""
    view, chunks = documents.open_document(portal(), caller(), document_id)
    return as_file(b"".join(chunks), view.media_type, view.file_name)


@section.post("/documents/<id:document_id>/status")
@needs("batch.review")
@section.body(asks.Judge)
@section.answers(200, document_answers.JudgedDocument)
def judge_document(body: dict[str, Any], document_id: str) -> dict[str, Any]:
    """Say whether a document fits; approvals of rows with one that doesn't wait again."""
    waiting = document_status.judge(
        portal(),
        caller(),
        document_id,
        body["state"],
        reason=body["reason"],
        seen=body.get("seen"),
    )
    _, view = documents.document_view(portal(), caller(), document_id)
    return {"status": view.status, "waiting_again": waiting}


@section.post("/batches/<id:batch_id>/documents/status")
@needs("batch.review")
@section.body(asks.JudgeMany)
@section.answers(200, document_answers.JudgedDocuments)
def judge_documents(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Say the same of many documents; those judged meanwhile are left and listed."""
    chosen = body["documents"]
    judged = document_status.judge_many(
        portal(),
        caller(),
        batch_id,
        chosen if chosen == "open" else {one["id"]: one["seen"] for one in chosen},
        body["state"],
        reason=body["reason"],
        seen_at=body["seen_at"],
    )
    return {"documents": judged.documents, "waiting_again": judged.waiting, "left": judged.left}


@section.post("/documents/<id:document_id>/remove")
@needs("batch.edit")
@section.body(asks.AtVersion, required=False)
@section.answers(200, answers.OfBatch)
def remove_document(body: dict[str, Any], document_id: str) -> dict[str, Any]:
    """Take a document off a draft, also out of its tray."""
    return {
        "batch_id": documents.remove_document(
            portal(), caller(), document_id, version=body.get("version")
        )
    }


@section.get("/documents/<id:document_id>/pages/<int:page>")
@needs("batch.read")
@section.answers(200, BINARY, content_type="image/jpeg", description="The page as a picture")
def show_page(document_id: str, page: int) -> Response:
    """Fetch a page of a document as a picture, once a worker has drawn it; recorded."""
    _, chunks = depicting.open_page(portal(), caller(), document_id, page)
    return as_file(b"".join(chunks), "image/jpeg", f"{page}.jpg")


def as_file(content: bytes, media_type: str, name: str) -> Response:
    """Bytes to be kept as a file, with the headers that keep them from running."""
    made = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
    )
    made.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    made.headers["Cache-Control"] = "no-store"
    return made
