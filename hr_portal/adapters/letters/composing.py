"""One letter's content, handed to the templates whole or in runs of people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hr_portal.adapters.letters.enclosures import document_list, sheets_print, tied
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.logo import Logo, checked_logo
from hr_portal.adapters.letters.table_file import table_file
from hr_portal.adapters.letters.texts import tidied
from hr_portal.adapters.letters.view import letter_context, people_print
from hr_portal.domain.letters import LetterFacts, missing_facts, overlong_facts
from hr_portal.domain.wording import grouped_number, listed

TEMPLATE = "surat_permohonan.html"

DRAFT = "KONSEP"
"""Across the pages of a preview."""
SAMPLE = "CONTOH"
"""Across the pages of a letter of invented people."""

MOST_PRINTED = 20_000
"""Corrections that pages may hold; more would be a book of two thousand pages."""

MOST_LINES = 50_000
"""Corrections that one letter may ask for, their table being a file."""

Told = Callable[[int], None]
"""Hears how many percent of a long letter are laid out."""

MOST_NAMED = 8
"""Facts named in one sentence."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Run(Generic[_Row]):
    """Some rows of a lampiran, in the groups that may not be torn apart."""

    groups: list[list[_Row]]
    first: bool
    """The lampiran begins here: it has its title."""
    last: bool
    """The lampiran ends here: it has its sum and what stands below."""


def untold(_percent: int) -> None:
    """Tell nobody."""


class LetterContent:
    """What one letter prints; see `compose` for the errors."""

    def __init__(
        self, facts: LetterFacts, *, preview: bool, watermark: str = DRAFT, workbook: bytes = b""
    ) -> None:
        self.facts = tidied(facts)
        self.people = len(facts.people)
        self.lines_of = [len(person.lines) for person in facts.people]
        self.documents = document_list(self.facts)
        self.logo = _logo(self.facts)
        self.base = {
            **letter_context(self.facts, preview=preview),
            "watermark": watermark,
            "has_logo": self.logo is not None,
            "documents": self.documents,
            "dense": False,
            "chunked": False,
            "letter": False,
            "corrections": None,
            "sheets": None,
            "letter_sheets": "",
            "file": table_file(self.facts, workbook) if facts.table == "file" else None,
        }

    def whole(self, *, dense: bool) -> dict[str, Any]:
        """Return the context of the letter with both lampiran."""
        return {
            **self.base,
            "dense": dense,
            "letter": True,
            "corrections": self.corrections(0, self._listed),
            "sheets": self.sheets(0, self._listed),
        }

    @property
    def _listed(self) -> int:
        """How many people the pages list, where all stand on one document."""
        return 0 if self.facts.table == "file" else self.people

    def corrections(self, start: int, stop: int) -> Run[Any]:
        """Return the people from index `start` up to `stop` for Lampiran I."""
        rows = people_print(
            self.facts.people[start:stop],
            start,
            cards_are_told=self.documents.everyone_has_a_card,
        )
        return self._run(rows, start, stop)

    def sheets(self, start: int, stop: int) -> Run[Any]:
        """Return the people from index `start` up to `stop` for Lampiran II."""
        rows = sheets_print(self.facts, self.documents, start, stop)
        return self._run(rows, start, stop)

    def _run(self, rows: list[_Row], start: int, stop: int) -> Run[_Row]:
        last = stop == self.people or self.facts.table == "file"
        return Run(tied(rows) if last else [[row] for row in rows], first=start == 0, last=last)


def compose(
    facts: LetterFacts, *, preview: bool, watermark: str = DRAFT, workbook: bytes = b""
) -> LetterContent:
    """Check the facts and return what is printed of them.

    Raises LetterError: LET-BIG above MOST_LINES corrections, MOST_PRINTED where the pages hold
    them; LET-LONG for a text
    no one would print; LET-MISSING, unless for a preview, where a fact is
    missing; LET-LOGO, LET-QR and LET-FONT for a logo, an address or a character
    that can't be printed.
    """
    most = MOST_LINES if facts.table == "file" else MOST_PRINTED
    if facts.corrections > most:
        raise LetterError(
            "LET-BIG",
            f"Pengajuan ini memuat {grouped_number(facts.corrections)} butir koreksi; satu surat "
            f"paling banyak memuat {grouped_number(most)}. Bagi pengajuan menjadi beberapa "
            "berkas, misalnya per divisi, lalu buat satu surat untuk tiap pengajuan.",
            f"The batch holds {facts.corrections:,} corrections; one letter holds at most "
            f"{most:,}. Split the batch, then make one letter for each.",
        )
    overlong = overlong_facts(facts)
    if overlong:
        raise LetterError(
            "LET-LONG",
            f"Surat tidak dapat dicetak karena terlalu panjang: {_named(overlong)}. "
            "Perbaiki pada data pengajuan atau data perusahaan, lalu buat suratnya lagi.",
            f"Too long to be printed: {_named(overlong)}. Shorten it, then make the letter again.",
        )
    missing = () if preview else missing_facts(facts)
    if missing:
        raise LetterError(
            "LET-MISSING",
            f"Surat belum dapat diterbitkan karena belum ada: {_named(missing)}. "
            "Lengkapi pada data perusahaan atau pada pengajuan, lalu terbitkan lagi.",
            f"The letter can't be issued; missing: {_named(missing)}.",
        )
    return LetterContent(facts, preview=preview, watermark=watermark, workbook=workbook)


def _named(facts: tuple[str, ...]) -> str:
    """List facts in a sentence: the first few, then how many more."""
    more = len(facts) - MOST_NAMED
    return listed([*facts[:MOST_NAMED], *([f"{more} hal lain"] if more > 0 else [])])


def _logo(facts: LetterFacts) -> Logo | None:
    company = facts.company
    return None if company.logo is None else checked_logo(company.logo, company.logo_type)
