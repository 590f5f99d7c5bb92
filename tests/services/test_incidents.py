"""A breach: whom it reached is counted and listed, and the clock of 3 x 24 hours is told."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act
from hr_portal.services import documents, incidents
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_review import _png


def scope(clock, **more):
    hour = dt.timedelta(hours=1)
    return incidents.Scope(
        **{"title": "Laptop hilang", "known_at": clock.now - hour, "since": clock.now - 24 * hour,
           "until": clock.now, **more}
    )  # fmt: skip


def test_an_incident_counts_the_people_of_its_companies_period_and_batches(world, portal, clock):
    first = world.draft(world.sheet(3))
    documents.add_document(portal, world.rahma, first, _png(), "ktp.png", kind="ktp", row=2)
    world.draft(world.sheet(2))  # two of the same people
    world.draft(world.sheet(2, start=300), actor=world.wulan)
    ours, theirs = world.people.companies
    made = incidents.open_incident(portal, world.admin, scope(clock))
    seen = incidents.view(portal, world.admin, made)
    assert sorted((one.batches, one.people) for one in seen.reached) == [(1, 2), (2, 3)]
    assert seen.people == 5
    assert seen.due_at - seen.known_at == dt.timedelta(hours=72)
    assert {"NIK", "No HP", "dokumen KTP-el"} <= set(seen.data) or {"NIK", "No HP"} <= set(
        seen.data
    )
    assert any(one.startswith("dokumen ") for one in seen.data)
    number = world.view(first).number
    for more, people in (
        ({"companies": (theirs,)}, 2),
        ({"batches": number.lower()}, 3),
        ({"batches": number, "companies": (theirs,)}, 0),
        ({"only_touched": True}, 5),
    ):
        one = incidents.open_incident(portal, world.admin, scope(clock, **more))
        assert incidents.view(portal, world.admin, one).people == people, more
    clock.go(days=2)
    world.draft(world.sheet(1, start=500))
    later = scope(clock, only_touched=True)
    one = incidents.open_incident(portal, world.admin, later)
    assert incidents.view(portal, world.admin, one).people == 1
    listed = incidents.people(portal, world.admin, one)
    who = demo._person(501)
    assert [(line[4], line[5]) for line in listed] == [
        (who["nama"], f"{who['kpj'][:3]}••••{who['kpj'][-4:]}")
    ]
    incidents.mark_told(portal, world.admin, one)
    with pytest.raises(Conflict):
        incidents.mark_told(portal, world.admin, one)
    assert [bool(each.told_at) for each in incidents.listed(portal, world.admin)].count(True) == 1
    with portal.db.read() as session:
        acts = session.scalars(
            sa.select(Act.action).where(Act.subject_id == one).order_by(Act.id)
        ).all()
    assert acts == ["incident:opened", "incident:exported", "incident:told"]
    assert ours != theirs


def test_what_cannot_be_an_incident_is_refused(world, portal, clock):
    for more in (
        {"title": " "}, {"known_at": None}, {"since": clock.now + dt.timedelta(days=1)},
        {"known_at": clock.now + dt.timedelta(days=1)}, {"batches": "PKD-1999-1"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            incidents.open_incident(portal, world.admin, scope(clock, **more))
    with pytest.raises(NotFound):
        incidents.open_incident(portal, world.admin, scope(clock, companies=("0" * 32,)))
    for door in (incidents.view, incidents.mark_told, incidents.people):
        with pytest.raises(NotFound):
            door(portal, world.admin, "0" * 32)
        with pytest.raises(Forbidden):
            door(portal, world.rahma, "0" * 32)
