"""How would candidates of known ability respond?"""

from __future__ import annotations

from operator import index
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities
from scoring.irt.types import NOT_PRESENTED, FloatArray, ItemParameters, ResponseArray

_CHUNK = 8192  # candidates at a time: memory beyond the result stays flat


def simulate_responses(
    theta: ArrayLike, parameters: ItemParameters, *, seed: SupportsIndex, presented: ArrayLike | None = None
) -> ResponseArray:
    """Categories (N, J) drawn for abilities (N,); the same seed gives the same responses.

    presented: mask (N, J); items not presented get the code -1 and do not change what the others draw.
    Raises ValueError for an ability that is not finite, naming the candidate from 0, a mask of another shape
    and a seed that is not a whole number of at least 0.
    """
    ability = _abilities(theta)
    shape = (ability.size, parameters.n_items)
    mask = None if presented is None else np.asarray(presented, dtype=np.bool_)
    if mask is not None and mask.shape != shape:
        raise ValueError(f"presented has shape {mask.shape}, expected {shape}")
    rng = np.random.default_rng(_seed(seed))
    responses = np.empty(shape, dtype=np.int8)
    for start in range(0, ability.size, _CHUNK):
        p = category_probabilities(ability[start : start + _CHUNK], parameters)
        responses[start : start + _CHUNK] = _draw(p, rng.random(p.shape[:2]), parameters)
    if mask is not None:
        responses[~mask] = NOT_PRESENTED
    return responses


def respond(theta: ArrayLike, parameters: ItemParameters, uniform: ArrayLike) -> ResponseArray:
    """Categories (N,) drawn for N candidates who meet one item each, the n-th that of `parameters`.

    theta (N,); uniform (N,) in [0, 1), such as from `keyed_numbers`. The larger, the higher the category.
    """
    # Only the distance between theta and difficulty counts, so everybody can be moved to 0.
    moved = ItemParameters(
        a=parameters.a,
        b=parameters.b - _abilities(theta),
        steps=parameters.steps,
        c=parameters.c,
        n_categories=parameters.n_categories,
        graded=parameters.graded,
    )
    p = category_probabilities([0.0], moved)
    return np.asarray(_draw(p, np.atleast_2d(uniform), parameters)[0], dtype=np.int8)


def _abilities(theta: ArrayLike) -> FloatArray:
    ability = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    if ability.ndim != 1:
        raise ValueError(f"theta has shape {ability.shape}, expected (N,)")
    if not np.isfinite(ability).all():
        candidate = int(np.flatnonzero(~np.isfinite(ability))[0])
        raise ValueError(f"candidate {candidate}: theta is {ability[candidate]}; give a finite ability")
    return ability


def _seed(seed: SupportsIndex) -> int:
    try:
        whole = index(seed)
    except TypeError:
        whole = -1
    if whole < 0:
        raise ValueError(f"seed must be a whole number of at least 0, not {seed!r}")
    return whole


def _draw(p: FloatArray, uniform: FloatArray, parameters: ItemParameters) -> ResponseArray:
    # The last category is what remains, so rounding in the sums cannot push a draw beyond it.
    below = (uniform[:, :, None] >= p.cumsum(axis=2)).sum(axis=2)
    return np.asarray(np.minimum(below, parameters.n_categories - 1), dtype=np.int8)
