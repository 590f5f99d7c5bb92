"""What pages and the API are told: counts, filters, masks, confirmations."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act
from hr_portal.services import batch_views, mending, results
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound


def faulty(world):
    """Five rows: three fine, one with a fixed line, one whose birth date differs from the NIK."""
    content = world.sheet(5).replace(b"081290000101", b"0217654321")
    lines = content.decode().split("\r\n")
    cells = lines[3].split(";")
    cells[3] = "09-09-1969"
    lines[3] = ";".join(cells)
    return "\r\n".join(lines).encode()


def misborn(world):
    """Five rows whose birth date differs from the NIK."""
    lines = world.sheet(5).decode().split("\r\n")
    parted = [line.split(";") for line in lines[1:6]]
    born = [";".join([*cells[:3], "09-09-1969", *cells[4:]]) for cells in parted]
    return "\r\n".join([lines[0], *born, ""]).encode()


def test_rows_are_filtered_by_severity_rule_and_name(world, portal):
    batch = world.draft(faulty(world))

    def numbers(**more):
        return [row.number for row in results.rows_page(portal, world.rahma, batch, **more).items]

    assert numbers() == [2, 3, 4, 5, 6]
    assert numbers(show="error") == [2]
    assert numbers(show="warning") == [4]
    assert numbers(show="todo") == [2, 4]
    assert numbers(show="valid") == [3, 5, 6]
    assert numbers(code="NIK-11") == [4]
    assert numbers(field="hp") == [2]
    name = results.row_view(portal, world.rahma, batch, 3).name
    assert 3 in numbers(text=name.lower()[:6])
    assert numbers(text="%") == []
    assert numbers(text="' OR 1=1--") == []


def test_pages_are_cut_and_counted(world, portal):
    batch = world.draft(world.sheet(7))
    page = results.rows_page(portal, world.rahma, batch, page=2, per_page=3)
    assert ([row.number for row in page.items], page.total, page.pages) == ([5, 6, 7], 7, 3)


def test_sensitive_cells_are_masked_and_the_full_look_is_an_act(world, portal):
    batch = world.draft()
    row = results.row_view(portal, world.rahma, batch, 2)
    shown = {cell.field: cell.shown for cell in row.cells if cell.field}
    assert row.employee["nik"] not in " ".join(shown.values())
    assert shown["nik"].startswith("3171")
    assert "•" in shown["nik"]
    results.reveal(portal, world.rahma, batch, 2)
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:row_revealed")).one()
    assert (act.actor_id, act.details) == (world.rahma.user_id, {"row": 2})


def test_the_to_do_list_is_worst_first_and_counts_rows(world, portal):
    batch = world.draft(faulty(world))
    items = results.todo(portal, world.rahma, batch)
    assert [(item.code, item.severity, item.rows) for item in items] == [
        ("TEL-01", "error", 1),
        ("NIK-11", "warning", 1),
    ]
    assert all("Baris" in item.advice for item in items)


def test_findings_have_sentences_in_both_languages(world, portal):
    batch = world.draft(faulty(world))
    page = results.findings_page(portal, world.rahma, batch, severity="error")
    finding = page.items[0]
    assert (finding.code, finding.row, finding.cell, finding.value) == (
        "TEL-01",
        2,
        "H2",
        "0217654321",
    )
    assert finding.message != finding.message_en
    assert results.findings_page(portal, world.rahma, batch, code="NIK-11").total == 1
    assert results.findings_page(portal, world.rahma, batch, row=4).total == 1
    with pytest.raises(Invalid):
        results.findings_page(portal, world.rahma, batch, severity="bad")
    assert len(list(results.all_findings(portal, world.rahma, batch))) == 2


def test_warnings_are_confirmed_with_a_reason_for_a_whole_rule(world, portal):
    batch = world.draft(faulty(world))
    with pytest.raises(Invalid, match="reason_missing"):
        results.confirm_warnings(portal, world.rahma, batch, reason=" ", code="NIK-11")
    with pytest.raises(Invalid):
        results.confirm_warnings(portal, world.rahma, batch, reason="Sesuai akta")
    assert (
        results.confirm_warnings(portal, world.rahma, batch, reason="Sesuai akta", code="NIK-11")
        == 1
    )
    assert (
        results.confirm_warnings(portal, world.rahma, batch, reason="Sesuai akta", code="NIK-11")
        == 0
    )
    finding = results.findings_page(portal, world.rahma, batch, code="NIK-11").items[0]
    assert (finding.confirmed_by, finding.confirmed_reason) == (world.rahma.user_id, "Sesuai akta")
    assert results.todo(portal, world.rahma, batch)[1].confirmed == 1


@pytest.mark.parametrize("is_changed", [False, True])
def test_very_many_are_confirmed_in_units_until_somebody_changes_the_draft(
    world, portal, monkeypatch, is_changed
):
    monkeypatch.setattr(results, "_CONFIRMED", 2)
    batch = world.draft(misborn(world))
    (item,) = [one for one in results.todo(portal, world.rahma, batch) if one.code == "NIK-11"]
    assert item.findings == 5
    units = []

    def meanwhile():
        units.append(results.todo(portal, world.rahma, batch)[0].confirmed)
        world.upload(world.sheet(1, start=400 + len(units)))  # somebody else's, at this moment
        if is_changed:
            mending.edit_cells(portal, world.surya, batch, {(2, 8): "kata saya"})

    monkeypatch.setattr(portal.db, "give_way", meanwhile)
    asked = {"reason": "Sesuai akta", "code": "NIK-11", "version": world.view(batch).version}
    if is_changed:
        with pytest.raises(Conflict, match="stale"):
            results.confirm_warnings(portal, world.rahma, batch, **asked)
    else:
        assert results.confirm_warnings(portal, world.rahma, batch, **asked) == 5
    assert units == ([2] if is_changed else [2, 4])
    with portal.db.read() as session:
        acts = session.scalars(sa.select(Act).where(Act.action == "batch:warnings_confirmed"))
        assert [one.details["findings"] for one in acts] == [2] if is_changed else [2, 2, 1]
    confirmed = results.todo(portal, world.rahma, batch)[0].confirmed
    assert confirmed == (2 if is_changed else 5)


def test_errors_cannot_be_confirmed_away(world, portal):
    batch = world.draft(faulty(world))
    assert (
        results.confirm_warnings(portal, world.rahma, batch, reason="Tidak apa-apa", code="TEL-01")
        == 0
    )


def test_a_reviewer_confirms_nothing(world, portal):
    batch = world.submitted()
    with pytest.raises(Forbidden):
        results.confirm_warnings(portal, world.bayu, batch, reason="x", code="NIK-11")
    with pytest.raises(Conflict):
        results.confirm_warnings(portal, world.rahma, batch, reason="x", code="NIK-11")


def test_text_that_looks_like_code_comes_back_as_text(world, portal):
    evil = "<script>alert(1)</script>"
    content = world.sheet(1, line=lambda i, who: ("Alamat Domisili", "=cmd|' /C calc'!A0", evil))
    batch = world.draft(content)
    correction = results.row_view(portal, world.rahma, batch, 2).corrections[0]
    assert correction.before == "=cmd|' /C calc'!A0"
    assert correction.after == evil


def test_an_unknown_row_is_not_found(world, portal):
    batch = world.draft()
    with pytest.raises(NotFound):
        results.row_view(portal, world.rahma, batch, 99)
    with pytest.raises(NotFound):
        batch_views.batch_view(portal, world.rahma, batch, revision=7)


def test_semula_of_an_unknown_datum_is_masked(world, portal):
    line = lambda i, who: ("Zodiak", "Jalan Misal 9", "Leo")  # noqa: E731
    batch = world.draft(world.sheet(1, line=line))
    cells = results.row_view(portal, world.rahma, batch, 2).cells
    assert [cell.shown for cell in cells if cell.part in {"before", "after"}] == [
        "J•••• M•••• 9••••",
        "L••••",
    ]
