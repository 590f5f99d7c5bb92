"""How a company numbers its letters, the numbers it used elsewhere, and the register of all."""

import datetime as dt
from typing import Final, get_args
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.domain.letter_numbers import (
    HIGHEST_START,
    LETTER_KINDS,
    RESETS,
    TOKENS,
    LetterKind,
    Reset,
    Series,
)
from hr_portal.services import company_letters, letter_numbering, letter_views, places
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import day
from hr_portal.web.i18n import beside, language, said
from hr_portal.web.sending import workbook

blueprint = Blueprint("numbers", __name__)

KINDS: Final[tuple[LetterKind, ...]] = letter_views.KINDS


@blueprint.get("/perusahaan/<company_id>/nomor-surat")
@needs("company.edit")
def show(company_id: str) -> str:
    """How each kind of letter is numbered, and the numbers used outside the portal."""
    return _page(company_id)


@blueprint.post("/perusahaan/<company_id>/nomor-surat")
@needs("company.edit")
def save(company_id: str) -> Response | tuple[str, int]:
    """Changes how one kind of letter is numbered, from the next letter on."""
    kind = _kind()
    series = Series(
        pattern=request.form.get("pattern", ""),
        reset=_reset(),
        start=request.form.get("start", 0, type=int),
        code=request.form.get("code", ""),
    )
    try:
        letter_numbering.edit_series(portal(), actor(), company_id, kind, series)
    except Invalid as error:
        return _page(company_id, said(error.message, error.message_en), beside(error)), 422
    flash(_("Penomoran disimpan. Berlaku mulai surat berikutnya."), "ok")
    return redirect(url_for("numbers.show", company_id=company_id))


@blueprint.post("/perusahaan/<company_id>/nomor-luar")
@needs("company.edit")
def register(company_id: str) -> Response | tuple[str, int]:
    """Notes down a number that was used on a letter outside the portal."""
    try:
        noted = letter_numbering.register_outside(
            portal(),
            actor(),
            company_id,
            kind=request.form.get("series", ""),
            number=request.form.get("number", ""),
            used_on=_day(),
            note=request.form.get("note", ""),
        )
    except Invalid as error:
        return _page(company_id, said(error.message, error.message_en), beside(error)), 422
    if noted.sequence is None:
        told = _(
            "Nomor %(number)s dicatat. Nomor itu tidak mengikuti pola, jadi hanya nomor itu sendiri yang dilewati.",
            number=noted.number,
        )
    else:
        told = _(
            "Nomor %(number)s dicatat; nomor urut %(sequence)s dilewati.",
            number=noted.number, sequence=noted.sequence,
        )  # fmt: skip
    flash(told, "ok")
    return redirect(url_for("numbers.show", company_id=company_id))


@blueprint.get("/surat/daftar.xlsx")
@needs("letter.issue")
def download() -> Response:
    """The register of the actor's companies: letters of the portal and numbers used elsewhere."""
    english = language() == "en"
    states = {
        "issued": _("Terbit"), "superseded": _("Digantikan"), "revoked": _("Dicabut"),
        company_letters.OUTSIDE: _("Di luar portal"),
    }  # fmt: skip
    kinds = {kind: names[english] for kind, names in LETTER_KINDS.items()}
    book = company_letters.register_book(portal(), actor(), day=day, kinds=kinds, states=states)
    return workbook(book, "daftar-surat.xlsx")


def _page(company_id: str, problem: str = "", wrong: dict[str, str] | None = None) -> str:
    today = portal().clock().astimezone(ZoneInfo(portal().settings.timezone)).date()
    views = letter_numbering.series_views(portal(), actor(), company_id, KINDS, today)
    return render_template(
        "company/numbers.html",
        company=places.company(portal(), actor(), company_id),
        views=views,
        kinds={kind: LETTER_KINDS[kind][language() == "en"] for kind in KINDS},
        resets={"year": _("tiap tahun"), "month": _("tiap bulan"), "never": _("tidak pernah")},
        tokens=TOKENS,
        outside=letter_numbering.outside_numbers(portal(), actor(), company_id),
        sent=request.form if problem else {},
        today=today,
        highest=HIGHEST_START,
        problem=problem,
        wrong=wrong or {},
    )


def _kind() -> LetterKind:
    sent = request.form.get("series", "")
    return next((kind for kind in get_args(LetterKind) if kind == sent), "permohonan")


def _reset() -> Reset:
    sent = request.form.get("reset", "")
    return next((reset for reset in RESETS if reset == sent), "year")


def _day() -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.form.get("used_on", ""))
    except ValueError:
        return None
