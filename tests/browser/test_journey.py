"""The main job in a browser, by what the screens say: HRD sends, reviewers decide, HRD mends."""

import hashlib
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import acts, sheets
from tests.browser.looking import look

NUMBER = "PKD-2026-00001"
CHILD = "PKD-2026-00002"


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
