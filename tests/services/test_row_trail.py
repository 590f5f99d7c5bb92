"""What became of one employee, over revisions and batches, and who may know which part of it."""

import io

import pytest

from hr_portal.services import (
    agency,
    document_status,
    documents,
    judging,
    letters,
    messages,
    outlets,
    reopening,
    review,
    row_trail,
    submission,
)
from hr_portal.services.errors import NotFound
from tests.services.test_past import line, sheet
from tests.services.test_review import _png

BLURRED = "KTP tidak terbaca"


def told(world, actor, batch, row):
    """The kinds of what happened, the first one first, each with what is special about it."""
    return [
        (one.kind, one.number, one.row, one.verdict or one.words)
        for one in reversed(row_trail.trail(world.portal, actor, batch, row))
    ]


@pytest.fixture
def returned(world, portal):
    """Three employees; the second one's row came back for a card that is blurred."""
    batch = world.draft(world.sheet(3))
    card = documents.add_document(portal, world.rahma, batch, _png(), "3.png", kind="ktp", row=3).id
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    review.take(portal, world.bayu, batch)
    messages.write(portal, world.bayu, batch, "Mohon KTP yang utuh", row=3)
    messages.write(portal, world.bayu, batch, "Cek lagi besok", row=3, internal=True)
    messages.write(portal, world.rahma, batch, "Menyusul hari ini", row=3)
    messages.write(portal, world.rahma, batch, "Baris lain", row=2)
    document_status.judge(portal, world.bayu, card, "unfit", reason=BLURRED)
    judging.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[3], verdict="return", reason=BLURRED
    )
    judging.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    return batch, review.decide(portal, world.bayu, batch, version=None).child_batch_id


def test_the_trail_of_an_employee_leads_from_submission_to_the_agencys_answer(
    world, portal, returned
):
    batch, child = returned
    first, second = world.view(batch).number, world.view(child).number
    before = [
        ("submitted", first, 3, ""),
        ("message", first, 3, "Mohon KTP yang utuh"),
        ("message", first, 3, "Menyusul hari ini"),
        ("document", first, 3, "unfit"),
        ("verdict", first, 3, "return"),
    ]
    assert told(world, world.rahma, batch, 3) == before
    note = ("message", first, 3, "Cek lagi besok")
    assert told(world, world.bayu, batch, 3) == [*before[:2], note, *before[2:]]
    by = {(one.side, one.by) for one in row_trail.trail(portal, world.rahma, batch, 3)}
    assert by == {("hrd", world.rahma.name), ("reviewer", None)}
    by = {one.by for one in row_trail.trail(portal, world.bayu, batch, 3)}
    assert by == {world.rahma.name, world.bayu.name}
    # the mended file has the employee in its only row: the trail is the employee's
    mended = world.sheet(3).splitlines()
    world.revise(child, b"\r\n".join([mended[0], mended[2], b""]))
    world.work()
    assert told(world, world.rahma, child, 2) == before
    world.confirm(child)
    letters.issue(portal, world.rahma, child, wait=False)
    submission.submit(portal, world.rahma, child, version=None, declaration=True)
    review.take(portal, world.lestari, child)
    judging.give_verdicts(portal, world.lestari, child, version=None, rows=[2], verdict="approve")
    # a verdict is the reviewer's own until it is decided
    assert told(world, world.rahma, child, 2)[-1] == ("submitted", second, 2, "")
    review.decide(portal, world.lestari, child, version=None)
    outlets.hand_over(portal, world.lestari, child, "sipp", version=None)
    answer = f"KPJ;DATA;HASIL;KETERANGAN\n{mended[2].split(b';')[0].decode()};No HP;Ditolak;Nomor dipakai\n"
    agency.take_answer(portal, world.lestari, child, io.BytesIO(answer.encode()), "jawaban.csv")
    after = [
        ("submitted", second, 2, ""),
        ("verdict", second, 2, "approve"),
        ("forwarded", second, 2, "SIPP Koreksi Elemen TK (Excel)"),
        ("refused", second, 2, "Nomor dipakai"),
    ]
    assert told(world, world.rahma, child, 2) == [*before, *after]
    assert told(world, world.rahma, batch, 3) == [*before, *after]
    assert [one[0] for one in told(world, world.rahma, batch, 2)] == [
        "submitted", "message", "verdict",
    ]  # fmt: skip


def test_a_trail_tells_of_a_second_reviewer_and_of_a_decision_that_was_reopened(world, portal):
    batch = world.decided(sheet(line(104, "NIK", "3171014508909301", "3171014508909302",
                                     nik="3171014508909301")))  # fmt: skip
    verdict = row_trail.trail(portal, world.bayu, batch, 2)[0]
    assert (verdict.second, verdict.fields) == (world.lestari.name, ("nik",))
    assert row_trail.trail(portal, world.rahma, batch, 2)[0].second is None
    assert not verdict.is_set_aside
    reopening.set_aside(portal, world.admin, batch, version=None, reason="Dokumen orang lain")
    assert row_trail.trail(portal, world.rahma, batch, 2)[0].is_set_aside
    for actor, row in ((world.rahma, 9), (world.wulan, 2)):
        with pytest.raises(NotFound):
            row_trail.trail(portal, actor, batch, row)


def test_rows_without_a_kpj_share_no_trail(world, portal):
    batch = world.draft(sheet(line(101, "No HP", "", "081234567801", kpj=""),
                              line(102, "No HP", "", "081234567802", kpj="")))  # fmt: skip
    documents.add_document(portal, world.rahma, batch, _png(), "2.png", kind="ktp", row=2)
    assert row_trail.trail(portal, world.rahma, batch, 2) == []
