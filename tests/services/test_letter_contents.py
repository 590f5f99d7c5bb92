"""What a letter holds for programs is what its batch holds."""

import pytest

from hr_portal.adapters.letters.embedding import read_rows
from hr_portal.services import letter_contents, letter_views, letters, mending
from hr_portal.services.errors import NotFound


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def test_the_rows_in_a_letter_are_exactly_those_of_the_batch(world, portal):
    batch = world.submitted()
    letter = letter_views.list_letters(portal, world.rahma, batch)[0]
    letters.finish_rendering(portal, letter.id)
    content = letter_contents.read(portal, world.bayu, letter.id)
    assert content.comparison.is_same
    sheet = [line.split(";") for line in world.sheet().decode().splitlines()[1:]]
    assert [(row.kpj, row.nik, row.name, row.before, row.after) for row in content.rows] == [
        (line[0], line[1], line[2], f"+62{line[6][1:]}", f"+62{line[7][1:]}") for line in sheet
    ]
    assert read_rows(letter_views.open_letter(portal, world.rahma, letter.id)[1]) == content.rows
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


NAMES = (
    "SUKARNO",
    "SITI \u202eNATOHNOC\u202c UMPAMA",
    "MUHAMMAD ABDURRAHMAN WACHID SASTROATMODJO KUSUMANINGRATWATIN",
)
PLACES = (
    "Jalan <b>Contoh</b> & Umpama {{ 7 * 7 }} Nomor 8, RT 004/RW 011",
    "Jalan Contoh &lt {% for a in b %} Umpama Nomor 9, RT 004/RW 011",
    f"Jalan {'A' * 60} Nomor 10, RT 004/RW 011",
)


def test_names_and_values_that_have_undone_others_come_out_of_every_letter_as_they_went_in(
    world, portal
):
    """And a draft without documents has each kind of letter."""
    lines = [line.split(";") for line in world.sheet().decode().splitlines()]
    for line, name, place in zip(lines[1:], NAMES, PLACES, strict=True):
        line[2], line[5:8] = name, ("Alamat Domisili", "Jalan Lama Nomor 1", place)
    batch = world.draft("\r\n".join([*map(";".join, lines), ""]).encode())
    made = [letters.issue(portal, world.rahma, batch)]
    made += [
        letters.issue_companion(portal, world.rahma, batch, one) for one in letter_views.COMPANIONS
    ]
    for letter in made:
        content = letter_contents.read(portal, world.rahma, letter.id)
        assert content.comparison.is_same, letter.kind
        assert [row.after for row in content.rows] == list(PLACES), letter.kind
        assert [row.name for row in content.rows] == [
            name.replace("\u202e", "").replace("\u202c", "") for name in NAMES
        ]
