"""A column that the file lacks, added to a draft in the portal: there it is typed or pasted.

A correction of a name needs the family card's number, and most files have no column for it.
The uploaded file stays as it was; the workbook that is given back has the column, too. Until
something was typed into it, it can be taken away again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Edit, FindingRow, Revision
from hr_portal.adapters.spreadsheets.annotated.noting import column_index
from hr_portal.adapters.spreadsheets.sheet import column_letters
from hr_portal.adapters.spreadsheets.xlsx import MAX_COLUMN
from hr_portal.domain.columns import IDENTITY
from hr_portal.domain.fields import FIELD
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Kind, Role
from hr_portal.services import (
    audit,
    crashpoints,
    documents,
    jobs,
    long_acts,
    mending,
    rechecking,
    visible,
)
from hr_portal.services.cells import Draft, edited_cells, open_draft
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.rowdata import Structure, open_structure, with_structure

MOST_ROWS = 50_000
"""Rows of a draft that gets a column here: all of them are written in one transaction."""
CASES = frozenset({"column", "kk-column"})
"""Cases of REQ-01 that lack a column."""


@dataclass(frozen=True, slots=True)
class Added:
    """A column that was added or taken away, and the batch's version since."""

    letter: str
    """As in the workbook that is given back."""
    header: str
    version: int
    is_due: bool
    """True where a worker still has to check the rows anew."""


def may_add(held: Structure, revision: Revision, field: str | None) -> bool:
    """Tell whether a column for a field could be added to a draft."""
    is_lacking = field in IDENTITY and Role("record", field) not in held.roles
    has_room = bool(revision.header_row) and _next_column(held) < MAX_COLUMN
    return is_lacking and has_room and revision.rows_total <= MOST_ROWS


def removable(session: Session, held: Structure, revision: Revision) -> str | None:
    """Return the field of the added column that can be taken away; None where there is none.

    It is the last that was added, as long as nothing was typed into it: what was typed and undone
    is kept by the place of its column.
    """
    last = len(held.roles) - 1
    if last not in held.added:
        return None
    typed = sa.exists().where(Edit.revision_id == revision.id, Edit.column_index == last)
    return None if session.scalar(sa.select(typed)) else held.roles[last].field


def removable_of(portal: Portal, actor: Actor, batch_id: str) -> str | None:
    """As `removable`, of a batch as it stands; raises NotFound."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        if batch.state != "draft":
            return None
        held = open_structure(portal.key(batch.company), revision)
        return removable(session, held, revision)


def add_column(
    portal: Portal, actor: Actor, batch_id: str, field: str, *, version: int | None = None
) -> Added:
    """Add an empty column for a field of the employee to a draft; its rows are checked anew.

    Raises:
        NotFound, Forbidden: not theirs. Invalid: no such field, too many rows, or no room.
        Conflict: another version, no draft, not checked yet; or the column is there.

    """
    if field not in IDENTITY:
        listed = ", ".join(IDENTITY)
        raise Invalid(
            f"Kolom yang dapat ditambahkan: {listed}.",
            f"Columns that can be added: {listed}.",
            fields={"field": "Bukan data karyawan"},
        )
    return _reshape(portal, actor, batch_id, field, "batch:column_added", _append, version)


def take_away(
    portal: Portal, actor: Actor, batch_id: str, field: str, *, version: int | None = None
) -> Added:
    """Take away the column that was added last, while it is empty; the rows are checked anew.

    Raises:
        NotFound, Forbidden: not theirs; or no column was added for this field.
        Conflict: another version, no draft, not checked yet; something was typed into the column,
            or another was added after it.

    """
    return _reshape(portal, actor, batch_id, field, "batch:column_removed", _remove, version)


def _reshape(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    field: str,
    action: Literal["batch:column_added", "batch:column_removed"],
    change: Callable[[Draft, str], str],
    version: int | None,
) -> Added:
    """Change the columns of a draft; `change` does so to an opened one and returns a letter."""
    for _try in range(mending.TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            seen = mending.state_of(draft.batch, draft.revision)
            letter = change(draft, field)
            held = draft.structure
            changed = {
                "headers": held.headers,
                "letters": held.letters,
                "roles": [[one.part, one.field] for one in held.roles],
                "added": held.added,
            }
            structure = with_structure(draft.key, draft.revision, changed)
            judged, blocks = None, {}
            if draft.revision.rows_total <= rechecking.INLINE_ROWS:
                edited = edited_cells(session, draft.revision.id)
                judged = rechecking.judge(portal, draft, edited)
            else:  # before the lock
                blocks = {number: draft.seal(number, one) for number, one in draft.walk()}
        crashpoints.passing("column:judged")
        with portal.db.write() as session:
            batch = mending.lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            long_acts.expect_not_writing(session, revision.id)
            if mending.state_of(batch, revision) != seen:
                continue
            revision.structure = structure
            revision.edited += 1
            if judged is None:
                rechecking.write_blocks(session, revision.id, blocks)
                _forget_findings(session, revision.id, len(held.roles))
                jobs.again(portal, session, rechecking.JOB, str(revision.id))
            else:
                rechecking.write(session, revision, judged)
            documents.touch(portal, batch, actor)
            audit.record(
                portal, session, actor, action, batch.id, company_id=batch.company_id,
                fields=[field],
            )  # fmt: skip
            crashpoints.passing("column:written")
            return Added(letter, FIELD[field].label, batch.version, judged is None)
    raise visible.stale(batch)


def _forget_findings(session: Session, revision_id: int, columns: int) -> None:
    """Delete what was said of a column that is gone: until the new check it would be shown."""
    beyond = (FindingRow.revision_id == revision_id, FindingRow.column_index >= columns)
    session.execute(sa.delete(FindingRow).where(*beyond))


def _next_column(held: Structure) -> int:
    """Return the sheet's column behind all others, and behind those we had written ourselves."""
    return max(map(column_index, (*held.letters, *held.own_columns)), default=-1) + 1


