"""What may stand in a table of responses, and what does each missing response count as?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import (
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    IntArray,
    MissingRule,
    ResponseArray,
)


def resolve_missing(
    responses: ArrayLike,
    n_categories: IntArray | None,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> ResponseArray:
    """Responses (N, J) with only categories and -1 left, as int8.

    Codes: 0 and above the category, -1 not presented, -2 omitted, -3 not reached. `n_categories` (J,), or
    None where any category up to 126 may occur. Raises ValueError naming the first candidate and item,
    counted from 0, whose code there is not.
    """
    codes = np.atleast_2d(np.asarray(responses))
    codes = codes.astype(np.int8) if codes.dtype == np.bool_ else codes
    n_items = codes.shape[1] if n_categories is None else n_categories.size
    if codes.ndim != 2 or codes.shape[1] != n_items:
        raise ValueError(f"responses have shape {codes.shape}, expected (N, {n_items})")
    if not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(
            f"responses must be whole numbers, not {codes.dtype}; put -1 where nothing was presented"
        )
    # Two passes over the extremes are much quicker than a mask of the whole table.
    lowest = codes.min(initial=0, axis=0)
    highest = codes.max(initial=0, axis=0)
    limit = np.full(n_items, 127) if n_categories is None else n_categories
    if (lowest < NOT_REACHED).any() or (highest >= limit).any():
        row, column = (int(place) for place in np.argwhere((codes < NOT_REACHED) | (codes >= limit))[0])
        raise ValueError(f"candidate {row}, item {column}: no category {int(codes[row, column])}")
    resolved: ResponseArray = codes.astype(np.int8)
    for code, rule in ((OMITTED, omitted), (NOT_REACHED, not_reached)):
        count_as = 0 if MissingRule(rule) is MissingRule.CATEGORY_ZERO else NOT_PRESENTED
        if (lowest <= code).any():
            resolved[resolved == code] = count_as
    return resolved
