"""Which rows of a draft go on, and which become a draft of their own.

Nobody's rows are parted: all of a KPJ or a NIK go one way.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Correction, FindingRow, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.report import Severity
from hr_portal.services import documents, letter_facts, rechecking, summaries
from hr_portal.services.errors import Invalid
from hr_portal.services.following import Told, nobody
from hr_portal.services.row_sets import NO_ROWS, RowSet

_STREAMED = 5_000
Rows = NDArray[np.int64]
"""Places of rows, from 0."""
Why = Literal["error", "document", "letter", "together"]
"""Why a row can't go on: an error, a document that is missing, a letter that is full, or a row of
the same person."""


@dataclass(frozen=True, slots=True)
class Halves:
    """The rows of a draft that go on, and the others, by why they don't."""

    kept: RowSet
    moved: dict[Why, RowSet]

    @property
    def every_moved(self) -> RowSet:
        """Return the rows that become the new draft."""
        return RowSet.any_of(self.moved.values())

    def why(self, number: int) -> Why:
        """Return why one of the moved rows is moved."""
        return next(why for why, rows in self.moved.items() if number in rows)


def parted(session: Session, key: CompanyKey, revision: Revision, told: Told = nobody) -> Halves:
    """Part the rows. Raises Invalid where there is nothing to split."""
    halves = parted_by_need(session, key, revision, told)
    blocked = blocked_of(session, revision, halves)
    if blocked is not None:
        raise Invalid(*blocked, code="nothing_to_split")
    return halves


def divided(session: Session, key: CompanyKey, revision: Revision, told: Told) -> Halves:
    """Part the rows behind what one letter holds. Raises Invalid where that is not to be done."""
    waits = _unready(revision)
    if waits is not None:
        raise Invalid(*waits, code="nothing_to_split")
    every, _, kinds = _people(session, key, revision, told)
    asked = sa.select(Correction.row_number).where(Correction.revision_id == revision.id)
    numbers = session.scalars(asked.execution_options(yield_per=_STREAMED))
    held = np.cumsum(np.bincount(np.searchsorted(every, array("i", numbers)), minlength=len(every)))
    behind = held > letter_facts.MAX_LINES
    moved = _like(kinds, behind)
    if not behind.any():
        raise Invalid(
            "Semua koreksi pengajuan ini muat dalam satu surat, jadi tidak perlu dibagi.",
            "One letter holds all corrections of this submission, so it need not be divided.",
            code="nothing_to_split",
        )
    if moved.all():
        raise Invalid(
            "Pengajuan ini tidak dapat dibagi: semua barisnya terhubung oleh KPJ atau NIK yang sama. "
            "Bagi berkasnya di Excel, lalu unggah masing-masing.",
            "This submission can't be divided: all its rows are connected by the same KPJ or NIK. "
            "Divide the file in Excel and upload both.",
            code="nothing_to_split",
        )
    together = RowSet.of(every[moved & ~behind])
    return Halves(
        RowSet.of(every[~moved]), {"letter": RowSet.of(every[behind]), "together": together}
    )


def parted_by_need(
    session: Session, key: CompanyKey, revision: Revision, told: Told = nobody
) -> Halves:
    """Part the rows: those with an error or without their document, and all of their people."""
    if revision.state != "checked" or rechecking.is_due(revision):
        return Halves(NO_ROWS, {})  # nothing is split now, and a large draft takes seconds to part
    every, severities, kinds = _people(session, key, revision, told)
    errors = severities == Severity.ERROR
    bare = np.isin(every, documents.rows_without_document(session, revision)) & ~errors
    moved = _like(kinds, errors | bare)
    together = moved & ~errors & ~bare
    return Halves(
        RowSet.of(every[~moved]),
        {
            "error": RowSet.of(every[errors]),
            "document": RowSet.of(every[bare]),
            "together": RowSet.of(every[together]),
        },
    )


