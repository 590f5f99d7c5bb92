"""Which headers mean what, and which layout they make."""

import pytest

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.layouts import (
    UNKNOWN,
    Fault,
    decide,
    group_of,
    meaning,
    role_of,
    tells_side,
    understand,
)
from hr_portal.domain.table import Role

PER_CORRECTION = ("No", "KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi", "Alasan")


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("No", Role("number")),
        ("No.", Role("number")),
        ("KPJ*", Role("record", "kpj")),
        ("NO_KTP", Role("record", "nik")),
        ("Nama Lengkap (sesuai KTP)", Role("record", "nama")),
        ("Tanggal Lahir (dd-mm-yyyy)", Role("record", "tanggal_lahir")),
        ("NIK (wajib diisi)", Role("record", "nik")),
        ("Data", Role("which")),
        ("Jenis Koreksi", Role("which")),
        ("Elemen Data", Role("which")),
        ("Semula", Role("before")),
        ("Data Lama", Role("before")),
        ("TERTULIS", Role("before")),
        ("Menjadi", Role("after")),
        ("Seharusnya", Role("after")),
        ("Data Baru", Role("after")),
        ("Alasan Koreksi", Role("reason")),
        ("Ket.", Role("note")),
        ("NIK (Menjadi)", Role("after", "nik")),
        ("Menjadi NIK", Role("after", "nik")),
        ("NIK Menjadi", Role("after", "nik")),
        ("NIK Baru", Role("after", "nik")),
        ("NIK (Baru)", Role("after", "nik")),
        ("NIK Seharusnya", Role("after", "nik")),
        ("Tanggal Lahir (dd-mm-yyyy) Menjadi", Role("after", "tanggal_lahir")),
        ("NIK Lama", Role("record", "nik")),
        ("Nama Lengkap Semula", Role("record", "nama")),
        ("Data NIK", Role("record", "nik")),
        ("\ufeffKPJ", Role("record", "kpj")),
        ("ï»¿KPJ", Role("record", "kpj")),
        ("NIK Sebelum Koreksi", Role("record", "nik")),
        ("Nama Setelah Perbaikan", Role("after", "nama")),
        ("No HP Karyawan", Role("record", "hp")),
        ("Email Karyawan Baru", Role("after", "email")),
        ("Old Value", Role("before")),
        ("New Value", Role("after")),
        ("Membership No.", Role("record", "kpj")),
        ("Mobile Number (New)", Role("after", "hp")),
        ("Nama Lengkap / Full Name", Role("record", "nama")),
        ("No. KPJ\nMembership No.", Role("record", "kpj")),
        ("Semula / Before", Role("before")),
        ("No HP Baru / New Mobile Phone", Role("after", "hp")),
        ("HP Baru / New", Role("after", "hp")),
        ("HP Lama / Old", Role("record", "hp")),
        ("Email (revisi)", Role("after", "email")),
        ("Alamat Terbaru", Role("after", "alamat")),
        ("Nama Baru Sesuai KTP", Role("after", "nama")),
        ("Diubah menjadi :", Role("after")),
        ("Kolom yang dikoreksi", Role("which")),
        ("Semula (BPJS TK)", Role("before")),
        ("Data Lama (Jamsostek)", Role("before")),
        ("Tertulis di SIPP", Role("before")),
        ("Seharusnya (KTP)", Role("after")),
        ("MENJADI (sesuai KTP-el)", Role("after")),
        ("Seharusnya sesuai KTP", Role("after")),
        ("Data yang benar (KTP)", Role("after")),
        ("Menjadi (NIK)", Role("after", "nik")),
        ("Menjadi (KK)", Role("after", "kk")),
        ("KTP (Baru)", Role("after", "nik")),
        ("Sesudah diperbaiki", Role("after")),
        ("Status (K/TK)", Role("record", "status_kawin")),
        ("Email (perubahan)", UNKNOWN),  # old or new? never the value on record unasked
        ("Zodiak sesuai KTP", UNKNOWN),
        ("Alamat sesuai KTP", UNKNOWN),
        ("NIK / No KK", UNKNOWN),
        ("Nama / Jabatan", UNKNOWN),
        ("Tempat/Tanggal Lahir", UNKNOWN),
        ("NIK Karyawan", UNKNOWN),
        ("NIK Pegawai (Menjadi)", UNKNOWN),
        ("NPP Perusahaan", Role("company", "npp")),
        ("Kode Divisi", Role("company", "divisi")),
        ("NPP", UNKNOWN),
        ("Divisi", UNKNOWN),
        ("Zodiak", UNKNOWN),
        ("Zodiak Baru", UNKNOWN),
        ("NIK Aneh", UNKNOWN),
        ("Data yang", UNKNOWN),
        ("()", UNKNOWN),
        ("", UNKNOWN),
        ("x" * 200, UNKNOWN),
    ],
)
def test_a_header_means_its_role(header, role):
    assert role_of(header) == role


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_field_is_known_by_its_label_as_a_record_and_as_a_new_value(field):
    assert role_of(field.label) == Role("record", field.key)
    assert role_of(f"{field.label} (Menjadi)") == Role("after", field.key)
    for alias in field.aliases:
        assert role_of(alias) == Role("record", field.key), alias


