"""Mapping sheets: taken in, told what is wrong with them, and prepared for filling in.

One may come inside a ZIP, as a second sheet of the workbook of corrections, or by itself. It places
what fits without a doubt; the rest is told line by line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from hr_portal.adapters.database.document_models import Clue, HeldDocument
from hr_portal.adapters.database.models import Batch, Document
from hr_portal.adapters.documents import refusals
from hr_portal.adapters.spreadsheets import plain_workbook
from hr_portal.adapters.spreadsheets.mapping_rows import ENDINGS, MOST_BYTES, read_mapping
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.mapping_sheet import MOST_LINES, Fault, Line
from hr_portal.domain.matching import match
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Unreadable
from hr_portal.services import (
    audit,
    coverage,
    documents,
    filing,
    mapping_store,
    scanning,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, TooLarge
from hr_portal.services.intake import clean_file_name, limits_of
from hr_portal.services.rowdata import walk_blocks

COLUMNS = (("Berkas", 44), ("NIK", 20), ("KPJ", 14), ("Nama", 32), ("Jenis", 24))
"""Headers and widths of the prepared sheet."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """What the mapping sheet of a batch says, held against its documents and rows of now."""

    sheets: tuple[str, ...]
    lines: int
    faults: tuple[Fault, ...]


def may_be_sheet(file_name: str) -> bool:
    """Say whether a file of that name is taken as a mapping sheet, not as a document."""
    return file_name.lower().endswith(ENDINGS)


def take_sheet(
    portal: Portal, actor: Actor, batch_id: str, stream: BinaryIO, file_name: str
) -> int:
    """Take a mapping sheet in and place what lies in the tray by it; returns how many it placed.

    Documents that come later are placed by it, too.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, no longer a draft, or the scanner is silent.
        Invalid: it can't be read (FILE code), or is no mapping sheet. TooLarge.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        filing.expect_draft(session, batch)
    name = clean_file_name(file_name)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        told = refusals.refuse_bytes(name, MOST_BYTES)
        raise TooLarge(told.message, told.message_en, code=told.code)
    scanning.expect_clean_now(portal, actor, batch, data, name)
    try:
        lines = read_mapping(data, name, limits=limits_of(portal))
    except Unreadable as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal
    if not lines:
        told = refusals.refuse("entry-mapping", name)
        raise Invalid(told.message, told.message_en, code=told.code, fields={"file": name})
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        filing.expect_draft(session, batch)
        key = portal.key(batch.company)
        mapping_store.keep(portal, session, actor, batch, key, lines)
        placed = _place_tray(portal, session, actor, batch, key)
        documents.touch(portal, batch, actor)
    return placed


def sheet_of(portal: Portal, actor: Actor, batch_id: str) -> SheetView | None:
    """Return what the mapping sheet of a batch says and where it is wrong; None without one."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        sheet = mapping_store.of_batch(session, key, batch.id)
        if sheet is None or revision.state != "checked":
            return None
        roster = filing.roster_of(session, key, batch, revision)
        held = session.scalars(sa.select(HeldDocument).where(HeldDocument.batch_id == batch.id))
        paths = [
            *_paths(session, key, documents.of_batch(session, batch.id)).values(),
            *(scanning.path_of(one, key) for one in held),
        ]
    names = tuple(dict.fromkeys(one.sheet for one in sheet.lines))
    return SheetView(names, len(sheet.lines), tuple(sheet.faults(roster, paths)))


def prepared_sheet(portal: Portal, actor: Actor, batch_id: str) -> bytes:
    """Return a workbook with a line for each document that the batch's rows still lack.

    Rows that lack none have a line without a kind. Only "Berkas" is left to be filled in. The
    taking is an act. Raises Invalid for more lines than a mapping sheet may have.
    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = filing.expect_draft(session, batch)
        key = portal.key(batch.company)
        lacking: dict[int, list[str]] = {}
        for kind, one in coverage.by_kind(session, batch, revision).items():
            for number in one.missing:
                lacking.setdefault(number, []).append(documents.KINDS[kind][0])
        lines = [
            ("", cells.employee.get("nik", ""), cells.employee.get("kpj", ""),
             cells.employee.get("nama", ""), kind)
            for block in walk_blocks(session, key, revision.id)
            for slot, number in enumerate(block.numbers)
            for cells in (block.row(slot),)
            for kind in lacking.get(number, [""])
        ]  # fmt: skip
        if len(lines) > MOST_LINES:
            raise Invalid(
                f"Pengajuan ini memerlukan {len(lines)} baris pada lembar pemetaan; batasnya {MOST_LINES}. "
                "Pakai nama berkas yang memuat NIK, KPJ, atau nomor barisnya.",
                f"This submission needs {len(lines)} lines in a mapping sheet; the limit is {MOST_LINES}. "
                "Use file names with the NIK, KPJ or row number.",
            )
        audit.record(
            portal, session, actor, "mapping:prepared", batch.id, company_id=batch.company_id,
            batch=batch.id, lines=len(lines),
        )  # fmt: skip
    return plain_workbook.write(
        "Lembar pemetaan", [plain_workbook.Sheet("Pemetaan", COLUMNS, lines)]
    )


def lines_beside(portal: Portal, data: BinaryIO, file_name: str, beside: str) -> list[Line]:
    """Return the lines of mapping sheets in a workbook of corrections; none where it has none."""
    try:
        return read_mapping(data, file_name, beside=beside, limits=limits_of(portal))
    except Unreadable:
        return []  # the table itself was read; what lies beside it stops nobody


def _place_tray(
    portal: Portal, session: Session, actor: Actor, batch: Batch, key: CompanyKey
) -> int:
    """Place what the sheet is certain about; returns how many documents left the tray."""
    revision = visible.current_revision(session, batch)
    roster = filing.roster_of(session, key, batch, revision)
    sheet = mapping_store.of_batch(session, key, batch.id)
    paths = _paths(session, key, documents.of_batch(session, batch.id))
    if sheet is None:
        return 0
    sheet = sheet.among(paths.values())
    waiting = session.scalars(
        sa.select(Document)
        .options(selectinload(Document.placements))
        .where(
            Document.batch_id == batch.id,
            Document.removed_at.is_(None),
            ~Document.placements.any(),
        )
    )
    placed = 0
    for document in waiting:
        told = match(paths[document.id], roster, sheet)
        if told.by != "sheet" or told.certainty != "sure" or told.kind is None:
            continue
        filing.place_at(session, batch, document, told.rows)
        document.kind = told.kind
        audit.record(
            portal, session, actor, "document:placed", document.id, company_id=batch.company_id,
            batch=batch.id, rows=list(told.rows), kind=document.kind, by=told.by, score=told.score,
        )  # fmt: skip
        placed += 1
    return placed


def _paths(session: Session, key: CompanyKey, found: Sequence[Document]) -> dict[str, str]:
    """Return what documents were called when they came, with folders where these are known."""
    clues = {one.document_id: one for one in _clues(session, [one.id for one in found])}
    return {
        one.id: (
            key.open(f"clues|{one.id}", clues[one.id].path)
            if one.id in clues
            else key.open(f"documents|{one.id}", one.file_name)
        ).decode()
        for one in found
    }


def _clues(session: Session, ids: Sequence[str]) -> Iterator[Clue]:
    for at in range(0, len(ids), 500):
        yield from session.scalars(sa.select(Clue).where(Clue.document_id.in_(ids[at : at + 500])))
