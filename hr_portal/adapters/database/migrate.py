"""Brings a database to the present schema, and says whether it is there."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hr_portal.adapters.database.engine import make_engine
from hr_portal.settings import Settings

LOCK = 0x504B44
"""Held while migrating, so that two processes starting together take turns."""


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    folder = str(files("hr_portal.adapters.database") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade_url(url: str) -> None:
    """Run all migrations that the database at `url` still lacks."""
    engine = make_engine(url, begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE waits by itself
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def is_current(connection: sa.Connection) -> bool:
    """Say whether the database has all migrations."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def upgrade(settings: Settings) -> None:
    """As `upgrade_url`, for the database that the settings name."""
    upgrade_url(settings.database_url)
