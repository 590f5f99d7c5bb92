"""The services' tests act in the demo's world."""

from tests.world import clock, portal, world  # noqa: F401 - fixtures
