"""Antrean: the oldest first, taken by one; who may not, is told why."""

import re

import pytest

from hr_portal.services import accounts, queues
from tests.web.questions import asked_of, questions
from tests.web.story import employee, phones, second, story  # noqa: F401 - fixtures


def numbers(text):
    return re.findall(r">(PKD-\d{4}-\d{5})</a>", text.split("<tbody")[1])


def test_the_oldest_waits_first(reviewer, story):
    story.ago(hours=10)
    first = story.submitted(phones(2))
    story.ago(hours=5)
    later = story.submitted(phones(3, start=200))
    story.now()
    text = reviewer.get("/antrean").text
    assert "<h1>2 pengajuan menunggu</h1>" in text
    assert numbers(text) == [story.view(first).number, story.view(later).number]


def test_the_target_is_told_in_words_with_its_urgency(reviewer, story):
    story.ago(hours=78, minutes=1)
    story.submitted(phones(2))
    story.now()
    text = reviewer.get("/antrean").text
    assert re.search(r'data-s="err"><svg.*?</svg>Lewat 6 jam', text)
    assert "target portal" in text


def test_taking_the_next_leads_to_its_first_row(reviewer, story):
    batch = story.submitted()
    answer = reviewer.post("/antrean/berikutnya")
    assert answer.headers["Location"] == f"/periksa/{batch}"
    assert (
        reviewer.get(f"/periksa/{batch}", expect=302).headers["Location"]
        == f"/periksa/{batch}/baris/2"
    )
    assert story.view(batch).reviewer_name == "Bayu Teladan"
    text = reviewer.get("/antrean?tampil=saya").text
    assert "Lanjutkan" in text
    assert "<strong>Anda</strong>" in text


def test_an_empty_queue_says_what_now(reviewer, people):
    text = reviewer.get("/antrean").text
    assert "<h1>Antrean kosong</h1>" in text
    assert "Tidak ada yang menunggu" in text
    assert "Ambil berikutnya" not in text
    back = reviewer.follow(reviewer.post("/antrean/berikutnya")).text
    assert "Tidak ada pengajuan yang dapat Anda ambil" in back


def test_of_two_at_once_the_second_reads_who_has_it(reviewer, second, story):
    batch = story.submitted()
    reviewer.post(f"/antrean/{batch}/ambil")
    text = second.post(f"/antrean/{batch}/ambil", expect=409).text
    assert "sedang diperiksa oleh Bayu Teladan" in text
    assert story.view(batch).number in text
    assert story.view(batch).reviewer_name == "Bayu Teladan"


def test_what_was_decided_meanwhile_is_told_with_its_outcome(reviewer, second, story):
    batch = story.taken()
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    text = second.post(f"/antrean/{batch}/ambil", expect=409).text
    assert "disetujui oleh Bayu Teladan" in text
    assert "4 disetujui" in text


def test_the_own_company_is_barred_and_says_so(reviewer, story):
    batch = story.submitted()
    accounts.create_user(
        story.portal, email=story.people.reviewer, name="", password="", role="hrd",
        company_id=story.people.company_id,
    )  # fmt: skip
    text = reviewer.get("/antrean").text
    assert "Perusahaan Anda sendiri" in text
    assert f'action="/antrean/{batch}/ambil"' not in text
    refused = reviewer.post(f"/antrean/{batch}/ambil", expect=403).text
    assert "perusahaan Anda sendiri" in refused


def test_what_was_decided_has_a_list_of_its_own(reviewer, story):
    assert "Belum ada yang diputuskan" in reviewer.get("/keputusan").text
    batch = story.taken()
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    text = reviewer.get("/keputusan").text
    assert "<h1>1 pengajuan sudah diputuskan</h1>" in text
    assert numbers(text) == [story.view(batch).number]
    assert "Disetujui" in text
    assert "<h1>Antrean kosong</h1>" in reviewer.get("/antrean").text


def test_the_queue_is_paged(reviewer, story, monkeypatch):
    monkeypatch.setattr("hr_portal.web.queue.PER_PAGE", 1)
    story.submitted(phones(1))
    story.submitted(phones(1, start=200))
    text = reviewer.get("/antrean").text
    assert "1–1 dari 2" in text
    following = re.search(r'rel="next" href="([^"]+)"', text)[1].replace("&amp;", "&")
    text = reviewer.get(following).text
    assert "2–2 dari 2" in text
    assert 'rel="prev" href="/antrean"' in text
    assert "2–2 dari 2" in reviewer.get("/antrean?halaman=2").text
    assert "Tidak ada pengajuan pada halaman ini" in reviewer.get("/antrean?halaman=7").text


