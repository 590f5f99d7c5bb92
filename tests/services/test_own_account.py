"""Passwords, second factors and sign-ins of one's own, and an admin's help."""

import datetime as dt
import threading

import pyotp
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.account_models import RecoveryCode, SecondFactor
from hr_portal.adapters.database.models import Act, OutboxEntry
from hr_portal.services import (
    accounts,
    email_step,
    own_account,
    second_factor,
    sessions,
    throttling,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from tests.furnished import everybody_agrees

OLD, NEW = "kuda laut biru tujuh", "perahu kayu di teluk"


@pytest.fixture
def dewi(portal, world):
    """An HRD with a password that is known here."""
    user = accounts.create_user(
        portal, email="dewi@contoh.example", name="Dewi Rekaan", password=OLD, role="hrd",
        company_id=world.people.companies[0],
    )  # fmt: skip
    everybody_agrees(portal)
    return accounts.load_actor(portal, user)


def opened(portal, actor):
    return sessions.open_session(portal, {"_user_id": actor.user_id}, user_id=actor.user_id)


def notices(portal, actor):
    with portal.db.read() as session:
        return session.scalars(
            sa.select(OutboxEntry.kind)
            .where(OutboxEntry.user_id == actor.user_id)
            .order_by(OutboxEntry.id)
        ).all()


def code_of(portal, secret, later=0):
    return pyotp.TOTP(secret).at(portal.clock() + dt.timedelta(seconds=later))


@pytest.fixture
def secret(portal, dewi):
    """The secret of a second factor that was set up an hour ago."""
    made = second_factor.new_secret()
    second_factor.set_up(portal, dewi, made, code_of(portal, made))
    portal.clock.go(hours=1)
    return made


def test_a_changed_password_ends_every_other_session_and_is_told(portal, dewi):
    here, there = opened(portal, dewi), opened(portal, dewi)
    own_account.change_password(portal, dewi, current=OLD, new=NEW, session_id=here)
    assert sessions.read_session(portal, here) is not None
    assert sessions.read_session(portal, there) is None
    accounts.sign_in(portal, dewi.email, NEW, address="127.0.0.1")
    with pytest.raises(Invalid):
        accounts.sign_in(portal, dewi.email, OLD, address="127.0.0.1")
    assert notices(portal, dewi) == ["password_changed"]


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [(NEW, NEW, "current"), (OLD, "pendek", "password"), (OLD, OLD, "password"),
     (OLD, "dewi rekaan 2026 oke", "password")],
)  # fmt: skip
def test_a_password_is_only_changed_by_who_knows_it_and_to_a_good_one(
    portal, dewi, current, new, field
):
    with pytest.raises(Invalid) as refusal:
        own_account.change_password(portal, dewi, current=current, new=new, session_id=None)
    assert field in refusal.value.fields
    accounts.sign_in(portal, dewi.email, OLD, address="127.0.0.1")


def test_guessing_the_present_password_is_throttled_with_the_sign_in(portal, dewi):
    for _ in range(5):
        with pytest.raises(Invalid):
            own_account.check_password(portal, dewi, "salah sama sekali")
    with pytest.raises(TooMany):
        own_account.check_password(portal, dewi, OLD)


def test_one_sees_and_ends_ones_own_sessions_only(portal, dewi, world):
    here, there = opened(portal, dewi), opened(portal, dewi)
    theirs = opened(portal, world.rahma)
    assert [one.is_this for one in own_account.sessions_of(portal, dewi, here)] == [True, False]
    with pytest.raises(NotFound):
        own_account.end_session(portal, dewi, sessions.session_key(theirs))
    own_account.end_session(portal, dewi, sessions.session_key(there))
    assert sessions.read_session(portal, there) is None
    opened(portal, dewi)
    own_account.end_other_sessions(portal, dewi, here)
    assert [one.is_this for one in own_account.sessions_of(portal, dewi, here)] == [True]
    assert sessions.read_session(portal, theirs) is not None
    portal.clock.go(minutes=31)
    assert own_account.sessions_of(portal, dewi, None) == []


