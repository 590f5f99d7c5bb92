"""Accounts as people use them: codes by e-mail, sessions that end, asked again, two companies."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from hr_portal import worker
from hr_portal.services import accounts, own_account, tokens
from tests.browser import acts, live, sheets
from tests.browser.looking import look
from tests.furnished import everybody_agrees
from tests.parts import ROOT
from tests.services.test_notices import server  # noqa: F401 - fixture

OWN = "perahu kayu di teluk biru"


@pytest.fixture
def settings(make_settings, sqlite_url, server):
    """E-mails go out by a real mail server."""
    return make_settings(
        database_url=sqlite_url, mail_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Portal Koreksi <portal@portal.example>", demo=True,
    )  # fmt: skip


@pytest.fixture
def site(settings):
    """Without a worker of its own, whose clock would be another."""
    with live.site(settings, working=False) as served:
        yield served


@pytest.fixture
def later(site):
    """`later(minutes=31)` puts the pages' clock on."""
    gone = dt.timedelta()

    def go(**span):
        nonlocal gone
        gone += dt.timedelta(**span)
        site.portal.clock = lambda: dt.datetime.now(dt.UTC) + gone
        site.portal.lease_clock = site.portal.clock  # or the other worker takes its jobs

    return go


@pytest.fixture
def rahma(visit, site):
    """Rahma with a password of her own, signed in with it."""
    drawn = own_account.make_new_password(
        site.portal, site.admin, site.rahma.user_id, reason="Lupa, identitas sudah dipastikan"
    )
    own_account.change_password(site.portal, site.rahma, current=drawn, new=OWN, session_id=None)
    someone = visit()
    someone.sign_in(site.rahma.email, OWN)
    return someone


def _gives_password(someone, email):
    someone.page.get_by_label("Alamat").fill(email)
    someone.page.get_by_label("Kata sandi", exact=True).fill(OWN)
    someone.press("Masuk")


def test_a_code_by_email_is_sent_again_and_good_once_and_for_ten_minutes(
    rahma, site, later, server
):  # fmt: skip
    seen = 0

    def arrived():
        nonlocal seen
        worker.run_all(site.portal)
        letters = [one.get_content() for one in server.letters]
        found = [code for one in letters for code in re.findall(r"Kode Anda: (\d{6})\.", one)]
        assert len(found) == seen + 1
        seen += 1
        return found[-1]

    def types(code, told=""):
        rahma.page.get_by_label("Kode", exact=True).fill(code)
        rahma.press("Lanjutkan")
        if told:
            rahma.reads(told)

    rahma.expected |= {422, 429}
    rahma.goto("/akun/verifikasi-surel")
    rahma.press("Kirim kode percobaan")
    rahma.reads("Kami mengirim kode enam angka ke")
    look(rahma.page)
    rahma.page.get_by_label("Kode enam angka").fill(arrived())
    rahma.press("Aktifkan")
    rahma.reads("Kode lewat surel diaktifkan")
    rahma.sign_out()
    _gives_password(rahma, site.rahma.email)
    rahma.reads("ke r•••@")
    first = arrived()
    rahma.press("Kirim ulang kode")
    rahma.reads("baru saja dikirim. Tunggu")
    look(rahma.page)
    later(seconds=61)
    rahma.press("Kirim ulang kode")
    rahma.reads("Kode baru dikirim. Kode sebelumnya tidak berlaku lagi.")
    types(first, "Kode tidak cocok, sudah terpakai, atau lewat 10 menit")
    code = arrived()
    types(code)
    rahma.sign_out()
    rahma.page.go_back()
    rahma.sees("Masuk")
    _gives_password(rahma, site.rahma.email)
    types(code, "sudah terpakai")
    late = arrived()
    later(minutes=11)
    rahma.goto("/masuk")
    _gives_password(rahma, site.rahma.email)
    types(late, "atau lewat 10 menit")
    types(arrived())
    expect(rahma.page.get_by_role("button", name="Keluar")).to_be_visible()


