"""What ability does a total of points speak for, and how likely is the total?

A total says no more than an item would whose categories are the totals, with their distribution by Lord &
Wingersky as its response functions. So every method for patterns of responses is one for totals as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.estimators import ResponseFunctions, maximise, steepest
from scoring.irt.ability.form_grid import form_grid, maximum_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.scores import ScoringMethod, check_method
from scoring.irt.posterior import mean_and_sd
from scoring.irt.probabilities import Derivatives, category_derivatives, own_categories
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.score_distribution import add_item, check_category_points, score_distribution_at
from scoring.irt.types import FloatArray, IntArray, ItemParameters

_LEAST_PROBABILITY = 1e-300  # so that logarithms stay finite


@dataclass(frozen=True, slots=True, eq=False)
class SummedScores:
    """Conversion table for totals 0 to S - 1; theta and se are NaN where no candidate can have the total.

    total        (S,)  points
    theta, se    (S,)  what `score` gives, but of the total alone
    probability  (S,)  of the total in the population, sum 1: times N the expected number of candidates
    method       what theta is
    """

    total: IntArray
    theta: FloatArray
    se: FloatArray
    probability: FloatArray
    method: ScoringMethod


def category_numbers(items: ItemParameters) -> IntArray:
    """Points (J, K_max) that count a category by its number: 0, 1, 2 ..., and 0 beyond an item's own."""
    return np.asarray(np.where(own_categories(items), np.arange(items.max_categories), 0), dtype=np.int64)


def summed_scores(
    items: ItemParameters,
    category_points: ArrayLike | None = None,
    method: ScoringMethod = "eap",
    *,
    prior_mean: float = 0.0,
    prior_sd: float = 1.0,
    grid: Grid | None = None,
) -> SummedScores:
    """Theta and standard error for each total on these items, all presented, in a normal population.

    eap as in Thissen, Pommerich, Billeaud & Williams (1995); the other methods and the grid as in
    `score`. category_points (J, K_max): whole points of each category as in `score_distribution`; the numbers
    of the categories where None.
    """
    check_method(method)
    points = check_category_points(
        items, category_numbers(items) if category_points is None else category_points
    )
    prior = NormalPrior.of(prior_mean, prior_sd, n_candidates=1)
    search = maximum_grid(items, prior) if grid is None else grid
    grid = form_grid(items, prior) if grid is None else grid
    joint = score_distribution_at(grid.points, items, points).T * normal_weights(grid, prior_mean, prior_sd)
    probability = joint.sum(axis=1)
    possible = np.flatnonzero(probability > 0)
    theta, se = np.full(probability.size, np.nan), np.full(probability.size, np.nan)
    if method == "eap":
        posterior = joint[possible] / probability[possible, None]
        theta[possible], se[possible] = mean_and_sd(posterior, grid)
    else:
        functions = _of_totals(items, points)
        where = grid if method == "map" else search
        theta[possible], se[possible] = maximise(
            possible[:, None], functions, method, grid=where, prior=prior
        )
    return SummedScores(np.arange(probability.size), theta, se, probability, method)


def _of_totals(items: ItemParameters, points: IntArray) -> ResponseFunctions:
    n_totals = int(points.max(axis=1, initial=0).sum()) + 1

    def log_probabilities(theta: FloatArray) -> FloatArray:
        p = score_distribution_at(theta, items, points)
        return np.asarray(np.log(np.maximum(p, _LEAST_PROBABILITY)))[:, None, :]

    return ResponseFunctions(
        n_categories=np.array([n_totals]),
        steepest=steepest(items),
        log_probabilities=log_probabilities,
        derivatives=lambda theta: _derivatives(theta, items, points),
    )


def _derivatives(theta: FloatArray, items: ItemParameters, points: IntArray) -> Derivatives:
    """Distribution (Q, 1, S) of the total and its derivatives: the recursion, by the product rule."""
    of_items = category_derivatives(theta, items)
    f, first, second = np.ones((theta.size, 1)), np.zeros((theta.size, 1)), np.zeros((theta.size, 1))
    for item, n_categories in enumerate(items.n_categories):
        p, dp, ddp = (part[:, item, :n_categories] for part in of_items)
        gain = points[item, :n_categories]
        second = add_item(second, p, gain) + 2 * add_item(first, dp, gain) + add_item(f, ddp, gain)
        first = add_item(first, p, gain) + add_item(f, dp, gain)
        f = add_item(f, p, gain)
    return Derivatives(f[:, None, :], first[:, None, :], second[:, None, :])
