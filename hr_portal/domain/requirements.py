"""REQUIREMENTS: which supporting documents each kind of correction asks for, and who says so.

Seeded from the public guides; where no source names a document, it is no
requirement here. Precedence where documents disagree: KTP-el and KK (Dukcapil),
then birth certificate, then diploma, then the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Need = Literal["wajib", "salah_satu", "bila_perlu"]

VERSION = "2026-11"
"""Of the table; a batch is judged by the version of its day."""

SOURCES: dict[str, str] = {
    "s1": "panduan SIPP untuk perusahaan",
    "s2": "tiga cara koreksi data (BPJS Ketenagakerjaan)",
    "s3": "syarat klaim JHT yang dipakai untuk data yang sama",
    "o": "sumber BPJS Ketenagakerjaan lain",
    "i": "disimpulkan dari layanan serupa",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One cell of the table: a kind of document for a kind of correction."""

    document: str
    """A key of KINDS."""
    need: Need
    sources: tuple[str, ...]
    """Keys of SOURCES."""


@dataclass(frozen=True, slots=True)
class CorrectionKind:
    """Fields that ask for the same documents."""

    label: str
    label_en: str
    fields: frozenset[str]
    needs: tuple[Requirement, ...]


def _cells(text: str) -> tuple[Requirement, ...]:
    """Read "kartu_bpjstk! s2 o; akta_kelahiran? i": ! wajib, | salah satu, ? bila perlu."""
    signs: dict[str, Need] = {"!": "wajib", "|": "salah_satu", "?": "bila_perlu"}
    cells = [cell.split() for cell in text.split(";")]
    return tuple(Requirement(head[:-1], signs[head[-1]], tuple(who)) for head, *who in cells)


_ADMINISTRATIVE = "beda_identitas? i"

REQUIREMENTS: tuple[CorrectionKind, ...] = (
    CorrectionKind(
        "Nama", "Name", frozenset({"nama", "gelar"}),
        _cells("kartu_bpjstk! s2 o; ktp! s1 s2 o; kk! s2; akta_kelahiran? i; ijazah? i;"
               f"{_ADMINISTRATIVE}; penetapan_pengadilan? i"),
    ),
    CorrectionKind(
        "NIK", "NIK", frozenset({"nik"}),
        _cells(f"kartu_bpjstk! s2 o; ktp! s2 o; kk! s2; {_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "No KK", "Family card number", frozenset({"kk"}), _cells("kartu_bpjstk! s2; kk! s2"),
    ),
    CorrectionKind(
        "Tempat dan tanggal lahir", "Place and date of birth",
        frozenset({"tempat_lahir", "tanggal_lahir"}),
        _cells("kartu_bpjstk! s2 o; ktp! s2 o; kk! s2; akta_kelahiran| i; ijazah? i;"
               f"{_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "Jenis kelamin", "Sex", frozenset({"jenis_kelamin"}),
        _cells("kartu_bpjstk! s2; ktp! s2 i; kk| s2; akta_kelahiran? i"),
    ),
    CorrectionKind(
        "Nama ibu kandung", "Mother's maiden name", frozenset({"nama_ibu"}),
        _cells("kartu_bpjstk! s2; ktp! s2; kk! s2; akta_kelahiran| i"),
    ),
    CorrectionKind(
        "Alamat", "Address", frozenset({"alamat", "kode_pos"}),
        _cells(f"kartu_bpjstk! s2; ktp! s2; kk| s2; {_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "HP dan e-mail", "Phone and e-mail",
        frozenset({"hp", "email", "darurat_nama", "darurat_hp", "darurat_hubungan"}),
        _cells("kartu_bpjstk! s2; ktp| o"),
    ),
    CorrectionKind(
        "NPWP", "NPWP", frozenset({"npwp"}), _cells("kartu_bpjstk! s2; ktp! s2; npwp! s2"),
    ),
    CorrectionKind(
        "Rekening bank", "Bank account",
        frozenset({"kode_bank", "no_rekening", "nama_rekening"}),
        _cells("kartu_bpjstk! s3; ktp! s3; buku_tabungan! s1 s3"),
    ),
    CorrectionKind(
        "Status kerja", "Employment",
        frozenset({"status_kerja", "tanggal_mulai", "tanggal_berhenti", "sebab_berhenti"}),
        _cells("kartu_bpjstk! s3; ktp! s3; kk| s3; pengunduran_diri| s2; paklaring| s2 s3 o"),
    ),
    CorrectionKind(
        "Gabung KPJ", "Merging KPJ", frozenset({"kpj_digabung"}),
        _cells("kartu_bpjstk! o; ktp! o; kk! o; paklaring! o"),
    ),
    CorrectionKind(
        "Data lain", "Other data",
        frozenset({"kpj", "status_kawin", "golongan_darah", "kewarganegaraan"}),
        _cells("kartu_bpjstk! s2; ktp! s2; kk| s2"),
    ),
)  # fmt: skip

_OF_FIELD: dict[str, CorrectionKind] = {field: one for one in REQUIREMENTS for field in one.fields}


def kinds_of(fields: Iterable[str]) -> tuple[CorrectionKind, ...]:
    """Return the kinds of correction that these fields are, in the order of the table."""
    asked = {id(_OF_FIELD[field]) for field in fields}
    return tuple(one for one in REQUIREMENTS if id(one) in asked)


def required(fields: Iterable[str]) -> frozenset[str]:
    """Return the kinds of document that are wajib for corrections of these fields."""
    return frozenset(
        cell.document for one in kinds_of(fields) for cell in one.needs if cell.need == "wajib"
    )


def askers(fields: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each kind of document that is wajib here those of the fields that ask for it."""
    asked: dict[str, set[str]] = {}
    for field in fields:
        for kind in required((field,)):
            asked.setdefault(kind, set()).add(field)
    return {kind: frozenset(found) for kind, found in asked.items()}
