"""Documents that find their rows: by name, out of a ZIP, from the tray; and what is missing."""

from typing import Any

from flask import Response

from hr_portal.adapters.spreadsheets.mapping_rows import MOST_BYTES
from hr_portal.api import answers, asks, document_answers, large_acts
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.parsing import Paging
from hr_portal.api.sections import Section
from hr_portal.services import (
    archives,
    batch_views,
    coverage,
    explaining,
    filing,
    long_works,
    mapping_sheets,
    paging,
    placing,
    scanning,
)

section = Section("Filing", "Documents that find their rows by name, and what is still missing")

_STATES = {
    "there": {"there", "fits"},
    "missing": {"missing", "unfit"},
    "fits": {"fits"},
    "unfit": {"unfit"},
}
"""Lists of a covered row by the cells that belong there."""


@section.post("/batches/<id:batch_id>/filed-documents")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_document_bytes)
@section.form(asks.DocumentToFile)
@section.answers(201, document_answers.FiledDocument)
def file_document(form: dict[str, Any], batch_id: str) -> filing.Filed:
    """Add a document that finds its rows by its name; what is doubtful waits in the tray.

    `path` may have folders. The same bytes again are not kept twice.
    """
    return filing.file_document(
        portal(),
        caller(),
        batch_id,
        form["file"].stream,
        form["path"] or form["file"].filename,
        kind=form["kind"],
    )


@section.post("/batches/<id:batch_id>/archives")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_archive_bytes)
@section.form(asks.NewArchive)
@section.answers(201, document_answers.Archive)
def add_archive(form: dict[str, Any], batch_id: str) -> archives.ArchiveView:
    """Add a ZIP of documents; a worker unpacks it and files each by its name."""
    return archives.take_archive(
        portal(), caller(), batch_id, form["file"].stream, form["file"].filename
    )


@section.post("/batches/<id:batch_id>/mapping-sheet")
@needs("batch.edit")
@takes_upload(lambda _settings: MOST_BYTES)
@section.form(asks.NewMappingSheet)
@section.answers(200, document_answers.MappingSheet)
def take_mapping_sheet(form: dict[str, Any], batch_id: str) -> mapping_sheets.SheetView:
    """Take a mapping sheet in: what lies in the tray, and what comes later, is placed by it."""
    file = form["file"]
    mapping_sheets.take_sheet(portal(), caller(), batch_id, file.stream, file.filename)
    return _sheet(batch_id)


@section.get("/batches/<id:batch_id>/mapping-sheet")
@needs("batch.read")
@section.answers(200, document_answers.MappingSheet)
def show_mapping_sheet(batch_id: str) -> mapping_sheets.SheetView:
    """Say what is wrong with the lines of the mapping sheet, as documents and rows are now."""
    return _sheet(batch_id)


def _sheet(batch_id: str) -> mapping_sheets.SheetView:
    found = mapping_sheets.sheet_of(portal(), caller(), batch_id)
    return found or mapping_sheets.SheetView((), 0, ())


@section.get("/archives/<id:archive_id>")
@needs("batch.read")
@section.answers(200, document_answers.Archive)
def show_archive(archive_id: str) -> archives.ArchiveView:
    """Say how far a ZIP is unpacked, and which of its files were refused."""
    return archives.archive_view(portal(), caller(), archive_id)


@section.post("/archives/<id:archive_id>/stop")
@needs("batch.edit")
@section.body(asks.Nothing, required=False)
@section.answers(200, document_answers.Archive)
def stop_archive(_body: dict[str, Any], archive_id: str) -> archives.ArchiveView:
    """Stop unpacking a ZIP; what was taken stays."""
    archives.stop_archive(portal(), caller(), archive_id)
    return archives.archive_view(portal(), caller(), archive_id)


