"""From a cell as found to a string that rules can judge (section 1 of the law).

Order (decisions): stored kind, line breaks and tabs to one space, hidden
characters dropped, CELL-02, CELL-14, CELL-10, CELL-11, CELL-04, CELL-03.
NFKC only where a value is digits, a date, a code or a phone; text gets NFC.
"""

import re
import unicodedata
from itertools import groupby

PLACEHOLDERS = frozenset({"-", ".", "0", "N/A", "NULL", "TIDAK ADA", "XXX", "'"})
"""CELL-14: what people type for "nothing"; the apostrophe is what programs put before it."""

DITTO = frozenset(
    {"IDEM", "IDEM.", "SDA", "SDA.", "S.D.A", "S.D.A.", "S D A", "DITTO", "DITO", "SAMA DI ATAS", "SEPERTI DI ATAS",
     "SAMA DENGAN DI ATAS", "SAMA DGN DI ATAS", "SAMA SEPERTI DI ATAS", "SAMA DIATAS", "SEPERTI DIATAS",
     "SAMA DENGAN DIATAS", "SAMA DGN DIATAS", "SAMA SEPERTI DIATAS", "-IDEM-", "(IDEM)", "-SDA-", '"', "''", ",,",
     '-"-', "〃"}
)  # fmt: skip
"""What stands for the cell above."""

ERROR_TEXTS = frozenset(
    {f"#{word}" for word in (
        "N/A", "REF!", "VALUE!", "NAME?", "DIV/0!", "NULL!", "NUM!", "SPILL!", "CALC!", "FIELD!", "BLOCKED!",
        "CONNECT!", "GETTING_DATA", "BUSY!", "UNKNOWN!", "ERROR!")}
    | {f"ERR:{number}" for number in range(501, 541)}
    | {"#" * count for count in range(3, 31)}
)  # fmt: skip
"""CELL-13 as text: an error of Excel, Google Sheets or LibreOffice in a csv or pasted as a value,
and the hashes of a column too narrow to show its numbers."""

NO_CHANGE = frozenset(
    {"TETAP", "TIDAK BERUBAH", "TIDAK DIUBAH", "TIDAK DIRUBAH", "TIDAK ADA PERUBAHAN", "TDK BERUBAH", "TDK DIUBAH",
     "TDK ADA PERUBAHAN", "TANPA PERUBAHAN", "TETAP SAMA", "NO CHANGE", "UNCHANGED"}
)  # fmt: skip
"""What says that a datum stays what it is; "sama" may mean the row above."""

STAND_INS = DITTO | ERROR_TEXTS | {
    "SAMA", "SESUAI KTP", "SESUAI KTP-EL",
    "SESUAI KTP EL", "SESUAI E-KTP", "SESUAI KK", "NAMA SESUAI KTP", "ALAMAT SESUAI KTP", "LIHAT LAMPIRAN",
    "LIHAT KTP", "TERLAMPIR", "MENYUSUL", "BELUM ADA", "KOSONG", "(KOSONG)", "NIHIL", "NONE", "TBA", "?", "??",
    "--", "---", "...", "???", "//", '""', "S/D/A", "N.A.", "(BLANK)", "TDK ADA", "BELUM PUNYA", "TIDAK PUNYA",
    "BELUM MEMILIKI", "TIDAK MEMILIKI", "TIDAK DIKETAHUI", "TIDAK TAHU", "TDK TAHU", "BELUM DIKETAHUI",
    "BELUM TAHU", "DALAM PROSES", "SEDANG DIPROSES", "SEDANG DIURUS", "MASIH PROSES", "BELUM DIISI",
    "SAMA DENGAN KTP", "SAMA DGN KTP", "SAMA DENGAN KK", "SESUAI DENGAN KTP", "SESUAI DENGAN KK", "SESUAI DATA",
    "SESUAI DOKUMEN", "ALAMAT SAMA DENGAN KTP", "NAN", "NAT", "<NA>", "UNDEFINED", "[OBJECT OBJECT]",
    "HAPUS.", "(HAPUS)", "DIHAPUS", "HAPUS DATA", "HAPUS SAJA", "MOHON DIHAPUS", "KOSONGKAN", "DIKOSONGKAN",
    "DELETE", "DELETED", "REMOVE", "DEL", "DI HAPUS", "DIHAPUSKAN", "HAPUSKAN", "TOLONG DIHAPUS", "HARAP DIHAPUS",
    "MOHON DI HAPUS", "DIKOSONGKAN SAJA", "NIL", "NA", "N.A", "N/A.", "UNKNOWN", "BLANK", "EMPTY", "TBD", "BELUM",
    "\\N", "DATA KOSONG", "TIDAK ADA DATA", "TIDAK TERBACA", "TIDAK JELAS",
    "SAMA SAJA", "SAMA SEPERTI KTP", "ALAMAT SAMA", "SAMA DENGAN ALAMAT KTP",
    "SAMA DGN ALAMAT KTP", "SAMA DENGAN NIK", "SESUAI NIK", "IKUT SUAMI", "ISI DI SINI", "ISI DISINI", "XX", "XXXX",
    "XXXXX", "V", "YA", "OK", "OKE", "SESUAI", "SUDAH SESUAI", "SUDAH BENAR", "SUDAH OK", "SDH SESUAI",
    "SDH BENAR", "PERBAIKI", "DIPERBAIKI", "MOHON DIPERBAIKI", "DIUBAH", "DIGANTI", "REVISI",
} | NO_CHANGE  # fmt: skip
"""CELL-18: what points to something else, says that there is nothing, or nearly says HAPUS."""

