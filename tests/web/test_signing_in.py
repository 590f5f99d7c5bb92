"""Masuk and keluar: what the page shows and what the session does."""

import re

from hr_portal.services import accounts
from tests.web.client import PASSWORD, PageClient
from tests.web.story import second, story  # noqa: F401 - fixtures


def test_the_sign_in_page_offers_one_click_a_role_in_demo_mode(visitor, people):
    text = visitor.get("/masuk").text
    assert "Masuk sebagai HRD" in text
    assert "Masuk sebagai Pemeriksa" in text
    assert "Masuk sebagai Admin" in text
    assert "Mode demo" in text
    assert "Masuk sebagai Pemeriksa kedua" not in text  # there is only one


def test_the_demo_offers_a_second_reviewer_where_there_is_one(visitor, people, second):
    assert "Masuk sebagai Pemeriksa kedua" in visitor.get("/masuk").text


def test_a_right_password_leads_to_the_page_that_was_asked_for(visitor, people):
    first = visitor.get("/pelindungan-data")
    assert first.status_code == 200
    asked = visitor.get("/", expect=302)
    assert asked.headers["Location"] == "/masuk"
    response = visitor.post(
        "/masuk?next=/pelindungan-data", {"email": people.hrd, "password": PASSWORD}
    )
    assert response.headers["Location"] == "/pelindungan-data"


def test_a_wrong_password_and_an_unknown_account_answer_alike(visitor, people):
    wrong = visitor.post(
        "/masuk", {"email": people.hrd, "password": "salah sama sekali"}, expect=422
    )
    unknown = visitor.post(
        "/masuk", {"email": "siapa@contoh.example", "password": "salah sama sekali"}, expect=422
    )

    def plain(response):
        return re.sub(r'value="[^"]*"', "", response.text)

    assert plain(wrong) == plain(unknown)
    assert "tidak cocok" in wrong.text


def test_the_sixth_wrong_try_in_a_minute_is_told_to_wait(visitor, people):
    for _ in range(5):
        visitor.post("/masuk", {"email": people.hrd, "password": "salah sama sekali"}, expect=422)
    response = visitor.post(
        "/masuk", {"email": people.hrd, "password": "salah sama sekali"}, expect=429
    )
    assert int(response.headers["Retry-After"]) > 0
    assert "Tunggu" in response.text


def test_guesses_from_elsewhere_leave_the_owners_browser_a_way_in(app, people):
    own = PageClient(app).sign_in(people.hrd)
    assert own.client.get_cookie("perangkat").http_only
    own.post("/keluar")
    for _ in range(5):
        PageClient(app).post(
            "/masuk", {"email": people.hrd, "password": "salah sama sekali"}, expect=422
        )
    right = {"email": people.hrd, "password": PASSWORD}
    PageClient(app).post("/masuk", right, expect=429)
    own.post("/masuk", right)
    own.get("/pengajuan")


def test_signing_in_gives_the_session_a_new_id(visitor, people):
    visitor.get("/masuk")
    before = visitor.client.get_cookie("sesi").value
    visitor.sign_in(people.hrd)
    assert visitor.client.get_cookie("sesi").value != before


def test_signing_out_ends_the_session_on_the_server(app, hrd):
    kept = hrd.client.get_cookie("sesi").value
    response = hrd.post("/keluar")
    assert response.headers["Location"] == "/masuk"
    replay = app.test_client()
    replay.set_cookie("sesi", kept)
    assert replay.get("/").status_code == 302


def test_next_leads_nowhere_but_to_our_own_pages(visitor, people):
    for target in (
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "https://evil.example/",
    ):
        form = {"email": people.hrd, "password": PASSWORD, "next": target}
        response = visitor.post("/masuk", form)
        assert response.headers["Location"] == "/"
        visitor.post("/keluar")


def test_demo_sign_in_takes_only_the_people_it_offers(visitor, people, portal):
    offered = re.search(r'name="user" value="([0-9a-f]{32})"', visitor.get("/masuk").text)[1]
    visitor.post("/masuk/demo", {"user": "0" * 32}, expect=404)
    assert visitor.post("/masuk/demo", {"user": offered}).headers["Location"] == "/"


def test_a_switched_off_account_is_signed_out_at_once(portal, hrd, people):
    by_email = {user["email"]: user["id"] for user in accounts.list_users(portal)}
    admin = accounts.load_actor(portal, by_email[people.admin])
    assert hrd.get("/").status_code == 200
    accounts.set_user_active(portal, by_email[people.hrd], active=False, by=admin)
    assert hrd.get("/", expect=302).headers["Location"].startswith("/masuk")
