"""What a file is called and what it really is: one table of names, one of contents.

Only six endings are read. Everything else people send is told by its name what
it is and what to do, and a name that promises something else than the content
is told both (security.md E2, CELL-16).
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from hr_portal.adapters.spreadsheets.refusals import REMEDIES, refuse
from hr_portal.domain.shown_names import shown_name

FileKind = Literal["xlsx", "xls", "ods", "csv"]

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
END_MARK = b"\x1a"
"""With which programs of DOS and their successors end a text file."""

ACCEPTED: Final[dict[str, FileKind]] = {
    ".xlsx": "xlsx", ".xls": "xls", ".ods": "ods", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
}  # fmt: skip
"""The endings that are read, and how."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file's bytes are: its name in both languages, and which ending would be right."""

    words: str
    words_en: str
    ending: str = ""
    """The accepted ending of such content, "" where none is."""
    remedy: str = "resave"


XLSX = Content("buku kerja Excel (.xlsx)", "an Excel workbook (.xlsx)", ".xlsx")
XLS = Content("buku kerja Excel lama (.xls)", "an old Excel workbook (.xls)", ".xls")
ODS = Content("buku kerja OpenDocument (.ods)", "an OpenDocument workbook (.ods)", ".ods")
TEXT = Content("teks biasa", "plain text", ".csv")
XLSB = Content("buku kerja biner Excel (.xlsb)", "a binary Excel workbook (.xlsb)")
BIFF_OLD = Content(
    "buku kerja Excel 2 sampai 4 (sebelum tahun 1993)", "a workbook of Excel 2 to 4 (before 1993)"
)
HTML = Content("halaman web (HTML)", "a web page (HTML)", remedy="export")
XML = Content("XML", "XML", remedy="export")
XML_2003 = Content("XML Spreadsheet 2003", "XML Spreadsheet 2003", remedy="export")
MHTML = Content("halaman web tersimpan (MHTML)", "a saved web page (MHTML)", remedy="export")
WORD = Content("dokumen Word", "a Word document", remedy="table")
SLIDES = Content("presentasi PowerPoint", "a PowerPoint presentation", remedy="table")
ODT = Content("dokumen OpenDocument lain", "another OpenDocument file", remedy="table")
NUMBERS = Content("dokumen Apple Numbers", "an Apple Numbers document", remedy="numbers")
ZIP = Content("arsip zip biasa", "a plain zip archive", remedy="extract")
ARCHIVE = Content("arsip (bukan buku kerja)", "an archive (no workbook)", remedy="extract")
PDF = Content("dokumen PDF", "a PDF document", remedy="table")
RTF = Content("dokumen RTF", "an RTF document", remedy="table")
PROGRAM = Content("program", "a program", remedy="check")
OLE = Content("dokumen Microsoft Office lama", "an old Microsoft Office document")
UNKNOWN = Content("data yang tidak dikenal", "data of an unknown kind", remedy="check")


GSHEET = Content("pintasan ke Google Sheets", "a shortcut to Google Sheets", remedy="google")
LOCK = Content(
    "penanda bahwa buku kerjanya sedang dibuka", "a mark that the workbook is open", remedy="lock"
)
ZEROS = Content("byte nol semua", "nothing but zero bytes", remedy="unfinished")


def _picture(kind: str) -> Content:
    return Content(f"gambar {kind}", f"a {kind} picture", remedy="table")


_SIGNATURES: Final[tuple[tuple[bytes, Content], ...]] = (
    (b"PK\x05\x06", Content("arsip zip kosong", "an empty zip archive", remedy="check")),
    (b"%PDF", PDF),
    (b"\x89PNG", _picture("PNG")),
    (b"\xff\xd8\xff", _picture("JPEG")),
    (b"GIF8", _picture("GIF")),
    (b"\x1f\x8b", Content("arsip gzip", "a gzip archive", remedy="extract")),
    (b"Rar!", Content("arsip RAR", "a RAR archive", remedy="extract")),
    (b"7z\xbc\xaf", Content("arsip 7z", "a 7z archive", remedy="extract")),
    (b"\x7fELF", PROGRAM),
    (b"{\\rtf", RTF),
    (b"MIME-Version:", MHTML),
    (b"\x09\x00\x04\x00", BIFF_OLD),
    (b"\x09\x02\x06\x00", BIFF_OLD),
    (b"\x09\x04\x06\x00", BIFF_OLD),
    (b"\x09\x08\x08\x00", XLS),  # a bare stream of records, as small export scripts write it
    (b"\x09\x08\x10\x00", XLS),
)
_ZIP_NAMES: Final[tuple[tuple[bytes, Content], ...]] = (
    (b"xl/workbook.bin", XLSB),
    (b"xl/workbook.xml", XLSX),
    (b"word/document.xml", WORD),
    (b"ppt/presentation.xml", SLIDES),
    (b"Index/Document.iwa", NUMBERS),
    (b"Index.zip", NUMBERS),
)
_ODF_MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument."
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|table|meta|div|style|script|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<(?:\?xml|!doctype|svg|workbook)\b", re.IGNORECASE)
_SHORTCUT = re.compile(rb'\s*\{[^{}]{0,400}(?:"doc_id"|docs\.google\.com)')
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class _Other:
    """An ending that is not read, as people know it."""

    words: str
    words_en: str
    remedy: str = "resave"


