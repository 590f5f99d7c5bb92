"""Acts: what happened, written in the transaction in which it happened, linked into chains.

The acts of a company are a chain, and so are those of the installation: every link is an HMAC over
the link before it and the act itself, by a key that only the portal can unwrap (security.md J9).
Whoever changes, removes or reorders acts in the database can't make the links anew.
`audit_chain` verifies them.
"""

import json
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Act, AuditHead
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services.context import Portal

INSTALLATION = "-"
"""The scope of acts that belong to no company."""
FIRST_LINK = b""


def record(
    portal: Portal,
    session: Session,
    actor: Actor | None,
    action: str,
    subject_id: str,
    *,
    company_id: str | None = None,
    **details: Any,  # noqa: ANN401 - numbers, codes and states of many kinds
) -> None:
    """Add an act ("batch:submitted") to the session's transaction, at its end.

    `details` are numbers, codes, states and ids; personal data never goes here.
    `actor` is None for what the portal does by itself.
    """
    waiting = session.info.get("acts")
    if waiting is None:
        waiting = session.info["acts"] = []
        session.info["at_end"].append(lambda: _link(portal, session, waiting))
    waiting.append(
        Act(
            at=portal.clock(),
            actor_id=actor.user_id if actor else None,
            company_id=company_id,
            action=action,
            subject_kind=action.split(":", 1)[0],
            subject_id=subject_id,
            details=details,
            request_id=actor.request_id if actor else None,
        )
    )


def link_of(key: CompanyKey, before: bytes, act: Act) -> bytes:
    """Return the link of an act: 16 bytes of HMAC-SHA-256 over the link before and the act."""
    told = [
        before.hex(), act.number, act.at.isoformat(timespec="microseconds"), act.actor_id,
        act.company_id, act.action, act.subject_kind, act.subject_id, act.details, act.request_id,
    ]  # fmt: skip
    return key.index("act", json.dumps(told, sort_keys=True, separators=(",", ":")))


def scope_of(act: Act) -> str:
    """Return whose chain an act belongs to: its company's, or the installation's."""
    return act.company_id or INSTALLATION


def key_of(portal: Portal, head: AuditHead) -> CompanyKey:
    """Unwrap the key of a chain; raises SealBrokenError for another master key's."""
    return portal.vault.company(key_name(head.scope), head.key)


def key_name(scope: str) -> str:
    """Return the name a chain's key is wrapped for."""
    return f"audit|{scope}"


def _link(portal: Portal, session: Session, acts: list[Act]) -> None:
    """Link the transaction's acts to their chains.

    Last of all and chain by chain in one order: the heads are locked for as short as can be, and
    two transactions can't wait for each other.
    """
    session.flush()
    for scope, of_scope in groupby(sorted(acts, key=scope_of), scope_of):
        head = _locked_head(portal, session, scope)
        key = key_of(portal, head)
        for act in of_scope:
            head.count += 1
            act.number = head.count
            head.link = act.link = link_of(key, head.link, act)
            session.add(act)
        session.flush()


def _locked_head(portal: Portal, session: Session, scope: str) -> AuditHead:
    wanted = sa.select(AuditHead).where(AuditHead.scope == scope).with_for_update()
    head = session.scalar(wanted.execution_options(populate_existing=True))
    if head is None:
        values = {
            "scope": scope, "count": 0, "link": FIRST_LINK,
            "key": portal.vault.new_company_key(key_name(scope)),
        }  # fmt: skip
        make = sqlite.insert if portal.db.is_sqlite else postgresql.insert
        session.execute(make(AuditHead).values(values).on_conflict_do_nothing())
        head = session.scalars(wanted).one()
    return head
