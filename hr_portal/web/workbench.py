"""Periksa: one row at a time beside its document, or many at once; then the decision.

Everything is a plain form or link; `workbench.js` adds the keys and opens the reason in place.
"""

from typing import Any, Final, cast

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.domain.workflow import outcome
from hr_portal.services import (
    batch_views,
    changes,
    document_status,
    documents,
    earlier,
    explaining,
    handed_on,
    judging,
    many_verdicts,
    results,
    review,
    review_guards,
    review_works,
    standard_reasons,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import SHOWN, Counts, Show
from hr_portal.services.errors import Conflict, Forbidden, Invalid
from hr_portal.services.many_verdicts import Order
from hr_portal.web.access import actor, needs
from hr_portal.web.asked_rows import asked_rows, typed_rows
from hr_portal.web.bench_documents import beside_the_row, must_rest, next_of, pictures_of
from hr_portal.web.clocks import clock_of, clock_state
from hr_portal.web.conflicts import refused
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.framed import PDF, framed_pdf, frames
from hr_portal.web.i18n import language, said
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.review_works import to as to_work
from hr_portal.web.security import FILE_SECURITY_POLICY, content_disposition, cookie, safe_next
from hr_portal.web.seen import page_seen_at
from hr_portal.web.viewer import POLL_SECONDS, hints_of
from hr_portal.web.words import file_rows

blueprint = Blueprint("workbench", __name__)

PER_PAGE: Final = 25
FILTERS: Final[tuple[Show, ...]] = (
    "all", "open", "second", "found", "clean", "return", "reject", "approve",
)  # fmt: skip
KEYS_COOKIE: Final = "pintasan"
REVEALED: Final = "pemeriksaan_lengkap"
"""Where the session keeps which batch's numbers this reviewer asked to see in full."""
_ONLY: Final = {scope: only for scope, only in many_verdicts.ONLY.items() if only is not None}
"""Which corrections of the rows a form over many rows means, by its scope."""


@blueprint.get("/periksa/<batch_id>")
@needs("batch.review")
def open_batch(batch_id: str) -> AnyResponse:
    """To the first row that waits, for a verdict or for this second reviewer; else to the end."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if not _holds(batch):
        return redirect(url_for("tracking.show", batch_id=batch_id))
    waiting = changes.changes_page(portal(), actor(), batch_id, show="open", per_page=1).items
    if not waiting:
        second = changes.second_rows(portal(), actor(), batch_id)
        if second:
            return redirect(
                url_for("workbench.show", batch_id=batch_id, row=second[0], saring="second")
            )
        return redirect(url_for("workbench.finish", batch_id=batch_id))
    return redirect(url_for("workbench.show", batch_id=batch_id, row=waiting[0].number))


@blueprint.get("/periksa/<batch_id>/baris")
@needs("batch.review")
def browse(batch_id: str) -> AnyResponse:
    """To the first row of a filter, decided or not."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if not _holds(batch):
        return redirect(url_for("tracking.show", batch_id=batch_id))
    found = changes.changes_page(portal(), actor(), batch_id, show=_filter(), per_page=1).items
    if not found:
        return redirect(url_for("workbench.open_batch", batch_id=batch_id))
    return redirect(url_for("workbench.show", batch_id=batch_id, row=found[0].number, **_kept()))


@blueprint.get("/periksa/<batch_id>/baris/<int:row>")
@needs("batch.review")
def show(batch_id: str, row: int) -> Response | AnyResponse:
    """One row on the bench."""
    told = None
    with portal().db.together():
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        if _holds(batch) and session.get(REVEALED) != batch.id:
            told = _gathered(batch, row)
    if not _holds(batch):
        return redirect(url_for("tracking.show", batch_id=batch_id))
    return _bench(batch, row, told=told)


@blueprint.post("/periksa/<batch_id>/baris/<int:row>")
@needs("batch.review")
def decide_row(batch_id: str, row: int) -> Response | AnyResponse | tuple[Response, int]:
    """Gives the row, or some of its corrections, a verdict; goes on to the next that waits."""
    form = request.form
    verdict = form.get("verdict", "")
    fields = form.getlist("field") or None
    try:
        _expect_some(fields)
        judging.give_verdicts(
            portal(), actor(), batch_id,
            version=form.get("version", type=int), rows=[row], verdict=verdict, reason=_reason(),
            fields=fields, document_id=form.get("document") or None,
        )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _bench(batch, row, said(error.message, error.message_en)), 422
    return redirect(_onward(batch_id, row))


@blueprint.post("/periksa/<batch_id>/batalkan")
@needs("batch.review")
def undo(batch_id: str) -> Response | AnyResponse:
    """Takes the latest verdict back, also one over many rows; shows the first of them."""
    try:
        rows = review.last_given(portal(), actor(), batch_id)
        if not rows:
            flash(_("Belum ada keputusan yang dapat dibatalkan."), "hint")
            return redirect(url_for("workbench.open_batch", batch_id=batch_id))
        if len(rows) > review_works.LARGE:
            return to_work(batch_id, many_verdicts.ask_clearing(
                portal(), actor(), batch_id, version=request.form.get("version", type=int), rows=rows
            ))  # fmt: skip
        review.clear_verdicts(
            portal(), actor(), batch_id, version=request.form.get("version", type=int), rows=rows
        )
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    flash(
        ngettext("Keputusan %(count)s baris dibatalkan; baris itu menunggu lagi.",
                 "Keputusan %(count)s baris dibatalkan; baris itu menunggu lagi.",
                 len(rows), count=number(len(rows))),
        "ok",
    )  # fmt: skip
    return redirect(url_for("workbench.show", batch_id=batch_id, row=rows[0], **_kept()))


@blueprint.get("/periksa/<batch_id>/sekaligus")
@needs("batch.review")
def many(batch_id: str) -> str | AnyResponse:
    """The form for one verdict over many rows."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if not _holds(batch):
        return redirect(url_for("tracking.show", batch_id=batch_id))
    return _many(batch)


@blueprint.post("/periksa/<batch_id>/sekaligus")
@needs("batch.review")
def decide_many(batch_id: str) -> str | Response | AnyResponse | tuple[str, int]:
    """Gives one verdict to all that wait, to a filter's rows that wait, or to named rows.

    Rows judged since the form was opened, or without the document they need, are left and listed.
    """
    form = request.form
    version, seen_at = form.get("version", type=int), page_seen_at()
    scope, verdict = form.get("scope", ""), form.get("verdict", "")
    try:
        review_guards.expect_held(portal(), actor(), batch_id)
        named = () if scope in _ONLY else tuple(typed_rows(form.get("rows", "")))
        order = Order(
            scope if scope in _ONLY else "rows", verdict, _reason(), named,
            seen_at.isoformat() if seen_at else None,
        )  # fmt: skip
        work = many_verdicts.ask_verdicts(portal(), actor(), batch_id, order, version=version)
        if work is not None:
            return to_work(batch_id, work)
        given = judging.give_many(
            portal(), actor(), batch_id, version=version, rows=asked_rows(batch_id, scope, named, seen_at),
            verdict=verdict, reason=_reason(), only=_ONLY.get(scope), seen_at=seen_at,
        )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _many(batch, said(error.message, error.message_en), frozenset(error.fields)), 422
    if given.left:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return render_template(
            "workbench/left.html", batch=batch, about=file_rows(batch), given=given
        )
    done = given.corrections
    flash(ngettext("%(count)s koreksi diputuskan.", "%(count)s koreksi diputuskan.", done,
                   count=number(done)), "ok")  # fmt: skip
    return redirect(url_for("workbench.open_batch", batch_id=batch_id))


@blueprint.get("/periksa/<batch_id>/selesai")
@needs("batch.review")
def finish(batch_id: str) -> str | AnyResponse:
    """What the decision will do, before it is made."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if not _holds(batch):
        return redirect(url_for("tracking.show", batch_id=batch_id))
    return _finish(batch)


@blueprint.post("/periksa/<batch_id>/selesai")
@needs("batch.review")
def decide(batch_id: str) -> str | Response | AnyResponse | tuple[str, int]:
    """Ends the review."""
    version = request.form.get("version", type=int)
    try:
        work = review.ask_decision(portal(), actor(), batch_id, version=version)
        if work is not None:
            return to_work(batch_id, work)
        decided = review.decide(portal(), actor(), batch_id, version=version)
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _finish(batch, said(error.message, error.message_en)), 422
    text = _("Keputusan tersimpan dan HRD dapat membacanya sekarang.")
    if decided.child_number:
        text += " " + ngettext(
            "%(count)s baris yang dikembalikan menjadi draf %(number)s.",
            "%(count)s baris yang dikembalikan menjadi draf %(number)s.",
            decided.returned, count=number(decided.returned), number=decided.child_number,
        )  # fmt: skip
    flash(text, "ok")
    return redirect(url_for("tracking.show", batch_id=batch_id))


@blueprint.post("/periksa/<batch_id>/teruskan")
@needs("batch.review")
def pass_on(batch_id: str) -> Response | AnyResponse | tuple[str, int]:
    """Hands the judged batch on to a second reviewer."""
    try:
        rows = review.pass_on(
            portal(), actor(), batch_id,
            version=request.form.get("version", type=int), note=request.form.get("note", ""),
        )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _finish(batch, said(error.message, error.message_en)), 422
    flash(
        ngettext("Diteruskan ke pemeriksa kedua: %(count)s baris menunggu persetujuannya.",
                 "Diteruskan ke pemeriksa kedua: %(count)s baris menunggu persetujuannya.",
                 rows, count=number(rows)),
        "ok",
    )  # fmt: skip
    return redirect(url_for("queue.index"))


@blueprint.post("/periksa/<batch_id>/lepas")
@needs("batch.review")
def release(batch_id: str) -> Response | AnyResponse | tuple[str, int]:
    """Puts the batch back into the queue; verdicts given so far stay for who takes it next."""
    try:
        review.release(
            portal(), actor(), batch_id,
            version=request.form.get("version", type=int), note=request.form.get("note", ""),
        )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _finish(batch, said(error.message, error.message_en)), 422
    flash(_("Pengajuan dilepas ke antrean. Keputusan yang sudah diberikan tersimpan."), "ok")
    return redirect(url_for("queue.index"))


@blueprint.post("/periksa/<batch_id>/nomor")
@needs("batch.review", fresh="workbench.open_batch")
def reveal(batch_id: str) -> AnyResponse:
    """Shows identifiers in full from now on, each row with its act; or dots them again."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if _holds(batch) and request.form.get("lengkap") == "ya":
        session[REVEALED] = batch.id
    else:
        session.pop(REVEALED, None)
    row = request.form.get("row", type=int)
    if row is None:
        return redirect(url_for("workbench.open_batch", batch_id=batch_id))
    return redirect(url_for("workbench.show", batch_id=batch_id, row=row, **_kept()))


@blueprint.get("/periksa/<batch_id>/dokumen/<document_id>")
@needs("batch.review")
def document(batch_id: str, document_id: str) -> Response:
    """A document for the viewer: the clean copy that we made, framed only by our own pages."""
    if document_id not in {one.id for one in documents.list_documents(portal(), actor(), batch_id)}:
        raise NotFound
    found, chunks = documents.open_document(portal(), actor(), document_id)
    answer = make_response(chunks)
    answer.content_length = found.size
    if found.media_type == PDF:
        return framed_pdf(answer, found.file_name)
    answer.mimetype = found.media_type
    answer.headers["Content-Disposition"] = content_disposition(found.file_name, attached=False)
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    return answer


@blueprint.post("/periksa/<batch_id>/baris/<int:row>/dokumen/<document_id>/status")
@needs("batch.review")
def judge_document(
    batch_id: str, row: int, document_id: str
) -> Response | AnyResponse | tuple[Response, int]:
    """Says of a document beside the row whether it fits."""
    form = request.form
    try:
        review_guards.expect_held(portal(), actor(), batch_id)
        listed = documents.list_documents(portal(), actor(), batch_id)
        if document_id not in {one.id for one in listed}:
            raise NotFound
        waiting = document_status.judge(
            portal(), actor(), document_id, form.get("state", ""),
            reason=form.get("reason", "") if form.get("state") == "unfit" else "",
            seen=form.get("seen", type=int),
        )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return refused(batch_id, error)
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _bench(batch, row, said(error.message, error.message_en)), 422
    if waiting:
        flash(ngettext("%(count)s persetujuan menunggu lagi karena dokumennya tidak sesuai.",
                       "%(count)s persetujuan menunggu lagi karena dokumennya tidak sesuai.",
                       waiting, count=number(waiting)), "hint")  # fmt: skip
    return redirect(
        url_for("workbench.show", batch_id=batch_id, row=row, dok=document_id, **_kept())
    )


@blueprint.get("/pintasan/<state>")
@needs("branch.queue")
def choose_keys(state: str) -> AnyResponse:
    """Switches the single keys of the bench on or off in this browser."""
    if state not in {"hidup", "mati"}:
        raise NotFound
    answer = redirect(safe_next(request.args.get("next")) or url_for("queue.index"))
    cookie(cast("Response", answer), KEYS_COOKIE, state)
    return answer


# --- the bench ------------------------------------------------------------------------------------


def _bench(
    batch: BatchView, number_: int, problem: str = "", *, told: dict[str, Any] | None = None
) -> Response:
    """Show a row; `told` is what there is to show, where that was gathered with the batch."""
    revealed = session.get(REVEALED) == batch.id
    if revealed:  # the look is an act
        results.reveal(portal(), actor(), batch.id, number_)
    if told is None:
        with portal().db.together():
            told = _gathered(batch, number_)
    clock = clock_of(batch.submitted_at or batch.created_at, batch.timezone)
    answer = make_response(
        render_template(
            "workbench/show.html",
            batch=batch,
            about=file_rows(batch),
            revealed=revealed,
            kept=_kept(),
            poll=POLL_SECONDS,
            clock=clock_state(clock, exact=True),
            seen=portal().clock().isoformat(),
            keys=request.cookies.get(KEYS_COOKIE) != "mati",
            problem=problem,
            typed={
                name: request.form.get(name, "")
                for name in ("verdict", "reason", "note", "document", "state")
            }
            | {"fields": request.form.getlist("field")},
            **told,
        )
    )
    return frames(answer)


def _gathered(batch: BatchView, number_: int) -> dict[str, Any]:
    """What the bench shows of a row and around it, as the database has it at one moment."""
    g.zone = batch.timezone
    shown, total = _filter(), changes.counts(portal(), actor(), batch.id)
    detail = results.row_view(portal(), actor(), batch.id, number_, lang=language())
    page = page_number() if "halaman" in request.args else changes.page_of_row(
        portal(), actor(), batch.id, number_, show=shown, per_page=PER_PAGE
    )  # fmt: skip
    listed = changes.changes_page(
        portal(), actor(), batch.id, show=shown, page=page, per_page=PER_PAGE, total=total.of(shown)
    )
    row = next((one for one in listed.items if one.number == number_), None)
    if row is None:  # the list shows another page than the row's
        row = changes.one_row(portal(), actor(), batch.id, number_)
    before, after, following = changes.beside(portal(), actor(), batch.id, number_, show=shown)
    viewed = beside_the_row(batch, number_)
    chosen = next(
        (one for one in viewed if one.id == request.args.get("dok")), viewed[0] if viewed else None
    )
    pictures = pictures_of(chosen)
    work = None
    if batch.revision.total > review_works.LARGE:  # a smaller one has none
        work = review_works.running(portal(), actor(), batch.id)
    is_ending = work is not None and work.act == "decide"
    return {
        "counts": total,
        "row": row,
        "detail": detail,
        "listed": listed.items,
        "page": view_of(listed),
        "shown": shown,
        "filters": [name for name in FILTERS if total.of(name) or name == shown],
        "before": before,
        "after": after,
        "following": following,
        "documents": viewed,
        "chosen": chosen,
        "next_document": next_of(viewed, chosen),
        "pictures": pictures,
        "hints": hints_of(pictures, row, detail),
        "must_rest": must_rest(row, viewed),
        "earlier": earlier.earlier(portal(), actor(), batch.id, number_),
        "without": explaining.missing_of(portal(), actor(), batch.id, [number_])[number_],
        "reasons": standard_reasons.offered(portal()),
        "undoable": bool(total.verdicts)
        and not is_ending
        and review.has_given(portal(), actor(), batch.id),
        "work": work,
    }


# --- many at once, and the end --------------------------------------------------------------------


def _many(batch: BatchView, problem: str = "", wrong: frozenset[str] = frozenset()) -> str:
    g.zone = batch.timezone
    counts = changes.counts(portal(), actor(), batch.id)
    form = request.form
    scope = form.get("scope") or {
        "clean": "clean", "found": "found", "second": "second",
    }.get(_filter(), "open")  # fmt: skip
    return render_template(
        "workbench/many.html",
        batch=batch,
        about=file_rows(batch),
        counts=counts,
        work=review_works.running(portal(), actor(), batch.id),
        scope=scope,
        seen=form.get("seen") or portal().clock().isoformat(),
        reasons=standard_reasons.offered(portal()),
        problem=problem,
        wrong=wrong,
        typed={name: form.get(name, "") for name in ("rows", "reason", "note")},
    )


def _finish(batch: BatchView, problem: str = "") -> str:
    g.zone = batch.timezone
    counts = changes.counts(portal(), actor(), batch.id)
    return render_template(
        "workbench/finish.html",
        batch=batch,
        about=file_rows(batch),
        counts=counts,
        work=review_works.running(portal(), actor(), batch.id),
        ends=_ends(counts) if not counts.open else None,
        has_second=review.has_second(portal(), actor(), batch.id) if counts.second else True,
        reasons=changes.reasons(portal(), actor(), batch.id),
        waiting=changes.changes_page(portal(), actor(), batch.id, show="open", per_page=10).items,
        handed=handed_on.note_for(portal(), actor(), batch.id),
        problem=problem,
        note=request.form.get("note", ""),
    )


def _ends(counts: Counts) -> str | None:
    """How the review would end with the verdicts given (as the domain says)."""
    given: set[Any] = set(counts.verdicts)
    return outcome({0: given}) if given else None


def _expect_some(fields: list[str] | None) -> None:
    """Raises Invalid where a row's data are offered one by one and none is chosen."""
    if fields is None and "some" in request.form:
        raise Invalid(
            "Pilih paling sedikit satu data pada baris ini untuk diputuskan.",
            "Choose at least one datum of this row to decide.",
            fields={"field": "Wajib dipilih"},
        )


# --- small parts ----------------------------------------------------------------------------------


def _holds(batch: BatchView) -> bool:
    """Whether this reviewer has the batch in hand."""
    return batch.state == "in_review" and batch.reviewer_id == actor().user_id


def _reason() -> str:
    """The chosen reason and the words beside it, as HRD will read them."""
    chosen, note = request.form.get("reason", "").strip(), request.form.get("note", "").strip()
    return f"{chosen}: {note}" if chosen and note else chosen or note


def _filter() -> Show:
    asked = request.values.get("saring", "")
    return cast("Show", asked) if asked in SHOWN else "all"


def _kept() -> dict[str, Any]:
    """What of the address goes along from row to row."""
    shown = _filter()
    return {} if shown == "all" else {"saring": shown}


def _onward(batch_id: str, row: int) -> str:
    """The row itself while some of its corrections wait, else the next that waits, else the end."""
    if (
        request.form.getlist("field")
        and changes.one_row(portal(), actor(), batch_id, row).verdict is None
    ):
        return url_for("workbench.show", batch_id=batch_id, row=row, **_kept())
    following = changes.beside(portal(), actor(), batch_id, row, show=_filter())[2]
    if following is not None:
        return url_for("workbench.show", batch_id=batch_id, row=following, **_kept())
    return url_for("workbench.open_batch", batch_id=batch_id)
