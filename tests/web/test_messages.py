"""Percakapan on the page of a batch."""

import io
import re

from tests.services.test_review import _png
from tests.web.story import phones, story  # noqa: F401 - a fixture


def test_a_message_is_written_and_read_on_both_sides(reviewer, hrd, story):
    batch = story.taken(phones(2))
    path = f"/pengajuan/{batch}/pesan"
    sent = {"text": "Mohon KTP 3171014508909013 yang utuh", "row": "3"}
    text = reviewer.follow(reviewer.post(path, sent)).text
    assert "Pesan terkirim." in text
    reviewer.post(path, {"text": "Cek lagi besok", "internal": "ya"})
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "yang utuh" in text
    assert "3171014508909013" not in text
    assert "baris 3" in text
    assert "Cek lagi besok" not in text
    assert "catatan internal" in reviewer.get(f"/pengajuan/{batch}/lacak").text


def test_a_message_sent_twice_from_one_page_is_one_and_other_words_are_another(
    reviewer, hrd, story
):
    batch = story.taken(phones(1))
    path, page = f"/pengajuan/{batch}/pesan", f"/pengajuan/{batch}/lacak"

    def said(once, text="Mohon dicek"):
        sent = {"text": text, "idempotency_key": once, "file": [(io.BytesIO(b"MZ"), "kartu.exe")]}
        return hrd.follow(hrd.post(path, sent)).text

    drawn = r'action="[^"]+/pesan"[^>]+>.*?name="idempotency_key" value="([0-9a-f]{32})"'
    first, second = (re.search(drawn, hrd.get(page).text, re.DOTALL)[1] for _ in range(2))
    assert first != second
    assert "kartu.exe tidak ikut terkirim" in said(first)
    text = said(first)
    assert "Pesan yang sama sudah terkirim dari halaman ini" in text
    assert text.count('<span class="pk-reason">Mohon dicek</span>') == 1
    assert "Pesan terkirim." in said(first, "Mohon dicek, dan baris 3")
    assert said(second).count('<span class="pk-reason">Mohon dicek</span>') == 2
    assert reviewer.get(page).text.count('<span class="pk-reason">Mohon dicek') == 3


def test_what_cannot_be_sent_stays_in_the_form(hrd, story):
    batch = story.submitted(phones(1))
    text = hrd.post(
        f"/pengajuan/{batch}/pesan", {"text": "Tolong dicek", "row": "tiga"}, expect=422
    ).text
    assert "bukan nomor baris" in text
    assert "Tolong dicek" in text
    assert (
        "Tulis pesan, paling panjang"
        in hrd.post(f"/pengajuan/{batch}/pesan", {"text": " "}, expect=422).text
    )


def test_files_are_sent_with_a_message_and_one_that_is_refused_is_named(reviewer, hrd, story):
    batch = story.submitted(phones(1))
    files = [
        (_png(), "KTP 3171014508909013.png"),
        (io.BytesIO(b"MZ"), "kartu.exe"),
    ]
    sent = {"text": "Terlampir KTP", "file": files}
    text = hrd.follow(hrd.post(f"/pengajuan/{batch}/pesan", sent)).text
    assert "kartu.exe tidak ikut terkirim" in text
    page = reviewer.get(f"/pengajuan/{batch}/lacak").text
    assert "3171014508909013" not in page
    address = re.search(rf'href="(/pengajuan/{batch}/pesan/[0-9]+)"', page)[1]
    answer = reviewer.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
