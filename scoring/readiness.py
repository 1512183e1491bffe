"""How would the candidate do on the coming exam, and how sure is that?

Everything here is posterior predictive: the distribution of points at each ability, averaged over what is
still possible for the ability. A single estimate put in its place would make the interval far too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Readiness:
    """Prediction of the points on one form, in half-points.

    expected     mean of the prediction
    low, high    shortest run of whole points holding at least the wanted probability, ends included
    probability  what that run really holds: the number to put beside it
    pmf          (S,) probability of each total of half-points, 0 to S - 1
    """

    expected: float
    low: int
    high: int
    probability: float
    pmf: FloatArray


def predict(posterior: ArrayLike, score_distribution: FloatArray, *, mass: float = 0.7) -> Readiness:
    """Prediction for one candidate: posterior (Q,) over the grid on which `score_distribution` (Q, S) stands.

    `mass` in (0, 1] is the probability the interval has to hold.
    """
    weights = np.asarray(posterior, dtype=np.float64)
    if weights.shape != score_distribution.shape[:1]:
        raise ValueError(f"posterior {weights.shape} on the grid of a table {score_distribution.shape}")
    if not 0 < mass <= 1:
        raise ValueError(f"mass is {mass}, expected above 0 and at most 1")
    pmf = weights @ score_distribution
    pmf = pmf / pmf.sum()
    low, high = _shortest_interval(pmf, mass)
    return Readiness(
        expected=float(pmf @ np.arange(pmf.size)),
        low=low,
        high=high,
        probability=float(pmf[low : high + 1].sum()),
        pmf=pmf,
    )


def level_probabilities(pmf: ArrayLike, cuts: Sequence[int]) -> FloatArray:
    """Probability of each level, lowest first, shape (len(cuts) + 1,).

    pmf (S,) of half-points; cuts are the least half-points of the second and higher levels, ascending.
    """
    mass = np.asarray(pmf, dtype=np.float64)
    if list(cuts) != sorted(set(cuts)):
        raise ValueError(f"cuts {list(cuts)} must ascend")
    level = np.searchsorted(np.asarray(cuts), np.arange(mass.size), side="right")
    return np.bincount(level, weights=mass, minlength=len(cuts) + 1).astype(np.float64)


def _shortest_interval(pmf: FloatArray, mass: float) -> tuple[int, int]:
    """Among runs of equal length the one holding most, then the lowest: never flattering by accident."""
    cumulative = np.concatenate(([0.0], np.cumsum(pmf)))
    last = pmf.size - 1
    whole = [*range(0, last, 2), last]  # a form with an odd maximum still ends at its maximum
    enough = mass - 1e-12
    runs = (
        (high - low, -(cumulative[high + 1] - cumulative[low]), low, high)
        for low in whole
        for high in whole
        if high >= low and cumulative[high + 1] - cumulative[low] >= enough
    )
    _, _, low, high = min(runs)
    return low, high
