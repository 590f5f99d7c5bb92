"""Every act on a large draft, once: seconds, memory, and how long others had to wait to write.

    python -m benchmarks.large_acts [rows] [folder to keep it in]

A sheet of made-up people is uploaded, looked through, mended, taken back, explained, parted,
handed in, taken back, uploaded again and let go of, by the services' own code and a worker
in this process, on SQLite. Of each step is printed what it took of the clock and of the
processor, its longest transaction that writes (clock and processor) and the peak of memory.
"""

import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.full_path import HEADERS, person, write_lines

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hr_portal.adapters.database.engine import Database
    from hr_portal.domain.permissions import Actor
    from hr_portal.services.context import Portal

SHORT_EVERY = 2
"""Every second KPJ has lost its zero; every 25th phone is of a landline (`person`)."""
_REGIONS, _PEOPLE = (3171, 3173, 3174, 3175), 336_000


def write_workbook(path: Path, rows: int) -> None:
    """Write `rows` x 20 cells of made-up people with faults that can be mended."""
    write_lines(path, (_faulty(i) for i in range(rows)))


def _faulty(i: int) -> tuple[str | int, ...]:
    region, kpj = f"{_REGIONS[i // _PEOPLE % 4]}{1 + i // 1000 % 8:02}", 9_000_000_000 + i
    return person(i, region, kpj if i % SHORT_EVERY else f"{kpj:011}")


class Watch:
    """Notes the longest transaction that writes, and tells of each step."""

    def __init__(self, db: "Database") -> None:
        self.clock = self.processor = 0.0
        write = db.write

        @contextmanager
        def watched() -> "Iterator[Session]":
            with write() as session:
                session.connection()  # begins, and holds the lock from here
                started, taken = time.perf_counter(), time.thread_time()
                yield session
                session.flush()
            self.clock = max(self.clock, time.perf_counter() - started)
            self.processor = max(self.processor, time.thread_time() - taken)

        db.write = watched  # type: ignore[method-assign]

    @contextmanager
    def step(self, name: str) -> "Iterator[None]":
        """Time a step."""
        self.clock = self.processor = 0.0
        started, taken = time.perf_counter(), time.process_time()
        yield
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(
            f"{name:<34} {time.perf_counter() - started:7.1f} s, processor {time.process_time() - taken:7.1f} s; "
            f"longest lock {self.clock:6.2f} s, processor {self.processor:6.2f} s; peak {peak} MiB",
            flush=True,
        )


def portal_in(folder: Path) -> tuple["Portal", "Actor"]:
    """Make a portal of its own with the demo's people; returns it and one of HRD."""
    from hr_portal import demo
    from hr_portal.adapters.database import migrate, tenancy
    from hr_portal.services import accounts
    from hr_portal.services.context import Portal
    from hr_portal.settings import Settings

    data = folder / "data"
    settings = Settings(
        data_dir=data, database_url=f"sqlite:///{data / 'portal.sqlite3'}", demo=True,
        secret_key=secrets.token_hex(32), master_key=secrets.token_bytes(32), child_seconds=900.0, max_rows=1_100_000,
        max_upload_bytes=250 << 20, max_unpacked_bytes=2 << 30,
    )  # fmt: skip
    settings.make_folders()
    migrate.upgrade(settings)
    tenancy.of_process("command")
    portal = Portal.from_settings(settings)
    hrd = accounts.load_actor(portal, demo.make_people(portal).hrd[0])
    if hrd is None:
        raise SystemExit("no demo people")
    return portal, hrd


