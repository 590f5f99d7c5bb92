"""What has run out does not pile up, and what was typed does not come back as a pattern."""

import os
import threading
import uuid

import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Batch, Branch, Company, SignIn, Throttle, User
from hr_portal.services import results, sessions


def test_sessions_of_strangers_and_half_written_files_are_swept(world, portal, clock, app):
    app.test_client().get("/masuk")  # its form token begins a session
    with portal.db.write() as session:
        session.add(Throttle(key="0" * 64, tries=5, window_from=clock()))
    world.upload()
    folder = next(portal.settings.files_dir.glob("??"))
    old, young = folder / ("a" * 32 + ".part"), folder / ("b" * 32 + ".part")
    for part in (old, young):
        part.write_bytes(b"begun")
    os.utime(old, (0, 0))
    worker.sweep(portal)
    assert _left(portal) == (1, 1)
    assert (old.exists(), young.exists()) == (False, True)
    clock.go(hours=13)
    worker.sweep(portal)
    assert _left(portal) == (0, 0)


def test_a_worker_sweeps_by_itself(portal):
    portal.clock.go(days=-300)
    sessions.open_session(portal, {"a": 1}, user_id=None)
    stop, nap = threading.Event(), threading.Event()
    running = threading.Thread(target=worker.run, args=(portal.settings, stop))
    running.start()
    try:
        for _ in range(3000):
            if _left(portal)[0] == 0:
                break
            nap.wait(0.01)
    finally:
        stop.set()
        running.join(30)
    assert _left(portal)[0] == 0


def _left(portal):
    with portal.db.read() as session:
        return tuple(
            session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (SignIn, Throttle)
        )


def test_a_search_is_text_and_no_pattern(world, portal):
    batch = world.draft()
    for text in ("%", "_", "\\", "%%", "' OR 1=1 --", "\\%"):
        assert results.rows_page(portal, world.rahma, batch, text=text).total == 0, text
    one = results.rows_page(portal, world.rahma, batch).items[0].name
    assert results.rows_page(portal, world.rahma, batch, text=one.lower()[:4]).total >= 1


def test_pages_of_results_hold_no_whole_identifier(world, browser_of):
    batch = world.draft(
        world.sheet(2).replace(b"\r\n", b"\r\n09990000017;317101450890901;SITI CONTOHAN;05-08-1990;"
                               b"3171011203159001;NIK;3171014508909013;3171014508909099;KTP\r\n", 1)
    )  # fmt: skip
    client = browser_of(world.rahma)
    assert "SITI CONTOHAN" in client.client.get(f"/pengajuan/{batch}/hasil?tampil=all").text
    for path in ("hasil", "hasil?tampil=all", "baris/2", "tinjau", "lacak"):
        text = client.client.get(f"/pengajuan/{batch}/{path}", follow_redirects=True).text
        for whole in ("3171014508909013", "3171014508909099", "3171011203159001"):
            assert whole not in text, (path, whole)


def test_two_things_made_one_after_another_have_nothing_alike_in_their_addresses(world, portal):
    for start in (1, 50):
        world.draft(world.sheet(1, start=start))
    with portal.db.read() as session:
        found = [
            uuid.UUID(one)
            for model in (Batch, Branch, Company, User)
            for one in session.scalars(sa.select(model.id))
        ]
    assert len(found) > 8
    assert {one.version for one in found} == {4}, "122 random bits each"
    for digits in (slice(0, 8), slice(-8, None)):
        assert len({one.hex[digits] for one in found}) == len(found)
