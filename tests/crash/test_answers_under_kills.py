"""kill -9 while a large answer of the agency is recorded: nothing half, nothing twice."""

import pytest

from hr_portal.adapters.database.models import Act, Batch
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.services import agency, many_answers, outlets, review_works
from tests.crash.test_crash_points import count, die, expire
from tests.services.test_outlets import answer, kpj

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("point", ["review:unit", "answer:ended"])
def test_a_worker_that_dies_at_a_large_answer_is_taken_up_again(
    world, portal, settings, monkeypatch, point
):
    monkeypatch.setattr(many_answers, "LARGE_BYTES", 10)
    batch = world.decided()
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    world.work()
    lines = [f"{kpj(100 + n)};No HP;{'Ditolak' if n == 2 else 'Diterima'};x" for n in (1, 2, 3)]
    sent = answer(*lines)
    number = many_answers.ask_answer(portal, world.bayu, batch, sent, "a.csv", version=None)
    die(settings, "work", point)
    told = review_works.view(portal, world.bayu, batch, number)
    recorded = 0 if point == "review:unit" else 3
    assert (told.state, told.done) == ("wanted", recorded)
    assert count(portal, AgencyAnswer) == recorded
    assert count(portal, Batch) == 1, "no draft of what was refused before the end"
    expire(portal)
    world.work()
    told = review_works.view(portal, world.bayu, batch, number)
    assert (told.state, told.done, told.outcome["known"]) == ("done", 3, 0)
    standing = agency.standing(portal, world.rahma, batch)
    assert (standing.accepted, standing.refused, standing.waiting) == (2, 1, 0)
    assert len(world.view(batch).children) == count(portal, Batch) - 1 == 1
    assert count(portal, Act, Act.action == "batch:answered") == 1
