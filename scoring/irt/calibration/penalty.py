"""What do priors on slopes, difficulties and guessing add to the log-likelihood of each item?

The densities are taken by log a, the step difficulties and logit c; constants are left out. The second
derivatives are those of Gauss and Newton, which never turn negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.calibration.layout import FIRST, SLOPE, Layout
from scoring.irt.calibration.result import Priors
from scoring.irt.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Penalty:
    """Priors of the items of J that `applies` (J,) names; slope_share (J,): 1 / n where n share a slope."""

    priors: Priors
    applies: BoolArray
    slope_share: FloatArray

    def slopes(self, items: FloatArray, layout: Layout) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Log density (J,), gradient (J, M + 2) and minus second derivatives (J, M + 2, M + 2)."""
        n, width = items.shape
        value, gradient, curvature = np.zeros(n), np.zeros((n, width)), np.zeros((n, width, width))
        for residual, jacobian, share in self._residuals(items, layout):
            weight = np.where(self.applies, share, 0.0)
            residual = np.where(weight > 0, residual, 0.0)
            value -= 0.5 * weight * residual**2
            # An impossible slope has an infinite residual and no direction: its value alone forbids it.
            gradient -= np.where(np.isinf(residual), 0.0, weight * residual)[:, None] * jacobian
            curvature += weight[:, None, None] * jacobian[:, :, None] * jacobian[:, None, :]
        return value, gradient, curvature

    def total(self, items: FloatArray, layout: Layout) -> float:
        return float(self.slopes(items, layout)[0].sum())

    def _residuals(
        self, items: FloatArray, layout: Layout
    ) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
        """(residual (J,), its derivatives (J, M + 2), share (J,)): the density is -residual^2 / 2."""
        n, width = items.shape
        slope = items[:, SLOPE]
        found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
        if self.priors.log_a is not None:
            mean, sd = self.priors.log_a
            positive = slope > 0
            safe = np.where(positive, slope, 1.0)
            jacobian = np.zeros((n, width))
            jacobian[:, SLOPE] = 1 / (sd * safe)
            residual = np.where(positive, (np.log(safe) - mean) / sd, np.inf)
            found.append((residual, jacobian, self.slope_share))
        if self.priors.difficulty is not None:
            mean, sd = self.priors.difficulty
            difficulty, jacobian_of = step_difficulties(items, layout)
            for step in range(layout.steps.shape[1]):
                share = layout.steps[:, step].astype(np.float64)
                found.append(((difficulty[:, step] - mean) / sd, jacobian_of[:, step] / sd, share))
        if self.priors.logit_c is not None:
            mean, sd = self.priors.logit_c
            jacobian = np.zeros((n, width))
            jacobian[:, -1] = 1 / sd
            guessing = (np.arange(n) >= layout.n_linear) & ~layout.graded
            found.append(((items[:, -1] - mean) / sd, jacobian, guessing.astype(np.float64)))
        return found


def step_difficulties(items: FloatArray, layout: Layout) -> tuple[FloatArray, FloatArray]:
    """Difficulties (J, M) of the steps and their derivatives (J, M, M + 2); 0 beyond an item's own."""
    n, width = items.shape
    intercepts = items[:, FIRST:-1]
    linear = np.arange(n) < layout.n_linear
    before = np.concatenate((np.zeros((n, 1)), intercepts[:, :-1]), axis=1)
    rise = np.where(linear[:, None], intercepts - before, intercepts)
    slope = np.where(items[:, SLOPE] == 0, np.finfo(np.float64).tiny, items[:, SLOPE])[:, None]
    with np.errstate(over="ignore"):
        difficulty = np.where(layout.steps, -rise / slope, 0.0)
    jacobian = np.zeros((n, width - 2, width))
    for step in range(width - 2):
        jacobian[:, step, FIRST + step] = -1 / slope[:, 0]
        if step:
            jacobian[:, step, step] = np.where(linear, 1 / slope[:, 0], 0.0)
    jacobian[:, :, SLOPE] = -difficulty / slope
    return difficulty, jacobian * layout.steps[:, :, None]
