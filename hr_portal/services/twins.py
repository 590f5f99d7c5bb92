"""The same file again: noticed and shown with the batch it came in before, never refused."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Settled
from hr_portal.domain.texts import in_parts, joined
from hr_portal.services import visible
from hr_portal.services.context import Portal

MOST_SHOWN = 3
_UNIT, _RECORD = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class Twin:
    """An earlier batch of the company that holds the same file, or the same rows."""

    id: str
    number: str
    state: str
    revision: int
    file_name: str
    uploaded_at: dt.datetime
    same: Literal["bytes", "rows"]


def content_index(key: CompanyKey, settled: Settled) -> bytes:
    """Return an index of what a checked table says, whatever its file looks like.

    Clean values by the meaning of their column, in the order of the rows; running
    numbers and the order of the columns don't count.
    """
    table, digest = settled.table, hashlib.sha256()
    columns = []
    for at, role in enumerate(table.roles):
        if role.part != "number":
            meaning = role.field or (table.headers[at] if role.part == "unknown" else "")
            columns.append((role.part, meaning, at))
    for part, meaning, at in sorted(columns):
        digest.update(_UNIT.join((part, meaning)).encode("utf-8", "surrogatepass"))
        values = settled.clean[at] or table.columns[at].values
        if settled.clean[at] is None and not meaning:  # words that no rule cleans
            for _, some in in_parts(values):
                words = [" ".join(value.split()) for value in some]
                digest.update(_UNIT.join(("", *words)).encode("utf-8", "surrogatepass"))
        else:
            for piece in joined(values, _UNIT):
                digest.update(piece)
        digest.update(_RECORD.encode())
    return key.index("content", digest.hexdigest())


def twins(portal: Portal, actor: Actor, batch_id: str) -> list[Twin]:
    """Return the latest batches whose upload equals this batch's current one, newest first.

    Cancelled batches don't count, nor do those that this one was made from or of. What a
    revision was copied from is no second upload. Only for the company's own HRD.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        mine = visible.current_revision(session, batch)
        if batch.company_id not in actor.companies or batch.parent_id or not mine.sha256:
            return []
        same_bytes = Revision.sha256 == mine.sha256
        same = (
            same_bytes
            if mine.content_index is None
            else sa.or_(same_bytes, Revision.content_index == mine.content_index)
        )
        found = session.execute(
            sa.select(
                Batch.id,
                Batch.number,
                Batch.state,
                Revision.number,
                Revision.file_name,
                Revision.uploaded_at,
                Revision.sha256,
            )
            .join(Revision, Revision.batch_id == Batch.id)
            .where(
                same,
                Batch.company_id == batch.company_id,
                Batch.id != batch.id,
                Batch.parent_id.is_(None),
                Batch.state != "cancelled",
                Revision.state != "unreadable",
                Revision.number > 0,  # below are those that a large act is making
                sa.or_(
                    Revision.uploaded_at < mine.uploaded_at,
                    sa.and_(Revision.uploaded_at == mine.uploaded_at, Revision.id < mine.id),
                ),
            )
            .order_by(Revision.uploaded_at.desc(), Revision.id.desc())
        )
        latest: dict[str, Twin] = {}
        for other, number, state, revision, file_name, uploaded_at, sha256 in found:
            kind: Literal["bytes", "rows"] = "bytes" if sha256 == mine.sha256 else "rows"
            twin = Twin(other, number, state, revision, file_name, uploaded_at, kind)
            latest.setdefault(other, twin)
        return list(latest.values())[:MOST_SHOWN]
