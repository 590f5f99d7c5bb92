"""What ties each owned table of a statement to a tenant, found when the statement is compiled.

A table is tied by a comparison of its company or branch, or of a key that leads there, with a
value; or through a join to a table that is. Only what holds for every row counts: of OR, what all
sides say; of an outer join, what it says of its outer side. What isn't understood ties nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseList,
    ColumnClause,
    ColumnElement,
    Grouping,
    TextClause,
    Tuple,
    UnaryExpression,
)
from sqlalchemy.sql.selectable import (
    AliasedReturnsRows,
    CompoundSelect,
    FromClause,
    FromGrouping,
    Join,
    ScalarSelect,
    SelectBase,
    SelectStatementGrouping,
)

from hr_portal.adapters.database import (
    account_models,  # noqa: F401 - fills the metadata
    document_models,  # noqa: F401 - fills the metadata
    keeping_models,  # noqa: F401 - fills the metadata
    letter_models,  # noqa: F401 - fills the metadata
    listing_models,  # noqa: F401 - fills the metadata
    mapping_models,  # noqa: F401 - fills the metadata
    mending_models,  # noqa: F401 - fills the metadata
    paper_models,  # noqa: F401 - fills the metadata
    people_models,  # noqa: F401 - fills the metadata
    requirement_models,  # noqa: F401 - fills the metadata
    review_models,  # noqa: F401 - fills the metadata
    signing_models,  # noqa: F401 - fills the metadata
    upload_models,  # noqa: F401 - fills the metadata
    work_models,  # noqa: F401 - fills the metadata
)
from hr_portal.adapters.database.models import Base
from hr_portal.adapters.database.plans import unindexed
from hr_portal.adapters.database.tenancy import OWNED

BRANCHES, COMPANIES = "branches", "companies"
_WORD: Final = re.compile(r"\w+")

Place = tuple[str, str]
"""A table as it stands in a statement: its name, and its alias or ""."""
Tie = frozenset[tuple[str, str]]
"""Comparisons that together tie a table: (of what table the key is, name of the value)."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What was seen of a statement: the owned tables in it, and what ties each."""

    tables: frozenset[str] = frozenset()
    ties: frozenset[frozenset[Tie]] = frozenset()
    """For each owned table the ties of which one is enough."""
    untied: str = ""
    """A table that nothing ties, where there is one."""
    written: tuple[tuple[str, str], ...] = ()
    """(column written, of what table it holds the key)."""


def of_compiled(compiled: SQLCompiler) -> Ties:
    """Return what ties the tables of a compiled statement."""
    return _Look(compiled).ties()


def of_text(text: str) -> Ties:
    """Return the owned tables that a text names; nothing ties them."""
    named = frozenset(_WORD.findall(text.lower())) & OWNED.keys()
    return Ties(named, untied=min(named, default=""))


