"""Before any model: how hard is each item, does it agree with the rest, how consistent is the form?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ratio import ratio
from scoring.irt.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ClassicalStatistics:
    """Statistics of J items; NaN where they do not exist (nobody met the item, or no variation).

    facility        (J,)  mean share of the item's points among those who met it
    item_rest       (J,)  correlation of the item with the share of points on the other items met
    n               (J,)  candidates who met the item
    alpha           Cronbach's alpha from covariances of pairs met by the same candidates
    alpha_without   (J,)  alpha of the form without the item: above alpha where the item does harm
    standard_error  of measurement, in points of the whole form: sd of the total times sqrt(1 - alpha)
    """

    facility: FloatArray
    item_rest: FloatArray
    n: IntArray
    alpha: float
    alpha_without: FloatArray
    standard_error: float


def classical_statistics(points: ArrayLike, max_points: ArrayLike) -> ClassicalStatistics:
    """Statistics of points (N, J), NaN where an item was not presented, with maxima (J,) above 0."""
    table = np.asarray(points, dtype=np.float64)
    best = np.asarray(max_points, dtype=np.float64)
    if table.ndim != 2 or best.shape != (table.shape[1],) or not (best > 0).all():
        raise ValueError(f"points have shape {table.shape}; expected (N, J) with J positive maxima")
    met = np.isfinite(table)
    scored = np.where(met, table, 0.0)
    n = met.sum(axis=0)
    facility = ratio(scored.sum(axis=0), n * best)
    available = met @ best
    rest_points = scored.sum(axis=1, keepdims=True) - scored
    rest = ratio(rest_points, available[:, None] - met * best)
    pairs = zip(table.T, rest.T, strict=True)
    item_rest = np.array([_correlation(item, others) for item, others in pairs])
    covariance = _covariance(scored, met)
    total = float(covariance.sum())
    alpha = float(_alpha(table.shape[1], covariance.trace(), total))
    return ClassicalStatistics(
        facility=facility,
        item_rest=item_rest,
        n=n,
        alpha=alpha,
        alpha_without=_alpha_without_each(covariance),
        standard_error=float(np.sqrt(np.maximum(total * (1 - alpha), 0.0))),
    )


def _covariance(scored: FloatArray, met: BoolArray) -> FloatArray:
    """(J, J), each over the candidates who met both items; all NaN unless two met every pair."""
    present = met.astype(np.float64)
    n_pairs = present.T @ present
    if (n_pairs < 2).any():
        return np.full(n_pairs.shape, np.nan)
    # Means of each item over the candidates of each pair: (J, J), row = item, column = its partner.
    mean = (scored.T @ present) / n_pairs
    return np.asarray((scored.T @ scored - n_pairs * mean * mean.T) / (n_pairs - 1), dtype=np.float64)


def _alpha(n_items: int, variances: ArrayLike, variance_of_total: ArrayLike) -> FloatArray:
    share = ratio(np.asarray(variances), np.asarray(variance_of_total))
    return share * np.nan if n_items < 2 else n_items / (n_items - 1) * (1 - share)


def _alpha_without_each(covariance: FloatArray) -> FloatArray:
    own = covariance.diagonal()
    total = covariance.sum() - 2 * covariance.sum(axis=1) + own
    varies = total > 1e-12 * own.sum()  # what rounding leaves of items that do not vary is no variance
    return _alpha(own.size - 1, own.sum() - own, np.where(varies, total, np.nan))


def _correlation(x: FloatArray, y: FloatArray) -> float:
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < 2:
        return float("nan")
    dx, dy = x[both] - x[both].mean(), y[both] - y[both].mean()
    spread = float(np.sqrt((dx @ dx) * (dy @ dy)))
    return float(dx @ dy) / spread if spread > 1e-12 else float("nan")
