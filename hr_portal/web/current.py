"""The portal behind the request that is being answered."""

from flask import current_app

from hr_portal.services.context import Portal


def portal() -> Portal:
    """The portal that `create_app` put into the application."""
    found: Portal = current_app.extensions["portal"]
    return found
