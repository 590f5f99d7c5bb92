"""Keaslian: a letter looked up by whoever holds it, without a sign-in."""

import re

import pytest

from hr_portal.services import letters
from tests.web.story import story  # noqa: F401 - a fixture


@pytest.fixture
def proved(story):
    batch = story.draft()
    return letters.issue(story.portal, story.hrd, batch)


def plain(answer):
    """A page without what differs between any two requests, and what was typed into it."""
    text = re.sub(r"next=[^\"]*", "", answer.text)
    return answer.status_code, re.sub(r"[0-9a-f-]{16,}", "", text)


def test_anybody_reads_what_a_letter_says_and_whether_it_stands(visitor, proved):
    page = visitor.get(f"/verifikasi?kode={proved.proof_code.lower()}")
    assert "Surat ini terbit dan berlaku" in page.text
    for told in (proved.number, proved.sha256, proved.company_name):
        assert told in page.text
    assert f'data-compare="{proved.sha256}"' in page.text


def test_the_address_in_the_qr_leads_to_the_page(visitor, proved):
    code = proved.proof_code.replace("-", "")
    answer = visitor.get(f"/V/{code}", expect=302)
    assert answer.headers["Location"].endswith(f"/verifikasi/{code}")
    assert proved.number in visitor.get(f"/verifikasi/{code}").text


def test_unknown_mistyped_and_hostile_codes_are_one_and_the_same_page(visitor, proved):
    pages = {
        plain(visitor.get(f"/verifikasi/{typed}", expect=404))
        for typed in ("7K4M-2QPX-9T3D", "x", "%3Cscript%3E", "0" * 26, proved.number.replace("/", "-"))
    }  # fmt: skip
    assert len(pages) == 1
    assert "Tidak ada surat terbit dengan kode ini" in pages.pop()[1]


def test_a_letter_is_revoked_on_its_page_with_a_reason_and_the_proof_says_so(hrd, visitor, proved):
    page = hrd.get(f"/pengajuan/{proved.batch_id}/surat").text
    assert "Cabut surat ini" in page
    refused = hrd.post(f"/surat/{proved.id}/cabut", {"reason": " "}, expect=422)
    assert "Tulis alasan pencabutan" in refused.text
    page = hrd.follow(
        hrd.post(f"/surat/{proved.id}/cabut", {"reason": "Keliru <b>tujuan</b>"})
    ).text
    assert "Keliru &lt;b&gt;tujuan&lt;/b&gt;" in page
    assert f"Surat {proved.number} dicabut" in page
    shown = visitor.get(f"/verifikasi/{proved.proof_code}").text
    assert "Surat ini sudah dicabut" in shown
    assert "tujuan" not in re.search(r"<main.*</main>", shown, re.DOTALL)[0]


def test_too_many_questions_are_told_when_to_go_on(visitor, proved):
    for _ in range(30):
        visitor.get("/verifikasi/0000-0000-0000", expect=404)
    answer = visitor.get("/verifikasi/0000-0000-0000", expect=429)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Terlalu banyak pemeriksaan" in answer.text
    assert visitor.get("/verifikasi").status_code == 200
