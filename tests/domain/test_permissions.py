"""Who may do what where: denied unless the table says so."""

import itertools

import pytest

from hr_portal.domain.permissions import ALLOWED, Actor, Place, may

HRD = Actor("u1", "Rahma", "r@x.example", companies=frozenset({"c1"}))
REVIEWER = Actor("u2", "Bayu", "b@x.example", branches=frozenset({"b1"}))
ADMIN = Actor("u3", "Dimas", "d@x.example", is_admin=True)
NOBODY = Actor("u4", "Nol", "n@x.example")
HERE, ELSEWHERE = Place("c1", "b1"), Place("c2", "b2")
WHO = {"hrd": HRD, "reviewer": REVIEWER, "admin": ADMIN}


@pytest.mark.parametrize(("action", "role"), itertools.product(ALLOWED, WHO))
def test_each_role_may_what_the_table_says_and_nothing_more(action, role):
    assert may(WHO[role], action, HERE) is (role in ALLOWED[action])
    assert may(WHO[role], action) is (role in ALLOWED[action])


@pytest.mark.parametrize("action", ALLOWED)
def test_elsewhere_only_an_admin_may_anything(action):
    assert not may(HRD, action, ELSEWHERE)
    assert not may(REVIEWER, action, ELSEWHERE)
    assert not may(NOBODY, action, HERE)
    assert not may(NOBODY, action)


@pytest.mark.parametrize("actor", [HRD, REVIEWER, ADMIN, NOBODY])
def test_an_unknown_action_is_refused(actor):
    assert not may(actor, "batch.forge", HERE)
    assert not may(actor, "batch.forge")


def test_roles_follow_from_places():
    both = Actor(
        "u5", "Dua", "d@x.example", companies=frozenset({"c1"}), branches=frozenset({"b1"})
    )
    assert both.roles == {"hrd", "reviewer"}
    assert ADMIN.roles == {"admin"}
    assert NOBODY.roles == frozenset()


def test_who_acts_for_one_company_acts_for_no_other_of_theirs():
    both = Actor(
        "u", "Rahma", "r@contoh.example", companies=frozenset({"a", "b"}), leads=frozenset({"a"})
    )
    here = both.at("b")
    assert (here.companies, here.leads, here.elsewhere) == ({"b"}, frozenset(), {"a"})
    assert not may(here, "batch.read", Place("a"))
    assert both.at("c").companies == frozenset(), "nothing is given that they don't have"
