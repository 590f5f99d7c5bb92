"""HIS-01 to HIS-03 against the company's own earlier batches, and never another's."""

import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Employee, Fact, Job, Revision
from hr_portal.demo import _person
from hr_portal.services import (
    agency,
    jobs,
    meanwhile,
    mending,
    outlets,
    past,
    purging,
    results,
    review,
    submission,
    visible,
)
from hr_portal.services.errors import Invalid
from hr_portal.services.rowdata import open_structure
from tests.world import HEADER

KPJ, NIK, NAME, BIRTH = range(4)

HISTORY_CODES = {"HIS-01", "HIS-02", "HIS-03"}


def line(serial, data, before, after, **changes):
    """A row about one person of the demo, some of their numbers changed."""
    who = {**_person(serial), **changes}
    cells = (who["kpj"], who["nik"], who["nama"], who["lahir"], who["kk"], data, before, after)
    return ";".join((*cells, "Sesuai dokumen"))


def sheet(*lines):
    return "\r\n".join([HEADER, *lines, ""]).encode()


PHONES = sheet(
    line(101, "No HP", "081200000901", "081234567801"),
    line(102, "No HP", "081200000902", "081234567802"),
)


def told(world, batch, actor=None):
    """The history findings of a batch: (row, code, the sentence)."""
    found = results.findings_page(world.portal, actor or world.rahma, batch, per_page=500).items
    return [(f.row, f.code, f.message) for f in found if f.code in HISTORY_CODES]


def codes(world, batch, actor=None):
    return [(row, code) for row, code, _said in told(world, batch, actor)]


def decided(world, content, verdict="approve", **more):
    """A batch that was decided, one verdict for all of it."""
    return world.decided(content, verdict=verdict, **more)


def test_a_correction_that_waits_elsewhere_is_a_warning_that_names_the_batch(world):
    first = world.submitted(PHONES)
    second = world.draft(sheet(
        line(102, "No HP", "081200000902", "081234567999"),
        line(102, "Email", "lama@contoh.example", "baru@contoh.example"),
        line(103, "No HP", "081200000903", "081234567803"),
    ))  # fmt: skip
    [(row, code, said)] = told(world, second)
    assert (row, code) == (2, "HIS-01")
    assert world.view(first).number in said
    assert "kolom Menjadi" in said
    assert world.view(second).revision.warning == 1
    review.take(world.portal, world.bayu, first)
    assert codes(world, world.draft(PHONES)) == [(2, "HIS-01"), (3, "HIS-01")]


def test_a_draft_a_withdrawn_and_a_cancelled_batch_wait_for_nothing(world):
    world.draft(PHONES)
    batch = world.submitted(PHONES)
    submission.withdraw(world.portal, world.rahma, batch, version=None, reason="Salah berkas")
    assert codes(world, world.draft(PHONES)) == []


def test_what_was_approved_is_told_when_it_is_asked_again(world):
    first = decided(world, PHONES)
    again = world.draft(sheet(
        line(101, "No HP", "081200000901", "+62 812-3456-7801"),
        line(102, "No HP", "081234567802", "081234567000"),
    ))  # fmt: skip
    [(row, code, said)] = told(world, again)
    assert (row, code) == (2, "HIS-02")
    assert world.view(first).number in said


@pytest.mark.parametrize("verdict", ["reject", "return"])
def test_what_was_not_approved_leaves_no_trace(world, verdict):
    decided(world, PHONES, verdict)
    assert codes(world, world.draft(PHONES)) == []


def test_a_nik_that_was_changed_before_is_told_even_for_another_value(world):
    person = _person(104)
    wrong = person["nik"][:-1] + ("5" if person["nik"][-1] != "5" else "6")
    decided(world, sheet(line(104, "NIK", wrong, person["nik"], nik=wrong)))
    again = world.draft(sheet(line(104, "NIK", person["nik"], wrong)))
    assert codes(world, again) == [(2, "HIS-03")]


