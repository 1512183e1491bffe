"""What do item parameters and ability estimates look like, and what do the response codes mean?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ResponseArray = NDArray[np.int8]
_Number = TypeVar("_Number", bound=np.generic)

NOT_PRESENTED = -1
OMITTED = -2
NOT_REACHED = -3


class MissingRule(StrEnum):
    """What a missing response counts as; stated by every run that estimates anything."""

    CATEGORY_ZERO = "category_zero"
    NOT_PRESENTED = "not_presented"


@dataclass(frozen=True, slots=True, eq=False)
class ItemParameters:
    """Parameters of J items, read-only float64: dichotomous, partial credit and graded ones mixed.

    The difficulty of step k of item j is `b[j] + steps[j, k]`; the steps of an item sum to zero, so b is
    where the item lies whatever its number of categories, and a dichotomous item has the one step 0.
    There is no scaling constant: P = 1 / (1 + exp(-a (theta - b))).

    a             (J,)  discrimination, positive
    b             (J,)  location on the theta scale
    steps         (J, K_max - 1)  NaN beyond an item's own steps; ascending for graded items
    c             (J,)  pseudo-guessing, in [0, 1); above 0 only for dichotomous items
    n_categories  (J,)  2 or more
    graded        (J,)  True: graded response model (Samejima 1969), where step k parts the categories
                        below k from the rest; False: generalised partial credit (Muraki 1992), where it
                        parts two neighbours. With two categories both are the same.
    """

    a: FloatArray
    b: FloatArray
    steps: FloatArray
    c: FloatArray
    n_categories: IntArray
    graded: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        graded = np.array(self.graded, dtype=np.bool_)
        if graded.size == 0:
            graded = np.zeros(np.shape(self.a), dtype=np.bool_)
        object.__setattr__(self, "graded", _read_only(graded))
        for name in ("a", "b", "steps", "c"):
            object.__setattr__(self, name, _read_only(np.array(getattr(self, name), dtype=np.float64)))
        object.__setattr__(self, "n_categories", _read_only(np.array(self.n_categories, dtype=np.int64)))
        _check(self)

    @classmethod
    def dichotomous(cls, a: ArrayLike, b: ArrayLike, c: ArrayLike | None = None) -> ItemParameters:
        """One- to three-parameter logistic items; a scalar holds for every item."""
        b = np.atleast_1d(np.asarray(b, dtype=np.float64))
        return cls(
            a=np.broadcast_to(np.asarray(a, dtype=np.float64), b.shape),
            b=b,
            steps=np.zeros((b.size, 1)),
            c=np.broadcast_to(np.asarray(0.0 if c is None else c, dtype=np.float64), b.shape),
            n_categories=np.full(b.size, 2),
        )

    @classmethod
    def partial_credit(
        cls, a: Sequence[float], step_difficulties: Sequence[Sequence[float]]
    ) -> ItemParameters:
        """Items given by the difficulties of their steps; an item with one step is dichotomous."""
        return cls._from_steps(a, step_difficulties, graded=False)

    @classmethod
    def graded_response(
        cls, a: Sequence[float], step_difficulties: Sequence[Sequence[float]]
    ) -> ItemParameters:
        """Items of the graded response model, given by where P(category k or higher) is one half."""
        return cls._from_steps(a, step_difficulties, graded=True)

    @classmethod
    def _from_steps(
        cls, a: Sequence[float], step_difficulties: Sequence[Sequence[float]], *, graded: bool
    ) -> ItemParameters:
        n_steps = np.array([len(row) for row in step_difficulties])
        steps = np.full((n_steps.size, int(n_steps.max(initial=1))), np.nan)
        b = np.empty(n_steps.size)
        for item, row in enumerate(step_difficulties):
            b[item] = np.mean(row)
            steps[item, : len(row)] = np.asarray(row) - b[item]
        return cls(
            a=np.asarray(a),
            b=b,
            steps=steps,
            c=np.zeros(b.size),
            n_categories=n_steps + 1,
            graded=np.full(b.size, graded),
        )

    @property
    def n_items(self) -> int:
        return int(self.a.size)

    @property
    def max_categories(self) -> int:
        return int(self.steps.shape[1]) + 1

    def trimmed(self) -> ItemParameters:
        """The same items, `steps` no wider than they need: so items of two sources can be compared."""
        return replace(self, steps=self.steps[:, : int(self.n_categories.max(initial=2)) - 1])

    def select(self, index: ArrayLike) -> ItemParameters:
        """The items at `index` (positions or a mask), in that order, with K_max unchanged."""
        chosen = np.asarray(index)
        return ItemParameters(
            a=self.a[chosen],
            b=self.b[chosen],
            steps=self.steps[chosen],
            c=self.c[chosen],
            n_categories=self.n_categories[chosen],
            graded=self.graded[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class AbilityEstimate:
    """Ability of N candidates.

    theta      (N,)    posterior mean
    se         (N,)    posterior standard deviation
    posterior  (N, Q)  weights over the grid, each row summing to 1
    n_items    (N,)    how many responses spoke, after the missing rules
    """

    theta: FloatArray
    se: FloatArray
    posterior: FloatArray
    n_items: IntArray


def _read_only(array: NDArray[_Number]) -> NDArray[_Number]:
    array.setflags(write=False)
    return array


def _check(items: ItemParameters) -> None:
    n_items = items.a.size
    if items.a.ndim != 1 or any(part.shape != (n_items,) for part in _one_each(items)):
        raise ValueError("a, b, c, n_categories and graded need one value per item")
    if items.steps.ndim != 2 or items.steps.shape[0] != n_items or items.steps.shape[1] < 1:
        raise ValueError(f"steps has shape {items.steps.shape}, expected ({n_items}, K_max - 1)")
    _require(np.isfinite(items.a) & (items.a > 0), "a must be positive and finite")
    _require(np.isfinite(items.b), "b must be finite")
    fits = (items.n_categories >= 2) & (items.n_categories <= items.steps.shape[1] + 1)
    _require(fits, "n_categories must lie between 2 and the width of steps plus 1")
    own = np.arange(items.steps.shape[1]) < items.n_categories[:, None] - 1
    _require((np.isfinite(items.steps) == own).all(axis=1), "needs its own steps, and NaN beyond them")
    total = np.where(own, items.steps, 0.0).sum(axis=1)
    _require(np.abs(total) < 1e-6, "steps of an item must sum to zero")
    _require((items.c >= 0) & (items.c < 1), "c must lie in [0, 1)")
    _require((items.c == 0) | (items.n_categories == 2), "only a dichotomous item can have c above 0")
    falls = ((np.diff(items.steps, axis=1) <= 0) & own[:, 1:]).any(axis=1)
    _require(~(items.graded & falls), "the steps of a graded item must ascend")


def _one_each(items: ItemParameters) -> tuple[NDArray[np.generic], ...]:
    return (items.b, items.c, items.n_categories, items.graded)


def _require(good: BoolArray, message: str) -> None:
    if not good.all():
        raise ValueError(f"item {int(np.flatnonzero(~good)[0])}: {message}")
