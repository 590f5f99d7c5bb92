"""Checking a draft anew after its cells were changed in the portal.

The same rules, over all its rows, as for the file. What the check finds is compared with
what is kept, and only the difference is written: a finding that stays keeps its id
and its confirmation, and 400 mended cells in 100,000 rows touch some hundred records.

A worker writes a large difference in units, each some rows with all that is said of them, so
that others can write between two (decision 118). Until the last the check stays due; a worker
that takes over compares anew with what it finds. `Revision.rechecked` counts below zero then.
"""

from bisect import bisect_right
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.engine import bulk_insert, bulk_update
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Document,
    FindingRow,
    Placement,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.domain.checking import check
from hr_portal.domain.report import ROW_EMPTY, Report
from hr_portal.services import (
    audit,
    crashpoints,
    jobs,
    long_acts,
    marked_rows,
    past,
    row_lists,
    row_texts,
    twins,
)
from hr_portal.services.cells import MOST_ASKED, Cell, Draft, edited_cells
from hr_portal.services.context import Portal
from hr_portal.services.keeping import FINDING_COLUMNS
from hr_portal.services.reading import summarise
from hr_portal.services.rowdata import (
    EMPLOYEE_KEYS,
    Block,
    block_place,
    finding_place,
    open_structure,
)

JOB = "recheck"
ROWS, BLOCKS = cast("sa.Table", Row.__table__), cast("sa.Table", RowBlock.__table__)
INLINE_ROWS = 2_000
"""Up to here an act waits for the check; beyond, a worker does it."""

_WHOLE, _UNIT = 1 << 40, 12_000
"""Records that an act writes with its check, and a worker in one unit: a third of a second."""
_BLOCK_WEIGHS = 20
_ACT_SECONDS = 1.0
"""So long a check waits for a large act."""

Place = tuple[int, int, str, str, int, str | None]
"""Row, column, code, case, severity, field of a finding."""


@dataclass(slots=True)
class Outcome:
    """What a new check changes in the database."""

    report: Report
    blocks: dict[int, bytes] = field(default_factory=dict)
    """Blocks that changed, sealed."""
    content_index: bytes | None = None
    summary: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: list[tuple[int, int]] = field(default_factory=list)
    """Row and id of findings that are no longer made."""
    fresh: list[tuple[Place, bytes, int | None]] = field(default_factory=list)
    """Findings that are new: sealed, with the id of one gone whose confirmation each keeps."""
    corrections: dict[int, list[str]] = field(default_factory=dict)
    """Rows whose corrections are others now."""
    ends: dict[int, int] = field(default_factory=dict)
    """Last row of each block."""
    lists: list[tuple[object, ...]] = field(default_factory=list)
    marks: list[tuple[object, ...]] = field(default_factory=list)
    """What `row_lists` and `marked_rows` keep."""


def is_due(revision: Revision) -> bool:
    """Tell whether the findings of a revision are older than its cells."""
    return revision.rechecked != revision.edited


def ask(portal: Portal, session: Session, revision: Revision) -> None:
    """Have a worker judge all rows of a draft anew; until then nothing of it is submitted."""
    revision.edited += 1
    jobs.again(portal, session, JOB, str(revision.id))


def judge(portal: Portal, draft: Draft, edited: set[Cell]) -> Outcome:
    """Check an opened draft as its cells stand now; writes nothing.

    `edited` are all cells whose text was typed in the portal.
    """
    draft.open_all()
    today = portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()
    outcome = Outcome(check(draft.table(edited), today=today, npp=draft.batch.company.npp))
    past.judge(
        portal, draft.session, draft.batch.company_id, draft.batch.id, draft.key, outcome.report
    )
    _compare_blocks(draft, outcome)
    _compare_rows(draft, outcome)
    _compare_findings(draft, outcome)
    # here, as whoever writes holds a lock
    report, revision_id = outcome.report, draft.revision.id
    held, numbers = report.row_severity != ROW_EMPTY, report.table.row_numbers
    outcome.lists = row_lists.records(revision_id, numbers[held], report.row_severity[held])
    outcome.marks = marked_rows.of_check(revision_id, report)
    outcome.content_index = twins.content_index(draft.key, outcome.report.settled)
    outcome.summary = summarise(outcome.report)
    return outcome


