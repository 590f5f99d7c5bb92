"""Dokumen: several at once, each judged on its own; shown and kept under safe headers."""

import io
import re

import pytest

from hr_portal import worker
from hr_portal.adapters.documents.specimen import specimen
from tests.adapters.documents import papers

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>"


def card(name: str = "KTP 3171014508909013.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(specimen("KTP", "SITI CONTOHAN", ["NIK : 3171014508909013"])), name


@pytest.fixture
def dossier(upload):
    """The document page's address of a sample whose rows need documents."""
    return upload("koreksi-november.xlsx") + "/dokumen"


def document_ids(text: str) -> list[str]:
    return re.findall(r'href="/dokumen/([0-9a-f]{32})/lihat"', text)


def test_the_rows_that_need_a_document_are_named(hrd, dossier):
    text = hrd.get(dossier).text
    assert re.search(r"<h1>\d+ baris masih perlu dokumen</h1>", text)
    assert "Baris 134" in text
    chosen = hrd.get(f"{dossier}?baris=134").text
    assert re.search(r'name="row"[^>]*value="134"', chosen)


def test_a_document_on_its_row_takes_the_row_off_the_list(hrd, dossier):
    before = hrd.get(dossier).text
    answer = hrd.post(dossier, {"file": card(), "row": "134", "kind": "ktp"})
    after = hrd.follow(answer).text
    assert "1 dokumen terlampir." in after
    assert 'baris=134"' in before
    assert 'baris=134"' not in after


def test_file_names_keep_long_numbers_to_themselves(hrd, dossier):
    text = hrd.follow(hrd.post(dossier, {"file": card(), "kind": "ktp"})).text
    assert "KTP 3171••••••••9013.jpg" in text
    assert "3171014508909013" not in text
    assert "Seluruh pengajuan" in text


def test_what_cannot_be_taken_is_named_and_the_rest_is_kept(hrd, dossier):
    files = [card("ktp.jpg"), (io.BytesIO(b"MZ\x90\x00 bukan gambar"), "foto.jpg")]
    text = hrd.post(dossier, {"file": files, "kind": "ktp"}, expect=422).text
    assert "1 dokumen terlampir." in text
    assert "1 berkas tidak terlampir" in text
    assert "foto.jpg" in text
    assert len(document_ids(text)) == 1


def test_a_row_that_is_none_is_told_before_anything_is_kept(hrd, dossier):
    for row in ("dua", "99999", "-1"):
        text = hrd.post(dossier, {"file": card(), "row": row}, expect=422).text
        assert "Excel" in text
        assert document_ids(text) == []


def test_no_file_is_told(hrd, dossier):
    assert "Belum ada berkas yang dipilih" in hrd.post(dossier, {}, expect=422).text


def test_documents_are_shown_and_kept_as_our_own_copy(hrd, dossier):
    sent = card("foto 🙂; filename=x.html.jpg")
    original = sent[0].getvalue()
    (one,) = document_ids(hrd.follow(hrd.post(dossier, {"file": sent, "kind": "ktp"})).text)
    shown = hrd.get(f"/dokumen/{one}")
    assert shown.mimetype == "image/jpeg"
    assert shown.data[:3] == b"\xff\xd8\xff"
    assert shown.data != original
    for response in (shown, hrd.get(f"/dokumen/{one}/unduh")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert response.headers["Cache-Control"] == "no-store"
        assert "\n" not in response.headers["Content-Disposition"]
    assert hrd.get(f"/dokumen/{one}/unduh").headers["Content-Disposition"].startswith("attachment")


def test_a_document_is_taken_off_again(hrd, dossier):
    text = hrd.follow(hrd.post(dossier, {"file": card(), "kind": "ktp"})).text
    (one,) = document_ids(text)
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    after = hrd.follow(hrd.post(f"/dokumen/{one}/hapus", {"version": version})).text
    assert "Dokumen dilepas" in after
    assert document_ids(after) == []
    hrd.get(f"/dokumen/{one}", expect=404)


def test_another_company_gets_no_document(hrd, other_hrd, dossier):
    (one,) = document_ids(hrd.follow(hrd.post(dossier, {"file": card(), "kind": "ktp"})).text)
    other_hrd.get(f"/dokumen/{one}", expect=404)
    other_hrd.get(f"/dokumen/{one}/unduh", expect=404)
    other_hrd.post(f"/dokumen/{one}/hapus", {"version": "1"}, expect=404)
    other_hrd.post(dossier, {"file": card()}, expect=404)
    assert hrd.get(f"/dokumen/{one}").status_code == 200


def test_what_to_do_better_about_a_picture_is_said_to_who_can_and_bars_nothing(
    hrd, dossier, portal
):
    out = io.BytesIO()
    papers.tilted(papers.card()).save(out, "JPEG")
    hrd.post(dossier, {"file": (io.BytesIO(out.getvalue()), "ktp.jpg"), "kind": "ktp"})
    worker.run_all(portal)
    text = hrd.get(dossier).text
    assert "1 gambar sebaiknya diganti</h2>" in text
    assert "Halaman miring sekitar 8 derajat." in text
    viewer = hrd.get(f"/dokumen/{document_ids(text)[0]}/lihat").text
    assert "Sebaiknya gambar ini diganti" in viewer
    assert "Halaman miring sekitar 8 derajat." in viewer
