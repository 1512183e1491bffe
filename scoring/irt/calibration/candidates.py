"""Who are the candidates, how often does each count, and which population does each come from?"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.responses import resolve_missing
from scoring.irt.types import BoolArray, FloatArray, IntArray, MissingRule, ResponseArray

_FEWEST = 10  # candidates in a group, below which its mean and sd are mere noise


class Candidates(NamedTuple):
    """Responses of N candidates, and what is known of them beside.

    codes       (N, J)  categories and -1
    weights     (N,)    from 0, or None where all count once
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
    if codes.size == 0:
        raise ValueError(f"responses have shape {codes.shape}: there must be a candidate and an item")
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
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(f"candidate {row}: weight {values[row]} is not a number from 0")
    return values


def _groups(groups: ArrayLike | None, n: int) -> tuple[tuple[Hashable, ...], IntArray]:
    if groups is None:
        return ("",), np.zeros(n, dtype=np.int64)
    labels = np.asarray(groups)
    if labels.shape != (n,):
        raise ValueError(f"groups have shape {labels.shape}, expected ({n},)")
    if np.issubdtype(labels.dtype, np.floating) and np.isnan(labels).any():
        raise ValueError(f"candidate {int(np.isnan(labels).argmax())}: group is missing")
    try:
        found, group = np.unique(labels, return_inverse=True)
    except TypeError as error:
        raise ValueError("groups: labels must be all texts or all numbers, none missing") from error
    return tuple(found.tolist()), group.astype(np.int64)


def _covariates(covariates: ArrayLike | None, n: int, labels: tuple[Hashable, ...]) -> FloatArray:
    if covariates is None:
        return np.zeros((n, 0))
    values = np.asarray(covariates, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or values.shape[0] != n:
        raise ValueError(f"covariates have shape {np.shape(covariates)}, expected ({n}, P)")
    if len(labels) > 1:
        raise ValueError(
            "groups and covariates together: give the groups as covariates of 0 and 1 (with one residual sd)"
        )
    if not np.isfinite(values).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(values))[0])
        raise ValueError(f"candidate {row}: covariate {column} is not a number")
    centered = values - values.mean(axis=0)
    if np.linalg.matrix_rank(np.column_stack((np.ones(n), centered))) <= values.shape[1]:
        raise ValueError("covariates: one of them follows from the others or never varies; leave it out")
    return values


def check_groups(candidates: Candidates, items: IntArray, *, anchored: BoolArray, fixed: bool) -> None:
    """Raises ValueError for a group whose scale nothing ties to the reference.

    items (J',) take part, `anchored` (J',) says which of them are anchors; `fixed`: populations are given.
    A group is tied by items it shares, itself or through other groups, with the first group or with anchors.
    """
    n_groups = len(candidates.labels)
    if n_groups == 1:
        return
    columns = [np.bincount(candidates.group, candidates.codes[:, item] >= 0, n_groups) > 0 for item in items]
    met = np.stack(columns, axis=1)
    few = np.bincount(candidates.group, minlength=n_groups) < _FEWEST
    if few.any() and not fixed:
        at = int(np.flatnonzero(few)[0])
        n = int((candidates.group == at).sum())
        raise ValueError(
            f"group {candidates.labels[at]!r}: {n} of {candidates.group.size} candidates are too few for a "
            f"population of their own (at least {_FEWEST}); is the label right?"
        )
    nobody = ~met.any(axis=1)
    if nobody.any():
        label = candidates.labels[int(np.flatnonzero(nobody)[0])]
        raise ValueError(f"group {label!r}: nobody in it met an item that can be calibrated")
    tied = met[:, anchored].any(axis=1) | fixed
    if not anchored.any():
        tied |= np.arange(n_groups) == 0
    while True:
        further = tied | met[:, met[tied].any(axis=0)].any(axis=1)
        if (further == tied).all():
            break
        tied = further
    if not tied.all():
        label = candidates.labels[int(np.flatnonzero(~tied)[0])]
        raise ValueError(
            f"group {label!r}: shares no item with the first group or with anchors, so its scale is its own; "
            "calibrate it by itself, or add common items"
        )
