"""How do the outcomes look side by side?"""

from __future__ import annotations

from statistics import mean
from typing import NamedTuple

from tests.bench.irt.measure import Outcome
from tests.bench.irt.rows import NAMES

MORE_THAN_ONE, BUSY = 1.2, 0.9
_HEAD = (
    f"{'seconds':<52}{'against':<13}{'ours':>9}{'median':>9}{'peer':>9}{'median':>9}{'ratio':>9}{'goal':>7}"
    "  verdict  equally good?"
)


class Limit(NamedTuple):
    """What is measured against a limit and not against a peer; without one it stands beside."""

    title: str
    figure: float
    unit: str
    at_most: float | None = None


def table(outcomes: list[Outcome]) -> str:
    """One line per outcome: seconds of the best run and the median, the ratio of the best, the goal."""
    return "\n".join([_HEAD, *(_line(outcome) for outcome in outcomes)])


def notes(outcomes: list[Outcome]) -> list[str]:
    """What to know about this run: a program on more than one thread, or a machine that others used, too."""
    told = []
    for outcome in outcomes:
        for name, measured in (("ours", outcome.ours), (NAMES[outcome.row.peer], outcome.theirs)):
            if measured.share_of_processor > MORE_THAN_ONE:
                told.append(f"{outcome.row.title}: {name} used more than one thread")
    measured = [one for outcome in outcomes for one in (outcome.ours, outcome.theirs)]
    had = mean([one.share_of_processor for one in measured] or [1.0])
    if had < BUSY:
        told.append(
            f"The programs had the processor {100 * had:.0f} % of the time: repeat it on a quiet machine."
        )
    return told


def limits(rows: list[Limit]) -> str:
    lines = []
    for title, figure, unit, at_most in rows:
        verdict = "" if at_most is None else f"≤ {at_most:g}  {'reached' if figure <= at_most else 'MISSED'}"
        lines.append(f"{title:<83}{figure:>12.1f} {unit:<4}{verdict}")
    return "\n".join(lines)


def _line(outcome: Outcome) -> str:
    row = outcome.row
    sign = "≤" if row.at_most else "≥"
    goal = "" if row.goal is None else f"{sign} {row.goal:g}"
    seconds = "".join(
        f"{figure:>9.{4 if figure < 10 else 1}f}"
        for figure in (outcome.ours.best, outcome.ours.median, outcome.theirs.best, outcome.theirs.median)
    )
    ratio = f"{outcome.ratio:.{2 if outcome.ratio < 10 else 0}f}"
    start = f"{f'{row.title}, {outcome.size}':<52}{NAMES[row.peer]:<13}{seconds}{ratio:>9}{goal:>7}"
    return f"{start}  {outcome.verdict:<9}{outcome.quality.remark}"
