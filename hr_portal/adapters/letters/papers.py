"""What a branch gives back as PDF: receipt, record of the decision, notices to employees."""

import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pikepdf
from markupsafe import Markup

from hr_portal.adapters.letters.engine import WHOLE, laid_out, saved, written
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.texts import as_markup, tidied_facts
from hr_portal.adapters.letters.view import branch_name, qr_markup, with_city
from hr_portal.domain.letters import (
    LetterLine,
    is_erased,
    line_label,
    printed_value,
)
from hr_portal.domain.papers import Notice, NoticeFacts, PaperFacts
from hr_portal.domain.wording import LARGEST_SPELLED, counted, date_in_words, grouped_number

TEMPLATES = {"tanda_terima": "tanda_terima.html", "berita_acara": "berita_acara.html"}
TITLES = {
    "tanda_terima": "Tanda Terima Pengajuan",
    "berita_acara": "Berita Acara Keputusan",
}
VERDICTS = {"approve": "Disetujui", "return": "Dikembalikan", "reject": "Ditolak"}
RESULTS = {"accepted": "Sudah dicatat", "refused": "Tidak dicatat"}
"""What has become of an approved correction at the agency."""
UNPRINTABLE = "[?]"
"""Stands for a sign that the typeface doesn't have; the paper says so."""

Row = tuple[str, Markup]


def render_paper(facts: PaperFacts | NoticeFacts) -> bytes:
    """Return the paper as PDF/A; the same facts give the same bytes.

    A sign that Carlito lacks is printed as "[?]", with a note that the portal has the whole text:
    a paper about what has happened may not fail for what somebody wrote. Raises LetterError as
    `engine.written` does.
    """
    try:
        return _rendered(facts, lossy=False)
    except LetterError as error:
        if error.code != "LET-FONT":
            raise
    return _rendered(_plain(facts), lossy=True)


def _rendered(facts: PaperFacts | NoticeFacts, *, lossy: bool) -> bytes:
    facts = tidied_facts(facts)
    if isinstance(facts, NoticeFacts):
        template, context = "pemberitahuan.html", _notices(facts)
    else:
        template, context = TEMPLATES[facts.kind], _paper(facts)
    made = {
        "created": facts.issued_on.isoformat(),
        "date": date_in_words(facts.issued_on),
        "branch": branch_name(facts.branch.name),
        "branch_address": as_markup(with_city(facts.branch.address, facts.branch.city)),
        "city": facts.branch.city,
        "company": facts.company,
        "npp": facts.npp,
        "batch": facts.batch,
        "lossy": lossy,
        **context,
    }
    with pikepdf.open(io.BytesIO(written(laid_out(template, made), WHOLE))) as paper:
        return saved(paper)


def _paper(facts: PaperFacts) -> dict[str, Any]:
    return {
        "title": f"{TITLES[facts.kind]}, Nomor {facts.number}",
        "number": facts.number,
        "moment": facts.moment,
        "told": list(_told(facts)),
        "target": facts.target,
        "sums": [
            (label, _count(count, "baris"))
            for label, count in (
                ("Disetujui", facts.approved),
                ("Dikembalikan untuk diperbaiki", facts.returned),
                ("Ditolak", facts.rejected),
            )
        ],
        "total": _count(facts.approved + facts.returned + facts.rejected, "baris"),
        "by_two": _count(facts.by_two, "baris") if facts.by_two else "",
        "reasons": [
            (VERDICTS[one.verdict], as_markup(one.reason), grouped_number(one.rows), one.which)
            for one in facts.reasons
        ],
        "reasons_left": grouped_number(facts.reasons_left) if facts.reasons_left else "",
        "child": facts.child,
        "proof": {
            "qr": qr_markup(facts.verify_url) if facts.verify_url else "",
            "address": facts.verify_page.partition("://")[2],
            "code": facts.verify_code,
        },
    }


def _told(facts: PaperFacts) -> Iterator[Row]:
    """Yield what was handed in, by its name."""
    yield "Nomor pengajuan", as_markup(facts.batch)
    yield "Perusahaan", Markup("{}<br>NPP {}").format(facts.company, facts.npp)
    if facts.letter_date is not None:
        yield (
            "Surat permohonan",
            as_markup(f"Nomor {facts.letter_number} tanggal {date_in_words(facts.letter_date)}"),
        )
    yield (
        "Isi",
        as_markup(
            f"{_count(facts.rows, 'baris')}, {_count(facts.corrections, 'butir koreksi')}, "
            f"revisi {facts.revision}"
        ),
    )
    if facts.fields:
        listed = ", ".join(f"{label} {grouped_number(count)}" for label, count in facts.fields)
        yield "Data yang dikoreksi", as_markup(listed)
    yield (
        "Dokumen pendukung",
        as_markup(_count(facts.documents, "berkas") if facts.documents else "–"),
    )
    if facts.file_sha256:
        yield "SHA-256 berkas", Markup("<span class=sidik>{}</span>").format(facts.file_sha256)


def _notices(facts: NoticeFacts) -> dict[str, Any]:
    return {
        "title": f"Pemberitahuan Hasil Koreksi Data, Pengajuan {facts.batch}",
        "decided": facts.decided,
        "contact": facts.contact,
        "people": [(one, [_line(line) for line in one.lines], _kinds(one)) for one in facts.people],
    }


def _count(number: int, noun: str) -> str:
    """Return a count in figures and, as far as they go, in words."""
    return (
        counted(number, noun) if number <= LARGEST_SPELLED else f"{grouped_number(number)} {noun}"
    )


def _line(line: Any) -> dict[str, Any]:  # noqa: ANN401 - a NoticeLine, or one tidied
    asked = LetterLine(line.field, line.label, line.before, line.after)
    before = printed_value(line.field, line.before)
    after = printed_value(line.field, line.after)
    return {
        "label": line_label(asked),
        "before": as_markup(before) if before else Markup("<i>belum tercatat</i>"),
        "after": Markup("<i>dihapus</i>") if is_erased(asked) else as_markup(after),
        "verdict": RESULTS.get(line.answer) or VERDICTS[line.verdict],
        "reason": as_markup(line.reason) if line.reason else "",
        "words": as_markup(line.words) if line.words else "",
    }


def _kinds(one: Notice) -> set[str]:
    return {line.answer or line.verdict for line in one.lines}


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return the facts with signs that few typefaces have written as UNPRINTABLE."""
    if isinstance(value, str):
        return "".join(sign if _is_common(sign) else UNPRINTABLE for sign in value)
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        )
    return value


def _is_common(sign: str) -> bool:
    """Say whether any typeface has it: Latin letters, digits, usual punctuation."""
    return (
        sign.isspace()
        or " " <= sign <= "~"
        or "\xa0" <= sign <= "\u017f"
        or "\u2010" <= sign <= "\u2022"
        or sign == "\u2026"
    )
