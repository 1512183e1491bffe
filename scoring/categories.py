"""Which categories does an item have in the model, given the half-points it can bring?

An item scored in parts has a table of half-points by number of correct parts, such as [0, 0, 1, 2]. The
model needs consecutive categories, one for each half-point value that can occur: 0, 1, 2 here, but only 0
and 2, that is a dichotomous item, for [0, 0, 0, 0, 2].
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import IntArray, ResponseArray


def distinct_half_points(table: Sequence[int]) -> tuple[int, ...]:
    """Half-point value of each category, ascending; ValueError unless it starts at 0 and never falls."""
    values = [int(value) for value in table]
    if len(values) < 2 or values[0] != 0 or values[-1] <= 0 or values != sorted(values):
        raise ValueError(f"half-point table {list(table)} must start at 0, never fall and end above 0")
    return tuple(sorted(set(values)))


def category_half_points(tables: Sequence[Sequence[int]]) -> IntArray:
    """Half-points of each category, shape (J, K_max), 0 beyond an item's own categories."""
    rows = [distinct_half_points(table) for table in tables]
    result = np.zeros((len(rows), max((len(row) for row in rows), default=2)), dtype=np.int64)
    for item, row in enumerate(rows):
        result[item, : len(row)] = row
    return result


def to_categories(half_points: ArrayLike, categories: IntArray) -> ResponseArray:
    """Categories (N, J) from half-points (N, J), given `categories` from `category_half_points`.

    Negative codes (not presented, omitted, not reached) pass unchanged. ValueError for a value an item cannot
    bring, naming the row and the item.
    """
    values = np.atleast_2d(np.asarray(half_points, dtype=np.int64))
    same = values[:, :, None] == categories
    known = (values < 0) | same.any(axis=2)
    if not known.all():
        row, item = (int(place) for place in np.argwhere(~known)[0])
        raise ValueError(f"row {row}, item {item}: it cannot bring {int(values[row, item])} half-points")
    # argmax finds the first match, so the padding zeros beyond an item's own categories are never taken.
    return np.where(values < 0, values, same.argmax(axis=2)).astype(np.int8)
