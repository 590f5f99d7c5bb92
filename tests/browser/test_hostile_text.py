"""Text that looks like markup is text, wherever somebody wrote it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import acts, sheets

IMAGE = "<img src=x onerror=alert(document.domain)>"
SCRIPT = "<script>alert(document.domain)</script>"
QUOTED = "\"'><svg onload=alert(document.domain)>"
_FOREIGN = """() => [...document.querySelectorAll("[onerror], [onload], img[src=x], script:not([src])")]
  .map(one => one.outerHTML)"""


@pytest.fixture
def calm():
    """Holds a page to having no node that somebody's text has made."""

    def check(someone, *texts):
        for text in texts:  # names are tidied into capitals
            shown = re.compile(re.escape(text), re.IGNORECASE)
            expect(someone.page.locator("body")).to_contain_text(shown)
        assert someone.page.evaluate(_FOREIGN) == []

    return check


def test_markup_in_names_values_and_files_is_shown_as_typed(visit, site, calm):
    hrd = visit()
    hrd.sign_in_as("HRD")
    rows = sheets.sound(3)
    rows[0][sheets.NAME] = IMAGE
    rows[1][sheets.NAME] = SCRIPT
    rows[2][sheets.DATA], rows[2][sheets.BEFORE] = "Tempat Lahir", "BOGOR"
    rows[2][sheets.AFTER], rows[2][sheets.REASON] = QUOTED, IMAGE
    acts.upload(hrd, sheets.file(rows, f"{IMAGE}.xlsx"))
    hrd.page.wait_for_url("**/hasil")
    calm(hrd, f"{IMAGE}.xlsx")
    result = hrd.path
    hrd.goto(f"{result}?tampil=all")
    calm(hrd, IMAGE, SCRIPT, QUOTED)
    hrd.page.get_by_label("Cari nama").fill(SCRIPT)
    hrd.page.get_by_label("Cari nama").press("Enter")
    hrd.page.wait_for_url("**cari=*")
    calm(hrd, SCRIPT)
    expect(hrd.page.get_by_label("Cari nama")).to_have_value(SCRIPT)
    for row, text in ((2, IMAGE), (3, SCRIPT), (4, QUOTED)):
        hrd.goto(result.replace("hasil", f"baris/{row}"))
        calm(hrd, text)
        hrd.press("Tampilkan utuh (dicatat)")
        calm(hrd, text)

    hrd.goto(result.replace("hasil", "dokumen"))
    acts.choose(hrd, sheets.card(f"{IMAGE}.jpg"))
    hrd.reads("1 dokumen menunggu di baki")
    calm(hrd, f"{IMAGE}.jpg")
    hrd.goto("/pengajuan")
    calm(hrd)
    hrd.goto(result.replace("hasil", "tinjau"))
    calm(hrd, IMAGE, SCRIPT)


def test_markup_in_reasons_is_shown_as_typed_to_the_other_side(visit, site, calm):
    rows = sheets.sound(3)
    rows[0][sheets.AFTER] = rows[0][sheets.BEFORE]  # asks to be confirmed
    batch = site.draft(sheets.file(rows)["buffer"], name=f"{QUOTED[2:]}.xlsx")
    hrd, lestari = visit().arrives_as(site.rahma), visit().arrives_as(site.lestari)
    hrd.goto(f"/pengajuan/{batch}/hasil")
    acts.confirm(hrd, "Pastikan 1 temuan", SCRIPT)
    hrd.press("Lanjut ke Dokumen")
    acts.issue(hrd)
    acts.go_on(hrd)
    acts.submit(hrd, 3)

    lestari.goto("/")
    lestari.press("Ambil berikutnya")
    lestari.sees("3 dari 3 baris menunggu keputusan")
    calm(lestari, SCRIPT)
    acts.key(lestari, "k")
    lestari.page.get_by_label("Keterangan untuk HRD").fill(IMAGE)
    lestari.page.keyboard.press("Control+Enter")
    lestari.sees("2 dari 3 baris menunggu keputusan")
    lestari.page.get_by_text("Putuskan 2 baris sekaligus").click()
    lestari.press("Setujui 2 baris")
    lestari.sees("Semua 3 baris sudah diputuskan")
    calm(lestari, IMAGE)
    acts.decide(lestari)
    calm(lestari, IMAGE)
    hrd.goto(f"/pengajuan/{batch}/lacak")
    calm(hrd, IMAGE)


def test_markup_in_what_an_admin_types_is_shown_as_typed(visit, site, calm):
    admin = visit().arrives_as(site.admin)
    admin.goto("/admin/kantor-cabang")
    admin.page.get_by_label("Nama", exact=True).fill(IMAGE)
    admin.page.get_by_label("Kota").fill(SCRIPT)
    admin.press("Tambah kantor cabang")
    admin.reads("ditambahkan.")
    calm(admin, IMAGE, SCRIPT)


def test_an_address_with_markup_makes_nothing(visit, site, calm):
    hrd = visit().arrives_as(site.rahma)
    hrd.expected |= {404}
    for path in (f"/pengajuan/{SCRIPT}", f"/masuk?next={QUOTED}", f"/pengajuan?status={IMAGE}"):
        hrd.goto(path)
        calm(hrd)
