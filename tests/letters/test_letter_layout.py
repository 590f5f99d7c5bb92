"""Where things stand on the paper; millimetres from its top left corner."""

import io
from dataclasses import replace

import pikepdf
import pytest

from hr_portal.adapters.letters import render_letter

A4 = (210, 297)
F4 = (215, 330)
HAIR = 0.5
"""Millimetres a glyph may lie beside its nominal place."""


@pytest.mark.parametrize(("count", "paper"), [(1, "a4"), (12, "a4"), (60, "a4"), (12, "f4")])
def test_every_word_lies_within_the_margins(letter, count, paper):
    size = {"a4": A4, "f4": F4}[paper]
    for page in letter(count, paper):
        portrait = (page.width, page.height) == pytest.approx(size, abs=0.5)
        left, top, right, bottom = (30, 20, 20, 25) if portrait else (25, 30, 20, 20)
        if not portrait:
            assert (page.width, page.height) == pytest.approx(size[::-1], abs=0.5)
        for word in page.words:
            assert word.left >= left - HAIR, word
            assert word.right <= page.width - right + HAIR, word
        body = [word for word in page.words if top <= word.top < page.height - bottom]
        # In the margins stand only the head of a continued list, and the foot.
        head = " ".join(word.text for word in page.words if word.top < top - HAIR)
        assert head == "" or head.endswith("(lanjutan)")
        assert all(word.bottom <= page.height - bottom + HAIR for word in body)


def test_lampiran_1_is_landscape_and_the_rest_is_not(letter):
    shapes = ["landscape" if page.width > page.height else "portrait" for page in letter(12)]
    assert shapes == ["portrait", "landscape", "landscape", "portrait"]


@pytest.mark.parametrize(("paper", "axis"), [("a4", 120), ("f4", 125)])
def test_date_and_signature_begin_on_one_axis(letter, paper, axis):
    first, *_, last = letter(12, paper)
    for page, phrase in (
        (first, ("Jakarta,", "21", "November")),
        (first, ("Hormat", "kami,")),
        (first, ("Manajer", "Sumber")),
        (first, ("Bambang", "Contohadi")),
        (first, ("Surat", "Kuasa")),
        (last, ("Lampiran", "II")),
        (last, ("Surat", "Nomor", ":")),
    ):
        assert page.find(*phrase).left == pytest.approx(axis, abs=HAIR), phrase


def test_the_colons_of_the_head_stand_under_each_other(letter):
    first = letter(12)[0]
    for label in ("Nomor", "Lampiran", "Hal"):
        assert first.find(label, ":").left == pytest.approx(30, abs=HAIR)
    colons = [word for word in first.words if word.text == ":" and word.top < 62]
    assert [round(word.left, 1) for word in colons] == pytest.approx([49.2] * 3, abs=HAIR)
    assert first.find("128/HRD/CSA/XI/2026").left == pytest.approx(53, abs=HAIR)


@pytest.mark.parametrize(("paper", "room"), [("a4", 25), ("f4", 28)])
def test_there_is_room_to_sign_and_nothing_stands_in_it(letter, paper, room):
    first = letter(12, paper)[0]
    title, name = first.find("Manajer", "Sumber"), first.find("Bambang", "Contohadi")
    assert name.top - title.bottom >= room - 1.5
    assert not [word for word in first.words if word.top > title.bottom and word.bottom < name.top]


def test_one_page_holds_the_letter(letter):
    for count in (1, 12, 60):
        first, second, *_ = letter(count)
        assert "Tembusan:" in first.flat
        assert "DAFTAR KOREKSI DATA PESERTA" in second.flat


def test_pages_are_counted_through_to_the_end(letter):
    for count, paper in ((1, "a4"), (12, "f4"), (60, "a4")):
        pages = letter(count, paper)
        for number, page in enumerate(pages, start=1):
            assert f"Halaman {number} dari {len(pages)}" in page.flat


def test_the_list_of_documents_counts_the_pages_of_this_letter(letter):
    for count in (1, 12, 60):
        pages = letter(count)
        text = " ".join(page.flat for page in pages)
        assert f"Surat permohonan ini beserta lampirannya (asli) {len(pages)} " in text


def test_only_the_lampiran_say_that_they_hold_personal_data(letter):
    first, *others = letter(12)
    assert "Memuat data pribadi." not in first.flat
    assert all("Memuat data pribadi." in page.flat for page in others)


FOUR_LINES = (
    "Kawasan Industri Contoh Makmur Blok F-12 Nomor 8, Gedung B Lantai 3\n"
    "Jalan Raya Umpama Kilometer 21, Desa Misalnya, Kecamatan Contoh Selatan\n"
    "Kabupaten Contoh, Provinsi Contoh 99123\n"
    "Kantor perwakilan: Jalan Andaian Nomor 7, Jakarta 10998"
)
LONG_NAME = "PT Contoh Sejahtera Abadi Nusantara Makmur Sentosa Bersama"


