"""Kinds of supporting documents, and the words by which file names call them."""

import re
from typing import NamedTuple

SIGNED_LETTER = "surat_bertanda_tangan"
OTHER = "lain"
FAMILY_CARD = "kk"

KINDS: dict[str, tuple[str, str]] = {
    "kartu_bpjstk": ("Kartu BPJS TK", "Membership card"),
    "ktp": ("KTP-el", "Identity card (KTP)"),
    "kk": ("Kartu keluarga", "Family card (KK)"),
    "akta_kelahiran": ("Akta kelahiran", "Birth certificate"),
    "ijazah": ("Ijazah", "Diploma"),
    "npwp": ("Kartu NPWP", "Tax card (NPWP)"),
    "buku_tabungan": ("Buku tabungan", "Bank passbook"),
    "pengunduran_diri": ("Surat pengunduran diri", "Resignation letter"),
    "paklaring": ("Paklaring", "Work certificate"),
    "beda_identitas": ("Surat pernyataan beda identitas", "Statement of differing identity"),
    "penetapan_pengadilan": ("Penetapan pengadilan", "Court decision"),
    "foto": ("Pas foto", "Photograph"),
    SIGNED_LETTER: ("Surat permohonan bertanda tangan", "Signed letter of request"),
    OTHER: ("Lain-lain", "Other"),
}
"""Key: (label in Indonesian, in English), in the order in which they are listed."""

_WORDS: dict[str, str] = {
    "ktp": "KTP|E KTP|EKTP|KTPEL|KTP EL|KTP ELEKTRONIK|KARTU TANDA PENDUDUK|KTPE",
    "kk": "KK|KARTU KELUARGA|KARTUKELUARGA|KRT KELUARGA|KARTU KEL|KSK",
    "akta_kelahiran": "AKTA|AKTE|AKTA LAHIR|AKTE LAHIR|AKTALAHIR|AKTELAHIR|AKTA KELAHIRAN|AKTE KELAHIRAN|"
    "KUTIPAN AKTA KELAHIRAN|AKTA KEL|AKTE KEL|AKL|SURAT LAHIR|SURAT KELAHIRAN|SURAT KETERANGAN LAHIR",
    "ijazah": "IJAZAH|IJASAH|IJAZA|IJAZAH TERAKHIR|IJASAH TERAKHIR",
    "npwp": "NPWP|KARTU NPWP",
    "buku_tabungan": "BUKU TABUNGAN|BUKUTABUNGAN|BUKU REKENING|BUKU REK|BUKU BANK|BUKU TAB|BUTAB|BUKTAB|TABUNGAN|"
    "REKENING|REK|COVER TABUNGAN|COVER BUKU TABUNGAN|HALAMAN DEPAN BUKU TABUNGAN",
    "pengunduran_diri": "PENGUNDURAN DIRI|SURAT PENGUNDURAN DIRI|SURAT PENGUNDURAN|RESIGN|SURAT RESIGN|"
    "RESIGNATION|RESIGNATION LETTER|SURAT KETERANGAN PENGUNDURAN DIRI",
    "paklaring": "PAKLARING|PARKLARING|VERKLARING|PAKLARIN|SURAT PAKLARING|KETERANGAN KERJA|"
    "SURAT KETERANGAN KERJA|SK KERJA|PENGALAMAN KERJA|SURAT PENGALAMAN KERJA",
    "beda_identitas": "BEDA IDENTITAS|PERNYATAAN BEDA IDENTITAS|SURAT PERNYATAAN BEDA IDENTITAS|BEDA NAMA|"
    "SURAT BEDA NAMA|SURAT PERNYATAAN BEDA NAMA|BEDA DATA|SURAT PERNYATAAN BEDA DATA|SURAT BEDA IDENTITAS|"
    "SURAT KETERANGAN BEDA IDENTITAS|SURAT KETERANGAN BEDA NAMA",
    "penetapan_pengadilan": "PENETAPAN|PENETAPAN PENGADILAN|PUTUSAN PENGADILAN|PENETAPAN PN|PUTUSAN PN|"
    "SURAT PENETAPAN PENGADILAN|PENETAPAN PENGADILAN NEGERI",
    "kartu_bpjstk": "KARTU BPJS TK|BPJS TK|BPJSTK|KARTU BPJSTK|KARTU BPJS|KARTU PESERTA|KARTU KPJ|JAMSOSTEK|"
    "KARTU JAMSOSTEK|BPJS KETENAGAKERJAAN|KARTU BPJS KETENAGAKERJAAN|BPJAMSOSTEK|KARTU BPJAMSOSTEK|KARTU TK|"
    "KPJ CARD|KARTU PESERTA BPJS|KARTU PESERTA BPJS TK|KARTU PESERTA BPJSTK|BPJS NAKER",
    "foto": "PAS FOTO|PASFOTO|PAS PHOTO|PASPHOTO|FOTO DIRI|PHOTO DIRI",
    "lain": "BUKU NIKAH|SURAT NIKAH|AKTA NIKAH|AKTE NIKAH|AKTA PERKAWINAN|AKTA CERAI|AKTE CERAI|AKTA KEMATIAN|"
    "AKTE KEMATIAN|SURAT KEMATIAN|SIM|PASPOR|PASSPORT|DOMISILI|SURAT DOMISILI|KETERANGAN DOMISILI|"
    "SURAT KETERANGAN DOMISILI|SURAT KUASA|BPJS KESEHATAN|BPJS KES|KARTU BPJS KESEHATAN|KARTU BPJS KES|"
    "KIS|KARTU KIS|KARTU INDONESIA SEHAT|SURAT DUKCAPIL|KETERANGAN DUKCAPIL|SURAT KETERANGAN DUKCAPIL",
}

