"""Which items would tell most about a candidate?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters


def posterior_information(
    posterior: FloatArray, parameters: ItemParameters, *, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """Item information averaged over the posterior: (J,) for one candidate (Q,), (N, J) for (N, Q)."""
    return np.asarray(posterior @ item_information(grid.points, parameters), dtype=np.float64)


def rank_by_information(
    posterior: FloatArray,
    parameters: ItemParameters,
    *,
    grid: Grid = DEFAULT_GRID,
    allowed: ArrayLike | None = None,
) -> IntArray:
    """Positions of the allowed items (mask (J,), all by default), most informative first for one candidate.

    Equally informative items keep their order in the bank.
    """
    information = posterior_information(posterior, parameters, grid=grid)
    order = np.argsort(-information, kind="stable")
    if allowed is None:
        return np.asarray(order, dtype=np.int64)
    return np.asarray(order[np.asarray(allowed, dtype=np.bool_)[order]], dtype=np.int64)
