"""Turning the code by e-mail on, signing in with it, and turning it off."""

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


def test_who_turned_it_on_gets_in_by_password_and_code_only(hrd, app, people, code, reviewer):
    assert "yang lebih lemah" in hrd.get("/akun").text
    assert "Lebih lemah daripada" in hrd.get("/akun/verifikasi-surel").text
    assert "yang lebih lemah" not in reviewer.get("/akun").text
    reviewer.post("/akun/verifikasi-surel", expect=403)
    assert "Kode enam angka" in hrd.post("/akun/verifikasi-surel", expect=200).text
    hrd.post("/akun/verifikasi-surel/kode", {"code": "bukan"}, expect=422)
    hrd.post("/akun/verifikasi-surel/kode", {"code": code()})
    assert "Aktif lewat surel" in hrd.get("/akun").text

    again = PageClient(app)
    right = {"email": people.hrd, "password": PASSWORD}
    assert again.post("/masuk", right).headers["Location"] == "/masuk/kode"
    again.get("/pengajuan", expect=302)
    assert "ke surel Anda" in again.get("/masuk/kode").text
    again.post("/masuk/kode", {"code": "bukan"}, expect=422)
    again.post("/masuk/kode", {"code": code()})
    again.get("/pengajuan")
    again.post("/akun/verifikasi-surel/matikan", {"current": "salah sama sekali"})
    assert "Aktif lewat surel" in again.get("/akun").text
    again.post("/akun/verifikasi-surel/matikan", {"current": PASSWORD})
    assert "Aktif lewat surel" not in again.get("/akun").text
    PageClient(app).sign_in(people.hrd).get("/pengajuan")
