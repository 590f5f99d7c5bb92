"""Notices go out after the change they tell of, at most once, and say nothing personal."""

import email
import email.policy
import socket
import threading

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from hr_portal import demo, worker
from hr_portal.adapters.database.models import Job, Membership, OutboxEntry
from hr_portal.services import (
    letters,
    notices,
    own_account,
    reopening,
    results,
    review,
    submission,
)
from hr_portal.services.errors import Conflict
from tests.services.test_review import race


class Server:
    """What a mail server was given; it answers as the test says."""

    def __init__(self):
        self.letters, self.answer, self.lock = [], "250 OK", threading.Lock()
        self.meanwhile = lambda: None

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        self.meanwhile()
        if self.answer == "cut before the message":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        with self.lock:
            if self.answer == "cut after the message":
                server.transport.abort()
            if self.answer.startswith("250"):
                self.letters.append(
                    email.message_from_bytes(envelope.content, policy=email.policy.default)
                )
        return self.answer


@pytest.fixture
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port, handler.stop = port, controller.stop
    yield handler
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def settings(make_settings, sqlite_url, server):
    return make_settings(
        database_url=sqlite_url,
        mail_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Portal Koreksi <portal@portal.example>",
    )


def subjects(server, to):
    return [one["Subject"] for one in server.letters if one["To"] == to]


def outbox(portal):
    with portal.db.read() as session:
        return session.scalars(sa.select(OutboxEntry).order_by(OutboxEntry.id)).all()


def test_hrd_is_told_when_a_batch_is_taken_and_decided(world, server):
    batch = world.decided(world.sheet(2))
    assert server.letters == [], "nothing goes out before the worker's turn"
    world.work()
    number = world.view(batch).number
    assert subjects(server, world.rahma.email) == [
        f"Pengajuan {number} mulai diperiksa",
        f"Pengajuan {number} sudah diputuskan",
    ]
    world.work()
    assert len(server.letters) == 2, "never twice"
    assert {one["From"] for one in server.letters} == {"Portal Koreksi <portal@portal.example>"}
    assert len({one["Message-ID"] for one in server.letters}) == 2


def test_a_notice_holds_no_personal_data(world, server, portal):
    batch = world.submitted(world.sheet(1))
    review.take(portal, world.bayu, batch)
    review.return_all(portal, world.bayu, batch, version=None, reason="KTP SITI 3171 buram")
    world.work()
    (_taken, returned) = server.letters
    text = returned.get_content()
    assert f"/pengajuan/{batch}/lacak" in text
    assert "dikembalikan" in text
    (row,) = [one.employee for one in _rows(world, batch)]
    for private in (*row.values(), "SITI", "buram", world.rahma.name, "Bayu", "PT Contoh"):
        assert private not in returned.as_string(), private


def _rows(world, batch):
    return results.rows_page(world.portal, world.rahma, batch).items


def test_other_reviewers_are_told_that_a_second_is_wanted(world, server, portal):
    batch = world.submitted(world.sheet(1, line=demo._account_line))
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.pass_on(portal, world.bayu, batch, version=None)
    world.work()
    assert len(subjects(server, world.lestari.email)) == 1
    assert subjects(server, world.bayu.email) == []


def test_hrd_is_told_once_that_the_review_of_what_was_handed_in_has_begun(world, portal):
    batch = world.submitted(world.sheet(1, line=demo._account_line))
    review.take(portal, world.bayu, batch)
    review.release(portal, world.bayu, batch)
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.pass_on(portal, world.bayu, batch, version=None)
    review.take(portal, world.lestari, batch)
    assert [one.kind for one in outbox(portal)] == ["taken", "second_wanted"]
    review.give_verdicts(portal, world.lestari, batch, version=None, rows=[2], verdict="approve")
    review.decide(portal, world.lestari, batch, version=None)
    reopening.set_aside(portal, world.admin, batch, version=None, reason="Kartu orang lain")
    review.take(portal, world.bayu, batch)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    told = [one.kind for one in outbox(portal) if one.user_id == world.rahma.user_id]
    assert told == ["taken", "decided", "set_aside", "taken", "taken"]


