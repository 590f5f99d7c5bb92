"""The bench by API: how a review stands, its rows, verdicts over many and taking them back."""

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from hr_portal.services import many_verdicts, review_works
from tests.api.conftest import CLEAN, without_documents, workbook
from tests.api.test_races import both


@pytest.fixture
def here(under_review) -> str:
    return f"/batches/{under_review['id']}"


def judge(caller, here, version, expect=200, **verdict):
    sent = {"version": version, "rows": "rest", "verdict": "approve", **verdict}
    return caller.post(f"{here}/verdicts", **sent, expect=expect)


def test_a_review_tells_how_it_stands_and_how_it_would_end(reviewer, caller, under_review, here):
    version = under_review["version"]
    told = reviewer.get(f"{here}/review")
    assert (told["is_mine"], told["ends"], told["latest"], told["work"]) == (True, None, None, None)
    assert {name: told["rows"][name] for name in ("total", "open", "clean")} == {
        "total": 3, "open": 3, "clean": 3,
    }  # fmt: skip
    judge(reviewer, here, version, rows=[2], verdict="return", reason="KTP buram")
    judge(reviewer, here, version)
    told = reviewer.get(f"{here}/review")
    assert (told["ends"], told["rows"]["return"], told["rows"]["approve"]) == (
        "approve_partly", 1, 2
    )  # fmt: skip
    assert (told["latest"]["rows"], told["latest"]["first_rows"]) == (2, [3, 4])
    (reason,) = told["reasons"]
    assert (reason["reason"], reason["first_rows"], reason["fields"]) == (
        "KTP buram", [2], ["nama_ibu"]
    )  # fmt: skip
    reviewer.post(f"{here}/release", version=version, note="Baris 2 sudah saya telepon")
    second = caller("reviewer2").get(f"{here}/review")
    assert (second["is_mine"], second["latest"], second["note"]["words"]) == (
        False, None, "Baris 2 sudah saya telepon"
    )  # fmt: skip


def test_rows_are_listed_by_verdict_with_who_judged_them_and_each_call_is_kept(
    portal, reviewer, caller, under_review, here
):
    version = under_review["version"]
    caller("admin").post("/four-eyes", fields=["alamat"], expect=201)
    judge(reviewer, here, version, rows=[3])
    for show, numbers in (("all", [2, 3, 4]), ("open", [2, 4]), ("second", [3]), ("found", [])):
        page = reviewer.get(f"{here}/review-rows", show=show)
        assert ([one["number"] for one in page["items"]], page["total"]) == (numbers, len(numbers))
    (row,) = reviewer.get(f"{here}/review-rows", field="alamat")["items"]
    (one,) = row["corrections"]
    assert (row["verdict"], one["decided_by"], one["seconded_by"], one["waits_second"]) == (
        "approve", "Orang Reviewer", None, True
    )  # fmt: skip
    assert (one["label"], one["after"]) == ("Alamat Domisili", "Jl. Kenanga 7")
    beside = reviewer.get(f"{here}/review-rows/3")
    assert {name: beside[name] for name in row} == row
    assert beside["documents"] == beside["earlier"] == []
    assert {one["reason"] for one in beside["lacking"]} == {"Aslinya dibawa ke cabang"}
    reviewer.get(f"{here}/review-rows/99", expect=404)
    with portal.db.read() as session:
        read = session.scalars(sa.select(Act.details).where(Act.action == "rows:read")).all()
    assert [one["rows"] for one in read] == [3, 2, 1, 0, 1, 1]


def test_what_was_asked_before_for_the_employee_stands_beside_the_row(
    portal, hrd, reviewer, under_review, here
):
    made = hrd.send("/batches", workbook([CLEAN[0]]), "lagi.xlsx")["id"]
    worker.run_all(portal)
    again = f"/batches/{made}"
    without_documents(hrd, again)
    for one in hrd.get(f"{again}/findings", severity="warning")["items"]:
        hrd.post(f"{again}/confirmations", findings=[one["id"]], reason="Sudah dicocokkan")
    hrd.post(f"{again}/letters", expect=201)
    hrd.post(f"{again}/submit", version=hrd.get(again)["version"], declaration=True)
    (before,) = reviewer.get(f"{again}/review-rows/2")["earlier"]
    assert (before["batch"]["id"], before["field"], before["verdict"], before["answer"]) == (
        under_review["id"], "nama_ibu", None, None
    )  # fmt: skip


