"""Every genre of letter as pictures, to be looked at after a change of its looks.

`python -m benchmarks.letter_pictures [FOLDER]`: letters of 1, 12 and 300 invented people on A4 and
F4, and some with awkward content, each drawn as PNG from the PDF that the portal would give out:
of long ones the first three pages and the last two.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.domain.letter_numbers import LetterKind
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

KINDS: tuple[LetterKind, ...] = ("permohonan", "pengantar", "pernyataan", "formulir")
COUNTS = (1, 12, 300)
FIRST = ("SITI", "BUDI", "DEWI", "AGUS", "RINA", "JOKO", "WATI", "HENDRA", "LESTARI", "KETUT")
LAST = ("CONTOHAN", "MISALNYA", "UMPAMA", "ANDAIAN", "TAMSILAN", "IBARATI", "REKAANTO")
WIDTH, GAP, ACROSS = 620, 10, 3
DESK = (205, 211, 220)
AT_START, AT_END = 3, 2


def person(number: int) -> LetterPerson:
    """Return an invented person, with one to three corrections by turns."""
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    nik = f"317101{10 + number % 19}0890{9001 + number % 999:04}"
    turns = (
        (("nama", name[:-2] + name[-1], name, "KTP-el, KK, akta"), ("nama_ibu", "SRI ANDAIA", "SRI ANDAIAN", "KK")),
        (("nik", nik[:-4] + "9302", nik, "KTP-el, KK"),),
        (("tempat_lahir", "Jakarta", "Surabaya", "akta"), ("tanggal_lahir", "1993-12-23", "1993-11-23", "KTP-el")),
        (("alamat", "Jalan Misal Lama Nomor 8, RT 001/RW 002, Kelurahan Umpama",
          "Perumahan Contoh Asri Blok C6 Nomor 16, RT 004/RW 011, Kelurahan Misalnya", "KTP-el"),),
        (("hp", "081200009020", "081200009120", ""), ("email", "siti@lama.example", "siti@contoh.example", "")),
        (("npwp", "", nik, "NPWP"), ("no_rekening", "9000000009", "9000110009", "buku tabungan")),
    )  # fmt: skip
    return LetterPerson(
        name, f"{99990000000 + number * 13:011}", nik,
        tuple(LetterLine(field, field, *told) for field, *told in turns[number % len(turns)]),
        "Surabaya" if number % 2 else "", "1993-11-23",
    )  # fmt: skip


def facts_of(count: int, kind: LetterKind = "permohonan") -> LetterFacts:
    """Return the facts of a letter of so many invented people."""
    people = tuple(person(number) for number in range(count))
    own = [
        LetterDocument(what, one.kpj, "berkas.pdf", 1)
        for place, one in enumerate(people)
        for what in ("Kartu peserta", "KTP-el", *(("Kartu keluarga", "Akta lahir")[: place % 3]))
    ]
    beside = kind != "permohonan"
    return LetterFacts(
        number="129/SP/CSA/XI/2026" if beside else "128/SPK/CSA/XI/2026",
        issued_on=date(2026, 11, 21),
        place="Jakarta",
        company=Letterhead(
            "PT Contoh Sejahtera Abadi", "99000123", "000",
            "Gedung Misal Lantai 5, Jalan Contoh Raya Nomor 45, Jakarta 10999", "Jakarta",
            "(021) 5550 0199", "sekretariat@contohsejahtera.example",
            (PACKAGE / "static/letters/logo-contoh.svg").read_bytes(), "image/svg+xml",
        ),
        branch=Addressee("Kantor Cabang Jakarta Contoh", "Jalan Contoh Merdeka Nomor 10", "Jakarta"),
        contact=Contact("Rina Umpamawati", "Staf Sumber Daya Manusia", "0812 0000 9001", "hrd@contoh.example"),
        signatory=Signatory("Bambang Contohadi", "Manajer Sumber Daya Manusia", "012/DIR/CSA/I/2026"),
        copies_to=("Direktur Utama", "Direktur Keuangan dan Umum"),
        people=people,
        documents=(LetterDocument("Surat Kuasa", "", "kuasa.pdf", 1), *own),
        verify_url="HTTPS://KOREKSI.EXAMPLE/V/0123456789ABCDEFGHJKMNPQRS",
        verify_page="https://koreksi.example/verifikasi",
        verify_code="7K4M-2QPX-9CTD",
        kind=kind,
        request_number="128/SPK/CSA/XI/2026" if beside else "",
        request_date=date(2026, 11, 21) if beside else None,
    )  # fmt: skip


def wide_logo(width: int, height: int) -> bytes:
    """Return a PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (24, 90, 157)).save(out, "PNG")
    return out.getvalue()


