"""The batch mark inside an annotated workbook: which batch and revision it came from.

Nobody can make one for another's batch: it is signed with the portal's key. A
mark that is unknown, altered or from another installation is no mark.
"""

import hmac
from dataclasses import dataclass
from typing import BinaryIO

from hr_portal.adapters.spreadsheets.annotated.marked import find_mark
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.services.context import Portal

_VERSION = "v1"
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says: the batch, and its revision the workbook was made of."""

    batch_id: str
    revision: int


def mark_of(portal: Portal, batch_id: str, revision: int) -> str:
    """Return the mark of a revision, as it is written into a workbook."""
    return f"{_VERSION};{batch_id};{revision};{_signature(portal, batch_id, revision)}"


def read_mark(portal: Portal, stream: BinaryIO, name: str, limits: ReadLimits) -> Mark | None:
    """Return the mark in an upload, or None; the stream is left at its start.

    Only one small part of the workbook is looked at, and nothing of it parsed.
    """
    parts = find_mark(stream, name, limits).split(";")
    if len(parts) != _PARTS or parts[0] != _VERSION:
        return None
    _, batch_id, revision, signature = parts
    if not (revision.isascii() and revision.isdigit() and len(revision) < 7):  # noqa: PLR2004
        return None
    told = f"{batch_id}|{int(revision)}"
    signed = (key.index("workbook-mark", told).hex() for key in portal.vault.generals)
    if not any(hmac.compare_digest(signature, one) for one in signed):
        return None
    return Mark(batch_id, int(revision))


def _signature(portal: Portal, batch_id: str, revision: int) -> str:
    return portal.vault.general.index("workbook-mark", f"{batch_id}|{revision}").hex()
