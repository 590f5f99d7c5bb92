"""What the streams of a PDF become when unpacked, and what hides in its pictures.

Runs in the child only. A viewer unpacks every stream it meets; so that it
can't be made to fill the reviewer's memory, we count first, and keep nothing
of what we count.
"""

import zlib

import pikepdf

from hr_portal.adapters.documents import jpegfile
from hr_portal.adapters.documents.active import name_in
from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.verdict import Refused

_FLATE = {"/FlateDecode", "/Fl"}
_DCT = {"/DCTDecode", "/DCT"}
_JPX = "/JPXDecode"
# Filters of pictures: what they give is width times height, which is looked at by itself.
_PICTURES = _DCT | {_JPX, "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
_PIECE = 1 << 20
_JPX_SIZES = b"\xff\x4f\xff\x51"  # start of codestream, then its sizes (ISO 15444-1 A.5.1)


class StreamCheck:
    """Looks at the streams of one document, one by one, with one budget for all."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._unpacked = 0

    def check(self, stream: pikepdf.Object) -> None:
        """Count what a stream becomes; take the metadata out of a JPEG in place.

        Raises Refused: over a limit, or damaged.
        """
        is_picture = name_in(stream, "/Subtype") == "/Image"
        if is_picture:
            self._check_pixels(_whole(stream.get("/Width")), _whole(stream.get("/Height")))
        filters = _filters(stream)
        raw: bytes = stream.read_raw_bytes()
        for place, name in enumerate(filters):
            last = place == len(filters) - 1
            if name in _FLATE:
                raw = self._inflated(raw, keep=not last)
            elif name in _PICTURES:
                self._check_picture(stream, raw, name, rewrite=last)
                return
            else:
                # ASCII85, LZW, RunLength: rare, and the library unpacks them all at once; the
                # memory limit of this process stands in for counting.
                whole = stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
                self._count(len(whole), len(whole))
                return

    def _inflated(self, packed: bytes, *, keep: bool) -> bytes:
        """Return what a Flate stream unpacks to, or nothing if it needn't be kept."""
        engine = zlib.decompressobj()
        kept = bytearray()
        size = 0
        while packed and not engine.eof:
            try:
                piece = engine.decompress(packed, _PIECE)
            except zlib.error as error:
                if "incorrect data check" in str(error):
                    break  # all is there but the sum at its end, which no viewer looks at
                raise Refused("damaged-pdf") from error
            size += len(piece)
            self._count(len(piece), size)
            if keep:
                kept += piece
            packed = engine.unconsumed_tail
        return bytes(kept)

    def _count(self, more: int, size: int) -> None:
        self._unpacked += more
        if size > self._limits.max_stream_bytes:
            raise Refused("unpacked-part")
        if self._unpacked > self._limits.max_unpacked_bytes:
            raise Refused("unpacked")

    def _check_pixels(self, width: int, height: int) -> None:
        if width * height > self._limits.max_pixels:
            raise Refused("pixels-in-pdf", width=width, height=height)

    def _check_picture(
        self, stream: pikepdf.Object, packed: bytes, name: str, *, rewrite: bool
    ) -> None:
        """Compare the size a picture states itself; the PDF around it may have lied."""
        if name in _DCT:
            picture = jpegfile.parsed(packed)
            self._check_pixels(picture.width, picture.height)
            if rewrite:
                _replace(stream, picture.data)
        elif name == _JPX:
            at = packed.find(_JPX_SIZES)
            if at >= 0:
                sizes = packed[at + 8 : at + 16]
                self._check_pixels(
                    int.from_bytes(sizes[:4], "big"), int.from_bytes(sizes[4:], "big")
                )


def _filters(stream: pikepdf.Object) -> list[str]:
    value = stream.get("/Filter")
    if isinstance(value, pikepdf.Name):
        return [str(value)]
    return [str(name) for name in value] if isinstance(value, pikepdf.Array) else []


def _replace(stream: pikepdf.Object, jpeg: bytes) -> None:
    """Put a JPEG in the place of one that may have been packed once more."""
    told = stream.get("/DecodeParms")
    if isinstance(told, pikepdf.Array):
        told = told[-1] if len(told) > 0 else None
    how = told if isinstance(told, pikepdf.Dictionary) else None
    stream.write(jpeg, filter=pikepdf.Name.DCTDecode, decode_parms=how)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