def test_what_the_agency_refused_is_not_approved_any_more(world, portal):
    person = _person(104)
    wrong = person["nik"][:-1] + ("5" if person["nik"][-1] != "5" else "6")
    asked = sheet(
        line(104, "NIK", wrong, person["nik"], nik=wrong),
        line(105, "No HP", "", "081234567805"),
        line(106, "No HP", "", "081234567806"),
    )
    lost = sheet(line(104, "No HP", "", "081234567804", nik=""))
    batch = decided(world, asked)
    assert proposed(world, world.draft(lost))[0][1] == person["nik"]
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    answer = [
        "KPJ;DATA;HASIL;KETERANGAN",
        f"{person['kpj']};NIK;Ditolak;NIK tidak sesuai",
        f"{_person(105)['kpj']};No HP;Ditolak;Nomor sudah dipakai",
        f"{_person(106)['kpj']};No HP;Diterima;",
    ]
    file = io.BytesIO("\r\n".join(answer).encode())
    agency.take_answer(portal, world.bayu, batch, file, "jawaban.csv")
    assert codes(world, world.draft(asked)) == [(4, "HIS-02")], "only what was accepted"
    assert proposed(world, world.draft(lost)) == []


NEW_CARD = "09999997017"


def renamed(world):
    """Submit phone and NIK of somebody, then replace their KPJ; return the first batch."""
    person = _person(104)
    wrong = person["nik"][:-1] + ("5" if person["nik"][-1] != "5" else "6")
    phones = decided(world, sheet(
        line(104, "No HP", "", "081234567804", nik=wrong),
        line(104, "NIK", wrong, person["nik"], nik=wrong),
    ))  # fmt: skip
    decided(world, sheet(line(104, "KPJ", person["kpj"], NEW_CARD)))
    return phones


def test_what_was_approved_under_a_kpj_that_was_replaced_is_known_under_the_new_one(world):
    phones = renamed(world)
    person = _person(104)
    asked = sheet(
        line(104, "No HP", "", "081234567804", kpj=NEW_CARD),
        line(104, "NIK", person["nik"], person["nik"][:-1] + "7", kpj=NEW_CARD),
        line(104, "Email", "", "baru@contoh.example", kpj=NEW_CARD),
    )
    found = told(world, world.draft(asked))
    assert [(row, code) for row, code, _ in found] == [(2, "HIS-02"), (3, "HIS-03")]
    assert all(world.view(phones).number in said for *_, said in found)
    other = asked.replace(NEW_CARD.encode(), b"09999997025")
    assert codes(world, world.draft(other)) == []
    assert codes(world, world.draft(asked, world.wulan), world.wulan) == []


def test_what_waits_under_the_kpj_that_was_replaced_waits_under_the_new_one(world):
    renamed(world)
    waiting = world.ready(sheet(line(104, "Email", "", "lama@contoh.example")))
    asked = world.ready(sheet(line(104, "Email", "", "baru@contoh.example", kpj=NEW_CARD)))
    at = world.view(waiting).version
    submission.submit(world.portal, world.rahma, waiting, version=at, declaration=True)
    at = world.view(asked).version
    with pytest.raises(Invalid) as refusal:
        submission.submit(world.portal, world.rahma, asked, version=at, declaration=True)
    assert refusal.value.code == "history_new"
    world.work()
    assert codes(world, asked) == [(2, "HIS-01")]


def test_numbers_of_somebody_whose_kpj_was_replaced_are_those_they_have_now(world):
    renamed(world)
    person = _person(104)
    asked = ("Gelar", "", "S.E.")
    slips = sheet(
        line(104, *asked, nik=person["nik"][:-1], kpj=NEW_CARD, nama="NAMA LAIN"),
        line(104, *asked, kpj=person["kpj"][:-1], nama="NAMA LAIN"),
    )
    assert [(row, value) for row, value, _ in proposed(world, world.draft(slips))] == [
        (2, person["nik"])
    ]  # and nobody is sent back to the KPJ that was replaced
    lost = sheet(line(104, *asked, kpj="")), sheet(line(104, *asked, nik="", kpj=NEW_CARD))
    for _ in ("seen under the old one", "and under the new one"):
        for content, meant in zip(lost, (NEW_CARD, person["nik"]), strict=True):
            assert [value for _, value, _ in proposed(world, world.draft(content))] == [meant]
        world.submitted(sheet(line(104, "Email", "", "baru@contoh.example", kpj=NEW_CARD)))


