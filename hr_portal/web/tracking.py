"""Lacak: where a batch stands, why rows came back and the way to mend them, and its history."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.domain.workflow import DECIDED, SUBMITTED_ONCE
from hr_portal.services import (
    agency,
    batch_history,
    batch_views,
    changes,
    documents,
    letter_views,
    long_works,
    messages,
    papers,
    review,
    submission,
)
from hr_portal.services.agency import RefusedCorrection
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import ChangeRow, Counts, DecisionView, Reason, Show
from hr_portal.web import timeline
from hr_portal.web.access import actor, needs
from hr_portal.web.clocks import clock_of, clock_state, span_words
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.layout import REFUSED, VERDICTS, State
from hr_portal.web.letters import kind_name
from hr_portal.web.masking import veil
from hr_portal.web.paging import page_number, view_of
from hr_portal.web.words import REOPENED, file_rows, next_step, page_of, rows_held

blueprint = Blueprint("tracking", __name__)

PER_PAGE: Final = 25
FILTERS: Final[tuple[Show, ...]] = ("return", "reject", "approve", "all")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The review whose verdicts a page tells: the batch's own, or that of its parent."""

    batch: BatchView
    decision: DecisionView
    reasons: list[Reason]
    is_parent: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Corrections of one row that ended alike."""

    row: int
    name: str
    fields: tuple[str, ...]
    state: State
    reasons: tuple[str, ...]


@blueprint.get("/pengajuan/<batch_id>/lacak")
@needs("batch.read")
def show(batch_id: str) -> str | Response:
    """The page of a batch after its submission; what it says first is the finding."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    if batch.revision.state != "checked":
        return redirect(url_for("batches.show", batch_id=batch_id))
    return page_of_batch(batch_id)


def page_of_batch(batch_id: str, message_problem: str = "", withdrawal_problem: str = "") -> str:
    """The page, with what is wrong about a message or a withdrawal that was just written."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    is_reviewer = batch.branch_id in actor().branches
    is_hrd = batch.company_id in actor().companies
    outcome = _outcome(batch)
    counts = changes.counts(portal(), actor(), batch_id, revision=outcome.decision.revision) if (
        outcome and not outcome.is_parent
    ) else None  # fmt: skip
    shown = _shown(counts)
    found = None
    if outcome and counts:
        found = changes.changes_page(
            portal(), actor(), batch_id, show=shown, page=page_number(), per_page=PER_PAGE,
            revision=outcome.decision.revision,
        )  # fmt: skip
    clock = clock_of(batch.submitted_at, batch.timezone) if batch.submitted_at else None
    waits = batch.state in {"submitted", "in_review"}
    child = _child(outcome)
    missing = submission.lacks(portal(), actor(), batch_id) if batch.is_mine_to_edit else []
    standing = agency.standing(portal(), actor(), batch_id)
    written = messages.listed(portal(), actor(), batch_id)
    return render_template(
        "tracking/show.html",
        batch=batch,
        about=file_rows(batch),
        title=title_of(batch, outcome),
        rows=rows_held(batch),
        outcome=outcome,
        counts=counts,
        standing=standing,
        documents=_judged(batch_id),
        messages=written,
        may_write=batch.state in SUBMITTED_ONCE,
        message_problem=message_problem,
        withdrawal_problem=withdrawal_problem,
        typed={name: request.form.get(name, "") for name in ("text", "row", "internal", "reason")},
        refusals=standing.refusals if standing else _refused_before(batch),
        shown=shown,
        found=_lines(found.items, standing.refusals if standing else ()) if found else [],
        page=view_of(found) if found else None,
        clock=clock,
        chip_of_clock=clock_state(clock, exact=True) if clock and waits else None,
        took=span_words(batch.decided_at - batch.submitted_at, exact=True)
        if batch.decided_at and batch.submitted_at else "",
        child=child,
        is_hrd=is_hrd,
        is_reviewer=is_reviewer,
        is_mine=batch.reviewer_id == actor().user_id,
        step=next_step(batch, missing) if batch.is_mine_to_edit else None,
        letters=letter_views.list_letters(portal(), actor(), batch_id),
        papers=papers.listed(portal(), actor(), batch_id),
        kind_name=kind_name,
        entries=timeline.entries(
            batch_history.history(portal(), actor(), batch_id),
            batch,
            batch_views.revisions(portal(), actor(), batch_id),
            written,
            letter_views.history(portal(), actor(), batch_id),
        ),
    )  # fmt: skip


@blueprint.post("/pengajuan/<batch_id>/perbaiki")
@needs("batch.edit")
def mend(batch_id: str) -> Response:
    """Opens a returned batch again as its next revision."""
    version = request.form.get("version", type=int)
    if long_works.is_large_split(batch_views.batch_view(portal(), actor(), batch_id)):
        asked = long_works.ask_reopening(portal(), actor(), batch_id, version=version)
        return redirect(url_for("long_acts.show", batch_id=batch_id, number=asked))
    review.reopen_returned(portal(), actor(), batch_id, version=version)
    flash(str(REOPENED), "ok")
    return redirect(page_of("results.show", batch_id))


def title_of(batch: BatchView, outcome: Outcome | None) -> str:
    """The finding: what became of the rows, or what they wait for."""
    rows = rows_held(batch)
    total = number(rows)
    if batch.state in DECIDED and outcome is not None:
        return _decided(outcome.decision, rows)
    if batch.state == "draft" and outcome is not None:
        count = rows if outcome.is_parent else outcome.decision.returned
        return ngettext("%(count)s baris menunggu perbaikan", "%(count)s baris menunggu perbaikan",
                        count, count=number(count))  # fmt: skip
    return {
        "draft": ngettext("%(count)s baris belum diajukan", "%(count)s baris belum diajukan", rows, count=total),
        "submitted": ngettext("%(count)s baris menunggu pemeriksa", "%(count)s baris menunggu pemeriksa", rows,
                              count=total),
        "in_review": ngettext("%(count)s baris sedang diperiksa", "%(count)s baris sedang diperiksa", rows,
                              count=total),
        "cancelled": _("Pengajuan ini dibatalkan"),
    }.get(batch.state, batch.number)  # fmt: skip


def _decided(decision: DecisionView, rows: int) -> str:
    total, of = number(rows), {"return": decision.returned, "reject": decision.rejected}
    if decision.approved == rows:
        return ngettext(
            "%(count)s baris disetujui", "Semua %(count)s baris disetujui", rows, count=total
        )
    if decision.returned == rows:
        return ngettext(
            "%(count)s baris dikembalikan",
            "Semua %(count)s baris dikembalikan",
            rows,
            count=total,
        )
    if decision.rejected == rows:
        return ngettext(
            "%(count)s baris ditolak", "Semua %(count)s baris ditolak", rows, count=total
        )
    if of["return"] and of["reject"]:
        return _("%(returned)s dari %(total)s baris dikembalikan, %(rejected)s ditolak",
                 returned=number(of["return"]), rejected=number(of["reject"]), total=total)  # fmt: skip
    if of["return"]:
        return _(
            "%(count)s dari %(total)s baris dikembalikan", count=number(of["return"]), total=total
        )
    return _("%(count)s dari %(total)s baris ditolak", count=number(of["reject"]), total=total)


def _outcome(batch: BatchView) -> Outcome | None:
    """The latest review of this batch; for a child not reviewed yet, its parent's."""
    decision = changes.latest_decision(portal(), actor(), batch.id)
    if decision is not None and batch.state != "cancelled":
        told = changes.reasons(portal(), actor(), batch.id, revision=decision.revision)
        return Outcome(batch, decision, told, is_parent=False)
    if batch.parent_id and not batch.is_split_off and batch.state == "draft":
        parent = batch_views.batch_view(portal(), actor(), batch.parent_id)
        decision = changes.latest_decision(portal(), actor(), parent.id, child_id=batch.id)
        if decision is not None:
            told = changes.reasons(portal(), actor(), parent.id, revision=decision.revision)
            return Outcome(
                parent, decision, [one for one in told if one.verdict == "return"], is_parent=True
            )
    return None


