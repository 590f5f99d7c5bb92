"""What disk and database do to the portal (security.md R12, R16, R17): said, and nothing half."""

import contextlib
import datetime as dt
import io
import os
import resource
from pathlib import Path

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database import engine
from hr_portal.adapters.database.models import Batch, File, Revision, SignIn
from hr_portal.services import reconciling

MARGIN = 300 << 10
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def impatient(monkeypatch):
    """Writers wait for each other a moment only; asked for before the portal is opened."""
    monkeypatch.setattr(engine, "LOCK_SECONDS", 0.2)


@contextlib.contextmanager
def disk_that_fails_after(size):
    """Writes of this process beyond `size` fail, as those of a disk that ends there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_writer_that_holds_the_lock_too_long_is_a_503_and_nothing_half(
    impatient, world, portal, program_of, browser_of
):
    batch = world.draft()
    program, browser = program_of(world.rahma), browser_of(world.surya)
    before = world.view(batch)
    with portal.db.write() as session:
        session.scalars(sa.select(Batch).where(Batch.id == batch).with_for_update()).one()
        refused = program.post(f"/batches/{batch}/cancel", expect=503)
        page = browser.post(f"/pengajuan/{batch}/batalkan", expect=503)
    assert refused["error"]["code"] == "busy"
    assert int(page.headers["Retry-After"]) > 0
    assert "Portal belum dapat memproses permintaan ini" in page.text
    assert (world.view(batch).state, world.view(batch).version) == (before.state, before.version)
    program.post(f"/batches/{batch}/cancel")
    assert world.view(batch).state == "cancelled"


@on_sqlite
def test_an_i_o_error_is_a_503_and_what_was_acknowledged_stays(world, portal, program_of):
    program = program_of(world.rahma)
    database = Path(sa.make_url(portal.db.url).database)
    log = database.with_name(f"{database.name}-wal")
    kept, refused = [], None
    with disk_that_fails_after(log.stat().st_size + MARGIN):
        for number in range(40):
            file = io.BytesIO(world.sheet(3, start=200 + 3 * number)), "a.csv"
            answer = program.call("POST", "/batches", data={"file": file})
            if answer.status_code != 201:
                refused = answer
                break
            kept.append(answer.json["id"])
    assert kept, "some were accepted before"
    assert refused is not None
    assert refused.status_code == 503
    assert refused.json["error"]["code"] == "storage"
    assert int(refused.headers["Retry-After"]) > 0
    program.send("/batches", world.sheet(3, start=900), "a.csv", expect=201)  # without a new start
    world.work()
    with portal.db.read() as session:
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        states = dict(session.execute(sa.select(Revision.batch_id, Revision.state)).all())
        assert {states[one] for one in kept} == {"checked"}
        assert session.scalar(sa.select(sa.func.count(File.id))) == len(kept) + 1
    assert not any(name.endswith(".part") for name in portal.files.names())
    assert reconciling.reconcile(portal, deep=True) == []


@on_sqlite
def test_a_reader_that_holds_its_snapshot_stops_no_writer_and_the_log_is_used_again(portal):
    db = portal.db
    database = Path(sa.make_url(db.url).database)
    log = database.with_name(f"{database.name}-wal")
    now = dt.datetime.now(dt.UTC)
    with db.write() as session:
        session.add(SignIn(id_hash="a", content=b"", created_at=now, seen_at=now))
    size = sa.select(sa.func.length(SignIn.content))

    def write_much():
        """As much as SQLite lets the log grow to before it is brought into the database."""
        for _ in range(4):
            with db.write() as session:
                session.execute(sa.update(SignIn).values(content=os.urandom(5 << 20)))
        return log.stat().st_size

    db.settle()
    with db.read() as reader:
        assert reader.scalar(size) == 0
        held = write_much()
        assert write_much() > held, "what somebody reads is kept"
        assert reader.scalar(size) == 0, "and they go on reading the same"
    grown = write_much()
    assert [write_much() for _ in range(2)] == [grown] * 2, "after them it is written over"
    db.settle()
    assert log.stat().st_size == 0