def through(portal: "Portal", hrd: "Actor", book: Path) -> None:  # noqa: PLR0915 - one after another
    """Do every act once."""
    from hr_portal import worker
    from hr_portal.services import (
        annotated,
        batch_views,
        differences,
        intake,
        letter_facts,
        letters,
        long_acts,
        long_works,
        results,
        submission,
    )
    from hr_portal.services.offers import Chosen
    from hr_portal.services.replacing import Search

    watch = Watch(portal.db)

    def view(batch_id: str) -> "batch_views.BatchView":
        return batch_views.batch_view(portal, hrd, batch_id)

    def long(name: str, batch_id: str, number: int) -> long_acts.LongActView:
        if long_acts.view(portal, hrd, batch_id, number).state == "wanted":
            with watch.step(f"{name}: look"):
                worker.run_all(portal)
            long_acts.go_on(portal, hrd, batch_id, number)
        with watch.step(f"{name}: do"):
            worker.run_once(portal)
        done = long_acts.view(portal, hrd, batch_id, number)
        print(f"    {done.state} {done.outcome} {done.problem or ''}", flush=True)
        with watch.step(f"{name}: what follows"):
            worker.run_all(portal)
        return done

    with watch.step("upload"), book.open("rb") as stream:
        batch = intake.create_batch(portal, hrd, stream, book.name).batch_id
    with watch.step("read and check"):
        worker.run_once(portal)
    with watch.step("texts to search"):
        worker.run_all(portal)
    told = view(batch).revision
    print(f"    {told.state}: {told.total} rows, {told.invalid} invalid", flush=True)
    taken = long("proposals", batch, long_works.ask_proposals(portal, hrd, batch, Chosen("KPJ-03")))
    version = view(batch).version
    undo = long_works.ask_undo(portal, hrd, batch, taken.outcome["act"], version=version)
    long("undo", batch, undo)
    again = long_works.ask_proposals(portal, hrd, batch, Chosen("KPJ-03"))
    long("proposals again", batch, again)
    column = HEADERS.index("Alamat Domisili (Menjadi)")
    search = Search("Baru", "Lama", column)
    long("replace", batch, long_works.ask_search(portal, hrd, batch, search))
    explained = long_works.ask_explain(
        portal, hrd, batch, reason="Menyusul", kind=None, version=view(batch).version
    )
    long("explain", batch, explained)
    back = long_works.ask_explain(
        portal, hrd, batch, reason=None, kind=None, version=view(batch).version
    )
    long("take explanations back", batch, back)
    explained = long_works.ask_explain(
        portal, hrd, batch, reason="Menyusul", kind=None, version=view(batch).version
    )
    long("explain again", batch, explained)
    long("split", batch, long_works.ask_split(portal, hrd, batch))
    told = view(batch).revision
    print(f"    {told.total} rows, {told.invalid} invalid, {told.warning} warnings", flush=True)
    with watch.step("confirm all"):
        for one in results.todo(portal, hrd, batch):
            if one.severity == "warning":
                results.confirm_warnings(portal, hrd, batch, code=one.code, reason="Sudah benar")
    if told.total <= letter_facts.MAX_LINES:
        with watch.step("letter issued"):
            letters.issue(portal, hrd, batch, wait=False)
        with watch.step("submit"):
            submission.submit(portal, hrd, batch, version=None, declaration=True)
        ask = {"version": None, "reason": "Ada yang kurang"}
        back = long_works.ask_withdrawal(portal, hrd, batch, **ask)
        long("take back what was handed in", batch, back)
        with watch.step("what follows, the letter drawn"):
            worker.run_all(portal)
    with watch.step("annotated workbook"):
        annotated.prepare(portal, hrd, batch)
        worker.run_all(portal)
    with watch.step("annotated workbook fetched"):
        made = annotated.open_annotated(portal, hrd, batch)
        back = book.with_name("back.xlsx")
        with back.open("wb") as stream:
            stream.writelines(made.chunks)
    with watch.step("upload as next revision"), back.open("rb") as stream:
        intake.add_revision(portal, hrd, batch, stream, book.name)
    with watch.step("read and check"):
        worker.run_all(portal)
    with watch.step("difference"):
        newest = view(batch).revision.number
        differences.difference(portal, hrd, batch, older=newest - 1, newer=newest)
    with watch.step("draft let go"):
        intake.cancel_batch(portal, hrd, batch)


def main() -> None:
    """Do it with so many rows, in a folder that is kept or a passing one."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as passing:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing)  # noqa: PLR2004
        book = folder / f"{rows}.xlsx"
        if not book.exists():
            write_workbook(book, rows)
        through(*portal_in(folder), book)


if __name__ == "__main__":
    main()
