"""What would be said without readiness? The ways in which schools and test software predict points.

Each gives what the platform gives, P(total of half-points) (N, S), so that all can be judged alike.
"""

from __future__ import annotations

import math

import numpy as np

from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray, IntArray, ResponseArray


def prior_only(table: FloatArray, prior: FloatArray, n: int) -> FloatArray:
    """The same for everybody: what the population would get; table (Q, S), prior (Q,)."""
    return np.broadcast_to(prior @ table, (n, table.shape[1])).copy()


def percent_correct(
    responses: ResponseArray, category_half_points: IntArray, n_totals: int, n_items: int
) -> FloatArray:
    """The share of points earned so far, and the binomial distribution of so many right on the exam's items.

    A binomial number of items knows no half-points: each total gets half of its own probability, and a
    quarter comes from either neighbour.
    """
    met = responses >= 0
    columns = np.arange(responses.shape[1])
    earned = category_half_points[columns[None, :], np.maximum(responses, 0)]
    best = category_half_points.max(axis=1)
    share = (earned * met).sum(axis=1) / (best * met).sum(axis=1)
    k = np.arange(n_items + 1)
    ways = np.array([math.comb(n_items, one) for one in k], dtype=np.float64)
    whole = ways * share[:, None] ** k * (1 - share[:, None]) ** (n_items - k)
    half = np.zeros((share.size, n_totals))
    half[:, 0::2] = whole
    return _smoothed(half)


def last_trial(earned: IntArray, standard_error: float, n_totals: int) -> FloatArray:
    """The half-points of the last trial, give or take its classical standard error of measurement."""
    return _normal(earned.astype(np.float64), np.full(earned.size, standard_error), n_totals)


def standard_error_of_measurement(half_points: IntArray) -> float:
    """SD of the totals times sqrt(1 - alpha) (Cronbach 1951), from item half-points (N, J)."""
    n_items = half_points.shape[1]
    of_total = float(half_points.sum(axis=1).var(ddof=1))
    of_items = float(half_points.var(axis=0, ddof=1).sum())
    alpha = n_items / (n_items - 1) * (1 - of_items / of_total)
    return math.sqrt(of_total * (1 - alpha))


def plug_in(posterior: FloatArray, table: FloatArray, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """The distribution of points at the estimated ability, as if that were known: table (Q, S)."""
    theta, _ = mean_and_sd(posterior, grid)
    place = np.clip((theta - grid.points[0]) / grid.spacing, 0, grid.size - 1.000001)
    lower = place.astype(np.int64)
    part = (place - lower)[:, None]
    return np.asarray((1 - part) * table[lower] + part * table[lower + 1])


def characteristic_curve(
    posterior: FloatArray, expected_half_points: FloatArray, n_totals: int, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """Expected points (Q,) over theta, give or take its standard error: the luck of the exam day left out."""
    theta, se = mean_and_sd(posterior, grid)
    middle = np.interp(theta, grid.points, expected_half_points)
    ends = [np.interp(theta + sign * se, grid.points, expected_half_points) for sign in (-1, 1)]
    return _normal(middle, np.maximum((ends[1] - ends[0]) / 2, 0.25), n_totals)


def _smoothed(half: FloatArray) -> FloatArray:
    """Half of each probability stays; a quarter goes to either neighbour, or stays where there is none."""
    result = half / 2
    result[:, 1:] += half[:, :-1] / 4
    result[:, :-1] += half[:, 1:] / 4
    result[:, 0] += half[:, 0] / 4
    result[:, -1] += half[:, -1] / 4
    return result


def _normal(mean: FloatArray, sd: FloatArray, n_totals: int) -> FloatArray:
    """A normal density on whole half-points, scaled to sum to 1."""
    z = (np.arange(n_totals) - mean[:, None]) / sd[:, None]
    weights = np.exp(-0.5 * (z**2 - (z**2).min(axis=1, keepdims=True)))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
