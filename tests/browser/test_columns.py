"""The question of what columns are, answered with the mouse and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser import acts, sheets
from tests.browser.looking import look
from tests.browser.test_keyboard import Typist


@pytest.fixture
def rahma(visit, site):
    """An HRD officer with a file that is not like the template."""
    return visit().arrives_as(site.rahma)


def file(content, name="kartu.xlsx"):
    return {"name": name, "mimeType": sheets.XLSX, "buffer": content}


def test_a_column_is_confirmed_once_and_the_next_file_goes_straight_through(rahma):
    rahma.goto("/pengajuan/baru")
    acts.choose(rahma, file(sheets.unclear(sheets.sound(4))))
    rahma.sees("Pastikan isi 2 kolom")
    look(rahma.page)
    rahma.press("Periksa 4 baris")
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")
    rahma.goto("/pengajuan/baru")
    acts.choose(rahma, file(sheets.unclear(sheets.sound(3, 200)), "kartu-2.xlsx"))
    rahma.reads("Kolom dibaca seperti unggahan")
    rahma.press("Ubah arti kolom")
    rahma.sees("Periksa isi setiap kolom")
    look(rahma.page)
    rahma.press("Kembali tanpa mengubah")
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")


def test_an_answer_that_makes_no_table_is_said_and_mended(rahma):
    rahma.goto("/pengajuan/baru")
    acts.choose(rahma, file(sheets.unclear(sheets.sound(3))))
    rahma.sees("Pastikan isi 2 kolom")
    rahma.page.get_by_label("Isi kolom A No Kartu").select_option(label="Abaikan kolom ini")
    rahma.expected |= {422}
    rahma.press("Periksa 3 baris")
    expect(rahma.page.get_by_role("alert")).to_be_focused()
    rahma.reads("Kolom wajib ini belum ada: KPJ")
    look(rahma.page)
    rahma.page.get_by_label("Isi kolom A No Kartu").select_option(label="No KPJ")
    rahma.press("Periksa 3 baris")
    rahma.reads("Tidak ada lagi yang perlu diperbaiki")


def test_a_sheet_is_chosen_with_the_keyboard_alone(rahma):
    rahma.goto("/pengajuan/baru")
    acts.choose(rahma, file(sheets.two_sheets(), "bulanan.xlsx"))
    rahma.sees("Pilih lembar yang berisi koreksi")
    typist = Typist(rahma)
    typist.tab_to(rahma.page.get_by_label("Januari"))
    rahma.page.keyboard.press("ArrowDown")
    expect(rahma.page.get_by_label("Februari")).to_be_checked()
    typist.press("Baca lembar ini")
    rahma.sees("Semua 3 baris lolos pemeriksaan")


def test_columns_are_answered_with_the_keyboard_alone(rahma):
    rahma.goto("/pengajuan/baru")
    acts.choose(rahma, file(sheets.unclear(sheets.sound(3))))
    rahma.sees("Pastikan isi 2 kolom")
    typist = Typist(rahma)
    box = rahma.page.get_by_label("Isi kolom A No Kartu")
    typist.tab_to(box)
    rahma.page.keyboard.press("ArrowUp")
    expect(box).to_have_value("abaikan")
    rahma.page.keyboard.press("ArrowDown")
    expect(box).to_have_value("kpj")
    typist.press("Periksa 3 baris")
    rahma.sees("Semua 3 baris lolos pemeriksaan")
