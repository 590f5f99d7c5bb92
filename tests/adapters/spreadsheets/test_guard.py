"""What the guard lets in, what it turns away, and with which code."""

import io
import struct
import zipfile

import pytest

from hr_portal.adapters.spreadsheets import guard
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.adapters.spreadsheets.xmlparts import SafeParser
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building, odsbuilding, xlsbuilding
from tests.adapters.spreadsheets.annotating import annotated


def refused(data, name="uji.xlsx", limits=DEFAULT_LIMITS):
    with pytest.raises(Unreadable) as refusal:
        guard.inspect(data, name, limits)
    return refusal.value


def test_a_plain_workbook_passes_and_its_parts_are_proved_plain():
    package = guard.inspect(building.workbook(), "uji.xlsx")
    assert package.kind == "xlsx"
    assert package.facts["xl/worksheets/sheet1.xml"].plain


@pytest.mark.parametrize(
    ("name", "data", "code", "word"),
    [
        ("uji.xlsx", b"", "FILE-02", "kosong"),
        ("uji.csv", b"", "FILE-02", "kosong"),
        ("uji.xlsx", b"\x89PNG\r\n\x1a\n", "FILE-01", "PNG"),
        ("uji.xlsx", b"nik;nama", "FILE-01", "menjadi .csv"),
        ("uji.xlsx", guard.OLE_MAGIC + bytes(600), "FILE-04", "kata sandi"),
        ("uji.xlsx", xlsbuilding.workbook(others=("EncryptedPackage",)), "FILE-04", "kata sandi"),
        ("uji.xlsx", xlsbuilding.compound(b"", "EncryptedPackage"), "FILE-04", "kata sandi"),
        ("uji.xlsx", xlsbuilding.workbook(), "FILE-01", "menjadi .xls"),
        ("uji.xlsx", odsbuilding.workbook(), "FILE-01", "menjadi .ods"),
        ("uji.ods", xlsbuilding.workbook(), "FILE-01", "menjadi .xls"),
        ("uji.csv", building.workbook(), "FILE-01", "menjadi .xlsx"),
        ("uji.csv", xlsbuilding.workbook(), "FILE-01", "Office lama"),
        ("uji.tsv", building.workbook(), "FILE-01", "menjadi .xlsx"),
        ("uji.csv", building.packed({"a.txt": "x"}), "FILE-01", "arsip"),
        ("uji.csv", building.packed({"xl/workbook.bin": "x"}), "FILE-01", ".xlsb"),
        ("uji.csv", b"<html><body>login</body></html>", "FILE-01", "halaman web"),
        ("uji.csv", b"%PDF-1.7", "FILE-01", "PDF"),
        ("uji.xls", guard.OLE_MAGIC + bytes(600), "FILE-10", "kepalanya"),
        ("uji.xls", b"<html>", "FILE-01", "halaman web"),
        ("uji.xls", b"\xef\xbb\xbf<table><tr><td>NIK", "FILE-01", "halaman web"),
        ("uji.xls", b"<!-- x --><style>td{}</style><table>", "FILE-01", "halaman web"),
        (
            "uji.xls",
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "FILE-01",
            "XML Spreadsheet 2003",
        ),
        ("uji.xls", b"<?xml version='1.0'?><data/>", "FILE-01", "isinya XML"),
        ("uji.xls", b"MIME-Version: 1.0\r\n", "FILE-01", "MHTML"),
        ("uji.xls", b"NIK\tNama\r\n1\tSITI\r\n", "FILE-01", "menjadi .csv"),
        ("uji.xls", building.workbook(), "FILE-01", "menjadi .xlsx"),
        ("uji.xls", b"\x01\x02\x03" * 99, "FILE-01", "tidak dikenal"),
        ("uji.ods", building.workbook(), "FILE-01", "menjadi .xlsx"),
        ("uji.ods", b"MZ\x90\0" + bytes(60), "FILE-01", "program"),
        ("uji.xlsm", building.workbook(), "FILE-05", "makro"),
        ("uji.xlsb", building.packed({"xl/workbook.bin": "x"}), "FILE-01", "biner"),
        ("uji.xltx", building.workbook(), "FILE-01", "templat"),
        ("uji.numbers", b"PK", "FILE-01", "Ekspor Ke"),
        ("uji.gsheet", b"{}", "FILE-01", "Download"),
        (
            "uji.xlsx",
            b'{"url":"https://docs.google.com/open?id=1","doc_id":"1"}',
            "FILE-01",
            "Download",
        ),
        ("~$uji.xlsx", b"\x05Siti " + b" \0" * 60, "FILE-01", "Tutup dahulu buku kerja itu"),
        (
            ".~lock.uji.ods#",
            b",siti,pc,28.11.2026 10:00;",
            "FILE-01",
            "Tutup dahulu buku kerja itu",
        ),
        ("uji.xlsx", bytes(4096), "FILE-01", "sinkronisasinya selesai"),
        ("uji.xlsx.crdownload", b"PK", "FILE-01", "unduhan yang belum selesai"),
        ("uji.xlsx.lnk", b"L\0\0\0", "FILE-01", "Pilih berkas aslinya"),
        ("uji.msg", b"\xd0\xcf\x11\xe0", "FILE-01", "Simpan dahulu lampirannya"),
        ("uji.docx", b"PK", "FILE-01", "dokumen (.docx)"),
        ("uji.jpg", b"\xff\xd8\xff", "FILE-01", "gambar (.jpg)"),
        ("uji.zip", b"PK", "FILE-01", "Keluarkan"),
        ("uji.pdf", b"%PDF", "FILE-01", "dokumen PDF"),
        ("uji.abc", b"nik", "FILE-01", "berakhiran .abc"),
        ("uji", b"nik", "FILE-01", "tanpa akhiran"),
        ("uji.csv", b"nik\0nama", "FILE-08", "NUL"),
        ("uji.csv", "nik;nama\n1;SITI".encode("utf-16-le"), "FILE-08", "UTF-16 tanpa"),
    ],
)
def test_name_and_content_must_agree(name, data, code, word):
    refusal = refused(data, name)
    assert refusal.code == code
    assert word in refusal.message
    assert name in refusal.message
    assert name in refusal.message_en


