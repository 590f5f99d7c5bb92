"""Everything HRD must do works as plain forms, where JavaScript is switched off."""

import pytest
from playwright.sync_api import expect

from tests.browser import acts, live, sheets


@pytest.fixture
def site(settings):
    """Without a worker of its own: the page can't renew itself, so the test says when."""
    with live.site(settings, working=False) as served:
        yield served


def test_a_workbook_is_sent_confirmed_and_submitted_without_script(visit, site):
    hrd = visit(script=False)
    hrd.sign_in_as("HRD")
    hrd.press("Buat pengajuan")
    acts.choose(hrd, sheets.file(sheets.as_mended()))
    hrd.press("Unggah dan periksa")
    hrd.sees("Memeriksa koreksi-november.xlsx")
    hrd.press("Lihat kemajuan terbaru")
    hrd.sees("Memeriksa koreksi-november.xlsx")
    site.work()
    hrd.press("Lihat kemajuan terbaru")
    hrd.sees("1 dari 10 baris perlu dokumen")

    hrd.page.get_by_label("Cari nama").fill("EKO")
    hrd.press("Saring")
    expect(hrd.page.locator("#baris-isi tbody tr")).to_have_count(1)
    acts.confirm(hrd, "Pastikan 2 temuan")
    acts.confirm(hrd, "Pastikan 1 temuan")

    hrd.press("Lampirkan dokumen")
    hrd.press("Pilih baris 9")
    acts.choose(hrd, sheets.card())
    hrd.press("Lampirkan")
    hrd.reads("1 dokumen terlampir")
    acts.explain(hrd)
    hrd.press("Lanjut ke Surat")
    hrd.page.get_by_label("Penanda tangan").select_option("Endang Umpamawati, Direktur Utama")
    hrd.press("Pakai")
    hrd.press("Terbitkan surat")
    hrd.reads("SHA-256")
    acts.go_on(hrd)
    acts.submit(hrd, 10)


def test_a_reviewer_decides_without_script(visit, site):
    batch = site.submitted()
    lestari = visit(script=False).arrives_as(site.lestari)
    lestari.goto("/")
    lestari.press("Ambil berikutnya")
    lestari.sees("3 dari 3 baris menunggu keputusan")
    verdict = lestari.page.locator("#putusan")
    lestari.press("Setujui", within=verdict)
    lestari.sees("2 dari 3 baris menunggu keputusan")
    lestari.page.get_by_label("Keterangan untuk HRD").fill("Bagian bawah terpotong.")
    lestari.press("Kembalikan", within=verdict)
    lestari.sees("1 dari 3 baris menunggu keputusan")
    lestari.page.get_by_label("Alasan", exact=True).select_option("Dokumen pendukung kurang")
    lestari.press("Tolak", within=verdict)
    lestari.sees("Semua 3 baris sudah diputuskan")
    acts.decide(lestari)
    lestari.sees("1 dari 3 baris dikembalikan, 1 ditolak")
    assert site.view(batch).state == "partly_approved"
