"""Which sheet of a workbook is read: the one that holds a table, or the one a person names.

Only visible sheets are chosen: what nobody sees is never applied. Where several
hold a table of corrections, nobody but a person can say which is meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hr_portal.adapters.spreadsheets import asking
from hr_portal.adapters.spreadsheets.annotated.returning import is_own_summary
from hr_portal.adapters.spreadsheets.heading import HEAD_ROWS
from hr_portal.adapters.spreadsheets.recognise import Understood, understand_sheet
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.mapping_sheet import MOST_ABOVE, Cell, is_header
from hr_portal.domain.questions import HowToRead, SheetChoice
from hr_portal.domain.table import Remark

_NAMED = 8
_HEADERS = 6


class Reads(Protocol):
    """Reads a sheet of a workbook; with `max_rows` only its first filled rows."""

    def __call__(self, place: SheetPlace, *, max_rows: int | None = None) -> Sheet:
        """Read a sheet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheet to read, what is said of the others, and what else could be chosen."""

    place: SheetPlace
    remarks: list[Remark]
    choices: Callable[[], tuple[SheetChoice, ...]]
    """Counts the rows of all that may be meant; only a question needs them."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: SheetPlace
    head: Sheet
    understood: Understood | None

    @property
    def score(self) -> int:
        return self.understood.found.score if self.understood else 0

    @property
    def has_rows(self) -> bool:
        return self.understood is not None and (
            len(self.head.row_numbers) > self.understood.found.last + 1
        )

    @property
    def is_complete(self) -> bool:
        return self.understood is not None and self.understood.recognition.fault is None

    @property
    def is_mapping(self) -> bool:
        return not self.place.hidden and any(
            is_header({column: Cell(text) for column, (_kind, text) in row.items()})
            for row in self.head.head(MOST_ABOVE)
        )

    @property
    def is_known(self) -> bool:
        known = self.understood.known if self.understood else None
        return known is not None and known.sheet == self.place.name

    @property
    def may_be_meant(self) -> bool:
        if self.understood is None:
            return False
        return self.is_complete or self.understood.recognition.may_ask


def choose(
    places: Sequence[SheetPlace], read: Reads, file: str, choice: LayoutChoice, how: HowToRead
) -> Chosen:
    """Choose the sheet to read; raises FILE-07, or Unsure where a person has to say."""
    if len(places) == 1 and not places[0].hidden and how.sheet in {None, places[0].name}:
        return Chosen(places[0], [], tuple)
    filled = [
        _Candidate(place, head, understand_sheet(head, choice, how) if head.row_numbers else None)
        for place in places
        for head in [read(place, max_rows=HEAD_ROWS)]
        if head.row_numbers and not is_own_summary(head)
    ]
    maps = [one for one in filled if one.is_mapping]
    if len(maps) < len(filled):
        filled = [one for one in filled if not one.is_mapping]
    visible = [one for one in filled if not one.place.hidden]
    meant = [one for one in visible if one.may_be_meant and one.has_rows]

    def choices() -> tuple[SheetChoice, ...]:
        best = max(meant or visible, key=_rank, default=None)
        return tuple(_choice(one, read, is_likely=one is best) for one in meant or visible)

    if how.sheet is not None:
        named = next((one for one in visible if one.place.name == how.sheet), None)
        if named is None:
            listed = ", ".join(f"“{one.place.name[:40]}”" for one in visible[:_NAMED]) or "–"
            raise refuse("no-such-sheet", file, wanted=f"“{how.sheet[:60]}”", found=listed)
        return Chosen(named.place, _others(filled, named.place, maps), choices)
    _refuse_hidden(filled, file)
    begun = [one for one in visible if one.is_complete and not one.has_rows]
    for likely in (
        [one for one in meant if one.is_known],
        [one for one in meant if one.is_complete],
        meant,
    ):
        if likely and begun and not any(one.is_known or one.is_complete for one in likely):
            either = tuple(_choice(one, read, is_likely=False) for one in begun + likely)
            raise asking.sheet_begun(either, choice, file)
        if len(likely) == 1:
            return Chosen(likely[0].place, _others(filled, likely[0].place, maps), choices)
        if likely:
            raise asking.which_sheet(choices(), choice, file)
    best = max(visible, key=_rank, default=None)
    place = best.place if best else next((one for one in places if not one.hidden), places[0])
    return Chosen(place, _others(filled, place, maps), choices)


def _rank(candidate: _Candidate) -> tuple[bool, int]:
    return candidate.is_complete, candidate.score


def _refuse_hidden(filled: Sequence[_Candidate], file: str) -> None:
    """Say that the table is on a hidden sheet, where no visible one has any."""
    if any(one.score or one.may_be_meant for one in filled if not one.place.hidden):
        return
    hidden = max((one for one in filled if one.place.hidden), key=_rank, default=None)
    if hidden is not None and hidden.score:
        name = hidden.place.name
        raise refuse(
            "no-table", file, found="–", where=f": tabelnya ada di lembar tersembunyi “{name}”",
            where_en=f": its table is on the hidden sheet “{name}”",
        )  # fmt: skip


def _choice(candidate: _Candidate, read: Reads, *, is_likely: bool) -> SheetChoice:
    found = candidate.understood.found if candidate.understood else None
    texts = found.texts if found else ()
    above = found.last + 1 if found else 0
    rows = len(read(candidate.place).row_numbers) - above
    shown = tuple(text[:40] for text in texts if text)[:_HEADERS]
    return SheetChoice(candidate.place.name, rows, shown, is_likely)


def _others(
    filled: Sequence[_Candidate], chosen: SheetPlace, maps: Sequence[_Candidate]
) -> list[Remark]:
    return [*_unread(filled, chosen), *_mapping(maps, chosen)]


def _mapping(maps: Sequence[_Candidate], chosen: SheetPlace) -> list[Remark]:
    """Say which sheets are read as mapping sheets of the documents."""
    names = ", ".join(f"“{one.place.name[:40]}”" for one in maps if one.place is not chosen)
    if not names:
        return []
    return [
        Remark(
            "mapping-sheet",
            f"Lembar {names} dibaca sebagai lembar pemetaan dokumen.",
            f"Sheet {names} is read as a mapping sheet of documents.",
        )
    ]


def _unread(filled: Sequence[_Candidate], chosen: SheetPlace) -> list[Remark]:
    others = [one.place for one in filled if one.place is not chosen]
    if not others:
        return []
    names = ", ".join(
        f"“{place.name[:40]}”" + (" (tersembunyi)" if place.hidden else "")
        for place in others[:_NAMED]
    ) + (" …" if len(others) > _NAMED else "")
    names_en = names.replace("(tersembunyi)", "(hidden)")
    return [
        Remark(
            "other-sheets",
            f"Yang dibaca lembar “{chosen.name}”. Lembar lain yang berisi tidak dibaca: {names}.",
            f"Sheet “{chosen.name}” was read. Other sheets with content were not: {names_en}.",
        )
    ]
