"""The user's workbook with notes: small ones at once, large ones by a worker, both audited."""

import io
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Annotation, Job
from hr_portal.adapters.spreadsheets.annotated.orders import VERDICTS
from hr_portal.services import annotated, jobs, results, review
from hr_portal.services.annotated import MOST_MADE_AT_ONCE
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.jobs import LeaseLostError
from tests.adapters.spreadsheets.annotating import assert_sound
from tests.services.test_results import faulty

NOVEMBER = Path(__file__).parents[2] / "samples" / "koreksi-november.xlsx"


def book_of(portal, actor, batch, **more):
    made = annotated.open_annotated(portal, actor, batch, **more)
    data = b"".join(made.chunks)
    assert_sound(data)
    return openpyxl.load_workbook(io.BytesIO(data)), made.name


def facts(book):
    return {row[0]: row[1] for row in book["Ringkasan"].iter_rows(max_row=20, values_only=True)}


def acts(portal):
    with portal.db.read() as session:
        return [
            (act.actor_id, act.details)
            for act in session.scalars(
                sa.select(Act).where(Act.action == "batch:annotated_exported")
            )
        ]


def large(world):
    return world.draft(world.sheet(MOST_MADE_AT_ONCE + 1))


def test_the_users_workbook_comes_back_with_every_finding(world, portal):
    batch = world.draft(NOVEMBER.read_bytes(), name="koreksi november.xlsx")
    book, name = book_of(portal, world.rahma, batch)
    assert name == "koreksi november-catatan.xlsx"
    sheet = book["Koreksi"]
    noted = {row[0].row: row for row in sheet.iter_rows(min_row=2) if row[-1].value}
    found = list(results.all_findings(portal, world.rahma, batch))
    assert sorted(noted) == sorted({one.row for one in found if one.row})
    for one in found:
        assert f"{one.code}: {one.message}" in noted[one.row][-1].value
        if one.cell:
            assert one.code in sheet[one.cell].comment.text
    view = world.view(batch)
    verdicts = [
        row[0] for row in sheet.iter_rows(min_row=2, min_col=12, max_col=12, values_only=True)
    ]
    assert verdicts.count("Valid") == view.revision.valid
    assert verdicts.count("Tidak valid") == view.revision.invalid
    told = facts(book)
    assert (told["Nomor pengajuan"], told["Revisi"]) == (view.number, "1")
    assert told["Tidak valid"] == view.revision.invalid
    assert acts(portal) == [(world.rahma.user_id, {"revision": 1})]


def test_csv_comes_back_as_a_workbook_with_the_same_row_numbers(world, portal):
    batch = world.draft(faulty(world))
    book, name = book_of(portal, world.rahma, batch)
    assert name == "koreksi-catatan.xlsx"
    sheet = book["Koreksi"]
    hasil = [cell.value for cell in sheet[1]].index("Hasil") + 1
    assert [sheet.cell(row, hasil).value for row in range(2, 7)] == [
        "Tidak valid", "Valid", "Peringatan", "Valid", "Valid",
    ]  # fmt: skip


def test_a_confirmed_warning_is_said_with_its_reason_and_coloured_no_more(world, portal):
    batch = world.draft(faulty(world))
    before = book_of(portal, world.rahma, batch)[0]["Koreksi"]
    world.confirm(batch)
    after = book_of(portal, world.rahma, batch)[0]["Koreksi"]
    hurt = next(cell for cell in before[4] if cell.comment)
    assert hurt.fill.fill_type == "solid"
    mended = after[hurt.coordinate]
    assert mended.fill.fill_type is None
    assert "(Sudah dipastikan: Sesuai KTP-el)" in mended.comment.text


def test_rows_that_came_back_from_a_reviewer_are_a_workbook_of_their_own(world, portal):
    batch = world.submitted(world.sheet(4))
    review.take(portal, world.bayu, batch)
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[3], verdict="return",
        reason="KTP tidak terbaca",
    )  # fmt: skip
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    child = review.decide(portal, world.bayu, batch, version=None).child_batch_id
    book, name = book_of(portal, world.rahma, child)
    view = world.view(child)
    assert name == f"{view.number}-catatan.xlsx"
    rows = [row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if row[0]]
    assert len(rows) == view.revision.total


