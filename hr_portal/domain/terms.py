"""The editions of the terms and the data-handling statement that everybody who works here accepts.

The text of an edition never changes: a new wording is a new edition, and is asked of everybody
before they go on. What was accepted is therefore known by its number and the hash of its words.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: its number, from when it counts, and SHA-256 of its Indonesian text."""

    number: int
    since: dt.date
    sha256: str


EDITIONS: Final = (
    Edition(
        1, dt.date(2026, 11, 1), "8890ac832308fd39f9c18df880312895e97bb6775cda98cee32ef99145d4f1f8"
    ),
)
"""Oldest first; a test holds each hash to the text that is shown."""
CURRENT: Final = EDITIONS[-1]
