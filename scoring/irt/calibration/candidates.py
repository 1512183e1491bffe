"""Who are the candidates, how often does each count, and which population does each come from?"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.responses import resolve_missing
from scoring.irt.types import FloatArray, IntArray, MissingRule, ResponseArray


class Candidates(NamedTuple):
    """Responses of N candidates, and what is known of them beside.

    codes       (N, J)  categories and -1
    weights     (N,)    positive, or None where all count once
    labels      (G,)    groups, sorted; one empty label without groups
    group       (N,)    place of each candidate's label
    covariates  (N, P)  P = 0 without
    """

    codes: ResponseArray
    weights: FloatArray | None
    labels: tuple[Hashable, ...]
    group: IntArray
    covariates: FloatArray


def read_candidates(
    responses: ArrayLike,
    groups: ArrayLike | None,
    covariates: ArrayLike | None,
    weights: ArrayLike | None,
    *,
    omitted: MissingRule,
    not_reached: MissingRule,
) -> Candidates:
    """Raises ValueError naming the first candidate whose code, weight or covariate cannot be."""
    codes = resolve_missing(responses, None, omitted=omitted, not_reached=not_reached)
    n = codes.shape[0]
    labels, group = _groups(groups, n)
    return Candidates(
        codes=codes,
        weights=None if weights is None else _weights(weights, n),
        labels=labels,
        group=group,
        covariates=_covariates(covariates, n, labels),
    )


def _weights(weights: ArrayLike, n: int) -> FloatArray:
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (n,):
        raise ValueError(f"weights have shape {values.shape}, expected ({n},)")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(f"candidate {row}: weight {values[row]} is not a positive number")
    return values


def _groups(groups: ArrayLike | None, n: int) -> tuple[tuple[Hashable, ...], IntArray]:
    if groups is None:
        return ("",), np.zeros(n, dtype=np.int64)
    labels = np.asarray(groups)
    if labels.shape != (n,):
        raise ValueError(f"groups have shape {labels.shape}, expected ({n},)")
    found, group = np.unique(labels, return_inverse=True)
    return tuple(found.tolist()), group.astype(np.int64)


def _covariates(covariates: ArrayLike | None, n: int, labels: tuple[Hashable, ...]) -> FloatArray:
    if covariates is None:
        return np.zeros((n, 0))
    values = np.asarray(covariates, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or values.shape[0] != n:
        raise ValueError(f"covariates have shape {np.shape(covariates)}, expected ({n}, P)")
    if len(labels) > 1:
        raise ValueError("groups and covariates together: give the groups as covariates of 0 and 1")
    if not np.isfinite(values).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(values))[0])
        raise ValueError(f"candidate {row}: covariate {column} is not a number")
    centered = values - values.mean(axis=0)
    if np.linalg.matrix_rank(np.column_stack((np.ones(n), centered))) <= values.shape[1]:
        raise ValueError("covariates: one of them follows from the others or never varies; leave it out")
    return values


def check_groups(candidates: Candidates, items: IntArray) -> None:
    """Raises ValueError for a group in which nobody met any of the items."""
    if len(candidates.labels) == 1:
        return
    met = (candidates.codes[:, items] >= 0).any(axis=1)
    present = np.bincount(candidates.group[met], minlength=len(candidates.labels))
    if (present == 0).any():
        label = candidates.labels[int(np.flatnonzero(present == 0)[0])]
        raise ValueError(f"group {label!r}: nobody in it met an item that can be calibrated")
