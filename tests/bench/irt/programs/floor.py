"""The least an E-step by matrix products can cost here: those two products in float32, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 8192


def e_step(responses: NDArray[np.int8], *, model: str, points: int) -> Callable[[], dict[str, Any]]:
    """Log-likelihoods of candidates at the points, then expected responses at the points, in chunks."""
    rng = np.random.default_rng(1)
    hits = np.ascontiguousarray(responses.T, dtype=np.float32)
    table = rng.standard_normal((points, len(hits)), dtype=np.float32)
    posterior = rng.random((points, min(CHUNK, hits.shape[1])), dtype=np.float32)
    log_likelihood = np.empty_like(posterior)
    expected = np.empty((len(hits), points), dtype=np.float32)

    def work() -> dict[str, Any]:
        for start in range(0, hits.shape[1], CHUNK):
            part = hits[:, start : start + CHUNK]
            width = part.shape[1]
            np.matmul(table, part, out=log_likelihood[:, :width])
            np.matmul(part, posterior[:, :width].T, out=expected)
        return {"points": points}

    return work
