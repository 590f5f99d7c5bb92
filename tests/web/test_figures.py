"""Ikhtisar: each figure drawn, as a table, and as a workbook."""

import io

import openpyxl

from tests.web.story import story  # noqa: F401 - a fixture


def test_each_figure_is_drawn_with_its_table_and_its_workbook(hrd, reviewer, admin, story):
    batch = story.taken()
    story.verdict(batch, "rest", "approve")
    story.decide(batch)
    company = story.view(batch).company_name
    for client in (hrd, reviewer, admin):
        text = client.get("/ikhtisar").text
        assert 'role="img" aria-label="Baris disetujui per pekan: ' in text
        assert text.count("/ikhtisar/") == 5, "no row has had a finding"
        assert f'aria-label="Baris dikembalikan, menurut perusahaan: {company} 0"' in text
        assert text.count("Belum ada yang dapat digambar.") == 2, "nor does any batch wait"
    answer = reviewer.get("/ikhtisar/perusahaan.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Perusahaan", "Dikembalikan", "Baris", "Persen dikembalikan"],
        [company, 0, 4, 0],
    ]
    reviewer.get("/ikhtisar/lain.xlsx", expect=404)
