"""What the check found, as pages and the API show it: counts, to-do, rows, findings.

Everything is paged and filtered in the database; only the rows of one page are
opened. Sentences are made on showing, in the reader's language.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    FindingRow,
    Revision,
    Row,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import Lang, title
from hr_portal.domain.table import Remark
from hr_portal.services import (
    added_columns,
    audit,
    crashpoints,
    documents,
    marked_rows,
    row_lists,
    row_texts,
    row_views,
    searching,
    summaries,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.services.intake import closed
from hr_portal.services.paging import Page
from hr_portal.services.reasons import reason_of
from hr_portal.services.row_lists import Found
from hr_portal.services.row_sets import RowSet
from hr_portal.services.row_views import FindingView, RowView
from hr_portal.services.rowdata import (
    Structure,
    open_structure,
)

Show = Literal["todo", "error", "warning", "valid", "all"]
SEVERITIES: dict[str, int] = {severity.json: int(severity) for severity in Severity}
CHUNK = 500
MOST_AT_ONCE = 1000
"""Findings that one confirmation may name."""
_CONFIRMED = 40_000
"""Warnings confirmed in one transaction: less than a fifth of a second."""


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
    may_add_column: bool = False
    """True where the file lacks the column, and the portal can add it."""
    may_take_column_away: bool = False
    """True where the column was added in the portal, and nothing was typed into it."""


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row without its cells, which cost most: its number, its name and its findings."""

    number: int
    name: str
    findings: tuple[FindingView, ...]


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
        empty = added_columns.removable(session, held, rev)
        for one in rev.summary:
            first = examples.get((one["code"], one["case"], one["field"]))
            example = row_views.finding_view(key, held, first, lang) if first else None
            items.append(
                TodoItem(
                    one["code"],
                    one["case"],
                    one["field"],
                    row_views.label_of(one["field"], lang),
                    Severity(one["severity"]).json,
                    title(one["code"], one["case"], lang),
                    (example.message if lang == "id" else example.message_en) if example else "",
                    one["findings"],
                    one["rows"],
                    confirmed.get((one["code"], one["case"], one["field"]), 0),
                    one.get("offers", 0),
                    one["case"] in added_columns.CASES
                    and added_columns.may_add(held, rev, one["field"]),
                    empty is not None and one["field"] == empty,
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
            found = _with_text(session, key, rev, text, (show, code, field, verdict))
            part, total = found.part(start, start + per_page), len(found)
            chosen = sa.select(Row).where(Row.revision_id == rev.id, Row.number.in_(part))
        else:
            listed = None
            if verdict is None and (code is not None or field is not None):
                marked = marked_rows.shown(session, rev.id, show, code, field)
                if marked is not None:
                    listed = Found(marked.part(start, start + per_page), len(marked))
            elif verdict is None:
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
        return Page(
            row_views.of_rows(portal, session, batch, rev, rows, lang), page, per_page, total
        )


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
        if text.strip():
            key = portal.key(batch.company)
            found = _with_text(session, key, rev, text, (show, code, field, None))
            return [number for number in found if number > after][:count]
        wanted = [*_row_filter(rev, show, code, field, None), Row.number > after]
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
        return row_views.of_rows(portal, session, batch, rev, [row], lang)[0]


def named_rows(
    portal: Portal, actor: Actor, batch_id: str, numbers: Sequence[int], *, lang: Lang = "id"
) -> list[NamedRow]:
    """Return who stands in some rows of the current revision and what was found there, in order.

    Unknown numbers are passed over.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        found = row_views.findings_of(session, key, open_structure(key, rev), rev, numbers, lang)
        chosen = sa.select(Row.number, Row.name).where(
            Row.revision_id == rev.id, Row.number.in_(numbers)
        )
        return [
            NamedRow(number, name, tuple(found.get(number, ())))
            for number, name in session.execute(chosen.order_by(Row.number))
        ]


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
        return Page(
            [row_views.finding_view(key, held, one, lang) for one in found], page, per_page, total
        )


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

    Very many are confirmed in units, so that others can write between two: each says of some
    rows what is true by itself, with its own note in the audit.

    Raises:
        NotFound, Forbidden, Conflict (no draft). Invalid: no reason, nothing named.

    """
    words = _expect_named(reason, finding_ids, code)
    named = ((FindingRow.code, code), (FindingRow.kind, case), (FindingRow.field, field))
    asked = [FindingRow.severity == int(Severity.WARNING), FindingRow.confirmed_at.is_(None)]
    asked += [column == value for column, value in named if value is not None]
    if finding_ids:
        asked.append(FindingRow.id.in_(finding_ids))
    with portal.db.read() as session:
        rev = _draft_of(session, actor, batch_id, version)[1]
        mine = (FindingRow.revision_id == rev.id, *asked)
        found = sa.select(FindingRow.row_number).where(*mine).order_by(FindingRow.row_number)
        rows = array("i", session.scalars(found))
    now, count, before = portal.clock(), 0, -1
    for last in [*rows[_CONFIRMED - 1 : -1 : _CONFIRMED], *rows[-1:]]:
        if count:
            portal.db.give_way()
        with portal.db.write() as session:
            batch, current = _draft_of(session, actor, batch_id, version)
            if current.id != rev.id:
                raise visible.stale(batch)
            some = (*mine, FindingRow.row_number > before, FindingRow.row_number <= last)
            values = {
                "confirmed_by": actor.user_id,
                "confirmed_at": now,
                "confirmed_reason": words,
            }
            done = session.execute(sa.update(FindingRow).where(*some).values(**values))
            confirmed = int(done.rowcount)  # type: ignore[attr-defined]
            count += confirmed
            if confirmed:
                documents.touch(portal, batch, actor)
                audit.record(
                    portal, session, actor, "batch:warnings_confirmed", batch.id,
                    company_id=batch.company_id, code=code, findings=confirmed,
                )  # fmt: skip
            before, version = last, batch.version  # nobody has changed it meanwhile, or it ends
        crashpoints.passing("confirm:unit")
    return count


def _expect_named(reason: str, finding_ids: list[int] | None, code: str | None) -> str:
    """Return the reason as it is kept. Raises Invalid as `confirm_warnings`."""
    words = reason_of(reason)
    if not words:
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
    return words


def _draft_of(
    session: Session, actor: Actor, batch_id: str, version: int | None
) -> tuple[Batch, Revision]:
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    if batch.state != "draft":
        raise closed(batch)
    return batch, visible.current_revision(session, batch)


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


def _with_text(
    session: Session, key: CompanyKey, rev: Revision, text: str,
    shown: tuple[Show, str | None, str | None, str | None],
) -> RowSet:  # fmt: skip
    """Return the rows with a text in name or address, of those that the other filters show."""
    show, code, field, verdict = shown
    found = row_texts.rows_with(session, key, rev, text) if verdict is None else None
    if found is not None and code is None and field is None:
        return found if show == "all" else found & marked_rows.of_outcome(session, rev.id, show)
    if found is not None:
        marked = marked_rows.shown(session, rev.id, show, code, field)
        if marked is not None:
            return found & marked
    wanted, held = _row_filter(rev, *shown), open_structure(key, rev)
    return RowSet.of(searching.numbers_with(session, key, rev, held, wanted, text))


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
