"""What earlier batches say; the rules HIS-01 to HIS-04 ask it.

The services fill it (by HMAC index) for the employees of one file; a check
without a database has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from hr_portal.domain.refusals import Often

Person = tuple[str, str]
"""Name and date of birth, clean: not who somebody is, but who may be meant."""


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers an earlier batch has for a person; "" = none, or not yet approved."""

    kpj: str
    nik: str
    batch: str
    row: int
    """Row of that batch's sheet."""


@dataclass(frozen=True, slots=True)
class History:
    """Earlier corrections, keyed by clean KPJ; the values name the batch."""

    pending: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(KPJ, field) -> number of the batch that awaits a decision (HIS-01)."""
    approved: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """(KPJ, field, clean value) -> number of the batch that approved it (HIS-02)."""
    nik_changed: Mapping[str, str] = field(default_factory=dict)
    """KPJ -> number of the batch that changed its NIK (HIS-03)."""
    nik_meant: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(KPJ, NIK as written) -> the NIK that an earlier batch has for this KPJ, and that batch's
    number; only where the two are one slip apart (`near`)."""
    kpj_meant: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(NIK, KPJ as written) -> the KPJ that an earlier batch has for this NIK, and its number."""
    people: Mapping[Person, Known] = field(default_factory=dict)
    """Those whose KPJ or NIK is in doubt and who are one person in all earlier batches."""
    refused: Mapping[str, Often] = field(default_factory=dict)
    """Field -> how often the agency has refused it of late, whosever batch it was (HIS-04)."""


NO_HISTORY = History()


def near(digits: str) -> set[str]:
    """Return what one slip makes of a number: a digit wrong, left out, doubled, or two swapped.

    A slip is undone by another one, so the number that was meant is among them.
    """
    wrong = {
        digits[:place] + other + digits[place + 1 :]
        for place in range(len(digits))
        for other in "0123456789"
    }
    left_out = {
        digits[:place] + other + digits[place:]
        for place in range(len(digits) + 1)
        for other in "0123456789"
    }
    too_many = {digits[:place] + digits[place + 1 :] for place in range(len(digits))}
    swapped = {
        digits[:place] + right + left + digits[place + 2 :]
        for place, (left, right) in enumerate(pairwise(digits))
    }
    return (wrong | left_out | too_many | swapped) - {digits}
