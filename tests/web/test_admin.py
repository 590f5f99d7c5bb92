"""Companies, branches and people; and HRD mending its own company's letter data."""

import re

import pytest

from hr_portal.domain.terms import CURRENT
from hr_portal.services import accounts, places
from tests.web.client import PASSWORD, PageClient
from tests.web.story import story  # noqa: F401 - a fixture

LETTER = {
    "address": "Jalan Umpama Nomor 7, Jakarta 10999",
    "city": "Jakarta",
    "number_pattern": "{urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}",
    "short_name": "UJ",
    "paper": "f4",
    "contact_name": "Joko Umpama",
    "copies_to": "Direktur Utama\r\n\r\n Direktur Keuangan ",
    "signatory_name": ["Hasan Misalnya", "", "Laras Teladan"],
    "signatory_title": ["Direktur", "kosong", "Kepala Kepegawaian"],
    "signatory_attorney_number": ["", "", "009/KUASA/2026"],
}


def company_of(portal, people, company_id):
    admin = next(
        user["id"] for user in accounts.list_users(portal) if user["email"] == people.admin
    )
    return places.company(portal, accounts.load_actor(portal, admin), company_id)


def test_the_admins_first_page_is_the_companies(admin, people):
    assert admin.get("/", expect=302).headers["Location"] == "/admin/perusahaan"
    text = admin.get("/admin/perusahaan").text
    assert "<h1>2 perusahaan</h1>" in text
    assert "PT Contoh Sejahtera" in text


def test_a_company_is_added_with_its_letter_data(admin, people, portal):
    sent = LETTER | {
        "name": "CV Baru Rekaan",
        "npp": "90000777",
        "division": "1",
        "default_branch_id": people.branch_id,
    }
    text = admin.follow(admin.post("/admin/perusahaan/baru", sent)).text
    assert "CV Baru Rekaan ditambahkan" in text
    assert "<h1>3 perusahaan</h1>" in text
    assert "001" in text
    (made,) = [
        one
        for one in places.companies(portal, accounts.load_actor(portal, _id(portal, people.admin)))
        if one.npp == "90000777"
    ]
    assert made.paper == "f4"
    assert made.copies_to == ["Direktur Utama", "Direktur Keuangan"]
    assert [one["name"] for one in made.signatories] == ["Hasan Misalnya", "Laras Teladan"]
    assert made.default_branch_id == people.branch_id


def _id(portal, email):
    return next(user["id"] for user in accounts.list_users(portal) if user["email"] == email)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"npp": "123"}, 422, "NPP terdiri atas 8 angka"),
        ({"name": " "}, 422, "Wajib diisi"),
        ({"npp": "90000123", "division": "000"}, 409, "sudah terdaftar"),
    ],
)
def test_what_is_wrong_with_a_company_stands_at_its_field(admin, people, changed, status, said):
    sent = LETTER | {"name": "CV Baru Rekaan", "npp": "90000778", "division": "000"} | changed
    text = admin.post("/admin/perusahaan/baru", sent, expect=status).text
    assert said in text
    assert "is-invalid" in text
    assert "Hasan Misalnya" in text, "what was typed stays"


def test_a_company_is_mended_but_keeps_its_npp(admin, people, portal):
    path = f"/admin/perusahaan/{people.company_id}"
    assert "PT Contoh Sejahtera" in admin.get(path).text
    admin.post(
        path,
        LETTER
        | {"name": "PT Contoh Sejahtera Tbk", "npp": "11111111", "default_branch_id": "entah"},
    )
    held = company_of(portal, people, people.company_id)
    assert (held.name, held.npp, held.default_branch_id) == (
        "PT Contoh Sejahtera Tbk",
        "90000123",
        None,
    )
    admin.get("/admin/perusahaan/" + "0" * 32, expect=404)


def test_a_number_pattern_is_checked_and_kept_as_typed(hrd, people, portal):
    path = f"/perusahaan/{people.company_id}"
    text = hrd.post(path, LETTER | {"number_pattern": "{nomor}/HRD"}, expect=422).text
    assert "is-invalid" in text
    assert 'value="{nomor}/HRD"' in text
    assert company_of(portal, people, people.company_id).number_pattern != "{nomor}/HRD"


def test_hrd_mends_its_own_letter_data_and_goes_back_to_the_letter(hrd, people, portal):
    path = f"/perusahaan/{people.company_id}"
    back = "/pengajuan/" + "1" * 32 + "/surat"
    page = hrd.get(f"{path}?kembali={back}").text
    assert f'name="kembali" value="{back}"' in page
    assert hrd.post(path, LETTER | {"kembali": back}).headers["Location"] == back
    held = company_of(portal, people, people.company_id)
    assert held.name == "PT Contoh Sejahtera", "the name is the admin's"
    assert held.contact["name"] == "Joko Umpama"
    assert [one["name"] for one in held.signatories] == ["Hasan Misalnya", "Laras Teladan"]
    assert "UJ" in hrd.get(path).text
    assert hrd.post(path, LETTER | {"kembali": "//evil.example"}).headers["Location"] == path


