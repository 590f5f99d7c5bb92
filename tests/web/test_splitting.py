"""Sebagian: valid rows go on, the others become a draft; the page says which before it happens."""

import re

import pytest

from hr_portal import worker
from hr_portal.services import letter_facts, long_works


@pytest.fixture
def damaged(upload):
    return upload("koreksi-november.xlsx")


def test_the_result_leads_to_the_page_that_says_exactly_what_would_happen(hrd, damaged):
    result = hrd.get(damaged + "/hasil").text
    offered = re.search(rf'href="{damaged}/sebagian">Ajukan (\d+) baris valid dahulu<', result)[1]
    text = hrd.get(damaged + "/sebagian").text
    kept = int(re.search(r"<h1>(\d+) baris dapat diajukan dahulu</h1>", text)[1])
    moved = int(re.search(r"<p class=\"lead-line\">(\d+) baris lain menjadi draf", text)[1])
    assert kept + moved == 200
    assert kept == int(offered)
    whys = re.findall(r'data-label="Mengapa">(.*?)</td>', text)
    assert len(whys) == moved
    assert "Digit terakhir hilang" in "".join(whys)
    assert "Wajib diperbaiki" not in "".join(whys)
    assert "Setiap pengajuan memakai surat permohonannya sendiri." in text


def test_after_the_split_both_pages_lead_to_each_other(hrd, damaged):
    text = hrd.get(damaged + "/sebagian").text
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    kept = re.search(r"<h1>(\d+) baris", text)[1]
    answer = hrd.post(damaged + "/sebagian", {"version": version})
    assert answer.headers["Location"] == damaged + "/hasil"
    first = hrd.get(damaged + "/hasil").text
    assert f"{kept} baris dilanjutkan di pengajuan ini" in first
    child = re.search(r'draf tersendiri: <a href="(/pengajuan/\w+)"', first)[1]
    rest = hrd.get(child + "/hasil").text
    assert "Dipisah dari PKD-" in rest
    assert "dikembalikan pemeriksa" not in rest
    assert f'href="{damaged}"' in rest
    assert "dipisah dari PKD-" in hrd.get(child + "/lacak").text
    assert f"Dilanjutkan dengan {kept} baris" in hrd.get(damaged + "/lacak").text
    assert "Dipisah dari" in hrd.get("/").text
    hrd.post(damaged + "/sebagian", {"version": version})
    assert len(set(re.findall(r"PKD-\d{4}-\d{5}", hrd.get("/pengajuan").text))) == 2


def test_a_clean_file_has_nothing_to_split_and_says_so(hrd, upload, other_hrd, reviewer):
    clean = upload("koreksi-bersih.xlsx")
    assert "/sebagian" not in hrd.get(clean + "/hasil").text
    text = hrd.get(clean + "/sebagian").text
    assert "Pengajuan ini belum dapat dipisah" in text
    assert 'id="pisah"' not in text
    hrd.post(clean + "/sebagian", {"version": 1}, expect=422)
    hrd.post(clean + "/sebagian", {}, expect=422)
    other_hrd.get(clean + "/sebagian", expect=404)
    reviewer.get(clean + "/sebagian", expect=403)


def test_a_large_draft_is_parted_and_explained_by_a_worker_that_is_followed(
    hrd, damaged, portal, monkeypatch
):
    counts = re.search(r"<h1>(\d+) baris dapat", hrd.get(damaged + "/sebagian").text)[1]
    monkeypatch.setattr(long_works, "MOST_PARTED", 1)
    monkeypatch.setattr(long_works, "MOST_ROWS", 1)

    def finished(here):
        worker.run_all(portal)
        return hrd.follow(hrd.get(here, expect=302)).text

    page, documents = damaged + "/sebagian", damaged + "/dokumen/alasan"
    hrd.post(documents, {"reason": " "}, expect=422)
    explained = hrd.post(documents, {"reason": "Aslinya di cabang"}).headers["Location"]
    assert "Menyimpan alasan" in hrd.get(explained).text
    assert "baris tersimpan. Pemeriksa membacanya." in finished(explained)
    back = hrd.post(documents + "/cabut").headers["Location"]
    assert "Alasan dicabut." in finished(back)

    assert "Portal menghitung dahulu" in hrd.get(page).text
    here = hrd.post(page, {"langkah": "hitung"}).headers["Location"]
    assert "Menghitung pembagian baris" in hrd.get(here).text
    hrd.get(f"{page}?hitung={here.rsplit('/', 1)[1]}", expect=404)
    text = finished(here)
    assert re.search(r"<h1>(\d+) baris dapat diajukan dahulu</h1>", text)[1] == counts
    counted = re.search(r'name="hitung" value="(\d+)"', text)[1]
    assert 'data-label="Mengapa"' in hrd.get(f"{page}?hitung={counted}&halaman=1").text
    assert hrd.part(here).headers["HX-Redirect"] == f"{page}?hitung={counted}"
    assert hrd.post(page, {"hitung": counted}).headers["Location"] == here
    assert "Memisahkan baris" in hrd.get(here).text
    assert f"{counts} baris dilanjutkan di pengajuan ini" in finished(here)
    assert hrd.post(page, {"hitung": counted}).headers["Location"] == here  # asked once more
    worker.run_all(portal)
    assert len(set(re.findall(r"PKD-\d{4}-\d{5}", hrd.get("/pengajuan").text))) == 2


def test_too_many_corrections_for_a_letter_lead_to_one_button_that_divides_the_draft(
    hrd, damaged, portal, monkeypatch
):
    assert "Pengajuan ini tidak perlu dibagi" in hrd.get(damaged + "/bagi").text
    monkeypatch.setattr(letter_facts, "MAX_LINES", 2)
    review = hrd.get(damaged + "/tinjau").text
    assert "Satu surat memuat paling banyak 2 koreksi" in review
    assert f'href="{damaged}/bagi"' in review
    assert "Bagi menjadi dua." in hrd.get(damaged + "/surat").text
    assert "paling banyak 2 koreksi; pengajuan ini memuat" in hrd.get(damaged + "/bagi").text
    hrd.post(damaged + "/bagi", {}, expect=409)  # of a page that was never seen
    version = re.search(r'name="version" value="(\d+)"', hrd.get(damaged + "/bagi").text)[1]
    here = hrd.post(damaged + "/bagi", {"version": version}).headers["Location"]
    assert "Bagi pengajuan menjadi dua" in hrd.get(here).text
    worker.run_all(portal)
    done = hrd.follow(hrd.get(here, expect=302)).text
    assert "1 baris dilanjutkan di pengajuan ini; 199 baris menjadi draf" in done
