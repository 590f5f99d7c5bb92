"""What is kept of one person: stored, corrected, seen by whom, forwarded; and nobody else's."""

import io

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act
from hr_portal.services import (
    agency,
    documents,
    letters,
    outlets,
    person_trail,
    results,
    review,
    submission,
)
from hr_portal.services.errors import Forbidden, Invalid
from tests.services.test_review import _png

REASON = "Surat peserta 27-11-2026"


def test_a_persons_trail_holds_all_of_theirs_and_nothing_of_others(world, portal):
    me, other = demo._person(101), demo._person(102)
    batch = world.draft(world.sheet(2))
    documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=2)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=3)
    results.reveal(portal, world.rahma, batch, 2)
    results.reveal(portal, world.surya, batch, 3)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.bayu, batch, version=None)
    outlets.hand_over(portal, world.bayu, batch, "csv", version=None)
    world.draft(world.sheet(2), actor=world.wulan)  # the same people at another company
    for number in (me["nik"], f"{me['kpj'][:4]} {me['kpj'][4:]}"):
        mine = person_trail.make(portal, world.rahma, number, reason=REASON)
        assert mine.companies == [world.view(batch).company_name]
        assert mine.rows == 1
        text = str(mine)
        assert me["nik"] in text
        assert other["nik"] not in text
        assert other["nama"] not in text
        assert [line[4] for line in mine.corrected] == ["No HP"]
        assert [line[7:9] for line in mine.corrected] == [("approve", "")]
        assert [line[10:] for line in mine.corrected] == [("", "", "")]
        assert [line[2] for line in mine.documents] == [documents.KINDS["ktp"][0]]
        assert {(line[3], line[4]) for line in mine.seen} >= {
            (world.rahma.name, "batch:row_revealed"), (world.bayu.name, "batch:decided"),
        }  # fmt: skip
        assert (world.surya.name, "batch:row_revealed") not in {line[3:] for line in mine.seen}
        assert {line[2].split()[0] for line in mine.forwarded} == {"Surat", "Netral"}
    everywhere = person_trail.make(portal, world.admin, me["nik"], reason=REASON)
    assert (len(everywhere.companies), everywhere.rows) == (2, 2)
    with portal.db.read() as session:
        told = session.scalars(sa.select(Act).where(Act.action == "person:trail_exported")).all()
    assert [act.company_id for act in told[:2]] == [world.people.companies[0]] * 2
    assert sorted(act.company_id for act in told[2:]) == sorted(world.people.companies)
    assert me["nik"] not in str([act.details for act in told])

    answer = f"KPJ;DATA;HASIL;KETERANGAN\n{me['kpj']};No HP;Ditolak;Nomor orang lain".encode()
    agency.take_answer(portal, world.bayu, batch, io.BytesIO(answer), "jawaban.csv")
    mine = person_trail.make(portal, world.rahma, me["nik"], reason=REASON)
    told = [(line[2], *line[7:9], *line[10:12]) for line in mine.corrected if line[7]]
    assert told == [(1, "approve", "", "refused", "Nomor orang lain")]


def test_a_trail_that_finds_nothing_is_recorded_and_half_a_number_is_refused(world, portal):
    assert person_trail.make(portal, world.rahma, "3171010101909999", reason=REASON).rows == 0
    for number, reason in (
        ("317101", REASON),
        ("31710101019099AB", REASON),
        ("3171010101909999", " "),
    ):
        with pytest.raises(Invalid):
            person_trail.make(portal, world.rahma, number, reason=reason)
    with pytest.raises(Forbidden):
        person_trail.make(portal, world.bayu, "3171010101909999", reason=REASON)
    with portal.db.read() as session:
        told = session.scalars(sa.select(Act).where(Act.action == "person:trail_exported")).one()
    assert (told.company_id, told.details["rows"], told.details["reason"]) == (None, 0, REASON)


def test_a_person_whose_nik_was_wrong_is_found_by_the_right_one_with_the_rows_before(world, portal):
    me = demo._person(101)
    wrong = me["nik"][:-1] + ("1" if me["nik"][-1] != "1" else "2")
    world.draft(world.sheet(1).replace(me["nik"].encode(), wrong.encode()))
    world.draft(world.sheet(1))
    assert person_trail.make(portal, world.rahma, me["nik"], reason=REASON).rows == 2
