"""Before any model: how hard is each item, does it agree with the rest, how consistent is the form?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ClassicalStatistics:
    """Statistics of J items; NaN where they do not exist (nobody met the item, or no variation).

    facility   (J,)  mean share of the item's points among those who met it
    item_rest  (J,)  correlation of the item with the share of points on the other items met
    n          (J,)  candidates who met the item
    alpha      Cronbach's alpha from covariances of pairs met by the same candidates
    """

    facility: FloatArray
    item_rest: FloatArray
    n: IntArray
    alpha: float


def classical_statistics(points: ArrayLike, max_points: ArrayLike) -> ClassicalStatistics:
    """Statistics of points (N, J), NaN where an item was not presented, with maxima (J,) above 0."""
    table = np.asarray(points, dtype=np.float64)
    best = np.asarray(max_points, dtype=np.float64)
    if table.ndim != 2 or best.shape != (table.shape[1],) or not (best > 0).all():
        raise ValueError(f"points have shape {table.shape}; expected (N, J) with J positive maxima")
    met = np.isfinite(table)
    scored = np.where(met, table, 0.0)
    n = met.sum(axis=0)
    facility = _divide(scored.sum(axis=0), n * best)
    available = met @ best
    rest_points = scored.sum(axis=1, keepdims=True) - scored
    rest = _divide(rest_points, available[:, None] - met * best)
    pairs = zip(table.T, rest.T, strict=True)
    item_rest = np.array([_correlation(item, others) for item, others in pairs])
    return ClassicalStatistics(facility=facility, item_rest=item_rest, n=n, alpha=_alpha(scored, met))


def _alpha(scored: FloatArray, met: BoolArray) -> float:
    n_items = scored.shape[1]
    present = met.astype(np.float64)
    n_pairs = present.T @ present
    if n_items < 2 or (n_pairs < 2).any():
        return float("nan")
    # Means of each item over the candidates of each pair: (J, J), row = item, column = its partner.
    mean = (scored.T @ present) / n_pairs
    covariance = (scored.T @ scored - n_pairs * mean * mean.T) / (n_pairs - 1)
    total = covariance.sum()
    if total <= 0:
        return float("nan")
    return float(n_items / (n_items - 1) * (1 - np.trace(covariance) / total))


def _correlation(x: FloatArray, y: FloatArray) -> float:
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < 2:
        return float("nan")
    dx, dy = x[both] - x[both].mean(), y[both] - y[both].mean()
    spread = float(np.sqrt((dx @ dx) * (dy @ dy)))
    return float(dx @ dy) / spread if spread > 1e-12 else float("nan")


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    undefined = np.full(np.shape(numerator), np.nan)
    return np.asarray(np.divide(numerator, denominator, out=undefined, where=denominator > 0))