def _people(
    session: Session, key: CompanyKey, revision: Revision, told: Told
) -> tuple[NDArray[np.int32], NDArray[np.uint8], list["_Shared"]]:
    """Return the numbers of all rows, how they fared, and who shares a KPJ or NIK with whom."""
    rows = session.execute(
        sa.select(Row.number, Row.severity, Row.kpj_index, Row.nik_index)
        .where(Row.revision_id == revision.id)
        .order_by(Row.number)
        .execution_options(yield_per=_STREAMED)
    )
    numbers, severities = array("i"), array("B")
    cards, persons = (_Shared(key.index(kind, "")) for kind in ("kpj", "nik"))
    for number, severity, kpj, nik in rows:
        numbers.append(number)
        severities.append(severity)
        cards.add(kpj)
        persons.add(nik)
        told(len(numbers) / revision.rows_total)
    return np.asarray(numbers, np.int32), np.asarray(severities, np.uint8), [cards, persons]


class _Shared:
    """What each row has of one kind, as the number of its index; rows that share it are like."""

    def __init__(self, nobody: bytes) -> None:
        """Start with the index of what says nothing of anybody: no two rows share that."""
        self._known = {nobody: 0}
        self._places = array("i")

    def add(self, index: bytes) -> None:
        """Note the next row's."""
        self._places.append(self._known.setdefault(index, len(self._known)))

    def walk(self) -> Callable[[Rows], Rows]:
        """Return what finds the rows that share with some rows; each shared thing is told once."""
        places = np.asarray(self._places)
        ordered = np.argsort(places, kind="stable")
        sharing = np.bincount(places, minlength=len(self._known))
        ends = np.cumsum(sharing)
        is_new = sharing > 1
        is_new[0] = False

        def reached(rows: Rows) -> Rows:
            fresh = np.unique(places[rows])
            fresh = fresh[is_new[fresh]]
            is_new[fresh] = False
            return np.concatenate(
                [ordered[:0], *(ordered[ends[one - 1] : ends[one]] for one in fresh.tolist())]
            )

        return reached


def _like(kinds: Iterable[_Shared], first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the rows that share a KPJ or NIK with these, and with those, and so on."""
    walks = [one.walk() for one in kinds]
    found = first.copy()
    waiting = np.flatnonzero(found)
    while len(waiting):
        near = np.unique(np.concatenate([reached(waiting) for reached in walks]))
        waiting = near[~found[near]]
        found[waiting] = True
    return found


def _unready(revision: Revision) -> tuple[str, str] | None:
    if revision.state != "checked":
        return (
            "Berkas belum selesai diperiksa, jadi belum dapat dipisah.",
            "The file has not been checked yet, so it can't be split.",
        )
    if rechecking.is_due(revision):
        return (
            "Perubahan terakhir masih diperiksa. Tunggu sampai selesai, lalu coba lagi.",
            "The last changes are still being checked. Wait until that is done, then try again.",
        )
    return None


def blocked_of(session: Session, revision: Revision, halves: Halves) -> tuple[str, str] | None:
    """Say, in both languages, why a draft can't be split in these halves; None where it can."""
    waits = _unready(revision)
    if waits is not None:
        return waits
    if not halves.every_moved and not revision.rows_refused:
        return (
            "Tidak ada baris yang perlu dipisah: semua baris dapat diajukan.",
            "There is nothing to split: all rows can be submitted.",
        )
    if not halves.kept:
        return (
            "Belum ada baris yang dapat diajukan sendiri. Perbaiki dahulu, lalu unggah ulang.",
            "There is no row yet that could be submitted alone. Mend the file and upload it again.",
        )
    wide = sa.exists().where(
        FindingRow.revision_id == revision.id,
        FindingRow.row_number == 0,
        FindingRow.severity == int(Severity.ERROR),
    )
    if summaries.has_file_wide(revision, Severity.ERROR) and session.scalar(sa.select(wide)):
        return (
            "Ada kesalahan pada seluruh kolom, jadi belum pasti baris mana yang benar. Perbaiki kolom itu dahulu.",
            "An error concerns a whole column, so nobody can tell which rows are right. Mend that column first.",
        )
    return None
