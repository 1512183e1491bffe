"""In which shape are responses quickest to go through, again and again?

Candidates are sorted into segments: one group and one set of items presented. Within a segment the responses
to items of an exponential family (Rasch to generalised partial credit) speak through one number, the sum of
slope times category; items of other models get a row of zeros and ones for each category above the lowest.
Where nearly every candidate met another set of items, there are segments for the groups only, and being
presented becomes one more row for each item.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.irt.types import BoolArray, FloatArray, IntArray, ResponseArray

Float32Array = NDArray[np.float32]

_FEW_ITEMS = 12  # up to so many, whole patterns repeat often enough to be counted once
_MOST_SEGMENTS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """R rows of candidates (or of equal patterns, with their weight), sorted by segment.

    linear, tabled    (JL,), (JT,)  which of the J items (columns of `codes`) are of which kind
    scores            (JL, R)  categories of the linear items, 0 where not presented
    hits              (C, R)   1 where the response is that category of a tabled item; then, where
                               `irregular`, 1 where the item was presented, linear items first
    hit_item, hit_category  (C,)  of the rows that are categories, place among the tabled items
    weights           (R,)
    codes             (R, J)   as given, for standard errors; empty where rows are sums of several patterns
    starts            (S + 1,)  where each segment begins, and the end
    presented         (S, JL + JT)  linear items first; all True where `irregular`
    group             (S,)     which population each segment is drawn from
    covariates        (R, P)   empty without regression
    """

    linear: IntArray
    tabled: IntArray
    scores: NDArray[np.floating]
    hits: Float32Array
    hit_item: IntArray
    hit_category: IntArray
    weights: FloatArray
    codes: ResponseArray
    starts: IntArray
    presented: BoolArray
    group: IntArray
    covariates: FloatArray
    irregular: bool

    @property
    def n_rows(self) -> int:
        return int(self.weights.size)

    @property
    def n_segments(self) -> int:
        return int(self.group.size)

    def segment_of(self, rows: IntArray) -> IntArray:
        return np.searchsorted(self.starts, rows, side="right") - 1

    def pieces(self, start: int, stop: int) -> list[tuple[int, int, int]]:
        """The segments among the rows from start to stop: (segment, first, last + 1), counted from start."""
        first = int(np.searchsorted(self.starts, start, side="right")) - 1
        last = int(np.searchsorted(self.starts, stop, side="left"))
        return [
            (
                segment,
                max(int(self.starts[segment]) - start, 0),
                min(int(self.starts[segment + 1]), stop) - start,
            )
            for segment in range(first, last)
            if self.starts[segment + 1] > self.starts[segment]
        ]


def prepare(
    codes: ResponseArray,
    *,
    linear: IntArray,
    tabled: IntArray,
    n_categories: IntArray,
    group: IntArray,
    weights: FloatArray,
    covariates: FloatArray,
    equal_slopes: bool,
) -> Data:
    """Sort and fold responses (N, J) that hold categories and -1.

    group (N,) from 0; weights (N,) positive; covariates (N, P). Candidates without any response are left out,
    for they say nothing. equal_slopes: all items are linear with one common slope, so that candidates of a
    segment with the same sum are one row.
    """
    items = np.concatenate((linear, tabled))
    whole = items.size == codes.shape[1] and np.array_equal(items, np.arange(items.size))
    used = codes if whole else codes[:, items]
    used, group, weights, covariates = _without_empty(used, group, weights, covariates)
    if covariates.shape[1] == 0 and items.size <= _FEW_ITEMS:
        used, group, weights, covariates = _fold_patterns(used, group, weights, n_categories[items])
    segment, presented, irregular = _segments(used, group)
    n_groups = int(group.max(initial=0)) + 1
    if irregular:
        segment, segment_group = group, np.arange(n_groups)
    else:
        segment_group = np.zeros(presented.shape[0], dtype=np.int64)
        segment_group[segment] = group
    if (np.diff(segment) < 0).any():
        order = _order(segment, segment_group.size)
        used, segment, weights, covariates = used[order], segment[order], weights[order], covariates[order]
    starts = np.searchsorted(segment, np.arange(segment_group.size + 1))
    scores = np.ascontiguousarray(used[:, : linear.size].T, dtype=np.float32)
    if used.min(initial=0) < 0:
        np.maximum(scores, 0, out=scores)
    hits, hit_item, hit_category = _hits(used, linear.size, n_categories[tabled], irregular=irregular)
    rows: NDArray[np.floating]
    if equal_slopes and not irregular and tabled.size == 0 and covariates.shape[1] == 0:
        rows, weights, starts, covariates = _fold_sums(scores, weights, starts)
        hits, used = hits[:, : weights.size], used[:0]
    else:
        rows = scores
    return Data(
        linear=linear,
        tabled=tabled,
        scores=rows,
        hits=hits,
        hit_item=hit_item,
        hit_category=hit_category,
        weights=weights,
        codes=used,
        starts=starts,
        presented=presented,
        group=segment_group,
        covariates=covariates,
        irregular=irregular,
    )


def _order(segment: IntArray, n_segments: int) -> IntArray:
    # Numbers of 16 bits NumPy sorts by counting.
    short = segment.astype(np.uint16) if n_segments <= 1 << 16 else segment
    return np.argsort(short, kind="stable")


def _without_empty(
    codes: ResponseArray, group: IntArray, weights: FloatArray, covariates: FloatArray
) -> tuple[ResponseArray, IntArray, FloatArray, FloatArray]:
    if codes.min(initial=0) >= 0 and weights.all():
        return codes, group, weights, covariates
    met = (codes >= 0).any(axis=1) & (weights > 0)
    return (
        (codes, group, weights, covariates)
        if met.all()
        else (codes[met], group[met], weights[met], covariates[met])
    )


def _fold_patterns(
    codes: ResponseArray, group: IntArray, weights: FloatArray, n_categories: IntArray
) -> tuple[ResponseArray, IntArray, FloatArray, FloatArray]:
    """Equal rows of a group become one with their weights added, where that at least halves them."""
    if math.prod(int(n) + 1 for n in n_categories) * (int(group.max(initial=0)) + 1) >= 1 << 62:
        return codes, group, weights, np.zeros((codes.shape[0], 0))
    radix = np.concatenate(([1], np.cumprod(n_categories + 1)))
    key = group * int(radix[-1])
    for item in range(codes.shape[1]):
        key = key + (codes[:, item].astype(np.int64) + 1) * int(radix[item])
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    if first.size > codes.shape[0] // 2:
        return codes, group, weights, np.zeros((codes.shape[0], 0))
    folded = np.bincount(inverse, weights=weights).astype(np.float64)
    return codes[first], group[first], folded, np.zeros((first.size, 0))


def _segments(codes: ResponseArray, group: IntArray) -> tuple[IntArray, BoolArray, bool]:
    """Number of each row's segment, what was presented in each (S, J), and whether there are too many."""
    n_rows, n_items = codes.shape
    n_groups: int = int(group.max(initial=0)) + 1
    complete = np.ones((n_groups, n_items), dtype=np.bool_)
    if codes.min(initial=0) >= 0:
        return group, complete, False
    presence = np.packbits(codes >= 0, axis=1)
    # Eight items a byte; as whole numbers, where they fit, patterns are sorted much quicker.
    n_bytes = max(presence.shape[1], 8)
    record = np.zeros((n_rows, n_bytes), dtype=np.uint8)
    record[:, : presence.shape[1]] = presence
    patterns = record.view(np.uint64 if n_bytes == 8 else np.dtype((np.void, n_bytes))).ravel()
    _, pattern = np.unique(patterns, return_inverse=True)
    _, first, segment = np.unique(pattern * n_groups + group, return_index=True, return_inverse=True)
    if first.size > max(_MOST_SEGMENTS, n_groups):
        return group, complete, True
    return segment.ravel(), codes[first] >= 0, False


