"""The step bar of a draft as it stands: a step is done when nothing of it is lacking."""

from dataclasses import replace
from typing import Final

from hr_portal.services.batch_views import BatchView
from hr_portal.services.submission import Lack
from hr_portal.web.layout import STEPS, Step, steps

PLACES: Final = {"berkas": 0, "hasil": 1, "dokumen": 2, "surat": 3}
"""Where the step that mends a lack stands in the bar."""


def steps_of(current: str, batch: BatchView, missing: list[Lack]) -> list[Step]:
    """The bar with `current` marked, all steps open, and only sound ones ticked."""
    lacking = {PLACES[lack.step] for lack in missing}
    bar = steps(current, batch.id, reached=len(STEPS) - 1)
    return [
        replace(step, is_done=step.is_done and place not in lacking)
        for place, step in enumerate(bar)
    ]
