"""What a company's letters show, how they are numbered, and how they would look; the register."""

from typing import Any

from flask import Response
from marshmallow import fields, validate

from hr_portal.adapters.letters.logo import LARGEST_BYTES
from hr_portal.api import answers, letter_answers
from hr_portal.api.answers import Answer
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.findings import XLSX
from hr_portal.api.parsing import Ask, OneOf, Paging, Switch, Text, Upload, Whole, Words, says
from hr_portal.api.sections import Section
from hr_portal.domain.letter_choices import LONGEST_SALUTATION, LONGEST_TEXT, PHRASES
from hr_portal.domain.letter_numbers import (
    HIGHEST_START,
    LETTER_KINDS,
    LONGEST_PATTERN,
    RESETS,
    Series,
)
from hr_portal.domain.wording import date_in_words
from hr_portal.services import (
    company_letters,
    letter_numbering,
    letter_samples,
    letter_views,
    letters,
    places,
)
from hr_portal.services.paging import Page

section = Section(
    "Letter data", "What letters show, how they are numbered, and how they would look"
)

PNG = "image/png"
PDF = "application/pdf"
MOST_WORDS = 300
MOST_LISTED = 20


class ContactAsk(Ask):
    """Whom the branch can ask."""

    name = Text(most=MOST_WORDS, load_default="")
    title = Text(most=MOST_WORDS, load_default="")
    phone = Text(most=MOST_WORDS, load_default="")
    email = Text(most=MOST_WORDS, load_default="")


class SignatoryAsk(Ask):
    """Somebody who may sign; `attorney_number` is "" for a director."""

    name = Text(least=1, most=MOST_WORDS, required=True)
    title = Text(most=MOST_WORDS, load_default="")
    attorney_number = Text(most=MOST_WORDS, load_default="")


class ChoicesAsk(Ask):
    """Words of the letters; an empty text is the portal's own again."""

    phrases = OneOf(PHRASES)
    salutation = Text(most=LONGEST_SALUTATION)
    opening = Text(most=LONGEST_TEXT)
    request = Text(most=LONGEST_TEXT)
    closing = Text(most=LONGEST_TEXT)


class LetterDataAsk(Ask):
    """What is to be changed; whatever is left out stays."""

    address = Text(most=MOST_WORDS)
    city = Text(most=MOST_WORDS)
    phone = Text(most=MOST_WORDS)
    email = Text(most=MOST_WORDS)
    short_name = Text(most=MOST_WORDS, metadata={"description": "What {perusahaan} prints"})
    paper = OneOf(("a4", "f4"))
    contact = fields.Nested(ContactAsk)
    signatories = Words(
        fields.Nested(SignatoryAsk),
        most=MOST_LISTED,
        metadata={"description": "All of them, in their order; `signatory` counts from 0"},
    )
    copies_to = fields.List(
        Text(least=1, most=MOST_WORDS),
        validate=validate.Length(max=MOST_LISTED, error=f"Paling banyak {MOST_LISTED} butir"),
        error_messages=says("Harus berupa daftar"),
    )
    letter_choices = fields.Nested(ChoicesAsk)


class LetterDataChange(LetterDataAsk):
    """What is to be changed; whatever is left out stays."""

    remove_logo = Switch(load_default=False)


class NewLogo(Ask):
    """A PNG or SVG."""

    file = Upload(required=True)


class SeriesAsk(Ask):
    """How one kind of letter is numbered, from the next letter on."""

    kind = OneOf(LETTER_KINDS, required=True)
    pattern = Text(least=1, most=LONGEST_PATTERN, required=True)
    reset = OneOf(RESETS, required=True)
    start = Whole(most=HIGHEST_START, required=True)
    code = Text(most=MOST_WORDS, metadata={"description": "What {kode} prints; else as it is"})


class NewOutsideNumber(Ask):
    """A number used on a letter that the portal didn't make."""

    kind = OneOf(LETTER_KINDS, required=True)
    number = Text(least=1, most=letter_numbering.LONGEST_NUMBER, required=True)
    used_on = fields.Date(required=True, error_messages=says("Harus tanggal, misalnya 2026-01-31"))
    note = Text(most=letter_numbering.LONGEST_NOTE, load_default="")


