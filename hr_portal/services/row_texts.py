"""Names and addresses of a large revision by themselves, so that a text is found in them at once.

The blocks of rows hold all cells: of a million rows 700 MB, opened for a search that looks at a
tenth of it. So a worker writes the names and addresses once more, sealed, after the check; they
tell of one state of the cells, and a revision that was edited since is searched block by block
until a worker has checked it anew. Decisions 103 and 117.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.keeping_models import Purge
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.adapters.database.models import Batch, Revision, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.services import jobs, packed_texts
from hr_portal.services.context import Portal
from hr_portal.services.row_sets import NO_ROWS, RowSet
from hr_portal.services.rowdata import EMPLOYEE_KEYS, Block, Structure, open_structure, walk_blocks

JOB = "texts"
LARGE = 20_000
"""Rows up to which the blocks are searched: about a tenth of a second."""
ADDRESS = "alamat"
_PART_BLOCKS = 64
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
            part = 0
            while some := list(islice(blocks, _PART_BLOCKS)):
                content = key.seal(text_place(revision.id, part), _packed(some, held))
                if not _write(portal, claimed, revision.id, part, edited, content):
                    break
                part += 1
    with portal.db.write() as session:
        jobs.finish(session, claimed)


def _write(
    portal: Portal, claimed: jobs.Claim, revision_id: int, part: int, edited: int, content: bytes
) -> bool:
    """Write one part; False where it is of no use any more."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        revision = session.get_one(Revision, revision_id)
        batch = session.get_one(Batch, revision.batch_id, with_for_update=True)
        is_purged = session.scalar(sa.select(sa.exists().where(Purge.batch_id == batch.id)))
        if is_purged or not revision.edited == revision.rechecked == edited:
            return False
        session.merge(RowText(revision_id=revision_id, part=part, edited=edited, content=content))
        return True


def rows_with(session: Session, key: CompanyKey, revision: Revision, text: str) -> RowSet | None:
    """Return the rows whose name or address holds a text in any case.

    None where the blocks have to be asked: it isn't a large revision, or was edited since.
    """
    sought = text.strip().upper()
    if revision.rows_total <= LARGE or not packed_texts.is_packable(sought):
        return None
    these = (RowText.revision_id == revision.id, RowText.edited == revision.edited)
    parts, blocks = session.execute(
        sa.select(
            sa.select(sa.func.count(RowText.part)).where(*these).scalar_subquery(),
            sa.select(sa.func.count(RowBlock.block))
            .where(RowBlock.revision_id == revision.id)
            .scalar_subquery(),
        )
    ).one()
    if parts != -(-blocks // _PART_BLOCKS):
        return None
    of = revision.id, revision.edited, key.index("sought", ascii(sought))
    with _lock:
        known = _kept.get(of)
    if known is None:
        sealed = sa.select(RowText.part, RowText.content).where(*these)
        found = [
            packed_texts.rows_with(key.open(text_place(revision.id, part), content), sought)
            for part, content in session.execute(sealed.execution_options(yield_per=10))
        ]
        known = RowSet.of(np.concatenate(found)) if found else NO_ROWS
        with _lock:
            _kept[of] = known
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return known


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


def _packed(blocks: Iterable[Block], held: Structure) -> bytes:
    numbers: list[int] = []
    rows: list[list[str]] = []
    for block in blocks:
        numbers += block.numbers
        names = block.employee[EMPLOYEE_KEYS.index("nama")]
        rows += ([name, *some] for name, some in zip(names, addresses(held, block), strict=True))
    return packed_texts.pack(numbers, rows)
