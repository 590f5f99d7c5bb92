"""A decision set aside: judged again, the old one kept and told of; never what was given out."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Company,
    Correction,
    Employee,
    Fact,
    OutboxEntry,
    Revision,
)
from hr_portal.adapters.database.review_models import SetAside
from hr_portal.demo import _person
from hr_portal.services import (
    changes,
    letter_proofs,
    outlets,
    papers,
    reopening,
    results,
    review,
    review_works,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid
from tests.services.test_past import line, sheet
from tests.services.test_review import race, taken


def judged(world, verdicts):
    """A decided batch of three rows with these verdicts."""
    batch = taken(world, world.portal)
    for row, verdict in zip((2, 3, 4), verdicts, strict=True):
        review.give_verdicts(
            world.portal, world.bayu, batch, version=None, rows=[row], verdict=verdict,
            reason="KTP buram",
        )  # fmt: skip
    review.decide(world.portal, world.bayu, batch, version=None)
    return batch


def again(world, batch, version=None, reason="Dokumen baris 3 milik orang lain"):
    return reopening.set_aside(world.portal, world.admin, batch, version=version, reason=reason)


def records(world, batch):
    """The records of decisions, the latest first."""
    listed = papers.listed(world.portal, world.rahma, batch)
    return [one for one in listed if one.kind == "berita_acara"]


def test_a_decision_set_aside_is_judged_again_and_the_old_record_kept_and_marked(world, portal):
    batch = judged(world, ("approve", "return", "reject"))
    child = world.view(batch).children
    record = records(world, batch)[0]
    pdf = papers.open_paper(portal, world.rahma, batch, record.id)[1]
    looked = reopening.look_up(portal, world.admin, f" {world.view(batch).number.lower()} ")
    assert (looked.approved, looked.returned, looked.rejected) == (1, 1, 1)
    assert (looked.decided_by, looked.child) == ("Bayu Teladan", child[0][1])
    assert looked.refusal is None
    due = world.view(batch).submitted_at
    done = again(world, batch, version=looked.version)
    view = world.view(batch, world.lestari)
    assert (view.state, view.revision.number, view.reviewer_id, view.decided_at) == (
        "submitted", 2, None, None,
    )  # fmt: skip
    assert (done.revision, done.version) == (2, view.version)
    assert view.submitted_at == due  # its clocks run on from when it was handed in
    # the returned row stays in its child, the others wait without a verdict
    listed = results.rows_page(portal, world.lestari, batch).items
    assert [row.number for row in listed] == [2, 4]
    assert {one.verdict for row in listed for one in row.corrections} == {None}
    before = results.rows_page(portal, world.lestari, batch, revision=1).items
    assert [row.corrections[0].verdict for row in before] == ["approve", "return", "reject"]
    # whoever reads the old decision is told
    reopened_at = changes.latest_decision(portal, world.rahma, batch).set_aside_at
    assert reopened_at is not None
    assert records(world, batch)[0].set_aside_at == reopened_at
    assert papers.open_paper(portal, world.rahma, batch, record.id)[1] == pdf
    proof = letter_proofs.look_up(portal, record.proof_code, address="203.0.113.9")
    assert (proof.state, proof.superseded_by) == ("superseded", None)
    assert papers.notice_parts(portal, world.rahma, batch) == []
    # judged again by another reviewer, a new record takes the old one's place
    review.take(portal, world.lestari, batch)
    review.give_verdicts(portal, world.lestari, batch, version=None, rows="rest", verdict="approve")
    assert review.decide(portal, world.lestari, batch, version=None).state == "approved"
    new, old = records(world, batch)
    assert (new.set_aside_at, old.id) == (None, record.id)
    proof = letter_proofs.look_up(portal, record.proof_code, address="203.0.113.9")
    assert proof.superseded_by == new.number
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:set_aside")).one()
        told = session.execute(
            sa.select(OutboxEntry.user_id).where(OutboxEntry.kind == "set_aside")
        )
        assert {one for (one,) in told} >= {world.rahma.user_id, world.bayu.user_id}
    assert (act.details["reason"], act.actor_id) == (
        "Dokumen baris 3 milik orang lain", world.admin.user_id,
    )  # fmt: skip
    # the reasons of the child are those of the decision it came from
    assert changes.latest_decision(portal, world.rahma, batch, child_id=child[0][0]).revision == 1
    with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
        session.execute(sa.delete(SetAside))


def test_what_an_outlet_gave_out_is_not_reopened_and_the_refusal_names_it(world, portal):
    batch = judged(world, ("approve", "approve", "approve"))
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    with pytest.raises(Conflict, match="already_forwarded") as refusal:
        again(world, batch)
    assert "SIPP Koreksi Elemen TK (Excel)" in refusal.value.message
    assert reopening.look_up(portal, world.admin, world.view(batch).number).refusal is not None
    # and not by a statement of one's own: a decision is left only with the row that says by whom
    other = judged(world, ("reject", "reject", "reject"))
    for one in (batch, other):
        with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
            session.execute(sa.update(Batch).where(Batch.id == one).values(state="submitted"))


def test_only_an_admin_reopens_with_a_reason_what_is_decided(world, portal):
    batch = judged(world, ("return", "return", "return"))
    with pytest.raises(Conflict, match="already_returned"):
        again(world, batch)
    waiting = world.submitted(world.sheet(1, start=400))
    with pytest.raises(Conflict, match="not_decided"):
        again(world, waiting)
    with pytest.raises(Invalid, match="reason_missing"):
        again(world, batch, reason=" ")
    for actor in (world.rahma, world.bayu):
        with pytest.raises(Forbidden):
            reopening.set_aside(portal, actor, batch, version=None, reason="Keliru")
        with pytest.raises(Forbidden):
            reopening.look_up(portal, actor, world.view(batch).number)
    with pytest.raises(Invalid) as refusal:
        reopening.look_up(portal, world.admin, "PKD-1")
    assert "PKD-1" in refusal.value.message


def test_reopening_and_forwarding_at_once_one_of_them_stands(world, portal):
    for _ in range(3):
        batch = judged(world, ("approve", "reject", "approve"))
        version = world.view(batch).version

        def act(actor, batch=batch, version=version):
            if actor is world.admin:
                again(world, batch, version)
            else:
                outlets.hand_over(portal, actor, batch, "sipp", version=version)

        (won,), (lost,) = race(act, world.admin, world.bayu)
        assert world.view(batch).state == ("submitted" if won is world.admin else "forwarded")
        assert lost.code == ("not_approved" if won is world.admin else "already_forwarded")


@pytest.fixture
def large(monkeypatch):
    """Three rows are many here."""
    monkeypatch.setattr(review_works, "LARGE", 2)


def ask(world, batch, reason="Dokumen baris 3 milik orang lain"):
    return reopening.ask(world.portal, world.admin, batch, version=None, reason=reason)


def looked(world, batch):
    return reopening.look_up(world.portal, world.admin, world.view(batch).number)


def test_the_decision_on_a_large_batch_is_set_aside_by_a_worker(world, portal, large):
    batch = judged(world, ("approve", "return", "approve"))
    world.work()
    told = ask(world, batch)
    assert (told.state, told.work.state, told.work.total) == ("partly_approved", "wanted", 3)
    for attempt in (lambda: ask(world, batch), lambda: again(world, batch)):
        with pytest.raises(Conflict, match="work_running"):
            attempt()
    assert world.view(batch).state == "partly_approved"
    world.work()
    done = looked(world, batch)
    assert (done.state, done.revision, done.work.state) == ("submitted", 2, "done")
    listed = results.rows_page(portal, world.lestari, batch).items
    assert [row.number for row in listed] == [2, 4]
    assert {one.verdict for row in listed for one in row.corrections} == {None}
    with portal.db.read() as session:
        facts = sa.select(sa.func.count()).select_from(Fact)
        here = Correction.revision_id == world.view(batch).revision.id
        assert session.scalar(facts.join(Correction).where(here)) == 2
    found = acts(portal, "batch:set_aside")
    assert [one["reason"] for one in found] == ["Dokumen baris 3 milik orang lain"]
    assert ask(world, world.decided(world.sheet(2, start=300))) is None, "few: at once"


def test_what_was_reopened_and_decided_anew_while_its_files_were_written_is_not_given_out(
    world, portal
):
    batch = world.decided(world.sheet(2))

    def judged_anew(_done):
        reopening.set_aside(portal, world.admin, batch, version=None, reason="Kartu orang lain")
        review.take(portal, world.bayu, batch)
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[2], verdict="reject", reason="Bukan dia"
        )
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows="rest", verdict="approve"
        )
        review.decide(portal, world.bayu, batch, version=None)

    with pytest.raises(Conflict, match="stale_version"):
        outlets.hand_over(portal, world.lestari, batch, "csv", version=None, progress=judged_anew)
    assert world.view(batch).state == "partly_approved"
    given = outlets.hand_over(portal, world.lestari, batch, "csv", version=None)
    assert given.rows == 1


def test_what_is_forwarded_before_a_worker_has_reopened_it_stays_decided(world, portal, large):
    batch = judged(world, ("approve", "reject", "approve"))
    ask(world, batch)
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    world.work()
    told = looked(world, batch)
    assert (told.state, told.work.state) == ("forwarded", "failed")
    assert "sudah diteruskan" in told.work.problem[0]
    with portal.db.read() as session:
        unseen = sa.select(sa.func.count()).select_from(Revision).where(Revision.number < 0)
        assert session.scalar(unseen) == 0


def acts(portal, action):
    with portal.db.read() as session:
        return [one.details for one in session.scalars(sa.select(Act).where(Act.action == action))]


def test_what_was_approved_and_is_reopened_counts_as_waiting_for_later_checks(world, portal):
    batch = judged(world, ("approve", "approve", "approve"))
    content = world.sheet(3)

    def told():
        later = world.draft(content)
        return {one.code for one in results.todo(portal, world.rahma, later)}

    assert "HIS-02" in told()
    again(world, batch)
    assert "HIS-01" in told()
    assert submission.lacks(portal, world.rahma, batch) is not None


def test_the_nik_of_a_decision_that_is_set_aside_is_remembered_no_longer(world, portal):
    first, second, third = (f"317101450890{at}" for at in (9301, 9302, 9303))

    def remembered():
        """Which of the three is the employee's, and the batch that it comes from."""
        with portal.db.read() as session:
            key = portal.key(session.get_one(Company, world.people.companies[0]))
            known = session.scalars(
                sa.select(Employee).where(Employee.kpj_index == key.index("kpj", card))
            ).one()
            niks = {key.index("nik", nik): nik for nik in (first, second, third)}
            return niks[known.nik_index], known.batch_id

    def asked(before, after):
        return world.decided(sheet(line(104, "NIK", before, after, nik=before)))

    card = _person(104)["kpj"]
    phone = world.decided(sheet(line(104, "No HP", "081200000904", "081234567804", nik=first)))
    assert remembered() == (first, phone)
    changed = asked(first, second)
    assert remembered() == (second, changed)
    again(world, changed)
    assert remembered() == (first, phone)
    last = asked(first, third)
    review.take(portal, world.bayu, changed)
    review.give_verdicts(portal, world.bayu, changed, version=None, rows="rest", verdict="approve")
    review.pass_on(portal, world.bayu, changed, version=None)
    review.take(portal, world.lestari, changed)
    review.give_verdicts(portal, world.lestari, changed, version=None, rows=[2], verdict="approve")
    review.decide(portal, world.lestari, changed, version=None)
    assert remembered() == (second, changed)
    again(world, last)  # what a later one has changed stays
    assert remembered() == (second, changed)
    again(world, changed)
    assert remembered() == (first, phone)
