"""Periksa: a row beside its document, many at once, the decision; none of it needs a script."""

import io
import re

import pytest

from hr_portal import worker
from hr_portal.services import (
    batch_history,
    documents,
    letters,
    many_verdicts,
    results,
    review,
    review_works,
    submission,
)
from hr_portal.services.errors import Invalid
from hr_portal.services.results import row_view, verdict_counts
from hr_portal.web.asked_rows import typed_rows
from tests.adapters.documents.made import small_png
from tests.services.test_depicting import written_pdf
from tests.web.questions import asked_of, questions
from tests.web.story import accounts_sheet, pairs, phones, second, story  # noqa: F401 - fixtures

UNREADABLE = "KTP tidak terbaca"


def given(story, batch, row):
    return {
        c.field: (c.verdict, c.reason)
        for c in row_view(story.portal, story.reviewer, batch, row).corrections
    }


def send(story, batch, **fields):
    return {"version": story.view(batch).version} | fields


def test_a_row_shows_what_changes_and_that_nothing_was_found(reviewer, story):
    batch = story.taken()
    text = reviewer.get(f"/periksa/{batch}/baris/3").text
    assert "<h1>4 dari 4 baris menunggu keputusan</h1>" in text
    assert "Baris 3 ·" in text
    assert "<ins>2</ins>" in text
    assert "Tidak ada temuan pada baris ini" in text
    assert 'aria-current="true"><span class="num">' in text


def test_a_page_of_the_bench_asks_few_questions(reviewer, story):
    page = f"/periksa/{story.taken()}/baris/3"
    reviewer.get(page)
    with asked_of(story.portal) as asked:
        reviewer.get(page)
    assert len(questions(asked)) <= 28, "\n".join(questions(asked))


def test_approving_goes_on_to_the_next_row_that_waits(reviewer, story):
    batch = story.taken()
    answer = reviewer.post(f"/periksa/{batch}/baris/3", send(story, batch, verdict="approve"))
    assert answer.headers["Location"] == f"/periksa/{batch}/baris/4"
    assert given(story, batch, 3) == {"hp": ("approve", "")}
    story.verdict(batch, [4, 5], "approve")
    answer = reviewer.post(f"/periksa/{batch}/baris/2", send(story, batch, verdict="approve"))
    assert answer.headers["Location"] == f"/periksa/{batch}"
    assert (
        reviewer.get(f"/periksa/{batch}", expect=302).headers["Location"]
        == f"/periksa/{batch}/selesai"
    )


def test_reason_and_words_are_kept_together_as_hrd_will_read_them(reviewer, story):
    batch = story.taken()
    fields = {"verdict": "return", "reason": UNREADABLE, "note": "Bagian bawah terpotong."}
    reviewer.post(f"/periksa/{batch}/baris/2", send(story, batch, **fields))
    assert given(story, batch, 2) == {"hp": ("return", f"{UNREADABLE}: Bagian bawah terpotong.")}
    text = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "Bagian bawah terpotong." in text
    assert 'value="return" data-key="k" data-opens="Kembalikan" aria-pressed="true"' in text


@pytest.mark.parametrize("verdict", ["return", "reject"])
def test_without_a_reason_nothing_is_decided_and_the_form_stays_open(reviewer, story, verdict):
    batch = story.taken()
    page = reviewer.post(
        f"/periksa/{batch}/baris/2",
        send(story, batch, verdict=verdict, reason="", note="  "),
        expect=422,
    ).text
    assert "Alasan wajib diisi" in page
    assert f'data-open="{verdict}"' in page
    assert given(story, batch, 2) == {"hp": (None, "")}


def test_one_correction_of_a_row_can_be_decided_apart(reviewer, story):
    batch = story.taken(pairs(2))
    fields = {"verdict": "return", "reason": UNREADABLE, "field": ["alamat"], "some": "1"}
    answer = reviewer.post(f"/periksa/{batch}/baris/2", send(story, batch, **fields))
    assert answer.headers["Location"] == f"/periksa/{batch}/baris/2", "the other one still waits"
    assert given(story, batch, 2) == {"hp": (None, ""), "alamat": ("return", UNREADABLE)}
    rest = {"verdict": "approve", "field": ["hp"], "some": "1"}
    answer = reviewer.post(f"/periksa/{batch}/baris/2", send(story, batch, **rest))
    assert answer.headers["Location"] == f"/periksa/{batch}/baris/3"
    none = reviewer.post(
        f"/periksa/{batch}/baris/3", send(story, batch, verdict="approve", some="1"), expect=422
    )
    assert "Pilih paling sedikit satu data" in none.text


