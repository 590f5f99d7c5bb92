"""Bantuan: how to, the words, and the rules, as anybody may read them."""

import datetime as dt
import functools
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.exceptions import NotFound

from hr_portal.domain.reference import reference
from hr_portal.services.batch_views import BatchView
from hr_portal.web.access import OPEN, needs
from hr_portal.web.help_texts import FOR_OTHERS, HERE, PAGES, SERVICES, WORDS
from hr_portal.web.i18n import language
from hr_portal.web.rule_words import readable

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


TITLES: Final = {
    "hrd": _l("Panduan untuk HRD"),
    "pemeriksa": _l("Panduan untuk pemeriksa"),
    "admin": _l("Panduan untuk admin"),
}


@blueprint.get("/bantuan")
@needs(OPEN)
def index() -> str:
    """Where the help begins: guides, words, and the agency's own services."""
    guides = [(page, TITLES[page], sections) for page, sections in PAGES.items()]
    return render_template("help/index.html", guides=guides, words=WORDS, services=SERVICES)


@blueprint.get("/bantuan/<page>")
@needs(OPEN)
def guide(page: str) -> str:
    """One role's way through the portal, step by step."""
    if page not in PAGES:
        raise NotFound
    return render_template("help/guide.html", title=TITLES[page], sections=PAGES[page])


@blueprint.app_template_global()
@pass_context
def help_here(context: Context) -> str:
    """The address of the help for the page that is shown; the beginning where it has none."""
    endpoint = request.endpoint or ""
    names, told = (
        (endpoint, endpoint.partition(".")[0]),
        (FOR_OTHERS.get(_comes_as(context), {}), HERE),
    )
    found = next((places[name] for places in told for name in names if name in places), None)
    if found is None:
        return url_for("help.index")
    return url_for("help.guide", page=found[0], _anchor=found[1] or None)


def _comes_as(context: Context) -> str:
    """As what somebody looks at this page, who may be HRD of one batch and reviewer of another."""
    actor = context.get("actor")
    if actor is None:
        return ""
    batch = context.get("batch")
    if isinstance(batch, BatchView):
        return "hrd" if batch.company_id in actor.companies else "reviewer"
    return next((role for role in ("hrd", "reviewer", "admin") if role in actor.roles), "")


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
        readable=functools.partial(readable, english=bool(ending)),
        dated=dt.date.fromisoformat(dated) if dated else None,
    )
