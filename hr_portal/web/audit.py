"""Jejak audit: who did what, when and to which submission; filtered, or taken along."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hr_portal.adapters.spreadsheets.plain_workbook import Sheet, write
from hr_portal.services import acts
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.act_words import ACTS, detail, shortened
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.sending import workbook

blueprint = Blueprint("audit", __name__, url_prefix="/admin/jejak-audit")

KINDS: Final[dict[str, Any]] = {
    "archive": _l("Arsip dokumen"), "audit": _l("Jejak audit"), "batch": _l("Pengajuan"),
    "branch": _l("Kantor cabang"), "calendar": _l("Hari libur"), "company": _l("Perusahaan"),
    "document": _l("Dokumen"), "findings": _l("Temuan"), "four_eyes": _l("Empat mata"),
    "incident": _l("Insiden"), "installation": _l("Pemasangan"), "layout": _l("Susunan kolom"),
    "letter": _l("Surat"), "message": _l("Pesan"), "outlet": _l("Saluran"), "person": _l("Peserta"),
    "queue": _l("Antrean"),
    "reason": _l("Alasan"), "revision": _l("Revisi"), "rows": _l("Baris"), "token": _l("Token API"),
    "user": _l("Pengguna"),
}  # fmt: skip
COLUMNS: Final = (
    ("Nomor", 9), ("Waktu (UTC)", 22), ("Oleh", 26), ("Perusahaan", 30), ("Tindakan", 28),
    ("Pada", 36), ("Rincian", 60), ("Permintaan", 34),
)  # fmt: skip


@blueprint.get("")
@needs("installation.manage")
def index() -> str | tuple[str, int]:
    """The latest acts in the filter, and from `sebelum` on the older ones."""
    before = request.args.get("sebelum", type=int)
    wanted, kept = _asked(), _kept()
    try:
        found = acts.listed(portal(), actor(), wanted, before=before)
    except Invalid as error:
        problem = said(error.message, error.message_en)
        return _page(
            acts.listed(portal(), actor(), acts.Wanted(kind="-")), kept, problem
        ), status_of(error)
    return _page(found, kept)


@blueprint.post("/unduhan")
@needs("installation.manage", fresh="audit.index")
def export() -> Response | tuple[str, int]:
    """The acts of the filter as a workbook; that they were taken along is an act."""
    try:
        found = acts.export(portal(), actor(), _asked())
    except Invalid as error:
        problem = said(error.message, error.message_en)
        return _page(
            acts.listed(portal(), actor(), acts.Wanted(kind="-")), _kept(), problem
        ), status_of(error)
    lines = (
        (
            one.number or "", one.at.strftime("%Y-%m-%d %H:%M:%S"), one.who or "Portal", one.company or "",
            one.action, one.subject, one.details, one.request_id or "",
        )
        for one in found
    )  # fmt: skip
    content = write("Jejak audit", [Sheet("Jejak audit", COLUMNS, lines)])
    return workbook(content, "jejak-audit.xlsx")


def _asked() -> acts.Wanted:
    sent = request.values
    return acts.Wanted(
        sent.get("oleh", ""), sent.get("jenis", ""), sent.get("tindakan", ""), sent.get("perusahaan", ""),
        sent.get("nomor", "").strip(), _day(sent.get("sejak", "")), _day(sent.get("sampai", "")),
    )  # fmt: skip


def _kept() -> dict[str, str]:
    names = ("oleh", "jenis", "tindakan", "perusahaan", "nomor", "sejak", "sampai")
    return {name: request.values[name] for name in names if request.values.get(name)}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _page(found: acts.Listed, kept: dict[str, str], problem: str = "") -> str:
    return render_template(
        "admin/audit.html",
        found=found,
        kept=kept,
        kinds=KINDS,
        acts=ACTS,
        detail=detail,
        shortened=shortened,
        nobody=acts.NOBODY,
        nothing=_("Tidak ada catatan dalam saringan ini"),
        problem=problem,
    )
