"""At a given ability, how likely is each total of points on a form?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities, own_categories
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters


def score_distribution(
    parameters: ItemParameters, category_points: ArrayLike, *, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """P(total | theta), shape (Q, S) for totals 0 to S - 1, each row summing to 1.

    category_points (J, K_max): whole points (here half-points) of each category, 0 beyond an item's own.
    Lord & Wingersky (1984), for more than two categories as in Thissen et al. (1995).
    """
    return score_distribution_at(grid.points, parameters, category_points)


def score_distribution_at(
    theta: ArrayLike, parameters: ItemParameters, category_points: ArrayLike
) -> FloatArray:
    """The same at any abilities theta (Q,), in any order."""
    points = check_category_points(parameters, category_points)
    p = category_probabilities(theta, parameters)
    result = np.ones((p.shape[0], 1))
    for item, n_categories in enumerate(parameters.n_categories):
        result = add_item(result, p[:, item, :n_categories], points[item, :n_categories])
    return result


def add_item(distribution: FloatArray, p: FloatArray, points: IntArray) -> FloatArray:
    """P(total | theta) (Q, S + max(points)) from that of the items before (Q, S) and one item's p (Q, K)."""
    n_totals = distribution.shape[1]
    result = np.zeros((distribution.shape[0], n_totals + int(points.max())))
    for category, gain in enumerate(points):
        result[:, gain : gain + n_totals] += distribution * p[:, category, None]
    return result


def check_category_points(parameters: ItemParameters, category_points: ArrayLike) -> IntArray:
    """The table (J, K_max) as int64; raises ValueError unless points are whole, start at 0 and never fall."""
    points = np.asarray(category_points)
    expected = (parameters.n_items, parameters.max_categories)
    if points.shape != expected:
        raise ValueError(f"category points have shape {points.shape}, expected {expected}")
    if not np.issubdtype(points.dtype, np.integer):
        raise ValueError(f"category points must be whole numbers, not {points.dtype}")
    own = own_categories(parameters)
    falls = (np.diff(points, axis=1) < 0) & own[:, 1:]
    bad = (points[:, 0] != 0) | falls.any(axis=1) | ((points != 0) & ~own).any(axis=1)
    if bad.any():
        item = int(np.flatnonzero(bad)[0])
        raise ValueError(f"item {item}: points must start at 0, never fall and be 0 beyond its categories")
    return points.astype(np.int64)
