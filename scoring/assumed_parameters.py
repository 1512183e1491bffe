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
from scoring.irt.partial_credit import expected_points
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
    solved: dict[tuple[int, tuple[int, ...], float], list[float]] = {}
    steps = []
    guessing = [assumptions.guessing / n if n else 0.0 for n in n_choices or [0] * len(standard_levels)]
    for level, table, c in zip(standard_levels, half_point_tables, guessing, strict=True):
        kind = (int(level), distinct_half_points(table), c)
        if kind not in solved:
            solved[kind] = _step_difficulties(*kind, assumptions)
        steps.append(solved[kind])
    without_guessing = ItemParameters.partial_credit([assumptions.discrimination] * len(steps), steps)
    return AssumedItems(
        parameters=replace(without_guessing, c=np.array(guessing)),
        category_half_points=category_half_points(half_point_tables),
        source=SOURCE,
        version=assumptions.version,
    )


def _step_difficulties(
    level: int, half_points: tuple[int, ...], c: float, assumptions: Assumptions
) -> list[float]:
    if level not in assumptions.expected_share:
        file = Table(assumptions.path, "", {})
        raise file.error("[[level]]", f"none for standard_level {level}", "Add one with its expected_share.")
    n_steps = len(half_points) - 1
    offsets = (np.arange(n_steps) - (n_steps - 1) / 2) * assumptions.step_distance
    target = assumptions.expected_share[level]
    low, high = -20.0, 20.0
    # The expected share falls as b rises, so bisection finds the one b; 60 halvings exhaust a float64.
    for _ in range(60):
        middle = (low + high) / 2
        share = _expected_share((middle + offsets).tolist(), half_points, c, assumptions.discrimination)
        low, high = (middle, high) if share > target else (low, middle)
    return [float(step) for step in (low + high) / 2 + offsets]


def _expected_share(
    steps: Sequence[float], half_points: tuple[int, ...], c: float, discrimination: float
) -> float:
    item = replace(ItemParameters.partial_credit([discrimination], [steps]), c=np.array([c]))
    earned = expected_points(DEFAULT_GRID.points, item, np.array([half_points]))[:, 0]
    return float(normal_weights(DEFAULT_GRID) @ earned) / half_points[-1]


def _number(table: Table, key: str, below: float, remedy: str) -> float:
    value: float = table.get(key, float, remedy)
    if not 0 < value < below:
        raise table.error(key, f"is {value}", remedy)
    return value
