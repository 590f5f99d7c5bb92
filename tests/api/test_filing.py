"""A program sends documents that find their rows, places the rest, and asks what is missing."""

import io

from hr_portal import worker
from tests.api.conftest import small_pdf, workbook, zipped


def test_documents_are_filed_placed_taken_back_and_counted(portal, hrd):
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    here = f"/batches/{batch}"
    lacking = hrd.get(f"{here}/coverage")["lacking"]
    scan = small_pdf()
    filed = hrd.send(f"{here}/filed-documents", scan, "KTP baris 2.pdf")
    assert (filed["is_placed"], filed["rows"], filed["kind"]) == (True, [2], "ktp")
    again = hrd.send(f"{here}/filed-documents", scan, "KTP baris 2.pdf")
    assert (again["is_repeated"], again["document_id"]) == (True, filed["document_id"])
    hrd.post(f"/documents/{filed['document_id']}/take-back")
    (waiting,) = hrd.get(f"{here}/tray")["items"]
    assert (waiting["id"], waiting["row"], waiting["kind"]) == (filed["document_id"], 2, "ktp")
    placed = hrd.post(f"/documents/{waiting['id']}/place", whose="2", kind="kartu_bpjstk")
    assert placed == {"batch_id": batch, "rows": [2]}
    assert hrd.get(f"{here}/tray")["total"] == 0
    covered = hrd.get(f"{here}/coverage", lacking="false")
    assert "kartu_bpjstk" in covered["items"][0]["there"]
    assert covered["lacking"] <= lacking


def test_a_zip_is_followed_until_it_is_done(portal, hrd):
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    taken = hrd.send(f"/batches/{batch}/archives", zipped(), "dokumen.zip")
    assert (taken["state"], taken["files"]) == ("waiting", 1)
    worker.run_all(portal)
    done = hrd.get(f"/archives/{taken['id']}")
    assert (done["state"], done["kept"], done["placed"], done["refused"]) == ("done", 1, 0, [])
    wrong = hrd.call(
        "POST", f"/batches/{batch}/archives", data={"file": (io.BytesIO(b"PK"), "a.zip")}
    )
    assert (wrong.status_code, wrong.json["error"]["code"]) == (422, "ZIP-01")
