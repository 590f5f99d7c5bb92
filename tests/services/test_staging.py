"""A large draft is parted, and checked anew, in units: nobody waits long, nobody sees a half."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.document_models import Explained
from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Edit,
    EditAct,
    FindingRow,
    Job,
    Revision,
    Row,
    RowBlock,
    RowList,
)
from hr_portal.services import (
    accounts,
    added_columns,
    batch_views,
    cells,
    copy_units,
    explaining,
    explaining_many,
    intake,
    jobs,
    letter_facts,
    long_acts,
    long_works,
    mending,
    mending_many,
    offers,
    rechecking,
    results,
    review,
    row_trail,
    rowdata,
    splitting,
    staging,
    submission,
)
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.offers import Chosen
from tests.services.test_added_columns import lines, needing
from tests.services.test_mending import without_zero
from tests.services.test_past import line, sheet
from tests.services.test_splitting import (
    BROKEN,
    GOOD,
    MAIL,
    ONE_LETTER,
    REPEATED,
    WARNED,
    findings,
    numbers,
)

COMMENT = 8
HELD = (Revision, Row, RowBlock, RowList, Correction, FindingRow, Edit, Batch)


@pytest.fixture
def small(monkeypatch):
    """Let units be of a few records, so that a small draft has many."""
    monkeypatch.setattr(copy_units, "_BLOCKS", 1)
    monkeypatch.setattr(copy_units, "_RECORDS", 4)
    monkeypatch.setattr(rechecking, "_UNIT", 1)
    monkeypatch.setattr(rechecking, "_COMPARED", 1)
    monkeypatch.setattr(staging, "_HELD", 0)
    monkeypatch.setattr(mending_many, "_BLOCKS", 1)
    monkeypatch.setattr(mending_many, "_HELD", 0)
    monkeypatch.setattr(explaining_many, "_HELD", 0)
    monkeypatch.setattr(cells, "MOST_OPEN", 1)
    monkeypatch.setattr(cells, "_AHEAD", 1)


@pytest.fixture
def single(small, monkeypatch):
    """Let each row lie in a block of its own, and a worker check whatever is changed."""
    monkeypatch.setattr(rowdata, "BLOCK_ROWS", 1)
    for place in ("early", "keeping"):
        monkeypatch.setattr(f"hr_portal.services.{place}.BLOCK_ROWS", 1)
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)


def draft(world):
    """Make a draft with something of all that is copied; return it and its shown findings."""
    batch = world.draft(sheet(*GOOD, BROKEN, *REPEATED, ONE_LETTER, WARNED))
    world.confirm(batch)
    mending.edit_cells(
        world.portal, world.rahma, batch, {(2, COMMENT): "catatan", (6, COMMENT): "catatan"}
    )
    world.work()
    return batch


def asked(world, batch):
    number = long_works.ask_split(world.portal, world.rahma, batch)
    world.work()
    long_acts.go_on(world.portal, world.rahma, batch, number)
    return number


def held(portal):
    with portal.db.read() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(model)) for model in HELD]


def between_units(monkeypatch, portal, do):
    """Do something between any two units of what a worker writes."""
    monkeypatch.setattr(portal.db, "give_way", do)


def test_both_halves_are_made_unseen_while_others_write_and_are_the_whole(
    world, portal, monkeypatch, small
):
    batch = draft(world)
    before, told = findings(world, batch), batch_views.revisions(portal, world.rahma, batch)
    trail = row_trail.trail(portal, world.rahma, batch, 6)
    number, looks = asked(world, batch), []

    def look():
        view = world.view(batch)
        looks.append(long_acts.view(portal, world.rahma, batch, number).percent)
        assert batch_views.revisions(portal, world.rahma, batch) == told
        assert (view.revision.number, view.revision.total, view.children) == (1, 9, ())
        assert row_trail.trail(portal, world.rahma, batch, 6) == trail
        world.upload(sheet(line(300 + len(looks), *MAIL)))  # somebody else's, at this moment

    monkeypatch.setattr(long_acts, "RENEW_SECONDS", 0.0)
    between_units(monkeypatch, portal, look)
    claimed = jobs.claim(portal)
    long_works.long_act_job(portal, claimed)
    between_units(monkeypatch, portal, lambda: None)
    assert len(looks) > 10
    assert looks == sorted(looks)
    assert looks[-1] > 50
    done = long_acts.view(portal, world.rahma, batch, number)
    assert (done.state, done.outcome["kept"], done.outcome["moved"]) == ("done", 5, 4)
    world.work()
    [(child, name)] = world.view(batch).children
    assert name == done.outcome["number"]
    assert (numbers(world, batch), numbers(world, child)) == ([2, 3, 4, 5, 10], [6, 7, 8, 9])
    kept, moved = findings(world, batch), findings(world, child)
    assert kept | moved == before
    assert any(reason for *_, reason in kept)
    for half, row in ((batch, 2), (child, 6)):
        [edit] = mending.row_history(portal, world.rahma, half, row)
        assert (edit.after, edit.act.cells, edit.act.rows) == ("catatan", 1, 1)
        view = world.view(half).revision
        assert view.valid + view.warning + view.invalid == view.total
    assert world.view(batch).revision.number == 2
    assert world.view(child).revision.number == 1
    assert explaining.missing_of(portal, world.rahma, child, [6])[6][0].reason


def lacking(world, batch):
    """Return by row why documents are missing there: "" where nobody has said so."""
    told = explaining.missing_of(world.portal, world.rahma, batch, numbers(world, batch))
    return {row: {one.reason for one in missing} for row, missing in told.items() if missing}


@pytest.mark.parametrize("how", ["done", "killed", "let go", "by hand", "queued before"])
def test_the_explanations_of_many_rows_come_to_the_child_in_units(
    world, portal, monkeypatch, small, how
):
    monkeypatch.setattr(explaining_many, "MOST_COPIED", 1)
    monkeypatch.setattr(explaining_many, "_UNIT", 1)
    batch = draft(world)
    before = lacking(world, batch)
    asked(world, batch)
    long_works.long_act_job(portal, jobs.claim(portal))
    [(child, _)] = world.view(batch).children
    moved = numbers(world, child)
    assert lacking(world, child) == {row: {""} for row in moved}
    version, calls = world.view(child).version, []
    if how == "by hand":
        explaining.explain(portal, world.surya, child, reason="Kata saya", rows=[6])

    def between():
        calls.append(1)
        if how == "let go" and len(calls) == 1:
            intake.cancel_batch(portal, world.rahma, child)
        elif how == "killed":
            with portal.db.write() as session:
                jobs.again(portal, session, explaining_many.COPY, job.subject)

    between_units(monkeypatch, portal, between)
    with portal.db.read() as session:
        job = session.scalars(sa.select(Job).where(Job.kind == explaining_many.COPY)).one()
    if how == "queued before":  # by a version that named the child only
        with portal.db.write() as session:
            session.get_one(Job, job.id).subject = child
    claimed = claim(portal, job)
    if how == "killed":
        with pytest.raises(jobs.LeaseLostError):
            explaining_many.copy_job(portal, claimed)
    else:
        explaining_many.copy_job(portal, claimed)
    between_units(monkeypatch, portal, lambda: None)
    world.work()
    if how == "let go":
        assert len(calls) == 2  # the second unit sees it, and writes nothing
        with portal.db.read() as session:
            given = sa.select(Explained).where(Explained.batch_id == child)
            assert len(session.scalars(given).all()) == 1
        return
    own = {6: {"Kata saya"}} if how == "by hand" else {}
    assert lacking(world, child) == {row: before[row] for row in moved} | own
    assert lacking(world, batch) == {row: why for row, why in before.items() if row not in moved}
    assert (len(calls) > 1) == (how != "killed")
    assert world.view(child).version > version


@pytest.mark.parametrize("most", [1, 1_000], ids=["many", "few"])
def test_a_child_that_is_divided_before_its_explanations_came_loses_none(
    world, portal, monkeypatch, small, most
):
    monkeypatch.setattr(explaining_many, "MOST_COPIED", 1)
    monkeypatch.setattr(explaining_many, "_UNIT", 1)
    batch = draft(world)
    before = lacking(world, batch)
    asked(world, batch)
    long_works.long_act_job(portal, jobs.claim(portal))
    [(child, _)] = world.view(batch).children
    with portal.db.read() as session:
        job = session.scalars(sa.select(Job).where(Job.kind == explaining_many.COPY)).one()
    claimed = claim(portal, job)  # another worker is at it all the while
    monkeypatch.setattr(explaining_many, "MOST_COPIED", most)
    monkeypatch.setattr(letter_facts, "MAX_LINES", 2)
    world.work()
    long_works.ask_dividing(portal, world.rahma, child, version=world.view(child).version)
    world.work()
    [(grandchild, _)] = world.view(child).children
    explaining_many.copy_job(portal, claimed)
    for one in (child, grandchild):
        rows = numbers(world, one)
        assert any(before[row] - {""} for row in rows)
        assert lacking(world, one) == {row: before[row] for row in rows}


def claim(portal, job):
    """Claim this job, whatever else waits."""
    while (claimed := jobs.claim(portal)).id != job.id:
        with portal.db.write() as session:
            jobs.go_on(portal, session, claimed)
    return claimed


def test_a_draft_that_changes_meanwhile_stays_whole_and_nothing_of_the_halves_is_left(
    world, portal, monkeypatch, small
):
    batch = draft(world)
    number, before = asked(world, batch), held(portal)
    at = []

    def change():
        at.append(held(portal))
        if len(at) == 12:
            mending.edit_cells(portal, world.surya, batch, {(3, COMMENT): "kata saya"})

    between_units(monkeypatch, portal, change)
    long_works.long_act_job(portal, jobs.claim(portal))
    told = long_acts.view(portal, world.rahma, batch, number)
    assert told.state == "failed"
    assert "sudah berubah" in told.problem[0]
    assert max(sum(one) for one in at) > sum(before) + 20
    before[HELD.index(Edit)] += 1
    assert held(portal) == before
    assert world.view(batch).revision.total == 9


def test_whoever_loses_the_right_meanwhile_has_done_nothing(world, portal, monkeypatch, small):
    batch = draft(world)
    number, before, at = asked(world, batch), held(portal), []

    def leave():
        at.append(1)
        if len(at) == 6:
            accounts.set_user_active(portal, world.rahma.user_id, active=False, by=world.admin)

    between_units(monkeypatch, portal, leave)
    long_works.long_act_job(portal, jobs.claim(portal))
    assert len(at) > 6  # what was made is cleared away, in units too
    assert held(portal) == before
    assert long_acts.view(portal, world.surya, batch, number).state == "failed"


def test_what_a_worker_without_its_lease_has_begun_is_cleared_by_the_next_and_done_once(
    world, portal, monkeypatch, small
):
    batch = draft(world)
    number = asked(world, batch)
    calls = []

    def lose():
        calls.append(1)
        if len(calls) == 8:
            with portal.db.write() as session:
                jobs.again(portal, session, long_acts.JOB, str(number))

    between_units(monkeypatch, portal, lose)
    with pytest.raises(jobs.LeaseLostError):
        long_works.long_act_job(portal, jobs.claim(portal))
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    with portal.db.read() as session:
        assert sorted(session.scalars(sa.select(Revision.number))) == [1, 1, 2]
        rows = session.scalar(sa.select(sa.func.count()).select_from(Row))
    assert rows == 18
    # asked for once more, by somebody who had the page open: told what was done
    again = splitting.split(portal, world.rahma, batch, version=world.view(batch).version - 1)
    assert again.repeated


def test_a_new_check_is_written_in_units_and_cells_may_be_typed_between_them(
    world, portal, monkeypatch, single
):
    batch = world.draft(without_zero(world, 6))
    offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    seen = []

    def look():
        view = world.view(batch).revision
        seen.append((view.is_due, len(results.rows_page(portal, world.rahma, batch).items)))
        if len(seen) == 3:  # between two units: it is kept, and checked with all others
            mending.edit_cells(portal, world.surya, batch, {(2, 7): "0217654321"})

    between_units(monkeypatch, portal, look)
    world.work()
    between_units(monkeypatch, portal, lambda: None)
    assert len(seen) > 5
    assert set(seen) == {(True, 6)}
    view = world.view(batch).revision
    assert (view.is_due, view.valid, view.invalid) == (False, 5, 1)
    with portal.db.read() as session:
        assert session.scalars(sa.select(FindingRow.code)).all() == ["TEL-01"]
        names = session.scalars(sa.select(Row.name)).all()
    assert len(names) == 6
    intake.cancel_batch(portal, world.rahma, batch)


def test_a_check_ends_where_a_column_comes_between_its_units_and_the_next_has_it(
    world, portal, monkeypatch, single
):
    batch = world.draft(lines(world))
    mending.edit_cells(portal, world.rahma, batch, {(2, 5): "CONTOH BARU"})
    seen = []

    def add():
        seen.append(1)
        if len(seen) == 1:
            added_columns.add_column(portal, world.surya, batch, "kk")

    between_units(monkeypatch, portal, add)
    with pytest.raises(jobs.LeaseLostError):  # the act has asked for the check of all columns
        rechecking.recheck_job(portal, jobs.claim(portal))
    assert len(seen) == 1
    world.work()
    assert not world.view(batch).revision.is_due
    assert needing(portal, world, batch) == [(row, 6, "kk") for row in (2, 3, 4)]


ZEROS = Chosen("KPJ-03")


def taken(world, batch):
    """Ask for all proposals of a draft and say yes; return the number of the long act."""
    number = long_works.ask_proposals(world.portal, world.rahma, batch, ZEROS)
    world.work()
    long_acts.go_on(world.portal, world.rahma, batch, number)
    return number


def column(world, batch, rows, at=0):
    rows = [results.row_view(world.portal, world.rahma, batch, row) for row in rows]
    return [row.cells[at].raw for row in rows]


@pytest.mark.parametrize("undoes", [False, True])
def test_an_act_on_many_cells_writes_its_blocks_in_units_and_nobody_else_changes_cells(
    world, portal, monkeypatch, single, undoes
):
    batch, rows = world.draft(without_zero(world, 6)), range(2, 8)
    as_found = column(world, batch, rows)
    number = taken(world, batch)
    if undoes:
        world.work()
        act = mending.acts(portal, world.rahma, batch)[0].id
        ask = {"version": world.view(batch).version}
        number = long_works.ask_undo(portal, world.rahma, batch, act, **ask)
    before, seen = column(world, batch, rows), []

    def look():
        now = column(world, batch, rows)
        written = sum(one != other for one, other in zip(now, before, strict=True))
        seen.append((written, world.view(batch).revision.is_due))
        world.upload(sheet(line(300 + len(seen), *MAIL)))  # somebody else's, at this moment
        if written:
            with pytest.raises(Conflict, match="long_act_under_way"):
                mending.edit_cells(portal, world.surya, batch, {(2, COMMENT): "kata saya"})
            lacks = {one.code for one in submission.lacks(portal, world.rahma, batch)}
            assert {"long_act_under_way", "recheck_due"} <= lacks

    between_units(monkeypatch, portal, look)
    long_works.long_act_job(portal, jobs.claim(portal))
    between_units(monkeypatch, portal, lambda: None)
    assert [one for one in seen if one[0]] == [(at, True) for at in range(1, 7)]
    assert long_acts.view(portal, world.rahma, batch, number).outcome["cells"] == 6
    assert (column(world, batch, rows) == as_found) == undoes
    world.work()
    view = world.view(batch).revision
    assert (view.is_due, view.valid, view.invalid) == (False, 0 if undoes else 6, 6 * undoes)
    assert [one.undone_at is not None for one in mending.acts(portal, world.rahma, batch)] == [
        undoes
    ]


@pytest.mark.parametrize("how", ["right", "draft", "file"])
@pytest.mark.parametrize("undoes", [False, True])
def test_an_act_that_may_not_go_on_takes_its_blocks_back(
    world, portal, monkeypatch, single, undoes, how
):
    batch, rows = world.draft(without_zero(world, 6)), range(2, 8)
    number = taken(world, batch)
    if undoes:
        world.work()
        act = mending.acts(portal, world.rahma, batch)[0].id
        ask = {"version": world.view(batch).version}
        number = long_works.ask_undo(portal, world.rahma, batch, act, **ask)
    before, found, seen = column(world, batch, rows), held(portal), []

    def end():
        with portal.db.read() as session:
            rev = session.scalars(sa.select(Revision).where(Revision.number == 1)).one()
            key = portal.key(rev.batch.company)
            blocks = rowdata.walk_blocks(session, key, rev.id)
            now = [text for block in blocks for text in block.raw[0]]
        seen.append(sum(one != other for one, other in zip(now, before, strict=True)))
        if seen[-1] == 3 and seen.count(3) == 1:
            if how == "right":
                accounts.set_user_active(portal, world.rahma.user_id, active=False, by=world.admin)
            elif how == "draft":
                intake.cancel_batch(portal, world.surya, batch)
            else:
                world.revise(batch, world.sheet(6), world.surya)

    between_units(monkeypatch, portal, end)
    long_works.long_act_job(portal, jobs.claim(portal))
    between_units(monkeypatch, portal, lambda: None)
    assert max(seen) == 3
    assert seen[-1] == 0
    found[HELD.index(Revision)] += how == "file"
    assert held(portal) == found
    with portal.db.read() as session:
        acts = session.scalars(sa.select(EditAct)).all()
    assert [one.undone_at for one in acts] == [None] * undoes
    world.work()
    if how == "right":
        assert long_acts.view(portal, world.surya, batch, number).state == "failed"
        view = world.view(batch, world.surya).revision
        assert (view.is_due, view.invalid) == (False, 0 if undoes else 6)


def withdrawal(world, batch):
    ask = {"version": world.view(batch).version, "reason": "Ada yang kurang"}
    return long_works.ask_withdrawal(world.portal, world.rahma, batch, **ask)


def test_a_large_batch_is_withdrawn_unseen_and_unit_by_unit_out_of_a_reviewers_hand(
    world, portal, monkeypatch, single
):
    batch = world.submitted(world.sheet(6))
    before, number, seen = world.view(batch), withdrawal(world, batch), []
    assert withdrawal(world, batch) == number  # pressed twice

    def look():
        if not seen:
            review.take(portal, world.bayu, batch)
            ask = {"version": None, "rows": [2, 3], "verdict": "approve", "reason": ""}
            review.give_verdicts(portal, world.bayu, batch, **ask)
        view = world.view(batch)
        seen.append((view.state, view.revision.number))
        world.upload(sheet(line(300 + len(seen), *MAIL)))  # somebody else's, at this moment

    between_units(monkeypatch, portal, look)
    long_works.long_act_job(portal, jobs.claim(portal))
    between_units(monkeypatch, portal, lambda: None)
    assert len(seen) > 6
    assert set(seen) == {("in_review", 1)}
    view = world.view(batch)
    assert (view.state, view.revision.number, view.revision.total) == ("draft", 2, 6)
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:withdrawn")).one()
        verdicts = session.scalars(
            sa.select(Correction.verdict).join(Revision).where(Revision.batch_id == batch)
        ).all()
    assert (act.details["verdicts"], act.details["reason"]) == (2, "Ada yang kurang")
    assert sorted(filter(None, verdicts)) == ["approve", "approve"]  # where they were given
    assert view.version > before.version


def test_what_is_decided_meanwhile_is_withdrawn_no_more_and_the_copy_is_cleared_away(
    world, portal, monkeypatch, single
):
    batch = world.submitted(world.sheet(3))
    number, seen = withdrawal(world, batch), []
    with pytest.raises(Invalid):
        long_works.ask_withdrawal(portal, world.rahma, batch, version=None, reason=" ")

    def decide():
        if not seen:
            review.take(portal, world.bayu, batch)
            ask = {"version": None, "rows": "rest", "verdict": "reject", "reason": "Tidak cocok"}
            review.give_verdicts(portal, world.bayu, batch, **ask)
            review.decide(portal, world.bayu, batch, version=None)
        seen.append(held(portal))

    between_units(monkeypatch, portal, decide)
    long_works.long_act_job(portal, jobs.claim(portal))
    between_units(monkeypatch, portal, lambda: None)
    told = long_acts.view(portal, world.rahma, batch, number)
    assert (told.state, "sudah diputuskan" in told.problem[0]) == ("failed", True)
    assert world.view(batch).state == "rejected"
    with portal.db.read() as session:
        assert session.scalars(sa.select(Revision.number)).all() == [1]
        assert session.scalar(sa.select(sa.func.count()).select_from(Row)) == 3
