"""Find and replace over a draft: seen first, only where it was asked for, undone as one act."""

import pytest

from hr_portal.services import mending, replacing, results
from hr_portal.services.errors import Invalid
from hr_portal.services.replacing import Search

KPJ, NIK, NAME, BIRTH, KK, DATA, BEFORE, AFTER, REASON = range(9)


def test_a_text_is_replaced_everywhere_but_in_identifiers(world, portal):
    batch = world.draft()
    seen = replacing.preview(portal, world.rahma, batch, Search("0", "O"))
    headers = {line.header for line in seen.lines}
    assert headers <= {"Tanggal Lahir", "Semula", "Menjadi"}
    assert "•" in seen.lines[-1].after
    seen = replacing.preview(portal, world.rahma, batch, Search("Sesuai", "Menurut"))
    assert (seen.cells, seen.rows) == (3, 3)
    assert seen.lines[0].after == "Menurut KTP-el"
    done = replacing.replace(
        portal, world.rahma, batch, Search("Sesuai", "Menurut"), version=seen.version
    )
    assert done.cells == 3
    row = results.row_view(portal, world.rahma, batch, 2)
    assert row.cells[REASON].raw == "Menurut KTP-el"
    (act,) = mending.acts(portal, world.rahma, batch)
    assert (act.kind, act.what) == ("replace", {})
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert replacing.preview(portal, world.rahma, batch, Search("Menurut", "")).cells == 0


def test_a_chosen_column_is_replaced_whatever_it_holds(world, portal):
    batch = world.draft()
    kpj = results.row_view(portal, world.rahma, batch, 2).cells[KPJ].raw
    search = Search(kpj, "09999990017", KPJ)
    seen = replacing.preview(portal, world.rahma, batch, search)
    assert (seen.cells, seen.lines[0].field) == (1, "kpj")
    assert replacing.replace(portal, world.rahma, batch, search).cells == 1
    (act,) = mending.acts(portal, world.rahma, batch)
    assert act.what == {"column": KPJ}
    assert replacing.preview(portal, world.rahma, batch, Search(kpj, "x", 99)).cells == 0


def test_a_whole_cell_is_more_than_a_part_of_it(world, portal):
    batch = world.draft()
    for find, count in (("KTP-el", 0), ("Sesuai KTP-el", 3)):
        search = Search(find, "x", REASON, is_whole=True)
        assert replacing.preview(portal, world.rahma, batch, search).cells == count
    with pytest.raises(Invalid):
        replacing.preview(portal, world.rahma, batch, Search("", "x"))


def test_an_address_is_found_by_a_part_of_it(world, portal):
    line = lambda i, who: ("Alamat Domisili", "Jalan Lama 1", f"Jalan Misal Nomor {i}")  # noqa: E731
    batch = world.draft(world.sheet(12, line=line))

    def numbers(**more):
        page = results.rows_page(portal, world.rahma, batch, **more)
        return [row.number for row in page.items], page.total

    assert numbers(text="misal nomor 3") == ([4], 1)
    assert numbers(text="jalan lama", per_page=5, page=3) == ([12, 13], 12)
    assert numbers(text="jalan lama", show="error") == ([], 0)
    assert numbers(text="%") == ([], 0)
    name = results.row_view(portal, world.rahma, batch, 3).name
    assert 3 in numbers(text=name.lower())[0]
