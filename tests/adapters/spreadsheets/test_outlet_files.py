"""What leaves by an outlet is text: no spreadsheet runs what somebody typed into a name."""

import csv
import io
import json

import openpyxl
import pytest

from hr_portal.adapters.spreadsheets import outlet_files

FORMULAS = [
    '=HYPERLINK("http://127.0.0.1:9";"x")', "+6281290000001", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1",
    "\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)",
]  # fmt: skip
PLAIN = ["SITI CONTOHAN", "0812-9000-0001", "Jl. Misal 1 = 2", "", "'n"]


@pytest.mark.parametrize("value", FORMULAS + PLAIN)
def test_a_value_is_no_formula_in_any_file(value):
    made = {form: outlet_files.write(form, ["MENJADI"], [[value]]) for form in ("csv", "json")}
    text = made["csv"].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1] == [
        f"'{value}" if value in FORMULAS else value
    ]
    assert json.loads(made["json"]) == [{"MENJADI": value}]
    book = openpyxl.load_workbook(
        io.BytesIO(outlet_files.write("xlsx", ["MENJADI"], [[value, "x"]]))
    )
    assert {cell.data_type for row in book.active for cell in row if cell.value} == {"s"}
    book.close()
