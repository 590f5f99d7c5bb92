"""Two revisions compared: rows by their employee, cells from what they were to what they are."""

import pytest

from hr_portal.demo import _person
from hr_portal.services import differences, letters, review, submission
from hr_portal.services.errors import NotFound
from tests.services.test_past import line, sheet

LINES = [
    line(serial, "No HP", "081200000901", f"0812345678{serial % 100:02}")
    for serial in range(101, 106)
]


@pytest.fixture
def compare(world):
    """Two revisions of one batch from their lines; gives their difference."""

    def run(before, after, **more):
        batch = world.draft(sheet(*before))
        world.revise(batch, sheet(*after))
        world.work()
        return differences.difference(world.portal, world.rahma, batch, **more)

    return run


def told(found):
    return [
        (row.change, row.before, row.after, [(c.field, c.before, c.after) for c in row.cells])
        for row in found.page.items
    ]


def counted(found):
    return tuple(found.counts[kind] for kind in ("changed", "added", "removed", "same", "cells"))


def test_an_inserted_row_is_one_row_more_and_a_missing_one_is_gone(compare):
    extra = line(150, "No HP", "081200000901", "081234567850")
    found = compare(LINES, [LINES[0], extra, *LINES[2:]])
    assert told(found) == [("added", None, 3, []), ("removed", 3, None, [])]
    assert counted(found) == (0, 1, 1, 4, 0)
    assert [row.name for row in found.page.items] == [_person(150)["nama"], _person(102)["nama"]]
    assert [row.fields for row in found.page.items] == [("hp",), ("hp",)]


def test_a_mended_cell_is_shown_from_and_to_with_its_column(compare):
    mended = line(103, "No HP", "081200000901", "081234567999")
    found = compare(LINES, [*LINES[:2], mended, *LINES[3:]])
    assert told(found) == [("changed", 4, 4, [("hp", "+6281234567803", "+6281234567999")])]
    assert counted(found) == (1, 0, 0, 4, 1)
    assert [(c.header, c.rows) for c in found.columns] == [("Menjadi", 1)]


def test_another_order_of_the_rows_changes_nothing(compare):
    found = compare(LINES, LINES[::-1])
    assert told(found) == []
    assert counted(found) == (0, 0, 0, 5, 0)


def test_a_mended_kpj_is_found_by_its_nik_and_a_mended_pair_by_the_name(compare):
    kpj, nik = _person(101)["kpj"], _person(102)["nik"]
    before = [
        line(101, "Email", "a@contoh.example", "b@contoh.example", kpj=kpj[:-1]),
        line(102, "Email", "a@contoh.example", "b@contoh.example", kpj="1", nik=nik[:-1]),
    ]
    after = [line(n, "Email", "a@contoh.example", "b@contoh.example") for n in (101, 102)]
    found = compare(before, after)
    assert told(found) == [
        ("changed", 2, 2, [("kpj", kpj[:-1], kpj)]),
        ("changed", 3, 3, [("kpj", "1", _person(102)["kpj"]), ("nik", nik[:-1], nik)]),
    ]


def test_the_lines_of_one_employee_are_told_apart_by_what_they_correct(compare):
    phone, mail = LINES[0], line(101, "Email", "a@contoh.example", "b@contoh.example")
    other = line(101, "Email", "a@contoh.example", "c@contoh.example")
    found = compare([phone, mail], [other, phone])
    assert told(found) == [("changed", 3, 2, [("email", "b@contoh.example", "c@contoh.example")])]


def test_filters_choose_what_is_listed_and_not_what_is_counted(world):
    batch = world.draft(sheet(*LINES))
    world.revise(batch, sheet(*[one.replace("Sesuai", "Menurut") for one in LINES[:4]]))
    world.work()
    ask = lambda **more: differences.difference(world.portal, world.rahma, batch, **more)  # noqa: E731
    whole = ask()
    assert counted(whole) == (4, 0, 1, 0, 4)
    assert [row.change for row in ask(change="removed").page.items] == ["removed"]
    [column] = whole.columns
    assert (column.header, column.field, column.rows) == ("Alasan", None, 4)
    assert ask(column=column.place).page.total == 4
    assert [row.after for row in ask(column=column.place, page=2, per_page=3).page.items] == [5]
    assert counted(ask(change="added")) == counted(whole)


def test_columns_that_are_new_or_gone_are_compared_with_nothing(world):
    batch = world.draft(sheet(*LINES[:1]))
    more = sheet(*LINES[:1]).decode().splitlines()
    world.revise(batch, "\r\n".join([more[0] + ";Divisi Kerja", more[1] + ";Gudang"]).encode())
    world.work()
    found = differences.difference(world.portal, world.rahma, batch)
    assert told(found) == [("changed", 2, 2, [(None, "", "Gudang")])]
    back = differences.difference(world.portal, world.rahma, batch, older=2, newer=1)
    assert told(back) == [("changed", 2, 2, [(None, "Gudang", "")])]


def test_without_another_revision_there_is_nothing_to_compare(world):
    batch = world.draft()
    found = differences.difference(world.portal, world.rahma, batch)
    assert (found.older, found.newer, found.numbers, found.page.total) == (None, 1, (1,), 0)
    for asked in ({"older": 5}, {"newer": 7}, {"older": 1, "newer": 9}):
        with pytest.raises(NotFound):
            differences.difference(world.portal, world.rahma, batch, **asked)
    with pytest.raises(NotFound):
        differences.difference(world.portal, world.wulan, batch)
    waiting = world.upload(world.sheet(1, start=300)).batch_id
    with pytest.raises(NotFound):
        differences.difference(world.portal, world.rahma, waiting)


def test_a_reviewer_compares_only_what_was_handed_in(world):
    batch = world.submitted(sheet(*LINES))
    review.take(world.portal, world.bayu, batch)
    review.return_all(world.portal, world.bayu, batch, version=None, reason="KTP belum ada")
    for count in (3, 4):
        world.revise(batch, sheet(*LINES[:count]))
        world.work()
    world.confirm(batch)
    letters.issue(world.portal, world.rahma, batch, wait=False)
    submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)
    seen = differences.difference(world.portal, world.bayu, batch)
    assert (seen.numbers, seen.older, seen.newer, counted(seen)[2]) == ((1, 3), 1, 3, 1)
    with pytest.raises(NotFound):
        differences.difference(world.portal, world.bayu, batch, older=2)
    assert differences.difference(world.portal, world.rahma, batch).older == 2
