"""How much do expected points and levels of many pupils change from one set of parameters to another?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scoring.irt.types import FloatArray

POINT = 2.0
"""Half-points in a point."""


def change_table(before: FloatArray, after: FloatArray, cuts: Sequence[int]) -> dict[str, Any]:
    """Of N pupils' expected half-points (N,) each; `cuts` of the second and higher levels.

    Changes are after minus before, in half-points. `bins`: pupils by whole half-points of change, from the
    first bin with anybody to the last one.
    """
    if before.size == 0:
        return {"n_pupils": 0}
    change = after - before
    old, new = (np.searchsorted(np.asarray(cuts), values, side="right") for values in (before, after))
    whole = np.round(change).astype(int)
    return {
        "n_pupils": int(change.size),
        "mean_change": round(float(change.mean()), 4),
        "mean_size": round(float(np.abs(change).mean()), 4),
        "largest": round(float(change[np.abs(change).argmax()]), 4),
        "within_a_point": int((np.abs(change) < POINT).sum()),
        "n_level_up": int((new > old).sum()),
        "n_level_down": int((new < old).sum()),
        "level_moves": [
            {"from": low, "to": high, "n": int(n)}
            for low in range(len(cuts) + 1)
            for high in range(len(cuts) + 1)
            if low != high and (n := ((old == low) & (new == high)).sum())
        ],
        "bins": [
            {"half_points": half_points, "n": int((whole == half_points).sum())}
            for half_points in range(int(whole.min()), int(whole.max()) + 1)
        ],
    }
