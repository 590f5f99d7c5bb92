"""What the letter says, and what it may never say (docs/letters.md)."""

import re
from dataclasses import replace
from datetime import date

import pytest

from hr_portal.adapters.letters import render_letter
from hr_portal.domain.letter_choices import LetterChoices
from hr_portal.domain.letters import Addressee, LetterDocument, LetterLine, Signatory

WORDING = """
PT Contoh Sejahtera Abadi
Gedung Misal Lantai 5, Jalan Contoh Raya Nomor 45, Jakarta 10999
Telepon (021) 5550 0199 · Surel sekretariat@contohsejahtera.example
Nomor : 128/HRD/CSA/XI/2026 Jakarta, 21 November 2026
Lampiran : 1 (satu) berkas
Hal : Permohonan Koreksi Data Peserta
Yth. Kepala BPJS Ketenagakerjaan
Kantor Cabang Jakarta Contoh
Jalan Contoh Merdeka Nomor 10, Jakarta 10997
Dengan hormat,
Dalam rangka memenuhi kewajiban pemberi kerja menyampaikan data pekerja secara lengkap
dan benar sebagaimana diatur dalam Pasal 15 ayat (2) Undang-Undang Nomor 24 Tahun 2011
dan Pasal 9 Peraturan Pemerintah Nomor 44 Tahun 2015 beserta perubahannya, dengan ini kami
mengajukan permohonan koreksi data peserta dengan keterangan berikut.
Nama perusahaan : PT Contoh Sejahtera Abadi
NPP / divisi : 99000123 / 000
Cakupan : 12 (dua belas) tenaga kerja, 19 (sembilan belas) butir koreksi
Narahubung : Rina Umpamawati, Staf Sumber Daya Manusia
0812 0000 9001, hrd@contohsejahtera.example
Setelah kami cocokkan dengan dokumen kependudukan dan dokumen resmi lainnya, data tenaga
kerja tersebut yang tercatat pada BPJS Ketenagakerjaan ternyata berbeda, yaitu pada NIK, nama
lengkap, gelar, tempat lahir, tanggal lahir, jenis kelamin, nama ibu kandung, alamat domisili,
nomor HP, surel, NPWP, dan rekening bank. Sehubungan dengan itu, kami memohon agar data
pada kolom Semula dikoreksi menjadi data pada kolom Menjadi sebagaimana diperinci dalam
Lampiran I. Dokumen pendukungnya kami sertakan menurut daftar dalam Lampiran II.
Kami menyatakan bahwa seluruh data dan dokumen yang kami sampaikan benar dan sesuai
dengan aslinya, tenaga kerja yang bersangkutan mengetahui koreksi ini, dan kami bertanggung
jawab sepenuhnya atas kebenarannya.
Atas perhatian dan kerja sama Bapak/Ibu, kami mengucapkan terima kasih.
Hormat kami,
PT Contoh Sejahtera Abadi
Manajer Sumber Daya Manusia,
Bambang Contohadi
Surat Kuasa Direksi Nomor 012/DIR/CSA/I/2026
Tembusan:
1. Direktur Utama
2. Direktur Keuangan dan Umum
Halaman 1 dari 4
"""


def test_the_letter_says_this_and_nothing_else(letter):
    assert letter(12)[0].flat == " ".join(WORDING.split())


@pytest.mark.parametrize(
    "never",
    [
        r"Kepada Yth",
        r"terverifikasi Dukcapil",
        r"(?i)atas perhatiannya",
        r"F1A",
        r"\(\s*Bambang",
        r"Arsip",
        r"Koreksi Data Peserta\.",
        r"Meterai|meterai|materai",
        r"21 November 2026\.",
        r"Yth\. Kepala BPJS Ketenagakerjaan\.",
        r"(?i)e-?mail",
        r"21-11-2026|2026-11-21",
    ],
)
def test_what_may_never_be_said_is_not_said(letter, never):
    for count, paper in ((1, "a4"), (12, "a4"), (60, "a4"), (12, "f4")):
        for page in letter(count, paper):
            assert not re.search(never, page.flat)


def test_one_person_is_told_in_the_same_words(letter):
    first, second, _ = letter(1)
    assert "1 (satu) tenaga kerja, 2 (dua) butir koreksi" in first.flat
    assert "yaitu pada nama lengkap dan nama ibu kandung." in first.flat
    assert "Jumlah: 1 (satu) tenaga kerja, 2 (dua) butir koreksi" in second.flat


def test_the_number_carries_the_month_of_the_letter_as_it_is_given(make_facts, read_pages):
    facts = make_facts(1, number="7/I/2027", issued_on=date(2027, 1, 2), place="Bandung")
    first, second, third = read_pages(render_letter(facts))
    assert "Nomor : 7/I/2027 Bandung, 2 Januari 2027" in first.flat
    for page in (second, third):
        assert "Surat Nomor : 7/I/2027" in page.flat
        assert "Tanggal : 2 Januari 2027" in page.flat


