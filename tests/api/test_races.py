"""Two at once: one wins, the other is told who did what; nothing happens twice, nothing unseen."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    File,
    Revision,
    new_id,
)
from hr_portal.services import accounts, copying, intake, visible
from tests.api.conftest import Caller, small_pdf, without_documents

PAIRS = 50


@pytest.fixture
def waiting(portal, hrd, submitted, world) -> list[str]:
    """Fifty submitted batches: copies of one that came the whole way."""
    actor = accounts.actor_of_token(portal, world.tokens["hrd"])
    ids = []
    with portal.db.write() as session:
        source = visible.batch(session, actor, submitted["id"])
        for _ in range(PAIRS):
            copy = Batch(
                id=new_id(), number=intake.next_number(portal, session), company_id=source.company_id,
                branch_id=source.branch_id, created_by=actor.user_id, created_at=portal.clock(),
                last_edited_by=actor.user_id, last_edited_at=portal.clock(), state="submitted",
                submitted_by=actor.user_id, submitted_at=portal.clock(),
            )  # fmt: skip
            session.add(copy)
            session.flush()
            copying.copy_revision(portal, session, actor, source, copy)
            ids.append(copy.id)
    return ids


def both(app, tokens, ids, act, other=None):
    """Per id, the two answers of two clients that call at the same instant."""
    barrier = threading.Barrier(2)

    def work(token, act):
        caller, answers = Caller(app, token), []
        for batch_id in ids:
            barrier.wait(timeout=60)
            answers.append(act(caller, batch_id))
        return answers

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, tokens, [act, other or act])
    return list(zip(first, second, strict=True))


def posting(path, body):
    """An act on a batch, for `both`."""
    return lambda caller, batch_id: caller.call("POST", f"/batches/{batch_id}/{path}", json=body)


def acts_of(portal, ids, action):
    with portal.db.read() as session:
        found = session.execute(
            sa.select(Act.subject_id, sa.func.count())
            .where(Act.subject_id.in_(ids), Act.action == action)
            .group_by(Act.subject_id)
        )
        return dict(found.all())


def test_of_two_reviewers_who_take_at_once_one_holds_it_and_the_other_learns_who(
    portal, app, world, waiting
):
    pairs = both(
        app,
        [world.tokens["reviewer"], world.tokens["reviewer2"]],
        waiting,
        lambda caller, batch_id: caller.call(
            "POST", f"/batches/{batch_id}/take", json={"version": 1}
        ),
    )
    for pair in pairs:
        won, lost = sorted(pair, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        assert lost.json["error"]["code"] == "already_in_review"
        assert won.json["reviewer"] in lost.json["error"]["message"]
        assert won.json["reviewer"] in lost.json["error"]["message_en"]
    assert acts_of(portal, waiting, "batch:taken") == dict.fromkeys(waiting, 1)


def test_of_two_decisions_at_once_one_stands_with_one_row_and_one_act(portal, app, world, waiting):
    token = world.tokens["reviewer"]
    for batch_id in waiting:
        held = Caller(app, token).post(f"/batches/{batch_id}/take")
        Caller(app, token).post(
            f"/batches/{batch_id}/verdicts", version=held["version"], rows="rest", verdict="approve"
        )
    pairs = both(
        app,
        [token, token],
        waiting,
        lambda caller, batch_id: caller.call(
            "POST", f"/batches/{batch_id}/decide", json={"version": 2}
        ),
    )
    for pair in pairs:
        won, lost = sorted(pair, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        assert won.json["state"] == "approved"
        assert lost.json["error"]["code"] == "already_approved"
        assert "Orang Reviewer" in lost.json["error"]["message"]
    assert acts_of(portal, waiting, "batch:decided") == dict.fromkeys(waiting, 1)
    with portal.db.read() as session:
        decided = session.scalars(
            sa.select(Decision.batch_id).where(Decision.batch_id.in_(waiting))
        ).all()
    assert sorted(decided) == sorted(waiting)


WITH_DECIDE = {
    "verdicts": ("reviewer", {"rows": [2], "verdict": "reject", "reason": "Bukan dia"}),
    "verdicts/take-back": ("reviewer", {"rows": [2, 3]}),
    "release": ("reviewer", {}),
    "withdraw": ("hrd", {"reason": "Salah berkas"}),
    "messages": ("hrd", {"text": "Mohon dipercepat"}),
}
"""What may come at the same instant as a decision: by whom, and what is sent but the version."""
FITTING = {
    "verdicts": {(200, 200), (200, 409)},
    "verdicts/take-back": {(422, 200), (200, 409)},
    "messages": {(200, 201)},
}
"""The answers to the decision and to the other act; else one of them is done, and one a 409."""


def _stands_as_decided(portal, batch_id, *, is_decided):
    """The one decision there may be says what its corrections say, and the state what it says."""
    with portal.db.read() as session:
        batch = session.get_one(Batch, batch_id)
        found = session.scalars(sa.select(Decision).where(Decision.batch_id == batch_id)).all()
        verdicts = session.execute(
            sa.select(Correction.verdict, sa.func.count())
            .join(Revision, Revision.id == Correction.revision_id)
            .where(Revision.batch_id == batch_id, Revision.number == batch.revision_number)
            .group_by(Correction.verdict)
        )
        counted = dict(verdicts.all())
    assert len(found) == is_decided
    assert acts_of(portal, [batch_id], "batch:decided") == ({batch_id: 1} if is_decided else {})
    if is_decided:
        (one,) = found
        assert counted == {
            verdict: rows
            for verdict, rows in (("approve", one.rows_approved), ("reject", one.rows_rejected))
            if rows
        }
        assert batch.state == ("approved" if one.rows_approved == 3 else "partly_approved")
    else:
        assert batch.state in {"draft", "submitted", "in_review"}


def test_a_decision_and_another_act_at_once_come_one_after_the_other(portal, app, world, waiting):
    reviewer = Caller(app, world.tokens["reviewer"])
    each = PAIRS // len(WITH_DECIDE)
    for number, (path, (who, body)) in enumerate(WITH_DECIDE.items()):
        ids = waiting[number * each : (number + 1) * each]
        for batch_id in ids:
            here = f"/batches/{batch_id}"
            version = reviewer.post(f"{here}/take")["version"]
            reviewer.post(f"{here}/verdicts", version=version, rows="rest", verdict="approve")
        sent = body if path == "messages" else {**body, "version": version}
        pairs = both(
            app,
            [world.tokens["reviewer"], world.tokens[who]],
            ids,
            posting("decide", {"version": version}),
            posting(path, sent),
        )
        for batch_id, (decided, other) in zip(ids, pairs, strict=True):
            came = decided.status_code, other.status_code
            assert came in FITTING.get(path, {(409, 200), (200, 409)}), (path, came)
            _stands_as_decided(portal, batch_id, is_decided=decided.status_code == 200)


def test_of_two_submissions_at_once_one_stands(portal, app, world, hrd, checked):
    here = f"/batches/{checked['id']}"
    without_documents(hrd, here)
    hrd.post(f"{here}/letters", expect=201)
    version = hrd.get(here)["version"]
    ((first, second),) = both(
        app,
        [world.tokens["hrd"]] * 2,
        [checked["id"]],
        lambda caller, _id: caller.call(
            "POST", f"{here}/submit", json={"version": version, "declaration": True}
        ),
    )
    assert sorted((first.status_code, second.status_code)) == [200, 409]
    assert acts_of(portal, [checked["id"]], "batch:submitted") == {checked["id"]: 1}


def test_one_message_sent_twice_at_once_is_sent_once(portal, app, world, submitted):
    here = f"/batches/{submitted['id']}"

    def send(caller, number):
        data = {"text": "KK terlampir", "file": (io.BytesIO(small_pdf()), "kk.pdf")}
        headers = {"Idempotency-Key": number}
        return caller.call("POST", f"{here}/message-files", data=data, headers=headers)

    keys = [f"k{number}" for number in range(10)]
    for first, second in both(app, [world.tokens["hrd"]] * 2, keys, send):
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json == second.json
        assert {"Idempotent-Replay"} & {*first.headers.keys(), *second.headers.keys()}
    assert Caller(app, world.tokens["hrd"]).get(f"{here}/messages")["total"] == len(keys)
    with portal.db.read() as session:
        kept = set(session.scalars(sa.select(File.name)))
    assert set(portal.files.names()) == kept


def test_two_letters_at_once_are_one_letter_with_one_number(portal, app, world, checked):
    ((first, second),) = both(
        app,
        [world.tokens["hrd"]] * 2,
        [checked["id"]],
        lambda caller, batch_id: caller.call("POST", f"/batches/{batch_id}/letters", json={}),
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] == second.json["id"]
    assert first.json["number"] == second.json["number"]
