"""Threats are tried on the demo's world, through services and through the real application."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import User
from hr_portal.app import create_app
from hr_portal.services import accounts
from tests.api.conftest import Caller
from tests.web.client import PASSWORD, PageClient
from tests.world import clock, portal, world  # noqa: F401 - fixtures


@pytest.fixture
def app(portal):
    """The application on the world's portal."""
    made = create_app(portal.settings, portal=portal)
    made.config["TESTING"] = False  # faults are answered as in earnest
    return made


@pytest.fixture
def browser_of(app, portal):
    """`browser_of(world.rahma)` is that person at a browser, signed in."""

    def make(actor) -> PageClient:
        with portal.db.write() as session:
            session.execute(
                sa.update(User)
                .where(User.id == actor.user_id)
                .values(password_hash=accounts.hash_password(PASSWORD))
            )
        return PageClient(app).sign_in(actor.email)

    return make


@pytest.fixture
def program_of(app, portal):
    """`program_of(world.rahma)` calls the interface with a token of that person."""
    return lambda actor: Caller(app, accounts.create_token(portal, actor.email))