def test_numbers_are_dotted_until_asked_for_and_each_look_is_kept(reviewer, story):
    batch = story.taken(accounts_sheet(2))
    nik = row_view(story.portal, story.reviewer, batch, 2).employee["nik"]
    hidden = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert nik not in hidden
    assert "9000100100" not in hidden
    shown = reviewer.follow(
        reviewer.post(f"/periksa/{batch}/nomor", {"lengkap": "ya", "row": "2"})
    ).text
    assert nik in shown
    assert re.search(r"9000<ins>1</ins>00100", shown)
    reviewer.get(f"/periksa/{batch}/baris/3")
    acts = [
        a.details["row"]
        for a in batch_history.history(story.portal, story.reviewer, batch)
        if a.action == "batch:row_revealed"
    ]
    assert acts == [3, 2]
    again = reviewer.follow(
        reviewer.post(f"/periksa/{batch}/nomor", {"lengkap": "tidak", "row": "2"})
    ).text
    assert nik not in again


def test_hrds_reason_is_quoted_with_its_numbers_dotted_until_asked_for(reviewer, story):
    said = "KTP dengan NIK 3171010101809010 sedang diurus."
    batch = story.ready(accounts_sheet(1), without=said)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    review.take(story.portal, story.reviewer, batch)
    hidden = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "HRD menyatakan: “KTP dengan NIK 3171••••••••9010 sedang diurus”." in hidden
    reviewer.post(f"/periksa/{batch}/nomor", {"lengkap": "ya", "row": "2"})
    shown = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "HRD menyatakan: “KTP dengan NIK 3171010101809010 sedang diurus”." in shown


def test_the_latest_verdict_can_be_taken_back_also_one_over_many(reviewer, story):
    batch = story.taken()
    story.verdict(batch, [2], "approve")
    story.verdict(batch, "rest", "reject", "Peserta tidak ditemukan")
    answer = reviewer.post(f"/periksa/{batch}/batalkan", send(story, batch))
    assert answer.headers["Location"] == f"/periksa/{batch}/baris/3"
    assert "Keputusan 3 baris dibatalkan" in reviewer.follow(answer).text
    assert verdict_counts(story.portal, story.reviewer, batch) == {
        "open": 3,
        "approve": 1,
        "return": 0,
        "reject": 0,
    }
    reviewer.post(f"/periksa/{batch}/batalkan", send(story, batch))
    nothing = reviewer.post(f"/periksa/{batch}/batalkan", send(story, batch))
    assert (
        "Belum ada keputusan"
        in reviewer.client.get(nothing.headers["Location"], follow_redirects=True).text
    )


def test_all_that_wait_are_approved_in_one_step(reviewer, story):
    batch = story.taken(phones(5))
    story.verdict(batch, [3], "return", UNREADABLE)
    page = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "Setujui 4 baris</button>" in page
    answer = reviewer.post(
        f"/periksa/{batch}/sekaligus", send(story, batch, scope="open", verdict="approve")
    )
    assert verdict_counts(story.portal, story.reviewer, batch) == {
        "open": 0,
        "approve": 4,
        "return": 1,
        "reject": 0,
    }
    assert answer.headers["Location"] == f"/periksa/{batch}"


