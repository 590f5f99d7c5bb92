"""Processes issue letters and are killed at random: no number twice, none missing."""

import random

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Letter
from tests import forking
from tests.crash.test_crash_points import environment

pytestmark = pytest.mark.crash

PROCESSES, LETTERS = 3, 8


def start(settings, user, batch, count):
    return forking.start("tests.crash.numbering", [user, batch, str(count)], environment(settings))


def test_random_kills_leave_no_gap_and_no_double(world, portal, settings):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    batches = [world.draft(world.sheet(1, start=700 + 10 * i)) for i in range(PROCESSES)]
    user = world.rahma.user_id
    running = [start(settings, user, batch, LETTERS) for batch in batches]
    told = []
    for process in running:  # each dies after a few letters, somewhere in the next
        few = range(chance.randint(1, LETTERS - 2))
        told += [process.stdout.readline().strip() for _ in few]
        process.kill()
        told += process.end()[0].split()
    again = [start(settings, user, batch, 2) for batch in batches]
    for process in again:
        out, code, err = process.end()
        assert code == 0, err
        told += out.split()
    with portal.db.read() as session:
        found = list(session.execute(sa.select(Letter.sequence, Letter.number)))
    assert sorted(sequence for sequence, _ in found) == list(range(1, len(found) + 1)), seed
    assert len({number for _, number in found}) == len(found), seed
    assert set(told) <= {number for _, number in found}, seed
    assert len(told) == len(set(told)) >= PROCESSES * 3, seed
