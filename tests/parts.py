"""What a machine must have for some tests, and what happens where it doesn't.

A missing part skips the test with the reason and the way to enable it. With CI=true it fails
instead: there, nothing may be left out unseen.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI", "").lower() == "true"

PACKAGES = {
    "chromium": "chromium",
    "chromium without windows": "chromium-headless-shell",
    "libreoffice": "libreoffice-calc",
    "poppler": "poppler-utils",
    "postgresql": "postgresql",
    "qpdf": "qpdf",
}
_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "chromium without windows": ("chromium-headless-shell", "chromium", "chromium-browser"),
    "libreoffice": ("soffice", "libreoffice"),
    "poppler": ("pdftotext",),
    "qpdf": ("qpdf",),
}


def find(part: str) -> Path | None:
    """The program of a part, or None where the machine hasn't got it."""
    if part == "postgresql":
        folders = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
        )
        for folder in reversed(folders):
            if (folder / "postgres").exists() and (folder / "initdb").exists():
                return folder / "postgres"
        found = shutil.which("postgres")
        return Path(found) if found and Path(found).with_name("initdb").exists() else None
    for name in _PROGRAMS[part]:
        if found := shutil.which(name):
            return Path(found)
    return None


def require(part: str) -> Path:
    """The program of a part; skips the test where it is missing, or fails it in CI."""
    found = find(part)
    if found is None:
        refuse(f"{part} is not installed; to enable: apt-get install {PACKAGES[part]}")
    return found


def refuse(reason: str) -> NoReturn:
    """Skips this test with a reason and how to enable it, or fails it in CI."""
    if IN_CI:
        pytest.fail(f"{reason} (CI=true: a missing part is a failure)", pytrace=False)
    pytest.skip(reason)