def test_a_word_judges_the_rows_it_chooses_and_the_second_seconds_them(
    reviewer, caller, under_review, here
):
    admin, second = caller("admin"), caller("reviewer2")
    admin.post("/four-eyes", fields=["alamat"], expect=201)
    version = under_review["version"]
    assert judge(reviewer, here, version, rows="found")["corrections"] == 0
    assert judge(reviewer, here, version, rows="second")["corrections"] == 0
    stale = judge(reviewer, here, version + 1, rows="found", expect=409)["error"]
    assert stale["code"] == "stale_version"
    assert judge(reviewer, here, version, rows="clean")["corrections"] == 3
    told = reviewer.get(f"{here}/review")["rows"]
    assert (told["second"], told["second_mine"]) == (1, 0)
    assert reviewer.post(f"{here}/decide", version=version, expect=422)
    passed = reviewer.post(f"{here}/pass-on", version=version)
    held = second.post(f"{here}/take", version=passed["version"])
    assert second.get(f"{here}/review")["rows"]["second_mine"] == 1
    assert judge(second, here, held["version"], rows="second")["corrections"] == 1
    assert second.get(f"{here}/review")["rows"]["second"] == 0
    assert "clean" in str(judge(second, here, held["version"], rows="semua", expect=422))


def test_your_latest_verdict_is_taken_back_once_however_often_it_is_asked(
    app, world, reviewer, under_review, here
):
    version = under_review["version"]
    judge(reviewer, here, version, rows=[2])
    first = reviewer.get(f"{here}/review")["latest"]
    judge(reviewer, here, version)
    latest = reviewer.get(f"{here}/review")["latest"]
    gone = reviewer.post(
        f"{here}/verdicts/take-back", version=version, given_at=first["given_at"], expect=409
    )["error"]
    assert (gone["code"], gone["fields"]) == (
        "changed_meanwhile", {"given_at": latest["given_at"]}
    )  # fmt: skip
    sent = {"version": version, "given_at": latest["given_at"]}
    pair = both(
        app, [world.tokens["reviewer"]] * 2, [here],
        lambda caller, path: caller.call("POST", f"{path}/verdicts/take-back", json=sent),
    )[0]  # fmt: skip
    done = [one.json["corrections"] for one in pair if one.status_code == 200]
    assert sum(done) == 2
    assert {one.status_code for one in pair} <= {200, 409}
    assert reviewer.get(f"{here}/review")["rows"]["approve"] == 1


def test_verdicts_of_rows_are_taken_back_until_the_decision(reviewer, caller, under_review, here):
    version, back = under_review["version"], f"{here}/verdicts/take-back"
    judge(reviewer, here, version)
    told = reviewer.post(back, version=version, rows=[2, 4])
    assert (told["corrections"], told["rows"]["open"], told["version"]) == (2, 2, version)
    assert reviewer.post(back, version=version, rows=[2])["corrections"] == 0
    for wrong in ({"rows": [9]}, {}, {"rows": [2], "given_at": "2026-11-21T00:00:00Z"}):
        error = reviewer.post(back, version=version, **wrong, expect=422)["error"]
        assert set(error["fields"]) == {"rows"}
    assert reviewer.post(back, version=9, rows=[3], expect=409)["error"]["code"] == "stale_version"
    caller("reviewer2").post(back, version=version, rows=[3], expect=409)
    judge(reviewer, here, version)
    reviewer.post(f"{here}/decide", version=version)
    gone = reviewer.post(back, version=version, rows=[3], expect=409)["error"]
    assert gone["code"] == "already_approved"


def test_a_large_verdict_is_taken_back_by_a_worker(
    portal, reviewer, under_review, here, monkeypatch
):
    monkeypatch.setattr(many_verdicts, "LARGE", 2)
    monkeypatch.setattr(review_works, "LARGE", 2)
    version = under_review["version"]
    work = judge(reviewer, here, version)["work"]
    assert reviewer.get(f"{here}/review")["work"] == work
    worker.run_all(portal)
    latest = reviewer.get(f"{here}/review")["latest"]
    sent = {"version": version, "given_at": latest["given_at"]}
    told = reviewer.post(f"{here}/verdicts/take-back", **sent)
    assert (told["corrections"], told["rows"]["open"]) == (0, 0)
    error = reviewer.post(f"{here}/verdicts/take-back", **sent, expect=409)["error"]
    assert error["code"] == "work_running"
    worker.run_all(portal)
    done = reviewer.get(f"{here}/works/{told['work']}")
    assert (done["act"], done["state"], done["corrections"]) == ("clear", "done", 3)
    assert reviewer.get(f"{here}/review")["rows"]["open"] == 3


def test_a_review_is_readable_while_a_worker_decides_it(
    portal, reviewer, under_review, here, monkeypatch
):
    monkeypatch.setattr(review_works, "LARGE", 2)
    version = under_review["version"]
    judge(reviewer, here, version)
    work = reviewer.post(f"{here}/decide", version=version)["work"]
    told = reviewer.get(f"{here}/review")
    assert (told["work"], told["ends"], told["latest"]) == (work, "approve", None)
    worker.run_all(portal)
    assert reviewer.get(f"{here}/review")["state"] == "approved"


def test_who_had_a_batch_in_hand_is_told_that_it_was_withdrawn(hrd, reviewer, caller, here):
    hrd.post(f"{here}/withdraw", reason="Keliru berkas")
    assert reviewer.get(f"{here}/review", expect=409)["error"]["code"] == "already_draft"
    caller("reviewer2").get(f"{here}/review", expect=404)
