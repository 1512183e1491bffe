"""How sure are the estimates?

Observed information by Louis (1982): that of the complete data, less what not knowing theta takes away,

    I = sum_i E_i[-d2 log f_i(theta)] - sum_i Cov_i(S_i(theta)),

where E_i and Cov_i are over the posterior of candidate i, f_i is the density of the responses and theta, and
S_i its gradient. With priors it is the information of the log-posterior.
"""

from __future__ import annotations

import numpy as np

from scoring.irt.calibration import item_tables
from scoring.irt.calibration.data import Data
from scoring.irt.calibration.expectation import CHUNK, Expected, Posterior
from scoring.irt.calibration.layout import FIRST, SLOPE, Estimates, Layout
from scoring.irt.calibration.maximization import item_sums, slopes_of
from scoring.irt.calibration.penalty import Penalty
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray, IntArray

_FEW = 512  # rows at a time where each needs a table of its own
_NEGLIGIBLE = 1e-10


def observed_information(
    data: Data, expected: Expected, estimates: Estimates, layout: Layout, penalty: Penalty, grid: Grid
) -> FloatArray:
    """Information (n_free, n_free) at the estimates from which `expected` was computed in float64."""
    places = np.flatnonzero(layout.index >= 0)
    complete = np.zeros((layout.index.size, layout.index.size))
    _add_items(complete, data, expected, estimates, layout, penalty, grid)
    _add_population(complete, data, expected, estimates, layout, grid)
    if data.irregular or data.tabled.size:
        missing = _missing_in_general(data, expected, estimates, layout, grid, places)
    else:
        missing = _missing_in_linear(data, estimates, layout, grid, places)
    of_places = complete[np.ix_(places, places)] - missing
    # Slopes that are one parameter add up.
    join = np.zeros((places.size, layout.n_free))
    join[np.arange(places.size), layout.index[places]] = 1.0
    return np.asarray(join.T @ of_places @ join)


def _add_items(
    complete: FloatArray,
    data: Data,
    expected: Expected,
    estimates: Estimates,
    layout: Layout,
    penalty: Penalty,
    grid: Grid,
) -> None:
    """Second derivatives within each item, as central differences of the gradient, all items at once."""
    sums = item_sums(data, expected, layout)
    items = estimates.items
    n, width = items.shape
    rows = np.arange(n)
    used = layout.free_items(items)
    for column in range(width):
        by = np.where(used[:, column], 1e-5 * np.maximum(np.abs(items[:, column]), 1.0), 0.0)
        shift = np.zeros_like(items)
        shift[:, column] = by
        ahead = slopes_of(items + shift, sums, layout, penalty, grid.points).gradient
        behind = slopes_of(items - shift, sums, layout, penalty, grid.points).gradient
        change = np.divide(behind - ahead, 2 * by[:, None], out=np.zeros((n, width)), where=by[:, None] > 0)
        for other in range(width):
            complete[rows * width + column, rows * width + other] = change[:, other]
    complete[:] = (complete + complete.T) / 2


def _add_population(
    complete: FloatArray, data: Data, expected: Expected, estimates: Estimates, layout: Layout, grid: Grid
) -> None:
    first = estimates.items.size
    n_groups = estimates.mean.size
    variance = np.exp(2 * estimates.log_sd)
    mean_at, sd_at = first + np.arange(n_groups), first + n_groups + np.arange(n_groups)
    if data.covariates.shape[1] == 0:
        counts = np.zeros((n_groups, grid.size))
        np.add.at(counts, data.group, expected.counts)
        away = grid.points - estimates.mean[:, None]
        complete[mean_at, mean_at] = counts.sum(axis=1) / variance
        complete[mean_at, sd_at] = complete[sd_at, mean_at] = 2 * (counts * away).sum(axis=1) / variance
        complete[sd_at, sd_at] = 2 * (counts * away**2).sum(axis=1) / variance
        return
    design = np.column_stack((np.ones(data.n_rows), data.covariates))
    at = np.concatenate((mean_at, first + 2 + np.arange(data.covariates.shape[1])))
    predicted = design @ np.concatenate((estimates.mean, estimates.coefficients))
    weighted = design * data.weights[:, None]
    complete[np.ix_(at, at)] = weighted.T @ design / variance[0]
    cross = 2 * (weighted.T @ (expected.eap - predicted)) / variance[0]
    complete[at, sd_at[0]] = complete[sd_at[0], at] = cross
    squares = expected.counts.sum(axis=0) @ grid.points**2
    squares += data.weights @ (predicted**2 - 2 * predicted * expected.eap)
    complete[sd_at[0], sd_at[0]] = 2 * squares / variance[0]


