"""`hr-portal` as processes of their own, in a folder of the test, with only its own settings."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import forking

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ENCLOSED = [
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    "sh",
    str(Path(__file__).with_name("enclosed.sh")),
]
"""Begins a command unprivileged in a tree that is read-only but for its data, where that can be."""
CAN_ENCLOSE = (
    subprocess.run([*ENCLOSED[:4], "true"], check=False, capture_output=True).returncode == 0
)


@pytest.fixture
def environ(tmp_path):
    """The environment of a process: nothing of the portal but its data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HR_PORTAL_")}
    return kept | {
        "HR_PORTAL_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "PYTHONWARNINGS": "error",
    }


@pytest.fixture
def hr_portal(tmp_path, environ):
    """Runs `hr-portal` to its end; `afresh` with an interpreter of its own, else a loaded one."""

    def run(*words, afresh=False, **settings):
        named = environ | {f"HR_PORTAL_{name}": value for name, value in settings.items()}
        if afresh:
            done = subprocess.run(
                [sys.executable, "-m", "hr_portal.cli", *words],
                capture_output=True,
                text=True,
                check=False,
                cwd=tmp_path,
                env=named,
                timeout=PATIENCE_SECONDS,
            )
        else:
            done = forking.run(
                "hr_portal.cli", words, named, folder=tmp_path, seconds=PATIENCE_SECONDS
            )
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture
def start(tmp_path, environ):
    """Starts `hr-portal`; what the test leaves running is killed."""
    started = []

    def begin(*words):
        with (tmp_path / "stderr").open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "hr_portal.cli", *words],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                cwd=tmp_path,
                env=environ,
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        for pid in children_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()
        process.stdout.close()


def address_of(process):
    """The address that `serve` prints once it listens."""
    for line in process.stdout:
        if line.startswith("http://"):
            return line.strip()
    raise AssertionError("serve ended without printing its address")


def children_of(pid):
    """The processes that any thread of `pid` has started and that still run."""
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(word) for word in (thread / "children").read_text().split()]
    return found


def ended(pidfd):
    """Whether the process behind a descriptor of os.pidfd_open ends in good time."""
    try:
        return bool(select.select([pidfd], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(pidfd)


def until(happened):
    """What `happened` gives as soon as it is true; fails where it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := happened():
            return found
        select.select([], [], [], 0.02)
    raise AssertionError("it did not happen in time")
