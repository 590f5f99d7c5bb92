"""What an act that may take long tells whoever follows it, and does with it in one transaction."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Told = Callable[[float], None]
"""Is told how far the reading and planning of an act is, from 0 to 1; may be called often."""
Also = Callable[[Session, Any], None]
"""Is called with what an act has done, last in its transaction."""


def nobody(_share: float) -> None:
    """Let nobody follow."""


def nothing(_session: Session, _done: object) -> None:
    """Do nothing else in the transaction."""


def part_of(told: Told, start: float, stop: float) -> Told:
    """Return what tells of one stage of an act as of the whole."""
    return lambda share: told(start + (stop - start) * share)
