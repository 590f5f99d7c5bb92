"""What a file must prove before any of its content is believed.

`first_look` is cheap enough for the web request itself: the name, the size,
the first bytes and the zip directory. `inspect` runs in the limited child: it
unpacks every part once with a counter and turns away DOCTYPEs, other encodings
than UTF-8, macros, DDE and OLE (security.md E2, E8, F1-F4, F7).
"""

import codecs
import re
from dataclasses import dataclass, field

from hr_portal.adapters.spreadsheets import opendocument
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.compound import Compound
from hr_portal.adapters.spreadsheets.kinds import (
    NUMBERS,
    OLE_MAGIC,
    SLIDES,
    WORD,
    XLS,
    XLSB,
    ZIP,
    FileKind,
    check_content,
    extension,
    kind_by_name,
    mismatch,
)
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.refusals import megabytes, over_limit, refuse
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser, check_encoding
from hr_portal.domain.table import Unreadable

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
_GLANCED = 1 << 20
"""Parts up to this size are unpacked whole at a glance."""
CONTENT_TYPES = "[content_types].xml"
_OTHER_PACKAGES = (
    ("xl/workbook.bin", XLSB),
    ("word/document.xml", WORD),
    ("ppt/presentation.xml", SLIDES),
    ("index/document.iwa", NUMBERS),
)


@dataclass(slots=True)
class Facts:
    """What one pass over a part's bytes has proved."""

    plain: bool = True
    """No `<!` anywhere: neither comments nor CDATA, and so no DOCTYPE either."""
    ascii: bool = True


@dataclass(slots=True)
class Package:
    """A file that has passed the guard; `archive` is there for xlsx and ods only."""

    kind: FileKind
    data: bytes | memoryview
    file: str
    archive: Archive | None = None
    facts: dict[str, Facts] = field(default_factory=dict)
    """By part name in lower case."""


def first_look(
    name: str, head: bytes, size: int, tail: bytes = b"", limits: ReadLimits = DEFAULT_LIMITS
) -> FileKind:
    """Judge what both ends of a file show: name, size, magic bytes, zip end.

    `head` are its first bytes (512 or more), `tail` its last (at least 22;
    66,000 where there are as many). Raises Unreadable; returns the kind.
    `look` does the same with the whole file at hand and reads the directory.
    """
    kind = kind_by_name(name)
    if size == 0:
        raise refuse("empty", name)
    if size > limits.max_bytes:
        raise over_limit(
            name, f"ukurannya {megabytes(size)}", f"it has {size / 1_048_576:.1f} MB",
            megabytes(limits.max_bytes), f"{limits.max_bytes // 1_048_576} MB",
        )  # fmt: skip
    if not (kind in {"xlsx", "ods"} and head.startswith(OLE_MAGIC)):  # `look` looks into that
        check_content(name, kind, head, tail)
    if kind in {"xlsx", "ods"} and tail and b"PK\x05\x06" not in tail and head.startswith(b"PK"):
        raise refuse("truncated", name)
    if kind == "csv" and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise nul_in(name, head)
    return kind


def _ends(data: bytes | memoryview) -> tuple[bytes, bytes]:
    return bytes(data[:4096]), bytes(data[-66_000:])


def _open(data: bytes | memoryview, name: str, limits: ReadLimits) -> Package:
    """Judge a whole file without unpacking anything: `first_look` and the directory inside."""
    head, tail = _ends(data)
    kind = first_look(name, head, len(data), tail, limits)
    if kind == "csv":
        return Package(kind, data, name)
    if head.startswith(OLE_MAGIC):
        _check_compound(data, name, kind)
        return Package(kind, data, name)
    if kind == "xls":
        return Package(kind, data, name)
    archive = Archive(data, name, limits)
    archive.check_declared_sizes()
    if kind == "ods":
        opendocument.check_names(archive, name)
    else:
        _check_names(archive, name)
    return Package(kind, data, name, archive)


def declared_size(name: str, data: bytes | memoryview, limits: ReadLimits) -> int:
    """Return how large a file's content says it is once unpacked; raises Unreadable.

    Text and .xls become some four times as many bytes of cells.
    """
    package = _open(data, name, limits)
    if package.archive is None:
        return 4 * len(data)
    return sum(entry.size for entry in package.archive.entries.values())


def look(name: str, data: bytes | memoryview, limits: ReadLimits = DEFAULT_LIMITS) -> FileKind:
    """Judge a whole file as far as a web request may; raises Unreadable, returns the kind."""
    return _open(data, name, limits).kind


