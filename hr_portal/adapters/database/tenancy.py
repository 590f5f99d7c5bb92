"""Whose rows a piece of work may touch: the scope, and which tables it parts (security.md C3).

Each request works under a scope. `Of` names the companies and branches of who is acting;
`Wide` names work that is for more than one company by its nature, and why that is. Without a
scope no owned table is read or written at all: `TenantMissingError`. What holds it is
`tenant_guard`, at every statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

WIDE: Final = {
    "sign-in": "before it is known who is asking: sessions, accounts, links for joining",
    "open": "what strangers are told: a letter or proof is known by its random code",
    "names": "a password is compared with companies' names, which are not shown by it",
    "person": "a person's own companies and offers, of companies they don't act for now",
    "refusals": "what the agency often refuses, by kind and reason only, counted over all",
    "figures": "names of companies that decisions a reader may see are counted under",
    "store": "whether any row at all still holds a file, known by its random name",
    "admin": "the installation's admins see every company",
    "worker": "jobs and sweeps of all companies, which no request starts",
    "command": "commands given on the machine itself",
}
"""Works that are for more than one company: name and reason."""

OWNED: Final = {
    # a company's own
    "companies": "id",
    "batches": "company_id",
    "files": "company_id",
    "employees": "company_id",
    "column_layouts": "company_id",
    "outside_numbers": "company_id",
    "certificates": "company_id",
    "people_seen": "company_id",
    "key_rotations": "company_id",
    "facts": "company_id",
    "figure_days": "company_id",
    # of a batch
    "revisions": "batch_id",
    "decisions": "batch_id",
    "documents": "batch_id",
    "archives": "batch_id",
    "explanations": "batch_id",
    "explained": "batch_id",
    "messages": "batch_id",
    "purges": "batch_id",
    "letters": "batch_id",
    "papers": "batch_id",
    "held_documents": "batch_id",
    "archive_uploads": "batch_id",
    "mapping_sheets": "batch_id",
    "set_asides": "batch_id",
    "handovers": "batch_id",
    "notice_bundles": "batch_id",
    "letter_run_items": "batch_id",
    "message_files": "batch_id",
    "review_works": "batch_id",
    # of a revision of a batch
    "annotations": "revision_id",
    "corrections": "revision_id",
    "edit_acts": "revision_id",
    "edits": "revision_id",
    "findings": "revision_id",
    "long_acts": "revision_id",
    "marked_rows": "revision_id",
    "row_blocks": "revision_id",
    "row_lists": "revision_id",
    "row_texts": "revision_id",
    "rows": "revision_id",
    "agency_answers": "revision_id",
    # of something of a batch
    "clues": "document_id",
    "placements": "document_id",
    "depictions": "document_id",
    "drawn_pages": "document_id",
    "judgements": "document_id",
    "handover_files": "handover_id",
    "signed_letters": "letter_id",
    "notice_pieces": "bundle_id",
    "archive_parts": "upload_id",
}
"""Table that belongs to companies: the column that leads to the company, or to what has one."""

FREE: Final = {
    "acts": "the audit tells of companies, people and the installation; parted by what it is about",
    "audit_heads": "a count and a seal for each chain of the audit",
    "legal_holds": "placed and lifted by admins; others only learn that one is there",
    "branches": "offices of the agency, for everybody to choose from",
    "users": "people; one may belong to several companies",
    "memberships": "what scopes are made from: who may be what, and where",
    "membership_offers": "between a company and a person who isn't its own yet",
    "acceptances": "a person's own",
    "sessions": "a person's own, under a hash",
    "tokens": "a person's own, under a hash",
    "second_factors": "a person's own",
    "recovery_codes": "a person's own",
    "email_steps": "a person's own",
    "letter_runs": "a person's own; its letters are the companies'",
    "account_links": "a person's own, under a hash",
    "outbox": "notices to a person: a kind and an id, no content",
    "registrations": "companies that aren't yet; admins decide on them",
    "throttles": "counts under a hash",
    "counters": "numbers last given out",
    "jobs": "a kind and an id, no content; the worker's",
    "doomed_files": "random names of files to delete",
    "incidents": "the installation's; admins only",
    "four_eyes_fields": "a setting of the installation",
    "standard_reasons": "a list of the installation's",
    "requirement_versions": "what documents the installation asks for",
    "requirement_drafts": "an admin's draft of it",
    "outlets": "a setting of the installation",
    "calendar_days": "public holidays",
    "counted_days": "days of which figures are kept",
}
"""Table that belongs to no company: why."""


class TenantMissingError(Exception):
    """A statement on an owned table without a scope, or not tied to what the scope allows.

    A fault in the program, never the user's: it is told by reference, like any other.
    """


class TenantMismatchError(Exception):
    """A statement names something that exists and belongs to somebody else.

    Answered like something that doesn't exist.
    """


@dataclass(frozen=True, slots=True)
class Wide:
    """Work for more than one company; `name` stands in `WIDE` with the reason."""

    name: str

    def __post_init__(self) -> None:
        """Refuse a name without a reason."""
        if self.name not in WIDE:
            raise ValueError(f"{self.name!r} is no named scope")


@dataclass(frozen=True, slots=True)
class Of:
    """The companies and branches of who is acting; an HRD's own, a reviewer's queue."""

    companies: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    known: set[tuple[str, Any]] = field(default_factory=set, compare=False, repr=False)
    """(table, key) of what was seen to be theirs; whose a thing is never changes."""

    def holds(self, company_id: str | None, branch_id: str | None) -> bool:
        """Say whether a batch of this company at this branch is theirs."""
        return company_id in self.companies or branch_id in self.branches


Scope = Of | Wide
_PRESENT: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)
_of_process: Wide | None = None


def present() -> Scope | None:
    """Return the scope of the work at hand: the request's, or else the process's."""
    return _PRESENT.get() or _of_process


def enter(scope: Scope | None) -> None:
    """Work under `scope` from here on, in this request; None: under the process's again."""
    _PRESENT.set(scope)


@contextmanager
def under(scope: Scope) -> Iterator[None]:
    """Work under `scope` inside the block."""
    before = _PRESENT.set(scope)
    try:
        yield
    finally:
        _PRESENT.reset(before)


def of_process(name: str) -> None:
    """Say once what this whole process is for: worker or command. Never where pages are served."""
    global _of_process  # noqa: PLW0603 - a fact about the process, told once at its start
    _of_process = Wide(name)
