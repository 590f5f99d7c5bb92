"""Writing an annotated workbook in a process of its own; what services call."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, BinaryIO

from hr_portal.adapters.spreadsheets.annotated import child
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote, pack
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import PACKAGE_HOME, Source, opened
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.domain.table import Unreadable

_PIECE = 1 << 20
_TOLD_ROWS = 1_000

Told = Callable[[int, int], None]
"""Told of the rows that are gathered, and of those that are written; often, so let it be quick."""


def annotate_file(
    source: Source,
    filename: str,
    order: Order,
    rows: Iterable[RowNote],
    out: BinaryIO,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    told: Told = lambda _gathered, _written: None,
) -> None:
    """Write a file with notes on its rows to `out`, in a limited child process.

    `rows` come in the order of the sheet, the header row's first; `told` hears how far it is.
    Raises Unreadable: FILE-09 where the child died; what `out` holds then is no workbook.
    """
    with (
        opened(source, filename, limits) as data,
        tempfile.TemporaryFile(prefix="hr-portal-") as notes,
    ):
        count = 0  # of rows: the first line is the order
        for count, line in enumerate(pack(order, rows)):
            notes.write(line)
            if count and count % _TOLD_ROWS == 0:
                told(count, 0)
        size = notes.tell()
        notes.flush()
        notes.seek(0)
        seconds = limits.seconds(count)
        orders = {
            "data": data, "notes": notes.fileno(), "file": filename, "limits": asdict(limits),
            "seconds": seconds,
        }  # fmt: skip
        watched: Any = _Watched(out, notes.fileno(), size, count, told)
        kind = run_child(child.__name__, orders, (data, notes.fileno()), seconds, watched)
    if kind != child.DONE:
        raise kind if isinstance(kind, Unreadable) else refuse("writer-died", filename)


class _Watched:
    """What the child writes to, in which one sees how far it is.

    It reads the notes row by row as it writes, through a descriptor whose place is ours, too.
    """

    def __init__(self, out: BinaryIO, notes: int, size: int, rows: int, told: Told) -> None:
        self.out, self.notes, self.size, self.rows, self.told = out, notes, size, rows, told

    def write(self, data: bytes) -> int:
        read = os.lseek(self.notes, 0, os.SEEK_CUR)
        self.told(self.rows, self.rows * read // self.size)
        return self.out.write(data)


def run_child(
    module: str,
    orders: dict[str, object],
    descriptors: tuple[int, ...],
    seconds: float,
    out: BinaryIO,
) -> int | Unreadable:
    """Run a child, hand on what it writes; returns its exit code or its refusal."""
    told, telling = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could quote what it failed on
            pass_fds=(*descriptors, telling),
            cwd=PACKAGE_HOME,
            env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
        )
    except BaseException:
        os.close(told)
        raise
    finally:
        os.close(telling)
    assert process.stdin is not None  # noqa: S101 - they were asked for above
    assert process.stdout is not None  # noqa: S101
    try:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps({**orders, "refusal": telling}).encode())
            process.stdin.close()
        if not _copy(process.stdout.fileno(), out, time.monotonic() + seconds):
            return child.OUT_OF_TIME
        code = process.wait(seconds)
        said = os.read(told, _PIECE)
        return Unreadable(*json.loads(said)) if code == child.REFUSED and said else code
    finally:
        process.kill()
        process.wait()
        os.close(told)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()


def _copy(descriptor: int, out: BinaryIO, deadline: float) -> bool:
    """Copy all that comes; False where it isn't over in time."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(descriptor, selectors.EVENT_READ)
        while waiting.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(descriptor, _PIECE)
            if not piece:
                return True
            out.write(piece)
    return False
