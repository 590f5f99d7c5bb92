"""The employees of a sheet, by everything that a file name may call them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hr_portal.domain.names import canonical, comparable

NIK_DIGITS = 16
KPJ_DIGITS = 11


@dataclass(slots=True)
class Person:
    """One employee: the rows of the sheet that are about them, and what they are called."""

    rows: list[int] = field(default_factory=list)
    names: set[tuple[str, ...]] = field(default_factory=set)
    """Words of each name they have or shall have, upper case, without titles."""
    words: set[str] = field(default_factory=set)


class Roster:
    """All employees of one revision; built once, asked for each file name."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.by_kpj: dict[str, set[int]] = defaultdict(set)
        self.by_nik: dict[str, set[int]] = defaultdict(set)
        self.by_kk: dict[str, set[int]] = defaultdict(set)
        self.by_row: dict[int, int] = {}
        self.by_name: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self.by_joined: dict[str, set[int]] = defaultdict(set)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        self.by_first: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._known: dict[str, int] = {}

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[int, Mapping[str, str], Mapping[str, tuple[str, str]]]],
    ) -> "Roster":
        """Build it from (row number, employee, {field: (before, after)}), all clean.

        Values before and after a correction both name the person: whoever scans
        a card reads the old ones from it. Rows without a KPJ are people of their own.
        """
        roster = cls()
        for number, employee, changes in rows:
            roster._add(number, employee, changes)
        return roster

    def _add(
        self, number: int, employee: Mapping[str, str], changes: Mapping[str, tuple[str, str]]
    ) -> None:
        kpj = employee.get("kpj", "")
        at = self._known.get(kpj) if kpj else None
        if at is None:
            at = len(self.people)
            self.people.append(Person())
            if kpj:
                self._known[kpj] = at
        person = self.people[at]
        person.rows.append(number)
        self.by_row[number] = at

        for value in _told("kpj", employee, changes):
            self.by_kpj[value].add(at)
        for merged in _told("kpj_digabung", employee, changes):
            for value in re.findall(r"[0-9]{11}", merged):
                self.by_kpj[value].add(at)
        for nik in _told("nik", employee, changes):
            self.by_nik[nik].add(at)
        for kk in _told("kk", employee, changes):
            self.by_kk[kk].add(at)
        for name in _told("nama", employee, changes):
            self._call(at, tuple(comparable(canonical(name)).split()))

    def _call(self, at: int, words: tuple[str, ...]) -> None:
        """Note a name, by its words, of the person at that place."""
        if not words:
            return
        person = self.people[at]
        person.names.add(words)
        person.words.update(words)
        self.by_name[words].add(at)
        self.by_joined["".join(words)].add(at)
        self.by_first[words[0]].add(words)
        for word in words:
            self.by_word[word].add(at)

    def rows_of(self, people: Iterable[int]) -> tuple[int, ...]:
        """Return all rows of these people, ascending."""
        return tuple(sorted(row for at in people for row in self.people[at].rows))

    def longer(self, words: tuple[str, ...], than: int) -> bool:
        """Say whether somebody else's name holds all these words: a short form of it perhaps."""
        return any(
            other != than and set(words) <= self.people[other].words
            for other in set.intersection(*(self.by_word[word] for word in words))
        )


def _told(
    key: str, employee: Mapping[str, str], changes: Mapping[str, tuple[str, str]]
) -> set[str]:
    """Return a field's value on record and the new one, as far as they are filled."""
    return {employee.get(key, ""), *changes.get(key, ())} - {""}


def folded(text: str) -> str:
    """Return text without accents, full-width forms and apostrophes."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`´")
