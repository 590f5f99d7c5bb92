"""Measures how well a page can be read: sharpness, light, tilt, edges. No judgement is made here.

Runs in the child that draws the pages, where the pixels are. What comes out are whole numbers
without a trace of what is written; `domain.picture_advice` says what they mean.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONG_SIDE = 1_000
"""Pixels at which a page is measured, so that figures of phone and scanner can be compared."""
BLOCK = 10
"""Pixels of the side of a block, in which light and ink are looked at."""
TILE = 5
"""Blocks of the side of a tile, in which sharpness is looked at."""
INK = 45
"""Levels by which ink is darker than the paper around it."""
TEXTURE = 300.0
"""Variance of grey levels from which a tile holds writing that may be sharp or not."""
SATURATED = 250
SOFT = 40
"""Levels a pixel away: less is the soft edge of a reflection, more the edge of a drawn thing."""
SOFT_SHARE = 0.35
"""Of the edge of a reflection: writing runs into the rest."""
BESIDE = 245
"""Level of the paper a few blocks beside a reflection, at most."""
MOST_SHARP = 10_000
MOST_POINTS = 8_000
"""Points of ink that the tilt is read from."""
STEEPEST = 15
GAP = 2
"""Pixels between two lines of writing, at least."""
RUN = 25
"""Pixels along the edge of the paper up to which ink is a letter or line, not a shadow."""

Grey = NDArray[np.float32]


def measured(page: Image.Image, width: int, height: int) -> dict[str, int]:
    """Return the figures of a page that was `width` x `height` pixels when it was taken.

    Keys: `long` pixels of the longer side as taken; `ink` parts of 10,000 that are written on;
    `sharp` the variance of the Laplacian in parts of 1,000 of that of the grey levels, left out
    where there is too little to tell; `light` the level of the paper, 0 to 255; `glare` parts of
    1,000 lost in a reflection; `tilt` tenths of a degree, positive where lines fall to the right;
    `sideways` and `over` percent by which lines run down or end, rather than begin, at one place;
    `cut` strokes that run into an edge; `colour` levels between the channels. A picture too small
    to measure has `long` alone.
    """
    picture = page.reduce(max(1, max(page.size) // LONG_SIDE))  # whole pixels: five times as fast
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    if min(grey.shape) < 4 * BLOCK:
        return {"long": max(width, height)}
    paper = _paper(grey)
    inked = grey < paper - INK
    writing = _writing(inked)
    around = paper[writing] if writing.any() else paper
    return {
        "long": max(width, height),
        "ink": int(10_000 * writing.mean()),
        **_sharpness(grey),
        "light": int(np.median(around)),
        "glare": _glare(grey),
        **_lines(writing),
        "cut": _cut(grey, inked, paper),
        "colour": _colour(picture),
    }


def _writing(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ink without solid patches and their rims: a photograph, a dark table."""
    share = _blocks(inked).mean(axis=2)
    solid = _grown(_grown(share >= 0.6))  # noqa: PLR2004 - more than letters fill
    fine = np.repeat(np.repeat(~solid, BLOCK, 0), BLOCK, 1)
    writing = np.zeros_like(inked)
    writing[: fine.shape[0], : fine.shape[1]] = fine
    return writing & inked


