"""Where a text stands inside another, in both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class place_in(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """`place_in(text, part)`: where the part begins, from 1; 0 where it isn't in the text.

    Compared as it is written: no signs of LIKE, no capitals made small.
    """

    name = "place_in"
    type = sa.Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _sqlite(element: place_in, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_in)
def _others(element: place_in, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"strpos({compiler.process(element.clauses, **options)})"
