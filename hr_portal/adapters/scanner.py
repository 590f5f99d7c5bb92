"""A small client of the virus scanner (clamd, its command INSTREAM), which fails closed.

Only the exact answer "stream: OK" says that bytes are clean. Silence, an error, a limit of the
scanner's, a line cut short or anything else is no verdict (security.md E7).
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Literal

Cause = Literal["down", "timeout", "limit", "answer"]
_LENGTH = struct.Struct(">I")
_PIECE = 1 << 18
_MOST_ANSWER = 1024
_MOST_NAME = 100
_SECONDS = 30.0
_SECONDS_PER_BYTE = 1 / (1 << 20)
_PING_SECONDS = 3.0


class NoVerdict(Exception):  # noqa: N818 - named after what happened
    """The scanner did not say whether the bytes are clean.

    `cause`: down (nobody there), timeout, limit (larger than it takes), answer (an odd one).
    """

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause: Cause = cause


class Scanner:
    """A clamd at `unix:/path`, `/path` or `host:port`; each call is a connection of its own."""

    def __init__(self, address: str, *, seconds: float = _SECONDS) -> None:
        """`seconds`: how long an answer may take, beside a second for each MiB sent."""
        self._address = address
        self._seconds = seconds

    def scan(self, data: bytes | Iterable[bytes]) -> str | None:
        """Return the signature that the bytes carry, None for clean ones. Raises NoVerdict."""
        pieces = _pieces(data) if isinstance(data, bytes) else data
        with self._open(self._seconds) as line:
            deadline = time.monotonic() + self._seconds
            try:
                line.sendall(b"zINSTREAM\0")
                for piece in pieces:
                    deadline += len(piece) * _SECONDS_PER_BYTE
                    line.settimeout(_left(deadline))
                    line.sendall(_LENGTH.pack(len(piece)) + piece)
                line.sendall(_LENGTH.pack(0))
            except TimeoutError:
                raise NoVerdict("timeout") from None
            except OSError:
                # It hung up on us, which it does over its limit; it may have said so before.
                said = b""
                with contextlib.suppress(NoVerdict):
                    said = _answer(line, deadline)
                raise NoVerdict("limit" if _is_limit(said) else "answer") from None
            said = _answer(line, deadline)
        if said == b"stream: OK\0":
            return None
        if said.startswith(b"stream: ") and said.endswith(b" FOUND\0"):
            name = said[len(b"stream: ") : -len(b" FOUND\0")].decode("ascii", "replace")
            shown = "".join(sign for sign in name if sign.isascii() and sign.isprintable())
            return shown[:_MOST_NAME] or "?"
        raise NoVerdict("limit" if _is_limit(said) else "answer")

    def is_there(self) -> bool:
        """Say whether the scanner answers at all, within a few seconds."""
        seconds = min(_PING_SECONDS, self._seconds)
        try:
            with self._open(seconds) as line:
                line.sendall(b"zPING\0")
                return _answer(line, time.monotonic() + seconds) == b"PONG\0"
        except (NoVerdict, OSError):
            return False

    @contextlib.contextmanager
    def _open(self, seconds: float) -> Iterator[socket.socket]:
        try:
            line = self._connected(seconds)
        except TimeoutError:
            raise NoVerdict("timeout") from None
        except (OSError, ValueError):
            raise NoVerdict("down") from None
        with line:
            yield line

    def _connected(self, seconds: float) -> socket.socket:
        path = self._address.removeprefix("unix:")
        if not path.startswith("/"):
            host, _, port = self._address.removeprefix("tcp://").rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.connect(path)
        except BaseException:
            line.close()
            raise
        return line


def _pieces(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    return (bytes(view[at : at + _PIECE]) for at in range(0, len(data), _PIECE))


def _left(deadline: float) -> float:
    """Return the seconds until then; raises NoVerdict where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise NoVerdict("timeout")
    return left


def _answer(line: socket.socket, deadline: float) -> bytes:
    """Return one answer with the NUL at its end, or what there is of it. Raises NoVerdict."""
    said = b""
    while not said.endswith(b"\0") and len(said) < _MOST_ANSWER:
        try:
            line.settimeout(_left(deadline))
            more = line.recv(_MOST_ANSWER)
        except TimeoutError:
            raise NoVerdict("timeout") from None
        except OSError:
            return said
        if not more:
            return said
        said += more
    return said


def _is_limit(said: bytes) -> bool:
    return said.startswith(b"INSTREAM size limit exceeded")
