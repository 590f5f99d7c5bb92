"""Pages of a batch of 1,000,000 rows against the same pages of one of 10,000, in the server.

    python -m benchmarks.pages [small large]

Both batches lie in one database, kept by the services' own code (a checked report
of 10,000 rows, repeated). Each page is asked for from the application itself,
signed in as the person who uses it; what is printed is p50 and p95 of the server's
processor time, in which other work on the machine doesn't show, and the ratio of
the two sizes. HR_PORTAL_BENCH_DATABASE_URL names a database other than SQLite.
"""

import io
import itertools
import logging
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import time
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson
import structlog

from benchmarks.check_rules import TODAY, sheet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from hr_portal.domain.permissions import Actor
    from hr_portal.domain.report import Report
    from hr_portal.services.context import Portal

BASE = 10_000
WARM, RUNS = 5, 40
UNHURRIED = {"searches_per_minute": 1_000_000, "calls_per_minute": 1_000_000}
"""Settings: what is counted is counted here too, but nobody is asked to wait."""
FAULT_EVERY = 25


def base_report(rows: int = BASE) -> "Report":
    """Check a sheet of 10,000 rows, or as many as asked, every 25th with a fault."""
    from hr_portal.domain.checking import check

    table = sheet(rows, "usual")
    place = next(at for at, role in enumerate(table.roles) if role.field == "nik")
    niks = table.columns[place].values
    niks[::FAULT_EVERY] = [nik[:-1] for nik in niks[::FAULT_EVERY]]
    return check(table, today=TODAY)


def repeated(report: "Report", times: int) -> "Report":
    """Return a report of so many times the rows."""
    from hr_portal.domain.report import Corrections, Findings, Report
    from hr_portal.domain.table import Column
    from hr_portal.domain.texts import Strings, Texts

    table, asked = report.table, report.corrections
    texts, (severity, row, column) = report.findings.columns()
    rows = len(table)

    def again(values: "array[int]") -> "array[int]":
        return array(
            "i", [row if row < 0 else row + n * rows for n in range(times) for row in values]
        )

    def times_over(values: Strings) -> Texts:
        return Texts(itertools.chain.from_iterable(values for _ in range(times)))

    large = type(table)(
        file=table.file, sheet=table.sheet, layout=table.layout, header_row=1,
        headers=table.headers, letters=table.letters, roles=table.roles,
        columns=[Column(times_over(c.values), np.tile(c.kinds, times)) for c in table.columns],
        row_numbers=np.arange(2, rows * times + 2, dtype=np.int32),
    )  # fmt: skip
    known = {
        id(column.values): new.values
        for column, new in zip(table.columns, large.columns, strict=True)
    }
    clean = [None if values is None else times_over(values) for values in report.clean]
    known |= {id(old): new for old, new in zip(report.clean, clean, strict=True) if new is not None}
    return Report(
        table=large,
        ruleset=report.ruleset,
        row_severity=np.tile(report.row_severity, times),
        findings=Findings.of_columns(
            [times_over(values) for values in texts], [severity * times, again(row), column * times]
        ),
        corrections=Corrections(
            again(asked.row), *map(times_over, (asked.field_key, asked.before, asked.after))
        ),
        clean=clean,
        employee={
            key: known.get(id(values)) or times_over(values)
            for key, values in report.employee.items()
        },
    )  # fmt: skip


def keep(portal: "Portal", actor: "Actor", report: "Report") -> str:
    """Store a report as the checked revision of a new batch; returns the batch's id."""
    from hr_portal.services import early, intake, jobs, reading, row_texts

    taken = intake.create_batch(
        portal, actor, io.BytesIO(b"KPJ;NIK\r\n1;%d\r\n" % time.time_ns()), "a.csv"
    )
    claimed = jobs.claim(portal)
    if claimed is None:
        raise SystemExit("nothing to claim")
    with portal.db.read() as session:
        from hr_portal.adapters.database.models import Company

        key = portal.key(session.get_one(Company, min(actor.companies)))
    # what a worker does with a report, without its file
    kept = reading._Kept(portal, claimed, int(claimed.subject), key, early.Early(key))  # noqa: SLF001
    reading._keep(kept, report, ())  # noqa: SLF001
    after = jobs.claim(portal)  # a worker's, for what is searched in large files
    if after is not None and after.kind == row_texts.JOB:
        row_texts.texts_job(portal, after)
    return str(taken.batch_id)


def signed_in(client: "FlaskClient", user_id: str) -> "FlaskClient":
    """Sign in as one of the demo's people."""
    page = client.get("/masuk").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise SystemExit("no form to sign in with")
    client.post("/masuk/demo", data={"user": user_id, "csrf_token": token[1]})
    return client


