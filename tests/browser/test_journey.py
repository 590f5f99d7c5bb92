"""The main job in a browser, by what the screens say: HRD sends, the reviewer decides, HRD mends."""

import hashlib
import re

from playwright.sync_api import expect

from tests.browser import sheets
from tests.browser.looking import look


def test_a_workbook_goes_from_upload_to_decision_and_back(visit, site):
    hrd, reviewer = visit(), visit()
    hrd.sign_in_as("HRD")
    hrd.sees("Tidak ada yang menunggu Anda")

    # the workbook with its faults
    hrd.press("Buat pengajuan")
    hrd.page.locator("input[type=file]").set_input_files(sheets.file(sheets.as_first_written()))
    hrd.sees("3 dari 10 baris perlu diperbaiki")
    hrd.press("Unggah ulang")
    hrd.page.locator("input[type=file]").set_input_files(sheets.file(sheets.as_mended()))
    hrd.sees("1 dari 10 baris perlu dokumen")
    hrd.press("Pastikan 2 temuan")
    hrd.page.get_by_label("Mengapa data ini benar?").fill("Tanggal lahir sesuai penetapan pengadilan")
    hrd.press("Pastikan 2 temuan")
    hrd.press("Pastikan 1 temuan")
    hrd.page.get_by_label("Mengapa data ini benar?").fill("Nomor tetap, hanya dipastikan")
    hrd.press("Pastikan 1 temuan")
    hrd.press("Lampirkan dokumen")
    hrd.press("Pilih baris 9")
    hrd.page.locator("input[type=file]").set_input_files(sheets.card())
    hrd.reads("1 dokumen terlampir")
    hrd.press("Lanjut ke Surat")
    hrd.press("Terbitkan surat")
    hrd.press("Tinjau dan ajukan", within=hrd.page.get_by_role("region", name="Isi surat"))
    print(hrd.page.locator("main").inner_text())
    hrd.page.get_by_label("Saya menyetujui pernyataan di atas").check()
    hrd.page.get_by_label("Ketik nama lengkap Anda").fill("Rahma Contohan")
    hrd.press("Ajukan 10 baris")
    print(hrd.page.locator("main").inner_text())
    hrd.press("Lacak pengajuan")
    print(hrd.page.locator("main").inner_text())
    hrd.sign_out()
    reviewer.sign_in_as("Pemeriksa")
    print(reviewer.page.locator("main").inner_text())
    reviewer.press("Ambil berikutnya")
    print(reviewer.page.locator("main").inner_text())
    for left in (9,8,7):
        reviewer.page.keyboard.press("s")
        reviewer.sees(f"{left} dari 10 baris menunggu keputusan")
    reviewer.page.keyboard.press("k")
    print(reviewer.page.locator("form#putusan").inner_text())
    reviewer.page.get_by_label("Alasan", exact=True).select_option(index=1)
    reviewer.page.get_by_label("Keterangan untuk HRD").fill("Mohon pindai ulang")
    reviewer.page.keyboard.press("Control+Enter")
    reviewer.sees(f"6 dari 10 baris menunggu keputusan")
    for left in (5,4,3,2,1):
        reviewer.page.keyboard.press("s")
        reviewer.sees(f"{left} dari 10 baris menunggu keputusan")
    print(reviewer.page.locator("main").inner_text())
    reviewer.page.keyboard.press("s")
    reviewer.page.wait_for_url("**/selesai")
    print(reviewer.page.locator("main").inner_text())
    reviewer.control(re.compile("^Putuskan:"),exact=False).click()
    print(reviewer.page.locator("main").inner_text())
    hrd.sign_in_as("HRD")
    print(hrd.page.locator("main").inner_text())
    hrd.press("Lihat keputusan PKD-2026-00001")
    print(hrd.page.locator("main").inner_text())
    hrd.press("Perbaiki 1 baris")
    print(hrd.page.locator("main").inner_text())
