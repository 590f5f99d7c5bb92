"""What a letter holds for programs is what its batch holds."""

import pytest

from hr_portal.adapters.letters.embedding import read_rows
from hr_portal.services import letter_contents, letters, mending
from hr_portal.services.errors import NotFound


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def test_the_rows_in_a_letter_are_exactly_those_of_the_batch(world, portal):
    batch = world.submitted()
    letter = letters.list_letters(portal, world.rahma, batch)[0]
    letters.finish_rendering(portal, letter.id)
    content = letter_contents.read(portal, world.bayu, letter.id)
    assert content.comparison.is_same
    sheet = [line.split(";") for line in world.sheet().decode().splitlines()[1:]]
    assert [(row.kpj, row.nik, row.name, row.before, row.after) for row in content.rows] == [
        (line[0], line[1], line[2], f"+62{line[6][1:]}", f"+62{line[7][1:]}") for line in sheet
    ]
    assert read_rows(letters.open_letter(portal, world.rahma, letter.id)[1]) == content.rows
    with pytest.raises(NotFound):
        letter_contents.read(portal, world.wulan, letter.id)


def test_a_change_after_the_letter_is_found(world, portal):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch)
    mending.edit_cells(portal, world.rahma, batch, {(2, 7): "081299990000"})
    world.work()
    found = letter_contents.read(portal, world.rahma, letter.id).comparison
    assert [len(found.only_in_letter), len(found.only_in_batch)] == [1, 1]
    assert found.only_in_batch[0].after == "+6281299990000"
