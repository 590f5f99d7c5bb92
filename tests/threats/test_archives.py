"""ZIPs that want more than to hand over documents: refused whole or by entry, named, unopened."""

import io
import stat
import struct
import zipfile

import pytest

from hr_portal.adapters.documents import DocumentRefused
from hr_portal.adapters.documents.archive import ArchiveLimits, look
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.adapters.documents.unpacking import unpacked
from tests.adapters.documents.made import simple_pdf

PDF = simple_pdf()
LIMITS = ArchiveLimits(max_bytes=60_000_000, max_files=50, max_document_bytes=200_000)


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def marked(name, content, mode):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info, content


def verdict(data, limits=LIMITS):
    """The code that refuses the whole, or the codes of its entries ("" = fit)."""
    try:
        entries = look(io.BytesIO(data), "kiriman.zip", limits)
    except DocumentRefused as refusal:
        return refusal.code
    return [one.refused.code if one.refused else "" for one in entries]


@pytest.mark.parametrize(
    "name",
    ["../evil.pdf", "a/../../evil.pdf", "/etc/cron.d/evil.pdf", "C:\\evil.pdf", "..\\evil.pdf",
     "\\\\server\\share\\evil.pdf", "....//evil.pdf", "%2e%2e%2fevil.pdf", "~/evil.pdf"],
)  # fmt: skip
def test_a_name_that_leads_out_of_the_folder_refuses_the_archive(name):
    assert verdict(zipped(("ok.pdf", PDF), (name, PDF))) == "ZIP-05"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK])
def test_a_link_or_device_refuses_the_archive(kind):
    assert (
        verdict(zipped(("ok.pdf", PDF), marked("ktp.pdf", "/etc/passwd", kind | 0o777))) == "ZIP-05"
    )


def test_an_entry_with_two_names_refuses_the_archive():
    data = zipped(("aaaa.pdf", PDF), method=zipfile.ZIP_STORED)
    assert verdict(data.replace(b"aaaa.pdf", b"evil.exe", 1)) == "ZIP-05"


def test_parts_that_overlap_refuse_the_archive():
    data = bytearray(zipped(("a.pdf", PDF), ("b.pdf", PDF), method=zipfile.ZIP_STORED))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<L", 10)
    assert verdict(bytes(data)) == "ZIP-05"


def test_a_bomb_is_refused_before_it_swells():
    assert verdict(zipped(("ktp.pdf", b"\0" * 50_000_000), ("ok.pdf", PDF))) == "ZIP-04"


def test_more_files_or_bytes_than_the_limit_are_refused_and_the_limit_named():
    many = zipped(*((f"{n}.pdf", b"") for n in range(200)))
    with pytest.raises(DocumentRefused, match="50") as refusal:
        look(io.BytesIO(many), "kiriman.zip", LIMITS)
    assert refusal.value.code == "ZIP-03"
    assert "kiriman.zip" in refusal.value.message
    assert "kiriman.zip" in refusal.value.message_en
    small = LIMITS._replace(max_bytes=100)
    assert verdict(zipped(("a.pdf", PDF)), small) == "ZIP-03"
    assert verdict(zipped(("a.pdf", PDF)), LIMITS._replace(max_unpacked_bytes=10)) == "ZIP-03"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.4", b"x" * 100, b"PK\x03\x04" + b"\0" * 40,
     zipped(("a.pdf", PDF))[:-30], b"MZ" + zipped(("a.pdf", PDF)),
     zipped(("a.pdf", PDF)).replace(b"PK\x01\x02", b"PK\x01\x09")],
)  # fmt: skip
def test_what_is_no_whole_archive_is_told(data):
    assert verdict(data) in {"ZIP-01", "ZIP-02"}


def test_a_directory_that_claims_too_much_is_not_believed():
    data = bytearray(zipped(("a.pdf", PDF)))
    end = data.rfind(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<HH", 60_000, 60_000)
    assert verdict(bytes(data)) == "ZIP-03"


def test_an_unfit_entry_is_refused_alone():
    locked = bytearray(zipped(("kunci.pdf", PDF), method=zipfile.ZIP_STORED))
    locked[6] |= 1
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert verdict(bytes(locked)) == ["DOC-04"]
    mixed = zipped(
        ("ok.pdf", PDF), ("dalam.zip", zipped(("x.pdf", PDF))), ("KK.pdf", PDF), ("kk.PDF", PDF),
        ("jalankan.exe", b"MZ"), ("a\u202efdp.exe", b"MZ"), ("besar.pdf", b"%PDF-" + bytes(range(256)) * 900),
        marked("hak.pdf", PDF, stat.S_IFREG | 0o4755), ("tanpa", PDF),
    )  # fmt: skip
    assert verdict(mixed) == [
        "", "DOC-01", "DOC-01", "DOC-01", "DOC-01", "DOC-01", "DOC-06", "DOC-01", "DOC-01",
    ]  # fmt: skip


def test_an_entry_that_is_longer_than_it_says_or_damaged_stops_nobody(tmp_path):
    data = bytearray(
        zipped(("a.pdf", b"A" * 5_000), ("b.pdf", b"B" * 300_000), ("c.pdf", b"C" * 500))
    )
    directory = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    for at in (directory[1],):  # b.pdf claims 100 bytes
        data[at + 24 : at + 28] = struct.pack("<L", 100)
    data[40] ^= 0xFF  # inside the packed bytes of a.pdf
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with file.open("rb") as source:
        found = dict(unpacked(source, [0, 1, 2], LIMITS))
    assert isinstance(found[0], str)
    assert isinstance(found[1], str)
    assert found[2] == b"C" * 500


def test_a_process_that_cannot_go_on_is_told(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(b"no archive at all")
    with file.open("rb") as source, pytest.raises(ChildDied):
        list(unpacked(source, [0], LIMITS))
