"""How does one draw for each of many candidates so that nobody's numbers depend on who else is there?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.irt.types import FloatArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniforms(seed: int, candidates: ArrayLike, draws: ArrayLike) -> FloatArray:
    """Numbers even in [0, 1), one for each pair of a candidate and a draw or item; whole numbers, broadcast.

    A pair's number depends on the seed and the pair alone: not on the order of candidates, on who else is
    there or on which draws came before. Raises ValueError where a number is not whole.
    """
    start = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    of_candidate = splitmix64(start + _GOLDEN * _whole(candidates, "candidate"))
    mixed = splitmix64(splitmix64(of_candidate) + _GOLDEN * _whole(draws, "draw"))
    return np.asarray((mixed >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def splitmix64(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finishing function of SplitMix64 (Steele, Lea & Flood 2014): near states give unlike numbers."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)), dtype=np.uint64)


def _whole(numbers: ArrayLike, kind: str) -> NDArray[np.uint64]:
    whole = np.atleast_1d(np.asarray(numbers))
    if not np.issubdtype(whole.dtype, np.integer):
        raise ValueError(f"{kind} numbers must be whole, not {whole.dtype}")
    # Negative ones wrap around, which keeps them different from each other and from the rest.
    return whole.astype(np.uint64) + np.uint64(1)
