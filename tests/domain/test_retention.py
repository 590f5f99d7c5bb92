"""When which stage of retention comes, and what it leaves of a value."""

import datetime as dt

import pytest

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.masking import DOT
from hr_portal.domain.retention import Periods, blot, blot_quoted

PERIODS = Periods(documents_days=180, log_years=5)
LEAP = dt.datetime(2024, 2, 29, 3, 0, tzinfo=dt.UTC)


def test_the_periods_count_from_the_end_of_a_batch():
    assert PERIODS.due("documents", LEAP) == dt.datetime(2024, 8, 27, 3, 0, tzinfo=dt.UTC)
    assert PERIODS.due("log", LEAP) == dt.datetime(2029, 2, 28, 3, 0, tzinfo=dt.UTC)
    for stage in ("documents", "log"):
        now = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
        assert PERIODS.due(stage, PERIODS.ended_before(stage, now)) == now


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [
        ("nik", "3171014508909013", "3171••••••••9013"), ("nama", "SITI CONTOHAN", "S•••• C••••"),
        ("tanggal_lahir", "1990-08-05", "••-••-1990"), ("tanggal_lahir", "5 Agst", "••••"),
        ("tempat_lahir", "Jakarta Pusat", "Jakarta ••••"), ("jenis_kelamin", "P", "P"),
        ("nama_rekening", "SITI", "S••••"), (None, "Sesuai KTP Siti", "••••"), ("kk", "", ""),
        ("alamat", "HAPUS", "HAPUS"), ("kode_pos", "10999", "•••••"),
    ],
)  # fmt: skip
def test_what_is_left_recognises_and_betrays_nobody(field, value, left):
    assert blot("documents", field, value) == left
    assert blot("log", field, value) == (value if value in {"", "HAPUS"} else DOT * 4)


@pytest.mark.parametrize("field", [field.key for field in FIELDS])
def test_blotting_twice_is_blotting_once(field):
    for value in ("3171014508909013", "Jalan Misal Nomor 8", "1990-08-05", "siti@contoh.example"):
        once = blot("documents", field, value)
        assert blot("documents", field, once) == once


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Baris 9 dilewati: catatan “Total untuk “SITI” dan BUDI”.", "Baris 9 dilewati: catatan “••••”."),
        ("Yang dibaca lembar “Siti”. Lain: “Budi”, “Ani” …", "Yang dibaca lembar “••••” …"),
        ("Baris tersembunyi ikut dibaca: 3, 4.", "Baris tersembunyi ikut dibaca: 3, 4."),
    ],
)  # fmt: skip
def test_words_of_the_file_in_a_sentence_go_whole(said, left):
    assert blot_quoted(said) == left
    assert blot_quoted(left) == left
