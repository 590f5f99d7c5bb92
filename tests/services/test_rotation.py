"""Keys are changed while everybody works, and a company's is destroyed (J2, K4)."""

import contextlib
import hashlib
import io

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act, Company, Correction, RowBlock
from hr_portal.adapters.database.signing_models import Certificate
from hr_portal.adapters.files import FileDamagedError
from hr_portal.adapters.vault import CompanyKey, SealBrokenError
from hr_portal.services import (
    archive_uploads,
    audit_chain,
    backup,
    documents,
    letter_signing,
    letter_views,
    letters,
    messages,
    person_trail,
    reconciling,
    results,
    retention,
    review,
    rotation,
    sealed,
    sessions,
    shredding,
    submission,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from tests.letters.certificates import PASSWORD as CERTIFICATE_PASSWORD
from tests.letters.certificates import valid
from tests.services.test_review import _png

NEW = hashlib.sha256(b"the new master key").digest()


def filled(world):
    """A batch under review with a document, letter, message and one verdict given."""
    portal = world.portal
    left = world.draft(
        world.sheet(2, line=lambda i, who: ("No HP", "0812", "021"))
    )  # with findings
    part = b"PK of a ZIP that is on its way"
    begun = archive_uploads.begin(portal, world.rahma, left, "dokumen.zip", len(part))
    digest = hashlib.sha256(part).hexdigest()
    archive_uploads.put_part(portal, world.rahma, begun.id, 1, io.BytesIO(part), digest)
    batch = world.draft(world.sheet(2))
    document = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
    world.confirm(batch)
    letter = letters.issue(portal, world.rahma, batch)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows=[2], verdict="approve")
    messages.write(portal, world.bayu, batch, "Lihat baris 2")
    return batch, document.id, letter.id


def read_all(portal, world, held):
    """What people read of it, which a wrong key would break."""
    batch, document, letter = held
    row = results.row_view(portal, world.rahma, batch, 2)
    assert row.employee["nik"] == demo._person(101)["nik"]
    assert [one.verdict for one in row.corrections] == ["approve"]
    assert b"".join(documents.open_document(portal, world.rahma, document)[1]).startswith(
        b"\x89PNG"
    )
    assert letter_views.open_letter(portal, world.rahma, letter)[1].startswith(b"%PDF")
    assert [one.text for one in messages.listed(portal, world.bayu, batch)] == ["Lihat baris 2"]
    assert audit_chain.verify(portal).faults == ()
    assert reconciling.reconcile(portal, deep=True) == []


@contextlib.contextmanager
def portal_with(world, make_settings, **keys):
    settings = make_settings(database_url=world.portal.settings.database_url, **keys)
    with contextlib.closing(Portal.from_settings(settings, clock=world.clock)) as opened:
        yield opened


def test_the_master_key_is_changed_and_then_the_old_one_is_not_needed(
    world, portal, make_settings, tmp_path
):
    held = filled(world)
    audit_chain.note_heads(portal)
    session_id = sessions.open_session(portal, {"a": 1}, user_id=None)
    backup.create(portal, tmp_path / "yesterday.pkd")
    old = portal.settings.master_key
    with pytest.raises(Conflict, match="no_old_key"):
        rotation.rotate_master(portal)
    with portal_with(world, make_settings, master_key=NEW, old_master_key=old) as both:
        read_all(both, world, held)
        assert rotation.under_old_master(both) == 5
        done = rotation.rotate_master(both)
        assert (done.companies, done.chains, done.notes, done.sessions) == (2, 3, 1, 1)
        assert rotation.under_old_master(both) == 0
        again = rotation.rotate_master(both)
        assert (again.companies, again.chains, again.notes, again.sessions) == (0, 0, 0, 0)
        assert backup.check(both.settings, tmp_path / "yesterday.pkd").files >= 3
    with portal_with(world, make_settings, master_key=NEW) as only:
        read_all(only, world, held)
        assert sessions.read_session(only, session_id) is not None
        world.portal = only
        assert world.view(world.draft(world.sheet(1, start=400))).revision.state == "checked"
    with pytest.raises(SealBrokenError):
        results.row_view(portal, world.rahma, held[0], 2)


def ring(portal, company_id):
    with portal.db.read() as session:
        return session.get_one(Company, company_id).data_key