def test_a_director_signs_without_power_of_attorney(make_facts, read_pages):
    facts = make_facts(1, signatory=Signatory("Bambang Contohadi", "Direktur Utama"), copies_to=())
    first = read_pages(render_letter(facts))[0]
    assert "Direktur Utama, Bambang Contohadi Halaman" in first.flat
    assert "Kuasa" not in first.flat
    assert "Tembusan" not in first.flat


def test_an_office_that_names_its_institution_is_not_named_twice(make_facts, read_pages):
    facts = make_facts(1, branch=Addressee("BPJS Ketenagakerjaan Kantor Cabang Contoh", "", ""))
    first = read_pages(render_letter(facts))[0]
    assert "Yth. Kepala BPJS Ketenagakerjaan Kantor Cabang Contoh Dengan hormat," in first.flat


def test_a_company_without_division_phone_and_logo_leaves_no_gap(make_facts, read_pages):
    facts = make_facts(1)
    plain = replace(
        facts.company, division="", phone="", email="", logo=None, logo_type=None, address="Jalan 1"
    )
    first = read_pages(render_letter(replace(facts, company=plain)))[0]
    assert first.flat.startswith("PT Contoh Sejahtera Abadi Jalan 1, Jakarta Nomor :")
    assert "NPP : 99000123 Cakupan" in first.flat
    assert first.words[0].left == pytest.approx(30, abs=0.5)


def test_a_letter_without_documents_promises_none(make_facts, read_pages):
    pages = read_pages(render_letter(make_facts(2, documents=())))
    assert "Dokumen pendukungnya" not in pages[0].flat
    assert "Tanda terima surat ini terdapat dalam Lampiran II." in pages[0].flat
    assert "Kartu peserta disertakan" not in pages[1].flat
    assert "B. Dokumen tenaga kerja" not in pages[2].flat
    assert "1 Surat permohonan ini beserta lampirannya (asli) 3" in pages[2].flat
    assert "TANDA TERIMA" in pages[2].flat


def test_values_are_printed_for_a_reader(letter):
    flat = " ".join(page.flat for page in letter(12)[1:3])
    assert "Tanggal lahir 23 Desember 1993 23 November 1993 KTP-el, akta" in flat
    assert "Jenis kelamin Laki-laki Perempuan KTP-el, KK" in flat
    assert re.search(r"NPWP belum tercatat 31710116\d{8} KTP-el, NPWP", flat)
    assert "Gelar S.E. dihapus –" in flat
    assert "HAPUS" not in flat


def test_a_nik_is_copied_as_16_digits_though_it_is_set_in_groups(letter):
    text = letter(12)[1].text
    assert "3171011108909302" in text
    assert "3171011108909002" in text


def test_no_cell_is_left_blank(letter):
    """A blank could be filled in later; a dash can't."""
    rows = re.findall(r"^\s*\d+ +\S.*\d{11}.*$", letter(12)[3].text, re.MULTILINE)
    assert len(rows) == 12
    assert all(len(re.findall(r"(?:^|\s)(?:[0-9]+|–)(?=\s|$)", row)) >= 6 for row in rows)


def test_line_breaks_and_mail_addresses_leave_no_markup(make_facts, make_person, read_pages):
    line = LetterLine("email", "Email", "a.b@c.example", "x<y@z.example")
    facts = make_facts(1, people=(replace(make_person(0), lines=(line,)),))
    flat = read_pages(render_letter(facts))[1].flat
    assert "a.b@c.example x<y@z.example" in flat
    assert "wbr" not in flat


def test_an_address_of_many_lines_keeps_all_its_words(make_facts, read_pages):
    facts = make_facts(1)
    address = "\n".join(f"Baris  {number}\t" for number in range(1, 10)) + "\n\n"
    first = read_pages(
        render_letter(replace(facts, company=replace(facts.company, address=address)))
    )
    lines = [" ".join(line.split()) for line in first[0].text.splitlines()]
    assert lines[1:6] == [f"Baris {number}" for number in range(1, 6)]
    assert lines[6] == "Baris 6, Baris 7, Baris 8, Baris 9, Jakarta"


def test_a_line_break_in_a_name_is_a_space(make_facts, make_person, read_pages):
    people = (replace(make_person(0), name="SITI\n CONTOHAN\u00a0DEWI"),)
    assert (
        "1 SITI CONTOHAN DEWI 9999"
        in read_pages(render_letter(make_facts(1, people=people)))[1].flat
    )


