"""The shared strings of a workbook: the same texts, whichever way they are held."""

import numpy as np
import pytest

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.sharedtexts import SharedTexts

TEXTS = ["SITI CONTOHAN", "", "Jl. Café №1", "\ud800 lone", "🙂", "3171014508909013", "", "z"]
WIDE = ReadLimits(max_unpacked=1 << 33)


@pytest.mark.parametrize("limits", [ReadLimits(), WIDE])
@pytest.mark.parametrize("most_plain", range(len(TEXTS) + 1))
@pytest.mark.parametrize("step", [1, 3])
def test_texts_come_back_by_number_however_many_are_held_plain(limits, most_plain, step):
    held = SharedTexts(limits, most_plain=most_plain)
    for start in range(0, len(TEXTS), step):
        part = TEXTS[start : start + step]
        held.append(*part) if len(part) == 1 else held.extend(part)
        assert len(held) == start + len(part)
        assert held.take(np.array([start])).tolist() == [TEXTS[start]]
    assert list(held) == TEXTS
    assert held[-1] == "z"
    assert held[2:5] == TEXTS[2:5]
    numbers = np.array([5, 1, 5, 0, 7, 3, 1, 4, 2, 6])
    assert held.take(numbers).tolist() == [TEXTS[at] for at in numbers]
    with pytest.raises(IndexError):
        held[len(TEXTS)]
