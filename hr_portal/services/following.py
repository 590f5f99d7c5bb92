"""What an act that may take long tells whoever follows it, and does with it in one transaction."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

Told = Callable[[float], None]
"""Is told how far the reading and planning of an act is, from 0 to 1; may be called often."""
Also = Callable[[Session, Any], None]
"""Is called with what an act has done, last in its transaction."""
Units = Callable[[], AbstractContextManager[Session]]
"""Opens one unit of many that an act writes in: a transaction, in which it is still ours to do."""


Held = dict[str, Any]
"""What is kept as JSON."""


@dataclass(frozen=True, slots=True)
class Along:
    """What goes along with a long act that a worker does."""

    number: int
    """Of the long act: what is made for it before it is done bears it."""
    asked_at: dt.datetime
    begun: Held
    """What a worker before this one has said of what it had begun; {} if there was none."""
    begin: Callable[[Session, Held], None]
    """Says so, in the first unit of which something stays; no personal data."""
    told: Told
    also: Also
    unit: Units


def nobody(_share: float) -> None:
    """Let nobody follow."""


def nothing(_session: Session, _done: object) -> None:
    """Do nothing else in the transaction."""


def part_of(told: Told, start: float, stop: float) -> Told:
    """Return what tells of one stage of an act as of the whole."""
    return lambda share: told(start + (stop - start) * share)
