"""The portal opened for one command of whoever runs the installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hr_portal import logs
from hr_portal.settings import Settings

if TYPE_CHECKING:
    from hr_portal.services.context import Portal


@contextmanager
def opened(*, demo: bool) -> "Iterator[Portal]":
    """Open the portal that the environment names, and close it at the end."""
    from hr_portal.adapters.database import tenancy
    from hr_portal.services.context import Portal

    settings = Settings.from_env(demo=demo or None)
    logs.configure("warning")
    settings.make_folders()
    portal = Portal.from_settings(settings)
    try:
        with tenancy.under(tenancy.Wide("command")):
            yield portal
    finally:
        portal.close()
