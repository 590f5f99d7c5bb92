"""What is too large for a request: a program is told where to ask, and finds the same answer."""

import pytest

from hr_portal import worker
from hr_portal.services import many_answers, review_works
from tests.api.conftest import CLEAN


@pytest.fixture
def settings(sqlite_settings):
    """The database has no part in it."""
    return sqlite_settings


def test_a_program_gives_out_and_sends_the_answer_of_very_many_rows(
    portal, hrd, reviewer, under_review, monkeypatch
):
    here, version = f"/batches/{under_review['id']}", under_review["version"]
    reviewer.post(f"{here}/verdicts", version=version, rows="rest", verdict="approve")
    version = reviewer.post(f"{here}/decide", version=version)["version"]
    monkeypatch.setattr(review_works, "LARGE", 1)
    monkeypatch.setattr(many_answers, "LARGE_BYTES", 10)

    def ordered(answer):
        assert (answer.status_code, set(answer.json)) == (202, {"work"})
        return answer.headers["Location"].removeprefix("http://localhost")

    body = {"outlet": "json", "version": version}
    there = ordered(reviewer.call("POST", f"{here}/handovers", json=body))
    told = reviewer.get(there)
    assert (told["state"], told["act"], told["total"]) == ("wanted", "forward", 3)
    assert told["answered"] is told["problem"] is None
    refused = reviewer.post(f"{here}/handovers", expect=409, outlet="csv")["error"]
    assert (refused["code"], refused["fields"]) == ("work_running", {"work": told["id"]})
    worker.run_all(portal)
    assert reviewer.get(there)["state"] == "done"
    (given,) = hrd.get(f"{here}/handovers")["items"]
    assert (given["outlet"], given["corrections"]) == ("json", 3)
    assert (
        reviewer.post(f"{here}/handovers", expect=409, outlet="json")["error"]["code"]
        == "already_forwarded"
    )

    lines = [f"{row[1]};{row[6]};{'Ditolak' if row[0] == '2' else 'Diterima'};" for row in CLEAN]
    content = "\r\n".join(["KPJ;Data;Hasil;Keterangan", *lines]).encode()
    wrong = reviewer.send(
        f"{here}/agency-answers",
        content.replace(b"09999990017", b"09999990991"),
        "a.csv",
        expect=202,
    )
    worker.run_all(portal)
    told = reviewer.get(f"{here}/works/{wrong['work']}")
    assert (told["state"], told["answered"]) == ("failed", None)
    assert "1 of 3 rows are no approved corrections" in told["problem"]["message_en"]
    sent = reviewer.send(f"{here}/agency-answers", content, "a.csv", expect=202)
    worker.run_all(portal)
    told = reviewer.get(f"{here}/works/{sent['work']}")
    (child,) = hrd.get(here)["children"]
    assert (told["state"], told["done"], told["corrections"]) == ("done", 3, 3)
    assert told["answered"] == {
        "accepted": 2, "refused": 1, "known": 0, "waiting": 0, "state": "completed",
        "child_batch_id": child["id"], "child_number": child["number"],
    }  # fmt: skip
    late = reviewer.send(f"{here}/agency-answers", content, "a.csv", expect=409)["error"]
    assert late["code"] == "not_forwarded"


def test_an_admin_follows_the_reopening_of_very_many_rows_where_the_batch_is_looked_up(
    caller, portal, reviewer, under_review, monkeypatch
):
    here, version = f"/batches/{under_review['id']}", under_review["version"]
    admin, number = caller("admin"), under_review["number"]
    reviewer.post(f"{here}/verdicts", version=version, rows="rest", verdict="approve")
    reviewer.post(f"{here}/decide", version=version)
    monkeypatch.setattr(review_works, "LARGE", 1)
    assert admin.get("/reopenings", number=number)["work"] is None
    told = admin.post(f"{here}/reopen", reason="Dokumen peserta lain")
    assert (told["state"], told["revision"]) == ("approved", 1)
    found = admin.get("/reopenings", number=number)["work"]
    assert (found["id"], found["act"], found["state"]) == (told["work"], "reopen", "wanted")
    error = admin.post(f"{here}/reopen", expect=409, reason="Sekali lagi")["error"]
    assert error["code"] == "work_running"
    worker.run_all(portal)
    found = admin.get("/reopenings", number=number)
    assert (found["state"], found["work"]["state"], found["work"]["done"]) == (
        "submitted",
        "done",
        3,
    )
