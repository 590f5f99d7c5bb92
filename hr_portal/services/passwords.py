"""Which passwords are taken (NIST SP 800-63B-4, security.md A2 and A3), all judged offline.

Length by what else guards the account, nothing that is among the first to be guessed, nothing about
the person, their company or the portal. Composition is asked for only where a setting says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.account_models import SecondFactor
from hr_portal.adapters.database.models import Company, Membership, User
from hr_portal.domain.told import Told
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid

MIN_ALONE: Final = 15
"""Characters of a password that is all that guards an account."""
MIN_WITH_CODE: Final = 8
"""Characters where a second factor is asked for too."""
MAX_PASSWORD: Final = 1024
JUDGED: Final = 72
"""Signs that are looked at for guessing; more than these only help."""
SHORT_WORD: Final = 3
"""Words of a name or address up to this length may stand in a password."""
FEWEST_DECADES: Final = 6
"""A password that falls within so many powers of ten of guesses counts as common."""
OF_THE_PORTAL: Final = ("bpjs", "jamsostek", "koreksi", "portal")
COMMON_HERE: Final = (
    "rahasia", "katasandi", "sandi", "indonesia", "bismillah", "sayang", "cinta", "semangat", "merdeka",
    "jakarta", "bandung", "surabaya", "garuda", "alhamdulillah", "perusahaan", "karyawan",
)  # fmt: skip
"""What people here choose first and the library's English lists don't hold."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is: what may not stand in it, and how long it has to be."""

    email: str
    name: str
    companies: tuple[str, ...] = ()
    """Names of the companies they work for."""
    has_second_factor: bool = False

    @property
    def least(self) -> int:
        """Return the fewest characters that are taken."""
        return MIN_WITH_CODE if self.has_second_factor else MIN_ALONE


def owner(session: Session, user: User) -> Owner:
    """Return what is to be known of a person to judge a password of theirs."""
    theirs = sa.select(Company.name).join(Membership).where(Membership.user_id == user.id)
    with tenancy.under(tenancy.Wide("names")):
        names = session.scalars(theirs).all()
    has_factor = session.get(SecondFactor, user.id) is not None
    return Owner(user.email, user.name, tuple(names), has_second_factor=has_factor)


def check(portal: Portal, password: str, of: Owner) -> None:
    """Take a new password, or raise Invalid with what is wrong; it is never cut or changed."""
    if not of.least <= len(password) <= MAX_PASSWORD:
        raise _refused(
            f"Kata sandi minimal {of.least} karakter. Kalimat pendek mudah diingat.",
            f"A password has at least {of.least} characters. A short sentence is easy to remember.",
            Told(f"Minimal {of.least} karakter", f"At least {of.least} characters"),
        )
    lowered = password.lower()
    if any(word in lowered for word in _words((of.email.partition("@")[0], of.name))):
        raise _refused(
            "Kata sandi tidak boleh memuat nama atau surel Anda.",
            "A password may not contain your name or e-mail.",
            Told("Memuat nama atau surel", "Contains name or e-mail"),
        )
    known = {
        *_words((of.email.partition("@")[2].rpartition(".")[0], *of.companies)),
        *OF_THE_PORTAL,
    }
    if found := sorted(word for word in known if word in lowered):
        raise _refused(
            f"Kata sandi memuat “{found[0]}”, yang mudah ditebak untuk akun ini: nama perusahaan atau "
            "portal. Pakai kata lain.",
            f"The password contains “{found[0]}”, which is easy to guess for this account: the name of "
            "the company or the portal. Use other words.",
            Told("Memuat nama perusahaan atau portal", "Contains the company or portal"),
        )
    if _is_common(lowered):
        raise _refused(
            "Kata sandi ini termasuk yang pertama ditebak orang: kata umum, deret angka, atau pola "
            "papan ketik. Pakai beberapa kata yang tidak berkaitan.",
            "This password is among the first to be guessed: a common word, a row of digits, or a "
            "pattern of the keyboard. Use several words that have nothing to do with each other.",
            Told("Mudah ditebak", "Easy to guess"),
        )
    if portal.settings.password_classes and not all(
        re.search(one, password) for one in ("[A-Z]", "[a-z]", "[0-9]")
    ):
        raise _refused(
            "Kata sandi memerlukan huruf besar, huruf kecil, dan angka.",
            "A password needs a capital letter, a small letter and a digit.",
            Told(
                "Perlu huruf besar, huruf kecil, dan angka",
                "Needs capitals, small letters and digits",
            ),
        )


def _is_common(lowered: str) -> bool:
    from zxcvbn import zxcvbn  # its lists take 60 ms to read

    guesses = zxcvbn(lowered[:JUDGED], user_inputs=[*COMMON_HERE])["guesses"]
    return int(guesses) < 10**FEWEST_DECADES


def _words(texts: Iterable[str]) -> set[str]:
    return {
        word
        for text in texts
        for word in (text.lower(), *re.split(r"[\W_]+", text.lower()))
        if len(word) > SHORT_WORD
    }


def _refused(message: str, message_en: str, field: Told) -> Invalid:
    return Invalid(message, message_en, fields={"password": field})