def test_a_code_is_good_once_and_a_step_before_and_after_its_time(portal, dewi, secret):
    for late in (-90, 90):
        with pytest.raises(Invalid):
            second_factor.verify(portal, dewi.user_id, code_of(portal, secret, late))
    code = code_of(portal, secret, -30)
    second_factor.verify(portal, dewi.user_id, f" {code[:3]} {code[3:]} ")
    with pytest.raises(Invalid):
        second_factor.verify(portal, dewi.user_id, code)
    second_factor.verify(portal, dewi.user_id, code_of(portal, secret, 30))


def test_two_who_send_one_code_at_once_one_gets_in(portal, dewi, secret):
    code, start, passed = code_of(portal, secret), threading.Barrier(2), []

    def go():
        start.wait()
        try:
            second_factor.verify(portal, dewi.user_id, code)
            passed.append(True)
        except Invalid:
            passed.append(False)

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(passed) == [False, True]


def test_neither_secret_nor_recovery_codes_are_readable_in_the_database(portal, dewi):
    made = second_factor.new_secret()
    codes = second_factor.set_up(portal, dewi, made, code_of(portal, made))
    assert (len(codes), len(set(codes))) == (10, 10)
    with portal.db.read() as session:
        held = bytes(session.scalars(sa.select(SecondFactor.secret)).one())
        kept = b"".join(session.scalars(sa.select(RecoveryCode.code)))
    assert made.encode() not in held
    assert not any(code.encode() in kept for code in codes)
    assert second_factor.is_set_up(portal, dewi.user_id)


def test_turning_it_on_ends_every_other_session(portal, dewi):
    here, there = opened(portal, dewi), opened(portal, dewi)
    made = second_factor.new_secret()
    second_factor.set_up(portal, dewi, made, code_of(portal, made), session_id=here)
    assert sessions.read_session(portal, here) is not None
    assert sessions.read_session(portal, there) is None


def test_a_recovery_code_gets_in_once_and_is_told(portal, dewi):
    made = second_factor.new_secret()
    code = second_factor.set_up(portal, dewi, made, code_of(portal, made))[3]
    second_factor.verify(portal, dewi.user_id, f"{code[:5]}-{code[5:].upper()}")
    with pytest.raises(Invalid):
        second_factor.verify(portal, dewi.user_id, code)
    assert second_factor.codes_left(portal, dewi.user_id) == 9
    assert notices(portal, dewi) == ["second_factor_on", "recovery_code_used"]


def test_codes_are_throttled_for_the_person_wherever_they_are_tried(portal, dewi, secret):
    for _ in range(5):
        with pytest.raises(Invalid):
            second_factor.verify(portal, dewi.user_id, "000000")
    for _ in range(2):
        with pytest.raises(TooMany):
            second_factor.verify(portal, dewi.user_id, code_of(portal, secret))
    assert notices(portal, dewi).count("codes_tried") == 1, "somebody knows the password"
    portal.clock.go(minutes=2)
    second_factor.verify(portal, dewi.user_id, code_of(portal, secret))


def test_a_second_factor_is_kept_only_when_its_first_code_is_right(portal, dewi, secret):
    with pytest.raises(Invalid):
        second_factor.set_up(portal, dewi, second_factor.new_secret(), "123456")
    other = second_factor.new_secret()
    with pytest.raises(Conflict):
        second_factor.set_up(portal, dewi, other, code_of(portal, other))


def test_it_is_turned_off_against_the_password_and_where_the_role_may(
    portal, dewi, secret, world, make_settings
):
    with pytest.raises(Invalid):
        second_factor.remove(portal, dewi, NEW)
    second_factor.remove(portal, dewi, OLD)
    assert not second_factor.is_set_up(portal, dewi.user_id)
    with pytest.raises(NotFound):
        second_factor.verify(portal, dewi.user_id, "000000")
    earnest = Portal.from_settings(
        make_settings(
            database_url=portal.settings.database_url, demo=False, base_url="https://x.example"
        ),
        clock=portal.clock,
    )
    with pytest.raises(Forbidden):
        second_factor.remove(earnest, world.bayu, OLD)
    earnest.close()


def test_outside_the_demo_a_reviewer_and_an_admin_lack_a_second_factor_until_set_up(
    portal, world, make_settings
):
    earnest = Portal.from_settings(
        make_settings(
            database_url=portal.settings.database_url, demo=False, base_url="https://x.example"
        ),
        clock=portal.clock,
    )
    lacks = lambda who: accounts.load_actor(earnest, who.user_id).lacks  # noqa: E731
    assert [lacks(who) for who in (world.rahma, world.bayu, world.admin)] == [
        "", "second_factor", "second_factor",
    ]  # fmt: skip
    made = second_factor.new_secret()
    second_factor.set_up(earnest, world.bayu, made, code_of(earnest, made))
    assert lacks(world.bayu) == ""
    assert accounts.load_actor(portal, world.admin.user_id).lacks == ""
    earnest.close()


