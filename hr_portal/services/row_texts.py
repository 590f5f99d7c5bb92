"""Names and addresses of a large revision by themselves, so that a text is found in them at once.

The blocks of rows hold all cells: of a million rows 700 MB, opened for a search that looks at a
tenth of it. So a worker writes the names and addresses once more, sealed, after the check; they
tell of one state of the cells, and a revision that was edited since is searched block by block
until a worker has checked it anew. Decisions 103, 117 and 126.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from itertools import count, groupby, islice
from operator import itemgetter

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.keeping_models import Purge
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.adapters.database.models import Batch, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.services import jobs, packed_texts
from hr_portal.services.context import Portal
from hr_portal.services.row_sets import RowSet
from hr_portal.services.rowdata import EMPLOYEE_KEYS, Block, Structure, open_structure, walk_blocks

JOB = "texts"
LARGE = 5_000
"""Rows up to which the blocks are searched: a fortieth of a second."""
ADDRESS = "alamat"
_PARTS = 4096
"""A shelf of each part stands in this many places: those of words first, of all parts."""
_CHUNK_BLOCKS, _AT_ONCE, _MOST_ASKED = 64, 16, 500
_KEPT = 32
"""Searches whose rows are remembered: who looks at one page of them looks at the next."""
_kept: OrderedDict[tuple[int, int, bytes], RowSet] = OrderedDict()
"""By revision, state of its cells, and what was sought, as the company's index of it."""
_lock = threading.Lock()


def ask(portal: Portal, session: Session, revision: Revision) -> None:
    """Have a worker write the names and addresses of a checked revision, if it is large."""
    if revision.rows_total > LARGE:
        jobs.again(portal, session, JOB, str(revision.id))


def texts_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Write the names and addresses of one revision; the end of a "texts" job.

    Raises:
        LeaseLostError: another worker, or a newer state of the revision, has taken over.

    """
    with portal.db.read() as session:
        revision = session.get_one(Revision, int(claimed.subject))
        batch = session.get_one(Batch, revision.batch_id)
        key, edited = portal.key(batch.company), revision.edited
        held = open_structure(key, revision)
        with closing(walk_blocks(session, key, revision.id)) as blocks:
            for part, rows in groupby(_parted(blocks, held), itemgetter(0)):
                shelves = packed_texts.pack((places, texts) for _, places, texts in rows)
                sealed = {
                    place: key.seal(text_place(revision.id, place), shelf)
                    for place, shelf in zip(count(part, _PARTS), shelves, strict=False)
                }
                if not _write(portal, claimed, revision.id, edited, part, sealed):
                    break
    with portal.db.write() as session:
        jobs.finish(session, claimed)


def _write(
    portal: Portal,
    claimed: jobs.Claim,
    revision_id: int,
    edited: int,
    part: int,
    shelves: dict[int, bytes],
) -> bool:
    """Write one part; False where it is of no use any more."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        revision = session.get_one(Revision, revision_id)
        batch = session.get_one(Batch, revision.batch_id, with_for_update=True)
        is_purged = session.scalar(sa.select(sa.exists().where(Purge.batch_id == batch.id)))
        if is_purged or not revision.edited == revision.rechecked == edited:
            return False
        session.execute(
            sa.delete(RowText).where(
                RowText.revision_id == revision_id, RowText.part % _PARTS == part
            )
        )
        session.execute(
            sa.insert(RowText),
            [
                {"revision_id": revision_id, "part": place, "edited": edited, "content": content}
                for place, content in shelves.items()
            ],
        )
        return True