class LetterDraft(Ask):
    """Of which kind the letter is, who signs it, and as what it is drawn."""

    kind = OneOf(letter_views.KINDS, load_default=letter_views.SERIES)
    signatory = Whole(text=True, least=0, most=MOST_LISTED, load_default=0)
    form = OneOf(
        ("pdf", "png"),
        load_default="pdf",
        metadata={"description": "png: a picture of its first pages, one below the other"},
    )


class LetterCompany(Answer):
    """A company whose letters the caller may see to."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    npp = fields.String(required=True)
    division = fields.String(required=True)


class SeriesOf(Answer):
    """How a kind of letter is numbered."""

    kind = fields.String(required=True)
    pattern = fields.String(required=True, attribute="series.pattern")
    reset = fields.String(required=True, attribute="series.reset")
    start = fields.Integer(required=True, attribute="series.start")
    code = fields.String(required=True, attribute="series.code")
    last = fields.Integer(
        required=True, metadata={"description": "Highest in this period; 0 for none"}
    )
    following = fields.String(required=True, metadata={"description": "The next number, today"})


class CompanyCertificate(Answer):
    """What a company signs with; its password is kept nowhere."""

    subject = fields.String(required=True)
    issuer = fields.String(required=True)
    not_before = fields.AwareDateTime(required=True)
    not_after = fields.AwareDateTime(required=True)
    is_current = fields.Boolean(required=True)


class LetterData(LetterCompany):
    """All that letters of a company show, how they are numbered, and what signs them."""

    address = fields.String(required=True)
    city = fields.String(required=True)
    phone = fields.String(required=True)
    email = fields.String(required=True)
    short_name = fields.String(required=True)
    paper = fields.String(required=True)
    contact = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    signatories = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()), required=True
    )
    copies_to = fields.List(fields.String(), required=True)
    letter_choices = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    has_logo = fields.Boolean(required=True)
    series = fields.List(fields.Nested(SeriesOf), required=True)
    certificate = fields.Nested(CompanyCertificate, required=True, allow_none=True)


class OutsideNumber(Answer):
    """A number used outside the portal; `sequence` is null where it follows no pattern of ours."""

    number = fields.String(required=True)
    kind = fields.String(required=True)
    used_on = fields.Date(required=True)
    sequence = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)


@section.get("/companies")
@needs("company.edit")
@section.query(Paging)
@section.answers(200, answers.paged(LetterCompany))
def list_companies(query: dict[str, Any]) -> dict[str, Any]:
    """List the companies whose letters the caller may see to, by name."""
    page, per_page = query["page"], query["per_page"]
    found = places.companies(portal(), caller())
    here = found[(page - 1) * per_page : page * per_page]
    return answers.page_of(here, Page(here, page, per_page, len(found)))


@section.get("/companies/<id:company_id>/letter-data")
@needs("company.edit")
@section.answers(200, LetterData)
def show_letter_data_of(company_id: str) -> dict[str, Any]:
    """Show what a company's letters show, how they are numbered, and what signs them."""
    return letter_data_of(company_id)


