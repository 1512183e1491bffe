"""Given where everybody is, which parameters fit best?

The M-step: a step or two of Newton's method (linear items, whose problem is concave) or Fisher scoring (the
others) for all items at once, halved wherever it would lower the objective; closed form for the population.
More would be wasted, because the next pass moves the target anyway.
Items that share a slope are solved together by eliminating their own parameters first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from scoring.irt.calibration import item_tables
from scoring.irt.calibration.data import Data
from scoring.irt.calibration.expectation import Expected
from scoring.irt.calibration.layout import FIRST, SLOPE, Estimates, Layout
from scoring.irt.calibration.penalty import Penalty
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray

_MANY = 20_000  # rows from which a pass costs more than a second step, which now and then saves one
_HALVINGS = 8
_LONGEST_STEP = 2.0  # in any intercept or slope: far from the solution the parabola promises too much


class ItemSums(NamedTuple):
    """What the M-step knows of the items.

    met         (J, Q)  candidates who were presented the item, at each point
    slope       (JL,)   observed category times theta, summed
    categories  (JT, K, Q)  candidates in each category of the tabled items
    """

    met: FloatArray
    slope: FloatArray
    categories: FloatArray


class Slopes(NamedTuple):
    """Objective (J,), its gradient (J, M + 2) and minus its second derivatives (J, M + 2, M + 2)."""

    objective: FloatArray
    gradient: FloatArray
    curvature: FloatArray


def item_sums(data: Data, expected: Expected, layout: Layout) -> ItemSums:
    n_hits = data.hit_item.size
    if data.irregular:
        met = expected.hits[n_hits:]
    else:
        met = data.presented.T.astype(np.float64) @ expected.counts
    n_tabled = data.tabled.size
    categories = np.zeros((n_tabled, layout.steps.shape[1] + 1, met.shape[1]))
    categories[data.hit_item, data.hit_category] = expected.hits[:n_hits]
    categories[:, 0] = met[layout.n_linear :] - categories.sum(axis=1)
    return ItemSums(met, expected.slope_statistic, np.maximum(categories, 0.0))


def maximize(
    data: Data, expected: Expected, estimates: Estimates, layout: Layout, penalty: Penalty, grid: Grid
) -> Estimates:
    """Estimates whose expected log-likelihood with priors is no lower than that of the ones given."""
    sums = item_sums(data, expected, layout)
    items = estimates.items
    for _ in range(2 if data.n_rows >= _MANY else 1):
        here = slopes_of(items, sums, layout, penalty, grid.points)
        step = _solve(here, items, layout)
        items = _climb(items, step, here.objective, sums, layout, penalty, grid.points)
    return _population(data, expected, replace(estimates, items=items), layout, grid)


def slopes_of(
    items: FloatArray, sums: ItemSums, layout: Layout, penalty: Penalty, theta: FloatArray
) -> Slopes:
    """Expected log-likelihood of the complete data, with priors, by item."""
    n_linear = layout.n_linear
    parts = [
        _linear(items[:n_linear], sums, layout, theta),
        _tabled(items[n_linear:], sums, layout, theta),
    ]
    objective, gradient, curvature = (
        np.concatenate([getattr(part, name) for part in parts]) for name in Slopes._fields
    )
    prior = penalty.slopes(items, layout)
    return Slopes(objective + prior[0], gradient + prior[1], curvature + prior[2])


def _linear(items: FloatArray, sums: ItemSums, layout: Layout, theta: FloatArray) -> Slopes:
    n, width = items.shape
    steps, met = layout.steps[:n], sums.met[:n]
    table = item_tables.linear(items, steps, theta)
    category = np.arange(1, width - 1)
    expected = np.einsum("k,jkq->jq", category, table.p)
    weighted = met[:, None] * table.p
    objective = items[:, SLOPE] * sums.slope + (items[:, FIRST:-1] * layout.counts).sum(axis=1)
    objective -= (met * table.log_total).sum(axis=1)
    gradient, curvature = np.zeros((n, width)), np.zeros((n, width, width))
    in_points = weighted.sum(axis=2)
    gradient[:, SLOPE] = sums.slope - (met * expected) @ theta
    gradient[:, FIRST:-1] = layout.counts - in_points
    spread = np.einsum("k,jkq->jq", category**2, table.p) - expected**2
    curvature[:, SLOPE, SLOPE] = (met * spread) @ theta**2
    cross = (weighted * (category[:, None] - expected[:, None])) @ theta
    curvature[:, SLOPE, FIRST:-1] = curvature[:, FIRST:-1, SLOPE] = cross
    among = -(weighted @ table.p.transpose(0, 2, 1))
    diagonal = np.arange(width - 2)
    among[:, diagonal, diagonal] += in_points
    curvature[:, FIRST:-1, FIRST:-1] = among
    return Slopes(objective, gradient, curvature)


def _tabled(items: FloatArray, sums: ItemSums, layout: Layout, theta: FloatArray) -> Slopes:
    table = item_tables.tabled(items, layout, theta)
    log_p = np.where(sums.categories > 0, table.log_p, 0.0)
    objective = (sums.categories * log_p).sum(axis=(1, 2))
    # Categories and points make one axis, so that sums over both are plain matrix products.
    (n, width), n_both = items.shape, log_p.shape[1] * log_p.shape[2]
    slopes = table.slopes.reshape(n, width, n_both)
    gradient = (slopes @ sums.categories.reshape(n, n_both, 1))[:, :, 0]
    expected = (sums.met[layout.n_linear :, None] * np.exp(table.log_p)).reshape(n, 1, n_both)
    curvature = (expected * slopes) @ slopes.transpose(0, 2, 1)
    return Slopes(objective, gradient, curvature)


def _solve(here: Slopes, items: FloatArray, layout: Layout) -> FloatArray:
    """Newton's step (J, M + 2); own parameters are eliminated, slopes summed over their block."""
    free = layout.free_items(items)
    gradient = np.where(free, here.gradient, 0.0)
    curvature = np.where(free[:, :, None] & free[:, None, :], here.curvature, 0.0)
    diagonal = np.arange(items.shape[1])
    # What is fixed gets an equation of its own, x = 0; the tiny ridge keeps an empty category solvable.
    curvature[:, diagonal, diagonal] += np.where(free, 1e-9, 1.0)
    own, across = curvature[:, 1:, 1:], curvature[:, 1:, SLOPE]
    solved = np.linalg.solve(own, np.stack((gradient[:, 1:], across), axis=2))
    by_gradient, by_slope = solved[:, :, 0], solved[:, :, 1]
    left = gradient[:, SLOPE] - (across * by_gradient).sum(axis=1)
    stiffness = curvature[:, SLOPE, SLOPE] - (across * by_slope).sum(axis=1)
    n_blocks = int(layout.block.max(initial=0)) + 1
    pull = np.bincount(layout.block, left, n_blocks)
    resistance = np.bincount(layout.block, np.maximum(stiffness, 1e-12), n_blocks)
    step = np.empty_like(items)
    step[:, SLOPE] = np.where(free[:, SLOPE], (pull / resistance)[layout.block], 0.0)
    step[:, 1:] = by_gradient - by_slope * step[:, SLOPE, None]
    longest = np.bincount(layout.block, 0.0 * layout.block, n_blocks)
    np.maximum.at(longest, layout.block, np.abs(step).max(axis=1))
    return step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-300))[layout.block, None]


