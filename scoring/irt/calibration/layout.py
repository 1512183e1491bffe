"""Which numbers are estimated, and where do they stand?

Inside a calibration an item is a slope, intercepts and the logit of c, one row of a table (J, M + 2):

    linear   log-odds of category k against 0:  k slope theta + intercept[k - 1]
    graded   log-odds of reaching category k:   slope theta + intercept[k - 1], intercepts falling
    guessing log-odds of knowing:               slope theta + intercept[0], and c = 1 / (1 + exp(-guess))
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scoring.irt.types import BoolArray, FloatArray, IntArray

SLOPE, FIRST = 0, 1  # columns of the table; the last one is the logit of c


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """A point of the search: items (J, M + 2), mean and log_sd (G,), coefficients (P,)."""

    items: FloatArray
    mean: FloatArray
    log_sd: FloatArray
    coefficients: FloatArray

    @property
    def flat(self) -> FloatArray:
        return np.concatenate((self.items.ravel(), self.mean, self.log_sd, self.coefficients))

    def from_flat(self, flat: FloatArray) -> Estimates:
        ends = np.cumsum([self.items.size, self.mean.size, self.log_sd.size])
        items, mean, log_sd, coefficients = np.split(flat, ends)
        return Estimates(items.reshape(self.items.shape), mean, log_sd, coefficients)

    def with_items(self, items: FloatArray) -> Estimates:
        return replace(self, items=items)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What is fixed about the search; the first `n_linear` items are linear.

    steps       (J, M)  which intercepts an item has
    counts      (n_linear, M)  weighted candidates in each category above 0
    graded      (J,)    graded response items; the other ones that are not linear have guessing
    block       (J,)    items with the same number share their slope
    index       flat place -> number of the free parameter, -1 where fixed or unused
    """

    n_linear: int
    steps: BoolArray
    counts: FloatArray
    graded: BoolArray
    block: IntArray
    index: IntArray
    n_free: int

    def pack(self, estimates: Estimates) -> FloatArray:
        free = self.index >= 0
        packed = np.empty(self.n_free)
        packed[self.index[free]] = estimates.flat[free]
        return packed

    def unpack(self, packed: FloatArray, template: Estimates) -> Estimates:
        flat = template.flat
        free = self.index >= 0
        flat[free] = packed[self.index[free]]
        return template.from_flat(flat)

    def free_items(self, like: FloatArray) -> BoolArray:
        """Mask (J, M + 2) of the free entries of the item table."""
        return np.asarray((self.index[: like.size] >= 0).reshape(like.shape))


def number_free(
    free_items: BoolArray,
    block: IntArray,
    *,
    mean: BoolArray,
    sd: BoolArray,
    n_coefficients: int,
) -> tuple[IntArray, int]:
    """`Layout.index` and the number of free parameters; slopes of one block share a number."""
    flat = np.concatenate((free_items.ravel(), mean, sd, np.ones(n_coefficients, dtype=np.bool_)))
    # Each place first names the place that stands for it: itself, or the first slope of its block.
    stands_for = np.arange(flat.size)
    n_columns = free_items.shape[1]
    _, first = np.unique(block, return_index=True)
    firsts = np.zeros(int(block.max(initial=0)) + 1, dtype=np.int64)
    firsts[block[first]] = first
    stands_for[: free_items.size : n_columns] = firsts[block] * n_columns
    heads = np.flatnonzero(flat & (stands_for == np.arange(flat.size)))
    number = np.full(flat.size, -1)
    number[heads] = np.arange(heads.size)
    return np.where(flat, number[stands_for], -1), int(heads.size)
