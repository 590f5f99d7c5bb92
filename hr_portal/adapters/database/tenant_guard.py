"""Holds every statement against the scope it runs under (security.md C3).

Each owned table of a statement must be tied to a tenant (`tenant_ties`, looked at once for each
compiled statement), and each time it runs, what ties it must be the scope's: a company or branch
in it, or the key of something that is theirs, which is looked up once in a request where it isn't
known yet. The statement itself stays as it was written, so that plans and indexes do too.

Text in place of a statement is refused under a company's scope where it names an owned table.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import FromClause

from hr_portal.adapters.database import tenant_ties
from hr_portal.adapters.database.models import Base, Batch, Document, Letter, Revision
from hr_portal.adapters.database.tenancy import (
    OWNED,
    Of,
    TenantMismatchError,
    TenantMissingError,
    Wide,
    present,
)
from hr_portal.adapters.database.tenant_ties import BRANCHES, COMPANIES, Tie, Ties, kinds

_CHECKED: Final = "tenant_checked"
_FLUSHING: Final = ContextVar("tenant_flushing", default=False)
_AT_ONCE: Final = 500
_SEEN: Final[WeakKeyDictionary[SQLCompiler, Ties]] = WeakKeyDictionary()


def attach(engine: sa.Engine) -> None:
    """Hold every statement that this engine runs against the scope it runs under."""
    event.listen(engine, "before_cursor_execute", _before)


def expect_written(
    connection: sa.Connection, table: str, columns: Sequence[str], rows: Sequence[Any]
) -> None:
    """Hold rows that go to the driver without a statement; as an INSERT of them.

    Raises:
        TenantMissingError, TenantMismatchError: as for every statement.

    """
    scope = present()
    if table not in OWNED or isinstance(scope, Wide):
        return
    if scope is None:
        raise _missing(table)
    for at, column in enumerate(columns):
        kind = kinds().get((table, column))
        if kind is not None and kind not in {table, BRANCHES}:
            _expect(scope, connection, kind, {row[at] for row in rows})


def _before(
    connection: sa.Connection,
    _cursor: object,
    text: str,
    _parameters: object,
    context: DefaultExecutionContext,
    _many: object,
) -> None:
    scope = present()
    if isinstance(scope, Wide):
        return
    seen = _look_at(context.compiled, text)
    if not seen.tables:
        return
    if scope is None:
        raise _missing(min(seen.tables))
    if context.execution_options.get(_CHECKED):
        return
    ties = seen.ties
    if _FLUSHING.get() and not context.isinsert:
        ties = frozenset()  # what is flushed was found by a statement
    elif seen.untied:
        raise _missing(seen.untied)
    for values in context.compiled_parameters:
        _hold(scope, connection, values, seen.written, ties)


def _look_at(compiled: object, text: str) -> Ties:
    if not isinstance(compiled, SQLCompiler):
        return tenant_ties.of_text(text)
    seen = _SEEN.get(compiled)
    if seen is None:
        seen = _SEEN[compiled] = tenant_ties.of_compiled(compiled)
    return seen


def _hold(
    scope: Of,
    connection: sa.Connection,
    values: Mapping[str, Any],
    written: tuple[tuple[str, str], ...],
    ties: frozenset[frozenset[Tie]],
) -> None:
    """Expect that what is written is theirs, and of each table one of its ties to what is."""
    for column, kind in written:
        if values.get(column) is not None:
            _expect(scope, connection, kind, {values[column]})
    for choice in ties:
        strange: TenantMismatchError | None = None
        for tie in sorted(choice, key=_cost):
            try:
                for kind, name in tie:
                    keys = set(tenant_ties.values_of(values, name))
                    _expect(scope, connection, kind, keys)
            except TenantMismatchError as error:
                strange = error
            else:
                break
        else:
            raise strange or _missing("statement")


def _cost(tie: Tie) -> int:
    """Sort first what needs no looking up."""
    return sum(kind not in {COMPANIES, BRANCHES} for kind, _ in tie)


def _expect(scope: Of, connection: sa.Connection, kind: str, keys: set[Any]) -> None:
    own = {BRANCHES: scope.branches, COMPANIES: scope.companies}.get(kind, frozenset())
    unknown = [
        key for key in keys - own if key not in {"", None} and (kind, key) not in scope.known
    ]
    if unknown and kind == BRANCHES:
        raise TenantMismatchError(kind)
    for start in range(0, len(unknown), _AT_ONCE):
        _look_up(scope, connection, kind, unknown[start : start + _AT_ONCE])


def _look_up(scope: Of, connection: sa.Connection, kind: str, keys: list[Any]) -> None:
    """Expect that all of these that exist are theirs; what doesn't exist is nobody's."""
    select, key = _owner_of(kind)
    theirs: dict[Any, bool] = {}
    for one, company, branch in connection.execute(
        select.where(key.in_(keys)), execution_options={_CHECKED: True}
    ):
        theirs[one] = theirs.get(one, False) or scope.holds(company, branch)
    if not all(theirs.values()):
        raise TenantMismatchError(kind)
    scope.known.update((kind, one) for one in theirs)


@cache
def _owner_of(name: str) -> tuple[sa.Select[Any], sa.Column[Any]]:
    """Return the select of (key, company, branch) for the things of one owned table, and its key.

    A company's own things have the branches of what it has handed in: a reviewer reaches what
    companies keep that have handed in to them.
    """
    tables = Base.metadata.tables
    batches = tables["batches"]
    joined = tables[name]
    key = next(iter(joined.primary_key.columns))
    source: FromClause = joined
    company: sa.ColumnElement[Any] = batches.c.company_id
    while joined is not batches:
        column = joined.columns[OWNED[joined.name]]
        if column.name in {"company_id", "id"}:
            company, handed_in = column, batches.c.submitted_at.is_not(None)
            source = source.outerjoin(batches, sa.and_(batches.c.company_id == column, handed_in))
            break
        (foreign,) = column.foreign_keys
        source = source.join(foreign.column.table, foreign.column == column)
        joined = foreign.column.table
    return sa.select(key, company, batches.c.branch_id).select_from(source).distinct(), key


def _missing(table: str) -> TenantMissingError:
    return TenantMissingError(f"{table}: a statement that is not tied to a tenant")


def know(batches: Iterable[sa.Row[Any]]) -> None:
    """Remember batches that a statement has found, as what is loaded; rows of their columns.

    Each row says whose it is, so only those are remembered that are the scope's.
    """
    scope = present()
    if isinstance(scope, Of):
        scope.known.update(
            ("batches", one.id) for one in batches if scope.holds(one.company_id, one.branch_id)
        )


@event.listens_for(Batch, "load")
@event.listens_for(Revision, "load")
@event.listens_for(Document, "load")
@event.listens_for(Letter, "load")
def _loaded(one: Batch | Revision | Document | Letter, _context: object) -> None:
    """Remember that something loaded or written is theirs, so that it isn't looked up."""
    scope = present()
    if not isinstance(scope, Of):
        return
    held = one.__dict__
    if isinstance(one, Batch):
        if scope.holds(held.get("company_id"), held.get("branch_id")):
            scope.known.add(("batches", held.get("id")))
            scope.known.add((COMPANIES, held.get("company_id")))
    elif ("batches", held.get("batch_id")) in scope.known:
        scope.known.add((one.__tablename__, held.get("id")))


@event.listens_for(Batch, "after_insert")
@event.listens_for(Revision, "after_insert")
@event.listens_for(Document, "after_insert")
@event.listens_for(Letter, "after_insert")
def _inserted(
    _mapper: object, _connection: object, one: Batch | Revision | Document | Letter
) -> None:
    _loaded(one, None)


class ScopedSession(Session):
    """A session whose own loads pass: relations and columns of what a statement has found."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what has changed; each row was found by a statement, or is a new one."""
        before = _FLUSHING.set(True)
        try:
            super().flush(objects)
        finally:
            _FLUSHING.reset(before)


@event.listens_for(ScopedSession, "do_orm_execute")
def _executing(state: ORMExecuteState) -> None:
    if state.is_relationship_load or state.is_column_load:
        state.update_execution_options(**{_CHECKED: True})
