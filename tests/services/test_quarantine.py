"""The virus scanner is asked first; while it is silent a document waits, and is none until then."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act
from hr_portal.adapters.scanner import Scanner
from hr_portal.services import (
    archives,
    batch_views,
    documents,
    filing,
    intake,
    scanning,
    submission,
)
from hr_portal.services.errors import Invalid
from tests.adapters.documents.made import small_png
from tests.clamd import EICAR, SIGNATURE, clamd

NOBODY = "127.0.0.1:1"


def nik(number):
    return demo._person(100 + number)["nik"]


def file(world, batch, content, path):
    return filing.file_document(world.portal, world.rahma, batch, io.BytesIO(content), path)


def held(world, batch):
    return scanning.held_of(world.portal, world.rahma, batch)


def listed(world, batch):
    found = documents.list_documents(world.portal, world.rahma, batch)
    return {one.file_name: (one.rows, one.kind) for one in found}


def acts(world, action):
    with world.portal.db.read() as session:
        return session.scalars(sa.select(Act).where(Act.action == action)).all()


def later(world):
    world.clock.go(hours=1)
    world.work()


def test_what_waits_for_the_scanner_is_no_document_until_it_is_clean(world):
    batch = world.draft()
    portal = world.portal
    before = set(portal.files.names())
    portal.scanner = Scanner(NOBODY)
    sent = file(world, batch, small_png(1), f"KTP {nik(1)}.png")
    chosen = documents.add_document(
        portal, world.rahma, batch, io.BytesIO(small_png(2)), "kk.png", kind="kk", row=3
    )
    whole = documents.add_document(
        portal, world.rahma, batch, io.BytesIO(small_png(3)), "surat.png", kind="lain"
    )
    assert (sent.is_waiting, sent.is_placed, chosen.is_waiting, whole.is_waiting) == (
        True, False, True, True,
    )  # fmt: skip
    assert listed(world, batch) == {}
    assert [(one.path, one.cause, one.is_waiting) for one in held(world, batch)] == [
        (f"KTP {nik(1)}.png", "down", True), ("kk.png", "down", True), ("surat.png", "down", True),
    ]  # fmt: skip
    waiting = [one for one in submission.lacks(portal, world.rahma, batch)
               if one.code == "documents_unscanned"]  # fmt: skip
    assert [one.count for one in waiting] == [3]
    originals = set(portal.files.names()) - before
    assert len(originals) == 3
    for _ in range(5):  # never given up, however often nobody answers
        later(world)
    assert len(held(world, batch)) == 3
    with clamd() as server:
        portal.scanner = Scanner(server.address)
        later(world)
        assert server.scanned == [small_png(1), small_png(2), small_png(3)]
    assert held(world, batch) == []
    assert listed(world, batch) == {
        f"KTP {nik(1)}.png": ((2,), "ktp"), "kk.png": ((3,), "kk"), "surat.png": ((), "lain"),
    }  # fmt: skip
    assert not originals & set(portal.files.names())


def test_an_infected_document_is_refused_by_name_and_nothing_of_it_stays(world):
    batch = world.draft()
    before = set(world.portal.files.names())
    bad = small_png(1) + EICAR
    with clamd() as server:
        world.portal.scanner = Scanner(server.address)
        for send in (
            lambda: file(world, batch, bad, "KTP baris 2.png"),
            lambda: documents.add_document(
                world.portal, world.rahma, batch, io.BytesIO(bad), "KTP baris 2.png", row=2
            ),
        ):
            with pytest.raises(Invalid, match="DOC-10") as told:
                send()
            assert SIGNATURE in told.value.message
            assert "KTP baris 2.png" in told.value.message
        with pytest.raises(Invalid, match="DOC-01"):  # no document at all: nobody is asked
            file(world, batch, EICAR, "KTP baris 2.png")
        assert server.scanned == [bad, bad]
        world.portal.scanner = Scanner(NOBODY)
        file(world, batch, bad, "KTP baris 3.png")
        world.portal.scanner = Scanner(server.address)
        later(world)
    (refused,) = held(world, batch)
    assert (refused.code, refused.is_waiting) == ("DOC-10", False)
    assert SIGNATURE in refused.message_en
    assert set(world.portal.files.names()) == before
    assert listed(world, batch) == {}
    assert [one.details["signature"] for one in acts(world, "document:infected")] == [SIGNATURE] * 3
    scanning.take_off(world.portal, world.rahma, refused.id)
    assert held(world, batch) == []


def test_a_zip_waits_where_nobody_answers_and_goes_on_where_it_stood(world):
    batch = world.draft()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"KTP {nik(1)}.png", small_png(1))
        archive.writestr(f"KK {nik(2)}.png", small_png(2) + EICAR)
        archive.writestr(f"KTP {nik(2)}.png", small_png(3) + bytes(9_000))
        archive.writestr(f"KTP {nik(3)}.png", small_png(4))
    world.portal.scanner = Scanner(NOBODY)
    taken = archives.take_archive(world.portal, world.rahma, batch, packed, "dokumen.zip")
    for _ in range(5):
        later(world)
    paused = archives.archive_view(world.portal, world.rahma, taken.id)
    assert (paused.state, paused.is_paused, paused.done) == ("waiting", True, 0)
    codes = [one.code for one in submission.lacks(world.portal, world.rahma, batch)]
    assert "archives_unpacking" in codes
    with clamd(limit=5_000) as server:  # one of them is larger than this scanner takes
        world.portal.scanner = Scanner(server.address)
        later(world)
        done = archives.archive_view(world.portal, world.rahma, taken.id)
        assert (done.state, done.is_paused, done.done, done.kept) == ("done", False, 4, 2)
        assert [(one.path, one.code) for one in done.refused] == [(f"KK {nik(2)}.png", "DOC-10")]
        assert [(one.path, one.is_waiting) for one in held(world, batch)] == [
            (f"KTP {nik(2)}.png", True)
        ]
        server.limit = 20_000
        later(world)
    assert {rows for rows, _kind in listed(world, batch).values()} == {(2,), (3,), (4,)}


def test_a_waiting_document_outlives_a_new_revision_and_goes_with_a_cancelled_batch(world):
    batch = world.draft()
    portal = world.portal
    other = world.draft(world.sheet(start=200))
    before = set(portal.files.names())
    portal.scanner = Scanner(NOBODY)
    documents.add_document(
        portal, world.rahma, batch, io.BytesIO(small_png(1)), "kk.png", kind="kk", row=4
    )
    file(world, other, small_png(2), "KTP baris 2.png")
    portal.scanner = None
    world.revise(batch, world.sheet(count=2))  # row 4 is gone
    intake.cancel_batch(portal, world.rahma, other)
    portal.scanner = Scanner(NOBODY)
    later(world)
    assert len(held(world, batch)) == 1  # its rows wait for the scanner, too
    with clamd() as server:
        portal.scanner = Scanner(server.address)
        later(world)
        later(world)
    (one,) = documents.list_documents(portal, world.rahma, batch)
    assert (one.in_tray, one.kind) == (True, "kk")
    assert held(world, other) == []
    assert [one.subject_id for one in acts(world, "document:hold_ended")] != []
    with portal.db.read() as session:
        kept = set(session.scalars(sa.text("SELECT name FROM files")))
    assert set(portal.files.names()) - before <= kept


def test_a_sheet_is_read_only_once_it_is_clean(world):
    portal = world.portal
    portal.scanner = Scanner(NOBODY)
    batch = world.upload().batch_id
    for _ in range(5):
        later(world)
    view = batch_views.batch_view(portal, world.rahma, batch)
    assert view.revision.state == "received"
    assert scanning.is_reading_paused(portal, view.revision.id)
    with clamd() as server:
        portal.scanner = Scanner(server.address)
        later(world)
        assert server.scanned == [world.sheet()]
        assert batch_views.batch_view(portal, world.rahma, batch).revision.state == "checked"
        bad = world.upload(world.sheet(start=200) + EICAR + b"\r\n").batch_id
        later(world)
    refused = batch_views.batch_view(portal, world.rahma, bad).revision
    assert (refused.state, refused.error_code) == ("unreadable", "FILE-11")


def test_bytes_that_are_refused_after_waiting_or_taken_off_are_deleted(world):
    batch = world.draft()
    before = set(world.portal.files.names())
    world.portal.scanner = Scanner(NOBODY)
    file(world, batch, b"\x89PNG\r\n\x1a\n rusak", "KTP baris 2.png")
    gone = file(world, batch, small_png(2), "KTP baris 3.png")
    scanning.take_off(world.portal, world.rahma, gone.document_id)
    with clamd() as server:
        world.portal.scanner = Scanner(server.address)
        later(world)
    (refused,) = held(world, batch)
    assert refused.code == "DOC-03"
    assert set(world.portal.files.names()) == before
