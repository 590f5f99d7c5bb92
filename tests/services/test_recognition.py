"""A file that comes back is the next revision of its batch; nobody can point at another's."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, Batch
from hr_portal.services import annotated, documents, intake, letters, marks, recognition, results
from hr_portal.services.errors import Conflict, NotFound
from tests.adapters.spreadsheets.programs import excel
from tests.services.test_results import faulty
from tests.services.test_review import _png


def returned(world, portal, batch, actor=None):
    """The batch's workbook with notes, as bytes."""
    made = annotated.open_annotated(portal, actor or world.rahma, batch)
    return b"".join(made.chunks)


def mended(data, cell, value):
    """The same workbook after somebody has typed into a cell and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(world, portal, data, actor=None, name="nama lain sama sekali.xlsx", **more):
    taken, _ = recognition.take_in(portal, actor or world.rahma, io.BytesIO(data), name, **more)
    world.work()
    return taken


def batches(portal):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Batch))


def test_a_mended_workbook_is_the_next_revision_whatever_its_name(world, portal):
    batch = world.draft(faulty(world))
    found = [one.cell for one in results.all_findings(portal, world.rahma, batch)]
    data = mended(returned(world, portal, batch), found[0], "081290000101")
    taken = take(world, portal, data)
    assert (taken.batch_id, taken.revision, batches(portal)) == (batch, 2, 1)
    view = world.view(batch)
    assert view.revision.recognised
    assert view.revision.compared["solved"] >= 1
    assert view.revision.compared["new"] == 0
    assert view.revision.total == world.view(batch, revision=1).revision.total
    remarks = results.remarks(portal, world.rahma, batch)
    assert [remark.kind for remark in remarks].count("own-columns") == 1
    assert not any("Ringkasan" in remark.text for remark in remarks)
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:revised")).one()
    assert act.details["recognised"] is True


def test_the_way_out_makes_it_a_batch_of_its_own(world, portal):
    batch = world.draft(faulty(world))
    documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=3)
    take(world, portal, returned(world, portal, batch))
    new = recognition.make_separate(portal, world.rahma, batch)
    assert new.batch_id != batch
    moved, kept = world.view(new.batch_id), world.view(batch)
    assert (moved.revision.number, moved.revision.state, moved.state) == (1, "checked", "draft")
    assert moved.revision.total == kept.revision.total
    assert moved.revision.compared is None
    assert not moved.revision.recognised
    assert (kept.revision.number, kept.state, kept.revision.file_name) == (
        1,
        "draft",
        "koreksi.csv",
    )
    assert [d.rows for d in documents.list_documents(portal, world.rahma, batch)] == [(3,)]
    assert documents.list_documents(portal, world.rahma, new.batch_id) == []
    assert results.rows_page(portal, world.rahma, new.batch_id).total == kept.revision.total
    # The next revision of either is counted on from where it stands.
    assert world.revise(batch, world.sheet(2)).revision == 2
    assert world.revise(new.batch_id, world.sheet(2)).revision == 2
    # And a workbook of the new batch leads to the new batch.
    world.work()
    assert take(world, portal, returned(world, portal, new.batch_id)).batch_id == new.batch_id


def test_it_may_be_separated_while_it_is_still_being_read(world, portal):
    batch = world.draft()
    data = returned(world, portal, batch)
    recognition.take_in(portal, world.rahma, io.BytesIO(data), "a.xlsx")
    new = recognition.make_separate(portal, world.rahma, batch)
    world.work()
    assert world.view(new.batch_id).revision.state == "checked"
    assert world.view(batch).revision.number == 1


def test_a_repeated_send_makes_nothing_twice(world, portal):
    batch = world.draft()
    data = returned(world, portal, batch)
    first = take(world, portal, data, idempotency_key="k-1")
    again = take(world, portal, data, idempotency_key="k-1")
    assert (first.revision, again.revision, again.repeated) == (2, 2, True)
    new = recognition.make_separate(portal, world.rahma, batch)
    assert take(world, portal, data, idempotency_key="k-1").batch_id == new.batch_id


def test_what_somebody_uploaded_as_a_revision_is_not_separated(world, portal):
    batch = world.draft()
    world.revise(batch, world.sheet(2))
    world.work()
    with pytest.raises(Conflict):
        recognition.make_separate(portal, world.rahma, batch)
    assert world.view(batch).revision.number == 2


def test_a_revision_with_a_letter_is_not_separated(world, portal):
    batch = world.draft()
    take(world, portal, returned(world, portal, batch))
    letters.issue(portal, world.rahma, batch, wait=False)
    with pytest.raises(Conflict):
        recognition.make_separate(portal, world.rahma, batch)


def test_a_stale_page_separates_nothing(world, portal):
    batch = world.draft()
    take(world, portal, returned(world, portal, batch))
    with pytest.raises(Conflict):
        recognition.make_separate(portal, world.rahma, batch, version=1)
    with pytest.raises(NotFound):
        recognition.make_separate(portal, world.wulan, batch)


def test_marks_of_closed_batches_and_other_companies_are_ignored(world, portal):
    batch = world.submitted()
    data = returned(world, portal, batch)
    assert take(world, portal, data).batch_id != batch
    draft = world.draft()
    foreign = returned(world, portal, draft)
    stranger = take(world, portal, foreign, actor=world.wulan)
    assert stranger.batch_id != draft
    assert world.view(draft).revision.number == 1


def test_a_mark_that_was_forged_or_altered_is_no_mark(world, portal):
    batch, other = world.draft(), world.draft(world.sheet(3, start=300))
    mark = marks.mark_of(portal, batch, 1)
    data = returned(world, portal, batch)
    for text in (
        mark.replace(batch, other),
        mark.replace(";1;", ";2;"),
        mark[:-1] + ("0" if mark[-1] != "0" else "1"),
        "v2" + mark[2:],
        "v1",
        f"v1;{batch};x;{'0' * 32}",
        f"v1;{batch};1",
        "'; DROP TABLE batches; --",
    ):
        book = openpyxl.load_workbook(io.BytesIO(data))
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]
        book.custom_doc_props.append(
            openpyxl.packaging.custom.StringProperty(name="PortalKoreksiData", value=text)
        )
        out = io.BytesIO()
        book.save(out)
        assert recognition.marked_batch(portal, world.rahma, out, "a.xlsx") is None, text
    stream = io.BytesIO(data)
    assert recognition.marked_batch(portal, world.rahma, stream, "a.xlsx").id == batch
    assert stream.tell() == 0
    assert recognition.marked_batch(portal, world.rahma, io.BytesIO(data), "a.csv") is None


def test_damaged_uploads_carry_no_mark_and_are_refused_as_ever(world, portal):
    data = returned(world, portal, world.draft())
    for piece in (data[:2000], b"PK\x03\x04", b"", b"\0" * 100):
        assert recognition.marked_batch(portal, world.rahma, io.BytesIO(piece), "a.xlsx") is None


def test_without_a_mark_it_is_a_new_batch(world, portal):
    taken, marked = recognition.take_in(
        portal, world.rahma, io.BytesIO(world.sheet()), "koreksi.csv"
    )
    assert (taken.revision, marked) == (1, None)
    assert intake.repeated(portal, world.rahma, None) is None


def test_a_workbook_with_all_that_excel_writes_goes_out_and_comes_back(world, portal):
    batch = world.draft(excel(), name="Koreksi.xlsx")
    assert [f.code for f in results.all_findings(portal, world.rahma, batch)].count("NIK-01") == 1
    taken = take(world, portal, returned(world, portal, batch))
    view = world.view(batch)
    assert (taken.batch_id, view.revision.number, view.revision.recognised) == (batch, 2, True)
    assert (view.revision.compared["new"], view.revision.compared["solved"]) == (0, 0)