def test_a_batchs_own_revisions_and_its_returned_rows_don_t_count(world):
    batch = world.submitted(PHONES)
    review.take(world.portal, world.bayu, batch)
    review.return_all(world.portal, world.bayu, batch, version=None, reason="KTP belum ada")
    world.revise(batch, PHONES + b"\r\n")
    world.work()
    assert codes(world, batch) == []
    world.confirm(batch)


def test_what_was_submitted_since_the_check_stops_the_submission_until_it_is_confirmed(world):
    second, first = world.ready(PHONES), world.submitted(PHONES)
    at = world.view(second).version
    with pytest.raises(Invalid) as refusal:
        submission.submit(world.portal, world.rahma, second, version=at, declaration=True)
    assert refusal.value.code == "history_new"
    assert f"{world.view(first).number} sudah diajukan atau diputuskan" in refusal.value.message
    assert "pada 2 baris" in refusal.value.message
    lacks = [one.code for one in submission.lacks(world.portal, world.rahma, second)]
    assert lacks == ["recheck_due"]
    world.work()
    assert codes(world, second) == [(2, "HIS-01"), (3, "HIS-01")]
    assert world.view(second).revision.warning == 2
    world.confirm(second)
    submission.submit(world.portal, world.rahma, second, version=None, declaration=True)
    assert world.view(second).state == "submitted"


def test_what_was_decided_since_the_check_is_told_too(world):
    nik = [line(104, "NIK", "", f"317101450890{at}") for at in (9104, 9105)]
    drafts = [world.ready(sheet(line(101, "Email", "", "satu@contoh.example"), one)) for one in nik]
    decided(world, sheet(line(101, "Email", "", "satu@contoh.example"), nik[0]))
    for batch, found in zip(drafts, ({"HIS-02", "HIS-03"}, {"HIS-02", "HIS-03"}), strict=True):
        with pytest.raises(Invalid):
            submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)
        world.work()
        assert {code for _row, code in codes(world, batch)} == found
    assert [row for row, code in codes(world, drafts[1]) if code == "HIS-02"] == [2]


def test_what_does_not_concern_its_people_and_fields_stops_nothing(world):
    draft = world.ready(PHONES)
    world.submitted(
        sheet(line(101, "Email", "", "satu@contoh.example"), line(103, "No HP", "", "081200000903"))
    )
    submission.submit(world.portal, world.rahma, draft, version=None, declaration=True)
    assert world.view(draft).state == "submitted"


def test_what_was_seen_before_the_lock_is_not_asked_again_and_what_came_after_is(world, portal):
    draft = world.ready(PHONES)
    asked = past.asked(portal, world.rahma, draft)
    before = meanwhile.look(portal, world.rahma, draft, asked)
    first = world.submitted(PHONES)
    after = meanwhile.look(portal, world.rahma, draft, asked)
    assert (before.others, before.fresh) == ({}, {})
    assert after.others == {first: world.view(first).version}
    assert set(after.fresh.values()) == {world.view(first).number}
    statements = []

    def facts_in(statements):
        return [one for one in statements if "facts" in one]

    def news(looked):
        with portal.db.write() as session:
            batch = visible.batch(session, world.rahma, draft)
            revision = visible.current_revision(session, batch)
            note = lambda *more: statements.append(more[2])  # noqa: E731
            sa.event.listen(session.connection(), "before_cursor_execute", note)
            told = meanwhile.news(portal, session, batch, revision, looked)
            sa.event.remove(session.connection(), "before_cursor_execute", note)
            return told

    for looked in (before, after):
        statements.clear()
        assert news(looked).numbers == (world.view(first).number,)
        assert bool(facts_in(statements)) == (looked is before)
    review.take(portal, world.bayu, first)
    assert news(after).numbers == (world.view(first).number,), "the same, by another version"
    with pytest.raises(Invalid):
        submission.submit(portal, world.rahma, draft, version=None, declaration=True)
    world.work()
    world.confirm(draft)
    asked = past.asked(portal, world.rahma, draft)
    looked = meanwhile.look(portal, world.rahma, draft, asked)
    assert (looked.others, looked.fresh) == ({first: world.view(first).version}, {})
    statements.clear()
    assert news(looked) is None
    assert statements
    assert not facts_in(statements), "nobody waits for it once more"
    assert news(after) is None, "the draft itself went on since"
    review.return_all(portal, world.bayu, first, version=None, reason="KTP belum ada")
    submission.submit(portal, world.rahma, draft, version=None, declaration=True)


