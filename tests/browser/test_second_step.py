"""Forgotten password, own password, second step, recovery code: the way in, as a person goes it."""

import pyotp
from playwright.sync_api import expect

from hr_portal.services import own_account
from tests.browser.looking import look

OWN = "perahu kayu di teluk biru"


def test_who_forgot_the_password_gets_in_makes_their_own_and_turns_on_the_second_step(visit, site):
    surya = site.surya
    drawn = own_account.make_new_password(
        site.portal, site.admin, surya.user_id, reason="Lupa, identitas sudah dipastikan"
    )
    someone = visit()
    someone.sign_in(surya.email, drawn)
    someone.goto("/pengajuan")
    someone.sees("Akun saya")
    someone.reads("Ganti dahulu sebelum melanjutkan")
    look(someone.page)
    someone.page.get_by_label("Kata sandi sekarang").fill(drawn)
    someone.page.get_by_label("Kata sandi baru").fill(OWN)
    someone.press("Ganti kata sandi")
    someone.reads("Kata sandi diganti")
    someone.press("Aktifkan verifikasi dua langkah")
    someone.page.get_by_text("Tidak dapat memindai?").click()
    secret = someone.page.locator(".pk-secret").inner_text().replace(" ", "")
    someone.page.get_by_label("Kode enam angka").fill(pyotp.TOTP(secret).now())
    someone.press("Aktifkan")
    someone.sees("Simpan kode pemulihan Anda")
    look(someone.page)
    code = someone.page.locator(".pk-codes code").first.inner_text()
    someone.press("Sudah saya simpan, lanjutkan")
    someone.sign_out()
    someone.goto("/masuk")
    someone.page.get_by_label("Alamat").fill(surya.email)
    someone.page.get_by_label("Kata sandi", exact=True).fill(OWN)
    someone.press("Masuk")
    someone.sees("Kode verifikasi")
    look(someone.page)
    someone.expected |= {422}
    someone.page.get_by_label("Kode", exact=True).fill("000000")
    someone.press("Lanjutkan")
    someone.reads("Kode tidak cocok")
    someone.page.get_by_label("Kode", exact=True).fill(code)
    someone.press("Lanjutkan")
    expect(someone.page.get_by_role("button", name="Keluar")).to_be_visible()