def rows_with(session: Session, key: CompanyKey, revision: Revision, text: str) -> RowSet | None:
    """Return the rows whose name or address holds a text in any case.

    None where the blocks have to be asked: it isn't a large revision, or was edited since.
    """
    sought = text.strip().upper()
    if revision.rows_total <= LARGE or not packed_texts.is_packable(sought):
        return None
    # parts are written in their order: where the last is there, all are
    last = sa.select(sa.func.max(Row.number) // packed_texts.PART).where(
        Row.revision_id == revision.id
    )
    written = sa.select(RowText.part).where(*_of(revision), RowText.part == last.scalar_subquery())
    part = session.scalar(written)
    if part is None:
        return None
    of = revision.id, revision.edited, key.index("sought", ascii(sought))
    with _lock:
        known = _kept.get(of)
    if known is None:
        known = RowSet(_searched(session, key, revision, part + 1, sought).ravel())
        now = session.scalar(sa.select(Revision.edited).where(Revision.id == revision.id))
        if now != revision.edited:  # then some parts may be of another state by now
            return None
        with _lock:
            _kept[of] = known
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return known


def _searched(
    session: Session, key: CompanyKey, revision: Revision, parts: int, sought: str
) -> NDArray[np.uint8]:
    """Return the rows with a text as bits, a line a part."""
    searches = [packed_texts.Search(sought) for _ in range(parts)]
    lists = RowText.part < packed_texts.lists_for(sought) * _PARTS
    for _, part, content in _opened(session, key, revision, lists):
        searches[part].look(content)
    found = np.zeros((parts, packed_texts.PART_BYTES), np.uint8)
    waiting: list[int] = []
    for part, search in enumerate(searches):
        waiting += (shelf * _PARTS + part for shelf in search.shelves())
        if not waiting or (len(waiting) < _MOST_ASKED and part + 1 < parts):
            continue
        held: dict[int, dict[int, bytes]] = {}
        for shelf, of, content in _opened(session, key, revision, RowText.part.in_(waiting)):
            held.setdefault(of, {})[shelf] = content
        for of, shelves in held.items():
            if len(shelves) == len(searches[of].shelves()):
                found[of] = searches[of].rows(shelves)
        waiting = []
    return found


def _opened(
    session: Session, key: CompanyKey, revision: Revision, which: sa.ColumnElement[bool]
) -> Iterator[tuple[int, int, bytes]]:
    """Walk some of the shelves of a revision: which it is, of which part, and what it holds."""
    asked = sa.select(RowText.part, RowText.content).where(*_of(revision), which)
    for place, content in session.execute(asked.execution_options(yield_per=_AT_ONCE)):
        yield *divmod(place, _PARTS), key.open(text_place(revision.id, place), content)


def _of(revision: Revision) -> tuple[sa.ColumnElement[bool], ...]:
    return RowText.revision_id == revision.id, RowText.edited == revision.edited


def text_place(revision_id: int, part: int) -> str:
    """Return the place some names and addresses are sealed for."""
    return f"row_texts|{revision_id}|{part}"


def addresses(held: Structure, block: Block) -> Iterator[list[str]]:
    """Walk the addresses of a block's rows: those in the sheet, and what a correction is about."""
    columns = [place for place, role in enumerate(held.roles) if role.field == ADDRESS]
    for slot in range(len(block.numbers)):
        asked = (
            value
            for field, before, after in block.changes[slot]
            if field == ADDRESS
            for value in (before, after)
        )
        yield [*(block.raw[column][slot] for column in columns), *asked]


def _parted(
    blocks: Iterator[Block], held: Structure
) -> Iterator[tuple[int, list[int], list[list[str]]]]:
    """Walk the part some rows belong to, their places there, and their names and addresses."""
    while some := list(islice(blocks, _CHUNK_BLOCKS)):
        numbers = [number for block in some for number in block.numbers]
        rows = [
            [name, *of_row]
            for block in some
            for name, of_row in zip(
                block.employee[EMPLOYEE_KEYS.index("nama")], addresses(held, block), strict=True
            )
        ]
        together = zip(numbers, rows, strict=True)
        for part, among in groupby(together, lambda one: one[0] // packed_texts.PART):
            places, texts = zip(*among, strict=True)
            yield part, [number % packed_texts.PART for number in places], list(texts)
