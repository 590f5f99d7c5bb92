"""A large batch in ten clicks or keys."""

import pytest

from tests.browser import acts

MOST = 10
"""Clicks or keys for 500 approved rows and 12 returned with one reason (product.md)."""
COUNTER = """
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, (event) => {
    if (event.isTrusted) sessionStorage.acts = 1 + Number(sessionStorage.acts || 0);
  }, true);
}
"""


@pytest.fixture
def bayu(visit, site):
    return visit().arrives_as(site.bayu)


def test_500_rows_approved_and_12_returned_with_one_reason_take_ten_clicks_or_keys(site, bayu):
    header, *rows = site.sheet(512).decode().splitlines()
    for place in range(12):  # a date of birth that the NIK tells otherwise: confirmed by HRD
        cells = rows[place * 40].split(";")
        cells[3] = f"{(int(cells[3][:2]) % 28) + 1:02}{cells[3][2:]}"
        rows[place * 40] = ";".join(cells)
    site.submitted("\r\n".join([header, *rows, ""]).encode())
    bayu.page.add_init_script(COUNTER)
    bayu.goto("/antrean")
    page = bayu.page
    bayu.press("Ambil berikutnya")
    page.get_by_text("Putuskan 512 baris sekaligus").click()
    bayu.press("Kembalikan atau tolak …")
    page.get_by_label("Yang menunggu dengan temuan: 12 baris").check()
    page.get_by_label("Alasan", exact=True).focus()
    page.keyboard.press("ArrowDown")
    bayu.press("Kembalikan")
    bayu.sees("500 dari 512 baris menunggu keputusan")
    page.get_by_text("Putuskan 500 baris sekaligus").click()
    bayu.press("Setujui 500 baris")
    bayu.sees("Semua 512 baris sudah diputuskan")
    acts.decide(bayu)
    bayu.sees("12 dari 512 baris dikembalikan")
    assert int(page.evaluate("sessionStorage.acts")) <= MOST
