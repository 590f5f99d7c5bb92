"""Syarat dokumen: the table of required documents, its versions, and the draft of the next."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.requirements import (
    ASKABLE,
    CORRECTIONS,
    FIRST,
    NEEDS,
    PRECEDENCE,
    SOURCES,
    differences,
)
from hr_portal.services import requirements
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said

blueprint: Final = Blueprint("requirements", __name__)

NEED_WORDS: Final[dict[str, Any]] = {
    "wajib": _l("Wajib"),
    "salah_satu": _l("Salah satu dari"),
    "bila_perlu": _l("Bila perlu"),
}


@blueprint.get("/syarat-dokumen/<int:number>")
@needs("signed-in")
def show(number: int) -> str:
    """A version of the table, for everybody whose batches it judges."""
    return _render("requirements/show.html", version=requirements.one(portal(), number))


@blueprint.get("/admin/syarat")
@needs("installation.manage")
def index() -> str:
    """The table in force, the draft of the next, and all versions."""
    return _index()


@blueprint.get("/admin/syarat/versi/<int:number>")
@needs("installation.manage")
def version(number: int) -> str:
    """A version, and how it differs from the one before or another."""
    found = requirements.one(portal(), number)
    asked = request.args.get("dari", max(number - 1, FIRST), type=int)
    other = requirements.one(portal(), asked)
    return _render(
        "admin/requirement_version.html",
        version=found,
        other=other,
        versions=requirements.versions(portal()),
        changes=differences(other.table, found.table),
    )


@blueprint.get("/admin/syarat/draf/<correction>")
@needs("installation.manage")
def edit(correction: str) -> str:
    """The form of one kind of correction, as the draft has it."""
    return _form(correction)


@blueprint.post("/admin/syarat/draf/<correction>")
@needs("installation.manage")
def save(correction: str) -> Response | tuple[str, int]:
    """Keeps one kind of correction in the draft."""
    try:
        requirements.change(portal(), actor(), correction, _typed(), seen=_seen())
    except (Conflict, Invalid) as error:
        return _form(correction, said(error.message, error.message_en)), status_of(error)
    flash(_("Tersimpan di draf. Belum berlaku sampai Anda memberlakukannya."), "ok")
    return redirect(url_for("requirements.index", _anchor="draf"))


@blueprint.post("/admin/syarat/buang-draf")
@needs("installation.manage")
def discard() -> Response | tuple[str, int]:
    """Throws the draft away."""
    try:
        requirements.discard(portal(), actor(), seen=_seen())
    except Conflict as error:
        return _index(said(error.message, error.message_en)), status_of(error)
    flash(_("Draf dibuang. Syarat yang berlaku tidak berubah."), "ok")
    return redirect(url_for("requirements.index"))


@blueprint.post("/admin/syarat/berlakukan")
@needs("installation.manage")
def put_into_force() -> Response | tuple[str, int]:
    """Makes the draft the version for batches begun from now on."""
    try:
        number = requirements.put_into_force(
            portal(), actor(), note=request.form.get("note", ""), seen=_seen()
        )
    except (Conflict, Invalid) as error:
        return _index(said(error.message, error.message_en)), status_of(error)
    flash(
        _("Versi %(number)s berlaku untuk pengajuan yang dibuat mulai sekarang.", number=number),
        "ok",
    )
    return redirect(url_for("requirements.index"))


def _seen() -> int:
    """The edition of the draft that the page showed; 0 for none."""
    return request.form.get("edition", 0, type=int)


def _typed() -> dict[str, tuple[str, str]]:
    form = request.form
    return {
        document: (form.get(f"{document}-aktif", ""), form.get(f"{document}-berhenti", ""))
        for document in ASKABLE
    }


def _index(problem: str = "") -> str:
    return _render(
        "admin/requirements.html",
        versions=requirements.versions(portal()),
        draft=requirements.draft(portal(), actor()),
        problem=problem,
        note=request.form.get("note", ""),
    )


def _form(correction: str, problem: str = "") -> str:
    if correction not in CORRECTIONS:
        raise NotFound
    draft = requirements.draft(portal(), actor())
    table = draft.table if draft else requirements.in_force(portal()).table
    one = next(one for one in table.corrections if one.key == correction)
    told = {cell.document: (cell.active or "", cell.left or "") for cell in one.needs}
    return _render(
        "admin/requirement_draft.html",
        one=one,
        edition=draft.edition if draft else 0,
        cells=_typed() if request.method == "POST" else told,
        problem=problem,
    )


def _render(template: str, **what: Any) -> str:  # noqa: ANN401 - what the template shows
    return render_template(
        template, kinds=KINDS, askable=ASKABLE, needs=NEEDS, need_words=NEED_WORDS,
        sources=SOURCES, precedence=PRECEDENCE, **what,
    )  # fmt: skip