_TEMPLATE = _Other("templat buku kerja", "a workbook template")
_DOCUMENT = _Other("dokumen", "a document", "table")
_PICTURE = _Other("gambar", "a picture", "table")
_PACKED = _Other("arsip", "an archive", "extract")
_PAGE = _Other("halaman web atau XML", "a web page or XML", "export")
_OTHERS: Final[dict[str, _Other]] = {
    ".xlsb": _Other("buku kerja biner Excel", "a binary Excel workbook"),
    ".xltx": _TEMPLATE, ".xlt": _TEMPLATE, ".ots": _TEMPLATE,
    ".fods": _Other("buku kerja OpenDocument datar", "a flat OpenDocument workbook"),
    ".sxc": _Other("buku kerja OpenOffice lama", "an old OpenOffice workbook"),
    ".numbers": _Other("dokumen Apple Numbers", "an Apple Numbers document", "numbers"),
    ".gsheet": _Other("pintasan ke Google Sheets, bukan isinya",
                      "a shortcut to Google Sheets, not its content", "google"),
    **dict.fromkeys(
        (".lnk", ".url", ".webloc", ".desktop"),
        _Other("pintasan, bukan isinya", "a shortcut, not its content", "shortcut"),
    ),
    **dict.fromkeys(
        (".crdownload", ".part", ".partial", ".download", ".opdownload"),
        _Other("unduhan yang belum selesai", "an unfinished download", "unfinished"),
    ),
    **dict.fromkeys((".eml", ".msg"), _Other("pesan surel", "a mail message", "attachment")),
    ".xlsx#": _Other(LOCK.words, LOCK.words_en, "lock"),
    ".xls#": _Other(LOCK.words, LOCK.words_en, "lock"),
    ".ods#": _Other(LOCK.words, LOCK.words_en, "lock"),
    ".pdf": _Other("dokumen PDF", "a PDF document", "table"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx"), _DOCUMENT),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".heic", ".webp", ".tif", ".tiff"), _PICTURE),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), _PACKED),
    **dict.fromkeys((".html", ".htm", ".mht", ".mhtml", ".xml", ".json"), _PAGE),
}  # fmt: skip
_MACRO_ENDINGS = frozenset({".xlsm", ".xltm", ".xlam", ".xla"})


def extension(name: str) -> str:
    """Return a name's extension in lower case with its dot, or ""."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def content_of(head: bytes, tail: bytes = b"") -> Content | None:  # noqa: PLR0911 - one a kind
    """Tell what a file's first and last bytes are; None where only a look inside can tell.

    That is so for zip archives whose directory is out of sight, and for OLE
    containers.
    """
    if head.startswith(ZIP_MAGIC):
        return _zip_content(head, tail)
    if head.startswith(OLE_MAGIC):
        return None
    for signature, content in _SIGNATURES:
        if head.startswith(signature):
            return content
    if head.startswith(b"MZ") and b"\0" in head:  # two letters may also begin a header
        return PROGRAM
    bare = head.removeprefix(BOM)
    if _MARKUP.match(bare[:2048]):
        return HTML
    if _XML.match(bare[:512]):
        return XML_2003 if b"urn:schemas-microsoft-com:office:spreadsheet" in bare else XML
    if _SHORTCUT.match(head):
        return GSHEET
    if head.startswith(WIDE_BOMS) or not _CONTROLS.search(
        head.removesuffix(END_MARK).replace(b"\0", b"")
    ):
        return TEXT
    return UNKNOWN


def _zip_content(head: bytes, tail: bytes) -> Content | None:
    at = head.find(_ODF_MIMETYPE, 30, 200)
    if at >= 0:
        return ODS if head[at + len(_ODF_MIMETYPE) :].startswith(b"spreadsheet") else ODT
    return next((content for name, content in _ZIP_NAMES if name in tail or name in head), None)


def kind_by_name(name: str) -> FileKind:
    """Return how a name says it wants to be read; raises FILE-01 or FILE-05 where it can't."""
    ending = extension(name)
    kind = ACCEPTED.get(ending)
    if kind is not None:
        return kind
    if ending in _MACRO_ENDINGS:
        raise refuse("macro-type", name, extension=ending)
    other = _OTHERS.get(ending)
    if other is None:
        shown = shown_name(ending)[:12]
        words = f"berkas berakhiran {shown}" if ending else "berkas tanpa akhiran nama"
        words_en = f"a file that ends in {shown}" if ending else "a file without an ending"
        other = _Other(words, words_en)
    told = other.words + (f" ({ending})" if ending in _OTHERS else "")
    told_en = other.words_en + (f" ({ending})" if ending in _OTHERS else "")
    raise refuse(
        "type", name, found=told, found_en=told_en, remedy=REMEDIES[other.remedy].text,
        remedy_en=REMEDIES[other.remedy].text_en,
    )  # fmt: skip


def mismatch(name: str, content: Content) -> Exception:
    """Make the refusal of a file whose content is not what its name says."""
    ending = extension(name)
    remedy = REMEDIES["rename" if content.ending else content.remedy]
    return refuse(
        "content", name, extension=ending, found=content.words, found_en=content.words_en,
        remedy=remedy.text.format(ending=content.ending),
        remedy_en=remedy.text_en.format(ending=content.ending),
    )  # fmt: skip


def check_content(name: str, kind: FileKind, head: bytes, tail: bytes) -> None:
    """Raise FILE-01 where both ends of a file already show something else than its name says."""
    content = content_of(head, tail)
    if kind != "csv" and content in {TEXT, UNKNOWN}:
        if PurePosixPath(name).name.startswith("~$"):
            raise mismatch(name, LOCK)
        if not head.strip(b"\0"):
            raise mismatch(name, ZEROS)
    if content is None:
        is_zip = head.startswith(ZIP_MAGIC)
        if kind == "csv" or is_zip != (kind in {"xlsx", "ods"}):
            raise mismatch(name, ARCHIVE if is_zip else OLE)
    elif content.ending == "" or ACCEPTED[content.ending] != kind:
        raise mismatch(name, content)
