"""Which employee a document belongs to, as far as its name and folders tell.

What is certain may be placed without asking; what is doubtful is proposed; the
rest is left to a person. Two things that contradict each other, a namesake, a
relative's card or a number nobody in the sheet has are doubts: a document
at the wrong person is worse than one question more.
"""

import re
from dataclasses import dataclass
from typing import Literal

from hr_portal.domain.document_kinds import FAMILY_CARD, kind_named
from hr_portal.domain.file_names import By, NamePart, read_name
from hr_portal.domain.mapping_sheet import Line, Sheet, numbered, people_of
from hr_portal.domain.names import canonical, comparable
from hr_portal.domain.resembling import slips
from hr_portal.domain.roster import NIK_DIGITS, Roster, folded

Certainty = Literal["sure", "likely", "none"]

SCORES: dict[str, int] = {"sheet": 100, "nik": 99, "kpj": 99, "kk": 97, "row": 96, "name": 95}
"""Of 100: what each kind of evidence is worth where nothing speaks against it."""
DOUBTED = 70
NEARLY = 50

DOUBTS: dict[str, tuple[str, str]] = {
    "kind-missing": ("Nama berkas tidak menyebut jenis dokumennya", "The name tells no kind of document"),
    "kinds-several": ("Nama berkas menyebut beberapa jenis dokumen", "The name tells several kinds"),
    "several-people": ("Nama berkas cocok dengan beberapa karyawan", "The name fits several employees"),
    "namesake": ("Beberapa karyawan bernama sama", "Several employees have this name"),
    "longer-name": ("Nama ini juga awal nama karyawan lain", "Another employee's name holds this one"),
    "unknown-number": (
        "Nomor pada nama berkas tidak ada di pengajuan ini",
        "The number in the name is nobody's in this submission",
    ),
    "contradiction": (
        "Nomor dan nama pada nama berkas milik orang berbeda",
        "Number and name belong to different people",
    ),
    "relative": ("Nama berkas menyebut anggota keluarga", "The name mentions a relative"),
    "more-words": ("Ada kata lain di samping namanya", "There are other words beside the name"),
    "part-of-name": ("Hanya sebagian namanya sama", "Only a part of the name agrees"),
    "similar-name": ("Namanya mirip, tidak sama", "The name is similar, not the same"),
    "similar-number": ("Nomornya mirip, tidak sama", "The number is similar, not the same"),
    "bare-number": (
        "Angka di depan mungkin nomor baris, mungkin nomor urut",
        "The number in front may be the row or a counter",
    ),
    "number-lost": (
        "Nomor pada lembar pemetaan rusak karena selnya berformat angka",
        "The number in the mapping sheet is damaged: its cell is a number",
    ),
    "nobody": (
        "Lembar pemetaan tidak menyebut NIK, KPJ, atau barisnya",
        "The mapping sheet tells no NIK, KPJ or row",
    ),
    "kind-unknown": (
        "Jenis pada lembar pemetaan tidak dikenal",
        "The kind in the mapping sheet is not known",
    ),
    "sheet-ambiguous": (
        "Lembar pemetaan menyebut nama ini tanpa foldernya",
        "The mapping sheet gives this name without its folder",
    ),
    "nothing": ("Nama berkas tidak memuat NIK, KPJ, atau nama", "The name holds no NIK, KPJ or name"),
}  # fmt: skip
"""Why a document is not placed without asking, in both languages."""

_EXTENSION = re.compile(r"\.[A-Za-z]{3,4}$")
_SHORTEST_SIMILAR = 5
_LONGEST_NAME = 400


@dataclass(frozen=True, slots=True)
class Match:
    """Where a document belongs, how sure that is, and why."""

    rows: tuple[int, ...]
    """Of the employee or, for a family card, of all it names; () = nobody was found."""
    kind: str | None
    certainty: Certainty
    score: int
    by: By
    doubt: str = ""
    """A key of DOUBTS where it is not sure."""


