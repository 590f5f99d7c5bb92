"""Rows found by a part of their name or address.

The name is a column of the database; the address lies sealed in the blocks of rows, which are
opened one after another only where the sheet has an address at all. Of a large revision both are
kept by themselves, see `row_texts`.
"""

from collections.abc import Callable

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.services.row_texts import ADDRESS, addresses
from hr_portal.services.rowdata import Structure, walk_blocks

MOST_ASKED = 500


def numbers_with(
    session: Session,
    key: CompanyKey,
    revision: Revision,
    held: Structure,
    wanted: list[sa.ColumnElement[bool]],
    text: str,
) -> list[int]:
    """Return the rows among `wanted` whose name or address holds a text, in their order."""
    sought = text.strip().upper()
    escaped = sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = sa.select(Row.number).where(*wanted)
    found = set(session.scalars(rows.where(Row.name.like(f"%{escaped}%", escape="\\"))))
    at = sorted(_with_address(session, key, revision, held, sought) - found)
    for start in range(0, len(at), MOST_ASKED):
        found.update(session.scalars(rows.where(Row.number.in_(at[start : start + MOST_ASKED]))))
    return sorted(found)


def may_hold(sought: str) -> Callable[[bytes], bool]:
    """Return what tells of the JSON of a block that no text in it holds `sought` (upper case).

    A million rows are some eight thousand blocks; looking into one as it is takes a
    twentieth of the time of reading it.
    """
    as_bytes = sought.encode("utf-8", "surrogatepass")
    if orjson.dumps("".join(filter(str.isprintable, sought)))[1:-1] != as_bytes:
        return lambda _: True  # JSON writes it otherwise

    def holds(plain: bytes) -> bool:
        if plain.isascii():
            return as_bytes in plain.upper()
        return sought in plain.decode().upper()

    return holds


def _with_address(
    session: Session, key: CompanyKey, revision: Revision, held: Structure, sought: str
) -> set[int]:
    has_column = any(role.field == ADDRESS for role in held.roles)
    if not has_column and ADDRESS not in revision.fields:
        return set()
    found: set[int] = set()
    for block in walk_blocks(session, key, revision.id, may_hold=may_hold(sought)):
        for number, texts in zip(block.numbers, addresses(held, block), strict=True):
            if any(sought in one.upper() for one in texts):
                found.add(number)
    return found
