"""Supporting documents of a submission: added, placed, shown, removed."""

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
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.services import documents, results, submission
from hr_portal.services.documents import DocumentView
from hr_portal.services.errors import Invalid, TooLarge
from hr_portal.services.results import BatchView, RowView
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.i18n import language, said
from hr_portal.web.security import (
    FILE_SECURITY_POLICY,
    PDF_SECURITY_POLICY,
    content_disposition,
    takes_upload,
)
from hr_portal.web.words import file_rows, next_step

blueprint = Blueprint("documents", __name__)

MOST_FILES: Final = 20
"""Files of one form."""
MOST_ROWS_LISTED: Final = 25


class Refusal(NamedTuple):
    """A file that was not taken, and why."""

    file_name: str
    why: str


@blueprint.get("/pengajuan/<batch_id>/dokumen")
@needs("batch.read")
def show(batch_id: str) -> str | AnyResponse:
    """The documents of a submission, and which rows still need one."""
    batch = results.batch_view(portal(), actor(), batch_id)
    if batch.revision.state != "checked":
        return redirect(url_for("batches.show", batch_id=batch_id))
    return _page(batch)


@blueprint.post("/pengajuan/<batch_id>/dokumen")
@needs("batch.edit")
@takes_upload(lambda settings: settings.max_document_bytes * 4)
def add(batch_id: str) -> str | AnyResponse | tuple[str, int]:
    """Takes files in, each on its own: what can't be taken is named, the rest is kept."""
    form = request.form
    try:
        row = _row(form.get("row", ""))
        kind = form.get("kind", "lain")
        sent = [file for file in request.files.getlist("file") if file.filename]
        if not sent:
            raise _nothing_chosen()
    except Invalid as error:
        batch = results.batch_view(portal(), actor(), batch_id)
        return _page(batch, [Refusal("", said(error.message, error.message_en))]), 422
    kept, refused = 0, []
    for file in sent[:MOST_FILES]:
        stream: Any = file.stream
        try:
            documents.add_document(
                portal(), actor(), batch_id, stream, file.filename or "", kind=kind, row=row
            )
            kept += 1
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
    if refused:
        return _page(results.batch_view(portal(), actor(), batch_id), refused), 422
    return redirect(url_for("documents.show", batch_id=batch_id))


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


def _page(batch: BatchView, refused: list[Refusal] | None = None) -> str:
    g.zone = batch.timezone
    attached = documents.list_documents(portal(), actor(), batch.id)
    bare = documents.missing(portal(), actor(), batch.id)
    missing = submission.lacks(portal(), actor(), batch.id) if batch.is_mine_to_edit else []
    return render_template(
        "documents/show.html",
        batch=batch,
        about=file_rows(batch),
        title=_title(batch, attached, bare),
        documents=attached,
        bare=bare,
        rows=_rows(batch, bare[:MOST_ROWS_LISTED]),
        kinds=documents.KINDS,
        chosen={
            "row": request.values.get("row") or request.values.get("baris", ""),
            "kind": request.form.get("kind", "ktp"),
        },
        refused=refused or [],
        max_bytes=portal().settings.max_document_bytes,
        most_files=MOST_FILES,
        step=next_step(batch, [one for one in missing if one.step == "surat"]),
    )


def _title(batch: BatchView, attached: list[DocumentView], bare: list[int]) -> str:
    if bare and batch.is_mine_to_edit:
        count = len(bare)
        return ngettext("%(count)s baris masih perlu dokumen", "%(count)s baris masih perlu dokumen",
                        count, count=number(count))  # fmt: skip
    if attached:
        count = len(attached)
        return ngettext("%(count)s dokumen terlampir", "%(count)s dokumen terlampir", count,
                        count=number(count))  # fmt: skip
    return _("Tidak ada dokumen yang wajib")


def _rows(batch: BatchView, numbers: list[int]) -> list[RowView]:
    return [results.row_view(portal(), actor(), batch.id, row, lang=language()) for row in numbers]


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


def _nothing_chosen() -> Invalid:
    return Invalid(
        "Belum ada berkas yang dipilih. Pilih satu atau beberapa PDF, JPEG, atau PNG.",
        "No file was chosen. Choose one or more PDF, JPEG or PNG files.",
        fields={"file": "Wajib dipilih"},
    )


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
