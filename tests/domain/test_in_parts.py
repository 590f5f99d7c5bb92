"""A long sheet is judged in parts; what is found doesn't depend on where they end."""

from dataclasses import asdict

import numpy as np
import pytest

from hr_portal.domain import texts
from hr_portal.domain.checking import check
from hr_portal.domain.table import Column
from hr_portal.domain.texts import Texts
from tests.domain.sheets import TODAY, day, error, num, table

PEOPLE = [
    {
        "KPJ": kpj, "NIK": nik, "Nama Lengkap": name, "Tanggal Lahir": born, "No KK": kk,
        "Jenis Kelamin": sex, "No HP": phone, "Email": mail, "No Rekening": account,
        "Kode Bank": bank, "Alamat Domisili": address, "Kode Pos": post, "Tempat Lahir": place,
        "No HP (Menjadi)": new, "Nama Lengkap (Menjadi)": renamed,
    }
    for kpj, nik, name, born, kk, sex, phone, mail, account, bank, address, post, place, new, renamed in (
        ("09999990017", "3171014508909013", "SITI CONTOHAN", "05-08-1990", "3171011203159001", "P",
         "081200000001", "a@contoh.example", "1234567890", "014", "Jalan Misal 1, Jakarta", "10110",
         "JAKARTA", "081200000009", ""),
        ("09999990017", "3171014508909013", "Siti Contohan", "5/8/1990", "3171011203159001", "L",
         "0812-0000-0001", "A@Contoh.Example", "1234567890", "014", "Jawa Barat", "10110",
         "Kota 12", "0812 0000 0009", ""),
        (num(9999990025), "3171014508909013", "dra. budi", day("1990-08-05"), "317101120315900",
         "PEREMPUAN", num(81200000001), "bukan surel", "01", "8", "x  y", "1", " JAKARTA", "", "BUDI UMPAMA"),
        ("O9999990033", num(3171014508909010), "RINA", "1990-08-05", "3171014508909013", "W",
         "+62 812 0000 0001", "a@contoh.example", "1234567890", "014", "Bali", "80361", "-", "021555", ""),
        ("AB999990041", error(), "", "31-02-1990", "", "P", "081200000001", "", "081200000001", "002",
         "", "", "", "HAPUS", "HAPUS"),
        ("09999990058", "3171011203159001", "TONO", "08-05-1990", "3171011203159001", "", "", "", "", "",
         "", "", "", "", "TONO REKAAN"),
    )
]  # fmt: skip
LINES = [
    {"KPJ": "09999990017", "NIK": "3171014508909013", "Nama Lengkap": "SITI CONTOHAN", "Data": what,
     "Semula": old, "Menjadi": new}
    for what, old, new in (
        ("No HP", "081200000001", "081200000001"), ("No HP", "", "0812-0000-0009"),
        ("NIK", "3171014508909013", "3171014508909014"), ("Email", "A@B.example", "a@b.example"),
        ("apa", "", "x"), ("Nama Lengkap", "siti", "SITI"),
    )
]  # fmt: skip


def judged(sheet):
    return asdict(check(sheet, today=TODAY))


@pytest.mark.parametrize("rows", [PEOPLE, LINES, PEOPLE[:1]], ids=["employees", "lines", "one"])
@pytest.mark.parametrize("source", ["xlsx", "csv"])
def test_a_sheet_in_parts_is_judged_as_in_one(rows, source, monkeypatch):
    whole = judged(table(rows, source=source))
    monkeypatch.setattr(texts, "PART", 2)
    encoded = table(rows, source=source)
    encoded.columns = [Column(Texts(each.values), each.kinds) for each in encoded.columns]
    np.testing.assert_equal(
        whole.pop("row_severity"), (parts := judged(encoded)).pop("row_severity")
    )
    for held in (whole, parts):
        del held["table"], held["tidied_cells"]
    assert parts == whole


def test_lines_without_a_column_of_old_values_are_judged():
    rows = [{key: text for key, text in line.items() if key != "Semula"} for line in LINES]
    found = check(table(rows), today=TODAY).findings
    assert "ROW-02" in found.code
    assert "ROW-03" not in found.code


@pytest.mark.parametrize(
    "rows", [PEOPLE, LINES, [*PEOPLE, {}]], ids=["employees", "lines", "empty"]
)
def test_what_is_told_as_settled_is_what_the_report_says_in_the_end(rows):
    told = []
    report = check(table(rows), today=TODAY, settle=told.append)
    (settled,) = told
    assert settled.table is report.table
    np.testing.assert_equal(asdict(settled), asdict(report.settled))


@pytest.mark.parametrize("cut", range(-1, len(PEOPLE) + 1))
def test_findings_of_some_rows_are_those_of_all_rows_there(cut):
    findings = check(table(PEOPLE), today=TODAY).findings
    apart = [*findings.of_rows(-1, cut), *findings.of_rows(cut, len(PEOPLE))]
    assert apart == list(findings)
    assert all(one.row < cut for one in findings.of_rows(-1, cut))
