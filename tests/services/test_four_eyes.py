"""Four eyes: what weighs most is approved by two, in the service and in the database alike."""

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    Document,
    RowBlock,
    new_id,
)
from hr_portal.adapters.database.review_models import SetAside
from hr_portal.domain.workflow import BATCH_STATES, MOVES
from hr_portal.services import (
    changes,
    documents,
    four_eyes,
    letters,
    queues,
    review,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_review import _png


def taken(world, content):
    batch = world.submitted(content)
    review.take(world.portal, world.bayu, batch)
    return batch


def accounts_sheet(world, count=2, start=100):
    return world.sheet(count, start, line=demo._account_line)


def approve(world, batch, actor, rows="rest"):
    review.give_verdicts(world.portal, actor, batch, version=None, rows=rows, verdict="approve")


def waiting(world, batch):
    with world.portal.db.read() as session:
        return four_eyes.rows_waiting(session, world.view(batch).revision.id)


def name_and_birth(world, same_person):
    """One row with a name, one with a date of birth; of one employee, or of two."""
    name = world.sheet(1, 100, line=demo._name_line).decode().splitlines()
    birth = world.sheet(1, 100 if same_person else 300, line=demo._birth_line).decode().splitlines()
    return "\r\n".join([*name, birth[1], ""]).encode()


def test_an_account_approved_by_one_is_not_decided_and_by_two_it_is(world, portal):
    batch = taken(world, accounts_sheet(world))
    approve(world, batch, world.bayu)
    with pytest.raises(Invalid, match="second_missing") as refusal:
        review.decide(portal, world.bayu, batch, version=None)
    assert "baris 2, 3" in refusal.value.message
    assert review.pass_on(portal, world.bayu, batch, version=None, note="Cek nama bank") == 2
    (entry,) = queues.queue(portal, world.bayu)[0]
    assert (entry.barred, entry.wants_second) == ("passed_on", True)
    assert queues.next_for(portal, world.bayu) is None
    with pytest.raises(Forbidden, match="passed_on"):
        review.take(portal, world.bayu, batch)
    review.take(portal, world.lestari, batch)
    with pytest.raises(Invalid, match="second_is_you"):
        review.pass_on(portal, world.lestari, batch, version=None)
    with pytest.raises(Invalid, match="second_missing"):
        review.decide(portal, world.lestari, batch, version=None)
    approve(world, batch, world.lestari, rows=[2, 3])
    assert review.decide(portal, world.lestari, batch, version=None).state == "approved"
    with portal.db.read() as session:
        given = session.execute(sa.select(Correction.decided_by, Correction.seconded_by))
        assert set(given.all()) == {(world.bayu.user_id, world.lestari.user_id)}


def test_the_second_reviewer_may_return_what_the_first_approved(world, portal):
    batch = taken(world, accounts_sheet(world))
    approve(world, batch, world.bayu)
    review.pass_on(portal, world.bayu, batch, version=None)
    review.take(portal, world.lestari, batch)
    approve(world, batch, world.lestari, rows=[2])
    review.give_verdicts(
        portal, world.lestari, batch, version=None, rows=[3], verdict="return", reason="Buram"
    )
    assert review.decide(portal, world.lestari, batch, version=None).returned == 1


def test_a_verdict_that_changes_hands_needs_its_own_second(world, portal):
    batch = taken(world, accounts_sheet(world, 1))
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows="rest", verdict="return", reason="Buram"
    )
    review.release(portal, world.bayu, batch)
    review.take(portal, world.lestari, batch)
    approve(world, batch, world.lestari, rows=[2])
    review.pass_on(portal, world.lestari, batch, version=None)
    review.take(portal, world.bayu, batch)
    approve(world, batch, world.bayu, rows=[2])
    assert review.decide(portal, world.bayu, batch, version=None).state == "approved"


def test_undoing_a_second_leaves_the_first_approval(world, portal):
    batch = taken(world, accounts_sheet(world))
    approve(world, batch, world.bayu)
    review.pass_on(portal, world.bayu, batch, version=None)
    review.take(portal, world.lestari, batch)
    approve(world, batch, world.lestari, rows=[3])
    assert review.last_given(portal, world.lestari, batch) == [3]
    review.clear_verdicts(portal, world.lestari, batch, version=None, rows=[3])
    assert waiting(world, batch) == [2, 3]
    assert changes.counts(portal, world.lestari, batch).approve == 2


def test_approving_again_keeps_the_second(world, portal):
    batch = taken(world, accounts_sheet(world, 1))
    approve(world, batch, world.bayu)
    review.pass_on(portal, world.bayu, batch, version=None)
    review.take(portal, world.lestari, batch)
    approve(world, batch, world.lestari, rows=[2])
    approve(world, batch, world.lestari, rows=[2])
    review.release(portal, world.lestari, batch)
    assert waiting(world, batch) == []


def test_name_and_date_of_birth_weigh_together_on_whatever_rows_they_stand(world, portal):
    together = taken(world, name_and_birth(world, same_person=True))
    approve(world, together, world.bayu)
    assert waiting(world, together) == [2, 3]
    apart = taken(world, name_and_birth(world, same_person=False))
    approve(world, apart, world.bayu)
    assert waiting(world, apart) == []
    assert review.decide(portal, world.bayu, apart, version=None).state == "approved"
    review.give_verdicts(
        portal, world.bayu, together, version=None, rows=[3], verdict="reject", reason="Akta lain"
    )
    assert review.decide(portal, world.bayu, together, version=None).state == "partly_approved"


