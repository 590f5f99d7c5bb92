"""Two reviewers: the first passes on, the second sees who decided what, and ends it."""

import pytest

from hr_portal.services import review
from tests.web.story import SECOND, accounts_sheet, second, story  # noqa: F401 - fixtures


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


def test_only_who_has_given_a_verdict_is_offered_to_take_it_back(reviewer, second, story):
    batch = story.taken(accounts_sheet(2))
    undo, row = f'action="/periksa/{batch}/batalkan"', f"/periksa/{batch}/baris/2"
    assert undo not in reviewer.get(row).text
    story.verdict(batch, "rest", "approve")
    assert undo in reviewer.get(row).text
    assert "<kbd>Z</kbd>" in reviewer.get(row).text
    reviewer.post(f"/periksa/{batch}/teruskan", send(story, batch))
    second.post(f"/antrean/{batch}/ambil", {})
    text = second.get(row).text
    assert undo not in text
    assert "<kbd>Z</kbd>" not in text
    second.post(f"/periksa/{batch}/batalkan", send(story, batch))
    assert "Belum ada keputusan yang dapat dibatalkan." in second.get(row).text
    second.post(row, send(story, batch, verdict="approve"))
    assert undo in second.get(row).text
    second.post(f"/periksa/{batch}/batalkan", send(story, batch))
    assert undo not in second.get(row).text
    assert "oleh Bayu Teladan" in second.get(row).text


@pytest.mark.parametrize("way", ["teruskan", "lepas"])
def test_the_note_of_who_hands_on_is_shown_to_who_goes_on_and_never_to_hrd(
    hrd, reviewer, second, story, way
):
    batch = story.taken(accounts_sheet(1))
    story.verdict(batch, "rest", "approve")
    reviewer.post(f"/periksa/{batch}/{way}", send(story, batch, note="Curiga: 3171019001900001"))
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert ("Diteruskan ke pemeriksa kedua: 1 baris", "Dilepas ke antrean")[way == "lepas"] in text
    assert "Curiga" not in text
    assert "Bayu" not in text
    second.post(f"/antrean/{batch}/ambil", {})
    row = second.get(f"/periksa/{batch}/baris/2")
    for page in (row, second.get(f"/periksa/{batch}/selesai")):
        assert "Catatan dari Bayu Teladan" in page.text
        assert "Curiga: 3171••••••••0001" in page.text
    assert "Curiga: 3171••••••••0001" in second.get(f"/pengajuan/{batch}/lacak").text
    # who wrote it, and comes too late, keeps what they typed
    status = 403 if way == "teruskan" else 409
    late = send(story, batch, verdict="reject", note="Buku tabungan orang lain")
    review.release(story.portal, story.actor(SECOND), batch)
    told = reviewer.post(f"/periksa/{batch}/baris/2", late, expect=status).text
    assert "Buku tabungan orang lain" in told
    # a note is read once: not by who takes what was released without one
    second.post(f"/antrean/{batch}/ambil", {})
    assert "Catatan dari" not in second.get(f"/periksa/{batch}/selesai").text
    too_long = send(story, batch, note="a" * 10_001)
    assert "a" * 10_001 in second.post(f"/periksa/{batch}/lepas", too_long, expect=422).text


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
