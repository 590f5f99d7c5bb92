"""A second reading process, which takes pieces of a large sheet apart beside the first.

It has the same walls around it as the reader, gets whole rows of a sheet through
shared memory and gives them back gathered by columns. Nothing hangs on it: what it
declines, or has not answered when it dies, the reader takes apart itself.
"""

import contextlib
import mmap
import os
import select
import struct
from typing import NoReturn

import numpy as np
import orjson

from hr_portal.adapters.spreadsheets import quick
from hr_portal.adapters.spreadsheets.gathered import Gathered, gather
from hr_portal.adapters.spreadsheets.markup import Declined, Flags
from hr_portal.adapters.spreadsheets.pairing import MOST_BYTES, PLACES, ROOM_BYTES
from hr_portal.adapters.spreadsheets.sharedtexts import Numbered, Numbers, SharedTexts

_MESSAGE = struct.Struct("<BQ")
_FACTS = 255
"""What a message tells instead of a place: what pieces refer to."""
_NOTHING = b"[[],false,0,[],false,null]"
"""The facts of a sheet of which nothing has been told, as when the reader went before it could."""


def facts(context: quick.Context, strings: SharedTexts | None) -> bytes:
    """Return what a partner needs to know; of strings only how many, and which are empty."""
    shared = None if strings is None else (len(strings), strings.empty().tolist())
    return orjson.dumps(
        (
            context.formats,
            context.epoch_1904,
            context.max_text,
            sorted(context.telling),
            context.is_uncalculated,
            shared,
        )
    )


class Partner:
    """The reader's side: hands pieces over, and asks for what they hold."""

    def __init__(self, line: int, room: int) -> None:
        self._line, self._room = line, mmap.mmap(room, ROOM_BYTES)
        self._free = list(range(PLACES))
        self._answered: dict[int, int] = {}
        self._facts: bytes | None = None

    def offer(self, piece: bytes, known: bytes) -> int | None:
        """Hand a piece over and return its place; None where it can't be taken now.

        `known` are the `facts` as they are now.
        """
        if not self._free or len(piece) > MOST_BYTES:
            return None
        with contextlib.suppress(OSError):
            if known is not self._facts:
                _write(self._line, _MESSAGE.pack(_FACTS, len(known)) + known)
                self._facts = known
            place = self._free[-1]
            at = 2 * place * MOST_BYTES
            self._room[at : at + len(piece)] = piece
            _write(self._line, _MESSAGE.pack(place, len(piece)))
            return self._free.pop()
        self._free.clear()  # it is gone
        return None

    def has_answered(self, place: int) -> bool:
        """Tell whether `answer` would not have to wait."""
        while place not in self._answered and select.select([self._line], [], [], 0)[0]:
            self._listen(place)
        return place in self._answered

    def answer(self, place: int) -> Gathered | None:
        """Wait for what the piece at a place holds; None where the partner can't say it."""
        while place not in self._answered:
            self._listen(place)
        length = self._answered.pop(place)
        if length < 0:
            return None
        self._free.append(place)
        at = (2 * place + 1) * MOST_BYTES
        return Gathered.unpacked(self._room[at : at + length]) if length else None

    def close(self) -> None:
        """Let the partner go, and with it the memory it holds."""
        os.close(self._line)
        self._room.close()

    def _listen(self, place: int) -> None:
        told = _read(self._line, _MESSAGE.size)
        if told is None:
            self._free.clear()
            self._answered[place] = -1
        else:
            place, length = _MESSAGE.unpack(told)
            self._answered[place] = length


class _Count(Numbered):
    """Shared strings of which only the numbers are known."""

    def __init__(self, count: int, empty: list[int]) -> None:
        self._count, self._empty = count, np.array(empty, dtype=np.intp)

    def __len__(self) -> int:
        return self._count

    def are_empty(self, numbers: Numbers) -> Flags:
        return np.isin(numbers, self._empty)

    def take(self, numbers: Numbers) -> NoReturn:  # noqa: ARG002 - they say nothing
        raise Declined


def serve(line: int, room: int) -> None:
    """Be the partner of whoever is at the other end of the line, until that is gone."""
    mapped, context = mmap.mmap(room, ROOM_BYTES), _context(_NOTHING)
    while (told := _read(line, _MESSAGE.size)) is not None:
        place, length = _MESSAGE.unpack(told)
        if place == _FACTS:
            context = _context(_read(line, length) or _NOTHING)
            continue
        at = 2 * place * MOST_BYTES
        made = _taken_apart(mapped[at : at + length], context)
        mapped[at + MOST_BYTES : at + MOST_BYTES + len(made)] = made
        try:
            _write(line, _MESSAGE.pack(place, len(made)))
        except ConnectionError:  # it went while we were at it
            return


def _context(told: bytes) -> quick.Context:
    formats, epoch_1904, max_text, telling, is_uncalculated, shared = orjson.loads(told)

    def strings() -> Numbered:
        if shared is None:
            raise Declined
        return known

    known = _Count(*(shared or (0, [])))
    return quick.Context(
        strings, formats, epoch_1904, max_text, frozenset(telling), is_uncalculated
    )


def _taken_apart(piece: bytes, context: quick.Context) -> bytes:
    """Return the rows of a piece, packed; nothing where they are declined or don't fit."""
    try:
        made = gather(quick.read(piece, context), context.strings).packed()
    except Declined:
        return b""
    return made if len(made) <= MOST_BYTES else b""


def _read(line: int, size: int) -> bytes | None:
    """Return so many bytes of a line; None where its other end is gone."""
    found = b""
    while len(found) < size:
        try:
            piece = os.read(line, size - len(found))
        except ConnectionError:  # it went without reading what was said last
            return None
        if not piece:
            return None
        found += piece
    return found


def _write(line: int, told: bytes) -> None:
    while told:
        told = told[os.write(line, told) :]
