"""How large a document may be, and what the process that opens it may use."""

from typing import NamedTuple

MIB = 1024 * 1024


class DocumentLimits(NamedTuple):
    """Limits of one document and of the child process that makes it safe."""

    max_bytes: int = 10 * MIB
    max_pages: int = 200
    max_pixels: int = 40_000_000
    """Of an image, and of each picture inside a PDF."""
    max_side: int = 32_767
    """Pixels of the longer side: no browser draws more."""
    max_page_points: int = 14_400
    """Longer side of a PDF page, in 1/72 inch: the 200 inches of ISO 32000 annex C."""
    max_unpacked_bytes: int = 1024 * MIB
    """All compressed streams of a PDF together."""
    max_stream_bytes: int = 160 * MIB
    """One such stream: a picture of 40 megapixels in four channels."""
    max_objects: int = 250_000
    """Dictionaries, arrays and streams of a PDF."""
    child_memory_bytes: int = 1024 * MIB
    child_seconds: int = 20


DEFAULT = DocumentLimits()
