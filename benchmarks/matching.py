"""How well file names find their rows, on the labelled names of `samples.document_names`.

    python -m benchmarks.matching

Precision: of what is placed without asking, the share that is right (aim 0.995).
Recall: of what a person could place without doubt, the share that is placed (0.95).
"""

import time

from hr_portal.domain.matching import match
from hr_portal.domain.roster import Roster
from samples.document_names import PLACE, Named, labelled, roster


def measure(names: list[Named], people: Roster) -> tuple[float, float, list[str]]:
    """Return precision and recall, and a line for each name that is not as labelled."""
    placed = right = clear = found = 0
    odd: list[str] = []
    for one in names:
        told = match(one.path, people)
        agrees = one.verdict == PLACE and (told.rows, told.kind) == (one.rows, one.kind)
        is_sure = told.certainty == "sure"
        placed += is_sure
        right += is_sure and agrees
        clear += one.verdict == PLACE
        found += is_sure and agrees
        if is_sure != (one.verdict == PLACE) or (is_sure and not agrees):
            odd.append(f"{one.manner}: {one.path} -> {told}")
    return right / placed, found / clear, odd


def main() -> None:
    """Print what was measured."""
    names, people = labelled(), Roster.of(roster())
    start = time.perf_counter()
    precision, recall, odd = measure(names, people)
    each = (time.perf_counter() - start) / len(names)
    print("\n".join(odd))
    print(
        f"file names: {len(names)} labelled, precision {precision:.4f} of what is placed, "
        f"recall {recall:.4f}, {each * 1e6:.0f} us a name"
    )


if __name__ == "__main__":
    main()
