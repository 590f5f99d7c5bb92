"""Letters of invented people, and how to read a PDF back."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pikepdf
import pytest

from hr_portal.adapters.letters import render_letter
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
)
from hr_portal.resources import PACKAGE

MM = 25.4 / 72
"""Millimetres of a point."""

FIRST = (
    "SITI", "BUDI", "DEWI", "AGUS", "RINA", "JOKO", "WATI", "HENDRA", "LESTARI", "YUSUF",
    "MARIA", "KETUT",
)  # fmt: skip
LAST = (
    "CONTOHAN", "MISALNYA", "UMPAMA", "ANDAIAN", "TAMSILAN", "IBARATI", "REKAANTO",
    "FIKSIAWAN", "CONTOHWATI", "PERMISALAN", "PURWARUPA",
)  # fmt: skip

OLD_ADDRESS = "Jalan Misal Lama Nomor 8, RT 001/RW 002, Kelurahan Umpama, Kecamatan Contoh Timur"
NEW_ADDRESS = (
    "Perumahan Contoh Asri Blok C6 Nomor 16, RT 004/RW 011, Kelurahan Misalnya, "
    "Kecamatan Contoh Barat"
)


def person(number: int) -> LetterPerson:
    """An invented person, with one to three corrections by turns."""
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    nik = f"317101{10 + number % 19}0890{9001 + number % 999:04}"
    turns = (
        (
            ("nama", name[:-2] + name[-1], name, "KTP-el, KK, akta"),
            ("nama_ibu", "SRI ANDAIA", "SRI ANDAIAN", "KK, akta"),
        ),
        (("nik", nik[:-4] + "9302", nik, "KTP-el, KK"),),
        (
            ("tempat_lahir", "Jakarta", "Surabaya", "KTP-el, akta"),
            ("tanggal_lahir", "1993-12-23", "1993-11-23", "KTP-el, akta"),
        ),
        (("alamat", OLD_ADDRESS, NEW_ADDRESS, "KTP-el"),),
        (("jenis_kelamin", "L", "P", "KTP-el, KK"),),
        (
            ("hp", "081200009020", "081200009120", ""),
            ("email", "maria@lama.example", "maria.purwarupa@contohsejahtera.example", ""),
        ),
        (
            ("npwp", "", nik, "KTP-el, NPWP"),
            ("no_rekening", "9000000009", "9000110009", "KTP-el, buku tabungan"),
            ("nama_rekening", name[:-3] + name[-1], name, "KTP-el, buku tabungan"),
        ),
        (("gelar", "S.E.", "HAPUS", ""),),
    )
    return LetterPerson(
        name=name,
        kpj=f"{99990000000 + number * 13:011}",
        nik=nik,
        lines=tuple(
            LetterLine(field, field, before, after, documents)
            for field, before, after, documents in turns[number % len(turns)]
        ),
    )


def documents_of(people: tuple[LetterPerson, ...]) -> tuple[LetterDocument, ...]:
    """Card, KTP-el and a few more for each person, and the Surat Kuasa for all."""
    own = [
        LetterDocument(kind, one.kpj, f"{kind}-{place}.pdf", pages=1)
        for place, one in enumerate(people)
        for kind in ("Kartu peserta", "KTP-el", *(("Kartu keluarga", "Akta lahir")[: place % 3]))
    ]
    return (LetterDocument("Surat Kuasa", "", "kuasa.pdf", pages=1), *own)


def facts_of(count: int, **changes: object) -> LetterFacts:
    """The facts of a letter of `count` people; named values replace others."""
    people = tuple(person(number) for number in range(count))
    facts = LetterFacts(
        number="128/HRD/CSA/XI/2026",
        issued_on=date(2026, 11, 21),
        place="Jakarta",
        company=Letterhead(
            name="PT Contoh Sejahtera Abadi",
            npp="99000123",
            division="000",
            address="Gedung Misal Lantai 5, Jalan Contoh Raya Nomor 45, Jakarta 10999",
            city="Jakarta",
            phone="(021) 5550 0199",
            email="sekretariat@contohsejahtera.example",
            logo=(PACKAGE / "static/letters/logo-contoh.svg").read_bytes(),
            logo_type="image/svg+xml",
        ),
        branch=Addressee(
            "Kantor Cabang Jakarta Contoh", "Jalan Contoh Merdeka Nomor 10", "Jakarta 10997"
        ),
        contact=Contact(
            "Rina Umpamawati",
            "Staf Sumber Daya Manusia",
            "0812 0000 9001",
            "hrd@contohsejahtera.example",
        ),
        signatory=Signatory(
            "Bambang Contohadi", "Manajer Sumber Daya Manusia", "012/DIR/CSA/I/2026"
        ),
        copies_to=("Direktur Utama", "Direktur Keuangan dan Umum"),
        people=people,
        documents=documents_of(people),
    )
    return replace(facts, **changes)


@dataclass(frozen=True)
class Word:
    """A word on a page with its box in millimetres from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page as a reader finds it."""

    width: float
    height: float
    text: str
    """As it is laid out."""
    raw: str
    """In the order in which it was drawn, turned words too."""
    words: tuple[Word, ...]

    @property
    def flat(self) -> str:
        """The text with all white space as single spaces."""
        return " ".join(self.text.split())

    def find(self, *phrase: str) -> Word:
        """The first word of a phrase; fails where the page hasn't got it."""
        texts = [word.text for word in self.words]
        for index in range(len(texts)):
            if tuple(texts[index : index + len(phrase)]) == phrase:
                return self.words[index]
        raise AssertionError(f"{phrase} is not on the page: {self.flat}")


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., LetterFacts]:
    return facts_of


