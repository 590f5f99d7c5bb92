"""Checking a draft anew after its cells were changed in the portal.

The same rules, over all its rows, as for the file. What the check finds is compared with
what is kept, and only the difference is written: a finding that stays keeps its id
and its confirmation, and 400 mended cells in 100,000 rows touch some hundred records.

A worker writes a large difference in units, each some rows with all that is said of them, so
that others can write between two (decision 118). Until the last the check stays due; a worker
that takes over compares anew with what it finds. `Revision.rechecked` counts below zero then.
"""

import itertools
from collections import Counter as Tally
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray
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
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.checking import check
from hr_portal.domain.report import ROW_EMPTY, Findings, Report
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
from hr_portal.services.cells import MOST_ASKED, Cell, Draft, Span, edited_cells
from hr_portal.services.context import Portal
from hr_portal.services.keeping import FINDING_COLUMNS
from hr_portal.services.reading import summarise
from hr_portal.services.rowdata import (
    EMPLOYEE_KEYS,
    Block,
    block_place,
    finding_place,
    open_blocks,
    open_structure,
)

JOB = "recheck"
ROWS, BLOCKS = cast("sa.Table", Row.__table__), cast("sa.Table", RowBlock.__table__)
INLINE_ROWS = 2_000
"""Up to here an act waits for the check; beyond, a worker does it."""

_UNIT = 12_000
"""Records of one unit of a worker: a third of a second."""
_BLOCK_WEIGHS = 20
_CONFIRMATION = (FindingRow.confirmed_by, FindingRow.confirmed_at, FindingRow.confirmed_reason)
"""What somebody has answered to a finding, which stays while the finding is the same."""
_COMPARED = 8
"""Blocks compared at once."""
_ACT_SECONDS = 1.0
"""So long a check waits for a large act."""

Place = tuple[int, int, str, str, int, str | None]
"""Row, column, code, case, severity, field of a finding."""


@dataclass(slots=True)
class Part:
    """What a new check changes of some rows in the database."""

    blocks: dict[int, bytes] = field(default_factory=dict)
    """Blocks that changed, sealed."""
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    """Ids of findings that are no longer made."""
    fresh: list[tuple[Place, bytes, int | None]] = field(default_factory=list)
    """Findings that are new: sealed, with the id of one gone whose confirmation each keeps."""
    corrections: dict[int, list[str]] = field(default_factory=dict)
    """Rows whose corrections are others now."""

    @property
    def weight(self) -> int:
        """Return about how many records it takes to write it."""
        lists = (self.rows, self.gone, self.fresh, self.corrections)
        return len(self.blocks) * _BLOCK_WEIGHS + sum(map(len, lists))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a new check says of a revision as a whole."""

    report: Report
    spans: list[Span]
    content_index: bytes
    summary: list[dict[str, Any]]
    lists: list[tuple[object, ...]]
    marks: list[tuple[object, ...]]
    """What `row_lists` and `marked_rows` keep."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A check of a small draft, with all that it changes."""

    outcome: Outcome
    part: Part


def is_due(revision: Revision) -> bool:
    """Tell whether the findings of a revision are older than its cells."""
    return revision.rechecked != revision.edited


def ask(portal: Portal, session: Session, revision: Revision) -> None:
    """Have a worker judge all rows of a draft anew; until then nothing of it is submitted."""
    revision.edited += 1
    jobs.again(portal, session, JOB, str(revision.id))


def judge(portal: Portal, draft: Draft, edited: Iterable[Cell]) -> Judged:
    """Check an opened draft as its cells stand now; writes nothing.

    `edited` are all cells whose text was typed in the portal.
    """
    draft.open_all()
    outcome = _check(portal, draft, edited)
    compared, part = _Compared(draft.key, draft.revision, outcome), Part()
    blocks = [draft.blocks[span.block] for span in outcome.spans]
    compared.add(draft.session, part, 0, len(blocks), blocks, draft.touched)
    return Judged(outcome, part)


def _check(portal: Portal, draft: Draft, edited: Iterable[Cell]) -> Outcome:
    today = portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()
    report = check(draft.table(edited), today=today, npp=draft.batch.company.npp)
    past.judge(portal, draft.session, draft.batch.company_id, draft.batch.id, draft.key, report)
    # here, as whoever writes holds a lock
    revision_id = draft.revision.id
    held, numbers = report.row_severity != ROW_EMPTY, report.table.row_numbers
    return Outcome(
        report,
        draft.spans,
        twins.content_index(draft.key, report.settled),
        summarise(report),
        row_lists.records(revision_id, numbers[held], report.row_severity[held]),
        marked_rows.of_check(revision_id, report),
    )


