"""How far is each response from what the model expects at the candidate's ability?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.probabilities import category_probabilities
from scoring.irt.types import BoolArray, FloatArray, ItemParameters, ResponseArray

_CELLS = 1 << 17  # candidates x items x categories at a time: 1 MB an array, which stays in the cache
_MOST = 8192


class Residuals(NamedTuple):
    """Of n candidates on J items, categories counted as 0, 1, 2, …; 0 where there is no response.

    met        (n, J)  a response, and an ability to hold it against
    residual   (n, J)  category minus the category expected
    variance   (n, J)  of the category, by the model
    fourth     (n, J)  its fourth central moment
    """

    met: BoolArray
    residual: FloatArray
    variance: FloatArray
    fourth: FloatArray


def known_abilities(theta: ArrayLike, n_candidates: int) -> tuple[FloatArray, BoolArray]:
    """Abilities (N,) with 0 for those not finite, and the mask of finite ones; ValueError unless (N,)."""
    values = np.asarray(theta, dtype=np.float64)
    if values.shape != (n_candidates,):
        raise ValueError(f"theta has shape {values.shape}, expected ({n_candidates},): one a candidate")
    known = np.isfinite(values)
    return np.where(known, values, 0.0), known


def candidate_chunks(n_candidates: int, parameters: ItemParameters) -> Iterator[slice]:
    """Stretches of candidates short enough for an array (n, J, K_max) to stay small."""
    cells = max(parameters.n_items * parameters.max_categories, 1)
    size = max(1, min(_MOST, _CELLS // cells))
    for start in range(0, n_candidates, size):
        yield slice(start, min(start + size, n_candidates))


def residual_chunks(
    codes: ResponseArray, parameters: ItemParameters, theta: ArrayLike
) -> Iterator[tuple[slice, Residuals]]:
    """Residuals of codes (N, J), as `apply_missing_rules` leaves them, at theta (N,), stretch by stretch.

    A candidate whose theta is not finite has met nothing.
    """
    abilities, known = known_abilities(theta, codes.shape[0])
    for part in candidate_chunks(codes.shape[0], parameters):
        met = (codes[part] >= 0) & known[part, None]
        yield part, _residuals(codes[part], met, category_probabilities(abilities[part], parameters))


def _residuals(codes: ResponseArray, met: BoolArray, p: FloatArray) -> Residuals:
    category = np.arange(p.shape[2], dtype=np.float64)
    expected = p @ category
    squares = (category - expected[:, :, None]) ** 2
    return Residuals(
        met=met,
        residual=np.where(met, codes - expected, 0.0),
        variance=np.where(met, (p * squares).sum(axis=2), 0.0),
        fourth=np.where(met, (p * squares**2).sum(axis=2), 0.0),
    )
