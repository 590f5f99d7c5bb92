"""Hostile spreadsheets, through the whole chain: each refused in words, or read as plain data.

Every file is made here; nothing in them runs. Where a file is refused the code
says why; where it is read, what looks dangerous must come out as the text it is.
"""

import resource
import struct
import zlib
from datetime import date

import pytest

from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import check_bytes
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building, odsbuilding, xlsbuilding
from tests.adapters.spreadsheets.building import GOOD, HEADERS, sheet_xml, table_rows, text_row

TODAY = date(2026, 11, 21)
MIB = 1 << 20
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def check(data, name="jahat.xlsx", limits=DEFAULT_LIMITS):
    return check_bytes(data, name, today=TODAY, limits=limits)


def with_doctype(doctype, part="xl/worksheets/sheet1.xml", text="&j;"):
    parts = building.parts()
    head, _, body = parts[part].partition("?>")
    parts[part] = f"{head}?>{doctype}{body.replace('SITI', text)}"
    return building.packed(parts)


def csv_file(*lines):
    return ("KPJ;NIK;Nama Lengkap;Data;Menjadi\r\n" + "\r\n".join(lines) + "\r\n").encode()


def corners():
    rows = text_row(1, HEADERS) + text_row(2, GOOD)
    return rows + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


REFUSED = {
    "a sheet of 300 MiB of blanks": (
        lambda: building.workbook(table_rows() + " " * (40 * MIB)), "FILE-06"),
    "a part no reader opens, full of zeros": (
        lambda: building.workbook(extra={"xl/media/x.bin": bytes(30 * MIB)}), "FILE-06"),
    "well-formed rows without end": (
        lambda: building.workbook("<row><c><v>1</v></c></row>" * 1_000_000), "FILE-06"),
    "70,000 parts": (
        lambda: building.workbook(extra={f"xl/m/{n}": "" for n in range(5_000)}), "FILE-06"),
    "a billion laughs in the sheet": (lambda: with_doctype(LAUGHS), "FILE-10"),
    "a billion laughs in the workbook part": (
        lambda: with_doctype(LAUGHS, "xl/workbook.xml"), "FILE-10"),
    "a file of the machine through an entity": (
        lambda: with_doctype('<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'), "FILE-10"),
    "an address through an entity": (
        lambda: with_doctype('<!DOCTYPE x [<!ENTITY j SYSTEM "http://127.0.0.1:9/x">]>'),
        "FILE-10"),
    "an outside DTD": (
        lambda: with_doctype('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), "FILE-10"),
    "200,000 nested elements": (
        lambda: building.workbook(
            '<row r="1"><c r="A1" t="inlineStr"><is>' + "<r>" * 20_000 + "</r>" * 20_000
            + "</is></c></row>"), "FILE-06"),
    "an attribute of megabytes": (
        lambda: building.workbook(
            text_row(1, HEADERS).replace("<row ", f'<row x="{_noise(3 * MIB)}" ')), "FILE-06"),
    "50,000 attributes": (
        lambda: building.workbook(
            text_row(1, HEADERS).replace(
                "<row ", "<row " + " ".join(f'a{n}="1"' for n in range(50_000)) + " ")),
        "FILE-06"),
    "two rows of one number": (
        lambda: building.workbook(text_row(1, HEADERS) + text_row(2, GOOD) * 2), "FILE-10"),
    "row numbers that go backwards": (
        lambda: building.workbook(
            text_row(1, HEADERS) + text_row(9, GOOD) + text_row(3, GOOD)), "FILE-10"),
    "a cell outside the grid": (
        lambda: building.workbook(
            '<row r="99999999999999999999"><c r="ZZZZ99999999999999999999"/></row>'), "FILE-10"),
    "a shared string that is not there": (
        lambda: building.workbook('<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>'),
        "FILE-03"),
    "a macro without a relation to it": (
        lambda: building.workbook(extra={"xl/vbaProject.bin": "x"}), "FILE-05"),
    "a sheet that points to another file": (
        lambda: _related("../../../etc/passwd"), "FILE-10"),
    "a sheet on another machine": (
        lambda: _related('http://127.0.0.1:9/x" TargetMode="External'), "FILE-10"),
    "a sheet that is the workbook itself": (lambda: _related("workbook.xml"), "FILE-10"),
}  # fmt: skip


def _noise(size):
    """Letters that hardly compress, so that only the length is odd."""
    out, seed = bytearray(), b"x"
    while len(out) < size:
        seed = str(zlib.crc32(seed)).encode()
        out += seed
    return out[:size].decode()


def _related(target):
    parts = building.parts()
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace("worksheets/sheet1.xml", target)
    return building.packed(parts)


@pytest.mark.parametrize("attack", REFUSED)
def test_a_hostile_workbook_is_refused_in_words(attack):
    make, code = REFUSED[attack]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = make()
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable) as refusal:
        check(data)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal.value.code == code
    assert "jahat.xlsx" in refusal.value.message
    assert "jahat.xlsx" in refusal.value.message_en
    assert after - max(before, made) < 50 * 1024  # KiB: the parent never opens it


def ods(*rows, **changes):
    return "jahat.ods", odsbuilding.workbook(*rows, **changes)


def xls(*sheets, **changes):
    return "jahat.xls", xlsbuilding.workbook(*sheets, **changes)


def spoilt_xls(at, value):
    data = bytearray(xlsbuilding.workbook())
    struct.pack_into("<L", data, at, value)
    return "jahat.xls", bytes(data)


FILLED = odsbuilding.cell(
    "<text:p>x</text:p>", 'office:value-type="string" table:number-columns-repeated="16384"'
)
BLANKS = odsbuilding.cell(
    '<text:p>x<text:s text:c="2000000000"/></text:p>', 'office:value-type="string"'
)
LAUGHING_ODS = odsbuilding.content().replace("?>", f"?>{LAUGHS}", 1)
OTHER_REFUSED = {
    "a cell repeated 17 billion times": (
        lambda: ods(odsbuilding.row(FILLED, attributes='table:number-rows-repeated="1048576"')),
        "FILE-06"),
    "a row repeated more often than a sheet has rows": (
        lambda: ods(odsbuilding.row("x", attributes=f'table:number-rows-repeated="{2**64 - 1}"')),
        "FILE-10"),
    "two billion spaces": (lambda: ods(odsbuilding.row(BLANKS)), "FILE-06"),
    "a billion laughs in content.xml": (lambda: ods(xml=LAUGHING_ODS), "FILE-10"),
    "content.xml of 400 MiB of blanks": (
        lambda: ods(xml=odsbuilding.content() + " " * (400 * MIB)), "FILE-06"),
    "macros in an .ods": (lambda: ods(extra={"Basic/Standard/Modul.xml": "<x/>"}), "FILE-05"),
    "a text document under .ods": (
        lambda: ods(mimetype="application/vnd.oasis.opendocument.text"), "FILE-01"),
    "a chain of sectors that never ends": (
        lambda: ("jahat.xls", xlsbuilding.compound(
            xlsbuilding.stream(xlsbuilding.texts(HEADERS, GOOD)), chain=[0])), "FILE-10"),
    "4,294,967,295 sectors of the table": (lambda: spoilt_xls(44, 0xFFFFFFFF), "FILE-10"),
    "a directory outside the file": (lambda: spoilt_xls(48, 0x00FFFFFF), "FILE-03"),
    "a table of tables outside the file": (lambda: spoilt_xls(68, 0x00FFFFFF), "FILE-03"),
    "2,147,483,647 texts that are not there": (
        lambda: xls(xlsbuilding.shared(0, 0, 7),
                    globals_=xlsbuilding.strings([], count=2_147_483_647)), "FILE-03"),
    "macros in an .xls": (lambda: xls(others=("_VBA_PROJECT_CUR",)), "FILE-05"),
    "a macro sheet in an .xls": (lambda: xls(b"", kinds=(1,)), "FILE-05"),
    "a password on an .xls": (lambda: xls(globals_=xlsbuilding.record(0x2F, bytes(54))), "FILE-04"),
    "a web page under .xls": (
        lambda: ("jahat.xls", b"<html><table><tr><td>NIK</td></tr></table></html>"), "FILE-01"),
    "a workbook with macros by name": (lambda: ("jahat.xlsm", building.workbook()), "FILE-05"),
    "a binary workbook": (
        lambda: ("jahat.xlsb", building.packed({"xl/workbook.bin": "x"})), "FILE-01"),
    "an .xls under .xlsx": (lambda: ("jahat.xlsx", xlsbuilding.workbook()), "FILE-01"),
    "an .xlsx under .txt": (lambda: ("jahat.txt", building.workbook()), "FILE-01"),
}  # fmt: skip


@pytest.mark.parametrize("attack", OTHER_REFUSED)
def test_a_hostile_file_of_another_kind_is_refused_in_words(attack):
    make, code = OTHER_REFUSED[attack]
    name, data = make()
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable) as refusal:
        check(data, name)
    assert refusal.value.code == code
    assert name in refusal.value.message
    assert name in refusal.value.message_en
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - made < 50 * 1024