def _append(draft: Draft, field: str) -> str:
    """Put an empty column behind all others; returns its letter. Raises as `add_column`."""
    held, role, header = draft.structure, Role("record", field), FIELD[field].label
    _expect_room(draft, role, header)
    letter = column_letters(_next_column(held))
    draft.structure = replace(
        held,
        headers=[*held.headers, header], letters=[*held.letters, letter],
        roles=[*held.roles, role], added=(*held.added, len(held.roles)),
    )  # fmt: skip
    draft.open_all()
    for number, block in draft.blocks.items():
        count = len(block.numbers)
        block.raw.append([""] * count)
        block.kinds.append(str(int(Kind.EMPTY)) * count)
        block.clean.append(None)
        draft.touched.add(number)
    return letter


def _expect_room(draft: Draft, role: Role, header: str) -> None:
    """Hold a column against what the draft has already.

    Raises:
        Conflict: the column is there. Invalid: too many rows or columns, or no header.

    """
    if role in draft.structure.roles:
        raise Conflict(
            f"Kolom {header} sudah ada. Muat ulang halaman ini.",
            f"There is a column {header} already. Load this page anew.",
            code="column_exists",
        )
    rows = draft.revision.rows_total
    if rows > MOST_ROWS or not draft.revision.header_row:
        seen = f"{rows} baris" if rows > MOST_ROWS else "lembar tanpa baris judul"
        seen_en = f"{rows} rows" if rows > MOST_ROWS else "a sheet without a header"
        raise Invalid(
            f"Kolom ditambahkan di portal pada lembar berjudul, paling banyak {MOST_ROWS} baris; ini {seen}. "
            f"Tambahkan kolom {header} di berkas Anda, lalu unggah ulang.",
            f"A column is added here to a sheet with a header and at most {MOST_ROWS} rows; this is {seen_en}. "
            f"Add the column {header} to your file and upload it again.",
            fields={"field": "Tambahkan di berkas"},
        )
    if _next_column(draft.structure) >= MAX_COLUMN:
        last = column_letters(MAX_COLUMN - 1)
        raise Invalid(
            f"Lembar ini sudah terisi sampai kolom {last}, kolom terakhir yang dimiliki Excel, jadi kolom {header} "
            "tidak muat di sebelah kanannya. Sisipkan kolom itu di berkas Anda sebelum kolom terakhir, "
            "lalu unggah ulang.",
            f"This sheet is filled up to column {last}, the last one Excel has, so there is no room for the column "
            f"{header} on its right. Insert it in your file before the last column and upload the file again.",
            fields={"field": "Sisipkan di berkas"},
        )


def _remove(draft: Draft, field: str) -> str:
    """Take the last column away; returns its letter. Raises as `take_away`."""
    held, header = draft.structure, FIELD[field].label if field in FIELD else ""
    if field not in [held.roles[at].field for at in held.added]:
        raise NotFound
    if rechecking.is_due(draft.revision):  # a worker is reading all columns
        raise Conflict(
            "Perubahan terakhir masih diperiksa. Tunggu sampai selesai, lalu coba lagi.",
            "The last changes are still being checked. Wait until that is done, then try again.",
            code="check_due",
        )
    if held.roles[-1].field != field:
        newer = held.headers[-1]
        raise Conflict(
            f"Sesudah kolom {header} masih ada kolom {newer} yang ditambahkan. Batalkan kolom {newer} dahulu.",
            f"The column {newer} was added after the column {header}. Take {newer} away first.",
            code="column_not_last",
        )
    if removable(draft.session, held, draft.revision) is None:
        raise Conflict(
            f"Kolom {header} sudah pernah diisi, jadi tetap ada bersama riwayat isinya. "
            "Kosongkan selnya bila tidak diperlukan.",
            f"Something was typed into the column {header}, so it stays with its history. "
            "Empty its cells if you don't need them.",
            code="column_filled",
        )
    last = len(held.roles) - 1
    draft.structure = replace(
        held,
        headers=held.headers[:-1], letters=held.letters[:-1], roles=held.roles[:-1],
        added=tuple(at for at in held.added if at != last),
    )  # fmt: skip
    draft.open_all()
    for number, block in draft.blocks.items():
        for column in (block.raw, block.kinds, block.clean):
            del column[last:]
        draft.touched.add(number)
    return held.letters[last]