def test_a_large_workbook_is_a_workers_and_kept_until_the_batch_changes(world, portal):
    batch = large(world)
    assert annotated.prepare(portal, world.rahma, batch) == "wanted"
    assert annotated.prepare(portal, world.rahma, batch) == "wanted"
    with pytest.raises(Conflict) as refusal:
        annotated.open_annotated(portal, world.rahma, batch)
    assert refusal.value.code == "not_ready"
    kept = set(portal.files.names())
    world.work()
    assert annotated.prepare(portal, world.rahma, batch) == "ready"
    (made,) = set(portal.files.names()) - kept
    book, _ = book_of(portal, world.rahma, batch)
    assert book["Koreksi"].cell(MOST_MADE_AT_ONCE + 2, 10).value in VERDICTS
    # The batch changes: the old one tells of another state and goes.
    world.revise(batch, world.sheet(MOST_MADE_AT_ONCE + 2))
    world.work()
    assert annotated.prepare(portal, world.rahma, batch) == "wanted"
    assert made not in set(portal.files.names())
    world.work()
    assert annotated.prepare(portal, world.rahma, batch) == "ready"
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Annotation)) == 1


def test_the_worker_notes_how_far_it_is_and_keeps_its_lease(world, portal, monkeypatch):
    monkeypatch.setattr(annotated, "RENEW_SECONDS", 0.0)
    batch = large(world)
    annotated.prepare(portal, world.rahma, batch)
    assert annotated.percent(portal, world.rahma, batch) == 0
    claimed = jobs.claim(portal)
    annotated.annotate_job(portal, claimed)
    with portal.db.read() as session:
        made = session.scalars(sa.select(Annotation)).one()
        assert made.progress == 2 * (MOST_MADE_AT_ONCE + 2), "the header's row, too"
    with portal.db.write() as session:
        session.execute(sa.update(Annotation).values(state="wanted", progress=made.progress // 2))
    assert annotated.percent(portal, world.rahma, batch) == 50


def test_a_worker_that_was_overtaken_keeps_nothing(world, portal, clock):
    batch = large(world)
    annotated.prepare(portal, world.rahma, batch)
    slow = jobs.claim(portal)
    clock.go(hours=1)
    kept = set(portal.files.names())
    assert worker.run_once(portal)
    with pytest.raises(LeaseLostError):
        annotated.annotate_job(portal, slow)
    assert len(set(portal.files.names()) - kept) == 1
    assert annotated.prepare(portal, world.rahma, batch) == "ready"


def test_a_workbook_nobody_wants_any_more_is_not_written(world, portal):
    batch = large(world)
    annotated.prepare(portal, world.rahma, batch)
    claimed = jobs.claim(portal)
    with portal.db.write() as session:
        session.execute(sa.delete(Annotation))
    kept = set(portal.files.names())
    annotated.annotate_job(portal, claimed)
    assert set(portal.files.names()) == kept
    with portal.db.read() as session:
        assert session.get(Job, claimed.id).state == "done"


def test_what_fails_again_and_again_is_told_and_never_tried_forever(world, portal, clock):
    batch = large(world)
    annotated.prepare(portal, world.rahma, batch)
    for _ in range(portal.settings.max_attempts):
        jobs.claim(portal)  # a worker that dies at once
        clock.go(hours=1)
    world.work()
    assert annotated.prepare(portal, world.rahma, batch) == "failed"
    with pytest.raises(Invalid) as refusal:
        annotated.open_annotated(portal, world.rahma, batch)
    assert "Unduh daftar temuan" in refusal.value.message


def test_only_who_may_see_the_batch_gets_it_and_only_when_it_is_checked(world, portal):
    batch = world.upload().batch_id
    with pytest.raises(Conflict):
        annotated.open_annotated(portal, world.rahma, batch)
    world.work()
    for stranger in (world.wulan, world.lestari):
        with pytest.raises(NotFound):
            annotated.open_annotated(portal, stranger, batch)
    assert acts(portal) == []
