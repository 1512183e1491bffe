"""How likely is a correct response to a dichotomous item, and how much does it tell?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray


def log_logistic(z: FloatArray) -> FloatArray:
    """log(1 / (1 + exp(-z))), finite for every finite z."""
    # Of the two sides that np.logaddexp would try, the one that cannot overflow.
    return np.asarray(np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z))), dtype=np.float64)


def probability(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0) -> FloatArray:
    """P(correct) of the one- to three-parameter logistic model: theta (Q,), parameters (J,), gives (Q, J)."""
    a, b, c = (np.asarray(part, dtype=np.float64) for part in (a, b, c))
    z = a * (np.atleast_1d(np.asarray(theta, dtype=np.float64))[:, None] - b)
    return np.asarray(c + (1 - c) * np.exp(log_logistic(z)), dtype=np.float64)


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0) -> FloatArray:
    """Fisher information (Q, J) of each item at each theta (Lord 1980, eq. 5-9)."""
    a, c = np.asarray(a, dtype=np.float64), np.asarray(c, dtype=np.float64)
    unguessed = probability(theta, a, b)
    p = c + (1 - c) * unguessed
    known = np.divide(unguessed, p, out=np.ones_like(p), where=p > 0)  # of the correct responses, the share
    return np.asarray(a**2 * (1 - c) * (1 - unguessed) * unguessed * known, dtype=np.float64)