CSV_REFUSED = {
    "an open quote that swallows all rows": (
        csv_file('1;"SITI;3;4;5', *["1;2;SITI;Email;a@contoh.example"] * 500), "FILE-03"),
    "NUL bytes": (csv_file("1;2;SI\0TI;Email;x"), "FILE-08"),
    "a field of 200,000 characters": (csv_file("1;2;" + "A" * 200_000 + ";Email;x"), "FILE-06"),
    "100,000 columns": (";".join(f"c{n}" for n in range(100_000)).encode(), "FILE-06"),
    "one line of 24 MiB": (b"A" * (24 * MIB), "FILE-06"),
    "a web page": (b"<html><body>login</body></html>", "FILE-01"),
}  # fmt: skip


@pytest.mark.parametrize("attack", CSV_REFUSED)
def test_a_hostile_csv_is_refused_in_words(attack):
    data, code = CSV_REFUSED[attack]
    with pytest.raises(Unreadable) as refusal:
        check(data, "jahat.csv")
    assert refusal.value.code == code
    assert "jahat.csv" in refusal.value.message


@pytest.mark.parametrize("name", ["jahat.xlsx", "jahat.csv"])
def test_more_rows_than_allowed_are_refused_while_reading(name):
    limits = ReadLimits(max_rows=20_000)
    if name.endswith("csv"):
        data = csv_file(*["1;2;SITI;Email;a@contoh.example"] * 60_000)
    else:
        numbers = "".join(
            f'<row r="{n}"><c r="B{n}"><v>{n * 7919}</v></c></row>' for n in range(2, 60_000)
        )
        data = building.workbook(text_row(1, HEADERS) + numbers)
    with pytest.raises(Unreadable) as refusal:
        check(data, name, limits)
    assert refusal.value.code == "FILE-06"
    assert "20.000 baris" in refusal.value.message


