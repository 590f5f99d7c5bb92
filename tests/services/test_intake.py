"""Uploads: nothing acknowledged is lost, nothing is made twice, no row vanishes."""

import io
import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, Batch, File, Job, Revision
from hr_portal.services import intake, results
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge


def test_an_upload_becomes_a_draft_whose_file_is_kept_under_its_hash(world, portal):
    taken = world.upload()
    assert (taken.state, taken.file_state, taken.version, taken.revision) == (
        "draft",
        "received",
        1,
        1,
    )
    assert taken.number == "PKD-2026-00001"
    view = world.view(taken.batch_id)
    with portal.db.read() as session:
        file = session.scalars(sa.select(File)).one()
        company = session.get_one(Batch, taken.batch_id).company
        assert file.sha256 == view.revision.sha256
        assert portal.files.read(file.name, portal.key(company).file_key) == world.sheet()


def test_stored_bytes_hold_nothing_readable(world, portal, settings):
    world.upload()
    stored = b"".join(path.read_bytes() for path in (settings.data_dir / "files").glob("??/*"))
    assert stored
    assert b"KPJ" not in stored
    assert b"3171" not in stored


def test_a_checked_file_keeps_every_row_under_its_own_number(world, portal):
    lines = world.sheet(4).decode().split("\r\n")
    content = "\r\n".join([lines[0], lines[1], ";;;;;;;;", *lines[2:]]).encode()
    batch = world.draft(content)
    revision = world.view(batch).revision
    assert revision.state == "checked"
    assert (revision.total, revision.empty) == (5, 1)
    page = results.rows_page(portal, world.rahma, batch)
    assert [row.number for row in page.items] == [2, 4, 5, 6]
    assert page.total == revision.total - revision.empty


def test_the_same_key_gives_the_same_batch(world):
    first = world.upload(idempotency_key="k-1")
    again = world.upload(idempotency_key="k-1")
    assert again.batch_id == first.batch_id
    assert again.repeated
    assert not first.repeated


def test_two_uploads_at_once_with_one_key_make_one_batch(world, portal):
    barrier, taken = threading.Barrier(2), []

    def upload():
        barrier.wait()
        taken.append(world.upload(idempotency_key="double-click"))

    threads = [threading.Thread(target=upload) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len({one.batch_id for one in taken}) == 1
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_the_same_bytes_are_kept_once_a_company(world, portal):
    world.upload()
    world.upload()
    world.upload(actor=world.wulan)
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(File)) == 2
    assert len(list(portal.files.names())) == 2


def test_a_second_file_is_revision_two_and_the_first_stays(world, portal):
    damaged = world.sheet(3).replace(b"0812", b"021")
    batch = world.draft(damaged)
    first = world.view(batch).revision
    assert first.invalid == 3
    world.revise(batch, world.sheet(3))
    world.work()
    now = world.view(batch).revision
    assert (now.number, now.invalid) == (2, 0)
    assert now.compared == {"solved": 3, "new": 0}
    kept = world.view(batch, revision=1).revision
    assert (kept.file_name, kept.invalid) == ("koreksi.csv", 3)
    assert results.rows_page(portal, world.rahma, batch, revision=1, show="error").total == 3


def test_a_repeated_revision_with_one_key_is_one_revision(world):
    batch = world.draft()
    first = world.revise(batch, world.sheet(2), idempotency_key="r")
    again = world.revise(batch, world.sheet(2), idempotency_key="r")
    assert (first.revision, again.revision, again.repeated) == (2, 2, True)


def test_a_stale_version_is_refused_and_nothing_kept(world, portal):
    batch = world.draft()
    world.revise(batch, world.sheet(2), version=1)
    files = set(portal.files.names())
    with pytest.raises(Conflict, match="stale_version"):
        world.revise(batch, world.sheet(1), version=1)
    assert set(portal.files.names()) == files


