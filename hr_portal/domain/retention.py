"""How long what is kept: two stages, counted from the end of a batch.

Stage `documents` takes what proves (scans, the uploaded sheet, files given out) and masks the
rows; what is left is the masked log: which datum of whom was decided how, recognisable but of no
use to a thief. Stage `log` takes that as well. Number, dates, hashes and acts always stay
(decision 91).
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from hr_portal.domain.fields import ERASE
from hr_portal.domain.masking import DOT, mask, mask_name, mask_text

Stage = Literal["documents", "log"]
STAGES: tuple[Stage, ...] = get_args(Stage)
DRAFT_WARNING = dt.timedelta(days=14)
"""So long before a draft that nobody touches ends, its people are told."""

_NAMES = frozenset({"nama", "nama_ibu", "nama_rekening", "darurat_nama"})
_OPEN = frozenset(
    {"gelar", "jenis_kelamin", "status_kawin", "golongan_darah", "kewarganegaraan", "kode_bank",
     "status_kerja", "tanggal_mulai", "tanggal_berhenti", "sebab_berhenti", "darurat_hubungan"}
)  # fmt: skip
"""Fields whose values, with all others masked, lead to nobody."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_QUOTED = re.compile("“.*”", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Periods:
    """The two periods as the installation has set them."""

    documents_days: int
    log_years: int

    def due(self, stage: Stage, ended_at: dt.datetime) -> dt.datetime:
        """Say when a batch that ended then has reached a stage."""
        if stage == "documents":
            return ended_at + dt.timedelta(days=self.documents_days)
        return _years_after(ended_at, self.log_years)

    def ended_before(self, stage: Stage, now: dt.datetime) -> dt.datetime:
        """Return the latest end of a batch that has reached a stage now."""
        if stage == "documents":
            return now - dt.timedelta(days=self.documents_days)
        return _years_after(now, -self.log_years)


def _years_after(day: dt.datetime, years: int) -> dt.datetime:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def blot(stage: Stage, field: str | None, value: str) -> str:
    """Return what is left of a value after a stage; blotting again changes nothing.

    What no field explains (reasons, notes, columns of the company's own) may hold anything, so
    nothing is left of it.
    """
    if value in {"", ERASE}:
        return value
    if stage == "log" or field is None:
        return DOT * 4
    if field in _OPEN:
        return value
    if field in _NAMES:
        return mask_name(value)
    if field == "tanggal_lahir":
        year = _YEAR.search(value)
        return f"{DOT * 2}-{DOT * 2}-{year[0]}" if year else DOT * 4
    masked = mask(field, value)
    return mask_text(value) if masked == value and DOT not in value else masked


def blot_quoted(sentence: str) -> str:
    """Return a sentence of ours without the words of a file that it quotes.

    "Baris 9 dilewati: catatan “Sdr. Contoh”." All between the first and the last quotation mark
    goes: what is quoted may itself hold some, and then nobody can tell where it ends.
    """
    return _QUOTED.sub(f"“{DOT * 4}”", sentence)
