"""Writing an annotated workbook in a process of its own; what services call."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO

from hr_portal.adapters.spreadsheets.annotated import child
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote, pack
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import PACKAGE_HOME, Source, opened
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.domain.table import Unreadable

_PIECE = 1 << 20


def annotate_file(
    source: Source,
    filename: str,
    order: Order,
    rows: Iterable[RowNote],
    out: BinaryIO,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> None:
    """Write a file with notes on its rows to `out`, in a limited child process.

    `rows` come in the order of the sheet, the header row's first. Raises
    Unreadable: FILE-09 where the child died; what `out` holds then is no workbook.
    """
    with (
        opened(source, filename, limits) as data,
        tempfile.TemporaryFile(prefix="hr-portal-") as notes,
    ):
        count = 0
        for line in pack(order, rows):
            notes.write(line)
            count += 1
        notes.flush()
        notes.seek(0)
        seconds = limits.seconds(count)
        orders = {
            "data": data, "notes": notes.fileno(), "file": filename, "limits": asdict(limits),
            "seconds": seconds,
        }  # fmt: skip
        kind = run_child(child.__name__, orders, (data, notes.fileno()), seconds, out)
    if kind != child.DONE:
        raise kind if isinstance(kind, Unreadable) else refuse("writer-died", filename)


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
