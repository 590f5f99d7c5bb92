"""Above a setting the corrections of a letter stand in a workbook beside it."""

import datetime as dt
import hashlib
import io

import openpyxl
import pytest

from hr_portal.services import jobs, letter_contents, letter_views, letters
from hr_portal.services.errors import Invalid, NotFound


@pytest.fixture
def settings(make_settings, sqlite_url):
    return make_settings(database_url=sqlite_url, letter_lines=2)


def test_a_letter_above_the_setting_names_a_workbook_and_gives_it_out(world, portal):
    small = letters.issue(portal, world.rahma, world.draft(world.sheet(2)))
    assert small.table_sha256 is None
    with pytest.raises(Invalid) as raised:
        letter_contents.workbook(portal, world.rahma, small.id)
    assert "tercetak pada halaman" in raised.value.message
    batch = world.draft(world.sheet(3, start=700))
    letters.preview(portal, world.rahma, batch)
    letter = letters.issue(portal, world.rahma, batch)
    view, workbook = letter_contents.workbook(portal, world.rahma, letter.id)
    assert view.table_sha256 == letter.table_sha256 == hashlib.sha256(workbook).hexdigest()
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Koreksi"]
    assert sheet.max_row == 1 + 3
    assert letter_contents.read(portal, world.rahma, letter.id).comparison.is_same
    with pytest.raises(NotFound):
        letter_contents.workbook(portal, world.wulan, letter.id)


def test_a_worker_that_lost_its_letter_stops_making_it(world, portal, clock):
    batch = world.draft(world.sheet(2))
    letters.issue(portal, world.rahma, batch)
    forms = letters.issue_companion(portal, world.rahma, batch, "formulir", wait=False)
    world.work()
    clock.now += dt.timedelta(seconds=letters.RENDER_DELAY)
    lost, held = None, jobs.claim(portal)
    while held.subject != forms.id:
        letters.render_job(portal, held)
        held = jobs.claim(portal)
    lost = held
    clock.now += dt.timedelta(seconds=portal.settings.lease_seconds)
    held = jobs.claim(portal)
    assert held.id == lost.id
    with pytest.raises(jobs.LeaseLostError):
        letters.render_job(portal, lost)
    assert letter_views.letter_view(portal, world.rahma, forms.id).sha256 is None
    letters.render_job(portal, held)
    assert letter_views.letter_view(portal, world.rahma, forms.id).progress == 95
    assert letter_views.letter_view(portal, world.rahma, forms.id).sha256
