"""Nomor surat: how they are made, those used elsewhere, and the register."""

import io

import openpyxl

from hr_portal.services import letters
from tests.web.story import story  # noqa: F401 - a fixture


def test_a_company_sets_its_numbering_and_sees_the_next_number(hrd, story):
    address = f"/perusahaan/{story.people.company_id}/nomor-surat"
    assert "Nomor berikutnya hari ini" in hrd.get(address).text
    form = {
        "series": "permohonan", "pattern": "{urut:04}/SDM/{tahun}", "reset": "year", "start": "12",
        "code": "SPK",
    }  # fmt: skip
    page = hrd.follow(hrd.post(address, form)).text
    assert "Penomoran disimpan" in page
    assert "0012/SDM/" in page
    page = hrd.post(address, {**form, "pattern": "{tahun}"}, expect=422).text
    assert "Pola nomor belum memuat {urut}" in page
    assert 'value="{tahun}"' in page


def test_a_number_used_elsewhere_is_noted_once_and_stands_in_the_register(hrd, story):
    company = story.people.company_id
    letter = letters.issue(story.portal, story.hrd, story.draft(), wait=False)
    form = {"series": "permohonan", "number": "SK-17", "used_on": "2026-11-02", "note": "=Word"}
    page = hrd.follow(hrd.post(f"/perusahaan/{company}/nomor-luar", form)).text
    assert "tidak mengikuti pola" in page
    assert "SK-17" in page
    refused = hrd.post(f"/perusahaan/{company}/nomor-luar", form, expect=422).text
    assert "sudah terpakai atau sudah tercatat" in refused
    sheet = openpyxl.load_workbook(io.BytesIO(hrd.get("/surat/daftar.xlsx").data)).active
    numbers = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(numbers) == {letter.number, "SK-17"}
    assert numbers["SK-17"][9].value == "=Word"
    assert numbers["SK-17"][9].data_type == "s"


def test_a_number_of_the_pattern_takes_its_place_in_the_series(hrd, story):
    letter = letters.issue(story.portal, story.hrd, story.draft(), wait=False)
    number = letter.number.replace("001", "002", 1)
    page = hrd.follow(
        hrd.post(
            f"/perusahaan/{story.people.company_id}/nomor-luar",
            {"series": "permohonan", "number": number, "used_on": letter.issued_on.isoformat()},
        )
    ).text
    assert "nomor urut 2 dilewati" in page
