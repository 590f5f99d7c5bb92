"""The queue and the bench of a branch at 10,000 open batches and 1,000,000 rows, in the server.

    python -m benchmarks.queue [batches ...]

Each size is a database of its own: so many open batches of 100 rows, of 200 companies, nine
in ten waiting and one in ten under review, and as many decided ones within the twelve weeks
of the overview, each with ten findings. Printed are p50 and p95
of the server's processor time, in which other work on the machine doesn't show, and of the
clock, which holds what a database server does in a process of its own.
Both databases are measured where the machine has PostgreSQL.
"""

import datetime as dt
import logging
import random
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from benchmarks.pages import RUNS, UNHURRIED, WARM, base_report, keep, signed_in
from tests import parts, postgresql

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from hr_portal import demo
    from hr_portal.domain.permissions import Actor
    from hr_portal.services.context import Portal

ROWS = 100
COMPANIES = 200
WORDS = (
    "JAYA",
    "MAJU",
    "ABADI",
    "SENTOSA",
    "MAKMUR",
    "LESTARI",
    "UTAMA",
    "PERDANA",
    "KARYA",
    "MITRA",
)
FIELDS = ("hp", "alamat", "nama", "tanggal_lahir", "npwp")
CODES = ("NIK-04", "NAM-05", "TEL-02", "KPJ-07", "HIS-01", "POB-01", "EML-02", "BNK-08")
TAKEN_EVERY, WARNED_EVERY, FOUND = 10, 3, 10


def fill(portal: "Portal", people: "demo.People", batches: int) -> None:
    """Insert open and decided batches with their revisions, letters, rows and corrections."""
    import sqlalchemy as sa

    from hr_portal.adapters.database.engine import bulk_insert
    from hr_portal.adapters.database.models import (
        Batch,
        Correction,
        Decision,
        FindingRow,
        Letter,
        Revision,
        Row,
    )
    from hr_portal.services import calendar, places, queue_words

    draw = random.Random(9)
    names = {}
    for at in range(COMPANIES):
        name = f"PT {draw.choice(WORDS).title()} {draw.choice(WORDS).title()} {at}"
        names[places.create_company(portal, name=name, npp=f"8{at:07d}")] = name
    companies = list(names)
    now, hrd, reviewer = portal.clock(), people.hrd[0], people.reviewers[1]
    first = 900_000
    with portal.db.write() as session:
        is_free = calendar.free_days(session)
        made: dict[type, list[dict[str, Any]]] = {Batch: [], Revision: [], Letter: [], Decision: []}
        for at in range(2 * batches):
            is_open = at < batches
            taken = is_open and at % TAKEN_EVERY == 0
            earliest = 9 if is_open else 76  # days
            submitted = now - dt.timedelta(minutes=draw.randrange(earliest * 24 * 60))
            decided = (
                None if is_open else min(now, submitted + dt.timedelta(hours=draw.randrange(1, 90)))
            )
            company = companies[draw.randrange(COMPANIES)]
            one = Batch(
                id=f"{at:032x}", number=f"PKD-2026-{first + at:06d}", company_id=company,
                branch_id=people.branches[at % 2],
                state="in_review" if taken else "submitted" if is_open else "approved",
                version=1, revision_number=1, change_received_on=submitted.date() - dt.timedelta(days=1),
                created_by=hrd, created_at=submitted, last_edited_by=hrd, last_edited_at=submitted,
                submitted_by=hrd, submitted_at=submitted,
                reviewer_id=reviewer if taken or decided else None, taken_at=submitted if taken else None,
                decided_by=reviewer if decided else None, decided_at=decided,
            )  # fmt: skip
            zone = "Asia/Jakarta" if at % 2 == 0 else "Asia/Makassar"
            number, kind = f"{at:05d}/HRD/{draw.choice(WORDS)}/XI/2026", draw.choice(FIELDS)
            one.searched, one.searched_all = queue_words.words_of(
                names[company], one.number, number
            )
            one.corrected, one.is_warned = queue_words.kinds_of({kind: ROWS}), at % WARNED_EVERY > 0
            one.size = ROWS
            one.due_at = calendar.clocks(submitted, one.change_received_on, zone, is_free)[0].due
            made[Batch].append(_columns(one))
            revision = Revision(
                id=first + at, batch_id=one.id, number=1, state="checked", file_name="koreksi.xlsx",
                file_size=1, sha256=f"{at:064x}", layout_asked="auto", rows_total=ROWS,
                rows_valid=ROWS, rows_warning=at % WARNED_EVERY, fields={kind: ROWS},
                summary=[], tidied={}, uploaded_by=hrd, uploaded_at=submitted, recognised=False,
                rows_invalid=0, rows_empty=0, rows_refused=0, progress_done=0, progress_total=0,
                edited=0, rechecked=0,
            )  # fmt: skip
            made[Revision].append(_columns(revision))
            made[Letter].append(
                _columns(
                    Letter(
                        id=f"{at:032x}",
                        company_id=company,
                        batch_id=one.id,
                        revision_id=revision.id,
                        series="surat_pengantar",
                        period="2026",
                        sequence=at,
                        number=number,
                        issued_on=submitted.date(),
                        issued_at=submitted,
                        issued_by=hrd,
                        state="issued",
                        fingerprint=f"{at:064x}",
                        snapshot=secrets.token_bytes(3000),
                        revoked_reason="",
                    )
                )
            )
            if decided:
                made[Decision].append(
                    {
                        "batch_id": one.id,
                        "revision_number": 1,
                        "outcome": "approve",
                        "decided_by": reviewer,
                        "decided_at": decided,
                        "rows_approved": ROWS,
                        "rows_returned": 0,
                        "rows_rejected": 0,
                    }
                )
        for model, listed in made.items():
            for start in range(0, len(listed), 1000):
                session.execute(sa.insert(model), listed[start : start + 1000])
        bulk_insert(
            session, FindingRow.__table__,  # type: ignore[arg-type]
            ("revision_id", "row_number", "column_index", "code", "kind", "severity"),
            [
                (first + at, number, -1, draw.choice(CODES), "", 1)
                for at in range(batches, 2 * batches)
                for number in range(2, FOUND + 2)
            ],
        )  # fmt: skip
        for start in range(
            0, batches, 100
        ):  # only open ones have rows: 1,000,000 of 10,000 batches
            numbers = [
                (first + at, number)
                for at in range(start, min(batches, start + 100))
                for number in range(2, ROWS + 2)
            ]
            bulk_insert(
                session, Row.__table__,  # type: ignore[arg-type]
                ("revision_id", "number", "block", "severity", "name", "kpj_index", "nik_index"),
                [(*one, 0, 0, "SITI CONTOHAN", secrets.token_bytes(16), secrets.token_bytes(16)) for one in numbers],
            )  # fmt: skip
            bulk_insert(
                session, Correction.__table__,  # type: ignore[arg-type]
                ("revision_id", "row_number", "field"), [(*one, "hp") for one in numbers],
            )  # fmt: skip


