"""What narrows the queue down, as conditions that its index answers (decision 114)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import sqlalchemy as sa

from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.database.texts import place_in
from hr_portal.domain.deadlines import Urgency
from hr_portal.services import queue_words

MOST_TEXT, MOST_WORDS = 200, 8
Size = Literal["small", "medium", "large", "huge"]
SIZES: Final[dict[Size, tuple[int, int]]] = {
    "small": (0, 10), "medium": (11, 100), "large": (101, 1_000), "huge": (1_001, 2**31 - 1),
}  # fmt: skip
"""Rows of a batch, at least and at most."""

BATCHES: Final = cast("sa.Table", Batch.__table__)
_batch = BATCHES.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the queue down; all of it has to hold."""

    bucket: Urgency | None = None
    text: str = ""
    """Words, each a part of its number, its company's name or a letter's number, in any case."""
    field: str | None = None
    """Batches that correct this field."""
    with_warnings: bool = False
    held: Literal["free", "taken"] | None = None
    reviewer: str | None = None
    """Batches that this user holds."""
    size: Size | None = None
    ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """By what it is narrowed down, without the values: a statement is built once for each."""

    words: int = 0
    by_field: bool = False
    with_warnings: bool = False
    held: Literal["free", "taken"] | None = None
    by_reviewer: bool = False
    by_size: bool = False


def shape_of(wanted: Wanted) -> tuple[Shape, dict[str, Any]]:
    """Return the shape, and the values that its conditions name."""
    words = wanted.text[:MOST_TEXT].casefold().split()[:MOST_WORDS]
    values: dict[str, Any] = {f"word_{at}": word for at, word in enumerate(words)}
    if wanted.field is not None:
        values["field"] = f"|{wanted.field}|"
    if wanted.reviewer is not None:
        values["reviewer"] = wanted.reviewer
    if wanted.size is not None:
        values["least"], values["most"] = SIZES[wanted.size]
    shape = Shape(
        len(words),
        wanted.field is not None,
        wanted.with_warnings,
        wanted.held,
        wanted.reviewer is not None,
        wanted.size is not None,
    )
    return shape, values


def conditions_of(shape: Shape) -> list[sa.ColumnElement[bool]]:
    """Return what has to hold of a batch; values are named, not held."""
    found = [_holding(sa.bindparam(f"word_{at}", type_=sa.String)) for at in range(shape.words)]
    if shape.by_field:
        found.append(place_in(_batch.corrected, sa.bindparam("field", type_=sa.String)) > 0)
    if shape.with_warnings:
        found.append(_batch.is_warned.is_(True))
    if shape.held is not None:
        holder = _batch.reviewer_id
        found.append(holder.is_(None) if shape.held == "free" else holder.is_not(None))
    if shape.by_reviewer:
        found.append(_batch.reviewer_id == sa.bindparam("reviewer", type_=sa.String))
    if shape.by_size:
        found.append(_batch.size.between(sa.bindparam("least"), sa.bindparam("most")))
    return found


def _holding(word: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Say that a word is a part of what is kept in the index; or of the whole, where that isn't.

    The whole is asked for as a value, not by EXISTS: PostgreSQL would look at that of all batches
    beforehand, for one that hardly any needs.
    """
    same = BATCHES.alias()
    is_more = sa.func.substr(_batch.searched, 1, 1) == queue_words.MORE
    whole = sa.select(same.c.searched_all).where(same.c.id == _batch.id).scalar_subquery()
    return sa.or_(place_in(_batch.searched, word) > 0, sa.and_(is_more, place_in(whole, word) > 0))
