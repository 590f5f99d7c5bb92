"""Surat: read before it is issued, issued once, given out exactly as kept."""

import hashlib
import io
import json
import re

import pytest
from PIL import Image

from hr_portal import worker
from hr_portal.services import letter_views, letters, places
from hr_portal.web.security import CONTENT_SECURITY_POLICY
from tests.web.story import story  # noqa: F401 - a fixture


def issued_pdf(text: str) -> str:
    return re.search(r'href="(/surat/[0-9a-f]{32}/pdf)"', text)[1]


def test_a_letter_is_read_in_the_page_and_as_pdf_before_it_is_issued(hrd, story):
    batch = story.draft()
    page = hrd.get(f"/pengajuan/{batch}/surat")
    assert "Periksa surat, lalu terbitkan" in page.text
    assert "Terbitkan surat</button>" in page.text
    picture = re.search(r'<img class="pk-draft" src="([^"]+)', page.text)[1].replace("&amp;", "&")
    with Image.open(io.BytesIO(hrd.get(picture).data)) as drawn:
        assert drawn.format == "PNG"
        assert drawn.height > 3 * drawn.width, "the letter and both lampiran"
    preview = hrd.get(picture.replace("&gambar=1", ""))
    assert preview.mimetype == "application/pdf"
    assert preview.data.startswith(b"%PDF-")
    assert preview.headers["Content-Disposition"].startswith("inline")


def test_only_the_page_and_the_pdf_in_it_may_frame_and_be_framed(hrd, story):
    batch = story.draft()
    page = hrd.get(f"/pengajuan/{batch}/surat")
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY + "; frame-src 'self'"
    preview = hrd.get(f"/pengajuan/{batch}/surat/pratinjau")
    assert "default-src 'none'" in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    kept = hrd.get(f"/pengajuan/{batch}/surat/pratinjau?unduh=1")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert "frame-ancestors 'none'" in kept.headers["Content-Security-Policy"]
    assert hrd.get("/surat").headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_an_issued_letter_shows_number_and_hash_and_downloads_as_kept(hrd, story):
    batch = story.draft()
    version = story.view(batch).version
    page = hrd.follow(hrd.post(f"/pengajuan/{batch}/surat", {"version": version, "penanda": "1"}))
    assert re.search(r"<h1>Surat 001/\S+ sudah terbit</h1>", page.text)
    assert "Terbit" in page.text
    got = hrd.get(issued_pdf(page.text))
    assert hashlib.sha256(got.data).hexdigest() in page.text
    assert got.mimetype == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    (kept,) = letter_views.list_letters(story.portal, story.hrd, batch)
    assert letter_views.open_letter(story.portal, story.hrd, kept.id)[1] == got.data


def test_a_double_click_uses_one_number(hrd, story):
    batch = story.draft()
    form = {"version": story.view(batch).version}
    hrd.post(f"/pengajuan/{batch}/surat", form)
    hrd.post(f"/pengajuan/{batch}/surat", form)
    assert len(letter_views.list_letters(story.portal, story.hrd, batch)) == 1


def test_a_letter_whose_content_changed_asks_for_another_and_keeps_the_first(hrd, story):
    batch = story.ready()
    story.card(batch, row=2)
    page = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "Isi berubah setelah surat terbit" in page
    assert "Terbitkan surat pengganti" in page
    hrd.post(f"/pengajuan/{batch}/surat", {"version": story.view(batch).version})
    page = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "Digantikan" in page
    assert re.search(r"<h1>Surat 002/\S+ sudah terbit</h1>", page)
    listed = hrd.get("/surat").text
    assert "2 surat pernah terbit" in listed
    assert listed.index("002/") < listed.index("001/")


