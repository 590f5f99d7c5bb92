"""Sebagian: go on with the valid rows now, or mend everything first.

And Bagi: in two, where one letter can't hold all corrections.
"""

from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import batch_views, letter_facts, long_acts, long_works, results, splitting
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.i18n import language, said
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.words import file_rows

blueprint = Blueprint("splitting", __name__)

PER_PAGE: Final = 50


@blueprint.get("/pengajuan/<batch_id>/sebagian")
@needs("batch.edit")
def show(batch_id: str) -> str:
    """What a split would do: how many rows and which, documents, warnings, letter."""
    return _page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/sebagian")
@needs("batch.edit")
def split(batch_id: str) -> Response | tuple[str, int]:
    """Lets the valid rows go on; the others become a draft of their own."""
    counted = request.form.get("hitung", type=int)
    if counted is not None:
        long_acts.go_on(portal(), actor(), batch_id, counted)
        return _followed(batch_id, counted)
    if request.form.get("langkah") == "hitung":
        return _followed(batch_id, long_works.ask_split(portal(), actor(), batch_id))
    version = request.form.get("version", type=int)
    if version is None:
        return _page(batch_id, _("Muat ulang halaman ini, lalu ulangi.")), 422
    try:
        done = splitting.split(portal(), actor(), batch_id, version=version)
    except Invalid as error:
        return _page(batch_id, said(error.message, error.message_en)), 422
    flash(
        _(
            "%(kept)s baris dilanjutkan di pengajuan ini; %(moved)s baris menjadi draf %(number)s.",
            kept=number(done.kept), moved=number(done.moved + done.refused), number=done.child_number,
        ),
        "ok",
    )  # fmt: skip
    return redirect(url_for("results.show", batch_id=batch_id))


@blueprint.get("/pengajuan/<batch_id>/bagi")
@needs("batch.edit")
def divide(batch_id: str) -> str:
    """What dividing a draft of too many corrections for one letter does."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    many = sum(batch.revision.fields.values())
    return render_template(
        "splitting/divide.html",
        batch=batch,
        about=file_rows(batch),
        many=many,
        most=letter_facts.MAX_LINES,
    )


@blueprint.post("/pengajuan/<batch_id>/bagi")
@needs("batch.edit")
def divided(batch_id: str) -> Response:
    """Has a worker divide the draft."""
    version = request.form.get("version", type=int) or 0
    return _followed(
        batch_id, long_works.ask_dividing(portal(), actor(), batch_id, version=version)
    )


def _followed(batch_id: str, asked: int) -> Response:
    """To the page that says how far a worker is."""
    return redirect(url_for("long_acts.show", batch_id=batch_id, number=asked))


def _page(batch_id: str, problem: str = "") -> str:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    counted = request.args.get("hitung", type=int)
    cut = {"page": page_number(), "per_page": PER_PAGE}
    if counted is not None:
        held = long_acts.view(portal(), actor(), batch_id, counted)
        if held.kind != "split" or held.state != "ready":
            raise NotFound
        plan = splitting.plan_of(portal(), actor(), batch_id, held.offer, **cut)
    elif long_works.is_large_split(batch):
        return render_template("splitting/count.html", batch=batch, about=file_rows(batch))
    else:
        plan = splitting.plan(portal(), actor(), batch_id, **cut)
    return render_template(
        "splitting/show.html",
        counted=counted,
        batch=batch,
        about=file_rows(batch),
        plan=plan,
        blocked=said(*plan.blocked) if plan.blocked else "",
        page=view_of(plan.rows),
        faults=_faults(batch_id, [row.number for row in plan.rows.items]),
        problem=problem,
    )


def _faults(batch_id: str, rows: list[int]) -> dict[int, str]:
    """What is to be mended in each of some rows, by its number."""
    found = results.named_rows(portal(), actor(), batch_id, rows, lang=language())
    return {
        row.number: ", ".join(
            dict.fromkeys(one.title for one in row.findings if one.severity == "error")
        )
        for row in found
    }
