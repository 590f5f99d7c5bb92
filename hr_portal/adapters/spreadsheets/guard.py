"""What a file must prove before any of its content is believed.

`first_look` is cheap enough for the web request itself: the name, the size,
the first bytes and the zip directory. `inspect` runs in the limited child: it
unpacks every part once with a counter and turns away DOCTYPEs, other encodings
than UTF-8, macros, DDE and OLE (security.md E2, E8, F1-F4, F7).
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.refusals import megabytes, over_limit, refuse
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser, check_encoding

FileKind = Literal["xlsx", "csv"]

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# (first bytes, what it is in Indonesian, in English)
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (ZIP_MAGIC, "arsip zip (misalnya .xlsx)", "a zip archive (an .xlsx, for example)"),
    (b"PK\x05\x06", "arsip zip kosong", "an empty zip archive"),
    (OLE_MAGIC, "buku kerja Excel lama (.xls)", "an old Excel workbook (.xls)"),
    (b"%PDF", "dokumen PDF", "a PDF document"),
    (b"\x89PNG", "gambar PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "gambar JPEG", "a JPEG picture"),
    (b"GIF8", "gambar GIF", "a GIF picture"),
    (b"\x1f\x8b", "arsip gzip", "a gzip archive"),
    (b"Rar!", "arsip RAR", "a RAR archive"),
    (b"7z\xbc\xaf", "arsip 7z", "a 7z archive"),
    (b"MZ", "program Windows", "a Windows program"),
    (b"\x7fELF", "program", "a program"),
    (b"{\\rtf", "dokumen RTF", "an RTF document"),
)
_MARKUP = re.compile(
    rb"^\s*<(?:!doctype|html|head|body|table|meta|\?xml|svg|script)\b", re.IGNORECASE
)

_SHEET_MAIN = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)
_ACTIVE_PARTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"vbaproject|vbadata"), "makro (VBA)", "macros (VBA)"),
    (re.compile(r"/macrosheets/|/intlmacrosheets/"), "lembar makro Excel 4", "an Excel 4 macro sheet"),
    (re.compile(r"/dialogsheets/"), "lembar dialog", "a dialog sheet"),
    (re.compile(r"/activex/"), "kontrol ActiveX", "ActiveX controls"),
    (re.compile(r"/embeddings/|oleobject"), "objek tersemat (OLE)", "embedded objects (OLE)"),
)  # fmt: skip
_ACTIVE_TYPES: tuple[tuple[str, str, str], ...] = (
    ("macroenabled", "makro (VBA)", "macros (VBA)"),
    ("macrosheet", "lembar makro Excel 4", "an Excel 4 macro sheet"),
    ("vbaproject", "makro (VBA)", "macros (VBA)"),
    ("activex", "kontrol ActiveX", "ActiveX controls"),
    ("oleobject", "objek tersemat (OLE)", "embedded objects (OLE)"),
)
CONTENT_TYPES = "[content_types].xml"


@dataclass(slots=True)
class Facts:
    """What one pass over a part's bytes has proved."""

    plain: bool = True
    """No `<!` anywhere: neither comments nor CDATA, and so no DOCTYPE either."""
    ascii: bool = True


@dataclass(slots=True)
class Package:
    """A file that has passed the guard; `archive` is None for csv."""

    kind: FileKind
    data: bytes | memoryview
    file: str
    archive: Archive | None = None
    facts: dict[str, Facts] = field(default_factory=dict)
    """By part name in lower case."""