def _compare_blocks(draft: Draft, outcome: Outcome) -> None:
    """Put what the check found into the blocks; note those that changed, and corrections."""
    report = outcome.report
    asked = report.corrections
    asked_from = np.searchsorted(np.asarray(asked.row), np.arange(len(report.table) + 1)).tolist()
    start = 0
    for number in sorted(draft.blocks):
        block = draft.blocks[number]
        stop = start + len(block.numbers)
        clean = [None if column is None else column[start:stop] for column in report.clean]
        employee = [report.employee[key][start:stop] for key in EMPLOYEE_KEYS]
        changes = [
            list(
                zip(
                    asked.field_key[asked_from[row] : asked_from[row + 1]],
                    asked.before[asked_from[row] : asked_from[row + 1]],
                    asked.after[asked_from[row] : asked_from[row + 1]],
                    strict=True,
                )
            )
            for row in range(start, stop)
        ]
        for slot, row in enumerate(block.numbers):
            fields = [one[0] for one in changes[slot]]
            if fields != [one[0] for one in block.changes[slot]]:
                outcome.corrections[row] = fields
        made = Block(block.numbers, block.raw, block.kinds, clean, employee, changes)
        if number in draft.touched or _differs(made, block):
            _note_employees(draft, block, made, outcome)
            place = block_place(draft.revision.id, number)
            outcome.blocks[number] = draft.key.seal(place, made.packed())
        outcome.ends[number] = block.numbers[-1]
        start = stop


def _differs(made: Block, kept: Block) -> bool:
    """Tell whether what the check found for a block is not what lies in it."""
    return (
        made.employee != kept.employee
        or [list(map(tuple, row)) for row in kept.changes] != made.changes
        or any(
            (raw if new is None else new) != (raw if old is None else old)
            for raw, new, old in zip(made.raw, made.clean, kept.clean, strict=True)
        )
    )


def _note_employees(draft: Draft, kept: Block, made: Block, outcome: Outcome) -> None:
    """Note the rows whose name, KPJ or NIK is another now."""
    index = draft.key.index
    kpj, nik, names, *_ = made.employee
    before = list(zip(*kept.employee, strict=True))
    for slot, after in enumerate(zip(*made.employee, strict=True)):
        if after != before[slot]:
            outcome.rows[made.numbers[slot]] = {
                "name": names[slot],
                "kpj_index": index("kpj", kpj[slot]),
                "nik_index": index("nik", nik[slot]),
            }


def _compare_rows(draft: Draft, outcome: Outcome) -> None:
    report = outcome.report
    severities = np.where(report.row_severity == ROW_EMPTY, 0, report.row_severity).tolist()
    found = dict(zip(report.table.row_numbers.tolist(), severities, strict=True))
    for number, severity in draft.session.execute(
        sa.select(Row.number, Row.severity).where(Row.revision_id == draft.revision.id)
    ):
        if found[number] != severity:
            outcome.rows.setdefault(number, {})["severity"] = found[number]


def _compare_findings(draft: Draft, outcome: Outcome) -> None:
    """Match findings old and new: the same at the same place stays as it is."""
    kept: dict[tuple[Place, bytes], list[int]] = {}
    revision_id = draft.revision.id
    columns = (
        FindingRow.id,
        FindingRow.row_number,
        FindingRow.column_index,
        FindingRow.code,
        FindingRow.kind,
        FindingRow.severity,
        FindingRow.field,
        FindingRow.detail,
    )
    for one, row, column, code, case, severity, key, detail in draft.session.execute(
        sa.select(*columns).where(FindingRow.revision_id == revision_id)
    ):
        plain = (
            draft.key.open(finding_place(revision_id, row, code, column), detail) if detail else b""
        )
        kept.setdefault(((row, column, code, case, severity, key), plain), []).append(one)
    fresh: list[tuple[Place, bytes]] = []
    for place, plain in _found(outcome.report):
        ids = kept.get((place, plain))
        if ids:
            ids.pop()
        else:
            fresh.append((place, plain))
    left = {}
    for (place, plain), ids in kept.items():
        outcome.gone += ((place[0], one) for one in ids)
        if ids:
            left[place, orjson.loads(plain)["value"] if plain else ""] = ids[0]
    sealed = draft.key.seal_many(
        [finding_place(revision_id, p[0], p[2], p[1]) for p, _ in fresh], [one for _, one in fresh]
    )
    outcome.fresh = [
        (place, detail, left.get((place, orjson.loads(plain)["value"])))
        for (place, plain), detail in zip(fresh, sealed, strict=True)
    ]


def _found(report: Report) -> Iterator[tuple[Place, bytes]]:
    numbers = report.table.row_numbers.tolist()
    for f in report.findings:
        row = numbers[f.row] if f.row >= 0 else 0
        plain = orjson.dumps({"value": f.value, "suggestion": f.suggestion, "params": f.params})
        yield (row, f.column, f.code, f.case, int(f.severity), f.field), plain


