"""How would candidates of known ability respond?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities
from scoring.irt.types import NOT_PRESENTED, FloatArray, ItemParameters, ResponseArray

_CHUNK = 8192  # candidates at a time: memory beyond the result stays flat


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

    theta (N,); uniform (N,) in [0, 1), such as from `keyed_numbers`. The larger, the higher the category.
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


def _draw(p: FloatArray, uniform: FloatArray, parameters: ItemParameters) -> ResponseArray:
    # The last category is what remains, so rounding in the sums cannot push a draw beyond it.
    below = (uniform[:, :, None] >= p.cumsum(axis=2)).sum(axis=2)
    return np.asarray(np.minimum(below, parameters.n_categories - 1), dtype=np.int8)