def test_rows_named_by_number_are_returned_with_one_reason(reviewer, story):
    batch = story.taken(phones(6))
    fields = {"scope": "rows", "rows": "2, 4-5", "verdict": "return", "reason": UNREADABLE}
    reviewer.post(f"/periksa/{batch}/sekaligus", send(story, batch, **fields))
    assert verdict_counts(story.portal, story.reviewer, batch) == {
        "open": 3,
        "approve": 0,
        "return": 3,
        "reject": 0,
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Tulis nomor baris"), ("dua", "bukan nomor baris"), ("9-3", "terbalik"), ("99", "99")],
)
def test_numbers_that_name_no_row_are_told_and_kept(reviewer, story, typed, said):
    batch = story.taken()
    fields = {"scope": "rows", "rows": typed, "verdict": "approve", "note": "Catatan saya"}
    text = reviewer.post(
        f"/periksa/{batch}/sekaligus", send(story, batch, **fields), expect=422
    ).text
    assert said in text
    assert f'name="rows" value="{typed}"' in text
    assert "Catatan saya" in text


def test_rows_are_listed_as_people_list_them():
    assert typed_rows("38, 203; 214-216\n 38") == [38, 203, 214, 215, 216]
    assert typed_rows("7 – 9") == [7, 8, 9]
    with pytest.raises(Invalid):
        typed_rows("1-99999")


def test_rows_with_findings_can_be_looked_at_alone_and_the_rest_approved(reviewer, story):
    sheet = phones(4)
    batch = story.taken(sheet)
    page = reviewer.get(f"/periksa/{batch}/baris/2?saring=clean").text
    assert "Tanpa temuan (4)" in page
    fields = {"scope": "found", "verdict": "approve"}
    text = reviewer.post(
        f"/periksa/{batch}/sekaligus", send(story, batch, **fields), expect=422
    ).text
    assert "Tidak ada lagi baris yang menunggu" in text
    reviewer.post(
        f"/periksa/{batch}/sekaligus", send(story, batch, scope="clean", verdict="approve")
    )
    assert verdict_counts(story.portal, story.reviewer, batch)["approve"] == 4


def test_the_filter_goes_along_from_row_to_row(reviewer, story):
    batch = story.taken(phones(5))
    story.verdict(batch, [4], "approve")
    answer = reviewer.post(
        f"/periksa/{batch}/baris/3", send(story, batch, verdict="approve", saring="open")
    )
    assert answer.headers["Location"] == f"/periksa/{batch}/baris/5?saring=open"


def test_documents_lie_beside_the_row_as_pictures_of_their_pages_letters_in_a_frame(
    reviewer, story, hrd
):
    batch = story.ready()
    story.card(batch, row=2, name="KTP 3171014508909013.jpg")
    letters.issue(story.portal, story.hrd, batch)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    review.take(story.portal, story.reviewer, batch)
    early = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "Gambar halaman sedang disiapkan" in early
    renewed = re.search(r'hx-get="(/dokumen/[^"]+)" hx-trigger="every', early)[1].replace(
        "&amp;", "&"
    )
    worker.run_all(story.portal)
    part = reviewer.part(renewed).text
    assert 'id="halaman-1"' in part
    assert "<html" not in part
    assert "hx-trigger" not in part
    page = reviewer.get(f"/periksa/{batch}/baris/2")
    assert "3171014508909013.jpg" not in page.text
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    picture = re.search(r'<img src="([^"]+)"', page.text)[1]
    got = reviewer.get(picture)
    assert got.mimetype == "image/jpeg"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    small = reviewer.get(f"{picture}/kecil")
    assert len(small.data) < len(got.data)
    viewer = reviewer.get(picture.rpartition("/halaman/")[0] + "/lihat?baris=2").text
    assert picture in viewer
    assert "<dt>Semula</dt>" in viewer
    assert "3171014508909013.jpg" not in viewer
    judging = re.search(r'action="(/periksa/[^"]+/status[^"]*)"', page.text)[1].replace(
        "&amp;", "&"
    )
    refused = reviewer.post(judging, {"state": "unfit", "seen": "0"}, expect=422).text
    assert "Tulis mengapa dokumen ini tidak sesuai" in refused
    told = {"state": "unfit", "reason": "KTP buram", "seen": "0"}
    judged = reviewer.follow(reviewer.post(judging, told)).text
    assert "KTP buram" in judged
    late = reviewer.post(judging, {"state": "fits", "seen": "0"}, expect=409).text
    assert "Tidak sesuai" in late
    for page_of_hrd in ("dokumen", "lacak"):
        assert "Tidak sesuai" in hrd.get(f"/pengajuan/{batch}/{page_of_hrd}").text
    letter = reviewer.get(f"/periksa/{batch}/baris/2?dok=surat").text
    frame = re.search(r'<iframe src="([^"#]+)', letter)[1]
    assert reviewer.get(frame).data.startswith(b"%PDF-")
    bare = reviewer.get(f"/periksa/{batch}/baris/3").text
    assert "<img" not in bare.split("data-viewer")[1]


