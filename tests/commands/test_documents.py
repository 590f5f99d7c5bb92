"""`hr-portal documents match`: where the files of a folder belong, and nothing is changed."""

import json

import pytest

from hr_portal.adapters.documents.specimen import specimen
from hr_portal.cli import run
from samples.people import person
from tests.adapters.documents import papers
from tests.world import HEADER


@pytest.fixture
def sheet(tmp_path):
    rows = [
        f"{one.kpj};{one.nik};{one.name};{one.birth};{one.kk};No HP;081270000001;{one.phone};Ganti nomor"
        for one in map(person, (1, 2, 3))
    ]
    path = tmp_path / "koreksi.csv"
    path.write_text("\r\n".join([HEADER, *rows, ""]))
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "dokumen"
    (made / person(2).nik).mkdir(parents=True)
    (made / f"KTP {person(1).name.title()}.jpg").touch()
    (made / person(2).nik / "kk.jpg").touch()
    return made


def test_every_file_that_is_certain_ends_well(folder, sheet, capfd):
    assert run(["documents", "match", str(folder), str(sheet)]) == 0
    printed = capfd.readouterr().out
    assert f"= {person(2).nik}/kk.jpg: baris 3, Kartu keluarga" in printed
    assert "2 berkas: 2 pasti, 0 perlu ditanyakan, 0 tanpa petunjuk." in printed


def test_what_is_doubtful_is_told_with_its_reason(folder, sheet, capfd):
    (folder / "scan0031.pdf").touch()
    (folder / f"{person(3).nik}.pdf").touch()
    assert run(["documents", "match", str(folder), str(sheet), "--format", "json"]) == 1
    told = {one["file"]: one for one in json.loads(capfd.readouterr().out)}
    assert told["scan0031.pdf"]["certainty"] == "none"
    unclear = told[f"{person(3).nik}.pdf"]
    assert (unclear["rows"], unclear["certainty"], unclear["doubt"]) == (
        [4],
        "likely",
        "kind-missing",
    )


def test_a_mapping_sheet_among_the_files_is_followed_and_no_document(folder, sheet, capfd):
    (folder / "scan0031.pdf").touch()
    (folder / "Pemetaan.csv").write_text(f"Berkas;NIK;Jenis\nscan0031.pdf;{person(3).nik};KTP\n")
    assert run(["documents", "match", str(folder), str(sheet)]) == 0
    printed = capfd.readouterr().out
    assert "Lembar pemetaan dipakai: Pemetaan.csv" in printed
    assert "= scan0031.pdf: baris 4, KTP-el" in printed


def test_what_is_wrong_with_a_mapping_sheet_is_told_line_by_line(folder, sheet, capfd):
    (folder / "daftar scan.csv").write_text(
        f"Nama Berkas;NIK;Jenis\nscan0099.pdf;{person(3).nik};KTP\nscan1.pdf;3,17E+15;KTP\n"
    )
    assert run(["documents", "match", str(folder), str(sheet)]) == 1
    told = capfd.readouterr().err
    assert "! daftar scan.csv, baris 2: scan0099.pdf: Berkas ini belum ada" in told
    assert "! daftar scan.csv, baris 3: scan1.pdf: Nomor “3,17E+15” sudah diubah" in told


def test_what_cannot_be_read_is_a_sentence(folder, sheet, tmp_path, capfd):
    assert run(["documents", "match", str(tmp_path / "tiada"), str(sheet)]) == 2
    assert run(["documents", "match", str(folder), str(tmp_path / "tiada.xlsx")]) == 2
    assert "Traceback" not in capfd.readouterr().err


def test_pictures_are_looked_at_on_request_and_what_would_be_refused_is_named(folder, sheet, capfd):
    ktp = folder / f"KTP {person(1).name.title()}.jpg"
    ktp.write_bytes(specimen("ktp", "BUDI REKAAN", []))
    tilted = papers.tilted(papers.card())
    tilted.save(folder / person(2).nik / "kk.jpg")
    assert run(["documents", "match", str(folder), str(sheet), "--pictures"]) == 0
    assert "    ! Halaman miring sekitar 8 derajat." in capfd.readouterr().out
    ktp.write_bytes(b"GIF89a")
    asked = ["documents", "match", str(folder), str(sheet), "--pictures", "--format", "json"]
    assert run(asked) == 0
    told = {one["file"]: one for one in json.loads(capfd.readouterr().out)}
    assert told[ktp.name]["refused"]["code"] == "DOC-01"
    seen = told[f"{person(2).nik}/kk.jpg"]
    assert seen["refused"] is None
    assert [(one["code"], one["figures"]) for one in seen["advice"]] == [("tilt", {"degrees": 8})]