def test_a_session_that_ended_is_said_what_was_typed_stays_and_an_export_goes_on(
    rahma, visit, site, later
):
    elsewhere = visit()
    elsewhere.sign_in(site.rahma.email, OWN)
    rahma.goto("/akun")
    rahma.page.get_by_role("button", name=re.compile("^Akhiri Chrome di Linux")).click()
    rahma.reads("Sesi itu diakhiri")
    elsewhere.goto("/pengajuan")
    elsewhere.reads("Sesi di peramban ini sudah diakhiri")

    november = (ROOT / "samples" / "koreksi-november.xlsx").read_bytes()
    batch = site.draft(november, name="koreksi-november.xlsx")
    rahma.goto("/rekan")
    rahma.page.get_by_label("Alamat surel").fill("sari@contohsejahtera.example")
    rahma.page.get_by_label("Nama lengkap").fill("Sari Rekaan")
    later(minutes=31)
    rahma.expected |= {400}
    rahma.press("Kirim undangan")
    rahma.sees("Sesi Anda sudah berakhir")
    rahma.reads("kami simpan")
    rahma.press("Masuk lagi")
    _gives_password(rahma, site.rahma.email)
    rahma.reads("Isian Anda belum terkirim")
    expect(rahma.page.get_by_label("Isian Anda")).to_have_value("Sari Rekaan")
    look(rahma.page)
    rahma.press("Kirim sekarang")
    rahma.reads("Undangan dikirim ke sari@contohsejahtera.example")
    later(minutes=31)
    rahma.goto(f"/pengajuan/{batch}/hasil")
    rahma.reads("karena 30 menit tidak ada kegiatan")
    look(rahma.page)
    _gives_password(rahma, site.rahma.email)

    later(minutes=11)
    rahma.goto(f"/pengajuan/{batch}/hasil")
    rahma.page.locator(f'a[href="/pengajuan/{batch}/temuan.xlsx"]').first.click()
    rahma.sees("Pastikan ini Anda")
    look(rahma.page)
    rahma.page.get_by_label("Kata sandi Anda").fill(OWN)
    with rahma.page.expect_download() as export:
        rahma.press("Lanjutkan")
    assert export.value.suggested_filename.endswith(".xlsx")
    accounts.create_token(site.portal, site.rahma.email, label="Gaji")
    later(minutes=11)
    rahma.goto("/akun")
    rahma.page.get_by_role("button", name="Izinkan ekspor 1 jam").click()
    rahma.sees("Pastikan ini Anda")
    rahma.page.get_by_label("Kata sandi Anda").fill(OWN)
    rahma.press("Lanjutkan")
    rahma.reads("boleh mengambil berkas identitas lengkap selama satu jam")
    assert tokens.own(site.portal, site.rahma)[0].exports_until


def test_a_tab_of_ones_other_company_writes_nothing_after_the_change(visit, site):
    accounts.create_user(
        site.portal, email=site.rahma.email, name="", password="", role="hrd",
        company_id=site.people.companies[1],
    )  # fmt: skip
    everybody_agrees(site.portal)
    rahma = visit().arrives_as(site.rahma)
    rahma.goto("/pengajuan/baru")
    switch = rahma.page.locator(".pk-switch > summary")
    expect(switch).to_contain_text("PT Contoh Sejahtera Abadi · NPP 90000123")
    expect(rahma.page.locator("header").get_by_text("PT Contoh Sejahtera Abadi")).to_have_count(1)
    old, rahma.page = rahma.page, rahma.context.new_page()
    rahma.goto("/")
    rahma.page.locator(".pk-switch > summary").click()
    look(rahma.page)
    rahma.page.get_by_role("button", name="CV Misalnya Makmur · NPP 90000456").click()
    expect(rahma.page.locator(".pk-switch > summary")).to_contain_text("CV Misalnya Makmur")
    rahma.page = old
    rahma.expected |= {404}
    acts.choose(rahma, sheets.file(sheets.sound(2), "koreksi.xlsx"))
    rahma.sees("Halaman ini milik perusahaan Anda yang lain")
    rahma.reads("Yang Anda kirim belum disimpan")
    look(rahma.page)
    rahma.press("Beralih ke PT Contoh Sejahtera Abadi")
    expect(rahma.page.locator(".pk-switch > summary")).to_contain_text("PT Contoh Sejahtera Abadi")
