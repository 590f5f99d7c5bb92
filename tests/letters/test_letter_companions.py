"""What goes with a letter of request: transmittal, statement, and a form a person."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.embedding import read_rows
from hr_portal.domain.letter_data import rows_of
from hr_portal.domain.letters import LetterLine

BESIDE = {
    "number": "129/SP/CSA/XI/2026",
    "request_number": "128/HRD/CSA/XI/2026",
    "request_date": date(2026, 11, 21),
}
MARGINS = {"left": 29.9, "right": 19.9, "top": 19.9}


@pytest.fixture(scope="module")
def beside(make_facts, read_pages):
    def render(kind, count, **changes):
        pdf = render_letter(make_facts(count, kind=kind, **{**BESIDE, **changes}))
        return pdf, read_pages(pdf)

    return render


@pytest.mark.parametrize("kind", ["pengantar", "pernyataan"])
@pytest.mark.parametrize(("count", "paper"), [(1, "a4"), (300, "f4")])
def test_a_short_letter_stays_one_page_within_its_margins(beside, kind, count, paper):
    pdf, (page,) = beside(kind, count, paper=paper)
    assert "128/HRD/CSA/XI/2026" in page.flat
    assert "Bambang Contohadi" in page.flat
    for word in page.words:
        assert word.left >= MARGINS["left"]
        assert word.right <= page.width - MARGINS["right"]
        assert word.top >= MARGINS["top"]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/Title"]).endswith(f"Nomor {BESIDE['number']}")


def test_a_transmittal_lists_what_is_handed_over_and_has_a_receipt(beside):
    _, (page,) = beside("pengantar", 12)
    for told in (
        "No. Jenis yang dikirim Banyaknya Keterangan",
        "1 (satu) berkas",
        "36 (tiga puluh enam)",
        "Penerima,",
        "Pengirim,",
        "dibuat dalam 2 (dua) rangkap",
    ):
        assert told in page.flat
    assert "Dengan hormat" not in page.flat
    assert "012/DIR/CSA/I/2026 (salinan)" in page.text, "its number stands on one line"
    assert page.find("Pengirim,").left == pytest.approx(120, abs=1)


def test_without_documents_only_the_letter_is_handed_over(beside):
    _, (page,) = beside("pengantar", 1, documents=())
    assert "Salinan dokumen" not in page.flat


def test_a_statement_has_room_for_a_meterai_and_draws_none(beside):
    pdf, (page,) = beside("pernyataan", 1)
    assert "Meterai Rp10.000" in page.flat
    assert "bertanggung jawab sepenuhnya" in page.flat
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        images = [
            o
            for o in opened.objects
            if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
        ]
    assert images == []


def test_a_form_has_a_page_a_person_with_all_they_asked_for(beside, make_facts):
    pdf, pages = beside("formulir", 12)
    people = make_facts(12).people
    assert len(pages) == len(people)
    for page, person in zip(pages, people, strict=True):
        assert all(word.left >= MARGINS["left"] for word in page.words)
        assert all(word.right <= page.width - MARGINS["right"] for word in page.words)
        assert person.name in page.flat
        # each sign stands in a box of its own
        assert person.nik in "".join(page.flat.split())
        assert "Diisi oleh petugas kantor cabang" in page.flat
    assert read_rows(pdf) == list(rows_of(people))


def test_a_full_form_still_has_one_page(beside, make_facts, make_person):
    fields = ("nama", "nik", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "nama_ibu",
              "status_kawin", "alamat", "hp", "email", "npwp", "no_rekening", "kode_bank")  # fmt: skip
    full = replace(
        make_person(3),
        birthplace="Tangerang",
        birth_date="1983-09-17",
        lines=tuple(LetterLine(field, field, "LAMA", "BARU", "KTP-el") for field in fields),
    )
    _, pages = beside("formulir", 1, people=(full,))
    assert len(pages) == 1
    assert pages[0].flat.count("BARU") == len(fields)
    assert "Tempat, tanggal lahir : Tangerang, 17 September 1983" in pages[0].flat
    some = tuple(
        replace(full, birthplace=place, birth_date=day)
        for place, day in (("", "1983-09-17"), ("Tangerang", ""), ("", ""))
    )
    _, (dated, placed, neither) = beside("formulir", 3, people=some)
    assert "Tanggal lahir : 17 September 1983" in dated.flat
    assert "Tempat lahir : Tangerang" in placed.flat
    assert " lahir :" not in neither.flat


@pytest.mark.parametrize("kind", ["pengantar", "pernyataan", "formulir"])
def test_without_the_letter_of_request_none_is_issued(make_facts, kind):
    with pytest.raises(LetterError, match="nomor surat permohonan"):
        render_letter(make_facts(1, kind=kind))


@pytest.mark.parametrize("kind", ["pengantar", "pernyataan", "formulir"])
def test_names_are_only_ever_text(beside, make_facts, make_person, kind):
    odd = replace(make_person(0), name="AN <b>& {{ 7*7 }}</b> SITI", kpj="<i>", nik="<script>")
    company = replace(make_facts(1).company, npp="<u>1</u>", division="&amp;")
    _, pages = beside(kind, 1, people=(odd,), documents=(), company=company)
    assert "49" not in pages[0].flat
    if kind == "formulir":
        assert "AN <b>& {{ 7*7 }}</b> SITI" in pages[0].flat
        assert "<script>" in pages[0].flat