def _hits(
    codes: ResponseArray, n_linear: int, n_categories: IntArray, *, irregular: bool
) -> tuple[Float32Array, IntArray, IntArray]:
    hit_item = np.repeat(np.arange(n_categories.size), n_categories - 1)
    hit_category = np.concatenate([np.arange(1, n) for n in n_categories] or [np.zeros(0, dtype=np.int64)])
    n_presence = codes.shape[1] if irregular else 0
    hits = np.empty((hit_item.size + n_presence, codes.shape[0]), dtype=np.float32)
    for row, (item, category) in enumerate(zip(hit_item, hit_category, strict=True)):
        hits[row] = codes[:, n_linear + item] == category
    for column in range(n_presence):
        hits[hit_item.size + column] = codes[:, column] >= 0
    return hits, hit_item.astype(np.int64), hit_category.astype(np.int64)


def _fold_sums(
    scores: Float32Array, weights: FloatArray, starts: IntArray
) -> tuple[FloatArray, FloatArray, IntArray, FloatArray]:
    """One row for each sum in each segment: its mean response to every item, and the weights added."""
    total = scores.sum(axis=0).astype(np.int64)
    n_totals = int(total.max(initial=0)) + 1
    segment = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    found, inverse = np.unique(segment * n_totals + total, return_inverse=True)
    folded = np.bincount(inverse, weights=weights, minlength=found.size).astype(np.float64)
    means = np.empty((scores.shape[0], found.size))  # few rows, each for many candidates: all digits
    for item, row in enumerate(scores):
        means[item] = np.bincount(inverse, weights=weights * row, minlength=found.size) / folded
    begins = np.searchsorted(found, np.arange(starts.size) * n_totals).astype(np.int64)
    return means, folded, begins, np.zeros((found.size, 0))
