"""A row of the database always finds its file, however a request ends."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import File, Letter, Revision
from hr_portal.domain.table import Unreadable
from hr_portal.services import documents, jobs, letter_views, letters, reading
from tests.services.test_review import _png


class CutOffError(Exception):
    """Stands for a connection, or a process, that ends right after the commit."""


@pytest.fixture
def cut_off_after_commit():
    """The next commit of what was written goes through, and its answer never arrives."""

    def cut(session):
        if not session.info.get("writes"):
            return
        sa.event.remove(Session, "after_commit", cut)
        raise CutOffError

    sa.event.listen(Session, "after_commit", cut)
    yield
    if sa.event.contains(Session, "after_commit", cut):
        sa.event.remove(Session, "after_commit", cut)


def without_a_file(portal):
    kept = set(portal.files.names())
    with portal.db.read() as session:
        return [name for name in session.scalars(sa.select(File.name)) if name not in kept]


def test_an_upload_whose_commit_went_unheard_keeps_its_file(world, portal, cut_off_after_commit):
    with pytest.raises(CutOffError):
        world.upload()
    assert without_a_file(portal) == []
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(File)) == 1


def test_a_revision_whose_commit_went_unheard_keeps_its_file(world, portal, request):
    batch = world.draft()
    request.getfixturevalue("cut_off_after_commit")
    with pytest.raises(CutOffError):
        world.revise(batch, world.sheet(5))
    assert without_a_file(portal) == []
    assert world.view(batch).revision.number == 2


def test_a_document_whose_commit_went_unheard_keeps_its_file(world, portal, request):
    batch = world.draft()
    request.getfixturevalue("cut_off_after_commit")
    with pytest.raises(CutOffError):
        documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
    assert without_a_file(portal) == []
    (kept,) = documents.list_documents(portal, world.rahma, batch)
    assert b"".join(documents.open_document(portal, world.rahma, kept.id)[1])


def test_a_refused_sheet_with_the_bytes_of_a_letter_leaves_the_letter_its_file(world, portal):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch)
    second = world.upload(world.sheet(2, start=700), name="lain.csv")
    claimed = jobs.claim(portal)
    with portal.db.write() as session:
        kept = session.get_one(Letter, letter.id).file_id
        revision = session.get_one(Revision, int(claimed.subject))
        revision.file_id = kept
    reading._refuse(portal, claimed, int(claimed.subject), Unreadable("FILE-09", "Tidak.", "No."))
    assert world.view(second.batch_id).revision.state == "unreadable"
    assert letter_views.open_letter(portal, world.rahma, letter.id)[1].startswith(b"%PDF-")
