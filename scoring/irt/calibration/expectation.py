"""Given the parameters, where on the scale is everybody, and what would the parameters like to know of that?

The E-step of Bock & Aitkin (1981) on a uniform grid, transposed (points by candidates) and in chunks that
stay in the cache. The weights are cut off 50 below the highest logarithm: smaller ones carry nothing, and in
float32, below 1e-38, they would be denormal numbers, which make every later product many times slower.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from scoring.irt.calibration import item_tables
from scoring.irt.calibration.data import Data
from scoring.irt.calibration.layout import SLOPE, Estimates, Layout
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray

CHUNK = 8192
_CUT_OFF = 50.0


class Expected(NamedTuple):
    """Sums over candidates, by their weights and posteriors.

    counts           (S, Q)  candidates of each segment at each point
    slope_statistic  (JL,)   category of each linear item times expected theta
    hits             (C, Q)  rows of `Data.hits` at each point
    eap              (R,)    expected theta of each row
    """

    log_likelihood: float
    counts: FloatArray
    slope_statistic: FloatArray
    hits: FloatArray
    eap: FloatArray


class Workspace:
    """Arrays for one chunk, kept from pass to pass: to make them anew each time costs as much as the sums."""

    def __init__(self, data: Data, grid: Grid, dtype: DTypeLike) -> None:
        rows = min(CHUNK, data.n_rows)
        self.dtype = np.dtype(dtype)
        self.weights = np.empty((grid.size, rows), dtype=dtype)
        # A row of them: NumPy compares with an array five times as quickly as with one number.
        self.floor = np.full(rows, -_CUT_OFF, dtype=dtype)
        self.product = np.empty((grid.size, rows), dtype=dtype) if data.hits.size else self.weights
        self._scores = self._like(data.scores, rows)
        self._hits = self._like(data.hits, rows)

    def _like(self, source: NDArray[np.floating], rows: int) -> NDArray[np.floating]:
        """Room for a part of the source in this precision, or the source itself where it has that."""
        return source if source.dtype == self.dtype else np.empty((source.shape[0], rows), dtype=self.dtype)

    def scores(self, data: Data, start: int, stop: int) -> NDArray[np.floating]:
        return self._part(self._scores, data.scores, start, stop)

    def hits(self, data: Data, start: int, stop: int) -> NDArray[np.floating]:
        return self._part(self._hits, data.hits, start, stop)

    def _part(
        self, kept: NDArray[np.floating], source: NDArray[np.floating], start: int, stop: int
    ) -> NDArray[np.floating]:
        if kept is source:
            return source[:, start:stop]
        part = kept[:, : stop - start]
        np.copyto(part, source[:, start:stop])
        return part


class Posterior:
    """Posterior weights of rows of the data, chunk by chunk, before they are scaled to sum to one."""

    def __init__(
        self, data: Data, estimates: Estimates, layout: Layout, grid: Grid, workspace: Workspace | None = None
    ) -> None:
        self._data = data
        self._space = Workspace(data, grid, np.float64) if workspace is None else workspace
        dtype = self._space.dtype
        self.theta = grid.points.astype(dtype)
        base, table = segment_tables(data, estimates, layout, grid)
        self._base, self._table = base.astype(dtype), np.ascontiguousarray(table.T, dtype=dtype)
        self._slopes = estimates.items[: layout.n_linear, SLOPE].astype(dtype)
        shift, constant = _regression(data, estimates)
        self._shift = shift.astype(dtype)
        # What does not depend on theta stays out of the weights, and is added to the log-likelihood here.
        self.constant = float((layout.counts * estimates.items[: layout.n_linear, 1:-1]).sum()) + constant

    def weights(self, start: int, stop: int) -> tuple[NDArray[np.floating], FloatArray]:
        """Weights (Q, n) of the rows from start to stop, the highest of each being 1, and the logarithm of
        what they were divided by, (n,). The array is overwritten by the next call.
        """
        space = self._space
        weights = space.weights[:, : stop - start]
        if self._data.scores.size:
            line = self._slopes @ space.scores(self._data, start, stop) + self._shift[start:stop]
        else:
            line = self._shift[start:stop]
        np.multiply.outer(self.theta, line, out=weights)
        if self._table.size:
            product = space.product[:, : stop - start]
            weights += np.matmul(self._table, space.hits(self._data, start, stop), out=product)
        for segment, low, high in self._data.pieces(start, stop):
            weights[:, low:high] += self._base[segment, :, None]
        top = weights.max(axis=0)
        weights -= top
        np.maximum(weights, space.floor[: stop - start], out=weights)
        np.exp(weights, out=weights)
        return weights, top.astype(np.float64)


def expect(
    data: Data, estimates: Estimates, layout: Layout, grid: Grid, workspace: Workspace | None = None
) -> Expected:
    """One pass through the responses, in float64 or the workspace's precision; sums are in float64."""
    space = Workspace(data, grid, np.float64) if workspace is None else workspace
    posterior = Posterior(data, estimates, layout, grid, space)
    theta, log_likelihood = posterior.theta, posterior.constant
    counts = np.zeros((data.n_segments, grid.size))
    hits = np.zeros((data.hits.shape[0], grid.size))
    slope_statistic = np.zeros(layout.n_linear)
    eap = np.empty(data.n_rows)
    for start in range(0, data.n_rows, CHUNK):
        stop = min(start + CHUNK, data.n_rows)
        weights, top = posterior.weights(start, stop)
        total = weights.sum(axis=0)
        of_rows = data.weights[start:stop]
        log_likelihood += float(of_rows @ (np.log(total.astype(np.float64)) + top))
        mean = (theta @ weights) / total
        eap[start:stop] = mean
        scale = (of_rows / total).astype(theta.dtype)
        for segment, low, high in data.pieces(start, stop):
            counts[segment] += weights[:, low:high] @ scale[low:high]
        if data.scores.size:
            slope_statistic += space.scores(data, start, stop) @ (of_rows * mean).astype(theta.dtype)
        if hits.size:
            weights *= scale
            hits += space.hits(data, start, stop) @ weights.T
    return Expected(log_likelihood, counts, slope_statistic, hits, eap)


