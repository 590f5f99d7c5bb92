"""The process in which the pages of a cleaned document are drawn: see `picturing`."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image

from hr_portal.adapters.documents.child import limit_this_process
from hr_portal.adapters.documents.door import PDF
from hr_portal.adapters.documents.looking import measured
from hr_portal.adapters.documents.picturing import (
    LIMITS,
    LONG_SIDE,
    MOST_PAGES,
    MOST_TEXT,
    SMALL_SIDE,
)

DOTS_PER_POINT = 300 / 72
"""The most that is worth drawing of a small page: 300 dots per inch."""
QUALITY, SMALL_QUALITY = 82, 70
MOST_PARTS = 2_000
"""Parts of a PDF's page among which its scan is looked for."""
_SCAN_SHARE = 0.5
_FAILED = 4


class _Page(NamedTuple):
    """A page as drawn, and its size in pixels as it was taken."""

    picture: Image.Image
    width: int
    height: int


def prepare() -> None:
    """Load what every drawing needs; no document is there yet."""
    Image.preinit()


def run() -> int:
    """Draw what is asked for from standard input to standard output; return the exit code."""
    limit_this_process(LIMITS)
    Image.MAX_IMAGE_PIXELS = LIMITS.max_pixels
    asked, _, data = sys.stdin.buffer.read().partition(b"\n")
    request = json.loads(asked)
    try:
        if request["media_type"] == PDF:
            header, parts = _of_pdf(data, request["first"], request["count"])
        else:
            header, parts = _told(1, [_picture(data)], "")
    except (MemoryError, OSError, ValueError, Image.DecompressionBombError, pypdfium2.PdfiumError):
        return _FAILED
    out = sys.stdout.buffer
    out.write(json.dumps(header).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()
    return 0


def _of_pdf(data: bytes, first: int, count: int) -> tuple[dict[str, Any], list[bytes]]:
    pages: list[_Page] = []
    text = ""
    with closing(pypdfium2.PdfDocument(data)) as document:
        total = min(len(document), MOST_PAGES)
        for number in range(first, min(first + count, total)):
            with closing(document[number]) as page:
                long = max(page.get_width(), page.get_height(), 1)
                bitmap = page.render(scale=min(LONG_SIDE / long, DOTS_PER_POINT))
                drawn = _bounded(bitmap.to_pil())
                pages.append(_Page(drawn, *_scan_size(page, drawn)))
                bitmap.close()
                with closing(page.get_textpage()) as written:
                    text += written.get_text_range() + "\n"
    return _told(total, pages, "".join(c for c in text[:MOST_TEXT] if c.isprintable() or c == "\n"))


def _scan_size(page: Any, drawn: Image.Image) -> tuple[int, int]:  # noqa: ANN401 - it has no types
    """Return the pixels of the picture that fills a page, or those drawn where none does."""
    least = _SCAN_SHARE * page.get_width() * page.get_height()
    for part in _pictures_of(page):
        left, bottom, right, top = part.get_bounds()
        if (right - left) * (top - bottom) >= least:
            width, height = part.get_px_size()
            return int(width), int(height)
    return drawn.size


def _pictures_of(page: Any) -> Iterator[Any]:  # noqa: ANN401 - it has no types
    for part in islice(page.get_objects(max_depth=3), MOST_PARTS):
        if part.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            yield part


def _picture(data: bytes) -> _Page:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as source:
        size = source.size
        source.draft(None, (LONG_SIDE, LONG_SIDE))  # a JPEG needn't be unpacked whole
        return _Page(_bounded(source), *size)


def _bounded(picture: Image.Image) -> Image.Image:
    """Return a picture of at most LONG_SIDE, grey or in colours."""
    flat = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
    flat.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return flat


def _told(total: int, pages: list[_Page], text: str) -> tuple[dict[str, Any], list[bytes]]:
    parts: list[bytes] = []
    told = []
    for page, width, height in pages:
        small = page.copy()
        small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
        whole, thumbnail = _jpeg(page, QUALITY), _jpeg(small, SMALL_QUALITY)
        parts += [whole, thumbnail]
        told.append(
            {
                "width": page.width,
                "height": page.height,
                "size": len(whole),
                "small": len(thumbnail),
                "looks": measured(page, width, height),
            }
        )
    return {"pages": total, "pictures": told, "text": text}, parts


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    told = io.BytesIO()
    picture.save(told, "JPEG", quality=quality)
    return told.getvalue()
