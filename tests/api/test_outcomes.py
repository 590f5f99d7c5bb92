"""What became of a batch, by API: decision and reasons, the agency's answer, mending it again."""

import io

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Batch
from hr_portal.services import long_works
from tests.api.conftest import CLEAN
from tests.api.test_races import both


@pytest.fixture
def here(under_review) -> str:
    return f"/batches/{under_review['id']}"


@pytest.fixture
def decide(reviewer, under_review, here):
    """Return or approve rows, then decide."""

    def decided(returned=()):
        version = under_review["version"]
        for rows, verdict in ((list(returned), "return"), ("rest", "approve")):
            if rows:
                reviewer.post(
                    f"{here}/verdicts", version=version, rows=rows, verdict=verdict,
                    reason="KTP tidak terbaca" if verdict == "return" else "",
                )  # fmt: skip
        return reviewer.post(f"{here}/decide", version=version)

    return decided


def test_both_sides_read_how_a_review_ended_and_a_company_not_by_whom(hrd, reviewer, decide, here):
    assert hrd.get(f"{here}/outcome") == {"decision": None, "reasons": [], "agency": None}
    child = decide(returned=[2, 4])["child"]
    told = hrd.get(f"{here}/outcome")
    decision = told["decision"]
    assert (decision["outcome"], decision["rows"], decision["child"]) == (
        "approve_partly", {"approved": 1, "returned": 2, "rejected": 0}, child,
    )  # fmt: skip
    assert (decision["decided_by"], decision["set_aside_at"], told["agency"]) == (None, None, None)
    assert [(one["verdict"], one["reason"], one["first_rows"]) for one in told["reasons"]] == [
        ("return", "KTP tidak terbaca", [2, 4])
    ]
    seen = reviewer.get(f"{here}/outcome")
    assert seen["decision"].pop("decided_by") == "Orang Reviewer"
    decision.pop("decided_by")
    assert seen == told


def test_an_admin_looks_a_decision_up_and_sets_it_aside_which_both_sides_read(
    hrd, caller, decide, here, under_review
):
    admin, number = caller("admin"), under_review["number"]
    assert admin.get("/reopenings", number=number)["refusal"]["code"] == "not_decided"
    decide(returned=[2])
    found = admin.get("/reopenings", number=f" {number.lower()} ")
    assert (found["id"], found["rows"], found["refusal"]) == (
        under_review["id"], {"approved": 2, "returned": 1, "rejected": 0}, None,
    )  # fmt: skip
    assert found["child"] == hrd.get(f"{here}/outcome")["decision"]["child"]["number"]
    sent = {"reason": "Dokumen peserta lain", "version": found["version"]}
    admin.post(f"/batches/{found['id']}/reopen", **sent)
    assert hrd.get(f"{here}/outcome")["decision"]["set_aside_at"]
    assert admin.get("/reopenings", number=number)["state"] == "submitted"
    error = admin.get("/reopenings", number="PKD-2026-99999", expect=422)["error"]
    assert set(error["fields"]) == {"number"}


def test_outlets_are_offered_once_and_the_agencys_answer_is_told_to_both(
    hrd, reviewer, decide, here
):
    assert reviewer.get(f"{here}/outlets")["items"] == []
    decide()
    offers = {one["key"]: one for one in reviewer.get(f"{here}/outlets")["items"]}
    assert (offers["csv"]["corrections"], offers["csv"]["files"]) == (3, 1)
    assert not any(one["is_given_out"] for one in offers.values())
    reviewer.post(f"{here}/handovers", outlet="csv", expect=201)
    offers = {one["key"]: one for one in reviewer.get(f"{here}/outlets")["items"]}
    assert {key for key, one in offers.items() if one["is_given_out"]} == {"csv"}
    answer = (
        "KPJ;DATA;HASIL;KETERANGAN\n"
        f"{CLEAN[0][1]};Nama Ibu Kandung;diterima;\n{CLEAN[1][1]};Alamat Domisili;ditolak;Beda RT\n"
    )
    reviewer.send(f"{here}/agency-answers", answer.encode(), "jawaban.csv", expect=200)
    told = hrd.get(f"{here}/outcome")["agency"]
    assert [told[name] for name in ("accepted", "refused", "waiting")] == [1, 1, 1]
    (refusal,) = told["refusals"]
    assert (refusal["row"], refusal["field"], refusal["words"]) == (3, "alamat", "Beda RT")
    assert hrd.get(f"/batches/{refusal['child_id']}")["state"] == "draft"
    (seen,) = reviewer.get(f"{here}/outcome")["agency"]["refusals"]
    assert seen == {**refusal, "child_id": None}


