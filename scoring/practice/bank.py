"""Which items can be practised, and what can be computed of them before anybody asks?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item that may be practised.

    Of items that share a `family` (other numbers in one template) a set holds one; "" is no family.
    """

    identifier: str
    domain: str
    standard: str
    family: str = ""

    @property
    def key(self) -> str:
        """Under which name it is remembered as met: no variant of a family is a new idea."""
        return self.family or self.identifier


@dataclass(frozen=True, slots=True, eq=False)
class PracticeBank:
    """J items with what every choice needs, computed once; build it with `of`.

    probabilities  (J, K_max, Q) of each category at each ability
    share          (J, Q) expected share of the item's points
    whole          (J, Q) probability of all its points
    domain_of      (J,) place in `domain_codes`; standard_of (J,) likewise; family_of (J,), -1 for none
    standard_mean  (S, Q) mean of the shares of a standard's items; standard_domain (S,) where it belongs, and
                   standard_homes both codes
    builds         (E, 2) pairs of standards with items here: the first builds on the second
    standard_rows  per standard its items; standard_shares: per standard (items, Q), their shares
    places         key of an item (its family, or identifier) -> the items so remembered
    index          identifier of an item -> its place; standard_index: code -> place in `standard_codes`
    """

    items: tuple[BankItem, ...]
    prerequisites: Mapping[str, tuple[str, ...]]
    parameters: ItemParameters
    half_points: IntArray
    grid: Grid
    probabilities: FloatArray
    share: FloatArray
    whole: FloatArray
    domain_codes: tuple[str, ...]
    standard_codes: tuple[str, ...]
    domain_of: IntArray
    standard_of: IntArray
    family_of: IntArray
    standard_domain: IntArray
    standard_homes: tuple[tuple[str, str], ...]
    standard_mean: FloatArray
    builds: IntArray
    standard_rows: tuple[IntArray, ...]
    standard_shares: tuple[FloatArray, ...]
    places: Mapping[str, tuple[int, ...]]
    index: Mapping[str, int]
    standard_index: Mapping[str, int]

    @classmethod
    def of(
        cls,
        items: Sequence[BankItem],
        parameters: ItemParameters,
        half_points: ArrayLike,
        *,
        prerequisites: Mapping[str, Sequence[str]] | None = None,
        grid: Grid = DEFAULT_GRID,
    ) -> PracticeBank:
        """Tables for J items, which stand in the order of `parameters` and `half_points` (J, K_max).

        prerequisites: standard → those it builds on; what has no items here has no say. ValueError when the
        lengths differ, an identifier comes twice or a standard lies in two domains.
        """
        points = check_category_points(parameters, half_points)
        _check(items, parameters)
        needs = {code: tuple(named) for code, named in (prerequisites or {}).items()}
        domain_codes, domain_of = _coded([one.domain for one in items])
        standard_codes, standard_of = _coded([one.standard for one in items])
        p = np.ascontiguousarray(category_probabilities(grid.points, parameters).transpose(1, 2, 0))
        best = points.max(axis=1)
        share = np.einsum("jkq,jk->jq", p, points / np.maximum(best, 1)[:, None])
        by_standard = tuple(np.flatnonzero(standard_of == code) for code in range(len(standard_codes)))
        return cls(
            items=tuple(items),
            prerequisites=needs,
            parameters=parameters,
            half_points=points,
            grid=grid,
            probabilities=p,
            share=share,
            whole=np.einsum("jkq,jk->jq", p, (points == best[:, None]).astype(np.float64)),
            domain_codes=domain_codes,
            standard_codes=standard_codes,
            domain_of=domain_of,
            standard_of=standard_of,
            family_of=_families(items),
            standard_domain=np.array([domain_of[own[0]] for own in by_standard], dtype=np.int64),
            standard_homes=tuple(
                (code, domain_codes[domain_of[own[0]]])
                for code, own in zip(standard_codes, by_standard, strict=True)
            ),
            standard_mean=np.array([share[own].mean(axis=0) for own in by_standard]).reshape(-1, grid.size),
            builds=_pairs(standard_codes, needs),
            standard_rows=by_standard,
            standard_shares=tuple(share[own] for own in by_standard),
            places=_places(items),
            index={one.identifier: place for place, one in enumerate(items)},
            standard_index={code: place for place, code in enumerate(standard_codes)},
        )

    @property
    def size(self) -> int:
        return len(self.items)


def _check(items: Sequence[BankItem], parameters: ItemParameters) -> None:
    if len(items) != parameters.n_items:
        raise ValueError(f"{len(items)} items with parameters for {parameters.n_items}")
    if len({one.identifier for one in items}) != len(items):
        raise ValueError("an identifier comes twice")
    home = {one.standard: one.domain for one in items}
    astray = next((one for one in items if home[one.standard] != one.domain), None)
    if astray is not None:
        raise ValueError(f"standard {astray.standard} lies in two domains")


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], IntArray]:
    codes = tuple(sorted(set(names)))
    number = {code: place for place, code in enumerate(codes)}
    return codes, np.array([number[name] for name in names], dtype=np.int64)


def _families(items: Sequence[BankItem]) -> IntArray:
    number: dict[str, int] = {}
    own = [number.setdefault(one.family, len(number)) if one.family else -1 for one in items]
    return np.array(own, dtype=np.int64)


def _pairs(codes: Sequence[str], needs: Mapping[str, Sequence[str]]) -> IntArray:
    number = {code: place for place, code in enumerate(codes)}
    pairs = [
        (number[code], number[before])
        for code in codes
        for before in dict.fromkeys(needs.get(code, ()))
        if before in number and before != code
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _places(items: Sequence[BankItem]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for place, one in enumerate(items):
        places.setdefault(one.key, []).append(place)
    return {key: tuple(own) for key, own in places.items()}
