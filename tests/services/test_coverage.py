"""The matrix: what each row asks for, what is there, and the rows that lack something."""

import io

import pytest

from hr_portal import demo
from hr_portal.services import coverage, documents
from hr_portal.services.errors import NotFound
from tests.adapters.documents.made import small_png


def name_line(_number, who):
    return ("Nama Lengkap", who["nama"] + " LAMA", who["nama"])


@pytest.fixture
def batch(world):
    """Two rows that correct a phone number, two that correct a name."""
    lines = world.sheet(2).splitlines()
    lines += world.sheet(2, start=200, line=name_line).splitlines()[1:]
    return world.draft(b"\r\n".join([*lines, b""]))


def put(world, batch, kind, row=None, shade=1):
    documents.add_document(
        world.portal,
        world.rahma,
        batch,
        io.BytesIO(small_png(shade)),
        f"{kind}.png",
        kind=kind,
        row=row,
    )


def seen(world, batch, **how):
    return coverage.matrix(world.portal, world.rahma, batch, **how)


def test_a_row_asks_for_what_its_corrections_ask_for(world, batch):
    found = seen(world, batch)
    assert [one.kind for one in found.columns] == ["kartu_bpjstk", "ktp", "kk"]
    assert [(one.asked, one.there) for one in found.columns] == [(4, 0), (2, 0), (2, 0)]
    assert [one.cells for one in found.rows][:1] == [("missing", None, None)]
    assert found.rows[3].cells == ("missing", "missing", "missing")
    assert found.rows[3].corrections == (("Nama", "Name"),)
    assert found.rows[0].name == demo._person(101)["nama"]


def test_a_complete_row_leaves_the_list_of_those_that_lack(world, batch):
    put(world, batch, "kartu_bpjstk", 2)
    put(world, batch, "ktp", 4, 2)
    found = seen(world, batch)
    assert (found.total, found.lacking, found.listed) == (4, 3, 3)
    assert [one.number for one in found.rows] == [3, 4, 5]
    assert found.rows[1].cells == ("missing", "there", "missing")
    every = seen(world, batch, show="all")
    assert (every.listed, every.rows[0].cells) == (4, ("there", None, None))


def test_a_document_of_the_whole_batch_counts_for_every_row(world, batch):
    put(world, batch, "kartu_bpjstk")
    assert [one.number for one in seen(world, batch).rows] == [4, 5]


def test_the_matrix_is_cut_into_pages(world, batch):
    assert [one.number for one in seen(world, batch, page=2, per_page=3).rows] == [5]
    assert seen(world, batch, page=9).rows == ()


def test_strangers_see_no_matrix(world, batch):
    with pytest.raises(NotFound):
        coverage.matrix(world.portal, world.wulan, batch)