def test_documents_of_one_kind_are_told_apart_by_their_numbers(reviewer, story):
    batch = story.ready()
    for name in ("KTP depan.jpg", "KTP belakang.jpg"):
        story.card(batch, row=2, name=name)
    letters.issue(story.portal, story.hrd, batch)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    review.take(story.portal, story.reviewer, batch)
    text = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert re.findall(r">(KTP-el[^<]*)</a>", text) == ["KTP-el 1", "KTP-el 2"]


def test_documents_are_judged_in_the_viewer_and_many_at_once(reviewer, hrd, story):
    batch = story.ready()
    cards = [
        documents.add_document(
            story.portal, story.hrd, batch, io.BytesIO(small_png(row)), f"ktp-{row}.png",
            kind="ktp", row=row,
        ).id
        for row in (2, 3, 4)
    ]  # fmt: skip
    letters.issue(story.portal, story.hrd, batch)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    waiting = reviewer.get(f"/dokumen/{cards[0]}/lihat").text
    assert "Tandai tidak sesuai" not in waiting, "nobody has it in hand"
    review.take(story.portal, story.reviewer, batch)
    assert f'action="/dokumen/{cards[0]}/status"' in reviewer.get(f"/dokumen/{cards[0]}/lihat").text
    refused = reviewer.post(f"/dokumen/{cards[0]}/status", {"state": "unfit"}, expect=422).text
    assert "Tulis mengapa dokumen ini tidak sesuai" in refused
    onward = reviewer.post(f"/dokumen/{cards[1]}/status", {"state": "fits", "seen": "0"})
    assert onward.location.endswith(f"/dokumen/{cards[2]}/lihat")
    reviewer.post(
        f"/dokumen/{cards[1]}/status", {"state": "unfit", "seen": "0", "reason": "x"}, expect=409
    )

    here = f"/pengajuan/{batch}/dokumen"
    page = reviewer.get(here).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    boxes = re.findall(r'name="document" value="([0-9a-f]{32}:\d)"', page)
    assert [box.partition(":")[2] for box in boxes] == ["0", "1", "0"]
    many = f"{here}/status"
    assert (
        "Centang dokumen" in reviewer.post(many, {"state": "fits", "seen": seen}, expect=422).text
    )
    assert "ktp-3.png" not in reviewer.get(f"{here}?nilai=periksa").text.split('id="ada"')[1]
    reviewer.post(f"/dokumen/{cards[0]}/status", {"state": "fits", "seen": "0"})
    told = {"state": "unfit", "reason": "Buram", "scope": "chosen", "document": boxes, "seen": seen}
    left = reviewer.post(many, told, expect=200).text
    assert "<h1>1 dokumen tidak diubah</h1>" in left
    assert "2 dokumen lain sudah dinilai dan tersimpan." in left
    assert "ktp-2.png" in left
    told = {"state": "open", "scope": "chosen", "document": [f"{cards[2]}:", f"{cards[1]}:9"]}
    reviewer.post(many, told, expect=200)
    told = {"state": "fits", "scope": "open", "seen": reviewer.get(here) and "kapan?"}
    assert "1 dokumen ditandai “Sesuai”." in reviewer.follow(reviewer.post(many, told)).text
    hrd.post(many, told, expect=403)


def test_the_text_of_a_pdf_is_held_against_the_row_as_a_hint_and_masked(reviewer, story):
    batch = story.ready()
    nik = results.rows_page(story.portal, story.hrd, batch).items[0].employee["nik"]
    wrong = nik[:10] + str((int(nik[10]) + 1) % 10) + nik[11:]
    documents.add_document(
        story.portal, story.hrd, batch, io.BytesIO(written_pdf(1, f"NIK {wrong}")), "a.pdf", row=2
    )
    worker.run_all(story.portal)
    letters.issue(story.portal, story.hrd, batch)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    review.take(story.portal, story.reviewer, batch)
    page = reviewer.get(f"/periksa/{batch}/baris/2").text
    assert "Di dokumen tertulis" in page
    assert "bukan bukti" in page
    assert wrong not in page
    assert nik not in page


