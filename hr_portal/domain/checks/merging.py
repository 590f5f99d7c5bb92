"""Penggabungan KPJ: one KPJ is kept, n are merged into it, and each of them only once."""

from hr_portal.domain.checks.hits import hit, rows_named
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.reading import Places
from hr_portal.domain.checks.sheet import Sheet

_Told = dict[int, list[int]]
"""By cell the rows that speak against it."""


def judge_merges(sheet: Sheet) -> None:
    """KPJ-07: a KPJ to merge that is kept elsewhere, merged into two, or somebody else's.

    That a KPJ is merged into itself is ROW-03/itself.
    """
    merge = sheet.cells.get("kpj_digabung")
    cards = sheet.effective("kpj")
    if merge is None or cards is None or not len(merge.corrections):
        return
    sound = set(cards[1].tolist())
    places = merge.corrections[merge.is_sound(merge.corrections)]
    kpj = sheet.effective_values("kpj")
    told = [
        (place, int(merge.rows[place]), merge.clean[place], kpj[int(merge.rows[place])])
        for place in places.tolist()
        if int(merge.rows[place]) in sound
    ]
    kept: dict[str, list[int]] = {}
    into: dict[str, dict[str, int]] = {}
    for _place, row, value, keeps in told:
        kept.setdefault(keeps, []).append(row)
        into.setdefault(value, {}).setdefault(keeps, row)
    owners = {number: row for row, number in enumerate(kpj) if number in into}
    niks = sheet.effective_values("nik")
    chain: _Told = {}
    twice: _Told = {}
    other: _Told = {}
    for place, row, value, keeps in told:
        if value == keeps:
            continue
        rivals = [at for number, at in into[value].items() if number != keeps]
        owner = owners.get(value)
        if value in kept:
            chain[place] = kept[value]
        elif rivals:
            twice[place] = rivals
        elif owner is not None and "" != niks[owner] != niks[row] != "":
            other[place] = [owner]
    for case, found in (("chain", chain), ("twice", twice), ("other", other)):
        _say(sheet, case, found)


def _say(sheet: Sheet, case: str, found: _Told) -> None:
    def rows_of(place: int) -> Params:
        return {"rows": rows_named(sheet, found[place])}

    cells = sheet.cells["kpj_digabung"]
    places: Places = cells.corrections
    chosen = places[[place in found for place in places.tolist()]]
    hit(sheet, cells, "KPJ-07", chosen, case=case, say=rows_of, chained=False)
