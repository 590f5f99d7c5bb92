"""The forms in which programs write a workbook: each is read, and gives the same table."""

import io
import re
import struct
import zipfile
import zlib

import pytest

from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building

SHEET = "xl/worksheets/sheet1.xml"
STRICT = {
    building.MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    building.RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def everywhere(change):
    return {name: change(content) for name, content in building.parts().items()}


def in_sheet(change):
    parts = building.parts()
    parts[SHEET] = change(parts[SHEET])
    return parts


def strict(content):
    for usual, other in STRICT.items():
        content = content.replace(usual, other)
    return content


def prefixed():
    """Every element of the main namespace with a prefix, as some Java and .NET libraries write."""
    parts = building.parts()
    for name, content in parts.items():
        if name.startswith("xl/") and not name.endswith(".rels"):
            made = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", content)
            parts[name] = made.replace('xmlns="', 'xmlns:x="')
    return parts


def renamed():
    """A main part of another name, as the relations allow."""
    return {
        name.replace("workbook.xml", "buku.xml"): content.replace("xl/workbook.xml", "xl/buku.xml")
        for name, content in building.parts().items()
    }


def typed_by_default():
    """The workbook's type as the default of all XML, as the Open XML SDK writes it."""
    parts = building.parts()
    types = parts["[Content_Types].xml"]
    types = types.replace('"xml" ContentType="application/xml"', f'"xml" ContentType="{MAIN_TYPE}"')
    override = f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN_TYPE}"/>'
    assert override in types
    parts["[Content_Types].xml"] = types.replace(override, "")
    return parts


WIDE = 0xFFFFFFFF
FORMS = {
    "strict Open XML": lambda: everywhere(strict),
    "prefixes": prefixed,
    "another main part": renamed,
    "type by default": typed_by_default,
    "a BOM before every part": lambda: everywhere(lambda content: "\ufeff" + content),
    "no XML declaration": lambda: everywhere(lambda content: content.rpartition("?>")[2]),
    "utf-8 in small letters": lambda: everywhere(lambda content: content.replace("UTF-8", "utf-8")),
    "attributes of extensions": lambda: in_sheet(
        lambda xml: xml.replace("<row ", '<row xmlns:x14="urn:x" x14:dyDescent="0.25" ')),
    "spaces and line breaks between elements": lambda: in_sheet(
        lambda xml: re.sub(r"(</c>|</row>|<sheetData>)", "\\1\r\n\t ", xml)),
    "single quotes": lambda: in_sheet(lambda xml: re.sub(r'="([^"\']*)"', r"='\1'", xml)),
    "absolute targets": lambda: everywhere(
        lambda content: content.replace('Target="worksheets', 'Target="/xl/worksheets')),
    "backslashes in names": lambda: {
        name.replace("/", "\\"): content for name, content in building.parts().items()},
    "capitals in names": lambda: {
        name.replace("xl/worksheets", "XL/WorkSheets"): content
        for name, content in building.parts().items()},
    "entries for folders": lambda: {"xl/": "", "xl/worksheets/": "", **building.parts()},
}  # fmt: skip


def values(data):
    table = read_table(data, "uji.xlsx")
    return table.headers, [column.values for column in table.columns]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_workbook_gives_the_same_table(form):
    assert values(building.packed(FORMS[form]())) == values(building.workbook())


def test_parts_that_are_only_stored_or_carry_64_bit_sizes_are_read():
    assert values(building.packed(building.parts(), zipfile.ZIP_STORED)) == values(
        building.workbook()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in building.parts().items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as part:
                part.write(content.encode())
    assert values(out.getvalue()) == values(building.workbook())


def wide_zip(spoil=lambda field: field, *, described=False):
    """A workbook whose directory has every size and place in zip64 fields, as NPOI writes it."""
    out, directory = io.BytesIO(), b""
    for name, content in building.parts().items():
        raw, at, named = content.encode(), out.tell(), name.encode()
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed, crc = packer.compress(raw) + packer.flush(), zlib.crc32(raw)
        sizes = (0, 0) if described else (len(raw), len(packed))
        local = struct.pack("<HHQQ", 1, 16, *sizes)
        flags = 8 if described else 0
        out.write(
            struct.pack(
                "<4s5H3L2H", b"PK\3\4", 45, flags, 8, 0, 0x5B75, 0 if described else crc,
                WIDE, WIDE, len(named), len(local),
            )
        )  # fmt: skip
        out.write(named + local + packed)
        if described:
            out.write(struct.pack("<4sLQQ", b"PK\7\10", crc, len(packed), len(raw)))
        field = spoil(struct.pack("<HHQQQ", 1, 24, len(raw), len(packed), at))
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 45, 45, flags, 8, 0, 0x5B75, crc, WIDE, WIDE,
            len(named), len(field), 0, 0, 0, 0, WIDE,
        ) + named + field  # fmt: skip
    count, at = len(building.parts()), out.tell()
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
    return out.getvalue() + directory + end


@pytest.mark.parametrize("described", [False, True])
def test_a_directory_that_carries_64_bit_sizes_is_read(described):
    assert values(wide_zip(described=described)) == values(building.workbook())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda field: field + field,
        lambda field: field[:-8],
        lambda field: field[:3],
        lambda field: b"\2" + field[1:],
        lambda field: field[:4] + b"\xff" * 8 + field[12:],
        lambda field: field[:20] + b"\x07" + field[21:],
    ],
    ids=["none", "twice", "short", "cut", "another", "too large", "elsewhere"],
)
def test_64_bit_sizes_that_are_not_whole_or_not_true_are_refused(spoil):
    with pytest.raises(Unreadable) as refusal:
        values(wide_zip(spoil))
    assert refusal.value.code == "FILE-10"


def test_macros_named_by_default_are_refused_too():
    parts = typed_by_default()
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(MAIN_TYPE, macros)
    data = building.packed(parts)
    with pytest.raises(Unreadable) as refusal:
        read_table(data, "uji.xlsx")
    assert refusal.value.code == "FILE-05"
