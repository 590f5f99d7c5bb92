"""Layouts that a company has explained: what the columns of a header mean, never a value."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import ColumnLayout, Company
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.columns import ROLE_WORDS
from hr_portal.domain.permissions import Actor
from hr_portal.domain.questions import KnownLayout
from hr_portal.services import audit, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound

MOST_KNOWN = 200
"""Layouts a reader is told of, the last used first."""


@dataclass(frozen=True, slots=True)
class LayoutView:
    """A remembered layout as its list shows it."""

    id: int
    sheet: str
    columns: tuple[tuple[str, str], ...]
    """(header, word of ROLE_WORDS), in the order of the sheet."""
    made_by: str
    made_at: dt.datetime
    used_at: dt.datetime


def known(session: Session, key: CompanyKey, company_id: str) -> tuple[KnownLayout, ...]:
    """Return what a reader is told of a company's layouts, the last used first."""
    found = session.scalars(
        sa.select(ColumnLayout)
        .where(ColumnLayout.company_id == company_id)
        .order_by(ColumnLayout.used_at.desc())
        .limit(MOST_KNOWN)
    )
    made = []
    for one in found:
        held = _open(key, one)
        words = tuple(word for _header, word in held["columns"])
        if all(word in ROLE_WORDS for word in words):
            made.append(KnownLayout(one.id, one.fingerprint, held["sheet"], words))
    return tuple(made)


def note_use(portal: Portal, session: Session, layout_id: int) -> None:
    """Note that a file was read by a layout; one forgotten meanwhile stays forgotten."""
    used = sa.update(ColumnLayout).where(ColumnLayout.id == layout_id)
    session.execute(used.values(used_at=portal.clock()))


def list_layouts(portal: Portal, actor: Actor, company_id: str) -> list[LayoutView]:
    """Return the layouts that a company has explained, the last used first."""
    with portal.db.read() as session:
        company = visible.company(session, actor, company_id)
        key = portal.key(company)
        found = session.scalars(
            sa.select(ColumnLayout)
            .options(joinedload(ColumnLayout.maker))
            .where(ColumnLayout.company_id == company_id)
            .order_by(ColumnLayout.used_at.desc(), ColumnLayout.id)
        )
        views = []
        for one in found:
            held = _open(key, one)
            columns = tuple((header, word) for header, word in held["columns"])
            views.append(
                LayoutView(one.id, held["sheet"], columns, one.maker.name, one.made_at, one.used_at)
            )
        return views


def forget_layout(portal: Portal, actor: Actor, company_id: str, layout_id: int) -> None:
    """Forget a layout: files with its header are recognised, and asked about, anew.

    Raises:
        NotFound: no such company, or no such layout of it (any more).

    """
    with portal.db.write() as session:
        company = visible.company(session, actor, company_id)
        gone = session.execute(
            sa.delete(ColumnLayout).where(
                ColumnLayout.id == layout_id, ColumnLayout.company_id == company.id
            )
        )
        if gone.rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound
        audit.record(
            portal, session, actor, "layout:forgotten", str(layout_id), company_id=company.id
        )


def remember(
    portal: Portal,
    session: Session,
    company: Company,
    user_id: str,
    mark: str,
    sheet: str,
    columns: list[tuple[str, str]],
) -> None:
    """Keep what each (header, word of ROLE_WORDS) means, in the session's transaction."""
    content = portal.key(company).seal(
        f"column_layouts|{mark}", orjson.dumps({"sheet": sheet, "columns": columns})
    )
    now = portal.clock()
    told = {"content": content, "made_by": user_id, "made_at": now, "used_at": now}
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Two files with one header may be explained at the same time: the later word stands.
    session.execute(
        make(ColumnLayout)
        .values(company_id=company.id, fingerprint=mark, **told)
        .on_conflict_do_update(index_elements=["company_id", "fingerprint"], set_=told)
    )


def _open(key: CompanyKey, layout: ColumnLayout) -> dict[str, Any]:
    held: dict[str, Any] = orjson.loads(
        key.open(f"column_layouts|{layout.fingerprint}", layout.content)
    )
    return held
