"""Tinjau dan ajukan: what is missing, what changes, the declaration, and taking it back."""

import re

from hr_portal import worker
from hr_portal.services import long_works, review, review_works
from tests.web.story import accounts_sheet, pairs, phones, second, story  # noqa: F401 - a fixture

NAME = "Rahma Contohan"


def form(story, batch, **changed):
    return {"version": story.view(batch).version, "declaration": "ya", "typed_name": NAME} | changed


def test_each_lack_links_to_the_step_that_mends_it(hrd, upload, story):
    address = upload("koreksi-november.xlsx")
    text = hrd.get(f"{address}/tinjau").text
    assert re.search(r"<h1>\d+ hal perlu diselesaikan sebelum diajukan</h1>", text)
    for step in ("hasil", "dokumen", "surat"):
        assert re.search(rf'class="btn btn-[a-z]+ btn-sm" href="{address}/{step}', text)
    assert "Ketik nama lengkap Anda" not in text
    assert "Langkah" in text


def test_steps_that_lack_something_are_not_ticked(hrd, upload, story):
    bar = (
        hrd.get(upload("koreksi-november.xlsx") + "/tinjau")
        .text.split("pk-steps")[1]
        .split("</ol>")[0]
    )
    done = re.findall(r"<li( data-done)?>", bar)
    assert done == [" data-done", "", "", "", ""]


def test_what_changes_is_marked_inside_the_text(hrd, story):
    batch = story.ready(phones(3))
    text = hrd.get(f"/pengajuan/{batch}/tinjau").text
    assert "Tinjau, lalu ajukan 3 baris" in text
    assert re.search(r"081<del>3</del>9", text)
    assert re.search(r"081<ins>2</ins>9", text)


def test_an_identifier_keeps_its_middle_but_shows_the_digit_that_changed(hrd, story):
    batch = story.ready(accounts_sheet(1))
    text = hrd.get(f"/pengajuan/{batch}/tinjau").text
    assert "••••<del>0</del>•0100" in text
    assert "••••<ins>1</ins>•0100" in text
    assert "9000000100" not in text


def test_two_corrections_of_one_row_stand_together_and_can_be_filtered(hrd, story):
    batch = story.ready(pairs(2))
    text = hrd.get(f"/pengajuan/{batch}/tinjau").text
    assert text.count('class="more"') == 2
    assert "No HP 2" in text
    assert "Jalan Misal <del>Lama</del>" in text
    filtered = hrd.get(f"/pengajuan/{batch}/tinjau?data=hp").text
    assert 'aria-current="true">No HP 2' in filtered


def test_the_table_is_paged(hrd, story):
    batch = story.ready(phones(30))
    assert "1–25 dari 30" in hrd.get(f"/pengajuan/{batch}/tinjau").text
    assert "26–30 dari 30" in hrd.get(f"/pengajuan/{batch}/tinjau?halaman=2").text
    assert (
        "Tidak ada koreksi untuk ditampilkan"
        in hrd.get(f"/pengajuan/{batch}/tinjau?halaman=9").text
    )


def test_the_declaration_and_the_typed_name_are_required_and_kept_when_wrong(hrd, story):
    batch = story.ready()
    unticked = hrd.post(
        f"/pengajuan/{batch}/ajukan", form(story, batch, declaration=""), expect=422
    ).text
    assert "Setujui dahulu pernyataan" in unticked
    assert f'value="{NAME}"' in unticked
    wrong = hrd.post(
        f"/pengajuan/{batch}/ajukan", form(story, batch, typed_name="Budi"), expect=422
    ).text
    assert "Tidak sama dengan nama akun Anda" in wrong
    assert 'value="Budi"' in wrong
    assert story.view(batch).state == "draft"


def test_submitting_gives_a_receipt(hrd, story):
    batch = story.ready()
    answer = hrd.post(
        f"/pengajuan/{batch}/ajukan", form(story, batch, typed_name="  rahma   CONTOHAN ")
    )
    text = hrd.follow(answer).text
    view = story.view(batch)
    assert view.state == "submitted"
    assert "4 baris diajukan ke Contoh Raya" in text
    assert view.number in text
    assert view.revision.sha256 in text
    assert "oleh Rahma Contohan" in text
    assert "3 × 24 jam" in text


