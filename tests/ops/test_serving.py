"""`hr-portal serve` as a real process: it starts, ends, and survives what happens to it."""

import json
import os
import signal
import socket
import stat
import urllib.request

import pytest

from tests.ops.conftest import address_of, children_of, ended, until

pytestmark = pytest.mark.crash


@pytest.fixture
def serve(start, hr_portal):
    """A demo without people that listens: the process, its address, and its worker."""
    assert hr_portal("db", "upgrade", "--demo").returncode == 0

    def begin():
        process = start("serve", "--demo", "--port", "0")
        address = address_of(process)
        (worker,) = children_of(process.pid)
        return process, address, worker

    return begin


def get(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status, answer.headers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_pages_and_the_worker(serve, number, tmp_path):
    process, address, worker = serve()
    watched = os.pidfd_open(worker)
    status, headers = get(f"{address}/healthz")
    assert status == 200
    assert "Server" not in headers
    process.send_signal(number)
    assert process.wait(60) == 0
    assert ended(watched)
    assert (tmp_path / "stderr").read_text() == ""


def test_a_worker_that_is_killed_is_started_again_and_the_pages_stay(serve, tmp_path):
    process, address, worker = serve()
    os.kill(worker, signal.SIGKILL)
    (next_worker,) = until(lambda: [pid for pid in children_of(process.pid) if pid != worker])
    assert get(f"{address}/healthz")[0] == 200
    assert "worker died" in (tmp_path / "stderr").read_text()
    watched = os.pidfd_open(next_worker)
    process.terminate()
    assert process.wait(60) == 0
    assert ended(watched)


def test_a_worker_does_not_outlive_a_server_that_is_killed(serve):
    process, _, worker = serve()
    watched = os.pidfd_open(worker)
    process.kill()
    assert ended(watched)


def test_a_worker_that_keeps_dying_ends_the_server_with_a_sentence(start, hr_portal, tmp_path):
    assert hr_portal("db", "upgrade", "--demo").returncode == 0
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "if 'worker' in sys.orig_argv:\n"
        "    sys.exit(3)\n"
        "import hr_portal.serving\n"
        "hr_portal.serving.PAUSE_SECONDS = 0.01\n"
    )
    assert start("serve", "--demo", "--port", "0").wait(60) == 1
    said = (tmp_path / "stderr").read_text()
    assert said.count("worker died") == 5
    assert "Pekerja berhenti 5 kali" in said


def test_a_port_that_is_taken_is_a_sentence_and_nothing_is_touched(hr_portal, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = hr_portal("serve", "--demo", "--port", str(port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port} sudah dipakai program lain" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "data" / "portal.sqlite3").exists()


def test_an_address_of_another_machine_is_a_sentence(hr_portal):
    keys = {
        "SECRET_KEY": "5b1f0c86e9d24a7386f2c1d90ab7e354e8602d91c47bfa35",
        "MASTER_KEY": "wG46UfcuSEuQ4fpWN82CtJEfDm11qzwkidbwfksThaL=",
    }
    done = hr_portal("serve", "--host", "192.0.2.7", **keys)
    assert done.returncode == 2
    assert "HR_PORTAL_HOST" in done.stderr


def test_a_demo_that_was_interrupted_while_filling_is_filled_anew(start, tmp_path, hr_portal):
    # The people of the demo stand for all of it, which takes much longer to make.
    program = tmp_path / "sitecustomize.py"
    short = "import os, signal\nfrom hr_portal import demo\ndemo.fill = demo.make_people\n"
    died = "def fill(portal):\n    demo.make_people(portal)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    program.write_text(short + died + "demo.fill = fill\n")
    assert start("serve", "--demo", "--port", "0").wait(60) == -signal.SIGKILL
    half = hr_portal("users", "list", "--demo").stdout.splitlines()
    program.write_text(short)
    process = start("serve", "--demo", "--port", "0")
    address_of(process)
    process.terminate()
    assert process.wait(60) == 0
    whole = hr_portal("users", "list", "--demo", "--format", "json")
    assert len(half) == len(json.loads(whole.stdout)) > 1
    process = start("serve", "--demo", "--port", "0")
    address_of(process)
    process.terminate()
    assert process.wait(60) == 0
    assert hr_portal("users", "list", "--demo", "--format", "json").stdout == whole.stdout


def test_everything_in_the_data_folder_is_closed_to_others(serve, tmp_path):
    process, address, _ = serve()
    get(f"{address}/healthz")
    process.terminate()
    process.wait(60)
    open_to_others = [
        path
        for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []
