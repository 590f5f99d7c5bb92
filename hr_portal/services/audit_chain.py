"""The chains of acts verified, and a signed note each day of where they stand.

The notes lie outside the database, in `audit/heads.jsonl` of the data folder: whoever cuts off the
newest acts together with the head can't cut what was noted, and a copy kept elsewhere proves it
(security.md J9).
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Act, AuditHead
from hr_portal.adapters.files import new_private, sync_folder
from hr_portal.adapters.vault import SealBrokenError
from hr_portal.services import audit
from hr_portal.services.context import Portal

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One break of a chain: whose, at which number, and what is wrong there."""

    scope: str
    """A company's id, or "-" for the installation."""
    number: int
    kind: str
    """`changed`, `missing`, `moved`, `cut`, `outside`, `key`, `note`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification saw."""

    chains: int
    acts: int
    """Acts in the chains."""
    unlinked: int
    """Acts from before there were chains; nothing can be said of them."""
    notes: int
    faults: tuple[Fault, ...]


def verify(portal: Portal) -> Verdict:
    """Walk over all chains and notes and tell every break; changes nothing."""
    faults: list[Fault] = []
    with portal.db.read() as session:
        heads = list(session.scalars(sa.select(AuditHead).order_by(AuditHead.scope)))
        noted = list(_notes(portal, faults))
        acts = sum(_verify_chain(portal, session, head, noted, faults) for head in heads)
        known = {head.scope for head in heads}
        faults += [
            Fault(scope, count, "cut")
            for note in noted
            for scope, (count, _) in note["heads"].items()
            if scope not in known
        ]
        begun = session.scalar(sa.select(sa.func.min(Act.id)).where(Act.number.is_not(None)))
        alone = sa.select(Act).where(Act.number.is_(None))
        unlinked = session.scalar(sa.select(sa.func.count()).select_from(alone.subquery())) or 0
        if begun is not None:
            late = session.scalars(alone.where(Act.id > begun))
            faults += [Fault(audit.scope_of(act), act.id, "outside") for act in late]
    return Verdict(len(heads), acts, unlinked, len(noted), tuple(dict.fromkeys(faults)))


def _verify_chain(
    portal: Portal,
    session: Session,
    head: AuditHead,
    noted: list[dict[str, Any]],
    faults: list[Fault],
) -> int:
    """Tell the breaks of one chain; return how many acts it has."""
    try:
        key = audit.key_of(portal, head)
    except SealBrokenError:
        faults.append(Fault(head.scope, 0, "key"))
        return 0
    at_note = {
        note["heads"][head.scope][0]: note["heads"][head.scope][1]
        for note in noted
        if head.scope in note["heads"]
    }
    before, number, last_id = audit.FIRST_LINK, 0, 0
    for act in _acts_of(session, head.scope):
        assert act.number is not None  # noqa: S101 - asked for
        if act.number != number + 1:
            kind = "missing" if act.number > number else "moved"
            faults.append(Fault(head.scope, number + 1, kind))
        elif act.id < last_id:
            faults.append(Fault(head.scope, act.number, "moved"))
        if act.link != audit.link_of(key, before, act):
            faults.append(Fault(head.scope, act.number, "changed"))
        before, number, last_id = act.link or b"", act.number, act.id
        if at_note.pop(number, before.hex()) != before.hex():
            faults.append(Fault(head.scope, number, "changed"))
    if (head.count, head.link) != (number, before):
        faults.append(Fault(head.scope, number + 1, "cut"))
    faults += [Fault(head.scope, count, "cut") for count in at_note if count > number]
    return number


def _acts_of(session: Session, scope: str) -> Iterator[Act]:
    company = None if scope == audit.INSTALLATION else scope
    query = (
        sa.select(Act)
        .where(Act.company_id.is_not_distinct_from(company), Act.number.is_not(None))
        .order_by(Act.number, Act.id)
        .execution_options(yield_per=AT_ONCE)
    )
    return iter(session.scalars(query))


# --- the daily note -------------------------------------------------------------------------------


def note_heads(portal: Portal) -> bool:
    """Add today's signed note of all heads, once a day (UTC); True where one was added."""
    now = portal.clock()
    file = _file(portal)
    if file.exists() and _last_day(file) == now.date().isoformat():
        return False
    with portal.db.read() as session:
        heads = {
            head.scope: [head.count, head.link.hex()]
            for head in session.scalars(sa.select(AuditHead).order_by(AuditHead.scope))
        }
    told: dict[str, Any] = {"at": now.isoformat(timespec="seconds"), "heads": heads}
    line = json.dumps({**told, "signature": _sign(portal, told)}, sort_keys=True) + "\n"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def _notes(portal: Portal, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    """Yield the notes whose signature holds; a line that is none is a fault with its number."""
    file = _file(portal)
    lines = file.read_text("utf-8", errors="replace").splitlines() if file.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            signature = told.pop("signature")
        except (ValueError, TypeError, AttributeError, KeyError):
            signature = told = None
        if told is None or signature not in _signatures(portal, told):
            faults.append(Fault(audit.INSTALLATION, number, "note"))
        else:
            yield told


def sign_anew(portal: Portal) -> int:
    """Sign the notes that the old master key has signed by the present one; return how many.

    The file is exchanged whole. Notes whose signature never held stay as they are.
    """
    file = _file(portal)
    lines = file.read_text("utf-8", errors="replace").splitlines() if file.exists() else []
    changed = 0
    for place, line in enumerate(lines):
        try:
            told = json.loads(line)
            signature = told.pop("signature")
        except (ValueError, TypeError, AttributeError, KeyError):
            continue
        present, *older = _signatures(portal, told)
        if signature in older:
            lines[place] = json.dumps({**told, "signature": present}, sort_keys=True)
            changed += 1
    if changed:
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with new_private(part) as out:
            out.write(("\n".join(lines) + "\n").encode())
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
        sync_folder(file.parent)
    return changed


def _sign(portal: Portal, told: dict[str, Any]) -> str:
    return _signatures(portal, told)[0]


def _signatures(portal: Portal, told: dict[str, Any]) -> list[str]:
    """Return the signature by the present master key and, while it is known, by the old one."""
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return [key.index("audit-head", text).hex() for key in portal.vault.generals]


def _last_day(file: Path) -> str:
    last = file.read_text("utf-8", errors="replace").rstrip("\n").rpartition("\n")[2]
    try:
        return str(json.loads(last)["at"])[:10]
    except (ValueError, TypeError, KeyError):
        return ""


def _file(portal: Portal) -> Path:
    return portal.settings.data_dir / "audit" / "heads.jsonl"
