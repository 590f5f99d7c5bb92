"""Coded fields: what people write and the code it stands for (section 9)."""

import re

import phonenumbers

SEX = {
    **dict.fromkeys(("L", "LAKI-LAKI", "LAKI LAKI", "LK", "PRIA", "M", "MALE", "1"), "L"),
    **dict.fromkeys(("P", "PR", "PEREMPUAN", "WANITA", "W", "F", "FEMALE", "2"), "P"),
}

MARITAL = {
    **dict.fromkeys(
        ("Y", "K", "KAWIN", "MENIKAH", "KAWIN TERCATAT", "KAWIN BELUM TERCATAT", "2"), "Y"
    ),
    **dict.fromkeys(
        (
            "T", "TK", "BK", "BELUM KAWIN", "SINGLE", "LAJANG", "DUDA", "JANDA", "CERAI HIDUP",
            "CERAI MATI", "CERAI HIDUP TERCATAT", "CERAI HIDUP BELUM TERCATAT", "1", "3", "4",
        ),
        "T",
    ),
}  # fmt: skip

BLOOD = {
    "A": "A", "B": "B", "AB": "AB", "O": "O",
    "1": "A", "2": "B", "3": "AB", "4": "O",
}  # fmt: skip
BLOOD_UNKNOWN = frozenset({"TIDAK TAHU", "13"})
_RHESUS_CODES = {
    "5": "A", "6": "A", "7": "B", "8": "B", "9": "AB", "10": "AB", "11": "O", "12": "O",
}  # fmt: skip
_RHESUS = re.compile(r"(A|B|AB|O) ?[+-]")
_RHESUS_ZERO = re.compile(r"0 ?[+-]")

EMPLOYMENT = {
    "PKWT": "PKWT", "KONTRAK": "PKWT", "Y": "PKWT",
    "PKWTT": "PKWTT", "TETAP": "PKWTT", "T": "PKWTT",
}  # fmt: skip

_CITIZENS = frozenset({"WNI", "INDONESIA", "ID", "IDN", "1"})
_FOREIGNER = re.compile(r"WNA[ ,:/(-]+([A-Z][A-Z .'-]+?)\)?")
_TAX_STATUS = re.compile(r"(TK|K)/?(?:I/?)?[0-3]|K/?I/?[0-3]")

ACCEPTED = {
    "jenis_kelamin": "L (laki-laki) atau P (perempuan)",
    "status_kawin": "Y (kawin) atau T (belum kawin)",
    "golongan_darah": "A, B, AB, atau O",
    "kewarganegaraan": "WNI, atau WNA beserta negaranya",
    "status_kerja": "PKWT atau PKWTT",
}
"""What COD-01 lists for each coded field."""

ACCEPTED_EN = {
    "jenis_kelamin": "L (male) or P (female)",
    "status_kawin": "Y (married) or T (single)",
    "golongan_darah": "A, B, AB or O",
    "kewarganegaraan": "WNI, or WNA with the country",
    "status_kerja": "PKWT or PKWTT",
}


def read_code(field: str, text: str) -> tuple[str, str, str]:
    """Return (code it stands for, rule code, case) of a tidied upper-case text.

    The rule code is "" where the text is accepted as it is; the code it stands
    for is "" where there is none. `EMPTY` as rule code: it means "unknown".
    """
    return _READERS[field](text)


def _sex(text: str) -> tuple[str, str, str]:
    return _from(SEX, text)


def _marital(text: str) -> tuple[str, str, str]:
    found = MARITAL.get(text)
    if found is None and (status := _TAX_STATUS.fullmatch(text)):
        return ("T" if status[0].startswith("TK") else "Y", "COD-03", "")
    return _from(MARITAL, text)


def _blood(text: str) -> tuple[str, str, str]:
    if text in BLOOD_UNKNOWN:
        return ("", "EMPTY", "")
    if text == "0":
        return ("O", "COD-04", "")
    if rhesus := _RHESUS.fullmatch(text):
        return (rhesus[1], "COD-01", "rhesus")
    if text in _RHESUS_CODES:
        return (_RHESUS_CODES[text], "COD-01", "rhesus")
    if _RHESUS_ZERO.fullmatch(text):
        return ("O", "COD-04", "")
    return _from(BLOOD, text)


def _nationality(text: str) -> tuple[str, str, str]:
    if text in _CITIZENS:
        return ("WNI", "", "")
    if foreigner := _FOREIGNER.fullmatch(text):
        return (f"WNA {foreigner[1]}", "", "")
    if text in phonenumbers.SUPPORTED_REGIONS:
        return (f"WNA {text}", "", "")
    return ("", "COD-01", "country" if text in {"WNA", "2"} else "value")


def _employment(text: str) -> tuple[str, str, str]:
    return _from(EMPLOYMENT, text)


def _from(table: dict[str, str], text: str) -> tuple[str, str, str]:
    found = table.get(text)
    return ("", "COD-01", "value") if found is None else (found, "", "")


_READERS = {
    "jenis_kelamin": _sex,
    "status_kawin": _marital,
    "golongan_darah": _blood,
    "kewarganegaraan": _nationality,
    "status_kerja": _employment,
}
