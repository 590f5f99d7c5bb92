"""The harness of `make soak` for some seconds: the real processes killed at random lose nothing."""

import random

import pytest

from tests.crash.soak import Soak, settings_in

pytestmark = pytest.mark.crash

SECONDS = 5


def test_real_processes_killed_at_random_lose_and_double_nothing(tmp_path):
    seed = random.randrange(10**6)
    outcome = Soak(settings_in(tmp_path / "data"), seed=seed).run(SECONDS)
    found = (outcome.lost, outcome.duplicates, outcome.gaps, outcome.faults)
    assert found == (0, 0, 0, []), (seed, outcome)
    assert outcome.kills > 0
