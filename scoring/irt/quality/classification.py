"""How often does a form put candidates into the class they belong to, and twice into the same one?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.irt.probabilities import expected_points
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.quality.residuals import candidate_chunks
from scoring.irt.score_distribution import check_category_points, score_distribution_at
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """Of N candidates or quadrature points and C classes, 0 the lowest; NaN (class -1) where not known.

    probability  (N, C)  of being put into each class
    own_class    (N,)    the class belonged to, by what is known of the row
    weights      (N,)    of the rows in the two averages, summing to 1; 0 where not known
    """

    probability: FloatArray
    own_class: IntArray
    weights: FloatArray

    @property
    def accuracy(self) -> FloatArray:
        """(N,) probability of being put where one belongs."""
        of_own = np.take_along_axis(self.probability, np.maximum(self.own_class, 0)[:, None], axis=1)
        return np.asarray(of_own[:, 0], dtype=np.float64)

    @property
    def consistency(self) -> FloatArray:
        """(N,) probability that two independent administrations give the same class."""
        return np.asarray((self.probability**2).sum(axis=1), dtype=np.float64)

    @property
    def marginal_accuracy(self) -> float:
        return self._average(self.accuracy)

    @property
    def marginal_consistency(self) -> float:
        return self._average(self.consistency)

    def _average(self, values: FloatArray) -> float:
        known = self.weights > 0
        return float(self.weights[known] @ values[known]) if known.any() else float("nan")


def rudner(
    theta: ArrayLike, se: ArrayLike, cuts: ArrayLike, *, weights: ArrayLike | None = None
) -> Classification:
    """Classes between ascending cuts (C - 1,) on theta, estimates being normal about theta (N,), sd se (N,).

    Rudner (2001, 2005); consistency as in Wyse & Hao (2012). For candidates, theta and se are their estimates
    and weights may be absent (all alike); for a population, give the points of a grid, 1 / sqrt(information)
    there, and the weights of the points. Who stands exactly on a cut is above it. Rows with theta or se not
    finite are left out of the averages.
    """
    centre, spread = np.asarray(theta, dtype=np.float64), np.asarray(se, dtype=np.float64)
    borders = _ascending(cuts)
    if centre.ndim != 1 or spread.shape != centre.shape or (spread <= 0).any():
        raise ValueError(
            f"theta {centre.shape} and se {spread.shape} need shape (N,), and every se be above 0"
        )
    known = np.isfinite(centre) & np.isfinite(spread)
    z = (borders - np.where(known, centre, 0.0)[:, None]) / np.where(known, spread, 1.0)[:, None]
    own_class = np.searchsorted(borders, centre, side="right")
    return _classification(_between(special.ndtr(z)), own_class, known, weights)


def lee(
    theta: ArrayLike,
    parameters: ItemParameters,
    category_points: ArrayLike,
    cuts: ArrayLike,
    *,
    weights: ArrayLike | None = None,
) -> Classification:
    """Classes between ascending cuts (C - 1,) on the total of points; a total equal to a cut is above it.

    Lee (2010); the class belonged to is that of the expected total. theta (N,) and weights as in
    `rudner`, category_points as in `score_distribution`.
    """
    abilities = np.asarray(theta, dtype=np.float64)
    borders = _ascending(cuts)
    points = check_category_points(parameters, category_points)
    best = int(points.max(axis=1, initial=0).sum())
    if borders[0] <= 0 or borders[-1] > best or (np.diff(np.ceil(borders)) == 0).any():
        raise ValueError(f"cuts {borders.tolist()} leave a class without a total from 0 to {best}")
    if abilities.ndim != 1:
        raise ValueError(f"theta has shape {abilities.shape}, expected (N,)")
    known = np.isfinite(abilities)
    filled = np.where(known, abilities, 0.0)
    below = np.empty((abilities.size, borders.size))
    expected = np.empty(abilities.size)
    for part in candidate_chunks(abilities.size, parameters):
        totals = score_distribution_at(filled[part], parameters, points).cumsum(axis=1)
        below[part] = totals[:, np.ceil(borders).astype(np.int64) - 1]
        expected[part] = expected_points(filled[part], parameters, points).sum(axis=1)
    own_class = np.searchsorted(borders, expected, side="right")
    return _classification(_between(below), own_class, known, weights)


def classify_posterior(
    posterior: ArrayLike,
    cuts: ArrayLike,
    *,
    grid: Grid = DEFAULT_GRID,
    weights: ArrayLike | None = None,
) -> Classification:
    """Classes between ascending cuts (C - 1,) on theta, from posteriors (N, Q) over the grid.

    Rudner's indices without his normal error. A point's mass lies evenly over its cell, as in
    `posterior.probability_below`. The class belonged to is the most likely one, so accuracy is the greatest
    probability: no other rule is right more often.
    """
    mass = np.atleast_2d(np.asarray(posterior, dtype=np.float64))
    if mass.ndim != 2 or mass.shape[1] != grid.size:
        raise ValueError(f"posterior has shape {mass.shape}, expected (N, {grid.size})")
    total = mass.sum(axis=1)
    known = np.isfinite(total) & (total > 0)
    mass = np.where(known[:, None], mass / np.where(known, total, 1.0)[:, None], 1.0 / grid.size)
    # What share of each point's cell lies below each cut: (Q, C - 1).
    share = np.clip((_ascending(cuts) - grid.edges[:-1, None]) / grid.spacing, 0.0, 1.0)
    probability = _between(mass @ share)
    return _classification(probability, probability.argmax(axis=1), known, weights)


def _ascending(cuts: ArrayLike) -> FloatArray:
    borders = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    ascend = borders.ndim == 1 and borders.size > 0 and (np.diff(borders) > 0).all()
    if not (ascend and np.isfinite(borders).all()):
        raise ValueError(f"cuts {borders.tolist()} must be finite and ascend")
    return borders


def _between(below: FloatArray) -> FloatArray:
    """Probabilities of classes (N, C) from those of lying below each cut (N, C - 1)."""
    ends = np.ones((below.shape[0], 1))
    return np.diff(np.concatenate((ends - 1, below, ends), axis=1), axis=1)


def _classification(
    probability: FloatArray, own_class: IntArray, known: BoolArray, weights: ArrayLike | None
) -> Classification:
    share = np.ones(known.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != known.shape or not (share >= 0).all():
        raise ValueError(f"weights have shape {share.shape}, expected {known.shape} with none below 0")
    share = np.where(known, share, 0.0)
    total = share.sum()
    return Classification(
        probability=np.where(known[:, None], probability, np.nan),
        own_class=np.where(known, own_class, -1).astype(np.int64),
        weights=share / total if total > 0 else share,
    )
