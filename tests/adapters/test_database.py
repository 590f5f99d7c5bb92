"""The engines: no lost update, foreign keys, aware times, migrations as the models say."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from alembic import command

from hr_portal.adapters.database import migrate
from hr_portal.adapters.database.engine import Database, bulk_insert, once
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.adapters.database.models import (
    Batch,
    Counter,
    Job,
    Membership,
    Row,
    SignIn,
)


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


def test_concurrent_increments_are_all_there(database):
    with database.write() as session:
        session.add(Counter(scope="t", series="s", period="p", value=0))

    def raise_it():
        for _ in range(25):
            with database.write() as session:
                counter = session.scalars(sa.select(Counter).with_for_update()).one()
                counter.value += 1

    threads = [threading.Thread(target=raise_it) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with database.read() as session:
        assert session.scalar(sa.select(Counter.value)) == 100


def test_a_unit_that_fails_leaves_nothing(database):
    def fail():
        with database.write() as session:
            session.add(Counter(scope="t", series="s", period="p", value=0))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0


def test_a_reading_unit_keeps_nothing(database):
    def write():
        with database.read() as session:
            session.add(Counter(scope="t", series="s", period="p", value=0))
            session.flush()

    with database.read() as session:
        session.add(Counter(scope="t", series="s", period="p", value=0))
    if database.is_sqlite:
        write()
    else:
        with pytest.raises(sa.exc.InternalError, match="read-only transaction"):
            write()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0


def test_what_postgresql_has_prepared_outlives_the_unit_that_read(postgresql_url):
    database = Database(postgresql_url)
    asked = sa.select(sa.func.count()).select_from(Counter)
    for doors in ([database.read] * 4, [database.together] * 2):
        for door in doors:
            with door(), database.read() as session:
                session.scalar(asked)
    with database.read() as session:
        prepared = session.scalar(
            sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%counters%'")
        )
    database.close()
    assert prepared == 1


def test_foreign_keys_hold(database):
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.add(Membership(user_id="nobody", role="admin"))


def test_times_come_back_aware_and_in_utc(database):
    jakarta = dt.timezone(dt.timedelta(hours=7))
    at = dt.datetime(2026, 11, 21, 10, 0, tzinfo=jakarta)
    with database.write() as session:
        session.add(Job(kind="k", subject="1", run_after=at, created_at=at))
    with database.read() as session:
        back = session.scalars(sa.select(Job)).one().run_after
    assert back == at
    assert back.tzinfo == dt.UTC


def test_a_naive_time_is_refused(database):
    naive = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the point of it
    with pytest.raises(sa.exc.StatementError, match="naive"), database.write() as session:
        session.add(
            Job(
                kind="k",
                subject="1",
                run_after=naive,
                created_at=naive,
            )
        )


def test_a_sealed_column_takes_no_plain_text(database):
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    with pytest.raises(sa.exc.StatementError, match="vault"), database.write() as session:
        session.add(SignIn(id_hash="h", content="plain", created_at=now, seen_at=now))


def test_many_rows_go_in_at_once_or_not_at_all(database):
    columns = ("revision_id", "number", "block", "name", "severity", "kpj_index", "nik_index")
    rows = [(1, n, 0, "a\tb\\N", 0, b"k" * 16, b"\x00\xff" * 8) for n in range(10)]

    def insert():
        with database.write() as session:
            bulk_insert(session, Row.__table__, columns, rows)  # there is no revision 1

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        insert()
    bulk_of_none = []
    with database.write() as session:
        bulk_insert(session, Row.__table__, columns, bulk_of_none)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Row)) == 0


@pytest.mark.parametrize("count", [1, 257, 4_400, 8_857])
def test_each_of_many_rows_is_there_as_given(database, count):
    rows = [(f"s{n}", "a\tb\\N", "p", n) for n in range(count)]
    with database.write() as session:
        bulk_insert(session, Counter.__table__, ("scope", "series", "period", "value"), rows)
    with database.read() as session:
        found = session.execute(
            sa.select(Counter.scope, Counter.series, Counter.period, Counter.value).order_by(
                Counter.value
            )
        )
        assert [tuple(row) for row in found] == rows


def test_the_migrations_make_what_the_models_say(blank_database_url):
    migrate.upgrade_url(blank_database_url)
    database = Database(blank_database_url)
    try:
        with database.writer.begin() as connection:
            assert migrate.is_current(connection)
            command.check(migrate._config(connection))
        migrate.upgrade_url(blank_database_url)  # again does nothing
    finally:
        database.close()


def as_it_was_at_first(connection, table, /, **values):
    """Put a row into a table as the first schema had it."""
    first = {
        "branches": {"city": "", "address": "", "timezone": "Asia/Jakarta", "is_active": True},
        "companies": {
            "name": "PT", "npp": "9", "division": "000", "address": "", "city": "", "phone": "",
            "email": "", "letter_code": "H", "short_name": "", "number_pattern": "", "paper": "a4",
            "signatories": "[]", "contact": "{}", "copies_to": "[]", "data_key": b"k",
            "is_active": True,
        },
        "users": {"email": "a@b", "name": "A", "password_hash": "x", "is_active": True},
        "batches": {"version": 1, "revision_number": 1},
        "revisions": {
            "number": 1, "state": "checked", "file_name": "a.xlsx", "file_size": 1, "sha256": "",
            "layout_asked": "auto", "rows_total": 1, "rows_valid": 1, "rows_warning": 0,
            "rows_invalid": 0, "rows_empty": 0, "rows_refused": 0, "progress_done": 1,
            "progress_total": 1, "summary": "[]", "tidied": "{}", "fields": "{}",
        },
        "row_blocks": {},
    }  # fmt: skip
    given = {**first[table], **values}
    marks = ", ".join(f":{column}" for column in given)
    connection.execute(sa.text(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks})"), given)


NOW, WHO = "2026-11-21 03:00:00+00:00", "a" * 32


def people_at_first(database):
    with database.writer.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        as_it_was_at_first(connection, "branches", id=WHO, name="Raya")
        as_it_was_at_first(connection, "companies", id=WHO)
        as_it_was_at_first(connection, "users", id=WHO, created_at=NOW)


def batch_at_first(database, number, state):
    with database.writer.begin() as connection:
        batch = f"{number}" * 32
        as_it_was_at_first(
            connection, "batches", id=batch, number=f"{number}", company_id=WHO, branch_id=WHO,
            state=state, created_by=WHO, created_at=NOW, last_edited_by=WHO, last_edited_at=NOW,
        )  # fmt: skip
        as_it_was_at_first(
            connection, "revisions", id=number, batch_id=batch, uploaded_by=WHO, uploaded_at=NOW
        )


def test_what_was_submitted_before_is_remembered_by_a_job_and_found_by_its_words(
    blank_database_url,
):
    database = Database(blank_database_url)
    try:
        people_at_first(database)
        for number, state in enumerate(["draft", "approved", "submitted"], start=1):
            batch_at_first(database, number, state)
        migrate.upgrade_url(blank_database_url)
        with database.read() as session:
            jobs = session.execute(sa.select(Job.kind, Job.subject).order_by(Job.subject)).all()
            assert jobs == [("remember", "2"), ("remember", "3")]
            assert session.scalars(sa.select(Job)).first().run_after <= dt.datetime.now(dt.UTC)
            kept = (
                Batch.searched,
                Batch.searched_all,
                Batch.corrected,
                Batch.is_warned,
                Batch.size,
            )
            found = session.execute(sa.select(*kept).order_by(Batch.number)).all()
            assert found == [
                (None,) * 5,
                ("pt\n2", None, "|", False, 1),
                ("pt\n3", None, "|", False, 1),
            ]
    finally:
        database.close()


@pytest.mark.parametrize("before", ["0067", "0092"])
def test_texts_that_were_packed_otherwise_are_dropped_and_written_anew_by_a_job(
    blank_database_url, before
):
    database = Database(blank_database_url)
    try:
        people_at_first(database)
        batch_at_first(database, 2, "draft")
        with database.writer.begin() as connection:
            command.upgrade(migrate._config(connection), before)
            for table, columns, values in (
                ("row_texts", "revision_id, part, edited, content", (2, 0, 0, b"old")),
                ("jobs", "kind, subject, state, attempts, run_after, version, created_at",
                 ("texts", "2", "done", 1, NOW, 3, NOW)),
                ("jobs", "kind, subject, state, attempts, run_after, version, created_at",
                 ("texts", "9", "done", 1, NOW, 3, NOW)),
            ):  # fmt: skip
                marks = dict(zip(columns.split(", "), values, strict=True))
                places = ", ".join(f":{one}" for one in marks)
                connection.execute(
                    sa.text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), marks
                )
        migrate.upgrade_url(blank_database_url)
        with database.read() as session:
            assert session.scalars(sa.select(RowText)).all() == []
            asked = sa.select(Job.subject, Job.state, Job.version).where(Job.kind == "texts")
            assert sorted(session.execute(asked)) == [("2", "queued", 4), ("9", "done", 3)]
    finally:
        database.close()


def test_what_a_database_held_before_questions_stays_and_its_files_may_ask(blank_database_url):
    """On SQLite the CHECK is changed in place, because rows refer to the table."""
    database = Database(blank_database_url)
    try:
        people_at_first(database)
        batch_at_first(database, 7, "draft")
        with database.writer.begin() as connection:
            as_it_was_at_first(connection, "row_blocks", revision_id=7, block=0, content=b"x")
        migrate.upgrade_url(blank_database_url)
        with database.writer.begin() as connection:
            held = "SELECT state FROM revisions JOIN row_blocks ON revision_id = revisions.id"
            assert connection.execute(sa.text(held)).scalar_one() == "checked"
            connection.execute(sa.text("UPDATE revisions SET state = 'asking'"))
            if database.is_sqlite:
                assert connection.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        with pytest.raises(sa.exc.IntegrityError), database.writer.begin() as connection:
            connection.execute(sa.text("UPDATE revisions SET state = 'bertanya'"))
    finally:
        database.close()


def test_an_empty_database_is_not_current(blank_database_url):
    database = Database(blank_database_url)
    try:
        with database.writer.begin() as connection:
            assert not migrate.is_current(connection)
    finally:
        database.close()


def test_two_processes_that_start_together_migrate_in_turn(blank_database_url):
    barrier, failures = threading.Barrier(2), []

    def upgrade():
        barrier.wait()
        try:
            migrate.upgrade_url(blank_database_url)
        except sa.exc.SQLAlchemyError as error:
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_what_is_read_together_is_one_moment_until_something_is_written(database):
    asked = []

    def how_many():
        with database.read() as session:
            once(session, "asked", lambda: asked.append(1))
            return session.scalar(sa.select(sa.func.count()).select_from(Counter)), session

    def add(series):
        with database.write() as session:
            session.add(Counter(scope="t", series=series, period="p", value=0))

    with database.together():
        (none, first), (_, second) = how_many(), how_many()
        assert none == 0
        assert first is second
        assert len(asked) == 1
        add("a")
        one, later = how_many()
        assert one == 1
        assert later is not first
    add("b")
    assert how_many()[0] == 2
    assert how_many()[1] is not how_many()[1]


def test_a_glance_asks_without_a_transaction_and_a_writer_after_it_has_one(database):
    with database.glance() as session:
        assert session.scalar(sa.select(sa.literal(1))) == 1
        with database.read() as same:
            assert same is session
        driver = session.connection().connection.dbapi_connection
        begun = driver.in_transaction if database.is_sqlite else driver.info.transaction_status
        assert bool(begun) == database.is_sqlite

    def fail():
        with database.write() as session:
            session.add(Counter(scope="t", series="s", period="p", value=0))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0
