"""Workbooks in the forms of Excel, WPS, Google Sheets and Numbers: read exactly, given back."""

import csv
import io
import subprocess

import pytest

from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.table import Kind
from tests.adapters.spreadsheets.annotating import (
    annotated,
    assert_relations,
    assert_sound,
    parts_of,
    report_on,
)
from tests.adapters.spreadsheets.programs import FINDS, HEADERS, PROGRAMS, ROWS
from tests.adapters.spreadsheets.test_both_gears import plain

MADE = {name: make() for name, make in PROGRAMS.items()}
OURS = ("sheetPortal.xml", "commentsPortal.xml", "vmlDrawingPortal.vml", "docProps/custom.xml")
"""Parts that are new in a workbook given back."""
CHANGED = (
    "docProps/custom.xml",
    "[Content_Types].xml",
    ".rels",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/comments1.xml",
    "vmlDrawing1.vml",
)
"""Parts that know of the new ones, or hold formats and comments; beside the sheet itself."""

programs = pytest.mark.parametrize("name", MADE)


@programs
def test_every_cell_of_every_program_is_read_exactly(name):
    data = MADE[name]
    report = report_on(data)
    table = report.table
    held = dict(zip(table.headers, table.columns, strict=True))
    assert [
        held[header].values[row].replace("\r", "") for header in HEADERS for row in range(3)
    ] == [
        "1990-08-05" if header == "Tanggal Lahir" else cells[at]
        for at, header in enumerate(HEADERS)
        for cells in ROWS
    ]
    assert set(held["Tanggal Lahir"].kinds.tolist()) == {Kind.DATE}
    assert set(held["NIK"].kinds.tolist()) == {Kind.TEXT}
    found = [(f.code, f.row) for f in report.findings if f.code in {"NIK-01", "EML-01"}]
    assert found == FINDS
    others = sorted(f.code for f in report.findings if (f.code, f.row) not in FINDS)
    assert others in (["NAM-07"], ["CELL-17", "NAM-07"], ["CELL-17", "FIL-09", "NAM-07"])
    slow, quick = (
        XlsxReader(inspect(data, "uji.xlsx"), DEFAULT_LIMITS, quick=quick)
        for quick in (False, True)
    )
    for place in slow.book.sheets:
        assert plain(slow.read(place)) == plain(quick.read(place))


@programs
def test_the_workbook_of_every_program_comes_back_with_all_its_parts(name):
    data = MADE[name]
    out = annotated(data)
    before, after = parts_of(data), parts_of(out)
    if name == "excel-strict":  # the judge knows the other namespace only
        for part, content in after.items():
            if part.endswith(".rels"):
                assert_relations(part, content, after)
    else:
        assert_sound(out)
    assert set(before) <= set(after)
    assert all(part.endswith(OURS) or part.endswith(".rels") for part in set(after) - set(before))
    changed = [
        part for part in before if before[part] != after[part] and not part.endswith(CHANGED)
    ]
    assert len(changed) == 1  # the sheet of the table
    assert changed[0].startswith("xl/worksheets/sheet")
    was, again = report_on(data), report_on(out)
    assert again.findings.code == was.findings.code
    assert again.table.row_numbers.tolist() == was.table.row_numbers.tolist()
    assert len(again.table.own_columns) == 2
    if name == "wps":
        assert b"KSOProductBuildVer" in after["docProps/custom.xml"]


@pytest.mark.libreoffice
def test_libreoffice_opens_what_comes_back_of_every_program(require, tmp_path):
    program = require("libreoffice")
    for name, data in MADE.items():
        (tmp_path / f"{name}.xlsx").write_bytes(annotated(data))
    subprocess.run(
        [program, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "--outdir", tmp_path / "lo",
         *(tmp_path / f"{name}.xlsx" for name in MADE)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for name in MADE:
        sheets = {
            path.name: path.read_text("utf-8") for path in (tmp_path / "lo").glob(f"{name}-*.csv")
        }
        rows = [row for text in sheets.values() for row in csv.reader(io.StringIO(text))]
        of_people = [row for row in rows if ROWS[2][2] in row]
        assert of_people, name
        assert "Tidak valid" in of_people[0], name
        assert any(path.endswith("-Ringkasan.csv") for path in sheets), name