def test_an_admin_helps_in_with_a_reason_and_the_password_has_to_be_changed(
    portal, dewi, secret, world
):
    session = opened(portal, dewi)
    for _ in range(5):
        with pytest.raises(Invalid):
            accounts.sign_in(portal, dewi.email, "salah sama sekali", address="10.0.0.9")
    reason = "Lupa kata sandi, identitas dipastikan lewat telepon"
    with pytest.raises(Invalid):
        own_account.make_new_password(portal, world.admin, dewi.user_id, reason=" ok ")
    for who, error in ((world.rahma, Forbidden), (world.admin, Invalid)):
        with pytest.raises(error):
            own_account.make_new_password(portal, who, world.admin.user_id, reason=reason)
    with pytest.raises(NotFound):
        own_account.make_new_password(portal, world.admin, "nobody", reason=reason)
    drawn = own_account.make_new_password(portal, world.admin, dewi.user_id, reason=reason)
    assert sessions.read_session(portal, session) is None
    actor = accounts.sign_in(portal, dewi.email, drawn, address="10.0.0.8")
    assert actor.lacks == "password"
    assert second_factor.is_set_up(portal, dewi.user_id), "a new password is no way around it"
    own_account.change_password(portal, actor, current=drawn, new=NEW, session_id=None)
    assert accounts.load_actor(portal, dewi.user_id).lacks == ""
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "user:password_reset")).one()
    assert act.details == {"reason": reason}


def test_a_lost_second_factor_is_reset_by_an_admin_with_a_reason(portal, dewi, secret, world):
    session = opened(portal, dewi)
    with pytest.raises(NotFound):
        second_factor.reset(portal, world.admin, "nobody", reason="Ponsel hilang")
    second_factor.reset(portal, world.admin, dewi.user_id, reason="Ponsel hilang")
    assert not second_factor.is_set_up(portal, dewi.user_id)
    assert sessions.read_session(portal, session) is None
    assert notices(portal, dewi)[-1] == "second_factor_off"


def test_an_admin_unlocks_with_a_reason_and_the_person_is_told(portal, dewi, secret, world):
    for _ in range(5):
        with pytest.raises(Invalid):
            accounts.sign_in(portal, dewi.email, "salah sama sekali", address="10.0.0.9")
        with pytest.raises(Invalid):
            second_factor.verify(portal, dewi.user_id, "000000")
        with pytest.raises(Invalid):
            email_step.verify(portal, dewi.user_id, "000000")
    assert throttling.locked_until(portal, dewi.user_id) > portal.clock()
    for who, reason in ((world.admin, " "), (world.rahma, "Sudah dijelaskan")):
        with pytest.raises((Invalid, Forbidden)):
            own_account.unlock(portal, who, dewi.user_id, reason=reason)
    with pytest.raises(TooMany):
        accounts.sign_in(portal, dewi.email, OLD, address="10.0.0.9")
    held = sessions.open_session(portal, {}, user_id=dewi.user_id)
    for act in (own_account.unlock, own_account.end_sessions_of):
        act(portal, world.admin, dewi.user_id, reason="Sudah dijelaskan di telepon")
    assert sessions.read_session(portal, held) is None
    assert throttling.locked_until(portal, dewi.user_id) is None
    with pytest.raises(Invalid):  # and not TooMany
        email_step.verify(portal, dewi.user_id, "000000")
    accounts.sign_in(portal, dewi.email, OLD, address="10.0.0.9")
    second_factor.verify(portal, dewi.user_id, code_of(portal, secret))
    assert notices(portal, dewi)[-2:] == ["unlocked", "sessions_ended"]
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "user:unlocked")).one()
    assert act.details == {"reason": "Sudah dijelaskan di telepon"}
    for act in (own_account.unlock, own_account.end_sessions_of):
        with pytest.raises(NotFound):
            act(portal, world.admin, "nobody", reason="Sudah dijelaskan")
