"""The review: four eyes, one winner, reasons as written, returned rows live on."""

import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    OutboxEntry,
    Revision,
)
from hr_portal.services import (
    accounts,
    documents,
    intake,
    letters,
    queues,
    results,
    review,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound


def taken(world, portal, actor=None, **more):
    batch = world.submitted(**more)
    review.take(portal, actor or world.bayu, batch)
    return batch


def test_the_queue_shows_own_branches_oldest_first(world, portal):
    first, second = world.submitted(), world.submitted(world.sheet(2, start=300))
    other = world.submitted(world.sheet(1), actor=world.wulan)
    page = queues.queue(portal, world.lestari)
    entries, total = page.entries, page.total
    assert [entry.batch_id for entry in entries] == [first, second]
    assert total == 2
    assert queues.queue(portal, world.bayu).total == 3
    assert queues.next_for(portal, world.lestari) == first
    with pytest.raises(Forbidden):
        queues.queue(portal, world.rahma)
    with pytest.raises(NotFound):
        review.take(portal, world.lestari, other)


def test_approving_all_rows_approves_the_batch(world, portal):
    batch = taken(world, portal)
    version = world.view(batch, world.bayu).version
    assert (
        review.give_verdicts(
            portal, world.bayu, batch, version=version, rows="rest", verdict="approve"
        )
        == 3
    )
    decided = review.decide(portal, world.bayu, batch, version=version)
    assert (decided.outcome, decided.state, decided.approved, decided.child_batch_id) == (
        "approve",
        "approved",
        3,
        None,
    )
    assert world.view(batch).decided_by == "Bayu Teladan"


def test_returned_rows_become_a_child_draft_with_reasons_and_documents(world, portal):
    batch = world.draft(world.sheet(4))
    world.confirm(batch)
    documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=3)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    review.give_verdicts(
        portal,
        world.bayu,
        batch,
        version=None,
        rows=[3],
        verdict="return",
        reason="KTP tidak terbaca",
    )
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    decided = review.decide(portal, world.bayu, batch, version=None)
    assert (decided.state, decided.approved, decided.returned) == ("partly_approved", 3, 1)
    child = world.view(decided.child_batch_id)
    assert (child.state, child.parent_id, child.revision.total, child.revision.valid) == (
        "draft",
        batch,
        1,
        1,
    )
    assert [d.rows for d in documents.list_documents(portal, world.rahma, child.id)] == [(3,)]
    row = results.row_view(portal, world.rahma, batch, 3)
    assert (row.corrections[0].verdict, row.corrections[0].reason) == (
        "return",
        "KTP tidak terbaca",
    )
    again = results.row_view(portal, world.rahma, child.id, 3)
    assert again.corrections[0].verdict is None
    assert again.corrections[0].after == row.corrections[0].after
    assert world.view(batch).children == ((child.id, child.number),)


def test_a_whole_return_is_mended_as_the_next_revision(world, portal):
    batch = taken(world, portal)
    review.return_all(portal, world.bayu, batch, version=None, reason="Surat belum dicap")
    assert world.view(batch).state == "returned"
    world.revise(batch, world.sheet(3, start=400))
    world.work()
    view = world.view(batch)
    assert (view.state, view.revision.number, view.reviewer_id) == ("draft", 2, None)
    old = results.rows_page(portal, world.rahma, batch, revision=1).items
    assert {c.reason for row in old for c in row.corrections} == {"Surat belum dicap"}
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.lestari, batch)
    review.give_verdicts(portal, world.lestari, batch, version=None, rows="rest", verdict="approve")
    assert review.decide(portal, world.lestari, batch, version=None).state == "approved"


def test_a_returned_batch_can_be_reopened_without_a_new_file(world, portal):
    batch = taken(world, portal)
    review.return_all(portal, world.bayu, batch, version=None, reason="KTP kurang")
    review.reopen_returned(portal, world.rahma, batch)
    view = world.view(batch)
    assert (view.state, view.revision.number, view.revision.total) == ("draft", 2, 3)
    assert [lack.code for lack in submission.lacks(portal, world.rahma, batch)] == ["letter_stale"]


@pytest.mark.parametrize("verdict", ["return", "reject"])
@pytest.mark.parametrize("reason", ["", " \u00a0\u200b\u2066 "])
def test_a_return_or_rejection_needs_a_reason(world, portal, verdict, reason):
    batch = taken(world, portal)
    with pytest.raises(Invalid, match="reason_missing"):
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows="rest", verdict=verdict, reason=reason
        )


def test_a_reason_of_ten_thousand_letters_is_kept_as_written(world, portal):
    batch, reason = taken(world, portal), "alasan <b>&" * 909
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[2], verdict="reject", reason=reason
    )
    assert results.row_view(portal, world.bayu, batch, 2).corrections[0].reason == reason
    with pytest.raises(Invalid):
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[2], verdict="reject", reason="x" * 10_001
        )


