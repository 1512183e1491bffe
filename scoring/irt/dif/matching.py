"""Who is compared with whom: which two groups, and which candidates of equal standing on the form?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.irt.responses import resolve_missing
from scoring.irt.types import NOT_PRESENTED, BoolArray, FloatArray, IntArray, MissingRule, ResponseArray


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The N candidates of two groups and what they did.

    responses  (N, J)  category, or -1 where the item does not speak for the candidate
    points     (N, J)  towards the total that candidates are matched on; 0 for whatever has no category
    presented  (N, J)  whether the item was in the candidate's booklet
    is_focal   (N,)    the focal group; all others are the reference group
    value      (N,)    what to match on instead of the total, or None
    worth      (J, K)  points of each category
    """

    responses: ResponseArray
    points: NDArray[np.int32]
    presented: BoolArray
    is_focal: BoolArray
    value: FloatArray | None
    worth: IntArray

    @property
    def n_items(self) -> int:
        return int(self.responses.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Standing of the candidates of a comparison by their total on some items, unless a value was given.

    matched  (J,)  the items counted; to these the studied item is always added (Holland & Thayer 1988)
    total    (N,)  points on them
    booklet  (N,)  the same number for candidates who met the same of them
    """

    comparison: Comparison
    matched: BoolArray
    total: NDArray[np.int64]
    booklet: NDArray[np.int64]

    @classmethod
    def on(cls, comparison: Comparison, matched: BoolArray) -> Matching:
        total = comparison.points[:, matched].sum(axis=1, dtype=np.int64)
        booklet = _numbered(np.packbits(comparison.presented[:, matched], axis=1))
        return cls(comparison, matched, total, booklet)

    def strata(self, item: int) -> NDArray[np.int64]:
        """Numbers (N,) from 0, equal for candidates of equal standing: same value, or booklet and total."""
        if self.comparison.value is not None:
            return _numbered(self.comparison.value)
        total = self._with(item)
        return _numbered(self.booklet * (int(total.max(initial=0)) + 1) + total)

    def continuous(self, item: int) -> FloatArray:
        """What a regression matches on (N,): the value, or the total if all who met the item are alike."""
        if self.comparison.value is not None:
            return self.comparison.value
        booklet = self.booklet[self.comparison.responses[:, item] >= 0]
        if booklet.size and (booklet != booklet[0]).any():
            raise ValueError(
                f"item {item}: candidates met different matching items, so totals cannot be compared; "
                "give matching, for instance estimates of ability"
            )
        return self._with(item).astype(np.float64)

    def _with(self, item: int) -> NDArray[np.int64]:
        return self.total if self.matched[item] else self.total + self.comparison.points[:, item]


def compare(
    responses: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    focal: Hashable,
    reference: Hashable | None = None,
    category_points: ArrayLike | None = None,
    matching: ArrayLike | None = None,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> Comparison:
    """The candidates of the focal and the reference group (label, or None: all others) out of all (N,).

    responses (N, J) with the usual codes; `omitted` and `not_reached` say what these are for a studied item,
    while for the total they are worth 0 in any case (Dorans & Holland 1993). category_points (J, K): the
    number of the category if not given. matching (N,): finite values to match on instead of the total.
    Raises ValueError for a group without candidates, and as `resolve_missing`.
    """
    codes = np.atleast_2d(np.asarray(responses))
    labels = np.asarray(groups)
    if labels.shape != (codes.shape[0],):
        raise ValueError(f"groups have shape {labels.shape}, expected ({codes.shape[0]},)")
    if reference is not None and reference == focal:
        raise ValueError(f"{focal!r} cannot be both the focal and the reference group")
    is_focal = np.asarray(labels == focal)
    is_reference = ~is_focal if reference is None else np.asarray(labels == reference)
    for name, label, members in (("focal", focal, is_focal), ("reference", reference, is_reference)):
        if not members.any():
            raise ValueError(f"no candidate of the {name} group {label!r}; the labels are {_some(labels)}")
    chosen = np.flatnonzero(is_focal | is_reference)
    resolved = resolve_missing(codes, None, omitted=omitted, not_reached=not_reached)[chosen]
    worth = _worth(category_points, resolved)
    scored = np.where(resolved >= 0, resolved, 0)
    return Comparison(
        responses=resolved,
        points=worth[np.arange(resolved.shape[1]), scored].astype(np.int32),
        presented=codes[chosen] != NOT_PRESENTED,
        is_focal=is_focal[chosen],
        value=None if matching is None else _value(matching, labels.size)[chosen],
        worth=worth,
    )


def item_mask(items: ArrayLike | None, n_items: int) -> BoolArray:
    """Mask (J,) from positions or a mask; every item if None."""
    if items is None:
        return np.ones(n_items, dtype=np.bool_)
    chosen = np.asarray(items)
    mask = np.zeros(n_items, dtype=np.bool_)
    try:
        mask[chosen if chosen.size else []] = True
    except IndexError:
        raise ValueError(f"items must be positions from 0 to {n_items - 1}, or a mask of {n_items}") from None
    return mask


def matching_items(items: ArrayLike | None, n_items: int) -> BoolArray:
    """The same of items that candidates shall be matched on, of which there must be one."""
    mask = item_mask(items, n_items)
    if not mask.any():
        raise ValueError("no item is left to match candidates on: name some that are beyond doubt")
    return mask


def _worth(category_points: ArrayLike | None, resolved: ResponseArray) -> IntArray:
    highest = resolved.max(axis=0, initial=1)
    if category_points is None:
        return np.tile(np.arange(int(highest.max(initial=1)) + 1), (resolved.shape[1], 1))
    worth = np.asarray(category_points)
    if worth.ndim != 2 or worth.shape[0] != resolved.shape[1] or not np.issubdtype(worth.dtype, np.integer):
        raise ValueError(f"category points must be whole numbers for each of {resolved.shape[1]} items")
    if (short := highest >= worth.shape[1]).any():
        raise ValueError(f"item {int(np.flatnonzero(short)[0])}: more categories occur than have points")
    return worth.astype(np.int64)


def _value(matching: ArrayLike, size: int) -> FloatArray:
    value = np.asarray(matching, dtype=np.float64)
    if value.shape != (size,) or not np.isfinite(value).all():
        raise ValueError(f"matching must be {size} finite numbers, one a candidate")
    return value


def _numbered(keys: NDArray[np.generic]) -> NDArray[np.int64]:
    axis = None if keys.ndim == 1 else 0
    return np.asarray(np.unique(keys, axis=axis, return_inverse=True)[1].ravel(), dtype=np.int64)


def _some(labels: NDArray[np.generic]) -> str:
    known = sorted({str(label) for label in labels.tolist()})
    return ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
