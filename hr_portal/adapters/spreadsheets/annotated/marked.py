"""Finding our mark in an upload, as cheaply and as warily as a web request may."""

from typing import BinaryIO

from hr_portal.adapters.spreadsheets.annotated.package import (
    CUSTOM,
    mark_in,
    mark_in_ods,
    mark_in_xls,
)
from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.kinds import extension
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.domain.table import Unreadable

_LARGEST = 64 * 1024
_PARTS = {".xlsx": (CUSTOM, mark_in), ".ods": ("meta.xml", mark_in_ods)}


def find_mark(stream: BinaryIO, name: str, limits: ReadLimits) -> str:
    """Return the mark in a workbook, "" where there is none or the file is unfit.

    Unpacks one part of at most 64 KiB, counted, and searches its bytes; no XML
    is parsed. Of an .xls the bytes are searched as they lie. The stream is read from its start
    and left there.
    """
    kind = extension(name)
    if kind != ".xls" and kind not in _PARTS:
        return ""
    stream.seek(0)
    data = stream.read(limits.max_bytes + 1)
    stream.seek(0)
    if kind == ".xls":
        return mark_in_xls(data)
    held, search = _PARTS[kind]
    try:
        archive = Archive(data, name, limits)
        part = archive.entries.get(held.lower())
        if part is None or part.size > _LARGEST:
            return ""
        return search(b"".join(archive.chunks(part.name)))
    except Unreadable:
        return ""
