"""Any page of the grid is found from lists; they never show other rows than the rows themselves."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Revision, Row, RowList
from hr_portal.services import batch_views, results, row_lists, submission


def uneven(i, who):
    """Of seven rows two are wrong, one is asked about."""
    if i % 7 in {2, 5}:
        return ("No HP", "0812", "021")
    if i % 7 == 3:
        return ("Tanggal Lahir", who["lahir"], "01-01-1990")
    return ("Alamat Domisili", "Jalan Misal 1", f"Jalan Misal Baru {i}")


@pytest.fixture
def batch(world):
    return world.draft(world.sheet(60, line=uneven))


def seen(portal, world, batch, show):
    """All pages of a filter: the row numbers of each, and the total each says."""
    first = results.rows_page(portal, world.rahma, batch, show=show, per_page=7)
    pages = [
        results.rows_page(portal, world.rahma, batch, show=show, page=page, per_page=7)
        for page in range(1, first.pages + 2)
    ]
    return [([row.number for row in page.items], page.total) for page in pages]


def revision_of(portal, world, batch):
    return batch_views.batch_view(portal, world.rahma, batch).revision.id


def lists(portal):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(RowList))


@pytest.mark.parametrize("show", row_lists.SHOWN)
def test_every_page_from_the_lists_is_the_page_from_the_rows(world, portal, batch, show):
    listed = seen(portal, world, batch, show)
    assert lists(portal)
    with portal.db.write() as session:
        session.execute(sa.delete(RowList))
    assert seen(portal, world, batch, show) == listed
    numbers = [number for page, _ in listed for number in page]
    assert len(numbers) == len(set(numbers)) == listed[0][1]


def test_the_filters_share_the_rows_among_them(world, portal, batch):
    totals = {show: seen(portal, world, batch, show)[0][1] for show in row_lists.SHOWN}
    assert totals["all"] == totals["todo"] + totals["valid"] == 60
    assert totals["todo"] == totals["error"] + totals["warning"]
    assert all(totals.values())


def test_a_row_whose_outcome_changes_is_found_where_it_belongs(world, portal, batch):
    revision = revision_of(portal, world, batch)
    with portal.db.write() as session:
        session.execute(
            sa.update(Row).where(Row.revision_id == revision, Row.number == 3).values(severity=0)
        )
    assert not lists(portal)
    assert 3 in [number for page, _ in seen(portal, world, batch, "valid") for number in page]
    with portal.db.write() as session:
        row_lists.remake(session, revision, row_lists.stored(session, revision))
    assert lists(portal)
    assert 3 in [number for page, _ in seen(portal, world, batch, "valid") for number in page]
    assert 3 not in [number for page, _ in seen(portal, world, batch, "error") for number in page]


def test_a_list_longer_than_a_part_is_read_across_its_parts(world, portal, batch, monkeypatch):
    listed = seen(portal, world, batch, "all")
    monkeypatch.setattr(row_lists, "PART", 5)
    with portal.db.write() as session:
        revision = revision_of(portal, world, batch)
        row_lists.remake(session, revision, row_lists.stored(session, revision))
    assert seen(portal, world, batch, "all") == listed
    assert lists(portal) > 20


def test_a_copy_has_lists_of_its_own(world, portal):
    batch = world.submitted()
    before = lists(portal)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Ada yang terlewat")
    assert lists(portal) == 2 * before
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 2


def test_the_list_of_what_to_do_shows_the_first_of_each(world, portal, batch):
    for item in results.todo(portal, world.rahma, batch):
        first = results.findings_page(portal, world.rahma, batch, code=item.code).items[0]
        assert item.advice == first.message


def test_an_entry_whose_first_row_was_mended_still_has_an_example(world, portal, batch):
    advice = [item.advice for item in results.todo(portal, world.rahma, batch)]
    revision = revision_of(portal, world, batch)
    with portal.db.write() as session:
        one = session.get_one(Revision, revision)
        one.summary = [{**entry, "first": 9999} for entry in one.summary]
    assert [item.advice for item in results.todo(portal, world.rahma, batch)] == advice
    with portal.db.write() as session:
        one = session.get_one(Revision, revision)
        one.summary = [
            {name: value for name, value in entry.items() if name != "first"}
            for entry in one.summary
        ]
    assert [item.advice for item in results.todo(portal, world.rahma, batch)] == advice


def test_every_page_of_a_rule_is_the_rows_with_such_a_finding(world, portal, batch):
    found = results.findings_page(portal, world.rahma, batch, per_page=1000).items
    asked = {(one.code, field) for one in found for field in (None, one.field)}
    assert len({code for code, _ in asked}) > 1
    for code, field in asked:
        rows = sorted(
            {one.row for one in found if one.code == code and field in {None, one.field}} - {0}
        )
        for show in ("all", "todo", "error"):
            wanted = seen(portal, world, batch, show)
            shown = {number for page, _ in wanted for number in page}
            pages = [
                results.rows_page(
                    portal, world.rahma, batch, show=show, code=code, field=field, page=page,
                    per_page=7,
                )
                for page in range(1, 4)
            ]  # fmt: skip
            listed = [row.number for page in pages for row in page.items]
            assert listed == [row for row in rows if row in shown][: 3 * 7]
            assert {page.total for page in pages} == {len(set(rows) & shown)}
