"""What a company's letters show, as its form and a program hold it; the register of its letters."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from hr_portal.adapters.database.models import Company
from hr_portal.adapters.spreadsheets import register_workbook
from hr_portal.domain.letter_choices import TEXTS as CHOSEN_TEXTS
from hr_portal.domain.letter_choices import choices_of
from hr_portal.domain.letter_numbers import LetterKind
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    letter_facts,
    letter_numbering,
    letter_signing,
    letter_views,
    places,
)
from hr_portal.services.context import Portal

TEXTS: Final = ("address", "city", "phone", "email", "short_name", "number_pattern", "paper")
CONTACT: Final = ("name", "title", "phone", "email")
SIGNATORY: Final = ("name", "title", "attorney_number")
CHOICES: Final = ("phrases", *CHOSEN_TEXTS)
OUTSIDE: Final = "outside"
"""State, in the register, of a number that was used outside the portal."""
STATES: Final = {
    "issued": "Terbit", "superseded": "Digantikan", "revoked": "Dicabut", OUTSIDE: "Di luar portal",
}  # fmt: skip
"""States in the register, as a program's copy of it says them."""
MOST_LISTED: Final = 100_000
"""Letters in the register's workbook; a company issues some hundred a year."""


def on_record(company: Company) -> dict[str, Any]:
    """Return a company's letter data as a form holds them, without the words it chose."""
    return {
        **{name: getattr(company, name) for name in TEXTS},
        "contact": dict(company.contact or {}),
        "signatories": [dict(one) for one in company.signatories],
        "copies_to": list(company.copies_to),
    }


def held(company: Company) -> dict[str, Any]:
    """Return all that letters show of a company: its letter data and the words it chose."""
    chosen = choices_of(company.letter_choices)
    return {
        **on_record(company),
        "letter_choices": {name: getattr(chosen, name) for name in CHOICES},
    }


def chosen(kept: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the words a company has after a change; an empty text is the portal's own again."""
    words = choices_of({**kept, **given})
    return {name: getattr(words, name) for name in CHOICES}


def changed(company: Company, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the letter data that was given (what was left out is None), for `edit_company`.

    Words of the letters that were not given are those the company chose before.
    """
    values = {
        name: given[name]
        for name in (*TEXTS, "contact", "signatories", "copies_to")
        if given.get(name) is not None
    }
    if words := given.get("letter_choices"):
        said = {name: text for name, text in words.items() if text is not None}
        values["letter_choices"] = chosen(held(company)["letter_choices"], said)
    if given.get("remove_logo"):
        values["logo"] = b""
    return values


def shown(portal: Portal, actor: Actor, company_id: str) -> dict[str, Any]:
    """Return all that a company's letters show, how they are numbered and what signs them.

    Raises NotFound.
    """
    company = places.company(portal, actor, company_id)
    return {
        "id": company.id,
        "name": company.name,
        "npp": company.npp,
        "division": company.division,
        **held(company),
        "has_logo": company.logo is not None,
        "series": letter_numbering.series_views(
            portal, actor, company_id, letter_views.KINDS, letter_facts.today(portal)
        ),
        "certificate": letter_signing.certificate(portal, actor, company_id),
    }


def register_book(
    portal: Portal,
    actor: Actor,
    *,
    day: Callable[[date], str],
    kinds: Mapping[LetterKind, str],
    states: Mapping[str, str],
) -> bytes:
    """Return the register of the actor's companies as a workbook, the latest number first.

    It holds the letters of the portal and the numbers used outside; `day`, `kinds` and
    `states` say days, kinds of letters and states in the reader's language.
    """
    found, _total = letter_views.register(portal, actor, per_page=MOST_LISTED)
    lines: list[tuple[date, tuple[object, ...]]] = [
        (
            letter.issued_on,
            (
                letter.number, day(letter.issued_on), kinds[letter.kind], states[letter.state],
                letter.company_name, letter.batch_number, _count(letter.people),
                _count(letter.corrections), letter.sha256, letter.revoked_reason,
            ),
        )
        for letter in found
    ]  # fmt: skip
    for company in places.companies(portal, actor):
        lines += [
            (
                one.used_on,
                (
                    one.number, day(one.used_on), kinds[one.kind], states[OUTSIDE], company.name,
                    "", "", "", "", one.note,
                ),
            )
            for one in letter_numbering.outside_numbers(portal, actor, company.id)
        ]  # fmt: skip
    lines.sort(key=lambda line: line[0], reverse=True)
    return register_workbook.write(line for _day, line in lines)


def _count(value: int | None) -> str:
    return "" if value is None else str(value)
