"""Which acts on a draft a worker does when they are large, and how: see `long_acts`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from hr_portal.domain.permissions import Actor
from hr_portal.domain.wording import first_of
from hr_portal.services import (
    explaining,
    explaining_many,
    jobs,
    long_acts,
    mending,
    mending_many,
    offers,
    replacing,
    review,
    splitting,
    submission,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.context import Portal
from hr_portal.services.following import Along, Held, Told
from hr_portal.services.long_acts import Work
from hr_portal.services.mending import Mended
from hr_portal.services.offers import Chosen, Line, Offer, OfferedKind
from hr_portal.services.replacing import Search
from hr_portal.services.row_sets import NO_ROWS, RowSet
from hr_portal.services.rowdata import BLOCK_ROWS

MOST_SEARCHED = 2_000
"""Rows of a draft that are searched while somebody waits."""
MOST_CELLS = 20_000
"""Findings or cells that are mended, or put back, while somebody waits: about a second."""
MOST_BLOCKS = 400
"""Blocks of rows that are opened or changed while somebody waits: half a second. Cells that lie far
apart in a large sheet each lie in one of their own."""
MOST_ROWS = 20_000
"""Rows of a draft whose documents are explained while somebody waits: a second."""
MOST_PARTED = 5_000
"""Rows of a draft that is parted, or of a batch that is withdrawn, while somebody waits: half a
second, in one transaction."""


def is_large(batch: BatchView) -> bool:
    """Tell whether a draft has too many rows to be explained while somebody waits."""
    return batch.revision.total > MOST_ROWS


def is_large_split(batch: BatchView) -> bool:
    """Tell whether a draft has too many rows to be parted while somebody waits."""
    return batch.revision.total > MOST_PARTED


def is_large_search(batch: BatchView) -> bool:
    """Tell whether a draft is too large to be searched while somebody waits."""
    return batch.revision.total > MOST_SEARCHED


def is_large_choice(portal: Portal, actor: Actor, batch_id: str, chosen: Chosen) -> bool:
    """Tell whether there are too many proposals to be looked through while somebody waits."""
    found = offers.count(portal, actor, batch_id, chosen)
    return _is_large(found, lambda: offers.blocks(portal, actor, batch_id, chosen))


def is_large_act(portal: Portal, actor: Actor, batch_id: str, act_id: int) -> bool:
    """Tell whether an act changed too many cells to be undone while somebody waits."""
    cells = mending.cells_of(portal, actor, batch_id, act_id)
    return _is_large(cells, lambda: mending.blocks_of(portal, actor, batch_id, act_id))


def is_large_typing(cells: Collection[tuple[int, int]]) -> bool:
    """Tell whether cells, by row and column, lie too far apart to be typed while somebody waits."""
    return len({row // BLOCK_ROWS for row, _ in cells}) > MOST_BLOCKS


def _is_large(cells: int, blocks: Callable[[], int]) -> bool:
    """Tell by how many cells there are, and by their blocks, counted only where that may decide."""
    return cells > MOST_CELLS or (cells > MOST_BLOCKS and blocks() > MOST_BLOCKS)


def ask_search(portal: Portal, actor: Actor, batch_id: str, search: Search) -> int:
    """Have a worker look what replacing would change; raises as `long_acts.ask`, and Invalid."""
    replacing.expect(search)
    return long_acts.ask(portal, actor, batch_id, "replace", asdict(search), version=None)


def ask_proposals(
    portal: Portal, actor: Actor, batch_id: str, chosen: Chosen, *, version: int | None = None
) -> int:
    """Have a worker look what taking proposals would change; raises as `long_acts.ask`."""
    offers.expect_known(chosen)
    return long_acts.ask(portal, actor, batch_id, "suggestion", asdict(chosen), version=version)


def ask_taking(
    portal: Portal, actor: Actor, batch_id: str, chosen: Chosen, *, version: int | None
) -> int:
    """Have a worker take proposals without a look before; raises as `long_acts.ask`."""
    offers.expect_known(chosen)
    return long_acts.ask(
        portal, actor, batch_id, "suggestion", asdict(chosen), version=version, is_shown=False
    )


def ask_typing(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    cells: Mapping[tuple[int, int], str],
    *,
    version: int | None,
    pasted: bool,
    is_shown: bool = False,
) -> int:
    """Have a worker type texts into cells, or look first; as `long_acts.ask`, and Invalid."""
    mending.typing(cells, pasted=pasted)
    listed = [[row, column, text] for (row, column), text in cells.items()]
    asked = {"cells": listed, "pasted": pasted}
    return long_acts.ask(
        portal, actor, batch_id, "typing", asked, version=version, is_shown=is_shown
    )


def ask_undo(
    portal: Portal, actor: Actor, batch_id: str, act_id: int, *, version: int | None
) -> int:
    """Have a worker undo an act; raises as `long_acts.ask`."""
    asked = {"act": act_id}
    return long_acts.ask(portal, actor, batch_id, "undo", asked, version=version, is_shown=False)


def ask_split(portal: Portal, actor: Actor, batch_id: str) -> int:
    """Have a worker part the rows, to be seen first; raises as `long_acts.ask`."""
    return long_acts.ask(portal, actor, batch_id, "split", {}, version=None)


def ask_parting(portal: Portal, actor: Actor, batch_id: str, *, version: int) -> int:
    """Have a worker part the rows without a look before; raises as `long_acts.ask`."""
    return long_acts.ask(portal, actor, batch_id, "split", {}, version=version, is_shown=False)


def ask_dividing(portal: Portal, actor: Actor, batch_id: str, *, version: int) -> int:
    """Have a worker part the rows behind what one letter holds; raises as `long_acts.ask`."""
    return long_acts.ask(portal, actor, batch_id, "divide", {}, version=version, is_shown=False)


def ask_withdrawal(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, reason: str
) -> int:
    """Have a worker take a large batch back to draft; raises as `submission.withdraw`."""
    asked = {"reason": submission.expect_reason(reason)}
    return long_acts.ask(
        portal, actor, batch_id, "withdraw", asked, version=None, is_shown=False,
        expect=lambda session: submission.expect_withdrawable(session, actor, batch_id, version),
    )  # fmt: skip


def ask_reopening(portal: Portal, actor: Actor, batch_id: str, *, version: int | None) -> int:
    """Have a worker make a large returned batch a draft; raises as `review.reopen_returned`."""
    return long_acts.ask(
        portal, actor, batch_id, "reopen", {}, version=None, is_shown=False,
        expect=lambda session: review.expect_returned(session, actor, batch_id, version),
    )  # fmt: skip


def ask_explain(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    reason: str | None,
    kind: str | None,
    version: int | None,
) -> int:
    """Have a worker explain why all rows lack a document; without `reason` take that back.

    Raises as `long_acts.ask`; Invalid: no reason.
    """
    asked = {"kind": kind}
    if reason is not None:
        asked["reason"] = explaining.expect_reason(reason)
    name = "unexplain" if reason is None else "explain"
    return long_acts.ask(portal, actor, batch_id, name, asked, version=version, is_shown=False)


def search_of(held: Held) -> Search:
    """Return what was looked for."""
    return Search(**_without_version(held))


def chosen_of(held: Held) -> Chosen:
    """Return which proposals were chosen."""
    return Chosen(**_without_version(held))


def offer_of(held: Held) -> Offer:
    """Return what an act would change, as a preview shows it."""
    offer = held["offer"]
    kinds = tuple(
        OfferedKind(**{**one, "lines": _lines(one["lines"])}) for one in offer.get("kinds", ())
    )
    return Offer(**{**offer, "lines": _lines(offer["lines"]), "kinds": kinds})


def _lines(held: list[Held]) -> tuple[Line, ...]:
    return tuple(
        Line(**{**line, "source": tuple(line["source"]) if line["source"] else None})
        for line in held
    )


def _without_version(held: Held) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "version"}


def _telling(along: Along, tell: Callable[[Any], Held]) -> Along:
    """Let what an act has done be told in numbers, with the act itself."""
    return replace(along, also=lambda session, done: along.also(session, tell(done)))


def _mended(done: Mended) -> Held:
    return {"act": done.act_id, "cells": done.cells, "rows": done.rows}


def _counted(rows: int) -> Held:
    return {"rows": rows}


def _look_search(portal: Portal, actor: Actor, batch_id: str, asked: Held, told: Told) -> Held:
    offer = replacing.preview(portal, actor, batch_id, search_of(asked), told=told)
    return {"version": offer.version, "offer": asdict(offer)}


def _replace(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, offer: Held, along: Along
) -> Held:
    done = replacing.replace(
        portal, actor, batch_id, search_of(asked), version=offer["version"],
        along=_telling(along, _mended),
    )  # fmt: skip
    return _mended(done)


def _look_proposals(portal: Portal, actor: Actor, batch_id: str, asked: Held, told: Told) -> Held:
    offer, rows = offers.look(portal, actor, batch_id, chosen_of(asked), told=told)
    shown = rows.as_text()
    return {"version": offer.version, "offer": asdict(offer), "rows": shown, "lenient": True}


def _take(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, offer: Held, along: Along
) -> Held:
    """Take what was shown; of a row that was changed since, nothing: it is listed."""
    shown = RowSet.of_text(offer["rows"]) if offer else None
    left = {name: along.begun.get(name) for name in ("left", "left_rows")}

    def taken(rows: RowSet) -> None:
        rest = NO_ROWS if shown is None else shown - rows
        left.update(left=len(rest), left_rows=first_of(rest.part(0, 11)))

    def outcome(done: Mended) -> Held:
        return {**_mended(done), **left}

    done = offers.take(
        portal, actor, batch_id, chosen_of(asked), only=shown, taken=taken,
        along=replace(
            along, begin=lambda session, begun: along.begin(session, {**begun, **left}),
            also=lambda session, done: along.also(session, outcome(done)),
        ),
    )  # fmt: skip
    return outcome(done)


def _cells_of(asked: Held) -> dict[tuple[int, int], str]:
    return {(row, column): text for row, column, text in asked["cells"]}


def _look_typing(portal: Portal, actor: Actor, batch_id: str, asked: Held, told: Told) -> Held:
    offer = offers.preview_cells(portal, actor, batch_id, _cells_of(asked), told=told)
    return {"version": offer.version, "offer": asdict(offer)}


def _type(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, offer: Held, along: Along
) -> Held:
    act = mending.typing(_cells_of(asked), pasted=asked["pasted"])
    done = mending_many.perform(
        portal, actor, batch_id, act, version=(offer or asked)["version"],
        along=_telling(along, _mended),
    )  # fmt: skip
    return _mended(done)


def _undo(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, _offer: Held, along: Along
) -> Held:
    done = mending_many.undo(
        portal, actor, batch_id, asked["act"], version=asked["version"],
        along=_telling(along, _mended),
    )  # fmt: skip
    return _mended(done)


def _look_split(portal: Portal, actor: Actor, batch_id: str, _asked: Held, told: Told) -> Held:
    return splitting.look(portal, actor, batch_id, told)


def _parted(done: splitting.Split) -> Held:
    return {"kept": done.kept, "moved": done.moved + done.refused, "number": done.child_number}


def _split(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, offer: Held, along: Along
) -> Held:
    done = splitting.split_in_units(
        portal, actor, batch_id, version=(offer or asked)["version"],
        along=_telling(along, _parted),
    )  # fmt: skip
    return _parted(done)


def _divide(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, _offer: Held, along: Along
) -> Held:
    done = splitting.split_in_units(
        portal, actor, batch_id, version=asked["version"], by_letter=True,
        along=_telling(along, _parted),
    )  # fmt: skip
    return _parted(done)


def _withdraw(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, _offer: Held, along: Along
) -> Held:
    submission.withdraw_in_units(portal, actor, batch_id, reason=asked["reason"], along=along)
    return {}


def _reopen(
    portal: Portal, actor: Actor, batch_id: str, _asked: Held, _offer: Held, along: Along
) -> Held:
    review.reopen_in_units(portal, actor, batch_id, along=along)
    return {}


def _explain(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, _offer: Held, along: Along
) -> Held:
    rows = explaining_many.explain(
        portal, actor, batch_id, reason=asked["reason"], kind=asked["kind"],
        version=asked["version"], along=_telling(along, _counted),
    )  # fmt: skip
    return _counted(rows)


def _take_back(
    portal: Portal, actor: Actor, batch_id: str, asked: Held, _offer: Held, along: Along
) -> Held:
    rows = explaining_many.take_back(
        portal, actor, batch_id, kind=asked["kind"], version=asked["version"],
        along=_telling(along, _counted),
    )  # fmt: skip
    return _counted(rows)


WORKS = {
    "replace": Work(_look_search, _replace, mending_many.clear),
    "suggestion": Work(_look_proposals, _take, mending_many.clear),
    "typing": Work(_look_typing, _type, mending_many.clear),
    "undo": Work(None, _undo, mending_many.clear),
    "split": Work(_look_split, _split),
    "divide": Work(None, _divide),
    "withdraw": Work(None, _withdraw),
    "reopen": Work(None, _reopen),
    "explain": Work(None, _explain),
    "unexplain": Work(None, _take_back),
}


def long_act_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Do the work of a "long_act" job; raises LeaseLostError as `long_acts.run`."""
    long_acts.run(portal, claimed, WORKS)