def _climb(
    items: FloatArray,
    step: FloatArray,
    before: FloatArray,
    sums: ItemSums,
    layout: Layout,
    penalty: Penalty,
    theta: FloatArray,
) -> FloatArray:
    """items + step, each block's step halved until its objective does not fall, or given up."""
    n_blocks = int(layout.block.max(initial=0)) + 1
    start = np.bincount(layout.block, before, n_blocks)
    share = np.ones(n_blocks)
    for _ in range(_HALVINGS):
        tried = items + step * share[layout.block, None]
        after = np.bincount(layout.block, objective_of(tried, sums, layout, penalty, theta), n_blocks)
        worse = ~(after >= start - 1e-9 * np.abs(start) - 1e-9)
        if not worse.any():
            return tried
        share[worse] /= 2
    share[worse] = 0.0
    return items + step * share[layout.block, None]


def objective_of(
    items: FloatArray, sums: ItemSums, layout: Layout, penalty: Penalty, theta: FloatArray
) -> FloatArray:
    """`slopes_of(…).objective` alone, -inf where the parameters are impossible."""
    n = layout.n_linear
    log_total = item_tables.linear(items[:n], layout.steps[:n], theta).log_total
    linear = items[:n, SLOPE] * sums.slope + (items[:n, FIRST:-1] * layout.counts).sum(axis=1)
    linear -= (sums.met[:n] * log_total).sum(axis=1)
    log_p = item_tables.tabled(items[n:], layout, theta, slopes=False).log_p
    with np.errstate(invalid="ignore"):
        tabled = np.where(sums.categories > 0, sums.categories * log_p, 0.0).sum(axis=(1, 2))
    return np.concatenate((linear, tabled)) + penalty.slopes(items, layout)[0]


def _population(
    data: Data, expected: Expected, estimates: Estimates, layout: Layout, grid: Grid
) -> Estimates:
    free = layout.index[estimates.items.size :] >= 0
    n_groups = estimates.mean.size
    free_mean, free_sd = free[:n_groups], free[n_groups : 2 * n_groups]
    if not free.any():
        return estimates
    if data.covariates.shape[1]:
        return _regression(data, expected, estimates, bool(free_mean[0]), bool(free_sd[0]), grid)
    counts = np.zeros((n_groups, grid.size))
    np.add.at(counts, data.group, expected.counts)
    size = counts.sum(axis=1)
    mean = np.where(free_mean, counts @ grid.points / size, estimates.mean)
    variance = (counts * (grid.points - mean[:, None]) ** 2).sum(axis=1) / size
    log_sd = np.where(free_sd, 0.5 * np.log(variance), estimates.log_sd)
    return replace(estimates, mean=mean, log_sd=log_sd)


def _regression(
    data: Data, expected: Expected, estimates: Estimates, free_mean: bool, free_sd: bool, grid: Grid
) -> Estimates:
    """Weighted least squares of expected theta on the covariates (Mislevy 1985)."""
    design, target = data.covariates, expected.eap
    if free_mean:
        design = np.column_stack((np.ones(data.n_rows), design))
    else:
        target = target - estimates.mean[0]
    weighted = design * data.weights[:, None]
    solution = np.linalg.solve(weighted.T @ design, weighted.T @ target)
    mean = solution[0] if free_mean else estimates.mean[0]
    coefficients = np.asarray(solution[1:] if free_mean else solution, dtype=np.float64)
    log_sd = estimates.log_sd
    if free_sd:
        predicted = mean + data.covariates @ coefficients
        squares = float(expected.counts.sum(axis=0) @ grid.points**2)
        squares += float(data.weights @ (predicted**2 - 2 * predicted * expected.eap))
        log_sd = np.array([0.5 * np.log(squares / data.weights.sum())])
    return replace(estimates, mean=np.array([mean]), log_sd=log_sd, coefficients=coefficients)
