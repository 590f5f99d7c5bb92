"""The forms in which programs write a workbook: each is read, and gives the same table."""

import io
import re
import zipfile

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


def test_macros_named_by_default_are_refused_too():
    parts = typed_by_default()
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(MAIN_TYPE, macros)
    data = building.packed(parts)
    with pytest.raises(Unreadable) as refusal:
        read_table(data, "uji.xlsx")
    assert refusal.value.code == "FILE-05"
