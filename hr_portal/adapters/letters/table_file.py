"""Lampiran I of a letter whose corrections stand in a workbook: what its page says of it."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from hr_portal.domain.letter_data import WORKBOOK_NAME
from hr_portal.domain.letters import LetterFacts, line_label
from hr_portal.domain.wording import grouped_number

HASH_GROUP = 8
"""Signs of a hash between gaps, so that two can be compared by eye."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind of data: how many people and corrections ask for it."""

    label: str
    people: str
    corrections: str


@dataclass(frozen=True, slots=True)
class TableFile:
    """The workbook that a letter names in place of a printed table."""

    name: str
    size: str
    sha256: tuple[str, ...]
    """In groups, to be printed with gaps."""
    kinds: list[KindCount]


def table_file(facts: LetterFacts, workbook: bytes) -> TableFile:
    """Return what the page tells of the workbook: its hash, and what it asks for."""
    people: Counter[str] = Counter()
    corrections: Counter[str] = Counter()
    for person in facts.people:
        labels = [line_label(line) for line in person.lines]
        corrections.update(labels)
        people.update(set(labels))
    digest = hashlib.sha256(workbook).hexdigest()
    return TableFile(
        WORKBOOK_NAME,
        grouped_number(len(workbook)),
        tuple(digest[at : at + HASH_GROUP] for at in range(0, len(digest), HASH_GROUP)),
        [
            KindCount(label, grouped_number(people[label]), grouped_number(count))
            for label, count in corrections.most_common()
        ],
    )
