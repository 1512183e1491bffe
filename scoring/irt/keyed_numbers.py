"""How does one draw for each of many candidates so that nobody's numbers depend on who else is there?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.irt.types import FloatArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform_numbers(seed: int, keys: ArrayLike, n_draws: int) -> FloatArray:
    """Numbers (n_draws, N) even in [0, 1), each column from the seed and its whole-numbered key (N,) alone.

    One generator a candidate, all run at once: SplitMix64 (Steele, Lea & Flood 2014), started where its
    mixing function takes seed and key.
    """
    of_seed = mix64(np.array([seed % 2**64], dtype=np.uint64) + _GOLDEN)
    start = mix64(of_seed ^ np.asarray(keys).astype(np.uint64))
    steps = np.arange(1, n_draws + 1, dtype=np.uint64)[:, None]
    return np.asarray((mix64(start + _GOLDEN * steps) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def mix64(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Output of SplitMix64 for each state: as different for neighbours as for any two."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