def _columns(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any model
    return {name: value for name, value in vars(one).items() if not name.startswith("_")}


def taken(portal: "Portal", hrd: "Actor", reviewer: str, rows: int) -> str:
    """Keep a checked batch of so many rows, and lay it before the reviewer."""
    import sqlalchemy as sa

    from hr_portal.adapters.database.models import Batch
    from hr_portal.services import calendar, queue_words, visible

    batch_id = keep(portal, hrd, base_report(rows))
    with portal.db.write() as session:
        batch = session.get_one(Batch, batch_id)
        batch.submitted_by, batch.submitted_at = hrd.user_id, portal.clock()
        batch.state = "submitted"
        calendar.set_due(batch)
        queue_words.keep_kinds(batch, visible.current_revision(session, batch))
        session.flush()
        session.execute(
            sa.update(Batch)
            .where(Batch.id == batch_id)
            .values(state="in_review", reviewer_id=reviewer, taken_at=portal.clock())
        )
    return batch_id


def timed(ask: "Callable[[int], int]") -> tuple[float, float, float, float]:
    """Return p50 and p95 in milliseconds of the processor and of the clock."""
    processor, clock = [], []
    for at in range(WARM + RUNS):
        started, began = time.process_time(), time.perf_counter()
        if ask(at) != 200:  # noqa: PLR2004
            raise SystemExit(f"not answered with 200: run {at}")
        processor.append((time.process_time() - started) * 1000)
        clock.append((time.perf_counter() - began) * 1000)
    middle, end = WARM, int(RUNS * 0.95)
    cpu, wall = sorted(processor[middle:]), sorted(clock[middle:])
    return statistics.median(cpu), cpu[end], statistics.median(wall), wall[end]


def pages(client: "FlaskClient", small: str, large: str) -> dict[str, "Callable[[int], int]"]:
    """Name what is asked for, each as a function of the run."""

    def get(*addresses: str) -> "Callable[[int], int]":
        return lambda at: client.get(addresses[at % len(addresses)]).status_code

    def onward(start: str) -> "Callable[[int], int]":
        """Follow "next" from page to page, and begin again at the end."""
        at = [start]

        def ask(_run: int) -> int:
            answer = client.get(at[0])
            text = answer.get_data(as_text=True)
            found = text.partition('rel="next" href="')[2].partition('"')[0]
            at[0] = found.replace("&amp;", "&") or start
            return answer.status_code

        return ask

    buckets = ("lewat", "hari-ini", "segera", "nanti")
    return {
        "queue, first page": get("/antrean"),
        "queue, page after page": onward("/antrean"),
        "queue, one bucket": get(*(f"/antrean?batas={one}" for one in buckets)),
        "queue, words of a company": get("/antrean?cari=jaya", "/antrean?cari=pt+maju"),
        "queue, a number": get("/antrean?cari=900042", "/antrean?cari=00042/HRD"),
        "queue, words that nobody has": get("/antrean?cari=tidak+ada"),
        "queue, by kind and warnings": get("/antrean?data=npwp&temuan=ya"),
        "queue, what I hold": get("/antrean?tampil=saya"),
        "decided, first page": get("/keputusan"),
        "overview": get("/ikhtisar"),
        "bench, 100 rows": get(*(f"/periksa/{small}/baris/{row}" for row in range(2, 60, 7))),
        "bench, 10,000 rows": get(*(f"/periksa/{large}/baris/{row}" for row in range(2, 9000, 701))),
    }  # fmt: skip


def run(url: str, batches: int, data: Path) -> None:
    """Fill an empty database, then time each page."""
    from hr_portal import demo
    from hr_portal.adapters.database import migrate, tenancy
    from hr_portal.app import create_app
    from hr_portal.services import accounts, figure_days
    from hr_portal.services.context import Portal
    from hr_portal.serving import settle_memory
    from hr_portal.settings import Settings

    settings = Settings(
        data_dir=data, demo=True, secret_key=secrets.token_hex(32), database_url=url,
        master_key=secrets.token_bytes(32), **UNHURRIED,
    )  # fmt: skip
    settings.make_folders()
    migrate.upgrade(settings)
    tenancy.of_process("command")
    portal = Portal.from_settings(settings)
    people = demo.make_people(portal)
    hrd = accounts.load_actor(portal, people.hrd[0])
    if hrd is None:
        raise SystemExit("no demo people")
    started = time.perf_counter()
    small, large = (taken(portal, hrd, people.reviewers[0], rows) for rows in (100, 10_000))
    fill(portal, people, batches)
    figure_days.keep(portal)  # as the worker does within ten minutes
    if not portal.db.is_sqlite:  # what its autovacuum does within a minute
        with portal.db.writer.connect() as connection:
            # outside a transaction: ended without a commit, it would have told the planner nothing
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("VACUUM (ANALYZE)")
    print(
        f"{batches:,} open batches, {batches * ROWS:,} rows, {portal.db.reader.dialect.name}:"
        f" filled in {time.perf_counter() - started:.0f} s",
        flush=True,
    )
    app = create_app(settings, portal=portal)
    settle_memory()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with app.test_client() as client:
        signed_in(client, people.reviewers[0])
        print(f"{'page':32} processor p50 /   p95      clock p50 /   p95")
        for name, ask in pages(client, small, large).items():
            cpu, cpu95, wall, wall95 = timed(ask)
            print(
                f"{name:32} {cpu:11.1f} /{cpu95:6.1f} ms {wall:9.1f} /{wall95:6.1f} ms", flush=True
            )
    portal.close()


def main(sizes: list[int]) -> None:
    """Measure each size on SQLite, and on PostgreSQL where this machine has it."""
    import sqlalchemy as sa

    for batches in sizes:
        with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
            run(f"sqlite:///{Path(folder) / 'portal.sqlite3'}", batches, Path(folder))
    if parts.find("postgresql") is None:
        print("no PostgreSQL on this machine")
        return
    with postgresql.server() as address:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        for batches in sizes:
            with (
                tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder,
                engine.connect() as connection,
            ):
                name = f"bench_{batches}"
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
                url = address.set(database=name).render_as_string(hide_password=False)
                run(url, batches, Path(folder))
        engine.dispose()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100, 10_000])
