"""Employees whose KPJ an approved correction has replaced: what they had before is theirs still.

Facts hold indexes only, and keep the KPJ that was on record when they were submitted. A
correction of the KPJ itself says which one came after it.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Fact, Revision
from hr_portal.adapters.vault import CompanyKey
from hr_portal.services.standing import stands

APPROVED = ("approved", "partly_approved", "forwarded", "completed")
"""States of a batch whose verdicts count."""


def value_index(key: CompanyKey, field: str, value: str) -> bytes:
    """Return the index of a new value, as facts hold it."""
    return key.index(f"value|{field}", value)


def replacements(session: Session, company_id: str) -> Mapping[bytes, bytes]:
    """Return the replaced KPJ of a company, by index, with the value index of the new one.

    Only what stands counts: approved, not set aside, and not refused by the agency.
    """
    found = session.execute(
        sa.select(Fact.kpj_index, Fact.value_index)
        .join(Correction, Correction.id == Fact.correction_id)
        .join(Revision, Revision.id == Correction.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(
            Fact.company_id == company_id,
            Fact.field == sa.literal_column("'kpj'"),  # as the index has it
            Batch.state.in_(APPROVED),
            Revision.number == Batch.revision_number,
            stands(),
        )
        .order_by(Batch.decided_at, Batch.number)
    )
    return dict(found.all())


def of_cards(
    key: CompanyKey, replaced: Mapping[bytes, bytes], cards: Iterable[str]
) -> Mapping[bytes, str]:
    """Return the KPJ that one of these replaced, by index, with that one."""
    if not replaced:
        return {}
    now = {value_index(key, "kpj", card): card for card in cards}
    return {before: now[after] for before, after in replaced.items() if after in now}
