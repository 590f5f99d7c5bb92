"""From the facts of a letter to what the letter and Lampiran I print.

What is printed is decided here and in enclosures.py; the templates only lay it
out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from markupsafe import Markup

from hr_portal.adapters.letters.company_texts import filled
from hr_portal.adapters.letters.enclosures import NOTHING, attorney_line, short_documents
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.texts import as_markup, shown, value_markup
from hr_portal.domain.letter_choices import TEXTS
from hr_portal.domain.letters import (
    LetterFacts,
    LetterLine,
    LetterPerson,
    Segment,
    changed_part,
    differing_fields,
    is_erased,
    line_label,
    printed_value,
)
from hr_portal.domain.wording import counted, date_in_words, grouped_number, listed

LONG_NAME = 40
"""A longer company name gets the smaller size in the letterhead."""

LARGEST_QR_VERSION = 3


@dataclass(frozen=True, slots=True)
class LinePrint:
    """One line of Lampiran I."""

    label: str
    before: Markup
    after: Markup
    documents: str


@dataclass(frozen=True, slots=True)
class PersonPrint:
    """One person of Lampiran I: `index` from 0, `place` the number that is printed."""

    index: int
    place: str
    name: Markup
    kpj: Markup
    nik: Markup
    lines: tuple[LinePrint, ...]


def letter_context(facts: LetterFacts, *, preview: bool) -> dict[str, Any]:
    """Return what the letter itself and the heads of both lampiran print.

    In a preview a missing fact is a red mark with its name; else missing facts
    have been refused before (`missing_facts`).
    """
    company, contact, signatory = facts.company, facts.contact, facts.signatory
    number = shown(facts.number or "", "nomor diberikan saat terbit")
    name = shown(company.name, "nama perusahaan")
    attorney = signatory.attorney_number or ""
    printed = {
        "preview": preview,
        "paper": facts.paper,
        "title": f"Permohonan Koreksi Data Peserta, Nomor {facts.number or '(konsep)'}",
        "author": company.name or NOTHING,
        "created": facts.issued_on.isoformat(),
        "number": number,
        "date": date_in_words(facts.issued_on),
        "place": shown(facts.place, "tempat"),
        "company": name,
        "long_name": len(company.name) > LONG_NAME,
        "npp": shown(company.npp, "NPP"),
        "division": company.division,
        "address": shown(_with_city(company.address, company.city), "alamat perusahaan"),
        "reach": " · ".join(
            part
            for part in (
                f"Telepon {company.phone}" if company.phone else "",
                f"Surel {company.email}" if company.email else "",
            )
            if part
        ),
        "branch": shown(_branch_name(facts.branch.name), "nama kantor cabang"),
        "branch_address": as_markup(_with_city(facts.branch.address, facts.branch.city)),
        "people_counted": counted(len(facts.people), "tenaga kerja"),
        "corrections_counted": counted(facts.corrections, "butir koreksi"),
        "contact": _contact_name(facts),
        "contact_reach": shown(
            ", ".join(part for part in (contact.phone, contact.email) if part),
            "telepon atau surel narahubung",
        ),
        "fields": listed(differing_fields(facts.people)) or shown("", "jenis data"),
        "has_documents": bool(facts.documents),
        "signatory": shown(signatory.name, "nama penanda tangan"),
        "signatory_title": shown(signatory.title, "jabatan penanda tangan"),
        "attorney": attorney_line(attorney),
        "copies_to": [recipient for recipient in facts.copies_to if recipient],
        "proof": _proof(facts),
        "heads": facts.choices.heads,
    }
    return {**printed, **_chosen(facts, printed)}


def _chosen(facts: LetterFacts, printed: dict[str, Any]) -> dict[str, Any]:
    """Return the company's own sentences, filled with what the letter prints elsewhere."""
    choices = facts.choices
    values = {
        "perusahaan": printed["company"],
        "npp": printed["npp"],
        "kantor_cabang": printed["branch"],
        "jumlah_tenaga_kerja": printed["people_counted"],
        "jumlah_koreksi": printed["corrections_counted"],
        "jenis_data": printed["fields"],
        "kolom_semula": choices.heads.before,
        "kolom_menjadi": choices.heads.after,
        "tanggal": printed["date"],
        "narahubung": printed["contact"],
        "penanda_tangan": printed["signatory"],
    }
    return {name: filled(name, getattr(choices, name), values) for name in TEXTS}


def people_print(
    people: Sequence[LetterPerson], start: int = 0, *, cards_are_told: bool = False
) -> list[PersonPrint]:
    """Return the people of Lampiran I; the first gets the number `start` + 1.

    Where the note below the table tells of everyone's card, lines leave it out.
    """
    return [
        PersonPrint(
            index=index,
            place=grouped_number(index + 1),
            name=shown(person.name, "nama"),
            kpj=shown(person.kpj, "KPJ"),
            nik=value_markup("nik", (Segment(person.nik, changed=False),))
            if person.nik
            else shown("", "NIK"),
            lines=tuple(_line_print(line, cards_are_told) for line in person.lines),
        )
        for index, person in enumerate(people, start=start)
    ]


def _line_print(line: LetterLine, cards_are_told: bool) -> LinePrint:  # noqa: FBT001
    before = printed_value(line.field, line.before)
    after = printed_value(line.field, line.after)
    if is_erased(line):
        marked = Markup("<i>dihapus</i>")
    elif not after:
        marked = shown("", "nilai Menjadi")
    else:
        marked = value_markup(line.field, changed_part(before, after))
    recorded = value_markup(line.field, (Segment(before, changed=False),))
    return LinePrint(
        label=line_label(line),
        before=recorded if before else Markup("<i>belum tercatat</i>"),
        after=marked,
        documents=short_documents(line.documents, cards_are_told=cards_are_told),
    )


def _with_city(address: str, city: str) -> str:
    """Add the city to an address that doesn't name it."""
    if not city or city.casefold() in address.casefold():
        return address
    return f"{address}, {city}" if address else city


def _branch_name(name: str) -> str:
    """Return the office's name without that of the institution, which the letter prints."""
    return re.sub(r"^BPJS\s+Ketenagakerjaan\s+", "", name, flags=re.IGNORECASE)


def _contact_name(facts: LetterFacts) -> Markup:
    name = shown(facts.contact.name, "nama narahubung")
    title = facts.contact.title
    return Markup("{}, {}").format(name, title) if title else Markup("{}").format(name)


def _proof(facts: LetterFacts) -> dict[str, Any] | None:
    """Return QR, address and code of the page of verification; None before a letter is issued.

    The QR holds the address in capitals, which makes it small enough for 14 mm; without an
    address for it there is none. Raises LetterError LET-QR for an address that needs more
    than 29 x 29 modules.
    """
    if not facts.verify_page or not facts.verify_code:
        return None
    return {
        "qr": _qr(facts.verify_url) if facts.verify_url else "",
        "address": re.sub(r"^https?://", "", facts.verify_page, flags=re.IGNORECASE),
        "code": facts.verify_code,
    }


def _qr(address: str) -> Markup:
    code = segno.make(address.upper(), error="m", boost_error=False, micro=False)
    if not isinstance(code.version, int) or code.version > LARGEST_QR_VERSION:
        raise LetterError(
            "LET-QR",
            "Alamat halaman pemeriksaan terlalu panjang untuk kode QR 14 mm. "
            "Gunakan alamat portal yang lebih pendek.",
            "The address of the verification page is too long for a 14 mm QR code.",
        )
    return Markup(code.svg_inline(border=0, omitsize=True))  # noqa: S704  # segno's own shapes
