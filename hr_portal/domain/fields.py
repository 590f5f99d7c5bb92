"""FIELDS: every datum that can be corrected, told once.

Headers, the template, field help, API schemas and documents are made from this
table. Keys are stable; labels are what `Data` takes and what screens show.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
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
                 "NOMOR INDUK KEPENDUDUKAN", "NOMOR IDENTITAS", "NO IDENTITAS", "KTP", "NIK KTP EL", "E KTP",
                 "NO E KTP", "NOMOR E KTP", "NIK E KTP", "NO KTP EL", "KTP EL", "NIK NO KTP", "NO NIK KTP",
                 "NO KTP NIK", "NOMOR KTP NIK", "NOMOR INDUK KEPENDUDUKAN NIK", "NIK PESERTA", "NIK TK",
                 "NO IDENTITAS KTP", "NOMOR IDENTITAS KTP", "NIK SESUAI KTP", "NO ID KTP", "ID KTP", "KTP NO",
                 "KTP NUMBER", "NIK NUMBER", "ID CARD NO", "ID CARD NUMBER", "NATIONAL ID", "NATIONAL ID NO",
                 "NATIONAL ID NUMBER", "IDENTITY CARD NO", "IDENTITY CARD NUMBER", "IDENTITY NUMBER",
                 "NO IDENTITAS KEPENDUDUKAN", "NOMOR IDENTITAS KEPENDUDUKAN", "NIK SESUAI KTP KK", "NIK DI KTP",
                 "NIK PADA KTP"),
        sensitive=True, example="3171014508909013", width=20,
    ),
    Field(
        "kk", "No KK", "Family card number (KK)", "digits", "identitas",
        aliases=("KK", "NOMOR KK", "NO KARTU KELUARGA", "NOMOR KARTU KELUARGA", "KARTU KELUARGA", "NKK",
                 "NO KARTU KELUARGA KK", "NOMOR KARTU KELUARGA KK", "NO KK KARTU KELUARGA", "NO NKK",
                 "NOMOR NKK", "KK NO", "KK NUMBER", "FAMILY CARD", "FAMILY CARD NO", "FAMILY CARD NUMBER",
                 "NO KARTU KEL", "NOMOR KARTU KEL"),
        sensitive=True, example="3171011203159001", width=20,
    ),
    Field(
        "kpj", "No KPJ", "Membership number (KPJ)", "digits", "identitas",
        aliases=("KPJ", "NOMOR KPJ", "NO BPJSTK", "NOMOR BPJSTK", "NO PESERTA", "NOMOR PESERTA",
                 "NO BPJS KETENAGAKERJAAN", "NOMOR BPJS KETENAGAKERJAAN", "NO KARTU PESERTA",
                 "NO KARTU BPJS TK", "KODE TK", "NO JAMSOSTEK", "JAMSOSTEK", "NOMOR JAMSOSTEK", "BPJSTK",
                 "BPJS KETENAGAKERJAAN", "NO BPJAMSOSTEK", "NOMOR BPJAMSOSTEK", "BPJAMSOSTEK",
                 "NO KEPESERTAAN", "NOMOR KEPESERTAAN", "NOMOR KARTU BPJS TK", "NO KARTU BPJS KETENAGAKERJAAN",
                 "NOMOR KARTU BPJS KETENAGAKERJAAN", "NOMOR KARTU PESERTA", "NO KARTU KPJ", "KPJ PESERTA",
                 "NO KPJ BPJS TK", "NO KPJ BPJS KETENAGAKERJAAN", "NO KPJ PESERTA", "KARTU PESERTA JAMSOSTEK",
                 "NO KARTU PESERTA JAMSOSTEK", "NO PESERTA BPJS TK", "NO PESERTA BPJS KETENAGAKERJAAN",
                 "NOMOR PESERTA BPJS KETENAGAKERJAAN", "NO BPJS TENAGA KERJA", "KODE TENAGA KERJA", "KPJ NO",
                 "KPJ NUMBER", "MEMBERSHIP NO", "MEMBERSHIP NUMBER", "BPJS TK NO", "BPJS TK NUMBER",
                 "BPJS KETENAGAKERJAAN NO", "BPJS KETENAGAKERJAAN NUMBER", "BPJSTK NO", "BPJSTK NUMBER",
                 "KPJ TK", "NO KARTU JAMSOSTEK", "NOMOR KARTU JAMSOSTEK", "MEMBER NO", "MEMBER NUMBER", "MEMBER ID"),
        sensitive=True, example="09999990017", width=16,
    ),
    Field(
        "nama", "Nama Lengkap", "Full name", "name", "identitas",
        aliases=("NAMA", "NAMA PESERTA", "NAMA KARYAWAN", "NAMA PEGAWAI", "NAMA PEKERJA", "NAMA TENAGA KERJA",
                 "NAMA TK", "NAMA SESUAI KTP", "NAMA LENGKAP PESERTA", "NAMA LENGKAP KARYAWAN",
                 "NAMA LENGKAP PEGAWAI", "NAMA LENGKAP TENAGA KERJA", "NAMA KTP", "NAMA PADA KTP",
                 "NAMA DI KTP", "NAMA LENGKAP SESUAI KTP", "NM LENGKAP", "NM PESERTA", "NM KARYAWAN",
                 "NM PEGAWAI", "NM TK", "FULL NAME", "NAMA STAF", "NAME", "EMPLOYEE NAME", "EMPLOYEE FULL NAME",
                 "COMPLETE NAME", "MEMBER NAME", "NAME OF EMPLOYEE", "NAMA TANPA GELAR", "NAMA LENGKAP TANPA GELAR",
                 "NAMA LENGKAP TK", "NAMA PESERTA SESUAI KTP", "NAMA KARYAWAN SESUAI KTP", "NAMA PEGAWAI SESUAI KTP",
                 "NAMA SESUAI KTP EL", "NAMA LENGKAP SESUAI KTP EL", "NAMA PESERTA SESUAI KTP EL", "NAMA SESUAI E KTP",
                 "NAMA KARY", "NAMA KARYAWAN TI"),
        example="SITI CONTOHAN", width=28,
    ),
    Field(
        "gelar", "Gelar", "Title", "text", "identitas",
        aliases=("GELAR AKADEMIK", "TITEL"), example="S.E.", width=10,
    ),
    Field(
        "tempat_lahir", "Tempat Lahir", "Place of birth", "text", "kependudukan",
        aliases=("TMP LAHIR", "TEMPATLAHIR", "KOTA LAHIR", "TMPT LAHIR", "TPT LAHIR", "TMP LHR", "TMPT LHR",
                 "TEMPAT LHR", "TEMPAT KELAHIRAN", "KOTA KELAHIRAN", "PLACE OF BIRTH", "BIRTH PLACE",
                 "POB"), example="JAKARTA", width=18,
    ),
    Field(
        "tanggal_lahir", "Tanggal Lahir", "Date of birth", "date", "kependudukan",
        aliases=("TGL LAHIR", "TANGGALLAHIR", "TGL LHR", "TANGGAL LHR", "TANGGAL KELAHIRAN", "TGL KELAHIRAN",
                 "TGGL LAHIR", "DOB", "DATE OF BIRTH", "BIRTH DATE", "BIRTHDAY"),
        sensitive=True, example="05-08-1990", width=14,
    ),
    Field(
        "jenis_kelamin", "Jenis Kelamin", "Sex", "code", "kependudukan",
        aliases=("JK", "L P", "KELAMIN", "GENDER", "JENIS KELAMIN L P", "JNS KELAMIN", "JNS KEL", "JENKEL",
                 "J KEL", "JK L P", "SEX", "KELAMIN L P", "P L"), example="P", width=12,
    ),
    Field(
        "nama_ibu", "Nama Ibu Kandung", "Mother's maiden name", "name", "kependudukan",
        aliases=("NAMA IBU", "IBU KANDUNG", "NAMA GADIS IBU KANDUNG", "NM IBU", "NM IBU KANDUNG",
                 "NAMA IBU KDG", "NAMA GADIS IBU", "NAMA LENGKAP IBU KANDUNG", "MOTHER NAME", "MOTHERS NAME",
                 "MOTHER MAIDEN NAME", "MOTHERS MAIDEN NAME", "BIOLOGICAL MOTHER NAME"),
        sensitive=True, example="SRI UMPAMA", width=24,
    ),
    Field(
        "status_kawin", "Status Kawin", "Marital status", "code", "kependudukan",
        aliases=("STATUS PERKAWINAN", "STATUS PERNIKAHAN", "STATUS NIKAH", "STS KAWIN", "STATUS MENIKAH", "STS NIKAH",
                 "STATUS MARITAL", "MARITAL STATUS", "STATUS K TK", "STATUS TK K", "STATUS KAWIN K TK"),
        example="Y", width=12,
    ),
    Field(
        "golongan_darah", "Golongan Darah", "Blood group", "code", "kependudukan",
        aliases=("GOL DARAH", "GOLDAR", "GOLONGAN DRH", "GOL DRH", "GOLONGAN DARAH"), example="O", width=10,
    ),
    Field(
        "kewarganegaraan", "Kewarganegaraan", "Nationality", "code", "kependudukan",
        aliases=("KODE NEGARA", "WARGA NEGARA", "WNI WNA", "KEBANGSAAN", "NATIONALITY"), example="WNI", width=14,
    ),
    Field(
        "alamat", "Alamat Domisili", "Residential address", "text", "kependudukan",
        aliases=("ALAMAT", "ALAMAT LENGKAP", "ALAMAT LENGKAP DOMISILI", "ALAMAT TEMPAT TINGGAL",
                 "ALAMAT RUMAH", "ALAMAT SEKARANG", "ALAMAT TINGGAL", "ALAMAT DOMISILI LENGKAP",
                 "ALAMAT LENGKAP SEKARANG", "ALMT DOMISILI", "ADDRESS", "HOME ADDRESS", "DOMICILE ADDRESS",
                 "RESIDENTIAL ADDRESS", "CURRENT ADDRESS", "DOMISILI"),
        sensitive=True, example="Jalan Misal Nomor 8, RT 001/RW 002", width=40,
    ),
    Field(
        "kode_pos", "Kode Pos", "Postal code", "digits", "kependudukan",
        aliases=("KODEPOS", "POS", "KD POS", "KODE POS DOMISILI", "ZIP", "ZIP CODE", "POSTAL CODE"),
        example="10110", width=10,
    ),
    Field(
        "hp", "No HP", "Mobile number", "phone", "kontak",
        aliases=("HP", "HP WA", "HANDPHONE", "NO HANDPHONE", "NOMOR HP", "NOMOR HANDPHONE", "NO TELEPON", "NO TELP",
                 "TELEPON", "PONSEL", "NO PONSEL", "NOMOR PONSEL", "NO WA", "NOMOR WA", "NOMOR TELEPON",
                 "TELP", "TLP", "NO TLP", "NOMOR TELP", "NO TELEPON HP", "NO TELP HP", "TELEPON HP",
                 "NO HP WA", "NOMOR HP WA", "NO HP AKTIF", "NOMOR HP AKTIF", "WHATSAPP", "NO WHATSAPP",
                 "NOMOR WHATSAPP", "NO HP WHATSAPP", "NO SELULER", "NOMOR SELULER", "TELEPON SELULER",
                 "NO TELEPON SELULER", "NOMOR TELEPON SELULER", "TELEPON GENGGAM", "NO MOBILE", "MOBILE PHONE",
                 "MOBILE", "MOBILE NO", "MOBILE NUMBER", "MOBILE PHONE NO", "MOBILE PHONE NUMBER", "PHONE",
                 "PHONE NO", "PHONE NUMBER", "CELL PHONE", "HANDPHONE NO", "HANDPHONE NUMBER",
                 "WHATSAPP NUMBER",
                 "NO TELEPON GENGGAM"),
        sensitive=True, example="081200000001", width=16,
    ),
    Field(
        "email", "Email", "E-mail", "email", "kontak",
        aliases=("E MAIL", "SUREL", "ALAMAT EMAIL", "ALAMAT SUREL", "EMAIL PRIBADI", "EMAIL AKTIF",
                 "ALAMAT EMAIL AKTIF", "EMAIL ADDRESS"), sensitive=True,
        example="siti@contoh.example", width=26,
    ),
    Field(
        "npwp", "NPWP", "Tax number (NPWP)", "digits", "pajak_rekening",
        aliases=("NO NPWP", "NOMOR NPWP", "NPWP 16 DIGIT", "NPWP 15 DIGIT",
                 "NPWP PRIBADI", "NO NPWP PRIBADI", "NOMOR POKOK WAJIB PAJAK",
                 "NO POKOK WAJIB PAJAK", "NPWP NO", "NPWP NUMBER", "TAX ID", "TAX ID NO", "TAX ID NUMBER",
                 "TAX NUMBER"),
        sensitive=True, example="3171014508909013", width=20,
    ),
    Field(
        "kode_bank", "Kode Bank", "Bank code", "digits", "pajak_rekening", aliases=("BANK KODE", "KD BANK",
                 "BANK CODE"),
        example="014",
        width=10,
    ),
    Field(
        "no_rekening", "No Rekening", "Bank account number", "digits", "pajak_rekening",
        aliases=("REKENING", "NOMOR REKENING", "NO REK", "NO REKENING BANK", "NOMOR REKENING BANK",
                 "NO REK BANK", "NOMOR REK", "NOMOR REK BANK", "REKENING BANK", "NO REKENING TABUNGAN",
                 "NOMOR REKENING TABUNGAN", "BANK ACCOUNT NO", "BANK ACCOUNT", "BANK ACCOUNT NUMBER",
                 "ACCOUNT NO", "ACCOUNT NUMBER"),
        sensitive=True, example="9000000112", width=20,
    ),
    Field(
        "nama_rekening", "Nama Rekening", "Account holder", "name", "pajak_rekening",
        aliases=("ATAS NAMA", "ATAS NAMA REKENING", "NAMA PEMILIK REKENING", "PEMILIK REKENING",
                 "A N REKENING", "NAMA REK", "NAMA PEMILIK REK", "PEMILIK REK", "NAMA DI REKENING",
                 "NAMA PADA REKENING", "NAMA DI BUKU TABUNGAN", "NAMA PADA BUKU TABUNGAN", "ACCOUNT NAME",
                 "ACCOUNT HOLDER", "ACCOUNT HOLDER NAME", "BANK ACCOUNT NAME"),
        example="SITI CONTOHAN", width=28,
    ),
    Field(
        "status_kerja", "Status Kerja", "Employment status", "code", "kepesertaan",
        aliases=("STATUS PEGAWAI", "STATUS KARYAWAN", "STATUS KEPEGAWAIAN", "PKWT", "STATUS PEKERJA",
                 "STATUS TENAGA KERJA", "STATUS TK", "STS KERJA", "PKWTT", "PKWT PKWTT",
                 "STATUS HUBUNGAN KERJA", "EMPLOYMENT STATUS"), example="PKWTT", width=12,
    ),
    Field(
        "tanggal_mulai", "Tanggal Mulai", "Start date", "date", "kepesertaan",
        aliases=("TGL MULAI", "TGL AWAL BEKERJA", "TANGGAL AWAL BEKERJA", "TANGGAL MULAI BEKERJA", "TGL MASUK",
                 "TANGGAL MASUK", "TGL MULAI KERJA", "TANGGAL MULAI KERJA", "TGL MULAI BEKERJA",
                 "TANGGAL MASUK KERJA", "TGL MASUK KERJA", "TANGGAL AWAL KERJA", "TGL AWAL KERJA",
                 "TANGGAL BERGABUNG", "TGL BERGABUNG", "JOIN DATE", "TANGGAL JOIN", "TGL JOIN", "START DATE",
                 "HIRE DATE"),
        example="01-03-2020", width=14,
    ),
    Field(
        "tanggal_berhenti", "Tanggal Berhenti", "End date", "date", "kepesertaan",
        aliases=("TGL BERHENTI", "TANGGAL AKHIR KONTRAK", "TGL AKHIR KONTRAK", "TANGGAL KELUAR", "TGL KELUAR",
                 "TANGGAL BERHENTI BEKERJA", "TGL BERHENTI BEKERJA", "TANGGAL BERHENTI KERJA",
                 "TGL BERHENTI KERJA", "TANGGAL NON AKTIF", "TGL NON AKTIF", "TANGGAL RESIGN", "TGL RESIGN",
                 "TANGGAL KELUAR KERJA", "TGL KELUAR KERJA", "END DATE", "TERMINATION DATE"),
        example="31-10-2026", width=14,
    ),
    Field(
        "sebab_berhenti", "Sebab Berhenti", "Reason for leaving", "text", "kepesertaan",
        aliases=("SEBAB NA", "ALASAN BERHENTI", "SEBAB KELUAR", "SEBAB BERHENTI BEKERJA",
                 "ALASAN BERHENTI BEKERJA", "ALASAN KELUAR", "ALASAN RESIGN", "SEBAB NON AKTIF"),
        example="Mengundurkan diri", width=20,
    ),
    Field(
        "kpj_digabung", "KPJ Digabung", "KPJ to merge", "digits", "kepesertaan",
        aliases=("PENGGABUNGAN KPJ", "GABUNG KPJ", "KPJ GABUNG", "KPJ LAMA DIGABUNG", "KPJ YANG DIGABUNG",
                 "NO KPJ DIGABUNG", "NO KPJ YANG DIGABUNG", "AMALGAMASI", "AMALGAMASI KPJ", "MERGER KPJ"),
        sensitive=True, example="09999990025", width=16,
    ),
    Field(
        "darurat_nama", "Nama Kontak Darurat", "Emergency contact name", "name", "darurat",
        aliases=("KONTAK DARURAT", "NAMA DARURAT"), example="ANDI MISALNYA", width=24, optional=True,
    ),
    Field(
        "darurat_hp", "No HP Kontak Darurat", "Emergency contact mobile", "phone", "darurat",
        aliases=("HP KONTAK DARURAT", "HP DARURAT"),
        sensitive=True, example="081200000002", width=16, optional=True,
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

KEEP = "TIDAK BERUBAH"
"""The words that leave a correction out: its datum stays what it is, and nothing of it is sent."""

_BY_HEADER: dict[str, Field] = {}
for _field in FIELDS:
    for _name in (_field.label, _field.key, *_field.aliases):
        _BY_HEADER.setdefault(header_key(_name), _field)


_BIRTH = ("tempat_lahir", "tanggal_lahir")
_BOTH_OF_BIRTH = frozenset(
    {"TTL", "TEMPATTANGGALLAHIR", "TEMPATTGLLAHIR", "TMPTTGLLAHIR", "TMPTGLLAHIR"}
)
_AND = re.compile(r"[,;/&+\n]|\b(?:dan|serta)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def fields_named(text: str) -> tuple[Field, ...]:
    """Return the fields that a text names together ("NIK dan Nama", "TTL"), () for one or none."""
    together = header_key(_AND.sub(" ", text))
    if together in _BOTH_OF_BIRTH:
        return tuple(FIELD[key] for key in _BIRTH)
    found = [field_by_header(part) for part in _AND.split(text)]
    named = tuple(field for field in found if field is not None)
    return named if len(named) == len(found) > 1 else ()


def field_by_header(text: str) -> Field | None:
    """Find the field that a header or a `Data` cell names, by label, key or alias."""
    return _BY_HEADER.get(header_key(text))
