"""A disk that fails at any one call (security.md R12): said with 503, and nothing half is left."""

import io
import itertools
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from hr_portal.adapters.database import engine
from hr_portal.adapters.database.models import Revision
from hr_portal.services import reconciling
from tests import failing_disk

pytestmark = [
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
    pytest.mark.skipif(not failing_disk.can_fail(), reason="no seccomp notifications here"),
]


@pytest.fixture
def lasting(monkeypatch):
    """SQLite waits for the disk, as it does but in tests; asked for before the portal is opened."""
    pragmas = (*engine.SQLITE_PRAGMAS, "synchronous=FULL")
    monkeypatch.setattr(engine, "SQLITE_PRAGMAS", pragmas)


def after_a_crash(portal, folder):
    """The names of files that the database would hold if the machine died now."""
    database = Path(sa.make_url(portal.db.url).database)
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", folder / f"p{suffix}")
    with sqlite3.connect(folder / "p") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {name for (name,) in copy.execute("SELECT name FROM files")}


def test_a_disk_that_fails_at_any_call_is_a_503_and_nothing_half(
    lasting, world, portal, program_of, tmp_path
):
    program = program_of(world.rahma)
    sheets = (world.sheet(1, start=start) for start in itertools.count(200))
    kept, told = [], set()

    def send():
        file = io.BytesIO(next(sheets)), "a.csv"
        return program.call("POST", "/batches", data={"file": file})

    def tried(kind, failing):
        """Whether a call failed; what is acknowledged is remembered."""
        answer, calls = failing_disk.in_thread(send, kind, failing)
        if answer.status_code == 201:
            kept.append(answer.json["id"])
        else:
            told.add((answer.status_code, answer.json["error"]["code"]))
            assert int(answer.headers["Retry-After"]) > 0
        there = set(portal.files.names())
        assert after_a_crash(portal, tmp_path / f"{kind}{failing}") <= there, "rows without files"
        return calls >= abs(failing)

    with capture_logs():  # of each fault where it came from
        for kind, step in ((failing_disk.LASTING, 1), (failing_disk.WRITING, 9)):
            numbers = itertools.count(1, step)
            assert next(number for number in numbers if not tried(kind, number)) > 2 * step
        assert tried(failing_disk.LASTING, -3), "one that is gone for good"
    assert told == {(503, "storage")}
    kept.append(program.send("/batches", next(sheets), "a.csv", expect=201)["id"])
    world.work()
    with portal.db.read() as session:
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        states = dict(session.execute(sa.select(Revision.batch_id, Revision.state)).all())
    assert {states[one] for one in kept} == {"checked"}
    assert reconciling.reconcile(portal, deep=True) == []
    assert not any(name.endswith(".part") for name in portal.files.names())
