"""When a file is read by two processes, and what they share; see `partner`."""

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass

PLACES = 4
"""So many pieces a partner has at once: one in work, the others waiting."""
MOST_BYTES = 2 << 20
"""Of a piece, and of an answer; what is larger is read without a partner."""
ROOM_BYTES = PLACES * 2 * MOST_BYTES
_WORTH_TWO = 1 << 20
"""Bytes of a workbook that unpacks to ten pieces or so."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Descriptors for two children: either end of a line, and the memory they share."""

    reader: int
    partner: int
    room: int


@contextlib.contextmanager
def pair_for(filename: str, size: int) -> Iterator[Pair | None]:
    """Yield what two processes share to read a file; None where one does as well."""
    is_worth_it = size >= _WORTH_TWO and filename.lower().endswith(".xlsx")
    if not is_worth_it or len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004 - a processor each
        yield None
        return
    reader, partner = socket.socketpair()
    room = os.memfd_create("room", os.MFD_CLOEXEC)
    try:
        os.truncate(room, ROOM_BYTES)
        yield Pair(reader.fileno(), partner.fileno(), room)
    finally:
        reader.close()
        partner.close()
        os.close(room)
