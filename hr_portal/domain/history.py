"""What earlier batches of the company say; the rules HIS-01 to HIS-03 ask it.

The services fill it (by HMAC index) for the employees of one file; a check
without a database has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class History:
    """Earlier corrections, keyed by clean KPJ; the values name the batch."""

    pending: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(KPJ, field) -> number of the batch that awaits a decision (HIS-01)."""
    approved: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """(KPJ, field, clean value) -> number of the batch that approved it (HIS-02)."""
    nik_changed: Mapping[str, str] = field(default_factory=dict)
    """KPJ -> number of the batch that changed its NIK (HIS-03)."""
    known: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(KPJ, field) -> (clean value, number of the batch) of what was submitted last: what a
    damaged NIK or KK may be mended from."""


NO_HISTORY = History()
