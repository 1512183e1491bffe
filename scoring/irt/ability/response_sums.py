"""What do the responses of many candidates add up to, at each point of theta?

Everything that scoring needs is a sum over items: the log-likelihood, its slope, the information. The sums of
many candidates at many points are matrix products. Points stand in rows, so that what follows runs along
candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.irt.types import IntArray, ResponseArray

_Float = TypeVar("_Float", np.float32, np.float64)

CHUNK = 8192  # candidates at a time: memory beyond data and result stays flat, and near to the processor


def chunks(n_candidates: int) -> Iterator[slice]:
    """Slices of at most CHUNK that cover the candidates in order."""
    for start in range(0, n_candidates, CHUNK):
        yield slice(start, min(start + CHUNK, n_candidates))


def sum_over_responses(
    codes: ResponseArray | IntArray, table: NDArray[_Float], n_categories: IntArray
) -> NDArray[_Float]:
    """Sum (Q, n) of table[q, j, response to j] over the items j that each candidate met.

    codes (n, J): categories, negative where there is nothing to add; n_categories (J,); table (Q, J, K), in
    whose precision all is done, finite in the categories each item has and not read in others.
    """
    # Category 0 is where everybody starts, so that dichotomous items take one product and not two.
    start = np.ascontiguousarray(table[:, :, 0])
    total = sum_over_presented(codes, start)
    for category in range(1, table.shape[2]):
        has_it = n_categories > category
        own = slice(None) if has_it.all() else np.flatnonzero(has_it)
        gain = np.ascontiguousarray(table[:, own, category] - start[:, own])
        gained = gain @ (codes[:, own] == category).astype(table.dtype).T
        gained += total
        total = gained
    return total


def sum_over_presented(codes: ResponseArray | IntArray, table: NDArray[_Float]) -> NDArray[_Float]:
    """Sum of table[q, j] over the items j each candidate met: (Q, n), or (Q, 1) where everybody met all."""
    if codes.min(initial=0) >= 0:
        return np.asarray(table.sum(axis=1, keepdims=True), dtype=table.dtype)
    return np.asarray(table @ (codes >= 0).astype(table.dtype).T, dtype=table.dtype)
