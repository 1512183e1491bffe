"""How likely is each total on a form without one of its items?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scoring.irt.score_distribution import add_item
from scoring.irt.types import FloatArray, IntArray


def rest_score_distributions(
    p: FloatArray, category_points: IntArray, n_categories: IntArray
) -> Iterator[tuple[int, FloatArray]]:
    """Each item's number and P(total of all other items | theta), shape (Q, S - the item's best).

    p (Q, J, K_max); category_points (J, K_max), 0 beyond an item's own categories (J,).
    Nothing is ever divided out, which would lose digits: halves of the form are left out by turns, and what
    stays is shared by all items of the half, so J items cost about J log2(J) steps of the recursion.
    """
    halves = [(0, p.shape[1], np.ones((p.shape[0], 1)))]
    while halves:
        start, stop, outside = halves.pop()
        if stop - start == 1:
            yield start, outside
        elif stop > start:
            middle = (start + stop) // 2
            left = _with_items(outside, range(middle, stop), p, category_points, n_categories)
            right = _with_items(outside, range(start, middle), p, category_points, n_categories)
            halves += [(middle, stop, right), (start, middle, left)]


def _with_items(
    distribution: FloatArray, items: range, p: FloatArray, category_points: IntArray, n_categories: IntArray
) -> FloatArray:
    for item in items:
        own = slice(0, int(n_categories[item]))
        distribution = add_item(distribution, p[:, item, own], category_points[item, own])
    return distribution