AROUND = " .,:;!*'\"`’“”()[]{}<>_/\\#$=~-…–—"
"""Signs around a word that leave it what it is: "[NULL]", "(terlampir)"."""
_BARE_STAND_INS = STAND_INS | PLACEHOLDERS | {"HAPUS"}

BETWEEN_OLD_AND_NEW = ("MENJADI", "SEHARUSNYA", "->", "=>", "→")
_OLD_AND_NEW = re.compile(
    r"\W*(?:(?:dari|semula|tertulis|lama)\b[ :]*)?\w.*?(?:\b(?:menjadi|seharusnya)\b|->|=>|→)[ :]*([\w+].*)",
    re.IGNORECASE,
)
"""CELL-18: "semula SITI CONTO menjadi SITI CONTOH", where only the new value is wanted."""

ZERO_IS_A_VALUE = frozenset({"golongan_darah", "divisi"})
"""Fields where "0" says something (decisions; amounts have no field yet)."""

SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]*)?[eE][+-]?[0-9]{1,3}", re.ASCII)
"""CELL-10: "3,17101E+15", "9.17101450890001E+015"."""

THROUGH_A_FLOAT = re.compile(r"([0-9]+)[.,]0", re.ASCII)
"""CELL-11: "9999990017.0"."""

WITH_DECIMALS = re.compile(r"[0-9]+\.00", re.ASCII)
"""A number shown with two decimals: without its point it would be another number."""

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
HYPHENS = str.maketrans(dict.fromkeys(_DASHES, "-"))
"""The dashes that word processors put for a hyphen."""

SEPARATORS = str.maketrans("", "", f" .-/_{_DASHES}")
"""CELL-03."""

_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_HIDDEN = frozenset({"Cf", "Cc", "Cs"})
_ASCII_CONTROLS = dict.fromkeys((*range(32), 127))
_APOSTROPHES = "'`’‘"
_WRAPPED = re.compile(r'="([^"]*)"')


def tidy(text: str, *, compatible: bool) -> str:
    """Return text without breaks, hidden characters and double spaces (CELL-01).

    `compatible` chooses NFKC (full-width digits become ASCII) over NFC. The sign of a footnote, a
    fraction or a number in a circle is no digit, and stays what it is.
    """
    text = _BREAKS.sub(" ", text)
    if text.isascii():
        text = text.translate(_ASCII_CONTROLS)
    else:
        text = "".join(c for c in text if unicodedata.category(c) not in _HIDDEN)
        text = _compatible(text) if compatible else unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def _compatible(text: str) -> str:
    runs = groupby(text, lambda sign: unicodedata.category(sign) == "No")
    return "".join(
        "".join(run) if is_note else unicodedata.normalize("NFKC", "".join(run))
        for is_note, run in runs
    )


def is_placeholder(text: str, *, zero: bool = True) -> bool:
    """Tell whether tidied text stands for "nothing" (CELL-14)."""
    return text.translate(HYPHENS).upper() in PLACEHOLDERS and (zero or text != "0")


def stand_in(text: str, case: str) -> tuple[str, str] | None:
    """Return the code and case of tidied text that stands for something else; None for a value.

    `case` is that of CELL-18 for this kind of field.
    """
    upper = text.upper()
    if upper in ERROR_TEXTS:
        return "CELL-13", "error"
    bare = upper.strip(AROUND)
    stands = upper in STAND_INS or (bare != upper and bare in _BARE_STAND_INS)
    return ("CELL-18", case) if stands or not any(map(str.isalnum, text)) else None


def says_no_change(text: str) -> bool:
    """Tell whether tidied text says that nothing changes, whatever signs stand around it."""
    return text.upper().strip(AROUND) in NO_CHANGE


def new_of_both(text: str) -> str | None:
    """Return the new value of a tidied text that says the old one, too; None where it doesn't."""
    found = _OLD_AND_NEW.fullmatch(text)
    return found[1] if found else None


def unwrap(text: str) -> str:
    """Return tidied text without the `="…"` that programs write into a csv (CELL-02)."""
    wrapped = _WRAPPED.fullmatch(text)
    return wrapped[1].strip() if wrapped else text


def unquote(text: str) -> str:
    """Return tidied text without a leading apostrophe (CELL-02)."""
    return text.lstrip(_APOSTROPHES).strip()


def has_letter(text: str) -> bool:
    """Tell whether any letter of any script stands in the text."""
    return any(c.isalpha() for c in text)