def _refused_before(batch: BatchView) -> tuple[RefusedCorrection, ...]:
    """What the agency refused and sent on in this draft."""
    if batch.parent_id is None or batch.state != "draft":
        return ()
    before = agency.standing(portal(), actor(), batch.parent_id)
    return tuple(one for one in before.refusals if one.child_id == batch.id) if before else ()


def _child(outcome: Outcome | None) -> BatchView | None:
    if outcome is None or outcome.is_parent or outcome.decision.child_id is None:
        return None
    if outcome.batch.company_id not in actor().companies:
        return None  # a draft is the company's own
    return batch_views.batch_view(portal(), actor(), outcome.decision.child_id)


def _shown(counts: Counts | None) -> Show:
    """The filter of the table of verdicts; without one, what has to be mended comes first."""
    asked = request.args.get("keputusan", "")
    if asked in FILTERS:
        return asked
    if counts is None:
        return "all"
    return "return" if counts.returned else "reject" if counts.reject else "all"


def _lines(rows: list[ChangeRow], refusals: tuple[RefusedCorrection, ...]) -> list[Line]:
    """Tell each row's corrections by how they ended; the agency has the last word."""
    refused: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in refusals:
        refused[one.row, one.field].append(one.words)
    told = []
    for row in rows:
        ended: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for change in row.changes:
            words = refused.get((row.number, change.field)) if change.verdict == "approve" else None
            if words:
                ended["", "refused"].append((change.field, veil(words.pop(0))))
            else:
                ended[change.verdict or "", ""].append((change.field, change.reason))
        for (verdict, answer), changes_of in sorted(ended.items()):
            told.append(
                Line(
                    row.number,
                    row.name,
                    tuple(field for field, _reason in changes_of),
                    REFUSED if answer else VERDICTS[verdict or None],
                    tuple(dict.fromkeys(reason for _field, reason in changes_of if reason)),
                )
            )
    return told


def _judged(batch_id: str) -> dict[str, int]:
    """How many documents have which status; nothing where nobody has judged any."""
    found: Counter[str] = Counter(
        one.status.state for one in documents.list_documents(portal(), actor(), batch_id)
    )
    return {} if set(found) <= {"open"} else dict(found)
