"""Coded fields: what people write and the code it stands for (section 9)."""

import re

import phonenumbers

from hr_portal.domain.cleaning import HYPHENS
from hr_portal.domain.resembling import slips

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


_ALSO = {
    "jenis_kelamin": {
        **dict.fromkeys(("LAKI", "LAKI2", "LAKI-2", "LAKILAKI", "LELAKI", "COWOK", "MAN"), "L"),
        **dict.fromkeys(("PRP", "PRMPN", "CEWEK", "WOMAN"), "P"),
    },
    "status_kawin": {
        **dict.fromkeys(
            ("BELUM MENIKAH", "BELUM NIKAH", "TIDAK KAWIN", "TIDAK MENIKAH", "CERAI", "BUJANG", "GADIS",
             "BLM KAWIN", "BLM MENIKAH", "BLM", "BELUM", "TIDAK", "UNMARRIED", "NOT MARRIED", "DIVORCED", "WIDOWED",
             "WIDOW", "WIDOWER"), "T"
        ),
        **dict.fromkeys(
            ("NIKAH", "SUDAH KAWIN", "SUDAH MENIKAH", "SUDAH NIKAH", "SUDAH", "YA", "MARRIED"), "Y"
        ),
    },
    "kewarganegaraan": {
        **dict.fromkeys(("INDONESIAN", "WARGA NEGARA INDONESIA", "W.N.I", "W N I", "INA", "RI"), "WNI"),
        **{
            country: f"WNA {country}"
            for country in (
                "AMERIKA SERIKAT", "AUSTRALIA", "BELANDA", "CHINA", "CINA", "FILIPINA", "INDIA", "INGGRIS", "JEPANG",
                "JERMAN", "KOREA SELATAN", "MALAYSIA", "PRANCIS", "SINGAPURA", "TAIWAN", "THAILAND",
                "TIMOR LESTE", "TIONGKOK", "VIETNAM",
            )
        },
    },
    "status_kerja": {
        **dict.fromkeys(
            ("KARYAWAN TETAP", "PEGAWAI TETAP", "PEKERJA TETAP", "PERMANEN", "PERMANENT"), "PKWTT"
        ),
        **dict.fromkeys(
            ("KARYAWAN KONTRAK", "PEGAWAI KONTRAK", "PEKERJA KONTRAK", "CONTRACT"), "PKWT"
        ),
    },
}  # fmt: skip
"""Words that the law does not list and that mean one code only: proposed, never taken."""
_BLOOD_WORDS = re.compile(
    r"(?:GOL(?:ONGAN)?\.? ?(?:DARAH)? ?)?(A|B|AB|O)(?: ?\(?(?:RH(?:ESUS)?\.?)? ?(?:[+-]|POSITI[FV]E?|NEGATI[FV]E?)\)?)?"
)
_LEAST_SLIPPED = 6
"""Letters of a word from which on one slip leaves no doubt."""
_WHOLE_NUMBER = re.compile(r"([0-9]+)[.,]0", re.ASCII)
_TWICE_SAID = re.compile(r"(.+?) ?[(/] ?(.+?)\)?")


def code_meant(field: str, text: str) -> str:
    """Return the one code that an upper-case text which is none means, "" = not certain."""
    text = re.sub(r" ?- ?", "-", text.translate(HYPHENS)).rstrip(".")
    if field == "status_kawin" and (status := _TAX_STATUS.fullmatch(text.replace("-", "/"))):
        return _of_tax_status(status[0])
    if field == "golongan_darah":
        blood = _BLOOD_WORDS.fullmatch(text)
        return blood[1] if blood else ""
    twice = _TWICE_SAID.fullmatch(text)
    if twice:
        one, other = (_meant(field, part) for part in twice.groups())
        return one if one == other else ""
    return _meant(field, text)


def _meant(field: str, text: str) -> str:
    text = _WHOLE_NUMBER.sub(r"\1", text)
    for word in (text, text.replace("-", " ")):
        code, rule, _ = read_code(field, word)
        if code and not rule:
            return code
        if word in _ALSO[field]:
            return _ALSO[field][word]
    return _spelt_right(field, text)


def _spelt_right(field: str, text: str) -> str:
    """Return the one code of all words that are a slip away from a long one: PEREMPAUN."""
    if len(text) < _LEAST_SLIPPED:
        return ""
    words = {**_WORDS[field], **_ALSO[field]}
    meant = {code for word, code in words.items() if slips(text, word, 1) <= 1}
    return meant.pop() if len(meant) == 1 else ""


_WORDS: dict[str, dict[str, str]] = {
    "jenis_kelamin": SEX, "status_kawin": MARITAL, "status_kerja": EMPLOYMENT,
    "kewarganegaraan": dict.fromkeys(_CITIZENS, "WNI"),
}  # fmt: skip


_BANK_NAMES = {
    "BCA": "014", "CENTRAL ASIA": "014", "MANDIRI": "008", "BRI": "002", "RAKYAT INDONESIA": "002",
    "BNI": "009", "BNI 46": "009", "NEGARA INDONESIA": "009", "BTN": "200", "TABUNGAN NEGARA": "200",
    "BSI": "451", "SYARIAH INDONESIA": "451", "CIMB": "022", "CIMB NIAGA": "022", "PERMATA": "013",
    "DANAMON": "011", "OCBC": "028", "OCBC NISP": "028", "MEGA": "426", "BUKOPIN": "441",
    "KB BUKOPIN": "441", "MUAMALAT": "147", "MUAMALAT INDONESIA": "147", "PANIN": "019", "MAYBANK": "016",
    "UOB": "023", "HSBC": "041", "DBS": "046", "SINARMAS": "153", "BCA SYARIAH": "536",
}  # fmt: skip
"""What people write for a bank's code (section 12 of the law)."""
_BANK_FILLERS = re.compile(r"\b(?:PT|BANK|TBK|PERSERO)\b\.?|[(),./]")
_BANK_BRANCH = re.compile(r"\b(?:KCP|KCU|KC|KK|CABANG|CAB|UNIT|CAPEM)\b.*")
"""What follows is the office: "BCA KCP SUDIRMAN"."""


def bank_meant(text: str) -> str | None:
    """Return the code of the bank that an upper-case text names, None = none or not certain."""
    code = re.search(r"(?<![0-9])[0-9]{3}(?![0-9])", text)
    rest = text.replace(code[0], " ") if code else text
    plain = _BANK_FILLERS.sub(" ", rest.translate(HYPHENS).replace("-", " "))
    name = " ".join(_BANK_BRANCH.sub("", plain).split())
    found = _BANK_NAMES.get(name)
    return found if code is None or code[0] == found else None


def _sex(text: str) -> tuple[str, str, str]:
    return _from(SEX, text)


def _marital(text: str) -> tuple[str, str, str]:
    found = MARITAL.get(text)
    if found is None and (status := _TAX_STATUS.fullmatch(text)):
        return (_of_tax_status(status[0]), "COD-03", "")
    return _from(MARITAL, text)


def _of_tax_status(text: str) -> str:
    """Return whether a PTKP code says married: K/1, but not TK/1."""
    return "T" if text.startswith("TK") else "Y"


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