WEAK: dict[tuple[str, ...], str] = {("KPJ",): "kartu_bpjstk", ("BPJS",): "kartu_bpjstk"}
"""Words that name a kind only where nothing else does: "KPJ 0123… KTP" is a KTP."""

HINTS: dict[tuple[str, ...], str] = {("FOTO",): "foto", ("PHOTO",): "foto", ("SKK",): "paklaring"}
"""Words that may name a kind; never certain."""

PHRASES: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): kind for kind, words in _WORDS.items() for phrase in words.split("|")
}
GLUED = tuple(sorted((p[0] for p in PHRASES if len(p) == 1), key=len, reverse=True))
"""Words that name a kind by themselves, the longest first."""
LONGEST_PHRASE = max(map(len, PHRASES))


class Told(NamedTuple):
    """The kinds that some words name, and the words that are left."""

    kinds: tuple[str, ...]
    hints: tuple[str, ...]
    rest: tuple[str, ...]


def kinds_in(words: tuple[str, ...]) -> Told:
    """Return the kinds that upper-case words name; the longest phrase wins.

    `("AKTA", "NIKAH", "SITI")` names "lain", not a birth certificate.
    """
    found: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            kind = PHRASES.get(words[at : at + length])
            if kind is not None:
                found.append(kind)
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    weak = [WEAK[(word,)] for word in rest if (word,) in WEAK]
    hints = [HINTS[(word,)] for word in rest if (word,) in HINTS]
    rest = [word for word in rest if (word,) not in WEAK and (word,) not in HINTS]
    return Told(tuple(dict.fromkeys(found or weak)), tuple(dict.fromkeys(hints)), tuple(rest))


def kind_named(text: str) -> str | None:
    """Return the kind that a cell of a mapping sheet names; None where none or several."""
    if text.strip().lower() in KINDS:
        return text.strip().lower()
    found = kinds_in(tuple(re.findall("[A-Z]+", text.upper()))).kinds
    return found[0] if len(found) == 1 else None
