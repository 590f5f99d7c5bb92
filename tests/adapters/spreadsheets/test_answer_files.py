"""The agency's answer from whatever program: what it says is read whole, what it lost is told."""

import io

import openpyxl
import pytest

from hr_portal.adapters.spreadsheets.plain_rows import read_plain
from hr_portal.domain.agency_answers import AnswerError, answer_of
from tests.adapters.spreadsheets import odsbuilding, xlsbuilding

HEAD = ("No", "KPJ", "Elemen Data", "Petugas", "Hasil", "Keterangan")
LONG = "Nomor dipakai peserta lain. " * 360


def xlsx(*rows):
    book = openpyxl.Workbook()
    for one in (HEAD, *rows):
        book.active.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data, name):
    return answer_of(read_plain(data, name))


def ods(kpj, answer):
    cells = odsbuilding.row("1", kpj, "No HP", "Ani", answer)
    return odsbuilding.workbook(odsbuilding.row(*HEAD), cells)


def xls(kpj):
    rows = xlsbuilding.texts(HEAD, ("1", "", "No HP", "Ani", "Diterima")) + kpj
    return xlsbuilding.workbook(rows)


FORMULA = '=IF(F2="","Diterima","Ditolak")'
ODS_FORMULA = odsbuilding.cell("<text:p/>", 'table:formula="of:=IF([.F2]=0;1;2)"')


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx((1, 9900101101, "No HP", "Ani", "Diterima", LONG)), "jawaban.xlsx"),
        (xlsx((1, "09900101101", "No HP", "Ani", "Diterima", LONG)), "jawaban.xlsx"),
        (ods(odsbuilding.number("9900101101"), "Diterima"), "jawaban.ods"),
        (xls(xlsbuilding.double(1, 1, 9900101101.0)), "jawaban.xls"),
        ("No;KPJ;Elemen Data;Hasil\r\n1;9900101101;No HP;Diterima\r\n".encode("utf-16"), "jawaban.csv"),
        (b"KPJ,Data,Hasil\n12345678901.0,No HP,OK\n", "jawaban.csv"),
    ],
)  # fmt: skip
def test_a_card_number_is_read_from_every_program_with_its_zeros(data, name):
    (line,) = read(data, name)
    assert line.kpj in {"09900101101", "12345678901"}
    assert (line.field, line.answer) == ("hp", "accepted")
    assert line.words in {"", LONG.strip()}


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (xlsx((1, "09900101101", "No HP", "Ani", FORMULA)), "a.xlsx", "Baris 2: ada rumus"),
        (xlsx((1, "=A2&B9", "No HP", "Ani", "Diterima")), "a.xlsx", "belum dihitung"),
        (ods("09900101101", ODS_FORMULA), "a.ods", "simpan, lalu unggah lagi"),
        (b"KPJ;Data;Hasil\r\n1,23457E+10;No HP;Diterima\r\n", "a.csv", "angka akhirnya hilang"),
        (b"KPJ;Data;Hasil\r\n9900101101,0;No HP;Diterima\r\n", "a.csv", "bukan nomor"),
        (b"KPJ;Data;Hasil\r\n", "a.csv", "belum diisi"),
    ],
)
def test_what_a_program_did_not_say_or_lost_is_told_and_never_guessed(data, name, said):
    with pytest.raises(AnswerError) as refusal:
        read(data, name)
    assert said in refusal.value.message


def test_a_formula_on_a_line_without_a_result_or_beside_the_table_changes_nothing():
    rows = [(1, "09900101101", "No HP", "=A1", "Diterima", ""), ("=A1", "=B1", "No HP", "", "", "")]
    (line,) = read(xlsx(*rows), "jawaban.xlsx")
    assert line.row == 2