def _missing_in_linear(
    data: Data, estimates: Estimates, layout: Layout, grid: Grid, places: IntArray
) -> FloatArray:
    """Sum of posterior covariances where the score of every row is Y theta - U(theta) of its segment."""
    of_items = _item_scores(estimates, layout, grid)
    result = np.zeros((places.size, places.size))
    posterior = Posterior(data, estimates, layout, grid)
    theta = grid.points
    for start in range(0, data.n_rows, CHUNK):
        stop = min(start + CHUNK, data.n_rows)
        weights, _ = posterior.weights(start, stop)
        share = weights / weights.sum(axis=0)
        of_rows = data.weights[start:stop, None]
        mean = theta @ share
        variance = theta**2 @ share - mean**2
        along = _theta_scores(data, estimates, layout, start, stop)[:, places]
        average, moment = np.empty_like(along), np.empty_like(along)
        for segment, low, high in data.pieces(start, stop):
            table = _segment_scores(data, estimates, of_items, segment, grid)[places]
            part = share[:, low:high]
            average[low:high] = part.T @ table.T
            moment[low:high] = part.T @ (table * theta).T
            result += (table * (part @ of_rows[low:high, 0])) @ table.T
        covariance = moment - mean[:, None] * average
        across = along.T @ (of_rows * covariance)
        result += along.T @ (of_rows * variance[:, None] * along) - across - across.T
        result -= average.T @ (of_rows * average)
    return result


def _item_scores(estimates: Estimates, layout: Layout, grid: Grid) -> FloatArray:
    """U (J, M + 2, Q) of the items: minus what a score has beside a multiple of theta."""
    n, width = estimates.items.shape
    table = item_tables.linear(estimates.items, layout.steps, grid.points)
    category = np.arange(1, width - 1)
    result = np.zeros((n, width, grid.size))
    result[:, SLOPE] = grid.points * np.einsum("k,jkq->jq", category, table.p)
    result[:, FIRST:-1] = table.p
    return result


def _segment_scores(
    data: Data, estimates: Estimates, of_items: FloatArray, segment: int, grid: Grid
) -> FloatArray:
    """U (F, Q) for every row of a segment."""
    n_groups, group = estimates.mean.size, int(data.group[segment])
    shown = np.where(data.presented[segment][:, None, None], of_items, 0.0).reshape(-1, grid.size)
    of_population = np.zeros((2 * n_groups + data.covariates.shape[1], grid.size))
    mean = estimates.mean[group] if data.covariates.shape[1] == 0 else 0.0
    of_population[n_groups + group] = -((grid.points - mean) ** 2) * np.exp(-2 * estimates.log_sd[group])
    return np.concatenate((shown, of_population))


def _theta_scores(data: Data, estimates: Estimates, layout: Layout, start: int, stop: int) -> FloatArray:
    """Y (n, F): what theta is multiplied with in the score of each row."""
    n, width = estimates.items.shape
    result = np.zeros((stop - start, layout.index.size))
    result[:, : n * width : width] = data.scores[:, start:stop].T
    group = data.group[data.segment_of(np.arange(start, stop))]
    variance = np.exp(2 * estimates.log_sd)
    n_groups = estimates.mean.size
    result[np.arange(stop - start), n * width + group] = 1 / variance[group]
    if data.covariates.shape[1]:
        covariates = data.covariates[start:stop]
        predicted = estimates.mean[0] + covariates @ estimates.coefficients
        result[:, n * width + n_groups] = -2 * predicted / variance[0]
        result[:, n * width + 2 * n_groups :] = covariates / variance[0]
    return result


