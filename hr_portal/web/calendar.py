"""Hari libur: the public holidays that the legal clocks count by, corrected by the admin."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import calendar
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import said

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/admin/hari-libur")
@needs("installation.manage")
def index() -> str:
    """The holidays of a year, and the form of a change."""
    return _page()


@blueprint.post("/admin/hari-libur")
@needs("installation.manage")
def change() -> str | Response | tuple[str, int]:
    """Calls a day a public holiday, or a working day."""
    form = request.form
    try:
        day = dt.date.fromisoformat(form.get("day", ""))
    except ValueError:
        day = None
    try:
        calendar.change(
            portal(), actor(), day, name=form.get("name", ""), is_free=form.get("libur") == "ya"
        )
    except Invalid as error:
        return _page(said(error.message, error.message_en)), 422
    flash(_("Disimpan. Batas 7 hari kerja pada antrean dan halaman pengajuan mengikutinya."), "ok")
    return redirect(url_for("calendar.index", tahun=day.year if day else None))


def _page(problem: str = "") -> str:
    asked = request.args.get("tahun", type=int)
    known = range(calendar.FIRST_YEAR, calendar.LAST_YEAR + 1)
    year = asked if asked is not None and asked in known else portal().clock().year
    return render_template(
        "admin/calendar.html",
        year=year,
        days=calendar.days(portal(), actor(), year),
        before=year - 1 if year - 1 in known else None,
        after=year + 1 if year + 1 in known else None,
        typed={name: request.form.get(name, "") for name in ("day", "name", "libur")},
        problem=problem,
    )
