"""A large act on a draft: how far a worker is, what it would change, and what came of it."""

from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, long_acts, long_works, offers
from hr_portal.services.long_acts import LongActView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import number as in_words
from hr_portal.web.i18n import language
from hr_portal.web.words import file_rows

blueprint: Final = Blueprint("long_acts", __name__)

POLL_SECONDS: Final = 2
CELLS: Final = frozenset({"replace", "suggestion"})
"""Kinds whose offer is a list of cells."""
DOCUMENTS: Final = frozenset({"explain", "unexplain"})


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
    if work.kind == "replace":
        return _("Cari dan ganti")
    if work.kind == "undo":
        return _("Batalkan perubahan")
    if work.kind == "split":
        return _("Ajukan sebagian")
    if work.kind in DOCUMENTS:
        return _("Alasan tanpa dokumen")
    title = offers.heading(long_works.chosen_of(work.asked), language())
    return _("Terapkan usulan: %(title)s", title=title)


def _doing(work: LongActView) -> str:
    if work.kind == "replace":
        is_looking = work.state == "wanted"
        return _("Mencari di semua baris") if is_looking else _("Mengganti di semua baris")
    if work.kind == "undo":
        return _("Mengembalikan isi sel")
    if work.kind == "split":
        is_looking = work.state == "wanted"
        return _("Menghitung pembagian baris") if is_looking else _("Memisahkan baris")
    if work.kind in DOCUMENTS:
        return _("Menyimpan alasan") if work.kind == "explain" else _("Mencabut alasan")
    return _("Menyiapkan usulan") if work.state == "wanted" else _("Menerapkan usulan")


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
    elif work.kind == "split":
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