def test_a_document_of_another_batch_is_not_shown_here(reviewer, story):
    batch = story.taken()
    other = story.draft(phones(2, start=200))
    document = story.card(other, row=2)
    reviewer.get(f"/periksa/{batch}/dokumen/{document}", expect=404)


def test_the_end_says_what_will_happen_before_it_is_decided(reviewer, story):
    batch = story.taken(phones(5))
    waiting = reviewer.get(f"/periksa/{batch}/selesai").text
    assert "<h1>5 baris belum diputuskan</h1>" in waiting
    assert "Lanjut ke baris 2" in waiting
    refused = reviewer.post(f"/periksa/{batch}/selesai", send(story, batch), expect=422).text
    assert "5 baris belum diputuskan: baris 2, 3, 4, 5, 6" in refused
    story.verdict(batch, [2, 3], "return", UNREADABLE)
    story.verdict(batch, [4], "reject", "Bukan peserta NPP ini")
    story.verdict(batch, "rest", "approve")
    text = reviewer.get(f"/periksa/{batch}/selesai").text
    assert "Disetujui sebagian" in text
    assert f"{story.view(batch).number} · PT Contoh Sejahtera" in text
    assert "2 baris yang dikembalikan menjadi draf baru milik HRD" in text
    assert "1 baris ditolak" in text
    assert "Putuskan: 2 disetujui, 2 dikembalikan, 1 ditolak" in " ".join(text.split())
    done = reviewer.follow(reviewer.post(f"/periksa/{batch}/selesai", send(story, batch))).text
    assert story.view(batch).state == "partly_approved"
    assert "2 dari 5 baris dikembalikan, 1 ditolak" in done
    assert re.search(r"menjadi draf PKD-\d{4}-\d{5}", done)


def test_all_rows_returned_go_back_as_the_next_revision(reviewer, story):
    batch = story.taken()
    story.verdict(batch, "rest", "return", UNREADABLE)
    assert "HRD memperbaikinya sebagai revisi 2" in reviewer.get(f"/periksa/{batch}/selesai").text
    reviewer.post(f"/periksa/{batch}/selesai", send(story, batch))
    assert story.view(batch).state == "returned"


def test_who_comes_second_reads_who_decided_and_keeps_the_words(reviewer, second, story):
    batch = story.taken()
    version = story.view(batch).version
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    fields = {
        "version": version,
        "verdict": "return",
        "reason": UNREADABLE,
        "note": "Kata-kata saya",
    }
    for path in (f"/periksa/{batch}/baris/2", f"/periksa/{batch}/sekaligus"):
        text = second.post(path, fields | {"scope": "open"}, expect=409).text
        assert "disetujui oleh Bayu Teladan" in text
        assert "4 disetujui" in text
        assert "Kata-kata saya</textarea>" in text
    for path in ("selesai", "lepas"):
        assert (
            "Bayu Teladan"
            in second.post(f"/periksa/{batch}/{path}", {"version": version}, expect=409).text
        )


def test_a_stale_page_is_told_to_its_own_reviewer_too(reviewer, story):
    batch = story.taken()
    fields = {"version": story.view(batch).version - 1, "verdict": "reject", "note": "Belum hilang"}
    text = reviewer.post(f"/periksa/{batch}/baris/2", fields, expect=409).text
    assert "sudah berubah" in text
    assert "Muat ulang pemeriksaan" in text
    assert "Belum hilang</textarea>" in text


def test_a_released_batch_waits_again_with_its_verdicts(reviewer, second, story):
    batch = story.taken()
    story.verdict(batch, [2], "approve")
    reviewer.post(f"/periksa/{batch}/lepas", send(story, batch))
    assert story.view(batch).state == "submitted"
    second.post(f"/antrean/{batch}/ambil")
    assert "3 dari 4 baris menunggu keputusan" in second.get(f"/periksa/{batch}/baris/3").text