def _blocks(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values as (rows, columns, pixels of a block); what is left over is left out."""
    rows, columns = values.shape[0] // BLOCK, values.shape[1] // BLOCK
    cut = values[: rows * BLOCK, : columns * BLOCK]
    return cut.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(rows, columns, -1)


def _paper(grey: Grey) -> Grey:
    """Return the level of the paper at each pixel: the light of the wider surroundings."""
    light = _blocks(grey).max(axis=2)
    rows, columns = light.shape
    wide = np.pad(light, 2, mode="edge")
    parts = [wide[y : y + rows, x : x + columns] for y in range(5) for x in range(5)]
    whole = Image.fromarray(np.mean(parts, axis=0, dtype=np.float32)).resize(
        (grey.shape[1], grey.shape[0]), Image.Resampling.BILINEAR
    )
    return np.asarray(whole, dtype=np.float32)


def _sharpness(grey: Grey) -> dict[str, int]:
    """Return the sharpness of what is written, across and down, whichever is less; or {}.

    A shake of the hand takes one direction only. Divided by the variance of the levels, so that a
    faint print is not taken for a blurred one.
    """
    side = BLOCK * TILE
    across = np.zeros_like(grey)
    down = np.zeros_like(grey)
    across[:, 1:-1] = grey[:, 2:] + grey[:, :-2] - 2 * grey[:, 1:-1]
    down[1:-1] = grey[2:] + grey[:-2] - 2 * grey[1:-1]
    rows, columns = grey.shape[0] // side, grey.shape[1] // side
    told = []
    for values in (grey, across, down):
        cut = values[: rows * side, : columns * side]
        told.append(cut.reshape(rows, side, columns, side).var(axis=(1, 3)))
    levels = told[0]
    written = levels > TEXTURE
    if written.sum() < 3:  # noqa: PLR2004 - a stamp or a line tells nothing of the whole
        return {}
    least = min(float(np.percentile(one[written] / levels[written], 75)) for one in told[1:])
    return {"sharp": min(MOST_SHARP, int(1_000 * least))}


def _glare(grey: Grey) -> int:
    """Return how much of the page is lost in reflections: white with a soft edge all around.

    White that reaches the edge of the picture is paper; white with a hard edge was printed so.
    """
    blocks = _blocks(grey)
    white = blocks.min(axis=2) >= SATURATED
    open_white = _reached(white)
    lost = white & ~open_white
    if not lost.any():
        return 0
    steps = np.zeros_like(grey)
    step_x = np.abs(np.diff(grey, axis=1))
    step_y = np.abs(np.diff(grey, axis=0))
    steps[:, :-1] = step_x
    steps[:, 1:] = np.maximum(steps[:, 1:], step_x)
    steps[:-1] = np.maximum(steps[:-1], step_y)
    steps[1:] = np.maximum(steps[1:], step_y)
    soft = _blocks(steps).max(axis=2) < SOFT
    ring = _grown(lost) & ~lost
    beyond = _grown(_grown(_grown(ring))) & ~_grown(_grown(ring)) & ~lost
    # Too much light all over fades slowly; a lamp ends within a few letters.
    around = blocks.max(axis=2)[beyond]
    if soft[ring].mean() < SOFT_SHARE or not len(around) or np.median(around) > BESIDE:
        return 0
    return int(1_000 * lost.mean())


def _grown(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = np.pad(marked, 1)
    return wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:] | marked


def _reached(white: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the white that hangs together with the edge of the picture."""
    reached = np.zeros_like(white)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = (
        white[0], white[-1], white[:, 0], white[:, -1],
    )  # fmt: skip
    while True:
        further = _grown(reached) & white
        if (further == reached).all():
            return reached
        reached = further


def _lines(writing: NDArray[np.bool_]) -> dict[str, int]:
    """Return how lines of writing lie: their tilt, and whether they run down or upside down."""
    points = np.nonzero(writing)
    if len(points[0]) < 500:  # noqa: PLR2004 - a few words
        return {"tilt": 0, "sideways": 0, "over": 0}
    every = max(1, len(points[0]) // MOST_POINTS)
    down, across = (one[::every].astype(np.float32) for one in points)
    level, tilt = _best(down, across)
    upright, tilt_upright = _best(across, -down)
    sideways = int(100 * (upright / max(level, 1e-9) - 1))
    return {
        "tilt": tilt if level >= upright else tilt_upright,
        "sideways": max(-100, min(1_000, sideways)),
        "over": _over(writing),
    }


def _best(down: NDArray[np.float32], across: NDArray[np.float32]) -> tuple[float, int]:
    """Return how clearly rows of ink stand out at their best tilt, and that, in tenths."""
    coarse = max((_rows(down, across, angle), angle) for angle in range(-150, 151, 20))[1]
    return max((_rows(down, across, angle), angle) for angle in range(coarse - 15, coarse + 16, 5))


def _rows(down: NDArray[np.float32], across: NDArray[np.float32], tenths: int) -> float:
    angle = np.deg2rad(tenths / 10)
    at = down * np.cos(angle) - across * np.sin(angle)
    found = np.bincount((at - at.min()).astype(np.int64) // 2)
    return float(np.square(np.diff(found)).sum()) / len(down)


def _over(writing: NDArray[np.bool_]) -> int:
    """Return by how many percent more lines end at one place than begin at one.

    Writing begins at one margin and ends anywhere; upside down it is the other way round.
    """
    rows = np.flatnonzero(writing.any(axis=1))
    if not len(rows):
        return 0
    lines = np.split(rows, np.flatnonzero(np.diff(rows) > GAP) + 1)
    begins, ends = [], []
    for line in lines:
        if not 6 <= len(line) <= 60:  # noqa: PLR2004 - the height of a line of writing
            continue
        at = np.flatnonzero(writing[line[0] : line[-1] + 1].any(axis=0))
        begins.append(int(at[0]))
        ends.append(int(at[-1]))
    if len(begins) < 8:  # noqa: PLR2004 - too few to tell
        return 0
    return _together(ends) - _together(begins)


def _together(places: list[int]) -> int:
    """Return the percentage of places that lie within a few pixels of the commonest one."""
    held = np.asarray(places)
    return int(100 * max((np.abs(held - one) <= 6).mean() for one in held))  # noqa: PLR2004


def _cut(grey: Grey, inked: NDArray[np.bool_], paper: Grey) -> int:
    """Return the strokes that run into the edge of the picture where that edge is paper.

    The most of the four sides. A dark table around the paper is no paper.
    """
    level = float(np.percentile(paper[::4, ::4], 60))
    most = 0
    for side, light in (
        (inked[:2], grey[:2]), (inked[-2:], grey[-2:]),
        (inked[:, :2].T, grey[:, :2].T), (inked[:, -2:].T, grey[:, -2:].T),
    ):  # fmt: skip
        if np.median(light) < level - INK:
            continue
        edge = np.concatenate(([False], side.any(axis=0), [False])).astype(np.int8)
        starts, ends = np.flatnonzero(np.diff(edge) == 1), np.flatnonzero(np.diff(edge) == -1)
        most = max(most, int((ends - starts <= RUN).sum()))
    return most


def _colour(picture: Image.Image) -> int:
    if picture.mode == "L":
        return 0
    levels = np.asarray(picture.reduce(5), dtype=np.int16)
    return int(np.percentile(levels.max(axis=2) - levels.min(axis=2), 98))
