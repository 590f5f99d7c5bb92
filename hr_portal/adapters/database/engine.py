"""Engines and sessions: one for units that write, one for units that only read.

SQLite: WAL, synchronous=FULL, foreign keys, busy timeout, and `BEGIN IMMEDIATE`
for writers: without it concurrent read-then-write units lose updates in silence
(security.md, fact 1). PostgreSQL: READ COMMITTED, lock and statement timeouts.
"""

import itertools
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hr_portal.adapters.database import tenant_guard

Found = TypeVar("Found")
SQLITE_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "wal_autocheckpoint=4000",
)
LOCK_SECONDS = 10.0
"""So long a writer waits for another; then the request is answered with 503."""
_BULK_CACHE = "PRAGMA cache_size=-32768"
"""Indexes of HMACs are written all over; in the usual 2 MB each page is written many times."""
_WAL_SECONDS, _WAL_PAUSE = 10.0, 0.02
_WAY_SECONDS = 0.11
_ASKED_AGAIN_SECONDS = 0.1
"""So long after it was used a connection is taken to be alive: no server starts anew in less."""
_POSTGRESQL_PLANS = "-c jit=off -c max_parallel_workers_per_gather=0"
"""What pages ask takes milliseconds; compiling it, which a wrong guess of its cost brings about,
took 200, and to start other processes for it 20 to 40."""
_IS_LARGE = sqlite3.sqlite_version_info >= (3, 32)
_MOST_VALUES = 32_766 if _IS_LARGE else 999
_AT_ONCE = (4_000, 400) if _IS_LARGE else (100,)
"""Rows of one INSERT on SQLite, as many as there are; what is less goes into one more. Few sizes,
so that the driver keeps each prepared; large ones, so that SQLite works for long without Python's
lock, which a thread beside it needs five milliseconds to give back."""


