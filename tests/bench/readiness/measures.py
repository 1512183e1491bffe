"""How good are predictive distributions beside what came true? Every measure of the bench, on plain arrays.

Predictions are tables (N, S) of probabilities of each total of half-points, 0 to S - 1; outcomes are (N,)
totals. Probabilities of an event are (N,) beside (N,) of whether it happened.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import BoolArray, FloatArray, IntArray

BINS = 10
KS_LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class Murphy:
    """The Brier score in parts: reliability - resolution + uncertainty, and what bins cannot part.

    reliability  how far what happened lies from what was said, squared: 0 is perfect
    resolution   how far the bins lie from the overall rate: the more, the more is told apart
    uncertainty  of the event itself
    within       brier minus the three: from probabilities that differ within a bin
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def randomised_pit(pmf: FloatArray, outcome: IntArray, uniform: FloatArray) -> FloatArray:
    """P(less than the outcome) + uniform · P(the outcome), (N,): uniform where predictions are right.

    Dawid (1984), for discrete outcomes as in Czado, Gneiting & Held (2009).
    """
    rows = np.arange(outcome.size)
    upto = np.cumsum(pmf, axis=1)
    own = pmf[rows, outcome]
    return np.asarray(upto[rows, outcome] - own + uniform * own, dtype=np.float64)


def ks_distance(values: ArrayLike) -> float:
    """Greatest distance of the distribution of values in [0, 1] from the uniform one (Kolmogorov-Smirnov)."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    steps = np.arange(ordered.size + 1) / ordered.size
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def ks_limit(n: int, rows: int = 1) -> float:
    """What n uniform numbers exceed once in a hundred: 1.63 / sqrt(n) (Smirnov). With several `rows` what any
    of them exceeds once in a hundred at most (Bonferroni), so that many rows make no alarm of luck.
    """
    return float(np.sqrt(0.5 * np.log(2 * rows / KS_LEVEL) / n))


def shortest_intervals(pmf: FloatArray, mass: float) -> tuple[IntArray, IntArray]:
    """Ends (N,), (N,) of the interval `scoring.readiness.predict` gives for each row, all rows at once.

    The shortest run of whole points that holds `mass`; among equally short ones what holds most, then the
    lowest.
    """
    cumulative = np.concatenate((np.zeros((pmf.shape[0], 1)), np.cumsum(pmf, axis=1)), axis=1)
    last = pmf.shape[1] - 1
    whole = np.array([*range(0, last, 2), last])
    low, high = np.full(pmf.shape[0], -1), np.full(pmf.shape[0], -1)
    runs = [(high - low, low, high) for low in whole for high in whole if high >= low]
    for length in sorted({run[0] for run in runs}):
        waiting = np.flatnonzero(low < 0)
        if not waiting.size:
            break
        ends = np.array([run[1:] for run in runs if run[0] == length])
        held = cumulative[waiting[:, None], ends[:, 1] + 1] - cumulative[waiting[:, None], ends[:, 0]]
        best = held.argmax(axis=1)
        found = held[np.arange(waiting.size), best] >= mass - 1e-12
        low[waiting[found]], high[waiting[found]] = ends[best[found]].T
    return low, high


def share_inside(low: ArrayLike, high: ArrayLike, outcome: ArrayLike) -> float:
    """How many of the outcomes lie between the ends, ends included."""
    inside = (np.asarray(low) <= outcome) & (outcome <= np.asarray(high))
    return float(inside.mean())


def log_score(pmf: FloatArray, outcome: IntArray) -> float:
    """Mean of -log P(what happened), in nats: the less, the better. Infinite if it was ruled out."""
    with np.errstate(divide="ignore"):
        return float(-np.log(pmf[np.arange(outcome.size), outcome]).mean())


def tail(pmf: FloatArray, cut: IntArray | int) -> FloatArray:
    """P(at least `cut` half-points), (N,), for one cut or one for each row."""
    reached = np.arange(pmf.shape[1]) >= np.atleast_1d(cut)[:, None]
    return np.asarray((pmf * reached).sum(axis=1), dtype=np.float64)


def expected_calibration_error(probability: FloatArray, happened: BoolArray, bins: int = BINS) -> float:
    """Mean distance between what was said and what happened, over bins of equally many predictions."""
    return float(
        sum(
            own.size * abs(probability[own].mean() - happened[own].mean()) for own in _bins(probability, bins)
        )
        / probability.size
    )


def chance_calibration_error(probability: FloatArray, bins: int = BINS) -> float:
    """What the calibration error is expected to be by chance alone, where every probability is right."""
    spread = [
        own.size * np.sqrt((probability[own] * (1 - probability[own])).mean() / own.size)
        for own in _bins(probability, bins)
    ]
    return float(np.sqrt(2 / np.pi) * sum(spread) / probability.size)


def brier_score(probability: FloatArray, happened: BoolArray) -> float:
    return float(((probability - happened) ** 2).mean())


def murphy(probability: FloatArray, happened: BoolArray, bins: int = BINS) -> Murphy:
    """Murphy's (1973) parts of the Brier score of one event, over bins of equally many predictions."""
    rate = float(happened.mean())
    reliability = resolution = 0.0
    for own in _bins(probability, bins):
        said, came = float(probability[own].mean()), float(happened[own].mean())
        reliability += own.size * (said - came) ** 2 / probability.size
        resolution += own.size * (came - rate) ** 2 / probability.size
    brier = brier_score(probability, happened)
    uncertainty = rate * (1 - rate)
    within = brier - (reliability - resolution + uncertainty)
    return Murphy(brier, reliability, resolution, uncertainty, within)


def _bins(probability: FloatArray, bins: int) -> list[IntArray]:
    """Positions by probability, in `bins` parts as equal as can be: equal probabilities are not parted."""
    starts = np.arange(1, bins) * probability.size // bins
    label = np.searchsorted(np.sort(probability)[starts], probability, side="right")
    return [np.flatnonzero(label == one) for one in np.unique(label)]
