"""Columns that are not certain are asked of programs, too."""

import pytest

from hr_portal import worker
from tests.api.conftest import CLEAN, HEADERS, workbook

STRANGE = ["No", "No Kartu", *HEADERS[2:]]


@pytest.fixture
def asked(hrd, portal):
    taken = hrd.send("/batches", workbook(headers=STRANGE), "koreksi.xlsx")
    worker.run_all(portal)
    return f"/batches/{taken['id']}"


def test_a_program_is_asked_and_its_answer_is_read(hrd, portal, asked):
    batch = hrd.get(asked)
    assert (batch["file_state"], batch["questions"]["rows"]) == ("asking", 3)
    (open_,) = [one for one in batch["questions"]["columns"] if one["is_asked"]]
    assert (open_["column"], open_["header"], open_["meaning"]) == ("B", "No Kartu", "kpj")
    assert open_["samples"] == [row[1] for row in CLEAN]
    taken = hrd.post(f"{asked}/columns", columns={"B": "kpj"}, version=batch["version"])
    assert (taken["file_state"], taken["version"]) == ("received", 2)
    worker.run_all(portal)
    after = hrd.get(asked)
    assert (after["file_state"], after["questions"], after["rows"]["valid"]) == ("checked", None, 3)


def test_what_is_proposed_needs_no_repeating(hrd, portal, asked):
    hrd.post(f"{asked}/columns", columns={})
    worker.run_all(portal)
    assert hrd.get(asked)["file_state"] == "checked"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"columns": {"B": "abaikan"}}, "columns_missing"),
        ({"columns": {"B": "bintang"}}, "invalid"),
        ({"columns": {"ZZ": "nik"}}, "column_unknown"),
        ({"columns": "kpj"}, "invalid"),
        ({"sheet": "Lain"}, "sheet_missing"),
        ({"kolom": {}}, "invalid"),
    ],
)
def test_an_answer_that_makes_no_table_is_refused(hrd, asked, body, code):
    assert hrd.post(f"{asked}/columns", expect=422, **body)["error"]["code"] == code


def test_a_second_answer_comes_too_late(hrd, asked):
    hrd.post(f"{asked}/columns", columns={}, version=1)
    refusal = hrd.post(f"{asked}/columns", expect=409, columns={}, version=1)
    assert refusal["error"]["code"] == "stale_version"
    assert hrd.post(f"{asked}/columns", expect=409, columns={})["error"]["code"] == "nothing_to_ask"


def test_the_question_is_for_the_company_alone(reviewer, asked):
    reviewer.get(asked, expect=404)
    reviewer.post(f"{asked}/columns", expect=403, columns={})
