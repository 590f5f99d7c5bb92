"""A program sends documents that find their rows, places the rest, and asks what is missing."""

import hashlib
import io

from hr_portal import worker
from hr_portal.adapters.scanner import Scanner
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
    more = hrd.post(f"/documents/{waiting['id']}/place", whose="3-4", kind="kartu_bpjstk")["rows"]
    assert more == [3, 4]
    assert hrd.post(f"/documents/{waiting['id']}/take-back", rows=more)["rows"] == [2]
    covered = hrd.get(f"{here}/coverage", lacking="false")
    assert "kartu_bpjstk" in covered["items"][0]["there"]
    assert covered["lacking"] <= lacking
    (one,) = hrd.get(f"{here}/coverage", lacking="false", row="3")["items"]
    assert one["number"] == 3


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


def test_proposals_are_accepted_waiting_documents_listed_and_a_zip_stopped(portal, hrd):
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    here = f"/batches/{batch}"
    asked = hrd.send(f"{here}/filed-documents", small_pdf(), "2_ktp.pdf")
    other = hrd.send(f"{here}/filed-documents", small_pdf() + b"\n", "scan0031.pdf")
    ids = [asked["document_id"], other["document_id"]]
    proposed = {one["id"]: one["is_proposal"] for one in hrd.get(f"{here}/tray")["items"]}
    assert proposed == {ids[0]: True, ids[1]: False}
    assert hrd.post(f"{here}/tray/accept", documents=ids)["placed"] == 1
    hrd.post(f"/documents/{ids[0]}/take-back")
    assert hrd.post(f"{here}/tray/accept", documents="all")["placed"] == 1
    assert hrd.post(f"/documents/{ids[1]}/remove") == {"batch_id": batch}
    assert hrd.get(f"{here}/tray")["total"] == 0
    portal.scanner = Scanner("127.0.0.1:1")
    waiting = hrd.send(f"{here}/filed-documents", small_pdf() + b"\n\n", "KTP baris 2.pdf")
    assert (waiting["is_waiting"], waiting["is_placed"]) == (True, False)
    taken = hrd.send(f"{here}/archives", zipped(b"\n\n\n"), "dokumen.zip")
    worker.run_all(portal)
    assert hrd.get(f"/archives/{taken['id']}")["is_paused"]
    assert hrd.post(f"/archives/{taken['id']}/stop")["state"] == "stopped"
    (held,) = hrd.get(f"{here}/held-documents")["items"]
    assert (held["id"], held["path"], held["is_waiting"], held["cause"]) == (
        waiting["document_id"], "KTP baris 2.pdf", True, "down",
    )  # fmt: skip
    assert hrd.post(f"/held-documents/{held['id']}/remove") == {"batch_id": batch}
    assert hrd.get(f"{here}/held-documents")["total"] == 0


def test_a_zip_comes_in_parts_and_is_completed_once(portal, hrd):
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    content = zipped(b"\n\n")
    told = {"file_name": "dokumen.zip", "size": len(content)}
    begun = hrd.post(f"/batches/{batch}/archive-uploads", expect=201, **told)
    assert (begun["parts"], begun["missing"], begun["part_bytes"]) == (1, [1], 8 * 1024 * 1024)
    here = f"/archive-uploads/{begun['id']}"
    assert hrd.post(f"{here}/complete", expect=409)["error"]["code"] == "parts_missing"
    wrong = hrd.send(f"{here}/parts/1", content, "1", expect=422, sha256="0" * 64)
    assert wrong["error"]["code"] == "part_damaged"
    digest = hashlib.sha256(content).hexdigest()
    there = hrd.send(f"{here}/parts/1", content, "1", expect=200, sha256=digest)
    assert there["acknowledged"] == [{"number": 1, "sha256": digest}]
    assert hrd.get(here) == there
    taken = hrd.post(f"{here}/complete")
    assert hrd.post(f"{here}/complete")["id"] == taken["id"] == hrd.get(here)["archive_id"]
    other = hrd.post(f"/batches/{batch}/archive-uploads", expect=201, file_name="b.zip", size=1)
    assert hrd.post(f"/archive-uploads/{other['id']}/cancel") == {"batch_id": batch}
    assert hrd.get(f"/archive-uploads/{other['id']}")["state"] == "ended"


def test_a_mapping_sheet_is_taken_and_its_faults_are_told(portal, hrd):
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    here = f"/batches/{batch}/mapping-sheet"
    assert hrd.get(here) == {"sheets": [], "lines": 0, "faults": []}
    hrd.send(f"/batches/{batch}/filed-documents", small_pdf(), "scan1.pdf")
    sheet = b"Berkas;Baris;Jenis\nscan1.pdf;2;KTP\nscan2.pdf;77;KTP\n"
    told = hrd.send(here, sheet, "daftar.csv", expect=200)
    assert (told["sheets"], told["lines"]) == (["daftar.csv"], 2)
    (fault,) = told["faults"]
    assert (fault["row"], fault["file"], fault["code"]) == (3, "scan2.pdf", "unknown-number")
    assert hrd.get(f"/batches/{batch}/tray")["total"] == 0
    assert hrd.get(here) == told
