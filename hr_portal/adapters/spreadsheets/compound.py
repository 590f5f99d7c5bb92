"""An OLE compound document read with suspicion: what an .xls lies in.

A small file system inside a file: sectors, chains of sectors in a table (FAT),
a directory of streams. Every chain is counted against the sectors there are, so
that loops and counts that lie end in a refusal (security.md F1, F4). Names of
streams say whether there are macros, objects or a password, before anything is
read of the workbook itself.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets.kinds import OLE, OLE_MAGIC, SLIDES, WORD, mismatch
from hr_portal.adapters.spreadsheets.refusals import refuse

_HEADER_LENGTH = 512
_LITTLE_ENDIAN = 0xFFFE
_SECTOR_SHIFTS = {3: 9, 4: 12}
_MINI_SHIFT = 6
_FREE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFF9
_ENTRY_LENGTH = 128
_STREAM, _ROOT = 2, 5
_MAX_ENTRIES = 20_000

# Names of streams and storages that carry what may run or fetch (lower case).
_ACTIVE: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"_vba_project.*|vba|macros"), "makro (VBA)", "macros (VBA)"),
    (re.compile(r"ctls"), "kontrol ActiveX", "ActiveX controls"),
    (re.compile(r"mbd[0-9a-f]{8}|\x01ole10native|objectpool|lnk[0-9a-f]{8}"),
     "objek tersemat (OLE)", "embedded objects (OLE)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stream:
    """An entry of the directory that holds bytes."""

    name: str
    start: int
    size: int


class Compound:
    """The checked directory of a compound document, and its streams one by one."""

    def __init__(self, data: bytes | memoryview, file: str) -> None:
        """Check header, table and directory; raises Unreadable where they are unfit."""
        self.file = file
        self._data = memoryview(data)
        if len(data) < _HEADER_LENGTH:
            raise refuse("truncated-xls", file)
        head = bytes(self._data[:_HEADER_LENGTH])
        version, order, shift, mini_shift = struct.unpack_from("<4H", head, 26)
        fat_sectors, directory, _, cutoff, mini_fat, _, difat = struct.unpack_from("<7L", head, 44)
        if (head[:8], order, mini_shift) != (OLE_MAGIC, _LITTLE_ENDIAN, _MINI_SHIFT) or (
            _SECTOR_SHIFTS.get(version) != shift
        ):
            raise self._odd("kepalanya tidak lazim", "its header is odd")
        self._size = 1 << shift
        self._mini_cutoff, self._mini_fat_start = cutoff, mini_fat
        self._sectors = max(0, -(-len(data) // self._size) - 1)  # the header takes the first
        self._fat = self._read_fat(fat_sectors, difat)
        self.names, self.streams, self._root = self._read_directory(directory)

    def _odd(self, found: str, found_en: str) -> Exception:
        return refuse("structure", self.file, found=found, found_en=found_en)

    def _sector(self, number: int) -> memoryview:
        """Return a whole sector; raises FILE-03 where the file ends before it does."""
        at = (number + 1) * self._size
        sector = self._data[at : at + self._size]
        if len(sector) < self._size:
            raise refuse("truncated-xls", self.file)
        return sector

    def _read_fat(self, count: int, difat: int) -> NDArray[np.uint32]:
        if count > self._sectors:
            raise self._odd(
                f"tabelnya mengaku memakai {count} sektor, padahal berkasnya hanya {self._sectors}",
                f"its table claims {count} sectors, but the file has only {self._sectors}",
            )
        places = list(struct.unpack_from("<109L", self._data, 76))
        seen = 0
        while difat <= _LAST_SECTOR:
            seen += 1
            if seen > self._sectors:
                raise self._loop()
            *more, difat = struct.unpack(f"<{self._size // 4}L", self._sector(difat))
            places += more
        places = [place for place in places if place != _FREE][:count]
        if len(places) < count:
            raise self._odd("tabel sektornya tidak utuh", "its table of sectors is not whole")
        joined = b"".join(self._sector(place) for place in places)
        return np.frombuffer(joined, dtype="<u4")

    def _loop(self) -> Exception:
        return self._odd(
            "rantai sektornya berputar tanpa akhir", "a chain of its sectors runs in circles"
        )

    def _chain(self, start: int, table: NDArray[np.uint32], most: int) -> Iterator[int]:
        """Yield the sectors of a chain; raises FILE-10 where it is longer than `most`."""
        number, seen = start, 0
        while number <= _LAST_SECTOR:
            seen += 1
            if seen > most:
                raise self._loop()
            yield number
            if number >= len(table):
                raise refuse("truncated-xls", self.file)
            number = int(table[number])

    def _read_directory(self, start: int) -> tuple[list[str], dict[str, Stream], Stream]:
        names: list[str] = []
        streams: dict[str, Stream] = {}
        root: Stream | None = None
        for sector in self._chain(start, self._fat, self._sectors):
            block = self._sector(sector)
            for at in range(0, self._size, _ENTRY_LENGTH):
                entry = bytes(block[at : at + _ENTRY_LENGTH])
                length, kind = struct.unpack_from("<HB", entry, 64)
                first, size = struct.unpack_from("<LQ", entry, 116)
                if self._size == 512:  # noqa: PLR2004 - version 3 has sizes of 32 bits
                    size &= 0xFFFFFFFF
                if not kind:
                    continue
                name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
                names.append(name)
                if len(names) > _MAX_ENTRIES:
                    raise self._odd("daftar isinya terlalu panjang", "its directory is too long")
                if kind == _ROOT:
                    root = Stream(name, first, size)
                elif kind == _STREAM:
                    streams.setdefault(name, Stream(name, first, size))
        if root is None:
            raise self._odd("daftar isinya tidak mempunyai akar", "its directory has no root")
        return names, streams, root

    def check_names(self) -> None:
        """Refuse passwords, macros, objects and other documents by the names inside."""
        if "encryptedpackage" in self.names or "encryptioninfo" in self.names:
            raise refuse("encrypted", self.file)
        for name in self.names:
            for pattern, found, found_en in _ACTIVE:
                if pattern.fullmatch(name):
                    raise refuse("active", self.file, found=found, found_en=found_en)
        if not self.is_workbook:
            known = {"worddocument": WORD, "powerpoint document": SLIDES}
            raise mismatch(
                self.file, next((known[name] for name in self.names if name in known), OLE)
            )

    @property
    def is_workbook(self) -> bool:
        """Whether the records of a workbook are in it."""
        return "workbook" in self.streams or "book" in self.streams

    def workbook(self) -> bytes | memoryview:
        """Return the stream of records of the workbook; raises Unreadable where it is damaged."""
        return self._bytes(self.streams.get("workbook") or self.streams["book"])

    def _bytes(self, stream: Stream) -> bytes | memoryview:
        if stream.size > len(self._data):
            raise refuse("truncated-xls", self.file)
        if stream.size < self._mini_cutoff:
            return self._mini(stream)
        return self._joined(stream)

    def _joined(self, stream: Stream) -> bytes | memoryview:
        """Return a stream of whole sectors, without a copy where they lie in a row."""
        sectors = np.fromiter(self._chain(stream.start, self._fat, self._sectors), np.int64)
        if len(sectors) * self._size < stream.size:
            raise refuse("truncated-xls", self.file)
        sectors = sectors[: -(-stream.size // self._size)]
        if not len(sectors):
            return b""
        if int(sectors.max()) >= self._sectors:
            raise refuse("truncated-xls", self.file)
        pieces = []
        for run in np.split(sectors, np.flatnonzero(np.diff(sectors) != 1) + 1):
            at = (int(run[0]) + 1) * self._size
            pieces.append(self._data[at : at + len(run) * self._size])
        whole: bytes | memoryview = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if len(whole) < stream.size:  # the last sector is cut short
            raise refuse("truncated-xls", self.file)
        return whole[: stream.size]

    def _mini(self, stream: Stream) -> bytes:
        """Return a short stream, which lies in pieces of 64 bytes inside the root's stream."""
        table = np.frombuffer(
            b"".join(
                self._sector(sector)
                for sector in self._chain(self._mini_fat_start, self._fat, self._sectors)
            ),
            dtype="<u4",
        )
        ground = self._joined(self._root)
        step = 1 << _MINI_SHIFT
        pieces = [
            bytes(ground[number * step : (number + 1) * step])
            for number in self._chain(stream.start, table, len(table))
        ]
        whole = b"".join(pieces)
        if len(whole) < stream.size:
            raise refuse("truncated-xls", self.file)
        return whole[: stream.size]
