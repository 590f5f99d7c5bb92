"""A mended file without its mark is noticed by what it holds, asked about, and never assumed."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act
from hr_portal.services import documents, intake, letters, mending, resembling, submission
from hr_portal.services.errors import Conflict, NotFound
from tests.services.test_review import _png


def like(world, batch, actor=None):
    return resembling.of_batch(world.portal, actor or world.rahma, batch)


def mended(world, count=4, **more):
    return world.sheet(count, **more).replace(b"Sesuai KTP-el", b"Sesuai KTP-el yang baru")


def test_a_mended_csv_is_asked_about_with_who_is_in_which(world):
    first = world.draft(world.sheet(4))
    second = world.draft(mended(world, 3, start=101), name="dari excel.csv")
    asked = like(world, second)
    assert (asked.id, asked.number, asked.next_revision) == (first, world.view(first).number, 2)
    assert (asked.shared, asked.here, asked.there) == (3, 0, 1)
    assert like(world, first) is None
    assert world.view(first).revision.number == 1


def test_people_whose_kpj_was_what_had_to_be_mended_are_known_by_their_nik(world):
    lost_zero = b"\r\n".join(
        line[1:] if line[:1] == b"0" else line for line in world.sheet(4).split(b"\r\n")
    )
    first = world.draft(lost_zero)
    asked = like(world, world.draft(mended(world)))
    assert (asked.id, asked.shared, asked.here, asked.there) == (first, 4, 0, 0)


def test_other_people_other_fields_and_the_very_same_rows_are_no_mended_file(world):
    world.draft(world.sheet(4))
    assert like(world, world.draft(world.sheet(4, start=103))) is None  # one of four
    email = lambda i, who: ("Email", "", f"orang{i}@contoh.example")  # noqa: E731
    assert like(world, world.draft(world.sheet(4, line=email))) is None
    assert like(world, world.draft(world.sheet(4))) is None  # the page says so already
    assert like(world, world.draft(mended(world), actor=world.wulan), world.wulan) is None


def test_only_open_batches_are_offered_also_when_they_close_later(world):
    submitted = world.submitted(world.sheet(4))
    assert like(world, world.draft(mended(world))) is None
    first = world.draft(world.sheet(4, start=300))
    second = world.draft(mended(world, start=300))
    intake.cancel_batch(world.portal, world.rahma, first)
    assert like(world, second) is None
    with pytest.raises(Conflict) as refusal:
        resembling.make_revision(world.portal, world.rahma, second)
    assert "Unggah ulang" in refusal.value.message
    assert world.view(submitted).revision.number == 1


def test_made_a_revision_it_is_read_there_and_the_new_batch_is_cancelled(world):
    first = world.draft(world.sheet(4))
    second = world.draft(mended(world))
    at = world.view(second).version
    made = resembling.make_revision(world.portal, world.rahma, second, version=at)
    again = resembling.make_revision(world.portal, world.rahma, second, version=at)
    assert (made.batch_id, made.revision, made.repeated) == (first, 2, False)
    assert (again.batch_id, again.revision, again.repeated) == (first, 2, True)
    world.work()
    held, left = world.view(first), world.view(second)
    assert (held.state, held.revision.state, held.revision.total) == ("draft", "checked", 4)
    assert held.revision.compared == {"solved": 0, "new": 0}
    assert left.state == "cancelled"
    with world.portal.db.read() as session:
        told = session.scalars(sa.select(Act).where(Act.action == "batch:joined")).one()
    assert (told.subject_id, told.details["number"], told.details["revision"]) == (
        second, held.number, 2,
    )  # fmt: skip


def test_a_returned_batch_is_a_draft_again_with_it(world):
    first = world.submitted(world.sheet(4))
    submission.withdraw(world.portal, world.rahma, first, version=None, reason="Salah tanggal")
    second = world.draft(mended(world))
    made = resembling.make_revision(world.portal, world.rahma, second)
    assert (made.batch_id, made.revision) == (first, 3)


def test_kept_a_new_batch_it_is_not_asked_again(world):
    world.draft(world.sheet(4))
    second = world.draft(mended(world))
    resembling.keep_separate(world.portal, world.rahma, second)
    assert like(world, second) is None
    with pytest.raises(Conflict):
        resembling.make_revision(world.portal, world.rahma, second)


def test_whoever_goes_on_with_the_new_batch_has_answered(world):
    portal, rahma = world.portal, world.rahma
    world.draft(world.sheet(4))
    second = world.draft(mended(world))
    done = mending.edit_cells(portal, rahma, second, {(2, 8): "Sesuai KK"})
    assert like(world, second) is None
    intake.cancel_batch(portal, rahma, second, version=done.version)
    third = world.draft(mended(world))
    assert like(world, third) is not None
    documents.add_document(portal, rahma, third, _png(), "ktp.png", kind="ktp", row=2)
    assert like(world, third) is None
    intake.cancel_batch(portal, rahma, third)
    fourth = world.draft(mended(world))
    world.confirm(fourth)
    letters.issue(portal, rahma, fourth, wait=False)
    assert like(world, fourth) is None


def test_strangers_and_stale_pages_join_nothing(world):
    first = world.draft(world.sheet(4))
    second = world.draft(mended(world))
    with pytest.raises(NotFound):
        resembling.make_revision(world.portal, world.wulan, second)
    with pytest.raises(NotFound):
        resembling.keep_separate(world.portal, world.wulan, second)
    with pytest.raises(Conflict):
        resembling.make_revision(world.portal, world.rahma, second, version=90)
    assert world.view(first).revision.number == 1
