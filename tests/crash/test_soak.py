"""The short form of `make soak`: the real portal is killed again and again under load."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.crash
SECONDS = 10


def test_what_was_acknowledged_outlives_random_kills_under_load():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.crash.soak", "--seconds", str(SECONDS)],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.stdout, ran.stderr
    found = json.loads(ran.stdout)
    counted = ("lost", "duplicates", "gaps", "unfinished", "broken")
    assert {name: found[name] for name in counted} == {name: [] for name in counted}, found
    assert ran.returncode == 0
    assert not [odd for odd in found["odd_answers"] if " 422 " in odd], "a client asked wrongly"
    assert found["kills"] >= 3
    assert found["acknowledged"] > 0
