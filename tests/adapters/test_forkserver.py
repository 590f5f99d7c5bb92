"""Children of a fork server: what they have, how they end, and who ends with whom."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hr_portal import forkserver
from hr_portal.forkserver import ForkServer

MODULE = "tests.adapters.forked_child"


@pytest.fixture
def server():
    forks = ForkServer(MODULE, {"LC_ALL": "C.UTF-8"})
    yield forks
    forks.close()


@contextlib.contextmanager
def child(server, order):
    """A child with an order, and the end of the pipe that it writes to."""
    ordered, ordering = os.pipe()
    said, saying = os.pipe()
    os.write(ordering, order)
    os.close(ordering)
    with os.fdopen(said, "rb") as out:
        try:
            forked = server.start({0: ordered, 1: saying, 9: ordered})
        finally:
            os.close(ordered)
            os.close(saying)
        with forked:
            yield forked, out


def process_of(out):
    return int(os.read(out.fileno(), 20))


def server_of(process):
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def has_ended(process):
    """Waits for the end of a process; whether anybody has buried it since is not asked."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 30)[0])
    finally:
        os.close(watched)


def test_a_child_has_what_it_was_given_and_tells_how_it_ended(server, monkeypatch):
    monkeypatch.setenv("HR_PORTAL_SECRET_KEY", "rahasia")
    for _ in range(2):
        with child(server, b"look") as (forked, out):
            assert out.read() == b"[0, 1, 2, 9] ['LC_ALL'] True\n"
            assert forked.wait(10) == 7
            assert forked.wait(0) == 7


def test_a_child_that_raises_ends_with_1(server):
    with child(server, b"raise") as (forked, out):
        assert out.read() == b""
        assert forked.wait(10) == 1


def test_a_child_that_never_stops_writing_is_ended(server, monkeypatch):
    monkeypatch.setattr(forkserver, "MOST_SAID", 1 << 20)
    with pytest.raises(TimeoutError):
        server.run(b"flood", 600)


def test_a_child_nobody_waits_for_any_more_is_ended(server):
    with child(server, b"wait") as (forked, out):
        process = process_of(out)
        with pytest.raises(TimeoutError):
            forked.wait(0.001)
    assert not Path(f"/proc/{process}").exists()
    assert forked.wait(0) == -signal.SIGKILL


def test_a_server_that_is_killed_takes_its_children_along_and_is_replaced(server):
    with child(server, b"wait") as (forked, out):
        killed = server_of(process_of(out))
        os.kill(killed, signal.SIGKILL)
        assert forked.wait(10) == -signal.SIGKILL
        assert out.read() == b""  # nobody holds the pipe any more
    with child(server, b"wait") as (_, out):
        assert server_of(process_of(out)) != killed


def test_a_server_ends_with_its_parent_and_its_children_with_it():
    script = (
        "import os, sys; from hr_portal.forkserver import ForkServer\n"
        f"ForkServer({MODULE!r}, {{}}).start({{0: 0, 1: 1}}); os.write(2, b'started')\n"
        "os.kill(os.getpid(), 9)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as parent:  # fmt: skip
        said, _ = parent.communicate(b"wait", timeout=30)  # until the child lets go of it
    assert parent.returncode == -signal.SIGKILL
    assert not said or has_ended(int(said))


def test_an_idle_server_rests_and_the_next_call_starts_another():
    server = ForkServer(MODULE, {}, idle_seconds=0.001)
    seen = set()
    for _ in range(3):
        with child(server, b"wait") as (_, out):
            seen.add(server_of(process_of(out)))
        # The server ends of itself; its parent sees that when it calls again.
        server._process.wait(10)
    assert len(seen) == 3
    server.close()


def test_a_server_may_be_there_before_the_call(server):
    seen = set()
    for _ in range(2):
        server.warm()
        server.warm()
        begun = server._process
        seen.add(begun.pid)
        with child(server, b"wait") as (_, out):
            assert server_of(process_of(out)) == begun.pid
        begun.kill()
        begun.wait(10)
    assert len(seen) == 2


def test_a_forked_process_has_a_server_of_its_own(server):
    with child(server, b"wait") as (_, out):
        ours = server_of(process_of(out))
        said, saying = os.pipe()
        if os.fork() == 0:
            with contextlib.suppress(BaseException), child(server, b"wait") as (_, its):
                os.write(saying, b"%d" % server_of(process_of(its)))
            server.close()
            os._exit(0)
        os.close(saying)
        with os.fdopen(said) as told:
            assert int(told.read()) != ours
        os.wait()
        # What the other did has not ended ours.
        assert Path(f"/proc/{ours}").exists()
