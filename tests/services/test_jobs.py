"""Leased work: killed, stalled, doubled or poisonous, nothing is lost or done twice."""

import dataclasses
import os
import signal
import threading

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import (
    Correction,
    FindingRow,
    Job,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.services import jobs, reading
from tests.adapters.spreadsheets.test_reading import children


def counts(portal):
    with portal.db.read() as session:
        return [
            session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Row, Correction, FindingRow)
        ]


def test_a_job_is_claimed_once(world, portal):
    world.upload()
    barrier, claims = threading.Barrier(4), []

    def claim():
        barrier.wait()
        claims.append(jobs.claim(portal))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len([one for one in claims if one]) == 1


def test_a_lease_that_ran_out_is_taken_by_another(world, portal, clock):
    world.upload()
    first = jobs.claim(portal)
    assert jobs.claim(portal) is None
    clock.go(seconds=portal.settings.lease_seconds + 1)
    second = jobs.claim(portal)
    assert (second.id, second.attempts) == (first.id, 2)


def test_a_worker_that_stalled_past_its_lease_changes_nothing(world, portal, clock):
    batch = world.upload().batch_id
    stalled = jobs.claim(portal)
    clock.go(seconds=portal.settings.lease_seconds + 1)
    assert worker.run_once(portal)
    before = counts(portal)
    with pytest.raises(jobs.LeaseLostError):
        reading.read_revision(portal, stalled)
    assert counts(portal) == before
    assert world.view(batch).revision.state == "checked"


def test_the_same_job_done_twice_gives_the_same_rows(world, portal):
    world.upload(world.sheet(5))
    claimed = jobs.claim(portal)
    reading.read_revision(portal, claimed)
    before = counts(portal)
    with portal.db.write() as session:
        session.execute(sa.update(Job).values(state="queued"))
    assert worker.run_once(portal)
    assert counts(portal) == before


def test_what_an_interrupted_try_left_is_replaced(world, portal, clock):
    world.upload(world.sheet(5))
    claimed = jobs.claim(portal)
    reading.read_revision(portal, claimed)
    before = counts(portal)
    with portal.db.write() as session:  # as if it had died before its last transaction
        session.execute(sa.update(Revision).values(state="reading"))
        session.execute(sa.update(Job).values(state="running", lease_until=clock()))
    clock.go(seconds=1)
    assert worker.run_once(portal)
    assert counts(portal) == before


def test_of_a_reading_refused_after_its_cells_were_kept_nothing_is_left(world, portal):
    portal.settings = dataclasses.replace(portal.settings, max_attempts=1)
    # more findings than a pipe holds: the child still has them when the first cells are kept
    content = b"\r\n".join(
        line if at == 0 else line.replace(b";", b";" + b"x" * 500, 2)
        for at, line in enumerate(world.sheet(3_000).splitlines())
    )
    before, kept = children(), []

    @sa.event.listens_for(portal.db.writer, "commit")
    def end(connection):
        cursor = connection.connection.cursor()
        cursor.execute("SELECT count(*) FROM row_blocks")
        (count,) = cursor.fetchone()
        if count and not kept:
            kept.append(count)
            for process in children() - before:
                os.kill(int(process), signal.SIGKILL)

    batch = world.upload(content).batch_id
    world.work()
    assert kept
    view = world.view(batch).revision
    assert (view.state, view.error_code) == ("unreadable", "FILE-09")
    assert counts(portal) == [0, 0, 0]
    with portal.db.read() as session:
        assert not session.scalar(sa.select(sa.func.count()).select_from(RowBlock))


def test_a_job_that_always_fails_ends_as_a_refusal_and_others_go_on(world, portal, clock):
    poisoned, fine = world.upload().batch_id, world.upload(world.sheet(2)).batch_id
    revision = world.view(poisoned).revision.id
    with portal.db.read() as session:
        name = session.get_one(Revision, revision).file.name
    path = portal.files._path(name)
    path.write_bytes(b"damaged on disk")
    for _ in range(8):
        world.work()
        clock.go(minutes=2)
    view = world.view(poisoned).revision
    assert (view.state, view.error_code) == ("unreadable", "FILE-09")
    assert world.view(fine).revision.state == "checked"
    with portal.db.read() as session:
        assert (
            session.scalar(sa.select(sa.func.max(Job.attempts))) <= portal.settings.max_attempts + 1
        )
