"""A zip written in one pass to something that can't be rewound."""

import struct
import zlib
from collections.abc import Iterable
from typing import Protocol

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_DESCRIPTOR = struct.Struct("<4s3L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_DEFLATED = 8
_DESCRIBED, _UTF8 = 0x0008, 0x0800
_DAY = (2026 - 1980) << 9 | 1 << 5 | 1  # no clock: the same order gives the same bytes
_LEVEL = 3


class Sink(Protocol):
    """What takes the bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class ZipWriter:
    """Writes parts one after the other; `close` writes the directory."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._at = 0
        self._directory: list[bytes] = []

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)

    def copy(self, name: str, method: int, crc: int, size: int, packed: bytes | memoryview) -> None:
        """Write a part as it lies in another archive, without unpacking it."""
        self._enter(name, 0, method, crc, len(packed), size)
        self._write(bytes(packed))

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Pack a part as it comes; its sizes follow it."""
        start = self._at
        raw = name.encode()
        self._write(
            _LOCAL.pack(b"PK\x03\x04", _VERSION, self._flags(raw) | _DESCRIBED, _DEFLATED, 0, _DAY,
                        0, 0, 0, len(raw), 0) + raw
        )  # fmt: skip
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        crc = size = 0
        before = self._at
        for chunk in chunks:
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            self._write(packer.compress(chunk))
        self._write(packer.flush())
        packed = self._at - before
        self._write(_DESCRIPTOR.pack(b"PK\x07\x08", crc, packed, size))
        self._note(raw, _DESCRIBED, _DEFLATED, crc, packed, size, start)

    def _enter(self, name: str, flags: int, method: int, crc: int, packed: int, size: int) -> None:
        raw = name.encode()
        self._note(raw, flags, method, crc, packed, size, self._at)
        self._write(
            _LOCAL.pack(b"PK\x03\x04", _VERSION, self._flags(raw) | flags, method, 0, _DAY, crc,
                        packed, size, len(raw), 0) + raw
        )  # fmt: skip

    def _note(
        self, raw: bytes, flags: int, method: int, crc: int, packed: int, size: int, start: int
    ) -> None:
        self._directory.append(
            _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, self._flags(raw) | flags, method, 0,
                          _DAY, crc, packed, size, len(raw), 0, 0, 0, 0, 0, start) + raw
        )  # fmt: skip

    @staticmethod
    def _flags(raw: bytes) -> int:
        return 0 if raw.isascii() else _UTF8

    def close(self) -> None:
        """Write the directory; nothing may follow it."""
        start = self._at
        for entry in self._directory:
            self._write(entry)
        count = len(self._directory)
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, self._at - start, start, 0))