def values_of(values: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Yield the values of a tie's name; a list for IN is spread out, numbered after its name."""
    if name in values:
        yield values[name]
        return
    name, _, member = name.partition("@")
    after = f"_{member}" if member else ""  # of the tuples of a list, this member of each
    number = 1
    while (spread := f"{name}_{number}{after}") in values:
        yield values[spread]
        number += 1


@cache
def kinds() -> dict[tuple[str, str], str]:
    """Return, for each (table, column) that leads to a tenant, of what table it holds the key."""
    found = {(name, "branch_id"): BRANCHES for name in ("batches", "papers", "figure_days")}
    for name in OWNED:
        table = Base.metadata.tables[name]
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                if target in OWNED and key.column.name != "block":
                    found[name, column.name] = "revisions" if target == "row_blocks" else target
        if len(table.primary_key.columns) == 1:
            (only,) = table.primary_key.columns
            found.setdefault((name, only.name), name)
    return found


@dataclass(slots=True)
class _Facts:
    """What is certain of each row that a condition lets through."""

    ties: dict[Place, set[Tie]] = field(default_factory=dict)
    edges: set[tuple[Place, Place]] = field(default_factory=set)
    """(a, b): `a` is tied where `b` is."""

    def add(self, other: "_Facts") -> "_Facts":
        for place, ties in other.ties.items():
            self.ties.setdefault(place, set()).update(ties)
        self.edges |= other.edges
        return self

    def either(self, other: "_Facts") -> "_Facts":
        both = {
            place: {one | two for one, two in product(self.ties[place], other.ties[place])}
            for place in self.ties.keys() & other.ties.keys()
        }
        return _Facts(both, self.edges & other.edges)

    def only_of(self, places: set[Place]) -> "_Facts":
        """Return what is said of these tables, not what follows from them for others."""
        return _Facts(
            {place: ties for place, ties in self.ties.items() if place in places},
            {(a, b) for a, b in self.edges if a in places},
        )

    def inside(self, whole: Place) -> "_Facts":
        """Return the facts of a select as those of `whole`, which others may join to."""

        def name(place: Place) -> Place:
            return place[0], f"{whole[1]}/{place[1]}"

        facts = _Facts(
            {name(place): ties for place, ties in self.ties.items()},
            {(name(a), name(b)) for a, b in self.edges},
        )
        facts.edges |= {(whole, place) for place in facts.ties}
        return facts

    def tied(self, place: Place) -> frozenset[Tie]:
        """Return all that tie this table, by itself or through those it is joined to."""
        seen, waiting, found = {place}, [place], set[Tie]()
        while waiting:
            at = waiting.pop()
            found |= self.ties.get(at, set())
            further = {b for a, b in self.edges if a == at} - seen
            seen |= further
            waiting.extend(further)
        return frozenset(found)


class _Look:
    """Looks at one compiled statement."""

    def __init__(self, compiled: SQLCompiler) -> None:
        self.compiled = compiled
        self.places: list[tuple[Place, _Facts]] = []

    def ties(self) -> Ties:
        statement = self.compiled.statement
        if isinstance(statement, TextClause):
            return of_text(statement.text)
        named = set[str]()
        written: tuple[tuple[str, str], ...] = ()
        if isinstance(statement, SelectBase):
            core = getattr(self.compiled.compile_state, "statement", None)  # with the joins made
            self.select(core if isinstance(core, SelectBase) else statement, _Facts(), set())
        elif isinstance(statement, sa.Insert):
            named, written = {statement.table.name}, _keys_of(statement.table)
            if statement.select is not None:
                self.select(statement.select, _Facts(), set())
        elif isinstance(statement, sa.Update | sa.Delete):
            self._changed(statement)
            if isinstance(statement, sa.Update):
                written = _keys_of(statement.table)
        found = [(place[0], facts.tied(place)) for place, facts in self.places]
        return Ties(
            frozenset((named & OWNED.keys()) | {name for name, _ in found}),
            frozenset(ties for _, ties in found),
            next((name for name, ties in found if not ties), ""),
            written,
        )

    def _changed(self, statement: sa.Update | sa.Delete) -> None:
        place = (str(getattr(statement.table, "name", "")), "")
        where = statement.whereclause
        facts = _Facts() if where is None else self._condition(where)
        if place[0] in OWNED:
            self.places.append((place, facts))
        values = getattr(statement, "_values", None) or {}  # what SET holds has no public name
        for part in (where, *values.values()):
            self._inner(part, facts, {place})

    def select(self, select: SelectBase, outer: _Facts, known: set[Place]) -> _Facts:
        """Take in a select, beside the tables `known` around it; return what is certain of it."""
        if isinstance(select, CompoundSelect):
            facts, *others = (self.select(part, outer, known) for part in select.selects)
            for other in others:
                facts = facts.either(other)
            return facts
        if isinstance(select, ScalarSelect | SelectStatementGrouping):
            return self.select(select.element, outer, known)
        if not isinstance(select, sa.Select):
            return _Facts()
        places = set[Place]()
        froms = select.get_final_froms()
        facts = _Facts()
        for one in froms:
            facts.add(self._from(one, places))
        where = select.whereclause
        if where is not None:
            facts.add(self._condition(where))
        whole = _Facts().add(outer).add(facts)
        self.places += [(place, whole) for place in places - known if place[0] in OWNED]
        for part in (*select.get_children(), *(on for one in froms for on in _conditions(one))):
            if not isinstance(part, FromClause):
                self._inner(part, whole, places | known)
        return facts

    def _from(self, one: object, places: set[Place]) -> _Facts:
        if isinstance(one, Join):
            facts, rights = self._from(one.left, places), set[Place]()
            right = self._from(one.right, rights)
            places |= rights
            on = _Facts() if one.onclause is None else self._condition(one.onclause)
            if one.full:
                return _Facts()
            return facts.add(right).add(on.only_of(rights) if one.isouter else on)
        if isinstance(one, FromGrouping):
            return self._from(one.element, places)
        if isinstance(one, FromClause):
            place = _place(one)
            places.add(place)
            if isinstance(one, AliasedReturnsRows) and isinstance(one.element, SelectBase):
                return self.select(one.element, _Facts(), set()).inside(place)
        return _Facts()

    def _inner(self, part: object, facts: _Facts, places: set[Place]) -> None:
        """Take in the selects inside an expression."""
        for select in _selects(part):
            self.select(select, facts, places)

    def _condition(self, one: object) -> _Facts:
        if isinstance(one, Grouping):
            return self._condition(one.element)
        if isinstance(one, BooleanClauseList):
            facts, *others = [self._condition(part) for part in one.clauses] or [_Facts()]
            for other in others:
                is_and = one.operator is operators.and_
                facts = facts.add(other) if is_and else facts.either(other)
            return facts
        if isinstance(one, UnaryExpression) and one.operator is operators.exists:
            return self._silent(one.element)
        facts = _Facts()
        if isinstance(one, BinaryExpression) and one.operator in {operators.eq, operators.in_op}:
            facts.add(self._compared(one.left, one.right))
            if one.operator is operators.eq:
                facts.add(self._compared(one.right, one.left))
        return facts

    def _silent(self, select: object) -> _Facts:
        """Return what a select inside a condition makes certain; it is taken in elsewhere.

        A table of its own that the outer select has too is the same one: it is correlated.
        """
        found = next(_selects(select), None)
        return _Facts() if found is None else _Look(self.compiled).select(found, _Facts(), set())

    def _compared(self, left: object, right: object) -> _Facts:
        if isinstance(left, Tuple):
            return self._pairs(left, right)
        at = _kind(left)
        if at is None:
            return _Facts()
        place, kind = at
        if isinstance(right, BindParameter):
            return _Facts({place: {frozenset({(kind, self._name(right))})}})
        select = next(_selects(right), None)
        if select is None:
            other = _kind(right)
            return _Facts(edges={(place, other[0])} if other and other[1] == kind else set())
        facts = self._silent(select)
        columns = [_kind(column) for column in select.selected_columns]
        if len(columns) == 1 and columns[0] is not None and columns[0][1] == kind:
            facts.edges.add((place, columns[0][0]))
        return facts

    def _pairs(self, left: Tuple, right: object) -> _Facts:
        """Say what (a, b) IN a list of pairs ties: each of both is one of a list, too."""
        facts = _Facts()
        for number, column in enumerate(left.clauses, 1):
            at = _kind(column)
            if at is not None and isinstance(right, BindParameter):
                tie = frozenset({(at[1], f"{self._name(right)}@{number}")})
                facts.add(_Facts({at[0]: {tie}}))
        return facts

    def _name(self, value: BindParameter[Any]) -> str:
        return str(self.compiled.bind_names.get(value, value.key))


def _kind(column: object) -> tuple[Place, str] | None:
    """Return where a column stands and of what table it holds the key; None for others."""
    if isinstance(column, unindexed):
        column = column.column
    if not isinstance(column, ColumnClause) or column.table is None:
        return None
    place = _place(column.table)
    kind = kinds().get((place[0], column.name))
    if kind is None:
        for base in column.base_columns:
            if isinstance(base, sa.Column) and base is not column:
                kind = kinds().get((base.table.name, base.name))
    return None if kind is None else (place, kind)


def _keys_of(table: object) -> tuple[tuple[str, str], ...]:
    """Return the columns that say whose a row of a table is to be, other than its own key."""
    if not isinstance(table, sa.Table):
        return ()
    found = [(one.key, kinds().get((table.name, one.name))) for one in table.columns]
    return tuple((key, kind) for key, kind in found if kind not in {None, table.name, BRANCHES})


def _place(one: object) -> Place:
    if isinstance(one, AliasedReturnsRows):
        return (one.element.name if isinstance(one.element, sa.Table) else "", str(one.name))
    return (str(getattr(one, "name", "")), "")


def _conditions(one: object) -> Iterator[object]:
    """Yield the conditions of the joins in a FROM."""
    if isinstance(one, Join):
        yield one.onclause
        yield from _conditions(one.left)
        yield from _conditions(one.right)
    elif isinstance(one, FromGrouping):
        yield from _conditions(one.element)


def _selects(part: object) -> Iterator[SelectBase]:
    """Yield the outermost selects inside an expression."""
    if isinstance(part, SelectBase):
        yield part
    elif isinstance(part, ScalarSelect):
        yield part.element
    elif isinstance(part, ColumnElement | ClauseList):
        children: Iterable[object] = part.get_children()
        for child in children:
            yield from _selects(child)
