"""All that an office does with its letters, by programs: words, numbers, look, signature, proof."""

import base64
import hashlib
import io

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from hr_portal import worker
from tests.api.conftest import CLEAN, small_pdf, workbook
from tests.letters.certificates import PASSWORD, SUBJECT, valid


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def logo(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 160)).save(out, "PNG")
    return out.getvalue()


def is_picture(answer):
    with Image.open(io.BytesIO(answer.data)) as picture:
        return answer.mimetype == "image/png" and picture.height > picture.width > 500


def test_what_letters_show_is_read_changed_and_seen_before_it_is_kept(hrd, world):
    (company,) = hrd.get("/companies")["items"]
    assert (company["id"], company["npp"]) == (world.company, "90000123")
    here = f"/companies/{world.company}"
    before = hrd.get(f"{here}/letter-data")
    assert (before["paper"], before["has_logo"], before["certificate"]) == ("a4", False, None)
    assert [one["kind"] for one in before["series"]] == [
        "permohonan", "pengantar", "pernyataan", "formulir",
    ]  # fmt: skip
    change = {
        "paper": "f4",
        "signatories": [{"name": "Sari <Umpama> & Rekan", "title": "Direktur"}],
        "copies_to": [],
        "letter_choices": {"phrases": "lama", "opening": "Bersama surat ini {{ perusahaan }} memohon."},
    }  # fmt: skip
    assert is_picture(hrd.call("POST", f"{here}/letter-sample", json=change))
    assert hrd.get(f"{here}/letter-data") == before, "a sample keeps nothing"
    after = hrd.post(f"{here}/letter-data", **change)
    assert (after["paper"], after["city"]) == ("f4", before["city"]), "what is left out stays"
    assert after["letter_choices"]["opening"].startswith("Bersama surat ini")
    assert after["letter_choices"]["closing"] == before["letter_choices"]["closing"]
    usual = hrd.post(f"{here}/letter-data", letter_choices={"opening": ""})
    assert usual["letter_choices"]["opening"] == before["letter_choices"]["opening"]
    assert usual["letter_choices"]["phrases"] == "lama"
    refused = hrd.post(
        f"{here}/letter-data", expect=422, letter_choices={"opening": "{{ perusahaan.__class__ }}"}
    )
    assert set(refused["error"]["fields"]) == {"opening"}
    assert hrd.send(f"{here}/logo", logo(600, 200), "logo.png", expect=200)["has_logo"]
    refused = hrd.send(f"{here}/logo", logo(1, 1), "logo.png", expect=422)
    assert "100" in refused["error"]["fields"]["logo"]
    assert not hrd.post(f"{here}/letter-data", remove_logo=True)["has_logo"]


def test_numbers_follow_the_series_and_pass_over_those_used_elsewhere(portal, hrd, world, checked):
    here = f"/companies/{world.company}"
    wrong = {"kind": "permohonan", "pattern": "{kode}/{tahun}", "reset": "year", "start": 1}
    refused = hrd.post(f"{here}/series", expect=422, **wrong)
    assert "{urut}" in refused["error"]["message"], "it says what is missing"
    right = wrong | {"pattern": "{urut:04}-{kode}-{tahun}", "start": 20}
    (series, *_others) = hrd.post(f"{here}/series", **right)["series"]
    year = series["following"][-4:]
    assert (series["following"], series["code"]) == (f"0020-SPK-{year}", "SPK")
    noted = {"kind": "permohonan", "number": f"0020-SPK-{year}", "used_on": f"{year}-01-05"}
    assert hrd.post(f"{here}/outside-numbers", expect=201, **noted, note="Manual")["sequence"] == 20
    hrd.post(f"{here}/outside-numbers", expect=422, **noted)
    (listed,) = hrd.get(f"{here}/outside-numbers")["items"]
    assert (listed["number"], listed["note"]) == (noted["number"], "Manual")
    batch = f"/batches/{checked['id']}"
    draft = hrd.call("GET", f"{batch}/letters/preview")
    with pypdfium2.PdfDocument(draft.data) as pdf:
        assert "KONSEP" in pdf[0].get_textpage().get_text_range()
    assert is_picture(hrd.call("GET", f"{batch}/letters/preview?form=png&kind=pengantar"))
    letter = hrd.post(f"{batch}/letters", expect=201)
    assert letter["number"] == f"0021-SPK-{year}"
    assert hrd.get("/letters")["items"] == [letter]
    book = openpyxl.load_workbook(io.BytesIO(hrd.call("GET", "/letters/register.xlsx").data))
    numbers = {row[0] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert numbers == {letter["number"], noted["number"]}


def test_a_letter_is_signed_proved_superseded_and_revoked(portal, hrd, caller, world, checked):
    here, batch = f"/companies/{world.company}", f"/batches/{checked['id']}"
    pkcs12 = base64.b64encode(valid()).decode()
    hrd.post(f"{here}/certificate", expect=422, pkcs12="bukan base64!", password=PASSWORD)
    refused = hrd.post(f"{here}/certificate", expect=422, pkcs12=pkcs12, password="salah")
    assert (refused["error"]["code"], PASSWORD in str(refused)) == ("LET-CERT", False)
    kept = hrd.post(f"{here}/certificate", pkcs12=pkcs12, password=PASSWORD)["certificate"]
    assert (kept["subject"], kept["is_current"]) == (SUBJECT, True)
    letter = hrd.post(f"{batch}/letters", expect=201)
    copies = f"/letters/{letter['id']}/copies"
    refused = hrd.post(f"/letters/{letter['id']}/sign", expect=422, password="salah")
    assert "Kata sandi sertifikat tidak cocok" in refused["error"]["message"]
    signed = hrd.post(f"/letters/{letter['id']}/sign", expect=201, password=PASSWORD)
    (verdict,) = signed["verdicts"]
    assert (verdict["holds"], verdict["signer"]) == (True, SUBJECT)
    scan = hrd.send(copies, small_pdf(), "pindai.pdf")
    assert (scan["kind"], scan["verdicts"]) == ("scan", [])
    assert [one["id"] for one in hrd.get(copies)["items"]] == [scan["id"], signed["id"]]
    fetched = hrd.call("GET", f"{copies}/{signed['id']}/file").data
    assert hashlib.sha256(fetched).hexdigest() == signed["sha256"]
    proof = hrd.post("/proofs", code=letter["proof_code"])
    assert (proof["number"], proof["state"], proof["sha256"]) == (
        letter["number"], "issued", letter["sha256"],
    )  # fmt: skip
    assert {one["sha256"] for one in proof["copies"]} == {signed["sha256"], scan["sha256"]}
    hrd.post("/proofs", expect=404, code="0000-0000-0000")
    assert hrd.post(f"{here}/certificate/remove")["certificate"] is None
    hrd.send(f"{batch}/revisions", workbook(CLEAN[:2]), "koreksi.xlsx")
    worker.run_all(portal)
    later = hrd.post(f"{batch}/letters", expect=201)
    proof = hrd.post("/proofs", code=letter["proof_code"])
    assert (proof["state"], proof["superseded_by"]) == ("superseded", later["number"])
    hrd.post(f"/letters/{later['id']}/revoke", reason="Salah alamat")
    assert caller("other_hrd").post("/proofs", code=later["proof_code"])["state"] == "revoked"
