"""What does a posterior over the grid say: its mean, its quantiles, draws from it?"""

from __future__ import annotations

import numpy as np

from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray


def posterior_weights(log_likelihood: FloatArray, prior: FloatArray) -> FloatArray:
    """Bayes' rule on the grid, rows summing to 1.

    log_likelihood (N, Q); prior (Q,) for everybody or (N, Q), positive somewhere in each row.
    """
    with np.errstate(divide="ignore"):
        log_weights = log_likelihood + np.log(prior)
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float64)


def mean_and_sd(posterior: FloatArray, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of each row: two arrays of shape posterior.shape[:-1]."""
    mean = np.asarray(posterior @ grid.points)
    deviation = grid.points - mean[..., None]
    return mean, np.sqrt((posterior * deviation**2).sum(axis=-1))


def probability_below(posterior: FloatArray, grid: Grid, theta: float) -> float:
    """P(ability < theta) for one posterior (Q,), its mass spread evenly over the cell of each point."""
    cumulative = np.concatenate(([0.0], np.cumsum(posterior)))
    return float(np.interp(theta, grid.edges, cumulative / cumulative[-1]))


def quantile(posterior: FloatArray, grid: Grid, probability: float) -> float:
    """Theta below which one posterior (Q,) holds `probability`, within the range of the grid's points."""
    cumulative = np.concatenate(([0.0], np.cumsum(posterior)))
    theta = np.interp(probability, cumulative / cumulative[-1], grid.edges)
    return float(np.clip(theta, grid.points[0], grid.points[-1]))


def draw(posterior: FloatArray, grid: Grid, rng: np.random.Generator) -> FloatArray:
    """One plausible value of theta for each row of a posterior (N, Q), as in `draw_at`."""
    return draw_at(posterior, grid, np.asarray(rng.random(posterior.shape[0])))


def draw_at(posterior: FloatArray, grid: Grid, uniform: FloatArray) -> FloatArray:
    """Plausible values of theta for each row of a posterior (N, Q) from numbers (..., N) even in [0, 1).

    Inverse distribution function, even within a cell. That would add spacing^2 / 12 to every variance
    (Sheppard), so the draws are drawn in towards the row's mean by exactly as much.
    """
    rows = np.arange(posterior.shape[0])
    cumulative = np.cumsum(posterior, axis=1)
    target = uniform * cumulative[:, -1]
    cell = np.zeros(target.shape, dtype=np.int64)
    for edge in cumulative.T[:-1]:
        cell += edge <= target
    mass = posterior[rows, cell]
    within = (target - (cumulative[rows, cell] - mass)) / np.where(mass > 0, mass, 1.0)
    raw = grid.edges[cell] + grid.spacing * np.clip(within, 0.0, 1.0)
    mean, sd = mean_and_sd(posterior, grid)
    shrink = sd / np.sqrt(sd**2 + grid.spacing**2 / 12)
    return np.asarray(mean + (raw - mean) * shrink, dtype=np.float64)
