"""Taking files in: once a key, for the right company, and refused with a sentence."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Batch, File, Revision
from hr_portal.services import accounts, places
from tests.api.conftest import BASE, HEADERS, Caller, workbook


def count(portal, model):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def stored(portal):
    """How many files lie in the store."""
    return sum(file.is_file() for file in portal.settings.files_dir.rglob("*"))


def together(times, act):
    """The results of one act done at the same instant in many threads."""
    barrier = threading.Barrier(times)

    def go(number):
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(go, range(times)))


def test_a_repeated_key_gives_the_same_batch_and_says_so(portal, hrd):
    first = hrd.call(
        "POST",
        "/batches",
        data={"file": (io.BytesIO(workbook()), "a.xlsx")},
        headers={"Idempotency-Key": "k1"},
    )
    again = hrd.call(
        "POST",
        "/batches",
        data={"file": (io.BytesIO(workbook()), "a.xlsx")},
        headers={"Idempotency-Key": "k1"},
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Location"] == f"{BASE}/batches/{first.json['id']}"
    assert count(portal, Batch) == 1


def test_parallel_requests_with_one_key_make_one_batch(portal, app, world):
    worker.run_all(portal)  # tells people of their tokens
    sheet = workbook()

    def upload(_number):
        return Caller(app, world.tokens["hrd"]).send(
            "/batches", sheet, "koreksi.xlsx", key="satu-kunci"
        )

    made = together(6, upload)
    assert len({one["id"] for one in made}) == 1
    assert (count(portal, Batch), count(portal, Revision), count(portal, File)) == (1, 1, 1)
    assert stored(portal) == 1
    assert worker.run_all(portal) == 1


def test_parallel_revisions_with_one_key_make_one_revision(portal, app, world, checked):
    sheet = workbook()

    def upload(_number):
        caller = Caller(app, world.tokens["hrd"])
        return caller.send(
            f"/batches/{checked['id']}/revisions", sheet, "lagi.xlsx", key="revisi-dua"
        )

    made = together(4, upload)
    assert {one["revision"] for one in made} == {2}
    assert count(portal, Revision) == 2


def test_the_same_bytes_sent_at_once_without_a_key_are_several_batches_and_one_file(
    portal, app, world
):
    sheet = workbook()

    def upload(_number):
        return Caller(app, world.tokens["hrd"]).send("/batches", sheet, "koreksi.xlsx")

    made = together(4, upload)
    assert len({one["id"] for one in made}) == len({one["number"] for one in made}) == 4
    assert (count(portal, Batch), count(portal, File), stored(portal)) == (4, 1, 1)


def test_two_people_may_use_the_same_key(hrd, caller):
    mine = hrd.send("/batches", workbook(), "a.xlsx", key="k1")
    theirs = caller("other_hrd").send("/batches", workbook(), "a.xlsx", key="k1")
    assert mine["id"] != theirs["id"]


def test_company_and_branch_are_named_by_id_or_by_their_own_names(portal, caller, world):
    accounts.create_user(
        portal,
        email="hrd@portal.example",
        name="",
        password="",
        role="hrd",
        company_id=world.other_company,
    )
    both = caller("hrd")
    refused = both.send("/batches", workbook(), "a.xlsx", expect=422)["error"]
    assert set(refused["fields"]) == {"company"}
    for wanted in (world.other_company, "90000124", "90000124/000"):
        made = both.send("/batches", workbook(), "a.xlsx", company=wanted, branch="Umpama Barat")
        shown = both.get(f"/batches/{made['id']}")
        assert (shown["company"]["npp"], shown["branch"]["name"]) == ("90000124", "Umpama Barat")
    made = both.send(
        "/batches", workbook(), "a.xlsx", company="90000123", branch=world.other_branch
    )
    assert both.get(f"/batches/{made['id']}")["branch"]["id"] == world.other_branch


def test_an_npp_with_several_divisions_asks_which(portal, caller, world):
    branch = world.branch
    other = places.create_company(
        portal, name="PT Contoh Sejahtera", npp="90000123", division="7", default_branch_id=branch
    )
    accounts.create_user(
        portal, email="hrd@portal.example", name="", password="", role="hrd", company_id=other
    )
    refused = caller("hrd").send("/batches", workbook(), "a.xlsx", expect=422, company="90000123")[
        "error"
    ]
    assert "90000123/000, 90000123/007" in refused["fields"]["company"]
    made = caller("hrd").send("/batches", workbook(), "a.xlsx", company="90000123/7")
    assert caller("hrd").get(f"/batches/{made['id']}")["company"]["id"] == other


@pytest.mark.parametrize("name", ["company", "branch"])
def test_another_companys_place_answers_like_an_unknown_one(hrd, world, name):
    known = world.other_company if name == "company" else "Umpama  Barat"
    answers = [
        hrd.send("/batches", workbook(), "a.xlsx", expect=422, **{name: value})["error"]
        for value in (known, "x")
    ]
    for one in answers:
        del one["request_id"]
    assert answers[0] == answers[1]
    assert set(answers[0]["fields"]) == {name}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "kosong.xlsx", "FILE-02"),
        (b"%PDF-1.7 bukan lembar kerja", "surat.xlsx", "FILE-01"),
        (b"MZ" + bytes(200), "program.exe", "FILE-01"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_with_its_code_and_nothing_is_kept(
    portal, hrd, content, name, code
):
    refused = hrd.send("/batches", content, name, expect=422)["error"]
    assert refused["code"] == code
    assert name in refused["message"]
    assert name in refused["message_en"]
    assert (count(portal, Batch), count(portal, File)) == (0, 0)


@pytest.mark.parametrize("rows", [[], [["1"] + [""] * 9]], ids=["header only", "no needed column"])
def test_a_file_without_a_table_becomes_unreadable_and_says_why(portal, hrd, rows):
    headers = HEADERS if not rows else ["Kolom " + str(n) for n in range(10)]
    made = hrd.send("/batches", workbook(rows, headers), "daftar.xlsx")
    worker.run_all(portal)
    batch = hrd.get(f"/batches/{made['id']}")
    assert (batch["state"], batch["file_state"]) == ("draft", "unreadable")
    assert batch["refusal"]["code"].startswith("FILE-")
    assert "daftar.xlsx" in batch["refusal"]["message"]
    assert batch["refusal"]["message_en"] != batch["refusal"]["message"]
    assert count(portal, File) == 0


def test_text_of_a_sheet_comes_back_as_text(portal, hrd):
    odd = ["1", "09999990017", "3171014508909013", "3171011203159001", "SITI CONTOHAN", "05-08-1990",
           "Alamat Domisili", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1)"]  # fmt: skip
    made = hrd.send("/batches", workbook([odd]), "<b>/b>aneh (1).xlsx")
    worker.run_all(portal)
    batch = hrd.get(f"/batches/{made['id']}")
    assert (batch["file_state"], batch["file_name"]) == ("checked", "b>aneh (1).xlsx")
    (row,) = hrd.get(f"/batches/{made['id']}/rows", reveal="true")["items"]
    (correction,) = row["corrections"]
    assert correction["before"] == "<script>alert(1)</script>"
    assert correction["after"] == "=cmd|' /C calc'!A0"
    assert row["cells"]["Alasan"] == "@SUM(1)"
