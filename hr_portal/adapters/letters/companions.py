"""What goes with a letter of request: transmittal, statement of responsibility, forms.

They tell of the same facts. The forms have a page a person and are laid out in runs, so that
their memory is bounded; the other two are short whatever the number of people.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from markupsafe import Markup, escape
from weasyprint.document import Document

from hr_portal.adapters.letters.composing import LetterContent, Told, untold
from hr_portal.adapters.letters.embedding import embed
from hr_portal.adapters.letters.enclosures import KINDS as DOCUMENT_KINDS
from hr_portal.adapters.letters.enclosures import NOTHING, OTHER_HEAD
from hr_portal.adapters.letters.engine import PART, WHOLE, laid_out, saved, written
from hr_portal.adapters.letters.texts import as_markup, shown
from hr_portal.adapters.letters.view import LinePrint, people_print
from hr_portal.domain.letters import (
    LetterFacts,
    LetterLine,
    LetterPerson,
    line_label,
    printed_value,
)
from hr_portal.domain.wording import counted, date_in_words

TEMPLATES = {
    "pengantar": "surat_pengantar.html",
    "pernyataan": "surat_pernyataan.html",
    "formulir": "formulir_perubahan.html",
}
SUBJECTS = {
    "pengantar": "Surat Pengantar",
    "pernyataan": "Surat Pernyataan Tanggung Jawab",
    "formulir": "Formulir Perubahan Data Tenaga Kerja",
}

RUN = 50
"""Forms laid out at a time."""

FORM_FIELDS = (
    "nama", "nik", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "nama_ibu", "status_kawin",
    "alamat", "hp", "email", "npwp", "no_rekening",
)  # fmt: skip
"""Lines that a form always has, changed or not; others follow where they change."""

LONGEST_WHOLE = 26
"""Signs of a number that fit a line of the narrow column of what is handed over."""
_NUMBER = re.compile(r"[\w.\-]+(?:/[\w.\-]+)+")
_SIX = 6
_NIK_SIGNS = 16


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of the letter of transmittal."""

    what: Markup
    count: str
    remark: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of section C: `changed` has a cross."""

    label: str
    before: Markup
    after: Markup
    changed: bool


@dataclass(frozen=True, slots=True)
class FormDocument:
    """A box of section D."""

    label: str
    held: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The page of one person."""

    place: str
    name: Markup
    kpj: Markup
    nik: Markup
    birth: tuple[str, Markup] | None
    """The label and the value of where and when; None where neither is known."""
    lines: list[FormLine]
    documents: list[FormDocument]


def companion(content: LetterContent, facts: LetterFacts, told: Told = untold) -> bytes:
    """Return a letter that goes with one of request, as PDF; raises as `written` does."""
    if facts.kind == "formulir":
        return _forms(content, facts, told)
    context = _context(content)
    normal = laid_out(TEMPLATES[facts.kind], context, content.logo)
    if len(normal.pages) > 1:
        dense = laid_out(TEMPLATES[facts.kind], {**context, "dense": True}, content.logo)
        normal = dense if len(dense.pages) == 1 else normal
    with pikepdf.open(io.BytesIO(written(normal, WHOLE))) as letter:
        embed(letter, facts)
        return saved(letter)


def _context(content: LetterContent) -> dict[str, Any]:
    facts = content.facts
    subject = SUBJECTS[facts.kind]
    return {
        **content.base,
        "title": f"{subject}, Nomor {facts.number or '(konsep)'}",
        "subject": subject,
        "request_number": shown(facts.request_number, "nomor surat permohonan"),
        "request_date": date_in_words(facts.request_date) if facts.request_date else NOTHING,
        "sent": list(_sent(content)) if facts.kind == "pengantar" else [],
        "forms": [],
        "npp_boxes": _boxes(facts.company.npp),
        "division_boxes": _boxes(facts.company.division) if facts.company.division else NOTHING,
    }


def _sent(content: LetterContent) -> Iterator[Sent]:
    """Yield what is handed over, as Lampiran II counts it."""
    facts, documents = content.facts, content.documents
    day = date_in_words(facts.request_date) if facts.request_date else NOTHING
    yield Sent(
        Markup(
            "Surat Permohonan Koreksi Data Peserta Nomor <span class=nowrap>{}</span> tanggal "
            "<span class=nowrap>{}</span> beserta Lampiran I dan Lampiran II"
        ).format(shown(facts.request_number, "nomor surat permohonan"), day),
        "1 (satu) berkas",
        "Asli",
    )
    held = sum(count.total() for count in documents.counts)
    if held:
        yield Sent(
            Markup("Salinan dokumen pendukung tenaga kerja menurut Lampiran II"),
            counted(held, documents.unit),
            "Menurut urutan Lampiran I",
        )
    rows = [row for group in documents.enclosures for row in group]
    for row in rows[1:]:
        yield Sent(
            _kept_whole(row.text),
            counted(int(row.sheets.replace(".", "")), documents.unit),
            NOTHING,
        )


