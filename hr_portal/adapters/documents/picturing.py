"""Has a limited process draw the pages of a document, and checks what it hands over.

Only the cleaned copy is drawn, never the bytes uploaded. The child is forked from a
server that has loaded PDFium and Pillow, see `picturing_child`; in: the copy. Out: one
line of JSON, {"pages", "pictures": [{"width", "height", "size", "small", "looks"}…], "text"},
then the bytes of each picture and its thumbnail, in that order.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hr_portal.adapters.documents.limits import DEFAULT, DocumentLimits
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.forkserver import ForkServer

LIMITS = DocumentLimits(child_seconds=60)
"""For the pages of one call."""
MOST_PAGES = DEFAULT.max_pages
LONG_SIDE = 2_000
"""Pixels of the longer side: 171 dots per inch of an A4 page."""
SMALL_SIDE = 160
MOST_TEXT = 20_000
"""Characters of a document's text that are kept."""
MOST_LINE = 4 * MOST_TEXT * 2 + 100_000
FIGURES = ("long", "ink", "sharp", "light", "glare", "tilt", "sideways", "over", "cut", "colour")
"""What `looking` tells of a page."""
MOST_FIGURE = 100_000
_JPEG = b"\xff\xd8\xff"

_DRAWERS = ForkServer(
    "hr_portal.adapters.documents.picturing_child",
    {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "HOME": str(Path("/nonexistent"))},
)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as JPEG, whole and small. Sizes are pixels of the whole."""

    width: int
    height: int
    whole: bytes
    small: bytes
    looks: dict[str, int]
    """How well it can be read, in figures: see `looking`."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some pages of a document, and how many it has."""

    pages: int
    pictures: tuple[PagePicture, ...]
    text: str
    """What is written in these pages of a PDF as text; nothing for a picture."""


def draw(data: bytes, media_type: str, *, first: int = 0, count: int = MOST_PAGES) -> Drawn:
    """Draw pages `first` (from 0) up to `count` of a cleaned document.

    Raises ChildDied where no whole answer comes back, in time and memory.
    """
    request = {"media_type": media_type, "first": first, "count": count}
    try:
        ended = _DRAWERS.run(
            json.dumps(request).encode() + b"\n" + data, float(LIMITS.child_seconds)
        )
    except TimeoutError:
        raise ChildDied("time") from None
    except OSError:
        raise ChildDied("start") from None
    if ended.code != 0:
        raise ChildDied("crash")
    return _understood(ended.out, count)


def _understood(answer: bytes, count: int) -> Drawn:
    line, found, rest = answer.partition(b"\n")
    if not found or len(line) > MOST_LINE:
        raise ChildDied("answer")
    try:
        header = json.loads(line)
        pages, text = header["pages"], header["text"]
        told = [
            (one["width"], one["height"], one["size"], one["small"]) for one in header["pictures"]
        ]
        looks = [_figures(one["looks"]) for one in header["pictures"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ChildDied("answer") from None
    numbers = [pages, *(number for one in told for number in one)]
    if (
        not all(_is_number(number) for number in numbers)
        or not isinstance(text, str)
        or len(text) > MOST_TEXT
        or pages > MOST_PAGES
        or len(told) > count
        or sum(size + small for _, _, size, small in told) != len(rest)
    ):
        raise ChildDied("answer")
    pictures, at = [], 0
    for (width, height, size, small), figures in zip(told, looks, strict=True):
        whole, thumbnail = rest[at : at + size], rest[at + size : at + size + small]
        at += size + small
        if max(width, height) > LONG_SIDE or not (
            whole.startswith(_JPEG) and thumbnail.startswith(_JPEG)
        ):
            raise ChildDied("answer")
        pictures.append(PagePicture(width, height, whole, thumbnail, figures))
    return Drawn(pages, tuple(pictures), text)


def _figures(told: Any) -> dict[str, int]:  # noqa: ANN401 - a stranger's answer
    """Return the figures of a page; raises ValueError for anything that `looking` doesn't tell."""
    if (
        not isinstance(told, dict)
        or not told.keys() <= set(FIGURES)
        or not all(type(one) is int and abs(one) <= MOST_FIGURE for one in told.values())
    ):
        raise ValueError
    return told


def _is_number(value: Any) -> bool:  # noqa: ANN401 - a stranger's answer
    return type(value) is int and value > 0
