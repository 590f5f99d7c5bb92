"""Turning the code by e-mail on, signing in with it, and turning it off."""

import datetime as dt

import pytest

from hr_portal.services import accounts, email_codes
from tests.web.client import PASSWORD, PageClient


@pytest.fixture
def code(portal, people):
    """Has a code of Rahma's drawn, as the worker does when its e-mail goes out."""
    (user,) = [one["id"] for one in accounts.list_users(portal) if one["email"] == people.hrd]

    def draw():
        with portal.db.write() as session:
            return email_codes.draw(portal, session, user)

    return draw


def test_who_turned_it_on_gets_in_by_password_and_code_only(
    hrd, app, people, code, reviewer, portal
):
    now = [dt.datetime.now(dt.UTC)]
    portal.clock = lambda: now[0]

    def later(**span):
        now[0] += dt.timedelta(**span)

    assert "yang lebih lemah" in hrd.get("/akun").text
    assert "Lebih lemah daripada" in hrd.get("/akun/verifikasi-surel").text
    assert "yang lebih lemah" not in reviewer.get("/akun").text
    reviewer.post("/akun/verifikasi-surel", expect=403)
    assert "Kode enam angka" in hrd.post("/akun/verifikasi-surel", expect=200).text
    soon = hrd.post("/akun/verifikasi-surel/kirim-ulang", expect=429).text
    assert "Tunggu 60 detik" in soon
    assert "Kode enam angka" in soon
    later(minutes=1)
    assert (
        "Kode sebelumnya tidak berlaku"
        in hrd.post("/akun/verifikasi-surel/kirim-ulang", expect=200).text
    )
    reviewer.post("/akun/verifikasi-surel/kirim-ulang", expect=403)
    hrd.post("/akun/verifikasi-surel/kode", {"code": "bukan"}, expect=422)
    hrd.post("/akun/verifikasi-surel/kode", {"code": code()})
    assert "Aktif lewat surel" in hrd.get("/akun").text

    again = PageClient(app)
    right = {"email": people.hrd, "password": PASSWORD}
    assert again.post("/masuk", right).headers["Location"] == "/masuk/kode"
    again.get("/pengajuan", expect=302)
    page = again.get("/masuk/kode").text
    assert f"{people.hrd[0]}•••@" in page
    assert people.hrd not in page
    assert "dapat diminta 60 detik lagi" in page
    early = again.post("/masuk/kode/kirim-ulang", expect=429)
    assert early.headers["Retry-After"] == "60"
    later(minutes=1)
    lost = code()
    sent = again.post("/masuk/kode/kirim-ulang", {"next": "/pengajuan"})
    assert sent.headers["Location"] == "/masuk/kode?next=/pengajuan"
    assert "Kode baru dikirim" in again.get("/masuk/kode").text
    again.post("/masuk/kode", {"code": lost}, expect=422)
    stranger = PageClient(app)
    assert stranger.post("/masuk/kode/kirim-ulang").headers["Location"] == "/masuk"
    again.post("/masuk/kode", {"code": "bukan"}, expect=422)
    again.post("/masuk/kode", {"code": code()})
    again.get("/pengajuan")
    again.post("/akun/verifikasi-surel/matikan", {"current": "salah sama sekali"})
    assert "Aktif lewat surel" in again.get("/akun").text
    again.post("/akun/verifikasi-surel/matikan", {"current": PASSWORD})
    assert "Aktif lewat surel" not in again.get("/akun").text
    PageClient(app).sign_in(people.hrd).get("/pengajuan")
