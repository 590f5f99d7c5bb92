"""Kemendagri region codes as dated tables that answer for whole columns.

Source: Kepmendagri 300.2.2-2138/2025 and the editions before it; see
`region_data/NOTICE`. BPS uses other numbers for the same places: never mix them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "region_data"

UNKNOWN, CURRENT, SUPERSEDED, PROBABLE = 0, 1, 2, 3
"""What a regency code is: never seen, of today, retired but valid, or a gap that was one."""


@dataclass(frozen=True)
class Regions:
    """One edition of the codes, as lookup tables indexed by the code itself."""

    edition: str
    """The decree."""
    province: NDArray[np.bool_]
    """(100,) which two-digit codes are provinces of today."""
    regency: NDArray[np.uint8]
    """(10000,) UNKNOWN, CURRENT, SUPERSEDED or PROBABLE of each four-digit code."""
    district: NDArray[np.bool_]
    """(1000000,) which six-digit codes are districts of today."""
    names: dict[str, str]
    """Names by code as written in the edition; of a probable code, what it is thought to be."""
    successors: dict[str, str]
    """Retired regency code -> the code of today."""


def load_regions(folder: Path) -> Regions:
    """Read one edition from its folder of CSV files.

    Raises OSError or KeyError where a file or a column is missing.
    """
    province = np.zeros(100, np.bool_)
    regency = np.zeros(10_000, np.uint8)
    district = np.zeros(1_000_000, np.bool_)
    names: dict[str, str] = {}
    successors: dict[str, str] = {}
    for row in _rows(folder / "regions.csv"):
        code = row["code"]
        names[code] = row["name"]
        if len(code) == 2:  # noqa: PLR2004 - PP, PPRR and PPRRSS differ by their length
            province[int(code)] = True
        elif len(code) == 4:  # noqa: PLR2004
            regency[int(code)] = CURRENT
        else:
            district[int(code)] = True
    for row in _rows(folder / "superseded.csv"):
        regency[int(row["code"])] = SUPERSEDED
        names[row["code"]] = row["name"].replace("KAB.", "Kabupaten").title()
        successors[row["code"]] = row["current_code"]
    for row in _rows(folder / "probable.csv"):
        regency[int(row["code"])] = PROBABLE
        names[row["code"]] = row["note"]
    edition = (folder / "edition.txt").read_text(encoding="utf-8").strip()
    return Regions(edition, province, regency, district, names, successors)


@cache
def regions() -> Regions:
    """Return the newest edition in the package (folders are named after their year)."""
    return load_regions(max(path for path in DATA.iterdir() if path.is_dir()))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