def test_a_change_that_is_refused_tells_nobody(world, server, portal):
    batch = world.submitted(world.sheet(1))
    review.take(portal, world.bayu, batch)
    with pytest.raises(Conflict):
        review.take(portal, world.lestari, batch)
    assert [one.kind for one in outbox(portal)] == ["taken"]


def test_a_server_that_is_away_is_tried_again_later(world, server, portal, clock):
    batch = world.submitted(world.sheet(1))
    review.take(portal, world.bayu, batch)
    server.stop()
    world.work()
    (entry,) = outbox(portal)
    assert (entry.sent_at, entry.started_at, entry.error) == (None, None, "ConnectionRefusedError")
    again = Controller(server, hostname="127.0.0.1", port=server.port)
    again.start()
    try:
        world.work()
        assert server.letters == [], "not at once"
        clock.go(minutes=1)
        world.work()
    finally:
        again.stop()
    assert len(server.letters) == 1
    assert outbox(portal)[0].sent_at


@pytest.mark.parametrize(("answer", "state"), [("451 later", "queued"), ("550 never", "failed")])
def test_what_a_server_refuses_is_tried_again_unless_it_is_final(
    world, server, portal, answer, state
):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    server.answer = answer
    world.work()
    with portal.db.read() as session:
        job = session.scalars(sa.select(Job).where(Job.kind == "mail")).one()
    assert (job.state, job.error) == (state, "SMTPDataError")


@pytest.mark.parametrize(
    ("answer", "sent"), [("cut before the message", 1), ("cut after the message", 0)]
)
def test_a_lost_connection_is_tried_again_only_where_nothing_was_handed_over(
    world, server, portal, clock, answer, sent
):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    server.answer = answer
    world.work()
    server.answer = "250 OK"
    clock.go(minutes=1)
    world.work()
    clock.go(days=9)
    world.work()
    assert len(server.letters) == sent
    assert outbox(portal)[0].error == (None if sent else "unknown")


def test_notices_of_a_batch_keep_their_order_while_the_server_is_away(world, server, portal, clock):
    first, other = world.submitted(world.sheet(1)), world.submitted(world.sheet(1, start=300))
    review.take(portal, world.bayu, first)
    server.answer = "451 later"
    world.work()
    server.answer = "250 OK"
    review.return_all(portal, world.bayu, first, version=None, reason="Buram")
    review.take(portal, world.bayu, other)
    world.work()
    of = [world.view(one).number for one in (first, other)]
    assert subjects(server, world.rahma.email) == [f"Pengajuan {of[1]} mulai diperiksa"]
    for _try in range(3):
        clock.go(minutes=1)
        world.work()
    assert subjects(server, world.rahma.email)[1:] == [
        f"Pengajuan {of[0]} mulai diperiksa", f"Pengajuan {of[0]} dikembalikan",
    ]  # fmt: skip


def test_a_server_that_is_away_for_three_days_loses_no_notice(world, server, portal, clock):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    server.answer = "451 later"
    world.work()
    with portal.db.write() as session:  # ever later for an hour, then seventy times an hour apart
        session.execute(sa.update(Job).where(Job.kind == "mail").values(attempts=7 + 70))
    clock.go(hours=1)
    world.work()
    server.answer = "250 OK"
    clock.go(hours=1, minutes=1)
    world.work()
    assert len(server.letters) == 1


def test_a_notice_whose_worker_died_on_the_way_is_not_sent_again(world, server, portal, clock):
    """Whether the server had it, nobody knows: at most once."""
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    with portal.db.write() as session:
        session.execute(sa.update(OutboxEntry).values(started_at=clock()))
    world.work()
    assert server.letters == []
    assert outbox(portal)[0].error == "unknown", "for an admin to see"
    with portal.db.read() as session:
        assert session.scalars(sa.select(Job.state).where(Job.kind == "mail")).all() == ["done"]


