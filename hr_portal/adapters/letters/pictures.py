"""Pages of a letter as one picture, for a look at it in a browser.

Only PDFs that this process made are drawn; those of others are the documents' business.
"""

import io
from contextlib import closing

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image

WIDTH = 1_000
"""Pixels of a page across: 121 dots per inch of an A4 page, sharp on a telephone."""
GAP = 12
"""Pixels between two pages."""
DESK = (205, 211, 220)


def stacked(pdf: bytes, most: int) -> bytes:
    """Return the first `most` pages of a PDF below each other, as PNG of WIDTH pixels across.

    A landscape page is as wide as the others, so lower. The same PDF gives the same bytes.
    """
    pages = []
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        for number in range(min(most, len(document))):
            with closing(document[number]) as page:
                bitmap = page.render(scale=WIDTH / page.get_width())
                pages.append(bitmap.to_pil().convert("RGB"))
                bitmap.close()
    height = sum(page.height for page in pages) + GAP * (len(pages) - 1)
    desk = Image.new("RGB", (max(page.width for page in pages), height), DESK)
    top = 0
    for page in pages:
        desk.paste(page, (0, top))
        top += page.height + GAP
    told = io.BytesIO()
    desk.save(told, "PNG")
    return told.getvalue()