class _Compared:
    """What a check says, held against what is kept of a revision, some blocks at a time."""

    def __init__(self, key: CompanyKey, revision: Revision, outcome: Outcome) -> None:
        self.key, self.revision_id, self.edited = key, revision.id, revision.edited
        self.report, self.spans = outcome.report, outcome.spans
        self.numbers = outcome.report.table.row_numbers
        self.asked_of = np.asarray(outcome.report.corrections.row)

    def parts(self, portal: Portal) -> Iterator[Part]:
        """Yield what is to be written, a unit at a time, each of whole blocks, in their order.

        It ends where an act has come meanwhile: what lies in the blocks then, a column more
        perhaps, is for the check that this act has asked for.
        """
        part = Part()
        edited = sa.select(Revision.edited).where(Revision.id == self.revision_id)
        for at in range(0, len(self.spans), _COMPARED):
            stop = min(len(self.spans), at + _COMPARED)
            with portal.db.read() as session:
                numbers = [span.block for span in self.spans[at:stop]]
                blocks = open_blocks(session, self.key, self.revision_id, numbers)
                if session.scalar(edited) != self.edited:  # asked after they were read
                    return
                self.add(session, part, at, stop, blocks, ())
            if part.weight >= _UNIT:
                yield part
                part = Part()
        if part.weight:
            yield part

    def add(
        self,
        session: Session,
        part: Part,
        at: int,
        stop: int,
        blocks: list[Block],
        touched: Collection[int],
    ) -> None:
        """Compare some of the blocks that follow each other; what changes goes into a part."""
        if not blocks:
            return
        for span, block in zip(self.spans[at:stop], blocks, strict=True):
            self._add_block(part, span, block, is_touched=span.block in touched)
        start, end = self.spans[at].start, self.spans[stop - 1].stop
        held = self.numbers[start:end].tolist()
        # of the whole file is what has no row: it goes with the first
        first = held[0] if at else 0
        of_revision = (Row.revision_id == self.revision_id, Row.number.between(first, held[-1]))
        found = np.where(
            self.report.row_severity[start:end] == ROW_EMPTY, 0, self.report.row_severity[start:end]
        )
        severities = dict(zip(held, found.tolist(), strict=True))
        for number, severity in session.execute(
            sa.select(Row.number, Row.severity).where(*of_revision)
        ):
            if severities[number] != severity:
                part.rows.setdefault(number, {})["severity"] = severities[number]
        fresh = self.report.findings.of_rows(start if at else -1, end)
        self._add_findings(session, part, fresh, (first, held[-1]))

    def _add_block(self, part: Part, span: Span, kept: Block, *, is_touched: bool) -> None:
        """Put what the check found into a block; note it if it changed, and corrections."""
        report, asked = self.report, self.report.corrections
        start, stop = span.start, span.stop
        clean = [None if column is None else column[start:stop] for column in report.clean]
        employee = [report.employee[key][start:stop] for key in EMPLOYEE_KEYS]
        cuts = np.searchsorted(self.asked_of, np.arange(start, stop + 1)).tolist()
        first, last = cuts[0], cuts[-1]
        told = list(
            zip(
                asked.field_key[first:last], asked.before[first:last], asked.after[first:last],
                strict=True,
            )
        )  # fmt: skip
        changes = [told[one - first : end - first] for one, end in itertools.pairwise(cuts)]
        for row, new, old in zip(kept.numbers, changes, kept.changes, strict=True):
            fields = [one[0] for one in new]
            if fields != [one[0] for one in old]:
                part.corrections[row] = fields
        made = Block(kept.numbers, kept.raw, kept.kinds, clean, employee, changes)
        if is_touched or _differs(made, kept):
            self._add_employees(part, kept, made)
            place = block_place(self.revision_id, span.block)
            part.blocks[span.block] = self.key.seal(place, made.packed())

    def _add_employees(self, part: Part, kept: Block, made: Block) -> None:
        """Note the rows whose name, KPJ or NIK is another now."""
        index = self.key.index
        kpj, nik, names, *_ = made.employee
        before = list(zip(*kept.employee, strict=True))
        for slot, after in enumerate(zip(*made.employee, strict=True)):
            if after != before[slot]:
                part.rows[made.numbers[slot]] = {
                    "name": names[slot],
                    "kpj_index": index("kpj", kpj[slot]),
                    "nik_index": index("nik", nik[slot]),
                }

    def _add_findings(
        self, session: Session, part: Part, found: Findings, rows: tuple[int, int]
    ) -> None:
        """Match findings old and new: the same at the same place stays as it is."""
        kept: dict[tuple[Place, bytes], list[int]] = {}
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
        of_rows = (FindingRow.revision_id == self.revision_id, FindingRow.row_number.between(*rows))
        for one, row, column, code, case, severity, key, detail in session.execute(
            sa.select(*columns).where(*of_rows)
        ):
            at = finding_place(self.revision_id, row, code, column)
            plain = self.key.open(at, detail) if detail else b""
            kept.setdefault(((row, column, code, case, severity, key), plain), []).append(one)
        fresh: list[tuple[Place, bytes]] = []
        for place, plain in _told(found, self.numbers):
            ids = kept.get((place, plain))
            if ids:
                ids.pop()
            else:
                fresh.append((place, plain))
        left = {}
        for (place, plain), ids in kept.items():
            part.gone += ids
            if ids:
                left[place, orjson.loads(plain)["value"] if plain else ""] = ids[0]
        sealed = self.key.seal_many(
            [finding_place(self.revision_id, p[0], p[2], p[1]) for p, _ in fresh],
            [one for _, one in fresh],
        )
        part.fresh += [
            (place, detail, left.get((place, orjson.loads(plain)["value"])))
            for (place, plain), detail in zip(fresh, sealed, strict=True)
        ]


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


