"""Two reviewers: the first passes on, the second sees who decided what, and ends it."""

import pytest

from hr_portal.services import review
from tests.web.story import accounts_sheet, second, story  # noqa: F401 - fixtures


@pytest.fixture
def settings(sqlite_settings):
    """What needs two reviewers comes with the migration."""
    return sqlite_settings


def send(story, batch, **fields):
    return {"version": story.view(batch).version} | fields


def test_the_first_reviewer_passes_on_and_the_second_ends_it(reviewer, second, story):
    batch = story.taken(accounts_sheet(2))
    story.verdict(batch, "rest", "approve")
    end = reviewer.get(f"/periksa/{batch}/selesai").text
    assert "2 baris perlu pemeriksa kedua" in end
    assert "Putuskan:" not in end
    note = {"note": "Cek ulang baris 3"}
    text = reviewer.follow(
        reviewer.post(f"/periksa/{batch}/teruskan", send(story, batch, **note))
    ).text
    assert "2 baris menunggu persetujuannya" in text
    assert "Menunggu pemeriksa kedua" in text
    assert "Menunggu pemeriksa kedua" in reviewer.get(f"/pengajuan/{batch}/lacak").text
    assert "Cek ulang baris 3" in second.get(f"/pengajuan/{batch}/lacak").text
    second.post(f"/antrean/{batch}/ambil", {})
    assert "?saring=second" in second.get(f"/periksa/{batch}", expect=302).headers["Location"]
    row = second.get(f"/periksa/{batch}/baris/2?saring=second").text
    assert "2 baris menunggu Anda sebagai pemeriksa kedua" in row
    assert "oleh Bayu Teladan" in row
    assert "Periksa baris itu" in second.get(f"/periksa/{batch}/selesai").text
    refused = second.post(f"/periksa/{batch}/teruskan", send(story, batch), expect=422).text
    assert "Anda pemeriksa kedua untuk baris 2, 3" in refused
    second.post(f"/periksa/{batch}/baris/2", send(story, batch, verdict="approve"))
    assert "pemeriksa kedua Lestari Misalnya" in second.get(f"/periksa/{batch}/baris/2").text
    second.post(
        f"/periksa/{batch}/sekaligus", send(story, batch, scope="second", verdict="approve")
    )
    assert "Putuskan:" in second.get(f"/periksa/{batch}/selesai").text
    second.post(f"/periksa/{batch}/selesai", send(story, batch))
    assert story.view(batch).state == "approved"


def test_the_note_for_the_second_reviewer_is_not_for_hrd(hrd, story):
    batch = story.taken(accounts_sheet(1))
    story.verdict(batch, "rest", "approve")
    review.pass_on(story.portal, story.reviewer, batch, version=None, note="Curiga rekening fiktif")
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Diteruskan ke pemeriksa kedua: 1 baris" in text
    assert "Curiga" not in text
    assert "Bayu" not in text


def test_passing_on_too_late_says_who_has_it(reviewer, story):
    batch = story.submitted(accounts_sheet(1))
    refused = reviewer.post(
        f"/periksa/{batch}/teruskan", send(story, batch, note="Sudah saya ketik"), expect=409
    ).text
    assert "Sudah saya ketik" in refused


def test_a_branch_without_another_reviewer_is_told_so(reviewer, story):
    batch = story.taken(accounts_sheet(1))
    story.verdict(batch, "rest", "approve")
    assert "belum memiliki pemeriksa lain" in reviewer.get(f"/periksa/{batch}/selesai").text


def test_the_admin_keeps_the_list(admin):
    text = admin.get("/admin/empat-mata").text
    assert "Nama Lengkap + Tanggal Lahir" in text
    added = admin.follow(admin.post("/admin/empat-mata", {"field": ["hp", "email"]})).text
    assert "No HP + Email" in added
    again = admin.post("/admin/empat-mata", {"field": ["hp", "email"]}, expect=409).text
    assert "sudah ada" in again
    assert "Pilih 1 sampai 5" in admin.post("/admin/empat-mata", {}, expect=422).text
    removed = admin.follow(admin.post("/admin/empat-mata/6/hapus", {})).text
    assert "No HP + Email" not in removed
