"""The corrections of a letter as a workbook, where they are too many for its pages."""

import datetime as dt
from collections.abc import Iterator

from hr_portal.adapters.spreadsheets.plain_workbook import Sheet, write
from hr_portal.domain.letters import LetterFacts, line_label, printed_value
from hr_portal.domain.wording import date_in_words


def workbook_of(facts: LetterFacts) -> bytes:
    """Return the workbook that a letter names; b"" for one that prints its corrections.

    Every cell is text, so that no digit of an identifier is lost. The same facts give the same
    bytes, so its hash can be printed before anybody keeps it.
    """
    if facts.table != "file" or facts.kind != "permohonan":
        return b""
    heads = facts.choices.heads
    corrections = (
        ("No.", 8), ("Nama menurut KTP-el", 32), ("KPJ", 14), ("NIK menurut KTP-el", 20),
        ("Jenis data", 22), (heads.before_head, 36), (heads.after_head, 36), ("Dokumen", 30),
    )  # fmt: skip
    documents = (("No.", 8), ("Nama", 32), ("KPJ", 14), ("Jenis dokumen", 32), ("Lembar", 10))
    about = (("Surat", 26), ("", 60))
    return write(
        "Lampiran I: daftar koreksi data peserta",
        (
            Sheet("Koreksi", corrections, _corrections(facts)),
            Sheet("Dokumen", documents, _documents(facts)),
            Sheet("Surat", about, _about(facts)),
        ),
        made=dt.datetime.combine(facts.issued_on, dt.time()),
    )


def _corrections(facts: LetterFacts) -> Iterator[tuple[str, ...]]:
    for place, person in enumerate(facts.people, start=1):
        for line in person.lines:
            yield (
                str(place), person.name, person.kpj, person.nik, line_label(line),
                printed_value(line.field, line.before), printed_value(line.field, line.after),
                line.documents,
            )  # fmt: skip


def _documents(facts: LetterFacts) -> Iterator[tuple[str, ...]]:
    places = {person.kpj: place for place, person in enumerate(facts.people, start=1)}
    names = {person.kpj: person.name for person in facts.people}
    for document in sorted(facts.documents, key=lambda one: places.get(one.concerns, 0)):
        place = places.get(document.concerns)
        yield (
            str(place or "–"), names.get(document.concerns, "Seluruh surat"),
            document.concerns if place else "–", document.kind, str(document.pages or "–"),
        )  # fmt: skip


def _about(facts: LetterFacts) -> Iterator[tuple[str, str]]:
    yield "Nomor", facts.number or "(konsep)"
    yield "Tanggal", date_in_words(facts.issued_on)
    yield "Perusahaan", facts.company.name
    yield "NPP", facts.company.npp
    yield "Kantor cabang", facts.branch.name
    yield "Tenaga kerja", str(len(facts.people))
    yield "Koreksi", str(facts.corrections)
    yield "Kode keaslian", facts.verify_code or "–"