def test_of_two_drafts_submitted_at_once_the_second_is_told(world):
    drafts = [world.ready(PHONES), world.ready(PHONES)]

    def hand_in(batch, actor):
        try:
            submission.submit(world.portal, actor, batch, version=None, declaration=True)
        except Invalid as error:
            return error.code
        return "submitted"

    with ThreadPoolExecutor(2) as both:
        ends = list(both.map(hand_in, drafts, (world.rahma, world.surya)))
    assert sorted(ends) == ["history_new", "submitted"]


def test_another_companys_batches_are_never_looked_at(world):
    decided(world, PHONES, actor=world.wulan)
    world.submitted(PHONES, actor=world.wulan)
    assert codes(world, world.draft(PHONES)) == []
    assert codes(world, world.draft(PHONES, actor=world.wulan), world.wulan) == [
        (2, "HIS-01"), (2, "HIS-02"), (3, "HIS-01"), (3, "HIS-02"),
    ]  # fmt: skip


def test_rows_without_a_kpj_are_nobody_in_particular(world):
    nobody = sheet(line(101, "No HP", "081200000901", "081234567801", kpj=""))
    world.submitted(PHONES)
    assert codes(world, world.draft(nobody)) == []


def test_a_nik_in_doubt_is_offered_from_the_batch_that_had_it(world):
    first = world.submitted(PHONES)
    nik = _person(101)["nik"]
    wrong_month = nik[:8] + nik[9] + nik[8] + nik[10:]
    batch = world.draft(
        sheet(line(101, "Email", "lama@contoh.example", "baru@contoh.example", nik=wrong_month))
    )
    found = results.findings_page(world.portal, world.rahma, batch).items
    offered = [f for f in found if f.field == "nik" and f.suggestion == nik]
    assert offered, [(f.code, f.value, f.suggestion) for f in found]
    assert f"Usulan: {nik}, dari pengajuan {world.view(first).number}." in offered[0].message
    assert f"Proposal: {nik}, from submission {world.view(first).number}." in offered[0].message_en


def test_a_kpj_in_doubt_is_offered_by_the_nik_that_goes_with_it(world):
    world.submitted(PHONES)
    kpj = _person(101)["kpj"]
    mail = ("Email", "lama@contoh.example", "baru@contoh.example")
    batch = world.draft(sheet(line(101, *mail, kpj=kpj[:5] + kpj[6:])))
    assert offered_kpj(world, batch) == [kpj]
    stranger = world.draft(sheet(line(103, *mail, kpj=kpj[:5] + kpj[6:])))
    assert offered_kpj(world, stranger) == []


def offered_kpj(world, batch):
    found = results.findings_page(world.portal, world.rahma, batch).items
    return [f.suggestion for f in found if f.field == "kpj" and f.suggestion]


def test_facts_hold_indexes_and_nothing_that_can_be_read(world):
    world.submitted(PHONES)
    with world.portal.db.read() as session:
        facts = session.scalars(sa.select(Fact)).all()
    assert len(facts) == 2
    assert {len(f.value_index) for f in facts} == {len(f.kpj_index) for f in facts} == {16}
    assert b"0812" not in b"".join(f.value_index + f.kpj_index for f in facts)


def test_what_was_submitted_before_there_were_facts_is_remembered_by_a_job(world):
    first = decided(world, PHONES)
    with world.portal.db.write() as session:
        revision = session.scalar(sa.select(Revision.id).where(Revision.batch_id == first))
        session.execute(sa.delete(Fact))
        session.execute(sa.update(Employee).values(batch_id=None))
        jobs.add(world.portal, session, "remember", str(revision))
    world.work()
    assert codes(world, world.draft(PHONES)) == [(2, "HIS-02"), (3, "HIS-02")]
    with world.portal.db.read() as session:
        assert session.scalars(sa.select(Employee.batch_id)).all() == [first, first]
        assert session.scalar(sa.select(Job.state).where(Job.kind == "remember")) == "done"


def test_a_submission_that_is_refused_leaves_no_facts(world):
    batch = world.ready(PHONES)
    with pytest.raises(Exception, match="declaration"):
        submission.submit(world.portal, world.rahma, batch, version=None, declaration=False)
    with world.portal.db.read() as session:
        assert session.scalars(sa.select(Fact)).all() == []


