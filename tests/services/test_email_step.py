"""The code by e-mail: it arrives by real SMTP, is good once and for ten minutes only."""

import contextlib
import re

import pyotp
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.account_models import EmailStep
from hr_portal.services import email_codes, email_step, second_factor, sessions
from hr_portal.services.errors import Conflict, Forbidden, Invalid, TooMany
from tests.services.test_notices import server, settings  # noqa: F401 - fixtures


@pytest.fixture
def arrived(world, server):
    def code():
        world.work()
        (found,) = re.findall(r"Kode Anda: (\d{6})\.", server.letters[-1].get_content())
        return found

    return code


def test_a_code_arrives_is_good_once_for_ten_minutes_and_tells_nothing_of_anybody(
    world,
    portal,
    arrived,
    clock,
    server,
):
    rahma = world.rahma
    email_step.begin(portal, rahma)
    assert not email_step.is_on(portal, rahma.user_id), "not before a code has arrived"
    session_id = sessions.open_session(portal, {}, user_id=rahma.user_id)
    first = arrived()
    letter = server.letters[-1].as_string()
    assert not any(one in letter for one in (rahma.name, "Rahma", "PT Contoh", rahma.user_id))
    with portal.db.read() as session:
        assert first.encode() not in session.scalar(sa.select(EmailStep.code))
    email_step.confirm(portal, rahma, first, session_id=None)
    assert email_step.is_on(portal, rahma.user_id)
    assert sessions.read_session(portal, session_id) is None
    with pytest.raises(Invalid):
        email_step.verify(portal, rahma.user_id, first)
    email_step.send(portal, rahma.user_id)
    late = arrived()
    clock.go(minutes=10)
    with pytest.raises(Invalid):
        email_step.verify(portal, rahma.user_id, late)
    email_step.send(portal, rahma.user_id)
    old, sent = arrived(), len(server.letters)
    email_step.send(portal, rahma.user_id)
    world.work()
    assert len(server.letters) == sent, "an e-mail is under way; its code is good"
    with pytest.raises(TooMany) as early:
        email_step.send_again(portal, rahma.user_id)
    assert 0 < early.value.retry_after <= 60
    clock.go(seconds=early.value.retry_after)
    email_step.send_again(portal, rahma.user_id)
    with pytest.raises(Invalid):  # at once, not only when the next e-mail goes out
        email_step.verify(portal, rahma.user_id, old)
    newest = arrived()
    email_step.verify(portal, rahma.user_id, f"{newest[:3]} {newest[3:]}")
    for act in (
        lambda: email_step.verify(portal, rahma.user_id, "bukan kode"),
        lambda: email_step.send(portal, rahma.user_id),
    ):
        clock.go(minutes=11)
        for _ in range(email_step.CODES):
            with contextlib.suppress(Invalid):
                act()
            clock.go(seconds=61)
        with pytest.raises(TooMany):
            act()


def test_it_is_for_hrd_only_and_gives_way_to_an_authenticator(world, portal, clock):
    for who in (world.bayu, world.admin):
        with pytest.raises(Forbidden):
            email_step.begin(portal, who)
    rahma, secret = world.rahma, second_factor.new_secret()
    email_step.begin(portal, rahma)
    with portal.db.write() as session:
        code = email_codes.draw(portal, session, rahma.user_id)
    email_step.confirm(portal, rahma, code, session_id=None)
    second_factor.set_up(portal, rahma, secret, pyotp.TOTP(secret).at(portal.clock()))
    assert not email_step.is_on(portal, rahma.user_id)
    with pytest.raises(Conflict):
        email_step.begin(portal, rahma)
