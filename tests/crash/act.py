"""Does one act in a process of its own, which dies at a named point: `act.py ACT POINT`.

Settings come from the environment as for the real portal. Acts: work (one job),
upload FILE, answer BATCH, issue BATCH, submit BATCH, decide BATCH, split BATCH, mend BATCH, undo
BATCH (its one act), purge BATCH,
parts UPLOAD|FOLDER (all in it, then the whole), rotate (the master key).
"""

import hashlib
import io
import sys
from pathlib import Path

from hr_portal import worker
from hr_portal.adapters.database import tenancy
from hr_portal.services import (
    accounts,
    archive_uploads,
    columns,
    crashpoints,
    intake,
    letters,
    mending,
    offers,
    purging,
    review,
    rotation,
    splitting,
    submission,
)
from hr_portal.services.context import Portal
from hr_portal.services.offers import Chosen
from hr_portal.settings import Settings


def main() -> None:  # noqa: C901, PLR0912 - one branch an act
    act, point, user, subject = sys.argv[1:5]
    tenancy.of_process("command")
    portal = Portal.from_settings(Settings.from_env())
    actor = accounts.load_actor(portal, user) if user != "-" else None
    crashpoints.arm(point)
    if act == "work":
        worker.run_once(portal)
    elif act == "upload":
        intake.create_batch(
            portal,
            actor,
            io.BytesIO(Path(subject).read_bytes()),
            "koreksi.csv",
            idempotency_key="k",
        )
    elif act == "parts":
        upload_id, folder = subject.split("|")
        for number, path in enumerate(sorted(Path(folder).glob("*.part")), 1):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            with path.open("rb") as source:
                archive_uploads.put_part(portal, actor, upload_id, number, source, digest)
        archive_uploads.complete(portal, actor, upload_id)
    elif act == "answer":
        columns.answer(portal, actor, subject, version=None, columns={})
    elif act == "issue":
        letters.issue(portal, actor, subject)
    elif act == "submit":
        submission.submit(portal, actor, subject, version=None, declaration=True)
    elif act == "decide":
        review.decide(portal, actor, subject, version=None)
    elif act == "split":
        splitting.split(portal, actor, subject, version=1)
    elif act == "mend":
        offers.take(portal, actor, subject, Chosen("KPJ-03"))
    elif act == "undo":
        (one,) = mending.acts(portal, actor, subject)
        mending.undo(portal, actor, subject, one.id)
    elif act == "purge":
        purging.purge(portal, subject, "documents")
    elif act == "rotate":
        rotation.rotate_master(portal)


if __name__ == "__main__":
    main()
