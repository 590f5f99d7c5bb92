"""Messages between HRD and reviewers: both sides read them, notes stay inside, nothing is lost."""

import io

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, OutboxEntry
from hr_portal.adapters.database.review_models import Message, MessageFile
from hr_portal.adapters.scanner import Scanner
from hr_portal.services import messages, purging, review
from hr_portal.services.errors import Conflict, Invalid, NotFound
from tests.clamd import EICAR, SIGNATURE, clamd
from tests.services.test_review import _png


def told(portal):
    with portal.db.read() as session:
        asked = sa.select(OutboxEntry.user_id).where(OutboxEntry.kind == "asked")
        return list(session.scalars(asked.order_by(OutboxEntry.id)))


def test_both_sides_read_messages_and_a_company_is_told_the_office_alone(world, portal):
    batch = world.submitted(world.sheet(2))
    review.take(portal, world.bayu, batch)
    messages.write(portal, world.bayu, batch, " Mohon KTP yang utuh ", row=3)
    messages.write(portal, world.rahma, batch, "Sudah kami siapkan")
    seen = messages.listed(portal, world.surya, batch)
    assert [(one.text, one.row, one.side, one.written_by) for one in seen] == [
        ("Mohon KTP yang utuh", 3, "reviewer", None),
        ("Sudah kami siapkan", None, "hrd", world.rahma.name),
    ]
    assert messages.listed(portal, world.lestari, batch)[0].written_by == world.bayu.name
    assert told(portal) == [world.rahma.user_id, world.bayu.user_id]
    with portal.db.read() as session:
        assert not any(b"KTP" in one for one in session.scalars(sa.select(Message.text)))


def test_an_internal_note_is_for_reviewers_only_and_tells_nobody(world, portal):
    batch = world.submitted(world.sheet(1))
    messages.write(portal, world.bayu, batch, "Perusahaan ini sering salah kirim", internal=True)
    assert messages.listed(portal, world.rahma, batch) == []
    assert [one.is_internal for one in messages.listed(portal, world.lestari, batch)] == [True]
    assert told(portal) == []
    with pytest.raises(Invalid):
        messages.write(portal, world.rahma, batch, "Catatan", internal=True)


def test_a_message_needs_words_a_known_row_and_a_batch_that_somebody_reads(world, portal):
    batch = world.submitted(world.sheet(1))
    for text, row in (("  ", None), ("x" * 10_001, None), ("Baris itu", 99)):
        with pytest.raises(Invalid):
            messages.write(portal, world.rahma, batch, text, row=row)
    with pytest.raises(NotFound):
        messages.write(portal, world.wulan, batch, "Halo")
    with pytest.raises(Conflict, match="not_submitted"):
        messages.write(portal, world.rahma, world.draft(world.sheet(1, 300)), "Halo")


def test_what_was_said_stays(world, portal):
    batch = world.submitted(world.sheet(1))
    messages.write(portal, world.rahma, batch, "Mohon diperiksa")
    for statement in (sa.update(Message).values(side="reviewer"), sa.delete(Message)):
        with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
            session.execute(statement)


def told_where():
    """A picture that tells where it was taken."""
    from PIL import Image, PngImagePlugin

    notes, out = PngImagePlugin.PngInfo(), io.BytesIO()
    notes.add_text("Location", "-6.2, 106.8")
    Image.new("RGB", (600, 400), "white").save(out, "PNG", pnginfo=notes)
    assert b"-6.2" in out.getvalue()
    out.seek(0)
    return out