def test_a_worker_that_was_too_slow_to_hand_a_notice_over_leaves_it_to_the_next(
    world, server, portal, clock
):
    """Another has claimed it since, as its lease had run out: one of them only hands it over."""
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))

    def claimed_by_another():
        with portal.db.write() as session:
            session.execute(
                sa.update(Job).where(Job.kind == "mail").values(version=Job.version + 1)
            )

    server.meanwhile = claimed_by_another
    world.work()
    assert (server.letters, outbox(portal)[0].started_at) == ([], None)
    server.meanwhile = lambda: None
    clock.go(minutes=9)
    world.work()
    assert len(server.letters) == 1


def test_two_workers_send_a_notice_once(world, server, portal):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    threads = [threading.Thread(target=worker.run_all, args=(portal,)) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(server.letters) == 1


def test_a_batch_past_its_target_is_told_once_to_who_can_act(world, server, portal, clock):
    waiting, taken = world.submitted(world.sheet(1)), world.submitted(world.sheet(1, start=300))
    review.take(portal, world.bayu, taken)
    assert notices.tell_overdue(portal) == 0
    clock.go(days=4)
    race(lambda _worker: notices.tell_overdue(portal), 1, 2)
    worker.sweep(portal)
    world.work()
    late = f"Pengajuan {world.view(waiting).number} melewati target pemeriksaan"
    assert subjects(server, world.lestari.email) == [late]
    assert len([one for one in subjects(server, world.bayu.email) if "target" in one]) == 2


def test_a_batch_whose_branch_has_nobody_to_tell_keeps_none_from_being_told(
    world, server, portal, clock, monkeypatch
):
    monkeypatch.setattr(notices, "MOST_OVERDUE", 1)
    world.submitted(world.sheet(1, start=300), actor=world.wulan)  # the older one
    told = world.submitted(world.sheet(1))
    with portal.db.write() as session:
        session.execute(
            sa.delete(Membership).where(Membership.branch_id == world.people.branches[1])
        )
    clock.go(days=4)
    assert notices.tell_overdue(portal) == 1
    assert {one.subject for one in outbox(portal) if one.kind == "overdue"} == {told}


def test_without_a_server_notices_go_to_the_console(world, portal, make_settings, settings, capsys):
    review.take(portal, world.bayu, world.submitted(world.sheet(1)))
    portal.settings = make_settings(database_url=settings.database_url)
    world.work()
    printed = capsys.readouterr().out
    assert printed.splitlines()[2:4] == [
        f"Surel kepada {world.rahma.email}",
        "Pengajuan PKD-2026-00001 mulai diperiksa",
    ]
    assert "Message-ID" not in printed
    assert outbox(portal)[0].sent_at


def test_a_person_is_told_what_happened_to_their_own_account(world, server, portal):
    own_account.make_new_password(
        portal, world.admin, world.rahma.user_id, reason="Lupa, identitas sudah dipastikan"
    )
    world.work()
    (told,) = server.letters
    assert told["To"] == world.rahma.email
    assert told["Subject"] == "Admin membuat kata sandi baru untuk Anda"
    assert told["Message-ID"].endswith(".akun@portal.example>")
    text = told.get_content()
    assert any(word.endswith("/akun") for word in text.split())
    assert "Rahma" not in text


def test_every_notice_about_an_account_can_be_said(world, server, portal):
    kinds = ["password_changed", "second_factor_on", "second_factor_off", "recovery_code_used"]
    with portal.db.write() as session:
        for kind in kinds:
            notices.tell_owner(portal, session, kind, world.rahma.user_id)
    world.work()
    assert sorted(one["Subject"] for one in server.letters) == [
        "Kata sandi Anda diganti", "Kode pemulihan dipakai", "Verifikasi dua langkah diaktifkan",
        "Verifikasi dua langkah dimatikan",
    ]  # fmt: skip
