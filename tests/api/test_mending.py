"""Mending by program: what is proposed, taken, typed and undone."""

import pytest

from hr_portal import worker
from hr_portal.services import letter_facts, long_works
from tests.web.story import PER_CORRECTION, employee
from tests.web.story import workbook as book

COUNT = 5


@pytest.fixture
def faulty(portal, hrd):
    rows = []
    for at in range(COUNT):
        kpj, *rest = employee(100 + at)
        rows.append((int(kpj), *rest, "No HP", "081390000001", f"0812{90000000 + at}", "Mati"))
    made = hrd.send("/batches", book(PER_CORRECTION, rows).getvalue(), "koreksi.xlsx")
    worker.run_all(portal)
    return made["id"]


def test_proposals_are_listed_tried_taken_and_undone(hrd, faulty):
    listed = hrd.get(f"/batches/{faulty}/suggestions")
    (item,) = listed["items"]
    assert (item["code"], item["case"], item["field"]) == ("KPJ-03", "", "kpj")
    assert (item["findings"], item["offered"], item["severity"]) == (COUNT, COUNT, "error")
    assert item["title"] != item["title_en"]
    would = hrd.post(f"/batches/{faulty}/fixes", code="KPJ-03", dry_run=True)
    assert would == {
        "act": None, "cells": COUNT, "rows": COUNT, "version": listed["version"], "due": False,
    }  # fmt: skip
    assert hrd.post(f"/batches/{faulty}/fixes", errors=True, dry_run=True) == would
    done = hrd.post(
        f"/batches/{faulty}/fixes", code="KPJ-03", field="kpj", version=listed["version"]
    )
    assert (done["cells"], done["version"]) == (COUNT, listed["version"] + 1)
    assert hrd.get(f"/batches/{faulty}/findings")["items"] == []
    assert hrd.get(f"/batches/{faulty}/suggestions")["items"] == []
    back = hrd.post(f"/batches/{faulty}/fixes/undo", act=done["act"], version=done["version"])
    assert back["cells"] == COUNT
    assert len(hrd.get(f"/batches/{faulty}/findings")["items"]) == COUNT
    refused = hrd.post(f"/batches/{faulty}/fixes/undo", act=done["act"], expect=409)
    assert refused["error"]["code"] == "undone"


def test_a_column_is_added_and_taken_away_while_nothing_is_typed_into_it(hrd, portal):
    kpj, nik, name, *_rest = employee(100)
    heads = ("No KPJ", "NIK", "Nama", "Data", "Semula", "Menjadi")
    rows = [(kpj, nik, name, "Nama", name, f"{name} A")]
    made = hrd.send("/batches", book(heads, rows).getvalue(), "nama.xlsx")
    worker.run_all(portal)
    here = f"/batches/{made['id']}"
    added = hrd.post(f"{here}/added-columns", field="kk")
    assert (added["column"], added["header"], added["due"]) == ("G", "No KK", False)
    gone = hrd.post(f"{here}/added-columns/undo", field="kk", version=added["version"])
    assert gone == {**added, "version": added["version"] + 1}
    hrd.post(f"{here}/added-columns/undo", field="kk", expect=404)
    hrd.post(f"{here}/added-columns", field="kk")
    hrd.post(f"{here}/fixes", cells=[{"cell": "G2", "text": "3171010101019001"}])
    kept = hrd.post(f"{here}/added-columns/undo", field="kk", expect=409)
    assert kept["error"]["code"] == "column_filled"