def match(path: str, roster: Roster, mapping: Sheet | None = None) -> Match:
    """Return where the file of that name, with its folders, belongs.

    A mapping sheet stands above what the name says.
    """
    lines, unclear = mapping.of(path) if mapping is not None else ([], "")
    if lines:
        return _mapped(path, lines, unclear, roster)
    pieces = _pieces(path)
    if not pieces:
        return Match((), None, "none", 0, "", "nothing")
    *folders, name = [read_name(one, roster) for one in pieces]
    kind, doubt = _kind(name, folders)
    people, by, why = _people([*folders, name], roster, kind)
    if not people:
        near = _nearly([*folders, name], roster)
        if near is None:
            return Match((), kind, "none", 0, "", "nothing")
        people, by, why = near
        return Match(roster.rows_of(people), kind, "likely", NEARLY, by, why)
    doubt = why or doubt
    rows = roster.rows_of(people)
    if doubt:
        return Match(rows, kind, "likely", DOUBTED, by, doubt)
    return Match(rows, kind, "sure", SCORES[by], by)


def _mapped(path: str, lines: list[Line], doubt: str, roster: Roster) -> Match:
    """Weigh what a mapping sheet says of a file; without a kind there, its name tells that."""
    people: set[int] = set()
    for line in lines:
        found, fault = people_of(line, roster)
        if fault:
            certainty: Certainty = "likely" if found else "none"
            return Match(roster.rows_of(found), None, certainty, 0, "sheet", fault)
        people |= found
    rows = roster.rows_of(people)
    kinds = {kind_named(line.kind) for line in lines if line.kind}
    if kinds:
        kind, why = (kinds.pop(), "") if len(kinds) == 1 else (None, "kinds-several")
        why = why or ("" if kind is not None else "kind-unknown")
    else:
        *folders, name = [read_name(one, roster) for one in _pieces(path)]
        kind, why = _kind(name, folders)
    if doubt or why:
        return Match(rows, kind, "likely", DOUBTED, "sheet", doubt or why)
    return Match(rows, kind, "sure", SCORES["sheet"], "sheet")


def _pieces(path: str) -> list[str]:
    """Return the folders of a path and its name without ending, as they are compared."""
    pieces = [one for one in re.split(r"[/\\]", folded(path)[-_LONGEST_NAME:]) if one.strip()]
    return [*pieces[:-1], _EXTENSION.sub("", pieces[-1])] if pieces else []


def people_called(text: str, roster: Roster) -> set[int]:
    """Return whom somebody means who types a row number, NIK, KPJ, name or part of a name."""
    exact = numbered(re.sub(r"[ .\-']", "", text), roster)
    if exact:
        return exact
    words = tuple(comparable(canonical(folded(text))).split())
    whole = roster.by_name.get(words)
    if whole or not words:
        return whole or set()
    return set.intersection(*(roster.by_word.get(word, set()) for word in words))


# ------------------------------------------------------------------ weighing it


def _kind(name: NamePart, folders: list[NamePart]) -> tuple[str | None, str]:
    """Return the kind of document and, where that is not certain, why."""
    for part in (name, *reversed(folders)):
        if len(part.kinds) == 1:
            return part.kinds[0], ""
        if part.kinds:
            return part.kinds[0], "kinds-several"
        if part.hints:
            return part.hints[0], "kind-missing"
    return None, "kind-missing"


def _people(parts: list[NamePart], roster: Roster, kind: str | None) -> tuple[set[int], By, str]:
    """Return the employees that numbers and full names tell, by what, and the doubt."""
    doubt = ""
    if any(part.relatives for part in parts):
        doubt = "relative"
    elif any(part.unknown for part in parts):
        doubt = "unknown-number"
    numbers: list[tuple[By, set[int]]] = [
        (by, found)
        for part in parts
        for by in ("nik", "kpj", "row")
        for found in part.people.get(by, ())
        if found
    ]
    named = [found for part in parts for found in part.named]
    cards = [found for part in parts for found in part.people.get("kk", ())]
    if numbers:
        people = set.union(*(found for _by, found in numbers))
        return people, numbers[0][0], doubt or _against(numbers, parts, people, roster, kind)
    if cards:
        return _of_family_card(cards, named, kind, doubt)
    if not named:
        return set(), "", ""
    return _of_names(named, parts, roster, kind, doubt)


