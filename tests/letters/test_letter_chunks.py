"""A long letter put together from chunks is the letter it would be in one piece."""

import io
from dataclasses import replace

import pikepdf
import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.chunks import chunked_letter
from hr_portal.adapters.letters.composing import MOST_PRINTED, compose
from hr_portal.adapters.letters.rendering import WHOLE_LINES
from hr_portal.domain.letters import LetterLine


def in_chunks(facts, lines):
    return chunked_letter(compose(facts, preview=False), facts, lines)


def test_chunks_break_pages_where_one_piece_does(letter, make_facts, read_pages):
    whole = letter(60)
    chunks = read_pages(in_chunks(make_facts(60), 45))
    assert [page.text for page in chunks] == [page.text for page in whole]
    for one, other in zip(whole, chunks, strict=True):
        assert (one.width, one.height) == (other.width, other.height)
        for word, twin in zip(one.words, other.words, strict=True):
            assert (word.left, word.top) == pytest.approx((twin.left, twin.top), abs=0.1)


def test_chunks_without_documents_and_with_a_long_letterhead(make_facts, read_pages):
    facts = make_facts(8, documents=(), paper="f4", copies_to=tuple("ABCDEFGHIJKLMNOPQRSTU"))
    facts = replace(facts, company=replace(facts.company, address="\n".join(["Jalan Contoh"] * 6)))
    whole = read_pages(render_letter(facts))
    assert [page.text for page in read_pages(in_chunks(facts, 5))] == [page.text for page in whole]


def test_the_joined_file_is_sound_and_the_same_each_time(make_facts):
    pdf = in_chunks(make_facts(6), 5)
    assert pdf == in_chunks(make_facts(6), 5)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert str(opened.docinfo["/Title"]).endswith("128/HRD/CSA/XI/2026")
        with opened.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles == ["DAFTAR KOREKSI DATA PESERTA", "DAFTAR DOKUMEN"]


def test_a_person_longer_than_a_chunk_is_printed_whole(make_facts, make_person, read_pages):
    line = LetterLine("alamat", "", "Jalan Misal Lama Nomor 8", "Perumahan Contoh Asri")
    lines = tuple(replace(line, after=f"Perumahan Contoh Asri Blok {n}") for n in range(32))
    people = tuple(
        replace(make_person(n), lines=lines) if n == 1 else make_person(n) for n in range(3)
    )
    facts = make_facts(3, people=people)
    whole = read_pages(render_letter(facts))
    assert [page.text for page in read_pages(in_chunks(facts, 10))] == [page.text for page in whole]


def test_more_corrections_than_a_letter_holds_are_refused_with_advice(make_facts, make_person):
    many = replace(make_person(0), lines=make_person(0).lines * (MOST_PRINTED // 2))
    facts = make_facts(1, people=(many, make_person(1)))
    with pytest.raises(LetterError) as raised:
        render_letter(facts)
    assert raised.value.code == "LET-BIG"
    assert "20.001 butir koreksi" in raised.value.message
    assert "paling banyak memuat 20.000" in raised.value.message


def test_long_letters_go_through_chunks(make_facts, make_person, monkeypatch):
    from hr_portal.adapters.letters import rendering

    taken = []
    monkeypatch.setattr(rendering, "WHOLE_LINES", 10)
    monkeypatch.setattr(
        rendering,
        "chunked_letter",
        lambda content, _facts, **_: taken.append(content.people) or b"%PDF-",
    )
    assert rendering.render_letter(make_facts(12)) == b"%PDF-"
    assert taken == [12]
    assert WHOLE_LINES == 500