def sizes_of(pdf: bytes, page: int) -> set[float]:
    """The type sizes set on a page, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        sizes, scale = set(), 1.0
        for operands, operator in pikepdf.parse_content_stream(opened.pages[page]):
            if str(operator) == "Tf":
                scale = float(operands[1])
            elif str(operator) == "Tm":
                sizes.add(round(abs(float(operands[3])) * scale * 0.75, 1))
        return sizes


def test_a_long_letterhead_makes_the_letter_dense_not_longer(make_facts, read_pages):
    facts = make_facts(12)
    company = replace(facts.company, name=LONG_NAME, address=FOUR_LINES)
    pdf = render_letter(replace(facts, company=company))
    first, second, *_ = read_pages(pdf)
    assert "Tembusan: 1. Direktur Utama" in first.flat
    assert "DAFTAR KOREKSI" in second.flat
    assert 11.0 in sizes_of(pdf, 0)
    assert 11.5 not in sizes_of(pdf, 0)
    assert first.find("Bambang").top - first.find("Manajer").bottom >= 22 - 1.5


def test_a_letter_that_fits_keeps_its_full_size(make_facts):
    sizes = sizes_of(render_letter(make_facts(12)), 0)
    assert 11.5 in sizes
    assert 11.0 not in sizes
    assert 17.0 in sizes


def test_what_does_not_fit_one_page_moves_with_statement_and_thanks(make_facts, read_pages):
    facts = make_facts(12)
    company = replace(facts.company, name=LONG_NAME, address=FOUR_LINES)
    copies = tuple(f"Direktur Contoh {number}" for number in range(1, 9))
    pdf = render_letter(replace(facts, company=company, copies_to=copies))
    first, second, third, *_ = read_pages(pdf)
    assert "Kami menyatakan" not in first.flat
    assert second.flat.startswith("Kami menyatakan bahwa seluruh data")
    for part in ("Atas perhatian", "Hormat kami,", "Bambang Contohadi", "8. Direktur Contoh 8"):
        assert part in second.flat
    assert "DAFTAR KOREKSI" in third.flat
    assert 11.5 in sizes_of(pdf, 1)


def test_a_long_company_name_is_smaller_and_stays_in_its_column(make_facts, read_pages):
    facts = make_facts(1, company=replace(make_facts(1).company, name=LONG_NAME))
    pdf = render_letter(facts)
    assert 13.5 in sizes_of(pdf, 0)
    assert 17.0 not in sizes_of(pdf, 0)
    name = read_pages(pdf)[0].find("PT", "Contoh")
    assert name.left == pytest.approx(50, abs=HAIR)


@pytest.mark.parametrize(
    "name",
    [
        "S",
        "MUHAMMAD YUSUF PURWARUPA CONTOHWATI PERMISALAN REKAANTO FIKSIAWAN",
        "CONTOHWATIPERMISALANREKAANTOFIKSIAWANPURWARUPAANDAIANTAMSILANUMPAMA",
    ],
)
def test_a_name_of_any_length_stays_in_its_column(make_facts, make_person, read_pages, name):
    people = (replace(make_person(0), name=name), make_person(1))
    pages = read_pages(render_letter(make_facts(2, people=people)))
    head = pages[1].find("Nama", "menurut")
    kpj = pages[1].find(people[0].kpj)
    cell = [
        word
        for word in pages[1].words
        if head.left - HAIR <= word.left < kpj.left and kpj.top - 1 < word.top < kpj.top + 15
    ]
    assert "".join(word.text for word in cell).startswith(name.replace(" ", "")[:60])
    assert all(word.right <= kpj.left for word in cell)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CONTOHWATIPERMISALNREKAANTOFIKSIAWAN", "CONTOHWATIPERMISALANREKAANTOFIKSIAWAN"),
        ("XONTOHWATIPERMISALANREKAANTO", "CONTOHWATIPERMISALANREKAANTO"),
        ("X" + "W" * 90, "Y" + "W" * 90),
        (
            "siti.contohan@contohsejahteraabadi.example",
            "siti.kontohan@contohsejahteraabadi.example",
        ),
        ("Jalan Misalnyasekalipanjangnyabukanmain 8", "Jalan Misalnyasekalipanjangnyabukamain 8"),
        ("9" * 30 + "1" * 10, "9" * 29 + "1" * 11),
    ],
)
def test_a_long_marked_word_stays_in_its_column(make_facts, make_person, read_pages, before, after):
    line = replace(make_person(0).lines[0], before=before, after=after, documents="akta")
    page = read_pages(
        render_letter(make_facts(1, people=(replace(make_person(0), lines=(line,)),)))
    )[1]
    column, documents = page.find("Menjadi", "(seharusnya)"), page.find("akta")
    cell = [
        word
        for word in page.words
        if column.left - HAIR <= word.left < documents.left and column.bottom < word.top
        if word.bottom < page.find("Jumlah:").top
    ]
    assert "".join(word.text for word in cell) == after.replace(" ", "")
    assert all(word.right <= documents.left - 1 for word in cell)
