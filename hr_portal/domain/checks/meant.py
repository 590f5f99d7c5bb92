"""What the text of one cell means where it is written otherwise than it should be.

All of it are candidates only: `proposals` tries each before it is offered. No digit is made up
and none is left out: what stands around a number or a date may be words and signs only.
"""

import re
from collections.abc import Callable
from unicodedata import decimal

from hr_portal.domain.cleaning import SEPARATORS, new_of_both, says_no_change, tidy
from hr_portal.domain.codes import ACCEPTED, bank_meant, code_meant
from hr_portal.domain.dates import date_meant
from hr_portal.domain.emails import address_meant
from hr_portal.domain.fields import KEEP, field_by_header
from hr_portal.domain.names import name_meant
from hr_portal.domain.phones import FOOTNOTE, mobile_meant, only_mobile

_MAYBE_READABLE = frozenset(
    {"CELL-04", "TEL-01", "NIK-01", "KK-01", "KPJ-01", "BNK-01", "POS-01", "TAX-01"}
)
"""Rules that a number breaks which isn't written in plain digits."""
_MAYBE_BOTH = _MAYBE_READABLE | {"CELL-18", "DAT-01", "TEL-05", "EML-01", "COD-01"}
"""Rules that an old and a new value in one cell break."""
_LOOKALIKES = str.maketrans("OoIiLlSsBb", "0011115588")
_CALLED = re.compile(
    r"(?:(?:no|nomor|hp|wa|telp|tlp|telepon|nik|ktp|kk|kpj|rek|rekening)\b[ .:]*)+", re.IGNORECASE
)
"""Words before a number that say what it is."""
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:,[0-9]+){2,}|[0-9]+(?:['’_][0-9]+)+", re.ASCII
)
_GROUPING = str.maketrans("", "", ",'’_")
_AMONG_WORDS = re.compile(
    r"(?:[^0-9+]*[^0-9+\w]|[^\W\d_]{2,})?(\+?[0-9](?:[ ./()_-]*[0-9])*)(?:[^0-9\w][^0-9]*)?",
    re.ASCII,
)
"""One number with words or signs around it; a single letter beside it may be one of its digits."""
_WORD_BESIDE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2,}|[A-Za-z]{2,}(?![0-9A-Za-z])", re.ASCII)
"""Letters before or after a number: "BSI 900…" is a bank's name, not 851."""
_ZERO_AMONG_LETTERS = re.compile(r"(?<=[^\W\d_])0|0(?=[^\W\d_])")
_AT_THE_ENDS = " .,:;/_-"
_ASKED_FOR = re.compile(
    r"^(?:(?:mohon|tolong|permintaan|permohonan|data|salah|di|ganti|penggantian|ubah|perubahan|koreksi|perbaikan"
    r"|perbaiki|pembetulan|update|revisi|kesalahan|pembaruan)\b[ .:/-]*)+"
    r"|(?:[ .:/-]+(?:salah|baru|berubah|diubah|diperbaiki))+$",
    re.IGNORECASE,
)
"""Words around the name of a datum in Data: "perubahan no HP", "NIK salah"."""
_MONEY = re.compile(r"\b(?:RP|IDR|USD)\b|[€$]", re.IGNORECASE)


def read_otherwise(code: str, key: str, value: str) -> str | None:
    """Return what a cell with this finding means, None = not certain."""
    if code in _MAYBE_BOTH and (both := new_of_both(tidy(value, compatible=False))) is not None:
        return both
    if code == "CELL-18" and says_no_change(tidy(value, compatible=True)):
        return KEEP
    if code in _READERS:
        return _READERS[code](key, value)
    return _number_meant(code, key, value) if code in _MAYBE_READABLE else None


def _code(key: str, value: str) -> str | None:
    text = tidy(value, compatible=True)
    if key == "data":
        named = field_by_header(_ASKED_FOR.sub("", text))
        return named.label if named else None
    return code_meant(key, text.upper()) if key in ACCEPTED else None


def _date(key: str, value: str) -> str | None:
    return date_meant(tidy(value, compatible=True), birth=key == "tanggal_lahir")


def _address(_key: str, value: str) -> str | None:
    return address_meant(tidy(value, compatible=False))


def _one_of_phones(_key: str, value: str) -> str | None:
    return only_mobile(tidy(value, compatible=True))


def _phone(_key: str, value: str) -> str | None:
    return mobile_meant(tidy(value, compatible=True))


def _name(key: str, value: str) -> str | None:
    return name_meant(tidy(value, compatible=False), holder=key == "nama_rekening")


def _name_with_digits(key: str, value: str) -> str | None:
    return _letters_for_zeros(tidy(value, compatible=False)) or _name(key, value)


_READERS: dict[str, Callable[[str, str], str | None]] = {
    "COD-01": _code, "DAT-01": _date, "EML-01": _address, "TEL-05": _one_of_phones, "TEL-08": _phone,
    "NAM-02": _name_with_digits, "NAM-07": _name, "BNK-06": _name,
}  # fmt: skip


def _number_meant(code: str, key: str, value: str) -> str | None:
    if key == "kode_bank":  # a name beside the code may say another one
        return bank_meant(tidy(value, compatible=True).upper()) or _digits_for_letters(value)
    mobile = _phone(key, value) if code == "TEL-01" else None
    return mobile or _digits_for_letters(value) or _number_among_words(value)


def _letters_for_zeros(name: str) -> str | None:
    """Return a name whose only digits are zeros among letters with the letter O in their place.

    A 1 may be an I or an L, so that nothing is certain there.
    """
    read = _ZERO_AMONG_LETTERS.sub("O", name.upper())
    return None if read == name.upper() or any(map(str.isdecimal, read)) else read


def _digits_for_letters(value: str) -> str | None:
    """Return a number whose letters O, I, L, S, B are read as the digits they look like.

    Digits of another script (Arabic, Devanagari) are digits, and read as what they are. What the
    number is ("HP: 0812…") and signs that group its digits are left out; one comma alone may
    be that of a decimal, and stays.
    """
    text = tidy(value, compatible=True)
    bare_of = _CALLED.sub("", text)
    if any(len(set(word.upper())) > 1 for word in _WORD_BESIDE.findall(bare_of)):
        return None
    if _GROUPED.fullmatch(bare_of):
        bare_of = bare_of.translate(_GROUPING)
    read = "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in bare_of)
    read = read.translate(_LOOKALIKES)
    bare = read.translate(SEPARATORS).lstrip("+")
    is_word = not any(map(str.isdecimal, text))  # "BSI" is a bank, not 851
    if is_word or read == text or not (bare.isascii() and bare.isdigit()):
        return None
    return read.strip(_AT_THE_ENDS)


def _number_among_words(value: str) -> str | None:
    """Return the one number of a text that holds no other digit: "BCA 9000000112 a.n. SITI"."""
    text = tidy(value, compatible=True)
    found = _AMONG_WORDS.fullmatch(text)
    if found is None or found[1] == text or _MONEY.search(text) or FOOTNOTE.search(text):
        return None
    return found[1]
