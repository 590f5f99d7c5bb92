"""A letter of too many corrections to print names a workbook, and carries it."""

import hashlib
import io
from dataclasses import replace

import openpyxl
import pikepdf
import pytest

from hr_portal.adapters.letters import LetterError, render_in_child
from hr_portal.adapters.letters.composing import MOST_LINES, MOST_PRINTED
from hr_portal.adapters.letters.embedding import read_rows, read_workbook
from hr_portal.adapters.letters.rendering import render_letter
from hr_portal.domain.letter_data import rows_of
from hr_portal.services.letter_tables import workbook_of


@pytest.mark.parametrize("paper", ["a4", "f4"])
def test_the_letter_names_the_hash_of_the_workbook_that_it_carries(make_facts, read_pages, paper):
    facts = make_facts(60, table="file", paper=paper, issued_on=make_facts(1).issued_on)
    workbook = workbook_of(facts)
    assert workbook == workbook_of(facts), "the same facts give the same bytes"
    pdf = render_letter(facts, workbook=workbook)
    letter, table, documents = read_pages(pdf)
    digest = hashlib.sha256(workbook).hexdigest()
    assert digest in table.text.replace(" ", "").replace("\n", "")
    assert "lampiran-1-koreksi.xlsx" in table.text
    assert "60 (enam puluh) tenaga kerja, 97 (sembilan puluh tujuh) butir koreksi" in table.text
    assert "Lampiran II" in documents.text
    assert "TANDA TERIMA" in documents.text
    assert "Halaman 3 dari 3" in documents.text
    for page in (letter, table, documents):
        for word in page.words:
            assert word.left >= 29.5, word
            assert word.right <= page.width - 19.5, word
            assert word.bottom <= page.height - 5, word
    assert not any(one.nik in page.text for one in facts.people for page in (table, documents))
    assert read_workbook(pdf) == workbook
    assert read_rows(pdf) == list(rows_of(facts.people))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert [str(one.AFRelationship) for one in opened.Root.AF] == ["/Data"] * 3


def test_the_workbook_holds_every_correction_and_document_as_text(make_facts):
    facts = make_facts(60, table="file")
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(facts)))
    assert book.sheetnames == ["Koreksi", "Dokumen", "Surat"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    rows = list(book["Koreksi"].iter_rows(min_row=2, values_only=True))
    assert [row[1:4] for row in rows] == [(r.name, r.kpj, r.nik) for r in rows_of(facts.people)]
    assert rows[0][4:7] == ("Nama lengkap", facts.people[0].lines[0].before, facts.people[0].name)
    assert book["Dokumen"].max_row == 1 + len(facts.documents)
    about = dict(book["Surat"].iter_rows(min_row=2, values_only=True))
    assert about["Nomor"] == facts.number
    assert about["Koreksi"] == "97"
    assert workbook_of(replace(facts, table="printed")) == b""


def test_a_printed_letter_has_no_workbook_and_says_so(letter, make_facts):
    with pytest.raises(LetterError, match="tercetak pada halaman suratnya") as raised:
        read_workbook(render_letter(make_facts(1)))
    assert raised.value.code == "LET-DATA"
    with pytest.raises(LetterError, match="bukan PDF"):
        read_workbook(b"%PDF-x")


def test_more_than_a_workbook_may_hold_is_refused_with_advice(make_facts, make_person):
    many = replace(make_person(0), lines=make_person(0).lines * (MOST_LINES // 2))
    facts = make_facts(1, people=(many, make_person(1)), table="file")
    with pytest.raises(LetterError, match=r"paling banyak memuat 50\.000") as raised:
        render_letter(facts)
    assert raised.value.code == "LET-BIG"
    assert MOST_PRINTED < MOST_LINES


def test_a_long_letter_tells_how_far_it_is(make_facts):
    heard = []
    render_in_child(make_facts(320), told=heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] <= 95
    assert len(set(heard)) > 3
