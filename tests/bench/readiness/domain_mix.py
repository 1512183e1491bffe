"""What does a sitting say of the ability the exam asks for, when it asks for another mix of domains?

With abilities in the domains N(0, sd^2) around the ability in the subject, a sitting measures their mean by
its own shares of points, the exam by those of the exam. The two differ by a normal deviation with variance
sd^2 · sum((share in the sitting - share on the exam)^2): nothing for a trial by the blueprint, nearly sd^2
for a set of one domain. The likelihood of the sitting is blurred by as much before it is used.
"""

from __future__ import annotations

import numpy as np

from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import BoolArray, FloatArray, IntArray

_CHUNK = 500


def mix(presented: BoolArray, half_points: IntArray, domain: IntArray) -> FloatArray:
    """Shares (N, D) of the half-points that each domain brings among the items presented (N, J)."""
    points = presented * half_points
    of_domain = np.stack([points[:, domain == d].sum(axis=1) for d in range(int(domain.max()) + 1)], axis=1)
    return np.asarray(of_domain / of_domain.sum(axis=1, keepdims=True), dtype=np.float64)


def apart(of_sitting: FloatArray, of_exam: FloatArray, sd: float) -> FloatArray:
    """(N,) sd of the deviation between the abilities that the two mixes (N, D) and (D,) ask for."""
    return np.asarray(sd * np.sqrt(((of_sitting - of_exam) ** 2).sum(axis=1)))


def blurred(log_likelihood: FloatArray, sd: FloatArray, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """(N, Q) of the ability for the exam, from that of the sitting (N, Q) and the sd (N,) between them."""
    result = np.empty_like(log_likelihood)
    distance = (grid.points[:, None] - grid.points) ** 2
    for start in range(0, sd.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        # With an sd far below the spacing nothing is left of the neighbours, and nothing is blurred.
        spread = np.maximum(sd[part], 0.01)[:, None, None]
        kernel = np.exp(-0.5 * distance / spread**2)
        kernel /= kernel.sum(axis=2, keepdims=True)
        own = log_likelihood[part]
        top = own.max(axis=1, keepdims=True)
        result[part] = np.log((kernel @ np.exp(own - top)[:, :, None])[:, :, 0]) + top
    return result
