"""The mapping sheet of a batch as it is kept: sealed, one a batch, the last one counts."""

from collections.abc import Sequence
from dataclasses import astuple

import orjson
from sqlalchemy.orm import Session

from hr_portal.adapters.database.mapping_models import MappingSheet
from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.mapping_sheet import Line, Sheet
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit
from hr_portal.services.context import Portal


def keep(
    portal: Portal,
    session: Session,
    actor: Actor | None,
    batch: Batch,
    key: CompanyKey,
    lines: Sequence[Line],
) -> None:
    """Keep the lines of a mapping sheet in place of those before; the same again is nothing new."""
    content = orjson.dumps([astuple(one) for one in lines])
    held = session.get(MappingSheet, batch.id)
    if held is None:
        held = MappingSheet(batch_id=batch.id)
        session.add(held)
    elif key.open(_place(batch.id), held.content) == content:
        return
    held.content, held.taken_at = key.seal(_place(batch.id), content), portal.clock()
    audit.record(
        portal, session, actor, "mapping:taken", batch.id, company_id=batch.company_id,
        batch=batch.id, lines=len(lines),
    )  # fmt: skip


def of_batch(session: Session, key: CompanyKey, batch_id: str) -> Sheet | None:
    """Return the mapping sheet of a batch; None where it has none."""
    held = session.get(MappingSheet, batch_id)
    if held is None:
        return None
    return Sheet(Line(*one) for one in orjson.loads(key.open(_place(batch_id), held.content)))


def _place(batch_id: str) -> str:
    return f"mapping_sheets|{batch_id}"
