"""A company's logo: checked, cleaned and measured before it is printed.

A PNG is opened and written anew, so that only its pixels remain. An SVG passes
only if every element, attribute and value is on the lists below: shapes, plain
paint and gradients. Scripts, styles, text, pictures, references and DOCTYPEs
are refused with a sentence, never quietly dropped.
"""

import io
import re
import warnings
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, UnidentifiedImageError

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.domain.wording import grouped_number

PNG = "image/png"
SVG = "image/svg+xml"

LARGEST_BYTES = 1_000_000
SMALLEST_SIDE = 100
"""Pixels of the longer side: 17 mm at 150 dots per inch."""
LARGEST_SIDE = 5_000
LARGEST_SVG_ELEMENTS = 2_000
DEEPEST_SVG = 20
WIDEST_RATIO = 16.0
"""Wider or taller than 16 : 1 it would be a line."""

BOX_HEIGHT_MM = 17.0
BOX_WIDTH_MM = 45.0
"""The room for a logo in the letterhead; a square logo is 17 mm wide."""

_PNG_END = b"IEND\xaeB`\x82"

_SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_PAINT = {"defs", "linearGradient", "radialGradient", "stop"}
_WORDS = {"title", "desc"}
_ELEMENTS = _SHAPES | _PAINT | _WORDS

_PROPERTIES = {
    "clip-rule", "color", "display", "fill", "fill-opacity", "fill-rule", "opacity",
    "stop-color", "stop-opacity", "stroke", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-opacity", "stroke-width", "vector-effect",
}  # fmt: skip
_ATTRIBUTES = _PROPERTIES | {
    "aria-hidden", "aria-label", "class", "cx", "cy", "d", "fx", "fy", "gradientTransform",
    "gradientUnits", "height", "id", "offset", "points", "preserveAspectRatio", "r", "role",
    "rx", "ry", "spreadMethod", "style", "transform", "version", "viewBox", "width", "x", "x1",
    "x2", "y", "y1", "y2", _XML_SPACE,
}  # fmt: skip
_LOCAL_PAINT = re.compile(r"url\(#[A-Za-z][\w.-]*\)")
_SAFE_VALUE = re.compile(r"[\w\s#%.,()+\-:]*")
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px|pt|mm|cm|in)?\s*")


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo that may be printed, with the size it gets on paper in millimetres."""

    content: bytes
    media_type: str
    width_mm: float
    height_mm: float


def media_type_of(content: bytes) -> str | None:
    """Return what a logo is by its first bytes: PNG, SVG, or None for neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return SVG if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else None


def checked_logo(content: bytes, media_type: str | None) -> Logo:
    """Check a logo and return what is printed of it.

    Raises LetterError LET-LOGO with what was found, what is expected and what to do.
    """
    if len(content) > LARGEST_BYTES:
        raise _refusal(
            f"Berkas logo berukuran {len(content) // 1000} kB; paling besar 1.000 kB. "
            "Perkecil gambarnya lalu unggah lagi.",
            f"The logo has {len(content) // 1000} kB; at most 1,000 kB. Make it smaller.",
        )
    if media_type == PNG:
        return _png(content)
    if media_type == SVG:
        return _svg(content)
    raise _refusal(
        f"Jenis berkas logo adalah {media_type or 'tidak diketahui'}; yang dapat dicetak adalah "
        "PNG atau SVG. Simpan logo sebagai PNG atau SVG lalu unggah lagi.",
        f"The logo is {media_type or 'of unknown type'}; PNG or SVG is expected.",
    )


def _sized(content: bytes, media_type: str, width: float, height: float) -> Logo:
    """Fit a picture of the given proportions into the letterhead's box."""
    ratio = width / height
    if not 1 / WIDEST_RATIO <= ratio <= WIDEST_RATIO:
        raise _refusal(
            f"Perbandingan sisi logo {width:g} : {height:g} terlalu memanjang; paling jauh 16 : 1. "
            "Potong gambarnya lalu unggah lagi.",
            f"The logo's sides are {width:g} to {height:g}; at most 16 to 1. Crop it.",
        )
    scale = min(BOX_WIDTH_MM / width, BOX_HEIGHT_MM / height)
    return Logo(content, media_type, round(width * scale, 2), round(height * scale, 2))