DANGEROUS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1:9","x")', "+1+1", "-2+3", "@SUM(1)", "{{7*7}}", "${7*7}",
    "'; DROP TABLE rows; --", "%s%n", "../../etc/passwd", "\u202eabc", "a\u200bb", "１２３",
    "_x0041_x", "\ufeffSITI", "𝐒𝐈𝐓𝐈", "ＳＩＴＩ", "NULL", "None", "nan", "TRUE",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "csv"])
def test_text_that_looks_dangerous_is_read_as_the_text_it_is(kind):
    if kind == "csv":
        data = csv_file(
            *[f'1;2;"{text.replace(chr(34), chr(34) * 2)}";Email;x' for text in DANGEROUS]
        )
    else:
        rows = [("", "1", "2", text, "Email", "", "x") for text in DANGEROUS]
        if kind == "xlsx":
            data = building.workbook(table_rows(*rows))
        elif kind == "ods":
            data = odsbuilding.workbook(*(odsbuilding.row(*row) for row in (HEADERS, *rows)))
        else:
            data = xlsbuilding.workbook(xlsbuilding.texts(HEADERS, *rows))
    report = check(data, f"jahat.{kind}")
    names = next(
        column for column, role in zip(report.table.columns, report.table.roles, strict=True)
        if role.field == "nama"
    )  # fmt: skip
    wanted = [text.replace("_x0041_", "A") if kind == "xlsx" else text for text in DANGEROUS]
    assert names.values == wanted


def test_a_stray_cell_in_the_last_corner_does_not_cost_a_grid():
    report = check(building.workbook(corners()))
    assert report.table.row_numbers.tolist() == [2, 1_048_576]
    assert report.table.empty_rows == 1_048_573


def test_a_dimension_that_lies_drops_no_row():
    rows = table_rows(*[GOOD] * 50)
    for lie in ("A1", "A1:XFD1048576", "nonsense"):
        report = check(building.workbook(rows, before=f'<dimension ref="{lie}"/>'))
        assert len(report.table) == 50


def test_counts_that_lie_about_shared_strings_allocate_nothing():
    strings = building.strings_xml(["<si><t>x</t></si>"]).replace(
        "<sst ", '<sst count="4294967295" uniqueCount="4294967295" '
    )
    assert len(check(building.workbook(strings=strings)).table) == 1


def test_a_million_merged_cells_cost_nothing():
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1_000 + "</mergeCells>"
    assert len(check(building.workbook(after=merged)).table) == 1


def test_rows_of_a_hidden_sheet_are_never_taken():
    other = ("", "09999990025", "3171014508909021", "BUDI", "Email", "", "jahat@contoh.example")
    sheets = {"Tersembunyi": sheet_xml(table_rows(other)), "Koreksi": sheet_xml(table_rows())}
    report = check(building.workbook(sheets=sheets, states={"Tersembunyi": "veryHidden"}))
    assert report.table.sheet == "Koreksi"
    assert "Tersembunyi" in " ".join(remark.text for remark in report.table.remarks)
