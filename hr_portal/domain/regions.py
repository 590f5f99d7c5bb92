"""Kemendagri region codes as dated tables that answer for whole columns.

Source: Kepmendagri 300.2.2-2138/2025 and the editions before it; see
`region_data/NOTICE`. BPS uses other numbers for the same places: never mix them.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
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
    """Retired regency code -> the code of today, "" where nobody told it."""
    dated: str = ""
    """The day of the decree, or of the import, as yyyy-mm-dd."""


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
        code = row["code"]
        province[int(code[:2])] = True  # numbers issued under a retired province stay valid, too
        names.setdefault(code, row["name"].replace("KAB.", "Kabupaten").title())
        if len(code) == 4:  # noqa: PLR2004
            regency[int(code)] = SUPERSEDED
            successors[code] = row["current_code"]
    for row in _rows(folder / "probable.csv"):
        regency[int(row["code"])] = PROBABLE
        names[row["code"]] = row["note"]
    edition, dated = read_edition(folder)
    return Regions(edition, province, regency, district, names, successors, dated)


def read_edition(folder: Path) -> tuple[str, str]:
    """Return an edition's name and its day ("" where it has none)."""
    lines = (folder / "edition.txt").read_text(encoding="utf-8").splitlines()
    return lines[0].strip(), lines[1].strip() if len(lines) > 1 else ""


@lru_cache(maxsize=1)
def packaged() -> Path:
    """Return the folder of the newest edition in the package (named after its year)."""
    return max(path for path in DATA.iterdir() if path.is_dir())


class _Choice:
    """Which edition this process judges by; the package's own unless another was imported."""

    folder: Path | None = None


def use(folder: Path | None) -> None:
    """Judge by the edition in `folder` from now on; None goes back to the package's."""
    _Choice.folder = folder


def chosen() -> Path:
    """Return the folder of the edition that this process judges by."""
    return _Choice.folder or packaged()


def regions() -> Regions:
    """Return the edition that this process judges by."""
    return _loaded(chosen())


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> Regions:
    return load_regions(folder)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