def test_hrd_and_admin_have_no_queue(hrd, admin, story):
    batch = story.submitted()
    for client in (hrd, admin):
        client.get("/antrean", expect=403)
        client.post("/antrean/berikutnya", expect=403)
        client.post(f"/antrean/{batch}/ambil", expect=403)
    assert queues.next_for(story.portal, story.reviewer) == batch


def test_the_queue_is_narrowed_down_by_urgency_words_size_and_holder(reviewer, story):
    story.ago(hours=80)
    late = story.submitted(phones(2))
    story.now()
    fresh = story.submitted(phones(1, start=200))
    text = reviewer.get("/antrean").text
    assert "Terlambat 1" in text
    assert numbers(reviewer.get("/antrean?batas=lewat").text) == [story.view(late).number]
    query = f"/antrean?cari={story.view(fresh).number}&data=hp&temuan=&pemeriksa=belum-ada"
    assert numbers(reviewer.get(query).text) == [story.view(fresh).number]
    assert len(numbers(reviewer.get("/antrean?ukuran=kecil").text)) == 2
    reviewer.post("/antrean/berikutnya")
    (holder,) = re.findall(r'<option value="([0-9a-f]{32})">Bayu Teladan</option>', text)
    for query in (f"pemeriksa={holder}", f"pemeriksa={holder}&ukuran=kecil"):
        held = reviewer.get(f"/antrean?{query}").text
        assert numbers(held) == [story.view(late).number]
        assert f'<option value="{holder}" selected>' in held
    nothing = reviewer.get("/antrean?cari=tidak+ada&batas=entah&data=gaji&ukuran=besar").text
    assert "Tidak ada pengajuan dalam saringan ini" in nothing


def test_a_holder_who_was_switched_off_is_named_so(reviewer, second, story):
    batch = story.submitted()
    reviewer.post(f"/antrean/{batch}/ambil")
    admin = story.actor(story.people.admin)
    accounts.set_user_active(story.portal, story.reviewer.user_id, active=False, by=admin)
    text = second.get(f"/antrean?pemeriksa={story.reviewer.user_id}").text
    assert numbers(text) == [story.view(batch).number]
    assert "selected>Bayu Teladan (akun nonaktif)</option>" in text


def test_a_person_is_searched_by_a_post(reviewer, story):
    batch = story.submitted(phones(2))
    kpj, nik = employee(100)[:2]
    for number in (kpj, nik):
        text = reviewer.post("/antrean/cari", {"number": number}, expect=200).text
        assert numbers(text) == [story.view(batch).number]
        assert number not in text
    assert (
        "belum pernah diajukan"
        in reviewer.post("/antrean/cari", {"number": "09900000000"}, expect=200).text
    )
    refused = reviewer.post("/antrean/cari", {"number": "abc"}, expect=422).text
    assert "16 angka" in refused


def test_the_admin_corrects_the_holidays(admin):
    text = admin.get("/admin/hari-libur?tahun=2026").text
    assert "Hari libur nasional 2026" in text
    assert "Hari Raya Natal" in text
    sent = {"day": "2026-12-24", "name": "Cuti bersama Natal", "libur": "ya"}
    text = admin.follow(admin.post("/admin/hari-libur", sent)).text
    assert "Cuti bersama Natal" in text
    sent = {"day": "2026-12-25", "libur": "tidak"}
    text = admin.follow(admin.post("/admin/hari-libur", sent)).text
    assert "dijadikan hari kerja oleh admin" in text
    assert "Isi tanggal" in admin.post("/admin/hari-libur", {"day": "besok"}, expect=422).text
    assert "Hari libur nasional" in admin.get("/admin/hari-libur?tahun=1").text


@pytest.mark.parametrize(
    ("page", "most"),
    [("/antrean", 12), ("/antrean?cari=pt", 13), ("/antrean?tampil=saya", 11), ("/keputusan", 10)],
)
def test_a_page_of_the_queue_asks_few_questions(reviewer, story, page, most):
    story.taken()
    story.submitted()
    reviewer.get(page)
    with asked_of(story.portal) as asked:
        reviewer.get(page)
    assert len(questions(asked)) <= most, "\n".join(questions(asked))