def _png(content: bytes) -> Logo:
    if _PNG_END not in content:
        raise _damaged()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # verify() reads every checksum; WeasyPrint has Pillow take damaged pictures.
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                image.verify()
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                width, height = image.size
                if max(width, height) > LARGEST_SIDE or max(width, height) < SMALLEST_SIDE:
                    raise _refusal(
                        f"Logo berukuran {width} x {height} piksel; sisi panjangnya harus "
                        f"{SMALLEST_SIDE} sampai {grouped_number(LARGEST_SIDE)} piksel. Ubah ukurannya "
                        "lalu unggah lagi.",
                        f"The logo has {width} x {height} pixels; its longer side must have "
                        f"{SMALLEST_SIDE} to {LARGEST_SIDE:,}.",
                    )
                # Written anew: profiles, comments and trailing bytes stay behind.
                clean = io.BytesIO()
                image.convert("RGBA").save(clean, "PNG")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise _damaged() from error
    return _sized(clean.getvalue(), PNG, width, height)


def _damaged() -> LetterError:
    return _refusal(
        "Berkas logo tidak dapat dibuka sebagai PNG; mungkin rusak atau berjenis lain. "
        "Simpan ulang sebagai PNG lalu unggah lagi.",
        "The logo can't be opened as PNG. Save it as PNG again.",
    )


def _svg(content: bytes) -> Logo:
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _refusal(
            "Berkas logo tidak dapat dibaca sebagai SVG, atau memuat DOCTYPE. "
            "Simpan sebagai SVG biasa (Plain SVG) tanpa DOCTYPE lalu unggah lagi.",
            "The logo can't be read as SVG, or has a DOCTYPE. Save it as plain SVG.",
        ) from error
    if root.tag != f"{_SVG_NAMESPACE}svg":
        raise _not_allowed(f"unsur awal <{_local(root.tag)}>")
    _check_tree(root)
    width, height = _proportions(root)
    # Written anew from what was checked: comments and processing instructions stay behind.
    return _sized(tostring(root), SVG, width, height)


def _check_tree(root: Element) -> None:
    """Walk all elements without recursion; raise LetterError at the first not allowed."""
    waiting = [(root, 1)]
    seen = 0
    while waiting:
        element, depth = waiting.pop()
        seen += 1
        if seen > LARGEST_SVG_ELEMENTS or depth > DEEPEST_SVG:
            raise _not_allowed("unsur yang terlalu banyak atau terlalu dalam")
        if (
            not element.tag.startswith(_SVG_NAMESPACE)
            or element.tag.removeprefix(_SVG_NAMESPACE) not in _ELEMENTS
        ):
            raise _not_allowed(f"unsur <{_local(element.tag)}>")
        for name, value in element.attrib.items():
            _check_attribute(name, value)
        waiting.extend((child, depth + 1) for child in element)


def _check_attribute(name: str, value: str) -> None:
    if name not in _ATTRIBUTES:
        raise _not_allowed(f"atribut {_local(name)}")
    if name == "aria-label":
        return
    if name == "style":
        for declaration in filter(str.strip, value.split(";")):
            key, _, setting = declaration.partition(":")
            if key.strip() not in _PROPERTIES:
                raise _not_allowed(f"gaya {key.strip()[:30]}")
            _check_value(key.strip(), setting)
        return
    _check_value(name, value)


def _check_value(name: str, value: str) -> None:
    plain = _LOCAL_PAINT.sub("", value)
    if not _SAFE_VALUE.fullmatch(plain) or "url" in plain.lower():
        raise _not_allowed(f"nilai atribut {_local(name)}")


def _proportions(root: Element) -> tuple[float, float]:
    """Return width and height of the picture, from its viewBox or its own size."""
    sides = re.split(r"[\s,]+", root.get("viewBox", "").strip())[2:]
    if len(sides) != len("wh"):
        matches = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
        sides = [match[1] for match in matches if match]
    try:
        width, height = (float(side) for side in sides)
    except ValueError:
        width = height = 0.0
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise _refusal(
            "Logo SVG tidak menyebut ukurannya (viewBox, atau width dan height). "
            "Simpan ulang dengan viewBox lalu unggah lagi.",
            "The SVG logo states no size (viewBox, or width and height).",
        )
    return width, height


def _local(name: str) -> str:
    """Return a name without its namespace, short enough for a sentence."""
    return name.rpartition("}")[2][:30]


def _not_allowed(what: str) -> LetterError:
    return _refusal(
        f"Logo SVG memuat {what} yang tidak dapat dicetak dengan aman. Simpan sebagai SVG biasa "
        "(Plain SVG) yang hanya berisi bentuk, ubah teks menjadi kurva, atau gunakan PNG.",
        f"The SVG logo holds something that can't be printed safely ({what}). "
        "Save it as plain SVG with shapes only, turn text into curves, or use PNG.",
    )


def _refusal(message: str, message_en: str) -> LetterError:
    return LetterError("LET-LOGO", message, message_en)
