"""Has a limited process unpack an archive, entry by entry, and checks what it hands over.

`python -m hr_portal.adapters.documents.unpacking MOST-BYTES`: standard input is
the archive (a file that can be sought), file 3 of ours the order of entries as
JSON. Out, for each in that order: one line of JSON, {"index", "size"} or
{"index", "refused"}, then `size` bytes.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, NoReturn

from hr_portal.adapters.documents import archive, child
from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.process import ENVIRONMENT, ChildDied

MODULE = "hr_portal.adapters.documents.unpacking"
CASES = frozenset({"entry-damaged", "entry-longer"})
SECONDS_EACH = 20
"""An entry that doesn't come within this time ends the unpacking."""
_MOST_LINE = 200
_PIECE = 1 << 18


def unpacked(
    source: BinaryIO, order: Sequence[int], limits: archive.ArchiveLimits
) -> Iterator[tuple[int, bytes | str]]:
    """Yield (index, content) of entries in that order; a case of CASES where one is unfit.

    `source` is a real file with a number. Memory holds one entry at a time.

    Raises ChildDied where the process ends before all have come, or talks nonsense.
    """
    asked = os.memfd_create("order", os.MFD_CLOEXEC)
    try:
        os.write(asked, json.dumps(list(order)).encode())
        os.lseek(asked, 0, os.SEEK_SET)
        source.seek(0)
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-B", "-m", MODULE, str(limits.max_document_bytes),
                 str(asked)],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=(asked,),
                start_new_session=True,
            )  # fmt: skip
        except OSError:
            raise ChildDied("start") from None
    finally:
        os.close(asked)
    with process:
        try:
            yield from _entries(_Pipe(process), order, limits)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _entries(
    pipe: "_Pipe", order: Sequence[int], limits: archive.ArchiveLimits
) -> Iterator[tuple[int, bytes | str]]:
    for index in order:
        try:
            told = json.loads(pipe.line())
        except (ValueError, RecursionError):
            raise ChildDied("answer") from None
        if not isinstance(told, dict) or told.get("index") != index:
            raise ChildDied("answer")
        if told.get("refused") in CASES:
            yield index, str(told["refused"])
            continue
        size = told.get("size")
        if type(size) is not int or not 0 <= size <= limits.max_document_bytes:
            raise ChildDied("answer")
        yield index, pipe.bytes(size)


class _Pipe:
    """What the process says, each piece awaited for a while only."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stdout is None:  # never with PIPE
            raise ChildDied("start")
        self._stream, self._held = process.stdout, bytearray()

    def line(self) -> bytes:
        while b"\n" not in self._held:
            if len(self._held) > _MOST_LINE:
                raise ChildDied("answer")
            self._more()
        line, _newline, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        return line

    def bytes(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def _more(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._stream, selectors.EVENT_READ)
            if not selector.select(SECONDS_EACH):
                raise ChildDied("time")
        piece = os.read(self._stream.fileno(), _PIECE)
        if not piece:
            raise ChildDied("crash")
        self._held += piece


def main() -> NoReturn:
    """Unpack what is asked for from standard input to standard output, and end."""
    most, asked = int(sys.argv[1]), int(sys.argv[2])
    with os.fdopen(asked, "rb") as source:
        order = json.loads(source.read())
    # The clock of the whole depends on the number of entries; each is awaited by the parent.
    child.limit_this_process(DocumentLimits(child_seconds=max(60, 2 * len(order))))
    out = sys.stdout.buffer
    with zipfile.ZipFile(sys.stdin.buffer) as opened:
        entries = archive.documents_of(opened)
        for index in order:
            case, data = _one(opened, entries[index], most)
            told: dict[str, int | str] = {"index": index, "size": len(data)}
            out.write(json.dumps({"index": index, "refused": case} if case else told).encode())
            out.write(b"\n")
            out.write(data)
            out.flush()
    os._exit(0)


def _one(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> tuple[str, bytes]:
    """Return the case of a refusal, or "" and the content; never more than `most` bytes."""
    try:
        with opened.open(entry) as packed:
            data = packed.read(most + 1)
            if not packed.read(1) and len(data) <= most:
                return "", data
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, OSError, NotImplementedError):
        return "entry-damaged", b""
    return "entry-longer", b""


if __name__ == "__main__":
    main()
