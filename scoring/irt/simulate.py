"""How would candidates of known ability respond?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities
from scoring.irt.types import NOT_PRESENTED, ItemParameters, ResponseArray


def simulate_responses(
    theta: ArrayLike, parameters: ItemParameters, *, seed: int, presented: ArrayLike | None = None
) -> ResponseArray:
    """Categories (N, J) drawn for abilities (N,); the same seed gives the same responses.

    presented: mask (N, J); items not presented get the code -1 and do not change what the others draw.
    """
    p = category_probabilities(theta, parameters)
    uniform = np.random.default_rng(seed).random(p.shape[:2])
    # The last category is what remains, so rounding in the sums cannot push a draw beyond it.
    below = (uniform[:, :, None] >= p.cumsum(axis=2)).sum(axis=2)
    responses: ResponseArray = np.minimum(below, parameters.n_categories - 1).astype(np.int8)
    if presented is not None:
        responses[~np.asarray(presented, dtype=np.bool_)] = NOT_PRESENTED
    return responses
