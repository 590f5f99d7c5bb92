"""Impatient people press twice; it happens once."""

from playwright.sync_api import expect

from tests.browser import acts, sheets


def _count(site):
    from hr_portal.services import batch_views

    return batch_views.list_batches(site.portal, site.rahma).total


def test_a_file_chosen_twice_in_a_hurry_makes_one_batch(visit, site):
    hrd = visit().arrives_as(site.rahma)
    hrd.goto("/pengajuan/baru")
    field = hrd.page.locator("input[type=file]")
    field.set_input_files(sheets.file(sheets.sound(3)))
    hrd.page.evaluate(
        """() => {const form = document.querySelector("form[data-upload]");
        if (form) {form.requestSubmit(); form.requestSubmit();}}"""
    )
    hrd.reads("Tidak ada lagi yang perlu diperbaiki")
    assert _count(site) == 1


def test_a_double_click_on_upload_without_script_makes_one_batch(visit, site):
    hrd = visit(script=False).arrives_as(site.rahma)
    hrd.goto("/pengajuan/baru")
    acts.choose(hrd, sheets.file(sheets.sound(3)))
    hrd.control("Unggah dan periksa").dblclick()
    hrd.sees("Memeriksa koreksi-november.xlsx")
    site.work()
    hrd.goto("/pengajuan")
    hrd.sees("1 pengajuan")
    assert _count(site) == 1


def test_a_double_click_issues_one_letter_and_submits_once(visit, site):
    batch = site.draft()
    site.without_documents(batch)
    hrd = visit().arrives_as(site.rahma)
    hrd.goto(f"/pengajuan/{batch}/surat")
    hrd.control("Terbitkan surat").dblclick()
    hrd.sees("Surat 001/HRD/CSA/XI/2026 sudah terbit")
    acts.go_on(hrd)
    hrd.page.get_by_label("Saya menyetujui pernyataan di atas").check()
    hrd.page.get_by_label("Ketik nama lengkap Anda").fill("Rahma Contohan")
    hrd.control("Ajukan 3 baris").dblclick()
    hrd.sees("3 baris diajukan ke Kantor Cabang Contoh Raya")
    hrd.press("Lacak pengajuan")
    expect(hrd.page.get_by_text("Diajukan: 3 baris, revisi 1")).to_have_count(1)
    hrd.goto("/surat")
    hrd.sees("1 surat pernah terbit")


def test_going_back_to_a_sent_form_shows_where_things_stand(visit, site):
    batch = site.ready()
    hrd = visit().arrives_as(site.rahma)
    hrd.goto(f"/pengajuan/{batch}/tinjau")
    acts.submit(hrd, 3)
    hrd.page.go_back()
    hrd.page.reload()
    hrd.sees("3 baris menunggu pemeriksa")
