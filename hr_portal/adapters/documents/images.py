"""Makes a picture anew from its pixels; everything else in the file stays behind.

Runs in the child only. Left behind: EXIF with its place and camera, comments,
colour profiles, text, further frames, and whatever follows the picture.
"""

import io
import warnings
from typing import BinaryIO

from PIL import Image

from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.verdict import Refused

JPEG_QUALITY = 90
_ORIENTATION = 0x0112
_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (EXIF 2.32, tag 0x0112)."""

_WHITE = 255


def remade(source: BinaryIO, media_type: str, limits: DocumentLimits) -> tuple[bytes, int, int]:
    """Return a new file of the same type with the picture alone, and its width and height.

    Upright as its EXIF says; grey or RGB with 8 bits a channel; transparency
    laid on white, as paper is. Raises Refused.
    """
    wanted = "JPEG" if media_type == "image/jpeg" else "PNG"
    picture = _opened(source, wanted, limits)
    try:
        picture.load()
    except Exception as error:
        raise _unfit(error) from error
    turn = _TURNS.get(_orientation(picture))
    flat = _flat(picture)
    del picture
    if turn is not None:
        flat = flat.transpose(turn)
    # A new image knows nothing: Pillow writes comments and profiles it remembers of an old one.
    fresh = Image.new(flat.mode, flat.size)
    fresh.paste(flat)
    del flat
    out = io.BytesIO()
    if wanted == "JPEG":
        fresh.save(out, "JPEG", quality=JPEG_QUALITY)
    else:
        fresh.save(out, "PNG", compress_level=6)
    return out.getvalue(), fresh.width, fresh.height


def _opened(source: BinaryIO, wanted: str, limits: DocumentLimits) -> Image.Image:
    """Return the picture with only its header read and its size found fit; raises Refused."""
    Image.MAX_IMAGE_PIXELS = None  # the header alone is read here, so that we can name the size
    try:
        picture = Image.open(source, formats=[wanted])
    except Exception as error:
        raise _unfit(error) from error
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise Refused("pixels", width=width, height=height)
    if max(width, height) > limits.max_side:
        raise Refused("side", width=width, height=height)
    # From here on nothing larger may appear, whatever a second frame or header says.
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return picture


def _unfit(error: Exception) -> Exception:
    """Return what an error of the decoder means for the document."""
    if isinstance(error, MemoryError):
        return error
    told = str(error)
    # Pillow stops text at 1 MiB unpacked a chunk, and 64 MiB all together.
    if "MAX_TEXT" in told or "text chunk" in told.lower():
        return Refused("text-in-image")
    cut_off = "truncated" in told or isinstance(error, EOFError)
    return Refused("truncated-image" if cut_off else "damaged-image")


def _orientation(picture: Image.Image) -> object:
    try:
        return picture.getexif().get(_ORIENTATION)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - EXIF we can't read turns nothing, and isn't kept
        return None


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in grey or RGB, 8 bits a channel, nothing transparent."""
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        # 16 bits: the upper eight are what a screen shows.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in picture.info or picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        colours = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, (_WHITE, _WHITE, _WHITE))
        paper.paste(colours, mask=colours.getchannel("A"))
        return paper
    return picture if picture.mode in {"L", "RGB"} else picture.convert(_plain_mode(picture.mode))


def _plain_mode(mode: str) -> str:
    return "L" if mode == "1" else "RGB"