def test_a_returned_batch_is_opened_once_as_its_next_revision(
    portal, app, world, hrd, decide, here
):
    hrd.post(f"{here}/mend", expect=409)
    version = decide(returned=[2, 3, 4])["version"]
    assert hrd.post(f"{here}/mend", version=1, expect=409)["error"]["code"] == "stale_version"
    pair = both(
        app, [world.tokens["hrd"]] * 2, [here],
        lambda caller, path: caller.call("POST", f"{path}/mend", json={"version": version}),
    )[0]  # fmt: skip
    won, lost = sorted(pair, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert (won.json["state"], won.json["revision"]) == ("draft", 2)
    worker.run_all(portal)
    told = hrd.get(f"{here}/outcome")
    assert (told["decision"]["revision"], told["reasons"][0]["rows"]) == (1, 3)


def test_a_large_returned_batch_is_opened_by_a_worker(portal, hrd, decide, here, monkeypatch):
    decide(returned=[2, 3, 4])
    monkeypatch.setattr(long_works, "MOST_PARTED", 2)
    answer = hrd.call("POST", f"{here}/mend", json={})
    assert (answer.status_code, answer.json["kind"]) == (202, "reopen")
    worker.run_all(portal)
    told = hrd.get(answer.headers["Location"])
    assert (told["state"], hrd.get(here)["state"]) == ("done", "draft")


def test_what_is_sent_again_is_not_done_again(portal, hrd, reviewer, caller, submitted):
    """The table of docs/api.md, act by act: no second decision, handover, answer or message."""
    here, version = f"/batches/{submitted['id']}", submitted["version"]

    def twice(path, status, code=None, who=reviewer, **more):
        """Do an act, then send the same bytes again: (status, code)."""
        sent = more if "data" in more else {"json": more}
        first, again = (
            who.call("POST", f"{here}/{path}", **({"data": sent["data"]()} if "data" in sent else sent))
            for _try in range(2)
        )  # fmt: skip
        assert first.status_code in {200, 201}, first.text
        told = again.json.get("error", {"code": None})
        assert (path, again.status_code, told["code"]) == (path, status, code)
        return first.json

    twice("take", 200, version=version)
    twice("release", 409, "already_submitted")
    version = reviewer.post(f"{here}/take")["version"]
    twice("verdicts", 200, version=version, rows="rest", verdict="approve")
    given_at = reviewer.get(f"{here}/review")["latest"]["given_at"]
    twice(
        "verdicts/take-back", 409, "changed_meanwhile", version=version, given_at=given_at
    )  # fmt: skip
    twice("verdicts", 200, version=version, rows=[2, 3, 4], verdict="approve")
    twice("decide", 409, "already_approved", version=version)
    admin = caller("admin")
    twice("reopen", 409, "not_decided", who=admin, reason="Dokumen peserta lain")
    version = reviewer.post(f"{here}/take")["version"]
    reviewer.post(f"{here}/verdicts", version=version, rows="rest", verdict="approve")
    reviewer.post(f"{here}/decide", version=version)
    twice("handovers", 409, "already_forwarded", outlet="csv")
    text = "KPJ;Data;Hasil;Keterangan\r\n09999990017;Nama Ibu Kandung;Ditolak;x\r\n"
    answer = lambda: {"file": (io.BytesIO(text.encode()), "jawaban.csv")}  # noqa: E731
    assert twice("agency-answers", 200, data=answer)["refused"] == 1
    with portal.db.read() as session:
        counted = dict(
            session.execute(sa.select(Act.action, sa.func.count()).group_by(Act.action)).all()
        )
        assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 2, "one child"
    for action, times in {
        "batch:taken": 3, "batch:released": 1, "batch:decided": 2, "batch:set_aside": 1,
        "batch:forwarded": 1, "batch:answered": 1, "batch:verdict_cleared": 1,
    }.items():  # fmt: skip
        assert (action, counted[action]) == (action, times)
