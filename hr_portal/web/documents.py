"""Supporting documents of a submission: added, placed, shown, removed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.domain.requirements import EITHER
from hr_portal.services import (
    archive_uploads,
    archives,
    batch_views,
    coverage,
    document_status,
    documents,
    explaining,
    filing,
    mapping_sheets,
    placing,
    results,
    scanning,
    submission,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Invalid, TooLarge
from hr_portal.web import sought
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.filing import PER_TRAY, POLL_SECONDS, last_placed
from hr_portal.web.formatting import number
from hr_portal.web.i18n import language, said
from hr_portal.web.paging import page_number, page_view
from hr_portal.web.security import (
    FILE_SECURITY_POLICY,
    PDF_SECURITY_POLICY,
    content_disposition,
    takes_upload,
)
from hr_portal.web.viewer import has_in_hand
from hr_portal.web.words import file_rows, next_step

blueprint = Blueprint("documents", __name__)

MOST_FILES: Final = 20
"""Files of one form."""
MOST_ROWS_LISTED: Final = 25
PER_PAGE: Final = 50
PER_MATRIX: Final = 25
MOST_ADVISED: Final = 25
MOST_PAGES: Final = 100_000
MATRIX_LISTS: Final[dict[str, coverage.Show]] = {"semua": "all", "alasan": "explained"}
"""Lists of the matrix by the word in the address; without one, what is lacking."""
STATUS_LISTS: Final[dict[str, document_status.State]] = {
    "periksa": "open", "sesuai": "fits", "tidak-sesuai": "unfit",
}  # fmt: skip
"""Lists of documents by the word in the address; without one, all."""


class Refusal(NamedTuple):
    """A file that was not taken, and why."""

    file_name: str
    why: str


@blueprint.get("/pengajuan/<batch_id>/dokumen")
@needs("batch.read")
def show(batch_id: str) -> str | AnyResponse:
    """The documents of a submission, and which rows still need one."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if batch.revision.state != "checked":
        return redirect(url_for("batches.show", batch_id=batch_id))
    return _page(batch)


@blueprint.post("/pengajuan/<batch_id>/dokumen/cari")
@needs("batch.read")
def search(batch_id: str) -> AnyResponse:
    """Leads to the rows looked for; what was typed is no part of their address."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    word = sought.sealed(portal().vault, batch.id, request.form.get("cari", ""))
    asked = request.form.get("lengkap", "")
    return redirect(
        url_for(
            "documents.show",
            batch_id=batch_id,
            lengkap=asked if asked in MATRIX_LISTS else None,
            cari=word or None,
            _anchor="lengkap",
        ),
        303,
    )


@blueprint.post("/pengajuan/<batch_id>/dokumen")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_document_bytes * 4)
def add(batch_id: str) -> str | AnyResponse | tuple[str, int]:
    """Takes files in, each on its own: what can't be taken is named, the rest is kept."""
    form = request.form
    try:
        row = _row(form.get("row", ""))
        kind = form.get("kind", "")
        sent = [file for file in request.files.getlist("file") if file.filename]
        if not sent:
            raise documents.nothing_chosen()
    except Invalid as error:
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        return _page(batch, [Refusal("", said(error.message, error.message_en))]), 422
    kept, asked, refused = 0, 0, []
    for file in sent[:MOST_FILES]:
        try:
            is_asked = _take(batch_id, file, kind=kind, row=row)
            kept, asked = kept + (is_asked is False), asked + (is_asked is True)
        except (Invalid, TooLarge) as error:
            refused.append(Refusal(file.filename or "", said(error.message, error.message_en)))
    refused += [
        Refusal(file.filename or "", _("Lebih dari %(most)s berkas sekali kirim; kirim berkas ini lagi.",
                                       most=MOST_FILES))
        for file in sent[MOST_FILES:]
    ]  # fmt: skip
    if kept:
        flash(ngettext("%(count)s dokumen terlampir.", "%(count)s dokumen terlampir.", kept,
                       count=number(kept)), "ok")  # fmt: skip
    if asked:
        flash(ngettext("%(count)s dokumen menunggu di baki: tentukan barisnya.",
                       "%(count)s dokumen menunggu di baki: tentukan barisnya.", asked,
                       count=number(asked)), "ok")  # fmt: skip
    if refused:
        return _page(batch_views.batch_view(portal(), actor(), batch_id), refused), 422
    return redirect(url_for("documents.show", batch_id=batch_id))


def _take(batch_id: str, file: FileStorage, *, kind: str, row: int | None) -> bool | None:
    """Takes one file in; True where it waits in the tray, None for what is judged later.

    A row or a kind that somebody chose stands; without either the name tells both.
    """
    stream: Any = file.stream
    name = file.filename or ""
    if row is None and name.lower().endswith(".zip"):
        archives.take_archive(portal(), actor(), batch_id, stream, name)
        return None
    if mapping_sheets.may_be_sheet(name):
        placed = mapping_sheets.take_sheet(portal(), actor(), batch_id, stream, name)
        flash(ngettext("Lembar pemetaan dipakai; %(count)s dokumen di baki menemukan barisnya.",
                       "Lembar pemetaan dipakai; %(count)s dokumen di baki menemukan barisnya.", placed,
                       count=number(placed)), "ok")  # fmt: skip
        return None
    if row is None and not kind:
        filed = filing.file_document(portal(), actor(), batch_id, stream, name)
        return None if filed.is_waiting else not filed.is_placed
    kind = kind or filing.kind_told(name)
    added = documents.add_document(portal(), actor(), batch_id, stream, name, kind=kind, row=row)
    return None if added.is_waiting else False