@pytest.mark.parametrize(
    ("heading", "side"),
    [
        ("Data Lama", "before"),
        ("SEMULA", "before"),
        ("Data Peserta Lama", "before"),
        ("Data yang Benar", "after"),
        ("Menjadi", "after"),
        ("Karyawan Baru", "after"),
        ("Data Sebelum Koreksi", "before"),
        ("Daftar Koreksi Data", None),
        ("Perubahan", None),
        ("NIK", None),
        ("Data", None),
        ("DATA LAMA (SESUAI SIPP)", "before"),
        ("Data Baru (sesuai KTP)", "after"),
    ],
)
def test_a_heading_over_columns_stands_for_one_side_of_the_correction(heading, side):
    assert group_of(heading) == side


def test_a_header_row_scores_above_rows_of_data_and_titles():
    header = understand(PER_CORRECTION)
    assert header.score > understand(["1", "09999990017", "3171014508909013", "X", "NIK"]).score
    assert understand(["DAFTAR KOREKSI NIK"]).score == 0
    assert understand(["NIK"]).score == 0


def test_the_layout_follows_from_the_headers():
    layout, header = decide(understand(PER_CORRECTION))
    assert layout == "per-correction"
    assert header.roles[6] == Role("after")
    layout, header = decide(understand(["KPJ", "NIK", "Nama", "NIK (Menjadi)", "Menjadi"]))
    assert layout == "per-employee"
    assert header.roles[4] == UNKNOWN


def test_a_forced_layout_leaves_what_belongs_to_the_other_aside():
    both = understand([*PER_CORRECTION, "Email (Menjadi)"])
    layout, header = decide(both, "per-correction")
    assert layout == "per-correction"
    assert header.roles[8] == UNKNOWN
    layout, header = decide(both, "per-employee")
    assert layout == "per-employee"
    assert header.roles[4:7] == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_both_layouts_at_once_are_a_fault():
    fault = decide(understand([*PER_CORRECTION, "Email (Menjadi)"]))
    assert isinstance(fault, Fault)
    assert fault.kind == "mixed"
    assert fault.columns == (8,)


@pytest.mark.parametrize(
    ("headers", "choice", "missing"),
    [
        (["KPJ", "NIK"], "auto",
         ("Nama Lengkap", "nilai baru, misalnya “No HP (Menjadi)” (atau Data + Menjadi)")),
        (["KPJ", "NIK", "Nama", "Menjadi"], "auto", ("Data",)),
        (["KPJ", "NIK", "Nama", "Data"], "auto", ("Menjadi",)),
        (["KPJ", "NIK", "Nama"], "per-correction", ("Data", "Menjadi")),
        (["KPJ", "NIK", "Nama", "Data", "Menjadi"], "per-employee",
         ("“… (Menjadi)”, misalnya “NIK (Menjadi)”",)),
        (["NIK (Menjadi)", "Nama"], "auto", ("KPJ", "NIK")),
    ],
)  # fmt: skip
def test_missing_columns_are_named(headers, choice, missing):
    fault = decide(understand(headers), choice)
    assert isinstance(fault, Fault)
    assert fault.kind == "missing"
    assert fault.names == missing
    assert len(fault.names_en) == len(missing)


def test_two_columns_of_one_meaning_are_a_fault():
    fault = decide(understand([*PER_CORRECTION, "NO KTP"]))
    assert isinstance(fault, Fault)
    assert fault.kind == "duplicate"
    assert fault.columns == (2, 8)
    assert fault.names == ("NIK",)


def test_a_second_note_or_number_is_only_not_understood():
    _, header = decide(understand([*PER_CORRECTION, "Nomor", "Ket", "Catatan"]))
    assert header.roles[8:] == (UNKNOWN, Role("note"), UNKNOWN)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role("after"), "Menjadi"),
        (Role("which"), "Data"),
        (Role("before"), "Semula"),
        (Role("after", "nik"), "NIK (Menjadi)"),
        (Role("record", "kk"), "No KK"),
        (UNKNOWN, "?"),
        (Role("company", "npp"), "NPP"),
        (Role("company", "divisi"), "Divisi"),
    ],
)
def test_a_role_is_called_by_the_header_of_the_template(role, name):
    assert meaning(role) == name


@pytest.mark.parametrize(
    ("header", "is_told"), [("No HP (Semula)", True), ("Email baru", True), ("No HP", False)]
)
def test_a_header_may_say_itself_on_which_side_it_is(header, is_told):
    assert tells_side(header) is is_told
