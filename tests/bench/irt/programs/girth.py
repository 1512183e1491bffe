"""girth: marginal likelihood, the difficulties solved from the proportions; EAP without standard errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from girth import ability_eap, twopl_mml
from girth.utilities import tag_missing_data
from numpy.typing import NDArray


def fit(responses: NDArray[np.int8], *, model: str, points: int = 61) -> Callable[[], dict[str, Any]]:
    if model != "2pl":
        raise ValueError(f"of girth's models only the 2PL is compared, not {model}")
    tagged = tag_missing_data(responses.T.astype(np.int64), [0, 1])
    options = {"quadrature_n": points, "quadrature_bounds": (-6, 6), "max_iteration": 60}

    def work() -> dict[str, Any]:
        found = twopl_mml(tagged, options)
        return {"a": found["Discrimination"], "steps": found["Difficulty"]}

    return work


def eap(
    responses: NDArray[np.int8], a: NDArray[np.float64], b: NDArray[np.float64], *, points: int = 61
) -> Callable[[], dict[str, Any]]:
    tagged = tag_missing_data(responses.T.astype(np.int64), [0, 1])
    options = {"quadrature_n": points, "quadrature_bounds": (-6, 6)}
    return lambda: {"theta": ability_eap(tagged, b, a, options)}
