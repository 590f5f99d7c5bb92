"""Sensitive values as lists show them: enough to recognise, not enough to use.

The whole value is shown by a click that is logged; never mask in place of
withholding (letters and exports carry whole values).
"""

from collections.abc import Callable

from hr_portal.domain.fields import ERASE, KEEP

DOT = "•"
_KEPT_BEHIND = 4
_MOST_LETTERS = 2
_FEWEST_HIDDEN = 4
_SEPARATORS = str.maketrans("", "", " .-()")
_SHORTEST = 8
"""Below this, showing head and tail would show nearly everything."""


def mask_number(value: str, *, head: int = 3, dots: int | None = None) -> str:
    """Return `head` characters, dots, the last four: `099••••0017`.

    A value shorter than 8 characters is dots altogether. `dots` fixes how many
    stand between, otherwise one a hidden character; there a letter that was
    typed for a digit is shown, as it is what is to be mended: `31O1••••O•••9013`.
    """
    if len(value) < max(_SHORTEST, head + _KEPT_BEHIND + 1):
        return DOT * len(value)
    middle = value[head:-_KEPT_BEHIND]
    between = DOT * dots if dots is not None else hide_digits(middle)
    return value[:head] + between + value[-_KEPT_BEHIND:]


def hide_digits(middle: str) -> str:
    """Return dots for the signs between what is shown; a letter or two among digits stay."""
    letters = sum(sign.isalpha() for sign in middle)
    if letters > _MOST_LETTERS or len(middle) - letters < _FEWEST_HIDDEN:
        return DOT * len(middle)
    return "".join(sign if sign.isalpha() else DOT for sign in middle)


def mask_nik(value: str) -> str:
    """Return a NIK, KK or NPWP as `3171••••••••9013`."""
    return mask_number(value, head=4)


def mask_kpj(value: str) -> str:
    """Return a KPJ as `099••••0017`."""
    return mask_number(value)


def mask_account(value: str) -> str:
    """Return a bank account as `900•••0112`."""
    return mask_number(value)


def mask_phone(value: str) -> str:
    """Return a phone as `0812••••0001`; `+62 812-…` is shown as `0812…`."""
    number = value.translate(_SEPARATORS)
    return mask_number("0" + number[3:] if number.startswith("+62") else number, head=4)


def mask_email(value: str) -> str:
    """Return an address as `s•••@contoh.example`; the domain stays."""
    local, at, domain = value.rpartition("@")
    if not at:
        return DOT * len(value)
    return f"{local[:1]}{DOT * 3}@{domain}"


def mask_name(value: str) -> str:
    """Return a name as `T•••• R••••`: first letters, four dots a word."""
    return " ".join(word[:1] + DOT * 4 for word in value.split())


def mask_text(value: str) -> str:
    """Return a text with its first word only: `Jalan ••••`."""
    first, _, rest = value.partition(" ")
    return f"{first} {DOT * 4}" if rest else DOT * len(value)


_MASKS: dict[str, Callable[[str], str]] = {
    "nik": mask_nik,
    "kk": mask_nik,
    "npwp": mask_nik,
    "kpj": mask_kpj,
    "kpj_digabung": mask_kpj,
    "no_rekening": mask_account,
    "hp": mask_phone,
    "darurat_hp": mask_phone,
    "email": mask_email,
    "nama_ibu": mask_name,
    "alamat": mask_text,
}


_WORDS = frozenset({ERASE, KEEP})


def mask(field: str, value: str) -> str:
    """Return a value as lists show it, by the key of its field.

    Every sensitive field has a mask (a test holds it) but the date of birth,
    which must be seen beside the NIK's to be judged; others stay as they are, as
    do the words that erase a value or leave it what it is.
    """
    hide = _MASKS.get(field) if value not in _WORDS else None
    return hide(value) if hide and value else value
