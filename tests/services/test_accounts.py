"""People: passwords, throttles, sessions, tokens and roles."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import OutboxEntry, SignIn, Token, User
from hr_portal.services import accounts, devices, passwords, sessions
from hr_portal.services.errors import Conflict, Forbidden, Invalid, TooMany
from tests.conftest import SLOW_HASHER

PASSWORD = "kereta pagi ke Bogor"


@pytest.fixture
def nina(world, portal):
    accounts.create_user(
        portal,
        email="Nina@Contoh.example",
        name="Nina Tamsilan",
        password=PASSWORD,
        role="hrd",
        company_id=world.people.companies[0],
    )


def sign_in(portal, password=PASSWORD, email="nina@contoh.example", address="127.0.0.1"):
    return accounts.sign_in(portal, email, password, address=address)


def test_the_right_password_signs_in(world, portal, nina):
    actor = sign_in(portal, email=" NINA@contoh.example ")
    assert actor.name == "Nina Tamsilan"
    assert actor.companies == {world.people.companies[0]}


def test_passwords_are_kept_as_argon2id_of_19_mib(portal, nina, monkeypatch):
    monkeypatch.setattr(accounts, "_hasher", SLOW_HASHER)
    sign_in(portal)  # hashes anew what was hashed more lightly
    with portal.db.read() as session:
        kept = session.scalar(
            sa.select(User.password_hash).where(User.email == "nina@contoh.example")
        )
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_wrong_and_unknown_answer_alike(portal, nina):
    said = set()
    for email, password in (
        ("nina@contoh.example", "salah salah salah"),
        ("siapa@contoh.example", PASSWORD),
    ):
        with pytest.raises(Invalid) as refusal:
            sign_in(portal, password, email)
        said.add((refusal.value.code, refusal.value.message))
    assert len(said) == 1


def test_the_sixth_try_within_a_minute_waits_even_with_the_right_password(portal, nina, clock):
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(portal, "salah salah salah")
    with pytest.raises(TooMany) as refusal:
        sign_in(portal)
    assert 0 < refusal.value.retry_after <= 60
    clock.go(seconds=61)
    assert sign_in(portal).name == "Nina Tamsilan"


def test_who_guesses_from_elsewhere_keeps_nobody_out_of_a_browser_they_signed_in_with(
    portal, nina, clock
):
    at = {"address": "10.0.0.2"}
    known = devices.remember(portal, "Nina@contoh.example ", "")
    assert devices.remember(portal, "nina@contoh.example", known) == known
    number, _, proof = known.partition(".")
    strangers = [
        "", "x", f"{number}.{proof[:-1]}x", f"{number}x.{proof}",
        devices.remember(portal, "rahma@contohsejahtera.example", ""),
    ]  # fmt: skip
    for held in strangers:
        with pytest.raises(Invalid):
            accounts.sign_in(
                portal, "nina@contoh.example", "tebakan", address="10.0.0.9", device=held
            )
    for held in strangers:
        with pytest.raises(TooMany):
            accounts.sign_in(portal, "nina@contoh.example", PASSWORD, **at, device=held)
    assert accounts.sign_in(portal, "nina@contoh.example", PASSWORD, **at, device=known)
    with pytest.raises(TooMany):
        sign_in(portal)  # her own sign-in gives nobody further guesses
    for wanted in (*[Invalid] * 5, TooMany):
        with pytest.raises(wanted):
            accounts.sign_in(portal, "nina@contoh.example", "salah", **at, device=known)
    many = known
    for n in range(devices.MOST):
        many = devices.remember(portal, f"orang{n}@contoh.example", many)
    assert devices.known(portal, "nina@contoh.example", many) is None, "the oldest is forgotten"
    assert devices.known(portal, "orang0@contoh.example", many)


def test_trouble_on_one_account_leaves_another_alone(world, portal, nina):
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(portal, "salah salah salah", "rahma@contohsejahtera.example")
    assert sign_in(portal).name == "Nina Tamsilan"


@pytest.mark.parametrize(
    "password", ["pendek", "a" * 40, "nina tamsilan 2026 ok", "nina@contoh.example!"]
)
def test_weak_passwords_are_refused(world, portal, password):
    with pytest.raises(Invalid) as refusal:
        accounts.create_user(
            portal,
            email="nina@contoh.example",
            name="Nina Tamsilan",
            password=password,
            role="admin",
        )
    assert "password" in refusal.value.fields


def test_a_drawn_password_that_holds_the_name_is_drawn_again(world, portal, monkeypatch):
    drawn = ["xxBayu-5n_qT8fKz0RmWc4LdVhE3sGy", "A7w-nina_5qT8fKz0RmWc4LdVhE3sGyp", "B" * 32]
    drawn += [good := "q9-Zt5n_T8fKz0RmWc4LdVhE3sGyp2Jk"]
    monkeypatch.setattr(accounts.secrets, "token_urlsafe", lambda size: drawn.pop(0))
    password = accounts.draw_password(
        portal, passwords.Owner("nina@contoh.example", "Bayu Teladan")
    )
    assert (password, drawn) == (good, [])
    accounts.create_user(
        portal, email="nina@contoh.example", name="Bayu Teladan", password=good, role="admin"
    )


@pytest.mark.parametrize(
    "password", ["spasi dan ünïcode ✓ sepanjang enam puluh empat karakter penuh !!", PASSWORD]
)
def test_long_passwords_with_spaces_and_signs_work_exactly(world, portal, password):
    accounts.create_user(
        portal, email="x@contoh.example", name="Xena Y", password=password, role="admin"
    )
    assert sign_in(portal, password, "x@contoh.example").is_admin
    with pytest.raises(Invalid):
        sign_in(portal, password.upper(), "x@contoh.example")


def test_a_known_person_gets_a_further_role_and_keeps_the_password(world, portal, nina):
    branch = world.people.branches[1]
    accounts.create_user(
        portal,
        email="nina@contoh.example",
        name="Lain",
        password="",
        role="reviewer",
        branch_id=branch,
    )
    actor = sign_in(portal)
    assert (actor.roles, actor.name) == ({"hrd", "reviewer"}, "Nina Tamsilan")
    with pytest.raises(Conflict):
        accounts.create_user(
            portal,
            email="nina@contoh.example",
            name="Lain",
            password="",
            role="reviewer",
            branch_id=branch,
        )


@pytest.mark.parametrize("role", ["hrd", "reviewer", "root"])
def test_a_role_needs_its_place(world, portal, role):
    with pytest.raises(Invalid):
        accounts.create_user(
            portal, email="y@contoh.example", name="Y", password=PASSWORD, role=role
        )


@pytest.mark.parametrize("email", ["", "nina", "nina@", "a b@c.example", "<x@y.example>"])
def test_an_address_that_is_none_is_refused(world, portal, email):
    with pytest.raises(Invalid) as refusal:
        accounts.create_user(portal, email=email, name="Y", password=PASSWORD, role="admin")
    assert "email" in refusal.value.fields


def test_only_an_admin_adds_people(world, portal):
    with pytest.raises(Forbidden):
        accounts.create_user(
            portal,
            email="z@contoh.example",
            name="Z",
            password=PASSWORD,
            role="admin",
            by=world.rahma,
        )


def test_a_session_is_kept_by_its_hash_and_ends_on_the_server(world, portal):
    session_id = sessions.open_session(portal, {"a": 1}, user_id=world.rahma.user_id)
    assert sessions.read_session(portal, session_id).content == {"a": 1}
    with portal.db.read() as session:
        row = session.scalars(sa.select(SignIn)).one()
        assert session_id not in row.id_hash
        assert b'"a"' not in row.content
    sessions.end_session(portal, session_id)
    assert sessions.read_session(portal, session_id) is None
    assert sessions.read_session(portal, session_id[:-1] + "x") is None


def test_a_session_ends_after_thirty_idle_minutes_and_twelve_hours_at_all(world, portal, clock):
    idle = sessions.open_session(portal, {}, user_id=None)
    clock.go(minutes=31)
    assert sessions.read_session(portal, idle) is None
    kept = sessions.open_session(portal, {}, user_id=None)
    for _ in range(35):
        clock.go(minutes=20)
        assert sessions.read_session(portal, kept) is not None
    clock.go(minutes=21)
    assert sessions.read_session(portal, kept) is None
    assert sessions.sweep_sessions(portal) >= 1


def test_switching_an_account_off_ends_its_sessions_at_once(world, portal, nina):
    actor = sign_in(portal)
    session_id = sessions.open_session(portal, {}, user_id=actor.user_id)
    for active in (False, False, True, False):
        accounts.set_user_active(portal, actor.user_id, active=active, by=world.admin)
    with portal.db.read() as session:
        told = session.scalars(
            sa.select(OutboxEntry.kind)
            .where(OutboxEntry.user_id == actor.user_id)
            .order_by(OutboxEntry.id)
        ).all()
    assert told == ["switched_off", "switched_on", "switched_off"]
    assert sessions.read_session(portal, session_id) is None
    assert accounts.load_actor(portal, actor.user_id) is None
    with pytest.raises(Invalid):
        sign_in(portal)
    with pytest.raises(Invalid):
        accounts.set_user_active(portal, world.admin.user_id, active=False, by=world.admin)


def test_a_token_stands_for_its_user_and_only_its_hash_is_kept(world, portal):
    token = accounts.create_token(portal, "rahma@contohsejahtera.example", label="gaji")
    assert accounts.actor_of_token(portal, token).user_id == world.rahma.user_id
    assert accounts.actor_of_token(portal, token + "x") is None
    with portal.db.read() as session:
        assert token not in session.scalars(sa.select(Token.token_hash)).one()
        told = session.scalars(sa.select(OutboxEntry).where(OutboxEntry.kind == "token_made")).one()
    assert told.user_id == world.rahma.user_id
    with pytest.raises(Invalid):
        accounts.create_token(portal, "siapa@contoh.example")


def test_old_throttles_are_swept(world, portal, clock, nina):
    with pytest.raises(Invalid):
        sign_in(portal, "salah salah salah")
    clock.now += dt.timedelta(hours=2)
    assert sessions.sweep_sessions(portal) == 0
