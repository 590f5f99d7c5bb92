"""Which logos may be printed, and what is said of the others."""

import io
import struct
import zlib
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from hr_portal.adapters.letters import (
    LetterError,
    check_logo,
    engine,  # noqa: F401  # loads WeasyPrint
    render_letter,
)
from hr_portal.adapters.letters.logo import PNG, SVG, checked_logo
from hr_portal.resources import PACKAGE

OURS = sorted((PACKAGE / "static/letters").glob("*.svg"))


def test_pillow_is_told_to_take_damaged_pictures():
    """Which is why a logo's checksums are read first, whoever has loaded WeasyPrint."""
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def png(width, height, mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(mode, (width, height), 128).save(buffer, "PNG", **options)
    return buffer.getvalue()


def svg(inside, attributes='viewBox="0 0 40 40"'):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>'
    return f"{head}{inside}</svg>".encode()


def code_and_message(content, media_type):
    with pytest.raises(LetterError) as raised:
        check_logo(content, media_type)
    assert raised.value.code == "LET-LOGO"
    assert raised.value.message_en
    return raised.value.message


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_our_own_logos_may_be_printed(file):
    check_logo(file.read_bytes(), SVG)


def test_there_is_a_logo_for_each_demo_company():
    assert len(OURS) >= 2


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(500, 500, (17.0, 17.0)), (1480, 1700, (14.8, 17.0)), (4000, 300, (45.0, 3.38))],
)
def test_a_logo_is_fitted_into_its_box(width, height, expected):
    logo = checked_logo(png(width, height), PNG)
    assert (logo.width_mm, logo.height_mm) == expected


def test_a_png_keeps_its_pixels_and_nothing_else():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "RAHASIA")
    logo = checked_logo(png(200, 200, pnginfo=notes) + b"RAHASIA", PNG)
    assert b"RAHASIA" not in logo.content
    with Image.open(io.BytesIO(logo.content)) as image:
        assert image.size == (200, 200)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_printed(mode):
    assert checked_logo(png(120, 120, mode), PNG).width_mm == 17.0


def flood():
    """A PNG of 40,000 x 40,000 pixels in a few bytes."""
    good = png(200, 200)
    header = struct.pack(">II", 40_000, 40_000) + good[24:29]
    return good[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + good[33:]


@pytest.mark.parametrize(
    ("content", "media_type", "said"),
    [
        (png(1, 1), PNG, "1 x 1 piksel"),
        (png(99, 40), PNG, "100 sampai 5.000 piksel"),
        (png(5001, 400), PNG, "5001 x 400 piksel"),
        (png(2000, 100), PNG, "16 : 1"),
        (flood(), PNG, "PNG"),
        (png(200, 200)[:60], PNG, "rusak"),
        (png(200, 200).replace(b"IDAT\x78", b"IDAT\x77"), PNG, "rusak"),
        (b"GIF89a", PNG, "rusak atau berjenis lain"),
        (b"", PNG, "rusak"),
        (OURS[0].read_bytes(), PNG, "berjenis lain"),
        (png(200, 200), SVG, "tidak dapat dibaca sebagai SVG"),
        (b"x" * 1_000_001, PNG, "paling besar 1.000 kB"),
        (png(200, 200), "image/jpeg", "image/jpeg"),
        (png(200, 200), None, "tidak diketahui"),
    ],
    ids=lambda value: str(value)[:12] if isinstance(value, (str, type(None))) else "",
)
def test_a_logo_that_cannot_be_printed_is_explained(content, media_type, said):
    assert said in code_and_message(content, media_type)


GRADIENT = (
    '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
    '<g transform="translate(1,2) scale(.5)" style="fill: url(#a); opacity:.5"><path d="M0 0h9z"/>'
    "</g><!-- catatan -->"
)


def test_shapes_paint_and_gradients_may_be_printed():
    logo = checked_logo(b'<?xml version="1.0"?><?x y?>' + svg(GRADIENT), SVG)
    assert b"catatan" not in logo.content
    assert b"<?x" not in logo.content
    assert (logo.width_mm, logo.height_mm) == (17.0, 17.0)


def test_an_svg_may_tell_its_size_without_a_view_box():
    logo = checked_logo(svg("", 'width="80mm" height="20.5px"'), SVG)
    assert logo.width_mm == 45.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (svg("<script>1</script>"), "<script>"),
        (svg('<image href="http://127.0.0.1/x"/>'), "<image>"),
        (svg('<use href="#a"/>'), "<use>"),
        (svg("<foreignObject/>"), "<foreignObject>"),
        (svg("<style>*{fill:red}</style>"), "<style>"),
        (svg("<text>PT</text>"), "<text>"),
        (svg('<a href="x"/>'), "<a>"),
        (svg("<filter/>"), "<filter>"),
        (svg("<animate/>"), "<animate>"),
        (svg('<x xmlns="http://example/"/>'), "<x>"),
        (svg('<path onclick="x()"/>'), "onclick"),
        (svg('<path href="x"/>'), "href"),
        (svg('<g xmlns:x="http://www.w3.org/1999/xlink" x:href="x"/>'), "href"),
        (svg('<path fill="url(http://127.0.0.1/x)"/>'), "nilai atribut fill"),
        (svg('<path fill="url(file:///etc/passwd)"/>'), "nilai atribut fill"),
        (svg('<path fill="URL (x)"/>'), "nilai atribut fill"),
        (svg('<path style="fill: url(//x)"/>'), "nilai atribut fill"),
        (svg('<path style="background: red"/>'), "gaya background"),
        (svg('<path style="fill:red}*{x"/>'), "nilai atribut fill"),
        (svg('<path d="&#34;javascript"/>'), "nilai atribut d"),
        (svg("<g>" * 25 + "</g>" * 25), "terlalu dalam"),
        (svg("<g/>" * 2001), "terlalu banyak"),
        (b"<!DOCTYPE svg>" + svg(""), "DOCTYPE"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "DOCTYPE"),
        (b"<svg", "tidak dapat dibaca"),
        (b"<html><svg/></html>", "unsur awal <html>"),
        (b'<svg viewBox="0 0 1 1"/>', "unsur awal <svg>"),
        (svg("", ""), "viewBox"),
        (svg("", 'viewBox="0 0 0 9"'), "viewBox"),
        (svg("", 'viewBox="0 0 a b"'), "viewBox"),
        (svg("", 'viewBox="0 0 inf 3"'), "viewBox"),
        (svg("", 'width="100%" height="9"'), "viewBox"),
        (svg("", 'viewBox="0 0 400 9"'), "16 : 1"),
    ],
)
def test_an_svg_with_more_than_shapes_is_refused_by_name(content, said):
    assert said in code_and_message(content, SVG)


def test_a_png_logo_is_printed(make_facts):
    facts = make_facts(1)
    company = replace(facts.company, logo=png(300, 300), logo_type=PNG)
    with pikepdf.open(io.BytesIO(render_letter(replace(facts, company=company)))) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert (image.Width, image.Height) == (300, 300)


def test_a_refused_logo_stops_the_letter(make_facts):
    facts = make_facts(1)
    company = replace(facts.company, logo=svg("<script/>"), logo_type=SVG)
    with pytest.raises(LetterError, match="LET-LOGO"):
        render_letter(replace(facts, company=company))
