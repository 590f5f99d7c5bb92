"""Every other way a batch can go: returned whole, rejected, withdrawn, cancelled, taken first."""

import pytest
from playwright.sync_api import expect

from hr_portal.services import review
from tests.browser import acts, sheets
from tests.browser.looking import look

NUMBER = "PKD-2026-00001"


@pytest.fixture
def submitted(site):
    """A batch of three rows that waits at the branch."""
    return site.submitted()


@pytest.fixture
def rahma(visit, site):
    """The HRD officer whose batch it is."""
    return visit().arrives_as(site.rahma)


@pytest.fixture
def bayu(visit, site):
    return visit().arrives_as(site.bayu)


@pytest.fixture
def lestari(visit, site):
    return visit().arrives_as(site.lestari)


def _decide_all(reviewer, verdict, reason):
    reviewer.goto("/")
    reviewer.press("Ambil berikutnya")
    reviewer.page.get_by_text("Putuskan 3 baris sekaligus").click()
    reviewer.press("Kembalikan atau tolak …")
    look(reviewer.page)
    reviewer.page.get_by_label("Alasan", exact=True).select_option(reason)
    reviewer.press(verdict)
    reviewer.sees("Semua 3 baris sudah diputuskan")
    look(reviewer.page)
    acts.decide(reviewer)


def test_a_batch_returned_whole_is_reopened_mended_and_sent_again(submitted, rahma, bayu):
    _decide_all(bayu, "Kembalikan", "Surat permohonan belum ditandatangani")
    bayu.sees("Semua 3 baris dikembalikan")

    rahma.goto("/")
    rahma.sees("1 pengajuan menunggu Anda")
    rahma.press("Perbaiki 3 baris")
    acts.stands_as(rahma, "Dikembalikan")
    rahma.reads("Surat permohonan belum ditandatangani")
    look(rahma.page)
    rahma.press("Perbaiki 3 baris")
    rahma.sees("Semua 3 baris lolos pemeriksaan")
    rahma.reads("Pengajuan ini dikembalikan pemeriksa.")
    look(rahma.page)
    rahma.press("Baca alasannya")
    acts.stands_as(rahma, "Draf")
    look(rahma.page)
    rahma.page.locator("main").get_by_role("link", name="Terbitkan surat", exact=False).click()
    rahma.page.locator("main").get_by_role("button", name="Terbitkan surat", exact=False).click()
    rahma.reads("SHA-256")
    acts.go_on(rahma)
    acts.submit(rahma, 3)
    rahma.press("Lacak pengajuan")
    acts.stands_as(rahma, "Diajukan")
    rahma.reads("Diajukan: 3 baris, revisi 2")


def test_a_rejected_batch_ends_and_hrd_reads_why(submitted, rahma, bayu):
    _decide_all(bayu, "Tolak", "Peserta tidak ditemukan pada NPP ini")
    acts.stands_as(bayu, "Ditolak")

    rahma.goto("/")
    rahma.sees("Tidak ada yang menunggu Anda")
    rahma.press(f"Lihat keputusan {NUMBER}")
    acts.stands_as(rahma, "Ditolak")
    rahma.reads("Peserta tidak ditemukan pada NPP ini")
    look(rahma.page)


def test_a_batch_that_nobody_has_taken_can_be_withdrawn(submitted, rahma, bayu):
    rahma.goto(f"/pengajuan/{submitted}/lacak")
    rahma.page.get_by_text("Ada yang keliru? Tarik pengajuan ini").click()
    rahma.page.get_by_label("Alasan penarikan").fill("Baris 3 tertukar")
    look(rahma.page)
    bayu.goto("/antrean")
    expect(bayu.page.get_by_role("button", name=f"Ambil {NUMBER}")).to_be_visible()
    rahma.press("Tarik kembali menjadi draf")
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")
    look(rahma.page)
    rahma.goto(f"/pengajuan/{submitted}/lacak")
    acts.stands_as(rahma, "Draf")
    rahma.reads("Baris 3 tertukar")

    bayu.expected |= {404}
    bayu.press(f"Ambil {NUMBER}")
    bayu.sees("Belum dijalankan: keadaannya sudah berubah")
    bayu.reads("HRD mungkin sudah menariknya kembali")
    look(bayu.page)
    bayu.press("Kembali ke antrean")
    bayu.sees("Antrean kosong")
    look(bayu.page)


