"""What happens between two steps of another: nothing is done on a state that has gone."""

import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.document_models import Explained
from hr_portal.adapters.database.models import Batch, File, Revision, Throttle
from hr_portal.domain.table import Unreadable
from hr_portal.services import (
    accounts,
    documents,
    intake,
    jobs,
    reading,
    submission,
    throttling,
    visible,
)
from hr_portal.services.errors import Conflict, Invalid
from tests.services.test_review import _png

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def on_postgresql(make_settings, postgresql_url):
    """Settings on PostgreSQL alone: SQLite lets no two writers in at once."""
    return make_settings(database_url=postgresql_url)


class Rival(threading.Thread):
    """Somebody who acts at the same time; `ended()` gives what became of it."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.result, self.error = act, None, None
        self.start()

    def run(self):
        try:
            self.result = self.act()
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error

    def ended(self):
        self.join(60)
        assert not self.is_alive()
        if self.error is not None:
            raise self.error
        return self.result

    def until_it_waits(self, portal):
        """Goes on once this one waits for a lock in PostgreSQL."""
        nap = threading.Event()
        with portal.db.reader.connect() as watcher:
            for _ in range(3000):
                if watcher.scalar(sa.text(WAITING)):
                    return
                assert self.is_alive(), "it ended without waiting"
                nap.wait(0.01)
        pytest.fail("it never came to wait")


@contextmanager
def meanwhile(portal, batch_id, **values):
    """Holds the batch as another writer does, and changes it at the end."""
    with portal.db.write() as session:
        held = session.scalar(sa.select(Batch).where(Batch.id == batch_id).with_for_update())
        yield session
        for name, value in values.items():
            setattr(held, name, value)
        held.version += 1


class TestOnPostgreSQL:
    """Two writers in the database at once."""

    @pytest.fixture
    def settings(self, on_postgresql):
        return on_postgresql

    def test_a_document_is_not_taken_off_a_batch_that_is_submitted_meanwhile(self, world, portal):
        batch = world.draft()
        placed = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
        with meanwhile(portal, batch, state="submitted"):
            rival = Rival(lambda: documents.remove_document(portal, world.surya, placed.id))
            rival.until_it_waits(portal)
        with pytest.raises(Conflict):
            rival.ended()
        assert [d.id for d in documents.list_documents(portal, world.rahma, batch)] == [placed.id]

    def test_a_draft_that_loses_its_reasons_meanwhile_is_not_submitted(self, world, portal):
        batch = world.ready(world.sheet(2, line=demo._birth_line))
        with meanwhile(portal, batch) as session:
            session.execute(sa.delete(Explained).where(Explained.batch_id == batch))
            rival = Rival(
                lambda: submission.submit(
                    portal, world.rahma, batch, version=None, declaration=True
                )
            )
            rival.until_it_waits(portal)
        with pytest.raises(Invalid) as refused:
            rival.ended()
        assert set(refused.value.fields) == {"documents_lacking"}

    def test_an_edit_made_meanwhile_is_not_written_over(self, world, portal):
        batch = world.draft()
        placed = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
        before = world.view(batch).version
        with meanwhile(portal, batch):
            rival = Rival(
                lambda: documents.remove_document(portal, world.surya, placed.id, version=before)
            )
            rival.until_it_waits(portal)
        with pytest.raises(Conflict, match="stale_version"):
            rival.ended()

    def test_bytes_that_the_worker_lets_go_of_are_not_lost_to_who_sends_them_again(
        self, world, portal
    ):
        content = world.sheet()
        first = world.upload(content)
        claimed = jobs.claim(portal)
        refusal = Unreadable("FILE-09", "Tidak terbaca.", "Unreadable.")
        with portal.db.write() as session:
            # as `_refuse`, held open at the moment before its commit
            revision = session.get_one(Revision, int(claimed.subject))
            file = session.get_one(File, revision.file_id)
            name, revision.file_id = file.name, None
            session.flush()
            session.execute(sa.delete(File).where(File.id == file.id))
            rival = Rival(lambda: world.upload(content, name="sekali-lagi.csv"))
            rival.until_it_waits(portal)
        portal.files.delete(name)
        again = rival.ended()
        assert again.batch_id != first.batch_id
        assert refusal.code == "FILE-09"
        _every_file_is_there(portal)

    def test_two_first_tries_to_sign_in_at_once_are_both_answered(self, world, portal):
        key = throttling.throttle_key("address", "10.0.0.1")
        with portal.db.write() as session:
            session.add(Throttle(key=key, tries=1, window_from=portal.clock()))
            session.flush()
            rival = Rival(
                lambda: accounts.sign_in(
                    portal, "tidak@ada.example", "salah sekali lagi", address="10.0.0.1"
                )
            )
            rival.until_it_waits(portal)
        with pytest.raises(Invalid, match="sign_in_refused"):
            rival.ended()
        with portal.db.read() as session:
            assert session.get_one(Throttle, key).tries == 2


def _every_file_is_there(portal):
    with portal.db.read() as session:
        for file in session.scalars(sa.select(File)):
            assert file.name in set(portal.files.names())


def test_a_document_for_a_row_is_refused_where_the_sheet_changed_while_it_was_cleaned(
    world, portal
):
    batch = world.draft(world.sheet(2, start=100))
    seen = world.view(batch).version

    class Slow:
        """A stream during whose reading another HRD uploads a sheet of other people."""

        def __init__(self):
            self.inner = _png()

        def read(self, size):
            world.revise(batch, world.sheet(2, start=500), actor=world.surya)
            world.work()
            return self.inner.read(size)

    with pytest.raises(Conflict, match="stale_version"):
        documents.add_document(portal, world.rahma, batch, Slow(), "ktp.png", row=2, version=seen)
    assert documents.list_documents(portal, world.rahma, batch) == []
    _every_file_is_there(portal)


def test_an_old_revision_read_late_takes_no_document_off_its_row(world, portal):
    batch = world.draft(world.sheet(3, start=100))
    documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
    world.work()
    world.revise(batch, world.sheet(3, start=500))  # other people altogether
    late = jobs.claim(portal)
    world.revise(batch, world.sheet(3, start=100), name="koreksi-3.csv")
    world.work()
    assert world.view(batch).revision.number == 3
    reading.read_revision(portal, late)
    assert [d.rows for d in documents.list_documents(portal, world.rahma, batch)] == [(2,)]


def test_a_read_that_ends_after_a_withdrawal_leaves_the_new_draft_alone(world, portal):
    batch = world.submitted()
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    view = world.view(batch)
    assert (view.state, view.revision.number, view.submitted_at) == ("draft", 2, None)


def test_a_batch_is_locked_by_whoever_is_to_write_it_and_read_as_it_is_now(world, portal):
    batch = world.draft()
    with portal.db.write() as session:
        early = session.get_one(Batch, batch)
        session.execute(sa.text("UPDATE batches SET version = 7 WHERE id = :id"), {"id": batch})
        assert visible.batch(session, world.rahma, batch).version == early.version == 7


def test_the_same_bytes_sent_twice_are_one_file(world, portal):
    first, second = world.upload(), world.upload(name="salinan.csv")
    assert first.batch_id != second.batch_id
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(File)) == 1
    _every_file_is_there(portal)
    assert intake.MAX_KEY
