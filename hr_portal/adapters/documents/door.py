"""Where an uploaded document comes in and the copy that may be kept goes out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from hr_portal.adapters.documents import refusals
from hr_portal.adapters.documents.limits import DEFAULT, MIB, DocumentLimits
from hr_portal.adapters.documents.process import ChildDied, run_child

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"

MEDIA_TYPES: dict[str, str] = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
"""What a name may end in, and what its content must then be."""

EXTENSIONS: dict[str, str] = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}

SIGNATURES: dict[bytes, str] = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
}

_NAMES: dict[str, tuple[str, str]] = {
    PDF: ("PDF", "a PDF"),
    JPEG: ("gambar JPEG", "a JPEG picture"),
    PNG: ("gambar PNG", "a PNG picture"),
}
_FOREIGN: tuple[tuple[int, bytes, tuple[str, str]], ...] = (
    (0, b"GIF8", ("gambar GIF", "a GIF picture")),
    (0, b"BM", ("gambar BMP", "a BMP picture")),
    (0, b"II*\x00", ("gambar TIFF", "a TIFF picture")),
    (0, b"MM\x00*", ("gambar TIFF", "a TIFF picture")),
    (0, b"RIFF", ("gambar WebP atau rekaman", "a WebP picture or a recording")),
    (0, b"PK\x03\x04", ("arsip ZIP atau dokumen Office", "a ZIP archive or an Office document")),
    (0, b"Rar!", ("arsip RAR", "a RAR archive")),
    (0, b"7z\xbc\xaf", ("arsip 7z", "a 7z archive")),
    (0, b"\x1f\x8b", ("arsip gzip", "a gzip archive")),
    (0, b"\xd0\xcf\x11\xe0", ("dokumen Office lama", "an old Office document")),
    (0, b"MZ", ("program Windows", "a Windows program")),
    (0, b"\x7fELF", ("program Linux", "a Linux program")),
    (0, b"{\\rtf", ("dokumen RTF", "an RTF document")),
    (4, b"ftyphei", ("gambar HEIC", "a HEIC picture")),
    (4, b"ftypmif1", ("gambar HEIC", "a HEIC picture")),
    (4, b"ftypavif", ("gambar AVIF", "an AVIF picture")),
    (4, b"ftyp", ("rekaman video", "a video recording")),
    (0, b"\x00\x00\x00\x00", ("nol saja, tanpa isi", "zeros, without content")),
)
"""Beginnings of files that people send by mistake: where, what, and how we call it."""

_MEGA = 1_000_000
_CM_PER_INCH = 2.54
_JUNK_WINDOW = 1024  # PDF readers look this far for the mark, which is what polyglots live on


@dataclass(frozen=True, slots=True)
class SafeDocument:
    """The copy of a document that may be kept and shown.

    `data` was written by us: pages or pixels, nothing else. `extension` has its
    dot. `pages` is 1 for an image; width and height are pixels, None for a PDF.
    The same bytes in give the same bytes out.
    """

    media_type: str
    extension: str
    data: bytes
    pages: int
    width: int | None = None
    height: int | None = None


def make_safe(
    source: bytes | BinaryIO, file_name: str, *, limits: DocumentLimits = DEFAULT
) -> SafeDocument:
    """Make the safe copy of an uploaded PDF, JPEG or PNG.

    Name and content must agree; the content is opened in a limited child
    process only. Blocks for at most `limits.child_seconds` and a moment.

    Raises DocumentRefused with its DOC code; never anything else for what the
    document holds. Errors of reading `source` pass through.
    """
    data = source if isinstance(source, bytes) else source.read(limits.max_bytes + 1)
    media_type = told_type(data, file_name)
    if len(data) > limits.max_bytes:
        raise refusals.refuse_bytes(file_name, limits.max_bytes)
    try:
        answer = run_child(media_type, data, limits)
        if answer.refused is None and _signed(answer.data) != media_type:
            raise ChildDied("answer")  # noqa: TRY301 - one place tells of every such end
    except ChildDied as death:
        raise refusals.refuse_death(file_name, death.cause) from None
    if answer.refused is not None:
        raise _refusal(file_name, answer.refused, answer.figures, limits)
    return SafeDocument(
        media_type,
        EXTENSIONS[media_type],
        answer.data,
        answer.figures.get("pages", 1),
        answer.figures.get("width"),
        answer.figures.get("height"),
    )


def told_type(data: bytes, file_name: str) -> str:
    """Return what the name promises and the first bytes confirm; raises DocumentRefused."""
    extension = PurePosixPath(file_name.replace("\\", "/").rstrip()).suffix.lower()
    promised = MEDIA_TYPES.get(extension)
    if promised is None:
        raise refusals.refuse("extension", file_name)
    if not data:
        raise refusals.refuse("empty", file_name)
    if _signed(data) == promised:
        return promised
    if promised == PDF and b"%PDF-" in data[:_JUNK_WINDOW]:
        raise refusals.refuse("before-pdf", file_name)
    raise refusals.refuse("content", file_name, extension=extension, found=_content(data))


def _signed(data: bytes) -> str | None:
    """Return the media type of ours with whose signature the bytes start."""
    return next((kind for sign, kind in SIGNATURES.items() if data.startswith(sign)), None)


def _content(data: bytes) -> tuple[str, str]:
    """Return in words what a file of another kind holds, as far as its beginning tells."""
    ours = _signed(data)
    if ours is not None:
        return _NAMES[ours]
    for offset, sign, words in _FOREIGN:
        if data.startswith(sign, offset):
            return words
    head = data[:_JUNK_WINDOW].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")):
        return "gambar SVG atau XML", "an SVG picture or XML"
    if head.startswith(b"<"):
        return "halaman HTML", "an HTML page"
    return "bukan PDF, JPEG, atau PNG", "neither PDF, JPEG nor PNG"


_LIMIT_TOLD: dict[str, Callable[[DocumentLimits], int]] = {
    "objects": lambda limits: limits.max_objects,
    "page-points": lambda limits: int(limits.max_page_points * _CM_PER_INCH / 72),
    "pages": lambda limits: limits.max_pages,
    "pixels": lambda limits: limits.max_pixels // _MEGA,
    "pixels-in-pdf": lambda limits: limits.max_pixels // _MEGA,
    "side": lambda limits: limits.max_side,
    "unpacked": lambda limits: limits.max_unpacked_bytes // MIB,
    "unpacked-part": lambda limits: limits.max_stream_bytes // MIB,
}
"""The limit that a refusal names, in the unit of its sentence."""


def _refusal(
    file_name: str, case: str, figures: dict[str, int], limits: DocumentLimits
) -> refusals.DocumentRefused:
    """Put the child's case and figures into words."""
    if case == "active":
        return refusals.refuse_active(file_name, figures)
    told = dict(figures)
    if case in _LIMIT_TOLD:
        told["limit"] = _LIMIT_TOLD[case](limits)
    if case == "pixels":
        told["count"] = -(-told["width"] * told["height"] // _MEGA)
    return refusals.refuse(case, file_name, **told)
