"""Find and replace over a draft: shown first, then done as one act that can be undone."""

from dataclasses import dataclass

from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Kind
from hr_portal.services import mending, mending_many
from hr_portal.services.cells import Cell, Draft, Wanted, open_draft, typed
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.following import Along, Told, nobody
from hr_portal.services.mending import Mended
from hr_portal.services.offers import Offer, offer_of

IDENTIFIERS = frozenset({"nik", "kk", "kpj", "kpj_digabung", "npwp", "no_rekening"})
"""Numbers that stand for a person or an account: only replaced in a column that was chosen."""
REPLACEABLE = frozenset({int(Kind.TEXT), int(Kind.NUMBER)})
UNREAD = frozenset({"unknown", "number"})
"""Columns that no rule reads."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, where, and what it becomes."""

    find: str
    replacement: str
    column: int | None = None
    """None = every column that is checked, but for identifiers."""
    is_whole: bool = False
    """Whether it has to be all that the cell holds."""


def preview(
    portal: Portal, actor: Actor, batch_id: str, search: Search, *, told: Told = nobody
) -> Offer:
    """Return what replacing would change; changes nothing.

    Raises:
        NotFound, Forbidden, Conflict: as for typing. Invalid: nothing to look for.

    """
    expect(search)
    with portal.db.read() as session:
        draft = open_draft(portal, session, actor, batch_id, None)
        draft.told, draft.passed_by = told, True
        return offer_of(draft, draft.differing(_plan(draft, search)))


def replace(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    search: Search,
    *,
    version: int | None = None,
    along: Along | None = None,
) -> Mended:
    """Replace a text in all cells where it stands.

    Raises:
        NotFound, Forbidden, Conflict: as for typing. Invalid: nothing to look for.

    """
    expect(search)

    def plan(draft: Draft) -> Wanted:
        return _plan(draft, search)

    what = {} if search.column is None else {"column": search.column}
    act = mending.Act("replace", what, plan)
    if along:
        return mending_many.perform(portal, actor, batch_id, act, version=version, along=along)
    return mending.perform(portal, actor, batch_id, act, version=version)


def expect(search: Search) -> None:
    """Refuse a search for nothing. Raises Invalid."""
    if not search.find:
        raise Invalid(
            "Tuliskan teks yang dicari.",
            "Say which text to look for.",
            fields={"find": "Wajib diisi"},
        )


def _plan(draft: Draft, search: Search) -> Wanted:
    roles = draft.structure.roles
    if search.column is None:
        columns = [at for at, role in enumerate(roles) if role.part not in UNREAD]
    else:
        columns = [search.column] if 0 <= search.column < len(roles) else []
    wanted = Wanted()
    for _, block in draft.walk():
        for column in columns:
            for slot, text in enumerate(block.raw[column]):
                if search.find not in text or int(block.kinds[column][slot]) not in REPLACEABLE:
                    continue
                cell = Cell(block.numbers[slot], column)
                if search.is_whole and text != search.find:
                    continue
                if search.column is None and draft.field_of(cell) in IDENTIFIERS:
                    continue
                wanted.put(cell, typed(text.replace(search.find, search.replacement)))
    return wanted
