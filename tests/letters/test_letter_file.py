"""The PDF as a file: the same bytes again, fonts in it, who made it, drafts and proof."""

import io
import logging
from dataclasses import replace

import pikepdf
import pytest

from hr_portal.adapters.letters import CODES, LetterError, page_count, render_letter
from hr_portal.adapters.letters.engine import pages_of, prove_typeface, written
from hr_portal.domain.letters import Contact, Signatory

CODE = "7K4M-2QPX"
URL = "https://koreksi.example/V/7K4M2QPX"
PAGE = "https://koreksi.example/verifikasi"
PROOF = {"verify_url": URL, "verify_code": CODE, "verify_page": PAGE}


def test_the_same_facts_give_the_same_bytes(make_facts):
    assert render_letter(make_facts(3)) == render_letter(make_facts(3))


def test_another_fact_gives_other_bytes(make_facts):
    assert render_letter(make_facts(3)) != render_letter(make_facts(3, number="129/X/2026"))


def test_every_font_is_carlito_and_embedded(make_facts):
    with pikepdf.open(io.BytesIO(render_letter(make_facts(12)))) as pdf:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        names = {str(font.FontName).partition("+")[2] for font in fonts}
        assert names == {"Carlito", "Carlito-Bold", "Carlito-Italic"}
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_title_author_date_and_language_are_told(make_facts):
    with pikepdf.open(io.BytesIO(render_letter(make_facts(1)))) as pdf:
        assert pdf.docinfo["/Title"] == (
            "Permohonan Koreksi Data Peserta, Nomor 128/HRD/CSA/XI/2026"
        )
        assert pdf.docinfo["/Author"] == "PT Contoh Sejahtera Abadi"
        assert pdf.docinfo["/Creator"] == "Portal Koreksi Data"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261121")
        assert pdf.Root.Lang == "id"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles == ["DAFTAR KOREKSI DATA PESERTA", "DAFTAR DOKUMEN"]


def test_neither_title_nor_outline_holds_a_person(make_facts):
    facts = make_facts(1)
    with pikepdf.open(io.BytesIO(render_letter(facts))) as pdf:
        told = repr(dict(pdf.docinfo)) + repr(pdf.Root.get("/Names"))
    for value in (facts.people[0].name, facts.people[0].nik, facts.people[0].kpj):
        assert value not in told


def test_a_letter_is_rendered_without_a_warning(make_facts, caplog):
    with caplog.at_level(logging.WARNING):
        render_letter(make_facts(2, **PROOF))
        render_letter(make_facts(2, paper="f4"), preview=True)
    assert [record.message for record in caplog.records] == []


# ------------------------------------------------------------------ drafts


def test_a_draft_says_so_on_every_page_and_a_print_on_none(make_facts, read_pages):
    facts = make_facts(12)
    for page in read_pages(render_letter(facts, preview=True)):
        assert "KONSEP" in page.raw
    for page in read_pages(render_letter(facts)):
        assert "KONSEP" not in page.raw


def test_a_draft_names_what_is_missing(make_facts, make_person, read_pages):
    person = make_person(0)
    people = (
        replace(person, name="", nik="", kpj=" "),
        replace(person, lines=(replace(person.lines[0], after=""),)),
    )
    facts = make_facts(
        1,
        number=None,
        place="",
        contact=Contact("", "", "", ""),
        signatory=Signatory("", ""),
        people=people,
        company=replace(make_facts(1).company, name="", npp="", address="", city=""),
    )
    pages = read_pages(render_letter(facts, preview=True))
    for missing in (
        "[nomor diberikan saat terbit]",
        "[tempat], 21 November 2026",
        "[nama perusahaan]",
        "[NPP]",
        "[alamat perusahaan]",
        "[nama narahubung]",
        "[telepon atau surel narahubung]",
        "[nama penanda tangan]",
        "[jabatan penanda tangan],",
    ):
        assert missing in pages[0].flat
    for missing in ("[nama] [KPJ] [NIK]", "[nilai Menjadi]"):
        assert missing in pages[1].flat


def test_what_is_missing_is_red(make_facts, content_of):
    red = "0.690196 0 0.12549 rg"
    facts = make_facts(1, number=None)
    assert red in content_of(render_letter(facts, preview=True))
    assert red not in content_of(render_letter(make_facts(1), preview=True))


def test_a_draft_of_nothing_is_still_a_draft(make_facts, read_pages):
    pages = read_pages(render_letter(make_facts(0), preview=True))
    assert "0 (nol) tenaga kerja" in pages[0].flat
    assert "[jenis data]" in " ".join(pages[0].raw.split())


