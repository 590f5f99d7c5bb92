"""How often a person, their companies and an address may do what costs much (security.md I4).

Counted in the database, so that all processes count together, in windows of a minute that begin
with the first act and are forgotten with time.
"""

from typing import Final, Literal

from hr_portal.domain.permissions import Actor
from hr_portal.services import throttling
from hr_portal.services.context import Portal
from hr_portal.services.errors import TooMany

Kind = Literal["uploads", "files", "exports", "searches", "calls"]
FOR_A_COMPANY: Final = 5
FOR_AN_ADDRESS: Final = 10
"""So many times as often as one person: an address may be a whole office behind one router."""


def count(portal: Portal, actor: Actor, kind: Kind, *, address: str) -> None:
    """Count an act of a kind, and raise TooMany above the limit of person, company or address.

    The limits are settings, per person and minute; 0 counts nothing.
    """
    most = getattr(portal.settings, f"{kind}_per_minute")
    if not most:
        return
    limits = {throttling.throttle_key(f"{kind}-person", actor.user_id): most}
    for company in actor.companies:
        limits[throttling.throttle_key(f"{kind}-company", company)] = most * FOR_A_COMPANY
    limits[throttling.throttle_key(f"{kind}-address", address)] = most * FOR_AN_ADDRESS
    throttling.count_tries(portal, limits, _too_many)


def _too_many(wait: int) -> TooMany:
    return TooMany(
        f"Terlalu banyak permintaan dalam satu menit. Tunggu {wait} detik, lalu coba lagi; yang sudah "
        "diterima tetap tersimpan.",
        f"Too many requests within a minute. Wait {wait} seconds, then try again; what was accepted "
        "before is kept.",
        retry_after=wait,
    )
