"""The portal for a WSGI server: `gunicorn wsgi:app`. Settings come from the environment."""

import sys

from hr_portal import logs
from hr_portal.app import create_app
from hr_portal.serving import settle_memory
from hr_portal.settings import Settings, SettingsError

try:
    settings = Settings.from_env()
    settings.make_folders()
    logs.configure(settings.log_level)
    app = create_app(settings)
    settle_memory()
except SettingsError as error:
    sys.stderr.write(f"hr-portal: {error}\n")
    sys.exit(4)  # gunicorn's code for an app that can't be loaded: it ends and doesn't try again