def _kept_whole(text: str) -> Markup:
    """Return text as markup in which no number of a letter is broken at a slash."""
    return Markup(  # noqa: S704  # escaped by as_markup
        _NUMBER.sub(
            lambda found: (
                f"<span class=nowrap>{found[0]}</span>"
                if len(found[0]) <= LONGEST_WHOLE
                else found[0]
            ),
            str(as_markup(text)),
        )
    )


def _forms(content: LetterContent, facts: LetterFacts, told: Told) -> bytes:
    """Return the forms of all people in one file, a page each where that can be."""
    context = _context(content)
    parts = []
    for start in range(0, max(content.people, 1), RUN):
        stop = min(start + RUN, content.people)
        parts.append(written(_run(content, context, start, stop), PART))
        told(95 * stop // max(content.people, 1))
    with pikepdf.open(io.BytesIO(parts[0])) as letter:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as other:
                letter.pages.extend(other.pages)
        with letter.open_outline() as outline:
            outline.root.clear()  # a title a person, all the same
        embed(letter, facts)
        return saved(letter)


def _run(content: LetterContent, context: dict[str, Any], start: int, stop: int) -> Document:
    forms = [_form(content, index) for index in range(start, stop)]
    made = {**context, "forms": forms}
    normal = laid_out(TEMPLATES["formulir"], made)
    if len(normal.pages) <= len(forms):
        return normal
    dense = laid_out(TEMPLATES["formulir"], {**made, "dense": True})
    return dense if len(dense.pages) < len(normal.pages) else normal


def _form(content: LetterContent, index: int) -> Form:
    person = content.facts.people[index]
    (printed,) = people_print([person], content.facts.first_place - 1 + index)
    return Form(
        place=printed.place,
        name=printed.name,
        kpj=_boxes(person.kpj) if person.kpj else printed.kpj,
        nik=_boxes(person.nik) if person.nik else printed.nik,
        birth=_birth(person),
        lines=list(_lines(person, printed.lines)),
        documents=list(_documents(content, index)),
    )


def _birth(person: LetterPerson) -> tuple[str, Markup] | None:
    place, day = person.birthplace.strip(), printed_value("tanggal_lahir", person.birth_date)
    if place and day:
        return "Tempat, tanggal lahir", as_markup(f"{place}, {day}")
    if place or day:
        return ("Tempat lahir" if place else "Tanggal lahir"), as_markup(place or day)
    return None


def _lines(person: LetterPerson, printed: tuple[LinePrint, ...]) -> Iterator[FormLine]:
    changed: dict[str, list[FormLine]] = {}
    for line, shown_ in zip(person.lines, printed, strict=True):
        made = FormLine(shown_.label, shown_.before, shown_.after, changed=True)
        changed.setdefault(line.field, []).append(made)
    nothing = Markup("{}").format(NOTHING)
    for field in FORM_FIELDS:
        label = line_label(LetterLine(field, field, "", ""))
        yield from changed.pop(field, [FormLine(label, nothing, nothing, changed=False)])
    for lines in changed.values():
        yield from lines


def _documents(content: LetterContent, index: int) -> Iterator[FormDocument]:
    held = content.documents.counts[index]
    for kind in DOCUMENT_KINDS:
        name = kind.meaning or kind.head
        label = f"{name[:1].upper()}{name[1:]}"
        yield FormDocument(label, bool(held[kind.head]))
    yield FormDocument("Lainnya", bool(held[OTHER_HEAD]))


def _boxes(number: str) -> Markup:
    """Return a number with a box for each sign; a NIK in groups of 6, 6 and 4."""
    if not number.isalnum() or len(number) > _NIK_SIGNS:
        return Markup("{}").format(number)
    parted = {_SIX, 2 * _SIX} if len(number) == _NIK_SIGNS else set()
    signs = "".join(
        f"<i{' class=j' if place in parted else ''}>{escape(sign)}</i>"
        for place, sign in enumerate(number)
    )
    return Markup(f'<span class="sel">{signs}</span>')  # noqa: S704  # each sign escaped above
