"""What a file's sheet and columns are: the question, its answer, and what is remembered."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.domain.columns import AFTER_SUFFIX, ROLE_WORDS
from hr_portal.domain.fields import FIELDS, REQUIRED_KEYS
from hr_portal.domain.questions import AskedColumn
from hr_portal.services import batch_views, columns, places
from hr_portal.services import layouts as memory
from hr_portal.services.columns import Asked
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.formatting import day_of, number
from hr_portal.web.i18n import beside, language, said
from hr_portal.web.layout import State, form_key
from hr_portal.web.words import field_label, page_of

blueprint = Blueprint("columns", __name__)

PREFIX: Final = "kolom-"
IGNORE: Final = "abaikan"
SURE_NOTES: Final = frozenset(
    {"phone", "email", "kpj", "label", "hp", "new-value", "only", "side", "sources"}
)
"""Contents that look like one thing only; a date or 16 digits may be another."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column as the page shows it."""

    column: AskedColumn
    word: str
    """What is chosen now; "" where nothing is yet."""
    state: State
    note: str
    wrong: str


@blueprint.get("/pengajuan/<batch_id>/kolom")
@needs("batch.edit")
def show(batch_id: str) -> str | Response:
    """The question; where nothing is asked any more, the way to where the batch stands."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if batch.revision.state != "asking":
        return redirect(url_for("batches.show", batch_id=batch_id))
    return _page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/kolom")
@needs("batch.edit")
def answer(batch_id: str) -> str | Response | tuple[str, int]:
    """Takes the answer and has the file read with it."""
    form = request.form
    chosen = {
        name.removeprefix(PREFIX): word for name, word in form.items() if name.startswith(PREFIX)
    }
    try:
        columns.answer(
            portal(),
            actor(),
            batch_id,
            version=form.get("version", type=int),
            sheet=form.get("lembar"),
            columns=None if "pilih-lembar" in form else chosen,
            remember="ingat" in form,
            idempotency_key=form.get("idempotency_key") or None,
        )
    except Invalid as error:
        return _page(batch_id, chosen, said(error.message, error.message_en), beside(error)), 422
    return redirect(url_for("batches.show", batch_id=batch_id))


@blueprint.post("/pengajuan/<batch_id>/kolom/ubah")
@needs("batch.edit")
def ask_again(batch_id: str) -> Response:
    """Asks anew about the columns of a draft that was read."""
    columns.ask_again(portal(), actor(), batch_id, version=request.form.get("version", type=int))
    return redirect(url_for("batches.show", batch_id=batch_id))


@blueprint.post("/pengajuan/<batch_id>/kolom/kembali")
@needs("batch.edit")
def leave(batch_id: str) -> Response:
    """Leaves the columns as they were."""
    columns.leave(portal(), actor(), batch_id, version=request.form.get("version", type=int))
    return redirect(url_for("results.show", batch_id=batch_id))


@blueprint.get("/perusahaan/<company_id>/susunan-kolom")
@needs("company.edit")
def layouts(company_id: str) -> str:
    """The layouts that a company has explained, each with the way to forget it."""
    return render_template(
        "columns/layouts.html",
        company=places.company(portal(), actor(), company_id),
        layouts=memory.list_layouts(portal(), actor(), company_id),
        label_of=label_of,
    )


@blueprint.post("/perusahaan/<company_id>/susunan-kolom/<int:layout_id>/lupakan")
@needs("company.edit")
def forget(company_id: str, layout_id: int) -> Response:
    """Forgets one layout."""
    memory.forget_layout(portal(), actor(), company_id, layout_id)
    flash(
        _("Susunan kolom dilupakan. Berkas berikutnya dengan judul itu akan ditanyakan lagi."), "ok"
    )
    return redirect(url_for("columns.layouts", company_id=company_id))


def label_of(word: str) -> str:
    """What a column may be called: "No HP", "No HP (Menjadi)", "Abaikan kolom ini"."""
    plain = {
        IGNORE: _("Abaikan kolom ini"),
        "no": _("Nomor urut"),
        "data": _("Data (yang dikoreksi)"),
        "semula": _("Semula"),
        "menjadi": _("Menjadi"),
        "alasan": _("Alasan"),
        "keterangan": _("Keterangan"),
        "npp": _("NPP perusahaan"),
        "divisi": _("Divisi NPP"),
    }
    if word in plain:
        return plain[word]
    key = word.removesuffix(AFTER_SUFFIX)
    label = field_label(key)
    return _("%(field)s (Menjadi)", field=label) if word != key else label


def _choices(used: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that a column may be, in groups; what only some companies use, where it is in use."""
    keys = [
        field.key
        for field in FIELDS
        if not field.optional or {field.key, f"{field.key}{AFTER_SUFFIX}"} & used
    ]
    grouped = (
        (_("Wajib ada"), REQUIRED_KEYS),
        (_("Satu koreksi per baris"), ("data", "semula", "menjadi")),
        (_("Nilai baru"), [f"{key}{AFTER_SUFFIX}" for key in keys]),
        (_("Nilai yang tercatat sekarang"), [key for key in keys if key not in REQUIRED_KEYS]),
        (_("Pelengkap"), ("no", "alasan", "keterangan", "npp", "divisi")),
    )
    return [(title, [(word, label_of(word)) for word in words]) for title, words in grouped]


