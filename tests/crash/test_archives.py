"""kill -9 while a ZIP is unpacked: the next worker goes on, nothing is lost or kept twice."""

import hashlib
import io
import os
import zipfile

import pytest
import sqlalchemy as sa

from hr_portal import demo, worker
from hr_portal.adapters.database.document_models import DrawnPage
from hr_portal.adapters.database.models import Document
from hr_portal.services import archive_uploads, archives, documents
from tests.adapters.documents.made import small_png
from tests.crash.test_crash_points import die, expire

pytestmark = pytest.mark.crash
FILES = 6


def packed(film=0):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if film:
            archive.writestr("film.mp4", os.urandom(film))
        for number in range(FILES):
            nik = demo._person(101 + number % 3)["nik"]
            kind = "KTP" if number < 3 else "KK"
            archive.writestr(f"{kind} {nik}.png", small_png(number))
    return made


@pytest.mark.parametrize("point", ["archive:prepared", "archive:group"])
def test_a_zip_whose_worker_dies_is_taken_in_whole_by_the_next(world, portal, settings, point):
    batch = world.draft()
    taken = archives.take_archive(portal, world.rahma, batch, packed(), "dokumen.zip")
    die(settings, "work", point)
    halfway = archives.archive_view(portal, world.rahma, taken.id)
    assert (halfway.done > 0) == (point == "archive:group")
    assert halfway.done < FILES
    expire(portal)
    world.work()
    done = archives.archive_view(portal, world.rahma, taken.id)
    assert (done.state, done.done, done.kept, done.placed, done.repeated) == ("done", 6, 6, 6, 0)
    listed = documents.list_documents(portal, world.rahma, batch)
    assert sorted((one.rows, one.kind) for one in listed) == [
        ((row,), kind) for row in (2, 3, 4) for kind in ("kk", "ktp")
    ]


@pytest.mark.parametrize(
    "point", ["part:stored", "part:committed", "archive:committed", "parts:joined"]
)
def test_a_zip_in_parts_whose_server_dies_goes_on_with_the_rest(
    world, portal, settings, tmp_path, point
):
    batch = world.draft()
    before = set(portal.files.names())
    content = packed(film=archive_uploads.PART_BYTES).getvalue()
    pieces = [content[: archive_uploads.PART_BYTES], content[archive_uploads.PART_BYTES :]]
    for number, piece in enumerate(pieces, 1):
        (tmp_path / f"{number}.part").write_bytes(piece)
    begun = archive_uploads.begin(portal, world.rahma, batch, "dokumen.zip", len(content))
    die(settings, "parts", point, world.rahma.user_id, f"{begun.id}|{tmp_path}")
    left = archive_uploads.upload_view(portal, world.rahma, begun.id)
    is_whole = point in {"archive:committed", "parts:joined"}
    assert (left.state == "done") == is_whole
    if not is_whole:
        assert left.missing == ((1, 2) if point == "part:stored" else (2,))
        for number in left.missing:
            piece = pieces[number - 1]
            digest = hashlib.sha256(piece).hexdigest()
            archive_uploads.put_part(
                portal, world.rahma, begun.id, number, io.BytesIO(piece), digest
            )
    taken = archive_uploads.complete(portal, world.rahma, begun.id)
    worker.sweep(portal)
    world.work()
    (done,) = archives.archives_of(portal, world.rahma, batch)
    assert (done.id, done.state, done.done, done.placed) == (taken.id, "done", FILES + 1, FILES)
    orphans = 1 if point == "part:stored" else 0  # told by `reconcile`, as of any upload
    assert len(set(portal.files.names()) - before) == kept(portal) + orphans


def kept(portal):
    """How many files there are of documents and their pages."""
    with portal.db.read() as session:
        files = {*session.scalars(sa.select(Document.file_id))}
        for column in (DrawnPage.whole_id, DrawnPage.small_id):
            files |= {*session.scalars(sa.select(column))}
    return len(files)
