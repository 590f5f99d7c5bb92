"""What became of the employee of one row: sent, asked about, judged, forwarded, answered.

The employee is known by the index of the KPJ alone, so that the trail goes on where a mended file
has other row numbers, in the batch that the row came from, and in those it went on in.
"""

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    Document,
    Placement,
    Revision,
    Row,
    User,
)
from hr_portal.adapters.database.review_models import AgencyAnswer, Handover, SetAside
from hr_portal.domain.permissions import Actor
from hr_portal.services import agency, document_status, messages, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound

Kind = Literal["submitted", "message", "document", "verdict", "forwarded", "accepted", "refused"]
MOST_FAMILY = 50
"""Batches that a row came from or went on in; more are not looked for."""
_NOBODY = bytes(16)
"""The index of rows whose log was blotted out."""
_HANDED_IN = ("batch:submitted", "batch:set_aside")
"""Acts after which a revision is the one that is judged; they name it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `words` are as they were written, perhaps about people."""

    kind: Kind
    at: dt.datetime
    batch_id: str
    number: str
    """Of the batch."""
    row: int
    """There."""
    side: str
    """hrd or reviewer."""
    by: str | None
    """None where the reader is only told the office."""
    fields: tuple[str, ...] = ()
    verdict: str = ""
    """Of a correction; or what was found of a document."""
    words: str = ""
    second: str | None = None
    """Who approved it as the second reviewer."""
    revision: int = 0
    document_kind: str = ""
    is_internal: bool = False
    is_set_aside: bool = False
    """The decision was reopened, and holds no longer."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the employee stands in one revision."""

    batch: Batch
    revision: Revision
    rows: tuple[int, ...]


