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
from scoring.irt.calibration.expectation import Expected, expect
from scoring.irt.calibration.layout import SLOPE, Estimates, Layout
from scoring.irt.calibration.maximization import maximize
from scoring.irt.calibration.penalty import Penalty
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray

Progress = Callable[[int, float], None]

STEEPEST = 25.0  # a slope beyond is no discrimination but an item that repeats others
_MUCH = 1_000_000  # rows times points from which float32 pays
_NEAR = 1e-3  # largest change of a parameter at which float32 has done its part
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
    estimates, used = start, 0
    if data.n_rows * grid.size >= _MUCH:
        near = max(tolerance, _NEAR)
        found = _stage(data, estimates, layout, penalty, grid, np.float32, near, max_iterations, 0, progress)
        estimates, used = found.estimates, found.iterations
    return _stage(
        data, estimates, layout, penalty, grid, np.float64, tolerance, max_iterations, used, progress
    )


def _stage(
    data: Data,
    start: Estimates,
    layout: Layout,
    penalty: Penalty,
    grid: Grid,
    dtype: DTypeLike,
    tolerance: float,
    max_iterations: int,
    used: int,
    progress: Progress | None,
) -> Found:
    mixing = Anderson()
    rounding = _ROUNDING[np.dtype(dtype)]
    point = _bounded(layout.pack(start), layout, start)
    best, fallback = -np.inf, point
    while True:
        used += 1
        estimates = layout.unpack(point, start)
        expected = expect(data, estimates, layout, grid, dtype)
        objective = expected.log_likelihood + penalty.total(estimates.items, layout)
        if progress is not None:
            progress(used, expected.log_likelihood)
        last = used >= max_iterations
        if not objective >= best - rounding * abs(best) and not last:
            if point is fallback or np.isnan(objective):
                raise FloatingPointError("the log-likelihood is not a number: look at the priors and anchors")
            point = fallback
            mixing.forget()
            continue
        mapped = layout.pack(maximize(data, expected, estimates, layout, penalty, grid))
        mapped = _bounded(mapped, layout, start)
        converged = bool(np.abs(mapped - point).max(initial=0.0) <= tolerance)
        if converged or last:
            return Found(estimates, expected, used, converged)
        best, fallback = max(best, objective), mapped
        point = _bounded(mixing.next(point, mapped), layout, start)


def _bounded(packed: FloatArray, layout: Layout, template: Estimates) -> FloatArray:
    """Slopes no steeper than the limit and spreads no wider than the grid can show."""
    lowest, highest = _limits(layout, template)
    return np.clip(packed, lowest, highest)


def _limits(layout: Layout, template: Estimates) -> tuple[FloatArray, FloatArray]:
    limit = np.full(layout.index.size, np.inf)
    n_items, n_groups = template.items.size, template.mean.size
    limit[SLOPE : n_items : template.items.shape[1]] = STEEPEST
    limit[n_items : n_items + n_groups] = 10.0
    limit[n_items + n_groups : n_items + 2 * n_groups] = np.log(20.0)
    free = layout.index >= 0
    packed = np.empty(layout.n_free)
    packed[layout.index[free]] = limit[free]
    return -packed, packed
