"""ZIPs that come in parts: begun or gone on with, a part a request, completed, cancelled."""

from typing import Any

from hr_portal.api import answers, asks, document_answers
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.sections import Section
from hr_portal.services import archive_uploads
from hr_portal.services.archive_uploads import PART_BYTES, UploadView
from hr_portal.services.archives import ArchiveView

section = Section("Uploads", "Large ZIPs of documents in parts: what arrived is not sent again")


@section.post("/batches/<id:batch_id>/archive-uploads")
@needs("batch.edit")
@section.body(asks.NewUpload)
@section.answers(201, document_answers.ArchiveUpload)
def begin_upload(body: dict[str, Any], batch_id: str) -> UploadView:
    """Begin to send a ZIP in parts, or go on: the same name and size is the same upload.

    Each part has `part_bytes` bytes, the last one the rest. Skip those that are acknowledged
    with the hash that you have.
    """
    return archive_uploads.begin(
        portal(), caller(), batch_id, body["file_name"], body["size"], sha256=body["sha256"]
    )


@section.get("/archive-uploads/<id:upload_id>")
@needs("batch.edit")
@section.answers(200, document_answers.ArchiveUpload)
def show_upload(upload_id: str) -> UploadView:
    """Say which parts are acknowledged."""
    return archive_uploads.upload_view(portal(), caller(), upload_id)


@section.post("/archive-uploads/<id:upload_id>/parts/<int:number>")
@needs("batch.edit")
@takes_upload(lambda _settings: PART_BYTES)
@section.form(asks.UploadPart)
@section.answers(200, document_answers.ArchiveUpload)
def put_part(form: dict[str, Any], upload_id: str, number: int) -> UploadView:
    """Send one part, from 1; in any order, and again where no answer came."""
    return archive_uploads.put_part(
        portal(), caller(), upload_id, number, form["file"].stream, form["sha256"]
    )


@section.post("/archive-uploads/<id:upload_id>/complete")
@needs("batch.edit")
@section.body(asks.Nothing, required=False)
@section.answers(200, document_answers.Archive)
def complete_upload(_body: dict[str, Any], upload_id: str) -> ArchiveView:
    """Take the ZIP in, once all parts are acknowledged; again, the same archive."""
    return archive_uploads.complete(portal(), caller(), upload_id)


@section.post("/archive-uploads/<id:upload_id>/cancel")
@needs("batch.edit")
@section.body(asks.Nothing, required=False)
@section.answers(200, answers.OfBatch)
def cancel_upload(_body: dict[str, Any], upload_id: str) -> dict[str, Any]:
    """Give an upload up; its parts are deleted."""
    return {"batch_id": archive_uploads.cancel(portal(), caller(), upload_id)}
