"""What many tests begin with is made once in a process; later tests get a copy of it.

Nearly every test begins with ten people, and most go on with a batch that was checked, got its
letter or was handed in: a child that reads the sheet, another that draws the letter. What is asked
for a second time is done once more, in a portal apart, and copied from there: the database and the
files.
"""

import contextlib
import functools
import sqlite3
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from shutil import copyfile, copytree
from types import ModuleType
from typing import TypeVar

import sqlalchemy as sa

from hr_portal.adapters.database.models import Base
from hr_portal.services import accounts, terms
from hr_portal.services.context import Portal, utc_now
from tests.migrated import migrated_sqlite

Made = TypeVar("Made")
Rows = dict[sa.Table, list[dict]]


@dataclass(frozen=True)
class _Kept:
    made: object
    folder: tempfile.TemporaryDirectory
    changed: Rows
    """The tables that hold something else than before, whole: what PostgreSQL is given."""


_kept: dict[Hashable, _Kept] = {}
_DATABASE = "kept.sqlite3"
_asked: set[Hashable] = set()


def furnish(portal: Portal, make: Callable[[Portal], Made]) -> Made:
    """What `make(portal)` returns; its rows are in the database of this portal, which was empty."""
    # What was made by the real clock is of no use to a test whose clock stands still.
    key = make, portal.settings.master_key, type(portal.clock)
    if key not in _kept:
        _make_apart(key, portal, make)
    return _bring(portal, key)


def again(
    portal: Portal, act: Hashable, do: Callable[[], Made], apart: Callable[[Portal], Made]
) -> Made:
    """What `do()` returns, with all that it leaves in this portal, which was just furnished.

    `apart(other)` furnishes another portal of the same settings and does the same there.
    """
    unlike = {"data_dir", "database_url"}
    names = [field.name for field in fields(portal.settings) if field.name not in unlike]
    key = act, tuple(getattr(portal.settings, name) for name in names)
    if key not in _asked:
        _asked.add(key)  # most are never asked for again
        return do()
    if key not in _kept:
        _make_apart(key, portal, apart)
    return _bring(portal, key)


def everybody_agrees(portal: Portal) -> None:
    """Has every account accept the terms, as who works has done."""
    for user in accounts.list_users(portal):
        with portal.db.write() as session:
            terms.keep(portal, session, user["id"], by=None)


def _make_apart(key: Hashable, portal: Portal, make: Callable[[Portal], Made]) -> None:
    clock = portal.clock if portal.clock is utc_now else type(portal.clock)()
    with tempfile.TemporaryDirectory() as name:
        settings = replace(
            portal.settings, data_dir=Path(name), database_url=f"sqlite:///{name}/apart"
        )
        settings.make_folders()
        copyfile(migrated_sqlite(), f"{name}/apart")
        with contextlib.closing(Portal.from_settings(settings, clock=clock)) as other:
            before = _rows_of(other)
            made = make(other)
            kept = tempfile.TemporaryDirectory(prefix="furnished-")
            _copy(f"{name}/apart", f"{kept.name}/{_DATABASE}")
            copytree(settings.files_dir, f"{kept.name}/files")
            after = _rows_of(other)
    changed = {table: lines for table, lines in after.items() if lines != before[table]}
    _kept[key] = _Kept(made, kept, changed)


def _bring(portal: Portal, key: Hashable) -> Made:
    kept = _kept[key]
    _forget_what_was_read()
    copytree(f"{kept.folder.name}/files", portal.settings.files_dir, dirs_exist_ok=True)
    if portal.db.is_sqlite:
        database = sa.make_url(portal.settings.database_url).database
        _copy(f"{kept.folder.name}/{_DATABASE}", database)
        return kept.made
    with portal.db.write() as session:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no triggers
        for table, lines in kept.changed.items():
            session.execute(sa.delete(table))
            if lines:
                session.execute(sa.insert(table), lines)
            _go_on_counting(session, table)
    return kept.made


def _copy(source: str, target: str) -> None:
    """A database that others have open may be either; each sees all of it or nothing."""
    with (
        contextlib.closing(sqlite3.connect(source)) as read,
        contextlib.closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)


def _forget_what_was_read() -> None:
    """A batch has the same name in each copy, and what a process holds on to goes by that name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("hr_portal."):
            for one in _holding(module):
                one.clear()


@functools.cache
def _holding(module: ModuleType) -> list[OrderedDict]:
    """What the module holds on to, itself or in an object of a class of its own."""
    return [
        one
        for held in vars(module).values()
        for one in (held, *(vars(held).values() if _is_its_own(held, module) else ()))
        if isinstance(one, OrderedDict)
    ]


def _is_its_own(held: object, module: ModuleType) -> bool:
    return type(held).__module__ == module.__name__ and hasattr(held, "__dict__")


def _rows_of(portal: Portal) -> Rows:
    with portal.db.read() as session:
        return {
            table: [dict(line) for line in session.execute(sa.select(table)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in {"counted_days", "figure_days"}  # each portal's worker's own
        }


def _go_on_counting(session, table: sa.Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which doesn't see numbers that are given."""
    counted = table.autoincrement_column
    if counted is not None:
        session.execute(
            sa.select(
                sa.func.setval(
                    sa.func.pg_get_serial_sequence(table.name, counted.name),
                    sa.select(sa.func.max(counted)).scalar_subquery(),
                )
            )
        )
