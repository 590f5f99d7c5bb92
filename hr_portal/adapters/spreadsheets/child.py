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
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hr_portal.adapters.spreadsheets.limits import ReadLimits

if TYPE_CHECKING:
    from hr_portal.domain.report import Settled
    from hr_portal.domain.table import Table

FIRST, TABLE, SETTLED, FOUND, REPORT = b"F", b"T", b"S", b"C", b"R"
UNREADABLE, UNSURE = b"U", b"Q"
"""What comes next: a report on the first rows; the table ahead of its check, what of that is
settled, then the findings; the report on all; a refusal, a question."""
MOST_AHEAD = 200_000
"""So many rows are handed over before they are checked, where that is wanted. Of more the caller
holds nothing while the check takes its most memory."""
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
    from hr_portal.adapters.spreadsheets import partner, sandbox
    from hr_portal.domain import regions
    from hr_portal.domain.questions import Unsure
    from hr_portal.domain.table import Unreadable

    regions.use(Path(orders["regions"]))
    regions.regions()
    # Only our own code has run so far; not a byte of the file is read before this.
    sandbox.limit_resources(limits, orders["seconds"])
    sandbox.lock()
    if orders["part"] == PARTNER:
        partner.serve(LINE, ROOM)
        return 0
    try:
        _answer(_table(orders, limits), orders)
    except Unreadable as refusal:
        told_in: list[object] = [refusal.code, refusal.message, refusal.message_en]
        if isinstance(refusal, Unsure):
            told_in.append(refusal.question.packed())
        kind = UNSURE if isinstance(refusal, Unsure) else UNREADABLE
        _say(kind, [json.dumps(told_in).encode()])
    return 0


def _table(orders: Mapping[str, Any], limits: ReadLimits) -> "Table":
    """Prove and read the file; says what its first rows hold, where that is wanted."""
    from hr_portal.adapters.spreadsheets import codec, partner, sandbox
    from hr_portal.adapters.spreadsheets.guard import declared_size
    from hr_portal.adapters.spreadsheets.tables import read_table
    from hr_portal.domain.checking import check
    from hr_portal.domain.questions import HowToRead

    today = date.fromisoformat(orders["today"])

    def show(head: "Table") -> None:
        _say(FIRST, codec.encode(check(head, today=today, npp=orders["npp"])))

    data = content(FILE)
    sandbox.allow_memory(limits.memory(declared_size(orders["file"], data, limits)))
    other = partner.Partner(LINE, ROOM) if orders["part"] == PARTNERED else None
    table = read_table(
        data, orders["file"], layout=orders["layout"], limits=limits,
        progress=lambda rows: _tell(0, rows), how=HowToRead.unpacked(orders["how"]),
        first=show if orders["first"] else None,
        partner=other,
    )  # fmt: skip
    if other is not None:
        other.close()
    return table


def _answer(table: "Table", orders: Mapping[str, Any]) -> None:
    """Check a table and say what was found."""
    from hr_portal.adapters.spreadsheets import codec
    from hr_portal.adapters.spreadsheets.recognise import nothing_filled
    from hr_portal.domain.checking import check

    # A parser and its handlers hold each other, and with them the shared strings and the file,
    # which counts as memory, too.
    gc.collect()
    _tell(0, len(table))
    is_ahead = orders["ahead"] and len(table) <= MOST_AHEAD

    def settle(settled: "Settled") -> None:
        if settled.empty.all() and not table.refused:
            raise nothing_filled(table)
        _say(SETTLED, codec.encode_settled(settled))

    if is_ahead:
        _say(TABLE, codec.encode_table(table))
    today = date.fromisoformat(orders["today"])
    report = check(
        table, today=today, progress=_tell, npp=orders["npp"], settle=settle if is_ahead else None
    )
    if report.all_empty and not table.refused:
        raise nothing_filled(table)
    if is_ahead:
        _say(FOUND, codec.encode_found(report))
    else:
        _say(REPORT, codec.encode(report))


def _tell(done: int, total: int) -> None:
    os.write(PROGRESS, b"%d/%d\n" % (done, total))


def _say(kind: bytes, pieces: Iterable[bytes]) -> None:
    out = sys.stdout.buffer
    out.write(kind)
    for piece in pieces:
        out.write(piece)
    out.flush()


def content(descriptor: int) -> memoryview:
    """Map the file into memory; nothing of it is copied until it is read."""
    size = os.fstat(descriptor).st_size
    if not size:
        return memoryview(b"")
    return memoryview(mmap.mmap(descriptor, size, access=mmap.ACCESS_READ))
