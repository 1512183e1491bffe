"""How far apart are two versions of the same items, where the candidates are?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import expected_points, own_categories
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import FloatArray, ItemParameters


class CurveGap(NamedTuple):
    """Differences between the expected shares of an item's points, averaged over a population.

    mean     (J,)  second minus first, between -1 and 1
    squared  (J,)  mean square (D squared of Wells, Hambleton, Kirkpatrick & Meng 2014); NaN both for an item
                   without points
    """

    mean: FloatArray
    squared: FloatArray


def curve_gap(
    first: ItemParameters,
    second: ItemParameters,
    *,
    category_points: ArrayLike | None = None,
    grid: Grid = DEFAULT_GRID,
    population: ArrayLike | None = None,
) -> CurveGap:
    """The gap between J items of two calibrations on one scale.

    category_points (J, K_max): the number of the category if not given. population: weights (Q,) over the
    grid, N(0, 1) if not given. Raises ValueError for items of different numbers of categories.
    """
    if not np.array_equal(first.n_categories, second.n_categories):
        raise ValueError(
            "curves of the same items are compared: give equal numbers of categories in one order"
        )
    weights = normal_weights(grid) if population is None else np.asarray(population, dtype=np.float64)
    if weights.shape != (grid.size,) or not ((weights >= 0).all() and weights.any()):
        raise ValueError(f"population must be {grid.size} weights of at least 0, one a grid point, not all 0")
    own = own_categories(first)
    numbers = np.where(own, np.arange(first.max_categories), 0)
    points = check_category_points(first, numbers if category_points is None else category_points)
    first, second = first.trimmed(), second.trimmed()
    points = points[:, : first.max_categories]
    best = points.max(axis=1, initial=0).astype(np.float64)
    gained = expected_points(grid.points, second, points) - expected_points(grid.points, first, points)
    share = gained / np.where(best > 0, best, np.nan)
    density = weights / weights.sum()
    return CurveGap(mean=density @ share, squared=density @ share**2)
