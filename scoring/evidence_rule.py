"""When is there enough evidence to say anything about a result?

A range that is hardly narrower than the one for a pupil of whom nothing is known is no statement, however
politely it is worded; nor is anything that rests on a handful of responses. Then we are silent, and say how
many responses it still takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.types import FloatArray


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """`least` responses that speak, and an interval of 70 % at most `widest` times the population's.

    Why 0.8: at three quarters to four fifths of the population's width a pupil's level is predicted hardly
    better than by the shares of the population (Brier score 5 to 10 % better on the form of 20 items),
    between a half and three quarters 15 to 45 % better. Ten responses of mixed difficulty bring it to two
    thirds, so in the first weeks `least` decides; after a year or two of silence this does.
    """

    least: int = 10
    widest: float = 0.8
    mass: float = 0.7


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """`needed`: about how many more responses it takes, 0 when there are enough."""

    enough: bool
    needed: int


MOST_NEEDED = 20
"""Further ahead than this nobody plans, and by then a new trial says more."""


def sufficiency(
    posterior: ArrayLike,
    n_items: int,
    score_distribution: FloatArray,
    information: FloatArray,
    *,
    rule: EvidenceRule = EvidenceRule(),
    grid: Grid = DEFAULT_GRID,
) -> Sufficiency:
    """May readiness be stated from a posterior (Q,), carried to today, that rests on `n_items` responses?

    score_distribution (Q, S) of the reference form; information (Q,): of one typical item of it.
    """
    weights = np.asarray(posterior, dtype=np.float64)
    limit = rule.widest * _width(normal_weights(grid), score_distribution, rule)
    missing = max(0, rule.least - n_items)
    if not missing and _width(weights, score_distribution, rule) <= limit:
        return Sufficiency(enough=True, needed=0)
    mean, sd = mean_and_sd(weights, grid)
    each = float(weights @ information)
    for more in range(max(missing, 1), MOST_NEEDED):
        narrower = normal_weights(grid, mean, 1 / np.sqrt(1 / sd**2 + more * each))
        if _width(narrower, score_distribution, rule) <= limit:
            return Sufficiency(enough=False, needed=more)
    return Sufficiency(enough=False, needed=max(missing, MOST_NEEDED))


def _width(posterior: FloatArray, score_distribution: FloatArray, rule: EvidenceRule) -> float:
    """Between the quantiles that leave out equal tails, each total spread evenly over its half-point: so a
    short form, whose intervals come in few sizes, is not judged by rounding.
    """
    cumulative = np.concatenate(([0.0], np.cumsum(posterior @ score_distribution)))
    tail = (1 - rule.mass) / 2
    low, high = np.interp((tail, 1 - tail), cumulative / cumulative[-1], np.arange(cumulative.size))
    return float(high - low)