@blueprint.get("/dokumen/<document_id>")
@needs("batch.read")
def view(document_id: str) -> Response:
    """The document for the eye; what is sent is the clean copy that we made."""
    return _send(document_id, attached=False)


@blueprint.get("/dokumen/<document_id>/unduh")
@needs("batch.read")
def download(document_id: str) -> Response:
    """The document for keeping."""
    return _send(document_id, attached=True)


@blueprint.post("/dokumen/<document_id>/hapus")
@needs("batch.edit")
def remove(document_id: str) -> AnyResponse:
    """Takes a document off a draft."""
    batch_id = documents.remove_document(
        portal(), actor(), document_id, version=request.form.get("version", type=int)
    )
    flash(_("Dokumen dilepas dari pengajuan."), "ok")
    return redirect(url_for("documents.show", batch_id=batch_id))


def page(batch_id: str, problem: str = "", *, judging: str = "") -> str:
    """The page again, with what was wrong with an explanation, or with a status of documents."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    return _page(batch, problem=problem, judging_problem=judging)


def _page(
    batch: BatchView,
    refused: list[Refusal] | None = None,
    problem: str = "",
    judging_problem: str = "",
) -> str:
    g.zone = batch.timezone
    with portal().db.together():
        view = _gathered(batch, problem, judging_problem)
    return render_template("documents/show.html", **view, refused=refused or [])


def _gathered(batch: BatchView, problem: str, judging_problem: str) -> dict[str, Any]:
    """What the page shows, but for what was wrong with files sent."""
    every = documents.list_documents(portal(), actor(), batch.id)
    everything = [one for one in every if not one.in_tray]
    asked_status = request.values.get("nilai", "")
    status = STATUS_LISTS.get(asked_status)
    attached = [one for one in everything if status in {None, one.status.state}]
    waiting, in_tray = placing.tray(
        portal(), actor(), batch.id, page=_page_of("baki"), per_page=PER_TRAY
    )
    at = page_number()
    shown = attached[(at - 1) * PER_PAGE : at * PER_PAGE]
    bare = documents.missing(portal(), actor(), batch.id)
    asked, matrix_page = request.args.get("lengkap", ""), _page_of("matriks")
    only = MATRIX_LISTS.get(asked, "lacking")
    word = request.args.get("cari", "")
    searched = sought.opened(portal().vault, batch.id, word)
    matrix = coverage.matrix(
        portal(), actor(), batch.id,
        show=only, text=searched, page=matrix_page, per_page=PER_MATRIX,
    )  # fmt: skip
    excused = [row.number for row in matrix.rows if "explained" in row.cells]
    explained = explaining.missing_of(portal(), actor(), batch.id, excused) if excused else {}
    missing = submission.lacks(portal(), actor(), batch.id) if batch.is_mine_to_edit else []
    return {
        "batch": batch,
        "about": file_rows(batch),
        "title": _title(batch, len(everything), in_tray, bare, matrix),
        "documents": shown,
        "advised": [one for one in every if one.advice],
        "advice_on": {one.id: one.advice for one in every},
        "most_advised": MOST_ADVISED,
        "attached": len(everything),
        "status": asked_status if status else "",
        "statuses": Counter(one.status.state for one in everything),
        "judging": has_in_hand(batch),
        "judging_problem": judging_problem,
        "seen": portal().clock().isoformat(),
        "status_lists": STATUS_LISTS,
        "page": page_view(at, PER_PAGE, len(attached), len(shown)),
        "tray": waiting,
        "tray_page": page_view(_page_of("baki"), PER_TRAY, in_tray, len(waiting)),
        "matrix": matrix,
        "matrix_columns": [_column_of(batch, one) for one in matrix.columns],
        "searched": searched,
        "searched_word": word if searched else "",
        "undoable": len(last_placed(batch.id)) if batch.is_mine_to_edit else 0,
        "only": only,
        "lying_on": _lying_on(everything, [row.number for row in matrix.rows]),
        "reason_of": {(n, one.kind): one for n, found in explained.items() for one in found},
        "matrix_page": page_view(matrix_page, PER_MATRIX, matrix.listed, len(matrix.rows)),
        "matrix_href": lambda n: url_for(
            "documents.show",
            batch_id=batch.id,
            matriks=n,
            lengkap=asked if asked in MATRIX_LISTS else None,
            cari=word if searched else None,
            _anchor="lengkap",
        ),
        "archive": next(iter(archives.archives_of(portal(), actor(), batch.id)), None),
        "held": scanning.held_of(portal(), actor(), batch.id),
        "mapping": mapping_sheets.sheet_of(portal(), actor(), batch.id),
        "poll": POLL_SECONDS,
        "max_archive": portal().settings.max_archive_bytes,
        "part_bytes": archive_uploads.PART_BYTES,
        "uploads": archive_uploads.open_of(portal(), actor(), batch.id)
        if batch.is_mine_to_edit
        else [],
        "list_href": lambda n: url_for(
            "documents.show",
            batch_id=batch.id,
            halaman=n,
            nilai=asked_status if status else None,
            _anchor="ada",
        ),
        "tray_href": lambda n: url_for("documents.show", batch_id=batch.id, baki=n),
        "bare": bare,
        "rows": results.named_rows(
            portal(), actor(), batch.id, bare[:MOST_ROWS_LISTED], lang=language()
        ),
        "kinds": documents.KINDS,
        "chosen": {
            "row": request.values.get("row") or request.values.get("baris", ""),
            "kind": request.form.get("kind") or request.args.get("jenis", ""),
        },
        "problem": problem,
        "typed": {
            "kind": request.form.get("kind") or request.args.get("tanpa", ""),
            "rows": request.form.get("rows") or request.args.get("untuk", ""),
            "reason": request.form.get("reason", ""),
            "state": request.form.get("state", ""),
            "scope": request.form.get("scope", ""),
            "document": request.form.getlist("document"),
        },
        "max_bytes": portal().settings.max_document_bytes,
        "step": next_step(batch, [one for one in missing if one.step == "surat"]),
    }


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A kind of document as all rows show it; both addresses still want their row."""

    kind: str
    label: str
    carry: Markup
    """Where a file may be let go, for the script; the first kind where one of several will do."""
    upload: str
    excuse: str