def extension(name: str) -> str:
    """Return a name's extension in lower case with its dot, or ""."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _check_magic(name: str, head: bytes, size: int, limits: ReadLimits) -> FileKind:
    """Hold the name against the first bytes; raises FILE-01, 02, 04, 05 or 06."""
    if size == 0:
        raise refuse("empty", name)
    if size > limits.max_bytes:
        raise over_limit(
            name, f"ukurannya {megabytes(size)}", f"it has {size / 1_048_576:.1f} MB",
            megabytes(limits.max_bytes), f"{limits.max_bytes // 1_048_576} MB",
        )  # fmt: skip
    kind = extension(name)
    if kind in {".xlsm", ".xlsb", ".xltm", ".xlam"}:
        raise refuse(
            "active", name, found=f"makro atau isi biner (jenis {kind})",
            found_en=f"macros or binary content (type {kind})",
        )  # fmt: skip
    magic, found, found_en = _signature(head)
    if kind == ".xlsx" and magic == OLE_MAGIC:
        # A workbook with a password is an OLE container under the name .xlsx.
        raise refuse("encrypted", name)
    expected = {".xlsx": ZIP_MAGIC, ".csv": b"", ".xls": OLE_MAGIC, ".ods": ZIP_MAGIC}
    if kind in expected and magic != expected[kind]:
        raise refuse("content", name, extension=kind, found=found, found_en=found_en)
    if kind not in {".xlsx", ".csv"}:
        raise refuse("type", name)
    return "xlsx" if kind == ".xlsx" else "csv"


def _signature(head: bytes) -> tuple[bytes, str, str]:
    """Return the known first bytes a file has, and what it is called in both languages."""
    for signature in _SIGNATURES:
        if head.startswith(signature[0]):
            return signature
    if _MARKUP.match(head[:512].removeprefix(b"\xef\xbb\xbf")):
        return b"<", "halaman web atau XML", "a web page or XML"
    return b"", "teks atau data biasa, bukan arsip buku kerja", "text or data, no workbook archive"


def first_look(
    name: str, head: bytes, size: int, tail: bytes = b"", limits: ReadLimits = DEFAULT_LIMITS
) -> FileKind:
    """Judge what a web request can see of a file: name, size, magic bytes, zip end.

    `head` are its first bytes (512 or more), `tail` its last (at least 22;
    66,000 where there are as many). Raises Unreadable; returns the kind.
    `look` does the same with the whole file at hand and reads the directory.
    """
    kind = _check_magic(name, head, size, limits)
    if kind == "xlsx" and tail and b"PK\x05\x06" not in tail:
        raise refuse("truncated", name)
    if kind == "csv" and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _nul(name)
    return kind


def look(name: str, data: bytes | memoryview, limits: ReadLimits = DEFAULT_LIMITS) -> FileKind:
    """Judge a whole file without unpacking anything: `first_look` and the zip directory."""
    kind = first_look(name, bytes(data[:4096]), len(data), bytes(data[-66_000:]), limits)
    if kind == "xlsx":
        archive = Archive(data, name, limits)
        archive.check_declared_sizes()
        _check_names(archive, name)
    return kind


def _nul(name: str) -> Exception:
    return refuse(
        "encoding", name, found="ada karakter NUL (byte 0) di dalamnya",
        found_en="it has NUL characters (byte 0)",
    )  # fmt: skip


def inspect(data: bytes | memoryview, name: str, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """Prove a file fit to be read; raises Unreadable with its FILE code.

    Every part of an archive is unpacked once, counted and held against its
    checksum; XML parts are proved to be UTF-8 without a DOCTYPE.
    """
    kind = first_look(name, bytes(data[:4096]), len(data), bytes(data[-66_000:]), limits)
    if kind == "csv":
        return Package(kind, data, name)
    archive = Archive(data, name, limits)
    archive.check_declared_sizes()
    _check_names(archive, name)
    package = Package(kind, data, name, archive)
    total = 0
    for part in archive.entries:
        is_xml = part.endswith((".xml", ".rels", ".vml"))
        facts = Facts()
        total += _walk(archive, part, facts, name, is_xml=is_xml)
        if total > limits.max_unpacked:
            archive.check_declared_sizes()
        package.facts[part] = facts
        if is_xml and not facts.plain:
            # Only a parser can tell a DOCTYPE from a comment or CDATA that names one.
            SafeParser(archive.entries[part].name, name, limits).parse(archive.chunks(part))
    _check_content_types(package, limits)
    _check_links(package, limits)
    return package


def _walk(archive: Archive, part: str, facts: Facts, file: str, *, is_xml: bool) -> int:
    """Unpack a part once and note what its bytes prove; returns its size."""
    total = 0
    shown = archive.entries[part].name
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b""
    try:
        for chunk in archive.chunks(part):
            if not total:
                if chunk.startswith(OLE_MAGIC):
                    raise refuse(
                        "active", file, found="objek tersemat (OLE)",
                        found_en="embedded objects (OLE)",
                    )  # fmt: skip
                if is_xml:
                    check_encoding(chunk, shown, file)
            total += len(chunk)
            if is_xml:
                _note(chunk, last, facts)
                last = chunk[-1:]
                if not facts.ascii:
                    decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise refuse("part-encoding", file, part=shown) from None
    return total


def _note(chunk: bytes, last: bytes, facts: Facts) -> None:
    """Note what a further piece proves; `last` is the byte before it."""
    if b"\0" in chunk:  # no XML has one, and UTF-16 has many
        raise UnicodeError
    # In UTF-8 a DOCTYPE can only be spelled with these two bytes.
    if b"<!" in chunk or (last == b"<" and chunk.startswith(b"!")):
        facts.plain = False
    if not chunk.isascii():
        facts.ascii = False


def _check_names(archive: Archive, file: str) -> None:
    if CONTENT_TYPES not in archive or "xl/workbook.xml" not in archive:
        if "mimetype" in archive or "content.xml" in archive:
            raise refuse("not-a-workbook", file, found="OpenDocument", found_en="OpenDocument")
        if "word/document.xml" in archive:
            raise refuse("not-a-workbook", file, found="dokumen Word", found_en="a Word document")
        if CONTENT_TYPES not in archive or not any(
            name.startswith("xl/") for name in archive.entries
        ):
            raise refuse(
                "not-a-workbook", file, found="arsip zip biasa", found_en="a plain zip archive"
            )
    for part in archive.entries:
        for pattern, found, found_en in _ACTIVE_PARTS:
            if pattern.search(part):
                raise refuse("active", file, found=found, found_en=found_en)


def _check_content_types(package: Package, limits: ReadLimits) -> None:
    """Refuse what the package itself declares as active, or as no workbook."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - only called for archives
    mains: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name != "Override":
            return  # a Default says nothing about what is there: .bin is printer settings too
        kind = attributes.get("ContentType", "")
        if kind.endswith("main+xml") or "macroenabled" in kind.lower():
            mains.append(kind)
        for word, found, found_en in _ACTIVE_TYPES:
            if word in kind.lower():
                raise refuse("active", file, found=found, found_en=found_en)

    parser = SafeParser("[Content_Types].xml", file, limits)
    parser.handle(start)
    parser.parse(archive.chunks(CONTENT_TYPES))
    if not any(main in _SHEET_MAIN for main in mains):
        raise refuse(
            "not-a-workbook", file, found="daftar isinya menyebut jenis lain",
            found_en="its list of contents names another type",
        )  # fmt: skip


def _check_links(package: Package, limits: ReadLimits) -> None:
    """Refuse DDE and OLE links; ordinary links to other workbooks are never followed."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - only called for archives

    def start(name: str, attributes: Attributes) -> None:
        if name in {"ddeLink", "oleLink"}:
            raise refuse(
                "active", file, found="tautan DDE atau OLE ke program lain",
                found_en="a DDE or OLE link to another program",
            )  # fmt: skip
        kind = attributes.get("Type", "").lower()
        if name == "Relationship":
            for word, found, found_en in _ACTIVE_TYPES:
                if kind.endswith("/" + word) or (word == "macrosheet" and word in kind):
                    raise refuse("active", file, found=found, found_en=found_en)

    for part in archive.entries:
        if "externallink" in part or part.endswith(".rels"):
            parser = SafeParser(archive.entries[part].name, file, limits)
            parser.handle(start)
            parser.parse(archive.chunks(part))
