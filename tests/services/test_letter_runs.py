"""Many letters at once are single letters: numbered in order, issued once, given out as one ZIP."""

import contextlib
import hashlib
import io
import zipfile

import openpyxl
import pypdfium2
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Job
from hr_portal.services import (
    intake,
    letter_failures,
    letter_proofs,
    letter_runs,
    letter_views,
    letters,
)
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.services.letter_runs import LIST_NAME


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


@contextlib.contextmanager
def without_a_folder_of_files(settings):
    """The disk of the files is gone: nothing is read from it or written to it."""
    folder = settings.data_dir / "files"
    away = folder.rename(folder.with_name("away"))
    folder.write_bytes(b"")
    yield
    folder.unlink()
    away.rename(folder)


def tried_to_the_end(world):
    for _each in range(6):
        world.clock.go(minutes=3)
        world.work()


def unzipped(portal, actor, run):
    with zipfile.ZipFile(io.BytesIO(letter_runs.zipped(portal, actor, run))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_each_chosen_draft_gets_its_letter_and_what_has_none_is_told(world, portal):
    first, second = world.draft(), world.draft(world.sheet(1, start=700))
    gone = world.draft(world.sheet(1, start=710))
    stands = letters.issue(portal, world.rahma, second)
    run = letter_runs.ask_for_drafts(portal, world.rahma, [second, gone, first, second])
    before = letter_runs.view(portal, world.rahma, run)
    assert (before.total, before.done, before.ended_at) == (3, 0, None)
    with pytest.raises(Invalid) as raised:
        letter_runs.zipped(portal, world.rahma, run)
    assert "masih dibuat" in raised.value.message
    intake.cancel_batch(portal, world.rahma, gone)
    world.work()
    after = letter_runs.view(portal, world.rahma, run)
    assert (after.total, after.done, after.made) == (3, 3, 2)
    assert after.ended_at
    assert [item.number for item in after.items] == [stands.number, None, "002/HRD/CSA/XI/2026"]
    assert after.items[1].problem
    held = unzipped(portal, world.rahma, run)
    assert sorted(held) == [
        "001 Surat 001-HRD-CSA-XI-2026.pdf", "003 Surat 002-HRD-CSA-XI-2026.pdf", LIST_NAME,
    ]  # fmt: skip
    assert hashlib.sha256(held["001 Surat 001-HRD-CSA-XI-2026.pdf"]).hexdigest() == stands.sha256
    listed = openpyxl.load_workbook(io.BytesIO(held[LIST_NAME]))["Surat"]
    told = list(listed.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in told] == [stands.number, "–", "002/HRD/CSA/XI/2026"]
    assert told[1][6] == after.items[1].problem
    assert [one.id for one in letter_runs.recent(portal, world.rahma)] == [run]
    for stranger in (world.surya, world.wulan, world.bayu):
        with pytest.raises(NotFound):
            letter_runs.view(portal, stranger, run)
    with pytest.raises(NotFound):
        letter_runs.ask_for_drafts(portal, world.wulan, [first])
    with pytest.raises(Invalid) as raised:
        letter_runs.ask_for_drafts(portal, world.rahma, [])
    assert "Pilih pengajuannya" in raised.value.message


def test_each_employee_who_left_gets_a_form_of_their_own(world, portal):
    sheet = world.sheet(3).decode().splitlines()
    leaves = sheet[2].split(";")
    leaves[5:8] = ["Tanggal Berhenti", "", "2026-10-31"]
    batch = world.draft("\n".join([*sheet[:2], ";".join(leaves), *sheet[3:], ""]).encode())
    with pytest.raises(Invalid, match="request_missing"):
        letter_runs.ask_for_forms(portal, world.rahma, batch, "left")
    request = letters.issue(portal, world.rahma, batch)
    left = letter_runs.ask_for_forms(portal, world.rahma, batch, "left")
    whole = letter_runs.ask_for_forms(portal, world.rahma, batch, "all")
    world.work()
    (one,) = letter_runs.view(portal, world.rahma, left).items
    every = letter_runs.view(portal, world.rahma, whole).items
    assert [item.person for item in every] == [1, 2, 3]
    assert every[1].letter_id == one.letter_id, "a form is issued once"
    assert sorted(item.number[:3] for item in every) == ["002", "003", "004"]
    _view, pdf = letter_views.open_letter(portal, world.rahma, one.letter_id)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) == 1
        text = opened[0].get_textpage().get_text_range()
    name, kpj = leaves[2], leaves[0]
    assert name in text
    assert f"Surat Nomor {request.number}, Lampiran I nomor 2" in text
    assert "31 Oktober 2026" in text
    assert sheet[1].split(";")[2] not in text
    assert "".join(text.split()).count(kpj) >= 1
    code = letter_views.letter_view(portal, world.rahma, one.letter_id).proof_code
    assert letter_proofs.look_up(portal, code, address="127.0.0.1").people == 1
    letters.revoke(portal, world.rahma, request.id, reason="Salah alamat")
    states = {view.state for view in letter_views.list_letters(portal, world.rahma, batch)}
    assert states == {"revoked"}, "forms name a letter that no longer counts"