def test_a_document_is_counted_for_its_person_or_listed_for_all(make_facts, read_pages):
    facts = make_facts(2)
    first, second = facts.people
    documents = (
        LetterDocument("Kartu keluarga", first.kpj, "kk.pdf", pages=2),
        LetterDocument("Kartu keluarga", first.kpj, "kk2.pdf", pages=1),
        LetterDocument("Surat pernyataan beda nama", second.kpj, "beda.pdf", pages=1),
        LetterDocument("Ijazah", second.kpj, "ijazah.pdf", pages=1),
        LetterDocument("KTP-el", "seluruh tenaga kerja", "semua.pdf", pages=9),
        LetterDocument("", "", "pindai-campuran.pdf", pages=3),
        LetterDocument("", "", "pindai-campuran.pdf", pages=4),
    )
    last = read_pages(render_letter(replace(facts, documents=documents)))[-1]
    assert "A. Dokumen perusahaan dan dokumen bersama" in last.flat
    assert "2 KTP-el, seluruh tenaga kerja (salinan) 9" in last.flat
    assert "3 pindai-campuran.pdf (salinan, 2 berkas) 7" in last.flat
    assert "No. Nama KPJ KK Lain Jumlah" in last.flat
    assert f"1 {first.name} {first.kpj} 3 – 3" in last.flat
    assert f"2 {second.name} {second.kpj} – 2 2" in last.flat
    assert "Jumlah lembar 3 2 5" in last.flat
    assert "KK: kartu keluarga. Lain: surat pernyataan beda nama dan ijazah." in last.flat


def test_documents_are_named_shortly_beside_a_correction(make_facts, make_person, read_pages):
    said = "Kartu BPJS TK, KTP-el, Kartu keluarga, Akta kelahiran, Surat pernyataan beda nama"
    line = LetterLine("nama", "", "SITI", "SITI CONTOHAN", said)
    only = LetterLine("gelar", "", "", "S.E.", "Kartu BPJS TK")
    facts = make_facts(1, people=(replace(make_person(0), lines=(line, only)),))
    told = read_pages(render_letter(facts))[1].flat
    assert "SITI CONTOHAN KTP-el, KK, akta," in told
    assert "S.E. kartu peserta" in told
    assert "Kartu peserta disertakan untuk setiap orang." in told
    untold = read_pages(render_letter(replace(facts, documents=())))[1].flat
    assert "SITI CONTOHAN kartu peserta, KTP-el" in untold


def test_a_document_of_no_kind_is_another_document(make_facts, read_pages):
    facts = make_facts(1)
    documents = (
        LetterDocument("Lain-lain", facts.people[0].kpj, "a.pdf", 1),
        LetterDocument("Lain-lain", "", "pindai.pdf", 2),
    )
    last = read_pages(render_letter(replace(facts, documents=documents)))[-1]
    assert "Lain: dokumen lain." in last.flat
    assert "2 pindai.pdf (salinan) 2" in last.flat


def test_where_sheets_are_not_counted_files_are(make_facts, read_pages):
    facts = make_facts(1)
    documents = (
        LetterDocument("KTP-el", facts.people[0].kpj, "ktp.pdf", pages=None),
        LetterDocument("KTP-el", facts.people[0].kpj, "ktp2.pdf", pages=2),
    )
    last = read_pages(render_letter(replace(facts, documents=documents)))[-1]
    assert "angka menunjukkan banyaknya berkas" in last.flat
    assert "1 Surat permohonan ini beserta lampirannya (asli) 1" in last.flat
    assert "Jumlah berkas 2 2" in last.flat
    assert "Lembar" not in last.flat


def test_a_company_says_it_in_its_own_words_and_heads(make_facts, read_pages):
    choices = LetterChoices(
        phrases="lama",
        salutation="Salam sejahtera,",
        opening="{{ perusahaan }} (NPP {{ npp }}) menulis untuk {{ jumlah_tenaga_kerja }}.\n\nBaris satu\nbaris dua.",
        request="Mohon ganti {{ kolom_semula }} dengan {{ kolom_menjadi }} pada {{ jenis_data }}.",
        closing="Terima kasih, {{ kantor_cabang }}.",
    )
    first, table, *_rest = read_pages(render_letter(replace(make_facts(2), choices=choices)))
    for said in (
        "Salam sejahtera,",
        "PT Contoh Sejahtera Abadi (NPP 99000123) menulis untuk 2 (dua) tenaga kerja.",
        "Mohon ganti Data lama dengan Data baru pada",
        "Terima kasih, Kantor Cabang Jakarta Contoh.",
        "kami bertanggung jawab sepenuhnya",
    ):
        assert said in first.flat
    assert first.find("baris", "dua.").top > first.find("Baris", "satu").bottom - 1
    assert "Dalam rangka memenuhi" not in first.flat
    assert "Data lama Data baru" in table.flat
    assert "pada kolom Data baru" in table.flat
    assert "Semula" not in table.flat