def _check_compound(data: bytes | memoryview, name: str, kind: FileKind) -> None:
    """Judge an OLE container: a workbook under its right name, a password, or something else."""
    if kind == "xls":
        Compound(data, name).check_names()
        return
    # Office programs wrap a workbook that has a password in such a container.
    try:
        compound = Compound(data, name)
    except Unreadable:
        raise refuse("encrypted", name) from None
    compound.check_names()
    raise mismatch(name, XLS)


def nul_in(name: str, head: bytes) -> Exception:
    """Make the refusal of a text with NUL, which may be a UTF-16 that does not say so."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head) > min(even, odd) * 40:
        return refuse(
            "encoding", name, found="tampaknya UTF-16 tanpa tanda pengenal (BOM)",
            found_en="it seems to be UTF-16 without its mark (BOM)",
        )  # fmt: skip
    return refuse(
        "encoding", name, found="ada karakter NUL (byte 0) di dalamnya",
        found_en="it has NUL characters (byte 0)",
    )  # fmt: skip


def inspect(data: bytes | memoryview, name: str, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """Prove a file fit to be read; raises Unreadable with its FILE code.

    Every part of an archive is unpacked once, counted and held against its
    checksum; XML parts are proved to be UTF-8 without a DOCTYPE.
    """
    package = _open(data, name, limits)
    archive = package.archive
    if archive is None:
        return package
    if package.kind == "ods":
        opendocument.check_package(archive, name, limits)
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
    if package.kind == "xlsx":
        _check_content_types(package, limits)
    return package


def glance(data: bytes | memoryview, name: str, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """Prove of a file what can be had without unpacking its large parts; raises Unreadable.

    Enough to read a few rows of it with the exact parser, which proves what it is
    fed; whoever goes on has `inspect` prove the rest. No part is known to be plain.
    """
    package = _open(data, name, limits)
    archive = package.archive
    if archive is None or package.kind != "xlsx":
        return package
    for part, entry in archive.entries.items():
        is_xml = part.endswith((".xml", ".rels", ".vml"))
        if entry.size <= _GLANCED:
            _walk(archive, part, Facts(), name, is_xml=is_xml)
        elif not is_xml or part.endswith(".rels") or "externallink" in part:
            raise refuse("structure", name, found="–", found_en="–")  # not for a glance
        else:
            check_encoding(next(archive.chunks(part)), entry.name, name)
        package.facts[part] = Facts(plain=False)
    _check_content_types(package, limits)
    return package


def _walk(archive: Archive, part: str, facts: Facts, file: str, *, is_xml: bool) -> int:
    """Unpack a part once and note what its bytes prove; returns its size."""
    total = 0
    shown = archive.entries[part].name
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b""
    try:
        for chunk in archive.chunks_kept(part):
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
    # One byte is looked for at the speed of memory, two are not, and this one is rare.
    if b"!" in chunk and (b"<!" in chunk or (last == b"<" and chunk.startswith(b"!"))):
        facts.plain = False
    if not chunk.isascii():
        facts.ascii = False


def _check_names(archive: Archive, file: str) -> None:
    for part, content in _OTHER_PACKAGES:
        if part in archive:
            raise mismatch(file, content)
    # Where its parts lie is the writer's choice: the relations say it, not the folder "xl".
    if CONTENT_TYPES not in archive or "_rels/.rels" not in archive:
        raise mismatch(file, ZIP)
    for part in archive.entries:
        for pattern, found, found_en in _ACTIVE_PARTS:
            if pattern.search(part):
                raise refuse("active", file, found=found, found_en=found_en)


def _check_content_types(package: Package, limits: ReadLimits) -> None:
    """Refuse what the package itself declares as active, as a DDE link, or as no workbook."""
    archive, file = package.archive, package.file
    assert archive is not None  # noqa: S101 - only called for archives
    mains: list[str] = []
    linking: set[str] = set()

    def start(name: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "")
        if name == "Default" and attributes.get("Extension", "").lower() == "xml":
            pass  # programs made with the Open XML SDK name the workbook's type there
        elif name != "Override":
            return  # other defaults say nothing of what is there: .bin is printer settings too
        if kind.lower().endswith("externallink+xml"):
            linking.add(attributes.get("PartName", "").lstrip("/").lower())
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
            "not-a-workbook", file, extension=extension(file), found="daftar isinya menyebut jenis lain",
            found_en="its list of contents names another type",
        )  # fmt: skip
    _check_links(package, limits, linking)


def _check_links(package: Package, limits: ReadLimits, linking: set[str]) -> None:
    """Refuse DDE and OLE links; ordinary links to other workbooks are never followed.

    `linking` are the parts declared to hold links, wherever they lie.
    """
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
        if "externallink" in part or part.endswith(".rels") or part in linking:
            parser = SafeParser(archive.entries[part].name, file, limits)
            parser.handle(start)
            parser.parse(archive.chunks(part))