@pytest.fixture(scope="session")
def make_person() -> Callable[[int], LetterPerson]:
    return person


@pytest.fixture(scope="session")
def make_documents() -> Callable[..., tuple[LetterDocument, ...]]:
    return documents_of


@pytest.fixture(scope="session")
def read_pages(require) -> Callable[[bytes], list[Page]]:
    """Reads a PDF as another program does: its pages, their text and the words' places."""
    program = require("poppler")

    def run(pdf: bytes, *options: str) -> str:
        done = subprocess.run(
            [program, *options, "-", "-"], input=pdf, capture_output=True, check=True
        )
        return done.stdout.decode()

    @cache
    def read(pdf: bytes) -> list[Page]:
        texts = run(pdf, "-layout").split("\f")
        raws = run(pdf, "-raw").split("\f")
        boxes = ET.fromstring(re.sub(r' xmlns="[^"]*"', "", run(pdf, "-bbox"), count=1))
        return [
            Page(
                width=float(page.get("width")) * MM,
                height=float(page.get("height")) * MM,
                text=text,
                raw=raw,
                words=tuple(
                    Word(
                        word.text or "",
                        *(float(word.get(side)) * MM for side in ("xMin", "yMin", "xMax", "yMax")),
                    )
                    for word in page.iter("word")
                ),
            )
            for page, text, raw in zip(boxes.iter("page"), texts, raws, strict=False)
        ]

    return read


@pytest.fixture(scope="session")
def letter(read_pages) -> Callable[..., list[Page]]:
    """The pages of a letter of so many people, rendered once a session."""

    @cache
    def make(count: int, paper: str = "a4") -> list[Page]:
        return read_pages(render_letter(facts_of(count, paper=paper)))

    return make


@pytest.fixture(scope="session")
def content_of() -> Callable[[bytes], str]:
    """All streams of a PDF, unpacked, as text: what is hidden in it too."""

    def read(pdf: bytes) -> str:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            streams = [
                item.read_bytes() for item in opened.objects if isinstance(item, pikepdf.Stream)
            ]
            names = repr(list(opened.objects))
        return names + b"\n".join(streams).decode("latin-1")

    return read
