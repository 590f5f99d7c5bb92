"""Turns of those who write: a long piece of work lets the others write between its units."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import Database


class Turns:
    """Gives way whenever units of a work have held the lock for some time; many take less."""

    def __init__(self, db: Database, seconds: float) -> None:
        self._db, self._seconds, self._held = db, seconds, 0.0

    @contextmanager
    def unit(self, opened: AbstractContextManager[Session]) -> Iterator[Session]:
        """Do one unit, whose time counts; then the others get their turn where it is theirs."""
        started = time.monotonic()
        with opened as session:
            yield session
        self._held += time.monotonic() - started
        if self._held >= self._seconds:
            self._db.give_way()
            self._held = 0.0