def test_unknown_rows_and_verdicts_are_named(world, portal):
    batch = taken(world, portal)
    with pytest.raises(Invalid) as refusal:
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[2, 99], verdict="approve"
        )
    assert "99" in refusal.value.message
    with pytest.raises(Invalid):
        review.give_verdicts(portal, world.bayu, batch, version=None, rows=[2], verdict="setuju")
    with pytest.raises(Invalid):
        review.give_verdicts(portal, world.bayu, batch, version=None, rows=[], verdict="approve")


def test_no_decision_while_a_row_is_open(world, portal):
    batch = taken(world, portal)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows=[2], verdict="approve")
    with pytest.raises(Invalid) as refusal:
        review.decide(portal, world.bayu, batch, version=None)
    assert refusal.value.code == "rows_undecided"
    assert "3, 4" in refusal.value.message


def test_nobody_decides_what_they_uploaded_or_edited_or_their_own_companys(world, portal):
    raya = world.people.branches[0]
    accounts.create_user(
        portal, email=world.surya.email, name="", password="", role="reviewer", branch_id=raya
    )
    surya = accounts.load_actor(portal, world.surya.user_id)
    own = world.submitted(actor=surya)
    with pytest.raises(Forbidden, match="own_upload"):
        review.take(portal, surya, own)
    colleagues = world.submitted(world.sheet(2, start=500))
    with pytest.raises(Forbidden, match="own_company"):
        review.take(portal, surya, colleagues)
    barred = {entry.number: entry.barred for entry in queues.queue(portal, surya)[0]}
    assert sorted(barred.values()) == ["own_company", "own_upload"]


def test_a_reviewer_may_be_of_the_company_where_the_setting_says_so(
    world, portal, make_settings, settings
):
    raya = world.people.branches[0]
    accounts.create_user(
        portal, email=world.surya.email, name="", password="", role="reviewer", branch_id=raya
    )
    surya = accounts.load_actor(portal, world.surya.user_id)
    batch = world.submitted()
    portal.settings = make_settings(
        database_url=settings.database_url, reviewers_never_of_company=False
    )
    review.take(portal, surya, batch)
    assert world.view(batch).reviewer_id == surya.user_id


def test_two_reviewers_who_take_at_once_one_wins_and_the_other_learns_who(world, portal):
    for i in range(5):
        batch = world.submitted(world.sheet(1, start=600 + i))
        version = world.view(batch, world.bayu).version
        won, lost = race(
            lambda actor, batch=batch, version=version: review.take(
                portal, actor, batch, version=version
            ),
            world.bayu,
            world.lestari,
        )
        assert len(won) == len(lost) == 1
        assert won[0].name in str(lost[0].message)


def test_one_reviewer_in_two_windows_decides_once(world, portal):
    batch = taken(world, portal)
    version = world.view(batch, world.bayu).version
    review.give_verdicts(portal, world.bayu, batch, version=version, rows="rest", verdict="approve")
    won, lost = race(
        lambda actor: review.decide(portal, actor, batch, version=version), world.bayu, world.bayu
    )
    assert len(won) == len(lost) == 1
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1
        decided = sa.select(sa.func.count()).where(Act.action == "batch:decided")
        assert session.scalar(decided) == 1


def test_a_decision_on_an_old_version_is_refused(world, portal):
    batch = taken(world, portal)
    version = world.view(batch, world.bayu).version
    with pytest.raises(Conflict, match="stale_version"):
        review.give_verdicts(
            portal, world.bayu, batch, version=version - 1, rows="rest", verdict="approve"
        )


def test_a_released_batch_goes_back_with_its_verdicts(world, portal):
    batch = taken(world, portal)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows=[2], verdict="approve")
    review.release(portal, world.bayu, batch)
    with pytest.raises(Conflict):
        review.decide(portal, world.bayu, batch, version=None)
    review.take(portal, world.lestari, batch)
    assert results.verdict_counts(portal, world.lestari, batch) == {
        "open": 2,
        "approve": 1,
        "return": 0,
        "reject": 0,
    }


def test_a_batch_can_be_withdrawn_until_it_is_decided_and_who_holds_it_is_told(world, portal):
    batch = taken(world, portal)
    version = world.view(batch).version
    give = {"version": version, "rows": [2], "verdict": "approve"}
    review.give_verdicts(portal, world.bayu, batch, **give)
    with pytest.raises(Invalid):
        submission.withdraw(portal, world.rahma, batch, version=None, reason=" ")
    submission.withdraw(portal, world.rahma, batch, version=version, reason="Salah berkas")
    view = world.view(batch)
    assert (view.state, view.revision.number, view.reviewer_id) == ("draft", 2, None)
    with portal.db.read() as session:
        told = session.execute(sa.select(OutboxEntry.kind, OutboxEntry.user_id)).all()
        kept = session.execute(
            sa.select(Revision.number, Correction.verdict)
            .join(Revision, Revision.id == Correction.revision_id)
            .where(Correction.row_number == 2)
            .order_by(Revision.number)
        ).all()
    assert ("withdrawn", world.bayu.user_id) in told
    assert kept == [(1, "approve"), (2, None)]
    for late in (
        lambda: review.give_verdicts(portal, world.bayu, batch, **give),
        lambda: review.decide(portal, world.bayu, batch, version=version),
        lambda: review.release(portal, world.bayu, batch),
    ):
        with pytest.raises(Conflict) as refusal:
            late()
        assert "ditarik kembali oleh HRD" in refusal.value.message
    with pytest.raises(NotFound):  # to who never had it, it isn't there
        review.give_verdicts(portal, world.lestari, batch, **give)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.bayu, batch, version=None)
    with pytest.raises(Conflict, match="not_withdrawable"):
        submission.withdraw(portal, world.rahma, batch, version=None, reason="Terlambat")


