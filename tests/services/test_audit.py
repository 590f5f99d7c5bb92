"""The chain of acts: what was written can't be changed, moved or cut off unseen (J9)."""

import hashlib
import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, AuditHead
from hr_portal.services import audit, audit_chain
from hr_portal.services.context import Portal


def act(portal, count=1, company=None):
    for number in range(count):
        with portal.db.write() as session:
            audit.record(portal, session, None, "batch:made", f"{number}", company_id=company)


def rewrite(portal, *statements):
    """What somebody does who owns the database and takes the triggers away first."""
    with portal.db.writer.begin() as connection:
        if portal.db.is_sqlite:
            connection.execute(sa.text("DROP TRIGGER acts_keep_update"))
            connection.execute(sa.text("DROP TRIGGER acts_keep_delete"))
        else:
            connection.execute(sa.text("DROP TRIGGER acts_keep ON acts"))
        for statement in statements:
            connection.execute(statement)


def faults(portal):
    return [(fault.kind, fault.number) for fault in audit_chain.verify(portal).faults]


def test_every_company_and_the_installation_has_a_chain_that_holds(world, portal):
    world.draft()
    seen = audit_chain.verify(portal)
    with portal.db.read() as session:
        acts = session.scalar(sa.select(sa.func.count(Act.id)))
        scopes = set(session.scalars(sa.select(AuditHead.scope)))
    assert scopes == {"-", *world.people.companies}
    assert (seen.chains, seen.acts, seen.unlinked, seen.faults) == (3, acts, 0, ())


CHANGES = {
    "changed": (sa.update(Act).where(Act.number == 3).values(subject_id="other"), ("changed", 3)),
    "backdated": (
        sa.update(Act)
        .where(Act.number == 3)
        .values(at=sa.select(sa.func.min(Act.at)).scalar_subquery()),
        ("changed", 3),
    ),
    "deleted": (sa.delete(Act).where(Act.number == 3), ("missing", 3)),
    "cut": (sa.delete(Act).where(Act.number >= 5), ("cut", 5)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_made_around_the_portal_is_told_with_its_number(portal, change):
    act(portal, 6)
    statement, told = CHANGES[change]
    rewrite(portal, statement)
    assert told in faults(portal)


def test_two_acts_exchanged_are_told(portal):
    act(portal, 4)
    mine = sa.update(Act).execution_options(synchronize_session=False)
    rewrite(
        portal,
        *(
            mine.where(Act.number == old).values(number=new)
            for old, new in ((2, 99), (3, 2), (99, 3))
        ),
    )
    assert {("changed", 2), ("changed", 3)} <= set(faults(portal))


def test_an_act_slipped_in_without_a_link_is_told(portal):
    act(portal, 2)
    with portal.db.writer.begin() as connection:
        values = {"at": portal.clock(), "action": "batch:made", "subject_kind": "batch"}
        connection.execute(sa.insert(Act).values(**values, subject_id="x", details={}))
    assert [kind for kind, _ in faults(portal)] == ["outside"]


def test_cutting_off_the_newest_acts_with_the_head_is_told_by_the_daily_note(portal):
    act(portal, 3)
    with portal.db.read() as session:
        count, link = session.execute(sa.select(AuditHead.count, AuditHead.link)).one()
    act(portal, 2)
    assert audit_chain.note_heads(portal)
    rewrite(
        portal,
        sa.delete(Act).where(Act.number > count),
        sa.update(AuditHead).values(count=count, link=link),
    )
    assert faults(portal) == [("cut", 5)]
    rewrite_nothing_but_the_heads = sa.delete(AuditHead)
    with portal.db.writer.begin() as connection:
        connection.execute(rewrite_nothing_but_the_heads)
    assert ("cut", 5) in faults(portal)


def test_the_heads_are_noted_once_a_day_and_a_forged_note_is_told(portal, clock):
    act(portal)
    assert audit_chain.note_heads(portal)
    assert not audit_chain.note_heads(portal)
    clock.go(days=1)
    assert audit_chain.note_heads(portal)
    assert audit_chain.verify(portal).notes == 2
    file = portal.settings.data_dir / "audit" / "heads.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    first, second = file.read_text().splitlines()
    file.write_text("\n".join((first.replace("[1,", "[7,"), second, "[]", "")))
    assert faults(portal) == [("note", 1), ("note", 3)]
    assert audit_chain.note_heads(portal), "the last line tells no day"


def test_another_master_key_opens_no_chain(portal, make_settings):
    act(portal)
    other = Portal.from_settings(
        make_settings(
            database_url=portal.settings.database_url,
            master_key=hashlib.sha256(b"another").digest(),
        )
    )
    assert faults(other) == [("key", 0)]
    other.close()


def test_an_act_of_a_transaction_that_fails_leaves_no_gap(portal):
    def fail():
        with portal.db.write() as session:
            audit.record(portal, session, None, "batch:made", "lost")
            raise ZeroDivisionError

    act(portal)
    with pytest.raises(ZeroDivisionError):
        fail()
    act(portal)
    seen = audit_chain.verify(portal)
    assert (seen.acts, seen.faults) == (2, ())


def test_the_chains_hold_under_four_writers(world, portal):
    before = audit_chain.verify(portal).acts
    start, failed = threading.Barrier(4), []

    def write(turn):
        start.wait()
        try:
            for number in range(50):
                with portal.db.write() as session:
                    order = (*world.people.companies, None)
                    for company in order if (turn + number) % 2 else order[::-1]:
                        audit.record(portal, session, None, "batch:made", "x", company_id=company)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    writers = [threading.Thread(target=write, args=[turn]) for turn in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seen = audit_chain.verify(portal)
    assert (failed, seen.acts - before, seen.faults) == ([], 600, ())
