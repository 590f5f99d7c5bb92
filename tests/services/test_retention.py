"""Retention: what has been kept long enough goes for good, the record of it stays (K4)."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from hr_portal import cli, worker
from hr_portal.adapters.database.keeping_models import DoomedFile, Purge
from hr_portal.adapters.database.models import Act, Batch, File, Letter, Row
from hr_portal.adapters.database.signing_models import SignedLetter
from hr_portal.services import (
    audit_chain,
    depicting,
    documents,
    intake,
    letter_views,
    letters,
    messages,
    outlets,
    purging,
    reconciling,
    results,
    retention,
    review,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.crash.test_crash_points import environment
from tests.services.test_review import _png

NIK = "3171010508909101"


def finish(world, batch, returned=()):
    """Submit a batch and decide it: some rows returned, all others approved."""
    submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)
    review.take(world.portal, world.bayu, batch)
    give = {"version": None}
    if returned:
        review.give_verdicts(
            world.portal, world.bayu, batch, rows=list(returned), verdict="return",
            reason="KTP kurang jelas", **give,
        )  # fmt: skip
    review.give_verdicts(world.portal, world.bayu, batch, rows="rest", verdict="approve", **give)
    review.decide(world.portal, world.bayu, batch, version=None)


def with_everything(world):
    """A decided batch with a document, a message and a file handed over."""
    portal = world.portal
    batch = world.draft(world.sheet(2))
    document = documents.add_document(
        portal, world.rahma, batch, _png(), f"ktp {NIK}.png", kind="ktp", row=2
    )
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch)
    finish(world, batch)
    messages.write(portal, world.bayu, batch, f"Lihat NIK {NIK}", row=None, internal=False)
    outlets.hand_over(portal, world.bayu, batch, "csv", version=None)
    world.work()
    return batch, document.id


@pytest.fixture
def finished(world):
    return with_everything(world)


def signed_by(portal, letter_id, name):
    """A copy of a letter with a signature of somebody, as the validator told it."""
    with portal.db.write() as session:
        letter = session.get_one(Letter, letter_id)
        session.add(
            SignedLetter(
                letter_id=letter_id, kind="elsewhere", file_id=letter.file_id,
                media_type="application/pdf", sha256=letter.sha256, verdicts=[{"subject": name}],
                added_by=letter.issued_by, added_at=portal.clock(),
            )
        )  # fmt: skip


def stages(portal, batch):
    with portal.db.read() as session:
        return sorted(
            session.scalars(
                sa.select(Purge.stage).where(Purge.batch_id == batch, Purge.ended_at.is_not(None))
            )
        )


def after(world, **span):
    """What is left after that time and a sweep of the worker."""
    world.clock.go(**span)
    worker.sweep(world.portal)
    return world.work()


def test_documents_go_after_their_time_and_everything_can_still_be_read(world, portal, finished):
    batch, document = finished
    letter = letter_views.list_letters(portal, world.rahma, batch)[0]
    pdf = letter_views.open_letter(portal, world.rahma, letter.id)[1]
    part = outlets.handed_over(portal, world.bayu, batch)[0].files[0]
    before = results.rows_page(portal, world.rahma, batch).items[0]
    after(world, days=179)
    assert stages(portal, batch) == []
    after(world, days=2)
    assert stages(portal, batch) == ["documents"]
    assert len(list(portal.files.names())) == 1, "the letter's PDF alone"
    view, page = world.view(batch), results.rows_page(portal, world.rahma, batch)
    assert (view.state, view.revision.total, page.total) == ("forwarded", 2, 2)
    row = page.items[0]
    assert row.name != before.name
    assert row.name.startswith(before.name[0])
    assert (
        row.employee["nik"] == f"{before.employee['nik'][:4]}••••••••{before.employee['nik'][-4:]}"
    )
    assert [one.after for one in row.corrections] == [one.after_shown for one in before.corrections]
    assert [one.verdict for one in row.corrections] == ["approve"]
    for refused in (
        lambda: documents.open_document(portal, world.rahma, document),
        lambda: depicting.open_page(portal, world.rahma, document, 1),
        lambda: outlets.open_file(portal, world.bayu, batch, part.id),
        lambda: outlets.hand_over(portal, world.bayu, batch, "json", version=None),
    ):
        with pytest.raises(Conflict, match="purged"):
            refused()
    assert documents.list_documents(portal, world.rahma, batch)[0].file_name == "dokumen-1.png"
    assert letter_views.open_letter(portal, world.rahma, letter.id)[1] == pdf
    assert audit_chain.verify(portal).faults == ()
    assert reconciling.reconcile(portal, deep=True) == []
    with portal.db.read() as session:
        told = session.scalars(sa.select(Act).where(Act.action == "batch:purged")).one()
        assert (told.subject_id, told.details["stage"], told.details["files"]) == (
            batch,
            "documents",
            5,  # two of them its page as a picture, whole and small
        )
        assert session.scalar(sa.select(sa.func.count(DoomedFile.id))) == 0


def test_after_five_years_nothing_of_anybody_is_left_but_that_it_happened(world, portal, finished):
    batch, _ = finished
    number = letter_views.list_letters(portal, world.rahma, batch)[0]
    signed_by(portal, number.id, "DIREKTUR CONTOHAN")
    names = ["DIREKTUR CONTOHAN"] + [
        row.name for row in results.rows_page(portal, world.rahma, batch).items
    ]
    after(world, days=366 * 5)
    after(world, days=0)  # one stage after the other
    assert stages(portal, batch) == ["documents", "log"]
    assert list(portal.files.names()) == []
    row = results.rows_page(portal, world.rahma, batch).items[0]
    assert {row.name, *row.employee.values()} <= {"••••", ""}
    assert {one.after for one in row.corrections} == {"••••"}
    told = messages.listed(portal, world.bayu, batch)
    assert [one.text for one in told] == ["••••"]
    kept = letter_views.list_letters(portal, world.rahma, batch)[0]
    assert (kept.number, kept.sha256, kept.issued_on) == (
        number.number,
        number.sha256,
        number.issued_on,
    )
    with pytest.raises(Conflict, match="purged"):
        letter_views.open_letter(portal, world.rahma, kept.id)
    with portal.db.read() as session:
        assert set(session.scalars(sa.select(Row.kpj_index))) == {bytes(16)}
    assert audit_chain.verify(portal).faults == ()
    assert reconciling.reconcile(portal, deep=True) == []
    if portal.db.is_sqlite:
        file = portal.settings.database_url.removeprefix("sqlite:///")
        content = b"".join(Path(file + end).read_bytes() for end in ("", "-wal"))
        for name in names:
            assert name.encode() not in content, "neither in the database nor in its log"


def test_what_is_said_of_a_whole_file_names_nobody_any_more(world, portal):
    head, first, *rest = world.sheet(2).splitlines(keepends=True)
    batch = world.draft(b"".join([head, first, b"Catatan: menunggu SITI MISALAN\r\n", *rest]))
    unread = world.draft(b"SITI MISALAN;Jalan Misal 8\r\nBUDI MISALAN;Jalan Misal 9\r\n")
    (note,) = [one for one in results.remarks(portal, world.rahma, batch) if one.rows]
    assert "SITI MISALAN" in note.text
    assert "SITI MISALAN" in world.view(unread).revision.error_message
    for one in (batch, unread):
        intake.cancel_batch(portal, world.rahma, one)
    after(world, days=200)
    assert stages(portal, batch) == stages(portal, unread) == ["documents"]
    (left,) = [one for one in results.remarks(portal, world.rahma, batch) if one.rows]
    assert (left.text, left.rows) == ("Baris 3 dilewati: catatan “••••”.", note.rows)
    assert left.text_en == "Row 3 was skipped: a note, “••••”."
    told = world.view(unread).revision
    assert "MISALAN" not in told.error_message + told.error_message_en
    after(world, days=366 * 5)
    assert world.view(unread).revision.error_message == "••••"


def test_a_hold_keeps_a_batch_or_a_company_until_it_is_lifted(world, portal, finished):
    batch, _ = finished
    number, npp = world.view(batch).number, world.view(batch).company_npp
    with pytest.raises(Forbidden):
        retention.place_hold(portal, world.rahma, number, reason="Sengketa")
    for what, reason in ((number, " "), (number, "x" * 501), ("PKD-1999-00001", "Sengketa")):
        with pytest.raises(Invalid):
            retention.place_hold(portal, world.admin, what, reason=reason)
    retention.place_hold(portal, world.admin, number, reason="Sengketa PHI 12/2026")
    retention.place_hold(portal, world.admin, npp, reason="Audit")
    with pytest.raises(Conflict, match="held_already"):
        retention.place_hold(portal, world.admin, number, reason="Sekali lagi")
    after(world, days=400)
    seen = retention.standing(portal, world.admin)
    assert ([one.number for one in seen.withheld], seen.waiting, seen.done) == ([number], (), ())
    assert purging.purge(portal, batch, "documents") is None
    assert stages(portal, batch) == []
    for hold in seen.holds:
        retention.lift_hold(portal, world.admin, hold.id, reason="Selesai")
        with pytest.raises(Conflict):
            retention.lift_hold(portal, world.admin, hold.id, reason="Selesai")
    with pytest.raises(NotFound):
        retention.lift_hold(portal, world.admin, "0" * 32, reason="Selesai")
    after(world, days=0)
    assert stages(portal, batch) == ["documents"]
    done = retention.standing(portal, world.admin).done
    assert [(one.number, one.stage) for one in done] == [(number, "documents")]
    with portal.db.read() as session:
        acts = session.execute(
            sa.select(Act.action, Act.details).where(Act.action.like("%:hold_%")).order_by(Act.id)
        ).all()
    assert [action for action, _ in acts] == [
        "batch:hold_placed", "company:hold_placed", "company:hold_lifted", "batch:hold_lifted",
    ]  # fmt: skip
    assert acts[0].details["reason"] == "Sengketa PHI 12/2026"


def test_a_hold_waits_for_a_purge_that_has_begun(world, portal, finished):
    batch, _ = finished
    with portal.db.write() as session:
        session.add(
            Purge(batch_id=batch, stage="documents", begun_at=world.clock(), blocks=0, files=0)
        )
    with pytest.raises(Conflict, match="purging"):
        retention.place_hold(portal, world.admin, world.view(batch).number, reason="Sengketa")


def test_a_file_that_another_batch_still_needs_stays_and_the_same_bytes_may_come_again(
    world, portal
):
    """Returned rows took the document along into a draft of their own."""
    batch = world.draft(world.sheet(2))
    documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", kind="ktp", row=2)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch)
    finish(world, batch, returned=[2])
    child = world.view(batch).children[0][0]
    held = documents.list_documents(portal, world.rahma, child)[0]
    after(world, days=200)
    assert stages(portal, batch) == ["documents"]
    assert b"".join(documents.open_document(portal, world.rahma, held.id)[1])
    assert reconciling.reconcile(portal, deep=True) == []
    assert retention.standing(portal, world.admin).idle_drafts == 1
    # a cancelled draft ends, too; what comes again after it has gone is a file like any other
    sheet = world.sheet(1, start=500)
    other = world.draft(sheet)
    intake.cancel_batch(portal, world.rahma, other)
    after(world, days=200)
    assert stages(portal, other) == ["documents"]
    again = world.draft(sheet)
    assert world.view(again).revision.state == "checked"
    with portal.db.read() as session:
        assert (
            session.scalar(sa.select(sa.func.count(File.id)).where(File.purged_at.is_(None))) >= 2
        )
    assert reconciling.reconcile(portal, deep=True) == []


@pytest.fixture
def command(portal, monkeypatch, capsys):
    """`command("purge")` is hr-portal on this portal's settings, in this process."""
    for name, value in environment(portal.settings).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        code = cli.run(words)
        return code, capsys.readouterr().out

    return run


