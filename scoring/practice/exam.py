"""What does the exam ask for? The reference form, looked at by domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from scoring.domains import expected_share
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.score_distribution import check_category_points, score_distribution
from scoring.irt.types import FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, eq=False)
class Exam:
    """The R items of a reference form: parameters, half-points per category (R, K_max), domain codes.

    levels: least half-points of the second and higher performance levels, ascending; empty without any.
    """

    domains: tuple[str, ...]
    parameters: ItemParameters
    half_points: IntArray
    levels: tuple[int, ...] = ()
    grid: Grid = DEFAULT_GRID

    @classmethod
    def of(
        cls,
        domains: Sequence[str],
        parameters: ItemParameters,
        half_points: ArrayLike,
        *,
        levels: Sequence[int] = (),
        grid: Grid = DEFAULT_GRID,
    ) -> Exam:
        """ValueError unless there is a domain and a valid row of half-points for each item."""
        points = check_category_points(parameters, half_points)
        if len(domains) != parameters.n_items:
            raise ValueError(f"{len(domains)} domains for {parameters.n_items} items")
        return cls(tuple(domains), parameters, points, tuple(levels), grid)

    @cached_property
    def shares(self) -> Mapping[str, FloatArray]:
        """Domain → expected share (Q,) of its points on the form at each ability."""
        return {
            domain: expected_share(self.parameters.select(rows), self.half_points[rows], grid=self.grid)
            for domain, rows in self._rows.items()
        }

    @cached_property
    def domain_half_points(self) -> Mapping[str, int]:
        """Domain → the half-points it can bring."""
        best = self.half_points.max(axis=1)
        return {domain: int(best[rows].sum()) for domain, rows in self._rows.items()}

    @cached_property
    def score_distribution(self) -> FloatArray:
        """P(total of half-points | theta), (Q, S)."""
        return score_distribution(self.parameters, self.half_points, grid=self.grid)

    def rise(self, domain: str, step: float) -> FloatArray:
        """Half-points (Q,) that the domain brings more at each ability if it grew by `step`; 0 if unknown.

        Between the points of the grid the share runs straight; beyond its ends it stays.
        """
        if (domain, step) not in self._rises:
            self._rises[domain, step] = self._rise(domain, step)
        return self._rises[domain, step]

    def _rise(self, domain: str, step: float) -> FloatArray:
        if domain not in self.shares:
            return np.zeros(self.grid.size)
        share, points = self.shares[domain], self.grid.points
        later = np.interp(points + step, points, share)
        return np.asarray(self.domain_half_points[domain] * (later - share), dtype=np.float64)

    @cached_property
    def _rises(self) -> dict[tuple[str, float], FloatArray]:
        return {}

    @cached_property
    def _rows(self) -> dict[str, IntArray]:
        names = np.array(self.domains)
        return {str(domain): np.flatnonzero(names == domain) for domain in dict.fromkeys(self.domains)}
