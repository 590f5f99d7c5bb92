"""Signed letters on the pages: signed here, signed elsewhere, scanned, and looked up by anybody."""

import hashlib
import io
import re

import sqlalchemy as sa

from hr_portal.adapters.database.signing_models import Certificate
from hr_portal.adapters.letters.signatures import sign
from hr_portal.services import letter_signing, letter_views, letters
from tests.letters.certificates import PASSWORD, SUBJECT, valid
from tests.services.test_review import _png
from tests.web.story import story  # noqa: F401 - a fixture


def sent(content, name="surat.pdf"):
    return {"file": (io.BytesIO(content), name)}


def with_certificate(hrd, story, password=PASSWORD):
    address = f"/perusahaan/{story.people.company_id}/sertifikat"
    form = {"certificate": (io.BytesIO(valid()), "csa.p12"), "password": password}
    return hrd.post(address, form, expect=302 if password == PASSWORD else 422)


def test_a_letter_is_signed_with_the_certificate_and_the_public_page_knows_both_files(hrd, story):
    refused = with_certificate(hrd, story, "salah").text
    assert "Kata sandi sertifikat tidak cocok" in refused
    page = hrd.follow(with_certificate(hrd, story)).text
    assert SUBJECT in page
    with story.portal.db.read() as session:
        (held,) = session.scalars(sa.select(Certificate))
        assert valid() not in held.pkcs12, "sealed"
    batch = story.draft()
    letter = letters.issue(story.portal, story.hrd, batch)
    address = f"/surat/{letter.id}/tanda-tangan"
    refused = hrd.post(address, {"certificate_password": "salah"}, expect=422).text
    assert "Kata sandi sertifikat tidak cocok" in refused
    page = hrd.follow(hrd.post(address, {"certificate_password": PASSWORD})).text
    assert "Utuh sejak ditandatangani" in page
    assert "Salinan bertanda tangan surat" in page, "in the history"
    again = hrd.post(address, {"certificate_password": PASSWORD}, expect=422).text
    assert "sudah ditandatangani" in again
    copy = re.search(rf"/surat/{letter.id}/salinan/\d+", page)[0]
    signed = hrd.get(copy).data
    _view, kept = letter_views.open_letter(story.portal, story.hrd, letter.id)
    assert signed.startswith(kept), "the issued letter stays as it was"
    digest = hashlib.sha256(signed).hexdigest()
    public = hrd.get(f"/verifikasi/{letter.proof_code}").text
    assert f'data-compare="{letter.sha256} {digest}"' in public
    assert "bertanda tangan elektronik" in public
    assert SUBJECT not in hrd.get(f"/surat/{letter.id}/isi").text.split("<h2", 1)[0]
    assert "Utuh sejak ditandatangani" in hrd.get(f"/surat/{letter.id}/isi").text
    hrd.follow(hrd.post(f"/perusahaan/{story.people.company_id}/sertifikat/hapus"))
    assert letter_signing.certificate(story.portal, story.hrd, story.people.company_id) is None
    assert hrd.get(copy).data == signed


def test_what_comes_back_is_kept_only_where_it_is_this_letter(hrd, story):
    batch = story.draft()
    letter = letters.issue(story.portal, story.hrd, batch)
    _view, kept = letter_views.open_letter(story.portal, story.hrd, letter.id)
    address = f"/surat/{letter.id}/salinan"
    assert "Pilih" in hrd.post(address, {}, expect=422).text
    assert "belum bertanda tangan" in hrd.post(address, sent(kept), expect=422).text
    now = story.portal.clock()
    elsewhere = sign(kept, valid(), PASSWORD, at=now, moment="di luar portal")
    page = hrd.follow(hrd.post(address, sent(elsewhere))).text
    assert "Ditandatangani di luar portal" in page
    hrd.follow(hrd.post(address, sent(_png().getvalue(), "pindaian.png")))
    listed = letter_signing.copies(story.portal, story.hrd, letter.id)
    assert [one.kind for one in listed] == ["scan", "elsewhere"]
    assert hrd.get(f"{address}/{listed[1].id}").data == elsewhere
    shown = hrd.get(f"{address}/{listed[1].id}?lihat=1")
    assert shown.headers["Content-Disposition"].startswith("attachment"), "a stranger's file"
    assert hrd.get(f"{address}/{listed[0].id}?lihat=1").mimetype == "image/png"
    hrd.get(f"{address}/{listed[0].id + 9}", expect=404)
    pengantar = letters.issue_companion(story.portal, story.hrd, batch, "pengantar")
    refused = hrd.post(f"/surat/{pengantar.id}/salinan", sent(elsewhere), expect=422).text
    assert "tetapi bukan Surat" in refused
    letters.revoke(story.portal, story.hrd, letter.id, reason="Salah alamat")
    hrd.post(address, sent(elsewhere), expect=409)
