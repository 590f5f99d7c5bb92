"""A worker whose queue forgets a job as it is taken; only to show that the harness would see it."""

import threading

import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Job
from hr_portal.services import jobs
from hr_portal.settings import Settings


def main() -> None:
    taken = jobs.claim

    def forget(portal):
        claimed = taken(portal)
        if claimed is not None:
            with portal.db.write() as session:
                session.execute(sa.delete(Job).where(Job.id == claimed.id))
        return claimed

    jobs.claim = forget
    jobs._change = lambda *_given, **_values: None  # there is no row to renew or finish
    worker.run(Settings.from_env(), threading.Event())


if __name__ == "__main__":
    main()
