"""What `doctor` asks a database: times of acts, clock and key; what waits for the scanner."""

import datetime as dt

import sqlalchemy as sa

from hr_portal.adapters.database.document_models import HeldDocument
from hr_portal.adapters.database.models import Act


def latest_act(connection: sa.Connection) -> dt.datetime | None:
    """Return when the latest act happened; None where there is none."""
    return connection.scalar(sa.select(Act.at).order_by(Act.id.desc()).limit(1))


def server_time(connection: sa.Connection) -> dt.datetime | None:
    """Return the time by a database server's clock; None for SQLite, which has none of its own."""
    if connection.dialect.name == "sqlite":
        return None
    told: dt.datetime | None = connection.scalar(sa.select(sa.func.clock_timestamp()))
    return told


def key_changed(connection: sa.Connection) -> dt.datetime | None:
    """Return since when the master key is in use: its last change, else the first act."""
    changed = sa.select(sa.func.max(Act.at)).where(Act.action == "installation:master_key_rotated")
    return connection.scalar(changed) or connection.scalar(sa.select(sa.func.min(Act.at)))


def waiting_for_scanner(connection: sa.Connection) -> int:
    """Return how many documents the virus scanner has not spoken of yet."""
    return int(
        connection.scalar(
            sa.select(sa.func.count(HeldDocument.id)).where(HeldDocument.refused.is_(None))
        )
        or 0
    )
