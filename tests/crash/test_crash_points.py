"""kill -9 at every named point: nothing acknowledged is lost, nothing is doubled.

The dying process is a real one; what it leaves is judged from outside, then the
act is done again and the end has to be as if nothing had happened.
"""

import base64
import contextlib
import datetime as dt
import hashlib
import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from hr_portal import demo, worker
from hr_portal.adapters.database.keeping_models import DoomedFile, Purge
from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Company,
    Correction,
    Decision,
    File,
    Job,
    Letter,
    OutboxEntry,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.services import (
    audit_chain,
    columns,
    idle_drafts,
    intake,
    letters,
    many_verdicts,
    reconciling,
    results,
    review,
    review_works,
    rotation,
    splitting,
    submission,
)
from hr_portal.services.context import Portal
from hr_portal.services.rowdata import open_block
from tests import forking

pytestmark = pytest.mark.crash


def environment(settings):
    return {
        **os.environ,
        "HR_PORTAL_DATA_DIR": str(settings.data_dir),
        "HR_PORTAL_DATABASE_URL": settings.database_url,
        "HR_PORTAL_SECRET_KEY": settings.secret_key,
        "HR_PORTAL_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
        **(
            {"HR_PORTAL_OLD_MASTER_KEY": base64.b64encode(settings.old_master_key).decode()}
            if settings.old_master_key
            else {}
        ),
        "HR_PORTAL_DEMO": "1",
        "HR_PORTAL_LEASE_SECONDS": "1",
    }


def die(settings, act, point, user="-", subject="-"):
    """Run an act that has to die at `point`."""
    ran = forking.run("tests.crash.act", [act, point, user, subject], environment(settings))
    assert ran.returncode == 137, ran.stderr


def count(portal, model, *where):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def expire(portal):
    """Let the lease of the dead run out, without waiting for it."""
    with portal.db.write() as session:
        past = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        session.execute(sa.update(Job).where(Job.state == "running").values(lease_until=past))


@pytest.mark.parametrize("point", ["upload:stored", "upload:inserted", "upload:committed"])
def test_an_upload_that_dies_can_be_sent_again(world, portal, settings, tmp_path, point):
    sheet = tmp_path / "koreksi.csv"
    sheet.write_bytes(world.sheet())
    die(settings, "upload", point, world.rahma.user_id, str(sheet))
    batches = count(portal, Batch)
    assert batches == (1 if point == "upload:committed" else 0)
    for row in all_files(portal):
        assert row.name in set(portal.files.names()), "a row without its file"
    again = world.upload(sheet.read_bytes(), idempotency_key="k")
    assert count(portal, Batch) == count(portal, Revision) == count(portal, Job) == 1
    world.work()
    assert world.view(again.batch_id).revision.state == "checked"


def all_files(portal):
    with portal.db.read() as session:
        return list(session.scalars(sa.select(File)))


@pytest.mark.parametrize(
    "point",
    [
        "read:claimed", "read:rows", "read:settled", "read:checked", "read:inserted",
        "read:committed",
    ],
)  # fmt: skip
def test_a_worker_that_dies_in_a_check_loses_and_doubles_nothing(world, portal, settings, point):
    batch = world.upload(world.sheet(40)).batch_id
    die(settings, "work", point)
    if point != "read:committed":
        assert world.view(batch).revision.state == "reading"
    expire(portal)
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.total, view.valid) == ("checked", 40, 40)
    assert count(portal, Row) == count(portal, Correction) == 40
    assert count(portal, Act, Act.action == "revision:checked") == 1


def unclear(world, count=40):
    """A csv whose KPJ stand under a name that nobody knows."""
    return world.sheet(count).replace(b"KPJ;", b"No Kartu;", 1)


def test_a_worker_that_dies_with_a_question_asks_it_once(world, portal, settings):
    batch = world.upload(unclear(world)).batch_id
    die(settings, "work", "read:asked")
    assert world.view(batch).revision.state == "asking"
    expire(portal)
    assert world.work() == 0
    assert count(portal, Act, Act.action == "revision:asked") == 1
    assert columns.question(portal, world.rahma, batch).question.rows == 40


@pytest.mark.parametrize("point", ["columns:answered", "columns:committed"])
def test_an_answer_that_dies_is_taken_whole_or_not_at_all(world, portal, settings, point):
    batch = world.draft(unclear(world))
    die(settings, "answer", point, world.rahma.user_id, batch)
    state = world.view(batch).revision.state
    assert state == ("received" if point == "columns:committed" else "asking")
    if state == "asking":
        columns.answer(portal, world.rahma, batch, version=None, columns={})
    die(settings, "work", "read:inserted")
    expire(portal)
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.total, view.valid) == ("checked", 40, 40)
    assert count(portal, Row) == 40
    assert count(portal, Act, Act.action == "batch:columns_answered") == 1


