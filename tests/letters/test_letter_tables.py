"""Long lists: no person torn apart, no head without rows, no sum or receipt alone."""

from dataclasses import replace
from itertools import pairwise

import pytest

from hr_portal.adapters.letters import render_letter
from hr_portal.domain.letters import LetterDocument, LetterLine

LEFT_OF_NAMES = 41
"""Millimetres: the column of running numbers ends here."""


def rows_of(page):
    """The numbers of the people who begin on a page, under its last head."""
    head = max(word.bottom for word in page.words if word.text == "No.")
    return [
        int(word.text)
        for word, following in pairwise(page.words)
        if word.text.isdigit()
        and word.top > head
        and word.right < LEFT_OF_NAMES
        and following.text.isalpha()
    ]


def lists(pages):
    """The pages of Lampiran I and those of Lampiran II."""
    return (
        [page for page in pages[1:] if page.width > page.height],
        [page for page in pages[1:] if page.width < page.height],
    )


@pytest.mark.parametrize(
    ("which", "head"),
    [
        (0, "No. Nama menurut KTP-el KPJ NIK menurut KTP-el Jenis data Semula (tertulis)"),
        (1, "No. Nama KPJ Kartu KTP-el KK Akta Jumlah"),
    ],
)
def test_every_page_of_a_list_has_its_head_and_continues_the_count(letter, which, head):
    pages = lists(letter(60))[which]
    assert len(pages) > 2
    for page in pages:
        assert head in page.flat
        assert rows_of(page), "a head without rows"
        assert ("(lanjutan)" in page.flat) == (page is not pages[0])
    assert [number for page in pages for number in rows_of(page)] == list(range(1, 61))


COUNTS = [1, 9, 10, 12, 23, 60]
"""Around the ends of pages: 9 people fill the first of Lampiran I, about 22 leave no room
for the receipt in Lampiran II."""


@pytest.mark.parametrize("count", COUNTS)
def test_the_sum_has_the_last_two_people_beside_it(letter, count):
    for pages, words in zip(lists(letter(count)), ("Jumlah:", "Jumlah lembar"), strict=True):
        assert [words in page.flat for page in pages] == [page is pages[-1] for page in pages]
        assert {max(count - 1, 1), count} <= set(rows_of(pages[-1]))


def test_all_lines_of_a_person_stand_on_one_page(letter, make_facts):
    facts = make_facts(60)
    pages = lists(letter(60))[0]
    for number, person in enumerate(facts.people, start=1):
        page = next(page for page in pages if number in rows_of(page))
        at = page.flat.index(f" {person.kpj} ")
        for line in person.lines:
            word = line.after.split()[0] if line.after != "HAPUS" else "dihapus"
            if line.field not in ("tanggal_lahir", "jenis_kelamin", "email"):
                assert word in page.flat[at:], (number, line)


def test_nobody_begins_on_one_page_and_ends_on_the_next(letter):
    """A page of the list begins with a person's first line: with a number."""
    for page in lists(letter(60))[0][1:]:
        head = page.find("No.", "Nama")
        first = min(
            (word for word in page.words if word.top > head.bottom), key=lambda w: (w.top, w.left)
        )
        assert first.text.isdigit()


@pytest.mark.parametrize("count", COUNTS)
def test_the_receipt_never_stands_alone(letter, count):
    last = letter(count)[-1]
    receipt = last.find("TANDA", "TERIMA")
    assert count in rows_of(last)
    assert last.find("Jumlah", "lembar").bottom < receipt.top
    assert last.find("Nama,", "tanggal,").bottom < last.height - 25


def test_the_receipt_names_letter_date_and_both_sides(letter):
    flat = letter(12)[-1].flat
    assert (
        "TANDA TERIMA Surat Nomor 128/HRD/CSA/XI/2026 tanggal 21 November 2026 beserta dokumen di "
        "atas telah diterima lengkap / dengan catatan: Yang menyerahkan, Yang menerima, "
        "PT Contoh Sejahtera Abadi BPJS Ketenagakerjaan Kantor Cabang Jakarta Contoh "
        "Nama dan tanggal Nama, tanggal, dan cap" in flat
    )


def test_many_enclosures_take_the_receipt_along(make_facts, read_pages):
    for count in (21, 22):
        documents = tuple(
            LetterDocument(f"Surat pernyataan {number}", "", "x.pdf", 1) for number in range(count)
        )
        last = read_pages(render_letter(make_facts(1, documents=documents)))[-1]
        assert f"Surat pernyataan {count - 1} (salinan)" in last.flat
        assert "TANDA TERIMA" in last.flat


def test_a_person_with_more_lines_than_a_page_is_printed_whole(make_facts, make_person, read_pages):
    line = LetterLine("alamat", "", "Jalan Misal Lama Nomor 8", "Perumahan Contoh Asri")
    lines = tuple(replace(line, after=f"Perumahan Contoh Asri Blok {n}") for n in range(60))
    people = (make_person(0), replace(make_person(1), lines=lines), make_person(2), make_person(3))
    pages = lists(read_pages(render_letter(make_facts(4, people=people))))[0]
    text = " ".join(page.flat for page in pages)
    assert [n for n in range(60) if f"Blok {n} " not in text] == []
    assert {3, 4} <= set(rows_of(pages[-1]))
