"""The history of a batch: what each reader is told, and an upload of many files as one line."""

from hr_portal.services import (
    batch_history,
    documents,
    letters,
    many_answers,
    many_verdicts,
    outlets,
    results,
    review,
    submission,
)
from hr_portal.services.many_verdicts import Order
from tests.services.test_outlets import answer, kpj
from tests.services.test_review import _png


def test_files_of_one_upload_are_one_line_and_reviewers_stay_among_themselves(world, portal, clock):
    batch = world.draft(world.sheet(3))

    def add(row, actor=world.rahma):
        return documents.add_document(
            portal, actor, batch, _png(), f"{row}.png", kind="ktp", row=row
        ).id

    def told(actor):
        return [
            (one.action, one.counts, one.by) for one in batch_history.history(portal, actor, batch)
        ]

    first = [add(2), add(3)]
    clock.go(minutes=11)
    add(4)
    documents.remove_document(portal, world.rahma, first[1])
    add(3)
    rahma = world.rahma.name
    assert told(world.rahma)[:4] == [
        ("documents:added", {"added": 1}, rahma),
        ("documents:removed", {"removed": 1}, rahma),
        ("documents:added", {"added": 1}, rahma),
        ("documents:added", {"added": 2}, rahma),
    ]
    assert told(world.rahma)[4][0] == "batch:created"

    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    clock.go(minutes=1)
    review.take(portal, world.lestari, batch)
    review.give_verdicts(portal, world.lestari, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.lestari, batch, version=None)
    assert told(world.rahma)[:2] == [
        ("batch:decided", {"approved": 3, "returned": 0, "rejected": 0}, None),
        ("batch:taken", {}, None),
    ]
    assert told(world.lestari)[1] == (
        "batch:verdict", {"rows": 3, "corrections": 3}, world.lestari.name,
    )  # fmt: skip
    events = batch_history.with_letters(portal, world.rahma, batch)
    assert any(one.action == "letter:issued" for one in events)
    assert [one.id for one in events] == sorted((one.id for one in events), reverse=True)


def test_a_reviewer_who_has_only_read_is_the_office_to_the_company(world, portal):
    batch = world.submitted(world.sheet(2))
    list(results.all_findings(portal, world.lestari, batch))

    def told(actor):
        first = batch_history.history(portal, actor, batch)[0]
        return first.action, first.side, first.by

    assert told(world.rahma) == ("batch:findings_exported", "reviewer", None)
    assert told(world.bayu) == ("batch:findings_exported", "reviewer", world.lestari.name)


def test_what_a_worker_was_asked_for_is_told_among_reviewers_only(world, portal, monkeypatch):
    monkeypatch.setattr(many_verdicts, "LARGE", 2)
    monkeypatch.setattr(many_answers, "LARGE_BYTES", 10)
    batch = world.submitted(world.sheet(3))
    review.take(portal, world.bayu, batch)
    many_verdicts.ask_verdicts(portal, world.bayu, batch, Order("open", "approve"), version=None)
    world.work()
    review.decide(portal, world.bayu, batch, version=None)
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    many_answers.ask_answer(
        portal, world.lestari, batch, answer(f"{kpj(101)};No HP;Diterima;"), "jawaban.csv", version=None
    )  # fmt: skip

    def told(actor):
        return {one.action for one in batch_history.history(portal, actor, batch)}

    asked = {"batch:verdicts_ordered", "batch:answer_sent"}
    assert told(world.lestari) >= asked
    assert not told(world.rahma) & asked