def test_of_a_withdrawal_and_a_decision_at_once_one_stands_and_the_other_gets_a_sentence(
    world, portal
):
    for i in range(6):
        batch = taken(world, portal, content=world.sheet(1, start=800 + i))
        version = world.view(batch).version
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows="rest", verdict="approve"
        )

        def act(actor, batch=batch, version=version):
            if actor is world.rahma:
                submission.withdraw(portal, actor, batch, version=version, reason="Salah berkas")
            else:
                review.decide(portal, actor, batch, version=version)

        (won,), (lost,) = race(act, world.rahma, world.bayu)
        with portal.db.read() as session:
            ends = session.scalars(
                sa.select(Act.action).where(
                    Act.subject_id == batch,
                    Act.action.in_(("batch:withdrawn", "batch:decided")),
                )
            ).all()
        if won is world.rahma:
            assert (world.view(batch).state, ends) == ("draft", ["batch:withdrawn"])
            assert "ditarik kembali oleh HRD" in lost.message
        else:
            assert (world.view(batch).state, ends) == ("approved", ["batch:decided"])
            assert "sudah diputuskan" in lost.message


def test_the_database_itself_refuses_what_the_law_forbids(world, portal):
    batch = taken(world, portal)
    submitter = world.rahma.user_id
    for statement in (
        sa.update(Batch).where(Batch.id == batch).values(state="mungkin"),
        sa.update(Batch).where(Batch.id == batch).values(reviewer_id=submitter),
        sa.update(Batch).where(Batch.id == batch).values(reviewer_id=None),
        sa.update(Correction).values(verdict="maybe"),
        sa.update(Correction).values(verdict="reject", reason=""),
        sa.update(Act).values(action="batch:forged"),
        sa.delete(Act),
    ):
        with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
            session.execute(statement)


def test_submitting_says_all_that_is_missing(world, portal):
    content = world.sheet(3).replace(b"081290000101", b"0217654321")
    batch = world.draft(content)
    with pytest.raises(Invalid) as refusal:
        submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    assert set(refusal.value.fields) >= {"rows_invalid", "letter_missing"}
    with pytest.raises(Invalid, match="declaration_missing"):
        submission.submit(portal, world.rahma, batch, version=None, declaration=False)
    with pytest.raises(Invalid, match="name_differs"):
        submission.submit(
            portal, world.rahma, batch, version=None, declaration=True, typed_name="Orang Lain"
        )


def test_submitted_content_is_locked(world, portal):
    batch = world.submitted()
    with pytest.raises(Conflict):
        world.revise(batch, world.sheet(1))
    with pytest.raises(Conflict):
        documents.add_document(portal, world.rahma, batch, _png(), "a.png")
    with pytest.raises(Conflict):
        intake.cancel_batch(portal, world.rahma, batch)


def test_the_letter_itself_proves_no_row(world, portal):
    unknown_regency = world.sheet(2).replace(b"317101", b"319901")
    batch = world.draft(unknown_regency)
    letter = documents.SIGNED_LETTER
    documents.add_document(portal, world.rahma, batch, _png(), "a.png", kind=letter, row=2)
    documents.add_document(portal, world.rahma, batch, _png(), "b.png", kind="ktp", row=3)
    assert documents.missing(portal, world.rahma, batch) == [2]


def test_a_batch_that_its_reviewer_leaves_lying_goes_back_with_its_verdicts(world, portal, clock):
    idle, busy = taken(world, portal), taken(world, portal, content=world.sheet(2, start=300))
    review.give_verdicts(portal, world.bayu, idle, version=None, rows=[2], verdict="approve")
    clock.go(hours=7)
    review.give_verdicts(portal, world.bayu, busy, version=None, rows=[2], verdict="approve")
    assert review.let_go_of_idle(portal) == 0
    clock.go(hours=2)
    assert review.let_go_of_idle(portal) == 1
    assert (world.view(idle).state, world.view(busy).state) == ("submitted", "in_review")
    review.take(portal, world.lestari, idle)
    assert results.verdict_counts(portal, world.lestari, idle)["approve"] == 1


def race(act, *actors):
    """Let actors act at a barrier; returns (who won, the refusals of the others)."""
    barrier, won, lost = threading.Barrier(len(actors)), [], []

    def run(actor):
        barrier.wait()
        try:
            act(actor)
            won.append(actor)
        except Conflict as refusal:
            lost.append(refusal)

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return won, lost


def _png():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(out, "PNG")
    out.seek(0)
    return out
