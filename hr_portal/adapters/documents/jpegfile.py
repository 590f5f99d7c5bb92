"""The parts of a JPEG file, without looking at its pixels.

Used for JPEGs inside a PDF: scanner apps put the photo in as it was taken, with
the place it was taken at.
"""

from typing import NamedTuple

from hr_portal.adapters.documents.verdict import Refused

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_SCAN = 0xDA
_COMMENT = 0xFE
_JFIF, _ADOBE, _LAST_APP = 0xE0, 0xEE, 0xEF
_ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length: TEM and the restarts."""
# Frame headers, SOF0 to SOF15; the three left out are DHT, JPG and DAC (ITU T.81, table B.1).
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SHORTEST = 2
_FRAME_SIZE = 5


class JpegFile(NamedTuple):
    """A JPEG without metadata, and the size in pixels that its frame states."""

    data: bytes
    width: int
    height: int


def parsed(data: bytes) -> JpegFile:
    """Return a JPEG with the segments that hold no picture left out, losslessly.

    JFIF and Adobe's segment stay: they say how colours are coded. What
    follows the end of the picture goes. Raises Refused where it is no JPEG.
    """
    data = data.lstrip(b"\r\n")  # some writers count a line break into the stream
    if not data.startswith(_START):
        raise Refused("damaged-pdf")
    kept = [_START]
    width = height = 0
    at = len(_START)
    while True:
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 4 > len(data) or data[at] != _START[0]:
            raise Refused("damaged-pdf")
        marker = data[at + 1]
        if marker in _ALONE:
            at += 2
            continue
        if marker == _SCAN:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < _SHORTEST:
            raise Refused("damaged-pdf")
        segment = data[at : at + 2 + length]
        if marker in _FRAMES and len(segment) >= 4 + _FRAME_SIZE:
            height = max(height, int.from_bytes(segment[5:7], "big"))
            width = max(width, int.from_bytes(segment[7:9], "big"))
        if not _is_metadata(marker):
            kept.append(segment)
        at += 2 + length
    end = data.rfind(_END)
    kept.append(data[at : end + 2] if end > at else data[at:])
    return JpegFile(b"".join(kept), width, height)


def _is_metadata(marker: int) -> bool:
    is_app = _JFIF <= marker <= _LAST_APP
    return marker == _COMMENT or (is_app and marker not in {_JFIF, _ADOBE})
