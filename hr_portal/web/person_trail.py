"""Jejak peserta: all that is kept of one person, as a workbook for the person who asks."""

import datetime as dt
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hr_portal.adapters.spreadsheets.plain_workbook import Sheet, write
from hr_portal.services import person_trail
from hr_portal.services.errors import Invalid
from hr_portal.services.person_trail import Line, Trail
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.sending import workbook

blueprint = Blueprint("person_trail", __name__, url_prefix="/jejak-peserta")

WHERE: Final = (("Perusahaan", 28), ("Pengajuan", 18))
PLACE: Final = (*WHERE, ("Revisi", 8), ("Baris", 8))
SHEETS: Final[tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...]] = (
    ("stored", "Disimpan", (*PLACE, ("Diunggah (UTC)", 20), ("Oleh", 24), ("Kolom", 24), ("Isi", 40))),
    ("corrected", "Koreksi", (*PLACE, ("Data", 20), ("Semula", 30), ("Menjadi", 30), ("Keputusan", 14),
                              ("Alasan", 40), ("Diputuskan (UTC)", 20), ("Kantor cabang", 14),
                              ("Keterangannya", 40), ("Dijawab (UTC)", 20))),
    ("documents", "Dokumen", (*WHERE, ("Jenis", 24), ("Diunggah (UTC)", 20), ("Oleh", 24),
                              ("Dilepas (UTC)", 20), ("Isi dihapus (UTC)", 20))),
    ("seen", "Dilihat", (*WHERE, ("Waktu (UTC)", 20), ("Oleh", 26), ("Tindakan", 28))),
    ("forwarded", "Diteruskan", (*WHERE, ("Apa", 46), ("Waktu (UTC)", 20), ("Kepada", 40), ("SHA-256", 66))),
)  # fmt: skip
VERDICT_AT: Final = 7
ANSWER_AT: Final = 10
VERDICTS: Final = {
    "approve": "disetujui", "return": "dikembalikan", "reject": "ditolak",
    "accepted": "diterima", "refused": "ditolak",
}  # fmt: skip


@blueprint.get("")
@needs("company.edit")
def ask() -> str:
    """The form that asks by NIK or KPJ."""
    return _page()


@blueprint.post("")
@needs("company.edit", fresh="person_trail.ask")
def make() -> Response | str | tuple[str, int]:
    """The workbook, or the form again; nothing of the number is kept or shown again."""
    asked_on = _day(request.form.get("asked_on", ""))
    try:
        trail = person_trail.make(
            portal(), actor(), request.form.get("number", ""), reason=request.form.get("reason", "")
        )
    except Invalid as error:
        return _page(said(error.message, error.message_en)), 422
    if not trail.rows:
        return _page(nothing=True)
    sheets = [Sheet("Ringkasan", (("Perihal", 34), ("Isi", 70)), _summary(trail, asked_on))]
    sheets += [
        Sheet(name, columns, [_plain(part, line) for line in getattr(trail, part)])
        for part, name, columns in SHEETS
    ]
    return workbook(write("Jejak data peserta", sheets), "jejak-peserta.xlsx")


def _summary(trail: Trail, asked_on: dt.date | None) -> list[Line]:
    due = asked_on + person_trail.ANSWER_WITHIN if asked_on else None
    return [
        ("Dicari dengan", trail.kind.upper()),
        ("Dibuat (UTC)", trail.made_at.strftime("%Y-%m-%d %H:%M")),
        ("Diminta pada", asked_on.isoformat() if asked_on else ""),
        ("Dijawab paling lambat (3 x 24 jam)", due.isoformat() if due else ""),
        ("Perusahaan (pengendali data)", ", ".join(trail.companies)),
        ("Baris tersimpan", trail.rows),
        ("Koreksi", len(trail.corrected)),
        ("Dokumen", len(trail.documents)),
        ("Kali dilihat, diperiksa, atau diunduh", len(trail.seen)),
        ("Kali diteruskan", len(trail.forwarded)),
        ("Hak peserta", "UU 27/2022 pasal 5-13: tahu, melengkapi, mengakses, mengakhiri, menghapus."),
    ]  # fmt: skip


def _plain(part: str, line: Line) -> list[object]:
    told: list[object] = [
        one.strftime("%Y-%m-%d %H:%M:%S") if isinstance(one, dt.datetime) else one for one in line
    ]
    if part == "corrected":
        for at in (VERDICT_AT, ANSWER_AT):
            told[at] = VERDICTS.get(str(told[at]), told[at])
    return told


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _page(problem: str = "", *, nothing: bool = False) -> str:
    return render_template(
        "admin/person_trail.html",
        problem=problem,
        nothing=_("Tidak ada data peserta dengan nomor itu. Pencarian ini tetap dicatat.")
        if nothing
        else "",
        reason=request.form.get("reason", ""),
        asked_on=request.form.get("asked_on", ""),
        everywhere=actor().is_admin,
    )
