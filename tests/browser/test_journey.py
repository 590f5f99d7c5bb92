"""The main job in a browser, by what the screens say: HRD sends, the reviewer decides, HRD mends."""

import hashlib
import re

from playwright.sync_api import expect

from tests.browser import sheets
from tests.browser.looking import look


def test_a_workbook_goes_from_upload_to_decision_and_back(visit, site):
    hrd, reviewer = visit(), visit()
    hrd.sign_in_as("HRD")
    look(hrd.page)
    hrd.sees("Tidak ada yang menunggu Anda")

    # the workbook with its faults
    hrd.press("Buat pengajuan")
    look(hrd.page)
    hrd.page.locator("input[type=file]").set_input_files(sheets.file(sheets.as_first_written()))
    hrd.sees("4 dari 10 baris perlu diperbaiki")
    print(hrd.page.locator("main").inner_text())
    look(hrd.page)
