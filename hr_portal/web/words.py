"""What a batch is called, and what it waits for, in words and with the page that mends it."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hr_portal.domain.fields import FIELD
from hr_portal.services.batch_views import BatchView
from hr_portal.services.submission import Lack
from hr_portal.web.formatting import number
from hr_portal.web.i18n import language
from hr_portal.web.layout import BATCH_STATES, State

MOST_NAMED = 3
"""Fields that a title names before it says "and others"."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: a verb with its count, and where."""

    label: str
    href: str


def answers_told(accepted: int, refused: int, waiting: int = 0) -> str:
    """How corrections stand with the agency, without what there is none of."""
    parts = (
        (accepted, _("%(count)s diterima", count=number(accepted))),
        (refused, _("%(count)s ditolak", count=number(refused))),
        (waiting, _("%(count)s menunggu jawaban", count=number(waiting))),
    )
    return ", ".join(words for count, words in parts if count)


def answered_told(accepted: int, refused: int, waiting: int, child: str | None) -> str:
    """What an answer of the agency has done; `child` is the draft of what it refused."""
    counts = answers_told(accepted, refused, waiting)
    if not accepted and not refused:
        text = _("Semua jawaban pada berkas ini sudah tercatat sebelumnya.")
        return text + " " + _("Sekarang: %(counts)s.", counts=counts) if counts else text
    text = _("Jawaban tercatat: %(counts)s.", counts=counts)
    if child:
        text += " " + _("Yang ditolak menjadi draf %(number)s milik HRD.", number=child)
    return text


def rows_held(batch: BatchView) -> int:
    """The rows of a batch that ask for something; empty ones don't, nor what is left out."""
    return batch.revision.total - batch.revision.empty - batch.revision.left


def field_label(key: str) -> str:
    """What a field is called in this request's language."""
    field = FIELD.get(key)
    if field is None:
        return key
    return field.label_en if language() == "en" else field.label


def batch_title(batch: BatchView) -> str:
    """What a batch is about: "No HP, NIK, 10.000 baris"; before it is read, its file."""
    if batch.revision.state != "checked":
        return batch.revision.file_name
    keys = sorted(batch.revision.fields, key=lambda key: -batch.revision.fields[key])
    named = keys if len(keys) <= MOST_NAMED else keys[: MOST_NAMED - 1]
    names = [field_label(key) for key in named]
    if len(named) < len(keys):
        names.append(_("%(count)s data lain", count=len(keys) - len(named)))
    rows = ngettext(
        "%(count)s baris", "%(count)s baris", rows_held(batch), count=number(rows_held(batch))
    )
    return ", ".join([*names, rows])


def shown_state(batch: BatchView, *, is_ready: bool = False) -> State:
    """The state as people know it: a draft says whether its file is being read, or is ready."""
    if batch.state == "draft" and batch.revision.state == "unreadable":
        return BATCH_STATES["unreadable"]
    if batch.state == "draft" and batch.revision.state == "asking":
        return BATCH_STATES["asking"]
    if batch.state == "draft" and batch.revision.state != "checked":
        return BATCH_STATES["reading"]
    if batch.state == "draft" and is_ready:
        return BATCH_STATES["ready"]
    return BATCH_STATES[batch.state]


def next_step(batch: BatchView, missing: list[Lack]) -> NextStep:
    """What a draft waits for: the first thing that it lacks, else its submission."""
    if not missing:
        return NextStep(_("Tinjau dan ajukan"), page_of("submit.review", batch.id))
    first = missing[0]
    pages = {
        "berkas": "batches.show",
        "hasil": "results.show",
        "dokumen": "documents.show",
        "surat": "letters.prepare",
    }
    endpoint = _MENDED_AT.get(first.code, pages[first.step])
    return NextStep(action_of(first.code, first.count), page_of(endpoint, batch.id))


REOPENED: Final = _l(
    "Pengajuan dibuka kembali sebagai revisi baru. Revisi yang dikembalikan tetap tersimpan."
)


_MENDED_AT = {"no_corrections": "batches.upload_again", "letter_too_big": "splitting.divide"}
"""Where lacks are mended that are not mended at their step."""


def action_of(code: str, many: int) -> str:
    """What mends a lack, on a button: "Perbaiki 18 baris". KeyError for no lack."""
    count = number(many)
    labels = {
        "file_unreadable": _("Unggah berkas lain"),
        "not_checked": _("Lihat kemajuan"),
        "columns_unanswered": _("Pastikan kolom"),
        "recheck_due": _("Lihat hasil"),
        "long_act_under_way": _("Lihat hasil"),
        "rows_refused": ngettext(
            "Lihat %(count)s baris", "Lihat %(count)s baris", many, count=count
        ),
        "rows_invalid": ngettext(
            "Perbaiki %(count)s baris", "Perbaiki %(count)s baris", many, count=count
        ),
        "file_invalid": ngettext(
            "Perbaiki %(count)s kolom", "Perbaiki %(count)s kolom", many, count=count
        ),
        "no_corrections": _("Unggah berkas lain"),
        "letter_too_big": _("Bagi pengajuan"),
        "document_missing": ngettext(
            "Lampirkan dokumen %(count)s baris",
            "Lampirkan dokumen %(count)s baris",
            many,
            count=count,
        ),
        "documents_lacking": ngettext(
            "Lengkapi dokumen %(count)s baris",
            "Lengkapi dokumen %(count)s baris",
            many,
            count=count,
        ),
        "documents_in_tray": ngettext(
            "Tempatkan %(count)s dokumen", "Tempatkan %(count)s dokumen", many, count=count
        ),
        "warnings_unconfirmed": ngettext(
            "Pastikan %(count)s peringatan", "Pastikan %(count)s peringatan", many, count=count
        ),
        "documents_unscanned": _("Lihat dokumen"),
        "archives_unpacking": _("Lihat dokumen"),
        "letter_missing": _("Terbitkan surat"),
        "letter_stale": _("Terbitkan surat pengganti"),
    }
    return labels[code]


def page_of(endpoint: str, batch_id: str) -> str:
    """The address of a batch's page; of the batch itself where that page is not there."""
    known = endpoint if endpoint in current_app.view_functions else "batches.show"
    return url_for(known, batch_id=batch_id)


def file_rows(batch: BatchView) -> str:
    """The file and its rows, for the path above a title: "koreksi.xlsx · 10.000 baris"."""
    count = rows_held(batch)
    rows = ngettext("%(count)s baris", "%(count)s baris", count, count=number(count))
    return f"{batch.number} · {batch.revision.file_name} · {rows}"


def mend_rows(batch: BatchView) -> str:
    """The words of the button that leads to rows a reviewer has returned."""
    count = rows_held(batch)
    return ngettext(
        "Perbaiki %(count)s baris", "Perbaiki %(count)s baris", count, count=number(count)
    )
