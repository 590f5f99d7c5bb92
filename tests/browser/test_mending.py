"""An officer mends in the browser: 400 rows in three clicks, cells by keyboard, a pasted block."""

import pytest
from playwright.sync_api import expect

from hr_portal.services import mending
from tests.browser import sheets
from tests.web.story import PER_CORRECTION, workbook

COUNT = 400
WHOLE = "one => one === document.activeElement"


class Counting:
    """Presses what a visitor would, and counts it."""

    def __init__(self, visitor):
        self.visitor, self.clicks = visitor, 0

    def press(self, name):
        self.visitor.press(name)
        self.clicks += 1


def without_zero(count):
    rows = sheets.sound(count)
    for row in rows:
        row[sheets.KPJ] = int(row[sheets.KPJ])
    return workbook(PER_CORRECTION, rows).getvalue()


def cell(page, row, column):
    return page.locator(f'tr[data-r="{row}"] td[data-c="{column}"]')


def paste(page, text):
    """Paste what was copied in Excel where the focus is."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


@pytest.fixture
def hrd(visit, site):
    return visit().arrives_as(site.rahma)


@pytest.fixture
def faulty(site):
    """Ten rows; the new phone of row 4 is a fixed line, rows 3 and 5 have damaged NIKs."""
    rows = sheets.as_first_written()
    return site.draft(workbook(PER_CORRECTION, rows).getvalue(), name="koreksi.xlsx")


def test_400_rows_with_the_same_fault_are_mended_in_three_clicks(hrd, site):
    batch = site.draft(without_zero(COUNT), name="koreksi.xlsx")
    hrd.goto(f"/pengajuan/{batch}/hasil")
    hrd.sees("400 dari 400 baris perlu diperbaiki")
    mouse = Counting(hrd)
    mouse.press("Terapkan 400 usulan")
    hrd.sees("Terapkan 400 usulan: Angka 0 di depan hilang")
    mouse.press("Terapkan 400 usulan")
    hrd.reads("400 sel diperbaiki")
    hrd.sees("Semua 400 baris lolos pemeriksaan")
    assert mouse.clicks <= 3
    hrd.press("Batalkan")
    hrd.sees("400 dari 400 baris perlu diperbaiki")


def test_cells_are_mended_with_the_keyboard_alone(hrd, faulty):
    page = hrd.page
    hrd.goto(f"/pengajuan/{faulty}/hasil")
    hrd.sees("3 dari 10 baris perlu diperbaiki")
    page.get_by_role("link", name="Ketik ulang Menjadi baris 4").click()
    page.keyboard.press("Escape")
    target = cell(page, 4, sheets.AFTER)
    expect(target).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 3, sheets.AFTER)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("0215550")
    expect(target.get_by_role("status")).to_contain_text("Tidak valid")
    page.keyboard.press("Control+a")
    page.keyboard.type("081290000999")
    expect(target.get_by_role("status")).to_contain_text("Tidak ada temuan")
    page.keyboard.press("Enter")
    expect(cell(page, 5, sheets.AFTER)).to_be_focused()
    hrd.sees("2 dari 10 baris perlu diperbaiki")
    expect(target).not_to_have_attribute("data-s", "err")
    # still the second of those to do, after the headers
    expect(page.locator('tr[data-r="4"]')).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("F2")
    page.keyboard.type("x")
    page.keyboard.press("Escape")  # leaves it as it was
    hrd.goto(f"/pengajuan/{faulty}/hasil")
    hrd.reads("1 sel diperbaiki")
    hrd.press("Batalkan")
    hrd.sees("3 dari 10 baris perlu diperbaiki")


def test_a_masked_cell_is_typed_anew_or_shown_on_purpose(hrd, faulty, site):
    page = hrd.page
    hrd.goto(f"/pengajuan/{faulty}/hasil")
    nik = sheets.sound()[1][sheets.NIK]
    page.get_by_role("link", name="Ketik ulang NIK baris 3").click()
    target = cell(page, 3, sheets.NIK)
    box = target.get_by_role("textbox")
    expect(box).to_have_value("")
    target.get_by_role("button", name="Tampilkan (dicatat)").click()
    expect(box).to_have_value(nik[:15] + "0")
    box.fill(nik)
    page.keyboard.press("Enter")
    hrd.sees("2 dari 10 baris perlu diperbaiki")
    hrd.goto(f"/pengajuan/{faulty}/lacak")
    hrd.reads("ditampilkan lengkap")


def test_a_block_copied_in_excel_is_previewed_and_pasted(hrd, faulty):
    page = hrd.page
    hrd.goto(f"/pengajuan/{faulty}/hasil?tampil=all")
    cell(page, 4, sheets.AFTER).click()
    expect(cell(page, 4, sheets.AFTER)).to_be_focused()
    paste(page, "081290000901\r\n081290000902\r\n")
    hrd.sees("Tempel ke 2 sel")
    hrd.press("Tempel ke 2 sel")
    hrd.reads("2 sel diperbaiki")
    hrd.sees("2 dari 10 baris perlu diperbaiki")


def test_a_column_that_the_file_lacks_is_added_and_a_block_pasted_into_it(hrd, site):
    rows = [
        [kpj, nik, name, "Nama", name, f"{name} A"]
        for kpj, nik, name, *_rest in sheets.as_first_written()[5:8]
    ]
    heads = ("No KPJ", "NIK", "Nama", "Data", "Semula", "Menjadi")
    batch = site.draft(workbook(heads, rows).getvalue(), name="tanpa-kk.xlsx")
    page = hrd.page
    page.set_viewport_size({"width": 1000, "height": 800})
    hrd.goto(f"/pengajuan/{batch}/hasil")
    hrd.press("Tambah kolom No KK di sini")
    hrd.reads("Kolom No KK ditambahkan")
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide), "a table that is too wide scrolls in its own box"
    cell(page, 2, 6).click()
    paste(page, "3171010101019001\r\n3171010101019002\r\n3171010101019003\r\n")
    hrd.press("Tempel ke 3 sel")
    hrd.reads("3 sel diperbaiki")
    expect(page.get_by_text("REQ-01")).to_have_count(0)


def test_somebody_else_was_quicker_and_what_was_typed_stays(visit, site, hrd, faulty):
    other = visit().arrives_as(site.surya)
    for one in (hrd, other):
        one.goto(f"/pengajuan/{faulty}/hasil")
    other.page.get_by_role("link", name="Ketik ulang Menjadi baris 4").click()
    other.page.get_by_role("textbox").last.fill("081290000901")
    other.page.keyboard.press("Enter")
    other.sees("2 dari 10 baris perlu diperbaiki")
    hrd.expected.add(409)
    hrd.page.get_by_role("link", name="Ketik ulang Menjadi baris 4").click()
    hrd.page.get_by_role("textbox").last.fill("081290000902")
    hrd.page.keyboard.press("Enter")
    target = cell(hrd.page, 4, sheets.AFTER)
    expect(target.get_by_role("textbox")).to_have_value("081290000902")
    expect(target.get_by_role("status")).to_contain_text("sudah berubah")
    hrd.sees("2 dari 10 baris perlu diperbaiki")  # what the other did
    hrd.page.keyboard.press("Enter")
    expect(target).not_to_contain_text("sudah berubah")
    expect(target).to_contain_text("0902")


def test_a_refused_cell_waits_for_who_types_in_another_by_then(site, hrd, faulty):
    page, held = hrd.page, []
    hrd.goto(f"/pengajuan/{faulty}/hasil")
    page.route("**/sel/*", lambda route: held.append(route))  # noqa: PLW0108 - a bound method won't do
    page.get_by_role("link", name="Ketik ulang Menjadi baris 4").click()
    page.get_by_role("textbox").last.fill("081290000902")
    page.keyboard.press("Enter")
    below = cell(page, 5, sheets.AFTER)
    expect(below).to_be_focused()
    page.keyboard.type("0812900")
    typing = below.get_by_role("textbox")
    expect(typing).to_have_value("0812900")
    mending.edit_cells(site.portal, site.surya, faulty, {(4, sheets.AFTER): "081290000901"})
    hrd.expected.add(409)
    held.pop().continue_()
    refused = cell(page, 4, sheets.AFTER)
    expect(refused).to_contain_text("sudah berubah")
    expect(typing).to_be_focused()
    page.keyboard.type("00905")
    expect(typing).to_have_value("081290000905")
    page.unroute("**/sel/*")
    hrd.sees("2 dari 10 baris perlu diperbaiki")
    page.keyboard.press("Enter")
    expect(typing).to_have_count(0)
    refused.dblclick()
    expect(refused.get_by_role("textbox")).to_have_value("081290000902")
    page.keyboard.press("Enter")
    expect(refused).not_to_contain_text("sudah berubah")
    expect(refused).to_contain_text("0902")


def test_without_script_a_cell_has_a_page_of_its_own(visit, site, faulty):
    hrd = visit(script=False).arrives_as(site.rahma)
    hrd.goto(f"/pengajuan/{faulty}/hasil")
    hrd.page.get_by_role("link", name="Ketik ulang Menjadi baris 4").click()
    hrd.sees("Ubah Menjadi, baris 4")
    hrd.page.get_by_label("Menjadi (sel H4)").fill("081290000999")
    hrd.press("Simpan dan periksa")
    hrd.sees("2 dari 10 baris perlu diperbaiki")
