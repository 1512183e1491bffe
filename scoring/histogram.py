"""How does a prediction of points look as a picture? Pure geometry, as ready SVG attribute texts.

Text, because a float in a template would be written with the reader's decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAR, GAP, HEIGHT = 12, 4, 120


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar; `inside` the interval that the statement speaks of."""

    y: str
    height: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One whole number of points with the half above it; `labelled` bars carry a number below."""

    points: int
    probability: float
    x: str
    middle: str
    parts: tuple[Part, ...]
    labelled: bool
    has_half: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    view_box: str
    bar_width: str
    width: str
    height: str
    base: str
    bars: tuple[Bar, ...]


def histogram(pmf: Sequence[float], low: int, high: int) -> Histogram:
    """Bars of whole points from the probability of each total of half-points; `low` to `high` stand out.

    A bar is made of its whole and of its half point, because the interval may end between the two.
    """
    pairs = [list(pmf[start : start + 2]) for start in range(0, len(pmf), 2)]
    highest = max((sum(pair) for pair in pairs), default=0) or 1
    width = len(pairs) * (BAR + GAP)
    return Histogram(
        view_box=f"0 0 {width} {HEIGHT + 22}",
        bar_width=str(BAR),
        width=str(width),
        height=str(HEIGHT + 22),
        base=str(HEIGHT),
        bars=tuple(
            _bar(points, pair, highest, low, high, last=len(pairs) - 1) for points, pair in enumerate(pairs)
        ),
    )


def _bar(points: int, pair: list[float], highest: float, low: int, high: int, *, last: int) -> Bar:
    parts, top = [], float(HEIGHT)
    for offset, probability in enumerate(pair):
        height = HEIGHT * probability / highest
        top -= height
        parts.append(Part(f"{top:.2f}", f"{height:.2f}", low <= 2 * points + offset <= high))
    x = points * (BAR + GAP) + GAP / 2
    return Bar(
        points=points,
        probability=sum(pair),
        x=f"{x:g}",
        middle=f"{x + BAR / 2:g}",
        parts=tuple(parts),
        labelled=points % 5 == 0 or points == last,
        has_half=len(pair) == 2,
    )