def test_a_print_with_something_missing_is_refused_by_name(make_facts):
    with pytest.raises(LetterError) as raised:
        render_letter(make_facts(1, number=None, signatory=Signatory("", "")))
    assert raised.value.code == "LET-MISSING"
    assert "nomor surat, nama penanda tangan, dan jabatan penanda tangan" in raised.value.message


def test_of_many_missing_facts_the_first_are_named(make_facts, make_person):
    people = tuple(replace(make_person(n), name="", nik="") for n in range(20))
    with pytest.raises(LetterError, match=r"nomor 4, dan 32 hal lain\."):
        render_letter(make_facts(1, people=people))


# ------------------------------------------------------------------ characters


@pytest.mark.parametrize("sign", ["😀", "ꦱ", "س", "漢"])
def test_a_character_carlito_lacks_is_named_not_substituted(make_facts, make_person, sign):
    people = (replace(make_person(0), name=f"SITI {sign} CONTOHAN"),)
    with pytest.raises(LetterError) as raised:
        render_letter(make_facts(1, people=people))
    assert raised.value.code == "LET-FONT"
    assert f"{sign} (U+{ord(sign):04X})" in raised.value.message


@pytest.mark.parametrize("sign", ["\ud800", "\ue000", "\uffff"])
def test_what_is_no_character_is_refused(make_facts, make_person, sign):
    people = (replace(make_person(0), name=f"SITI{sign}"),)
    with pytest.raises(LetterError, match=f"LET-FONT.*{ord(sign):04X}"):
        render_letter(make_facts(1, people=people))


def test_letters_with_accents_are_printed_however_they_were_typed(
    make_facts, make_person, read_pages
):
    people = (replace(make_person(0), name="JOSE\u0301 MU\u00d1OZ D\u2019ARC"),)
    assert "JOSÉ MUÑOZ D’ARC" in read_pages(render_letter(make_facts(1, people=people)))[1].flat


def test_another_typeface_is_never_a_silent_substitute():
    """Where Carlito is not installed every font is another one."""
    document = pages_of("<html lang=id><title>x</title><body style='font-family: monospace'>x")
    with pytest.raises(LetterError, match="fonts-crosextra-carlito"):
        prove_typeface(document.copy().write_pdf())
    with pytest.raises(LetterError, match="fonts-crosextra-carlito"):
        written(document)


# ------------------------------------------------------------------ proof


def test_proof_stands_in_the_foot_beside_nothing_else(make_facts, read_pages):
    pages = read_pages(render_letter(make_facts(12, **PROOF)))
    words = "Keaslian surat dapat diperiksa di koreksi.example/verifikasi dengan kode 7K4M-2QPX"
    for page in pages:
        assert words in page.flat.replace(f" Halaman {pages.index(page) + 1} dari 4", "")
        assert page.find("dengan", "kode").top > page.height - 25
    assert "7K4M2QPX" not in pages[0].flat


def test_without_address_or_code_there_is_no_proof(make_facts, read_pages):
    for changes in ({}, {"verify_url": URL}, {"verify_code": CODE}, {"verify_page": PAGE}):
        for page in read_pages(render_letter(make_facts(1, **changes))):
            assert "Keaslian" not in page.flat


def test_where_no_qr_fits_the_address_and_the_code_are_printed_without(make_facts, read_pages):
    facts = make_facts(1, verify_code=CODE, verify_page=PAGE)
    first = read_pages(render_letter(facts))[0].flat
    assert "koreksi.example/verifikasi dengan kode 7K4M-2QPX" in first


def test_an_address_too_long_for_its_qr_is_refused(make_facts):
    url = f"https://koreksi.example/{'x' * 60}"
    with pytest.raises(LetterError, match="LET-QR"):
        render_letter(make_facts(1, **{**PROOF, "verify_url": url}))


def test_the_qr_holds_the_address_only(make_facts, monkeypatch):
    import segno

    seen = []
    make = segno.make

    def watch(content, **options):
        seen.append(content)
        return make(content, **options)

    monkeypatch.setattr(segno, "make", watch)
    render_letter(make_facts(1, **PROOF))
    assert seen == [URL.upper()]


# ------------------------------------------------------------------ the errors themselves


def test_an_error_speaks_both_languages_and_has_a_known_code(make_facts):
    with pytest.raises(LetterError) as raised:
        render_letter(make_facts(1, number=None))
    assert raised.value.code in CODES
    assert raised.value.message.endswith(".")
    assert raised.value.message_en.endswith(".")
    assert str(raised.value) == f"{raised.value.code}: {raised.value.message}"


def test_pages_are_counted(make_facts):
    assert page_count(render_letter(make_facts(1))) == 3
