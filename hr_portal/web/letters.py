"""The cover letter: read as it will be printed, issued once, kept and given out as kept."""

import json
from typing import Final

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.adapters.database.models import Company
from hr_portal.domain.letter_numbers import LetterKind
from hr_portal.services import (
    batch_views,
    documents,
    letter_contents,
    letter_failures,
    letter_signing,
    letter_views,
    letters,
    places,
    submission,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Invalid, ServiceError
from hr_portal.services.letter_views import LetterView
from hr_portal.services.paging import Page
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.framed import PDF, framed_message, framed_pdf, frames
from hr_portal.web.i18n import said
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.security import content_disposition
from hr_portal.web.sending import workbook
from hr_portal.web.stepping import steps_of
from hr_portal.web.timeline import letter_entry
from hr_portal.web.words import file_rows, next_step, rows_held

blueprint = Blueprint("letters", __name__)

PER_PAGE: Final = 50
MOST_MADE_AT_ONCE: Final = 1_000
"""Corrections up to which a letter is made while the page waits."""
MOST_SHOWN: Final = 100
"""Corrections of a letter's content on its page; the files hold all."""
MOST_FORMS_AT_ONCE: Final = 20
"""Rows up to which forms are made while the page waits."""
BEFORE_LETTER: Final = ("berkas", "hasil")
"""Steps whose lacks stand in the way of a letter."""


@blueprint.get("/surat")
@needs("letter.issue")
def index() -> str:
    """All letters of the actor's companies, the newest first."""
    found, total = letter_views.register(portal(), actor(), page=page_number(), per_page=PER_PAGE)
    companies = places.companies(portal(), actor())
    page = Page(found, page_number(), PER_PAGE, total)
    return render_template(
        "letter/index.html", letters=found, page=view_of(page), companies=companies, total=total
    )


@blueprint.get("/pengajuan/<batch_id>/surat")
@needs("letter.issue")
def prepare(batch_id: str) -> Response | AnyResponse:
    """The letter of a batch: to be read and issued, or as it was issued."""
    batch = _batch(batch_id)
    if batch.revision.state != "checked":
        return redirect(url_for("batches.show", batch_id=batch_id))
    return _page(batch)


@blueprint.get("/pengajuan/<batch_id>/surat/pratinjau")
@needs("letter.issue")
def preview(batch_id: str) -> Response:
    """The letter as PDF as it would be issued now; with `unduh` to keep, `gambar` as PNG."""
    try:
        pdf = letters.preview(
            portal(),
            actor(),
            batch_id,
            signatory=_signatory(),
            kind=_kind(),
            as_picture="gambar" in request.args,
        )
    except Invalid as error:
        refusal = make_response(said(error.message, error.message_en), status_of(error))
        return framed_message(refusal)
    name = _("Konsep surat.pdf")
    answer = make_response(pdf)
    if "gambar" in request.args:
        answer.mimetype = "image/png"
        return answer
    if "unduh" in request.args:
        answer.mimetype = PDF
        answer.headers["Content-Disposition"] = content_disposition(name, attached=True)
        return answer
    return framed_pdf(answer, name)


@blueprint.post("/pengajuan/<batch_id>/surat")
@needs("letter.issue")
def issue(batch_id: str) -> Response | AnyResponse | tuple[Response, int]:
    """Issues the letter; asked twice, the one that stands is shown again."""
    batch = _batch(batch_id)
    try:
        if _kind() == letter_views.SERIES:
            letter = letters.issue(
                portal(),
                actor(),
                batch_id,
                version=request.form.get("version", type=int),
                signatory=_signatory(),
                wait=_is_quick(batch),
            )
        else:
            letter = letters.issue_companion(
                portal(),
                actor(),
                batch_id,
                _kind(),
                signatory=_signatory(),
                wait=_kind() != "formulir" or rows_held(batch) <= MOST_FORMS_AT_ONCE,
            )
    except Invalid as error:
        return _page(batch, said(error.message, error.message_en)), status_of(error)
    flash(_("Surat %(number)s sudah terbit.", number=letter.number), "ok")
    return redirect(url_for("letters.prepare", batch_id=batch_id))


@blueprint.post("/surat/<letter_id>/cabut")
@needs("letter.issue")
def revoke(letter_id: str) -> AnyResponse | tuple[Response, int]:
    """Revokes a letter that stands, with a reason."""
    letter = letter_views.letter_view(portal(), actor(), letter_id)
    try:
        letters.revoke(portal(), actor(), letter_id, reason=request.form.get("reason", ""))
    except Invalid as error:
        page = _page(_batch(letter.batch_id), said(error.message, error.message_en))
        return page, status_of(error)
    flash(_("Surat %(number)s dicabut. Nomornya tidak dipakai ulang.", number=letter.number), "ok")
    return redirect(url_for("letters.prepare", batch_id=letter.batch_id))


@blueprint.post("/surat/<letter_id>/buat-lagi")
@needs("letter.issue")
def make_again(letter_id: str) -> AnyResponse:
    """Has the PDF of a letter made that could not be made."""
    letter = letter_views.letter_view(portal(), actor(), letter_id)
    letter_failures.try_again(portal(), actor(), letter_id)
    flash(_("PDF surat %(number)s sedang dibuat lagi.", number=letter.number), "ok")
    return redirect(url_for("letters.prepare", batch_id=letter.batch_id))


@blueprint.get("/surat/<letter_id>/pdf")
@needs("letter.read")
def download(letter_id: str) -> Response:
    """The issued letter exactly as it is kept, for keeping."""
    view, pdf = letter_views.open_letter(portal(), actor(), letter_id)
    answer = make_response(pdf)
    answer.mimetype = PDF
    answer.headers["Content-Disposition"] = content_disposition(file_name(view), attached=True)
    return answer


@blueprint.get("/surat/<letter_id>")
@needs("letter.read")
def show(letter_id: str) -> Response:
    """The issued letter exactly as it is kept, for the eye."""
    try:
        view, pdf = letter_views.open_letter(portal(), actor(), letter_id)
    except ServiceError as error:
        if status_of(error) != 409:  # noqa: PLR2004 - still being made
            raise
        return framed_message(make_response(said(error.message, error.message_en), 409))
    return framed_pdf(make_response(pdf), file_name(view))


@blueprint.get("/surat/<letter_id>/isi")
@needs("letter.read")
def contents(letter_id: str) -> str | Response:
    """The corrections inside the PDF, read back, and whether they are those of the batch.

    With `unduh=json` or `unduh=csv` they come as that file.
    """
    content = letter_contents.read(portal(), actor(), letter_id)
    form = request.args.get("unduh")
    if form in {"json", "csv"}:
        held = content.csv if form == "csv" else json.dumps(content.data, ensure_ascii=False)
        answer = make_response(held)
        answer.mimetype = "text/csv" if form == "csv" else "application/json"
        name = file_name(content.letter).removesuffix(".pdf") + f".{form}"
        answer.headers["Content-Disposition"] = content_disposition(name, attached=True)
        return answer
    return render_template(
        "letter/contents.html",
        letter=content.letter,
        copies=letter_signing.copies(portal(), actor(), letter_id),
        rows=content.rows[:MOST_SHOWN],
        total=len(content.rows),
        comparison=content.comparison,
        differences=len(content.comparison.only_in_letter) + len(content.comparison.only_in_batch),
    )


@blueprint.get("/surat/<letter_id>/lampiran.xlsx")
@needs("letter.read")
def table(letter_id: str) -> Response:
    """The workbook that a letter names where its corrections are too many to be printed."""
    view, held = letter_contents.workbook(portal(), actor(), letter_id)
    name = file_name(view).removesuffix(".pdf") + " - Lampiran I.xlsx"
    return workbook(held, name)


def letter_page(batch_id: str, problem: str) -> Response:
    """The page of a batch's letters, and what went wrong."""
    return _page(_batch(batch_id), problem)


def file_name(letter: LetterView) -> str:
    """What a letter's file is called: its number without the slashes."""
    return _("Surat %(number)s.pdf", number=letter.number.replace("/", "-"))


def _page(batch: BatchView, problem: str = "") -> Response:
    g.zone = batch.timezone
    found = letter_views.list_letters(portal(), actor(), batch.id)
    issued = [letter for letter in found if not letter.person]
    standing = {letter.kind: letter for letter in issued if letter.state == "issued"}
    current = standing.get(letter_views.SERIES)
    missing = submission.lacks(portal(), actor(), batch.id) if batch.is_mine_to_edit else []
    company = places.company(portal(), actor(), batch.company_id)
    blocking = [
        lack
        for lack in missing
        if lack.step in BEFORE_LETTER and lack.code != "warnings_unconfirmed"
    ]
    signed = [
        document
        for document in documents.list_documents(portal(), actor(), batch.id)
        if document.kind == documents.SIGNED_LETTER
    ]
    copies = letter_signing.copies(portal(), actor(), current.id) if current else []
    page = make_response(
        render_template(
            "letter/prepare.html",
            batch=batch,
            about=file_rows(batch),
            company=company,
            signatory=_signatory() if _signatory() < len(company.signatories) else 0,
            current=current,
            earlier=[letter for letter in issued if letter not in standing.values()],
            companions=[
                (kind, kind_name(kind), standing.get(kind)) for kind in letter_views.COMPANIONS
            ],
            forms=sum(bool(one.person) and one.state == "issued" for one in found),
            kind_name=kind_name,
            blocking=next_step(batch, blocking) if blocking else None,
            blocked_by=blocking,
            incomplete=lacking(company),
            step=next_step(batch, [lack for lack in missing if lack.step != "surat"]),
            bar=steps_of("letters", batch, missing),
            signed=signed,
            copies=copies,
            certificate=letter_signing.certificate(portal(), actor(), batch.company_id),
            rows=rows_held(batch),
            at_once=_is_quick(batch),
            today=portal().clock(),
            problem=problem,
            events=[letter_entry(act) for act in letter_views.history(portal(), actor(), batch.id)],
            most_reason=letters.MOST_REASON,
        )
    )
    return frames(page)


def kind_name(kind: str) -> str:
    """What a kind of letter is called."""
    return {
        "permohonan": _("Surat permohonan koreksi"),
        "pengantar": _("Surat pengantar"),
        "pernyataan": _("Surat pernyataan tanggung jawab"),
        "formulir": _("Formulir perubahan data per orang"),
        "tanda_terima": _("Tanda terima pengajuan"),
        "berita_acara": _("Berita acara keputusan"),
    }[kind]


def _kind() -> LetterKind:
    """Which kind of letter is meant; that of request where nothing sensible is said."""
    sent = request.values.get("jenis", "")
    return next((kind for kind in letter_views.KINDS if kind == sent), letter_views.SERIES)


def lacking(company: Company) -> list[str]:
    """What of a company's data a letter can't do without and hasn't got."""
    wanted = (
        (bool(company.signatories and company.signatories[0].get("name")), _("penanda tangan")),
        (bool(company.address), _("alamat perusahaan")),
        (bool(company.city), _("kota")),
        (bool((company.contact or {}).get("name")), _("narahubung")),
    )
    return [name for held, name in wanted if not held]


def _is_quick(batch: BatchView) -> bool:
    """Whether the letter is made while somebody waits; a longer one is a worker's."""
    return sum(batch.revision.fields.values()) <= MOST_MADE_AT_ONCE


def _batch(batch_id: str) -> BatchView:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return batch


def _signatory() -> int:
    """Which of the company's signatories was chosen; the first where nothing sensible is said."""
    chosen = request.values.get("penanda", 0, type=int)
    return chosen if 0 <= chosen < 100 else 0  # noqa: PLR2004 - nobody has as many
