"""Which item parameters do we assume before anybody has responded?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from scoring.categories import category_half_points, distinct_half_points
from scoring.data_file import Table, read_table
from scoring.irt.probabilities import expected_points
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray, IntArray, ItemParameters

SOURCE = "assumed"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed of items: expected share of points in a N(0, 1) population by level of the standard."""

    path: Path
    version: str
    discrimination: float
    step_distance: float
    guessing: float
    expected_share: Mapping[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class AssumedItems:
    """Parameters of J items with the half-points (J, K_max) of their categories; `source` says "assumed"."""

    parameters: ItemParameters
    category_half_points: IntArray
    source: str
    version: str


class _Kind(NamedTuple):
    level: int
    half_points: tuple[int, ...]
    c: float


def load_assumptions(path: Path) -> Assumptions:
    """Assumptions from a TOML file; DataFileError names what is missing or out of range."""
    file = read_table(path)
    shares = {}
    for row in file.tables("level"):
        level = row.get("standard_level", int, "Write the level as 1, 2 or 3.")
        if level in shares:
            raise row.error("standard_level", f"{level} stands twice", "Keep one table for each level.")
        shares[level] = _number(row, "expected_share", 1.0, "Write a share between 0 and 1 such as 0.52.")
    return Assumptions(
        path=path,
        version=file.get("version", str, 'Write a name such as "assumed-1".'),
        discrimination=_number(file, "discrimination", 10.0, "Write a positive number such as 1.0."),
        step_distance=_number(file, "step_distance", 10.0, "Write a positive number such as 1.0."),
        guessing=_number(file, "guessing", 1.0, "Write a share between 0 and 1 such as 0.6."),
        expected_share=MappingProxyType(shares),
    )


def assumed_items(
    standard_levels: Sequence[int],
    half_point_tables: Sequence[Sequence[int]],
    assumptions: Assumptions,
    *,
    n_choices: Sequence[int] | None = None,
) -> AssumedItems:
    """Parameters of items given the level of each one's standard and its table of half-points by parts.

    n_choices: between how many choices the candidate picks one, 0 where nothing can be picked; None for an
    item pool without choices. A right pick says less about ability than a right entry does.
    DataFileError for a level without an assumption, ValueError for an impossible half-point table.
    """
    choices = [0] * len(standard_levels) if n_choices is None else n_choices
    kinds = [
        _Kind(int(level), distinct_half_points(table), assumptions.guessing / n if n else 0.0)
        for level, table, n in zip(standard_levels, half_point_tables, choices, strict=True)
    ]
    different = list(dict.fromkeys(kinds))
    solved = dict(zip(different, _step_difficulties(different, assumptions), strict=True))
    return AssumedItems(
        parameters=_items(kinds, [solved[kind] for kind in kinds], assumptions),
        category_half_points=category_half_points(half_point_tables),
        source=SOURCE,
        version=assumptions.version,
    )


def _step_difficulties(kinds: Sequence[_Kind], assumptions: Assumptions) -> list[list[float]]:
    """Difficulties of the steps of each kind of item, solved together."""
    targets = np.array([_target(kind, assumptions) for kind in kinds])
    offsets = [_offsets(len(kind.half_points) - 1, assumptions.step_distance) for kind in kinds]
    points = category_half_points([kind.half_points for kind in kinds])
    population = normal_weights(DEFAULT_GRID)
    low, high = np.full(len(kinds), -20.0), np.full(len(kinds), 20.0)
    # The expected share falls as b rises, so bisection finds the one b; 60 halvings exhaust a float64.
    for _ in range(60):
        b = (low + high) / 2
        items = _items(kinds, [(at + own).tolist() for at, own in zip(b, offsets, strict=True)], assumptions)
        share = population @ expected_points(DEFAULT_GRID.points, items, points) / points.max(axis=1)
        low, high = np.where(share > targets, b, low), np.where(share > targets, high, b)
    return [[float(at + offset) for offset in own] for at, own in zip(low, offsets, strict=True)]


def _items(
    kinds: Sequence[_Kind], steps: Sequence[Sequence[float]], assumptions: Assumptions
) -> ItemParameters:
    items = ItemParameters.partial_credit([assumptions.discrimination] * len(kinds), steps)
    return replace(items, c=np.array([kind.c for kind in kinds]))


def _offsets(n_steps: int, distance: float) -> FloatArray:
    return np.asarray((np.arange(n_steps) - (n_steps - 1) / 2) * distance, dtype=np.float64)


def _target(kind: _Kind, assumptions: Assumptions) -> float:
    file = Table(assumptions.path, "", {})
    if kind.level not in assumptions.expected_share:
        problem = f"none for standard_level {kind.level}"
        raise file.error("[[level]]", problem, "Add one with its expected_share.")
    target = assumptions.expected_share[kind.level]
    if target <= kind.c:
        problem = f"guessing alone brings {kind.c:.2f} of an item of standard_level {kind.level}"
        raise file.error("guessing", problem, f"Lower it: {target} is expected of the item.")
    return target


def _number(table: Table, key: str, below: float, remedy: str) -> float:
    value: float = table.get(key, float, remedy)
    if not 0 < value < below:
        raise table.error(key, f"is {value}", remedy)
    return value
