"""Ikhtisar: figures about reviews, each as a picture, a table and a workbook."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from hr_portal.adapters.spreadsheets import figures_workbook
from hr_portal.domain.rules import RULE
from hr_portal.services import figures
from hr_portal.services.figures import Share, Spread
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import day
from hr_portal.web.i18n import language
from hr_portal.web.sending import workbook
from hr_portal.web.words import field_label

blueprint = Blueprint("figures", __name__)

MOST_DRAWN = 12


@dataclass(frozen=True, slots=True)
class Table:
    """One figure: its columns, its rows, and which column is drawn as bars."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    drawn: int
    """The column whose numbers are drawn."""

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """(label, number, its length from 0 to 1) of the first rows."""
        most = max((row[self.drawn] for row in self.rows), default=0) or 1
        return [(row[0], row[self.drawn], row[self.drawn] / most) for row in self.rows[:MOST_DRAWN]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw; none returned of some rows is something."""
        return not any(any(row[1:]) for row in self.rows)


@blueprint.get("/ikhtisar")
@needs("figures.read")
def index() -> str:
    """All figures of what this person may see."""
    found = figures.figures(portal(), actor())
    return render_template("figures/index.html", tables=_tables(found), since=found.since)


@blueprint.get("/ikhtisar/<table>.xlsx")
@needs("figures.read")
def download(table: str) -> Response:
    """One table as a workbook."""
    found = _tables(figures.figures(portal(), actor()))
    one = next((one for one in found if one.key == table), None)
    if one is None:
        raise NotFound
    made = figures_workbook.write(one.title, one.columns, one.rows)
    return workbook(made, f"ikhtisar-{table}.xlsx")


def _tables(found: figures.Figures) -> list[Table]:
    rows, returned, share = _("Baris"), _("Dikembalikan"), _("Persen dikembalikan")
    spread = (_("Keputusan"), _("Median (jam)"), _("P90 (jam)"))
    return [
        Table("umur", _("Pengajuan yang menunggu, menurut umurnya"), (_("Sejak diajukan"), _("Pengajuan")),
              [(_age(age), count) for age, count in found.open_by_age], 1),
        Table("cabang", _("Waktu sampai keputusan, menurut kantor cabang"), (_("Kantor cabang"), *spread),
              [_times(one, one.label) for one in found.times_by_branch], 2),
        Table("jenis", _("Waktu sampai keputusan, menurut jenis koreksi"), (_("Jenis koreksi"), *spread),
              [_times(one, field_label(one.label)) for one in found.times_by_kind], 2),
        Table("perusahaan", _("Baris dikembalikan, menurut perusahaan"), (_("Perusahaan"), returned, rows, share),
              [_shares(one, one.label) for one in found.returned_by_company], 3),
        Table("aturan", _("Baris dikembalikan, menurut aturan"), (_("Aturan"), returned, rows, share),
              [_shares(one, _rule(one.label)) for one in found.returned_by_rule], 3),
        Table("pekan", _("Baris disetujui per pekan"), (_("Pekan mulai"), rows),
              [(day(monday), count) for monday, count in found.approved_by_week], 1),
    ]  # fmt: skip


def _rule(code: str) -> str:
    rule = RULE[code]
    return f"{code} {rule.title_en if language() == 'en' else rule.title}"


def _age(age: int | None) -> str:
    days = {end: start for start, end in zip((0, *figures.AGES), figures.AGES, strict=False)}[age]
    if age is None:
        return _("%(count)s hari atau lebih", count=days)
    return _("%(first)s sampai %(last)s hari", first=days, last=age)


def _times(one: Spread, label: str) -> tuple[Any, ...]:
    return label, one.count, round(one.median, 1), round(one.p90, 1)


def _shares(one: Share, label: str) -> tuple[Any, ...]:
    return label, one.returned, one.total, round(one.percent, 1)
