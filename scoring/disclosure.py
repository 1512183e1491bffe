"""Which cells of a published table of counts must be hidden so that no small group can be read out of it?

Hidden are, first, all counts below the threshold, totals included. Then enough further cells that no hidden
cell can be worked out from the row totals, column totals and grand total, even by a reader who knows that
counts are never negative.

How. Rows and columns (the totals are one more row and one more column) are the nodes of a graph and the
hidden cells its edges. A hidden cell can have another value exactly when one unit can be moved around a
cycle of hidden cells through it; a count of 0 cannot give a unit away. If there is no such cycle, the
cheapest path that closes one is found (Dijkstra) and its cells are hidden too. Cheap means few people;
totals cost more than all inner cells. Raising a cell with its row total, its column total and the grand
total is always a cycle, so a path always exists. Hiding more cells never breaks a cycle, so one pass over
the hidden cells is enough.

Counts only. For means or shares by cell, hide what is hidden for the counts they rest on.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import BoolArray, IntArray

_Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """True = hidden: cells (R, C), row totals (R,), column totals (C,) and the grand total."""

    cells: BoolArray
    row_totals: BoolArray
    column_totals: BoolArray
    total: bool


def suppress(table: ArrayLike, *, threshold: int = 10) -> Suppression:
    """What to hide of a table of counts (R, C) published with all its totals.

    Deterministic; ValueError for anything but whole, non-negative counts in two dimensions.
    """
    counts = np.asarray(table)
    if counts.ndim != 2 or not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError("a table of counts has two dimensions and whole numbers from 0")
    extended = _with_totals(counts.astype(np.int64))
    hidden = extended < threshold
    for row, column in np.argwhere(hidden):
        cell = (int(row), int(column))
        for also in _cheapest_protection(cell, extended, hidden):
            hidden[also] = True
    return Suppression(
        cells=hidden[:-1, :-1],
        row_totals=hidden[:-1, -1],
        column_totals=hidden[-1, :-1],
        total=bool(hidden[-1, -1]),
    )


def _with_totals(counts: IntArray) -> IntArray:
    rows = np.concatenate((counts, counts.sum(axis=1, keepdims=True)), axis=1)
    return np.concatenate((rows, rows.sum(axis=0, keepdims=True)), axis=0)


def _cheapest_protection(cell: _Cell, extended: IntArray, hidden: BoolArray) -> list[_Cell]:
    """Cells of the cheapest cycle through `cell`, already hidden ones costing nothing."""
    ways = [_close(cell, extended, hidden, upwards=upwards) for upwards in (True, False)]
    possible = [way for way in ways if way is not None]
    return min(possible)[1]


def _close(
    cell: _Cell, extended: IntArray, hidden: BoolArray, *, upwards: bool
) -> tuple[int, list[_Cell]] | None:
    """Shortest way back from one end of `cell` to the other: (cost, cells), None where there is none.

    Flow runs from a row to a column where an inner cell or the grand total rises or a row or column total
    falls, and back where the reverse happens; with these signs every row and every column has to balance to
    zero.
    """
    n_rows, n_columns = extended.shape
    row, column = cell
    if not _can_move(cell, extended, to_column=upwards):
        return None
    # Nodes: rows first, then columns.
    start, goal = (n_rows + column, row) if upwards else (row, n_rows + column)
    best = {start: 0}
    came: dict[int, tuple[int, _Cell]] = {}
    queue = [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            return cost, _walk_back(came, start, goal)
        if cost > best[node]:
            continue
        to_column = node < n_rows
        for other in range(n_columns if to_column else n_rows):
            step = (node, other) if to_column else (other, node - n_rows)
            if step == cell or not _can_move(step, extended, to_column=to_column):
                continue
            target = n_rows + other if to_column else other
            reached = cost + (0 if hidden[step] else _price(step, extended))
            if reached < best.get(target, reached + 1):
                best[target] = reached
                came[target] = (node, step)
                heapq.heappush(queue, (reached, target))
    return None


def _can_move(cell: _Cell, extended: IntArray, *, to_column: bool) -> bool:
    rises = to_column != _is_margin(cell, extended)
    return bool(rises or extended[cell] > 0)


def _is_margin(cell: _Cell, extended: IntArray) -> bool:
    """A row or column total; the grand total has the sign of an inner cell."""
    last_row, last_column = extended.shape[0] - 1, extended.shape[1] - 1
    return bool((cell[0] == last_row) != (cell[1] == last_column))


def _price(cell: _Cell, extended: IntArray) -> int:
    everyone = int(extended[-1, -1]) + extended.size
    on_edge = int(cell[0] == extended.shape[0] - 1) + int(cell[1] == extended.shape[1] - 1)
    return int(extended[cell]) + 1 + on_edge * everyone


def _walk_back(came: dict[int, tuple[int, _Cell]], start: int, goal: int) -> list[_Cell]:
    cells = []
    node = goal
    while node != start:
        node, cell = came[node]
        cells.append(cell)
    return cells
