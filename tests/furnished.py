"""What many tests begin with is made once in a process; later tests get a copy of its rows.

Hashing the passwords of ten people costs a third of a second by design, and nearly every test
begins with them.
"""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from hr_portal.adapters.database.models import Base
from hr_portal.services import accounts, terms
from hr_portal.services.context import Portal

Made = TypeVar("Made")
_kept: dict[tuple[Callable, bytes, type], tuple[object, list[tuple[sa.Table, list[dict]]]]] = {}


def furnish(portal: Portal, make: Callable[[Portal], Made]) -> Made:
    """What `make(portal)` returns; its rows are in the database of this portal, which was empty."""
    # What was made by the real clock is of no use to a test whose clock stands still.
    key = make, portal.settings.master_key, type(portal.clock)
    if key not in _kept:
        with portal.db.read() as session:
            seeded = dict(_rows_of(session))
        made = make(portal)
        with portal.db.read() as session:
            held = [
                (table, [line for line in lines if line not in seeded.get(table, [])])
                for table, lines in _rows_of(session)
            ]
        _kept[key] = made, [(table, lines) for table, lines in held if lines]
        return made
    made, rows = _kept[key]
    with portal.db.write() as session:
        for table, lines in rows:
            session.execute(sa.insert(table), lines)
            _go_on_counting(session, table)
    return made


def everybody_agrees(portal: Portal) -> None:
    """Has every account accept the terms, as who works has done."""
    for user in accounts.list_users(portal):
        with portal.db.write() as session:
            terms.keep(portal, session, user["id"], by=None)


def _rows_of(session) -> list[tuple[sa.Table, list[dict]]]:
    tables = (
        (table, [dict(line) for line in session.execute(sa.select(table)).mappings()])
        for table in Base.metadata.sorted_tables
        if table.name not in {"counted_days", "figure_days"}  # each portal's worker counts its own
    )
    return [(table, lines) for table, lines in tables if lines]


def _go_on_counting(session, table: sa.Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which doesn't see numbers that are given."""
    counted = table.autoincrement_column
    if session.get_bind().dialect.name == "postgresql" and counted is not None:
        session.execute(
            sa.select(
                sa.func.setval(
                    sa.func.pg_get_serial_sequence(table.name, counted.name),
                    sa.select(sa.func.max(counted)).scalar_subquery(),
                )
            )
        )
