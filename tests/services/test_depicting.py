"""Pages of documents become pictures: of the cleaned copy, sealed, drawn once, whatever dies."""

import io

import pikepdf
import pytest
import sqlalchemy as sa
from PIL import Image

from hr_portal import worker
from hr_portal.adapters.database.document_models import Depiction, DrawnPage
from hr_portal.adapters.database.models import Act, Document, File, Job
from hr_portal.adapters.documents.specimen import specimen
from hr_portal.services import depicting, documents, jobs
from hr_portal.services.errors import NotFound
from tests.adapters.documents import papers
from tests.adapters.documents.made import small_png

TEXT = "NIK 3171014508909013"


def written_pdf(pages, text=TEXT):
    """A PDF whose pages say where they stand, each with a black field at its upper left."""
    with pikepdf.new() as made:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, pages + 1):
            page = made.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            drawn = (
                f"0 0 0 rg 20 722 100 100 re f BT /F1 18 Tf 60 600 Td ({text} hal {number}) Tj ET"
            )
            page.Contents = made.make_stream(drawn.encode())
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def attach(world, batch, content, name="ktp.pdf", row=2):
    return documents.add_document(
        world.portal, world.rahma, batch, io.BytesIO(content), name, kind="ktp", row=row
    ).id


def seen(world, document, page=1, actor=None, **more):
    _, chunks = depicting.open_page(world.portal, actor or world.rahma, document, page, **more)
    return Image.open(io.BytesIO(b"".join(chunks)))


def test_pages_are_drawn_bounded_and_sealed_with_their_text_and_every_look_is_an_act(world, portal):
    batch = world.draft()
    document = attach(world, batch, written_pdf(12))
    assert depicting.pictures_of(portal, world.rahma, document).state == "waiting"
    world.work()
    made = depicting.pictures_of(portal, world.rahma, document)
    assert (made.state, made.total, len(made.pages)) == ("done", 12, 12)
    assert f"{TEXT} hal 1" in made.text
    assert f"{TEXT} hal 12" in made.text
    whole = seen(world, document, 12)
    assert whole.size == (made.pages[11].width, made.pages[11].height)
    assert max(whole.size) <= 2_000
    assert whole.convert("L").getpixel((150, 150)) < 40  # the field at the upper left
    assert whole.convert("L").getpixel((1200, 1900)) > 230
    assert max(seen(world, document, 12, small=True).size) <= 160
    with portal.db.read() as session:
        acts = session.scalars(
            sa.select(Act.details).where(
                Act.action == "document:opened", Act.subject_id == document
            )
        ).all()
        names = session.scalars(sa.select(File.name)).all()
        sealed = session.get_one(Depiction, document).text
    assert [one["page"] for one in acts] == [12]
    assert b"3171014508909013" not in sealed
    for name in names:
        with portal.files.open_sealed(name) as opened:
            kept = opened.read()
        assert b"\xff\xd8\xff" not in kept[:16]
        assert b"3171014508909013" not in kept
    with pytest.raises(NotFound):
        depicting.open_page(portal, world.rahma, document, 13)
    for stranger in (world.wulan, world.bayu):  # of another company; it is a draft
        with pytest.raises(NotFound):
            depicting.open_page(portal, stranger, document, 1)


def test_the_same_bytes_elsewhere_are_not_drawn_twice_and_a_removed_one_not_at_all(world, portal):
    batch = world.draft()
    first = attach(world, batch, written_pdf(2))
    gone = attach(world, batch, small_png(3), "kk.png", row=3)
    documents.remove_document(portal, world.rahma, gone)
    world.work()
    other = world.draft(world.sheet(2, start=500))
    again = attach(world, other, written_pdf(2))
    world.work()
    with portal.db.read() as session:
        pages = session.execute(
            sa.select(DrawnPage.document_id, DrawnPage.whole_id).order_by(DrawnPage.page)
        ).all()
        texts = session.scalars(sa.select(Depiction.text)).all()
    assert {one for one, _ in pages} == {first, again}
    assert [file for one, file in pages if one == first] == [
        file for one, file in pages if one == again
    ]
    assert len(set(texts)) == 2  # each sealed for its place
    assert TEXT in depicting.pictures_of(portal, world.rahma, again).text


def test_one_that_cannot_be_drawn_says_so_and_keeps_nobody_else_waiting(world, portal):
    batch = world.draft()
    broken = attach(world, batch, small_png(1), "ktp.png")
    good = attach(world, batch, small_png(2), "kk.png", row=3)
    with portal.db.write() as session:  # stands for what PDFium or Pillow can't read
        session.get_one(Document, broken).media_type = "application/pdf"
    world.work()
    assert depicting.pictures_of(portal, world.rahma, broken).state == "failed"
    assert depicting.pictures_of(portal, world.rahma, good).state == "done"


def test_a_document_of_before_and_one_whose_job_was_given_up_are_drawn_when_looked_at(
    world, portal
):
    batch = world.draft()
    document = attach(world, batch, small_png(1), "ktp.png")
    with portal.db.write() as session:
        session.execute(sa.delete(Job).where(Job.kind == depicting.JOB))
    assert depicting.pictures_of(portal, world.rahma, document).state == "waiting"
    with portal.db.write() as session:
        session.execute(sa.update(Job).where(Job.kind == depicting.JOB).values(state="failed"))
    assert depicting.pictures_of(portal, world.rahma, document).state == "waiting"
    world.work()
    assert depicting.pictures_of(portal, world.rahma, document).state == "done"


def test_a_batch_with_many_pages_lets_others_have_their_turn(world, portal):
    batch = world.draft()
    for number in range(depicting.STEPS_AT_ONCE + 1):
        attach(world, batch, small_png(number), f"ktp-{number}.png", row=2)
    other = world.upload(world.sheet(1, start=700))
    worker.run_once(portal)
    assert world.view(other.batch_id).revision.state == "received"
    claimed = jobs.claim(portal)
    assert claimed.kind == "read"


def test_the_uploader_is_advised_once_a_picture_is_drawn_by_the_kind_it_has_and_for_twins_too(
    world, portal
):
    batch = world.draft()
    out = io.BytesIO()
    papers.blurred(papers.card().resize((500, 315)).convert("L")).save(out, "PNG")
    first = attach(world, batch, out.getvalue(), "ktp.png")
    good = attach(world, batch, specimen("ktp", "BUDI REKAAN", ["NIK: 3171014508909013"]), "b.jpg")
    second = attach(world, batch, written_pdf(3, "KTP dan lampiran"), "ktp.pdf")

    def advised(of, document):
        _, view = documents.document_view(portal, world.rahma, document)
        listed = documents.list_documents(portal, world.rahma, of)
        assert view.advice == next(one.advice for one in listed if one.id == document)
        return [one.code for one in view.advice]

    assert advised(batch, first) == []
    world.work()
    assert advised(batch, first) == ["small", "blur", "grey"]
    assert advised(batch, good) == []
    assert advised(batch, second)[-1:] == ["pages"]
    with portal.db.read() as session:
        kept = session.scalars(sa.select(DrawnPage.looks).order_by(DrawnPage.page)).all()
        assert all(type(one) is int for looks in kept for one in looks.values())
    other = world.draft()
    twin = attach(world, other, out.getvalue(), "kk.png")
    world.work()
    assert advised(other, twin) == ["small", "blur", "grey"]
    with portal.db.write() as session:
        session.get_one(Document, twin).kind = "paklaring"
        session.scalars(
            sa.select(DrawnPage).where(DrawnPage.document_id == first)
        ).one().looks = None
    assert advised(other, twin) == ["small", "blur"]
    assert advised(batch, first) == []
