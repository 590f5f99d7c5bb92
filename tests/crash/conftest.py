"""The same world, on the machine's own clock, which several processes share."""

import pytest

from hr_portal.services.context import utc_now
from tests.world import portal, world  # noqa: F401 - fixtures


@pytest.fixture
def clock():
    """The present time."""
    return utc_now