def make_engine(url: str, *, begin: str = "BEGIN") -> sa.Engine:
    """Make an engine; `begin` is what opens a transaction on SQLite."""
    if sa.make_url(url).get_backend_name() != "sqlite":
        return _postgresql(url)
    engine = sa.create_engine(url, pool_size=16, max_overflow=16)

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver opens no transaction of its own
        connection.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000:.0f}")
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    @sa.event.listens_for(engine, "handle_error")
    def _failed(context: sa.ExceptionContext) -> None:
        # After an I/O error nobody knows what the connection still holds: all are opened anew.
        name = getattr(context.original_exception, "sqlite_errorname", None) or ""
        if name.startswith("SQLITE_IOERR"):
            context.is_disconnect = True

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str) -> sa.Engine:
    """Make an engine whose connections are asked whether they live, unless they were just used.

    The units of one request follow each other on the connection that was given back last; asking
    it before each of them would cost as much as a question of the page.
    """
    engine = sa.create_engine(
        url,
        pool_use_lifo=True,
        connect_args={
            "options": f"-c lock_timeout={LOCK_SECONDS * 1000:.0f}"
            f" -c statement_timeout=120s -c timezone=UTC {_POSTGRESQL_PLANS}"
        },
    )

    @sa.event.listens_for(engine, "checkin")
    def _given_back(_connection: object, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info[_USED] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: sa.pool.ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - the driver's
        used = record.info.get(_USED)  # nothing of one that was opened just now
        if used is None or time.monotonic() - used < _ASKED_AGAIN_SECONDS:
            return
        dialect = engine.dialect
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            # the pool forgets all that are as old, and tries again with a new one
            raise sa.exc.InvalidatePoolError from error

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, which the file remembers.

    Of two that open a new file at once the later one is refused here without waiting: SQLite asks
    the busy handler for locks, not for a change of the journal.
    """
    until = time.monotonic() + _WAL_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


@dataclass(slots=True)
class _Together:
    """One session that the reading units of a piece of work share, while nothing is written."""

    db: "Database"
    session: Session
    is_over: bool = False


_TOGETHER: ContextVar[_Together | None] = ContextVar("together", default=None)
_FOUND, _USED = "found", "used"


def once(session: Session, what: Hashable, find: Callable[[], Found]) -> Found:
    """Return what `find` finds; asked again inside one `Database.together`, what was found then.

    Only for what a unit of reading may hold on to, named so that nothing else has that name.
    """
    held: dict[Hashable, Any] | None = session.info.get(_FOUND)
    if held is None:
        return find()
    if what not in held:
        held[what] = find()
    found: Found = held[what]
    return found


class Database:
    """The two engines behind two doors: `write()` and `read()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = sa.make_url(url).get_backend_name() == "sqlite"
        self.writer = make_engine(url, begin="BEGIN IMMEDIATE")
        self.reader = make_engine(url) if self.is_sqlite else self.writer
        for engine in {self.writer, self.reader}:
            tenant_guard.attach(engine)
        kind = tenant_guard.ScopedSession
        self._write = sessionmaker(
            self.writer, class_=kind, expire_on_commit=False, info={"writes": True}
        )
        reading = apart = self.reader
        if not self.is_sqlite:
            reading = self.reader.execution_options(postgresql_readonly=True)
            apart = self.reader.execution_options(isolation_level="AUTOCOMMIT")
        self._read = sessionmaker(reading, class_=kind, expire_on_commit=False)
        self._glance = sessionmaker(apart, class_=kind, expire_on_commit=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open one unit that may write; committed at the end, or rolled back whole.

        What stands in the session's `info["at_end"]` is called last of all, inside the unit.
        """
        together = _TOGETHER.get()
        if together is not None:
            together.is_over = True  # who reads after this has to see what is written here
        with self._write.begin() as session:
            session.info["at_end"] = []
            yield session
            for finish in session.info["at_end"]:
                finish()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one unit that only reads; nothing that is changed in it is kept.

        Closing lets go of what was loaded, whole; an explicit rollback would expire it, and callers
        could no longer read it. Inside `together` it is a part of that.
        """
        together = _TOGETHER.get()
        if together is not None and together.db is self and not together.is_over:
            yield together.session
            return
        with self._read() as session:
            yield session
            self._end_reading(session)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one unit of all that is read inside: one transaction, and each thing asked once.

        For a page that several services fill. From the first `write()` on, readers get units of
        their own again. Don't render inside: the transaction stays open as long as this does.
        """
        with self._shared(self._read):
            yield

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """As `together`, for the two or three questions about who is asking.

        PostgreSQL gets them without a transaction around them: beginning and ending one takes as
        long as the questions do. Each sees what is committed when it is asked, as in any unit here
        (READ COMMITTED). Nothing may be streamed, locked or changed inside.
        """
        with self._shared(self._glance) as session:
            yield session

    @contextmanager
    def _shared(self, make: sessionmaker[tenant_guard.ScopedSession]) -> Iterator[Session]:
        with make() as session:
            session.info[_FOUND] = {}
            before = _TOGETHER.set(_Together(self, session))
            try:
                yield session
            finally:
                _TOGETHER.reset(before)
            self._end_reading(session)

    def _end_reading(self, session: Session) -> None:
        """End a unit that only reads, so that PostgreSQL keeps what it has prepared.

        With a rollback, which may take back what a table looks like, psycopg forgets all statements
        that are prepared on the connection; each of a page's would be read and planned anew. What
        was changed in Python is let go first, and the transaction is read only.
        """
        if not self.is_sqlite:
            session.expunge_all()
            session.commit()

    def give_way(self) -> None:
        """Let others write who wait for it, between two units of a long piece of work.

        SQLite has no queue of writers: who waits looks again after a tenth of a second at most, and
        a work of many units would always be there before. PostgreSQL's writers wait for rows only.
        """
        if self.is_sqlite:
            time.sleep(_WAY_SECONDS)

    def settle(self) -> None:
        """Let nothing of what was deleted linger in SQLite's write-ahead log.

        The pages themselves are overwritten by `secure_delete`. While somebody still reads an
        older state it is left for the next time. PostgreSQL has its own vacuum.
        """
        if self.is_sqlite:
            connection = self.writer.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()


def bulk_insert(
    session: Session, table: sa.Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Insert many rows at once, inside the session's transaction.

    Values go to the driver as they are: bytes, text, numbers, None (no times,
    no JSON). COPY on PostgreSQL; on SQLite many rows a statement, which
    takes half the time of as many statements.
    """
    if not rows:
        return
    session.flush()
    connection = session.connection()
    tenant_guard.expect_written(connection, table.name, columns, rows)
    cursor = connection.connection.cursor()
    names = ", ".join(f'"{name}"' for name in columns)
    try:
        if connection.dialect.name == "sqlite":
            cursor.execute(_BULK_CACHE)
            row = f"({', '.join('?' * len(columns))})"
            for part in _statements(rows, len(columns)):
                marks = ", ".join([row] * len(part))
                cursor.execute(
                    f'INSERT INTO "{table.name}" ({names}) VALUES {marks}',  # noqa: S608 - names are ours
                    tuple(itertools.chain.from_iterable(part)),
                )
        else:
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for values in rows:
                    copy.write_row(values)
    finally:
        cursor.close()


def _statements(rows: list[tuple[Any, ...]], columns: int) -> Iterator[list[tuple[Any, ...]]]:
    """Cut rows into what one statement each takes."""
    sizes = [min(size, _MOST_VALUES // columns) for size in _AT_ONCE]
    start = 0
    while start < len(rows):
        left = len(rows) - start
        size = next((size for size in sizes if size <= left), left)
        yield rows[start : start + size]
        start += size


def bound(session: Session, column: sa.Column[Any], value: object) -> object:
    """Return a value, a time for instance, as `bulk_insert` has to hand it to the driver."""
    dialect = session.get_bind().dialect
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return process(value) if process else value


def bulk_update(
    session: Session,
    table: sa.Table,
    columns: tuple[str, ...],
    keys: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> None:
    """Change many rows at once, inside the session's transaction.

    Each tuple holds the new values of `columns`, then those of `keys`, which name its row;
    values go to the driver as for `bulk_insert`. What the session has loaded stays as it was.
    """
    if not rows:
        return
    session.flush()
    connection = session.connection()
    tenant_guard.expect_written(connection, table.name, (*columns, *keys), rows)
    cursor = connection.connection.cursor()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    put, where = (
        between.join(f'"{name}" = {mark}' for name in names)
        for between, names in ((", ", columns), (" AND ", keys))
    )
    try:
        if connection.dialect.name == "sqlite":
            cursor.execute(_BULK_CACHE)
        cursor.executemany(
            f'UPDATE "{table.name}" SET {put} WHERE {where}',  # noqa: S608 - names are ours
            rows,
        )
    finally:
        cursor.close()
