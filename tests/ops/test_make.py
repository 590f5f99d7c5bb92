"""The commands of the first page, as far as they can be tried without setting up anything."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [ROOT / "bootstrap.sh", ROOT / ".ci" / "run", ROOT / "scripts" / "lock.sh"]
MAKEFILE = (ROOT / "Makefile").read_text()


def make(folder, *words):
    done = subprocess.run(
        ["make", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout


@pytest.fixture
def set_up(tmp_path):
    """A checkout in which everything was set up after the lock files were written."""
    for name in (
        "Makefile",
        "bootstrap.sh",
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
    ):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    for kind in ("run", "dev"):
        (tmp_path / ".venv" / f"{kind}.ok").touch()
    return tmp_path


def test_make_alone_prints_every_command(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    code, told = make(tmp_path)
    assert code == 0
    goals = set(re.findall(r"^\.PHONY: ([a-z-]+)$", MAKEFILE, re.MULTILINE))
    assert goals == set(re.findall(r"^  make ([a-z-]+)", told, re.MULTILINE))
    assert {"run", "test", "lint", "bench", "format", "clean"} <= goals


@pytest.mark.parametrize("goal", ["run", "test", "lint"])
def test_a_second_start_sets_nothing_up(set_up, goal):
    _, told = make(set_up, "--dry-run", goal)
    assert told
    assert "bootstrap" not in told


@pytest.mark.parametrize(("goal", "kind"), [("run", "run"), ("test", "dev")])
def test_a_changed_lock_file_sets_up_again(set_up, goal, kind):
    for name in ("requirements.lock", "requirements-dev.lock"):
        (set_up / name).unlink()
        shutil.copyfile(ROOT / name, set_up / name)
    _, told = make(set_up, "--dry-run", goal)
    assert f"./bootstrap.sh {kind}" in told


def test_make_run_is_the_demo_on_the_port_that_is_asked_for(set_up):
    _, told = make(set_up, "--dry-run", "run", "port=9000")
    assert "serve --demo --port 9000" in told


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_sound_and_may_be_started(script):
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o100


def test_setting_up_something_else_is_refused():
    done = subprocess.run(
        [ROOT / "bootstrap.sh", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "usage" in done.stderr
