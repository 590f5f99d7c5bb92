"""What happened to a batch, as sentences; an act without one is never shown raw."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from hr_portal.adapters.database.models import Act
from hr_portal.services.batch_history import ADDED, REMOVED, Happened
from hr_portal.services.batch_views import BatchView, RevisionView
from hr_portal.services.messages import MessageView
from hr_portal.web.formatting import number
from hr_portal.web.masking import veil
from hr_portal.web.words import answers_told, field_label

TOGETHER: Final = frozenset(
    {
        "batch:verdict",
        "batch:verdict_cleared",
        "batch:row_revealed",
        "batch:handover_fetched",
        "batch:findings_exported",
        "batch:annotated_exported",
        "batch:warnings_confirmed",
        "batch:cells_changed",
        "batch:cells_restored",
        "document:judged",
    }
)
"""Acts that come by the dozen: those in a row become one entry."""
MOST_QUOTED: Final = 200
"""Signs of a message that the timeline shows; all of it stands in the conversation."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline."""

    tone: str
    icon: str
    title: str
    at: dt.datetime
    by: str
    quote: str = ""
    kind: str = ""
    """The act, for links that a page adds."""


@dataclass(frozen=True, slots=True)
class _Teller:
    tone: str
    icon: str
    tell: Callable[[Mapping[str, Any], "Story"], str]
    quote: str = ""
    """The detail that is quoted."""


@dataclass(frozen=True, slots=True)
class Story:
    """What sentences may draw on besides the act itself."""

    batch: BatchView
    revisions: Mapping[int, RevisionView]


def entries(
    acts: list[Happened],
    batch: BatchView,
    revisions: list[RevisionView],
    messages: list[MessageView],
    letters: list[Act],
) -> list[Entry]:
    """The timeline of a batch with its messages and letters, the latest first."""
    story = Story(batch, {one.number: one for one in revisions})
    office = _("Pemeriksa %(branch)s", branch=batch.branch_name)
    told = []
    for act, details in _grouped(acts):
        teller = TELLERS.get(act.action, OTHER)
        by = act.by or (office if act.side == "reviewer" else _("Portal"))
        quote = str(details.get(teller.quote, "")) if teller.quote else ""
        if teller.quote == "note":  # of one reviewer to the next; a reason is read as written
            quote = veil(quote)
        title = teller.tell(details, story)
        tone, icon = teller.tone, teller.icon
        if act.action == "batch:decided":
            tone, icon = _tone_of_outcome(details)
        told.append(Entry(tone, icon, title, act.at, by, quote, act.action))
    told += [
        message_entry(
            one.side, one.written_at, one.written_by or office, one.text,
            is_internal=one.is_internal, row=one.row,
        )
        for one in messages
    ]  # fmt: skip
    told += map(letter_entry, letters)
    return sorted(told, key=lambda one: one.at, reverse=True)


def letter_entry(act: Act) -> Entry:
    """An act on a letter as an entry."""
    number_of = act.details.get("number", "")
    if act.action == "letter:revoked":
        title, tone, icon = _("Surat %(number)s dicabut", number=number_of), "mute", "slash-circle"
    elif act.action == "letter:signed":
        title = _("Salinan bertanda tangan surat %(number)s tersimpan", number=number_of)
        tone, icon = "ok", "pencil"
    elif act.details.get("supersedes"):
        title = _("Surat %(number)s terbit, menggantikan yang sebelumnya", number=number_of)
        tone, icon = "ok", "arrow-repeat"
    else:
        title = _("Surat %(number)s terbit", number=number_of)
        tone, icon = "ok", "check-circle-fill"
    return Entry(tone, icon, title, act.at, act.actor.name if act.actor else _("Portal"))


def message_entry(
    side: str,
    at: dt.datetime,
    by: str,
    text: str,
    *,
    is_internal: bool,
    row: int | None = None,
) -> Entry:
    """A message of HRD or a reviewer, with its beginning; numbers of people are veiled."""
    if is_internal:
        tone, icon, title = "warn", "eye-slash", _("Catatan internal pemeriksa")
    else:
        title = _("Pesan HRD") if side == "hrd" else _("Pesan pemeriksa")
        tone, icon = "hint", "pencil"
    if row is not None:
        title = _("%(what)s, baris %(row)s", what=title, row=row)
    return Entry(tone, icon, title, at, by, shorten(veil(text)), "message:written")


