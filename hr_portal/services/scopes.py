"""Under whose scope a request works, told to the data layer (security.md C3)."""

from hr_portal.adapters.database import tenancy
from hr_portal.domain.permissions import Actor


def enter(name: str) -> None:
    """Work for more than one company from here on, for the reason that `tenancy.WIDE` gives."""
    tenancy.enter(tenancy.Wide(name))


def enter_as(actor: Actor) -> None:
    """Work for all companies and branches of `actor` from here on; an admin's are all there are.

    Which of their companies they act for now is held by the services.
    """
    if actor.is_admin:
        enter("admin")
    else:
        tenancy.enter(tenancy.Of(actor.companies | actor.elsewhere, actor.branches))


def leave() -> None:
    """End what `enter` began."""
    tenancy.enter(None)
