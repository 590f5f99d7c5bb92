"""What a company's letters show: letterhead, words, contact, signatories, number, paper."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.adapters.letters.logo import LARGEST_BYTES
from hr_portal.domain.letter_choices import PHRASES, PLACEHOLDERS, choices_of, longest
from hr_portal.domain.letter_numbers import TOKENS, check_pattern, format_number
from hr_portal.services import letter_samples, letter_signing, places
from hr_portal.services.company_letters import CHOICES, CONTACT, SIGNATORY, TEXTS, held
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import beside, said
from hr_portal.web.security import CONTENT_SECURITY_POLICY, safe_next, takes_upload

blueprint = Blueprint("company", __name__)

SPARE_SIGNATORIES: Final = 1
"""Empty lines offered below the signatories there are."""
DROP_LOGO: Final = "hapus_logo"
PICTURING_POLICY: Final = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' blob:")
"""For the page that shows a picture which its own script has fetched by POST."""


@blueprint.get("/perusahaan/<company_id>")
@needs("company.edit")
def edit(company_id: str) -> Response:
    """The form with what is on record."""
    return _form(company_id, held(places.company(portal(), actor(), company_id)))


@blueprint.post("/perusahaan/<company_id>")
@needs("company.edit")
@takes_upload(lambda _settings: LARGEST_BYTES)
def save(company_id: str) -> AnyResponse | tuple[Response, int]:
    """Keeps the form, or shows it again with what is wrong."""
    values = _sent()
    try:
        places.edit_company(portal(), actor(), company_id, values)
    except Invalid as error:
        page = _form(company_id, values, said(error.message, error.message_en), beside(error))
        return page, 422
    flash(_("Data surat disimpan. Surat yang sudah terbit tidak berubah."), "ok")
    back = safe_next(request.form.get("kembali"))
    return redirect(back or url_for("company.edit", company_id=company_id))


@blueprint.post("/perusahaan/<company_id>/contoh-surat")
@needs("company.edit")
@takes_upload(lambda _settings: LARGEST_BYTES)
def sample(company_id: str) -> Response:
    """A letter of invented people as a picture, with what the form holds; nothing is kept."""
    try:
        picture = letter_samples.picture(portal(), actor(), company_id, _sent())
    except Invalid as error:
        refusal = make_response(said(error.message, error.message_en), 422)
        refusal.mimetype = "text/plain"
        return refusal
    answer = make_response(picture)
    answer.mimetype = "image/png"
    return answer


def _sent() -> dict[str, Any]:
    """What the page sent; a text left empty is as usual, and without a new logo the old stays."""
    values = sent_values()
    said_ = {name: _lines(request.form.get(name, "")) for name in CHOICES}
    chosen = choices_of(said_)
    values["letter_choices"] = {name: getattr(chosen, name) for name in CHOICES}
    logo = request.files.get("logo")
    if logo and logo.filename:
        values["logo"] = logo.read()
    elif DROP_LOGO in request.form:
        values["logo"] = b""
    return values


def _lines(text: str) -> str:
    """A text of several lines as a browser sends it, with plain line breaks."""
    return "\n".join(text.strip().splitlines())


def sent_values() -> dict[str, Any]:
    """The letter data that a form sent; empty lines of signatories and tembusan fall away."""
    form = request.form
    lines = zip(*(form.getlist(f"signatory_{name}") for name in SIGNATORY), strict=False)
    signatories = [
        dict(zip(SIGNATORY, (part.strip() for part in line), strict=True)) for line in lines
    ]
    return {
        **{name: form.get(name, "").strip() for name in TEXTS},
        "contact": {name: form.get(f"contact_{name}", "").strip() for name in CONTACT},
        "signatories": [one for one in signatories if one["name"]],
        "copies_to": [
            line.strip() for line in form.get("copies_to", "").splitlines() if line.strip()
        ],
    }


def next_number(pattern: str, code: str) -> str:
    """How a number of this pattern looks, for the eye; "" where the pattern is faulty."""
    if check_pattern(pattern):
        return ""
    today = portal().clock().astimezone(ZoneInfo(portal().settings.timezone)).date()
    return format_number(pattern, sequence=7, issued_on=today, company_code=code or "HRD")


def form_parts(values: dict[str, Any]) -> dict[str, Any]:
    """What the letter part of the form shows besides the values themselves."""
    signatories = [
        *values["signatories"],
        *(dict.fromkeys(SIGNATORY, "") for _i in range(SPARE_SIGNATORIES)),
    ]
    return {
        "values": values,
        "signatories": signatories,
        "tokens": TOKENS,
        "sample": next_number(values["number_pattern"], values["short_name"]),
    }


def company_form(company_id: str, problem: str) -> Response:
    """The page with what is on record, and what went wrong."""
    return _form(company_id, held(places.company(portal(), actor(), company_id)), problem)


def _form(
    company_id: str, values: dict[str, Any], problem: str = "", wrong: dict[str, str] | None = None
) -> Response:
    company = places.company(portal(), actor(), company_id)
    page = render_template(
        "company/edit.html",
        company=company,
        problem=problem,
        wrong=wrong or {},
        back=safe_next(request.values.get("kembali")) or "",
        phrases=PHRASES,
        placeholders=PLACEHOLDERS,
        longest=longest,
        has_logo=company.logo is not None,
        certificate=letter_signing.certificate(portal(), actor(), company_id),
        **form_parts(values),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = PICTURING_POLICY
    return answer