def test_a_first_look_needs_only_both_ends_of_a_file():
    data = building.workbook()
    assert guard.first_look("a.xlsx", data[:512], len(data), data[-400:]) == "xlsx"
    with pytest.raises(Unreadable) as refusal:
        guard.first_look("a.xlsx", data[:512], len(data), data[:400])
    assert refusal.value.code == "FILE-03"
    with pytest.raises(Unreadable) as refusal:
        guard.first_look("a.xlsx", data[:512], 251 * 1024 * 1024)
    assert refusal.value.code == "FILE-06"
    assert "250 MB" in refusal.value.message


@pytest.mark.parametrize("cut", [1, 30, 500])
def test_a_truncated_workbook_says_so(cut):
    assert refused(building.workbook()[:-cut]).code == "FILE-03"


def changed(data, find, put, *, every=False):
    assert find in data
    return data.replace(find, put) if every else data.replace(find, put, 1)


def test_a_wrong_checksum_is_damage():
    plain = building.packed(building.parts(), zipfile.ZIP_STORED)
    assert refused(changed(plain, b"SITI", b"SITO")).code == "FILE-03"


def directory_edit(data, offset, form, value, part="xl/worksheets/sheet1.xml"):
    """The archive with one field of a directory entry changed."""
    edited = bytearray(data)
    at = data.rindex(part.encode()) - 46
    struct.pack_into(form, edited, at + offset, value)
    return bytes(edited)


@pytest.mark.parametrize(
    ("offset", "form", "value", "code"),
    [
        (8, "<H", 1, "FILE-04"),  # encrypted
        (10, "<H", 14, "FILE-10"),  # LZMA
        (10, "<H", 0, "FILE-10"),  # stored, but its local header says deflated
        (24, "<L", 10, "FILE-10"),  # a size that is a lie
        (24, "<L", 0xFFFFFFFF, "FILE-10"),
        (42, "<L", 5, "FILE-10"),  # not where it says
        (16, "<L", 5, "FILE-10"),  # another checksum than the local header's
    ],
)
def test_a_directory_that_lies_is_refused(offset, form, value, code):
    assert refused(directory_edit(building.workbook(), offset, form, value)).code == code


