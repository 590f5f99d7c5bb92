"""Headers that are nearly a known one."""

import pytest

from hr_portal.domain.resembling import resembling, slips
from hr_portal.domain.table import Role


@pytest.mark.parametrize(
    ("header", "role", "is_sure"),
    [
        ("Tangal Lahir", Role("record", "tanggal_lahir"), True),
        ("No. Hanphone", Role("record", "hp"), True),
        ("Nama Lengkp", Role("record", "nama"), True),
        ("Jenis Klamin", Role("record", "jenis_kelamin"), True),
        ("Tangal Lahir (Menjadi)", Role("after", "tanggal_lahir"), True),
        ("Menjadi Tangal Lahir", Role("after", "tanggal_lahir"), True),
        ("Tangal Lahir Lama", Role("record", "tanggal_lahir"), True),
        ("No HP (Menjdi)", Role("after", "hp"), False),
        ("Menjdi No HP", Role("after", "hp"), False),
        ("Semulla", Role("before"), True),
        ("Menjdi", Role("after"), True),
        ("Alasn", Role("reason"), True),
        ("Alamt", Role("record", "alamat"), False),
        ("Emial", Role("record", "email"), False),
        ("Kewarganegaran", Role("record", "kewarganegaraan"), True),
        ("Tnggal Lhir", Role("record", "tanggal_lahir"), False),
        ("No Artu Keluarga", Role("record", "kk"), True),
        ("Nomr Peserta", Role("record", "kpj"), True),
    ],
)
def test_a_slip_of_the_fingers_is_understood(header, role, is_sure):
    near = resembling(header)
    assert (near.role, near.is_sure) == (role, is_sure)


@pytest.mark.parametrize(
    "header",
    ["NIP", "NIKK", "No Pegawai", "Alamat 2", "Email2", "Departemen", "Tanggal Surat", "Nomor HK",
     "Lokasi Pekerjaan", "Nama Perusahaan", "Nama Semulla", "", "x" * 200, "Jabatan Menjadi"],
)  # fmt: skip
def test_what_is_near_nothing_or_too_much_stays_unknown(header):
    assert resembling(header) is None


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("ABCD", "ABCD", 0), ("ABCD", "ABD", 1), ("ABCD", "ABXD", 1), ("ABCD", "ACBD", 1),
     ("ABCD", "ABCDE", 1), ("ABCD", "WXYZ", 3), ("ABCDEF", "ABDCFE", 2), ("AB", "ABCDE", 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_a_limit(one, other, count):
    assert slips(one, other, 2) == count
