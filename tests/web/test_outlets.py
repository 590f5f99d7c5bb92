"""Penerusan: give out, take the answer, and what HRD sees of it."""

import io
import re

import pytest

from hr_portal import worker
from hr_portal.services import many_answers, outlets, results, review_works
from tests.web.story import phones, story  # noqa: F401 - a fixture


@pytest.fixture
def settings(sqlite_settings):
    """The outlets come with the migration."""
    return sqlite_settings


def approved(story, count=2):
    batch = story.taken(phones(count))
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    return batch


def test_a_batch_is_forwarded_answered_and_told_to_hrd(reviewer, hrd, story):
    batch = approved(story, 3)
    assert "Teruskan baris yang disetujui" in reviewer.get(f"/pengajuan/{batch}/lacak").text
    text = reviewer.get(f"/pengajuan/{batch}/penerusan").text
    assert "belum dipastikan BPJS Ketenagakerjaan" in text
    sent = {"outlet": "sipp", "version": story.view(batch).version}
    text = reviewer.follow(reviewer.post(f"/pengajuan/{batch}/penerusan", sent)).text
    assert "3 koreksi menunggu jawaban kantor cabang" in text
    assert "SHA-256" in text
    part = outlets.handed_over(story.portal, story.reviewer, batch)[0].files[0]
    file = reviewer.client.get(f"/pengajuan/{batch}/penerusan/{part.id}/berkas")
    assert file.data.startswith(b"PK")
    assert f"{part.name}" in file.headers["Content-Disposition"]
    again = reviewer.post(f"/pengajuan/{batch}/penerusan", sent, expect=409).text
    assert "Sudah diteruskan" in again
    one, two, three = results.rows_page(story.portal, story.hrd, batch).items
    told = (
        f"KPJ;DATA;HASIL;KETERANGAN\n{one.employee['kpj']};No HP;Diterima;\n"
        f"{two.employee['kpj']};No HP;Ditolak;Milik 0812900001 orang lain\n"
        f"{three.employee['kpj']};No HP;Ditolak;Milik 0812900001 orang lain\n"
    )
    path = f"/pengajuan/{batch}/jawaban-cabang"
    assert "Pilih berkas jawaban" in reviewer.post(path, {}, expect=422).text
    wrong = {"file": (io.BytesIO(b"Nama;Usia\nSiti;3\n"), "lain.csv")}
    assert "Tabel jawaban tidak ditemukan" in reviewer.post(path, wrong, expect=422).text
    right = {"file": (io.BytesIO(told.encode()), "jawaban.csv")}
    text = reviewer.follow(reviewer.post(path, right)).text
    assert "Jawaban tercatat: 1 diterima, 2 ditolak." in text
    track = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Jawaban kantor cabang" in track
    assert "0812900001" not in track, "a number in the agency's words is masked"
    assert re.search(r'<span class="q">2</span>.+baris 3, 4 ·', track), "one cause, once"
    table = track.partition('aria-label="Tabel keputusan"')[2].partition("</table>")[0]
    ended = [re.sub("<[^>]+>", " ", line).split() for line in table.split("<tr")[2:]]
    assert [("Ditolak" in line, "Disetujui" in line) for line in ended] == [
        (False, True), (True, False), (True, False),
    ], "the agency has the last word on a row"  # fmt: skip
    child = story.view(batch).children[0][0]
    assert not story.view(child).is_split_off
    # HRD is led to the agency's words before the letter: the rows came back as they were
    home = hrd.get("/").text
    told = f"Ditolak kantor cabang</span> Ditolak kantor cabang pada {story.view(batch).number}."
    assert told in home, "the state and where it comes from"
    assert f'href="/pengajuan/{child}/lacak"' in home
    assert "Perbaiki 2 baris" in home
    track = hrd.get(f"/pengajuan/{child}/lacak").text
    assert "Mengapa ditolak kantor cabang" in track
    assert "Draf ini memuat baris yang ditolak kantor cabang pada" in track
    assert "Draf dibuat dari baris yang ditolak kantor cabang pada" in track
    rows = hrd.get(f"/pengajuan/{child}/hasil").text
    assert "Baris ini ditolak kantor cabang pada" in rows
    assert "Dipisah dari" not in rows
    hrd.get(f"/pengajuan/{batch}/penerusan", expect=403)
    # beside the same employee's next correction the agency's answer counts, not our approval
    again = story.taken(phones(2))
    for row, ended in ((2, "Disetujui"), (3, "Ditolak kantor cabang")):
        beside = reviewer.get(f"/periksa/{again}/baris/{row}").text.partition("Koreksi sebelumnya")
        assert f"<span>No HP, {ended} · " in beside[2]


