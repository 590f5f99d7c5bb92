"""Every act on a large draft, once: seconds, memory, and how long others had to wait to write.

    python -m benchmarks.large_acts [rows] [folder to keep it in] [act ...]

A sheet of made-up people is uploaded, looked through, mended, taken back, explained, parted,
confirmed, divided, handed in, taken back, uploaded again and let go of, by the services' own code
and a worker in this process, on SQLite; or only the acts that are named are done, in that order.
Of each step is printed what it took of the clock and of the processor, its longest transaction
that writes (clock and processor) and the peak of memory, of all processes together.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.documents import Memory
from benchmarks.full_path import HEADERS, person, region, write_lines

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hr_portal.adapters.database.engine import Database
    from hr_portal.domain.permissions import Actor
    from hr_portal.services.batch_views import BatchView
    from hr_portal.services.context import Portal
    from hr_portal.services.long_acts import LongActView

SHORT_EVERY = 2
"""Every second KPJ has lost its zero; every 25th phone is of a landline (`person`)."""


def write_workbook(path: Path, rows: int) -> None:
    """Write `rows` x 20 cells of made-up people with faults that can be mended."""
    write_lines(path, (_faulty(i) for i in range(rows)))


def _faulty(i: int) -> tuple[str | int, ...]:
    kpj = 9_000_000_000 + i
    return person(i, region(i), kpj if i % SHORT_EVERY else f"{kpj:011}")


class Watch:
    """Notes the longest transaction that writes, and tells of each step."""

    def __init__(self, db: "Database") -> None:
        self.clock = self.processor = 0.0
        self.memory = Memory()
        self.memory.start()
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
        self.memory.peak = 0
        started, taken = time.perf_counter(), time.process_time()
        yield
        peak = self.memory.peak >> 20
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


class Acts:
    """The acts, each done to the same draft, in the order in which they stand here."""

    def __init__(self, portal: "Portal", hrd: "Actor", book: Path) -> None:
        """Upload and check the sheet."""
        from hr_portal import worker
        from hr_portal.services import intake

        self.portal, self.hrd, self.book = portal, hrd, book
        self.watch = Watch(portal.db)
        with self.watch.step("upload"), book.open("rb") as stream:
            self.batch = intake.create_batch(portal, hrd, stream, book.name).batch_id
        with self.watch.step("read and check"):
            worker.run_once(portal)
        with self.watch.step("texts to search"):
            worker.run_all(portal)
        self._tell()

    def _tell(self) -> None:
        told = self._view().revision
        print(
            f"    {told.state}: {told.total} rows, {told.invalid} invalid, {told.warning} warnings",
            flush=True,
        )

    def _view(self) -> "BatchView":
        from hr_portal.services import batch_views

        return batch_views.batch_view(self.portal, self.hrd, self.batch)

    def _long(self, name: str, number: int) -> "LongActView":
        from hr_portal import worker
        from hr_portal.services import long_acts

        here = self.portal, self.hrd, self.batch, number
        if long_acts.view(*here).state == "wanted":
            with self.watch.step(f"{name}: look"):
                worker.run_all(self.portal)
            long_acts.go_on(*here)
        with self.watch.step(f"{name}: do"):
            worker.run_once(self.portal)
        done = long_acts.view(*here)
        print(f"    {done.state} {done.outcome} {done.problem or ''}", flush=True)
        with self.watch.step(f"{name}: what follows"):
            worker.run_all(self.portal)
        return done

    def _undo(self, name: str, done: "LongActView") -> None:
        from hr_portal.services import long_works

        act, version = done.outcome["act"], self._view().version
        asked = long_works.ask_undo(self.portal, self.hrd, self.batch, act, version=version)
        self._long(name, asked)

    def proposals(self) -> None:
        """Take the proposals for every second row, undo that, take them again."""
        from hr_portal.services import long_works
        from hr_portal.services.offers import Chosen

        asked = self.portal, self.hrd, self.batch, Chosen("KPJ-03")
        self._undo("undo", self._long("proposals", long_works.ask_proposals(*asked)))
        self._long("proposals again", long_works.ask_proposals(*asked))

    def replace(self) -> None:
        """Replace a word in every row."""
        from hr_portal.services import long_works
        from hr_portal.services.replacing import Search

        search = Search("Baru", "Lama", HEADERS.index("Alamat Domisili (Menjadi)"))
        asked = long_works.ask_search(self.portal, self.hrd, self.batch, search)
        self.replaced = self._long("replace", asked)

    def undo_replacing(self) -> None:
        """Put the word back."""
        self._undo("undo replacing", self.replaced)

    def explain(self) -> None:
        """Explain for all rows why no document is there."""
        self._explain("explain", "Menyusul")

    def take_back(self) -> None:
        """Take back what was explained, and explain it again."""
        self._explain("take explanations back", None)
        self._explain("explain again", "Menyusul")

    def _explain(self, name: str, reason: str | None) -> None:
        from hr_portal.services import long_works

        asked = long_works.ask_explain(
            self.portal, self.hrd, self.batch, reason=reason, kind=None,
            version=self._view().version,
        )  # fmt: skip
        self._long(name, asked)

    def split(self) -> None:
        """Go on with the valid rows."""
        from hr_portal.services import long_works

        self._long("split", long_works.ask_split(self.portal, self.hrd, self.batch))
        self._tell()

    def confirm(self) -> None:
        """Confirm all warnings, rule by rule."""
        from hr_portal.services import results

        with self.watch.step("confirm all"):
            for one in results.todo(self.portal, self.hrd, self.batch):
                if one.severity == "warning":
                    done = results.confirm_warnings(
                        self.portal, self.hrd, self.batch, code=one.code, reason="Sudah benar"
                    )
                    print(f"    {one.code}: {done}", flush=True)

    def divide(self) -> None:
        """Go on with as many rows as one letter holds."""
        from hr_portal.services import long_works

        version = self._view().version
        asked = long_works.ask_dividing(self.portal, self.hrd, self.batch, version=version)
        self._long("divide", asked)
        self._tell()

    def submit(self) -> None:
        """Have a letter, hand the batch in and take it back."""
        from hr_portal import worker
        from hr_portal.services import letters, long_works, submission

        with self.watch.step("letter issued"):
            letters.issue(self.portal, self.hrd, self.batch, wait=False)
        with self.watch.step("submit"):
            submission.submit(self.portal, self.hrd, self.batch, version=None, declaration=True)
        back = long_works.ask_withdrawal(
            self.portal, self.hrd, self.batch, version=None, reason="Ada yang kurang"
        )
        self._long("take back what was handed in", back)
        with self.watch.step("what follows, the letter drawn"):
            worker.run_all(self.portal)

    def upload_again(self) -> None:
        """Have the workbook with notes, upload it as the next revision, look what differs."""
        from hr_portal import worker
        from hr_portal.services import annotated, differences, intake

        here = self.portal, self.hrd, self.batch
        with self.watch.step("annotated workbook"):
            annotated.prepare(*here)
            worker.run_all(self.portal)
        back = self.book.with_name("back.xlsx")
        with self.watch.step("annotated workbook fetched"), back.open("wb") as stream:
            stream.writelines(annotated.open_annotated(*here).chunks)
        with self.watch.step("upload as next revision"), back.open("rb") as stream:
            intake.add_revision(*here, stream, self.book.name)
        with self.watch.step("read and check"):
            worker.run_all(self.portal)
        with self.watch.step("difference"):
            newest = self._view().revision.number
            differences.difference(*here, older=newest - 1, newer=newest)

    def let_go(self) -> None:
        """Let go of the draft."""
        from hr_portal.services import intake

        with self.watch.step("draft let go"):
            intake.cancel_batch(self.portal, self.hrd, self.batch)


ACTS = (
    Acts.proposals, Acts.replace, Acts.undo_replacing, Acts.explain, Acts.take_back, Acts.split,
    Acts.confirm, Acts.divide, Acts.submit, Acts.upload_again, Acts.let_go,
)  # fmt: skip


def main() -> None:
    """Do it with so many rows, in a folder that is kept or a passing one."""
    named = {one.__name__: one for one in ACTS}
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as passing:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing)  # noqa: PLR2004
        book = folder / f"{rows}.xlsx"
        if not book.exists():
            write_workbook(book, rows)
        acts = Acts(*portal_in(folder), book)
        for name in sys.argv[3:] or named:
            named[name](acts)


if __name__ == "__main__":
    main()
