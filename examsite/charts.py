"""Where on a picture does a figure lie? Geometry of the charts as ready SVG attribute strings.

Everything leaves here as text: a float in a template would be written with the reader's decimal
comma, which SVG does not understand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100)
SQUARE: Final = 10  # side of one square of the band's paper, in SVG units


@dataclass(frozen=True, slots=True)
class Tick:
    value: int
    at: str


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of squared paper, two squares high and one square per point wide, with an interval drawn in."""

    view_box: str
    width: str
    height: str
    columns: tuple[str, ...]
    ticks: tuple[Tick, ...]
    area_x: str
    area_width: str
    mark_x: str


@dataclass(frozen=True, slots=True)
class DotRow:
    label: str
    value: float
    low: float
    high: float
    at: str
    low_at: str
    high_at: str


@dataclass(frozen=True, slots=True)
class LevelPart:
    label: str
    share: float
    seq: int
    x: str
    width: str
    middle: str
    hatched: bool
    roomy: bool


def share_of(value: float, minimum: float, maximum: float) -> str:
    """Position of `value` between the ends as an SVG percentage, held inside the picture."""
    if maximum <= minimum:
        raise ValueError(f"a scale needs two different ends, not {minimum} and {maximum}")
    share = (value - minimum) / (maximum - minimum)
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def ticks(maximum: int, at_most: int = 5) -> tuple[Tick, ...]:
    """Round values from 0 to `maximum`; the end itself is always there."""
    step = next((step for step in _STEPS if maximum / step <= at_most), maximum)
    values = [value for value in range(0, maximum, step) if maximum - value >= step / 2 or value == 0]
    return tuple(Tick(value, share_of(value, 0, maximum)) for value in [*values, maximum])


def band(low: float, expected: float, high: float, maximum: int) -> Band:
    """Low, expected and high in points on a test of `maximum` points; raises ValueError when out of order."""
    if not 0 <= low <= expected <= high <= maximum:
        raise ValueError(f"not an interval on 0 to {maximum}: {low}, {expected}, {high}")
    unit = SQUARE * 20 / maximum if maximum > 40 else SQUARE
    width = round(unit * maximum)
    return Band(
        view_box=f"0 0 {width} {2 * SQUARE}",
        width=str(width),
        height=str(2 * SQUARE),
        columns=tuple(str(x) for x in range(SQUARE, width, SQUARE)),
        ticks=ticks(maximum),
        area_x=f"{low * unit:.2f}",
        area_width=f"{(high - low) * unit:.2f}",
        mark_x=f"{expected * unit:.2f}",
    )


def dot_rows(rows: Sequence[Mapping[str, Any]], minimum: float, maximum: float) -> tuple[DotRow, ...]:
    """Rows with the keys label, value, low and high, in the unit of the scale."""
    return tuple(
        DotRow(
            label=row["label"],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            at=share_of(row["value"], minimum, maximum),
            low_at=share_of(row["low"], minimum, maximum),
            high_at=share_of(row["high"], minimum, maximum),
        )
        for row in rows
    )


def level_parts(shares: Sequence[tuple[str, float]]) -> tuple[LevelPart, ...]:
    """Two to five levels, lowest first, with shares that sum to 1 (within a thousandth)."""
    if not 2 <= len(shares) <= 5:
        raise ValueError(f"a level bar shows two to five levels, not {len(shares)}")
    if abs(sum(share for _, share in shares) - 1) > 0.001:
        raise ValueError("the shares of a level bar sum to 1")
    parts, start = [], 0.0
    for index, (label, share) in enumerate(shares):
        parts.append(
            LevelPart(
                label=label,
                share=share,
                seq=1 + round(4 * index / (len(shares) - 1)),
                x=f"{100 * start:.2f}%",
                width=f"{100 * share:.2f}%",
                middle=f"{100 * (start + share / 2):.2f}%",
                hatched=index % 2 == 1,
                roomy=share >= 0.12,
            )
        )
        start += share
    return tuple(parts)
