"""What does the exam ask for? The reference form, looked at by domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from scoring.domains import expected_share
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, eq=False)
class Exam:
    """The R items of a reference form: parameters, half-points per category (R, K_max), domain codes.

    standards: code of each item's; none at all where they are not known. breadth: domain → number of
    standards that an exam may ask there, 1 where nothing is said.
    """

    domains: tuple[str, ...]
    parameters: ItemParameters
    half_points: IntArray
    standards: tuple[str, ...] = ()
    breadth: Mapping[str, int] = field(default_factory=dict)
    grid: Grid = DEFAULT_GRID

    @classmethod
    def of(
        cls,
        domains: Sequence[str],
        parameters: ItemParameters,
        half_points: ArrayLike,
        *,
        standards: Sequence[str] = (),
        breadth: Mapping[str, int] | None = None,
        grid: Grid = DEFAULT_GRID,
    ) -> Exam:
        """ValueError unless there is a domain (and a standard, where there are any) and a valid row of
        half-points for each item.
        """
        points = check_category_points(parameters, half_points)
        if len(domains) != parameters.n_items:
            raise ValueError(f"{len(domains)} domains for {parameters.n_items} items")
        if standards and len(standards) != parameters.n_items:
            raise ValueError(f"{len(standards)} standards for {parameters.n_items} items")
        return cls(tuple(domains), parameters, points, tuple(standards), dict(breadth or {}), grid)

    def rise(self, domain: str, step: float) -> FloatArray:
        """Half-points (Q,) that the domain brings more at each ability if it grew by `step`; 0 if unknown.

        Between the points of the grid the share runs straight; beyond its ends it stays.
        """
        if (domain, step) not in self._rises:
            self._rises[domain, step] = self._rise(self._rows.get(domain), step)
        return self._rises[domain, step]

    def standard_rises(self, homes: Sequence[tuple[str, str]], step: float, repeats: float) -> FloatArray:
        """Half-points (S, Q) that each standard brings more at each ability if it grew by `step`; homes: the
        standard and its domain.

        The coming exam is taken to ask the standards of this form for the part `repeats` of its points, and
        for the rest any standard of the domain alike.
        """
        key = (tuple(homes), step, repeats)
        if key not in self._standard_rises:
            rows = [self._standard_rise(*home, step, repeats) for home in homes]
            self._standard_rises[key] = np.array(rows).reshape(-1, self.grid.size)
        return self._standard_rises[key]

    def _standard_rise(self, standard: str, domain: str, step: float, repeats: float) -> FloatArray:
        here = [place for place, code in enumerate(self.standards) if code == standard]
        own = self._rise(np.array(here, dtype=np.int64) if here else None, step)
        return repeats * own + (1 - repeats) * self.rise(domain, step) / self.breadth.get(domain, 1)

    def _rise(self, rows: IntArray | None, step: float) -> FloatArray:
        if rows is None:
            return np.zeros(self.grid.size)
        share = expected_share(self.parameters.select(rows), self.half_points[rows], grid=self.grid)
        later = np.interp(self.grid.points + step, self.grid.points, share)
        most = int(self.half_points[rows].max(axis=1).sum())
        return np.asarray(most * (later - share), dtype=np.float64)

    @cached_property
    def _rises(self) -> dict[tuple[str, float], FloatArray]:
        return {}

    @cached_property
    def _standard_rises(self) -> dict[tuple[tuple[tuple[str, str], ...], float, float], FloatArray]:
        return {}

    @cached_property
    def _rows(self) -> dict[str, IntArray]:
        names = np.array(self.domains)
        return {str(domain): np.flatnonzero(names == domain) for domain in dict.fromkeys(self.domains)}
