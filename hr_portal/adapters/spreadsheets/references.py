"""Lists that repeat what other lists hold, told by reference.

Most clean values are the raw ones, an employee's name is the cell it came from,
and corrections are cells once more. Told by reference they cost a few bytes in
the pipe and one object in the memory of whoever reads them.
"""

from collections.abc import Sequence
from typing import Any

Values = Sequence[Any]
Told = list[Any]
"""[which list of the pool or -1, places that differ, their values]"""

_SAMPLES = 64


def tell(values: Values, rows: Sequence[int] | None, pool: Sequence[Values]) -> Told:
    """Tell a list by the pool's list that holds most of it.

    `values[i]` is compared with the pool's list at `rows[i]` (at `i` where
    `rows` is None). Without a list that holds at least half, all is told.
    """
    count = len(values)
    places = range(count) if rows is None else rows
    step = max(1, count // _SAMPLES)
    best, best_hits = -1, 0
    for at, candidate in enumerate(pool):
        hits = sum(values[i] == candidate[places[i]] for i in range(0, count, step))
        if hits > best_hits:
            best, best_hits = at, hits
    if best < 0:
        return [-1, [], list(values)]
    base = pool[best]
    differing = [i for i in range(count) if values[i] != base[places[i]]]
    if len(differing) > count // 2:
        return [-1, [], list(values)]
    return [best, differing, [values[i] for i in differing]]


def recall(told: Told, rows: Sequence[int] | None, pool: Sequence[Values]) -> list[Any]:
    """Return the list that was told; raises IndexError or ValueError where it can't be.

    A list that repeats another one whole is that very list.
    """
    which, differing, values = told
    if which < 0:
        return list(values)
    base = pool[which]
    if rows is None and not differing and isinstance(base, list):
        return base
    found = list(base) if rows is None else [base[row] for row in rows]
    for place, value in zip(differing, values, strict=True):
        found[place] = value
    return found