def _against(
    numbers: list[tuple[By, set[int]]], parts: list[NamePart], people: set[int], roster: Roster,
    kind: str | None,
) -> str:  # fmt: skip
    """Return what speaks against the people that numbers tell."""
    if any(len(found) > 1 for _by, found in numbers):
        return "several-people"
    if len(people) > 1 and (kind != FAMILY_CARD or len({by for by, _ in numbers}) > 1):
        return "several-people"
    words = set().union(*(roster.people[at].words for at in people))
    for part in parts:
        if any(not found & people for found in part.named):
            return "contradiction"
        if any(word not in words and word in roster.by_word for word in part.left):
            return "contradiction"
        for card in part.people.get("kk", ()):
            if not card & people:
                return "contradiction"
    return ""


def _of_family_card(
    cards: list[set[int]], named: list[set[int]], kind: str | None, doubt: str
) -> tuple[set[int], By, str]:
    people = set.union(*cards)
    if not all(found & people for found in named):
        return people, "kk", doubt or "contradiction"
    if len(cards) > 1:
        return people, "kk", doubt or "several-people"
    if kind == FAMILY_CARD:
        return people, "kk", doubt
    for found in named:
        people &= found
    return people, "kk", doubt or ("" if named and len(people) == 1 else "several-people")


def _of_names(
    named: list[set[int]], parts: list[NamePart], roster: Roster, kind: str | None, doubt: str
) -> tuple[set[int], By, str]:
    people = set.union(*named)
    if doubt:
        return people, "name", doubt
    if any(len(found) > 1 for found in named):
        return people, "name", "namesake"
    if any(part.left for part in parts[-1:]) or any(
        word in roster.by_word for part in parts[:-1] for word in part.left
    ):
        return people, "name", "more-words"
    if len(people) > 1 and not (kind == FAMILY_CARD and len(named) == len(people)):
        return people, "name", "several-people"
    exact = [words for part in parts for words in part.exact]
    for words, found in zip(exact, named, strict=True):
        (at,) = found
        if roster.longer(words, at):
            return people, "name", "longer-name"
    return people, "name", ""


def _nearly(parts: list[NamePart], roster: Roster) -> tuple[set[int], By, str] | None:
    """Return who may be meant where nothing says it in full."""
    unknown = [number for part in parts for number in part.unknown if len(number) == NIK_DIGITS]
    if len(unknown) == 1:
        near = [found for nik, found in roster.by_nik.items() if slips(unknown[0], nik, 1) == 1]
        if len(near) == 1:
            return near[0], "nik", "similar-number"
    for part in reversed(parts):
        found = _by_words(part.left, roster)
        if found:
            return found
    leading = parts[-1].leading
    at = roster.by_row.get(leading) if leading is not None else None
    return None if at is None else ({at}, "row", "bare-number")


def _by_words(words: tuple[str, ...], roster: Roster) -> tuple[set[int], By, str] | None:
    """Return who has all the words that are names, initials counted; or nearly has them."""
    full = [word for word in words if word in roster.by_word]
    if full:
        people = set.intersection(*(roster.by_word[word] for word in full))
        initials = [word for word in words if len(word) == 1]
        fitting = {
            at
            for at in people
            if all(any(own.startswith(one) for own in roster.people[at].words) for one in initials)
        } or people
        if len(fitting) == 1:
            return fitting, "name", "part-of-name"
        return (fitting, "name", "several-people") if fitting else None
    near = {
        known
        for word in words
        if len(word) >= _SHORTEST_SIMILAR
        for known in roster.by_word
        if abs(len(known) - len(word)) <= 1 and slips(word, known, 1) == 1
    }
    alike: set[int] = set().union(*(roster.by_word[word] for word in near))
    return (alike, "name", "similar-name") if len(alike) == 1 else None