def test_a_draft_can_be_cancelled_and_stays_readable(site, rahma):
    batch = site.ready()
    rahma.goto(f"/pengajuan/{batch}/tinjau")
    rahma.page.get_by_text("Batalkan pengajuan ini").click()
    rahma.press(f"Batalkan {NUMBER}")
    rahma.sees("1 pengajuan")
    rahma.press(NUMBER)
    expect(rahma.page.locator("main .pk-chip")).to_have_text("Dibatalkan")
    look(rahma.page)


def test_of_two_who_take_one_batch_the_second_reads_who_was_first(submitted, site, bayu, lestari):
    for someone in (bayu, lestari):
        someone.goto("/antrean")
    bayu.press(f"Ambil {NUMBER}")
    bayu.sees("3 dari 3 baris menunggu keputusan")
    lestari.expected |= {409}
    lestari.press(f"Ambil {NUMBER}")
    lestari.sees("Belum dijalankan: keadaannya sudah berubah")
    lestari.reads("Bayu Teladan")
    look(lestari.page)


def test_who_comes_second_reads_who_decided_what_and_keeps_the_typed_words(
    submitted, site, bayu, lestari
):
    lestari.goto("/antrean")
    lestari.press(f"Ambil {NUMBER}")
    lestari.sees("3 dari 3 baris menunggu keputusan")
    acts.key(lestari, "k")
    lestari.page.get_by_label("Keterangan untuk HRD").fill("KTP baris ini <b>terpotong</b>")
    # meanwhile, in another tab, she lets go of it, and a colleague decides
    review.release(site.portal, site.lestari, submitted)
    bayu.goto("/antrean")
    bayu.press(f"Ambil {NUMBER}")
    bayu.page.get_by_text("Putuskan 3 baris sekaligus").click()
    bayu.press("Setujui 3 baris")
    acts.decide(bayu)
    bayu.sees("Semua 3 baris disetujui")

    lestari.expected |= {409}
    lestari.press("Kembalikan, lanjut ke baris 3")
    lestari.sees("Belum dijalankan: keadaannya sudah berubah")
    lestari.reads("oleh Bayu Teladan")
    lestari.reads("3 disetujui, 0 dikembalikan, 0 ditolak")
    expect(lestari.page.get_by_label("Ketikan Anda")).to_have_value(
        "KTP baris ini <b>terpotong</b>"
    )
    look(lestari.page)


def test_what_the_declaration_lacks_is_said_beside_it(site, rahma):
    batch = site.ready()
    rahma.goto(f"/pengajuan/{batch}/tinjau")
    rahma.page.get_by_label("Saya menyetujui pernyataan di atas").check()
    rahma.page.get_by_label("Ketik nama lengkap Anda").fill("Orang Lain")
    rahma.expected |= {422}
    rahma.press("Ajukan 3 baris")
    rahma.reads("Tidak sama dengan nama akun Anda")
    look(rahma.page)
    acts.submit(rahma, 3)


def test_a_file_that_cannot_be_read_says_why_and_takes_another(rahma):
    rahma.goto("/pengajuan/baru")
    acts.choose(
        rahma,
        {"name": "absensi.csv", "mimeType": "text/csv", "buffer": b"Tanggal;Jam\r\n1;2\r\n"},
    )
    rahma.sees("absensi.csv tidak dapat dibaca")
    rahma.reads("FILE-07")
    look(rahma.page)
    rahma.press("Unggah berkas lain")
    acts.choose(rahma, sheets.file(sheets.sound(3)))
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")
    look(rahma.page)


def test_a_file_of_another_kind_is_refused_on_the_spot(rahma):
    rahma.goto("/pengajuan/baru")
    rahma.expected |= {422}
    acts.choose(
        rahma, {"name": "foto.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" * 9}
    )
    alert = rahma.page.locator("[data-upload-problem]")
    expect(alert).to_contain_text("foto.xlsx")
    expect(alert).to_be_focused()
    look(rahma.page)
    acts.choose(rahma, sheets.file(sheets.sound(3)))
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")


def test_a_document_of_another_kind_is_refused_and_the_others_are_kept(site, rahma):
    batch = site.draft()
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    rahma.expected |= {422}
    wrong = {"name": "catatan.pdf", "mimeType": "application/pdf", "buffer": b"bukan PDF" * 50}
    acts.choose(rahma, sheets.card("KTP.jpg"), wrong)
    rahma.reads("0 menemukan barisnya · 1 ke baki · 0 sudah ada · 1 tidak terlampir")
    rahma.reads("catatan.pdf")
    look(rahma.page)
    rahma.press("Tutup daftar ini")
    rahma.reads("Baki: 1 berkas belum menemukan baris")
