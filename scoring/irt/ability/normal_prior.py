"""From which normal population does each candidate come?"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray, IntArray

_MOST_OUTSIDE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class NormalPrior:
    """Mean and sd of the population, (N,) where candidates differ, else (1,)."""

    mean: FloatArray
    sd: FloatArray

    @classmethod
    def of(cls, mean: ArrayLike, sd: ArrayLike, *, n_candidates: int) -> NormalPrior:
        """Raises ValueError unless each is one number or one for each candidate, finite, and sd positive."""
        parts = []
        for name, given in (("prior_mean", mean), ("prior_sd", sd)):
            part = np.atleast_1d(np.asarray(given, dtype=np.float64))
            if part.shape not in ((1,), (n_candidates,)):
                raise ValueError(f"{name} has shape {part.shape}, expected one number or ({n_candidates},)")
            bad = ~np.isfinite(part) if name == "prior_mean" else ~(np.isfinite(part) & (part > 0))
            if bad.any():
                place = int(np.flatnonzero(bad)[0])
                kind = "finite" if name == "prior_mean" else "finite and positive"
                raise ValueError(f"candidate {place}: {name} must be {kind}, not {part[place]}")
            parts.append(part)
        return cls(*parts)

    def select(self, candidates: slice | IntArray) -> NormalPrior:
        """The prior of these candidates, in this order."""
        return NormalPrior(*(part if part.size == 1 else part[candidates] for part in (self.mean, self.sd)))

    def require_within(self, grid: Grid) -> None:
        """Raises ValueError naming the first candidate of whose prior more than 1e-4 is outside the grid."""
        low, high = ((grid.edges[place] - self.mean) / self.sd for place in (0, -1))
        outside = _normal_below(low) + _normal_below(-high)
        if (outside > _MOST_OUTSIDE).any():
            place = int(np.flatnonzero(outside > _MOST_OUTSIDE)[0])
            mean, sd = (float(part[place if part.size > 1 else 0]) for part in (self.mean, self.sd))
            raise ValueError(
                f"candidate {place}: {outside[place]:.2g} of the prior N({mean:g}, {sd:g}^2) lies outside "
                f"the grid from {grid.points[0]:g} to {grid.points[-1]:g}; give a wider grid"
            )

    def log_density(self, theta: FloatArray) -> FloatArray:
        """At theta (Q,), but for a constant of each candidate: (Q, N), or (Q, 1) if all share the prior."""
        return np.asarray(-0.5 * ((theta[:, None] - self.mean) / self.sd) ** 2)

    def slope(self, theta: FloatArray) -> FloatArray:
        """Derivative of the log-density by theta, same shape."""
        return np.asarray((self.mean - theta[:, None]) / self.sd**2)


def _normal_below(z: FloatArray) -> FloatArray:
    different, place = np.unique(z, return_inverse=True)
    return np.array([erfc(-one / sqrt(2)) / 2 for one in different.tolist()])[place]
