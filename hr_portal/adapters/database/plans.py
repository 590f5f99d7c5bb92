"""What keeps a database from a plan that it takes for a good one."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class unindexed(FunctionElement[Any]):  # noqa: N801 - as SQL's own
    """`unindexed(column)`: the column itself, which SQLite looks up in no index.

    SQLite knows nothing of how many rows a branch has; where few days are asked for, it would walk
    over all batches of the branch. PostgreSQL counts, and is left to itself.
    """

    name = "unindexed"
    inherit_cache = True

    def __init__(self, column: sa.SQLColumnExpression[Any]) -> None:
        """Stand for this column."""
        super().__init__(column)
        self.type = self.column.type

    @property
    def column(self) -> sa.ColumnElement[Any]:
        """Return what it stands for."""
        (only,) = self.clauses
        return only


@compiles(unindexed)
def _others(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return compiler.process(element.column, **options)


@compiles(unindexed, "sqlite")
def _sqlite(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"+{compiler.process(element.column, **options)}"
