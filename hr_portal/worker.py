"""Takes work from the jobs table and runs it, until told to stop."""

import logging
import threading
import time
from collections.abc import Callable

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.regions import use_newest
from hr_portal.services import (
    annotated,
    archive_uploads,
    archives,
    audit_chain,
    depicting,
    explaining_many,
    figure_days,
    idle_drafts,
    jobs,
    letter_runs,
    letters,
    long_acts,
    long_works,
    notice_bundles,
    notices,
    past,
    purging,
    quarantine,
    reading,
    rechecking,
    review,
    review_works,
    reviewing,
    rotation,
    row_texts,
    scanning,
    sessions,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import ServiceError
from hr_portal.settings import Settings

logger = logging.getLogger(__name__)

HANDLERS: dict[str, Callable[[Portal, jobs.Claim], None]] = {
    "read": reading.read_revision,
    "render": letters.render_job,
    "remember": past.remember_job,
    rechecking.JOB: rechecking.recheck_job,
    row_texts.JOB: row_texts.texts_job,
    "annotate": annotated.annotate_job,
    long_acts.JOB: long_works.long_act_job,
    archives.JOB: archives.unpack_job,
    depicting.JOB: depicting.depict_job,
    scanning.JOB: quarantine.scan_job,
    notice_bundles.JOB: notice_bundles.bundle_job,
    notices.JOB: notices.mail_job,
    purging.JOB: purging.purge_job,
    review_works.JOB: reviewing.review_job,
    rotation.JOB: rotation.reseal_job,
    letter_runs.JOB: letter_runs.run_job,
    explaining_many.COPY: explaining_many.copy_job,
}
RETRY_SECONDS = 5
SWEEP_SECONDS = 600
PART_SECONDS = 3600
"""Age from which nobody is writing to an unfinished file any more."""


def run(settings: Settings, stop: threading.Event) -> None:
    """Work until `stop` is set; the job in hand is finished first."""
    tenancy.of_process("worker")
    portal = Portal.from_settings(settings)
    try:
        next_sweep = time.monotonic()
        while not stop.is_set():
            if time.monotonic() >= next_sweep:
                sweep(portal)
                next_sweep = time.monotonic() + SWEEP_SECONDS
            if not run_once(portal):
                stop.wait(settings.poll_seconds)
    finally:
        portal.close()


def sweep(portal: Portal) -> None:
    """Remove what has run out (sign-ins, tries, files never finished); tell what is overdue.

    Queue what has been kept long enough; count the days that have ended. And note, once a day,
    where the chains of acts stand.
    """
    sessions.sweep_sessions(portal)
    audit_chain.note_heads(portal)
    notices.tell_overdue(portal)
    review.let_go_of_idle(portal)
    archive_uploads.sweep(portal)
    idle_drafts.warn(portal)
    purging.queue_due(portal)
    purging.delete_doomed(portal)
    scanning.queue_waiting(portal)
    figure_days.keep(portal)
    portal.files.sweep_parts(older_than=time.time() - PART_SECONDS)


def run_once(portal: Portal) -> bool:
    """Run one job that is due; return False where there is none."""
    claimed = jobs.claim(portal)
    if claimed is None:
        return False
    use_newest(portal.settings.data_dir)
    try:
        HANDLERS[claimed.kind](portal, claimed)
    except jobs.LeaseLostError:
        logger.warning("lease lost", extra={"job": claimed.id, "kind": claimed.kind})
    except Exception as error:
        logger.exception(
            "job failed",
            extra={"job": claimed.id, "kind": claimed.kind, "attempts": claimed.attempts},
        )
        _put_back(portal, claimed, error.code if isinstance(error, ServiceError) else "exception")
    return True


def run_all(portal: Portal) -> int:
    """Run jobs until none is due; return how many. For tests and demo data."""
    done = 0
    while run_once(portal):
        done += 1
    return done


def _put_back(portal: Portal, claimed: jobs.Claim, kind: str) -> None:
    """Queue a failed job again, or give it up after the last try."""
    try:
        with portal.db.write() as session:
            if claimed.attempts > portal.settings.max_attempts:
                jobs.fail(session, claimed, kind)
            else:
                jobs.retry(portal, session, claimed, kind, delay=RETRY_SECONDS * claimed.attempts)
    except jobs.LeaseLostError:
        logger.warning("lease lost", extra={"job": claimed.id, "kind": claimed.kind})
