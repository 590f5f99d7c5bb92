"""The employer's own numbers beside a row: NPP and division (section 5)."""

import re

import numpy as np

from hr_portal.domain.checks.hits import hit, report_faults
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.numbers import lengths_of
from hr_portal.domain.checks.reading import State
from hr_portal.domain.checks.sheet import Cells, Sheet

_NPP_LENGTH = 8
_DIVISION_LENGTH = 3
_WITH_LETTERS = re.compile(r"[0-9A-Z]{8}", re.ASCII)


def judge_company(sheet: Sheet, npp: str | None) -> None:
    """Judge the columns npp and divisi; `npp` is that of the account, if known."""
    if "npp" in sheet.company:
        _judge_npp(sheet, sheet.company["npp"], npp)
    if "divisi" in sheet.company:
        _judge_division(sheet, sheet.company["divisi"])


def _judge_npp(sheet: Sheet, cells: Cells, own: str | None) -> None:
    report_faults(sheet, cells)
    lengths, clean = lengths_of(cells), cells.clean
    value = cells.state == State.VALUE
    differs = value & np.fromiter((v != own for v in clean), np.bool_, len(clean))
    differs &= own is not None
    good = lengths == _NPP_LENGTH
    old = np.fromiter((_WITH_LETTERS.fullmatch(v) is not None for v in clean), np.bool_, len(clean))
    old &= value & ~good

    def say(_place: int) -> Params:
        return {"npp": own or ""}

    hit(sheet, cells, "NPP-01", value & ~good & ~old & differs, case="foreign", say=say)
    hit(sheet, cells, "NPP-01", value & ~good & ~old, case="form")
    hit(sheet, cells, "NPP-03", (good | old) & differs, say=say)
    hit(sheet, cells, "NPP-02", old)


def _judge_division(sheet: Sheet, cells: Cells) -> None:
    report_faults(sheet, cells)
    lengths, clean = lengths_of(cells), cells.clean
    odd = (cells.state == State.VALUE) & ((lengths < 1) | (lengths > _DIVISION_LENGTH))
    hit(sheet, cells, "DIV-01", odd)
    for place in np.flatnonzero((lengths > 0) & (lengths < _DIVISION_LENGTH)).tolist():
        cells.reading.put(place, clean[place].zfill(_DIVISION_LENGTH))
        cells.reading.tidy("DIV-01", place)
