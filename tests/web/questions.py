"""What a page asks the database."""

from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def asked_of(portal):
    """The statements with their values that are asked inside, with what opens transactions."""
    asked = []

    def note(_connection, _cursor, statement, values, *_):
        asked.append((statement, values))

    engines = {portal.db.reader, portal.db.writer}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


def questions(asked):
    """The statements that ask something."""
    return [statement for statement, _values in asked if not statement.startswith("BEGIN")]
