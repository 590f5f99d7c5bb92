"""Cover letters as PDF.

WeasyPrint is loaded where a letter is rendered, not where this is imported: the
web process renders in a limited child and never needs it.
"""

from hr_portal.adapters.letters.errors import CODES, LetterError
from hr_portal.adapters.letters.limited import check_in_child, picture_in_child, render_in_child
from hr_portal.domain.letters import LetterFacts

__all__ = [
    "CODES",
    "LetterError",
    "check_in_child",
    "check_logo",
    "page_count",
    "picture_in_child",
    "render_in_child",
    "render_letter",
]


def render_letter(facts: LetterFacts, *, preview: bool = False) -> bytes:
    """Return the letter as PDF, rendered in this process; see rendering.render_letter."""
    from hr_portal.adapters.letters import rendering

    return rendering.render_letter(facts, preview=preview)


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def check_logo(content: bytes, media_type: str | None) -> None:
    """Check a logo as a letter will; raises LetterError LET-LOGO saying what to do."""
    from hr_portal.adapters.letters.logo import checked_logo

    checked_logo(content, media_type)
