"""Letters: one gap-free number each, facts that never change, bytes under their hash."""

import hashlib
import threading

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Counter, Letter
from hr_portal.adapters.files import FileDamagedError
from hr_portal.services import documents, letter_facts, letter_views, letters, submission
from hr_portal.services.errors import Invalid, NotFound
from tests.services.test_review import _png


def test_an_issued_letter_has_the_companys_number_and_its_hash(world, portal):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch)
    assert letter.number == "001/HRD/CSA/XI/2026"
    view, pdf = letter_views.open_letter(portal, world.rahma, letter.id)
    assert hashlib.sha256(pdf).hexdigest() == view.sha256 == letter.sha256
    assert pdf.startswith(b"%PDF-")


def test_issuing_twice_uses_one_number(world, portal):
    batch = world.draft()
    first, again = (
        letters.issue(portal, world.rahma, batch),
        letters.issue(portal, world.surya, batch),
    )
    assert first.id == again.id
    assert len(letter_views.list_letters(portal, world.rahma, batch)) == 1


def test_a_change_of_the_batch_makes_a_letter_that_supersedes(world, portal):
    batch = world.draft()
    world.without_documents(batch)
    first = letters.issue(portal, world.rahma, batch)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=2)
    assert letter_views.list_letters(portal, world.rahma, batch)[0].is_stale
    assert [lack.code for lack in submission.lacks(portal, world.rahma, batch)] == ["letter_stale"]
    second = letters.issue(portal, world.rahma, batch)
    states = {
        view.number: view.state for view in letter_views.list_letters(portal, world.rahma, batch)
    }
    assert states == {first.number: "superseded", second.number: "issued"}
    assert second.number == "002/HRD/CSA/XI/2026"
    _, old = letter_views.open_letter(portal, world.rahma, first.id)
    assert hashlib.sha256(old).hexdigest() == first.sha256


def test_the_signed_scan_does_not_make_its_own_letter_stale(world, portal):
    batch = world.draft()
    letters.issue(portal, world.rahma, batch)
    documents.add_document(
        portal, world.rahma, batch, _png(), "scan.png", kind=documents.SIGNED_LETTER
    )
    assert not letter_views.list_letters(portal, world.rahma, batch)[0].is_stale


def test_numbers_have_no_gap_and_no_double_under_concurrency(world, portal):
    batches = [world.draft(world.sheet(1, start=600 + i)) for i in range(6)]
    barrier = threading.Barrier(6)

    def issue(batch):
        barrier.wait()
        letters.issue(portal, world.rahma, batch)

    threads = [threading.Thread(target=issue, args=(batch,)) for batch in batches]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with portal.db.read() as session:
        assert sorted(session.scalars(sa.select(Letter.sequence))) == [1, 2, 3, 4, 5, 6]


def test_each_company_and_year_counts_for_itself(world, portal, clock):
    letters.issue(portal, world.rahma, world.draft())
    other = letters.issue(portal, world.wulan, world.draft(actor=world.wulan))
    assert other.number.startswith("001/")
    clock.go(days=50)
    assert letters.issue(portal, world.rahma, world.draft()).number == "001/HRD/CSA/I/2027"


def test_the_year_of_a_number_is_jakartas(world, portal, clock):
    clock.go(
        days=40 - 1, hours=14, minutes=30
    )  # 30 December 17:30 UTC is 00:30 on the 31st in Jakarta
    letter = letters.issue(portal, world.rahma, world.draft())
    assert letter.issued_on.isoformat() == "2026-12-31"


def test_rows_with_errors_get_no_letter_and_no_number(world, portal):
    batch = world.draft(world.sheet(2).replace(b"081290000101", b"0217654321"))
    with pytest.raises(Invalid, match="rows_invalid"):
        letters.issue(portal, world.rahma, batch)
    with portal.db.read() as session:
        assert (
            session.scalar(sa.select(Counter).where(Counter.series == letter_views.SERIES)) is None
        )


