"""The main job in a browser, by what the screens say: HRD sends, reviewers decide, HRD mends."""

import hashlib
import io
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.browser import acts, sheets
from tests.browser.looking import look

NUMBER = "PKD-2026-00001"
CHILD = "PKD-2026-00002"
WORDS = "NIK tidak sesuai data kependudukan"


def test_a_workbook_goes_from_upload_to_decision_and_back(visit):
    hrd, reviewer = visit(), visit()
    hrd.sign_in_as("HRD")
    hrd.sees("Tidak ada yang menunggu Anda")

    _upload_faulty_and_mend(hrd)
    _confirm_and_attach(hrd)
    _issue_and_keep_the_letter(hrd)
    acts.go_on(hrd)
    acts.submit(hrd, 10)
    look(hrd.page)
    hrd.press("Lacak pengajuan")
    hrd.sees("10 baris menunggu pemeriksa")
    hrd.sign_out()

    reviewer.sign_in_as("Pemeriksa")
    reviewer.sees("1 pengajuan menunggu")
    _review(reviewer)

    hrd.sign_in_as("HRD")
    _read_mend_and_send_again(hrd)


def _upload_faulty_and_mend(hrd):
    acts.upload(hrd, sheets.file(sheets.as_first_written()))
    hrd.sees("3 dari 10 baris perlu diperbaiki")
    rows = hrd.page.locator("#baris-isi tbody tr")
    expect(rows).to_have_count(6)
    hrd.page.get_by_role("link", name="Tidak valid 4").click()
    expect(rows).to_have_count(4)
    hrd.page.get_by_label("Cari nama").fill("JOKO")
    hrd.press("Saring")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Digit terakhir hilang")
    hrd.page.get_by_label("Cari nama").fill("TIDAK ADA NAMA INI")
    hrd.press("Saring")
    hrd.reads("Tidak ada nama atau alamat yang cocok dengan “TIDAK ADA NAMA INI”")
    look(hrd.page)

    hrd.press("Unggah ulang")
    acts.choose(hrd, sheets.file(sheets.as_mended(), "koreksi-november-2.xlsx"))
    hrd.sees("1 dari 10 baris perlu dokumen")
    hrd.reads("3 selesai, 1 baru dibandingkan revisi 1. Ini revisi 2")


def _confirm_and_attach(hrd):
    hrd.press("Pastikan 2 temuan")
    hrd.goto(hrd.path.replace("/pastikan", "/hasil"))
    acts.confirm(hrd, "Pastikan 2 temuan")
    acts.confirm(hrd, "Pastikan 1 temuan", "Nomornya tetap; hanya dipastikan")
    hrd.press("Lampirkan dokumen")
    hrd.sees("1 baris masih perlu dokumen")
    hrd.press("Pilih baris 9")
    acts.choose(hrd, sheets.card())
    hrd.reads("1 dokumen terlampir")
    expect(hrd.page.get_by_role("row", name="KTP baris 9.jpg")).to_contain_text("Baris 9")
    look(hrd.page)


def _issue_and_keep_the_letter(hrd):
    acts.explain(hrd)
    hrd.press("Lanjut ke Surat")
    hrd.sees("Periksa surat, lalu terbitkan")
    hrd.press("Terbitkan surat")
    hrd.sees("Surat 001/HRD/CSA/XI/2026 sudah terbit")
    with hrd.page.expect_download() as begun:
        hrd.press("Unduh surat (PDF)")
    kept = Path(begun.value.path()).read_bytes()
    assert kept.startswith(b"%PDF-")
    told = hrd.page.locator(".pk-hash").inner_text()
    assert hashlib.sha256(kept).hexdigest() == told


