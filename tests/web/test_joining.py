"""Ways in by a link, a registration, and the page of a company's people."""

import re

import pytest

from hr_portal.services import accounts
from tests.web.client import PageClient

OWN = "perahu kayu di teluk biru"
JOINS = {"password": OWN, "agreed": "ya"}
SARI = {"email": "sari@contoh.example", "name": "Sari Rekaan"}


def shown_link(page):
    return re.search(r'pk-secret">http://[^/]+(/tautan/[\w-]{43})<', page.text)[1]


@pytest.fixture
def lead(admin, app, people, portal):
    """A person in charge of the company, who joined by a link that an admin was shown."""
    told = SARI | {"role": "hrd", "company": people.company_id, "lead": "ya"}
    link = shown_link(admin.post("/admin/pengguna/baru", told, expect=200))
    visitor = PageClient(app)
    assert SARI["email"] in visitor.get(link).text
    assert "minimal 15" in visitor.post(link, {"password": "pendek"}, expect=422).text
    assert "Baca ketentuan" in visitor.post(link, {"password": OWN}, expect=422).text
    assert visitor.post(link, JOINS).headers["Location"] == "/masuk"
    return visitor.sign_in(SARI["email"], OWN)


def test_a_link_is_good_once_and_answers_with_one_sentence_after(lead, app, admin, people, portal):
    told = SARI | {"email": "lain@contoh.example", "role": "hrd", "company": people.company_id}
    link = shown_link(admin.post("/admin/pengguna/baru", told, expect=200))
    who = next(one["id"] for one in accounts.list_users(portal) if one["email"] == told["email"])
    assert "Diundang" in admin.get("/admin/pengguna").text
    again = shown_link(admin.post(f"/admin/pengguna/{who}/undangan", expect=200))
    visitor = PageClient(app)
    visitor.post(again, JOINS)
    for path, status in ((link, 410), (again, 410), (link[:-2] + "xx", 404), ("/tautan/x", 404)):
        for page in (
            visitor.get(path, expect=status), visitor.post(path, JOINS, expect=status)
        ):  # fmt: skip
            assert "sudah dipakai, sudah lewat 24 jam, atau tidak tersalin lengkap" in page.text


def test_a_forgotten_password_answers_the_same_for_known_and_unknown(visitor, people):
    shown = set()
    for email in (people.hrd, "siapa@contoh.example"):
        answer = visitor.post("/lupa-kata-sandi", {"email": email})
        page = visitor.follow(answer).text
        assert "Bila surel itu terdaftar" in page
        shown.add(re.sub(r'value="[^"]*"', "", page))
    assert len(shown) == 1
    for _ in range(4):
        visitor.post("/lupa-kata-sandi", {"email": people.hrd})
    waiting = visitor.post("/lupa-kata-sandi", {"email": people.hrd}, expect=429)
    assert int(waiting.headers["Retry-After"]) > 0


def test_a_company_registers_and_its_people_are_managed_by_who_is_in_charge(
    visitor, admin, app, people
):
    told = {"npp": "9000077", "company_name": "CV Baru Rekaan", **SARI}
    wrong = visitor.post("/daftar", told | {"email": "sari"}, expect=422).text
    assert "8 angka" in wrong
    assert "Alamat surel tidak lengkap" in wrong, "all that is wrong is told at once"
    visitor.post("/daftar", told | {"npp": "90000777"})
    assert "1 pendaftaran menunggu" in admin.get("/admin/perusahaan").text
    page = admin.get("/admin/pendaftaran").text
    asked = re.search(r"/admin/pendaftaran/([0-9a-f]{32})/terima", page)[1]
    admin.post(f"/admin/pendaftaran/{asked}/tolak", {"reason": ""}, expect=422)
    link = shown_link(admin.post(f"/admin/pendaftaran/{asked}/terima", expect=200))
    admin.post(f"/admin/pendaftaran/{asked}/terima", expect=409)
    visitor.post(link, JOINS)
    visitor.sign_in(SARI["email"], OWN)
    home = visitor.get("/rekan", expect=302).headers["Location"]
    assert "1 orang di CV Baru Rekaan" in visitor.get(home).text
    made = visitor.post(home, {"email": "tono@baru.example", "name": "Tono Rekaan"}, expect=200)
    PageClient(app).post(shown_link(made), JOINS)
    asked = {"email": people.hrd, "name": "Siapa Rekaan"}
    assert "Tautan undangan" in visitor.post(home, asked, expect=200).text, "as for anybody"
    visitor.post(home, asked, expect=409)
    listed = visitor.get(home).text
    assert "Siapa Rekaan" in listed
    assert "Rahma" not in listed, "nothing is told of who has not consented"
    offer = re.search(rf"{home}/([0-9a-f]{{32}})/undangan", listed)[1]
    visitor.post(f"{home}/{offer}/undangan", expect=200)
    visitor.post(f"{home}/{offer}/sesi", expect=404)
    visitor.post(f"{home}/{offer}/peran", {"peran": "penanggung-jawab"})
    visitor.post(f"{home}/{offer}/peran", {"peran": "keluar"})
    tono = re.findall(rf"{home}/([0-9a-f]{{32}})/sesi", visitor.get(home).text)
    for who in tono:
        visitor.post(f"{home}/{who}/sesi")
        visitor.post(f"{home}/{who}/peran", {"peran": "penanggung-jawab"})
        visitor.post(f"{home}/{who}/peran", {"peran": "keluar"})
    assert "1 orang di CV Baru Rekaan" in visitor.get(home).text


def test_nobody_else_comes_to_the_people_of_a_company(lead, hrd, reviewer, admin, people):
    own, other = (
        f"/perusahaan/{one}/orang" for one in (people.company_id, people.other_company_id)
    )
    lead.get(own)
    lead.get(other, expect=404)
    lead.post(other, SARI, expect=403)
    for somebody in (hrd, reviewer, admin):
        somebody.get(own, expect=403)
        somebody.post(own, SARI, expect=403)
