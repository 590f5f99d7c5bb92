"""Pictures are made anew: what is seen stays, upright and plain; nothing else does."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops

from hr_portal.adapters.documents import make_safe
from tests.adapters.documents import made


def largest_difference(one, other):
    return max(high for _, high in ImageChops.difference(one, other).convert("RGB").getextrema())


def test_a_jpeg_keeps_what_it_shows():
    safe = make_safe(made.jpeg(), "ktp.jpg")
    assert (safe.media_type, safe.extension, safe.pages) == ("image/jpeg", ".jpg", 1)
    assert (safe.width, safe.height) == made.SMALL
    assert largest_difference(made.opened(safe.data), made.gradient()) < 24


def test_a_png_keeps_every_pixel():
    safe = make_safe(made.png(), "kk.PNG")
    assert (safe.media_type, safe.extension) == ("image/png", ".png")
    assert made.opened(safe.data).tobytes() == made.gradient().tobytes()


def test_the_same_bytes_give_the_same_bytes():
    for name, data in (("a.jpg", made.jpeg()), ("a.png", made.png())):
        assert make_safe(data, name).data == make_safe(data, name).data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_held_sideways_comes_out_upright(orientation):
    undone = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    upright = made.gradient()
    held = upright if undone is None else upright.transpose(undone)
    safe = make_safe(made.with_segments(made.jpeg(held), made.exif(orientation)), "foto.jpeg")
    assert (safe.width, safe.height) == made.SMALL
    assert largest_difference(made.opened(safe.data), upright) < 24


def test_broken_exif_does_not_cost_the_photo():
    broken = made.jpeg_segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff\xff")
    safe = make_safe(made.with_segments(made.jpeg(), broken), "foto.jpg")
    assert (safe.width, safe.height) == made.SMALL


@pytest.mark.parametrize("mode", ["L", "CMYK", "YCbCr"])
def test_jpegs_of_every_colour_space_come_out_grey_or_rgb(mode):
    safe = make_safe(made.jpeg(made.gradient(mode=mode)), "scan.jpg")
    shown = made.opened(safe.data)
    assert shown.mode == ("L" if mode == "L" else "RGB")
    assert largest_difference(shown.convert("RGB"), made.gradient(mode=mode).convert("RGB")) < 40


@pytest.mark.parametrize(("mode", "plain"), [("1", "L"), ("L", "L"), ("P", "RGB")])
def test_pngs_of_few_colours_look_the_same(mode, plain):
    picture = made.gradient(mode=mode)
    shown = made.opened(make_safe(made.png(picture), "scan.png").data)
    assert shown.mode == plain
    assert shown.tobytes() == picture.convert(plain).tobytes()


def test_what_is_transparent_becomes_white_paper():
    picture = made.gradient(mode="RGBA")
    picture.putalpha(0)
    shown = made.opened(make_safe(made.png(picture), "tanda tangan.png").data)
    assert shown.mode == "RGB"
    assert shown.getcolors() == [(made.SMALL[0] * made.SMALL[1], (255, 255, 255))]


def test_a_transparent_palette_colour_becomes_white_too():
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([200, 0, 0, 0, 0, 200])
    picture.putpixel((1, 1), 1)
    shown = made.opened(make_safe(made.png(picture, transparency=0), "stempel.png").data)
    assert shown.getpixel((0, 0)) == (255, 255, 255)
    assert shown.getpixel((1, 1)) == (0, 0, 200)


def test_sixteen_bits_of_grey_are_shown_by_their_upper_eight():
    values = (0, 0x40FF, 0x8000, 0xFFFF)
    row = b"\0" + struct.pack(">4H", *values)
    data = made.raw_png(4, 1, zlib.compress(row), depth=16, colour=0)
    shown = made.opened(make_safe(data, "scan.png").data)
    assert shown.mode == "L"
    assert [shown.getpixel((x, 0)) for x in range(4)] == [0, 0x40, 0x80, 0xFF]


def test_a_phone_photo_with_a_second_picture_in_it_gives_the_first():
    first, second = made.gradient(), Image.new("RGB", made.SMALL, "red")
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second], quality=95)
    safe = make_safe(out.getvalue(), "foto.jpg")
    assert largest_difference(made.opened(safe.data), first) < 24
    assert out.getvalue().count(b"\xff\xd8\xff") == 2
    assert safe.data.count(b"\xff\xd8\xff") == 1
