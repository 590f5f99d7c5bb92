"""From an invitation to the second step; shut out, let in again, and signed out by the lead."""

from urllib.parse import urlsplit

import pyotp

from tests.browser.looking import look

OWN = "perahu kayu di teluk biru"
SARI = "sari@contohsejahtera.example"


def test_who_is_invited_joins_with_two_steps_is_locked_out_unlocked_and_signed_out(visit, site):
    lead = visit().arrives_as(site.rahma)
    lead.goto("/rekan")
    lead.page.get_by_label("Alamat surel").fill(SARI)
    lead.page.get_by_label("Nama lengkap").fill("Sari Rekaan")
    lead.press("Kirim undangan")
    lead.reads("Tautan undangan")
    look(lead.page)
    link = urlsplit(lead.page.locator(".pk-secret").inner_text()).path

    sari = visit()
    code = _joins(sari, link)
    sari.goto("/masuk")
    sari.page.get_by_label("Alamat").fill(SARI)
    sari.page.get_by_label("Kata sandi", exact=True).fill(OWN)
    sari.press("Masuk")
    for _ in range(5):
        sari.page.get_by_label("Kode", exact=True).fill("000000")
        sari.press("Lanjutkan")
        sari.reads("Kode tidak cocok")
    sari.page.get_by_label("Kode", exact=True).fill(code)
    sari.press("Lanjutkan")
    sari.reads("Terlalu banyak percobaan kode")

    admin = visit().arrives_as(site.admin)
    admin.goto("/admin/pengguna")
    admin.press("Sari Rekaan")
    admin.page.locator("#alasan-kunci").fill("Ponselnya tertukar, dipastikan lewat telepon")
    admin.press("Buka kunci")
    admin.reads("Kunci dibuka")
    look(admin.page)

    sari.page.get_by_label("Kode", exact=True).fill(code)
    sari.press("Lanjutkan")
    sari.goto("/pengajuan")
    lead.goto("/rekan")
    lead.page.get_by_role("button", name="Akhiri sesinya Sari Rekaan").click()
    lead.reads("Semua sesinya diakhiri")
    sari.goto("/pengajuan")
    sari.sees("Masuk")


def _joins(sari, link):
    """Makes a password by the link, turns the second step on; returns a recovery code."""
    sari.goto(link)
    sari.page.get_by_label("Kata sandi baru").fill(OWN)
    sari.page.get_by_label("Saya menyetujui ketentuan").check()
    sari.press("Simpan kata sandi")
    sari.reads("Kata sandi disimpan")
    sari.sign_in(SARI, OWN)
    sari.goto("/akun/verifikasi")
    sari.page.get_by_text("Tidak dapat memindai?").click()
    secret = sari.page.locator(".pk-secret").inner_text().replace(" ", "")
    sari.page.get_by_label("Kode enam angka").fill(pyotp.TOTP(secret).now())
    sari.press("Aktifkan")
    sari.sees("Simpan kode pemulihan Anda")
    code = sari.page.locator(".pk-codes code").first.inner_text()
    sari.press("Sudah saya simpan, lanjutkan")
    sari.sign_out()
    sari.expected |= {404, 410, 422, 429}
    sari.goto(link)
    sari.sees("Tautan tidak berlaku")
    look(sari.page)
    return code