def test_a_table_without_the_needed_columns_is_refused_with_its_code_and_deleted(world, portal):
    batch = world.draft(b"Tanggal;Jam\r\n2026-11-02;07.58\r\n")
    revision = world.view(batch).revision
    assert (revision.state, revision.error_code) == ("unreadable", "FILE-07")
    assert "koreksi.csv" in revision.error_message
    assert list(portal.files.names()) == []
    with portal.db.read() as session:
        assert (
            session.scalar(sa.select(Act.details).where(Act.action == "revision:refused"))["code"]
            == "FILE-07"
        )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("kosong.xlsx", b"", "FILE-02"),
        ("koreksi.pdf", b"%PDF-1.7", "FILE-01"),
        ("koreksi.xlsx", b"KPJ;NIK", "FILE-01"),
    ],
)
def test_what_can_be_seen_at_once_is_refused_at_once(world, portal, name, content, code):
    with pytest.raises(Invalid) as refusal:
        world.upload(content, name=name)
    assert refusal.value.code == code
    assert name in refusal.value.message
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 0
    assert list(portal.files.names()) == []


def test_a_file_over_the_limit_is_refused_naming_the_limit(world, portal, make_settings, settings):
    portal.settings = make_settings(
        database_url=settings.database_url, max_upload_bytes=1024 * 1024
    )
    with pytest.raises(TooLarge) as refusal:
        world.upload(b"KPJ;NIK\r\n" + b"x" * 1024 * 1024)
    assert refusal.value.code == "FILE-06"
    assert "1 MB" in refusal.value.message
    assert list(portal.files.names()) == []


def test_nobody_uploads_for_another_company(world):
    with pytest.raises(NotFound):
        world.upload(actor=world.wulan, company_id=world.people.companies[0])
    for actor in (world.bayu, world.admin):
        with pytest.raises(Forbidden):
            world.upload(actor=actor)


def test_another_companys_batch_answers_like_an_unknown_one(world, portal):
    batch = world.draft()
    for call in (
        lambda: world.view(batch, world.wulan),
        lambda: world.view("0" * 32, world.wulan),
        lambda: world.revise(batch, world.sheet(), world.wulan),
        lambda: intake.cancel_batch(portal, world.wulan, batch),
        lambda: results.rows_page(portal, world.wulan, batch),
        lambda: world.view(batch, world.bayu),  # a reviewer sees nothing before it is submitted
        lambda: world.view(batch, world.admin),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_cancelled_draft_takes_no_more(world, portal):
    batch = world.draft()
    intake.cancel_batch(portal, world.rahma, batch)
    assert world.view(batch).state == "cancelled"
    with pytest.raises(Conflict):
        world.revise(batch, world.sheet())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\x\\data.csv", "data.csv"),
        ("a\r\nSet-Cookie: x.csv", "a��Set-Cookie: x.csv"),
        ("\u202evsc.exe", "\ufffdvsc.exe"),
        ("", "tanpa-nama"),
        ("/", "tanpa-nama"),
    ],
)
def test_client_names_are_only_text(given, shown):
    assert intake.clean_file_name(given) == shown


def test_a_very_long_name_keeps_its_ending():
    name = intake.clean_file_name("n" * 300 + ".xlsx")
    assert len(name) <= intake.MAX_FILE_NAME
    assert name.endswith(".xlsx")


def test_numbers_of_batches_are_gap_free_under_concurrency(world, portal):
    def upload(i):
        intake.create_batch(portal, world.rahma, io.BytesIO(world.sheet(1, start=i)), "k.csv")

    threads = [threading.Thread(target=upload, args=(i,)) for i in range(200, 208)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with portal.db.read() as session:
        numbers = sorted(session.scalars(sa.select(Batch.number)))
    assert numbers == [f"PKD-2026-{i:05}" for i in range(1, 9)]


def test_bytes_refused_while_they_are_uploaded_again_never_leave_a_row_without_its_file(
    world, portal
):
    nonsense = b"Tanggal;Jam\r\n2026-11-02;07.58\r\n"
    for _ in range(6):
        world.upload(nonsense)
        barrier = threading.Barrier(2)

        def refuse(barrier=barrier):
            barrier.wait()
            world.work()

        def again(barrier=barrier):
            barrier.wait()
            world.upload(nonsense)

        threads = [threading.Thread(target=refuse), threading.Thread(target=again)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        with portal.db.read() as session:
            kept = set(session.scalars(sa.select(File.name)))
        assert kept <= set(portal.files.names())
    world.work()
    with portal.db.read() as session:
        states = set(session.scalars(sa.select(Revision.state)))
        assert states == {"unreadable"}
        assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 12
