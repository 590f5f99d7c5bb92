"""may(actor, action, place): one table of who may do what, denied by default."""

from dataclasses import dataclass, field, replace
from typing import Literal

Action = Literal[
    "batch.create", "batch.read", "batch.edit", "batch.submit", "batch.review", "branch.queue",
    "letter.read", "letter.issue", "installation.manage", "company.edit", "company.people",
    "figures.read",
]  # fmt: skip

ALLOWED: dict[str, frozenset[str]] = {
    "batch.create": frozenset({"hrd"}),
    "batch.read": frozenset({"hrd", "reviewer"}),
    "batch.edit": frozenset({"hrd"}),
    "batch.submit": frozenset({"hrd"}),
    "batch.review": frozenset({"reviewer"}),
    "branch.queue": frozenset({"reviewer"}),
    "letter.read": frozenset({"hrd", "reviewer"}),
    "letter.issue": frozenset({"hrd"}),
    "company.edit": frozenset({"hrd", "admin"}),
    "company.people": frozenset({"lead"}),
    "installation.manage": frozenset({"admin"}),
    "figures.read": frozenset({"hrd", "reviewer", "admin"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: a user with the places where they are something."""

    user_id: str
    name: str
    email: str
    companies: frozenset[str] = field(default_factory=frozenset)
    """Ids of the companies whose HRD they are."""
    leads: frozenset[str] = field(default_factory=frozenset)
    """Ids of those of them whose people they manage (penanggung jawab)."""
    elsewhere: frozenset[str] = field(default_factory=frozenset)
    """Ids of their other companies, that they don't act for now."""
    branches: frozenset[str] = field(default_factory=frozenset)
    """Ids of the branches they review for."""
    is_admin: bool = False
    request_id: str | None = None
    lacks: Literal["", "terms", "password", "longer_password", "second_factor"] = ""
    """What they have to see to before anything else: terms, a password of their own, a factor."""

    def at(self, company_id: str) -> "Actor":
        """Return who they are while they act for one of their companies, and for no other."""
        here = frozenset({company_id}) & self.companies
        return replace(
            self, companies=here, leads=self.leads & here, elsewhere=self.companies - here
        )

    @property
    def roles(self) -> frozenset[str]:
        """Return what they are anywhere: hrd, lead, reviewer, admin."""
        return frozenset(
            role
            for role, held in (
                ("hrd", self.companies),
                ("lead", self.leads),
                ("reviewer", self.branches),
                ("admin", self.is_admin),
            )
            if held
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens: a company's, a branch's, or the installation's."""

    company_id: str | None = None
    branch_id: str | None = None


def may(actor: Actor, action: str, place: Place | None = None) -> bool:
    """Say whether `actor` may do `action` at `place`; unknown actions are refused.

    Without a place: whether they may do it anywhere at all (for menus).
    """
    roles = ALLOWED.get(action, frozenset())
    if place is None:
        return bool(roles & actor.roles)
    return (
        ("hrd" in roles and place.company_id in actor.companies)
        or ("lead" in roles and place.company_id in actor.leads)
        or ("reviewer" in roles and place.branch_id in actor.branches)
        or ("admin" in roles and actor.is_admin)
    )
