"""The queue by API: its counts, the batches of one person, and taking the next."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from tests.api.conftest import CLEAN, Caller, without_documents, workbook

SITI, BUDI = CLEAN[0], CLEAN[1]


@pytest.fixture
def two(portal, hrd, submitted) -> list[str]:
    """Two submitted batches, the oldest first; BUDI stands in both."""
    made = hrd.send("/batches", workbook([BUDI]), "lagi.xlsx")["id"]
    worker.run_all(portal)
    here = f"/batches/{made}"
    without_documents(hrd, here)
    warned = hrd.get(f"{here}/findings", severity="warning")["items"]
    for code in {one["code"] for one in warned}:
        hrd.post(f"{here}/confirmations", code=code, reason="Sudah dicocokkan")
    hrd.post(f"{here}/letters", expect=201)
    hrd.post(f"{here}/submit", version=hrd.get(here)["version"], declaration=True)
    return [submitted["id"], made]


def test_the_overview_counts_what_waits_narrowed_down_and_tells_what_comes_next(
    reviewer, caller, two
):
    told = reviewer.get("/queue/overview")
    assert (told["open"], told["mine"], told["done"], told["held"]) == (2, 0, 0, None)
    assert sum(told["due"].values()) == 2
    assert told["next"]["id"] == two[0]
    assert {one["name"] for one in told["reviewers"]} == {"Orang Reviewer", "Orang Reviewer2"}
    number = told["next"]["number"]
    reviewer.post(f"/batches/{two[1]}/take")
    told = reviewer.get("/queue/overview", text=number)
    assert (told["open"], told["mine"], sum(told["due"].values())) == (1, 0, 1)
    assert (told["held"]["id"], told["next"]["id"]) == (two[1], two[0])
    for asked in ({"held": "taken"}, {"reviewer": told["held"]["reviewer_id"]}):
        told = reviewer.get("/queue/overview", **asked)
        assert (told["open"], told["mine"], sum(told["due"].values())) == (1, 1, 1)
    elsewhere = caller("other_reviewer").get("/queue/overview")
    assert (elsewhere["open"], elsewhere["next"]) == (0, None)


def test_what_was_decided_is_listed_the_latest_first(reviewer, two):
    for one in two:
        held = reviewer.post(f"/batches/{one}/take")
        here = f"/batches/{one}"
        reviewer.post(f"{here}/verdicts", version=held["version"], rows="rest", verdict="approve")
        reviewer.post(f"{here}/decide", version=held["version"])
    done = reviewer.get("/queue", state="done")
    assert [one["id"] for one in done["items"]] == [two[1], two[0]]
    assert all(one["decided_at"] for one in done["items"])
    number = done["items"][0]["number"]
    assert reviewer.get("/queue/overview", text=number)["done"] == 1


@pytest.mark.parametrize(
    ("number", "found"), [(SITI[1], 1), (BUDI[1], 2), (BUDI[2], 2), ("3171 0112 0385 9021", 2)]
)
def test_a_person_is_found_by_a_whole_number_which_is_kept_nowhere(
    portal, reviewer, caller, two, number, found
):
    items = reviewer.post("/queue/searches", number=number)["items"]
    assert [one["id"] for one in items] == two[:found]
    assert caller("other_reviewer").post("/queue/searches", number=number)["items"] == []
    with portal.db.read() as session:
        acts = session.scalars(
            sa.select(Act).where(Act.action == "queue:person_searched").order_by(Act.id)
        ).all()
        assert [one.details["batches"] for one in acts] == [
            sorted(two[:found], key=acts[0].details["batches"].index), []
        ]  # fmt: skip
        assert number.replace(" ", "") not in str([one.details for one in acts])


@pytest.mark.parametrize("number", ["317101450890901", "KTP", "٣" * 16])
def test_a_part_of_a_number_finds_nobody_and_says_what_is_wanted(reviewer, two, number):
    told = reviewer.post("/queue/searches", number=number, expect=422)["error"]
    assert set(told["fields"]) == {"number"}
    assert "16 angka" in told["message"]


def test_the_next_is_taken_with_what_the_reviewer_before_wrote(caller, two):
    first, second = caller("reviewer"), caller("reviewer2")
    taken = first.post("/queue/take-next")
    assert (taken["batch"]["id"], taken["batch"]["state"], taken["note"]) == (
        two[0], "in_review", None
    )  # fmt: skip
    first.post(f"/batches/{two[0]}/release", note="Baris 3 belum dilihat")
    taken = second.post("/queue/take-next")
    assert taken["batch"]["id"] == two[0]
    assert (taken["note"]["by"], taken["note"]["words"]) == (
        "Orang Reviewer", "Baris 3 belum dilihat"
    )  # fmt: skip
    assert second.post("/queue/take-next")["batch"]["id"] == two[1]
    assert second.post("/queue/take-next") == {"batch": None, "note": None}


def test_two_who_take_the_next_at_once_get_different_ones(app, world, two):
    barrier = Barrier(2)

    def take(who):
        caller = Caller(app, world.tokens[who])
        barrier.wait(timeout=60)
        return caller.post("/queue/take-next")["batch"]["id"]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ["reviewer", "reviewer2"])) == sorted(two)
