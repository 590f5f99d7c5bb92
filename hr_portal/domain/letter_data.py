"""What a letter says, for programs: the content of the JSON and the CSV inside its PDF.

The shape is published as `static/letters/surat-koreksi-1.schema.json`. A change that a reader
of version 1 would not understand gets the next number; names are never used anew.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hr_portal.domain.letters import LetterFacts, LetterPerson

FORMAT = "surat-koreksi/1"
JSON_NAME = "surat-koreksi.json"
WORKBOOK_NAME = "lampiran-1-koreksi.xlsx"
"""Holds the corrections of a letter that does not print them."""
CSV_NAME = "surat-koreksi.csv"

CSV_HEADER = (
    "No", "KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi", "Keterangan",
)  # fmt: skip
"""As the portal's own layout of one line a correction, so that it can be uploaded."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class LetterDataError(ValueError):
    """The content is not what a letter of ours holds."""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One correction as a letter holds it; values are exactly those of the batch."""

    name: str
    kpj: str
    nik: str
    field: str
    label: str
    before: str
    after: str
    documents: str = ""


def rows_of(people: tuple[LetterPerson, ...]) -> Iterator[LetterRow]:
    """Yield the corrections of a letter in its order."""
    for person in people:
        for line in person.lines:
            yield LetterRow(
                person.name, person.kpj, person.nik,
                line.field, line.label, line.before, line.after, line.documents,
            )  # fmt: skip


def letter_data(facts: LetterFacts) -> dict[str, Any]:
    """Return what the JSON inside a letter holds; see the schema."""
    return {
        "format": FORMAT,
        "letter": {
            "number": facts.number or "",
            "date": facts.issued_on.isoformat(),
            "verification_code": facts.verify_code or "",
        },
        "company": {
            "name": facts.company.name,
            "npp": facts.company.npp,
            "division": facts.company.division,
        },
        "branch": {"name": facts.branch.name},
        "counts": {"people": len(facts.people), "corrections": facts.corrections},
        "people": [
            {
                "name": person.name,
                "kpj": person.kpj,
                "nik": person.nik,
                "corrections": [
                    {
                        "field": line.field,
                        "label": line.label,
                        "before": line.before,
                        "after": line.after,
                        "documents": line.documents,
                    }
                    for line in person.lines
                ],
            }
            for person in facts.people
        ],
    }


def csv_lines(rows: Iterator[LetterRow]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the CSV, its header first.

    A value that a spreadsheet would read as a formula gets an apostrophe before it; the
    exact value stands in the JSON (security.md H4).
    """
    yield CSV_HEADER
    for place, row in enumerate(rows, start=1):
        values = (row.kpj, row.nik, row.name, row.label, row.before, row.after, row.documents)
        yield (str(place), *(_harmless(value) for value in values))


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def rows_from_data(content: object) -> list[LetterRow]:
    """Return the corrections in the JSON of a letter.

    Raises LetterDataError where the format is another, a part is missing or of another
    kind, or the counts are not those of the rows.
    """
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise LetterDataError("format")
    try:
        date.fromisoformat(content["letter"]["date"])
        rows = [
            LetterRow(
                _text(person["name"]), _text(person["kpj"]), _text(person["nik"]),
                *(_text(line[key]) for key in ("field", "label", "before", "after", "documents")),
            )
            for person in content["people"]
            for line in person["corrections"]
        ]  # fmt: skip
        counts = (len(content["people"]), len(rows))
        told = (content["counts"]["people"], content["counts"]["corrections"])
    except (KeyError, TypeError, ValueError) as error:
        raise LetterDataError("shape") from error
    if counts != told:
        raise LetterDataError("counts")
    return rows


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the rows of a letter and those of its batch differ; both empty where they don't."""

    only_in_letter: tuple[LetterRow, ...]
    only_in_batch: tuple[LetterRow, ...]

    @property
    def is_same(self) -> bool:
        """Whether the letter holds exactly the rows of the batch."""
        return not self.only_in_letter and not self.only_in_batch


def compared(in_letter: list[LetterRow], in_batch: list[LetterRow]) -> Comparison:
    """Compare rows by all their values but the names of their documents, whatever the order."""
    letter, batch = _counted(in_letter), _counted(in_batch)
    return Comparison(tuple((letter - batch).elements()), tuple((batch - letter).elements()))


def _counted(rows: list[LetterRow]) -> Counter[LetterRow]:
    return Counter(
        LetterRow(row.name, row.kpj, row.nik, row.field, row.label, row.before, row.after)
        for row in rows
    )
