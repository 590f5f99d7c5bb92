"""One person in several companies: consent, one company at a time, and leads who act at once."""

import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import OutboxEntry
from hr_portal.services import accounts, batch_views, company_people, joining, memberships
from hr_portal.services.errors import Conflict, Invalid, NotFound


@pytest.fixture
def mine(world):
    return world.people.companies[0]


def offered(portal, world, mine, to, **more):
    """Rahma asks somebody who has an account; gives the id she may use, and their offers."""
    invited = joining.invite(
        portal, world.rahma, email=to.email, name="Orang Baru", role="hrd", company_id=mine, **more
    )
    assert invited.is_new, "told like somebody unknown"
    (shown,) = [
        one for one in company_people.colleagues(portal, world.rahma, mine) if one.is_invited
    ]
    assert (shown.name, shown.email) == ("Orang Baru", to.email), "as it was typed, no more"
    assert shown.user_id != to.user_id
    return shown.user_id, memberships.waiting(portal, to)


def is_colleague(portal, world, mine, who):
    return any(
        one.user_id == who.user_id for one in company_people.colleagues(portal, world.rahma, mine)
    )


def test_a_known_person_becomes_a_colleague_by_their_own_consent_only(portal, world, mine, clock):
    wulan = world.wulan
    shown, (offer,) = offered(portal, world, mine, wulan, is_lead=True)
    with portal.db.read() as session:
        told = session.scalars(
            sa.select(OutboxEntry.kind).where(OutboxEntry.user_id == wulan.user_id)
        ).all()
    assert told == ["offered"]
    with pytest.raises(Conflict):
        offered(portal, world, mine, wulan)
    assert accounts.load_actor(portal, wulan.user_id).companies == wulan.companies
    for stranger in (world.surya, world.yoga):
        with pytest.raises(NotFound):
            memberships.answer(portal, stranger, offer.id, accepts=True)
    company_people.take_out(portal, world.rahma, mine, shown)
    with pytest.raises(NotFound):
        memberships.answer(portal, wulan, offer.id, accepts=True)

    _shown, (offer,) = offered(portal, world, mine, wulan)
    memberships.answer(portal, wulan, offer.id, accepts=False)
    assert not is_colleague(portal, world, mine, wulan)

    shown, _offers = offered(portal, world, mine, wulan)
    clock.go(days=14)
    assert memberships.waiting(portal, wulan) == []
    _shown, (offer,) = offered(portal, world, mine, wulan)
    company_people.set_lead(portal, world.rahma, mine, offer.id, is_lead=True)
    memberships.answer(portal, wulan, offer.id, accepts=True)
    assert is_colleague(portal, world, mine, wulan)
    assert mine in accounts.load_actor(portal, wulan.user_id).leads
    with pytest.raises(NotFound):
        memberships.answer(portal, wulan, offer.id, accepts=True)


def test_a_reviewer_declines_what_would_bar_them_and_an_admins_role_needs_no_answer(
    portal, world, mine
):
    _shown, (offer,) = offered(portal, world, mine, world.bayu)
    with pytest.raises(Invalid):
        memberships.answer(portal, world.bayu, offer.id, accepts=True)
    memberships.answer(portal, world.bayu, offer.id, accepts=False)
    offered(portal, world, mine, world.wulan)
    given = {"email": world.wulan.email, "name": "", "role": "hrd", "company_id": mine}
    joining.invite(portal, world.admin, **given)
    assert memberships.waiting(portal, world.wulan) == [], "it has been given"


def test_who_works_for_two_companies_sees_and_does_one_of_them_at_a_time(portal, world, mine):
    other = world.people.companies[1]
    theirs = world.draft(actor=world.wulan)
    accounts.create_user(
        portal, email=world.rahma.email, name="", password="", role="hrd", company_id=other,
        is_lead=True,
    )  # fmt: skip

    def rahma(at=None):
        return accounts.load_actor_at(portal, world.rahma.user_id, at)

    assert (rahma().companies, rahma().elsewhere, rahma().leads) == ({mine}, {other}, {mine})
    assert accounts.load_actor(portal, world.rahma.user_id).companies == {mine, other}
    with pytest.raises(NotFound):
        batch_views.batch_view(portal, rahma(), theirs)
    assert memberships.elsewhere(portal, rahma(), theirs).company_id == other
    assert memberships.elsewhere(portal, rahma(other), theirs) is None
    memberships.switch(portal, rahma(), other)
    assert batch_views.batch_view(portal, rahma(), theirs).company_id == other, (
        "begun with from now on"
    )
    assert rahma(mine).companies == {mine}, "a sign-in that works for the first one stays there"
    shown = {one.company_id: one.is_current for one in memberships.workplaces(portal, rahma())}
    assert shown == {mine: False, other: True}
    with pytest.raises(NotFound):
        memberships.switch(portal, world.surya, other)


def test_of_two_leads_who_take_each_other_out_at_once_one_stays(portal, world, mine):
    for _round in range(3):
        start, done, refused = threading.Barrier(2), [], []
        leads = [accounts.load_actor(portal, one.user_id) for one in (world.rahma, world.surya)]
        if mine not in leads[1].leads:
            company_people.set_lead(portal, world.rahma, mine, leads[1].user_id, is_lead=True)
            leads[1] = accounts.load_actor(portal, leads[1].user_id)

        def go(by, other, start=start, done=done, refused=refused):
            start.wait()
            try:
                company_people.take_out(portal, by, mine, other.user_id)
                done.append(by)
            except (NotFound, Invalid):
                refused.append(by)

        threads = [threading.Thread(target=go, args=pair) for pair in (leads, leads[::-1])]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert (len(done), len(refused)) == (1, 1)
        (left,) = [
            one for one in company_people.colleagues(portal, world.admin, mine) if one.is_lead
        ]
        assert left.user_id == done[0].user_id
        gone = refused[0]
        accounts.create_user(
            portal, email=gone.email, name="", password="", role="hrd", company_id=mine,
            is_lead=True,
        )  # fmt: skip
    stale = refused[0]
    company_people.set_lead(portal, world.admin, mine, stale.user_id, is_lead=False)
    with pytest.raises(NotFound):
        company_people.set_lead(portal, stale, mine, stale.user_id, is_lead=True)
