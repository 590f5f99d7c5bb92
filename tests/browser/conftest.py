"""A portal to visit, and people who visit it; whatever their browsers complain of fails a test."""

import pytest

from tests.browser import live
from tests.browser.visiting import Visitor

PASSWORD = "kuda laut biru tujuh"


@pytest.fixture
def settings(sqlite_settings):
    """What a browser shows doesn't depend on the kind of database."""
    return sqlite_settings


@pytest.fixture
def site(settings):
    """The demo's companies and people, without any submission yet."""
    with live.site(settings) as served:
        yield served


@pytest.fixture
def visit(browser, site):
    """`visit()` gives somebody at a browser of their own; options as of Visitor."""
    yield from _visits(browser, site)


def _visits(browser, site):
    visitors = []

    def come(**options):
        visitors.append(Visitor(browser, site, **options))
        return visitors[-1]

    yield come
    for one in visitors:
        one.close()
    complaints = [what for one in visitors for what in one.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def hrd(visit):
    """Somebody who comes in as HRD by the demo's button."""
    someone = visit()
    someone.sign_in_as("HRD")
    return someone
