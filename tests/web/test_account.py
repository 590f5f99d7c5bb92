"""Akun saya, the second step of signing in, and what has to be seen to first."""

import re

import pyotp
import pytest

from hr_portal.app import create_app
from hr_portal.services import accounts
from hr_portal.web import browsers
from tests.web.client import PASSWORD, PageClient

CODE = r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>"
NEW = "perahu kayu di teluk"


def turn_on(client):
    page = client.get("/akun/verifikasi").text
    assert "<svg" in page
    secret = re.search(r'pk-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    again = client.get("/akun/verifikasi").text
    assert secret[:4] in again, "the same secret until it is used"
    client.post("/akun/verifikasi", {"code": "12"}, expect=422)
    shown = client.post("/akun/verifikasi", {"code": pyotp.TOTP(secret).now()}, expect=200).text
    return secret, re.findall(CODE, shown)


def test_the_second_step_is_set_up_by_its_first_code_and_asked_at_the_next_sign_in(
    app, hrd, people
):
    hrd.post("/akun/verifikasi/kode-pemulihan", expect=404)
    _secret, old = turn_on(hrd)
    renewed = hrd.post("/akun/verifikasi/kode-pemulihan", expect=200).text
    assert "yang lama tidak berlaku lagi" in renewed
    codes = re.findall(CODE, renewed)
    assert (len(old), len(codes)) == (10, 10)
    assert hrd.get("/akun/verifikasi", expect=302).headers["Location"] == "/akun"
    other = PageClient(app)
    half = other.post("/masuk?next=/akun", {"email": people.hrd, "password": PASSWORD})
    assert half.headers["Location"] == "/masuk/kode?next=/akun"
    assert other.get("/", expect=302).headers["Location"] == "/masuk", "not in yet"
    wrong = other.post("/masuk/kode", {"code": old[0]}, expect=422)
    assert "Kode tidak cocok" in wrong.text
    signed = other.post("/masuk/kode", {"code": codes[0], "next": "/akun"})
    assert signed.headers["Location"] == "/akun"
    assert "Tersisa 9 kode pemulihan" in other.get("/akun").text
    again = PageClient(app)
    again.post("/masuk", {"email": people.hrd, "password": PASSWORD})
    again.post("/masuk/kode", {"code": codes[0]}, expect=422)
    for _ in range(4):
        again.post("/masuk/kode", {"code": "000000"}, expect=422)
    refused = again.post("/masuk/kode", {"code": codes[1]}, expect=429)
    assert int(refused.headers["Retry-After"]) > 0


def test_the_code_page_is_only_for_who_gave_the_password(visitor, people):
    assert visitor.get("/masuk/kode", expect=302).headers["Location"] == "/masuk"
    assert visitor.post("/masuk/kode", {"code": "1"}).headers["Location"] == "/masuk"


def test_the_second_step_is_turned_off_with_the_password(hrd):
    turn_on(hrd)
    hrd.post("/akun/verifikasi/matikan", {"current": "salah sama sekali"}, expect=422)
    hrd.post("/akun/verifikasi/matikan", {"current": PASSWORD})
    assert "Aktifkan verifikasi dua langkah" in hrd.get("/akun").text
    assert hrd.post("/akun/verifikasi", {"code": "1"}).headers["Location"] == "/akun/verifikasi"


def test_a_password_is_changed_on_the_page_and_other_devices_are_out(app, hrd, people):
    other = PageClient(app).sign_in(people.hrd)
    assert "dari 2 perangkat" in hrd.get("/akun").text
    page = hrd.post("/akun/kata-sandi", {"current": "salah", "password": NEW}, expect=422)
    assert "tidak cocok" in page.text
    hrd.post("/akun/kata-sandi", {"current": PASSWORD, "password": NEW})
    assert hrd.get("/akun").status_code == 200
    assert other.get("/akun", expect=302).headers["Location"].startswith("/masuk")


def test_another_device_is_signed_out_from_here(app, hrd, people):
    other = PageClient(app)
    other.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140"
    )
    other.sign_in(people.hrd)
    assert "Edge di Windows" in hrd.get("/akun").text
    assert "Peramban tidak dikenal" in hrd.get("/akun").text
    assert browsers.told(*browsers.kind_of("Mozilla/5.0 (iPhone)")) == "iPhone"
    ended = re.search(r'name="sesi" value="([0-9a-f]{64})"', hrd.get("/akun").text)[1]
    hrd.post("/akun/sesi/akhiri", {"sesi": ended})
    other.get("/akun", expect=302)
    hrd.post("/akun/sesi/akhiri", {"sesi": "lainnya"})
    hrd.post("/akun/sesi/akhiri", {"sesi": "0" * 64}, expect=404)


