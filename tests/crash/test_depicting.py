"""kill -9 while pages are drawn: the next worker goes on with the page that comes next."""

import io

import pytest

from hr_portal.services import depicting, documents
from tests.crash.test_crash_points import die, expire
from tests.services.test_depicting import written_pdf

pytestmark = pytest.mark.crash
PAGES = 11


@pytest.mark.parametrize("point", ["depict:stored", "depict:step"])
def test_pages_whose_worker_dies_are_drawn_whole_by_the_next(world, portal, settings, point):
    batch = world.draft()
    taken = documents.add_document(
        portal, world.rahma, batch, io.BytesIO(written_pdf(PAGES)), "ktp.pdf", row=2
    )
    die(settings, "work", point)
    halfway = depicting.pictures_of(portal, world.rahma, taken.id)
    assert len(halfway.pages) == (depicting.PAGES_AT_ONCE if point == "depict:step" else 0)
    expire(portal)
    world.work()
    made = depicting.pictures_of(portal, world.rahma, taken.id)
    assert (made.state, [one.number for one in made.pages]) == ("done", list(range(1, PAGES + 1)))
    assert made.text.count(" hal ") == PAGES
