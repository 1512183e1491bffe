"""How does a calibration get from where it starts to where the likelihood is highest?

The EM algorithm (Bock & Aitkin 1981), accelerated: first in float32, which is accurate enough to come near
and twice as quick, then in float64 to the end. A point that turns out worse than the one before is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
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

STEEPEST = 25.0  # a slope beyond is no discrimination but an item that repeats others
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
        self._limit = _limits(layout, start)
        self._point = self._bounded(layout.pack(start))

    def follow(self, dtype: DTypeLike, tolerance: float, limit: int) -> Found:
        """Go on until a step is no longer than `tolerance`, or until `limit` passes have been made in all."""
        rounding = _ROUNDING[np.dtype(dtype)]
        workspace = Workspace(self._data, self._grid, dtype)
        best, fallback = -np.inf, self._point
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
            if converged or last:
                return Found(estimates, expected, self._used, converged)
            best, fallback = max(best, objective), mapped
            self._point = self._bounded(self._mixing.next(self._point, mapped))

    def _bounded(self, packed: FloatArray) -> FloatArray:
        return np.clip(packed, -self._limit, self._limit)


def _limits(layout: Layout, template: Estimates) -> FloatArray:
    """Largest size of each free parameter: slopes no steeper, spreads no wider than a grid can show."""
    limit = np.full(layout.index.size, np.inf)
    n_items, n_groups = template.items.size, template.mean.size
    limit[SLOPE : n_items : template.items.shape[1]] = STEEPEST
    limit[n_items : n_items + n_groups] = 10.0
    limit[n_items + n_groups : n_items + 2 * n_groups] = np.log(20.0)
    free = layout.index >= 0
    packed = np.empty(layout.n_free)
    packed[layout.index[free]] = limit[free]
    return packed
