"""Changing from one company to another in the head of the page, and answering offers."""

import io
import re

import pytest

from hr_portal.services import accounts, company_people, joining


@pytest.fixture
def both(hrd, portal, people):
    """Rahma, who has just been given a second company; the first one is still being worked for."""
    accounts.create_user(
        portal,
        email=people.hrd,
        name="",
        password="",
        role="hrd",
        company_id=people.other_company_id,
    )
    return hrd


def test_one_changes_the_company_in_the_head_and_nothing_of_the_other_is_seen(
    both, other_hrd, portal, people, sample
):
    theirs = other_hrd.post("/pengajuan/baru", {"file": sample("koreksi-november.xlsx")}).headers[
        "Location"
    ]
    page = both.get("/").text
    assert "Ganti perusahaan" in page
    assert "PT Contoh Sejahtera · NPP 90000123" in page
    there = both.get(theirs, expect=404).text
    assert "Pengajuan ini milik PT Umpama Jaya" in there
    assert re.search(rf'name="next" value="{theirs}"', there)
    before = both.client.get_cookie("sesi").value
    form = {"company": people.other_company_id, "next": theirs}
    assert both.post("/perusahaan-saya", form).headers["Location"] == theirs
    assert both.client.get_cookie("sesi").value != before, "a session of other rights has a new id"
    both.get(theirs)
    assert "PT Umpama Jaya · NPP 90000124" in both.get("/perusahaan-saya").text
    stale = {"company": people.company_id, "file": (io.BytesIO(b"x"), "a.csv")}
    old_tab = both.post("/pengajuan/baru", stale, expect=404).text
    assert "Halaman ini milik PT Contoh Sejahtera" in old_tab
    assert "belum disimpan" in old_tab
    both.post("/perusahaan-saya", {"company": "0" * 32}, expect=404)
    fresh = both.__class__(both.app).sign_in(people.hrd)
    assert "PT Umpama Jaya" in fresh.get("/").text, "where one worked last is begun with"


def test_an_offer_is_read_and_answered_on_a_page_of_ones_own(hrd, portal, people):
    company = people.other_company_id
    user = {one["email"]: one["id"] for one in accounts.list_users(portal)}
    admin = accounts.load_actor(portal, user[people.admin])
    company_people.set_lead(portal, admin, company, user[people.other_hrd], is_lead=True)
    by = accounts.load_actor(portal, user[people.other_hrd])
    for answer in ("tolak", "terima"):
        joining.invite(portal, by, email=people.hrd, name="R", role="hrd", company_id=company)
        assert "1 undangan dari perusahaan lain menunggu" in hrd.get("/").text
        page = hrd.get("/perusahaan-saya").text
        assert "1 undangan menunggu jawaban Anda" in page
        path = re.search(r"/perusahaan-saya/undangan/[0-9a-f]{32}", page)[0]
        hrd.post(path, {"jawaban": answer})
        hrd.post(path, {"jawaban": answer}, expect=404)
    assert "Bekerja untuk ini" in hrd.get("/perusahaan-saya").text
