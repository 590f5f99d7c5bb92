"""The template: bounded, checked as one types, filled with people as text."""

import io
from datetime import date

import openpyxl
import pytest

from hr_portal.adapters.spreadsheets.template import ROWS, make_template
from hr_portal.domain.checking import check_row
from hr_portal.domain.fields import FIELD, FIELDS, REQUIRED_KEYS, field_by_header

LAYOUTS = ("per-correction", "per-employee")
PERSON = {"kpj": "09999990017", "nik": "3171014508909013", "nama": "=1+1", "hp": "081200000001"}


def sheet_of(*arguments):
    return openpyxl.load_workbook(io.BytesIO(make_template(*arguments)))["Koreksi"]


def rules(sheet):
    """The validation of each column, by header."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        found[sheet.cell(1, area.min_col).value] = (rule, area)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_column_says_what_belongs_in_it_over_a_bounded_range(layout):
    sheet = sheet_of(layout)
    found = rules(sheet)
    assert set(found) == {cell.value for cell in sheet[1]}
    for header, (rule, area) in found.items():
        assert (area.min_row, area.max_row) == (2, ROWS + 1)
        assert rule.prompt or header in {"No", "Gelar (Menjadi)"}, header
        assert rule.errorStyle in {None, "warning"}
    assert sheet.max_row == ROWS + 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_identifiers_have_a_length_and_dates_a_calendar(layout):
    found = rules(sheet_of(layout))
    assert "LEN(C2)=16" in found["NIK"][0].formula1
    assert "LEN(B2)=11" in found["KPJ"][0].formula1
    assert "DAY(DATE(" in found["Tanggal Lahir"][0].formula1
    if layout == "per-employee":
        dates = [f"{field.label} (Menjadi)" for field in FIELDS if field.kind == "date"]
        assert all('"HAPUS"' in found[header][0].formula1 for header in dates)


def test_what_the_rules_take_passes_and_what_they_refuse_does_not():
    found = rules(sheet_of("per-employee"))
    for header, (rule, _area) in found.items():
        new = header.endswith("(Menjadi)")
        said = f"{rule.formula1} {rule.prompt}"
        required = header in {f"{FIELD[key].label} (Menjadi)" for key in REQUIRED_KEYS}
        assert ("HAPUS" in said) == (new and not required), header
        assert ("TIDAK BERUBAH" in said) == (new and rule.type in {"list", "custom"}), header
        assert len(rule.formula1 or "") <= 255, "Excel takes no more"
    country, _area = found["Kewarganegaraan (Menjadi)"]
    assert (country.formula1, country.showErrorMessage) == ('"WNI,HAPUS,TIDAK BERUBAH"', False)
    for header, (rule, _area) in found.items():
        if rule.type == "list":
            key = field_by_header(header.removesuffix(" (Menjadi)")).key
            for choice in rule.formula1.strip('"').split(","):
                asked = {**PERSON, "kk": "3171011203159001", ("after", key): choice}
                codes = check_row(asked, today=date(2026, 11, 21)).findings.code
                assert "COD-01" not in codes, (header, choice)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_people_are_filled_in_as_text_below_the_example(layout):
    sheet = sheet_of(layout, [PERSON, {**PERSON, "kpj": "09999990025"}])
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=3, max_row=4)]
    assert [row["KPJ"].value for row in rows] == ["09999990017", "09999990025"]
    for row in rows:
        assert (row["Nama Lengkap"].value, row["Nama Lengkap"].data_type) == ("=1+1", "s")
        assert all(cell.number_format == "@" for cell in row.values())
        new = [cell for header, cell in row.items() if "Menjadi" in header]
        assert new
        assert not any(cell.value for cell in new)
    assert sheet.max_row == ROWS + 3
    if layout == "per-employee":
        assert rows[0][FIELD["hp"].label].value == "081200000001"
