"""From which normal population does each candidate come?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray, IntArray


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

    def log_density(self, theta: FloatArray) -> FloatArray:
        """At theta (Q,), but for a constant of each candidate: (Q, N), or (Q, 1) if all share the prior."""
        return np.asarray(-0.5 * ((theta[:, None] - self.mean) / self.sd) ** 2)

    def slope(self, theta: FloatArray) -> FloatArray:
        """Derivative of the log-density by theta, same shape."""
        return np.asarray((self.mean - theta[:, None]) / self.sd**2)