def _page(
    batch_id: str,
    chosen: dict[str, str] | None = None,
    problem: str = "",
    wrong: dict[str, str] | None = None,
) -> str:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    asked = columns.question(portal(), actor(), batch_id)
    question = asked.question
    may_choose = len(question.sheets) > 1
    by_sheet = not question.columns or (
        may_choose and (request.args.get("lembar") == "pilih" or "pilih-lembar" in request.form)
    )
    words = {**question.guesses(), **(chosen or {})}
    lines = [_line(one, words[one.letters], asked, wrong or {}) for one in question.columns]
    open_ = [line for line in lines if line.column.is_asked]
    fault = question.judge({name: word or IGNORE for name, word in words.items()})
    missing = fault.names if fault and fault.kind == "missing" else ()
    if fault and language() == "en":
        missing = fault.names_en if missing else ()
    return render_template(
        "columns/show.html",
        batch=batch,
        question=question,
        by_sheet=by_sheet,
        may_choose=may_choose,
        open=open_,
        known=[line for line in lines if not line.column.is_asked],
        choices=_choices(set(words.values())),
        label_of=label_of,
        missing=missing,
        title=_title(len(open_), by_sheet=by_sheet),
        problem=problem,
        remember=not chosen or "ingat" in request.form,
        may_leave=asked.may_leave,
        key=request.form.get("idempotency_key") or form_key(),
        page_of=page_of,
    )


def _title(count: int, *, by_sheet: bool) -> str:
    if by_sheet:
        return _("Pilih lembar yang berisi koreksi")
    if not count:
        return _("Periksa isi setiap kolom")
    return ngettext(
        "Pastikan isi %(count)s kolom", "Pastikan isi %(count)s kolom", count, count=number(count)
    )


def _line(column: AskedColumn, word: str, asked: Asked, wrong: dict[str, str]) -> Line:
    at = asked.known_at
    return Line(
        column,
        word if word in ROLE_WORDS else "",
        _state(column),
        note_of(column, at),
        wrong.get(column.letters, ""),
    )


def _state(column: AskedColumn) -> State:
    if not column.is_asked:
        return State(_("Dikenali"), "ok", "check-circle-fill")
    if column.basis == "unknown":
        return State(_("Tidak dikenali"), "mute", "slash-circle")
    if column.basis == "similar" or column.note in SURE_NOTES:
        return State(_("Usulan"), "hint", "magic")
    return State(_("Perlu dipastikan"), "warn", "exclamation-triangle-fill")


def note_of(column: AskedColumn, known_at: dt.datetime | None) -> str:
    """Why a column is taken for what it is, as a short sentence."""
    if column.note:
        share = number(column.share)
        told = {
            "repeated": _(
                "Judulnya berarti sama dengan kolom lain; satu data hanya dari satu kolom"
            ),
            "mixed": _("Bercampur dengan kolom Data dan Menjadi; pakai salah satu bentuk saja"),
            "contradicts": _("Judulnya dikenali, tetapi isinya tampak seperti data lain"),
            "new-value": _("Judulnya tanpa “(Menjadi)”; mungkin inilah nilai barunya"),
            "new-of-what": _(
                "Judulnya menyebut nilai baru, tetapi belum jelas dari data mana; bila berisi dua data, misalnya "
                "tempat dan tanggal lahir, pisahkan dahulu di berkas"
            ),
            "only": _("Satu-satunya kolom yang mungkin berisi data ini"),
            "sources": _(
                "Judulnya menyebut data di BPJS atau di dokumen: nilai lama dan nilai baru"
            ),
            "side": _("Letaknya sesudah nama data, seperti Semula dan Menjadi"),
            "sixteen": _("Isinya berpola NIK atau No KK"),
            "birth": _(
                "Cocok dengan NIK pada %(share)s%% baris, tetapi mungkin juga tanggal lain",
                share=share,
            ),
            "other-date": _("Isinya tanggal, tetapi bukan tanggal yang ada di NIK"),
            "kpj": _("Isinya 11 angka seperti KPJ"),
            "phone": _("Isinya berpola nomor HP"),
            "hp": _("Semua nilainya berpola nomor HP"),
            "email": _("Isinya berpola alamat surel"),
            "label": _("Isinya nama-nama data yang dikoreksi"),
            "sex": _("Isinya L dan P"),
            "postal": _("Isinya 5 angka seperti kode pos"),
            "name": _("Isinya seperti nama orang"),
        }
        return told.get(column.note, "")
    if column.basis == "remembered" and known_at is not None:
        return _("Sama dengan unggahan %(day)s", day=day_of(known_at))
    told = {
        "name": _("Nama kolom dikenali"),
        "similar": _("Nama kolomnya mirip"),
        "answered": _("Sudah Anda pastikan"),
    }
    return told.get(column.basis, _("Tidak ikut diajukan; tetap ada di berkas Anda"))
