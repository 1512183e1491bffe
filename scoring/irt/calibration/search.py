"""How does a calibration get from where it starts to where the likelihood is highest?

The EM algorithm (Bock & Aitkin 1981), accelerated: first in float32, which is accurate enough to come near
and twice as quick, then in float64 to the end. A point that turns out worse than the one before is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from scoring.irt.calibration.acceleration import Anderson
from scoring.irt.calibration.data import Data
from scoring.irt.calibration.expectation import Expected, Workspace, expect
from scoring.irt.calibration.layout import SLOPE, Estimates, Layout
from scoring.irt.calibration.maximization import maximize
from scoring.irt.calibration.penalty import Penalty
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray

Progress = Callable[[int, float], None]

STEEPEST = 12.0  # a slope beyond is no discrimination but an item that repeats others
AT_BOUND = 0.999 * STEEPEST
_FARTHEST, _WIDEST = 30.0, 20.0  # mean and sd of a population; the sd is at least the inverse
_MUCH = 100_000  # rows times points from which float32 pays
_NEAR = 1e-4  # largest change of a parameter at which float32 has done its part
_MOST_ROUGH = 100  # passes after which float32 is given up, should its rounding keep it from coming near
_ROUNDING = {np.dtype(np.float32): 3e-7, np.dtype(np.float64): 1e-10}


class Found(NamedTuple):
    """The end of a search; `expected` was computed at `estimates`, in float64."""

    estimates: Estimates
    expected: Expected
    iterations: int
    converged: bool


def at_limit(estimates: Estimates) -> bool:
    """Whether a population stands where the search holds it, so that its estimates are none."""
    far = np.abs(estimates.mean) >= 0.999 * _FARTHEST
    return bool((far | (np.abs(estimates.log_sd) >= 0.999 * np.log(_WIDEST))).any())


def search(
    data: Data,
    start: Estimates,
    layout: Layout,
    penalty: Penalty,
    grid: Grid,
    *,
    tolerance: float,
    max_iterations: int,
    progress: Progress | None,
) -> Found:
    """Search until no parameter changes by more than `tolerance` in one step of EM.

    max_iterations limits the passes through the responses. Raises FloatingPointError where the log-likelihood
    is not a number.
    """
    way = _Way(data, start, layout, penalty, grid, progress)
    if data.n_rows * grid.size >= _MUCH:
        way.follow(np.float32, max(tolerance, _NEAR), min(_MOST_ROUGH, max_iterations))
    return way.follow(np.float64, tolerance, max_iterations)


class _Way:
    """Where a search stands, and what its steps have taught it so far."""

    def __init__(
        self,
        data: Data,
        start: Estimates,
        layout: Layout,
        penalty: Penalty,
        grid: Grid,
        progress: Progress | None,
    ) -> None:
        self._data, self._layout, self._penalty, self._grid = data, layout, penalty, grid
        self._template, self._progress = start, progress
        self._used = 0
        self._mixing = Anderson()
        self._point = self._bounded(layout.pack(start))

    def follow(self, dtype: DTypeLike, tolerance: float, limit: int) -> Found:
        """Go on until a step is no longer than `tolerance`, or until `limit` passes have been made in all."""
        rounding = _ROUNDING[np.dtype(dtype)]
        workspace = Workspace(self._data, self._grid, dtype)
        best, fallback = -np.inf, self._point
        highest: Found | None = None
        while True:
            estimates = self._layout.unpack(self._point, self._template)
            expected = expect(self._data, estimates, self._layout, self._grid, workspace)
            self._used += 1
            if self._progress is not None:
                self._progress(self._used, expected.log_likelihood)
            objective = expected.log_likelihood + self._penalty.total(estimates.items, self._layout)
            last = self._used >= limit
            if np.isnan(objective):
                raise FloatingPointError("the log-likelihood is not a number: look at priors and anchors")
            # A plain step that falls back does so by rounding alone, and is kept: nothing better is known.
            if objective < best - rounding * abs(best) and self._point is not fallback and not last:
                self._point = fallback
                self._mixing.forget()
                continue
            mapped = self._layout.pack(
                maximize(self._data, expected, estimates, self._layout, self._penalty, self._grid)
            )
            mapped = self._bounded(mapped)
            converged = bool(np.abs(mapped - self._point).max(initial=0.0) <= tolerance)
            found = Found(estimates, expected, self._used, converged)
            if converged:
                return found
            if highest is None or objective >= best:
                highest = found
            if last:
                return highest._replace(iterations=self._used)
            best, fallback = max(best, objective), mapped
            self._point = self._bounded(self._mixing.next(self._point, mapped))

    def _bounded(self, packed: FloatArray) -> FloatArray:
        """Slopes no steeper than the limit, with difficulties as they are; spreads a grid can still show."""
        estimates = self._layout.unpack(packed, self._template)
        items = estimates.items.copy()
        steep = np.abs(items[:, SLOPE]) > STEEPEST
        if steep.any():
            items[steep, :-1] *= (STEEPEST / np.abs(items[steep, SLOPE]))[:, None]
        return self._layout.pack(
            replace(
                estimates,
                items=items,
                mean=np.clip(estimates.mean, -_FARTHEST, _FARTHEST),
                log_sd=np.clip(estimates.log_sd, -np.log(_WIDEST), np.log(_WIDEST)),
            )
        )
