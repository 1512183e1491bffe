"""What can be predicted when abilities in the domains are known to differ from the ability in the subject?

A form brings the sum of what its domains bring. Given the ability in the subject, the domains are independent
of each other; so for each domain the evidence of its own items, spread by N(0, sd^2), speaks for the subject,
and what the domain will bring follows from its own items and the subject together. Nothing is approximated
but the grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray, IntArray, ItemParameters

ComplexArray = NDArray[np.complex128]
_CHUNK = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The form to be predicted: J items, category_half_points (J, K_max), domain (J,) from 0."""

    parameters: ItemParameters
    category_half_points: IntArray
    domain: IntArray

    @property
    def n_totals(self) -> int:
        return int(self.category_half_points.max(axis=1).sum()) + 1


def predictions(
    log_likelihoods: FloatArray, prior: FloatArray, form: Form, *, sd: float, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """P(total | evidence) (N, S), from the evidence of the domains (D, N, Q) and a prior (Q,)."""
    kernel = diffusion_kernel(grid, sd)
    tables = [_transformed(form, domain, grid) for domain in range(log_likelihoods.shape[0])]
    n = log_likelihoods.shape[1]
    result = np.empty((n, form.n_totals))
    for start in range(0, n, _CHUNK):
        part = slice(start, start + _CHUNK)
        result[part] = _chunk(log_likelihoods[:, part], prior, kernel, tables, form.n_totals)
    return result


def _transformed(form: Form, domain: int, grid: Grid) -> ComplexArray:
    """Fourier transform (Q, F) of P(half-points from this domain | its ability)."""
    own = np.flatnonzero(form.domain == domain)
    if not own.size:
        return np.ones((grid.size, form.n_totals // 2 + 1), dtype=np.complex128)
    table = score_distribution(form.parameters.select(own), form.category_half_points[own], grid=grid)
    return np.fft.rfft(table, n=form.n_totals, axis=1)


def _chunk(
    log_likelihoods: FloatArray,
    prior: FloatArray,
    kernel: FloatArray,
    tables: list[ComplexArray],
    n_totals: int,
) -> FloatArray:
    n, q = log_likelihoods.shape[1:]
    weight = np.broadcast_to(np.log(prior), (n, q)).copy()
    product = np.ones((n, q, n_totals // 2 + 1), dtype=np.complex128)
    for own, table in zip(log_likelihoods, tables, strict=True):
        likelihood = np.exp(own - own.max(axis=1, keepdims=True))
        mixed = likelihood[:, None, :] * kernel  # (n, Q subject, Q domain)
        evidence = mixed.sum(axis=2)
        # Complex tables as two real ones: the product of real matrices is several times as quick.
        parts = mixed.reshape(n * q, q) @ np.concatenate((table.real, table.imag), axis=1)
        half = table.shape[1]
        product *= (parts[:, :half] + 1j * parts[:, half:]).reshape(n, q, half) / evidence[:, :, None]
        weight += np.log(evidence)
    posterior = np.exp(weight - weight.max(axis=1, keepdims=True))
    posterior /= posterior.sum(axis=1, keepdims=True)
    pmf = np.fft.irfft((posterior[:, :, None] * product).sum(axis=1), n=n_totals, axis=1)
    pmf = np.maximum(pmf, 0)
    return np.asarray(pmf / pmf.sum(axis=1, keepdims=True))


def expected_half_points(form: Form, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """(Q,) expected total where all domains have the same ability: the test characteristic curve."""
    p = category_probabilities(grid.points, form.parameters)
    return np.asarray((p * form.category_half_points).sum(axis=(1, 2)))
