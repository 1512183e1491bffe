"""On which points of the theta scale do we compute, and with which prior weights?

A uniform grid rather than Gauss-Hermite nodes: the trapezoid rule on a smooth density has an error of about
2 exp(-2 pi^2 sd^2 / h^2), already negligible when the spacing h is 1.2 times the smallest posterior sd.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Equally spaced, ascending theta values; `points` has shape (Q,)."""

    points: FloatArray

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=np.float64)
        if points.ndim != 1 or points.size < 3:
            raise ValueError("a grid needs at least three points")
        gaps = np.diff(points)
        if gaps[0] <= 0 or not np.allclose(gaps, gaps[0], rtol=1e-9, atol=0):
            raise ValueError("grid points must ascend in equal steps")
        points.setflags(write=False)
        object.__setattr__(self, "points", points)

    @classmethod
    def uniform(cls, n_points: int = 41, low: float = -5.0, high: float = 5.0) -> Grid:
        return cls(np.linspace(low, high, n_points))

    @property
    def size(self) -> int:
        return int(self.points.size)

    @property
    def spacing(self) -> float:
        return float((self.points[-1] - self.points[0]) / (self.points.size - 1))

    @property
    def edges(self) -> FloatArray:
        """Borders (Q + 1,) of the cells around the points."""
        return np.append(self.points, self.points[-1] + self.spacing) - self.spacing / 2


DEFAULT_GRID = Grid.uniform()


def normal_weights(grid: Grid, mean: ArrayLike = 0.0, sd: ArrayLike = 1.0) -> FloatArray:
    """Normal density over the grid, scaled to sum to 1: (Q,), or (N, Q) for N means or sds."""
    mean = np.asarray(mean, dtype=np.float64)[..., None]
    sd = np.asarray(sd, dtype=np.float64)[..., None]
    if not (sd > 0).all():
        raise ValueError("a standard deviation must be positive")
    exponent = -0.5 * ((grid.points - mean) / sd) ** 2
    weights = np.exp(exponent - exponent.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float64)


def diffusion_kernel(grid: Grid, sd: float) -> FloatArray:
    """Matrix (Q, Q) with rows summing to 1: `posterior @ kernel` is the posterior of theta + N(0, sd^2).

    Mass that would leave the grid stays at its ends.
    """
    return normal_weights(grid, mean=grid.points, sd=sd)
