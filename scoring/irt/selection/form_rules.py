"""What must every form hold: how many items, of which content, with which totals, which never together?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from scoring.irt.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The amounts (J,) of the chosen items add up to between low and high."""

    name: str
    amounts: ArrayLike
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True, slots=True, eq=False)
class FormRules:
    """M rules for forms out of a bank of J items, made once and used for any number of forms.

    names      (M,)    what the rules are called in messages
    matrix     (M, J)  sparse; its product with the 0/1 choice of items
    low, high  (M,)    lies between these; infinite where open
    """

    names: tuple[str, ...]
    matrix: sparse.csr_array
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(
        cls,
        n_items: int,
        *,
        length: SupportsIndex | tuple[int, int],
        bounds: Sequence[Bound] = (),
        enemies: Sequence[Sequence[int]] = (),
    ) -> FormRules:
        """Rules for a bank of n_items.

        length: the number of items, or the least and the most; bounds: content (`content_bounds`), minutes,
        points; enemies: sets of positions of which a form may hold at most one. Raises ValueError naming the
        rule whose amounts are not one finite number per item, or that by itself no form out of the whole bank
        could keep; rules that only cannot hold together show when a form is assembled.
        """
        least, most = length if isinstance(length, tuple) else (length, length)
        rows = [Bound("length", np.ones(n_items), _whole(least), _whole(most)), *bounds]
        amounts = sparse.csr_array(np.stack([_amounts(bound, n_items) for bound in rows]))
        sets = [_enemy_set(group, n_items) for group in enemies]
        return cls(
            names=(*(bound.name for bound in rows), *(f"enemies {group}" for group in sets)),
            matrix=sparse.vstack([amounts, _membership(sets, n_items)], format="csr"),
            low=np.array([float(bound.low) for bound in rows] + [-np.inf] * len(sets)),
            high=np.array([float(bound.high) for bound in rows] + [1.0] * len(sets)),
        )

    @property
    def n_items(self) -> int:
        return int(self.matrix.shape[1])


def content_bounds(
    labels: Sequence[Hashable], limits: Mapping[Hashable, tuple[float, float]], *, kind: str = "content"
) -> list[Bound]:
    """The least and the most items of each label; `labels` has that of each item of the bank.

    Raises ValueError for a limit on a label that no item has.
    """
    for name in limits:
        if name not in labels:
            known = ", ".join(sorted({str(label) for label in labels}))
            raise ValueError(f"{kind} {name}: no item of the bank has it; there are {known}")
    return [
        Bound(f"{kind} {name}", np.array([label == name for label in labels], dtype=np.float64), low, high)
        for name, (low, high) in limits.items()
    ]


def _amounts(bound: Bound, n_items: int) -> FloatArray:
    amounts = np.asarray(bound.amounts, dtype=np.float64)
    if amounts.shape != (n_items,) or not np.isfinite(amounts).all():
        raise ValueError(f"{bound.name}: give one finite amount for each of the {n_items} items")
    if not bound.low <= bound.high:
        raise ValueError(
            f"{bound.name}: from {bound.low:g} to {bound.high:g} holds nothing; swap or widen them"
        )
    lowest, highest = float(amounts[amounts < 0].sum()), float(amounts[amounts > 0].sum())
    rounding = 1e-9 * float(np.abs(amounts).sum())
    if bound.low > highest + rounding:
        raise ValueError(
            f"{bound.name}: at least {bound.low:g} cannot be, the whole bank has {highest:g}; lower it"
        )
    if bound.high < lowest - rounding:
        raise ValueError(
            f"{bound.name}: at most {bound.high:g} cannot be, the least possible is {lowest:g}; raise it"
        )
    return amounts


def _whole(length: SupportsIndex) -> int:
    try:
        return index(length)
    except TypeError:
        raise ValueError(f"length: {length!r} is not a whole number of items") from None


def _enemy_set(group: Sequence[int], n_items: int) -> list[int]:
    items = sorted({int(item) for item in group})
    if items and not 0 <= items[0] <= items[-1] < n_items:
        raise ValueError(f"enemies {items}: the bank has items 0 to {n_items - 1} only")
    return items


def _membership(sets: Sequence[Sequence[int]], n_items: int) -> sparse.csr_array:
    rows = np.repeat(np.arange(len(sets)), [len(group) for group in sets])
    columns = np.array([item for group in sets for item in group], dtype=np.int64)
    return sparse.csr_array((np.ones(columns.size), (rows, columns)), shape=(len(sets), n_items))
