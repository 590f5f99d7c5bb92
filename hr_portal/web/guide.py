"""Bantuan: the rules, as anybody may read them."""

import datetime as dt
from typing import Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from hr_portal.domain.reference import reference
from hr_portal.web.access import OPEN, needs
from hr_portal.web.i18n import language

blueprint = Blueprint("help", __name__)

GROUPS: Final = (
    ("CELL", _l("Isi sel")),
    ("NIK", _l("NIK")),
    ("KK", _l("Kartu Keluarga")),
    ("KPJ", _l("KPJ")),
    ("NPP", _l("NPP dan divisi")),
    ("TAX", _l("NPWP")),
    ("NAM", _l("Nama")),
    ("DAT", _l("Tanggal")),
    ("COD", _l("Kode")),
    ("TEL", _l("Telepon dan surel")),
    ("BNK", _l("Rekening")),
    ("REQ", _l("Kelengkapan baris")),
    ("FIL", _l("Berkas")),
    ("HIS", _l("Pengajuan sebelumnya")),
)
"""A group begins with the rules of its code, and takes in all that follow up to the next."""


@blueprint.get("/bantuan/aturan")
@needs(OPEN)
def rules() -> str:
    """All rules with an anchor each, and the edition of the region codes."""
    told = reference()
    ending = "_en" if language() == "en" else ""
    titles = dict(GROUPS)
    groups: list[tuple[str, object, list[dict[str, object]]]] = []
    for rule in told["rules"]:
        prefix = rule["code"].partition("-")[0]
        if prefix in titles and (not groups or groups[-1][0] != prefix):
            groups.append((prefix, titles[prefix], []))
        groups[-1][2].append(rule)
    dated = told["regions"]["dated"]
    return render_template(
        "help/rules.html",
        told=told,
        groups=groups,
        ending=ending,
        dated=dt.date.fromisoformat(dated) if dated else None,
    )
