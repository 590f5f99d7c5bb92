"""The reading process: guard, read and check one file, then end.

Forked for `reading.check_in_child` by a fork server that has run `prepare`, in an
empty environment. It gets the file as a descriptor, its orders as JSON on standard
input, writes the report to standard output and `done/total` lines to a third
descriptor. Whatever goes wrong here costs this process only.
"""

import gc
import json
import mmap
import os
import sys
from datetime import date
from pathlib import Path

from hr_portal.adapters.spreadsheets.limits import ReadLimits

FIRST, REPORT, UNREADABLE, UNSURE = b"F", b"R", b"U", b"Q"
"""What comes next: a report on the first rows, the report on all, a refusal, a question."""
ALONE, PARTNERED, PARTNER = "alone", "partnered", "partner"
"""What a child is: a reader by itself, one with a partner, or that partner."""
OUT_OF_MEMORY = 3
"""Exit code: the limit on memory was reached, perhaps in the middle of the answer."""
FILE, PROGRESS, LINE, ROOM = 3, 4, 5, 6
"""The descriptors beside the standard three; the last two lead to a partner, where there is one."""


def prepare() -> None:
    """Load what every file needs; no file is there yet."""
    from hr_portal.adapters.spreadsheets import (  # noqa: F401
        codec,
        partner,
        recognise,
        sandbox,
        tables,
    )
    from hr_portal.domain import checking, regions  # noqa: F401

    regions.regions()


def run() -> int:
    """Do what standard input orders; returns the exit code."""
    try:
        return main()
    except MemoryError:
        return OUT_OF_MEMORY


def main() -> int:
    """Do what standard input orders; 0 = answered, with a report or a refusal."""
    # A short life with millions of small objects and no cycles: collecting would find nothing.
    gc.disable()
    orders = json.loads(sys.stdin.buffer.read())
    limits = ReadLimits(**orders["limits"])
    # Here and not above: the parent imports this module too, and needs none of these.
    from hr_portal.adapters.spreadsheets import codec, partner, sandbox
    from hr_portal.adapters.spreadsheets.guard import declared_size
    from hr_portal.adapters.spreadsheets.recognise import nothing_filled
    from hr_portal.adapters.spreadsheets.tables import read_table
    from hr_portal.domain import regions
    from hr_portal.domain.checking import check
    from hr_portal.domain.questions import HowToRead, Unsure
    from hr_portal.domain.table import Table, Unreadable

    regions.use(Path(orders["regions"]))
    regions.regions()
    # Only our own code has run so far; not a byte of the file is read before this.
    sandbox.limit_resources(limits, orders["seconds"])
    sandbox.lock()
    if orders["part"] == PARTNER:
        partner.serve(LINE, ROOM)
        return 0

    def tell(done: int, total: int) -> None:
        os.write(PROGRESS, b"%d/%d\n" % (done, total))

    out = sys.stdout.buffer
    today = date.fromisoformat(orders["today"])

    def show(head: Table) -> None:
        out.write(FIRST)
        for piece in codec.encode(check(head, today=today, npp=orders["npp"])):
            out.write(piece)
        out.flush()

    try:
        data = content(FILE)
        sandbox.allow_memory(limits.memory(declared_size(orders["file"], data, limits)))
        table = read_table(
            data, orders["file"], layout=orders["layout"], limits=limits,
            progress=lambda rows: tell(0, rows), how=HowToRead.unpacked(orders["how"]),
            first=show if orders["first"] else None,
            partner=partner.Partner(LINE, ROOM) if orders["part"] == PARTNERED else None,
        )  # fmt: skip
        del data  # what is mapped counts as memory, too
        # A parser and its handlers hold each other, and with them the shared strings and the file.
        gc.collect()
        tell(0, len(table))
        report = check(table, today=today, progress=tell, npp=orders["npp"])
        if report.all_empty and not table.refused:
            raise nothing_filled(table)
        out.write(REPORT)
        for piece in codec.encode(report):
            out.write(piece)
    except Unreadable as refusal:
        told_in: list[object] = [refusal.code, refusal.message, refusal.message_en]
        if isinstance(refusal, Unsure):
            told_in.append(refusal.question.packed())
        kind = UNSURE if isinstance(refusal, Unsure) else UNREADABLE
        out.write(kind + json.dumps(told_in).encode())
    out.flush()
    return 0


def content(descriptor: int) -> memoryview:
    """Map the file into memory; nothing of it is copied until it is read."""
    size = os.fstat(descriptor).st_size
    if not size:
        return memoryview(b"")
    return memoryview(mmap.mmap(descriptor, size, access=mmap.ACCESS_READ))
