"""What the check found, as pages and the API show it: counts, to-do, rows, findings.

Everything is paged and filtered in the database; only the rows of one page are
opened. Sentences are made on showing, in the reader's language.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Decision,
    FindingRow,
    Revision,
    Row,
    User,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import mask, mask_name
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import Lang, sentence, title
from hr_portal.domain.suggestions import FIXES
from hr_portal.domain.table import Kind, Remark, Role
from hr_portal.services import (
    audit,
    documents,
    row_lists,
    rule_rows,
    searching,
    summaries,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.services.intake import closed
from hr_portal.services.reasons import reason_of
from hr_portal.services.rowdata import (
    RowCells,
    Structure,
    open_detail,
    open_rows,
    open_structure,
    source_of,
)

Item = TypeVar("Item")
Show = Literal["todo", "error", "warning", "valid", "all"]
SEVERITIES: dict[str, int] = {severity.json: int(severity) for severity in Severity}
CHUNK = 500
MOST_AT_ONCE = 1000
"""Findings that one confirmation may name."""
LANGUAGES: tuple[Lang, ...] = ("id", "en")


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision as pages show it."""

    id: int
    number: int
    state: str
    file_name: str
    file_size: int
    sha256: str
    layout: str | None
    sheet: str | None
    ruleset: str | None
    error_code: str | None
    error_message: str | None
    error_message_en: str | None
    total: int
    valid: int
    warning: int
    invalid: int
    empty: int
    refused: int
    progress_done: int
    progress_total: int
    compared: dict[str, Any] | None
    tidied: dict[str, Any]
    fields: dict[str, int]
    uploaded_at: dt.datetime
    uploaded_by: str
    is_due: bool
    """True while a worker still has to check what was changed in the portal."""
    known_layout_at: dt.datetime | None
    """When the layout was explained that told what the columns are; None where none did."""
    has_file: bool
    """Whether it was read from a file that is still kept."""
    recognised: bool
    """True where the file's own mark made it a revision."""
    preview: dict[str, Any] | None
    """What the first rows of a large file say while the rest is still being read."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch as pages show it, at its current revision."""

    id: str
    number: str
    state: str
    version: int
    company_id: str
    company_name: str
    company_npp: str
    branch_id: str
    branch_name: str
    timezone: str
    parent_id: str | None
    parent_number: str | None
    children: tuple[tuple[str, str], ...]
    """(id, number) of the drafts made of its returned or split-off rows."""
    is_split_off: bool
    """True where it was made of the rows that weren't valid, before any review."""
    change_received_on: dt.date | None
    created_at: dt.datetime
    created_by: str
    last_edited_at: dt.datetime
    submitted_at: dt.datetime | None
    submitted_by: str | None
    reviewer_id: str | None
    reviewer_name: str | None
    taken_at: dt.datetime | None
    passed_by_id: str | None
    """Who handed it on to a second reviewer last."""
    decided_at: dt.datetime | None
    decided_by: str | None
    is_mine_to_edit: bool
    """True for HRD of its company while it is a draft."""
    revision: RevisionView


