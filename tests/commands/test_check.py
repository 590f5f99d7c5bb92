"""`hr-portal check` and `template`: exact JSON, exit codes, and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from hr_portal.cli import run
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.rules import RULESET
from tests.adapters.spreadsheets import building

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"


@pytest.fixture
def check(capfd):
    """`check(file, *options)` gives the exit code and what was printed."""

    def call(*arguments):
        code = run(["check", *map(str, arguments)])
        printed, complained = capfd.readouterr()
        assert complained == ""
        return code, printed

    return call


@pytest.fixture
def check_json(check):
    def call(*arguments):
        code, printed = check(*arguments, "--format", "json")
        return code, json.loads(printed)

    return call


def test_json_has_exactly_these_keys_in_this_order(check_json):
    code, told = check_json(SAMPLES / "angka-excel.xlsx")
    assert code == 1
    assert list(told) == ["file", "sheet", "layout", "ruleset", "rows", "findings"]
    assert list(told["rows"]) == ["total", "valid", "warning", "invalid", "empty"]
    assert told["file"] == "angka-excel.xlsx"
    assert told["ruleset"] == RULESET
    for finding in told["findings"]:
        assert list(finding) == [
            "code", "severity", "row", "cell", "field", "value", "message", "message_en",
            "suggestion",
        ]  # fmt: skip
        assert finding["severity"] in {"error", "override", "warning", "note"}
    first = told["findings"][0]
    assert (first["code"], first["row"], first["cell"], first["field"]) == (
        "CELL-05", 2, "C2", "nik",
    )  # fmt: skip
    rows = told["rows"]
    assert rows["total"] == rows["valid"] + rows["warning"] + rows["invalid"] + rows["empty"]


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ("koreksi-bersih.xlsx", 0),
        ("tanggal-1904.xlsx", 0),
        ("koreksi-november.xlsx", 1),
        ("judul-saja.xlsx", 2),
        ("gambar.xlsx", 2),
    ],
)
def test_the_exit_code_tells_the_outcome(check, sample, code):
    assert check(SAMPLES / sample)[0] == code
    assert check(SAMPLES / sample, "--format", "json")[0] == code


def test_a_refused_file_is_an_error_object_with_both_languages(check_json):
    code, told = check_json(SAMPLES / "tabel-lain.xlsx")
    assert code == 2
    assert list(told) == ["error"]
    assert list(told["error"]) == ["code", "message", "message_en"]
    assert told["error"]["code"] == "FILE-07"


def test_what_is_not_certain_is_told_with_the_options_that_answer_it(check, check_json):
    code, told = check(SAMPLES / "sipp-koreksi-tk.xlsx")
    assert code == 2
    assert told.startswith("FILE-07: ")
    assert '  --map "Handphone=hp:menjadi"   (H)' in told
    assert "DATA adalah nik, kk, kpj" in told
    _, english = check(SAMPLES / "sipp-koreksi-tk.xlsx", "--lang", "en")
    assert "Say what these columns hold" in english
    code, document = check_json(SAMPLES / "sipp-koreksi-tk.xlsx")
    assert code == 2
    asked = {one["column"]: one for one in document["error"]["questions"]["columns"]}
    assert list(asked) == list("DEFGHI")
    assert (asked["H"]["suggestion"], asked["H"]["option"]) == (
        "hp:menjadi", '--map "Handphone=hp:menjadi"',
    )  # fmt: skip


def test_proposals_about_several_cells_are_told_in_the_text(check):
    _, told = check(SAMPLES / "kolom-tertukar.xlsx")
    assert "Usulan untuk 2 sel: " in told
    _, told = check(SAMPLES / "kolom-kelamin.xlsx", "--lang", "en")
    assert "Suggestion for 6 cells: G2 = P, G3 = L, G4 = P, G5 = L … and 2 cells more\n" in told
    _, told = check(SAMPLES / "kolom-tanggal.xlsx")
    assert "Usulan untuk 4 sel: E3 = 03-02-1990" in told


def test_columns_of_one_name_are_told_apart_by_their_letters(check, tmp_path):
    made = tmp_path / "ganda.csv"
    made.write_text(
        "KPJ;NIK;Nama;Nama;No HP (Menjadi)\n09999990017;3171014508909013;SITI CONTOH;SRI;081200000001\n"
    )
    code, told = check(made)
    assert code == 2
    assert '--map "C=nama"   (C)' in told
    assert '--map "D=DATA"   (D)' in told
    code, told = check(made, "--map", "D=nama_ibu")
    assert "1 baris: 1 baik" in told


def test_where_only_another_meaning_helps_all_columns_are_listed(check, tmp_path):
    made = tmp_path / "koreksi.csv"
    made.write_text("KPJ;NIK;Nama;Koreksi\n09999990017;3171014508909013;SITI CONTOH;HP baru\n")
    code, told = check(made)
    assert code == 2
    assert '--map "Koreksi=menjadi"   (D)' in told


def test_columns_can_be_named_by_header_or_letters(check_json):
    given = ("--map", "handphone=hp:menjadi", "--map", "I=email:menjadi", "--map", "G=nama_ibu")
    code, told = check_json(SAMPLES / "sipp-koreksi-tk.xlsx", *given)
    assert code == 0
    assert (told["layout"], told["rows"]["valid"]) == ("per-employee", 6)
    code, told = check_json(SAMPLES / "sipp-koreksi-tk.xlsx", "--map", "Telepon Rumah=hp")
    assert code == 2
    assert "“Telepon Rumah”" in told["error"]["message"]


@pytest.mark.parametrize("given", ["kpj", "=kpj", "No Kartu=bintang"])
def test_an_option_that_names_no_column_or_no_datum_is_explained(given, capfd):
    assert run(["check", str(SAMPLES / "koreksi-bersih.xlsx"), "--map", given]) == 2
    told = capfd.readouterr().err
    assert "bukan JUDUL=DATA" in told
    assert "hp:menjadi" in told


def test_of_several_sheets_one_is_named(check, check_json, tmp_path):
    path = tmp_path / "bulanan.xlsx"
    path.write_bytes(
        building.workbook(
            sheets={
                "Januari": building.sheet_xml(building.table_rows()),
                "Februari": building.sheet_xml(building.table_rows(building.GOOD, building.GOOD)),
            }
        )
    )
    code, told = check(path)
    assert code == 2
    assert '  --sheet "Februari"   (2 baris)' in told
    code, document = check_json(path)
    assert [one["name"] for one in document["error"]["questions"]["sheets"]] == [
        "Januari", "Februari",
    ]  # fmt: skip
    assert check_json(path, "--sheet", "Januari")[1]["rows"]["total"] == 1
    assert check_json(path, "--sheet", "Maret")[0] == 2


def test_odd_paths_are_refused_and_never_a_traceback(check_json, tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    for path, wanted in (
        (tmp_path / "tidak ada.xlsx", "FILE-03"),
        (tmp_path / "folder.xlsx", "FILE-01"),
        ("/dev/null", "FILE-01"),
        (tmp_path / ("x" * 250 + ".xlsx"), "FILE-03"),
        ("", "FILE-01"),
    ):
        code, told = check_json(path)
        assert code == 2, path
        assert told["error"]["code"] == wanted, path


def test_a_name_that_is_no_text_is_shown_with_escapes(check_json, tmp_path):
    name = os.fsencode(tmp_path) + b"/aneh\xff.xlsx"
    Path(os.fsdecode(name)).write_bytes(building.workbook())
    code, told = check_json(os.fsdecode(name))
    assert code == 0
    assert told["file"] == "aneh\\udcff.xlsx"


def test_rows_that_could_not_be_taken_are_listed_with_their_number(check_json, tmp_path):
    path = tmp_path / "lebar.csv"
    path.write_text("KPJ;NIK;Nama;Data;Menjadi\n1;2;SITI;Email;a@b;lagi\n1;2;SITI;Email;a@b\n")
    code, told = check_json(path)
    assert code == 1
    assert told["rows"] == {"total": 2, "valid": 0, "warning": 0, "invalid": 2, "empty": 0}
    refused = [finding for finding in told["findings"] if finding["row"] == 2]
    assert [(each["code"], each["severity"], each["cell"]) for each in refused] == [
        ("FILE-03", "error", None)
    ]


def test_a_name_beyond_ascii_is_told_in_a_locale_of_ascii(tmp_path):
    path = tmp_path / "berkas ñ.xlsx"
    path.write_bytes(building.workbook())
    told = subprocess.run(
        [sys.executable, "-m", "hr_portal.cli", "check", str(path), "--format", "json"],
        cwd=ROOT, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["file"] == "berkas ñ.xlsx"
    assert told.stderr == b""


def test_an_answer_that_a_full_disk_did_not_take_is_no_fault_of_the_portal():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hr_portal.cli", "check", str(SAMPLES / "koreksi-bersih.xlsx")],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Kesalahan: disk penuh")
    assert len(done.stderr.splitlines()) == 1


def test_a_layout_can_be_forced(check_json):
    assert check_json(SAMPLES / "karyawan-bersih.xlsx")[1]["layout"] == "per-employee"
    code, told = check_json(SAMPLES / "karyawan-bersih.xlsx", "--layout", "per-correction")
    assert code == 2
    assert told["error"]["code"] == "FILE-07"


def test_text_groups_findings_and_speaks_both_languages(check):
    code, told = check(SAMPLES / "koreksi-november.xlsx")
    assert code == 1
    assert told.startswith("koreksi-november.xlsx · lembar “Koreksi” · satu koreksi per baris")
    assert "200 baris: " in told
    assert told.index("Harus diperbaiki") < told.index("Perlu dikonfirmasi")
    assert "CELL-05 (3)" in told
    _, english = check(SAMPLES / "koreksi-november.xlsx", "--lang", "en")
    assert "200 rows: " in english
    assert "To be mended" in english


def test_a_clean_file_says_so(check):
    assert "Tidak ada yang perlu diperbaiki." in check(SAMPLES / "koreksi-bersih.xlsx")[1]


def test_notes_tell_what_was_tidied_and_what_was_skipped(check, check_json):
    _, told = check(SAMPLES / "aturan-nik.xlsx", "--notes")
    assert "Dirapikan tanpa perlu tindakan" in told
    assert "CELL-03: 1 sel" in told
    _, plain = check_json(SAMPLES / "judul-di-atas.xlsx")
    assert plain["findings"] == []
    _, noted = check_json(SAMPLES / "judul-di-atas.xlsx", "--notes")
    assert {(each["code"], each["row"]) for each in noted["findings"]} == {("FIL-03", 0)}
    _, cells = check_json(SAMPLES / "aturan-nik.xlsx", "--notes")
    tidied = [each for each in cells["findings"] if each["code"] == "CELL-03"]
    assert tidied[0]["cell"] == "C15"
    assert tidied[0]["severity"] == "note"


def test_long_lists_are_cut_and_say_by_how_much(check, tmp_path):
    path = tmp_path / "banyak.xlsx"
    rows = [("", f"{n:011d}", "123", "SITI CONTOHAN", "Email", "", f"a{n}@contoh.example")
            for n in range(40)]  # fmt: skip
    path.write_bytes(building.workbook(building.table_rows(*rows)))
    assert "… dan 15 lagi" in check(path)[1]


def test_text_on_a_terminal_holds_no_control_characters(check, tmp_path):
    path = tmp_path / "kendali.csv"
    path.write_text("KPJ;NIK;Nama;Data;Menjadi\n1;2;SI\x1b[31mTI;Email;\x07\n")
    _, told = check(path)
    assert "\x1b" not in told
    assert "\x07" not in told


@pytest.mark.parametrize("name", ["HR_PORTAL_DATABASE_URL", "HR_PORTAL_SECRET_KEY"])
def test_check_needs_no_settings_no_database_and_no_web(tmp_path, name):
    program = (
        "import sys; from hr_portal.cli import run; code = run(sys.argv[1:]);"
        "print(sorted({'flask', 'sqlalchemy', 'pandas', 'openpyxl', 'weasyprint'} & set(sys.modules)),"
        " file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(SAMPLES / "koreksi-bersih.xlsx")],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=120,
        env={name: "tidak-terpakai", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("layout", ["per-correction", "per-employee"])
def test_a_template_is_written_and_its_example_is_no_data(check, tmp_path, capfd, layout):
    path = tmp_path / "templat.xlsx"
    assert run(["template", str(path), "--layout", layout]) == 0
    capfd.readouterr()
    code, told = check(path)
    assert code == 2
    assert "FILE-02" in told
    book = openpyxl.load_workbook(path)
    sheet = book["Koreksi"]
    assert book.sheetnames == ["Koreksi", "Petunjuk"]
    headers = [cell.value for cell in sheet[1]]
    assert {"KPJ", "NIK", "Nama Lengkap"} <= set(headers)
    assert all(cell.number_format == "@" for row in sheet["A2:K1001"] for cell in row)
    assert sheet.data_validations.dataValidation
    if layout == "per-employee":
        assert {f"{field.label} (Menjadi)" for field in FIELDS if not field.optional} <= set(
            headers
        )


@pytest.mark.parametrize("layout", ["per-correction", "per-employee"])
def test_a_filled_template_is_read_with_every_column_known(check_json, tmp_path, capfd, layout):
    path = tmp_path / "templat.xlsx"
    run(["template", str(path), "--layout", layout])
    capfd.readouterr()
    book = openpyxl.load_workbook(path)
    sheet = book["Koreksi"]
    for cell in sheet[2]:
        sheet.cell(3, cell.column, cell.value)
    sheet["A3"] = "1"
    book.save(path)
    code, told = check_json(path, "--notes")
    assert code == 0, told
    assert told["layout"] == layout
    assert told["rows"] == {"total": 1, "valid": 1, "warning": 0, "invalid": 0, "empty": 0}
    assert "FIL-04" not in {each["code"] for each in told["findings"]}
    assert any("contoh" in each["message"] for each in told["findings"])


def test_a_template_replaces_nothing_unasked(tmp_path, capfd):
    path = tmp_path / "templat.xlsx"
    path.write_text("milik saya")
    assert run(["template", str(path)]) == 2
    assert "--force" in capfd.readouterr().err
    assert path.read_text() == "milik saya"
    assert run(["template", str(path), "--force"]) == 0
    assert run(["template", str(tmp_path / "x.csv")]) == 2
    assert run(["template", str(tmp_path / "tidak-ada" / "x.xlsx")]) == 2
    assert "tidak dapat ditulis" in capfd.readouterr().err


def test_output_writes_the_file_with_its_notes_and_says_where(check, tmp_path):
    before = (SAMPLES / "koreksi-november.xlsx").read_bytes()
    out = tmp_path / "hasil.xlsx"
    code, printed = check(SAMPLES / "koreksi-november.xlsx", "--output", out)
    assert code == 1
    assert printed.splitlines()[-1] == f"Berkas beserta catatan tersimpan: {out}"
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Koreksi", "Ringkasan"]
    assert [cell.value for cell in book["Koreksi"][1]][-2:] == ["Hasil", "Catatan"]
    assert (SAMPLES / "koreksi-november.xlsx").read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]
    # What came out is read again with the same verdict.
    assert check(out)[0] == 1


def test_output_of_csv_is_a_new_workbook(check, tmp_path):
    code, _ = check(SAMPLES / "koreksi-bersih-utf8.csv", "--output", tmp_path / "hasil.xlsx")
    assert code == 0
    assert openpyxl.load_workbook(tmp_path / "hasil.xlsx").sheetnames == ["Koreksi", "Ringkasan"]


def test_beside_json_where_it_was_written_is_told_apart(capfd, tmp_path):
    out = tmp_path / "hasil.xlsx"
    arguments = ["check", str(SAMPLES / "koreksi-bersih.xlsx"), "--format", "json"]
    assert run([*arguments, "--output", str(out)]) == 0
    printed, said = capfd.readouterr()
    assert json.loads(printed)["findings"] == []
    assert str(out) in said


def test_output_never_overwrites_anything(capfd, tmp_path):
    source = tmp_path / "asli.xlsx"
    source.write_bytes((SAMPLES / "koreksi-bersih.xlsx").read_bytes())
    other = tmp_path / "lain.xlsx"
    other.write_bytes(b"punya orang")
    for out, wanted in (
        (source, "adalah berkas yang diperiksa"),
        (other, "sudah ada"),
        (tmp_path / "hasil.csv", "berakhiran .xlsx"),
        (tmp_path / "tidak" / "ada.xlsx", "foldernya tidak ada"),
        (tmp_path / ("x" * 300 + ".xlsx"), "tidak dapat"),
    ):
        assert run(["check", str(source), "--output", str(out)]) == 2, out
        assert wanted in capfd.readouterr().err
    assert other.read_bytes() == b"punya orang"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["asli.xlsx", "lain.xlsx"]


def test_a_file_that_is_refused_leaves_no_output(check, tmp_path):
    assert check(SAMPLES / "makro.xlsx", "--output", tmp_path / "hasil.xlsx")[0] == 2
    assert list(tmp_path.iterdir()) == []