def awkward() -> Iterator[tuple[str, LetterFacts]]:
    """Yield names of letters with content that has undone others, and their facts."""
    plain = facts_of(1)
    names = (
        "AN <b>& {{ 7*7 }}</b> SITI", "SITI \u202eNATOHNOC\u202c UMPAMA", "SUKARNO",
        "MUHAMMAD ABDURRAHMAN WACHID SASTROATMODJO KUSUMANINGRATWATI", "R.Ay. D'ARTAGNAN-SÃO É.",
        "SUPERKALIFRAGILISTIKEKSPIALIDOSIUSNAMATANPASPASIENAMPULUHHURUF",
    )  # fmt: skip
    people = tuple(
        replace(person(place), name=name,
                lines=(LetterLine("nama", "nama", name[:-1], name, "KTP-el"), *person(place).lines[:1]))
        for place, name in enumerate(names)
    )  # fmt: skip
    odd = replace(plain, people=people, documents=())
    yield "nama-ganjil", odd
    beside = {"request_number": "128/SPK/CSA/XI/2026", "request_date": date(2026, 11, 21)}
    yield "nama-ganjil-formulir", replace(odd, kind="formulir", **beside)  # type: ignore[arg-type]
    yield "tanpa-dokumen", replace(plain, documents=(), copies_to=())
    for size in ((4_000, 300), (300, 4_000), (1, 1)):
        logo = replace(plain.company, logo=wide_logo(*size), logo_type="image/png")
        yield f"logo-{size[0]}x{size[1]}", replace(plain, company=logo)
    long = replace(
        plain.company,
        name="PT Contoh Sejahtera Abadi Nusantara Makmur Sentosa Bersama",
        address="Kawasan Industri Contoh Makmur Blok F-12 Nomor 8, Gedung B Lantai 3\n"
        "Jalan Raya Umpama Kilometer 21, Desa Misalnya, Kecamatan Contoh Selatan\n"
        "Kabupaten Contoh, Provinsi Contoh 99123",
    )
    yield "kop-panjang", replace(facts_of(12), company=long)


def pages_of(pdf: bytes) -> list[Image.Image]:
    """Return the pages to be looked at: of a long letter the first and the last."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        count = len(document)
        wanted = [n for n in range(count) if n < AT_START or n >= count - AT_END]
        return [
            document[n].render(scale=WIDTH / document[n].get_width()).to_pil().convert("RGB")
            for n in wanted
        ]


def montage(pages: list[Image.Image]) -> Image.Image:
    """Return pages beside and below each other."""
    lines = [pages[start : start + ACROSS] for start in range(0, len(pages), ACROSS)]
    heights = [max(page.height for page in line) for line in lines]
    across = max(len(line) for line in lines)
    desk = Image.new(
        "RGB", (across * (WIDTH + GAP) + GAP, sum(heights) + GAP * (len(lines) + 1)), DESK
    )
    top = GAP
    for line, height in zip(lines, heights, strict=True):
        for place, page in enumerate(line):
            desk.paste(page, (GAP + place * (WIDTH + GAP), top))
        top += height + GAP
    return desk


def main() -> None:
    """Draw all letters into the folder that was named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "letter-pictures")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        (f"{kind}-{count}-{paper}", replace(facts_of(count, kind), paper=paper))
        for kind in KINDS
        for count in COUNTS
        for paper in ("a4", "f4")
    ]
    for name, facts in (*wanted, *awkward()):
        try:
            pdf = render_letter(facts)
        except LetterError as refusal:
            print(f"{name}: {refusal.message}")
            continue
        pages = pages_of(pdf)
        montage(pages).save(folder / f"{name}.png", optimize=True)
        print(f"{name}: {len(pdf) // 1024} kB, {len(pages)} pages drawn")


if __name__ == "__main__":
    main()
