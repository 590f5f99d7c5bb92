"""kill -9 of the worker that sends and of the server that takes: once at most, nothing unseen."""

import contextlib
import socket
import subprocess
import sys

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Job, OutboxEntry
from hr_portal.services import review, unsent
from tests.crash import test_crash_points as points
from tests.crash.test_crash_points import expire

pytestmark = pytest.mark.crash


class Post:
    """The mail server's process, and what it has taken."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.process = folder, None

    def start(self):
        program = [sys.executable, "-m", "tests.crash.mail_server", str(self.folder)]
        self.process = subprocess.Popen(
            [*program, str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert int(self.process.stdout.readline()) == self.port

    def kill(self):
        self.process.kill()
        with contextlib.ExitStack() as pipes:
            pipes.enter_context(self.process.stdin)
            pipes.enter_context(self.process.stdout)
            self.process.wait()

    def says(self, answer):
        (self.folder / "answer").write_text(answer)

    def taken(self):
        kept = self.folder / "taken"
        return kept.read_text().split() if kept.exists() else []


@pytest.fixture
def post(tmp_path):
    server = Post(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def settings(make_settings, database_url, post):
    return make_settings(database_url=database_url, mail_url=f"smtp://127.0.0.1:{post.port}")


def die(settings, point, monkeypatch):
    monkeypatch.setenv("HR_PORTAL_MAIL_URL", settings.mail_url)
    points.die(settings, "work", point)


def listed(world):
    return unsent.page(world.portal, world.admin, number=1, per_page=9).items


def due(portal):
    """Let the wait of what is tried again be over."""
    with portal.db.write() as session:
        session.execute(
            sa.update(Job).where(Job.state == "queued").values(run_after=Job.created_at)
        )


@pytest.mark.parametrize(
    ("point", "first", "seen"),
    [("mail:ready", 0, False), ("mail:marked", 0, True), ("mail:sent", 1, True)],
)
def test_a_worker_that_dies_sends_no_mail_twice_and_loses_none_unseen(
    world, portal, settings, post, monkeypatch, point, first, seen
):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    with portal.db.write() as session:  # only the mail is left to do
        session.execute(sa.delete(Job).where(Job.kind != "mail"))
    die(settings, point, monkeypatch)
    assert len(post.taken()) == first
    expire(portal)
    world.work()
    assert len(post.taken()) == (first if seen else 1)
    assert [one.error for one in listed(world)] == (["unknown"] if seen else [])
    expire(portal)
    world.work()
    assert len(post.taken()) == (first if seen else 1)
    if seen:  # whoever has asked the recipient sends it again
        (one,) = listed(world)
        unsent.send_again(portal, world.admin, one.id)
        world.work()
        assert len(post.taken()) == first + 1
        assert len(set(post.taken())) == 1, "known as the same mail by its Message-ID"
        assert listed(world) == []


def test_a_server_that_is_killed_refuses_for_now_and_for_good_loses_nothing_unseen(
    world, portal, settings, post
):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    post.kill()
    world.work()
    (one,) = listed(world)
    assert (one.error, one.next_try is not None) == ("ConnectionRefusedError", True)
    post.start()
    post.says("451 4.3.0 later")
    due(portal)
    world.work()
    (one,) = listed(world)
    assert (one.error, one.next_try is not None) == ("SMTPDataError", True)
    post.says("554 5.7.1 never")
    due(portal)
    world.work()
    (one,) = listed(world)
    assert (one.error, one.next_try, one.may_send_again) == ("SMTPDataError", None, True)
    due(portal)
    world.work()
    assert post.taken() == []
    post.says("")
    unsent.send_again(portal, world.admin, one.id)
    world.work()
    assert len(post.taken()) == 1
    assert listed(world) == []
    with portal.db.read() as session:
        assert session.scalars(sa.select(OutboxEntry.sent_at)).one()
