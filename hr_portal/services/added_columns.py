"""A column that the file lacks, added to a draft in the portal: there it is typed or pasted.

A correction of a name needs the family card's number, and most files have no column for it.
The uploaded file stays as it was; the workbook that is given back has the column, too.
"""

from dataclasses import dataclass, replace

from hr_portal.adapters.database.models import Revision
from hr_portal.adapters.spreadsheets.annotated.noting import column_index
from hr_portal.adapters.spreadsheets.sheet import column_letters
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
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.rowdata import Structure, with_structure

MOST_ROWS = 50_000
"""Rows of a draft that gets a column here: all of them are written in one transaction."""
CASES = frozenset({"column", "kk-column"})
"""Cases of REQ-01 that lack a column."""


@dataclass(frozen=True, slots=True)
class Added:
    """A column that was added, and the batch's version since."""

    letter: str
    """As in the workbook that is given back."""
    header: str
    version: int
    is_due: bool
    """True where a worker still has to check the rows anew."""


def may_add(held: Structure, revision: Revision, field: str | None) -> bool:
    """Tell whether a column for a field could be added to a draft."""
    is_lacking = field in IDENTITY and Role("record", field) not in held.roles
    return is_lacking and bool(revision.header_row) and revision.rows_total <= MOST_ROWS


def add_column(
    portal: Portal, actor: Actor, batch_id: str, field: str, *, version: int | None = None
) -> Added:
    """Add an empty column for a field of the employee to a draft; its rows are checked anew.

    Raises:
        NotFound, Forbidden: not theirs. Invalid: no such field, or too many rows.
        Conflict: another version, no draft, not checked yet; or the column is there.

    """
    if field not in IDENTITY:
        listed = ", ".join(IDENTITY)
        raise Invalid(
            f"Kolom yang dapat ditambahkan: {listed}.",
            f"Columns that can be added: {listed}.",
            fields={"field": "Bukan data karyawan"},
        )
    header, role = FIELD[field].label, Role("record", field)
    for _try in range(mending.TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            seen = mending.state_of(draft.batch, draft.revision)
            _expect_room(draft, role, header)
            letter = _append(draft, role, header)
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
                jobs.again(portal, session, rechecking.JOB, str(revision.id))
            else:
                rechecking.write(session, revision, judged)
            documents.touch(portal, batch, actor)
            audit.record(
                portal, session, actor, "batch:column_added", batch.id,
                company_id=batch.company_id, fields=[field],
            )  # fmt: skip
            crashpoints.passing("column:written")
            return Added(letter, header, batch.version, judged is None)
    raise visible.stale(batch)


def _expect_room(draft: Draft, role: Role, header: str) -> None:
    """Hold a column against what the draft has already.

    Raises:
        Conflict: the column is there. Invalid: too many rows, or a sheet without a header.

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


def _append(draft: Draft, role: Role, header: str) -> str:
    """Put an empty column behind all others, and behind those we had written ourselves."""
    held = draft.structure
    last = max(map(column_index, (*held.letters, *held.own_columns)))
    letter = column_letters(last + 1)
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