@dataclass(frozen=True, slots=True)
class TodoItem:
    """All findings of one rule and field, as one thing to do."""

    code: str
    case: str
    field: str | None
    field_label: str
    severity: str
    title: str
    advice: str
    """The sentence of the first of them, as an example."""
    findings: int
    rows: int
    confirmed: int
    """How many of them (warnings) are confirmed already."""
    offers: int
    """For how many of them there is a proposal to take."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding with its sentence."""

    id: int
    code: str
    case: str
    severity: str
    row: int
    """0 = the whole file."""
    cell: str | None
    column: int
    field: str | None
    field_label: str
    title: str
    message: str
    message_en: str
    value: str
    """As found, unmasked: show it only to those who may read the row."""
    suggestion: str | None
    confirmed_by: str | None
    confirmed_reason: str | None
    fixes: bool
    """True where its proposal is about other cells than its own (see `domain.suggestions`)."""
    source: tuple[str, str] | None
    """Where its proposal comes from (Indonesian, English), if not from the cell itself."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a row, masked where the field is sensitive."""

    column: int
    header: str
    letter: str
    field: str | None
    part: str
    shown: str
    raw: str
    kind: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction of a row, with its verdict once there is one."""

    id: int
    field: str
    label: str
    label_en: str
    before: str
    after: str
    before_shown: str
    after_shown: str
    verdict: str | None
    reason: str
    override_document_id: str | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row with its cells, findings and corrections."""

    number: int
    severity: str
    """valid, note, warning, override or error."""
    name: str
    employee: dict[str, str]
    """Effective kpj, nik, nama, tanggal_lahir, kk, unmasked."""
    cells: tuple[CellView, ...]
    findings: tuple[FindingView, ...]
    """All of the row's findings, those without a cell too."""
    corrections: tuple[CorrectionView, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a longer list."""

    items: list[Item]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def batch_view(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> BatchView:
    """Return a batch with one of its revisions (the current one), or raise NotFound."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return _batch_view(session, batch, visible.revision(session, actor, batch, revision), actor)


def list_batches(
    portal: Portal, actor: Actor, *, states: tuple[str, ...] = (), page: int = 1, per_page: int = 25
) -> Page[BatchView]:
    """Return the batches an actor may see, the last edited first."""
    wanted = [visible.batches_of(actor)]
    if states:
        wanted.append(Batch.state.in_(states))
    with portal.db.read() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Batch).where(*wanted)) or 0
        found = session.execute(
            sa.select(Batch, Revision)
            .join(
                Revision,
                sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number),
            )
            .options(joinedload(Batch.company), joinedload(Batch.branch))
            .where(*wanted)
            .order_by(Batch.last_edited_at.desc(), Batch.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        items = [_batch_view(session, batch, revision, actor) for batch, revision in found]
        return Page(items, page, per_page, total)


def revisions(portal: Portal, actor: Actor, batch_id: str) -> list[RevisionView]:
    """Return the revisions of a batch that the actor may read, the newest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = session.scalars(
            sa.select(Revision)
            .join(Batch)
            .where(Revision.batch_id == batch.id, visible.revisions_of(actor))
            .order_by(Revision.number.desc())
        ).all()
        names = _names(session, (revision.uploaded_by for revision in found))
        return [_revision_view(revision, names[revision.uploaded_by]) for revision in found]


def structure(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> Structure:
    """Return headers, letters, roles, remarks and refused rows of a revision."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return open_structure(
            portal.key(batch.company), visible.revision(session, actor, batch, revision)
        )