def proposed(world, batch, actor=None):
    """What is proposed for NIK and KPJ, and where each comes from."""
    found = results.findings_page(world.portal, actor or world.rahma, batch, per_page=500).items
    return [
        (f.row, f.suggestion, f.source[0])
        for f in found
        if f.field in {"nik", "kpj"} and f.suggestion and f.source
    ]


EMAILS = [
    line(101, "Email", "", "satu@contoh.example"),
    line(102, "Email", "", "dua@contoh.example"),
]
WITHOUT = sheet(
    line(101, "No HP", "", "081234567801", nik="", nama=f" {_person(101)['nama'].lower()}"),
    line(102, "No HP", "", "081234567802", kpj=""),
)


def test_a_lost_nik_or_kpj_comes_from_the_employees_earlier_row(world):
    assert proposed(world, world.draft(WITHOUT)) == []
    sent = world.submitted(sheet(*EMAILS))
    first = world.view(sent).number
    again = world.draft(WITHOUT)
    assert proposed(world, again) == [
        (2, _person(101)["nik"], f"pengajuan {first} baris 2"),
        (3, _person(102)["kpj"], f"pengajuan {first} baris 3"),
    ]
    assert proposed(world, world.draft(WITHOUT, world.wulan), world.wulan) == []
    submission.withdraw(world.portal, world.rahma, sent, version=None, reason="Salah berkas")
    assert proposed(world, world.draft(WITHOUT)) == []


def test_two_people_of_one_name_and_day_are_nobody(world):
    twin = line(103, "Email", "", "tiga@contoh.example", **{
        key: _person(101)[key] for key in ("nama", "lahir")
    }, nik=f"{_person(101)['nik'][:12]}9777")  # fmt: skip
    world.submitted(sheet(*EMAILS))
    world.submitted(sheet(twin))
    assert [row for row, *_ in proposed(world, world.draft(WITHOUT))] == [3]


def test_a_nik_that_was_only_asked_for_is_no_source_until_it_is_approved(world):
    def asked(serial):
        wrong = f"{_person(serial)['nik'][:12]}9777"
        return sheet(line(serial, "NIK", wrong, _person(serial)["nik"], nik=wrong))

    world.submitted(asked(101))
    decided(world, asked(102))
    lost = [line(serial, "No HP", "", f"0812345678{serial}"[:12], nik="") for serial in (101, 102)]
    [(row, value, _from)] = proposed(world, world.draft(sheet(*lost)))
    assert (row, value) == (3, _person(102)["nik"])


def workbook_with_a_list(world):
    """A sheet whose NIK are number cells, beside a list of the same people."""
    header, *lines = (line.split(";") for line in world.sheet(2).decode().split("\r\n") if line)
    book = openpyxl.Workbook()
    sheet, listed = book.active, book.create_sheet("Karyawan")
    sheet.append(header)
    listed.append(["Nama", "NIK", "KPJ", "Tanggal Lahir"])
    for cells in lines:
        listed.append([cells[NAME], cells[NIK], cells[KPJ], cells[BIRTH]])
        sheet.append([*cells[:NIK], int(cells[NIK]) // 10 * 10, *cells[NIK + 1 :]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), [cells[NIK] for cells in lines]


def test_what_another_sheet_offers_stays_offered_after_mending_and_goes_with_retention(world):
    content, numbers = workbook_with_a_list(world)
    batch = world.draft(content, name="koreksi.xlsx")

    def offered():
        found = results.findings_page(world.portal, world.rahma, batch).items
        return {one.row: one.suggestion for one in found if one.field == "nik"}

    assert offered() == {2: numbers[0], 3: numbers[1]}
    mending.edit_cells(
        world.portal, world.rahma, batch, {(2, NIK): numbers[0]}, version=world.view(batch).version
    )
    assert offered() == {3: numbers[1]}
    with world.portal.db.write() as session:
        revision = session.scalars(sa.select(Revision)).one()
        key = world.portal.key(revision.batch.company)
        assert open_structure(key, revision).witnesses
        purging._blot_texts(session, key, revision.batch, "documents")
        assert not open_structure(key, revision).witnesses
