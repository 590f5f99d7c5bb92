"""What is read: paged, filtered, masked, and every look at whole values recorded."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from tests.api.conftest import CLEAN, HEADERS, small_pdf, workbook


@pytest.fixture
def settings(sqlite_settings):
    """Paging and masking ask nothing of the database that the services' own tests don't."""
    return sqlite_settings


def acts(portal, action):
    with portal.db.read() as session:
        return [
            act.details
            for act in session.scalars(sa.select(Act).where(Act.action == action).order_by(Act.id))
        ]


def test_batches_are_paged_and_filtered_by_state(hrd, checked):
    others = [hrd.send("/batches", workbook(), "lagi.xlsx")["id"] for _ in range(4)]
    hrd.post(f"/batches/{others[0]}/cancel")
    first = hrd.get("/batches", per_page=2)
    assert {name: first[name] for name in ("page", "per_page", "total", "pages")} == {
        "page": 1, "per_page": 2, "total": 5, "pages": 3,
    }  # fmt: skip
    seen = [
        one["id"]
        for page in (1, 2, 3)
        for one in hrd.get("/batches", per_page=2, page=page)["items"]
    ]
    assert sorted(seen) == sorted([checked["id"], *others])
    assert hrd.get("/batches", per_page=2, page=4)["items"] == []
    assert [one["id"] for one in hrd.get("/batches", state="cancelled")["items"]] == [others[0]]
    assert hrd.get("/batches", state="approved") == {
        "items": [],
        "page": 1,
        "per_page": 100,
        "total": 0,
        "pages": 1,
    }


def test_nobody_lists_what_is_not_theirs(caller, submitted, checked):
    assert caller("other_hrd").get("/batches")["total"] == 0
    assert caller("other_reviewer").get("/queue")["total"] == 0
    assert caller("reviewer").get("/batches")["total"] == 1
    assert caller("reviewer").get("/queue")["total"] == 1


def test_a_reviewer_does_not_see_a_draft(caller, checked):
    assert caller("reviewer").get("/batches")["total"] == 0
    caller("reviewer").get(f"/batches/{checked['id']}", expect=404)


def test_cells_and_employees_are_masked_and_corrections_are_whole(portal, hrd, checked):
    row = hrd.get(f"/batches/{checked['id']}/rows")["items"][0]
    assert row["cells"]["NIK"] == row["employee"]["nik"] == "3171••••••••9013"
    assert row["cells"]["Menjadi"] != "AMINAH"
    assert row["corrections"] == [
        {
            "field": "nama_ibu", "label": "Nama Ibu Kandung", "before": "AMINA", "after": "AMINAH",
            "verdict": None, "reason": "", "document": None,
        }
    ]  # fmt: skip
    (act,) = acts(portal, "rows:read")
    assert act == {"page": 1, "rows": 3, "revealed": 0}


def test_identifiers_are_shown_whole_on_request_and_that_is_recorded(portal, hrd, checked):
    row = hrd.get(f"/batches/{checked['id']}/rows", reveal="true", per_page=2)["items"][0]
    assert row["number"] == 2
    assert dict(zip(HEADERS, CLEAN[0], strict=True)) == row["cells"]
    assert row["employee"] == {
        "kpj": "09999990017", "nik": "3171014508909013", "nama": "SITI CONTOHAN",
        "tanggal_lahir": "1990-08-05", "kk": "3171011203159001",
    }  # fmt: skip
    assert acts(portal, "rows:read") == [{"page": 1, "rows": 2, "revealed": 1}]


def test_headers_that_stand_twice_keep_their_own_cells(portal, hrd):
    rows = [[*CLEAN[0], "catatan 1", "catatan 2", "tanpa judul"]]
    made = hrd.send("/batches", workbook(rows, [*HEADERS, "Memo", "Memo", None]), "koreksi.xlsx")
    worker.run_all(portal)
    (row,) = hrd.get(f"/batches/{made['id']}/rows")["items"]
    assert (row["cells"]["Memo [K]"], row["cells"]["Memo [L]"], row["cells"]["[M]"]) == (
        "catatan 1",
        "catatan 2",
        "tanpa judul",
    )


def test_findings_are_filtered_by_severity_code_and_row_and_reading_them_is_recorded(portal, hrd):
    wrong = [[row[0], "9999990017" if n else row[1], *row[2:]] for n, row in enumerate(CLEAN)]
    here = "/batches/" + hrd.send("/batches", workbook(wrong), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    everything = hrd.get(f"{here}/findings")["items"]
    for name, value in (("severity", "error"), ("code", "KPJ-04"), ("row", 3)):
        some = hrd.get(f"{here}/findings", **{name: value})["items"]
        assert some == [one for one in everything if one[name] == value]
        assert some
    assert hrd.get(f"{here}/findings", code="' OR 1=1--")["total"] == 0
    assert hrd.get(f"{here}/findings", code="%")["total"] == 0
    assert acts(portal, "findings:read")[0]["findings"] == len(everything)
    assert hrd.get(f"{here}/rows", show="error")["total"] == hrd.get(here)["rows"]["invalid"] == 2
    assert [row["number"] for row in hrd.get(f"{here}/rows", code="KPJ-04")["items"]] == [3, 4]


def test_an_act_carries_no_personal_data(portal, hrd, checked):
    hrd.get(f"/batches/{checked['id']}/rows", reveal="true")
    hrd.get(f"/batches/{checked['id']}/findings")
    with portal.db.read() as session:
        told = repr([act.details for act in session.scalars(sa.select(Act))])
    for secret in ("3171014508909013", "09999990017", "SITI", "AMINAH"):
        assert secret not in told


def test_a_document_is_served_as_a_file_that_cannot_run(hrd, checked):
    name = "ktp; <b>é😀.pdf"
    made = hrd.send(f"/batches/{checked['id']}/documents", small_pdf(), name, row=2, kind="ktp")
    assert (made["kind"], made["media_type"], made["pages"]) == ("ktp", "application/pdf", 1)
    answer = hrd.call("GET", f"/documents/{made['id']}/content")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert len(answer.data) == made["size"]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_document_of_another_type_is_refused_with_a_sentence(hrd, checked):
    refused = hrd.send(
        f"/batches/{checked['id']}/documents", b"GIF89a" + bytes(50), "foto.gif", expect=422
    )["error"]
    assert refused["code"].startswith("DOC-")
    assert "foto.gif" in refused["message"]
    unknown = hrd.send(
        f"/batches/{checked['id']}/documents", small_pdf(), "ktp.pdf", expect=422, row=99
    )["error"]
    assert set(unknown["fields"]) == {"row"}


def test_documents_are_paged(hrd, checked):
    here = f"/batches/{checked['id']}/documents"
    made = [hrd.send(here, small_pdf(), f"ktp-{n}.pdf")["id"] for n in range(3)]
    pages = [hrd.get(here, page=n, per_page=2) for n in (1, 2, 3)]
    assert [[one["id"] for one in page["items"]] for page in pages] == [made[:2], made[2:], []]
    assert {page["pages"] for page in pages} == {2}


def test_the_annotated_workbook_is_fetched_and_recorded(portal, hrd, checked):
    here = f"/batches/{checked['id']}"
    answer = hrd.call("GET", f"{here}/annotated")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert "Ringkasan" in book.sheetnames
    assert "Hasil" in [cell.value for cell in book.worksheets[0][1]]
    assert acts(portal, "batch:annotated_exported") == [{"revision": 1}]