def test_a_company_gets_a_new_data_key_while_its_data_is_read_and_written(world, portal, clock):
    held = filled(world)
    company = world.people.companies[0]
    first = ring(portal, company)
    rotation.begin(portal, world.admin, company)
    with pytest.raises(Conflict, match="rotating"):
        rotation.begin(portal, world.admin, company)
    read_all(portal, world, held)
    late = world.draft(world.sheet(1, start=300))
    assert world.view(late).revision.state == "checked"
    read_all(portal, world, held)
    alone = portal.vault.company(
        company, portal.vault.without_old_keys(company, ring(portal, company))
    )
    before = portal.vault.company(company, first)
    with portal.db.read() as session:
        for held_at in sealed.HELD:
            for row in session.scalars(sa.select(held_at.model)):
                value = getattr(row, held_at.column)
                if value is not None:
                    alone.open(held_at.place(row), value)
                    with pytest.raises(SealBrokenError):
                        before.open(held_at.place(row), value)
    for name in portal.files.names():
        portal.files.read(name, bytes(alone.file_key))
        with pytest.raises(FileDamagedError):
            portal.files.read(name, before.file_key)
    assert len(ring(portal, company)) > len(first), "the old key is still there"
    clock.go(days=1, minutes=5)
    world.work()
    clock.go(minutes=5)
    world.work()
    done = rotation.standing(portal)[0]
    assert (done.passes, bool(done.ended_at)) == (2, True)
    with pytest.raises(SealBrokenError):
        portal.vault.company(company, ring(portal, company)).open(
            "x", before.seal("x", b"of the old key")
        )
    read_all(portal, world, held)
    index = person_trail.make(portal, world.rahma, demo._person(101)["nik"], reason="Uji")
    assert index.rows >= 1, "searched by the same index as before"
    rotation.begin(portal, None, company)  # and again, from here
    with pytest.raises(NotFound):
        rotation.begin(portal, None, "0" * 32)


def test_every_sealed_column_is_listed_so_that_it_can_be_sealed_anew():
    assert sealed.unlisted() == []


def test_a_key_that_was_never_changed_is_its_own_index_key():
    key = b"k" * 32
    changed = CompanyKey("a", b"n" * 32, index_key=key, older=[key])
    assert changed.index("nik", "1") == CompanyKey("a", key).index("nik", "1")
    assert changed.resealed("p", changed.seal("p", b"x")) is None
    assert changed.resealed("p", CompanyKey("a", key).seal("p", b"x")) is not None


def test_a_shredded_company_opens_for_nobody_and_nobody_else_notices(world, portal, clock):
    batch = world.decided()
    document = world.draft(world.sheet(1, start=300))
    documents.add_document(portal, world.rahma, document, _png(), "ktp.png", row=2)
    other = world.draft(world.sheet(1, start=500), actor=world.wulan)
    company, name = world.people.companies[0], world.view(batch).company_name
    number = letter_views.list_letters(portal, world.rahma, batch)[0].number
    letter_signing.keep_certificate(portal, world.rahma, company, valid(), CERTIFICATE_PASSWORD)
    sheets = sa.select(RowBlock.content)
    with pytest.raises(Invalid, match="not_confirmed"):
        shredding.shred(portal, world.admin, company, typed=name.lower())
    retention.place_hold(portal, world.admin, world.view(batch).number, reason="Sengketa")
    with pytest.raises(Conflict, match="held"):
        shredding.shred(portal, world.admin, company, typed=name)
    hold = retention.standing(portal, world.admin).holds[0]
    retention.lift_hold(portal, world.admin, hold.id, reason="Selesai")
    under_review = world.submitted(world.sheet(1, start=700))
    review.take(portal, world.bayu, under_review)
    with pytest.raises(Conflict, match="in_review"):
        shredding.shred(portal, world.admin, company, typed=name)
    review.release(portal, world.bayu, under_review)
    done = shredding.shred(portal, world.admin, company, typed=name)
    assert (done.batches, done.rows) == (3, 5)
    assert done.members == 2
    with pytest.raises(Conflict, match="shredded"):
        shredding.shred(portal, world.admin, company, typed=name)
    with pytest.raises(Conflict, match="shredded"):
        rotation.begin(portal, None, company)
    with pytest.raises(Conflict, match="shredded"):
        results.rows_page(portal, world.bayu, batch)
    assert world.view(batch, world.bayu).state == "approved", "that it was decided is known"
    assert letter_views.list_letters(portal, world.bayu, batch)[0].number == number
    with portal.db.read() as session:
        blocks = session.scalars(sheets).all()
        assert session.scalar(sa.select(sa.func.count(Correction.id))) == 6
        told = session.scalars(sa.select(Act).where(Act.action == "company:shredded")).one()
        assert session.scalar(sa.select(Certificate)) is None, "it names who signs"
    assert (told.details["rows"], len(blocks)) == (5, 4)
    assert results.rows_page(portal, world.wulan, other).total == 1
    mine = person_trail.make(portal, world.admin, demo._person(101)["nik"], reason="Uji")
    assert mine.rows == 0
    assert audit_chain.verify(portal).faults == ()
    assert reconciling.reconcile(portal, deep=True) == []
    with portal.db.read() as session:
        assert (
            session.scalars(sa.select(Company.is_active).where(Company.id == company)).one()
            is False
        )