def _column_of(batch: BatchView, column: coverage.Column) -> MatrixColumn:
    """What the cells of a column have in common, made once and not for every row."""
    kind, first = column.kind, column.kind.partition(EITHER)[0]
    return MatrixColumn(
        kind,
        said(column.label, column.label_en),
        Markup(' data-carry-to="{}"').format(first) if batch.is_mine_to_edit else Markup(),
        url_for("documents.show", batch_id=batch.id, jenis=first),
        url_for("documents.show", batch_id=batch.id, tanpa=kind),
    )


def _lying_on(
    listed: list[documents.DocumentView], rows: list[int]
) -> dict[tuple[int, str], list[documents.DocumentView]]:
    """The documents that lie on rows, or on the whole submission, by row and kind."""
    found: dict[tuple[int, str], list[documents.DocumentView]] = {}
    for one in listed:
        for row in rows if one.whole_batch else set(one.rows).intersection(rows):
            found.setdefault((row, one.kind), []).append(one)
    return found


def _page_of(name: str) -> int:
    """The page of a second list that the address asks for."""
    asked = request.args.get(name, 1, type=int)
    return asked if 1 <= asked <= MOST_PAGES else 1


def _title(
    batch: BatchView, count: int, in_tray: int, bare: list[int], matrix: coverage.Matrix
) -> str:
    if bare and batch.is_mine_to_edit:
        return ngettext("%(count)s baris masih perlu dokumen", "%(count)s baris masih perlu dokumen",
                        len(bare), count=number(len(bare)))  # fmt: skip
    if in_tray and batch.is_mine_to_edit:
        return ngettext("%(count)s dokumen belum menemukan baris",
                        "%(count)s dokumen belum menemukan baris", in_tray,
                        count=number(in_tray))  # fmt: skip
    if matrix.lacking and batch.is_mine_to_edit:
        return ngettext("%(count)s baris belum lengkap dokumennya",
                        "%(count)s baris belum lengkap dokumennya", matrix.lacking,
                        count=number(matrix.lacking))  # fmt: skip
    if count:
        return ngettext("%(count)s dokumen terlampir", "%(count)s dokumen terlampir", count,
                        count=number(count))  # fmt: skip
    return _("Tidak ada dokumen terlampir") if matrix.total else _("Tidak ada dokumen yang wajib")


def _row(text: str) -> int | None:
    """The row a form names, None for the whole batch. Raises Invalid for anything else."""
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 7:  # noqa: PLR2004 - Excel's last row
        raise Invalid(
            f"Nomor baris “{text[:20]}” bukan angka. Pakai nomor baris seperti di Excel, atau kosongkan.",
            f"Row “{text[:20]}” is not a number. Use the row number as in Excel, or leave it empty.",
            fields={"row": "Bukan angka"},
        )
    return int(text)


def _send(document_id: str, *, attached: bool) -> Response:
    found, chunks = documents.open_document(portal(), actor(), document_id)
    answer = make_response(chunks)
    answer.mimetype = found.media_type
    answer.content_length = found.size
    answer.headers["Content-Disposition"] = content_disposition(found.file_name, attached=attached)
    is_pdf = found.media_type == "application/pdf"
    # A sandbox also shuts out the browser's own PDF viewer.
    shown = PDF_SECURITY_POLICY if is_pdf and not attached else FILE_SECURITY_POLICY
    answer.headers["Content-Security-Policy"] = shown
    return answer
