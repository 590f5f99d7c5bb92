"""The encrypted file store: a local folder of randomly named, sealed files.

A file is written to `<name>.part`, synced, renamed and its folder synced before
`put` returns; so a database row that names a file always finds it. Content is
AES-256-GCM in chunks whose index and last-flag are authenticated, so a file
can't be cut short, reordered or swapped for another unnoticed.
"""

import contextlib
import hashlib
import io
import math
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
        with _whole_or_not(path) as out:
            sealed = SealedWriter(out, key, name)
            while piece := stream.read(CHUNK):
                sealed.write(piece)
                if sealed.size > limit:
                    raise FileTooLargeError
            sealed.finish()
        sync_folder(self._root)
        return StoredFile(name, sealed.sha256, sealed.size)

    def chunks(self, name: str, key: bytes) -> Iterator[bytes]:
        """Give back the plain bytes of a file, chunk by chunk, each verified.

        Raises:
            FileDamagedError: missing, cut, altered or another key's.

        """
        try:
            with self._path(name).open("rb") as source:
                yield from unsealed(source, key, name)
        except FileNotFoundError as error:
            raise FileDamagedError(name) from error

    def open_sealed(self, name: str) -> BinaryIO:
        """Open a file as it is kept, sealed; raises FileNotFoundError for a missing one."""
        return self._path(name).open("rb")

    def read(self, name: str, key: bytes) -> bytes:
        """Give back a whole file; as `chunks`."""
        return b"".join(self.chunks(name, key))

    def open(self, name: str, key: bytes) -> BinaryIO:
        """Give back a file as a stream, of which a chunk is in memory; as `chunks`."""
        return io.BufferedReader(_Chunks(self.chunks(name, key)), CHUNK)

    def reseal(self, name: str, key: bytes) -> bool:
        """Seal a file by `key` that one of its older keys has sealed; False where it is already.

        The file takes the place of the one before whole or not at all, under the same name.
        Raises FileDamagedError as `chunks`.
        """
        path = self._path(name)
        try:
            with path.open("rb") as source:
                next(unsealed(source, bytes(key), name))
        except FileDamagedError:
            pass
        except FileNotFoundError as error:
            raise FileDamagedError(name) from error
        else:
            return False
        path.with_suffix(".part").unlink(missing_ok=True)  # of an attempt that died
        with _whole_or_not(path) as out:
            sealed = SealedWriter(out, bytes(key), name)
            for chunk in self.chunks(name, key):
                sealed.write(chunk)
            sealed.finish()
        return True

    def written_at(self, name: str) -> float:
        """Return when a file was kept (epoch seconds); infinity for one that has gone."""
        try:
            return self._path(name).stat().st_mtime
        except FileNotFoundError:
            return math.inf

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


class SealedWriter:
    """Seals what is written to it chunk by chunk, bound to a place; `finish` ends it.

    Not finished, what was written can't be opened to its end. `out` stays the caller's.
    """

    def __init__(self, out: BinaryIO, key: bytes, place: str) -> None:
        self._out, self._cipher, self._name = out, AESGCM(key), place
        self._prefix = os.urandom(PREFIX_BYTES)
        self._digest, self._held, self._index = hashlib.sha256(), bytearray(), 0
        self.size = 0
        """Plain bytes so far."""
        out.write(MAGIC + self._prefix)

    @property
    def sha256(self) -> str:
        """Of the plain bytes so far, in hex."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        """Take plain bytes; at least the last of them is held back until more come."""
        self._digest.update(data)
        self.size += len(data)
        self._held += data
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal the last chunk, marked as such."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce, aad = _place(self._prefix, self._name, self._index, last=last)
        self._out.write(self._cipher.encrypt(nonce, chunk, aad))
        self._index += 1


def unsealed(source: BinaryIO, key: bytes, place: str) -> Iterator[bytes]:
    """Give back what a SealedWriter was told for `place`, chunk by chunk, each verified.

    A key with `older` ones (`vault.FileKey`) opens what any of them has sealed.

    Raises:
        FileDamagedError: cut, altered, another place's or another key's.

    """
    ciphers = [AESGCM(one) for one in (key, *getattr(key, "older", ()))]
    head = source.read(len(MAGIC) + PREFIX_BYTES)
    if len(head) != len(MAGIC) + PREFIX_BYTES or not head.startswith(MAGIC):
        raise FileDamagedError(place)
    prefix, index = head[len(MAGIC) :], 0
    chunk = source.read(CHUNK + TAG_BYTES)
    while True:
        following = source.read(CHUNK + TAG_BYTES)
        nonce, aad = _place(prefix, place, index, last=not following)
        if len(ciphers) > 1:  # the first chunk tells which key sealed it
            ciphers = [one for one in ciphers if _opens(one, nonce, chunk, aad)][:1] or ciphers[:1]
        try:
            yield ciphers[0].decrypt(nonce, chunk, aad)
        except InvalidTag as error:
            raise FileDamagedError(place) from error
        if not following:
            return
        index, chunk = index + 1, following


def _opens(cipher: AESGCM, nonce: bytes, chunk: bytes, aad: bytes) -> bool:
    try:
        cipher.decrypt(nonce, chunk, aad)
    except InvalidTag:
        return False
    return True


def new_private(path: Path) -> BinaryIO:
    """Create a file that only its owner may read; raises FileExistsError where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _place(prefix: bytes, name: str, index: int, *, last: bool) -> tuple[bytes, bytes]:
    nonce = prefix + index.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
    return nonce, name.encode()


@contextlib.contextmanager
def _whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside `path` and give it that name for good, or leave nothing of it."""
    part = path.with_suffix(".part")
    try:
        with new_private(part) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make names given in a folder last."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
