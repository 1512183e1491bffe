"""Which items would tell most about a candidate?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters

FloatTable = NDArray[np.float32]

# Between two of these points, 0.1 apart, straight lines miss the information of an item with a = 2.5 by less
# than 1 %, of one with a = 1 by less than 0.1 %.
SELECTION_GRID = Grid.uniform(101)

_CHUNK = 64  # candidates at a time: their scores for a bank of some thousands stay in the cache
_FLOOR = 1e-12
_TIE = np.float32(1 - 1e-6)


@dataclass(frozen=True, slots=True, eq=False)
class InformationTable:
    """Fisher information of the J items of a bank on a grid, made once.

    values  (Q, J)  float32, read-only, 1e-12 or more: products stay clear of denormal numbers, which are many
                    times slower, and 0 is left to mean "not allowed"
    """

    grid: Grid
    values: FloatTable

    @property
    def n_items(self) -> int:
        return int(self.values.shape[1])

    def at(self, theta: FloatArray) -> FloatTable:
        """Information (N, J) at theta (N,), linear between points; beyond the grid that of its end."""
        place = np.clip((theta - self.grid.points[0]) / self.grid.spacing, 0, self.grid.size - 1)
        left = np.minimum(place.astype(np.int64), self.grid.size - 2)
        below, result = self.values[left], self.values[left + 1]
        result -= below
        result *= (place - left).astype(np.float32)[:, None]
        result += below
        return np.asarray(result, dtype=np.float32)

    def over(self, posterior: FloatArray) -> FloatTable:
        """Information (N, J) averaged over posteriors (N, Q) on the table's grid."""
        weights = np.where(posterior < _FLOOR, 0.0, posterior).astype(np.float32)
        return np.asarray(weights @ self.values, dtype=np.float32)


def information_table(parameters: ItemParameters, *, grid: Grid = SELECTION_GRID) -> InformationTable:
    """The table of a bank; items of different models may be mixed."""
    values = np.empty((grid.size, parameters.n_items), dtype=np.float32)
    step = 8  # points at a time: what the derivatives need stays in the cache
    for start in range(0, grid.size, step):
        part = item_information(grid.points[start : start + step], parameters)
        values[start : start + step] = np.maximum(part, _FLOOR)
    values.setflags(write=False)
    return InformationTable(grid=grid, values=values)


def most_informative(
    table: InformationTable, theta: ArrayLike, *, allowed: ArrayLike | None = None
) -> IntArray:
    """Position (N,) of the item with most information at each estimate theta (N,); -1 where none is allowed.

    allowed: mask (J,) for everybody or (N, J); all items by default. Of equally informative items (to one in
    a million) the first in the bank is taken. Raises ValueError naming a candidate whose theta is not finite.
    """
    estimate = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    if not np.isfinite(estimate).all():
        candidate = int(np.flatnonzero(~np.isfinite(estimate))[0])
        raise ValueError(f"candidate {candidate}: theta is {estimate[candidate]}; give a finite estimate")
    return _first_best(table, estimate, table.at, allowed)


def most_informative_on_average(
    table: InformationTable, posterior: FloatArray, *, allowed: ArrayLike | None = None
) -> IntArray:
    """Position (N,) of the item with most information averaged over each posterior (N, Q).

    Posterior-weighted information (van der Linden 1998, with the prior in the weights). The posterior must
    lie on the table's grid. allowed, ties and -1 as in `most_informative`.
    """
    weights = np.atleast_2d(posterior)
    if weights.shape[1] != table.grid.size:
        raise ValueError(
            f"posteriors have {weights.shape[1]} points, the table {table.grid.size}: make both on one grid"
        )
    return _first_best(table, weights, table.over, allowed)


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


def _first_best(
    table: InformationTable,
    candidates: FloatArray,
    score_of: Callable[[FloatArray], FloatTable],
    allowed: ArrayLike | None,
) -> IntArray:
    n = candidates.shape[0]
    mask = None if allowed is None else _mask(allowed, n, table.n_items)
    best = np.empty(n, dtype=np.int64)
    for start in range(0, n, _CHUNK):
        rows = slice(start, start + _CHUNK)
        score = score_of(candidates[rows])
        if mask is not None:
            score *= mask[rows]  # several times faster than a masked assignment
        top = score.max(axis=1, initial=0)
        # Matrix products round equal columns differently, so equal is what is equal to six digits.
        best[rows] = np.where(top > 0, (score >= top[:, None] * _TIE).argmax(axis=1), -1)
    return best


def _mask(allowed: ArrayLike, n: int, n_items: int) -> BoolArray:
    mask = np.asarray(allowed, dtype=np.bool_)
    if mask.shape not in ((n_items,), (n, n_items)):
        raise ValueError(f"allowed has shape {mask.shape}, expected ({n_items},) or ({n}, {n_items})")
    return np.broadcast_to(mask, (n, n_items))
