"""Finding our mark in an upload, as cheaply and as warily as a web request may."""

from typing import BinaryIO

from hr_portal.adapters.spreadsheets.annotated.package import CUSTOM, mark_in
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.kinds import extension
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.domain.table import Unreadable

_LARGEST = 64 * 1024


def find_mark(stream: BinaryIO, name: str, limits: ReadLimits) -> str:
    """Return the mark in a workbook, "" where there is none or the file is unfit.

    Unpacks one part of at most 64 KiB, counted, and searches its bytes; no XML
    is parsed. The stream is read from its start and left there.
    """
    if extension(name) != ".xlsx":
        return ""
    stream.seek(0)
    data = stream.read(limits.max_bytes + 1)
    stream.seek(0)
    try:
        archive = Archive(data, name, limits)
        part = archive.entries.get(CUSTOM.lower())
        if part is None or part.size > _LARGEST:
            return ""
        return mark_in(b"".join(archive.chunks(part.name)))
    except Unreadable:
        return ""
