"""Two ways in which the portal might have been built, for the kills to find fault with."""

import contextvars
import threading
import time
from contextlib import contextmanager

VARIANTS = "answer", "number"
ANSWERED_SECONDS, NUMBERED_SECONDS = 0.2, 4.0
"""How long after the answer, or after the number, the naive portal writes the rest.

The one holds SQLite's only write lock for so long; a letter is rare beside an upload, so the other
gives the kills more time to find it.
"""


def break_it(variant: str) -> None:
    """Make the portal of this process naive in this way; "" leaves it sound."""
    if variant == "answer":
        _answer_before_commit()
    elif variant == "number":
        _number_by_itself()


def _answer_before_commit() -> None:
    """An upload is told as taken, and committed a moment later by another thread."""
    from hr_portal.adapters.database.engine import Database
    from hr_portal.services import intake

    here = threading.local()
    write, create = Database.write, intake.create_batch

    @contextmanager
    def later(self):
        if not getattr(here, "is_upload", False):
            with write(self) as session:
                yield session
            return
        session = self._write()
        session.info["at_end"] = []
        try:
            yield session
            for finish in session.info["at_end"]:
                finish()
        except BaseException:
            session.close()
            raise

        def commit():
            time.sleep(ANSWERED_SECONDS)
            session.commit()
            session.close()

        work = contextvars.copy_context()  # whose request it is
        threading.Thread(target=work.run, args=(commit,), daemon=True).start()

    def create_batch(*given, **named):
        here.is_upload = True
        try:
            return create(*given, **named)
        finally:
            here.is_upload = False

    Database.write = later
    intake.create_batch = create_batch


def _number_by_itself() -> None:
    """A letter's number is taken and committed first, and the letter written a moment later."""
    from hr_portal.adapters.database.models import Batch
    from hr_portal.services import letter_views, letters
    from hr_portal.services.letter_facts import today

    here = threading.local()
    take, issue = letters.take_number, letters.issue

    def taken_before(session, company, kind, issued_on):
        return here.number or take(session, company, kind, issued_on)

    def number_first(portal, actor, batch_id, **named):
        here.number = None
        with portal.db.read() as session:
            has_one = letter_views.current_letter(session, batch_id) is not None
        if not has_one:
            with portal.db.write() as session:
                company = session.get_one(Batch, batch_id).company
                here.number = take(session, company, letter_views.SERIES, today(portal))
            time.sleep(NUMBERED_SECONDS)
        return issue(portal, actor, batch_id, **named)

    letters.take_number = taken_before
    letters.issue = number_first