def todo(
    portal: Portal, actor: Actor, batch_id: str, *, lang: Lang = "id", revision: int | None = None
) -> list[TodoItem]:
    """Return what to do, worst first, then most frequent first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        key, held = portal.key(batch.company), open_structure(portal.key(batch.company), rev)
        confirmed = summaries.confirmed(session, rev.id)
        items = []
        examples = first_findings(session, rev)
        for one in rev.summary:
            first = examples.get((one["code"], one["case"], one["field"]))
            example = _finding_view(key, held, first, lang) if first else None
            items.append(
                TodoItem(
                    one["code"],
                    one["case"],
                    one["field"],
                    _label(one["field"], lang),
                    Severity(one["severity"]).json,
                    title(one["code"], one["case"], lang),
                    (example.message if lang == "id" else example.message_en) if example else "",
                    one["findings"],
                    one["rows"],
                    confirmed.get((one["code"], one["case"], one["field"]), 0),
                    one.get("offers", 0),
                )
            )
        return items


def first_findings(
    session: Session, rev: Revision
) -> dict[tuple[str, str, str | None], FindingRow]:
    """Find the first finding of each entry of the summary, by code, case and field."""
    found: dict[tuple[str, str, str | None], FindingRow] = {}
    rows = {one["first"] for one in rev.summary if "first" in one}
    for finding in session.scalars(
        sa.select(FindingRow)
        .where(FindingRow.revision_id == rev.id, FindingRow.row_number.in_(rows))
        .order_by(FindingRow.row_number, FindingRow.id)
    ):
        found.setdefault((finding.code, finding.kind, finding.field), finding)
    for one in rev.summary:
        place = (one["code"], one["case"], one["field"])
        if place not in found:  # a summary without `first`, or a cell that was mended since
            first = session.scalar(
                sa.select(FindingRow)
                .where(
                    FindingRow.revision_id == rev.id,
                    FindingRow.code == one["code"],
                    FindingRow.kind == one["case"],
                    FindingRow.field.is_not_distinct_from(one["field"]),
                )
                .order_by(FindingRow.row_number, FindingRow.id)
                .limit(1)
            )
            if first is not None:
                found[place] = first
    return found


def rows_page(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    show: Show = "all",
    code: str | None = None,
    field: str | None = None,
    text: str = "",
    verdict: str | None = None,
    page: int = 1,
    per_page: int = 25,
    revision: int | None = None,
    lang: Lang = "id",
) -> Page[RowView]:
    """Return one page of a revision's rows with their cells and findings.

    `show`: todo = invalid and warnings; `code`, `field`: rows with such a finding;
    `text`: part of the name or address; `verdict`: approve, return, reject or "open".
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        start = (page - 1) * per_page
        if text.strip():
            key = portal.key(batch.company)
            held = open_structure(key, rev)
            wanted = _row_filter(rev, show, code, field, verdict)
            numbers = searching.numbers_with(session, key, rev, held, wanted, text)
            part, total = numbers[start : start + per_page], len(numbers)
            chosen = sa.select(Row).where(Row.revision_id == rev.id, Row.number.in_(part))
        else:
            listed = None
            if verdict is None and code is not None:
                listed = rule_rows.page(session, rev, show, code, field, start, per_page)
            elif verdict is None and field is None:
                listed = row_lists.page(session, rev.id, show, start, per_page)
            if listed is None:
                wanted = _row_filter(rev, show, code, field, verdict)
                counted = sa.select(sa.func.count()).select_from(Row).where(*wanted)
                total = session.scalar(counted) or 0
                chosen = sa.select(Row).where(*wanted).limit(per_page).offset(start)
            else:
                total, part = listed.total, list(listed.numbers)
                chosen = sa.select(Row).where(Row.revision_id == rev.id, Row.number.in_(part))
        rows = list(session.scalars(chosen.order_by(Row.number)))
        return Page(_row_views(portal, session, batch, rev, rows, lang), page, per_page, total)


def rows_after(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    after: int,
    count: int,
    *,
    show: Show = "all",
    code: str | None = None,
    field: str | None = None,
    text: str = "",
) -> list[int]:
    """Return the numbers of the rows that a filter shows after a row, so many at most."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        wanted = [*_row_filter(rev, show, code, field, None), Row.number > after]
        if text.strip():
            key = portal.key(batch.company)
            held = open_structure(key, rev)
            return searching.numbers_with(session, key, rev, held, wanted, text)[:count]
        chosen = sa.select(Row.number).where(*wanted).order_by(Row.number).limit(count)
        return list(session.scalars(chosen))


def row_view(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    number: int,
    *,
    revision: int | None = None,
    lang: Lang = "id",
) -> RowView:
    """Return one row of a revision, or raise NotFound."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        row = session.get(Row, (rev.id, number))
        if row is None:
            raise NotFound
        return _row_views(portal, session, batch, rev, [row], lang)[0]


def neighbours(
    portal: Portal, actor: Actor, batch_id: str, number: int
) -> tuple[int | None, int | None, int | None]:
    """Return the row before, the row after, and the next one without a verdict."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        before = session.scalar(
            sa.select(sa.func.max(Row.number)).where(Row.revision_id == rev.id, Row.number < number)
        )
        after = session.scalar(
            sa.select(sa.func.min(Row.number)).where(Row.revision_id == rev.id, Row.number > number)
        )
        undecided = sa.select(sa.func.min(Correction.row_number)).where(
            Correction.revision_id == rev.id, Correction.verdict.is_(None)
        )
        following = session.scalar(
            undecided.where(Correction.row_number > number)
        ) or session.scalar(undecided.where(Correction.row_number != number))
        return before, after, following


def verdict_counts(portal: Portal, actor: Actor, batch_id: str) -> dict[str, int]:
    """Count rows by verdict: open, approve, return, reject (a row counts by its worst)."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        counts = {"open": 0, "approve": 0, "return": 0, "reject": 0}
        given: dict[int, set[str | None]] = {}
        for number, verdict in session.execute(
            sa.select(Correction.row_number, Correction.verdict).where(
                Correction.revision_id == rev.id
            )
        ):
            given.setdefault(number, set()).add(verdict)
        for one in given.values():
            worst = (
                "open"
                if None in one
                else "return"
                if "return" in one
                else "reject"
                if "reject" in one
                else "approve"
            )
            counts[worst] += 1
        return counts