def _told(findings: Findings, numbers: NDArray[np.int32]) -> Iterator[tuple[Place, bytes]]:
    for f in findings:
        row = int(numbers[f.row]) if f.row >= 0 else 0
        plain = orjson.dumps({"value": f.value, "suggestion": f.suggestion, "params": f.params})
        yield (row, f.column, f.code, f.case, int(f.severity), f.field), plain


def write(session: Session, revision: Revision, judged: Judged) -> None:
    """Write what a check changes; in the transaction of the act."""
    _write(session, revision, judged.part)
    _finish(session, revision, judged.outcome)


def _write(session: Session, revision: Revision, part: Part) -> None:
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


def _write_rows(session: Session, revision: Revision, part: Part) -> None:
    shapes: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for number, values in part.rows.items():
        record = (*values.values(), revision.id, number)
        shapes.setdefault(tuple(values), []).append(record)
    for columns, records in shapes.items():
        bulk_update(session, ROWS, columns, ("revision_id", "number"), records)
    moved = {n: v["kpj_index"] for n, v in part.rows.items() if "kpj_index" in v}
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


def _write_findings(session: Session, revision_id: int, part: Part) -> None:
    wanted = [same for _, _, same in part.fresh if same is not None]
    confirmed: dict[int, list[Any]] = {}
    for start in range(0, len(wanted), MOST_ASKED):
        some = FindingRow.id.in_(wanted[start : start + MOST_ASKED])
        answered_ones = sa.select(FindingRow.id, *_CONFIRMATION).where(
            some, FindingRow.confirmed_at.is_not(None)
        )
        confirmed |= {number: answer for number, *answer in session.execute(answered_ones)}
    for start in range(0, len(part.gone), MOST_ASKED):
        some = FindingRow.id.in_(part.gone[start : start + MOST_ASKED])
        session.execute(sa.delete(FindingRow).where(some))
    plain_ones: list[tuple[object, ...]] = []
    answered: list[dict[str, object]] = []
    names = (*FINDING_COLUMNS, *(one.key for one in _CONFIRMATION))
    for place, detail, same in part.fresh:
        found = (revision_id, *place, detail)
        answer = confirmed.get(same or 0)
        if answer is None:
            plain_ones.append(found)
        else:
            answered.append(dict(zip(names, (*found, *answer), strict=True)))
    bulk_insert(session, FindingRow.__table__, FINDING_COLUMNS, plain_ones)  # type: ignore[arg-type]
    if answered:  # a time has to go through its column's type
        session.execute(sa.insert(FindingRow), answered)


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
            structure = open_structure(key, revision)
            draft = Draft(session, batch, revision, key, structure, passed_by=True)
            outcome = _check(portal, draft, edited_cells(session, revision.id))
            compared = _Compared(key, revision, outcome)
            del draft
    crashpoints.passing("recheck:judged")
    for part in compared.parts(portal) if outcome else ():
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