def test_a_row_that_is_none_does_not_exist(reviewer, story):
    batch = story.taken()
    reviewer.get(f"/periksa/{batch}/baris/99", expect=404)


def test_nobody_else_comes_to_the_bench(reviewer, second, hrd, admin, story):
    batch = story.taken()
    assert (
        second.get(f"/periksa/{batch}/baris/2", expect=302).headers["Location"]
        == f"/pengajuan/{batch}/lacak"
    )
    assert (
        second.get(f"/periksa/{batch}/selesai", expect=302).headers["Location"]
        == f"/pengajuan/{batch}/lacak"
    )
    for client in (hrd, admin):
        client.get(f"/periksa/{batch}/baris/2", expect=403)


def test_single_keys_can_be_switched_off_and_on(reviewer, story):
    batch = story.taken()
    path = f"/periksa/{batch}/baris/2"
    assert "data-keys" in reviewer.get(path).text
    answer = reviewer.get(f"/pintasan/mati?next={path}", expect=302)
    assert answer.headers["Location"] == path
    off = reviewer.get(path).text
    assert "data-keys" not in off
    assert "<kbd" not in off
    reviewer.get("/pintasan/hidup", expect=302)
    assert "data-keys" in reviewer.get(path).text
    reviewer.get("/pintasan/entah", expect=404)


def test_of_many_rows_those_judged_since_in_another_tab_are_listed_and_the_others_done(
    reviewer, story
):
    batch = story.taken(phones(4))
    page = reviewer.get(f"/periksa/{batch}/sekaligus?saring=clean").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    story.verdict(batch, [3], "reject", "Bukan peserta")
    sent = send(story, batch, scope="clean", verdict="approve", seen=seen)
    told = reviewer.post(f"/periksa/{batch}/sekaligus", sent, expect=200).text
    assert "1 baris belum diputuskan seperti yang Anda minta" in told
    assert "3 koreksi lain sudah diputuskan" in told
    assert "Baris 3 sudah ditolak oleh" in told
    assert f"/periksa/{batch}/baris/3" in told
    assert verdict_counts(story.portal, story.reviewer, batch)["approve"] == 3
    # a moment that is none is as good as none said
    for odd in ("2026-11-01", "0001-01-01T00:00:00+14:00", "kapan?"):
        sent = send(story, batch, scope="rows", rows="3", verdict="approve", seen=odd)
        reviewer.post(f"/periksa/{batch}/sekaligus", sent, expect=302)


def test_a_reason_that_is_too_long_is_told_and_kept_and_one_of_the_most_is_sent(reviewer, story):
    batch = story.taken(phones(1))
    most = "Foto kartu terpotong. " * 454 + "\r\nUlang lagi"
    long = send(story, batch, verdict="return", reason=UNREADABLE, note=most)
    refused = reviewer.post(f"/periksa/{batch}/baris/2", long, expect=422).text
    assert "Alasan paling panjang 10.000 huruf" in refused
    assert "Ulang lagi" in refused
    assert refused.count("Foto kartu terpotong.") == 454
    reviewer.post(f"/periksa/{batch}/baris/2", send(story, batch, verdict="return", note=most))
    ((verdict, kept),) = given(story, batch, 2).values()
    assert (verdict, kept) == ("return", most.replace("\r\n", "\n"))


def test_an_admin_keeps_the_list_of_reasons_that_the_bench_offers(admin, reviewer, story):
    batch = story.taken(phones(1))
    page = admin.follow(admin.post("/admin/alasan", {"text": "KK sudah tidak berlaku"})).text
    assert "KK sudah tidak berlaku" in page
    bench = f"/periksa/{batch}/baris/2"
    assert "KK sudah tidak berlaku</option>" in reviewer.get(bench).text
    again = admin.post("/admin/alasan", {"text": "KK SUDAH tidak berlaku"}, expect=409).text
    assert 'value="KK SUDAH tidak berlaku"' in again
    change = re.findall(r'action="(/admin/alasan/[0-9a-f]{32})"', page)[-1]
    admin.post(change, {"text": " "}, expect=422)
    admin.post(change, {"text": "KK lama", "text_en": "Old family card"})
    assert "KK lama</option>" in reviewer.get(bench).text
    admin.post(f"{change}/hapus")
    assert "KK lama" not in reviewer.get(bench).text
    reviewer.get("/admin/alasan", expect=403)