def test_kill_dash_nine_in_the_middle_of_a_check(world, portal, settings):
    """The real signal, while the child reads: found out by the first note of progress."""
    lines = world.sheet(200).decode().split("\r\n")
    batch = world.upload("\r\n".join([lines[0], *lines[1:-1] * 100, ""]).encode()).batch_id
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.act", "work", "never", "-", "-"],
        env=environment(settings),
    )
    try:
        while world.view(batch).revision.state == "received":
            assert running.poll() is None
        os.kill(running.pid, signal.SIGKILL)
    finally:
        running.kill()
        running.wait()
    assert world.view(batch).revision.state == "reading"
    expire(portal)
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.total) == ("checked", 20_000)
    assert count(portal, Row) == 20_000
    assert results.rows_page(portal, world.rahma, batch).total == 20_000


def test_a_preview_stays_until_the_check_is_over_and_no_longer(world, portal, settings):
    lines = world.sheet(200, line=lambda i, who: ("No HP", "0812", "021")).decode().split("\r\n")
    content = "\r\n".join([lines[0], *lines[1:-1] * 60, ""]).encode()
    batch = world.upload(content).batch_id
    die(settings, "work", "read:checked")
    preview = world.view(batch).revision.preview
    assert 500 < preview["rows"] < 5_000
    assert {one["code"] for one in preview["summary"]} >= {"TEL-01"}
    assert "0812" not in str(preview)
    expire(portal)
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.total, view.preview) == ("checked", 12_000, None)


@pytest.mark.parametrize("point", ["letter:numbered", "letter:committed", "letter:rendered"])
def test_a_letter_that_dies_uses_one_number_and_gets_its_bytes(world, portal, settings, point):
    batch = world.draft()
    die(settings, "issue", point, world.rahma.user_id, batch)
    letter = letters.issue(portal, world.rahma, batch)
    assert letter.number.startswith("001/")
    assert letter.sha256
    assert count(portal, Letter) == 1


def test_a_submission_that_dies_is_all_or_nothing(world, portal, settings):
    batch = world.ready()
    die(settings, "submit", "submit:written", world.rahma.user_id, batch)
    assert world.view(batch).state == "draft"
    assert count(portal, Act, Act.action == "batch:submitted") == 0
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    assert world.view(batch).state == "submitted"


def test_a_decision_that_dies_is_all_or_nothing(world, portal, settings):
    batch = world.submitted()
    review.take(portal, world.bayu, batch)
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[2], verdict="return", reason="KTP kurang"
    )
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    die(settings, "decide", "decide:written", world.bayu.user_id, batch)
    assert world.view(batch).state == "in_review"
    assert count(portal, Decision) == count(portal, Act, Act.action == "batch:decided") == 0
    assert count(portal, Batch) == 1
    assert review.decide(portal, world.bayu, batch, version=None).state == "partly_approved"
    assert count(portal, Decision) == 1
    assert count(portal, Batch) == 2


def test_a_worker_that_dies_at_a_reviewers_work_is_taken_up_again(
    world, portal, settings, monkeypatch
):
    monkeypatch.setattr(many_verdicts, "LARGE", 2)
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = world.submitted()
    review.take(portal, world.bayu, batch)
    world.work()
    order = many_verdicts.Order("open", "approve")
    number = many_verdicts.ask_verdicts(portal, world.bayu, batch, order, version=None)
    die(settings, "work", "review:unit")
    left = review_works.view(portal, world.bayu, batch, number)
    assert (left.state, left.done, left.corrections) == ("wanted", 0, 0)
    assert count(portal, Correction, Correction.verdict.is_not(None)) == 0
    expire(portal)
    world.work()
    assert review_works.view(portal, world.bayu, batch, number).corrections == 3
    assert count(portal, Act, Act.action == "batch:verdict") == 1
    number = many_verdicts.ask_clearing(portal, world.bayu, batch, version=None, rows=[2, 3])
    die(settings, "work", "review:unit")
    assert count(portal, Correction, Correction.verdict.is_(None)) == 0
    expire(portal)
    world.work()
    assert review_works.view(portal, world.bayu, batch, number).corrections == 2
    assert count(portal, Correction, Correction.verdict.is_(None)) == 2
    assert count(portal, Act, Act.action == "batch:verdict_cleared") == 1
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    number = review.ask_decision(portal, world.bayu, batch, version=None)
    die(settings, "work", "decide:written")
    assert review_works.view(portal, world.bayu, batch, number).state == "wanted"
    assert count(portal, Decision) == 0
    expire(portal)
    world.work()
    assert review_works.view(portal, world.bayu, batch, number).state == "done"
    assert count(portal, Decision) == count(portal, Act, Act.action == "batch:decided") == 1


