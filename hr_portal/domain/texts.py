"""Texts of a column held encoded, a thousand at a time.

A Python string takes some 70 bytes, so a full sheet of Excel would take 1.5 GB
as lists of them. Here a block of texts is one piece of bytes, which is opened
when one of its texts is asked for and put away when the next block is.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024
"""Texts of a full block."""
_SHIFT, _MASK = 10, BLOCK - 1
_JOINED, _LISTED, _AS_JSON = b"J", b"L", b"N"
_BETWEEN = "\0"
_DIGITS_BETWEEN = b"0123456789\0"
_MOST_LISTED = 256
_SAMPLE = 32
PART = 64 * BLOCK
"""So many texts are worked on at once, where a column is walked in parts."""

Places = NDArray[np.intp]
Value = TypeVar("Value")


class Texts(Sequence[str]):
    """A list of texts that takes little more room than their letters.

    Meant to be read in order, or a block here and there; a text can be replaced
    and texts be added at the end. `copy` shares the blocks until they change.
    """

    __slots__ = ("_at", "_blocks", "_changed", "_first", "_open", "_tail")

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._first = 0
        """So many texts of the first block are left out."""
        self._blocks: list[bytes] = []
        self._tail: list[str] = []
        self._at, self._open, self._changed = -1, self._tail, False
        self.extend(values)

    @classmethod
    def of_blocks(cls, blocks: list[bytes], first: int, count: int) -> "Texts":
        """Return the texts that lie in `blocks`; raises ValueError where they don't."""
        made = cls()
        made._first = first if count else 0
        whole = (first + count) >> _SHIFT
        rest = first + count - (whole << _SHIFT)
        if first not in range(BLOCK) or len(blocks) != whole + bool(rest):
            raise ValueError("blocks and count disagree")
        for at, block in enumerate(blocks):
            check_block(block, BLOCK if at < whole else rest)
        made._tail += unpack(blocks[-1]) if rest else []
        made._blocks = blocks[:whole]
        if not whole:
            made.leave_out(0)
        return made

    def blocks(self) -> Iterator[bytes]:
        """Yield the texts as encoded blocks, the last one perhaps shorter."""
        self._put_away()
        yield from self._blocks
        if self._tail:
            yield pack(self._tail)

    @property
    def first(self) -> int:
        """How many texts of the first block don't count."""
        return self._first

    def __len__(self) -> int:
        """Return the number of texts."""
        return (len(self._blocks) << _SHIFT) + len(self._tail) - self._first

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return a text, or a list of some."""
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step == 1:
                return self._between(start, stop)
            return [self[at] for at in range(start, stop, step)]
        inside = place + self._first
        if inside >> _SHIFT != self._at or place < 0:
            self._block_of(place)
        return self._open[inside & _MASK]

    def __setitem__(self, place: int, value: str) -> None:
        """Replace a text."""
        self._block_of(place)[(place + self._first) & _MASK] = value
        self._changed = True

    def __iter__(self) -> Iterator[str]:
        """Walk the texts; they may not be changed meanwhile."""
        for block in self._opened():
            yield from block

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence holds the same texts."""
        if not isinstance(other, Texts | list):
            return NotImplemented
        return len(self) == len(other) and all(map(str.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return the texts as a list shows them."""
        return f"Texts({list(self)!r})"

    def append(self, value: str) -> None:
        """Add a text at the end."""
        self._tail.append(value)
        if len(self._tail) >= BLOCK:
            self._pack_tail()

    def extend(self, values: Iterable[str]) -> None:
        """Add texts at the end, which may be more than there is room for as a list."""
        walk = iter(values)
        while piece := list(islice(walk, BLOCK)):
            self._tail += piece
            if len(self._tail) >= BLOCK:
                self._pack_tail()

    def extend_block(self, encoded: bytes) -> None:
        """Add a whole block of texts, given as UTF-8 with NUL between them.

        Only where the texts so far fill their blocks.
        """
        self._put_away()
        sample = encoded.split(b"\0", _SAMPLE)[:_SAMPLE]
        if len(set(sample)) * 2 <= _SAMPLE:
            self._blocks.append(pack(encoded.decode().split(_BETWEEN)))
        else:
            self._blocks.append(_JOINED + encoded)

    def copy(self) -> "Texts":
        """Return texts of their own that can be changed."""
        self._put_away()
        made = Texts()
        made._first, made._blocks, made._tail = self._first, self._blocks.copy(), self._tail.copy()
        return made

    def leave_out(self, count: int) -> None:
        """Take the first texts away, at most as many as there are."""
        self._put_away()
        skipped = self._first + count
        gone = min(skipped >> _SHIFT, len(self._blocks))
        del self._blocks[:gone]
        self._first = skipped - (gone << _SHIFT)
        if not self._blocks:
            del self._tail[: self._first]
            self._first = 0

    def at(self, places: Places) -> list[str]:
        """Return the texts at some places, in any order; each block is opened once."""
        if not len(places):
            return []
        if _is_run(places):
            return self._between(int(places[0]), int(places[-1]) + 1)
        inside = places + self._first
        of_block = inside >> _SHIFT
        steps = np.diff(of_block)
        if (steps < 0).any():
            order = np.argsort(of_block, kind="stable")
            values = np.empty(len(places), object)
            values[order] = self.at(places[order])
            listed: list[str] = values.tolist()
            return listed
        found: list[str] = []
        slots = inside & _MASK
        cuts = np.flatnonzero(steps) + 1
        for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), len(places)], strict=True):
            block, chosen = self._block(int(of_block[start])), slots[start:stop]
            first = int(chosen[0])
            if (chosen == np.arange(first, first + len(chosen))).all():
                found += block[first : first + len(chosen)]
            else:
                found += map(block.__getitem__, chosen.tolist())
        return found

    def plain_numbers(self, shortest: int) -> NDArray[np.bool_]:
        """Tell which texts surely begin with an ASCII digit and have so many characters.

        Of blocks that aren't read like that cheaply none is told.
        """
        told = np.zeros(self._first + len(self), np.bool_)
        for at, block in enumerate(self.blocks()):
            if block[:1] == _JOINED and block.isascii():
                signs, ends = np.frombuffer(block, np.uint8), _ends_of(block)
                starts = np.append(0, ends[:-1]) + 1
                begins = signs[np.minimum(starts, len(signs) - 1)] - ord("0") < 10  # noqa: PLR2004
                start = at << _SHIFT
                told[start : start + len(ends)] = begins & (ends - starts >= shortest)
        return told[self._first :]

    def until(self, count: int) -> "Texts":
        """Return texts of their own: the first so many."""
        self._put_away()
        whole, rest = divmod(self._first + count, BLOCK)
        last = unpack(self._blocks[whole]) if whole < len(self._blocks) else self._tail
        made = Texts()
        made._first, made._blocks, made._tail = self._first, self._blocks[:whole], last[:rest]
        made.leave_out(0)
        return made

    def put(self, places: Places, values: list[str]) -> None:
        """Replace the texts at some places, which ascend; whole blocks at once."""
        inside = places + self._first
        of_block = inside >> _SHIFT
        slots = inside & _MASK
        cuts = np.flatnonzero(np.diff(of_block)) + 1
        for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), len(places)], strict=True):
            at = int(of_block[start]) if start < stop else len(self._blocks)
            if stop - start == BLOCK and at < len(self._blocks):
                self._put_away()
                self._blocks[at] = pack(values[start:stop])
            elif start < stop:
                block = self._block(at)
                for slot, value in zip(slots[start:stop].tolist(), values[start:stop], strict=True):
                    block[slot] = value
                self._changed = True

    # ------------------------------------------------------------------ blocks

    def _block_of(self, place: int) -> list[str]:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._block((place + self._first) >> _SHIFT)

    def _block(self, at: int) -> list[str]:
        """Return an open block; that of the texts after the last whole one is never put away."""
        if at != self._at:
            self._put_away()
            self._open = unpack(self._blocks[at]) if at < len(self._blocks) else self._tail
            self._at = at
        return self._open

    def _put_away(self) -> None:
        if self._changed and self._at < len(self._blocks):
            self._blocks[self._at] = pack(self._open)
        self._changed = False
        self._at, self._open = -1, self._tail

    def _pack_tail(self) -> None:
        self._put_away()
        while len(self._tail) >= BLOCK:
            self._blocks.append(pack(self._tail[:BLOCK]))
            del self._tail[:BLOCK]

    def _opened(self) -> Iterator[list[str]]:
        self._put_away()
        left_out = self._first
        for block in self._blocks:
            texts = unpack(block)
            yield texts[left_out:] if left_out else texts
            left_out = 0
        yield self._tail[left_out:] if left_out else self._tail

    def _between(self, start: int, stop: int) -> list[str]:
        found: list[str] = []
        at, last = start + self._first, stop + self._first
        while at < last:
            slot = at & _MASK
            part = self._block(at >> _SHIFT)[slot : slot + last - at]
            found += part
            at += len(part)
        return found


class Told(Sequence[Value]):
    """Values of another kind held as texts: what may be None, or is a small table."""

    __slots__ = ("_read", "_texts", "_write")

    def __init__(
        self,
        write: Callable[[Value], str],
        read: Callable[[str], Value],
        texts: Texts | None = None,
    ) -> None:
        self._write, self._read = write, read
        self._texts = Texts() if texts is None else texts

    @property
    def texts(self) -> Texts:
        """The values as they are held."""
        return self._texts

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        """Return a value, or a list of some."""
        if isinstance(place, slice):
            return list(map(self._read, self._texts[place]))
        return self._read(self._texts[place])

    def __setitem__(self, place: int, value: Value) -> None:
        """Replace a value."""
        self._texts[place] = self._write(value)

    def __iter__(self) -> Iterator[Value]:
        """Walk the values."""
        return map(self._read, self._texts)

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence holds the same values."""
        return isinstance(other, Told | list) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def extend(self, values: Iterable[Value]) -> None:
        """Add values at the end."""
        self._texts.extend(map(self._write, values))

    def chosen(self, places: Places) -> "Told[Value]":
        """Return the values at some places."""
        return Told(self._write, self._read, gather(self._texts, places))


Strings = list[str] | Texts
"""Texts of a column, as a list or encoded."""


def take(values: Strings, places: Places) -> list[str]:
    """Return the texts at some places, as a list of its own."""
    if isinstance(values, Texts):
        return values.at(places)
    return [values[place] for place in places.tolist()]


def gather(values: Strings, places: Places) -> Texts:
    """Return the texts at some places, in any order; "" where a place is negative."""
    found = Texts()
    for part in parts_of(places):
        held = part >= 0
        if held.all():
            found.extend(take(values, part))
        else:
            texts = np.full(len(part), "", object)
            texts[held] = take(values, part[held])
            found.extend(texts.tolist())
    return found


def put(values: Strings, places: Places, texts: list[str]) -> None:
    """Replace the texts at some places, which ascend."""
    if isinstance(values, Texts):
        values.put(places, texts)
    else:
        for place, text in zip(places.tolist(), texts, strict=True):
            values[place] = text


def digit_lengths(values: Strings) -> NDArray[np.int32]:
    """Return the length of each text of ASCII digits only (0 of an empty one), -1 of others."""
    if not isinstance(values, Texts):
        return _digit_lengths(values)
    lengths = np.empty(values.first + len(values), np.int32)
    for at, block in enumerate(values.blocks()):
        start = at << _SHIFT
        if block[:1] == _JOINED and not block[1:].translate(None, _DIGITS_BETWEEN):
            ends = _ends_of(block)
            lengths[start : start + len(ends)] = np.diff(ends, prepend=0) - 1
        else:
            told = _digit_lengths(unpack(block))
            lengths[start : start + len(told)] = told
    return lengths[values.first :]


def _digit_lengths(values: list[str]) -> NDArray[np.int32]:
    told = (
        len(value) if not value or (value.isascii() and value.isdigit()) else -1
        for value in values
    )  # fmt: skip
    return np.fromiter(told, np.int32, len(values))


def _ends_of(block: bytes) -> Places:
    """Return where each text of a block of joined ones ends, in its bytes."""
    signs = np.frombuffer(block, np.uint8)
    return np.append(np.flatnonzero(signs == 0), len(signs))


def signs_at(values: Strings, places: Places, width: int) -> NDArray[np.uint8]:
    """Return the ASCII bytes of texts at places that ascend, `width` characters each, by rows."""
    signs = np.empty((len(places), width), np.uint8)
    if not isinstance(values, Texts):
        signs[:] = _signs(take(values, places), width)
        return signs
    inside = places + values.first
    bounds = np.searchsorted(inside, np.arange(0, values.first + len(values) + BLOCK, BLOCK))
    for at, block in enumerate(values.blocks()):
        start, stop = int(bounds[at]), int(bounds[at + 1])
        if start == stop:
            continue
        slots = inside[start:stop] - (at << _SHIFT)
        if block[:1] == _JOINED and block.isascii():
            lasts = _ends_of(block)[slots]
            of_block = np.frombuffer(block, np.uint8)
            signs[start:stop] = of_block[lasts[:, None] + np.arange(-width, 0)]
        else:
            texts = unpack(block)
            signs[start:stop] = _signs([texts[slot] for slot in slots.tolist()], width)
    return signs


def _signs(texts: list[str], width: int) -> NDArray[np.uint8]:
    return np.frombuffer("".join(texts).encode("ascii"), np.uint8).reshape(-1, width)


def first_of(values: Strings, count: int) -> Strings:
    """Return the first texts of a column, which are not to be changed."""
    if len(values) == count:
        return values
    return values.until(count) if isinstance(values, Texts) else values[:count]


def in_parts(values: Strings) -> Iterator[tuple[int, list[str]]]:
    """Walk a column as lists that don't take much room; each with the place it begins at."""
    for start in range(0, len(values), PART):
        yield start, values[start : start + PART]


def joined(values: Strings, before: str) -> Iterator[bytes]:
    """Yield the texts of a column as UTF-8, `before` in front of each, some at a time.

    `before` is one ASCII character. What lies encoded isn't made texts of first.
    """
    first = values.first if isinstance(values, Texts) else 0
    blocks = values.blocks() if isinstance(values, Texts) else (values,)
    for block in blocks:
        if not first and isinstance(block, bytes) and block[:1] == _JOINED:
            yield (b"\0" + block[1:]).replace(b"\0", before.encode())
            continue
        if isinstance(block, bytes) and block[:1] == _LISTED:
            codes, listed = _parts_of(block)
            led = [before + text for text in listed]
            texts = [*map(led.__getitem__, codes[first:])]
        else:
            found = unpack(block) if isinstance(block, bytes) else block
            texts = [before + text for text in found[first:]]
        yield "".join(texts).encode("utf-8", "surrogatepass")
        first = 0


def parts_of(places: Places) -> Iterator[Places]:
    """Walk places a part at a time, for lists made of them not to take much room."""
    for start in range(0, len(places), PART):
        yield places[start : start + PART]


def _is_run(places: Places) -> bool:
    """Tell whether places (one or more) follow each other."""
    return bool(places[-1] - places[0] == len(places) - 1 and (places[1:] - places[:-1] == 1).all())


def pack(values: list[str]) -> bytes:
    """Return texts as bytes: few different ones as a list of these and which each is."""
    if len(set(values[:_SAMPLE])) * 2 <= min(len(values), _SAMPLE):
        number = {value: at for at, value in enumerate(dict.fromkeys(values))}
        if len(number) <= _MOST_LISTED and len(number) * 4 <= len(values):
            joined = _joined(list(number))
            if joined is not None:
                codes = bytes(map(number.__getitem__, values))
                return _LISTED + len(codes).to_bytes(2, "little") + codes + joined
    joined = _joined(values)
    if joined is not None:
        return _JOINED + joined
    return _AS_JSON + json.dumps(values).encode("ascii")


def _joined(values: list[str]) -> bytes | None:
    """Return texts one after another; None where one holds what stands between them."""
    text = _BETWEEN.join(values)
    if text.count(_BETWEEN) != len(values) - 1:
        return None
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return None


def unpack(block: bytes) -> list[str]:
    """Return the texts of `pack`."""
    form = block[:1]
    if form == _JOINED:
        return block[1:].decode().split(_BETWEEN)
    if form == _LISTED:
        codes, listed = _parts_of(block)
        return list(map(listed.__getitem__, codes))
    values: list[str] = json.loads(block[1:])
    return values


def _parts_of(block: bytes) -> tuple[bytes, list[str]]:
    """Return which text each one is, and the texts, of a block that lists them."""
    codes = block[3 : 3 + int.from_bytes(block[1:3], "little")]
    return codes, block[3 + len(codes) :].decode().split(_BETWEEN)


def check_block(block: bytes, count: int) -> None:
    """Raise ValueError where a block of somebody else's doesn't hold so many texts."""
    form = block[:1]
    if form == _JOINED:
        good = block.count(0) == count - 1 and (block.isascii() or bool(block.decode()))
    elif form == _LISTED:
        codes, listed = _parts_of(block)
        good = len(codes) == count and max(codes) < len(listed)
    else:
        values = json.loads(block[1:]) if form == _AS_JSON else ()
        good = isinstance(values, list) and len(values) == count
        good = good and all(isinstance(value, str) and _is_sound(value) for value in values)
    if not good:
        raise ValueError("a block of texts is garbled")


def sound_block(block: bytes) -> bytes:
    """Return a block with "?" for halves of surrogate pairs, which can't be written as UTF-8."""
    if block[:1] != _AS_JSON:
        return block
    return pack([value.encode("utf-8", "replace").decode() for value in unpack(block)])


def _is_sound(value: str) -> bool:
    return value.isascii() or value.encode("utf-8", "replace").decode() == value
