"""Draws invented scans for demo data and tests; each says that it is a specimen.

The card has the look of an identity card from far away and of none from near:
no seal, no emblem, no layout that an office uses.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

NOTICE = "SPESIMEN – BUKAN DOKUMEN RESMI"

_SIZE = (1012, 638)  # a card of 85.6 x 54 mm at 300 dpi
_TINTS: dict[str, str] = {
    "ktp": "#dbe8f2",
    "kk": "#eceadb",
    "kartu_bpjstk": "#dcefe4",
    "buku_tabungan": "#f0e3ea",
}
_TINT = "#e9e9ee"
_INK, _FAINT, _PHOTO, _PERSON = "#1c2530", "#5a6675", "#b6c6d6", "#8fa2b6"
_MARGIN = 48
_PHOTO_BOX = (748, 190, 964, 470)
_LABEL_WIDTH = 250
_SMALLEST = 18
_FONT_FOLDERS = (
    Path("/usr/share/fonts/truetype/crosextra"),
    Path("/usr/share/fonts/truetype/dejavu"),
)
_FONT_FILES = {False: ("Carlito-Regular.ttf", "DejaVuSans.ttf"),
               True: ("Carlito-Bold.ttf", "DejaVuSans-Bold.ttf")}  # fmt: skip

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def specimen(kind: str, name: str, lines: list[str]) -> bytes:
    """Return a JPEG card of that kind for an invented person.

    `kind` is shown and chooses the tint (ktp, kk, kartu_bpjstk, ... or any
    text); each of `lines` is "label: value" or plain text, drawn in order and
    made smaller where there are many. The same words give the same bytes on a
    machine with the same fonts.
    """
    card = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(card)
    tint = _TINTS.get(kind.lower(), _TINT)
    pen.rounded_rectangle((6, 6, _SIZE[0] - 7, _SIZE[1] - 7), 34, fill=tint, outline=_PHOTO)
    _watermark(card)
    middle = _SIZE[0] // 2
    pen.text((middle, 58), NOTICE, fill=_INK, font=_font(34, bold=True), anchor="mm")
    title = kind.replace("_", " ").upper()
    pen.text((middle, 104), title, fill=_FAINT, font=_font(28), anchor="mm")
    _photo(pen)
    _text(pen, [f"Nama: {name}", *lines])
    foot = "Orang dan data rekaan untuk uji coba"
    pen.text((_MARGIN, _SIZE[1] - 44), foot, fill=_FAINT, font=_font(22), anchor="lm")
    out = io.BytesIO()
    card.save(out, "JPEG", quality=88)
    return out.getvalue()


def _text(pen: ImageDraw.ImageDraw, lines: list[str]) -> None:
    """Draw the lines beside the photo, as large as their number allows."""
    top, bottom = 152, _SIZE[1] - 74
    pitch = min(52, (bottom - top) // max(1, len(lines)))
    size = max(_SMALLEST, min(32, pitch * 5 // 8))
    label_font, value_font = _font(size), _font(size, bold=True)
    right = _PHOTO_BOX[0] - 24
    for number, line in enumerate(lines):
        height = top + number * pitch + pitch // 2
        label, colon, value = line.partition(":")
        if not colon:
            pen.text((_MARGIN, height), line, fill=_INK, font=label_font, anchor="lm")
            continue
        pen.text((_MARGIN, height), label.strip(), fill=_FAINT, font=label_font, anchor="lm")
        left = _MARGIN + _LABEL_WIDTH
        font, text = value_font, f": {value.strip()}"
        smaller = size
        while pen.textlength(text, font=font) > right - left and smaller > _SMALLEST // 2:
            smaller -= 1
            font = _font(smaller, bold=True)
        pen.text((left, height), text, fill=_INK, font=font, anchor="lm")


def _photo(pen: ImageDraw.ImageDraw) -> None:
    """Draw the outline of nobody in particular."""
    left, top, right, bottom = _PHOTO_BOX
    pen.rectangle(_PHOTO_BOX, fill=_PHOTO)
    middle = (left + right) // 2
    pen.ellipse((middle - 50, top + 50, middle + 50, top + 150), fill=_PERSON)
    shoulders = top + 168
    # Only the upper half of this ellipse is drawn, and it ends where the photo does.
    ellipse = (middle - 88, shoulders, middle + 88, 2 * bottom - shoulders)
    pen.pieslice(ellipse, 180, 360, fill=_PERSON)


def _watermark(card: Image.Image) -> None:
    """Lay the notice across the card, so that no cut of it passes for a document."""
    width, height = _SIZE
    layer = Image.new("L", (2 * width, 2 * height), 0)
    pen = ImageDraw.Draw(layer)
    font = _font(56, bold=True)
    for row, top in enumerate(range(0, 2 * height, 130)):
        pen.text((-row * 110, top), "SPESIMEN   " * 14, fill=24, font=font)
    layer = layer.rotate(18, resample=Image.Resampling.BICUBIC)
    layer = layer.crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    card.paste(Image.new("RGB", _SIZE, _FAINT), mask=layer)


def _font(size: int, *, bold: bool = False) -> _Font:
    """Return Carlito, DejaVu Sans or, where neither is installed, Pillow's own font."""
    for folder, file in zip(_FONT_FOLDERS, _FONT_FILES[bold], strict=True):
        if (folder / file).is_file():
            return ImageFont.truetype(str(folder / file), size)
    return ImageFont.load_default(size)
