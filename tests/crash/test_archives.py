"""kill -9 while a ZIP is unpacked: the next worker goes on, nothing is lost or kept twice."""

import io
import zipfile

import pytest

from hr_portal import demo
from hr_portal.services import archives, documents
from tests.adapters.documents.made import small_png
from tests.crash.test_crash_points import die, expire

pytestmark = pytest.mark.crash
FILES = 6


def packed():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
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
