"""Documents find their rows on the page: singly, as a ZIP, and from the tray by hand."""

import errno
import io
import re
import zipfile

import pytest

from hr_portal import worker
from hr_portal.adapters.scanner import Scanner
from hr_portal.web.access import OPEN, needs
from tests.adapters.documents.made import small_png


@pytest.fixture
def dossier(upload):
    """The document page of a sample; its rows 5 and 7 have names and numbers of their own."""
    return upload("koreksi-november.xlsx") + "/dokumen"


def scan(name, shade=1):
    return io.BytesIO(small_png(shade)), name


def zipped(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for shade, name in enumerate(names):
            archive.writestr(name, small_png(shade))
    packed.seek(0)
    return packed


def ids_in_tray(text):
    return re.findall(r'id="tempat-([0-9a-f]{32})"', text)


def test_one_of_many_files_is_told_in_json_what_became_of_it(hrd, dossier):
    def send(name, shade, expect=200):
        return hrd.post(f"{dossier}/satu", {"file": scan(name, shade)}, expect=expect).json

    assert send("KTP baris 5.png", 1) == {"state": "placed"}
    assert send("KTP baris 5.png", 1) == {"state": "repeated"}
    assert send("scan0031.png", 2) == {"state": "tray"}
    wrong = {"file": (io.BytesIO(b"bukan gambar"), "KTP baris 6.png")}
    told = hrd.post(f"{dossier}/satu", wrong, expect=422).json
    assert (told["state"], told["code"]) == ("refused", "DOC-01")
    assert "KTP baris 6.png" in told["text"]
    assert hrd.post(f"{dossier}/satu", {}, expect=422).json["state"] == "refused"


def test_the_path_of_a_folder_counts_as_part_of_the_name(hrd, dossier):
    form = {"file": scan("kk.png"), "path": "Berkas/baris 5/kk.png"}
    assert hrd.post(f"{dossier}/satu", form, expect=200).json == {"state": "placed"}
    assert "Baris 5" in hrd.get(dossier).text


def test_a_form_without_row_and_kind_goes_by_the_names(hrd, dossier):
    text = hrd.follow(
        hrd.post(dossier, {"file": [scan("KTP baris 5.png"), scan("scan1.png", 2)], "kind": ""})
    ).text
    assert "1 dokumen terlampir." in text
    assert "1 dokumen menunggu di baki" in text
    assert "Baki: 1 berkas belum menemukan baris" in text


def test_a_zip_shows_its_progress_and_then_what_became_of_it(hrd, dossier, portal):
    packed = zipped("baris 5 KTP.png", "scan0031.png", "catatan.docx")
    told = hrd.post(f"{dossier}/arsip", {"file": (packed, "dokumen.zip")}, expect=200).json
    assert told == {"state": "archive"}
    waiting = hrd.get(dossier).text
    assert "Mengeluarkan isi dokumen.zip" in waiting
    (address,) = re.findall(r'hx-get="(/arsip/[0-9a-f]{32}/kemajuan)"', waiting)
    assert "0 dari 3 berkas" in hrd.part(address).text
    worker.run_all(portal)
    assert hrd.get(address).headers["HX-Redirect"] == dossier
    text = hrd.get(dossier).text
    assert (
        "1 dari 3 berkas menemukan barisnya · 1 ke baki · 0 sudah ada · 1 tidak terlampir" in text
    )
    assert "catatan.docx" in text


def test_a_zip_that_is_refused_says_why(hrd, dossier):
    sent = {"file": (io.BytesIO(b"PK bukan zip"), "dokumen.zip")}
    told = hrd.post(f"{dossier}/arsip", sent, expect=422).json
    assert (told["state"], told["code"]) == ("refused", "ZIP-01")
    plain = {"file": (io.BytesIO(b"PK bukan zip"), "dokumen.zip"), "kind": ""}
    assert "dokumen.zip bukan ZIP yang utuh" in hrd.post(dossier, plain, expect=422).text
    assert hrd.post(f"{dossier}/arsip", {}, expect=422).json["state"] == "refused"


def test_a_zip_without_script_goes_the_same_way_and_can_be_stopped(hrd, dossier, portal):
    hrd.post(dossier, {"file": (zipped("scan.png"), "dokumen.zip"), "kind": ""})
    (address,) = re.findall(r'action="(/arsip/[0-9a-f]{32}/hentikan)"', hrd.get(dossier).text)
    assert "ZIP dihentikan" in hrd.follow(hrd.post(address, {})).text
    worker.run_all(portal)
    assert "dihentikan pada berkas ke-0" in hrd.get(dossier).text


def test_the_tray_places_by_row_and_takes_back(hrd, dossier):
    hrd.post(f"{dossier}/satu", {"file": scan("scan0031.png")}, expect=200)
    (one,) = ids_in_tray(hrd.get(dossier).text)
    place = f"/dokumen/{one}/tempatkan"
    assert (
        "Tidak ada baris" in hrd.post(place, {"whose": "Sulaiman", "kind": "ktp"}, expect=422).text
    )
    assert "Pilih jenis" in hrd.post(place, {"whose": "5", "kind": "apa"}, expect=422).text
    placed = hrd.follow(hrd.post(place, {"whose": "5", "kind": "ktp"})).text
    assert "Dokumen ditempatkan pada baris 5" in placed
    assert ids_in_tray(placed) == []
    shown = f"{dossier}?lengkap=semua&matriks=1"
    again = hrd.post(place, {"whose": "7", "kind": "ktp", "next": shown})
    assert again.location == shown
    assert hrd.post(place, {"whose": "7", "kind": "ktp", "next": "/surat"}).location == dossier
    off = hrd.follow(hrd.post(f"/dokumen/{one}/baki", {"row": "7"})).text
    assert "Dokumen dilepas dari baris 7; masih pada baris 5." in off
    back = hrd.follow(hrd.post(f"/dokumen/{one}/baki", {})).text
    assert "Dokumen dikembalikan ke baki." in back
    assert ids_in_tray(back) == [one]


def test_proposals_are_placed_at_once_and_the_rest_stays(hrd, dossier):
    for shade, name in enumerate(("5_ktp.png", "6_kk.png", "scan0031.png")):
        hrd.post(f"{dossier}/satu", {"file": scan(name, shade)}, expect=200)
    text = hrd.get(dossier).text
    assert "Tempatkan 2 usulan" in text
    proposed = re.findall(r'name="document" value="([0-9a-f]{32})"', text)
    after = hrd.follow(hrd.post(f"{dossier}/usulan", {"document": proposed})).text
    assert "2 dokumen ditempatkan menurut usulan." in after
    assert len(ids_in_tray(after)) == 1
    for shade in range(10, 36):
        hrd.post(f"{dossier}/satu", {"file": scan(f"{5 + shade % 2}_akta.png", shade)}, expect=200)
    assert "Tempatkan semua usulan di baki" in hrd.get(dossier).text
    placed = hrd.follow(hrd.post(f"{dossier}/usulan", {"all": "1"})).text
    assert len(ids_in_tray(placed)) == 1
    assert "Batalkan penempatan terakhir (26 dokumen)" in placed
    undone = hrd.follow(hrd.post(f"{dossier}/batalkan", {})).text
    assert "Penempatan 26 dokumen dibatalkan." in undone
    assert "Baki: 27 berkas" in undone
    asked = hrd.post(f"{dossier}/cari", {"cari": "5", "lengkap": "semua"}, expect=303)
    (word,) = re.findall(r"cari=([\w-]+)#lengkap$", asked.headers["Location"])
    found = hrd.follow(asked).text
    assert re.findall(r'<tr [^>]*data-carry-row="([0-9]+)"', found) == ["5"]
    assert f'href="{dossier}?lengkap=semua&amp;cari={word}#lengkap"' in found
    assert 'value="5"' in found
    nobody = hrd.follow(hrd.post(f"{dossier}/cari", {"cari": "TIDAKADA"}, expect=303)).text
    assert "Tidak ada baris dengan nama atau nomor itu dalam daftar ini." in nobody
    again = hrd.follow(hrd.post(f"{dossier}/batalkan", {})).text
    assert "Tidak ada penempatan yang dapat dibatalkan." in again


def test_a_draft_with_a_full_tray_is_not_submitted(hrd, dossier):
    hrd.post(f"{dossier}/satu", {"file": scan("scan0031.png")}, expect=200)
    review = hrd.get(dossier.replace("dokumen", "tinjau")).text
    assert "1 dokumen di baki belum ditempatkan" in review


def test_the_matrix_shows_what_is_missing_and_leads_to_its_upload(hrd, dossier):
    def lacking():
        return int(re.search(r"Belum lengkap (\d+)", hrd.get(dossier).text)[1])

    before = lacking()
    text = hrd.get(dossier).text
    href = re.search(r'href="([^"]*jenis=kartu_bpjstk&amp;baris=\d+)"', text)[1]
    chosen = hrd.get(href.replace("&amp;", "&")).text
    assert '<option value="kartu_bpjstk" selected>' in chosen
    every = ("kartu_bpjstk", "ktp", "kk", "npwp", "buku_tabungan", "paklaring")
    for shade, kind in enumerate(every):
        form = {"file": scan("dokumen.png", shade), "row": "5", "kind": kind}
        hrd.post(dossier, form)
    assert lacking() == before - 1
    assert "Semua" in hrd.get(f"{dossier}?lengkap=semua&matriks=1").text


def test_a_missing_document_is_explained_on_the_page_and_the_reason_taken_back(hrd, dossier):
    text = hrd.get(dossier).text
    href = re.search(r'href="([^"]*tanpa=kartu_bpjstk&amp;untuk=\d+)', text)[1].replace(
        "&amp;", "&"
    )
    row = href.rpartition("=")[2]
    form = {"kind": "kartu_bpjstk", "rows": row, "reason": "Kartu <hilang>"}
    assert f'name="rows" maxlength="2000" value="{row}"' in hrd.get(href).text
    wrong = hrd.post(f"{dossier}/alasan", {**form, "rows": f"{row}, 9999"}, expect=422).text
    assert "Baris 9999 tidak kekurangan Kartu BPJS TK." in wrong
    assert "Kartu &lt;hilang&gt;</textarea>" in wrong
    told = hrd.follow(hrd.post(f"{dossier}/alasan", form)).text
    assert "Alasan untuk 1 baris tersimpan." in told
    listed = hrd.get(f"{dossier}?lengkap=alasan").text
    assert "Kartu &lt;hilang&gt;" in listed
    assert "Dengan alasan 1" in listed
    back = hrd.follow(
        hrd.post(f"{dossier}/alasan/cabut", {"kind": "kartu_bpjstk", "rows": row})
    ).text
    assert "Alasan dicabut." in back
    hrd.post(f"{dossier}/alasan/cabut", {"rows": row}, expect=422)


def test_a_full_disk_is_a_page_that_says_what_is_safe(app, hrd):
    def fail(**_ids):
        raise OSError(errno.ENOSPC, "No space left on device")

    app.view_functions["home.start"] = needs(OPEN)(fail)
    page = hrd.get("/", expect=507)
    assert "Ruang penyimpanan penuh" in page.text
    assert "Yang sudah diterima tetap aman" in page.text


def test_what_waits_for_the_scanner_is_said_and_can_be_taken_off(hrd, dossier, portal):
    portal.scanner = Scanner("127.0.0.1:1")
    told = hrd.post(f"{dossier}/satu", {"file": scan("KTP baris 5.png")}, expect=200).json
    assert told == {"state": "waiting"}
    hrd.post(dossier, {"file": scan("KK baris 6.png", 2), "kind": "kk", "row": "6"})
    hrd.post(f"{dossier}/arsip", {"file": (zipped("scan.png"), "dokumen.zip")}, expect=200)
    worker.run_all(portal)
    text = hrd.get(dossier).text
    assert "Menunggu pemindaian virus" in text
    assert "Menunggu pemindaian: pemindai virus belum menjawab" in text
    assert "Belum ada dokumen" in text
    first, second = re.findall(r'action="(/dokumen-menunggu/[0-9a-f]{32}/hapus)"', text)
    hrd.post(first, {})
    assert "Dihapus dari daftar tunggu." in hrd.follow(hrd.post(second, {})).text
    assert "Menunggu pemindaian virus" not in hrd.get(dossier).text


def test_a_mapping_sheet_is_uploaded_by_itself_and_told_line_by_line(hrd, dossier):
    hrd.post(f"{dossier}/satu", {"file": scan("scan1.png")}, expect=200)
    lines = b"Berkas;Baris;NIK;Jenis\nscan1.png;5;;KTP\nscan2.png;;3171014508909013;KTP\n"
    told = hrd.post(f"{dossier}/satu", {"file": (io.BytesIO(lines), "daftar.csv")}, expect=200)
    assert told.json == {"state": "sheet", "placed": 1}
    text = hrd.get(dossier).text
    assert "1 perlu diperbaiki" in text
    assert "daftar.csv, baris 3" in text
    assert "Nomor “3171••••••••9013”" in text
    plain = {"file": (io.BytesIO(lines), "daftar.csv"), "kind": ""}
    text = hrd.follow(hrd.post(dossier, plain)).text
    assert "Lembar pemetaan dipakai; 0 dokumen di baki menemukan barisnya." in text
    made = hrd.post(f"{dossier}/pemetaan.xlsx", {}, expect=200)
    assert made.data.startswith(b"PK")
    assert "lembar-pemetaan.xlsx" in made.headers["Content-Disposition"]