def write(session: Session, revision: Revision, outcome: Outcome) -> None:
    """Write what a check changes; in the transaction of the act."""
    for part in _parts(outcome, _WHOLE):
        _write(session, revision, part)
    _finish(session, revision, outcome)


def _parts(outcome: Outcome, most: int) -> Iterator[Outcome]:
    """Cut what is to be written into parts of about so many records, each of whole blocks."""
    rows, gone, fresh = sorted(outcome.rows), sorted(outcome.gone), outcome.fresh
    fresh = sorted(fresh, key=lambda one: one[0][0])  # stable: of a row in the order of the check
    asked = sorted(outcome.corrections)
    at = [0, 0, 0, 0]
    blocks: list[int] = []
    numbers = sorted(outcome.ends)
    for place, number in enumerate(numbers):
        last = outcome.ends[number]
        to = [
            bisect_right(rows, last, at[0]),
            bisect_right(gone, last, at[1], key=lambda one: one[0]),
            bisect_right(fresh, last, at[2], key=lambda one: one[0][0]),
            bisect_right(asked, last, at[3]),
        ]
        if number in outcome.blocks:
            blocks.append(number)
        weight = len(blocks) * _BLOCK_WEIGHS + sum(to) - sum(at)
        if weight < most and place + 1 < len(numbers):
            continue
        if weight:
            yield Outcome(
                outcome.report,
                blocks={one: outcome.blocks[one] for one in blocks},
                rows={one: outcome.rows[one] for one in rows[at[0] : to[0]]},
                gone=gone[at[1] : to[1]],
                fresh=fresh[at[2] : to[2]],
                corrections={one: outcome.corrections[one] for one in asked[at[3] : to[3]]},
            )
        at, blocks = to, []


def _write(session: Session, revision: Revision, part: Outcome) -> None:
    write_blocks(session, revision.id, part.blocks)
    _write_rows(session, revision, part)
    _write_findings(session, revision.id, part)
    _write_corrections(session, revision.id, part.corrections)


def _finish(session: Session, revision: Revision, outcome: Outcome) -> None:
    """Let a revision's counts say what the check has found; it is due no longer."""
    report = outcome.report
    counts = report.counts()
    revision.rows_total, revision.rows_empty = counts["total"], counts["empty"]
    revision.rows_valid, revision.rows_warning = counts["valid"], counts["warning"]
    revision.rows_invalid = counts["invalid"]
    revision.ruleset = report.ruleset
    revision.summary = outcome.summary
    revision.tidied = dict(report.tidied)
    revision.fields = dict(Tally(report.corrections.field_key))
    revision.content_index = outcome.content_index
    row_lists.remake(session, revision.id, outcome.lists)
    marked_rows.remake(session, revision.id, outcome.marks)
    revision.rechecked = revision.edited


def write_blocks(session: Session, revision_id: int, blocks: dict[int, bytes]) -> None:
    """Write sealed blocks in the place of those that were there."""
    records = [(content, revision_id, number) for number, content in blocks.items()]
    bulk_update(session, BLOCKS, ("content",), ("revision_id", "block"), records)


def seal_touched(draft: Draft) -> dict[int, bytes]:
    """Return the blocks whose cells an act has changed, sealed, as they are before any check."""
    numbers = sorted(draft.touched)
    places = [block_place(draft.revision.id, number) for number in numbers]
    sealed = draft.key.seal_many(places, (draft.blocks[number].packed() for number in numbers))
    return dict(zip(numbers, sealed, strict=True))


def _write_rows(session: Session, revision: Revision, outcome: Outcome) -> None:
    shapes: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for number, values in outcome.rows.items():
        record = (*values.values(), revision.id, number)
        shapes.setdefault(tuple(values), []).append(record)
    for columns, records in shapes.items():
        bulk_update(session, ROWS, columns, ("revision_id", "number"), records)
    moved = {n: v["kpj_index"] for n, v in outcome.rows.items() if "kpj_index" in v}
    if not moved:
        return
    placed = session.scalars(
        sa.select(Placement)
        .join(Document)
        .where(
            Document.batch_id == revision.batch_id,
            Placement.row_number.between(min(moved), max(moved)),
        )
    )
    for placement in placed:  # a document stays with its row when the row's KPJ is mended
        placement.kpj_index = moved.get(placement.row_number or 0, placement.kpj_index)


