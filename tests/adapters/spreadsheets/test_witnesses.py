"""Numbers that a sheet has lost, found for the same person on another sheet of the workbook."""

from datetime import date

import pytest

from hr_portal.adapters.spreadsheets.reading import check_bytes
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.building import sheet_xml, text_row

HEAD = ("KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "Data", "Menjadi")
KPJ, NIK, NAME, BORN = "09999990017", "3171014508909013", "SITI CONTOHAN", "05-08-1990"
MASTER = ("Jabatan", "Nama", "NIK KTP", "No KPJ", "Tgl Lahir")
KNOWN = ("Staf", "Siti  Contohan", NIK, KPJ, "5 Agustus 1990")


def number(row, column, value):
    return f'<c r="{building.letters(column)}{row}"><v>{value}</v></c>'


def offers(*others, states=None, nik="3171014508909010", kpj=KPJ, born=BORN):
    """What is offered for a NIK in a number cell (or a KPJ that is missing), and from where."""
    cells = text_row(2, (kpj, "", NAME, born, "Email", "a@contoh.example"))
    if nik:
        cells = cells.replace("</row>", "").split('<c r="C2"')
        cells = f'{cells[0]}{number(2, 1, nik)}<c r="C2"{cells[1]}</row>'
    sheets = {"Koreksi": sheet_xml(text_row(1, HEAD) + cells)}
    sheets |= {f"Data {at}": sheet_xml(rows) for at, rows in enumerate(others, 1)}
    data = building.workbook(sheets=sheets, states=states)
    report = check_bytes(data, "uji.xlsx", today=date(2026, 11, 21))
    return {
        f.field: (f.suggestion, (f.params or {}).get("origin"))
        for f in report.findings
        if f.suggestion
    }


def master(*people, head=MASTER):
    return text_row(1, ("DAFTAR KARYAWAN",)) + "".join(
        text_row(at, person) for at, person in enumerate((head, *people), 3)
    )


def test_a_destroyed_nik_and_a_missing_kpj_come_from_the_sheet_where_the_person_stands():
    assert offers(master(KNOWN)) == {"nik": (NIK, "lembar “Data 1” sel C4")}
    assert offers(master(KNOWN), nik="") == {"nik": (NIK, "lembar “Data 1” sel C4")}
    assert offers(master(KNOWN), kpj="")["kpj"] == (KPJ, "lembar “Data 1” sel D4")
    dated = text_row(1, MASTER) + text_row(2, KNOWN[:4]).replace(
        "</row>", '<c r="E2" s="1"><v>33090</v></c></row>'
    )
    assert offers(dated, kpj="")["kpj"] == (KPJ, "lembar “Data 1” sel D2")


def test_without_a_birth_date_the_other_number_says_who_it_is():
    assert offers(master((*KNOWN[:4], ""))) == {"nik": (NIK, "lembar “Data 1” sel C4")}
    assert offers(master((*KNOWN[:3], "", ""))) == {}
    assert offers(master(KNOWN[:4], head=MASTER[:4]), born="") == {
        "nik": (NIK, "lembar “Data 1” sel C4")
    }


@pytest.mark.parametrize(
    "others",
    [
        [master(KNOWN, ("Staf", NAME, "3171014508909021", "09999990025", BORN))],  # two of one name
        [master(KNOWN), master(("Staf", NAME, "3171014508909021", "", BORN))],
        [master(("Staf", NAME, NIK, "09999990025", BORN))],  # another KPJ: another person
        [master(("Staf", NAME, NIK, KPJ, "06-08-1990"))],
        [master(("Staf", NAME, "3171014508909113", KPJ, BORN))],  # not what is left of it
        [master(("Staf", "SITI LAIN", NIK, KPJ, BORN))],
        [master(("Staf", NAME, "", KPJ, BORN))],
        [master(KNOWN, head=("A", "B", "C", "D", "E"))],  # nobody knows what its columns are
        [master(("Staf", NIK, KPJ), head=("Jabatan", "NIK KTP", "No KPJ"))],  # no names
        [master((KNOWN[0], KNOWN[1], "", "", ""))],
        [master(KNOWN, *[("Staf", "SITI LAIN", "", "", "")] * 40) + text_row(3, KNOWN)],  # damaged
    ],
)
def test_nothing_is_offered_where_it_is_not_one_person_and_one_number(others):
    assert offers(*others) == {}


def test_a_hidden_sheet_and_a_number_cell_are_no_witnesses():
    assert offers(master(KNOWN), states={"Data 1": "hidden"}) == {}
    rounded = text_row(1, MASTER) + text_row(2, KNOWN[:2]).replace(
        "</row>", number(2, 2, NIK) + number(2, 4, 33090) + "</row>"
    )
    assert offers(rounded) == {}


def test_somebody_else_who_has_the_number_keeps_it():
    taken = (KPJ, NIK, NAME, BORN, "Email", "a@contoh.example")
    rows = text_row(2, ("09999990025", "", NAME, BORN, "Email", "b@contoh.example"))
    sheets = {
        "Koreksi": sheet_xml(text_row(1, HEAD) + rows + text_row(3, taken)),
        "Data": sheet_xml(master(("Staf", NAME, NIK, "", BORN))),
    }
    report = check_bytes(building.workbook(sheets=sheets), "uji.xlsx", today=date(2026, 11, 21))
    assert not any(f.suggestion for f in report.findings)
