"""The demo batch: 200 corrections as a company would send them, and their second try."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from samples.people import Person, person
from samples.sheets import Number, Row, Story
from samples.stories import correction

ROWS = 200
FIRST = 300  # the number of the first invented person of this batch

REASONS = (
    "Salah ketik saat pendaftaran", "Perubahan data kependudukan", "Pemutakhiran data karyawan",
    "Nomor lama tidak aktif", "Sesuai KTP-el",
)  # fmt: skip

Cells = dict[str, Any]
Fault = tuple[Callable[[Cells, Person], Cells], tuple[str, ...]]


def _one_letter_off(text: str) -> str:
    return text[:-2] + text[-1] + text[-2]


def _kinds(one: Person, other: Person) -> list[tuple[str, str, str]]:
    return [
        ("Alamat Domisili", one.address, other.address),
        ("No HP", one.phone, other.phone),
        ("Email", one.email, ""),
        ("Nama Ibu Kandung", one.mother, _one_letter_off(one.mother)),
        ("Nama Lengkap", one.name, _one_letter_off(one.name)),
        ("Jenis Kelamin", one.sex, "L" if one.sex == "P" else "P"),
        ("Tempat Lahir", "SURABAYA", "SURABYA"),
        ("Status Kawin", "Y", "T"),
        ("Tanggal Lahir", one.birth, other.birth),
        ("Golongan Darah", "AB", ""),
    ]


def _sound(at: int) -> Row:
    """Return a row without a fault; every third employee has two rows in a run."""
    one = person(FIRST + at - at % 3 // 2)
    data, after, before = _kinds(one, person(FIRST + 400 + at))[at % 10]
    cells = correction(one, at + 1, data, after, before, Alasan=REASONS[at % 5])
    if data == "Nama Lengkap":
        cells["Nama Lengkap"] = before
    if data == "Tanggal Lahir":
        cells["Tanggal Lahir"] = before
    return Row(cells)


def _set(**changes: object) -> Callable[[Cells, Person], Cells]:
    named = {key.replace("_", " "): value for key, value in changes.items()}
    return lambda cells, _: {**cells, **named}


def _excel_number(cells: Cells, one: Person) -> Cells:
    return {**cells, "NIK": Number(one.nik[:15] + "0")}


def _swapped(cells: Cells, one: Person) -> Cells:
    return {**cells, "NIK": one.nik[:10] + one.nik[11] + one.nik[10] + one.nik[12:]}


def _short(header: str) -> Callable[[Cells, Person], Cells]:
    return lambda cells, _: {**cells, header: cells[header][:-1]}


# Row (0 = the first) -> how it is spoilt, and what must be found.
FAULTS: dict[int, Fault] = {
    3: (_excel_number, ("CELL-05@NIK",)),
    4: (_excel_number, ("CELL-05@NIK",)),
    9: (_excel_number, ("CELL-05@NIK",)),
    14: (_short("NIK"), ("NIK-01@NIK",)),
    21: (_set(Menjadi="02155500021"), ("TEL-01@Menjadi",)),
    32: (_set(Menjadi="bukan-alamat"), ("EML-01@Menjadi",)),
    40: (_set(NIK="3,17101E+15"), ("CELL-10@NIK",)),
    47: (_set(Menjadi=""), ("ROW-01@Menjadi",)),
    55: (_set(Menjadi="X"), ("COD-01@Menjadi",)),
    61: (_set(Menjadi="081200000001/081200000002"), ("TEL-05@Menjadi",)),
    75: (_short("KPJ"), ("KPJ-04@KPJ",)),
    90: (_set(Tanggal_Lahir="31/02/1990"), ("DAT-01@Tanggal Lahir",)),
    95: (_set(No_KK="3171015203159001"), ("KK-04@No KK",)),
    102: (_set(Nama_Lengkap=""), ("NAM-01@Nama Lengkap",)),
    110: (_set(Data="Zodiak", Menjadi="Leo"), ("COD-01@Data",)),
    123: (_set(Menjadi="SR1 PUSPA"), ("NAM-02@Menjadi",)),
    132: (_set(NIK="3199014508909013", Tanggal_Lahir="05-08-1990"), ("NIK-06@NIK",)),
    144: (lambda cells, one: {**cells, "KPJ": Number(one.kpj, "00000000000")}, ("KPJ-03@KPJ",)),
    150: (_set(Tanggal_Lahir="07-08-1991"), ("NIK-11@Tanggal Lahir",)),
    159: (_set(NIK="9109010107889004", Tanggal_Lahir="01-07-1988"), ("NIK-04@NIK",)),
    165: (lambda cells, _: {**cells, "Semula": cells["Menjadi"]}, ("ROW-03@Menjadi",)),
    177: (_set(No_KK="3171013102159001"), ("KK-03@No KK",)),
    186: (lambda cells, one: {**cells, "No KK": one.nik}, ("KK-05@No KK",)),
    197: (_short("NIK"), ("NIK-01@NIK",)),
}  # fmt: skip

LEFT_OVER = (14, 177)
"""Faults that the second try still has."""
NEW = 60
"""A row that the second try spoils."""


def _spoilt(row: Row, at: int) -> Row:
    spoil, finds = FAULTS[at]
    one = person(FIRST + at - at % 3 // 2)
    return replace(row, cells=spoil(dict(row.cells), one), finds=finds)


def stories() -> list[Story]:
    """Return the batch as first sent, and as sent again after mending."""
    sound = [_sound(at) for at in range(ROWS)]
    first = [_spoilt(row, at) if at in FAULTS else row for at, row in enumerate(sound)]
    second = [_spoilt(row, at) if at in LEFT_OVER else row for at, row in enumerate(sound)]
    second[NEW] = replace(
        second[NEW], cells={**second[NEW].cells, "No KK": "317101"}, finds=("KK-01@No KK",)
    )
    return [
        Story("koreksi-november", "200 corrections as a company sends them: mostly good, 24 faults.",
              first),
        Story("koreksi-november-revisi-2", "The same after mending: two faults left, one new.", second),
    ]  # fmt: skip