def _missing_in_general(
    data: Data, expected: Expected, estimates: Estimates, layout: Layout, grid: Grid, places: IntArray
) -> FloatArray:
    """The same for any items: scores are looked up by response, point after point of the grid."""
    lookup = _response_scores(estimates, layout, grid)
    posterior = Posterior(data, estimates, layout, grid)
    result = np.zeros((places.size, places.size))
    for start in range(0, data.n_rows, CHUNK):
        stop = min(start + CHUNK, data.n_rows)
        weights, _ = posterior.weights(start, stop)
        shares = (weights / weights.sum(axis=0)).T
        # Candidates of like ability share the few points at which they may be.
        order = np.argsort(expected.eap[start:stop], kind="stable")
        for first in range(0, order.size, _FEW):
            rows = order[first : first + _FEW]
            share = shares[rows]
            points = np.flatnonzero(share.max(axis=0) > _NEGLIGIBLE)
            scores = np.empty((points.size, rows.size, places.size))
            for at, point in enumerate(points):
                of_point = _scores_at(data, estimates, grid, lookup, int(point), start + rows)
                np.take(of_point, places, axis=1, out=scores[at])
            scores -= np.einsum("nq,qnf->nf", share[:, points], scores)
            scores *= np.sqrt(share[:, points] * data.weights[start + rows, None]).T[:, :, None]
            stacked = scores.reshape(-1, places.size)
            result += stacked.T @ stacked
    return result


def _scores_at(
    data: Data, estimates: Estimates, grid: Grid, lookup: FloatArray, point: int, rows: IntArray
) -> FloatArray:
    """Scores (n, F) of the complete data of these rows at one point of the grid."""
    n_items = data.codes.shape[1]
    index = data.codes[rows].astype(np.int64) + 1 + lookup.shape[1] // n_items * np.arange(n_items)
    of_items = lookup[point][index].reshape(rows.size, -1)
    of_population = _population_scores(data, estimates, float(grid.points[point]), rows)
    return np.concatenate((of_items, of_population), axis=1)


def _response_scores(estimates: Estimates, layout: Layout, grid: Grid) -> FloatArray:
    """(Q, J (K + 1), M + 2): gradient of log P for each response, not presented (all 0) before category 0."""
    n, width = estimates.items.shape
    n_linear, n_categories = layout.n_linear, layout.steps.shape[1] + 1
    result = np.zeros((n, n_categories + 1, width, grid.size))
    table = item_tables.linear(estimates.items[:n_linear], layout.steps[:n_linear], grid.points)
    category = np.arange(n_categories)
    away = category[:, None] - np.einsum("k,jkq->jq", category[1:], table.p)[:, None]
    result[:n_linear, 1:, SLOPE] = away * grid.points
    for step in range(n_categories - 1):
        result[:n_linear, 1:, FIRST + step] = -table.p[:, None, step]
        result[:n_linear, step + 2, FIRST + step] += 1.0
    of_tabled = item_tables.tabled(estimates.items[n_linear:], layout, grid.points).slopes
    result[n_linear:, 1:] = of_tabled.transpose(0, 2, 1, 3)
    return result.transpose(3, 0, 1, 2).reshape(grid.size, n * (n_categories + 1), width)


def _population_scores(data: Data, estimates: Estimates, theta: float, rows: IntArray) -> FloatArray:
    """Gradient (n, 2 G + P) of the log density of theta by mean, log sd and coefficients."""
    n_groups = estimates.mean.size
    group = data.group[data.segment_of(rows)]
    result = np.zeros((rows.size, 2 * n_groups + data.covariates.shape[1]))
    away = theta - estimates.mean[group]
    if data.covariates.shape[1]:
        away = away - data.covariates[rows] @ estimates.coefficients
    variance = np.exp(2 * estimates.log_sd)[group]
    at = np.arange(rows.size)
    result[at, group] = away / variance
    result[at, n_groups + group] = away**2 / variance - 1
    if data.covariates.shape[1]:
        result[:, 2 * n_groups :] = data.covariates[rows] * (away / variance)[:, None]
    return result
