"""From which content domain should the next item of an adaptive session come?

The domain furthest behind its target share, weighted (Kingsbury & Zara 1989; Swanson & Stocking 1993), of
those that are not full. As soon as the places left are just enough for the minimums still open, only domains
below their minimum are served.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.irt.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ContentTargets:
    """What a session should hold of each of D domains.

    names    (D,)  the domains
    domain   (J,)  number of each item's domain
    share    (D,)  target share of the items, summing to 1
    minimum  (D,)  items at least in a session of full length
    maximum  (D,)  items at most
    weight   (D,)  importance of being on target
    """

    names: tuple[Hashable, ...]
    domain: IntArray
    share: FloatArray
    minimum: IntArray
    maximum: IntArray
    weight: FloatArray

    @classmethod
    def of_shares(
        cls,
        labels: Sequence[Hashable],
        shares: Mapping[Hashable, float],
        *,
        weights: Mapping[Hashable, float] | None = None,
    ) -> ContentTargets:
        """Target shares only. labels: the domain of each item; shares are scaled to sum to 1."""
        return cls._of(labels, shares, {}, weights or {})

    @classmethod
    def of_quotas(
        cls,
        labels: Sequence[Hashable],
        quotas: Mapping[Hashable, tuple[int, int]],
        *,
        shares: Mapping[Hashable, float] | None = None,
        weights: Mapping[Hashable, float] | None = None,
    ) -> ContentTargets:
        """The least and the most items of each domain; shares by default go by the middle of the two."""
        middle = {name: low + high for name, (low, high) in quotas.items()}
        return cls._of(labels, middle if shares is None else shares, quotas, weights or {})

    @classmethod
    def _of(
        cls,
        labels: Sequence[Hashable],
        shares: Mapping[Hashable, float],
        quotas: Mapping[Hashable, tuple[int, int]],
        weights: Mapping[Hashable, float],
    ) -> ContentTargets:
        number = {name: place for place, name in enumerate(shares)}
        for item, label in enumerate(labels):
            if label not in number:
                raise ValueError(
                    f"item {item}: no target for domain {label!r}; give it a share, 0 if need be"
                )
        for name, (low, high) in quotas.items():
            if not 0 <= low <= high:
                raise ValueError(f"domain {name!r}: {low} to {high} items cannot be; give 0 <= least <= most")
        share = np.array([float(shares[name]) for name in number])
        if not (np.isfinite(share).all() and (share >= 0).all() and share.sum() > 0):
            raise ValueError("target shares must be 0 or more and not all 0")
        for name, weight in weights.items():
            if not weight > 0:
                raise ValueError(f"domain {name!r}: weight {weight}; give a weight above 0")
        most = np.iinfo(np.int64).max
        limits = [quotas.get(name, (0, most)) for name in number]
        return cls(
            names=tuple(number),
            domain=np.array([number[label] for label in labels], dtype=np.int64),
            share=share / share.sum(),
            minimum=np.array([low for low, _ in limits], dtype=np.int64),
            maximum=np.array([high for _, high in limits], dtype=np.int64),
            weight=np.array([float(weights.get(name, 1.0)) for name in number]),
        )

    @property
    def n_domains(self) -> int:
        return len(self.names)

    def require(self, n_items: int, length: int) -> None:
        """Raises ValueError unless the targets fit the bank and sessions of `length` items can keep them."""
        if self.domain.size != n_items:
            raise ValueError(f"the content targets know {self.domain.size} items, the bank has {n_items}")
        least, most = int(self.minimum.sum()), int(np.minimum(self.maximum, length).sum())
        if not least <= length <= most:
            raise ValueError(
                f"the domains allow {least} to {most} items, a session has {length}: change one of them"
            )

    @property
    def member(self) -> BoolArray:
        """Mask (D + 1, J) of each domain's items; the last row, found at -1, is empty."""
        return np.asarray(np.append(np.arange(self.n_domains), -1)[:, None] == self.domain)

    def counts(self, mask: BoolArray) -> IntArray:
        """Items of each domain (N, D) that a mask (N, J) holds."""
        return np.stack([mask[:, self.domain == d].sum(axis=1) for d in range(self.n_domains)], axis=1)


def next_domains(targets: ContentTargets, given: IntArray, left: IntArray, *, length: int) -> IntArray:
    """Domain (N,) of each candidate's next item; -1 where every domain is full or used up.

    given, left (N, D): items of each domain met, and still to be had. length: items of a full session. Of
    domains equally far behind the first is taken.
    """
    places = given.sum(axis=1)
    behind = targets.weight * (targets.share * (places + 1)[:, None] - given)
    owed = np.maximum(targets.minimum - given, 0)
    pressed = owed.sum(axis=1) >= length - places
    closed = (
        (given >= targets.maximum)
        | (left <= 0)
        | (pressed[:, None] & (owed == 0) & owed.any(axis=1)[:, None])
    )
    # What is owed but used up cannot be served; then any domain that is not full is better than none.
    stuck = closed.all(axis=1)
    closed[stuck] = ((given >= targets.maximum) | (left <= 0))[stuck]
    choice = np.where(closed, -np.inf, behind).argmax(axis=1)
    return np.where(closed.all(axis=1), -1, choice)