def findings_page(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    severity: str | None = None,
    code: str | None = None,
    row: int | None = None,
    page: int = 1,
    per_page: int = 100,
    revision: int | None = None,
    lang: Lang = "id",
) -> Page[FindingView]:
    """Return one page of a revision's findings, by row.

    Raises:
        NotFound; Invalid: an unknown severity.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        wanted = [FindingRow.revision_id == rev.id]
        if severity is not None:
            if severity not in SEVERITIES:
                raise Invalid(
                    "Tingkat harus error, override, warning, atau note.",
                    "A severity is error, override, warning or note.",
                    fields={"severity": "Tidak dikenal"},
                )
            wanted.append(FindingRow.severity == SEVERITIES[severity])
        if code is not None:
            wanted.append(FindingRow.code == code)
        if row is not None:
            wanted.append(FindingRow.row_number == row)
        total = (
            session.scalar(sa.select(sa.func.count()).select_from(FindingRow).where(*wanted)) or 0
        )
        found = session.scalars(
            sa.select(FindingRow)
            .where(*wanted)
            .order_by(FindingRow.row_number, FindingRow.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        key, held = portal.key(batch.company), open_structure(portal.key(batch.company), rev)
        return Page([_finding_view(key, held, one, lang) for one in found], page, per_page, total)


def all_findings(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None, lang: Lang = "id"
) -> Iterator[FindingView]:
    """Walk all findings of a revision, page by page; taking them away is an act."""
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        audit.record(
            portal, session, actor, "batch:findings_exported", batch.id, company_id=batch.company_id
        )
    page = 1
    while True:
        part = findings_page(
            portal, actor, batch_id, page=page, per_page=CHUNK, revision=revision, lang=lang
        )
        yield from part.items
        if page >= part.pages:
            return
        page += 1


def confirm_warnings(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    reason: str,
    finding_ids: list[int] | None = None,
    code: str | None = None,
    case: str | None = None,
    field: str | None = None,
    version: int | None = None,
) -> int:
    """Confirm warnings with a reason: the named ones, or all of one rule; returns how many.

    Raises:
        NotFound, Forbidden, Conflict (no draft). Invalid: no reason, nothing named.

    """
    reason = reason_of(reason)
    if not reason:
        raise Invalid(
            "Tuliskan alasan mengapa data ini benar; pemeriksa akan membacanya.",
            "Say why these data are right; the reviewer will read it.",
            code="reason_missing",
            fields={"reason": "Wajib diisi"},
        )
    if not finding_ids and code is None:
        raise Invalid(
            "Pilih peringatan yang dipastikan.",
            "Choose what to confirm.",
            fields={"code": "Wajib dipilih"},
        )
    if finding_ids and len(finding_ids) > MOST_AT_ONCE:
        raise Invalid(
            f"Sekali kirim paling banyak {MOST_AT_ONCE} peringatan; pastikan menurut aturannya.",
            f"At most {MOST_AT_ONCE} warnings at once; confirm them by their rule.",
            fields={"findings": "Terlalu banyak"},
        )
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise closed(batch)
        rev = visible.current_revision(session, batch)
        wanted = [
            FindingRow.revision_id == rev.id,
            FindingRow.severity == int(Severity.WARNING),
            FindingRow.confirmed_at.is_(None),
        ]
        if finding_ids:
            wanted.append(FindingRow.id.in_(finding_ids))
        if code is not None:
            wanted.append(FindingRow.code == code)
        if case is not None:
            wanted.append(FindingRow.kind == case)
        if field is not None:
            wanted.append(FindingRow.field == field)
        done = session.execute(
            sa.update(FindingRow)
            .where(*wanted)
            .values(
                confirmed_by=actor.user_id, confirmed_at=portal.clock(), confirmed_reason=reason
            )
        )
        count = int(done.rowcount)  # type: ignore[attr-defined]
        if count:
            documents.touch(portal, batch, actor)
            audit.record(
                portal,
                session,
                actor,
                "batch:warnings_confirmed",
                batch.id,
                company_id=batch.company_id,
                code=code,
                findings=count,
            )
        return count


def reveal(
    portal: Portal, actor: Actor, batch_id: str, number: int, *, revision: int | None = None
) -> RowView:
    """Return one row for showing in full; the look is an act."""
    view = row_view(portal, actor, batch_id, number, revision=revision)
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        audit.record(
            portal,
            session,
            actor,
            "batch:row_revealed",
            batch.id,
            company_id=batch.company_id,
            row=number,
        )
    return view


def note_read(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    what: Literal["rows", "findings"],
    **details: int,
) -> None:
    """Record that a program takes whole values of a batch away.

    An act of its own kind: programs ask often, and the batch's timeline is for people.
    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        audit.record(
            portal,
            session,
            actor,
            f"{what}:read",
            batch.id,
            company_id=batch.company_id,
            **details,
        )