def test_nobody_who_left_and_too_many_are_said(world, portal):
    batch = world.draft()
    letters.issue(portal, world.rahma, batch, wait=False)
    with pytest.raises(Invalid) as raised:
        letter_runs.ask_for_forms(portal, world.rahma, batch, "left")
    assert "Tidak ada tenaga kerja yang berhenti" in raised.value.message
    with pytest.raises(Invalid) as raised:
        letter_runs.ask_for_drafts(
            portal, world.rahma, [f"{n:032}" for n in range(letter_runs.MOST_LETTERS + 1)]
        )
    assert "paling banyak 500" in raised.value.message


def test_letters_that_fail_unexpectedly_say_so_and_are_made_when_tried_again(
    world, portal, settings
):
    first, second = world.draft(), world.draft(world.sheet(1, start=700))
    letter = letters.issue(portal, world.rahma, first, wait=False)
    assert letter.failure is None
    run = letter_runs.ask_for_drafts(portal, world.rahma, [second, first])
    with without_a_folder_of_files(settings):
        world.work()
        assert letter_runs.view(portal, world.rahma, run).ended_at is None, "it is tried again"
        tried_to_the_end(world)
        view = letter_runs.view(portal, world.rahma, run)
        assert (view.made, view.done, view.can_be_tried_again) == (0, 2, True)
        assert {item.problem for item in view.items} == {letter_failures.FAULT.message}
        numbers = [item.number for item in view.items]
        assert all(numbers), "numbers stay taken"
        told = letter_views.letter_view(portal, world.rahma, letter.id)
        assert told.failure == letter_failures.FAULT.message
    letter_failures.try_again(portal, world.rahma, letter.id)
    assert letter_views.letter_view(portal, world.rahma, letter.id).failure is None
    with pytest.raises(NotFound):
        letter_failures.try_again(portal, world.wulan, letter.id)
    with pytest.raises(NotFound):
        letter_runs.try_again(portal, world.surya, run)
    letter_runs.try_again(portal, world.rahma, run)
    letter_runs.try_again(portal, world.rahma, run)
    assert letter_runs.view(portal, world.rahma, run).ended_at is None
    world.work()
    view = letter_runs.view(portal, world.rahma, run)
    assert (view.made, view.can_be_tried_again) == (2, False)
    assert [item.number for item in view.items] == numbers
    assert len(unzipped(portal, world.rahma, run)) == 3


def test_a_job_given_up_is_told_by_its_kind_and_a_run_that_stopped_gives_what_it_has(world, portal):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch, wait=False)
    run = letter_runs.ask_for_drafts(portal, world.rahma, [batch])
    for error, told in (
        ("LET-LIMIT", "batas waktu dan memori"),
        ("LET-FONT", "tidak dapat dicetak (LET-FONT)"),
        ("LET-CHILD", "gangguan pada peladen"),
        ("exception", "gangguan pada peladen"),
    ):
        with portal.db.write() as session:
            session.execute(sa.update(Job).values(state="failed", error=error))
        assert told in letter_views.letter_view(portal, world.rahma, letter.id).failure
    view = letter_runs.view(portal, world.rahma, run)
    assert (view.is_stopped, view.can_be_tried_again) == (True, True)
    assert list(unzipped(portal, world.rahma, run)) == [LIST_NAME]
    letter_runs.try_again(portal, world.rahma, run)
    world.work()
    assert letter_runs.view(portal, world.rahma, run).made == 1
    assert letter_views.letter_view(portal, world.rahma, letter.id).failure is None, "it is made"
