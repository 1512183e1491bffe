"""How would candidates of known ability respond?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.irt.probabilities import category_probabilities
from scoring.irt.types import NOT_PRESENTED, FloatArray, ItemParameters, ResponseArray

_CHUNK = 8192  # candidates at a time: memory beyond the result stays flat
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def simulate_responses(
    theta: ArrayLike, parameters: ItemParameters, *, seed: int, presented: ArrayLike | None = None
) -> ResponseArray:
    """Categories (N, J) drawn for abilities (N,); the same seed gives the same responses.

    presented: mask (N, J); items not presented get the code -1 and do not change what the others draw.
    """
    ability = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    rng = np.random.default_rng(seed)
    responses = np.empty((ability.size, parameters.n_items), dtype=np.int8)
    for start in range(0, ability.size, _CHUNK):
        p = category_probabilities(ability[start : start + _CHUNK], parameters)
        responses[start : start + _CHUNK] = _draw(p, rng.random(p.shape[:2]), parameters)
    if presented is not None:
        responses[~np.asarray(presented, dtype=np.bool_)] = NOT_PRESENTED
    return responses


def respond(theta: ArrayLike, parameters: ItemParameters, uniform: ArrayLike) -> ResponseArray:
    """Categories (N,) drawn for N candidates who meet one item each, the n-th that of `parameters`.

    theta (N,); uniform (N,) in [0, 1), such as from `uniforms`. The larger, the higher the category.
    """
    # Only the distance between theta and difficulty counts, so everybody can be moved to 0.
    moved = ItemParameters(
        a=parameters.a,
        b=parameters.b - np.asarray(theta, dtype=np.float64),
        steps=parameters.steps,
        c=parameters.c,
        n_categories=parameters.n_categories,
        graded=parameters.graded,
    )
    p = category_probabilities([0.0], moved)
    return np.asarray(_draw(p, np.atleast_2d(uniform), parameters)[0], dtype=np.int8)


def uniforms(seed: int, candidates: ArrayLike, items: ArrayLike) -> FloatArray:
    """Numbers in [0, 1), one for each pair of a candidate and an item (whole numbers from 0; broadcast).

    A pair's number depends on the seed and the pair alone: not on the order of candidates, on who else is
    there or on which items came before.
    """
    start = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    of_candidate = splitmix64(start + _GOLDEN * _natural(candidates, "candidate"))
    mixed = splitmix64(splitmix64(of_candidate) + _GOLDEN * _natural(items, "item"))
    return np.asarray((mixed >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def splitmix64(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finishing function of SplitMix64 (Steele, Lea & Flood 2014): near states give unlike numbers."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)), dtype=np.uint64)


def _draw(p: FloatArray, uniform: FloatArray, parameters: ItemParameters) -> ResponseArray:
    # The last category is what remains, so rounding in the sums cannot push a draw beyond it.
    below = (uniform[:, :, None] >= p.cumsum(axis=2)).sum(axis=2)
    return np.asarray(np.minimum(below, parameters.n_categories - 1), dtype=np.int8)


def _natural(numbers: ArrayLike, kind: str) -> NDArray[np.uint64]:
    whole = np.atleast_1d(np.asarray(numbers))
    if not np.issubdtype(whole.dtype, np.integer) or (whole < 0).any():
        raise ValueError(f"{kind} numbers must be whole and not below 0")
    return whole.astype(np.uint64) + np.uint64(1)
