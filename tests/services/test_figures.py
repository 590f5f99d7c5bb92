"""Figures about reviews: each counts what its reader may see, and nothing else."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.review_models import FigureDay
from hr_portal.domain.permissions import Actor
from hr_portal.services import figure_days, figures, reopening, review
from hr_portal.services.errors import Forbidden


def decide(world, clock, batch, actor, hours, returned=()):
    clock.go(hours=hours)
    review.take(world.portal, actor, batch)
    if returned:
        review.give_verdicts(
            world.portal, actor, batch, version=None, rows=returned, verdict="return", reason="Cek"
        )
    review.give_verdicts(world.portal, actor, batch, version=None, rows="rest", verdict="approve")
    review.decide(world.portal, actor, batch, version=None)


def test_figures_speak_of_what_their_reader_may_see(world, portal, clock):
    """The world's clock stands at Saturday, 21 November 2026."""
    decide(world, clock, world.submitted(world.sheet(4)), world.lestari, 10, returned=[2])
    decide(world, clock, world.submitted(world.sheet(2, 200)), world.lestari, 20)
    decide(world, clock, world.submitted(world.sheet(1, 300), actor=world.wulan), world.bayu, 30)
    births = world.submitted(world.sheet(2, 400, line=demo._birth_line))
    same = world.submitted(
        world.sheet(3, 500, line=lambda _i, who: ("No HP", who["hp"], who["hp"]))
    )
    clock.go(days=2)
    found = figures.figures(portal, world.rahma)
    assert dict(found.open_by_age) == {1: 0, 3: 2, 7: 0, 14: 0, None: 0}
    (branch,) = found.times_by_branch
    assert (branch.count, round(branch.median), round(branch.p90)) == (2, 15, 20)
    assert [one.label for one in found.times_by_kind] == ["hp"]
    (company,) = found.returned_by_company
    assert (company.returned, company.total) == (1, 6)
    assert len(found.approved_by_week) == figures.WEEKS
    assert found.approved_by_week[-2:] == [
        (dt.date(2026, 11, 16), 5),
        (dt.date(2026, 11, 23), 0),
    ]
    everything = figures.figures(portal, world.admin)
    assert len(everything.returned_by_company) == len(everything.times_by_branch) == 2
    elsewhere = figures.figures(portal, world.wulan)
    assert [one.total for one in elsewhere.returned_by_company] == [1]
    assert not any(count for _age, count in elsewhere.open_by_age)
    mine = figures.figures(portal, world.lestari)
    assert [(one.returned, one.total) for one in mine.returned_by_company] == [(1, 6)]
    with pytest.raises(Forbidden):
        figures.figures(portal, Actor("x", "X", "x@contoh.example"))

    decide(world, clock, births, world.lestari, 1)
    decide(world, clock, same, world.lestari, 1, returned=[2])
    rules = figures.figures(portal, world.lestari).returned_by_rule
    (unchanged,) = [one for one in rules if one.label == "ROW-03"]
    assert (unchanged.returned, unchanged.total) == (1, 3)


def test_days_that_have_ended_are_kept_and_figures_stay_the_same(world, portal, clock):
    early = world.submitted(world.sheet(4))
    decide(world, clock, early, world.lestari, 10, returned=[2])
    decide(world, clock, world.submitted(world.sheet(1, 300), actor=world.wulan), world.bayu, 30)
    same = world.submitted(
        world.sheet(3, 500, line=lambda _i, who: ("No HP", who["hp"], who["hp"]))
    )
    decide(world, clock, same, world.lestari, 1, returned=[2])
    both = dataclasses.replace(world.lestari, companies=world.rahma.companies)
    people = (world.admin, world.lestari, world.bayu, world.rahma, world.wulan, both)

    def seen():
        return [figures.figures(portal, one) for one in people]

    clock.go(hours=14)  # the first day has been over for long, the last is still on
    counted = seen()
    ended = figure_days.keep(portal)
    assert seen() == counted
    today = portal.clock().astimezone(figure_days.ZONE).date()
    assert (ended, figure_days.keep(portal)) == ((today - counted[0].since).days, 0)
    decide(world, clock, world.submitted(world.sheet(1, 700)), world.lestari, 1)
    assert seen() != counted, "today is counted as it is asked for"

    before = seen()
    reopening.set_aside(portal, world.admin, early, version=None, reason="Salah berkas")
    after = seen()
    gone = [
        sum(one.count for one in then.times_by_branch)
        - sum(one.count for one in now.times_by_branch)
        for then, now in zip(before, after, strict=True)
    ]
    assert gone == [1, 1, 1, 1, 0, 1], "all but Wulan's, whose it wasn't"
    assert figure_days.keep(portal) == 1, "its day alone"
    assert seen() == after
    clock.go(days=-1)  # who writes down what was decided before
    decide(world, clock, world.submitted(world.sheet(1, 800)), world.lestari, 1)
    clock.go(days=1)
    late = seen()
    assert late != after
    assert figure_days.keep(portal) == 1
    assert seen() == late
    clock.go(days=200)
    seen()
    figure_days.keep(portal)
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(FigureDay)) == 0