def test_a_company_without_a_signatory_is_told_what_is_missing(world, portal):
    from hr_portal.services import places

    places.edit_company(portal, world.rahma, world.people.companies[0], {"signatories": []})
    with pytest.raises(Invalid) as refusal:
        letters.issue(portal, world.rahma, world.draft())
    assert "penanda tangan" in refusal.value.message


def test_flipping_a_byte_on_disk_is_noticed_not_served(world, portal, settings):
    letter = letters.issue(portal, world.rahma, world.draft())
    with portal.db.read() as session:
        name = session.get_one(Letter, letter.id).file.name
    path = settings.data_dir / "files" / name[:2] / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(FileDamagedError):
        letter_views.open_letter(portal, world.rahma, letter.id)


def test_letters_are_seen_by_their_company_and_the_branch_that_got_them(world, portal):
    batch = world.submitted()
    letter = letter_views.list_letters(portal, world.rahma, batch)[0]
    letters.finish_rendering(portal, letter.id)
    assert letter_views.open_letter(portal, world.bayu, letter.id)[0].id == letter.id
    for actor in (world.wulan, world.admin):
        with pytest.raises(NotFound):
            letter_views.open_letter(portal, actor, letter.id)
    assert letter_views.register(portal, world.rahma)[1] == 1
    assert letter_views.register(portal, world.wulan) == ([], 0)


def test_a_preview_takes_no_number(world, portal):
    assert letters.preview(portal, world.rahma, world.draft()).startswith(b"%PDF-")
    assert letter_views.register(portal, world.rahma)[1] == 0


def test_a_letter_left_unrendered_is_finished_by_its_job(world, portal, clock):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch)
    with portal.db.write() as session:
        row = session.get_one(Letter, letter.id)
        row.sha256 = row.file_id = None
    clock.go(seconds=letters.RENDER_DELAY + 1)
    world.work()
    view, pdf = letter_views.open_letter(portal, world.rahma, letter.id)
    assert view.sha256 == letter.sha256 == hashlib.sha256(pdf).hexdigest()


def test_one_employee_with_several_lines_is_one_person_in_the_letter(world, portal):
    who = demo._person(100)
    head = world.sheet(0).decode().strip()
    base = f"{who['kpj']};{who['nik']};{who['nama']};{who['lahir']};{who['kk']}"
    lines = [head, f"{base};No HP;;{who['hp']};a", f"{base};Alamat Domisili;;Jalan Misal 9;b", ""]
    batch = world.draft("\r\n".join(lines).encode())
    with portal.db.read() as session:
        from hr_portal.services import visible

        found = visible.batch(session, world.rahma, batch)
        facts = letter_facts.facts_of(
            portal,
            session,
            found,
            visible.current_revision(session, found),
            signatory=0,
            number=None,
        )
    assert [(p.name, [line.field for line in p.lines]) for p in facts.people] == [
        (who["nama"], ["hp", "alamat"])
    ]


def test_what_no_font_can_print_is_refused_before_a_number_is_taken(world, portal):
    batch = world.draft(
        world.sheet(1, line=lambda i, who: ("Alamat Domisili", "", "Jalan \u4e2d\u0e01 9"))
    )
    with pytest.raises(Invalid) as refusal:
        letters.issue(portal, world.rahma, batch)
    assert refusal.value.code == "LET-FONT"
    assert letter_views.register(portal, world.rahma)[1] == 0


def test_a_document_of_a_couple_is_listed_for_both(world, portal):
    from hr_portal.adapters.database.models import Placement, Row
    from hr_portal.services import visible

    batch = world.draft(world.sheet(2))
    card = documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=2)
    with portal.db.write() as session:
        found = visible.batch(session, world.rahma, batch, action="batch.edit")
        revision = visible.current_revision(session, found)
        other = session.get_one(Row, (revision.id, 3))
        session.add(Placement(document_id=card.id, row_number=3, kpj_index=other.kpj_index))
        session.flush()
        facts = letter_facts.facts_of(portal, session, found, revision, signatory=0, number=None)
    assert [document.concerns for document in facts.documents] == [p.kpj for p in facts.people]