def test_the_admin_changes_an_outlet(admin):
    assert "SIPP Koreksi Elemen TK" in admin.get("/admin/saluran").text
    text = admin.get("/admin/saluran/sipp").text
    assert "ELEMEN DATA = field" in text
    sent = {"columns": "KPJ = gaji", "rows_a_file": "10.000"}
    refused = admin.post("/admin/saluran/sipp", sent, expect=422).text
    assert "Baris 1: tulis JUDUL = isi" in refused
    assert "KPJ = gaji" in refused
    sent = {"columns": "KPJ = kpj", "rows_a_file": "5.000", "confirmed": "ya"}
    text = admin.follow(admin.post("/admin/saluran/sipp", sent)).text
    assert "1 kolom, paling banyak 5.000 baris per berkas" in text
    assert "belum dipastikan" not in text
    admin.get("/admin/saluran/pdf", expect=404)


def test_very_many_corrections_are_given_out_by_a_worker_and_once(reviewer, story, monkeypatch):
    monkeypatch.setattr(review_works, "LARGE", 1)
    batch = approved(story, 3)
    path, version = f"/pengajuan/{batch}/penerusan", story.view(batch).version
    page = reviewer.post(path, {"outlet": "sipp", "version": version}).headers["Location"]
    waits = reviewer.get(page).text
    assert "<h1>Menulis berkas 3 koreksi</h1>" in waits
    assert f'href="{page}"' in reviewer.get(path).text
    other = reviewer.post(path, {"outlet": "csv", "version": version}, expect=409).text
    assert "masih dikerjakan portal" in other
    worker.run_all(story.portal)
    assert reviewer.part(page).headers["HX-Redirect"] == path
    (given,) = outlets.handed_over(story.portal, story.reviewer, batch)
    assert (given.outlet, given.rows, story.view(batch).state) == ("sipp", 3, "forwarded")
    assert "Sudah diteruskan" in reviewer.post(path, {"outlet": "sipp"}, expect=409).text
    late = reviewer.post(path, {"outlet": "csv"}).headers["Location"]
    outlets.hand_over(story.portal, story.reviewer, batch, "csv", version=None)  # by a program
    worker.run_all(story.portal)
    assert "Belum ada yang diteruskan" in reviewer.get(late).text
    assert len(outlets.handed_over(story.portal, story.reviewer, batch)) == 2


def test_a_large_answer_is_recorded_by_a_worker_that_tells_what_came_of_it(
    reviewer, story, monkeypatch
):
    batch = approved(story, 3)
    outlets.hand_over(story.portal, story.reviewer, batch, "sipp", version=None)
    monkeypatch.setattr(many_answers, "LARGE_BYTES", 10)
    cards = [one.employee["kpj"] for one in results.rows_page(story.portal, story.hrd, batch).items]

    def sent(*lines):
        told = "\n".join(["KPJ;DATA;HASIL;KETERANGAN", *lines]).encode()
        file = {"file": (io.BytesIO(told), "jawaban.csv")}
        return reviewer.post(f"/pengajuan/{batch}/jawaban-cabang", file).headers["Location"]

    page = sent(f"{cards[0]};No HP;Diterima;", "09900109999;No HP;Diterima;")
    waits = reviewer.get(page).text
    assert "<h1>Mencatat jawaban kantor cabang</h1>" in waits
    assert "Membaca dan mencocokkan berkas jawaban" in waits
    assert f'href="{page}"' in reviewer.get(f"/pengajuan/{batch}/penerusan").text
    worker.run_all(story.portal)
    text = reviewer.get(page).text
    assert "<h1>Jawaban kantor cabang tidak selesai dicatat</h1>" in text
    assert "1 dari 2 baris bukan koreksi yang disetujui" in text
    page = sent(f"{cards[0]};No HP;Diterima;", f"{cards[1]};No HP;Ditolak;Nomor mati")
    worker.run_all(story.portal)
    text = reviewer.get(page).text
    child = story.view(batch).children[0]
    assert "Jawaban tercatat: 1 diterima, 1 ditolak, 1 menunggu jawaban." in text
    assert f"Yang ditolak menjadi draf {child[1]} milik HRD." in text
    monkeypatch.setattr("hr_portal.web.outlets.MOST_SHOWN", 0)
    assert "dan 1 lainnya" in reviewer.get(f"/pengajuan/{batch}/penerusan").text
    page = sent(f"{cards[0]};No HP;Diterima;")
    worker.run_all(story.portal)
    assert "Semua jawaban pada berkas ini sudah tercatat sebelumnya." in reviewer.get(page).text