def segment_tables(
    data: Data, estimates: Estimates, layout: Layout, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    """What is added to the logarithm of the posterior: (S, Q) in every row of a segment, (C, Q) where hit."""
    prior = log_prior(data, estimates, grid)[data.group]
    of_linear = -item_tables.linear(
        estimates.items[: layout.n_linear], layout.steps[: layout.n_linear], grid.points
    ).log_total
    log_p = item_tables.tabled(estimates.items[layout.n_linear :], layout, grid.points, slopes=False).log_p
    # Finite everywhere: a category nobody is in any more must not poison 0 * -inf.
    log_p = np.maximum(log_p, -1e4)
    lowest = np.concatenate((of_linear, log_p[:, 0]))
    table = log_p[data.hit_item, data.hit_category] - log_p[data.hit_item, 0]
    if data.irregular:
        return prior, np.concatenate((table, lowest))
    return prior + data.presented.astype(np.float64) @ lowest, table


def log_prior(data: Data, estimates: Estimates, grid: Grid) -> FloatArray:
    """Logarithm of the population's density times the spacing (G, Q); with regression, of mean 0."""
    sd = np.exp(estimates.log_sd)[:, None]
    mean = estimates.mean[:, None] if data.covariates.shape[1] == 0 else 0.0
    z = (grid.points - mean) / sd
    return np.asarray(-0.5 * z**2 - np.log(sd) + np.log(grid.spacing / np.sqrt(2 * np.pi)))


def _regression(data: Data, estimates: Estimates) -> tuple[FloatArray, float]:
    """A normal prior with its own mean for each row is one more term linear in theta, and a constant."""
    if data.covariates.shape[1] == 0:
        return np.zeros(data.n_rows), 0.0
    mean = estimates.mean[0] + data.covariates @ estimates.coefficients
    variance = float(np.exp(2 * estimates.log_sd[0]))
    return mean / variance, float(-0.5 * (data.weights @ mean**2) / variance)
