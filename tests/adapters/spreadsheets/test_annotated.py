"""The user's own workbook back: theirs untouched, ours in its place, sound for every program."""

import csv
import io
import subprocess
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from hr_portal.adapters.spreadsheets.annotated import plain
from hr_portal.adapters.spreadsheets.annotated.marked import find_mark
from hr_portal.adapters.spreadsheets.annotated.of_report import notes_of, order_of
from hr_portal.adapters.spreadsheets.annotated.orders import (
    COMMENT_MARK,
    MAX_COMMENTS,
    SUMMARY_TITLE,
    CellNote,
    RowNote,
)
from hr_portal.adapters.spreadsheets.annotated.styles import FILLS
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.report import Severity
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.annotating import (
    BROKEN,
    annotated,
    assert_sound,
    boxes,
    parts_of,
    report_on,
)

FOLDER = Path(__file__).parents[3] / "samples"
SAMPLES = sorted(FOLDER.glob("*.xlsx"))
CSV_HEAD = "KPJ;NIK;Nama;Data;Menjadi\n"
ERROR_FILL = FILLS["error"].decode()


def opened(data):
    with warnings.catch_warnings():  # openpyxl misses named styles in what a test made by hand
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def readable(path):
    """A sample's bytes, or None where the portal refuses it."""
    data = path.read_bytes()
    try:
        report_on(data, path.name)
    except Exception:  # noqa: BLE001 - samples of refusals raise their verdict
        return None
    return data