def trail(portal: Portal, actor: Actor, batch_id: str, row: int) -> list[Event]:
    """Return what happened to the employee of a row, the latest first.

    Verdicts are told once they are decided. A company is told the office, not the reviewer.

    Raises NotFound where the batch, or the row in its present revision, isn't there.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        current = visible.current_revision(session, batch)
        mine = session.get(Row, (current.id, row))
        if mine is None:
            raise NotFound
        key = portal.key(batch.company)
        known = mine.kpj_index not in {key.index("kpj", ""), _NOBODY}
        places = (
            list(_places(session, actor, batch, mine.kpj_index))
            if known
            else [_Place(batch, current, (row,))]
        )
        telling = _Telling(portal, session, actor, places)
        if not telling.at:
            return []  # nothing of it was ever handed in
        found = [
            *telling.submissions(), *telling.messages(), *telling.verdicts(),
            *telling.handovers(), *telling.answers(),
            *(telling.documents(mine.kpj_index) if known else ()),
        ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def _places(session: Session, actor: Actor, batch: Batch, kpj: bytes) -> Iterator[_Place]:
    """Find the employee in all revisions of a batch, of its parents and of its children."""
    family, edge = {batch.id}, {batch.id}
    while edge and len(family) < MOST_FAMILY:
        near = session.execute(
            sa.select(Batch.id, Batch.parent_id).where(
                sa.or_(Batch.id.in_(edge), Batch.parent_id.in_(edge)),
                Batch.company_id == batch.company_id,
                visible.batches_of(actor),
            )
        ).all()
        parents = {one.parent_id for one in near if one.parent_id}
        edge = ({one.id for one in near} | parents) - family
        family |= edge
    found: dict[int, list[int]] = {}
    held: dict[int, tuple[Batch, Revision]] = {}
    for one, revision, number in session.execute(
        sa.select(Batch, Revision, Row.number)
        .join(Revision, Revision.batch_id == Batch.id)
        .join(Row, Row.revision_id == Revision.id)
        .where(
            Batch.id.in_(family),
            visible.batches_of(actor),
            visible.revisions_of(actor),
            Row.kpj_index == kpj,
        )
        .order_by(Revision.id, Row.number)
    ):
        held[revision.id] = one, revision
        found.setdefault(revision.id, []).append(number)
    for revision_id, rows in found.items():
        yield _Place(*held[revision_id], tuple(rows))


class _Telling:
    """The events at some places, as one reader may know them."""

    def __init__(
        self, portal: Portal, session: Session, actor: Actor, places: list[_Place]
    ) -> None:
        self.portal, self.session, self.actor = portal, session, actor
        self.key = portal.key(places[0].batch.company)
        self.places = {one.revision.id: one for one in places}
        self.batches = {one.batch.id: one.batch for one in places}
        self.at: dict[str, list[tuple[dt.datetime, int, str | None, str]]] = {}
        """Of each batch, when which revision was handed in, by whom, by which act."""
        acts = session.execute(
            sa.select(Act.subject_id, Act.at, Act.details, User.name, Act.action)
            .outerjoin(User, User.id == Act.actor_id)
            .where(
                Act.subject_kind == "batch",
                Act.subject_id.in_(self.batches),
                Act.action.in_(_HANDED_IN),
            )
            .order_by(Act.id)
        )
        for batch_id, at, details, name, action in acts:
            self.at.setdefault(batch_id, []).append((at, details["revision"], name, action))

    @functools.cached_property
    def judged(self) -> list[tuple[Correction, str | None]]:
        """The employee's corrections with a verdict, and who approved them second."""
        found = self.session.execute(
            sa.select(Correction, User.name)
            .outerjoin(User, User.id == Correction.seconded_by)
            .where(self._mine(), Correction.verdict.is_not(None))
            .order_by(Correction.id)
        )
        return [(one, second) for one, second in found]

    def submissions(self) -> Iterator[Event]:
        for place in self.places.values():
            for at, revision, name, action in self.at.get(place.batch.id, []):
                if revision == place.revision.number and action == "batch:submitted":
                    yield self._event(
                        "submitted",
                        at,
                        place,
                        place.rows[0],
                        side="hrd",
                        by=name,
                        revision=revision,
                    )

    def messages(self) -> Iterator[Event]:
        """Of this row; a message speaks of the revision that was handed in last before it."""
        for batch_id, batch in self.batches.items():
            for one in messages.listed(self.portal, self.actor, batch_id):
                handed = [told for told in self.at.get(batch_id, []) if told[0] <= one.written_at]
                number = handed[-1][1] if handed else batch.revision_number
                for place in self.places.values():
                    if (place.batch.id, place.revision.number) == (batch_id, number) and (
                        one.row in place.rows
                    ):
                        yield self._event(
                            "message", one.written_at, place, one.row, by=one.written_by,
                            side=one.side, is_internal=one.is_internal, words=one.text,
                        )  # fmt: skip

    def verdicts(self) -> Iterator[Event]:
        """Those that were decided; one event for all data of a row that share verdict and words."""
        decided = {
            (decision.batch_id, decision.revision_number): (decision, name)
            for decision, name in self.session.execute(
                sa.select(Decision, User.name)
                .join(User, User.id == Decision.decided_by)
                .where(Decision.batch_id.in_(self.batches))
            )
        }
        gone = {
            (one.batch_id, one.revision_number)
            for one in self.session.scalars(
                sa.select(SetAside).where(SetAside.batch_id.in_(self.batches))
            )
        }
        grouped: dict[tuple[int, int, str, str, str | None], list[str]] = {}
        for one, second in self.judged:
            of = (one.revision_id, one.row_number, one.verdict or "", one.reason, second)
            grouped.setdefault(of, []).append(one.field)
        for (revision_id, row, verdict, reason, seconder), fields in grouped.items():
            place = self.places[revision_id]
            ended = place.batch.id, place.revision.number
            if ended in decided:
                decision, name = decided[ended]
                yield self._event(
                    "verdict", decision.decided_at, place, row, by=name, fields=tuple(fields),
                    verdict=verdict, words=reason, second=seconder, is_set_aside=ended in gone,
                    revision=place.revision.number,
                )  # fmt: skip

    def handovers(self) -> Iterator[Event]:
        """What an outlet gave out of the row."""
        approved: dict[tuple[int, int], list[str]] = {}
        for one, _second in self.judged:
            if one.verdict == "approve":
                approved.setdefault((one.revision_id, one.row_number), []).append(one.field)
        given = self.session.execute(
            sa.select(Handover, User.name)
            .join(User, User.id == Handover.made_by)
            .where(Handover.batch_id.in_(self.batches), Handover.revision_id.in_(self.places))
        ).all()
        for handover, name in given:
            for (revision_id, row), fields in approved.items():
                carried = tuple(field for field in fields if field not in handover.left_out)
                if revision_id == handover.revision_id and carried:
                    yield self._event(
                        "forwarded", handover.made_at, self.places[revision_id], row, by=name,
                        fields=carried, words=handover.label,
                    )  # fmt: skip

    def answers(self) -> Iterator[Event]:
        """What the agency answered."""
        grouped: dict[tuple[int, int, str, dt.datetime, str, str], list[str]] = {}
        told = self.session.execute(
            sa.select(Correction, AgencyAnswer, User.name)
            .join(AgencyAnswer, AgencyAnswer.correction_id == Correction.id)
            .join(User, User.id == AgencyAnswer.answered_by)
            .where(self._mine())
            .order_by(Correction.id)
        )
        for one, answer, name in told:
            words = agency.words_of(self.key, answer)
            of = (one.revision_id, one.row_number, answer.answer, answer.answered_at, name, words)
            grouped.setdefault(of, []).append(one.field)
        for (revision_id, row, answered, at, name, words), fields in grouped.items():
            yield self._event(
                "accepted" if answered == "accepted" else "refused", at, self.places[revision_id], row,
                by=name, fields=tuple(fields), words=words,
            )  # fmt: skip

    def documents(self, kpj: bytes) -> Iterator[Event]:
        """What was found of the employee's documents; a copy in a child tells it only once."""
        seen: set[tuple[object, ...]] = set()
        for batch_id in self.batches:
            place = next(one for one in self.places.values() if one.batch.id == batch_id)
            judged = document_status.statuses(self.session, self.key, batch_id)
            placed = self.session.execute(
                sa.select(Document.id, Document.kind, Placement.row_number)
                .join(Placement, Placement.document_id == Document.id)
                .where(Document.batch_id == batch_id, Placement.kpj_index == kpj)
                .order_by(Document.uploaded_at)
            )
            for document_id, kind, row in placed:
                told = judged.get(document_id, document_status.UNJUDGED)
                if told.given_at is None or (kind, told.given_at, told.state) in seen:
                    continue
                seen.add((kind, told.given_at, told.state))
                yield self._event(
                    "document", told.given_at, place, row or place.rows[0], by=told.given_by,
                    verdict=told.state, document_kind=kind, words=told.reason,
                )  # fmt: skip

    def _mine(self) -> sa.ColumnElement[bool]:
        """Say that a correction is one of the employee's."""
        rows = [
            sa.and_(Correction.revision_id == revision_id, Correction.row_number.in_(place.rows))
            for revision_id, place in self.places.items()
        ]
        return sa.and_(Correction.revision_id.in_(self.places), sa.or_(*rows))

    def _event(
        self,
        kind: Kind,
        at: dt.datetime,
        place: _Place,
        row: int,
        *,
        by: str | None,
        side: str = "reviewer",
        second: str | None = None,
        **told: Any,  # noqa: ANN401 - the other fields of an event
    ) -> Event:
        if side == "reviewer" and place.batch.branch_id not in self.actor.branches:
            by = second = None
        batch = place.batch
        return Event(kind, at, batch.id, batch.number, row, side, by, second=second, **told)
