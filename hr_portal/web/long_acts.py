"""A large act on a draft: how far a worker is, what it would change, and what came of it."""

from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, long_acts, long_works, offers
from hr_portal.services.long_acts import LongActView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import number as in_words
from hr_portal.web.i18n import language
from hr_portal.web.words import REOPENED, field_label, file_rows

blueprint: Final = Blueprint("long_acts", __name__)

POLL_SECONDS: Final = 2
CELLS: Final = frozenset({"replace", "suggestion", "typing"})
"""Kinds whose offer is a list of cells."""
DOCUMENTS: Final = frozenset({"explain", "unexplain"})
HEADINGS: Final = {
    "replace": _l("Cari dan ganti"),
    "typing": _l("Ubah banyak sel"),
    "undo": _l("Batalkan perubahan"),
    "split": _l("Ajukan sebagian"),
    "divide": _l("Bagi pengajuan menjadi dua"),
    "withdraw": _l("Tarik pengajuan"),
    "reopen": _l("Buka kembali pengajuan"),
    "explain": _l("Alasan tanpa dokumen"),
    "unexplain": _l("Alasan tanpa dokumen"),
}
DOING: Final = {
    "replace": (_l("Mencari di semua baris"), _l("Mengganti di semua baris")),
    "suggestion": (_l("Menyiapkan usulan"), _l("Menerapkan usulan")),
    "typing": (_l("Membandingkan isi sel"), _l("Menulis isi sel")),
    "undo": ("", _l("Mengembalikan isi sel")),
    "split": (_l("Menghitung pembagian baris"), _l("Memisahkan baris")),
    "divide": ("", _l("Memisahkan baris")),
    "withdraw": ("", _l("Menyalin baris untuk drafnya")),
    "reopen": ("", _l("Menyalin baris untuk drafnya")),
    "explain": ("", _l("Menyimpan alasan")),
    "unexplain": ("", _l("Mencabut alasan")),
}
"""While a worker looks, where it does, and while it does it."""


@blueprint.get("/pengajuan/<batch_id>/pekerjaan/<int:number>")
@needs("batch.edit")
def show(batch_id: str, number: int) -> str | Response:
    """How a large act stands; with HX-Request only its panel."""
    work = long_acts.view(portal(), actor(), batch_id, number)
    polled = bool(request.headers.get("HX-Request"))
    onward = _onward(batch_id, work)
    if onward is not None:
        return Response("", headers={"HX-Redirect": onward}) if polled else redirect(onward)
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    return render_template(
        "long_acts/_panel.html" if polled else "long_acts/show.html",
        batch=batch,
        about=file_rows(batch),
        work=work,
        heading=_heading(work),
        doing=_doing(work),
        search=long_works.search_of(work.asked) if work.kind == "replace" else None,
        offer=long_works.offer_of(work.offer) if work.kind in CELLS and work.offer else None,
        field_label=field_label,
        address=request.path,
        poll=POLL_SECONDS,
    )


@blueprint.post("/pengajuan/<batch_id>/pekerjaan/<int:number>")
@needs("batch.edit")
def go_on(batch_id: str, number: int) -> Response:
    """Has a worker do what was shown."""
    long_acts.go_on(portal(), actor(), batch_id, number)
    return redirect(url_for("long_acts.show", batch_id=batch_id, number=number))


def _onward(batch_id: str, work: LongActView) -> str | None:
    """The page that shows what was found or done; None while it is this one."""
    if work.state == "ready" and work.kind == "split":
        return url_for("splitting.show", batch_id=batch_id, hitung=work.id)
    if work.state != "done":
        return None
    _tell(work)
    if work.kind in DOCUMENTS:
        return url_for("documents.show", batch_id=batch_id, _anchor="lengkap")
    return url_for("results.show", batch_id=batch_id)


def _heading(work: LongActView) -> str:
    if work.kind in HEADINGS:
        return str(HEADINGS[work.kind])
    title = offers.heading(long_works.chosen_of(work.asked), language())
    return _("Terapkan usulan: %(title)s", title=title)


def _doing(work: LongActView) -> str:
    looking, doing = DOING[work.kind]
    return str(looking if work.state == "wanted" else doing)


def _tell(work: LongActView) -> None:
    """Say on the next page what the result doesn't show by itself."""
    done = work.outcome
    if work.kind == "undo":
        flash(
            ngettext(
                "Perubahan dibatalkan: %(count)s sel kembali seperti sebelumnya.",
                "Perubahan dibatalkan: %(count)s sel kembali seperti sebelumnya.",
                done["cells"],
                count=in_words(done["cells"]),
            ),
            "ok",
        )
    elif work.kind == "withdraw":
        flash(_("Pengajuan ditarik kembali dan menjadi draf."), "ok")
    elif work.kind == "reopen":
        flash(str(REOPENED), "ok")
    elif work.kind in {"split", "divide"}:
        flash(
            _(
                "%(kept)s baris dilanjutkan di pengajuan ini; %(moved)s baris menjadi draf %(number)s.",
                kept=in_words(done["kept"]), moved=in_words(done["moved"]), number=done["number"],
            ),
            "ok",
        )  # fmt: skip
    elif work.kind == "explain":
        flash(
            ngettext(
                "Alasan untuk %(count)s baris tersimpan. Pemeriksa membacanya.",
                "Alasan untuk %(count)s baris tersimpan. Pemeriksa membacanya.",
                done["rows"],
                count=in_words(done["rows"]),
            ),
            "ok",
        )
    elif work.kind == "unexplain":
        flash(_("Alasan dicabut. Dokumennya dihitung belum ada."), "ok")
    elif done.get("left"):
        flash(
            ngettext(
                "%(count)s baris sudah diubah sementara itu, jadi tidak disentuh: baris %(rows)s.",
                "%(count)s baris sudah diubah sementara itu, jadi tidak disentuh: baris %(rows)s.",
                done["left"],
                count=in_words(done["left"]),
                rows=done["left_rows"],
            ),
            "hint",
        )