def test_a_letter_that_is_still_being_made_says_so_and_looks_again(hrd, story):
    batch = story.ready()
    page = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "sedang dibuat" in page
    assert 'hx-trigger="every 2s"' in page
    (letter,) = letter_views.list_letters(story.portal, story.hrd, batch)
    assert "masih dibuat" in hrd.get(f"/surat/{letter.id}", expect=409).text
    letters.finish_rendering(story.portal, letter.id)
    assert 'hx-trigger="every 2s"' not in hrd.get(f"/pengajuan/{batch}/surat").text
    assert hrd.get(f"/surat/{letter.id}").data.startswith(b"%PDF-")


def test_rows_with_errors_stand_before_the_letter(hrd, upload, story):
    address = upload("koreksi-november.xlsx")
    page = hrd.get(f"{address}/surat").text
    assert "Surat menunggu isinya selesai" in page
    assert re.search(r'btn-primary[^>]*href="[^"]*/hasil[^"]*">Perbaiki', page)
    batch = address.rsplit("/", 1)[1]
    refused = hrd.post(f"{address}/surat", {"version": story.view(batch).version}, expect=422).text
    assert "baris tidak valid" in refused


def test_what_the_company_lacks_is_named_with_the_way_to_it(hrd, story):
    admin = story.actor(story.people.admin)
    places.edit_company(
        story.portal, admin, story.people.company_id, {"signatories": [], "address": ""}
    )
    batch = story.draft()
    page = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "penanda tangan, alamat perusahaan" in page
    assert f"/perusahaan/{story.people.company_id}?kembali=" in page
    assert "Terbitkan surat</button>" not in page


def test_a_preview_that_cannot_be_made_is_a_sentence_in_the_frame(hrd, story, sample):
    answer = hrd.post("/pengajuan/baru", {"file": sample("koreksi-bersih.xlsx")})
    address = answer.headers["Location"]
    refused = hrd.get(f"{address}/surat/pratinjau", expect=422)
    assert refused.mimetype == "text/plain"
    assert "belum selesai diperiksa" in refused.text
    worker.run_all(story.portal)


def test_letters_of_another_company_do_not_exist(other_hrd, story):
    batch = story.ready()
    (letter,) = letter_views.list_letters(story.portal, story.hrd, batch)
    for path in (f"/pengajuan/{batch}/surat", f"/surat/{letter.id}", f"/surat/{letter.id}/pdf",
                 f"/pengajuan/{batch}/surat/pratinjau"):  # fmt: skip
        other_hrd.get(path, expect=404)
    assert "Belum ada surat" in other_hrd.get("/surat").text


@pytest.mark.parametrize("who", ["reviewer", "admin"])
def test_only_hrd_comes_to_the_page_of_letters(who, request, story):
    request.getfixturevalue(who).get("/surat", expect=403)


def test_what_a_letter_holds_is_read_back_masked_and_given_as_files(hrd, story):
    batch = story.draft()
    letter = letters.issue(story.portal, story.hrd, batch)
    page = hrd.get(f"/surat/{letter.id}/isi").text
    assert "Isi surat sama persis dengan pengajuannya" in page
    held = json.loads(hrd.get(f"/surat/{letter.id}/isi?unduh=json").data)
    assert held["letter"]["number"] == letter.number
    for person in held["people"]:
        assert person["nik"] not in page
        assert person["kpj"] not in page
        assert person["name"] in page
    listed = hrd.get(f"/surat/{letter.id}/isi?unduh=csv")
    assert listed.mimetype == "text/csv"
    assert held["people"][0]["nik"] in listed.data.decode("utf-8-sig")


def test_what_goes_with_a_letter_is_issued_beside_it(hrd, story):
    batch = story.ready()
    page = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "Surat yang menyertai" in page
    assert "jenis=formulir" in page
    assert (
        hrd.get(f"/pengajuan/{batch}/surat/pratinjau?jenis=pengantar").mimetype == "application/pdf"
    )
    page = hrd.follow(hrd.post(f"/pengajuan/{batch}/surat", {"jenis": "pengantar"})).text
    listed = letter_views.list_letters(story.portal, story.hrd, batch)
    assert [one.kind for one in listed] == ["pengantar", "permohonan"]
    assert listed[0].number in page
    assert f"/surat/{listed[0].id}/pdf" in page
