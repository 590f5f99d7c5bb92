"""Joining by a link, coming back by one, registering a company, and who manages whose people."""

import contextlib
import re
import threading

import pyotp
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.account_models import AccountLink
from hr_portal.adapters.database.models import OutboxEntry, User
from hr_portal.services import (
    account_links,
    accounts,
    company_people,
    joining,
    own_account,
    passwords,
    places,
    registrations,
    second_factor,
    sessions,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany

OWN = "perahu kayu di teluk biru"
NINA = "nina@contoh.example"


@pytest.fixture
def sqlite_portal(sqlite_settings):
    with contextlib.closing(Portal.from_settings(sqlite_settings)) as opened:
        yield opened


def invite(portal, by, company, email=NINA, **more):
    return joining.invite(
        portal, by, email=email, name="Nina Tamsilan", role="hrd", company_id=company, **more
    )


def token_of(link):
    return link.rpartition("/")[2]


def notices(portal, user_id):
    with portal.db.read() as session:
        return session.scalars(
            sa.select(OutboxEntry.kind)
            .where(OutboxEntry.user_id == user_id)
            .order_by(OutboxEntry.id)
        ).all()


def link_for(portal, user_id, purpose="reset"):
    with portal.db.write() as session:
        return token_of(account_links.draw(portal, session, user_id, purpose))


def test_an_invited_person_makes_a_password_by_the_link_once(portal, world):
    company = world.people.companies[0]
    invited = invite(portal, world.rahma, company)
    token = token_of(invited.link)
    assert re.fullmatch(r"[\w-]{43}", token), "256 bit"
    assert notices(portal, invited.user_id) == ["invited"]
    assert joining.read_link(portal, token).email == NINA
    with pytest.raises(Invalid):
        joining.use_link(portal, token, "pendek", agreed=True)
    with pytest.raises(Invalid) as refusal:
        joining.use_link(portal, token, OWN)
    assert set(refusal.value.fields) == {"agreed"}
    joining.use_link(portal, token, OWN, agreed=True)
    actor = accounts.sign_in(portal, NINA, OWN, address="127.0.0.1")
    assert (actor.companies, actor.leads, actor.lacks) == ({company}, frozenset(), "")
    for go in (joining.read_link, lambda p, t: joining.use_link(p, t, OWN + "!")):
        with pytest.raises(Gone):
            go(portal, token)
        with pytest.raises(NotFound):
            go(portal, token[:-1] + ("A" if token[-1] != "A" else "B"))
    with portal.db.read() as session:
        kept = session.scalars(sa.select(AccountLink.token_hash)).all()
    assert token not in kept


def test_a_link_ends_after_24_hours_and_with_a_newer_password(portal, world, clock):
    rahma = world.rahma
    late, other = link_for(portal, rahma.user_id), link_for(portal, rahma.user_id)
    clock.go(hours=23, minutes=59)
    assert joining.read_link(portal, late).purpose == "reset"
    joining.use_link(portal, other, OWN)
    with pytest.raises(Gone):
        joining.use_link(portal, late, OWN)
    again = link_for(portal, rahma.user_id)
    clock.go(hours=24, minutes=1)
    with pytest.raises(Gone):
        joining.use_link(portal, again, OWN)


def test_of_two_who_use_one_link_at_once_one_makes_the_password(portal, world):
    token, start, passed = link_for(portal, world.rahma.user_id), threading.Barrier(2), []

    def go(password):
        start.wait()
        try:
            joining.use_link(portal, token, password)
            passed.append(password)
        except Gone:
            pass

    both = [threading.Thread(target=go, args=(f"{OWN} {n}",)) for n in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (kept,) = passed
    accounts.sign_in(portal, world.rahma.email, kept, address="127.0.0.1")


def test_a_reset_keeps_the_second_factor_ends_sessions_and_is_told(portal, world, clock):
    rahma, secret = world.rahma, second_factor.new_secret()
    second_factor.set_up(portal, rahma, secret, pyotp.TOTP(secret).at(portal.clock()))
    for _ in range(5):
        with pytest.raises(Invalid):
            accounts.sign_in(portal, rahma.email, "salah sama sekali", address="10.0.0.9")
    session_id = sessions.open_session(portal, {}, user_id=rahma.user_id)
    token = link_for(portal, rahma.user_id)
    assert joining.read_link(portal, token).least == 8
    joining.use_link(portal, token, "9 kudanil")
    assert sessions.read_session(portal, session_id) is None
    assert second_factor.is_set_up(portal, rahma.user_id)
    assert notices(portal, rahma.user_id)[-1] == "password_changed"
    assert accounts.sign_in(portal, rahma.email, "9 kudanil", address="10.0.0.8").lacks == ""
    second_factor.reset(portal, world.admin, rahma.user_id, reason="Ponsel hilang")
    assert accounts.load_actor(portal, rahma.user_id).lacks == "longer_password"


def test_asking_for_a_reset_tells_nothing_and_floods_nobody(portal, world, clock):
    for email in (world.rahma.email.upper(), "siapa@contoh.example"):
        for _ in range(5):
            assert joining.ask_for_reset(portal, email, address="10.0.0.1") is None
        with pytest.raises(TooMany):
            joining.ask_for_reset(portal, email, address="10.0.0.1")
    assert notices(portal, world.rahma.user_id) == ["reset_wanted"]
    clock.go(minutes=6)
    joining.ask_for_reset(portal, world.rahma.email, address="10.0.0.1")
    assert notices(portal, world.rahma.user_id) == ["reset_wanted"] * 2
    invited = invite(portal, world.rahma, world.people.companies[0])
    clock.go(minutes=6)
    joining.ask_for_reset(portal, NINA, address="10.0.0.1")
    assert notices(portal, invited.user_id) == ["invited"] * 2, "who hasn't joined is asked again"


def test_who_is_in_charge_invites_hrd_of_their_own_company_only(portal, world):
    mine, other = world.people.companies
    for by, company in ((world.rahma, other), (world.surya, mine), (world.bayu, mine)):
        with pytest.raises(Forbidden):
            invite(portal, by, company)
    with pytest.raises(Forbidden):
        joining.invite(portal, world.rahma, email=NINA, name="N", role="admin", company_id=mine)
    with pytest.raises(Conflict):
        invite(portal, world.rahma, mine, email=world.surya.email)


def test_nobody_is_shown_a_link_that_opens_an_account_of_another_company(portal, world):
    mine, other = world.people.companies
    asked = invite(portal, world.admin, other)
    assert asked.link, "e-mails go to the console here"
    added = invite(portal, world.admin, mine)
    assert added.link != asked.link
    again = joining.invite_again(portal, world.rahma, asked.user_id, mine)
    assert again.link == ""
    assert notices(portal, asked.user_id) == ["invited"] * 3, "the person is asked all the same"
    assert joining.invite_again(portal, world.admin, asked.user_id).link


def test_one_s_own_sign_in_gives_an_address_no_further_guesses_at_others(portal, world):
    joining.use_link(portal, link_for(portal, world.rahma.user_id), OWN)
    for n in range(20):
        with pytest.raises(Invalid):
            accounts.sign_in(portal, f"orang{n}@contoh.example", "tebakan", address="10.0.0.7")
        if n % 5 == 3:
            accounts.sign_in(portal, world.rahma.email, OWN, address="10.0.0.7")
    with pytest.raises(TooMany):
        accounts.sign_in(portal, "orang@contoh.example", "tebakan", address="10.0.0.7")


def test_a_lead_whose_account_is_off_can_be_taken_out_while_another_is_left(portal, world):
    mine = world.people.companies[0]
    company_people.set_lead(portal, world.rahma, mine, world.surya.user_id, is_lead=True)
    accounts.set_user_active(portal, world.surya.user_id, active=False, by=world.admin)
    company_people.take_out(portal, world.rahma, mine, world.surya.user_id)
    assert world.surya.user_id not in {
        one.user_id for one in company_people.colleagues(portal, world.rahma, mine)
    }


def test_a_company_always_has_somebody_in_charge(portal, world):
    mine, other = world.people.companies
    rahma, surya = world.rahma, world.surya
    session_id = sessions.open_session(portal, {}, user_id=surya.user_id)
    for go in (
        lambda: company_people.take_out(portal, rahma, mine, rahma.user_id),
        lambda: company_people.set_lead(portal, rahma, mine, rahma.user_id, is_lead=False),
    ):
        with pytest.raises(Invalid):
            go()
    for by, company in ((surya, mine), (rahma, other)):
        with pytest.raises(NotFound):
            company_people.take_out(portal, by, company, surya.user_id)
        with pytest.raises(NotFound):
            company_people.colleagues(portal, by, company)
    with pytest.raises(NotFound):
        company_people.end_sessions(portal, rahma, mine, world.wulan.user_id)
    company_people.set_lead(portal, rahma, mine, surya.user_id, is_lead=True)
    company_people.end_sessions(portal, rahma, mine, surya.user_id)
    assert sessions.read_session(portal, session_id) is None
    surya = accounts.load_actor(portal, surya.user_id)
    company_people.take_out(portal, surya, mine, rahma.user_id)
    assert accounts.load_actor(portal, rahma.user_id).companies == frozenset()
    assert [one.is_lead for one in company_people.colleagues(portal, surya, mine)] == [True]
    assert notices(portal, rahma.user_id) == ["role_taken"]


def register(portal, **more):
    told = {
        "npp": "9000 0777", "division": "", "company": "CV Baru Rekaan", "name": "Nina Tamsilan",
        "email": NINA, "address": "10.0.0.1",
    }  # fmt: skip
    registrations.register(portal, **told | more)


def test_a_company_registers_by_npp_and_joins_when_an_admin_confirms(portal, world):
    register(portal)
    register(portal)
    ((asked, is_known),) = registrations.waiting(portal, world.admin)
    assert (asked.npp, asked.division, is_known) == ("90000777", "000", False)
    with portal.db.read() as session:
        assert session.scalar(sa.select(User).where(User.email == NINA)) is None, "not before"
    for go in (
        lambda: registrations.waiting(portal, world.rahma),
        lambda: registrations.accept(portal, world.rahma, asked.id),
    ):
        with pytest.raises(Forbidden):
            go()
    invited = registrations.accept(portal, world.admin, asked.id)
    joining.use_link(portal, token_of(invited.link), OWN, agreed=True)
    nina = accounts.sign_in(portal, NINA, OWN, address="127.0.0.1")
    assert nina.leads == nina.companies
    (company,) = places.companies(portal, nina)
    assert (company.name, company.npp) == ("CV Baru Rekaan", "90000777")
    with pytest.raises(Conflict):
        registrations.accept(portal, world.admin, asked.id)


def test_a_registration_of_a_known_npp_is_told_to_the_admin_and_refused_with_a_reason(
    portal, world
):
    register(portal, npp="90000123")
    ((asked, is_known),) = registrations.waiting(portal, world.admin)
    assert is_known
    with pytest.raises(Conflict):
        registrations.accept(portal, world.admin, asked.id)
    with pytest.raises(Invalid):
        registrations.refuse(portal, world.admin, asked.id, reason=" ")
    registrations.refuse(portal, world.admin, asked.id, reason="Bukan orangnya")
    assert registrations.waiting(portal, world.admin) == []
    for changed in ({"npp": "123"}, {"company": " "}, {"email": "nina"}, {"division": "abc"}):
        with pytest.raises(Invalid):
            register(portal, **changed)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("empat belas ok", "minimal 15"),
        ("Password12345678", "pertama ditebak"),
        ("qwertyuiop123456", "pertama ditebak"),
        ("rahasiarahasia1", "pertama ditebak"),
        ("a" * 40, "pertama ditebak"),
        ("ContohSejahtera2026!!!!", "“contoh”"),
        ("koreksi pagi di teluk", "“koreksi”"),
        ("nina pergi ke teluk biru", "nama atau surel"),
    ],
)
def test_common_and_context_words_are_refused_offline(sqlite_portal, password, said):
    of = passwords.Owner("nina@kantor.example", "Nina Tamsilan", ("PT Contoh Sejahtera",))
    with pytest.raises(Invalid) as refusal:
        passwords.check(sqlite_portal, password, of)
    assert said in refusal.value.message
    assert "password" in refusal.value.fields


def test_the_articles_rule_of_three_kinds_of_signs_is_a_setting(make_settings, sqlite_portal):
    of = passwords.Owner("nina@kantor.example", "Nina Tamsilan")
    passwords.check(sqlite_portal, OWN, of)
    sqlite_portal.settings = make_settings(password_classes=True)
    for password in (OWN, OWN.upper() + "7", OWN + "7"):
        with pytest.raises(Invalid):
            passwords.check(sqlite_portal, password, of)
    passwords.check(sqlite_portal, "Perahu kayu 7 di teluk", of)


def test_a_short_password_is_changed_when_the_second_factor_is_turned_off(portal, world):
    rahma, secret = world.rahma, second_factor.new_secret()
    second_factor.set_up(portal, rahma, secret, pyotp.TOTP(secret).at(portal.clock()))
    joining.use_link(portal, link_for(portal, rahma.user_id), "9 kudanil")
    second_factor.remove(portal, rahma, "9 kudanil")
    assert accounts.load_actor(portal, rahma.user_id).lacks == "longer_password"
    own_account.change_password(portal, rahma, current="9 kudanil", new=OWN, session_id=None)
    assert accounts.load_actor(portal, rahma.user_id).lacks == ""