def test_a_size_that_lies_in_both_headers_is_found_while_unpacking():
    data = bytearray(building.workbook())
    name = b"xl/worksheets/sheet1.xml"
    struct.pack_into("<L", data, data.index(name) - 30 + 22, 10)
    struct.pack_into("<L", data, data.rindex(name) - 46 + 24, 10)
    assert refused(bytes(data)).code == "FILE-10"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"<!-- x -->" + data,
        lambda data: b"PK\x03\x04" + data,
        lambda data: data + b"%PDF-1.7",
        lambda data: data[:-2] + b"\x06\x00hello",  # the comment is shorter than it says
        lambda data: data[:-2] + b"\x05\x00he\x01lo",
        lambda data: data[:-2] + b"\x05\x00he\xfflo",
    ],
)
def test_nothing_may_lie_outside_the_archive(spoil):
    assert refused(spoil(building.workbook())).code in {"FILE-01", "FILE-10"}


def test_duplicate_names_are_refused_also_where_only_the_case_differs():
    parts = building.parts(extra={"XL/Workbook.xml": "<x/>"})
    assert refused(building.packed(parts)).code == "FILE-10"


@pytest.mark.parametrize("name", ["../x.xml", "/etc/passwd", "a/../../b", "C:\\x", "..\\x"])
def test_names_that_point_outside_are_refused(name):
    assert refused(building.packed(building.parts(extra={name: "x"}))).code == "FILE-10"


def test_overlapping_records_are_refused():
    data = building.workbook()
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HLL", data[end + 10 : end + 20])
    directory = data[start : start + size]
    entry = bytearray(directory[: directory.index(b"PK\x01\x02", 4)])
    entry[46] = ord("X")  # another name for the same bytes
    body = data[:start] + directory + bytes(entry)
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + len(entry), start, 0
    )
    assert refused(body + tail).code == "FILE-10"


def test_archives_of_streaming_writers_with_data_descriptors_are_read():
    class Stream(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in building.parts().items():
            archive.writestr(name, content)
    data = out.getvalue()
    assert b"PK\x07\x08" in data
    assert guard.inspect(data, "uji.xlsx").kind == "xlsx"


def test_a_gap_between_records_is_refused():
    data = building.workbook()
    name = b"xl/worksheets/sheet1.xml"
    at = data.index(name) - 30
    end = data.rindex(b"PK\x05\x06")
    size, start = struct.unpack("<LL", data[end + 12 : end + 20])
    directory = bytearray(data[start : start + size])
    place = 0
    while (place := directory.find(b"PK\x01\x02", place)) >= 0:
        (offset,) = struct.unpack_from("<L", directory, place + 42)
        if offset >= at:
            struct.pack_into("<L", directory, place + 42, offset + 7)
        place += 4
    spoilt = data[:at] + b"hidden!" + data[at:start] + bytes(directory)
    tail = data[end : end + 16] + struct.pack("<LH", start + 7, 0)
    assert refused(spoilt + tail).code == "FILE-10"


def test_bombs_are_refused_by_what_they_declare_and_by_what_they_are():
    sheet = building.sheet_xml(building.table_rows() + " " * 6_000_000)
    bomb = building.packed(building.parts({"Koreksi": sheet}))
    assert "150 kali" in refused(bomb).message
    small = ReadLimits(max_unpacked=10_000)
    big = building.workbook("".join(building.text_row(n, building.GOOD) for n in range(1, 200)))
    assert "setelah dibuka" in refused(big, limits=small).message


def test_too_many_parts_are_refused():
    parts = building.parts(extra={f"xl/media/{n}.bin": "" for n in range(3_001)})
    assert "3.000" in refused(building.packed(parts)).message


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "lol">]>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels",
             "xl/styles.xml", "docProps/app.xml"],
)  # fmt: skip
def test_a_doctype_is_refused_in_every_part(part):
    parts = building.parts(extra={"docProps/app.xml": "<Properties/>"})
    head, _, body = parts[part].partition("?>")
    parts[part] = f"{head}?>{DOCTYPE}{body}" if body else f"{DOCTYPE}{head}"
    refusal = refused(building.packed(parts))
    assert refusal.code == "FILE-10"
    assert "DOCTYPE" in refusal.message


