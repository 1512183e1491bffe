"""How does a fixed-point iteration that creeps get there in a tenth of the steps?"""

from __future__ import annotations

import numpy as np

from scoring.irt.types import FloatArray


class Anderson:
    """Anderson's (1965) mixing: the next point is the combination of past ones whose steps cancel best.

    For EM maps see Henderson & Varadhan (2019). It knows nothing of the objective: whoever drives it goes
    back to a plain step and calls `forget` when a point turns out worse than the one before.
    """

    def __init__(self, depth: int = 6) -> None:
        self._depth = depth
        self._points: list[FloatArray] = []
        self._steps: list[FloatArray] = []

    def forget(self) -> None:
        self._points.clear()
        self._steps.clear()

    def next(self, point: FloatArray, mapped: FloatArray) -> FloatArray:
        """Where to go from `point`, which the plain iteration would map to `mapped`."""
        step = mapped - point
        self._points.append(point)
        self._steps.append(step)
        if len(self._points) > self._depth + 1:
            del self._points[0], self._steps[0]
        if len(self._points) == 1:
            return mapped
        point_changes = np.diff(np.array(self._points), axis=0)
        step_changes = np.diff(np.array(self._steps), axis=0)
        mix, *_ = np.linalg.lstsq(step_changes.T, step, rcond=1e-10)
        return np.asarray(mapped - mix @ (point_changes + step_changes), dtype=np.float64)