def shorten(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else line[: MOST_QUOTED - 1].rstrip() + "…"


def _grouped(acts: list[Happened]) -> Iterator[tuple[Happened, Mapping[str, Any]]]:
    """Each act with its details; a run of small ones as its latest, with their number."""
    for (action, _who), run in groupby(acts, key=lambda act: (act.action, act.actor_id)):
        together = list(run)
        if action not in TOGETHER:
            yield from ((act, act.details) for act in together)
            continue
        rows = sum(_count(act.details.get("rows")) for act in together)
        findings = sum(_count(act.details.get("findings")) for act in together)
        different = len({act.details.get("row") for act in together if "row" in act.details})
        cells = sum(_count(act.details.get("cells")) for act in together)
        latest = {act.subject_id: act.details.get("state") for act in reversed(together)}
        yield (
            together[0],
            {
                "rows": rows,
                "findings": findings,
                "different": different,
                "cells": cells,
                "states": Counter(latest.values()),
            },
        )


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else value if isinstance(value, int) else 0


def _created(_details: Mapping[str, Any], story: Story) -> str:
    first = story.revisions.get(1)
    return _("Draf dibuat dari %(file)s", file=first.file_name if first else "")


def _revised(details: Mapping[str, Any], story: Story) -> str:
    revision = details.get("revision", 0)
    held = story.revisions.get(revision)
    if held is not None and held.compared:
        return _(
            "Revisi %(revision)s diunggah: %(solved)s masalah selesai, %(new)s baru",
            revision=revision,
            solved=number(held.compared.get("solved", 0)),
            new=number(held.compared.get("new", 0)),
        )
    return _("Revisi %(revision)s diunggah", revision=revision)


def _submitted(details: Mapping[str, Any], _story: Story) -> str:
    rows = details.get("rows", 0)
    return ngettext(
        "Diajukan: %(count)s baris, revisi %(revision)s",
        "Diajukan: %(count)s baris, revisi %(revision)s",
        rows,
        count=number(rows),
        revision=details.get("revision", 1),
    )


def _decided(details: Mapping[str, Any], _story: Story) -> str:
    parts = [
        _("%(count)s dikembalikan", count=number(details.get("returned", 0)))
        if details.get("returned")
        else "",
        _("%(count)s ditolak", count=number(details.get("rejected", 0)))
        if details.get("rejected")
        else "",
        _("%(count)s disetujui", count=number(details.get("approved", 0)))
        if details.get("approved")
        else "",
    ]
    return _("Diputuskan: %(counts)s", counts=", ".join(part for part in parts if part))


def _judged(details: Mapping[str, Any], _story: Story) -> str:
    states = details["states"]
    parts = [
        _("%(count)s sesuai", count=number(states["fits"])) if states["fits"] else "",
        _("%(count)s tidak sesuai", count=number(states["unfit"])) if states["unfit"] else "",
        _("%(count)s perlu diperiksa lagi", count=number(states["open"])) if states["open"] else "",
    ]
    return _("Dokumen dinilai: %(counts)s", counts=", ".join(part for part in parts if part))


def _documents_added(details: Mapping[str, Any], _story: Story) -> str:
    new, again = details.get("added", 0), details.get("repeated", 0)
    if not new:
        return ngettext("%(count)s dokumen yang sama diunggah lagi", "%(count)s dokumen yang sama diunggah lagi",
                        again, count=number(again))  # fmt: skip
    told = ngettext(
        "%(count)s dokumen diunggah", "%(count)s dokumen diunggah", new, count=number(new)
    )
    if again:
        told = _("%(what)s, %(count)s lagi sudah ada", what=told, count=number(again))
    return told


def _tone_of_outcome(details: Mapping[str, Any]) -> tuple[str, str]:
    if details.get("returned"):
        return "warn", "arrow-return-left"
    return ("err", "x-octagon-fill") if details.get("rejected") else ("ok", "check-circle-fill")


def _rows(sentence: Callable[[int], str]) -> Callable[[Mapping[str, Any], Story], str]:
    return lambda details, _story: sentence(details.get("rows", 0))


TELLERS: Final[dict[str, _Teller]] = {
    "batch:created": _Teller("ok", "file-earmark-spreadsheet", _created),
    "batch:template_filled": _Teller(
        "mute", "download",
        lambda details, _story: ngettext(
            "Templat terisi %(count)s karyawan diunduh", "Templat terisi %(count)s karyawan diunduh",
            details.get("employees", 0), count=number(details.get("employees", 0)),
        ),
    ),
    "batch:separated": _Teller(
        "mute", "arrow-return-left",
        lambda details, _story: _("Revisi %(revision)s dijadikan pengajuan baru, %(number)s",
                                  revision=details.get("revision", ""), number=details.get("number", "")),
    ),
    "batch:joined": _Teller(
        "mute", "arrow-return-left",
        lambda details, _story: _("Dijadikan revisi %(revision)s dari %(number)s",
                                  revision=details.get("revision", ""), number=details.get("number", "")),
    ),
    "batch:revised": _Teller("ok", "upload", _revised),
    "batch:columns_answered": _Teller("ok", "check-lg", lambda *_a: _("Arti kolom berkas dipastikan")),
    "batch:columns_reopened": _Teller(
        "mute", "arrow-clockwise",
        lambda details, _story: _("Arti kolom diubah, revisi %(revision)s",
                                  revision=details.get("revision", "")),
    ),
    "batch:columns_left": _Teller(
        "mute", "arrow-return-left",
        lambda details, _story: _("Perubahan arti kolom dibatalkan, kembali ke revisi %(revision)s",
                                  revision=details.get("revision", "")),
    ),
    "batch:warnings_confirmed": _Teller(
        "ok", "check-lg",
        lambda details, _story: ngettext(
            "%(count)s peringatan dipastikan benar", "%(count)s peringatan dipastikan benar",
            details.get("findings", 0), count=number(details.get("findings", 0)),
        ),
    ),
    "batch:cells_changed": _Teller(
        "ok", "pencil",
        lambda details, _story: ngettext(
            "%(count)s sel diperbaiki di portal", "%(count)s sel diperbaiki di portal",
            details.get("cells", 0), count=number(details.get("cells", 0)),
        ),
    ),
    "batch:column_added": _Teller(
        "ok", "plus-lg",
        lambda details, _story: _("Kolom %(name)s ditambahkan di portal",
                                  name=", ".join(map(field_label, details.get("fields", [])))),
    ),
    "batch:column_removed": _Teller(
        "mute", "arrow-return-left",
        lambda details, _story: _("Penambahan kolom %(name)s dibatalkan",
                                  name=", ".join(map(field_label, details.get("fields", [])))),
    ),
    "batch:cells_restored": _Teller(
        "mute", "arrow-return-left",
        lambda details, _story: ngettext(
            "Perbaikan %(count)s sel dibatalkan", "Perbaikan %(count)s sel dibatalkan",
            details.get("cells", 0), count=number(details.get("cells", 0)),
        ),
    ),
    "batch:documents_explained": _Teller(
        "warn", "info-circle-fill",
        _rows(lambda rows: ngettext(
            "Alasan tanpa dokumen dinyatakan untuk %(count)s baris",
            "Alasan tanpa dokumen dinyatakan untuk %(count)s baris", rows, count=number(rows))),
    ),
    "batch:explanation_withdrawn": _Teller(
        "mute", "arrow-return-left",
        _rows(lambda rows: ngettext(
            "Alasan tanpa dokumen dicabut untuk %(count)s baris",
            "Alasan tanpa dokumen dicabut untuk %(count)s baris", rows, count=number(rows))),
    ),
    "batch:submitted": _Teller("ok", "send", _submitted),
    "batch:withdrawn": _Teller("warn", "arrow-return-left", lambda *_a: _("Ditarik kembali menjadi draf"), "reason"),
    "batch:taken": _Teller("hint", "search", lambda *_a: _("Mulai diperiksa")),
    "batch:released": _Teller(
        "mute", "arrow-return-left", lambda *_a: _("Dilepas ke antrean, belum diputuskan"), "note"
    ),
    "batch:passed_on": _Teller(
        "hint", "person-plus",
        _rows(lambda rows: ngettext(
            "Diteruskan ke pemeriksa kedua: %(count)s baris", "Diteruskan ke pemeriksa kedua: %(count)s baris",
            rows, count=number(rows))),
        "note",
    ),
    "batch:hold_expired": _Teller(
        "mute", "arrow-return-left",
        lambda *_a: _("Kembali ke antrean: pemeriksanya lama tidak melanjutkan"),
    ),
    "batch:verdict": _Teller(
        "hint", "pen",
        _rows(lambda rows: ngettext(
            "Keputusan diberikan pada %(count)s baris", "Keputusan diberikan pada %(count)s baris",
            rows, count=number(rows))),
    ),
    "batch:verdicts_ordered": _Teller(
        "hint", "clock",
        lambda details, _story: (
            ngettext("Pembatalan keputusan %(count)s baris diminta",
                     "Pembatalan keputusan %(count)s baris diminta",
                     details.get("rows", 0), count=number(details.get("rows", 0)))
            if details.get("verdict") == "clear"
            else ngettext("Keputusan sekaligus untuk %(count)s baris diminta",
                          "Keputusan sekaligus untuk %(count)s baris diminta",
                          details.get("rows", 0), count=number(details.get("rows", 0)))
        ),
    ),
    "batch:verdict_cleared": _Teller(
        "mute", "arrow-clockwise",
        _rows(lambda rows: ngettext("Keputusan %(count)s baris dibatalkan", "Keputusan %(count)s baris dibatalkan",
                                    rows, count=number(rows))),
    ),
    "batch:decided": _Teller("ok", "check-circle-fill", _decided),
    "document:judged": _Teller("hint", "paperclip", _judged),
    ADDED: _Teller("ok", "paperclip", _documents_added),
    REMOVED: _Teller(
        "mute", "paperclip",
        lambda details, _story: ngettext("%(count)s dokumen dilepas", "%(count)s dokumen dilepas",
                                         details["removed"], count=number(details["removed"])),
    ),
    "batch:forwarded": _Teller(
        "ok", "send",
        lambda details, _story: ngettext(
            "Diteruskan ke kantor cabang: %(count)s koreksi", "Diteruskan ke kantor cabang: %(count)s koreksi",
            details.get("corrections", 0), count=number(details.get("corrections", 0)),
        ),
    ),
    "batch:answer_sent": _Teller(
        "hint", "upload", lambda *_a: _("Berkas jawaban kantor cabang diunggah")
    ),
    "batch:answered": _Teller(
        "ok", "check-circle-fill",
        lambda details, _story: _("Jawaban kantor cabang: %(counts)s", counts=answers_told(
            details.get("accepted", 0), details.get("refused", 0), details.get("waiting", 0))),
    ),
    "batch:handover_fetched": _Teller(
        "mute", "download", lambda *_a: _("Berkas penerusan diunduh")
    ),
    "batch:reopened": _Teller(
        "ok", "pencil",
        lambda details, _story: _("Dibuka kembali untuk diperbaiki, revisi %(revision)s",
                                  revision=details.get("revision", "")),
    ),
    "batch:set_aside": _Teller(
        "warn", "arrow-clockwise",
        lambda details, _story: ngettext(
            "Keputusan dibuka kembali: %(count)s baris diperiksa lagi, revisi %(revision)s",
            "Keputusan dibuka kembali: %(count)s baris diperiksa lagi, revisi %(revision)s",
            details.get("rows", 0), count=number(details.get("rows", 0)),
            revision=details.get("revision", ""),
        ),
        "reason",
    ),
    "batch:split": _Teller(
        "ok", "arrow-right",
        lambda details, _story: _(
            "Dilanjutkan dengan %(kept)s baris, revisi %(revision)s; %(moved)s baris menjadi draf %(number)s",
            kept=number(details.get("kept", 0)), revision=details.get("revision", ""),
            moved=number(details.get("moved", 0)), number=details.get("number", ""),
        ),
    ),
    "batch:split_off": _Teller(
        "ok", "file-earmark-spreadsheet",
        lambda details, _story: _(
            "Draf dibuat dari %(moved)s baris yang dipisah dari %(number)s",
            moved=number(details.get("moved", 0)), number=details.get("number", ""),
        ),
    ),
    "batch:lapsed": _Teller(
        "mute", "slash-circle",
        lambda details, _story: _(
            "Draf tidak disentuh %(days)s hari, jadi dibatalkan", days=number(details.get("days", 0))
        ),
    ),
    "batch:purged": _Teller(
        "mute", "slash-circle",
        lambda details, _story: _("Dokumen dihapus dan baris disamarkan sesuai masa simpan")
        if details.get("stage") == "documents"
        else _("Log tersamar dan isi surat dihapus sesuai masa simpan"),
    ),
    "batch:hold_placed": _Teller(
        "warn", "exclamation-triangle-fill", lambda *_a: _("Ditahan: tidak dihapus walau masa simpan lewat")
    ),
    "batch:hold_lifted": _Teller("mute", "check-lg", lambda *_a: _("Penahanan dicabut")),
    "batch:cancelled": _Teller("mute", "slash-circle", lambda *_a: _("Pengajuan dibatalkan")),
    "batch:annotated_exported": _Teller(
        "mute", "download", lambda *_a: _("Berkas beserta catatan diunduh")
    ),
    "batch:paper_opened": _Teller(
        "mute", "download", lambda told, _story: _("%(number)s diunduh", number=told["number"])
    ),
    "batch:notices_printed": _Teller("mute", "printer", lambda *_a: _("Pemberitahuan untuk tenaga kerja dicetak")),
    "batch:findings_exported": _Teller("mute", "download", lambda *_a: _("Daftar temuan diunduh")),
    "batch:row_revealed": _Teller(
        "mute", "eye",
        lambda details, _story: ngettext(
            "Nomor identitas %(count)s baris ditampilkan lengkap",
            "Nomor identitas %(count)s baris ditampilkan lengkap",
            details.get("different", 1), count=number(details.get("different", 1)),
        ),
    ),
}  # fmt: skip

OTHER: Final = _Teller(
    "mute", "info-circle-fill", lambda *_a: _("Kejadian lain tercatat pada pengajuan ini")
)