def test_a_comment_that_speaks_of_a_doctype_is_none():
    xml = building.sheet_xml(building.table_rows()).replace(
        "<sheetData>", "<!-- <!DOCTYPE x> --><sheetData>"
    )
    assert guard.inspect(building.workbook(sheets={"K": xml}), "uji.xlsx").kind == "xlsx"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda xml: xml.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        lambda xml: xml.replace('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', "").encode("utf-16-le"),
        lambda xml: xml.encode() + b"<!-- \xff -->",
        lambda xml: xml.replace("SITI", "S\udcffTI").encode("utf-8", "surrogateescape"),
        lambda xml: xml.encode() + b"\xc3",
    ],
)  # fmt: skip
def test_parts_must_be_utf_8(spoil):
    parts = building.parts()
    parts["xl/worksheets/sheet1.xml"] = spoil(parts["xl/worksheets/sheet1.xml"])
    assert refused(building.packed(parts)).code == "FILE-08"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"extra": {"xl/vbaProject.bin": "x"}}, "makro"),
        ({"extra": {"xl/macrosheets/sheet1.xml": "<x/>"}}, "Excel 4"),
        ({"extra": {"xl/activeX/activeX1.xml": "<x/>"}}, "ActiveX"),
        ({"extra": {"xl/embeddings/oleObject1.bin": "x"}}, "OLE"),
        ({"extra": {"xl/media/image1.png": guard.OLE_MAGIC}}, "OLE"),
        ({"main_type": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}, "makro"),
        ({"extra": {"xl/externalLinks/externalLink1.xml":
                    f'<externalLink xmlns="{building.MAIN}"><ddeLink/></externalLink>'}}, "DDE"),
        ({"extra": {"xl/externalLinks/externalLink1.xml":
                    f'<externalLink xmlns="{building.MAIN}"><oleLink/></externalLink>'}}, "OLE"),
        ({"extra": {"tautan.xml": f'<externalLink xmlns="{building.MAIN}"><ddeLink/></externalLink>'},
          "types": '<Override PartName="/tautan.xml" ContentType="application/vnd.openxmlformats-'
                   'officedocument.spreadsheetml.externalLink+xml"/>'}, "DDE"),
    ],
)  # fmt: skip
def test_active_content_is_refused_by_name(changes, word):
    refusal = refused(building.workbook(**changes))
    assert refusal.code == "FILE-05"
    assert word in refusal.message


def commented(data):
    return data[:-2] + b"\x0e\x00Ditulis oleh X"


@pytest.mark.parametrize("write", [commented, lambda data: data])
@pytest.mark.parametrize("folder", ["xl/", "", "Isi/buku/"])
def test_parts_may_lie_anywhere_and_the_archive_may_have_a_comment(write, folder):
    moved = {
        name.replace("xl/", folder): content.replace("xl/", folder)
        for name, content in building.parts().items()
    }
    data = write(building.packed(moved))
    assert read_table(data, "uji.xlsx").columns[1].values == [building.GOOD[1]]
    back = read_table(annotated(data), "kembali.xlsx")
    assert back.columns[1].values == [building.GOOD[1]]
    assert len(back.own_columns) == 2


def test_ordinary_links_to_other_workbooks_are_ignored():
    link = (
        f'<externalLink xmlns="{building.MAIN}"><externalBook><sheetNames/></externalBook>'
        "</externalLink>"
    )
    extra = {"xl/externalLinks/externalLink1.xml": link}
    assert guard.inspect(building.workbook(extra=extra), "uji.xlsx").kind == "xlsx"


@pytest.mark.parametrize(
    "kind",
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "x/y"],
)
def test_another_office_document_is_no_workbook(kind):
    assert refused(building.workbook(main_type=kind)).code == "FILE-01"


def test_a_zip_of_anything_is_no_workbook():
    assert "zip biasa" in refused(building.packed({"a.txt": "x"})).message
    assert "Word" in refused(building.packed({"word/document.xml": "x"})).message


def parse(xml):
    parser = SafeParser("bagian.xml", "uji.xlsx", DEFAULT_LIMITS)
    parser.parse([xml[at : at + 1_000_000] for at in range(0, len(xml), 1_000_000)])


@pytest.mark.parametrize(
    "xml",
    [
        b"<a>" * 100 + b"</a>" * 100,
        b"<a " + b" ".join(b'b%d="1"' % n for n in range(300)) + b"/>",
        b'<a b="' + b"x" * 3_000_000 + b'"/>',
        b'<a b="' + b">" * 3_000_000 + b'"/>',
    ],
    ids=["depth", "attributes", "a long attribute", "a long attribute full of brackets"],
)
def test_xml_beyond_reason_is_refused(xml):
    with pytest.raises(Unreadable) as refusal:
        parse(xml)
    assert refusal.value.code == "FILE-06"


def test_the_limits_of_parts_are_counted_in_the_archive_itself():
    archive = Archive(building.workbook(), "uji.xlsx", DEFAULT_LIMITS)
    assert b"".join(archive.chunks("XL/Workbook.XML")).startswith(b"<?xml")
