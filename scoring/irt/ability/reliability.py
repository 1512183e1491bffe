"""How much of what scores differ by is ability, and how much chance?

Every reliability here is a share of variance from 0 to 1; they differ in the score whose differences they
speak of, and in whether they take them from candidates or from the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.form_grid import form_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.scores import Scores
from scoring.irt.ability.summed_scores import category_numbers, summed_scores
from scoring.irt.posterior import mean_and_sd
from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import ItemParameters


def empirical_reliability(scores: Scores, *, weights: ArrayLike | None = None) -> float:
    """Reliability of the given candidates' theta, from its variance v and the mean m of its squared errors.

    eap, map  v / (v + m): their differences are too small, for they are drawn to the prior mean
    ml, wle   1 - m / v: theirs are too large, for they hold the errors (Adams 2005)

    weights (N,): how often each candidate counts. Candidates without theta or with an infinite se are left
    out. NaN for fewer than two, or where all have the same theta; ml and wle can fall below 0.
    """
    count = np.ones(scores.theta.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if count.shape != scores.theta.shape or not (count >= 0).all():
        raise ValueError(f"weights have shape {count.shape}; expected {scores.theta.shape}, none negative")
    known = np.isfinite(scores.theta) & np.isfinite(scores.se) & (count > 0)
    theta, count = scores.theta[known], count[known]
    n = count.sum()
    if n <= 1 or np.ptp(theta) == 0:
        return float("nan")
    spread = count @ (theta - count @ theta / n) ** 2 / (n - 1)
    error = count @ scores.se[known] ** 2 / n
    shrunk = scores.method in ("eap", "map")
    return float(spread / (spread + error) if shrunk else 1 - error / spread)


def marginal_reliability(
    items: ItemParameters, *, prior_mean: float = 0.0, prior_sd: float = 1.0, grid: Grid | None = None
) -> float:
    """Reliability of theta that the items promise in a normal population, before anybody responds.

    The mean over the population of I / (I + 1 / prior_sd^2), with I the information of all items (Thissen &
    Wainer 2001). The grid is by default that of `score`.
    """
    grid = _grid(items, prior_mean, prior_sd) if grid is None else grid
    information = item_information(grid.points, items).sum(axis=1)
    weights = normal_weights(grid, prior_mean, prior_sd)
    return float(weights @ (information / (information + prior_sd**-2)))


def summed_score_reliability(
    items: ItemParameters,
    category_points: ArrayLike | None = None,
    *,
    prior_mean: float = 0.0,
    prior_sd: float = 1.0,
    grid: Grid | None = None,
) -> float:
    """Reliability of the eap of totals, as `summed_scores` gives it: 1 - posterior / prior variance.

    Exact in the model, for every total counts with its probability. The prior variance is the grid's, by
    default that of `score`.
    """
    grid = _grid(items, prior_mean, prior_sd) if grid is None else grid
    table = summed_scores(items, category_points, prior_mean=prior_mean, prior_sd=prior_sd, grid=grid)
    reached = table.probability > 0
    _, spread = mean_and_sd(normal_weights(grid, prior_mean, prior_sd), grid)
    return float(1 - table.probability[reached] @ table.se[reached] ** 2 / spread**2)


def total_reliability(
    items: ItemParameters,
    category_points: ArrayLike | None = None,
    *,
    prior_mean: float = 0.0,
    prior_sd: float = 1.0,
    grid: Grid | None = None,
) -> float:
    """Reliability of the total of points: the variance of what is expected over that of what is seen.

    The correlation of totals on two such forms (Kolen, Zeng & Hanson 1996). NaN where all totals are equal.
    The grid is by default that of `score`.
    """
    grid = _grid(items, prior_mean, prior_sd) if grid is None else grid
    points = category_numbers(items) if category_points is None else category_points
    distribution = score_distribution(items, points, grid=grid)
    total = np.arange(distribution.shape[1])
    weights = normal_weights(grid, prior_mean, prior_sd)
    expected = distribution @ total
    mean = weights @ expected
    of_expected = weights @ (expected - mean) ** 2
    of_total = weights @ (distribution @ (total - mean) ** 2)
    return float(of_expected / of_total) if of_total > 0 else float("nan")


def _grid(items: ItemParameters, mean: float, sd: float) -> Grid:
    return form_grid(items, NormalPrior.of(mean, sd, n_candidates=1))