def test_a_password_made_by_an_admin_is_changed_before_anything_else(app, admin, people, portal):
    who = next(one["id"] for one in accounts.list_users(portal) if one["email"] == people.hrd)
    page = admin.get(f"/admin/pengguna/{who}").text
    assert "Buat kata sandi baru" in page
    assert "Tidak terkunci" in page
    own = PageClient(app).sign_in(people.hrd)
    admin.post(f"/admin/pengguna/{who}/sesi", {"reason": ""}, expect=422)
    own.get("/akun")
    admin.post(f"/admin/pengguna/{who}/sesi", {"reason": "Laptopnya hilang"})
    own.get("/akun", expect=302)
    admin.post(f"/admin/pengguna/{who}/kata-sandi", {"reason": ""}, expect=422)
    shown = admin.post(f"/admin/pengguna/{who}/kata-sandi", {"reason": "Lupa"}, expect=422)
    shown = admin.post(
        f"/admin/pengguna/{who}/kata-sandi", {"reason": "Lupa, sudah dipastikan"}, expect=200
    )
    drawn = re.search(r'pk-secret">([^<]+)<', shown.text)[1]
    client = PageClient(app).sign_in(people.hrd, drawn)
    for path in ("/", "/pengajuan"):
        assert client.get(path, expect=302).headers["Location"] == "/akun"
    assert client.client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/akun"
    assert "Ganti dahulu sebelum melanjutkan" in client.get("/akun").text
    form = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/akun").text)[1]
    told = {"current": drawn, "password": NEW, "csrf_token": form}
    client.post("/akun/kata-sandi", told)
    assert client.get("/").status_code == 200
    admin.get("/admin/pengguna/nobody", expect=404)


def test_a_lost_phone_is_reset_by_an_admin(app, hrd, admin, people, portal):
    turn_on(hrd)
    who = next(one["id"] for one in accounts.list_users(portal) if one["email"] == people.hrd)
    admin.post(f"/admin/pengguna/{who}/verifikasi", {"reason": "x"}, expect=422)
    admin.post(f"/admin/pengguna/{who}/verifikasi", {"reason": "Ponsel hilang di jalan"})
    hrd.get("/akun", expect=302)
    PageClient(app).sign_in(people.hrd).get("/akun")


@pytest.fixture
def earnest(make_settings, sqlite_url, portal, people):
    """The portal outside the demo, on the same data."""
    settings = make_settings(database_url=sqlite_url, demo=False, base_url="https://localhost")
    return create_app(settings)


def test_outside_the_demo_a_reviewer_sets_the_second_step_up_before_any_page(
    earnest, people, portal
):
    client = earnest.test_client()
    base = "https://localhost"

    def form(path):
        text = client.get(path, base_url=base).text
        return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]

    told = {"email": people.reviewer, "password": PASSWORD, "csrf_token": form("/masuk")}
    came = {"base_url": base, "headers": {"Referer": f"{base}/masuk"}}
    assert client.post("/masuk", data=told, **came).status_code == 302
    for path in ("/", "/antrean"):
        assert client.get(path, base_url=base).headers["Location"] == "/akun"
    page = client.get("/akun", base_url=base).text
    assert "wajib memakai verifikasi dua langkah" in page
    shown = client.get("/akun/verifikasi", base_url=base).text
    secret = re.search(r'pk-secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]
    code = {"code": pyotp.TOTP(secret).now(), "csrf_token": token}
    assert client.post("/akun/verifikasi", data=code, **came).status_code == 200
    assert client.get("/antrean", base_url=base).status_code == 200
    earnest.extensions["portal"].close()