def _review(reviewer):
    reviewer.press("Ambil berikutnya")
    reviewer.sees("10 dari 10 baris menunggu keputusan")
    expect(reviewer.page.get_by_role("heading", name="Baris 2 ·")).to_be_visible()
    for left in (9, 8, 7):
        acts.approve_by_key(reviewer, left, 10)
    acts.key(reviewer, "k")
    expect(reviewer.page.get_by_label("Alasan", exact=True)).to_be_focused()
    reviewer.page.get_by_label("Alasan", exact=True).select_option("KTP tidak terbaca")
    reviewer.page.get_by_label("Keterangan untuk HRD").fill("Bagian bawah terpotong.")
    reviewer.page.reload()
    expect(reviewer.page.get_by_label("Alasan", exact=True)).to_have_value("KTP tidak terbaca")
    words = reviewer.page.get_by_label("Keterangan untuk HRD")
    expect(words).to_have_value("Bagian bawah terpotong.")
    reviewer.press("Kembalikan, lanjut ke baris 6")
    reviewer.sees("6 dari 10 baris menunggu keputusan")
    assert reviewer.page.evaluate("Object.keys(sessionStorage)") == []
    for left in (5, 4, 3):
        acts.approve_by_key(reviewer, left, 10)
    expect(reviewer.page.get_by_role("img", name="KTP-el, halaman 1 dari 1")).to_be_visible()
    reviewer.reads("Persetujuan akan mencatat dokumen KTP-el sebagai dasarnya.")
    look(reviewer.page)
    for left in (2, 1):
        acts.approve_by_key(reviewer, left, 10)
    acts.key(reviewer, "s")
    reviewer.sees("Semua 10 baris sudah diputuskan")
    reviewer.reads("KTP tidak terbaca: Bagian bawah terpotong.")
    acts.decide(reviewer)
    reviewer.reads(f"1 baris yang dikembalikan menjadi draf {CHILD}.")
    look(reviewer.page)


def _read_mend_and_send_again(hrd):
    hrd.sees("1 pengajuan menunggu Anda")
    hrd.press(f"Lihat keputusan {NUMBER}")
    hrd.sees("1 dari 10 baris dikembalikan")
    acts.stands_as(hrd, "Disetujui sebagian")
    hrd.reads("9 baris lain disetujui dan tidak perlu diubah.")
    look(hrd.page)
    hrd.press("Perbaiki 1 baris")
    hrd.sees("1 baris menunggu perbaikan")
    hrd.reads("KTP tidak terbaca: Bagian bawah terpotong.")
    hrd.press("Unggah berkas perbaikan")
    mended = sheets.sound()[3:4]
    acts.choose(hrd, sheets.file(mended, "perbaikan.xlsx"))
    hrd.reads("Ini revisi 2")
    hrd.press("Lanjut ke Dokumen")
    acts.attach(hrd, sheets.card("KTP lengkap.jpg"), row=2)
    acts.issue(hrd)
    hrd.sees("Surat 002/HRD/CSA/XI/2026 sudah terbit")
    acts.go_on(hrd)
    acts.submit(hrd, 1)
    hrd.press("Lacak pengajuan")
    acts.stands_as(hrd, "Diajukan")


def test_two_reviewers_decide_the_agency_answers_and_hrd_reads_what_it_refused(visit, site):
    rows = sheets.sound(2)
    right = rows[0][sheets.NIK]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    rows[0][sheets.NIK] = wrong
    rows[0][sheets.DATA : sheets.REASON] = ["NIK", wrong, right]
    site.submitted(sheets.file(rows)["buffer"], name="koreksi-nik.xlsx")
    first, second = visit().arrives_as(site.bayu), visit().arrives_as(site.lestari)

    _approve_and_hand_on(first)
    _second_and_decide(second)
    _take_the_answer(second, _answered(_give_out(second)))

    _read_the_answer_and_open_the_new_draft(visit().arrives_as(site.rahma))


