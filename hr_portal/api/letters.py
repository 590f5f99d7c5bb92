"""Cover letters: issued, shown, fetched."""

from typing import Any

from flask import Response

from hr_portal.api import asks, letter_answers
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.findings import XLSX
from hr_portal.api.parsing import Ask
from hr_portal.api.sections import Section
from hr_portal.services import letter_contents, letter_failures, letter_views, letters

section = Section("Letters", "The letter of request of a batch, and those beside it")


@section.post("/batches/<id:batch_id>/letters")
@needs("letter.issue")
@section.body(asks.NewLetter, required=False)
@section.answers(201, letter_answers.Letter)
def issue_letter(body: dict[str, Any], batch_id: str) -> letter_views.LetterView:
    """Issue the letter of a draft's current revision, or what goes with it.

    Asked again with nothing changed, the letter that stands is given back and no second number is
    used. After a change of rows or documents a new letter supersedes it. `kind` other than
    "permohonan" needs a letter of request that stands.
    """
    if body["kind"] != letter_views.SERIES:
        return letters.issue_companion(
            portal(), caller(), batch_id, body["kind"], signatory=body["signatory"]
        )
    return letters.issue(
        portal(), caller(), batch_id, version=body["version"], signatory=body["signatory"]
    )


@section.get("/letters/<id:letter_id>")
@needs("letter.read")
@section.answers(200, letter_answers.Letter)
def show_letter(letter_id: str) -> letter_views.LetterView:
    """Show a letter's number, date, state and hash."""
    return letter_views.letter_view(portal(), caller(), letter_id)


@section.post("/letters/<id:letter_id>/revoke")
@needs("letter.issue")
@section.body(asks.Revocation)
@section.answers(200, letter_answers.Letter)
def revoke_letter(body: dict[str, Any], letter_id: str) -> letter_views.LetterView:
    """Revoke a letter that stands, with a reason; its number is never used again."""
    return letters.revoke(portal(), caller(), letter_id, reason=body["reason"])


@section.post("/letters/<id:letter_id>/render")
@needs("letter.issue")
@section.body(Ask, required=False)
@section.answers(200, letter_answers.Letter)
def render_letter(_body: dict[str, Any], letter_id: str) -> letter_views.LetterView:
    """Have the PDF of a letter made whose `failure` says that it could not be made."""
    letter_failures.try_again(portal(), caller(), letter_id)
    return letter_views.letter_view(portal(), caller(), letter_id)


@section.get("/letters/<id:letter_id>/pdf")
@needs("letter.read")
@section.answers(
    200,
    BINARY,
    content_type="application/pdf",
    description="The kept bytes; their SHA-256 is the letter's",
)
def show_letter_pdf(letter_id: str) -> Response:
    """Fetch a letter's PDF; recorded."""
    view, pdf = letter_views.open_letter(portal(), caller(), letter_id)
    return as_file(pdf, "application/pdf", "surat-" + view.number.replace("/", "-") + ".pdf")


@section.get("/letters/<id:letter_id>/table.xlsx")
@needs("letter.read")
@section.answers(
    200,
    BINARY,
    content_type=XLSX,
    description="The workbook with the corrections; its SHA-256 is `table_sha256`",
)
def show_letter_table(letter_id: str) -> Response:
    """Fetch the workbook of a letter that names one instead of printing its table; recorded."""
    view, held = letter_contents.workbook(portal(), caller(), letter_id)
    return as_file(held, XLSX, "lampiran-1-" + view.number.replace("/", "-") + ".xlsx")


@section.get("/letters/<id:letter_id>/data")
@needs("letter.read")
@section.answers(200, letter_answers.LetterContent)
def show_letter_data(letter_id: str) -> letter_contents.Content:
    """Read the corrections back from the PDF of a letter; recorded, as fetching it is.

    `is_same` says whether they are exactly the rows of the letter's revision.
    """
    return letter_contents.read(portal(), caller(), letter_id)