@section.get("/batches/<id:batch_id>/held-documents")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(document_answers.HeldDocument))
def list_held_documents(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the documents that wait for the virus scanner, or were refused after waiting."""
    found = scanning.held_of(portal(), caller(), batch_id)
    start = (query["page"] - 1) * query["per_page"]
    items = found[start : start + query["per_page"]]
    return answers.page_of(items, paging.Page(items, query["page"], query["per_page"], len(found)))


@section.post("/held-documents/<id:held_id>/remove")
@needs("batch.edit")
@section.body(asks.Nothing, required=False)
@section.answers(200, answers.OfBatch)
def remove_held_document(_body: dict[str, Any], held_id: str) -> dict[str, Any]:
    """Take a waiting document off for good, or the word of one that was refused."""
    return {"batch_id": scanning.take_off(portal(), caller(), held_id)}


@section.get("/batches/<id:batch_id>/tray")
@needs("batch.read")
@section.query(Paging)
@section.answers(200, answers.paged(document_answers.TrayItem))
def list_tray(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the documents that wait for a row, with what their names suggest."""
    items, total = placing.tray(
        portal(), caller(), batch_id, page=query["page"], per_page=query["per_page"]
    )
    return answers.page_of(items, paging.Page(items, query["page"], query["per_page"], total))


@section.post("/documents/<id:document_id>/place")
@needs("batch.edit")
@section.body(asks.Placing)
@section.answers(200, document_answers.Placed)
def place_document(body: dict[str, Any], document_id: str) -> dict[str, Any]:
    """Put a document at the rows of employees: by row number, NIK, KPJ or name."""
    placed = placing.place_document(
        portal(), caller(), document_id, whose=body["whose"], kind=body["kind"]
    )
    return {"batch_id": placed.batch_id, "rows": placed.rows}


@section.post("/batches/<id:batch_id>/tray/accept")
@needs("batch.edit")
@section.body(asks.Proposals)
@section.answers(200, document_answers.Accepted)
def accept_proposals(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Place those of these documents whose name tells one employee and kind; the rest stays."""
    chosen = body["documents"]
    placed = placing.accept_proposals(
        portal(), caller(), batch_id, None if chosen == "all" else chosen
    )
    return {
        "placed": len(placed),
        "version": batch_views.batch_view(portal(), caller(), batch_id).version,
    }


@section.post("/documents/<id:document_id>/take-back")
@needs("batch.edit")
@section.body(asks.TakenBack, required=False)
@section.answers(200, document_answers.Placed)
def take_back(body: dict[str, Any], document_id: str) -> dict[str, Any]:
    """Take a document off all its rows, back to the tray; or only off some employees' rows."""
    batch_id, rows = placing.take_back(
        portal(), caller(), document_id, rows=body.get("rows"), version=body.get("version")
    )
    return {"batch_id": batch_id, "rows": rows}


@section.get("/batches/<id:batch_id>/coverage")
@needs("batch.read")
@section.query(asks.CoverageFilter)
@section.answers(200, document_answers.CoveragePage)
def show_coverage(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the rows with the documents that their kinds of correction ask for."""
    found = coverage.matrix(
        portal(),
        caller(),
        batch_id,
        show="lacking" if query["lacking"] else "all",
        text=str(query["row"] or ""),
        page=query["page"],
        per_page=query["per_page"],
    )
    bare = explaining.missing_of(portal(), caller(), batch_id, [row.number for row in found.rows])
    rows = [
        {
            "number": row.number,
            "name": row.name,
            **{
                state: [
                    one.kind
                    for one, cell in zip(found.columns, row.cells, strict=True)
                    if cell in cells
                ]
                for state, cells in _STATES.items()
            },
            "explained": [one for one in bare[row.number] if one.reason],
        }
        for row in found.rows
    ]
    page = paging.Page(rows, query["page"], query["per_page"], found.listed)
    return {
        **answers.page_of(rows, page),
        "asking": found.total,
        "lacking": found.lacking,
        "requirements": found.version,
    }


@section.post("/batches/<id:batch_id>/explanations")
@needs("batch.edit")
@section.body(asks.Explanation)
@section.answers(200, document_answers.Explained)
@section.answers_later(large_acts.LargeAct)
def explain_missing(body: dict[str, Any], batch_id: str) -> dict[str, Any] | Response:
    """State why documents that corrections ask for are not there; the reviewer reads it.

    Without `kind` all that is missing, without `rows` all rows that lack it: those of a draft of
    more than 20,000 rows are explained by a worker, 202.
    """
    if _is_large(batch_id, body):
        return _later(batch_id, body, body["reason"])
    count = explaining.explain(portal(), caller(), batch_id, **body)
    return {"rows": count, "version": batch_views.batch_view(portal(), caller(), batch_id).version}


@section.post("/batches/<id:batch_id>/explanations/withdraw")
@needs("batch.edit")
@section.body(asks.ExplanationTaken)
@section.answers(200, document_answers.Explained)
@section.answers_later(large_acts.LargeAct)
def take_back_explanation(body: dict[str, Any], batch_id: str) -> dict[str, Any] | Response:
    """Take explanations back: the documents are missing again. 202 as for explaining."""
    if _is_large(batch_id, body):
        return _later(batch_id, body, None)
    count = explaining.take_back(portal(), caller(), batch_id, **body)
    return {"rows": count, "version": batch_views.batch_view(portal(), caller(), batch_id).version}


def _is_large(batch_id: str, body: dict[str, Any]) -> bool:
    is_all = body["rows"] is None
    return is_all and long_works.is_large(batch_views.batch_view(portal(), caller(), batch_id))


def _later(batch_id: str, body: dict[str, Any], reason: str | None) -> Response:
    number = long_works.ask_explain(
        portal(), caller(), batch_id, reason=reason, kind=body["kind"], version=body["version"]
    )
    return large_acts.later(batch_id, number)