def timed(
    client: "FlaskClient", addresses: list[str], **sent: bytes | str | dict[str, str]
) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of fetching the addresses in turn, or posting there."""
    took = []
    ask = client.post if sent else client.get
    for at in range(WARM + RUNS):
        started = time.process_time()
        answer = ask(addresses[at % len(addresses)], **sent)
        took.append((time.process_time() - started) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"{answer.status_code} {addresses[at % len(addresses)]}")
    ordered = sorted(took[WARM:])
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)]


def one_row(portal: "Portal", app: "Flask", email: str) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of checking one row by JSON."""
    from hr_portal.services import accounts

    token = accounts.create_token(portal, email)
    row = {
        "record": {
            "kpj": "09999990017", "nik": "3171014508909013", "kk": "3171011203159001",
            "nama": "SITI CONTOHAN", "tanggal_lahir": "05-08-1990",
        },
        "after": {"nama": "SITI CONTOHAWATI", "hp": "081200000001"},
    }  # fmt: skip
    return timed(
        app.test_client(), ["/api/v1/checks"],
        data=orjson.dumps({"rows": [row]}), content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


def pages_of(portal: "Portal", batch_id: str, rows: int) -> dict[str, list[str]]:
    """Return the addresses of a batch's pages; deep ones are spread over all of it."""
    from hr_portal.web.sought import sealed

    start, pages = random.Random(7), rows // 25
    anywhere = [start.randrange(1, pages + 1) for _ in range(20)]
    hasil = f"/pengajuan/{batch_id}/hasil"
    name = "siti misal"  # each text once: what was found is remembered
    parts = [name[at:to] for at in range(8) for to in range(at + 3, 11)]
    sought = [
        sealed(portal.vault, batch_id, text)
        for at, part in enumerate(parts) for text in (part, f"zzz{at}")
    ]  # fmt: skip
    whole = sealed(portal.vault, batch_id, name)
    return {
        "grid, what is to do, first page": [hasil],
        "grid, what is to do, any page": [
            f"{hasil}?tampil=todo&halaman={1 + n // 30}" for n in anywhere
        ],
        "grid, all rows, any page": [f"{hasil}?tampil=all&halaman={n}" for n in anywhere],
        "grid, valid rows, any page": [
            f"{hasil}?tampil=valid&halaman={1 + n // 2}" for n in anywhere
        ],
        "grid, one rule": [f"{hasil}?aturan=NIK-01&halaman={1 + n // 30}" for n in anywhere],
        "grid, part of a name, first look": [f"{hasil}?tampil=all&cari={word}" for word in sought],
        "grid, part of a name, any page": [
            f"{hasil}?tampil=all&cari={whole}&halaman={1 + n // 50}" for n in anywhere
        ],
        "one row": [f"/pengajuan/{batch_id}/baris/{n * 25}" for n in anywhere],
        "all corrections, any page": [
            f"/pengajuan/{batch_id}/tinjau?halaman={n}" for n in anywhere
        ],
        "documents": [f"/pengajuan/{batch_id}/dokumen"],
        "list of batches": ["/pengajuan"],
    }


def main(sizes: list[int]) -> None:
    """Build both batches, then time each page on both in turn."""
    from hr_portal import demo
    from hr_portal.adapters.database import migrate, tenancy
    from hr_portal.app import create_app
    from hr_portal.services import accounts
    from hr_portal.services.context import Portal
    from hr_portal.serving import settle_memory
    from hr_portal.settings import Settings

    report = base_report()
    with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
        data = Path(folder)
        settings = Settings(
            data_dir=data, demo=True, secret_key=secrets.token_hex(32),
            database_url=os.environ.get("HR_PORTAL_BENCH_DATABASE_URL", f"sqlite:///{data / 'portal.sqlite3'}"),
            master_key=secrets.token_bytes(32), max_rows=1_100_000, **UNHURRIED,
        )  # fmt: skip
        settings.make_folders()
        migrate.upgrade(settings)
        tenancy.of_process("command")
        portal = Portal.from_settings(settings)
        people = demo.make_people(portal)
        hrd = accounts.load_actor(portal, people.hrd[0])
        if hrd is None:
            raise SystemExit("no demo people")
        batches = {}
        for rows in sizes:
            started = time.perf_counter()
            batches[rows] = keep(portal, hrd, repeated(report, rows // BASE))
            print(f"{rows:>9,} rows kept in {time.perf_counter() - started:.1f} s", flush=True)
        app = create_app(settings, portal=portal)
        settle_memory()  # as a server does
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        with app.test_client() as client:
            signed_in(client, people.hrd[0])
            small, large = (pages_of(portal, batches[rows], rows) for rows in sizes)
            print(
                f"{'page':34} {sizes[0]:>9,} rows p50/p95   {sizes[1]:>9,} rows p50/p95   ratio of p50"
            )
            for name in small:
                (low, low95), (high, high95) = (
                    timed(client, small[name]),
                    timed(client, large[name]),
                )
                print(
                    f"{name:34} {low:10.1f} /{low95:6.1f} ms   {high:10.1f} /{high95:6.1f} ms   {high / low:6.2f}",
                    flush=True,
                )
        print("one row by JSON {:25.1f} /{:6.1f} ms".format(*one_row(portal, app, hrd.email)))
        portal.close()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [BASE, 1_000_000])
