"""Insiden: whom a breach of personal data reached, what to write them, and how long is left."""

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.adapters.spreadsheets.plain_workbook import Sheet, write
from hr_portal.services import incidents, places
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.seen import moment_of
from hr_portal.web.sending import workbook

blueprint = Blueprint("incidents", __name__, url_prefix="/admin/insiden")

COLUMNS = (
    ("Perusahaan", 30), ("NPP", 14), ("Narahubung", 34), ("Pengajuan", 18), ("Nama", 30), ("KPJ", 16),
)  # fmt: skip


@blueprint.get("")
@needs("installation.manage")
def index() -> str:
    """All incidents, and the form of a new one."""
    return _page()


@blueprint.post("")
@needs("installation.manage")
def add() -> AnyResponse | tuple[str, int]:
    """Writes an incident down and shows whom it reached."""
    form = request.form
    scope = incidents.Scope(
        form.get("title", ""),
        _moment(form.get("known_at", "")),
        _moment(form.get("since", "")),
        _moment(form.get("until", "")),
        tuple(form.getlist("company")),
        form.get("batches", ""),
        form.get("touched") == "ya",
    )
    try:
        made = incidents.open_incident(portal(), actor(), scope)
    except Invalid as error:
        return _page(said(error.message, error.message_en)), 422
    return redirect(url_for("incidents.show", incident_id=made))


@blueprint.get("/<incident_id>")
@needs("installation.manage")
def show(incident_id: str) -> str:
    """Whom it reached, the clock, and the text of the notice."""
    return _incident(incident_id)


@blueprint.post("/<incident_id>/diberitahukan")
@needs("installation.manage")
def told(incident_id: str) -> AnyResponse | tuple[str, int]:
    """Notes that people and authority were told."""
    try:
        incidents.mark_told(portal(), actor(), incident_id)
    except Conflict as error:
        return _incident(incident_id, said(error.message, error.message_en)), status_of(error)
    flash(_("Dicatat: pemberitahuan sudah disampaikan."), "ok")
    return redirect(url_for("incidents.show", incident_id=incident_id))


@blueprint.post("/<incident_id>/unduhan")
@needs("installation.manage", fresh="incidents.show")
def export(incident_id: str) -> Response | tuple[str, int]:
    """The people to be told, with masked KPJ, as a workbook."""
    try:
        lines = incidents.people(portal(), actor(), incident_id)
    except Invalid as error:
        return _incident(incident_id, said(error.message, error.message_en)), 422
    content = write("Peserta yang terdampak", [Sheet("Terdampak", COLUMNS, lines)])
    return workbook(content, "peserta-terdampak.xlsx")


def _incident(incident_id: str, problem: str = "") -> str:
    seen = incidents.view(portal(), actor(), incident_id)
    now = portal().clock()
    left = seen.due_at - now
    return render_template(
        "admin/incident.html",
        incident=seen,
        hours_left=int(left.total_seconds() // 3600),
        is_late=now > seen.due_at,
        problem=problem,
    )


def _page(problem: str = "") -> str:
    form = request.form
    names = ("title", "known_at", "since", "until", "batches", "touched")
    return render_template(
        "admin/incidents.html",
        incidents=incidents.listed(portal(), actor()),
        within=incidents.TELL_WITHIN,
        now=portal().clock(),
        companies=places.companies(portal(), actor()),
        chosen=form.getlist("company"),
        typed={name: form.get(name, "") for name in names},
        problem=problem,
    )


def _moment(text: str) -> dt.datetime | None:
    """A date and time of the installation's zone, as a browser's field sends it."""
    return moment_of(text, ZoneInfo(portal().settings.timezone))