def test_very_many_rows_are_judged_by_a_worker_and_the_page_tells_how_far_it_is(
    reviewer, second, hrd, story, monkeypatch
):
    monkeypatch.setattr(many_verdicts, "LARGE", 2)
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = story.taken(phones(4))
    many = f"/periksa/{batch}/sekaligus"
    seen = re.search(r'name="seen" value="([^"]+)"', reviewer.get(many).text)[1]
    story.verdict(batch, [3], "reject", "Bukan peserta")
    sent = send(story, batch, scope="open", verdict="approve", seen=seen)
    page = reviewer.post(many, sent, expect=302).headers["Location"]
    waits = reviewer.get(page).text
    assert "<h1>Mencatat keputusan 3 baris</h1>" in waits
    assert "0 dari 3 baris" in waits
    assert f'hx-get="{page}"' in waits
    for where in (many, f"/periksa/{batch}/selesai", f"/periksa/{batch}/baris/2"):
        text = reviewer.get(where).text
        assert f'href="{page}"' in text
        assert "Mencatat keputusan 3 baris: 0% selesai." in text
    refused = reviewer.post(f"/periksa/{batch}/lepas", send(story, batch), expect=409).text
    assert "masih dikerjakan portal" in refused
    refused = reviewer.post(f"/periksa/{batch}/selesai", send(story, batch), expect=409).text
    assert "<h1>Belum dijalankan</h1>" in refused
    assert "masih dikerjakan portal" in refused
    assert f'href="{page}"' in refused
    hrd.get(page, expect=403)
    reviewer.get(page[:-1] + "99", expect=404)
    second.get(page[:-1] + "99", expect=404)
    worker.run_all(story.portal)
    assert reviewer.part(page).headers["HX-Refresh"] == "true"
    panel = reviewer.get(page).text
    assert "<h1>Keputusan sudah dicatat</h1>" in panel
    assert "3 koreksi diputuskan." in panel
    assert "1 baris belum diputuskan seperti yang Anda minta" in panel
    assert f"/periksa/{batch}/baris/3" in panel
    undo = reviewer.post(f"/periksa/{batch}/batalkan", send(story, batch), expect=302)
    back = undo.headers["Location"]
    assert "<h1>Membatalkan keputusan 3 baris</h1>" in reviewer.get(back).text
    worker.run_all(story.portal)
    assert "<h1>Keputusan sudah dibatalkan</h1>" in reviewer.get(back).text
    assert verdict_counts(story.portal, story.reviewer, batch) == {
        "open": 3, "approve": 0, "return": 0, "reject": 1,
    }  # fmt: skip
    story.verdict(batch, [2, 4, 5], "approve")
    page = reviewer.post(f"/periksa/{batch}/selesai", send(story, batch), expect=302)
    page = page.headers["Location"]
    assert "<h1>Memutuskan pengajuan 4 baris</h1>" in reviewer.get(page).text
    worker.run_all(story.portal)
    assert reviewer.part(page).headers["HX-Redirect"] == f"/pengajuan/{batch}/lacak"
    assert story.view(batch).state == "partly_approved"


def test_who_asked_for_an_act_over_many_rows_is_told_that_hrd_has_withdrawn_meanwhile(
    reviewer, second, story, monkeypatch
):
    monkeypatch.setattr(many_verdicts, "LARGE", 2)
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = story.taken(phones(4))
    sent = send(story, batch, scope="open", verdict="approve")
    page = reviewer.post(f"/periksa/{batch}/sekaligus", sent, expect=302).headers["Location"]
    submission.withdraw(story.portal, story.hrd, batch, version=None, reason="Salah berkas")
    worker.run_all(story.portal)
    assert reviewer.part(page).headers["HX-Refresh"] == "true"
    assert "ditarik kembali oleh HRD" in reviewer.get(page, expect=409).text
    second.get(page, expect=404)
