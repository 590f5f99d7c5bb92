"""Lacak: the finding first, why rows came back and the way to mend them, then the history."""

import re

import pytest

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from hr_portal.services import (
    document_status,
    explaining,
    letters,
    long_works,
    messages,
    results,
    review,
    submission,
)
from tests.web.story import pairs, phones, story  # noqa: F401 - a fixture

LEGIBLE = "KTP tidak terbaca: bagian bawah terpotong"


def partly(story):
    batch = story.taken(phones(6))
    story.verdict(batch, [3, 5], "return", LEGIBLE)
    story.verdict(batch, [7], "reject", "Peserta tidak ditemukan pada NPP ini")
    story.verdict(batch, "rest", "approve")
    return batch, story.decide(batch)


def test_the_title_is_the_finding(hrd, story):
    batch, _ = partly(story)
    assert (
        "<h1>2 dari 6 baris dikembalikan, 1 ditolak</h1>"
        in hrd.get(f"/pengajuan/{batch}/lacak").text
    )


def test_reasons_are_grouped_with_their_counts_and_rows(hrd, story):
    batch, _ = partly(story)
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert text.index(LEGIBLE) < text.index("Peserta tidak ditemukan")
    assert "baris 3, 5" in text


def test_verdicts_a_row_can_be_filtered(hrd, story):
    batch, _ = partly(story)

    def rows(query):
        return re.findall(
            r'rowheader"[^>]*class="n"><a [^>]*>(\d+)<',
            hrd.get(f"/pengajuan/{batch}/lacak{query}").text,
        )

    assert rows("") == ["3", "5"]
    assert rows("?keputusan=reject") == ["7"]
    assert rows("?keputusan=approve") == ["2", "4", "6"]
    assert rows("?keputusan=all") == ["2", "3", "4", "5", "6", "7"]
    assert rows("?keputusan=entah") == ["3", "5"]


def test_a_row_with_two_verdicts_tells_both(hrd, story):
    batch = story.taken(pairs(2))
    review.give_verdicts(
        story.portal, story.reviewer, batch, version=None, rows=[2], verdict="return",
        reason="Alamat tanpa bukti", fields=["alamat"],
    )  # fmt: skip
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    text = hrd.get(f"/pengajuan/{batch}/lacak?keputusan=return").text
    assert "<h1>1 dari 2 baris dikembalikan</h1>" in text
    assert text.count('riwayat-baris">2<') == 2
    assert "Alamat tanpa bukti" in text


def test_returned_rows_lead_to_the_draft_that_holds_them(hrd, story):
    batch, decided = partly(story)
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert (
        f'class="btn btn-primary" href="/pengajuan/{decided.child_batch_id}/lacak">Perbaiki 2 baris'
        in text
    )
    child = hrd.get(f"/pengajuan/{decided.child_batch_id}/lacak").text
    assert "<h1>2 baris menunggu perbaikan</h1>" in child
    assert LEGIBLE in child
    assert f'href="/pengajuan/{batch}/lacak"' in child
    assert "Draf dibuat dari baris yang dikembalikan" in child


@pytest.mark.parametrize("is_large", [False, True])
def test_a_batch_returned_whole_is_opened_again_as_its_next_revision(
    hrd, story, monkeypatch, is_large
):
    monkeypatch.setattr(long_works, "MOST_PARTED", 0 if is_large else 4)
    batch = story.taken()
    review.return_all(
        story.portal, story.reviewer, batch, version=None, reason="Surat belum ditandatangani"
    )
    page = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "<h1>Semua 4 baris dikembalikan</h1>" in page
    assert f'href="/pengajuan/{batch}/unggah-ulang"' in page
    version = story.view(batch).version
    answer = hrd.post(f"/pengajuan/{batch}/perbaiki", {"version": version})
    if is_large:
        here = answer.headers["Location"]
        assert "<h1>Buka kembali pengajuan</h1>" in hrd.get(here).text
        assert story.view(batch).state == "returned"
        worker.run_all(story.portal)
        answer = hrd.get(here, expect=302)
    assert "Pengajuan dibuka kembali sebagai revisi baru." in hrd.follow(answer).text
    assert answer.headers["Location"] == f"/pengajuan/{batch}/hasil"
    view = story.view(batch)
    assert (view.state, view.revision.number) == ("draft", 2)
    hrd.post(f"/pengajuan/{batch}/perbaiki", {"version": version}, expect=409)
    again = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "<h1>4 baris menunggu perbaikan</h1>" in again
    assert "Surat belum ditandatangani" in again
    assert "revisi 1" in again


def test_verdicts_are_the_reviewers_own_until_the_decision(hrd, story):
    batch = story.taken()
    story.verdict(batch, [2], "reject", "Rahasia sampai diputuskan")
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "<h1>4 baris sedang diperiksa</h1>" in text
    assert "Rahasia sampai diputuskan" not in text
    assert "Keputusan diberikan" not in text


