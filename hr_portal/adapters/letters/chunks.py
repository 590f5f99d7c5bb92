"""A long letter, laid out in chunks of people and put together.

Laid out whole, the memory grows with the pages (20,000 lines: 2 GB). Here a
chunk is laid out, its last page is left to the next chunk, and the full pages
are written; so the pages break exactly where they would in one piece. Page
numbers need the number of pages, so they are laid over in the end.
"""

import contextlib
import gc
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pikepdf
from weasyprint.document import Document

from hr_portal.adapters.letters.composing import TEMPLATE, LetterContent, Told, untold
from hr_portal.adapters.letters.embedding import embed
from hr_portal.adapters.letters.enclosures import TIED_ROWS
from hr_portal.adapters.letters.engine import PART, laid_out, page_count, saved, written
from hr_portal.domain.letters import LetterFacts
from hr_portal.domain.wording import grouped_number

CHUNK_LINES = 200

CORRECTIONS_SHARE, SHEETS_SHARE = 65, 30
"""Percent of the work that Lampiran I and II are; the rest is page numbers and joining."""

NUMBERED_PAGES = 200
"""Page numbers laid out at a time."""

OPENING_ROWS = 60
"""People in the first chunk of Lampiran II, which is laid out twice."""

Section = Literal["koreksi", "daftar"]

_ROW = re.compile(r"b([0-9]+)-([0-9]+)")

_NO_NUMBERS = """
@page surat, surat-f4, koreksi, koreksi-f4, daftar, daftar-f4 { @bottom-right { content: none } }
"""

_CONTINUED = """
@page koreksi:nth(1 of koreksi), koreksi-f4:nth(1 of koreksi-f4) {
  @top-left { content: element(kepala-koreksi) }
}
@page daftar:nth(1 of daftar), daftar-f4:nth(1 of daftar-f4) {
  @top-left { content: element(kepala-daftar) }
}
"""

_NUMBERS = """
@page :first { counter-set: page %(first)d }
@page surat, surat-f4, koreksi, koreksi-f4, daftar, daftar-f4 {
  @bottom-right { content: "Halaman " counter(page) " dari %(total)d" }
}
.lembar { break-after: page; height: 1mm }
"""