@pytest.mark.parametrize(
    "point",
    ["purge:step", "purge:written", "purge:committed", "purge:deleted"],
)
def test_a_purge_that_dies_is_gone_on_with_and_leaves_nothing_half(world, portal, settings, point):
    batch = world.draft()
    intake.cancel_batch(portal, world.rahma, batch)
    with portal.db.write() as session:  # long ago
        session.execute(sa.update(Batch).values(decided_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))
    die(settings, "purge", point, "-", batch)
    is_written = point in {"purge:committed", "purge:deleted"}
    with portal.db.read() as session:
        purge = session.get_one(Purge, (batch, "documents"))
        assert (purge.ended_at is not None) == is_written
        assert (
            session.scalars(sa.select(File.purged_at)).one_or_none() is not None or not is_written
        )
    assert count(portal, Act, Act.action == "batch:purged") == is_written
    assert len(list(portal.files.names())) == (0 if point == "purge:deleted" else 1)
    assert results.rows_page(portal, world.rahma, batch).total == 3, "readable all along"
    worker.sweep(portal)
    world.work()
    worker.sweep(portal)
    assert count(portal, Act, Act.action == "batch:purged") == 1
    assert list(portal.files.names()) == []
    assert count(portal, DoomedFile) == 0
    row = results.rows_page(portal, world.rahma, batch).items[0]
    assert "••••" in row.employee["nik"]
    assert reconciling.reconcile(portal) == []


@pytest.mark.parametrize("point", ["purge:begun", "purge:written"])
def test_an_idle_draft_whose_purge_dies_is_ended_once_and_gone_on_with(
    world, portal, settings, point
):
    now = dt.datetime.now(dt.UTC)
    portal.clock = lambda: now - dt.timedelta(days=100)
    batch = world.draft()
    portal.clock = lambda: now
    with portal.db.write() as session:
        told = now - dt.timedelta(days=20)
        session.add(
            OutboxEntry(
                kind=idle_drafts.WARNED, user_id=world.rahma.user_id, subject=batch, created_at=told
            )
        )
    die(settings, "purge", point, "-", batch)
    assert world.view(batch).state == "cancelled", "no draft any more that somebody could submit"
    assert count(portal, Act, Act.action == "batch:lapsed") == 1
    assert count(portal, Act, Act.action == "batch:purged") == 0
    worker.sweep(portal)
    world.work()
    assert count(portal, Act, Act.action == "batch:lapsed") == 1
    assert count(portal, Act, Act.action == "batch:purged") == 1
    assert list(portal.files.names()) == []


@pytest.mark.parametrize("point", ["keys:step", "keys:file"])
def test_a_change_of_a_data_key_that_dies_is_gone_on_with(world, portal, settings, point):
    batch = world.draft()
    company = world.people.companies[0]
    rotation.begin(portal, None, company)
    die(settings, "work", point)
    assert results.rows_page(portal, world.rahma, batch).total == 3
    assert reconciling.reconcile(portal, deep=True) == [], "every file opens, by the old or the new"
    expire(portal)
    world.work()
    with portal.db.read() as session:
        held = session.get_one(Company, company)
        alone = portal.vault.company(company, portal.vault.without_old_keys(company, held.data_key))
        for block in session.scalars(sa.select(RowBlock)):
            open_block(alone, block)
    for name in portal.files.names():
        assert portal.files.read(name, bytes(alone.file_key))
    assert rotation.standing(portal)[0].passes == 1


def test_a_change_of_the_master_key_that_dies_is_run_again(world, portal, make_settings):
    batch = world.draft()
    new = hashlib.sha256(b"another master key").digest()
    url, old = portal.settings.database_url, portal.settings.master_key
    settings = make_settings(database_url=url, master_key=new, old_master_key=old)
    die(settings, "rotate", "keys:companies")
    with contextlib.closing(Portal.from_settings(settings)) as both:
        assert results.rows_page(both, world.rahma, batch).total == 3
        done = rotation.rotate_master(both)
    assert (done.companies, done.chains) == (0, 3)
    with contextlib.closing(
        Portal.from_settings(make_settings(database_url=url, master_key=new))
    ) as only:
        assert results.rows_page(only, world.rahma, batch).total == 3
        assert audit_chain.verify(only).faults == ()


def test_a_split_that_dies_is_all_or_nothing(world, portal, settings):
    broken = world.sheet(5).replace(demo._person(103)["nik"].encode(), b"123")
    batch = world.draft(broken)
    die(settings, "split", "split:written", world.rahma.user_id, batch)
    view = world.view(batch)
    assert (view.version, view.revision.number, view.revision.total) == (1, 1, 5)
    assert count(portal, Batch) == count(portal, Revision) == 1
    done = splitting.split(portal, world.rahma, batch, version=1)
    assert (done.kept, done.moved, done.repeated) == (4, 1, False)
    assert count(portal, Batch) == 2
    assert count(portal, Row) == 10
