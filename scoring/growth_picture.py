"""How did a prediction of points move over the weeks, as a picture and as one honest sentence? Pure.

Geometry leaves here as text: a float in a template would be written with the reader's decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 200, 26, 10, 8, 24
WEEK = timedelta(days=7)
MOST_DATES = 5


@dataclass(frozen=True, slots=True)
class Stand:
    """The prediction after the last sitting of a day, in half-points; `trial`: that sitting was a trial."""

    day: date
    low: int
    expected: float
    high: int
    trial: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One stand as it is drawn: a line from low to high and a sign where it is expected."""

    x: str
    low_y: str
    high_y: str
    expected_y: str
    trial: bool


@dataclass(frozen=True, slots=True)
class Label:
    at: str
    points: int


@dataclass(frozen=True, slots=True)
class WeekLabel:
    at: str
    day: date


@dataclass(frozen=True, slots=True)
class Picture:
    """Marks over the days, lines for whole points and the first days of weeks below."""

    view_box: str
    left: str
    right: str
    base: str
    foot: str
    marks: tuple[Mark, ...]
    points: tuple[Label, ...]
    weeks: tuple[WeekLabel, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From the first stand to the last.

    `weeks` between them, rounded, 0 for less than half a week. `direction`: "up", "down" or "same", by
    whether what was expected differs by half a point or more, as it is shown. `within`: what is expected last
    lies in the first interval, so chance may be all that is behind it. `narrower`: the last is the shorter.
    """

    first: Stand
    last: Stand
    weeks: int
    direction: str
    within: bool
    narrower: bool


def change(stands: Sequence[Stand]) -> Change | None:
    """None while there are not two days to compare."""
    if len(stands) < 2:
        return None
    first, last = stands[0], stands[-1]
    moved = shown(last.expected) - shown(first.expected)
    return Change(
        first=first,
        last=last,
        weeks=round((last.day - first.day) / WEEK),
        direction="up" if moved > 0 else "down" if moved < 0 else "same",
        within=first.low <= last.expected <= first.high,
        narrower=last.high - last.low < first.high - first.low,
    )


def picture(stands: Sequence[Stand], maximum: int) -> Picture:
    """Raises ValueError without a stand. The days fill the width, a single week at least."""
    if not stands:
        raise ValueError("nothing to draw")
    monday = stands[0].day - timedelta(days=stands[0].day.weekday())
    span = max((stands[-1].day - monday) // timedelta(days=1), 7)

    def x(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((day - monday) / timedelta(days=1)) / span

    def y(half_points: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * half_points / maximum

    return Picture(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        left=str(LEFT),
        right=str(WIDTH - RIGHT),
        base=str(HEIGHT - BOTTOM),
        foot=str(HEIGHT - 4),
        marks=tuple(
            Mark(
                x=_text(x(one.day)),
                low_y=_text(y(one.low)),
                high_y=_text(y(one.high)),
                expected_y=_text(y(min(max(one.expected, one.low), one.high))),
                trial=one.trial,
            )
            for one in stands
        ),
        points=tuple(Label(_text(y(2 * points)), points) for points in _whole_points(maximum // 2)),
        weeks=tuple(WeekLabel(_text(x(day)), day) for day in _weeks(monday, span)),
    )


def _whole_points(most: int) -> list[int]:
    """Zero, the maximum, and round numbers between."""
    step = 5 if most >= 10 else 1 if most <= 5 else 2
    return [*range(0, most - step // 2, step), most]


def _weeks(monday: date, span: int) -> list[date]:
    """Mondays in the span, every second, third … where there are many."""
    weeks = span // 7 + 1
    step = -(-weeks // MOST_DATES)
    return [monday + week * WEEK for week in range(0, weeks, step)]


def shown(expected: float) -> int:
    """The half-point to which pages write it, upwards from halfway."""
    return int(expected + 0.5)


def _text(value: float) -> str:
    return f"{value:.2f}"
