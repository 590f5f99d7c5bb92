"""Pages of a letter as pictures: for a look at it in a browser, and held against what came back.

Only in the limited child: what came back is a stranger's.
"""

import io
from contextlib import closing

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image, ImageChops, ImageFilter

WIDTH = 1_000
"""Pixels of a page across: 121 dots per inch of an A4 page, sharp on a telephone."""
GAP = 12
"""Pixels between two pages."""
DESK = (205, 211, 220)
UNLIKE = 48
"""Shades of 256 by which a dot may differ between two renderings of the same print."""
BLANK = 224
"""The shade from which a dot of the letter counts as blank."""
AROUND = 9
"""Dots of 1/72 inch, across, that belong to each printed dot: nothing may be added there."""


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


def shows_all_of(pdf: bytes, letter: bytes) -> bool:
    """Say whether all that is printed on a letter stands unchanged on the same pages of a PDF.

    Where the letter is blank something may have been added, such as a stamp; not so close to a
    sign that it would read as another.
    """
    try:
        with (
            closing(pypdfium2.PdfDocument(pdf)) as returned,
            closing(pypdfium2.PdfDocument(letter)) as issued,
        ):
            return len(returned) == len(issued) and all(
                _shows(_drawn(returned, number), _drawn(issued, number))
                for number in range(len(issued))
            )
    except pypdfium2.PdfiumError:
        return False


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    with closing(document[number]) as page:
        bitmap = page.render(scale=1)
        picture: Image.Image = bitmap.to_pil().convert("L")
        bitmap.close()
    return picture


def _shows(returned: Image.Image, issued: Image.Image) -> bool:
    if returned.size != issued.size:
        return False
    unlike = ImageChops.difference(returned, issued).point(lambda shade: 255 * (shade > UNLIKE))
    if unlike.getbbox() is None:
        return True
    printed = issued.filter(ImageFilter.MinFilter(AROUND)).point(
        lambda shade: 255 * (shade < BLANK)
    )
    return ImageChops.multiply(unlike, printed).getbbox() is None
