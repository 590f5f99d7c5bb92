"""A ZIP comes in parts: what was acknowledged stays, nothing is kept twice, the rest is told."""

import errno
import hashlib
import io
import os
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.upload_models import ArchivePart, ArchiveUpload
from hr_portal.services import archive_uploads as uploads
from hr_portal.services import archives, documents, intake, reconciling
from hr_portal.services.errors import Conflict, Invalid, NotFound, TooLarge, is_no_room
from tests.adapters.documents.made import small_png

PART = uploads.PART_BYTES
CANARY = b"Kartu peserta SITI CONTOHAN 3171014508909013"


def large_zip(size=2 * PART + 1000):
    """A ZIP of three parts: one scan, and a film that is refused by its name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("film.mp4", CANARY + os.urandom(size))
        archive.writestr("KTP baris 2.png", small_png(1))
    return made.getvalue()


def pieces(content):
    return [content[at : at + PART] for at in range(0, len(content), PART)]


@pytest.fixture
def batch(world):
    return world.draft()


@pytest.fixture
def send(world):
    """Sends one part as somebody; its hash unless another is told."""

    def put(upload, number, content, sha256=None, actor=None):
        told = sha256 or hashlib.sha256(content).hexdigest()
        who = actor or world.rahma
        return uploads.put_part(world.portal, who, upload, number, io.BytesIO(content), told)

    return put


def begin(world, batch, content, actor=None, **more):
    who = actor or world.rahma
    return uploads.begin(world.portal, who, batch, "dokumen.zip", len(content), **more)


def refused(error, act, *args, **more):
    with pytest.raises(error) as told:
        act(*args, **more)
    return told.value.code


def stored_names(world):
    return set(world.portal.files.names())


def test_a_zip_in_parts_out_of_order_and_twice_becomes_one_archive(world, batch, send):
    before = stored_names(world)
    content = large_zip()
    one, two, three = pieces(content)
    begun = begin(world, batch, content, sha256=hashlib.sha256(content).hexdigest())
    assert (begun.parts, begun.missing) == (3, (1, 2, 3))
    send(begun.id, 3, three)
    assert send(begun.id, 1, one).missing == (2,)
    assert send(begun.id, 1, one).missing == (2,)
    again = begin(world, batch, content, sha256=hashlib.sha256(content).hexdigest())
    assert (again.id, again.missing) == (begun.id, (2,))
    assert refused(Conflict, uploads.complete, world.portal, world.rahma, begun.id) == (
        "parts_missing"
    )
    on_disk = b"".join(
        path.read_bytes() for path in world.portal.settings.files_dir.glob("??/*") if path.is_file()
    )
    assert CANARY not in on_disk
    assert send(begun.id, 2, two).missing == ()
    assert reconciling.reconcile(world.portal) == []
    taken = uploads.complete(world.portal, world.rahma, begun.id)
    assert (taken.file_name, taken.files) == ("dokumen.zip", 2)
    assert uploads.complete(world.portal, world.rahma, begun.id).id == taken.id
    assert refused(Conflict, send, begun.id, 2, two) == "upload_done"
    assert uploads.open_of(world.portal, world.rahma, batch) == []
    assert uploads.upload_view(world.portal, world.rahma, begun.id).archive_id == taken.id
    uploads.cancel(world.portal, world.rahma, begun.id)
    world.work()
    (done,) = archives.archives_of(world.portal, world.rahma, batch)
    assert (done.state, done.placed, [one.path for one in done.refused]) == (
        "done", 1, ["film.mp4"],
    )  # fmt: skip
    with world.portal.db.read() as session:
        kept = set(session.scalars(sa.select(documents.Document.file_id)))
    assert len(kept) == 1
    assert len(stored_names(world) - before) <= 3  # the scan, and the picture of its page


def test_a_part_that_is_not_what_was_told_is_refused_alone(world, batch, send):
    content = large_zip()
    one, two, three = pieces(content)
    begun = begin(world, batch, content)
    send(begun.id, 1, one)
    before = stored_names(world)
    assert refused(Invalid, send, begun.id, 2, two, hashlib.sha256(one).hexdigest()) == (
        "part_damaged"
    )
    assert refused(Invalid, send, begun.id, 2, two[:-1]) == "part_size"
    assert refused(Invalid, send, begun.id, 3, two) == "part_size"
    assert refused(Invalid, send, begun.id, 0, one) == "part_unknown"
    assert refused(Invalid, send, begun.id, 4, three) == "part_unknown"
    assert refused(Conflict, send, begun.id, 1, two) == "part_differs"
    assert stored_names(world) == before
    assert uploads.upload_view(world.portal, world.rahma, begun.id).missing == (2, 3)


def test_a_full_disk_keeps_the_parts_that_were_acknowledged(world, batch, send, monkeypatch):
    content = large_zip()
    begun = begin(world, batch, content)
    one, *rest = pieces(content)
    send(begun.id, 1, one)
    really = os.fsync

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as error:
        send(begun.id, 2, rest[0])
    assert is_no_room(error.value)
    monkeypatch.setattr(os, "fsync", really)
    for number, piece in enumerate(rest, 2):
        send(begun.id, number, piece)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        uploads.complete(world.portal, world.rahma, begun.id)
    monkeypatch.setattr(os, "fsync", really)
    assert uploads.upload_view(world.portal, world.rahma, begun.id).missing == ()
    assert uploads.complete(world.portal, world.rahma, begun.id).state == "waiting"


def test_a_zip_that_is_none_ends_its_upload_and_its_bytes(world, batch, send):
    before = stored_names(world)
    no_zip = b"PK bukan zip" * 100
    begun = begin(world, batch, no_zip)
    send(begun.id, 1, no_zip)
    with pytest.raises(Invalid) as error:
        uploads.complete(world.portal, world.rahma, begun.id)
    assert error.value.code == "ZIP-01"
    assert refused(Conflict, send, begun.id, 1, no_zip) == "upload_ended"
    other = large_zip(100)
    wrong = begin(world, batch, other, sha256="0" * 64)
    send(wrong.id, 1, other)
    assert refused(Invalid, uploads.complete, world.portal, world.rahma, wrong.id) == (
        "whole_damaged"
    )
    assert archives.archives_of(world.portal, world.rahma, batch) == []
    assert stored_names(world) == before


def test_another_persons_upload_is_none_and_the_door_names_its_limits(
    world, batch, send, make_settings, database_url
):
    content = large_zip(100)
    begun = begin(world, batch, content)
    for stranger in (world.surya, world.wulan):
        assert refused(NotFound, send, begun.id, 1, content, actor=stranger) == "not_found"
        for act in (uploads.complete, uploads.cancel, uploads.upload_view):
            assert refused(NotFound, act, world.portal, stranger, begun.id) == "not_found"
    assert uploads.open_of(world.portal, world.surya, batch) == []
    for number in range(1, uploads.MOST_OPEN):
        begin(world, batch, content + b"x" * number)
    assert refused(Conflict, begin, world, batch, content * 2) == "uploads_open"
    begin(world, batch, content * 2, actor=world.surya)
    assert refused(Invalid, begin, world, batch, b"") == "ZIP-01"
    world.portal.settings = make_settings(database_url=database_url, max_archive_bytes=300)
    assert refused(TooLarge, begin, world, batch, content) == "ZIP-03"


def test_an_upload_nobody_goes_on_with_is_swept_and_one_in_use_is_not(world, batch, send, clock):
    content = large_zip()
    before = stored_names(world)
    begun = begin(world, batch, content)
    send(begun.id, 1, pieces(content)[0])
    clock.go(hours=47)
    send(begun.id, 2, pieces(content)[1])
    clock.go(hours=47)
    worker.sweep(world.portal)
    assert uploads.upload_view(world.portal, world.rahma, begun.id).missing == (3,)
    clock.go(hours=2)
    worker.sweep(world.portal)
    assert refused(NotFound, uploads.upload_view, world.portal, world.rahma, begun.id)
    assert stored_names(world) == before
    with world.portal.db.read() as session:
        for model in (ArchiveUpload, ArchivePart):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_four_tabs_that_send_the_same_zip_at_once_make_one_archive(world, batch, send):
    content = large_zip(1000)
    ready = threading.Barrier(4)

    def tab(_number):
        ready.wait()
        begun = begin(world, batch, content)
        try:
            send(begun.id, 1, content)
            return uploads.complete(world.portal, world.rahma, begun.id).id
        except Conflict as over:
            return over.code

    with ThreadPoolExecutor(4) as tabs:
        ends = set(tabs.map(tab, range(4)))
    (taken,) = archives.archives_of(world.portal, world.rahma, batch)
    assert ends - {"upload_done"} == {taken.id}
    worker.sweep(world.portal)
    with world.portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ArchivePart)) == 0
    assert len(stored_names(world)) == 2  # the sheet and the ZIP


def test_a_zip_given_up_in_another_tab_while_it_is_taken_in_is_said(
    world, batch, send, monkeypatch
):
    content = large_zip()
    begun = begin(world, batch, content)
    for number, piece in enumerate(pieces(content), 1):
        send(begun.id, number, piece)
    read = world.portal.files.read

    def given_up_first(name, key):
        uploads.cancel(world.portal, world.rahma, begun.id)
        return read(name, key)

    monkeypatch.setattr(world.portal.files, "read", given_up_first)
    code = refused(Conflict, uploads.complete, world.portal, world.rahma, begun.id)
    assert code == "upload_ended"


def test_what_is_no_draft_any_more_takes_no_part(world, batch, send):
    content = large_zip(100)
    begun = begin(world, batch, content)
    intake.cancel_batch(world.portal, world.rahma, batch)
    for act in (
        lambda: send(begun.id, 1, content),
        lambda: uploads.complete(world.portal, world.rahma, begun.id),
        lambda: begin(world, batch, content),
    ):
        with pytest.raises(Conflict):
            act()