def test_letter_data_of_another_company_do_not_exist(hrd, people):
    hrd.get(f"/perusahaan/{people.other_company_id}", expect=404)
    hrd.post(f"/perusahaan/{people.other_company_id}", LETTER, expect=404)


def test_a_branch_is_added_once(admin, people):
    sent = {
        "name": "Misal Timur",
        "city": "Makassar",
        "timezone": "Asia/Makassar",
        "address": "Jalan Misal 2",
    }
    text = admin.follow(admin.post("/admin/kantor-cabang", sent)).text
    assert "<h1>2 kantor cabang</h1>" in text
    assert "WITA (Makassar)" in text
    assert "Belum ada" in text, "nobody reviews there yet"
    again = admin.post("/admin/kantor-cabang", sent, expect=409).text
    assert "Misal Timur sudah ada" in again
    assert 'value="Makassar"' in again
    assert "Wajib diisi" in admin.post("/admin/kantor-cabang", sent | {"name": ""}, expect=422).text
    assert (
        "Pilih WIB"
        in admin.post(
            "/admin/kantor-cabang", sent | {"name": "X", "timezone": "UTC"}, expect=422
        ).text
    )


def test_a_person_added_can_sign_in_with_the_password_given(admin, app, people):
    sent = {
        "email": "sari@contoh.example", "name": "Sari Rekaan", "role": "hrd", "company": people.company_id,
        "branch": people.branch_id, "password": "tujuh gajah menari",
    }  # fmt: skip
    text = admin.follow(admin.post("/admin/pengguna/baru", sent)).text
    assert "Sari Rekaan" in text
    assert "HRD, PT Contoh Sejahtera" in text
    sari = PageClient(app).sign_in("sari@contoh.example", "tujuh gajah menari")
    sari.post("/ketentuan", {"edition": CURRENT.number, "agreed": "ya"})
    assert sari.get("/pengajuan", expect=302).headers["Location"] == "/akun", "to be changed first"


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"password": "pendek"}, 422, "Minimal 15 karakter"),
        ({"email": "bukan surel"}, 422, "Bukan alamat surel"),
        ({"company": ""}, 422, "butuh perusahaan"),
        ({"company": "0" * 32}, 422, "tidak ada lagi"),
        ({"email": "rahma@contoh.example"}, 409, "sudah memiliki peran ini"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_and_the_password_is_not_sent_back(
    admin, people, changed, status, said
):
    sent = {
        "email": "sari@contoh.example", "name": "Sari Rekaan", "role": "hrd", "company": people.company_id,
        "password": "tujuh gajah menari",
    }  # fmt: skip
    text = admin.post("/admin/pengguna/baru", sent | changed, expect=status).text
    assert said in text
    assert "Sari Rekaan" in text
    assert "tujuh gajah" not in text


def test_an_account_is_switched_off_and_on_again(admin, app, people, portal):
    hrd = PageClient(app).sign_in(people.hrd)
    user = _id(portal, people.hrd)
    text = admin.follow(admin.post(f"/admin/pengguna/{user}/keadaan", {"aktif": "tidak"})).text
    assert "Nonaktif" in text
    assert hrd.client.get("/pengajuan").status_code == 302, "its sessions are over"
    admin.post(f"/admin/pengguna/{user}/keadaan", {"aktif": "ya"})
    PageClient(app).sign_in(people.hrd, PASSWORD).get("/pengajuan")
    assert (
        "Anda tidak dapat menonaktifkan akun Anda sendiri"
        in admin.post(
            f"/admin/pengguna/{_id(portal, people.admin)}/keadaan", {"aktif": "tidak"}, expect=422
        ).text
    )


def test_an_admin_sees_no_rows(admin, story):
    batch = story.submitted()
    for path in ("lacak", "hasil", "dokumen", "tanda-terima"):
        assert admin.client.get(f"/pengajuan/{batch}/{path}").status_code in {403, 404}
    assert story.view(batch).number not in admin.get("/admin/perusahaan").text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/perusahaan",
        "/admin/perusahaan/baru",
        "/admin/kantor-cabang",
        "/admin/pengguna",
        "/admin/pengguna/baru",
    ],
)
def test_only_an_admin_comes_to_these_pages(hrd, reviewer, visitor, people, path):
    hrd.get(path, expect=403)
    reviewer.get(path, expect=403)
    assert re.match("/masuk", visitor.get(path, expect=302).headers["Location"])
