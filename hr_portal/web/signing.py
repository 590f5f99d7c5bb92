"""Signed letters: the company's certificate, signing with it, and copies signed elsewhere."""

from typing import BinaryIO, Final, cast

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import documents, letter_signing, letter_views
from hr_portal.services.errors import Invalid, TooLarge, TooMany
from hr_portal.services.letter_signing import MOST_PKCS12, CopyView
from hr_portal.services.letter_views import LetterView
from hr_portal.web.access import actor, needs
from hr_portal.web.company import company_form
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.framed import PDF, framed_pdf
from hr_portal.web.i18n import said
from hr_portal.web.letters import file_name, letter_page
from hr_portal.web.security import FILE_SECURITY_POLICY, content_disposition, takes_upload

blueprint = Blueprint("signing", __name__)

ENDINGS: Final = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@blueprint.post("/perusahaan/<company_id>/sertifikat")
@needs("company.edit")
@takes_upload(lambda _settings: MOST_PKCS12)
def keep_certificate(company_id: str) -> AnyResponse | tuple[Response, int]:
    """Keeps the certificate that a company signs with; its password is used once."""
    sent = request.files.get("certificate")
    password = request.form.get("password", "")
    try:
        letter_signing.keep_certificate(
            portal(), actor(), company_id, sent.read() if sent else b"", password
        )
    except (Invalid, TooMany) as error:
        return company_form(company_id, said(error.message, error.message_en)), status_of(error)
    flash(_("Sertifikat tersimpan. Kata sandinya tidak disimpan dan diminta setiap menandatangani."), "ok")  # fmt: skip
    return redirect(url_for("company.edit", company_id=company_id, _anchor="sertifikat"))


@blueprint.post("/perusahaan/<company_id>/sertifikat/hapus")
@needs("company.edit")
def drop_certificate(company_id: str) -> AnyResponse:
    """Forgets the certificate; what was signed with it stays."""
    letter_signing.drop_certificate(portal(), actor(), company_id)
    flash(_("Sertifikat dihapus dari portal. Surat yang sudah ditandatangani tidak berubah."), "ok")
    return redirect(url_for("company.edit", company_id=company_id, _anchor="sertifikat"))


@blueprint.post("/surat/<letter_id>/tanda-tangan")
@needs("letter.issue")
def sign(letter_id: str) -> AnyResponse | tuple[Response, int]:
    """Signs a letter that stands with the company's certificate."""
    letter = letter_views.letter_view(portal(), actor(), letter_id)
    try:
        letter_signing.sign_letter(
            portal(), actor(), letter_id, request.form.get("certificate_password", "")
        )
    except (Invalid, TooMany) as error:
        return _refused(letter, error)
    flash(_("Surat %(number)s ditandatangani secara elektronik.", number=letter.number), "ok")
    return redirect(url_for("letters.prepare", batch_id=letter.batch_id))


@blueprint.post("/surat/<letter_id>/salinan")
@needs("letter.issue")
@takes_upload(lambda settings: settings.max_document_bytes)
def add_copy(letter_id: str) -> AnyResponse | tuple[Response, int]:
    """Ties to a letter the scan of the signed paper, or the PDF signed or stamped elsewhere."""
    letter = letter_views.letter_view(portal(), actor(), letter_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _refused(letter, documents.nothing_chosen())
    try:
        stream = cast("BinaryIO", sent.stream)
        letter_signing.add_copy(portal(), actor(), letter_id, stream, sent.filename)
    except (Invalid, TooLarge) as error:
        return _refused(letter, error)
    flash(_("Salinan bertanda tangan tersimpan pada surat %(number)s.", number=letter.number), "ok")
    return redirect(url_for("letters.prepare", batch_id=letter.batch_id))


@blueprint.get("/surat/<letter_id>/salinan/<int:copy_id>")
@needs("letter.read")
def show_copy(letter_id: str, copy_id: int) -> Response:
    """A signed copy as it is kept; with `lihat` for the eye, unless somebody else made the file."""
    letter = letter_views.letter_view(portal(), actor(), letter_id)
    copy, content = letter_signing.open_copy(portal(), actor(), letter_id, copy_id)
    name = _copy_name(letter, copy)
    answer = make_response(content)
    if "lihat" in request.args and copy.kind != "elsewhere" and copy.media_type == PDF:
        return framed_pdf(answer, name)
    answer.mimetype = copy.media_type
    answer.headers["Content-Disposition"] = content_disposition(
        name, attached="lihat" not in request.args or copy.kind == "elsewhere"
    )
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    return answer


def _copy_name(letter: LetterView, copy: CopyView) -> str:
    return file_name(letter).removesuffix(".pdf") + f" {copy.id}{ENDINGS[copy.media_type]}"


def _refused(letter: LetterView, error: Invalid | TooLarge | TooMany) -> tuple[Response, int]:
    return letter_page(letter.batch_id, said(error.message, error.message_en)), status_of(error)
