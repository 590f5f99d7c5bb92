"""Backups: made while others work, sealed, whole or refused; no letter number twice (K1-K3, K9)."""

import contextlib
import copy as copying
import datetime as dt
import io
import os
import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Counter, File, Job, Letter, SignIn
from hr_portal.services import (
    audit_chain,
    backup,
    batch_views,
    letters,
    number_holds,
    reconciling,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from tests import postgresql


@pytest.fixture
def empty_settings(request, database_kind, make_settings, tmp_path):
    """Settings of a second installation with the same master key and nothing in it."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'second.sqlite3'}"
        if database_kind == "postgresql":
            server = request.getfixturevalue("_postgresql_server")
            url = stack.enter_context(postgresql.database(server)).render_as_string(
                hide_password=False
            )
        yield make_settings(database_url=url, data_dir=tmp_path / "second")


@pytest.fixture
def copy(world, portal, tmp_path):
    """A backup of a portal with a submitted batch and its letter."""
    world.submitted()
    world.work()
    audit_chain.note_heads(portal)
    backup.create(portal, tmp_path / "backup.pkd")
    return tmp_path / "backup.pkd"


def reopened(settings, clock):
    return contextlib.closing(Portal.from_settings(settings, clock=clock))


def test_a_restored_portal_has_every_row_file_and_act(world, portal, copy, empty_settings, clock):
    made = backup.restore(empty_settings, copy)
    with reopened(empty_settings, clock) as other:
        assert reconciling.reconcile(other, deep=True) == []
        seen = audit_chain.verify(other)
        assert (seen.faults, seen.notes) == ((), 1)
        with portal.db.read() as old, other.db.read() as new:
            count = sa.select(sa.func.count()).select_from(File)
            assert new.scalar(count) == old.scalar(count) == made.files
            assert new.scalars(sa.select(Letter.number)).all()
            assert new.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0
        held = batch_views.list_batches(other, world.rahma)
        assert [batch.state for batch in held.items] == ["submitted"]


def test_no_number_is_given_out_before_the_last_one_is_known(
    world, portal, copy, empty_settings, clock
):
    world.submitted(world.sheet(start=300))  # after the backup, and lost with the disk
    backup.restore(empty_settings, copy)
    with reopened(empty_settings, clock) as other:
        again = copying.copy(world)
        again.portal = other
        batch = again.draft(again.sheet(start=400))
        with pytest.raises(Conflict) as refusal:
            letters.issue(other, again.rahma, batch, wait=False)
        assert refusal.value.code == "numbers_held"
        one = next(line for line in number_holds.standing(other) if line.is_held)
        key, company = (one.series, one.period), world.people.companies[0]
        with pytest.raises(Invalid):
            number_holds.release(other, company, {key: one.last - 1})
        with pytest.raises(NotFound):
            number_holds.release(other, "nobody", {})
        number_holds.release(other, company, {key: one.last + 1, (one.series, "2020"): 7})
        with pytest.raises(Conflict):
            number_holds.release(other, company, {})
        letters.issue(other, again.rahma, batch, wait=False)
        with other.db.read() as session:
            numbers = session.scalars(sa.select(Letter.sequence).order_by(Letter.sequence)).all()
            assert numbers[-1] == one.last + 2
            assert (
                session.get_one(Counter, (number_holds.LETTERS + company, one.series, "2020")).value
                == 7
            )


def test_a_backup_made_while_batches_arrive_is_whole(
    world, portal, empty_settings, clock, tmp_path
):
    stop, failed = threading.Event(), []

    def go_on():
        start = 500
        while not stop.is_set():
            try:
                world.draft(world.sheet(count=1, start=start))
            except Exception as error:  # noqa: BLE001 - told below
                failed.append(error)
                return
            start += 10

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        for number in range(3):
            backup.create(portal, tmp_path / f"{number}.pkd")
    finally:
        stop.set()
        writer.join()
    assert failed == []
    backup.restore(empty_settings, tmp_path / "2.pkd")
    with reopened(empty_settings, clock) as other:
        assert reconciling.reconcile(other, deep=True) == []


def test_nothing_readable_is_in_a_backup_and_only_its_owner_may_read_it(world, copy):
    data = copy.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0
    for told in (b"SQLite format", b"PGDMP", b"CREATE TABLE", b"rahma@", b"list.json"):
        assert told not in data


@pytest.mark.parametrize("harm", ["cut", "flipped", "other key", "not one", "missing"])
def test_a_damaged_backup_is_refused_with_a_sentence(copy, empty_settings, make_settings, harm):
    settings = empty_settings
    data = bytearray(copy.read_bytes())
    if harm == "cut":
        data = data[: len(data) - (1 << 18) - 16]
    elif harm == "flipped":
        data[len(data) // 2] ^= 1
    elif harm == "not one":
        data = bytearray(b"PK\x03\x04")
    elif harm == "other key":
        settings = make_settings(
            data_dir=empty_settings.data_dir, master_key=os.urandom(32),
            database_url=empty_settings.database_url,
        )  # fmt: skip
    copy.write_bytes(data) if harm != "missing" else copy.unlink()
    for door in (backup.check, backup.restore):
        with pytest.raises(backup.BackupError, match=r"backup\.pkd"):
            door(settings, copy)
    assert not any((empty_settings.data_dir / "files").iterdir())


def test_a_sound_backup_is_told_and_leaves_nothing_behind(copy, empty_settings):
    seen = backup.check(empty_settings, copy)
    assert seen.files == 1
    assert not any((empty_settings.data_dir / "tmp").iterdir())


def test_a_backup_never_overwrites_and_a_restore_needs_an_empty_place(
    world, portal, copy, settings
):
    before = copy.read_bytes()
    with pytest.raises(backup.BackupError, match="sudah ada"):
        backup.create(portal, copy)
    assert copy.read_bytes() == before
    with pytest.raises(backup.BackupError, match="kosong"):
        backup.restore(settings, copy)
    for path in (settings.data_dir / "files").glob("??/*"):
        path.unlink()
        path.parent.rmdir()
    with pytest.raises(backup.BackupError, match="kosong"):
        backup.restore(settings, copy)


def test_a_missing_file_stops_a_backup_by_name(world, portal, tmp_path):
    world.draft()
    lost = next(iter(portal.files.names()))
    portal.files.delete(lost)
    with pytest.raises(backup.BackupError, match=lost):
        backup.create(portal, tmp_path / "x.pkd")
    assert [path.name for path in tmp_path.glob("x.pkd*")] == []


def test_what_does_not_fit_is_told_one_by_one(world, portal, clock):
    world.submitted()
    world.draft(world.sheet(start=300))
    assert reconciling.reconcile(portal, deep=True) == []
    names = sorted(portal.files.names())
    gone, hurt = names[:2]
    portal.files.delete(gone)
    path = portal.files._path(hurt)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    stray = portal.files.put(io.BytesIO(b"stray"), b"k" * 32, limit=9)
    os.utime(portal.files._path(stray.name), (0, 0))
    early = clock.now - dt.timedelta(hours=3)
    with portal.db.write() as session:
        session.execute(sa.update(Letter).values(file_id=None, issued_at=early))
        session.add(
            Job(
                kind="x",
                subject="y",
                state="running",
                lease_until=early,
                run_after=early,
                created_at=early,
            )
        )
    kinds = {one.kind: one.subject for one in reconciling.reconcile(portal, deep=True)}
    assert kinds["file_missing"] == gone
    assert kinds["file_damaged"] == hurt
    assert stray.name in {
        one.subject for one in reconciling.reconcile(portal) if one.kind == "file_of_nobody"
    }
    assert {"lease_expired", "letter_without_pdf"} <= set(kinds)
