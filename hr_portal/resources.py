"""Finds the folders that lie outside the package in a checkout and inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """The folder `name`, such as "templates": beside the package, or inside the wheel.

    Raises FileNotFoundError where neither has it, which means a broken installation.
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The portal's folder {name!r} is missing from {PACKAGE}.")
