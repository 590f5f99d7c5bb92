"""FIELDS: every datum that can be corrected, told once.

Headers, the template, field help, API schemas and documents are made from this
table. Keys are stable; labels are what `Data` takes and what screens show.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["digits", "name", "date", "code", "phone", "email", "text"]
Group = Literal["identitas", "kependudukan", "kontak", "pajak_rekening", "kepesertaan", "darurat"]


@dataclass(frozen=True, slots=True)
class Field:
    """One correctable datum of an employee."""

    key: str
    label: str
    label_en: str
    kind: FieldKind
    group: Group
    aliases: tuple[str, ...] = ()
    """Other headers people write, besides label and key; matched by `header_key`."""
    sensitive: bool = False
    """Masked in lists, indexed only by HMAC, never logged."""
    example: str = ""
    width: int = 18
    """Column width in the template, in characters."""
    optional: bool = False
    """Only where the company switches it on."""


def header_key(text: str) -> str:
    """Reduce a header to what is compared: upper-case ASCII letters and digits.

    `"No. KTP *"` and `"NO_KTP"` give the same key. Diacritics are dropped.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^A-Z0-9]", "", decomposed.upper())


FIELDS: tuple[Field, ...] = (
    Field(
        "nik", "NIK", "National ID number (NIK)", "digits", "identitas",
        aliases=("NO KTP", "NOMOR KTP", "NO NIK", "NOMOR NIK", "NIK KTP", "NO INDUK KEPENDUDUKAN",
                 "NOMOR INDUK KEPENDUDUKAN", "NOMOR IDENTITAS", "NO IDENTITAS", "KTP", "NIK KTP EL"),
        sensitive=True, example="3171014508909013", width=20,
    ),
    Field(
        "kk", "No KK", "Family card number (KK)", "digits", "identitas",
        aliases=("KK", "NOMOR KK", "NO KARTU KELUARGA", "NOMOR KARTU KELUARGA", "KARTU KELUARGA", "NKK"),
        sensitive=True, example="3171011203159001", width=20,
    ),
    Field(
        "kpj", "No KPJ", "Membership number (KPJ)", "digits", "identitas",
        aliases=("KPJ", "NOMOR KPJ", "NO BPJSTK", "NO BPJS TK", "NOMOR BPJSTK", "NO PESERTA", "NOMOR PESERTA",
                 "NO BPJS KETENAGAKERJAAN", "NOMOR BPJS KETENAGAKERJAAN", "NO KARTU PESERTA", "NO KARTU BPJS TK",
                 "KODE TK"),
        sensitive=True, example="09999990017", width=16,
    ),
    Field(
        "nama", "Nama Lengkap", "Full name", "name", "identitas",
        aliases=("NAMA", "NAMA PESERTA", "NAMA KARYAWAN", "NAMA PEGAWAI", "NAMA PEKERJA", "NAMA TENAGA KERJA",
                 "NAMA TK", "NAMA SESUAI KTP"),
        example="SITI CONTOHAN", width=28,
    ),
    Field("gelar", "Gelar", "Title", "text", "identitas", example="S.E.", width=10),
    Field(
        "tempat_lahir", "Tempat Lahir", "Place of birth", "text", "kependudukan",
        aliases=("TMP LAHIR", "TEMPATLAHIR", "KOTA LAHIR"), example="JAKARTA", width=18,
    ),
    Field(
        "tanggal_lahir", "Tanggal Lahir", "Date of birth", "date", "kependudukan",
        aliases=("TGL LAHIR", "TGLLAHIR", "TANGGALLAHIR", "TGL LHR", "TANGGAL LHR"),
        sensitive=True, example="05-08-1990", width=14,
    ),
    Field(
        "jenis_kelamin", "Jenis Kelamin", "Sex", "code", "kependudukan",
        aliases=("JK", "L P", "LP", "KELAMIN", "GENDER", "JENIS KELAMIN L P"), example="P", width=12,
    ),
    Field(
        "nama_ibu", "Nama Ibu Kandung", "Mother's maiden name", "name", "kependudukan",
        aliases=("NAMA IBU", "IBU KANDUNG", "NAMA GADIS IBU KANDUNG"), sensitive=True, example="SRI UMPAMA", width=24,
    ),
    Field(
        "status_kawin", "Status Kawin", "Marital status", "code", "kependudukan",
        aliases=("STATUS PERKAWINAN", "STATUS PERNIKAHAN", "STATUS NIKAH"), example="Y", width=12,
    ),
    Field(
        "golongan_darah", "Golongan Darah", "Blood group", "code", "kependudukan",
        aliases=("GOL DARAH", "GOLDAR", "GOLONGAN DRH"), example="O", width=10,
    ),
    Field(
        "kewarganegaraan", "Kewarganegaraan", "Nationality", "code", "kependudukan",
        aliases=("KODE NEGARA", "WARGA NEGARA", "WNI WNA"), example="WNI", width=14,
    ),
    Field(
        "alamat", "Alamat Domisili", "Residential address", "text", "kependudukan",
        aliases=("ALAMAT", "ALAMAT LENGKAP", "ALAMAT LENGKAP DOMISILI", "ALAMAT TEMPAT TINGGAL", "ALAMAT RUMAH"),
        sensitive=True, example="Jalan Misal Nomor 8, RT 001/RW 002", width=40,
    ),
    Field(
        "kode_pos", "Kode Pos", "Postal code", "digits", "kependudukan", aliases=("KODEPOS", "POS"),
        example="10110", width=10,
    ),
    Field(
        "hp", "No HP", "Mobile number", "phone", "kontak",
        aliases=("HP", "HANDPHONE", "NO HANDPHONE", "NOMOR HP", "NOMOR HANDPHONE", "NO TELEPON", "NO TELP",
                 "TELEPON", "PONSEL", "NO PONSEL", "NOMOR PONSEL", "NO WA", "NOMOR WA", "NOMOR TELEPON"),
        sensitive=True, example="081200000001", width=16,
    ),
    Field(
        "email", "Email", "E-mail", "email", "kontak",
        aliases=("E MAIL", "SUREL", "ALAMAT EMAIL", "ALAMAT SUREL"), sensitive=True,
        example="siti@contoh.example", width=26,
    ),
    Field(
        "npwp", "NPWP", "Tax number (NPWP)", "digits", "pajak_rekening", aliases=("NO NPWP", "NOMOR NPWP"),
        sensitive=True, example="3171014508909013", width=20,
    ),
    Field(
        "kode_bank", "Kode Bank", "Bank code", "digits", "pajak_rekening", aliases=("BANK KODE",), example="014",
        width=10,
    ),
    Field(
        "no_rekening", "No Rekening", "Bank account number", "digits", "pajak_rekening",
        aliases=("REKENING", "NOMOR REKENING", "NO REK", "NOREK", "NO REKENING BANK", "NOMOR REKENING BANK"),
        sensitive=True, example="9000000112", width=20,
    ),
    Field(
        "nama_rekening", "Nama Rekening", "Account holder", "name", "pajak_rekening",
        aliases=("ATAS NAMA", "ATAS NAMA REKENING", "NAMA PEMILIK REKENING", "PEMILIK REKENING", "A N REKENING"),
        example="SITI CONTOHAN", width=28,
    ),
    Field(
        "status_kerja", "Status Kerja", "Employment status", "code", "kepesertaan",
        aliases=("STATUS PEGAWAI", "STATUS KARYAWAN", "STATUS KEPEGAWAIAN", "PKWT"), example="PKWTT", width=12,
    ),
    Field(
        "tanggal_mulai", "Tanggal Mulai", "Start date", "date", "kepesertaan",
        aliases=("TGL MULAI", "TGL AWAL BEKERJA", "TANGGAL AWAL BEKERJA", "TANGGAL MULAI BEKERJA", "TGL MASUK",
                 "TANGGAL MASUK"), example="01-03-2020", width=14,
    ),
    Field(
        "tanggal_berhenti", "Tanggal Berhenti", "End date", "date", "kepesertaan",
        aliases=("TGL BERHENTI", "TANGGAL AKHIR KONTRAK", "TGL AKHIR KONTRAK", "TANGGAL KELUAR", "TGL KELUAR"),
        example="31-10-2026", width=14,
    ),
    Field(
        "sebab_berhenti", "Sebab Berhenti", "Reason for leaving", "text", "kepesertaan",
        aliases=("SEBAB NA", "ALASAN BERHENTI", "SEBAB KELUAR"), example="Mengundurkan diri", width=20,
    ),
    Field(
        "kpj_digabung", "KPJ Digabung", "KPJ to merge", "digits", "kepesertaan",
        aliases=("PENGGABUNGAN KPJ", "GABUNG KPJ", "KPJ GABUNG", "KPJ LAMA DIGABUNG"), sensitive=True,
        example="09999990025", width=16,
    ),
    Field(
        "darurat_nama", "Nama Kontak Darurat", "Emergency contact name", "name", "darurat",
        aliases=("KONTAK DARURAT", "NAMA DARURAT"), example="ANDI MISALNYA", width=24, optional=True,
    ),
    Field(
        "darurat_hp", "No HP Kontak Darurat", "Emergency contact mobile", "phone", "darurat",
        aliases=("HP KONTAK DARURAT", "HP DARURAT"), sensitive=True, example="081200000002", width=16, optional=True,
    ),
    Field(
        "darurat_hubungan", "Hubungan Kontak Darurat", "Emergency contact relation", "text", "darurat",
        aliases=("HUBUNGAN DARURAT", "HUBUNGAN KONTAK"), example="Saudara kandung", width=18, optional=True,
    ),
)  # fmt: skip

FIELD: dict[str, Field] = {field.key: field for field in FIELDS}

REQUIRED_KEYS: tuple[str, ...] = ("kpj", "nik", "nama")
"""Wanted on every row, beside at least one correction (decisions.md, Layouts)."""

IDENTITY_KEYS: tuple[str, ...] = ("nik", "nama", "tempat_lahir", "tanggal_lahir")
"""A change of one of these makes the KK required on the row."""

ERASE = "HAPUS"
"""The word that erases a value; an empty cell means "no change", never "erase"."""

_BY_HEADER: dict[str, Field] = {}
for _field in FIELDS:
    for _name in (_field.label, _field.key, *_field.aliases):
        _BY_HEADER.setdefault(header_key(_name), _field)


def field_by_header(text: str) -> Field | None:
    """Find the field that a header or a `Data` cell names, by label, key or alias."""
    return _BY_HEADER.get(header_key(text))