def test_nothing_is_passed_on_that_needs_no_second_or_is_not_judged(world, portal):
    light = taken(world, world.sheet(2))
    with pytest.raises(Invalid, match="rows_undecided"):
        review.pass_on(portal, world.bayu, light, version=None)
    approve(world, light, world.bayu)
    with pytest.raises(Invalid, match="no_second_needed"):
        review.pass_on(portal, world.bayu, light, version=None)
    with pytest.raises(Conflict):
        review.pass_on(portal, world.lestari, light, version=None)


def test_an_admin_keeps_the_list_of_what_two_approve(world, portal):
    before = four_eyes.combinations(portal, world.admin)
    assert ("nama", "tanggal_lahir") in dict(before).values()
    batch = taken(world, world.sheet(1))
    approve(world, batch, world.bayu)
    added = four_eyes.add(portal, world.admin, ["hp"])
    assert waiting(world, batch) == [2]
    with pytest.raises(Conflict):
        four_eyes.add(portal, world.admin, ["hp"])
    for fields in ([], ["tinggi_badan"], ["nik", "kk", "kpj", "nama", "hp", "email"]):
        with pytest.raises(Invalid):
            four_eyes.add(portal, world.admin, fields)
    four_eyes.remove(portal, world.admin, added)
    assert waiting(world, batch) == []
    assert four_eyes.combinations(portal, world.admin) == before
    with pytest.raises(NotFound):
        four_eyes.remove(portal, world.admin, added)
    for forbidden in (world.bayu, world.rahma):
        with pytest.raises(Forbidden):
            four_eyes.remove(portal, forbidden, 1)
    with portal.db.read() as session:
        told = session.scalars(sa.select(Act.action).where(Act.subject_kind == "four_eyes"))
        assert list(told) == ["four_eyes:added", "four_eyes:removed"]


# --- the same law in the database -----------------------------------------------------------------


def refused(portal, *statements):
    """Say whether the database refuses raw statements, sent in one transaction."""
    try:
        with portal.db.write() as session:
            for statement in statements:
                session.execute(statement)
    except sa.exc.DBAPIError:
        return True
    return False


def test_the_database_holds_four_eyes_against_raw_statements(world, portal):
    batch = taken(world, accounts_sheet(world))
    approve(world, batch, world.bayu)
    here = sa.update(Batch).where(Batch.id == batch)
    second = sa.update(Correction)
    assert refused(portal, here.values(state="approved"))
    assert refused(portal, second.values(seconded_by=world.bayu.user_id))
    assert refused(
        portal, second.values(seconded_by=world.rahma.user_id), here.values(state="approved")
    )
    assert refused(portal, here.values(passed_by=world.bayu.user_id))
    assert not refused(
        portal, second.values(seconded_by=world.lestari.user_id), here.values(state="approved")
    )


def test_the_database_takes_no_outcome_that_the_verdicts_do_not_give(world, portal):
    batch = taken(world, world.sheet(2))
    here = sa.update(Batch).where(Batch.id == batch)
    outcomes = ("approved", "partly_approved", "rejected", "returned")
    assert all(refused(portal, here.values(state=one)) for one in outcomes)  # a row is open
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows="rest", verdict="return", reason="Buram"
    )
    assert all(refused(portal, here.values(state=one)) for one in outcomes[:2])
    review.decide(portal, world.bayu, batch, version=None)
    assert refused(portal, sa.update(Correction).values(verdict="approve", reason=""))
    assert refused(portal, sa.delete(Decision))


@pytest.mark.parametrize("state", BATCH_STATES)
def test_the_database_knows_the_moves_of_the_state_machine_and_no_others(world, portal, state):
    """Each state is put there as a new row: only a move is refused."""
    held = world.draft()
    for target in BATCH_STATES:
        if target == state:
            continue
        moved = new_id()
        with portal.db.write() as session:
            like = session.get_one(Batch, held)
            session.add(
                Batch(
                    id=moved, number=moved, company_id=like.company_id, branch_id=like.branch_id,
                    state=state, created_by=like.created_by, created_at=like.created_at,
                    last_edited_by=like.last_edited_by, last_edited_at=like.last_edited_at,
                    reviewer_id=world.bayu.user_id,
                )
            )  # fmt: skip
            session.flush()
            if target == "submitted":
                session.add(
                    SetAside(
                        batch_id=moved, revision_number=1, set_aside_by=world.admin.user_id,
                        set_aside_at=portal.clock(),
                    )
                )  # fmt: skip
        is_move = target in {step.to for (at, _action), step in MOVES.items() if at == state}
        if target == "partly_approved":  # not without an approved row
            is_move = False
        statement = sa.update(Batch).where(Batch.id == moved).values(state=target)
        assert refused(portal, statement) == (not is_move), (state, target)


def test_an_approval_goes_stale_when_its_row_changes(world, portal):
    batch = taken(world, world.sheet(2))
    approve(world, batch, world.bayu)
    with portal.db.write() as session:
        session.execute(sa.update(RowBlock).values(content=RowBlock.content))
    assert changes.counts(portal, world.bayu, batch).open == 2


def test_an_approval_goes_stale_when_its_document_changes(world, portal):
    batch = world.draft(world.sheet(3))
    world.confirm(batch)
    card = documents.add_document(portal, world.rahma, batch, _png(), "a.png", kind="ktp", row=3)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    approve(world, batch, world.bayu)
    gone = sa.update(Document).where(Document.id == card.id).values(removed_at=portal.clock())
    with portal.db.write() as session:
        session.execute(gone)
    open_rows = changes.open_rows(portal, world.bayu, batch)
    assert open_rows == [3]
    approve(world, batch, world.bayu)
    review.decide(portal, world.bayu, batch, version=None)
    with portal.db.write() as session:  # what is decided stays, whatever becomes of the file
        session.execute(sa.update(Document).values(removed_at=None))
    assert changes.counts(portal, world.bayu, batch).approve == 3