def test_the_company_reads_the_office_and_not_the_reviewers_name(hrd, reviewer, story):
    batch, _ = partly(story)
    told = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Pemeriksa Contoh Raya" in told
    assert "Bayu Teladan" not in told
    own = reviewer.get(f"/pengajuan/{batch}/lacak").text
    assert "Keputusan diberikan pada 6 baris" in own


def test_every_act_is_a_sentence_and_an_unknown_one_is_never_shown_raw(hrd, story):
    batch = story.submitted()
    results.reveal(story.portal, story.hrd, batch, 2)
    results.reveal(story.portal, story.hrd, batch, 3)
    with story.portal.db.write() as session:
        session.add(
            Act(at=story.portal.clock(), actor_id=None, company_id=None, action="batch:teleported",
                subject_kind="batch", subject_id=batch, details={"secret": "x"}, request_id=None)
        )  # fmt: skip
    text = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Nomor identitas 2 baris ditampilkan lengkap" in text
    assert "Kejadian lain tercatat" in text
    assert "teleported" not in text
    assert "batch:" not in text


def test_the_history_runs_from_the_latest_to_the_first(hrd, story):
    batch, _ = partly(story)
    text = hrd.get(f"/pengajuan/{batch}/lacak").text.split('id="riwayat"')[1]
    told = (
        "Diputuskan: 2 dikembalikan",
        "Mulai diperiksa",
        "Diajukan: 6 baris",
        "Draf dibuat dari koreksi-hp.xlsx",
    )
    order = [text.index(words) for words in told]
    assert order == sorted(order)


def test_another_company_and_another_branch_find_nothing(other_hrd, story, app):
    from hr_portal.services import places
    from tests.web.client import PageClient

    batch = story.submitted()
    other_hrd.get(f"/pengajuan/{batch}/lacak", expect=404)
    far = places.create_branch(story.portal, name="Misal Timur")
    story.person("timur@cabang.example", "Tono Rekaan", "reviewer", branch_id=far)
    PageClient(app).sign_in("timur@cabang.example").get(f"/pengajuan/{batch}/lacak", expect=404)


def test_a_draft_is_not_the_reviewers_to_see(reviewer, story):
    reviewer.get(f"/pengajuan/{story.ready()}/lacak", expect=404)


def test_messages_documents_and_the_employee_of_a_row_stand_in_the_history(hrd, reviewer, story):
    batch = story.draft(phones(2))
    card = story.card(batch, row=3)
    explaining.explain(story.portal, story.hrd, batch, reason="Aslinya dibawa ke cabang")
    letters.issue(story.portal, story.hrd, batch, wait=False)
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    review.take(story.portal, story.reviewer, batch)
    messages.write(
        story.portal, story.reviewer, batch, "Mohon KTP 3171014508909013 yang utuh " + "x" * 300, row=3
    )  # fmt: skip
    messages.write(story.portal, story.reviewer, batch, "Cek lagi besok", internal=True)
    for state in ("fits", "unfit"):
        document_status.judge(story.portal, story.reviewer, card, state, reason=LEGIBLE)
    story.verdict(batch, [3], "return", LEGIBLE)
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    page = hrd.get(f"/pengajuan/{batch}/lacak").text
    history = page.split('id="riwayat"')[1]
    assert "Pesan pemeriksa, baris 3" in history
    assert "3171••••••••9013 yang utuh" in history
    assert "x" * 250 not in history
    assert "Dokumen dinilai: 1 tidak sesuai<" in history
    assert "Cek lagi besok" not in page
    assert history.index("Diputuskan") < history.index("Dokumen dinilai") < history.index("Pesan")
    issued = re.search(r"Surat [^<>]+ terbit<", history).start()
    assert history.index("Diajukan") < issued < history.index("Draf dibuat")
    assert f'href="/pengajuan/{batch}/pemberitahuan"' in history
    assert re.search(rf'href="/pengajuan/{batch}/bukti/\d+">Berita acara keputusan</a>', history)
    own = reviewer.get(f"/pengajuan/{batch}/lacak").text.split('id="riwayat"')[1]
    assert "Catatan internal pemeriksa" in own
    assert "pemberitahuan" not in own
    # from the verdict of a row to what became of its employee, and to the notice for them
    assert f'href="/pengajuan/{batch}/baris/3#riwayat-baris"' in page
    row = hrd.get(f"/pengajuan/{batch}/baris/3").text.split('id="riwayat-baris"')[1]
    told = (
        "Dikembalikan: No HP",
        LEGIBLE,
        "KTP-el: Tidak sesuai",
        "Pesan pemeriksa",
        "Diajukan, revisi 1",
    )
    order = [row.index(words) for words in told]
    assert order == sorted(order)
    assert f'href="/pengajuan/{batch}/pemberitahuan/berkas?dari=3"' in row
    assert "Bayu Teladan" not in row
    seen = reviewer.get(f"/pengajuan/{batch}/baris/3").text
    assert "Bayu Teladan" in seen
    assert "pemberitahuan/berkas" not in seen
