"""Documents made by hand for tests: byte by byte where a library would make them too well."""

import io
import struct
import zlib

from PIL import Image

PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
SMALL = (48, 32)


def pdf(*objects, trailer=b""):
    """A PDF of these numbered objects, the first of which is its catalog."""
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def catalog(more=b""):
    return b"<</Type/Catalog/Pages 2 0 R%s>>" % more


def page(more=b"", box=b"/MediaBox[0 0 200 200]"):
    return b"<</Type/Page/Parent 2 0 R%s%s>>" % (box, more)


def stream(content, head=b""):
    return b"<</Length %d%s>>\nstream\n" % (len(content), head) + content + b"\nendstream"


def simple_pdf(catalog_more=b"", page_more=b"", *objects, trailer=b""):
    """One page; further objects start at 4 0."""
    return pdf(catalog(catalog_more), PAGES, page(page_more), *objects, trailer=trailer)


def pdf_with_pages(count):
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf(catalog(), tree, *[page()] * count)


def gradient(size=SMALL, mode="RGB"):
    """A picture in which every corner and direction can be told apart."""
    picture = Image.new("RGB", size)
    width, height = size
    for x in range(width):
        for y in range(height):
            picture.putpixel((x, y), (255 * x // width, 255 * y // height, 90))
    return picture.convert(mode)


def jpeg(picture=None, **how):
    out = io.BytesIO()
    (picture or gradient()).save(out, "JPEG", **{"quality": 95, **how})
    return out.getvalue()


def png(picture=None, **how):
    out = io.BytesIO()
    (picture or gradient()).save(out, "PNG", **how)
    return out.getvalue()


def jpeg_segment(marker, content):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def with_segments(data, *segments):
    """A JPEG with these segments right after its start."""
    return data[:2] + b"".join(segments) + data[2:]


def exif(orientation=1, extra=b""):
    """An EXIF segment with one entry, and bytes that stand for a place."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0" + extra
    return jpeg_segment(0xE1, body)


def png_chunk(kind, content):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def raw_png(width, height, packed, *before, depth=8, colour=2, after=b""):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + b"".join(before)
        + png_chunk(b"IDAT", packed)
        + after
        + png_chunk(b"IEND", b"")
    )


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def small_png(number=0):
    """A tiny PNG; each number gives other bytes."""
    return png(Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 90)))
