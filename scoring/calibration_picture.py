"""Where do old and new difficulties lie in a picture? Geometry as ready SVG attribute strings.

Everything leaves as text: a float in a template would be written with the reader's decimal comma.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIZE: Final = 320
_EDGE: Final = 28
_SURE: Final = 1.96  # standard errors of a 95 % interval
_LEAST: Final = 2
"""The axes go at least from -2 to 2, so that small changes look small."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One item: its difficulty in the bank and now; `se` of the new one, None where it is held."""

    name: str
    before: float
    now: float
    se: float | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class Dot:
    name: str
    x: str
    y: str
    low: str
    high: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Tick:
    label: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """New difficulties over old ones; on the line from `start` to `end` nothing has changed."""

    size: int
    start: str
    end: str
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]


def scatter(items: Sequence[Compared]) -> Scatter:
    """One scale for both axes, in whole steps, wide enough for every dot; intervals are cut at its ends."""
    reach = max((max(abs(item.before), abs(item.now)) for item in items), default=0.0)
    end = max(_LEAST, math.ceil(reach))
    ordered = sorted(items, key=lambda item: item.flagged)  # the flagged ones are drawn on top
    return Scatter(
        size=SIZE,
        start=_across(-end, end),
        end=_across(end, end),
        ticks=tuple(
            Tick(str(value).replace("-", "\u2212"), _across(value, end), _up(value, end))
            for value in range(-end, end + 1, 1 if end <= 4 else 2)
        ),
        dots=tuple(_dot(item, end) for item in ordered),
    )


def _dot(item: Compared, end: int) -> Dot:
    half = _SURE * (item.se or 0.0)
    return Dot(
        name=item.name,
        x=_across(item.before, end),
        y=_up(item.now, end),
        low=_up(max(item.now - half, -end), end),
        high=_up(min(item.now + half, end), end),
        flagged=item.flagged,
    )


def _across(value: float, end: int) -> str:
    return f"{_EDGE + (value + end) / (2 * end) * (SIZE - 2 * _EDGE):.1f}"


def _up(value: float, end: int) -> str:
    return f"{SIZE - _EDGE - (value + end) / (2 * end) * (SIZE - 2 * _EDGE):.1f}"
