"""A portal to visit, and people who visit it; whatever their browsers complain of fails a test."""

import shutil

import pytest

from hr_portal.settings import Settings
from hr_portal.web.access import OPEN, needs
from tests.browser import live, scene
from tests.browser.visiting import Visitor
from tests.conftest import MASTER_KEY, SECRET_KEY


@pytest.fixture
def settings(make_settings, sqlite_url):
    """What a browser shows doesn't depend on the kind of database; the worker looks less often."""
    return make_settings(database_url=sqlite_url, poll_seconds=0.05)


@pytest.fixture
def site(settings):
    """The demo's companies and people, without any submission yet."""
    with live.site(settings) as served:
        yield served


@pytest.fixture
def visit(browser, site):
    """`visit()` gives somebody at a browser of their own; options as of Visitor."""
    visitors = []

    def come(**options):
        visitors.append(Visitor(browser, site, **options))
        return visitors[-1]

    yield come
    for one in visitors:
        one.close()
    complaints = [what for one in visitors for what in one.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def scenery(tmp_path_factory, _migrated_sqlite):
    """A portal in which everything exists once; tests look at it and change nothing of it."""
    folder = tmp_path_factory.mktemp("scenery")
    shutil.copy(_migrated_sqlite, folder / "portal.sqlite3")
    settings = Settings(
        data_dir=folder, secret_key=SECRET_KEY, master_key=MASTER_KEY, demo=True, max_document_bytes=250_000,
    )  # fmt: skip
    settings.make_folders()
    with live.site(settings, working=False) as served:
        served.app.add_url_rule("/rusak", "broken", needs(OPEN)(_break))
        served.ids = scene.fill(served)
        yield served


def _break():
    raise RuntimeError("a fault of ours")
