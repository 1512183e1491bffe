"""Which twenty items do the tests of scoring use? Those of the mathematics blueprint: 9, 7 and 4 by level."""

from functools import cache
from pathlib import Path

import numpy as np

from scoring.assumed_parameters import AssumedItems, assumed_items, load_assumptions
from scoring.domains import expected_share
from scoring.irt.types import FloatArray, IntArray

ROOT = Path(__file__).parents[2]
SCORING_DATA = ROOT / "fixtures" / "scoring"

LEVELS = [1] * 9 + [2] * 7 + [3] * 4
DOMAINS = [
    *("numbers", "numbers", "numbers", "algebra", "algebra"),
    *("geometry", "geometry", "measurement", "data", "measurement"),
    *("numbers", "algebra", "algebra", "geometry", "geometry"),
    *("data", "numbers", "algebra", "geometry", "data"),
]
_HALF_POINT_TABLES = {
    1: [0, 0, 0, 1, 2],
    3: [0, 0, 1, 2],
    6: [0, 0, 0, 0, 2],
    9: [0, 1, 2],
    10: [0, 0, 0, 0, 2],
    12: [0, 1, 2],
    13: [0, 0, 1, 2],
    20: [0, 0, 1, 2],
}
HALF_POINT_TABLES = [_HALF_POINT_TABLES.get(number, [0, 2]) for number in range(1, 21)]


@cache
def mathematics() -> AssumedItems:
    assumptions = load_assumptions(SCORING_DATA / "assumed_parameters.toml")
    return assumed_items(LEVELS, HALF_POINT_TABLES, assumptions)


def places(domain: str) -> IntArray:
    return np.flatnonzero([name == domain for name in DOMAINS])


def references(items: AssumedItems) -> dict[str, FloatArray]:
    return {
        domain: expected_share(
            items.parameters.select(places(domain)), items.category_half_points[places(domain)]
        )
        for domain in dict.fromkeys(DOMAINS)
    }


def best_responses(items: AssumedItems) -> IntArray:
    """Every item fully right."""
    return items.parameters.n_categories - 1