def test_a_second_click_on_ajukan_is_told_what_happened(hrd, story):
    batch = story.ready()
    sent = form(story, batch)
    hrd.post(f"/pengajuan/{batch}/ajukan", sent)
    text = hrd.post(f"/pengajuan/{batch}/ajukan", sent, expect=409).text
    assert story.view(batch).number in text


def test_a_locked_batch_leads_from_review_to_tracking(hrd, story):
    batch = story.submitted()
    assert hrd.get(f"/pengajuan/{batch}/tinjau", expect=302).headers["Location"].endswith("/lacak")


def test_a_submission_can_be_withdrawn_with_a_reason_until_it_is_taken(hrd, story):
    batch = story.submitted()
    page = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Tarik kembali menjadi draf" in page
    version = story.view(batch).version
    refused = hrd.post(
        f"/pengajuan/{batch}/tarik", {"version": version, "reason": " "}, expect=422
    ).text
    assert "Alasan penarikan wajib diisi" in refused
    hrd.post(f"/pengajuan/{batch}/tarik", {"version": version, "reason": "Ada baris yang terlewat"})
    assert story.view(batch).state == "draft"
    history = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Ditarik kembali menjadi draf" in history
    assert "Ada baris yang terlewat" in history


def test_a_large_submission_is_withdrawn_by_a_worker_that_is_followed(hrd, story, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_PARTED", 0)
    batch = story.submitted()
    asked = {"version": story.view(batch).version, "reason": " "}
    assert (
        "Alasan penarikan wajib diisi"
        in hrd.post(f"/pengajuan/{batch}/tarik", asked, expect=422).text
    )
    asked["reason"] = "Ada baris yang terlewat"
    here = hrd.post(f"/pengajuan/{batch}/tarik", asked).headers["Location"]
    text = hrd.get(here).text
    assert "<h1>Tarik pengajuan</h1>" in text
    assert "Menyalin baris untuk drafnya" in text
    assert story.view(batch).state == "submitted"
    worker.run_all(story.portal)
    assert "Pengajuan ditarik kembali" in hrd.follow(hrd.get(here, expect=302)).text
    assert story.view(batch).state == "draft"
    hrd.post(f"/pengajuan/{batch}/tarik", asked, expect=409)


def test_what_a_reviewer_has_in_hand_is_withdrawn_too_and_both_keep_what_they_typed(
    hrd, reviewer, story
):
    batch = story.submitted()
    version = story.view(batch).version
    review.take(story.portal, story.reviewer, batch)
    page = hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "Tarik kembali menjadi draf" in page
    assert "Pemeriksanya diberi tahu" in page
    stale = {"version": version, "reason": "Satu baris milik orang lain"}
    refused = hrd.post(f"/pengajuan/{batch}/tarik", stale, expect=409).text
    assert "Satu baris milik orang lain" in refused
    assert story.view(batch).state == "in_review"
    hrd.post(f"/pengajuan/{batch}/tarik", {**stale, "version": version + 1})
    assert story.view(batch).state == "draft"
    late = {"version": version + 1, "verdict": "return", "note": "Fotonya terpotong sebelah"}
    for path in ("baris/2", "sekaligus", "teruskan", "lepas", "batalkan", "selesai",
                 f"baris/2/dokumen/{batch}/status"):  # fmt: skip
        told = reviewer.post(f"/periksa/{batch}/{path}", late | {"scope": "clean"}, expect=409).text
        assert "ditarik kembali oleh HRD" in told, path
        assert "Fotonya terpotong sebelah" in told, path


def test_who_decided_what_is_told_to_hrd_by_the_office_and_to_reviewers_by_name(
    hrd, reviewer, second, story
):
    batch = story.taken()
    late = {"version": story.view(batch).version, "reason": "Satu baris milik orang lain"}
    for state in ("sedang diperiksa", "disetujui"):
        told = hrd.post(f"/pengajuan/{batch}/tarik", late | {"version": 1}, expect=409).text
        assert "Contoh Raya" in told
        assert "Bayu" not in told
        assert "Satu baris milik orang lain" in told
        told = second.post(f"/periksa/{batch}/selesai", late, expect=409).text
        assert f"{state} oleh Bayu Teladan" in told
        if state == "sedang diperiksa":
            story.verdict(batch, "rest", "approve")
            story.decide(batch)


def test_a_reviewer_comes_to_no_page_of_submitting(reviewer, story):
    batch = story.submitted()
    reviewer.get(f"/pengajuan/{batch}/tinjau", expect=403)
    assert "baris diajukan" in reviewer.get(f"/pengajuan/{batch}/tanda-terima").text


def test_an_admin_reopens_a_decision_and_everybody_reads_that_it_no_longer_holds(
    admin, hrd, reviewer, story
):
    batch = story.submitted()
    number = story.view(batch).number
    asked = f"/admin/buka-kembali?nomor={number}"
    assert "belum diputuskan" in admin.get(asked).text
    review.take(story.portal, story.reviewer, batch)
    review.give_verdicts(
        story.portal, story.reviewer, batch, version=None, rows="rest", verdict="reject",
        reason="KTP milik orang lain",
    )  # fmt: skip
    review.decide(story.portal, story.reviewer, batch, version=None)
    page = admin.get(asked).text
    assert "Alasan membuka kembali" in page
    assert "KTP milik orang lain" not in page  # an admin is shown counts, nobody's data
    sent = {"version": story.view(batch).version, "number": number, "reason": " "}
    refused = admin.post("/admin/buka-kembali", sent, expect=422).text
    assert "Alasan membuka kembali wajib diisi" in refused
    sent["reason"] = "Keliru membaca KTP baris 2"
    answer = admin.follow(admin.post("/admin/buka-kembali", sent)).text
    assert f"{number} kembali ke antrean sebagai revisi 2." in answer
    again = admin.post("/admin/buka-kembali", sent, expect=409).text
    assert "belum diputuskan" in again
    for somebody in (hrd, reviewer):
        page = somebody.get(f"/pengajuan/{batch}/lacak").text
        assert "tidak berlaku lagi" in page
        assert "Keputusan dibuka kembali" in page
        assert "Keliru membaca KTP baris 2" in page
        assert "Tidak berlaku lagi" in page  # beside the record of the decision
    admin.get("/admin/buka-kembali?nomor=PKD-1", expect=422)
    hrd.get("/admin/buka-kembali", expect=403)


def test_an_admin_is_told_how_far_a_worker_is_with_reopening_a_large_batch(
    admin, reviewer, story, monkeypatch
):
    monkeypatch.setattr(review_works, "LARGE", 1)
    batch = story.taken(phones(2))
    story.verdict(batch, [2, 3], "reject", "KTP milik orang lain")
    review.decide(story.portal, story.reviewer, batch, version=None)
    number = story.view(batch).number
    asked = f"/admin/buka-kembali?nomor={number}"
    sent = {"version": story.view(batch).version, "number": number, "reason": "Keliru"}
    assert admin.post("/admin/buka-kembali", sent, expect=302).headers["Location"] == asked
    waits = admin.get(asked).text
    assert "Membuka kembali keputusan atas 2 baris" in waits
    assert f'hx-get="{asked}"' in waits
    assert "Alasan membuka kembali" not in waits
    refused = admin.post("/admin/buka-kembali", sent, expect=409).text
    assert "masih dikerjakan portal" in refused
    worker.run_all(story.portal)
    done = admin.get(asked).text
    assert f"{number} kembali ke antrean sebagai revisi 2." in done
    assert "hx-get" not in done.partition("<main")[2]
    assert "tidak berlaku lagi" in reviewer.get(f"/pengajuan/{batch}/lacak").text


def test_a_reason_typed_in_an_old_tab_is_not_lost_when_the_draft_has_changed(hrd, story):
    batch = story.draft()
    form = {"reason": "Aslinya <dibawa> ke cabang", "kind": "", "rows": "", "version": "99"}
    page = f"/pengajuan/{batch}/dokumen/alasan"
    same = {"Sec-Fetch-Site": "same-origin"}
    text = hrd.post(page, form, expect=409, headers=same).text
    assert "keadaannya sudah berubah" in text
    assert "Yang sudah Anda ketik" in text
    assert "Aslinya &lt;dibawa&gt; ke cabang</textarea>" in text
    other = hrd.post(page, form, expect=409, headers={"Sec-Fetch-Site": "cross-site"}).text
    assert "dibawa" not in other
