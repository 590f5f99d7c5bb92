"""What safety costs: tenancy in the data layer on pages, encryption on a check of 100,000 rows.

    python -m benchmarks.guards [rows]

Both are ratios of one run. Pages are asked for in turn with the statements held against their
tenant (decision 98) and with that listener taken off the engines. The worker's whole job on a
sheet is done in turn with every value sealed and indexed, and with sealing and indexing put out of
the way; what opening the stored file costs is measured apart and added.
Seconds are of the processor, in this process and all that it has started.
"""

import io
import logging
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import event

from benchmarks.full_path import write_workbook
from benchmarks.pages import signed_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from hr_portal.services.context import Portal

PAGE_ROUNDS, WARM = 60, 5
JOB_ROUNDS = 3
TICK = os.sysconf("SC_CLK_TCK")


def spent() -> float:
    """Seconds of the processor that this process and all below it have taken so far."""
    families: dict[int, list[int]] = {}
    took: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        families.setdefault(int(told[1]), []).append(int(folder.name))
        took[int(folder.name)] = sum(map(int, told[11:15])) / TICK  # own, and of those that ended
    waiting, whole = [os.getpid()], 0.0
    while waiting:
        one = waiting.pop()
        whole += took.get(one, 0.0)
        waiting += families.get(one, [])
    return whole


@contextmanager
def unguarded(portal: "Portal") -> Iterator[None]:
    """Run statements as if no tenant had to be named."""
    from hr_portal.adapters.database import tenant_guard

    engines = {portal.db.reader, portal.db.writer}
    for engine in engines:
        event.remove(engine, "before_cursor_execute", tenant_guard._before)  # noqa: SLF001
    try:
        yield
    finally:
        for engine in engines:
            tenant_guard.attach(engine)


@contextmanager
def unsealed() -> Iterator[None]:
    """Keep values as they are, and index them by their own first bytes."""
    from hr_portal.adapters.vault import INDEX_BYTES, CompanyKey

    plain: dict[str, Callable[..., Any]] = {
        "seal": lambda _self, _place, value: value,
        "seal_many": lambda _self, _places, values: list(values),
        "index": lambda _self, _kind, value: value.encode().ljust(INDEX_BYTES)[:INDEX_BYTES],
    }
    kept = {name: getattr(CompanyKey, name) for name in plain}
    for name, function in plain.items():
        setattr(CompanyKey, name, function)
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(CompanyKey, name, function)


def pages(portal: "Portal") -> None:
    """Print what holding statements against their tenant costs on usual pages."""
    from hr_portal import demo
    from hr_portal.app import create_app
    from hr_portal.services import accounts, batch_views

    with redirect_stdout(io.StringIO()):  # its e-mails
        people = demo.fill(portal)
    app = create_app(portal.settings, portal=portal)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    hrd = accounts.load_actor(portal, people.hrd[0])
    if hrd is None:
        raise SystemExit("no demo people")
    held = [one for one in batch_views.list_batches(portal, hrd).items if one.state != "cancelled"]
    batch = held[0].id
    asked = {
        people.hrd[0]: ["/", "/pengajuan", *(f"/pengajuan/{batch}/{name}" for name in
                        ("hasil?tampil=all", "tinjau", "lacak", "dokumen", "surat"))],
        people.reviewers[0]: ["/antrean", "/keputusan"],
    }  # fmt: skip
    with_guard = without = 0.0
    for person, addresses in asked.items():
        with app.test_client() as client:
            signed_in(client, person)
            for address in addresses:
                took: dict[bool, list[float]] = {True: [], False: []}

                def once(address: str = address, client: "FlaskClient" = client) -> float:
                    started = time.process_time()
                    answer = client.get(address, follow_redirects=True)
                    if answer.status_code != 200:  # noqa: PLR2004
                        raise SystemExit(f"{answer.status_code} {address}")
                    return time.process_time() - started

                for at in range(WARM + PAGE_ROUNDS):
                    for guarded in (at % 2 == 0, at % 2 == 1):  # each is first every other time
                        with nullcontext() if guarded else unguarded(portal):
                            seconds = once()
                        if at >= WARM:
                            took[guarded].append(seconds)
                held_ms, free_ms = (1000 * statistics.median(took[kind]) for kind in (True, False))
                with_guard, without = with_guard + held_ms, without + free_ms
                print(
                    f"{address.replace(batch, 'ID'):32} {held_ms:6.1f} ms, without "
                    f"{free_ms:6.1f} ms, {100 * (held_ms / free_ms - 1):+5.1f} %"
                )
    print(f"tenancy, all these pages: {100 * (with_guard / without - 1):+.1f} %")


def job(portal: "Portal", rows: int, folder: Path) -> None:
    """Print which share of a worker's whole job on a sheet its encryption is."""
    from hr_portal import demo, worker
    from hr_portal.adapters.database.models import Company
    from hr_portal.services import accounts, intake

    people = demo.make_people(portal)
    hrd = accounts.load_actor(portal, people.hrd[0])
    if hrd is None:
        raise SystemExit("no demo people")
    book = folder / "sheet.xlsx"
    write_workbook(book, rows)
    took: dict[bool, list[float]] = {True: [], False: []}
    for at in range(JOB_ROUNDS * 2):
        sealed = at % 2 == 0
        with book.open("rb") as stream:
            batch = intake.create_batch(portal, hrd, stream, book.name).batch_id
        started = spent()
        if sealed:
            worker.run_all(portal)
        else:
            with unsealed():
                worker.run_all(portal)
        took[sealed].append(spent() - started)
        intake.cancel_batch(portal, hrd, batch)
    with portal.db.read() as session:
        key = portal.key(session.get_one(Company, min(hrd.companies))).file_key
    content = book.read_bytes()
    stored = portal.files.put(io.BytesIO(content), key, limit=len(content))
    started = time.process_time()
    read = sum(map(len, portal.files.chunks(stored.name, key)))
    file = time.process_time() - started
    whole, bare = (statistics.median(took[kind]) for kind in (True, False))
    print(
        f"{rows:,} rows: {whole:.2f} s of the processor ({', '.join(f'{one:.2f}' for one in took[True])}), "
        f"without sealing and indexes {bare:.2f} s ({', '.join(f'{one:.2f}' for one in took[False])}), "
        f"opening the file of {read >> 20} MiB {file * 1000:.0f} ms"
    )
    print(f"encryption, the whole job: {100 * (whole / (bare - file) - 1):+.1f} %")


def main(rows: int) -> None:
    """Measure both, each on a fresh portal."""
    from hr_portal.adapters.database import migrate, tenancy
    from hr_portal.services.context import Portal
    from hr_portal.settings import Settings

    tenancy.of_process("command")
    for measure in (pages, lambda portal: job(portal, rows, Path(folder))):
        with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
            settings = Settings(
                data_dir=Path(folder), database_url=f"sqlite:///{folder}/portal.sqlite3", demo=True,
                secret_key=secrets.token_hex(32), master_key=secrets.token_bytes(32), child_seconds=300.0,
            )  # fmt: skip
            settings.make_folders()
            migrate.upgrade(settings)
            portal = Portal.from_settings(settings)
            measure(portal)
            portal.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