def _approve_and_hand_on(first):
    first.goto("/")
    first.press("Ambil berikutnya")
    first.sees("2 dari 2 baris menunggu keputusan")
    acts.approve_by_key(first, 1, 2)
    acts.key(first, "s")
    first.sees("Semua 2 baris sudah diputuskan")
    first.reads("1 baris perlu pemeriksa kedua")
    first.page.get_by_label("Catatan untuk pemeriksa kedua").fill("Cocokkan juga tanggal lahirnya")
    first.press("Teruskan ke pemeriksa kedua")
    first.reads("1 baris menunggu persetujuannya")


def _second_and_decide(second):
    second.goto("/")
    second.press("Ambil berikutnya")
    second.sees("1 baris menunggu Anda sebagai pemeriksa kedua")
    expect(second.page.get_by_role("heading", name="Baris 2 ·")).to_be_visible()
    second.reads("oleh Bayu Teladan")
    second.reads("Cocokkan juga tanggal lahirnya")
    acts.key(second, "s")
    second.sees("Semua 2 baris sudah diputuskan")
    acts.decide(second)
    second.sees("Semua 2 baris disetujui")


def _give_out(second):
    """Give the approved rows out; returns the file as it is downloaded."""
    second.press("Pilih bentuk berkas")
    second.sees("Teruskan baris yang disetujui")
    second.press("Teruskan SIPP Koreksi Elemen TK (Excel)")
    second.sees("2 koreksi menunggu jawaban kantor cabang")
    with second.page.expect_download() as begun:
        second.press(f"Unduh koreksi-{NUMBER}-sipp.xlsx")
    kept = Path(begun.value.path()).read_bytes()
    second.reads(f"SHA-256 {hashlib.sha256(kept).hexdigest()}")
    return kept


def _answered(given_out):
    """The file as the agency sends it back: the NIK refused, the phone accepted."""
    book = openpyxl.load_workbook(io.BytesIO(given_out))
    header, *lines = book.active.iter_rows()
    end, data = len(header), [cell.value for cell in header].index("ELEMEN DATA")
    filled = {1: ("HASIL", "KETERANGAN")}
    for line in lines:
        refused = line[data].value == "NIK"
        filled[line[data].row] = ("Ditolak", WORDS) if refused else ("Diterima", None)
    for row, (result, words) in filled.items():
        book.active.cell(row, end + 1, result)
        book.active.cell(row, end + 2, words)
    back = io.BytesIO()
    book.save(back)
    return {"name": "jawaban.xlsx", "mimeType": sheets.XLSX, "buffer": back.getvalue()}


def _take_the_answer(second, file):
    acts.choose(second, file)
    second.sees("Kantor cabang sudah menjawab semuanya")
    second.reads("Jawaban tercatat: 1 diterima, 1 ditolak.")
    second.reads(f"Yang ditolak menjadi draf {CHILD} milik HRD.")
    second.reads(WORDS)


def _read_the_answer_and_open_the_new_draft(hrd):
    hrd.goto("/")
    hrd.reads(f"Ditolak kantor cabang pada {NUMBER}.")
    hrd.press(f"Lihat keputusan {NUMBER}")
    acts.stands_as(hrd, "Selesai")
    for row, became in (
        ("3", "Diterima kantor cabang: No HP"),
        ("2", "Ditolak kantor cabang: NIK"),
    ):
        hrd.press(f"{row} riwayat")
        hrd.reads(became)
        hrd.page.go_back()
    answer = hrd.page.get_by_role("region", name="Jawaban kantor cabang")
    expect(answer).to_contain_text("1 diterima, 1 ditolak")
    expect(answer).to_contain_text(WORDS)
    expect(answer).to_contain_text("baris 2 · NIK")
    hrd.press("Lihat draf perbaikannya")
    acts.stands_as(hrd, "Draf")
    hrd.reads(f"Draf ini memuat baris yang ditolak kantor cabang pada {NUMBER}")
    why = hrd.page.get_by_role("region", name="Mengapa ditolak kantor cabang")
    expect(why).to_contain_text(WORDS)
