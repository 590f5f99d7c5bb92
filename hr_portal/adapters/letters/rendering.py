"""The cover letter as PDF: letter, Lampiran I, Lampiran II in one file."""

import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pikepdf
from markupsafe import escape
from weasyprint.document import Document

from hr_portal.adapters.letters.chunks import chunked_letter
from hr_portal.adapters.letters.companions import companion
from hr_portal.adapters.letters.composing import (
    DRAFT,
    TEMPLATE,
    LetterContent,
    Told,
    compose,
    untold,
)
from hr_portal.adapters.letters.embedding import embed
from hr_portal.adapters.letters.engine import WHOLE, laid_out, pages_of, saved, written
from hr_portal.domain.letters import LetterFacts

WHOLE_LINES = 500
"""Above so many corrections a letter is laid out in chunks, to bound its memory."""

_FIRST_ANNEX = "lampiran-1"


def render_letter(
    facts: LetterFacts,
    *,
    preview: bool = False,
    watermark: str = DRAFT,
    workbook: bytes = b"",
    told: Told = untold,
) -> bytes:
    """Return the letter as PDF; the same facts give the same bytes.

    A preview has `watermark` across every page and the name of a missing fact in red
    where it belongs; a print with a missing fact is refused. Where the table of the
    facts is a file, `workbook` is it, named by its hash and put into the PDF. `told` hears
    how many percent of a long letter are laid out. Raises LetterError
    with the codes of `compose` and of `written`.
    """
    content = compose(facts, preview=preview, watermark=watermark, workbook=workbook)
    if facts.kind != "permohonan":
        return companion(content, facts, told)
    lines = max(facts.corrections, len(facts.people))
    if facts.table == "printed" and lines > WHOLE_LINES:
        return chunked_letter(content, facts, told=told)
    with pikepdf.open(io.BytesIO(written(_fitted(content), WHOLE))) as letter:
        embed(letter, facts, workbook)
        return saved(letter)


def check_letter(facts: LetterFacts) -> bytes:
    """Check all that can fail a print before its number is taken, quickly.

    Everything `compose` checks, with any number, and that Carlito has every
    character. Returns the PDF of the proof, which is of no further use; raises
    LetterError as `render_letter` would.
    """
    content = compose(replace(facts, number=facts.number or "0"), preview=False)
    signs = {sign for text in _texts(content.facts) for sign in text}
    return written(pages_of(f'<html lang="id"><p>{escape("".join(sorted(signs)))}</p></html>'))


def _texts(value: object) -> Iterator[str]:
    """Yield every text of the facts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _texts(getattr(value, item.name))


def _fitted(content: LetterContent) -> Document:
    """Lay the letter out; if it leaves page 1, once more in the dense size.

    Where that does not help either, the letter stays at its full size on two
    pages: 11 pt is the least.
    """
    normal = laid_out(TEMPLATE, content.whole(dense=False), content.logo)
    if letter_pages(normal) == 1:
        return normal
    dense = laid_out(TEMPLATE, content.whole(dense=True), content.logo)
    return dense if letter_pages(dense) == 1 else normal


def letter_pages(document: Document) -> int:
    """Return how many pages come before Lampiran I."""
    return next(index for index, page in enumerate(document.pages) if _FIRST_ANNEX in page.anchors)