def grid(sheet, *, columns=None):
    return {
        cell.coordinate: (cell.value, cell.data_type)
        for row in sheet.iter_rows(max_col=columns)
        for cell in row
        if cell.value is not None
    }


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled_in(rows=(BROKEN,), *, before=0):
    """A workbook of openpyxl with the usual headers and rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Koreksi"
    for _ in range(before):
        sheet.append(["Daftar koreksi PT Contoh"])
    sheet.append(building.HEADERS)
    sheet.append(building.GOOD)
    for row in rows:
        sheet.append(row)
    return book


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_comes_back_sound_with_its_own_cells_untouched(path):
    data = readable(path)
    if data is None:
        return
    report = report_on(data, path.name)
    out = annotated(data, path.name)
    assert_sound(out)
    before, after = opened(data), opened(out)
    assert after.sheetnames[: len(before.sheetnames)] == before.sheetnames
    width = max(openpyxl.utils.column_index_from_string(each) for each in report.table.letters)
    for name in before.sheetnames:
        assert grid(after[name], columns=width) == grid(before[name], columns=width)
    again = report_on(out, path.name)
    assert again.findings.code == report.findings.code
    assert again.table.row_numbers.tolist() == report.table.row_numbers.tolist()


def test_hasil_and_catatan_stand_right_of_the_table_at_its_header_row():
    out = opened(annotated(saved(filled_in(before=2))))
    sheet = out["Koreksi"]
    assert [sheet.cell(3, 8).value, sheet.cell(3, 9).value] == ["Hasil", "Catatan"]
    assert [sheet.cell(row, 8).value for row in (4, 5)] == ["Valid", "Tidak valid"]
    assert sheet.cell(4, 9).value is None
    assert sheet.cell(5, 9).value.startswith(("KPJ-", "NIK-", "EML-"))
    assert "NIK-01: Baris 5, kolom NIK, sel C5" in sheet.cell(5, 9).value


def test_a_faulty_cell_is_coloured_and_says_why_in_a_comment():
    data = saved(filled_in())
    sheet = opened(annotated(data))["Koreksi"]
    hurt = sheet["C3"]
    assert hurt.fill.fgColor.rgb == ERROR_FILL
    assert hurt.font.color.rgb not in {"FFFFFFFF", ERROR_FILL}
    assert hurt.comment.text.startswith(COMMENT_MARK)
    assert "NIK-01: Baris 3, kolom NIK, sel C3" in hurt.comment.text
    assert sheet["C2"].comment is None
    assert sheet["C2"].fill.fill_type is None


def test_an_empty_cell_that_must_be_filled_is_coloured_too():
    rows = building.table_rows(
        ("1", "09999990017", "3171014508909013", "", "Email", "", "a@b.example")
    )
    out = annotated(building.workbook(rows))
    assert_sound(out)
    sheet = opened(out)["Koreksi"]
    assert sheet["D2"].value is None
    assert "NAM-01" in sheet["D2"].comment.text


def test_identifier_columns_become_text_and_a_number_keeps_its_value():
    book = filled_in(())
    sheet = book["Koreksi"]
    sheet["C2"] = 3171014508909010
    sheet["C2"].number_format = "0"
    sheet["C2"].font = Font(bold=True, name="Arial", size=14)
    sheet["C2"].border = Border(top=Side(style="thick"))
    out = annotated(saved(book))
    assert_sound(out)
    cell = opened(out)["Koreksi"]["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == (3171014508909010, "n", "@")
    assert (cell.font.b, cell.font.name, cell.font.sz, cell.border.top.style) == (
        True, "Arial", 14, "thick",
    )  # fmt: skip
    assert b"<v>3171014508909010</v>" in parts_of(out)["xl/worksheets/sheet1.xml"]
    assert opened(out)["Koreksi"].column_dimensions["C"].number_format == "@"
    assert opened(out)["Koreksi"]["D2"].number_format == "General"


def test_white_letters_on_a_dark_fill_stay_readable():
    book = filled_in()
    book["Koreksi"]["C3"].fill = PatternFill("solid", fgColor="FF000000")
    book["Koreksi"]["C3"].font = Font(color="FFFFFFFF", italic=True)
    cell = opened(annotated(saved(book)))["Koreksi"]["C3"]
    assert cell.fill.fgColor.rgb == ERROR_FILL
    assert cell.font.color.rgb != "FFFFFFFF"
    assert cell.font.i is True


def test_formatting_sheets_charts_pictures_rules_and_names_stay():
    book = filled_in()
    sheet = book["Koreksi"]
    sheet.column_dimensions["D"].width = 41
    sheet.row_dimensions[2].height = 33
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = "A1:G3"
    sheet.conditional_formatting.add(
        "A2:A9", CellIsRule("greaterThan", ["1"], fill=PatternFill("solid", bgColor="FFFF0000"))
    )
    rule = DataValidation(type="list", formula1='"Email,NIK"')
    sheet.add_data_validation(rule)
    rule.add("E2:E50")
    sheet["D2"].hyperlink = "https://contoh.example/"
    book.defined_names["Daftar"] = openpyxl.workbook.defined_name.DefinedName(
        "Daftar", attr_text="Koreksi!$A$1:$G$3"
    )
    other = book.create_sheet("Grafik")
    for row in (("a", 1), ("b", 2)):
        other.append(row)
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=2))
    other.add_chart(chart, "D2")
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(picture, "PNG")
    other.add_image(Image(picture), "D20")
    book.create_sheet("Rahasia").sheet_state = "hidden"
    data = saved(book)
    out = annotated(data)
    assert_sound(out)
    before, after = parts_of(data), parts_of(out)
    touched = {
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    for name, content in before.items():
        assert name in after
        if name not in touched:
            assert after[name] == content, name
    kept = opened(out)["Koreksi"]
    assert kept.column_dimensions["D"].width == 41
    assert kept.row_dimensions[2].height == 33
    assert kept.freeze_panes == "E2"
    assert kept.auto_filter.ref == "A1:G3"
    assert [str(each.sqref) for each in kept.conditional_formatting] == ["A2:A9"]
    assert [str(each.sqref) for each in kept.data_validations.dataValidation] == ["E2:E50"]
    assert kept["D2"].hyperlink.target == "https://contoh.example/"
    assert "Daftar" in opened(out).defined_names
    assert opened(out)["Rahasia"].sheet_state == "hidden"
    assert opened(out).active.title == "Koreksi"


def test_comments_of_the_user_stay_and_ours_join_them():
    book = filled_in()
    book["Koreksi"]["C3"].comment = Comment("Tanya Pak Budi", "Rina")
    book["Koreksi"]["A2"].comment = Comment("Nomor urut", "Rina")
    out = annotated(saved(book))
    parts = assert_sound(out)
    sheet = opened(out)["Koreksi"]
    assert sheet["A2"].comment.text == "Nomor urut"
    assert sheet["C3"].comment.text.startswith("Tanya Pak Budi\n" + COMMENT_MARK)
    assert "NIK-01" in sheet["C3"].comment.text
    commented = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(boxes(parts)) == len(commented) == len(set(boxes(parts)))
    # Once more: what we added the first time is replaced, theirs is not.
    twice = opened(annotated(out))["Koreksi"]
    assert twice["C3"].comment.text == sheet["C3"].comment.text
    assert twice["A2"].comment.text == "Nomor urut"


def test_a_mended_cell_loses_our_colour_and_comment_the_next_time():
    first = opened(annotated(saved(filled_in())))
    first["Koreksi"]["C3"] = "3171014508909013"
    out = annotated(saved(first))
    parts = assert_sound(out)
    sheet = opened(out)["Koreksi"]
    assert sheet["C3"].comment is None or "NIK-01" not in sheet["C3"].comment.text
    assert sheet["B3"].comment is not None
    assert sheet["C3"].fill.fgColor.rgb != ERROR_FILL or sheet["C3"].comment
    commented = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(boxes(parts)) == len(commented)


def test_an_earlier_return_is_replaced_and_never_doubled():
    data = saved(filled_in())
    once = annotated(data)
    twice = annotated(once)
    assert_sound(twice)
    book = opened(twice)
    assert book.sheetnames == ["Koreksi", "Ringkasan"]
    assert [cell.value for cell in book["Koreksi"][1]] == [*building.HEADERS, "Hasil", "Catatan"]
    assert grid(book["Koreksi"]) == grid(opened(once)["Koreksi"])


def test_a_column_hasil_and_a_sheet_ringkasan_of_the_users_own_stay_theirs():
    book = filled_in()
    sheet = book["Koreksi"]
    for row, texts in ((1, ("Hasil", "Catatan")), (2, ("Lulus", "x")), (3, ("Gagal", ""))):
        for at, text in enumerate(texts):
            sheet.cell(row, 8 + at, text)
    book.create_sheet("Ringkasan")["A1"] = "Rapat Senin"
    out = opened(annotated(saved(book)))
    assert out.sheetnames == ["Koreksi", "Ringkasan", "Ringkasan (2)"]
    assert out["Ringkasan"]["A1"].value == "Rapat Senin"
    assert [out["Koreksi"].cell(2, at).value for at in (8, 9, 10)] == ["Lulus", "x", "Valid"]


def test_the_table_object_of_excel_keeps_its_range():
    book = filled_in()
    book["Koreksi"].add_table(Table(displayName="Tabel1", ref="A1:G3"))
    out = annotated(saved(book))
    assert_sound(out)
    assert opened(out)["Koreksi"].tables["Tabel1"].ref == "A1:G3"
    assert opened(out)["Koreksi"]["H1"].value == "Hasil"


def test_our_columns_go_right_of_merged_cells_and_pictures_beside_the_table():
    book = filled_in()
    sheet = book["Koreksi"]
    sheet.merge_cells("G1:I1")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=2, max_row=3))
    chart.width = 8
    sheet.add_chart(chart, "J2")
    out = opened(annotated(saved(book)))["Koreksi"]
    found = next(cell for cell in out[1] if cell.value == "Hasil")
    assert found.column > 9


@pytest.mark.parametrize(
    ("area", "cell", "hasil"),
    [
        ("A4:XFC4", "", 8), ("A4:XFD4", "", 8), ("A4:XFB4", "", 16_383), ("A4:G4", "XFC3", 8),
        ("A4:B4", "XFD1", 8), ("H4:J4", "XFD3", 11),
    ],
)  # fmt: skip
def test_where_something_reaches_the_last_column_ours_stand_between_and_the_summary_says_so(
    area, cell, hasil
):
    book = filled_in()
    sheet = book["Koreksi"]
    sheet["A4"] = "Catatan: mohon diproses"
    sheet.merge_cells(area)
    if cell:
        sheet[cell] = "Lihat berkas"
    report = report_on(saved(book))
    out = annotated(saved(book), report=report)
    assert_sound(out)
    book = opened(out)
    assert [book["Koreksi"].cell(1, hasil + at).value for at in (0, 1)] == ["Hasil", "Catatan"]
    assert book["Koreksi"].cell(3, hasil).value == "Tidak valid"
    assert not cell or book["Koreksi"][cell].value == "Lihat berkas"
    told = [each.value for row in book["Ringkasan"].iter_rows() for each in row if each.value]
    assert any("(XFD)" in str(text) for text in told) == (hasil < 16_383)
    again = report_on(out)
    assert again.findings.code == report.findings.code
    assert len(again.table.own_columns) == 2


def test_a_sheet_whose_columns_are_all_taken_is_refused_with_what_to_do():
    data = saved(filled_in())
    every = tuple(range(16_384))
    order = replace(order_of(report_on(data)), columns=every, last_column=every[-1])
    with pytest.raises(Unreadable, match="FILE-06") as refused:
        annotated(data, order=order)
    assert "Kosongkan dua kolom" in refused.value.message


def test_a_protected_sheet_stays_protected_and_the_summary_says_so():
    book = filled_in()
    book["Koreksi"].protection.enable()
    book["Koreksi"]["C3"].protection = Protection(locked=False)
    out = opened(annotated(saved(book)))
    assert out["Koreksi"].protection.sheet is True
    assert out["Koreksi"]["C3"].protection.locked is False
    told = [cell.value for row in out["Ringkasan"].iter_rows() for cell in row if cell.value]
    assert any("dilindungi" in str(text) for text in told)


def test_the_summary_is_the_last_sheet_and_tells_each_rule_with_its_advice():
    out = opened(annotated(saved(filled_in())))
    sheet = out.worksheets[-1]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == SUMMARY_TITLE
    assert ["Berkas", "uji.xlsx"] in rows
    assert ["Tidak valid", 1] in rows
    (nik,) = [row for row in rows if row and row[0] == "NIK-01"]
    assert nik[3:5] == [1, 1]
    assert "Ketik ulang dari KTP-el" in nik[5]


def test_at_most_5000_comments_are_written_and_the_summary_says_so():
    rows = "".join(
        building.text_row(at, (str(at), "9", "8", "SITI", "Email", "", "a@b.example"))
        for at in range(2, 3002)
    )
    out = annotated(building.workbook(building.text_row(1, building.HEADERS) + rows))
    assert_sound(out)
    book = opened(out)
    comments = sum(1 for row in book["Koreksi"].iter_rows() for cell in row if cell.comment)
    assert comments == MAX_COMMENTS
    assert book["Koreksi"]["H3001"].value == "Tidak valid"
    assert "NIK-" in book["Koreksi"]["I3001"].value
    assert book["Koreksi"]["C3001"].fill.fgColor.rgb == ERROR_FILL
    told = [str(cell.value) for row in book["Ringkasan"].iter_rows() for cell in row]
    assert any("5.000 sel pertama" in text for text in told)


@pytest.mark.parametrize(
    "evil", ["=1+1", "@SUM(A1)", "+62", "-1", "=cmd|' /C calc'!A0", "\tx", "a\x0bb"]
)
def test_nothing_we_write_is_ever_a_formula(evil):
    rows = building.table_rows(
        (
            "1",
            "09999990017",
            evil.replace("\x0b", "_x000B_"),
            evil.replace("\x0b", ""),
            "Email",
            "",
            evil.replace("\x0b", ""),
        )
    )
    out = annotated(building.workbook(rows))
    assert_sound(out)
    sheets = opened(out)
    ours = [sheets["Koreksi"]["I2"], *(c for row in sheets["Ringkasan"].iter_rows() for c in row)]
    assert {cell.data_type for cell in ours if cell.value is not None} <= {"s", "n", "inlineStr"}
    assert b"<f" not in b"".join(
        content for name, content in parts_of(out).items() if "worksheets" in name
    )


def test_prefixes_comments_cdata_and_cells_without_places_are_understood():
    plain = building.parts(
        {"Koreksi": building.sheet_xml(building.table_rows(building.GOOD, BROKEN))}
    )
    sheet = plain["xl/worksheets/sheet1.xml"]
    prefixed = (
        sheet.replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace("</worksheet>", "</x:worksheet>")
    )  # fmt: skip
    for name in ("sheetData", "row", "is", "c", "t"):
        prefixed = prefixed.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        prefixed = prefixed.replace(f"</{name}>", f"</x:{name}>")
    odd = sheet.replace("<row ", "<!-- <row r='9'> --><row ").replace(
        "BUDI CONTOHAN", "<![CDATA[BUDI CONTOHAN]]>"
    )
    placeless = sheet
    for letter in "ABCDEFG":
        for row in (1, 3):
            placeless = placeless.replace(f' r="{letter}{row}"', "")
    placeless = placeless.replace('<row r="3">', "<row>")
    wanted = grid(opened(annotated(building.packed(plain)))["Koreksi"])
    assert wanted["H3"][0] == "Tidak valid"
    for text in (prefixed, odd):
        out = annotated(building.packed({**plain, "xl/worksheets/sheet1.xml": text}))
        assert_sound(out)
        assert grid(opened(out)["Koreksi"]) == wanted
    # The empty cell of row 3 has no place either, so what follows it moves up by one.
    out = annotated(building.packed({**plain, "xl/worksheets/sheet1.xml": placeless}))
    assert_sound(out)


def test_attributes_in_any_order_and_quotes_are_understood():
    rows = building.table_rows(building.GOOD, BROKEN)
    data = building.workbook(rows)
    turned = building.workbook(
        rows.replace('<c r="C3" t="inlineStr">', "<c t='inlineStr'  s='4' r='C3'>").replace(
            '<row r="3">', "<row spans='1:7' r='3' x='a>b'>"
        )
    )
    assert_sound(annotated(turned))
    assert grid(opened(annotated(turned))["Koreksi"]) == grid(opened(annotated(data))["Koreksi"])
    assert b"spans" not in parts_of(annotated(turned))["xl/worksheets/sheet1.xml"]


def test_a_workbook_without_styles_gets_some():
    out = annotated(building.workbook(building.table_rows(BROKEN), styles=None))
    parts = parts_of(out)
    assert "xl/styles.xml" in parts
    assert opened(out)["Koreksi"]["C2"].fill.fgColor.rgb == ERROR_FILL


def test_a_part_that_is_announced_but_not_there_is_announced_no_more():
    parts = parts_of(building.workbook(building.table_rows(BROKEN), styles=None))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b"".join(
            b'<Relationship Id="rId%d" Type="%s/%s" Target="%s.xml"/>'
            % (at, building.RELATIONS.encode(), name, name)
            for at, name in enumerate([b"sharedStrings", b"styles", b"customSheetView"], 90)
        )
        + b"</Relationships>",
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    out = parts_of(annotated(building.packed(parts)))
    relations = out["xl/_rels/workbook.xml.rels"]
    assert b"sharedStrings" not in relations + out["[Content_Types].xml"]
    assert relations.count(b'/styles"') == 1
    assert b"customSheetView" in relations  # who knows what else names it


def test_styles_without_fonts_and_fills_get_the_first_ones_too():
    out = annotated(building.workbook(building.table_rows(BROKEN)))
    assert_sound(out)
    assert opened(out)["Koreksi"]["C2"].fill.fgColor.rgb == ERROR_FILL
    assert opened(out)["Koreksi"]["A1"].fill.fill_type is None


def test_what_was_changed_on_the_page_is_written_as_text():
    data = saved(filled_in())
    report = report_on(data)
    notes = [
        RowNote(note.number, note.verdict, note.text, note.severity, note.cells,
                ((2, "0031"), (5, "=1+1"), (6, "")) if note.number == 3 else ())
        for note in notes_of(report)
    ]  # fmt: skip
    out = annotated(data, report=report, notes=notes)
    assert_sound(out)
    sheet = opened(out)["Koreksi"]
    assert (sheet["C3"].value, sheet["C3"].data_type, sheet["C3"].number_format) == (
        "0031",
        "s",
        "@",
    )
    assert (sheet["F3"].value, sheet["F3"].data_type) == ("=1+1", "s")
    assert sheet["G3"].value is None
    assert sheet["D3"].value == "BUDI CONTOHAN"


def test_a_change_of_a_formula_others_use_is_told_and_not_written():
    rows = building.table_rows(building.GOOD, BROKEN).replace(
        '<c r="A2" t="inlineStr"><is><t xml:space="preserve">1</t></is></c>',
        '<c r="A2"><f t="shared" ref="A2:A3" si="0">ROW()</f><v>2</v></c>',
    )
    data = building.workbook(rows)
    report = report_on(data)
    notes = [
        RowNote(note.number, note.verdict, note.text, note.severity, note.cells,
                ((0, "77"),) if note.number == 2 else ())
        for note in notes_of(report)
    ]  # fmt: skip
    out = annotated(data, report=report, notes=notes)
    assert (
        b'<f t="shared" ref="A2:A3" si="0">ROW()</f>' in parts_of(out)["xl/worksheets/sheet1.xml"]
    )
    assert "“77” tidak ditulis" in opened(out)["Koreksi"]["I2"].value


def test_the_chain_of_calculation_goes_where_a_formula_may_go():
    book = filled_in()
    chain = (
        '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<c r="F2" i="1"/></calcChain>'
    )
    parts = parts_of(saved(book))
    parts["xl/calcChain.xml"] = chain.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.calcChain+xml"/></Types>',
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdChain" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    data = building.packed(parts)
    report = report_on(data)
    assert "xl/calcChain.xml" in assert_sound(annotated(data))
    changed = replace(order_of(report), has_changes=True)
    assert "xl/calcChain.xml" not in assert_sound(annotated(data, report=report, order=changed))


def test_the_mark_of_a_batch_is_a_property_beside_the_users_own():
    book = filled_in()
    book.custom_doc_props.append(
        openpyxl.packaging.custom.StringProperty(name="Proyek", value="Gaji & cuti")
    )
    data = saved(book)
    report = report_on(data)
    marked = annotated(data, report=report, order=replace(order_of(report), mark="v1;abc;2;def"))
    assert_sound(marked)
    held = {each.name: each.value for each in opened(marked).custom_doc_props.props}
    assert held == {"Proyek": "Gaji & cuti", "PortalKoreksiData": "v1;abc;2;def"}
    twice = {each.name: each.value for each in opened(annotated(marked)).custom_doc_props.props}
    assert twice == {"Proyek": "Gaji & cuti", "PortalKoreksiData": "v1"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uji.csv", f"{CSV_HEAD}09999990017;3171014508909013;SITI;Email;a@b.example\n1;2;=1;Email;x\n"),
        ("uji.csv", 'Daftar\n\nKPJ,NIK,Nama,Data,Menjadi\n0031,0031,"A, B",Email,x\n'),
    ],
)  # fmt: skip
def test_csv_comes_back_as_a_new_workbook_of_text(name, text):
    out = annotated(text.encode(), name)
    assert_sound(out)
    sheet = opened(out).worksheets[0]
    separator = ";" if ";" in text else ","
    for number, line in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1):
        for at, value in enumerate(line, 1):
            cell = sheet.cell(number, at)
            assert (cell.value or "") == value
            if value:
                assert (cell.data_type, cell.number_format) == ("s", "@")
    assert "Hasil" in [cell.value for row in sheet.iter_rows(max_row=3) for cell in row]


@pytest.mark.parametrize(
    "path", sorted([*FOLDER.glob("*.xls"), *FOLDER.glob("*.ods")]), ids=lambda path: path.name
)
def test_other_workbooks_come_back_with_cells_that_are_judged_alike(path):
    before = report_on(path.read_bytes(), path.name)
    made = annotated(path.read_bytes(), path.name, report=before)
    assert_sound(made)
    after = report_on(made)
    # what a file says of itself is gone: the 1904 system, formulas, what is hidden or looks so
    own = {"DAT-05", "CELL-17", "FIL-05", "FIL-08", "FIL-09", "FIL-10"}

    def found(report):
        return [
            (f.code, f.case, int(report.table.row_numbers[f.row]), f.column, f.value)
            for f in report.findings
            if f.code not in own
        ]

    assert found(after) == found(before)
    assert after.table.row_numbers.tolist() == before.table.row_numbers.tolist()


def test_signs_that_only_break_a_line_or_page_come_back_as_blanks_and_others_are_shown():
    line = "09999990017;3171014508909013;SITI\x0bCONTOHAN\x0cA\x1bB;Email;a@b.example\n"
    sheet = opened(annotated(f"{CSV_HEAD}{line}".encode(), "uji.csv")).worksheets[0]
    assert "SITI CONTOHAN A\ufffdB" in [cell.value for cell in sheet[2]]


def test_numbers_of_a_csv_that_lost_their_digits_do_not_come_back_as_sound_text():
    niks = [f"31710145089{at}010" for at in range(10, 16)]
    lines = [f"0999999{at:04};{nik};SITI CONTOHAN;Gelar;S.E." for at, nik in enumerate(niks)]
    before = report_on("\n".join(["KPJ;NIK;Nama;Data;Menjadi", *lines]).encode(), "uji.csv")
    assert before.findings.code == ["CELL-05"] * len(niks)
    made = annotated("\n".join(["KPJ;NIK;Nama;Data;Menjadi", *lines]).encode(), "uji.csv")
    after = report_on(made)
    assert (after.findings.code, after.findings.value) == (["CELL-05"] * len(niks), niks)


def test_a_sheet_made_anew_keeps_what_kind_each_cell_is():
    rows = "".join(
        f'<row r="{number}">{building.text_cell(number, 0, "09999990017")}{cells}'
        f"{building.text_cell(number, 3, 'Email')}{building.text_cell(number, 4, '=1+1')}</row>"
        for number, cells in (
            (2, '<c r="B2"><v>3171014508909010</v></c><c r="C2" s="1"><v>33090</v></c>'),
            (3, '<c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c>'),
            (4, '<c r="B4" s="2"><v>33090.5</v></c>'),
        )
    )
    head = building.text_row(1, ("KPJ", "NIK", "Nama Lengkap", "Data", "Menjadi"))
    data = building.workbook(head + rows)
    reader = XlsxReader(inspect(data, "uji.xlsx"), DEFAULT_LIMITS)
    sheet = reader.read(reader.book.sheets[0])
    made = plain.workbook(sheet, "Koreksi")
    assert_sound(made)
    again = XlsxReader(inspect(made, "uji.xlsx"), DEFAULT_LIMITS)
    back = again.read(again.book.sheets[0])
    before = {at: (raw.values, bytes(raw.kinds)) for at, raw in sheet.columns.items()}
    after = {at: (raw.values, bytes(raw.kinds)) for at, raw in back.columns.items()}
    assert after == before


def test_rows_that_were_skipped_or_not_taken_say_so():
    good = "09999990017;3171014508909013;SITI;Email;a@b.example\n"
    text = f"{CSV_HEAD}1;2;SITI;Email;a@b;lagi\n{good}Jumlah: 2\n"
    sheet = opened(annotated(text.encode(), "uji.csv")).worksheets[0]
    last = max(cell.column for cell in sheet[1] if cell.value == "Hasil")
    assert [sheet.cell(row, last).value for row in (2, 3, 4)] == [
        "Tidak terbaca",
        "Valid",
        "Dilewati",
    ]


TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(TEXTS | st.integers(0, 10**15) | st.none(), min_size=7, max_size=9), max_size=6
    ),
    st.booleans(),
)
def test_whatever_the_cells_hold_they_come_back_as_they_were(rows, constant):
    out = io.BytesIO()
    options = {"strings_to_urls": False, "strings_to_formulas": False, "constant_memory": constant,
               "in_memory": not constant}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("Koreksi")
    wide = book.add_format({"bold": True, "bg_color": "#00FF00"})
    for at, row in enumerate((building.HEADERS, building.GOOD, *rows)):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, column, value, wide)
            elif value:
                sheet.write_string(at, column, value, wide if at % 2 else None)
            elif at % 3:
                sheet.write_blank(at, column, None, wide)
    book.close()
    data = out.getvalue()
    report = report_on(data)
    made = annotated(data, report=report)
    assert_sound(made)
    width = max(openpyxl.utils.column_index_from_string(each) for each in report.table.letters)
    assert grid(opened(made)["Koreksi"], columns=width) == grid(
        opened(data)["Koreksi"], columns=width
    )
    again = report_on(made)
    assert list(again.findings) == list(report.findings)


MARK = "v1;" + "0a1b" * 8 + ";2;" + "c3d4" * 8
ALSO_SAVED_AS = {"karyawan-hapus": (("ods", "calc8"), ("xls", "MS Excel 97"))}


def test_a_file_without_our_mark_carries_none():
    for name, data in (("a.ods", b"PK"), ("a.xls", b"v1;" + b"0" * 32), ("a.csv", MARK.encode())):
        assert find_mark(io.BytesIO(data), name, DEFAULT_LIMITS) == ""


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "stem", ["koreksi-november", "karyawan-hapus", "rumus-dan-galat", "libreoffice-rumus"]
)
def test_libreoffice_opens_it_and_reads_values_and_comments(require, tmp_path, stem):
    program = require("libreoffice")
    path = next(each for each in SAMPLES if each.stem == stem)
    report = report_on(path.read_bytes(), path.name)
    out = annotated(
        path.read_bytes(), path.name, report=report, order=replace(order_of(report), mark=MARK)
    )
    (tmp_path / "hasil.xlsx").write_bytes(out)

    def save_as(kind, filter_name):
        subprocess.run(
            [program, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
             f"{kind}:{filter_name}", "--outdir", tmp_path / "lo", tmp_path / "hasil.xlsx"],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        saved_as = tmp_path / "lo" / f"hasil.{kind}"
        # Whatever the officer saves it as, it says which batch it came from.
        with saved_as.open("rb") as stream:
            assert find_mark(stream, saved_as.name, DEFAULT_LIMITS) == MARK
        return saved_as.read_bytes()

    data = save_as("xlsx", "Calc MS Excel 2007 XML")
    for kind, filter_name in ALSO_SAVED_AS.get(stem, ()):
        save_as(kind, filter_name)
    ours, theirs = opened(out), opened(data)
    assert theirs.sheetnames == ours.sheetnames
    sheet = ours.worksheets[0].title
    table = report.table

    def marks(book):
        return {
            cell.coordinate: COMMENT_MARK in cell.comment.text
            for row in book[table.sheet].iter_rows()
            for cell in row
            if cell.comment
        }

    assert marks(theirs) == marks(ours)
    assert all(marks(ours).values())
    hasil = next(
        c.column for row in ours[table.sheet].iter_rows() for c in row if c.value == "Hasil"
    )
    for number in table.row_numbers.tolist():
        for column in (hasil, hasil + 1):
            assert (
                theirs[table.sheet].cell(number, column).value
                == ours[table.sheet].cell(number, column).value
            ), sheet
    # And what LibreOffice saved is annotated once more without doubling anything.
    twice = annotated(data, "hasil.xlsx")
    assert_sound(twice)
    assert opened(twice).sheetnames == ours.sheetnames
    assert marks(opened(twice)) == marks(ours)


def test_the_same_order_gives_the_same_bytes():
    data = saved(filled_in())
    assert annotated(data) == annotated(data)


def test_a_zip_of_ours_is_one_that_others_check():
    out = annotated(saved(filled_in()))
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        assert archive.testzip() is None


def test_a_comment_on_a_header_tells_of_the_whole_column():
    data = saved(filled_in())
    report = report_on(data)
    notes = list(notes_of(report))
    cells = (CellNote(4, int(Severity.ERROR), "DAT-14: seluruh kolom"),)
    notes[0] = RowNote(notes[0].number, notes[0].verdict, cells=cells)
    sheet = opened(annotated(data, report=report, notes=notes))["Koreksi"]
    assert "DAT-14" in sheet["E1"].comment.text
    assert sheet["E1"].value == "Data"


def test_a_conversation_on_a_cell_is_left_alone():
    book = filled_in()
    text = "[Threaded comment]\n\nComment:\n    Sudah dicek?"
    book["Koreksi"]["C3"].comment = Comment(text, "tc={1}")
    out = annotated(saved(book))
    parts = assert_sound(out)
    sheet = opened(out)["Koreksi"]
    assert sheet["C3"].comment.text == text
    assert "NIK-01" in sheet["I3"].value
    assert len(boxes(parts)) == len(set(boxes(parts)))
