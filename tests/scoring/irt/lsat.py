"""What is known of two sections of the Law School Admission Test, the classic data of the trade?"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from scoring.irt import Grid, ItemParameters
from scoring.irt.types import FloatArray, IntArray

FIXTURES = Path(__file__).parents[3] / "fixtures" / "irt"


@cache
def fixture(name: str) -> dict:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def section(number: int) -> dict:
    return fixture(f"lsat{number}_2pl")


def items(number: int) -> ItemParameters:
    a, d = np.array(section(number)["a"]), np.array(section(number)["d"])
    return ItemParameters.dichotomous(a, -d / a)


def responses(number: int) -> IntArray:
    """One row for each of the 1,000 candidates."""
    rows = section(number)["patterns"]
    return np.repeat([row["responses"] for row in rows], [row["frequency"] for row in rows], axis=0)


def grid(number: int) -> Grid:
    return Grid.uniform(**section(number)["grid"])


def column(rows: list[dict], name: str) -> FloatArray:
    return np.array([row[name] for row in rows])