def test_files_go_with_a_message_made_safe_sealed_and_seen_by_who_sees_it(world, portal):
    batch = world.submitted(world.sheet(1))
    bad = io.BytesIO(b"MZ\x90 kalkulator")
    written = messages.write(
        portal, world.rahma, batch, "KTP yang utuh terlampir",
        files=[(told_where(), "KTP 3171014508909013.png"), (bad, "kartu.exe")],
    )  # fmt: skip
    assert [(one.file_name, one.code[:4]) for one in written.refused] == [("kartu.exe", "DOC-")]
    assert "kartu.exe" in written.refused[0].message
    messages.write(
        portal, world.bayu, batch, "Bandingkan", internal=True, files=[(_png(), "catatan.png")]
    )
    (seen,) = messages.listed(portal, world.surya, batch)
    (file,) = seen.files
    assert (file.file_name, file.is_kept) == ("KTP 3171014508909013.png", True)
    view, chunks = messages.open_file(portal, world.lestari, batch, file.id)
    content = b"".join(chunks)
    assert view.size == len(content)
    assert b"-6.2" not in content  # our own copy, without where it was taken
    note = messages.listed(portal, world.bayu, batch)[1].files[0]
    assert b"".join(messages.open_file(portal, world.lestari, batch, note.id)[1])
    with pytest.raises(NotFound):  # an internal note's, to HRD
        messages.open_file(portal, world.rahma, batch, note.id)
    with pytest.raises(NotFound):  # another company's
        messages.open_file(portal, world.wulan, batch, file.id)
    other = world.submitted(world.sheet(1, 300))
    with pytest.raises(NotFound):  # by the address of another batch
        messages.open_file(portal, world.rahma, other, file.id)
    with portal.db.read() as session:
        sealed = session.scalars(sa.select(MessageFile.file_name)).all()
        acts = session.execute(
            sa.select(Act.action, sa.func.count())
            .where(Act.action.like("message:%"))
            .group_by(Act.action)
        ).all()
    assert not any(b"3171014508909013" in one for one in sealed)
    assert dict(acts) == {"message:written": 2, "message:file_opened": 2}
    with pytest.raises(Invalid):
        messages.write(portal, world.rahma, batch, "Banyak", files=[(_png(), "a.png")] * 6)
    with pytest.raises(Invalid, match="DOC-"):  # as a program sends it: together or not at all
        messages.write(
            portal, world.rahma, batch, "Satu", files=[(io.BytesIO(b"x"), "a.png")], whole=True
        )
    assert len(messages.listed(portal, world.rahma, batch)) == 1


def test_files_of_messages_are_scanned_before_they_are_opened(world, portal):
    batch = world.submitted(world.sheet(1))
    before = set(portal.files.names())
    with clamd() as server:
        portal.scanner = Scanner(server.address)
        virus = (io.BytesIO(_png().read() + EICAR), "ktp.png")
        written = messages.write(
            portal, world.rahma, batch, "Dua", files=[virus, (_png(), "kk.png")]
        )
        assert [(one.file_name, one.code) for one in written.refused] == [("ktp.png", "DOC-10")]
        assert SIGNATURE in written.refused[0].message
        assert len(server.scanned) == 2
    portal.scanner = Scanner("127.0.0.1:1")  # nobody answers there
    written = messages.write(portal, world.rahma, batch, "Tiga", files=[(_png(), "kk.png")])
    assert [one.code for one in written.refused] == ["scanner_silent"]
    with pytest.raises(Conflict, match="scanner_silent"):
        messages.write(portal, world.rahma, batch, "Empat", files=[(_png(), "a.png")], whole=True)
    assert [len(one.files) for one in messages.listed(portal, world.rahma, batch)] == [1, 0]
    assert len(set(portal.files.names()) - before) == 1


def test_files_of_messages_go_with_the_documents_of_their_batch(world, portal, clock):
    batch = world.submitted(world.sheet(1))
    messages.write(portal, world.rahma, batch, "Terlampir", files=[(_png(), "KTP Budi.png")])
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.bayu, batch, version=None)
    clock.go(days=4000)
    assert purging.purge(portal, batch, "documents") is not None
    (file,) = messages.listed(portal, world.rahma, batch)[0].files
    assert (file.file_name, file.is_kept) == ("lampiran.png", False)
    with pytest.raises(Conflict, match="purged"):
        messages.open_file(portal, world.rahma, batch, file.id)
    with pytest.raises(Conflict, match="purged"):
        messages.write(portal, world.rahma, batch, "Lagi", files=[(_png(), "b.png")])
    messages.write(portal, world.rahma, batch, "Hanya kata")
