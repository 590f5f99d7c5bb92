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


@blueprint.get("/pengajuan/<batch_id>/pekerjaan/<int:number>")
@needs("batch.edit")
def show(batch_id: str, number: int) -> str | Response:
    """How a large act stands; with HX-Request only its panel."""
    work = long_acts.view(portal(), actor(), batch_id, number)
    polled = bool(request.headers.get("HX-Request"))
    if work.state == "done":
        _tell(work)
        result = url_for("results.show", batch_id=batch_id)
        return Response("", headers={"HX-Redirect": result}) if polled else redirect(result)
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
        offer=long_works.offer_of(work.offer) if work.offer else None,
        address=request.path,
        poll=POLL_SECONDS,
    )


@blueprint.post("/pengajuan/<batch_id>/pekerjaan/<int:number>")
@needs("batch.edit")
def go_on(batch_id: str, number: int) -> Response:
    """Has a worker do what was shown."""
    long_acts.go_on(portal(), actor(), batch_id, number)
    return redirect(url_for("long_acts.show", batch_id=batch_id, number=number))


def _heading(work: LongActView) -> str:
    if work.kind == "replace":
        return _("Cari dan ganti")
    if work.kind == "undo":
        return _("Batalkan perubahan")
    title = offers.heading(long_works.chosen_of(work.asked), language())
    return _("Terapkan usulan: %(title)s", title=title)


def _doing(work: LongActView) -> str:
    if work.kind == "replace":
        is_looking = work.state == "wanted"
        return _("Mencari di semua baris") if is_looking else _("Mengganti di semua baris")
    if work.kind == "undo":
        return _("Mengembalikan isi sel")
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