def _write_findings(session: Session, revision_id: int, outcome: Outcome) -> None:
    wanted = [same for _, _, same in outcome.fresh if same is not None]
    confirmed = {}
    for start in range(0, len(wanted), MOST_ASKED):
        part = wanted[start : start + MOST_ASKED]
        for one in session.scalars(
            sa.select(FindingRow).where(
                FindingRow.id.in_(part), FindingRow.confirmed_at.is_not(None)
            )
        ):
            confirmed[one.id] = one
    gone = [one for _, one in outcome.gone]
    for start in range(0, len(gone), MOST_ASKED):
        part = gone[start : start + MOST_ASKED]
        session.execute(sa.delete(FindingRow).where(FindingRow.id.in_(part)))
    plain_ones: list[tuple[object, ...]] = []
    for place, detail, same in outcome.fresh:
        before = confirmed.get(same or 0)
        if before is None:
            plain_ones.append((revision_id, *place, detail))
        else:
            session.add(_confirmed_as(before, revision_id, place, detail))
    bulk_insert(session, FindingRow.__table__, FINDING_COLUMNS, plain_ones)  # type: ignore[arg-type]


def _confirmed_as(same: FindingRow, revision_id: int, place: Place, detail: bytes) -> FindingRow:
    row, column, code, case, severity, key = place
    return FindingRow(
        revision_id=revision_id,
        row_number=row,
        column_index=column,
        code=code,
        kind=case,
        severity=severity,
        field=key,
        detail=detail,
        confirmed_by=same.confirmed_by,
        confirmed_at=same.confirmed_at,
        confirmed_reason=same.confirmed_reason,
    )


def _write_corrections(session: Session, revision_id: int, changed: dict[int, list[str]]) -> None:
    """Write the corrections of rows anew where they ask for other fields now."""
    rows = sorted(changed)
    for start in range(0, len(rows), MOST_ASKED):
        session.execute(
            sa.delete(Correction).where(
                Correction.revision_id == revision_id,
                Correction.row_number.in_(rows[start : start + MOST_ASKED]),
            )
        )
    bulk_insert(
        session,
        Correction.__table__,  # type: ignore[arg-type]
        ("revision_id", "row_number", "field"),
        [(revision_id, row, key) for row in rows for key in changed[row]],
    )


def recheck_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Check a large revision anew; the end of a "recheck" job.

    An act that comes meanwhile queues the job again, which takes the lease from this try.

    Raises:
        LeaseLostError: another worker, or a newer act, has taken over.

    """
    with portal.db.read() as session:
        revision = session.get_one(
            Revision,
            int(claimed.subject),
            options=[joinedload(Revision.batch).joinedload(Batch.company)],
        )
        seen = revision.edited
        batch = revision.batch
        outcome = None
        waits = long_acts.is_under_way(session, revision.id)  # `_held` puts the job back
        if is_due(revision) and batch.state == "draft" and not waits:
            key = portal.key(batch.company)
            draft = Draft(session, batch, revision, key, open_structure(key, revision))
            outcome = judge(portal, draft, edited_cells(session, revision.id))
    crashpoints.passing("recheck:judged")
    for part in _parts(outcome, _UNIT) if outcome else ():
        with portal.db.write() as session:
            current = _held(portal, session, claimed, revision, seen)
            if current is None:
                return
            _write(session, current, part)
            current.rechecked = min(current.rechecked, 0) - 1
            crashpoints.passing("recheck:unit")
        portal.db.give_way()
    with portal.db.write() as session:
        current = _held(portal, session, claimed, revision, seen)
        if current is None:
            return
        jobs.finish(session, claimed)
        if outcome is None:
            return
        _finish(session, current, outcome)
        row_texts.ask(portal, session, current)
        audit.record(
            portal,
            session,
            None,
            "revision:rechecked",
            str(revision.id),
            company_id=batch.company_id,
            batch=batch.id,
            **outcome.report.counts(),
        )
        crashpoints.passing("recheck:written")
    crashpoints.passing("recheck:committed")


def _held(
    portal: Portal, session: Session, claimed: jobs.Claim, revision: Revision, seen: int
) -> Revision | None:
    """Return the revision, locked, if what was found of it is still to be written.

    A large act has the draft to itself: its end, or this job later, checks what there is then.
    """
    locked = session.get_one(Batch, revision.batch_id, with_for_update=True)
    jobs.hold(portal, session, claimed)
    current = session.get_one(Revision, revision.id)
    if long_acts.is_under_way(session, revision.id):
        jobs.retry(portal, session, claimed, "long_act", delay=_ACT_SECONDS, is_try=False)
        return None
    # what was begun is ended, also in a draft that was let go of meanwhile
    if current.edited != seen or (locked.state != "draft" and current.rechecked >= 0):
        jobs.finish(session, claimed)
        return None
    return current
