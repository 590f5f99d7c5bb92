"""What the check found: rows, findings, and the confirmation of warnings."""

from typing import Any, Final, get_args

from flask import Response
from marshmallow import fields

from hr_portal.api import answers, asks, draft_answers
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal, require_fresh
from hr_portal.api.sections import Section
from hr_portal.domain.masking import mask
from hr_portal.services import annotated, batch_views, results, row_trail

section = Section("Findings", "What the check found, row by row")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@section.get("/batches/<id:batch_id>/rows")
@needs("batch.read")
@section.query(asks.RowFilter)
@section.answers(200, answers.paged(draft_answers.Row))
def list_rows(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List rows with their corrections and verdicts.

    Corrections hold whole values, so each call is recorded. Cells and `employee` are masked unless
    `reveal=true`, which is recorded too and asks for the right that the token's owner gives it on
    the page My account, for an hour: 403 `step_up_needed` without.
    """
    reveal = query.pop("reveal")
    if reveal:
        require_fresh()
    page = results.rows_page(portal(), caller(), batch_id, **query)
    results.note_read(
        portal(), caller(), batch_id, "rows",
        page=page.page, rows=len(page.items), revealed=int(reveal),
    )  # fmt: skip
    items = [
        (row, row.employee if reveal else {k: mask(k, v) for k, v in row.employee.items()}, reveal)
        for row in page.items
    ]
    return answers.page_of(items, page)


class TrailEvent(answers.Answer):
    """One thing that happened to the employee of a row, here or in a batch it came from."""

    kind = fields.String(required=True, metadata={"enum": list(get_args(row_trail.Kind))})
    at = fields.AwareDateTime(required=True)
    batch_id = fields.String(required=True)
    batch_number = fields.String(required=True, attribute="number")
    row = fields.Integer(required=True, metadata={"description": "In that batch"})
    side = fields.String(required=True, metadata={"enum": ["hrd", "reviewer"]})
    by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "null: a reviewer, of whom a company is told the office only"},
    )
    second = fields.String(required=True, allow_none=True)
    corrected = fields.List(
        fields.String(),
        required=True,
        attribute="fields",
        data_key="fields",
        metadata={"description": "Which data it is about"},
    )
    verdict = fields.String(
        required=True, metadata={"description": "Of a correction or a document, else empty"}
    )
    words = fields.String(required=True)
    document_kind = fields.String(required=True)
    internal = fields.Boolean(required=True, attribute="is_internal")
    set_aside = fields.Boolean(required=True, attribute="is_set_aside")


class Trail(answers.Answer):
    """What happened to the employee of a row, the latest first."""

    events = fields.List(fields.Nested(TrailEvent), required=True)


@section.get("/batches/<id:batch_id>/rows/<int:row>/trail")
@needs("batch.read")
@section.answers(200, Trail)
def show_trail(batch_id: str, row: int) -> dict[str, Any]:
    """Tell what happened to the employee of a row: sent, asked, judged, forwarded, answered.

    It goes over the revisions of the batch, the batches it came from and those it went on in.
    Verdicts are told once they are decided.
    """
    return {"events": row_trail.trail(portal(), caller(), batch_id, row)}


@section.get("/batches/<id:batch_id>/findings")
@needs("batch.read")
@section.query(asks.FindingFilter)
@section.answers(200, answers.paged(draft_answers.Finding))
def list_findings(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List findings by row.

    `value` is what stands in the cell, whole, so each call is recorded.
    """
    page = results.findings_page(portal(), caller(), batch_id, **query)
    results.note_read(
        portal(), caller(), batch_id, "findings", page=page.page, findings=len(page.items)
    )
    return answers.page_of(page.items, page)


@section.post("/batches/<id:batch_id>/confirmations")
@needs("batch.edit")
@section.body(asks.Confirmation)
@section.answers(200, draft_answers.Confirmed)
def confirm_warnings(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Confirm warnings of a draft with a reason.

    Either those named in `findings`, or all of the rule `code`. The reviewer reads the reason.
    """
    count = results.confirm_warnings(
        portal(),
        caller(),
        batch_id,
        reason=body["reason"],
        finding_ids=body["findings"],
        code=body["code"],
        field=body["field"],
        version=body["version"],
    )
    return {
        "confirmed": count,
        "version": batch_views.batch_view(portal(), caller(), batch_id).version,
    }


@section.get("/batches/<id:batch_id>/annotated")
@needs("batch.read", fresh=True)
@section.answers(
    200, BINARY, content_type=XLSX, description="The uploaded workbook with notes; csv as a new one"
)
def show_annotated(batch_id: str) -> Response:
    """Fetch the batch's workbook with comments, Hasil, Catatan and Ringkasan; recorded.

    A large one is written in the background: until then 409 `not_ready`; ask again in a moment.
    Uploaded again on the pages it is recognised whatever its name.
    """
    made = annotated.open_annotated(portal(), caller(), batch_id)
    return as_file(b"".join(made.chunks), XLSX, made.name)
