"""catsim: simulated adaptive forms, one candidate after another, ability by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from catsim.estimation import NumericalSearchEstimator
from catsim.initialization import FixedPointInitializer
from catsim.selection import MaxInfoSelector
from catsim.simulation import Simulator
from catsim.stopping import MinErrorStopper
from numpy.typing import NDArray


def adaptive(
    theta: NDArray[np.float64],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    *,
    target_se: float,
    max_items: int,
) -> Callable[[], dict[str, Any]]:
    bank = np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)])

    def work() -> dict[str, Any]:
        simulator = Simulator(bank, theta, seed=1)
        simulator.simulate(
            FixedPointInitializer(0.0),
            MaxInfoSelector(),
            NumericalSearchEstimator(),
            MinErrorStopper(target_se, max_items=max_items),
        )
        length = np.array([len(items) for items in simulator.administered_items])
        return {"theta": np.array(simulator.latest_estimations), "length": length}

    return work