def test_cells_far_apart_are_looked_at_and_typed_by_a_worker(hrd, faulty, portal, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_BLOCKS", 0)
    here = f"/batches/{faulty}"
    cells = [{"cell": f"A{row}", "text": f"0999999{row:04}"} for row in range(2, 4)]
    for dry_run, state in ((True, "ready"), (False, "done")):
        told = hrd.post(f"{here}/fixes", cells=cells, dry_run=dry_run, expect=202)
        worker.run_all(portal)
        ended = hrd.get(f"{here}/large-acts/{told['id']}")
        assert (ended["kind"], ended["state"], ended["cells"]) == ("typing", state, 2)
    assert len(hrd.get(f"{here}/findings")["items"]) == COUNT - 2
    told = hrd.post(f"{here}/fixes/undo", act=ended["act"], expect=202)
    worker.run_all(portal)
    assert hrd.get(f"{here}/large-acts/{told['id']}")["cells"] == 2


def test_acts_on_a_large_draft_are_a_workers_and_asked_after(
    hrd, caller, faulty, portal, monkeypatch
):
    for name in ("MOST_CELLS", "MOST_ROWS", "MOST_PARTED"):
        monkeypatch.setattr(long_works, name, 1)
    here = f"/batches/{faulty}"

    def over(path, state="done", **body):
        told = hrd.post(here + path, expect=202, **body)
        at = f"{here}/large-acts/{told['id']}"
        assert hrd.get(at) == told
        assert hrd.post(here + path, expect=202, **body) == told  # asked again meanwhile
        assert hrd.post(here + path, expect=202, **body)["id"] == told["id"]
        worker.run_all(portal)
        ended = hrd.get(at)
        assert (ended["state"], ended["percent"], ended["problem"]) == (state, 100, None)
        return ended

    would = over("/fixes", "ready", code="KPJ-03", dry_run=True)
    assert (would["cells"], would["rows"], would["act"]) == (COUNT, COUNT, None)
    done = over("/fixes", code="KPJ-03")
    assert (done["cells"], done["left"]) == (COUNT, 0)
    caller("other_hrd").get(f"{here}/large-acts/{done['id']}", expect=404)
    assert over("/fixes/undo", act=done["act"])["cells"] == COUNT
    undone = hrd.post(here + "/fixes/undo", act=done["act"], expect=409)
    assert undone["error"]["code"] == "undone"
    assert over("/explanations", reason="Menyusul")["rows"] == COUNT
    assert over("/explanations/withdraw")["rows"] == COUNT
    cells = [{"cell": f"A{row}", "text": f"0999999{row:04}"} for row in range(3, 2 + COUNT)]
    hrd.post(here + "/fixes", cells=cells)  # the first row keeps its fault
    version = hrd.get(here)["version"]
    parted = over("/split", version=version)
    assert (parted["kept"], parted["moved"]) == (COUNT - 1, 1)
    again = hrd.post(here + "/split", version=version)
    assert (again["kept"], again["child"]["number"]) == (COUNT - 1, parted["child"])
    late = hrd.post(here + "/split", version=version - 1, expect=409)
    assert late["error"]["code"] == "stale_version"


def test_a_draft_of_too_many_corrections_for_a_letter_is_divided(hrd, faulty, portal, monkeypatch):
    monkeypatch.setattr(letter_facts, "MAX_LINES", 2)
    here = f"/batches/{faulty}"
    shown = hrd.get(here)
    assert "letter_too_big" in {one["code"] for one in shown["missing"]}
    told = hrd.post(here + "/divide", version=shown["version"], expect=202)
    worker.run_all(portal)
    done = hrd.get(f"{here}/large-acts/{told['id']}")
    assert (done["kind"], done["state"], done["kept"], done["moved"]) == ("divide", "done", 2, 3)
    assert done["child"] == hrd.get(here)["children"][0]["number"]
    assert "letter_too_big" not in {one["code"] for one in hrd.get(here)["missing"]}
    again = hrd.post(here + "/divide", version=shown["version"])  # whose first answer was lost
    assert (again["kept"], again["child"]["number"]) == (2, done["child"])


def test_cells_are_typed_by_their_address(hrd, faulty):
    cells = [{"cell": "I2", "text": "Ganti"}, {"cell": "I3", "text": "Mati"}]
    would = hrd.post(f"/batches/{faulty}/fixes", cells=cells, dry_run=True)
    assert (would["act"], would["cells"]) == (None, 1)
    done = hrd.post(f"/batches/{faulty}/fixes", cells=cells)
    assert (done["cells"], done["rows"], done["due"]) == (1, 1, False)
    row = hrd.get(f"/batches/{faulty}/rows", reveal="true")["items"][0]
    assert row["cells"]["Alasan"] == "Ganti"
    same = hrd.post(f"/batches/{faulty}/fixes", cells=cells)
    assert (same["act"], same["version"]) == (None, done["version"])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "code"),
        ({"code": "KPJ-03", "cells": [{"cell": "I2", "text": ""}]}, "code"),
        ({"code": "KPJ-03", "errors": True}, "code"),
        ({"cells": [{"cell": "ZZ2", "text": ""}]}, "cells.0.cell"),
        ({"cells": [{"cell": "2I", "text": ""}]}, "cells.0.cell"),
        ({"cells": []}, "cells"),
        ({"cells": [{"cell": "I2"}]}, "cells.0.text"),
    ],
)
def test_what_can_not_be_followed_is_named(hrd, faulty, body, named):
    refused = hrd.post(f"/batches/{faulty}/fixes", expect=422, **body)
    assert named in refused["error"]["fields"]


def test_rows_that_do_not_exist_and_stale_versions_change_nothing(hrd, caller, faulty):
    hrd.post(f"/batches/{faulty}/fixes", cells=[{"cell": "I99", "text": "x"}], expect=404)
    late = hrd.post(f"/batches/{faulty}/fixes", code="KPJ-03", version=99, expect=409)
    assert late["error"]["code"] == "stale_version"
    caller("other_hrd").post(f"/batches/{faulty}/fixes", code="KPJ-03", expect=404)
    caller("reviewer").get(f"/batches/{faulty}/suggestions", expect=404)


@pytest.mark.parametrize("asked", [{"code": "page_of"}, {"code": "KPJ-03", "case": "lain"}])
def test_a_rule_or_case_that_the_law_has_not_is_no_fault_of_ours(hrd, faulty, asked):
    for dry_run in (True, False):
        hrd.post(f"/batches/{faulty}/fixes", expect=404, dry_run=dry_run, version=1, **asked)


def test_a_rule_that_has_only_cases_is_tried_without_one(hrd, faulty):
    would = hrd.post(f"/batches/{faulty}/fixes", code="NIK-06", dry_run=True)
    assert would["cells"] == 0