def remarks(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> list[Remark]:
    """Return what is said about the whole file: encoding, hidden rows, skipped rows."""
    return structure(portal, actor, batch_id, revision=revision).remarks


# --- from models to views --------------------------------------------------------------------


def _row_filter(
    rev: Revision, show: Show, code: str | None, field: str | None, verdict: str | None
) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [Row.revision_id == rev.id]
    if show != "all":
        least, worst = row_lists.SHOWN[show]
        wanted.append(Row.severity.between(least, worst))
    if code is not None or field is not None:
        broken = sa.select(FindingRow.row_number).where(FindingRow.revision_id == rev.id)
        if code is not None:
            broken = broken.where(FindingRow.code == code)
        if field is not None:
            broken = broken.where(FindingRow.field == field)
        wanted.append(Row.number.in_(broken))
    if verdict is not None:
        state = Correction.verdict.is_(None) if verdict == "open" else Correction.verdict == verdict
        wanted.append(
            Row.number.in_(
                sa.select(Correction.row_number).where(Correction.revision_id == rev.id, state)
            )
        )
    return wanted


def _row_views(
    portal: Portal, session: Session, batch: Batch, rev: Revision, rows: list[Row], lang: Lang
) -> list[RowView]:
    key = portal.key(batch.company)
    held = open_structure(key, rev)
    numbers = [row.number for row in rows]
    findings: dict[int, list[FindingView]] = {}
    for one in session.scalars(
        sa.select(FindingRow)
        .where(FindingRow.revision_id == rev.id, FindingRow.row_number.in_(numbers))
        .order_by(FindingRow.id)
    ):
        findings.setdefault(one.row_number, []).append(_finding_view(key, held, one, lang))
    opened = open_rows(session, key, rows)
    corrections: dict[int, list[CorrectionView]] = {}
    for asked in session.scalars(
        sa.select(Correction)
        .where(Correction.revision_id == rev.id, Correction.row_number.in_(numbers))
        .order_by(Correction.id)
    ):
        before, after = opened[asked.row_number].changes[asked.field]
        corrections.setdefault(asked.row_number, []).append(_correction_view(asked, before, after))
    return [
        _row_view(
            held,
            row,
            opened[row.number],
            findings.get(row.number, []),
            corrections.get(row.number, []),
        )
        for row in rows
    ]


def _row_view(
    held: Structure,
    row: Row,
    cells: RowCells,
    findings: list[FindingView],
    corrections: list[CorrectionView],
) -> RowView:
    field_of_row = corrections[0].field if corrections else None
    return RowView(
        row.number,
        Severity(row.severity).json if row.severity else "valid",
        row.name,
        cells.employee,
        tuple(
            _cell_view(held, column, role, cells, findings, field_of_row)
            for column, role in enumerate(held.roles)
        ),
        tuple(findings),
        tuple(corrections),
    )


def _cell_view(
    held: Structure,
    column: int,
    role: Role,
    cells: RowCells,
    findings: list[FindingView],
    field_of_row: str | None,
) -> CellView:
    # in the per-correction layout Semula and Menjadi hold the field that Data names
    field = role.field or (field_of_row if role.part in {"before", "after"} else None)
    raw, kind = cells.raw[column], Kind(cells.kinds[column])
    shown = mask(field, cells.clean[column] if kind is Kind.DATE else raw) if field else raw
    if field is None and role.part in {"before", "after"}:
        shown = mask_name(raw)  # nobody knows what it is, so it is shown as the most private
    return CellView(
        column,
        held.headers[column],
        held.letters[column],
        field,
        role.part,
        shown,
        raw,
        kind.name.lower(),
        tuple(f for f in findings if f.column == column),
    )


def _finding_view(key: CompanyKey, held: Structure, one: FindingRow, lang: Lang) -> FindingView:
    detail = open_detail(key, one)
    cell = (
        f"{held.letters[one.column_index]}{one.row_number}"
        if one.column_index >= 0 and one.row_number
        else None
    )
    header = held.headers[one.column_index] if one.column_index >= 0 else None
    said = {
        language: sentence(
            one.code,
            one.kind,
            where_row=one.row_number,
            cell=cell,
            column=header,
            field=one.field,
            value=detail["value"],
            suggestion=detail["suggestion"],
            params=detail["params"],
            lang=language,
        )
        for language in LANGUAGES
    }
    return FindingView(
        one.id,
        one.code,
        one.kind,
        Severity(one.severity).json,
        one.row_number,
        cell,
        one.column_index,
        one.field,
        _label(one.field, lang),
        title(one.code, one.kind, lang),
        said["id"],
        said["en"],
        detail["value"],
        detail["suggestion"],
        one.confirmed_by,
        one.confirmed_reason,
        FIXES in (detail["params"] or {}),
        source_of(detail),
    )


def _correction_view(one: Correction, before: str, after: str) -> CorrectionView:
    field = FIELD[one.field]
    return CorrectionView(
        one.id,
        one.field,
        field.label,
        field.label_en,
        before,
        after,
        mask(one.field, before),
        mask(one.field, after),
        one.verdict,
        one.reason,
        one.override_document_id,
    )


def _label(field: str | None, lang: Lang) -> str:
    if field is None or field not in FIELD:
        return ""
    return FIELD[field].label if lang == "id" else FIELD[field].label_en


def _names(session: Session, people: Iterable[str | None]) -> dict[str, str]:
    found = session.execute(
        sa.select(User.id, User.name).where(User.id.in_({i for i in people if i}))
    )
    return dict(found.all())


def _batch_view(session: Session, batch: Batch, revision: Revision, actor: Actor) -> BatchView:
    people = (
        batch.created_by, batch.submitted_by, batch.reviewer_id, batch.decided_by,
        revision.uploaded_by,
    )  # fmt: skip
    names = _names(session, people)
    parent = session.get(Batch, batch.parent_id) if batch.parent_id else None
    children = session.execute(
        sa.select(Batch.id, Batch.number).where(Batch.parent_id == batch.id).order_by(Batch.number)
    )
    return BatchView(
        batch.id,
        batch.number,
        batch.state,
        batch.version,
        batch.company_id,
        batch.company.name,
        batch.company.npp,
        batch.branch_id,
        batch.branch.name,
        batch.branch.timezone,
        batch.parent_id,
        parent.number if parent else None,
        tuple((i, n) for i, n in children),
        parent is not None
        and not session.scalar(sa.select(sa.exists().where(Decision.child_batch_id == batch.id))),
        batch.change_received_on,
        batch.created_at,
        names[batch.created_by],
        batch.last_edited_at,
        batch.submitted_at,
        names.get(batch.submitted_by or ""),
        batch.reviewer_id,
        names.get(batch.reviewer_id or ""),
        batch.taken_at,
        batch.passed_by,
        batch.decided_at,
        names.get(batch.decided_by or ""),
        batch.state == "draft" and batch.company_id in actor.companies,
        _revision_view(revision, names[revision.uploaded_by]),
    )


def _revision_view(r: Revision, uploaded_by: str) -> RevisionView:
    return RevisionView(
        r.id,
        r.number,
        r.state,
        r.file_name,
        r.file_size,
        r.sha256,
        r.layout,
        r.sheet,
        r.ruleset,
        r.error_code,
        r.error_message,
        r.error_message_en,
        r.rows_total,
        r.rows_valid,
        r.rows_warning,
        r.rows_invalid,
        r.rows_empty,
        r.rows_refused,
        r.progress_done,
        r.progress_total,
        r.compared,
        dict(r.tidied),
        dict(r.fields),
        r.uploaded_at,
        uploaded_by,
        r.rechecked != r.edited,
        r.known_layout_at,
        r.file_id is not None,
        r.recognised,
        r.preview,
    )
