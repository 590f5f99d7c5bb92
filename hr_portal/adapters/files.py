"""The encrypted file store: a local folder of randomly named, sealed files.

A file is written to `<name>.part`, synced, renamed and its folder synced before
`put` returns; so a database row that names a file always finds it. Content is
AES-256-GCM in chunks whose index and last-flag are authenticated, so a file
can't be cut short, reordered or swapped for another unnoticed.
"""

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"PKD1"
CHUNK = 1 << 18
PREFIX_BYTES = 7
TAG_BYTES = 16


class FileTooLargeError(Exception):
    """The stream went on past the limit; nothing was kept."""


class FileDamagedError(Exception):
    """A stored file is missing, cut, altered or sealed by another key."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file once it is safely kept."""

    name: str
    sha256: str
    """Of the plain bytes, in hex."""
    size: int
    """Of the plain bytes."""


class FileStore:
    """A folder of sealed files under random names."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, name: str) -> Path:
        if len(name) != 32 or not all(c in "0123456789abcdef" for c in name):  # noqa: PLR2004 - uuid length
            msg = "not a name of this store"
            raise FileDamagedError(msg)
        return self._root / name[:2] / name

    def put(self, stream: BinaryIO, key: bytes, *, limit: int) -> StoredFile:
        """Keep the bytes of `stream`, at most `limit` of them.

        Raises:
            FileTooLargeError: the stream holds more than `limit` bytes.
            OSError: the disk is full or fails; the partial file is removed.

        """
        name = secrets.token_hex(16)
        path = self._path(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_suffix(".part")
        cipher, prefix = AESGCM(key), os.urandom(PREFIX_BYTES)
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(MAGIC + prefix)
                index, chunk = 0, stream.read(CHUNK)
                while True:
                    following = stream.read(CHUNK) if chunk else b""
                    size += len(chunk)
                    if size > limit:
                        raise FileTooLargeError  # noqa: TRY301 - the part is removed below
                    digest.update(chunk)
                    out.write(_seal(cipher, prefix, name, index, chunk, last=not following))
                    if not following:
                        break
                    index, chunk = index + 1, following
                out.flush()
                os.fsync(out.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self._root)
        return StoredFile(name, digest.hexdigest(), size)

    def chunks(self, name: str, key: bytes) -> Iterator[bytes]:
        """Give back the plain bytes of a file, chunk by chunk, each verified.

        Raises:
            FileDamagedError: missing, cut, altered or another key's.

        """
        cipher = AESGCM(key)
        try:
            with self._path(name).open("rb") as source:
                head = source.read(len(MAGIC) + PREFIX_BYTES)
                if len(head) != len(MAGIC) + PREFIX_BYTES or not head.startswith(MAGIC):
                    raise FileDamagedError(name)
                prefix, index = head[len(MAGIC) :], 0
                chunk = source.read(CHUNK + TAG_BYTES)
                while True:
                    following = source.read(CHUNK + TAG_BYTES)
                    nonce, aad = _place(prefix, name, index, last=not following)
                    yield cipher.decrypt(nonce, chunk, aad)
                    if not following:
                        return
                    index, chunk = index + 1, following
        except (InvalidTag, FileNotFoundError) as error:
            raise FileDamagedError(name) from error

    def read(self, name: str, key: bytes) -> bytes:
        """Give back a whole file; as `chunks`."""
        return b"".join(self.chunks(name, key))

    def open(self, name: str, key: bytes) -> BinaryIO:
        """Give back a file as a stream, of which a chunk is in memory; as `chunks`."""
        return io.BufferedReader(_Chunks(self.chunks(name, key)), CHUNK)

    def delete(self, name: str) -> None:
        """Remove a file; a missing one is fine."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Walk the names of all files kept, in no order."""
        for path in self._root.glob("??/*"):
            if path.suffix != ".part":
                yield path.name

    def sweep_parts(self, *, older_than: float) -> int:
        """Remove `.part` files last written before `older_than` (epoch seconds)."""
        swept = 0
        for path in self._root.glob("??/*.part"):
            if path.stat().st_mtime < older_than:
                path.unlink(missing_ok=True)
                swept += 1
        return swept


class _Chunks(io.RawIOBase):
    """Reads what an iterator yields."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _place(prefix: bytes, name: str, index: int, *, last: bool) -> tuple[bytes, bytes]:
    nonce = prefix + index.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
    return nonce, name.encode()


def _seal(
    cipher: AESGCM, prefix: bytes, name: str, index: int, chunk: bytes, *, last: bool
) -> bytes:
    nonce, aad = _place(prefix, name, index, last=last)
    return cipher.encrypt(nonce, chunk, aad)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
