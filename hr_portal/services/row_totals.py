"""How many rows of a revision correct something, and how many of them have findings.

Counted once for each state of a revision and remembered, as the bench asks on every page. What is
handed in is never edited any more.
"""

import threading
from collections import OrderedDict

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.services import marked_rows
from hr_portal.services.row_sets import RowSet

_KEPT = 1_000
_kept: OrderedDict[tuple[object, ...], tuple[int, int]] = OrderedDict()
_lock = threading.Lock()


def totals(session: Session, batch: Batch, revision: Revision) -> tuple[int, int]:
    """Return how many rows have corrections, and how many of these a warning or worse."""
    # whatever changes a draft's rows counts up its version or the edits of its revision
    handed_in = batch.submitted_at is not None
    of = batch.id, revision.id, handed_in or (batch.version, revision.edited, revision.rechecked)
    with _lock:
        known = _kept.get(of)
    if known is None:
        known = _counted(session, revision)
        with _lock:
            _kept[of] = known
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return known


def _counted(session: Session, revision: Revision) -> tuple[int, int]:
    corrected = RowSet.any_of(marked_rows.corrected(session, revision.id).values())
    found = marked_rows.of_outcome(session, revision.id, "todo")
    return len(corrected), len(corrected & found)