def test_the_command_reports_first_and_deletes_when_told(world, portal, command):
    batches = [world.draft(world.sheet(1, start=500 + 10 * i)) for i in range(2)]
    for batch in batches:
        intake.cancel_batch(portal, world.rahma, batch)
    with portal.db.write() as session:
        long_ago = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        session.execute(sa.update(Batch).values(decided_at=long_ago))
    held, free = (world.view(batch).number for batch in batches)
    retention.place_hold(portal, world.admin, held, reason="Sengketa")
    code, told = command("purge", "--dry-run")
    assert (code, len(told.splitlines())) == (0, 3)
    assert "180 hari" in told
    assert f"{free}\tPT Contoh Sejahtera Abadi\tselesai 01-01-2025" in told
    assert stages(portal, batches[1]) == []
    listed = {one["number"]: one for one in json.loads(command("purge", "--format", "json")[1])}
    assert (listed[held]["is_held"], listed[held]["purged_files"]) == (True, None)
    assert (listed[free]["is_held"], listed[free]["purged_files"]) == (False, 1)
    assert stages(portal, batches[1]) == ["documents"]
    assert "DITAHAN" in command("purge")[1]


def test_keys_and_companies_answer_on_the_command_line(world, portal, command):
    npp = world.view(world.draft()).company_npp
    assert command("keys", "status") == (0, "Tidak ada pergantian kunci.\n")
    assert command("keys", "rotate")[0] == 1, "there is no old master key"
    assert "kunci data baru" in command("keys", "rotate", "--company", npp)[1]
    code, told = command("keys", "status")
    assert (code, "berjalan, putaran 1" in told) == (1, True)
    assert command("companies", "shred", npp, "--confirm", "PT Lain")[0] == 2
    code, told = command("companies", "shred", npp, "--confirm", "PT Contoh Sejahtera Abadi")
    assert (code, "1 pengajuan, 3 baris, 1 berkas" in told) == (0, True)


def test_every_table_that_refers_to_a_file_leads_to_a_batch():
    """Or retention would not know when its file may go."""
    for table, _ in purging._references():
        purging.way_to_batch(table)
    assert {"documents", "letters", "revisions", "handover_files"} <= {
        table.name for table, _ in purging._references()
    }