_BOOKMARKS: dict[str, str] = {
    "koreksi": "DAFTAR KOREKSI DATA PESERTA",
    "daftar": "DAFTAR DOKUMEN",
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """The final pages of a run of people, of whom those up to `laid_out` were laid out."""

    start: int
    laid_out: int
    pages: int
    pdf: bytes


def chunked_letter(
    content: LetterContent, facts: LetterFacts, lines: int = CHUNK_LINES, told: Told = untold
) -> bytes:
    """Return the letter as PDF, laid out in chunks of about `lines` lines.

    `facts` are those of the content as they were given, for the data inside. Raises
    LetterError as `written` does.
    """
    letter = _letter(content)
    corrections = _laid(_chunks(content, "koreksi", lines), content.people, 0, told)
    sheets = _laid(_chunks(content, "daftar", lines), content.people, CORRECTIONS_SHARE, told)
    sections = [
        *["surat"] * page_count(letter),
        *["koreksi"] * sum(chunk.pages for chunk in corrections),
        *["daftar"] * sum(chunk.pages for chunk in sheets),
    ]
    # Lampiran II tells the sheets of the letter itself, which are known only now.
    opening = _section(content, "daftar", sheets[0].start, sheets[0].laid_out, len(sections))
    parts = [
        letter,
        *(chunk.pdf for chunk in corrections),
        written(opening.copy(opening.pages[: sheets[0].pages]), PART),
        *(chunk.pdf for chunk in sheets[1:]),
    ]
    return _joined(facts, parts, list(_numbers(content, sections)), sections)


def _laid(chunks: Iterator[Chunk], people: int, before: int, told: Told) -> list[Chunk]:
    """Return chunks as they come, telling how far the letter is."""
    share = CORRECTIONS_SHARE if before == 0 else SHEETS_SHARE
    found = []
    for chunk in chunks:
        found.append(chunk)
        told(before + share * chunk.laid_out // people)
    return found


def _numbers(content: LetterContent, sections: list[str]) -> Iterator[bytes]:
    """Write pages that hold nothing but "Halaman x dari y", in runs of bounded size."""
    for start in range(0, len(sections), NUMBERED_PAGES):
        context = {
            "paper": content.facts.paper,
            "pages": sections[start : start + NUMBERED_PAGES],
        }
        css = _NUMBERS % {"first": start + 1, "total": len(sections)}
        yield written(laid_out("halaman.html", context, css=css))


def _letter(content: LetterContent) -> bytes:
    """Write the letter without its lampiran: dense, if that keeps it on one page."""
    documents = (
        laid_out(
            TEMPLATE, {**content.base, "letter": True, "dense": dense}, content.logo, _NO_NUMBERS
        )
        for dense in (False, True)
    )
    normal = next(documents)
    if len(normal.pages) == 1:
        return written(normal, PART)
    dense = next(documents)
    return written(dense if len(dense.pages) == 1 else normal, PART)


def _section(
    content: LetterContent, section: Section, start: int, stop: int, letter_sheets: int = 0
) -> Document:
    """Lay out a run of people of a lampiran, as if the rest stood around it."""
    css = _NO_NUMBERS if start == 0 else _NO_NUMBERS + _CONTINUED
    context = {**content.base, "chunked": True, "letter_sheets": grouped_number(letter_sheets)}
    if section == "koreksi":
        context["corrections"] = content.corrections(start, stop)
    else:
        context["sheets"] = content.sheets(start, stop)
    return laid_out(TEMPLATE, context, css=css)


def _chunks(content: LetterContent, section: Section, lines: int) -> Iterator[Chunk]:
    """Lay a lampiran out chunk by chunk; all but the last leave their last page to the next."""
    start, wanted = 0, lines
    if section == "daftar":
        wanted = min(lines, OPENING_ROWS)
    while start < content.people:
        stop = _stop(content, section, start, wanted)
        document = _section(content, section, start, stop)
        pages, following = len(document.pages), stop
        if stop < content.people:
            cut = _whole_pages(document)
            if cut is None:
                wanted *= 2
                continue
            pages, following = cut
        yield Chunk(start, stop, pages, written(document.copy(document.pages[:pages]), PART))
        start, wanted = following, lines
        # Boxes point at each other: without this they pile up, chunk upon chunk.
        del document
        gc.collect()


def _stop(content: LetterContent, section: Section, start: int, lines: int) -> int:
    """Return where a chunk ends: `lines` lines on, or at the end, if few would remain.

    The people tied to the sum at the end must not be laid out before it.
    """
    if section == "daftar" and not content.documents.heads:
        return content.people
    stop, laid = start, 0
    while stop < content.people and laid < lines:
        laid += content.lines_of[stop] if section == "koreksi" else 1
        stop += 1
    return content.people if content.people - stop < TIED_ROWS else stop


def _whole_pages(document: Document) -> tuple[int, int] | None:
    """Return how many pages are final, and the person with whom the next chunk begins.

    Final are the pages before the last one that begins with a person's first
    row; None where there is no such page, so that the chunk is too short.
    """
    for number in range(len(document.pages) - 1, 0, -1):
        rows = [match for name in document.pages[number].anchors if (match := _ROW.fullmatch(name))]
        if rows:
            person, row = min((int(match[1]), int(match[2])) for match in rows)
            if row == 1:
                return number, person
    return None


def _joined(
    facts: LetterFacts, parts: list[bytes], numbers: list[bytes], sections: list[str]
) -> bytes:
    """Put the parts together, with page numbers, bookmarks and the corrections as data."""
    with contextlib.ExitStack() as stack:
        letter, *others = (stack.enter_context(pikepdf.open(io.BytesIO(part))) for part in parts)
        for other in others:
            letter.pages.extend(other.pages)
        place = 0
        for run in numbers:
            stamps = stack.enter_context(pikepdf.open(io.BytesIO(run)))
            for stamp in stamps.pages:
                _lay_over(letter, letter.pages[place], stamp, pikepdf.Name(f"/Halaman{place + 1}"))
                place += 1
        with letter.open_outline() as outline:
            outline.root.clear()
            outline.root.extend(
                pikepdf.OutlineItem(title, sections.index(section))
                for section, title in _BOOKMARKS.items()
            )
        embed(letter, facts)
        return saved(letter)


def _lay_over(
    letter: pikepdf.Pdf, page: pikepdf.Page, stamp: pikepdf.Page, name: pikepdf.Name
) -> None:
    """Draw one page over another of the same size, under a name of its own.

    pikepdf's own overlay takes random names, and the same letter would never
    have the same bytes.
    """
    form = letter.copy_foreign(stamp.as_form_xobject())
    page.add_resource(form, pikepdf.Name.XObject, name)
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q q {name} Do Q".encode("ascii"))