@section.post("/companies/<id:company_id>/letter-data")
@needs("company.edit")
@section.body(LetterDataChange)
@section.answers(200, LetterData)
def change_letter_data(body: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Change what a company's letters show, from the next letter on."""
    values = _changed(company_id, body)
    places.edit_company(portal(), caller(), company_id, values)
    return letter_data_of(company_id)


@section.post("/companies/<id:company_id>/logo")
@needs("company.edit")
@takes_upload(lambda _settings: LARGEST_BYTES)
@section.form(NewLogo)
@section.answers(200, LetterData)
def keep_logo(form: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Put a logo into the letterhead; one that can't be printed is refused with the reason."""
    places.edit_company(portal(), caller(), company_id, {"logo": form["file"].stream.read()})
    return letter_data_of(company_id)


@section.post("/companies/<id:company_id>/letter-sample")
@needs("company.edit")
@section.body(LetterDataAsk, required=False)
@section.answers(200, BINARY, content_type=PNG, description="Pages marked CONTOH, as a picture")
def show_letter_sample(body: dict[str, Any], company_id: str) -> Response:
    """Draw a letter of invented people as it would look with these changes; nothing is kept."""
    kept = company_letters.held(places.company(portal(), caller(), company_id))
    picture = letter_samples.picture(
        portal(), caller(), company_id, {**kept, **_changed(company_id, body)}
    )
    return as_file(picture, PNG, "contoh-surat.png")


@section.post("/companies/<id:company_id>/series")
@needs("company.edit")
@section.body(SeriesAsk)
@section.answers(200, LetterData)
def change_series(body: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Change how one kind of letter is numbered, from the next letter on."""
    company = places.company(portal(), caller(), company_id)
    kind = body["kind"]
    code = body["code"] or letter_numbering.company_series(company, kind).code
    series = Series(body["pattern"], body["reset"], body["start"], code)
    letter_numbering.edit_series(portal(), caller(), company_id, kind, series)
    return letter_data_of(company_id)


@section.get("/companies/<id:company_id>/outside-numbers")
@needs("company.edit")
@section.query(Paging)
@section.answers(200, answers.paged(OutsideNumber))
def list_outside_numbers(query: dict[str, Any], company_id: str) -> dict[str, Any]:
    """List the numbers a company used outside the portal, the latest first."""
    page, per_page = query["page"], query["per_page"]
    found = letter_numbering.outside_numbers(portal(), caller(), company_id)
    here = found[(page - 1) * per_page : page * per_page]
    return answers.page_of(here, Page(here, page, per_page, len(found)))


@section.post("/companies/<id:company_id>/outside-numbers")
@needs("company.edit")
@section.body(NewOutsideNumber)
@section.answers(201, OutsideNumber)
def note_outside_number(body: dict[str, Any], company_id: str) -> letter_numbering.OutsideView:
    """Note a number that was used outside the portal; it is never given out again."""
    return letter_numbering.register_outside(portal(), caller(), company_id, **body)


@section.get("/letters")
@needs("letter.issue")
@section.query(Paging)
@section.answers(200, answers.paged(letter_answers.Letter))
def list_letters(query: dict[str, Any]) -> dict[str, Any]:
    """List all letters of the caller's companies, the newest first."""
    page, per_page = query["page"], query["per_page"]
    found, total = letter_views.register(portal(), caller(), page=page, per_page=per_page)
    return answers.page_of(found, Page(found, page, per_page, total))


@section.get("/letters/register.xlsx")
@needs("letter.issue")
@section.answers(200, BINARY, content_type=XLSX, description="Letters and outside numbers")
def show_register() -> Response:
    """Fetch the register of the caller's companies, with the numbers used elsewhere."""
    kinds = {kind: names[0] for kind, names in LETTER_KINDS.items()}
    book = company_letters.register_book(
        portal(), caller(), day=date_in_words, kinds=kinds, states=company_letters.STATES
    )
    return as_file(book, XLSX, "daftar-surat.xlsx")


@section.get("/batches/<id:batch_id>/letters/preview")
@needs("letter.issue")
@section.query(LetterDraft)
@section.answers(200, BINARY, content_type=PDF, description="Marked KONSEP, without number or QR")
@section.answers_too(200, BINARY, PNG)
def preview_letter(query: dict[str, Any], batch_id: str) -> Response:
    """Draw a batch's letter as it would be issued now; what is missing is red."""
    as_picture = query["form"] == "png"
    drawn = letters.preview(
        portal(),
        caller(),
        batch_id,
        signatory=query["signatory"],
        kind=query["kind"],
        as_picture=as_picture,
    )
    return as_file(drawn, PNG if as_picture else PDF, f"konsep-surat.{query['form']}")


def _changed(company_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return company_letters.changed(places.company(portal(), caller(), company_id), body)


def letter_data_of(company_id: str) -> dict[str, Any]:
    """What a company's letters show, as `LetterData` answers it; raises NotFound."""
    return company_letters.shown(portal(), caller(), company_id)
