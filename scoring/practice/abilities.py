"""Which ability on each domain and standard follows from what a candidate responded?

Three levels, each spread normally around the one above: the subject N(0, 1), its domains with the sd of
scoring.domains, their standards with that of the effects. Responses speak of a standard, and through it of
its domain and of the others: messages go up the tree and down again (Pearl 1988), every response counted
once. What practice has raised since is kept apart, by domain: the levels share where a candidate began, not
what they practised; so one domain practised a lot says nothing good of those left alone.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from scoring.domains import USUAL_RULE
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel, normal_weights
from scoring.irt.types import FloatArray, IntArray
from scoring.practice.bank import PracticeBank
from scoring.practice.learner import Learner, StandardEvidence

LEAST = 1e-9
"""Of a message, its largest value being 1: nothing is impossible for good."""


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """Posteriors today: domains (D, Q) and standards (S, Q), in the order of a bank's codes."""

    domains: FloatArray
    standards: FloatArray


def abilities(bank: PracticeBank, learner: Learner, standard_sd: float) -> Abilities:
    """Of every domain and standard of the bank, those without any response as well."""
    tree = _Tree.of(learner, bank.domain_codes, standard_sd, bank.grid)
    domains = _scaled(tree.outside * _exp(tree.told))[: len(bank.domain_codes)]
    within = domains[bank.standard_domain]
    rows = [row for row, code in enumerate(learner.evidence) if code in bank.standard_index]
    places = [bank.standard_index[code] for code in learner.evidence if code in bank.standard_index]
    home = tree.domain_of[rows]
    within[places] = _scaled(tree.outside[home] * _exp(tree.told[home] - tree.messages[rows]))
    standards = within @ tree.down
    standards[places] = _scaled(standards[places] * tree.likelihoods[rows])
    grown = np.array([learner.grown.get(code, 0.0) for code in bank.domain_codes])
    return Abilities(
        domains=moved(domains, grown, bank.grid),
        standards=moved(standards, grown[bank.standard_domain], bank.grid),
    )


def moved(weights: FloatArray, by: FloatArray, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """Each row of weights (N, Q) moved up by its own `by` (N,) of theta, not negative; at the end mass stays.

    Between two points of the grid it is shared between them.
    """
    n, size = weights.shape
    at = np.minimum(np.arange(size) + (by / grid.spacing)[:, None], size - 1)
    below = np.minimum(at.astype(np.int64), size - 2)
    part = at - below
    place = (below + size * np.arange(n)[:, None]).ravel()
    low = np.bincount(place, (weights * (1 - part)).ravel(), n * size)
    high = np.bincount(place + 1, (weights * part).ravel(), n * size)
    return np.asarray((low + high).reshape(n, size), dtype=np.float64)


def told_by(
    evidence: StandardEvidence | None,
    domain: str,
    likelihood: FloatArray,
    grown: float,
    grid: Grid = DEFAULT_GRID,
) -> StandardEvidence:
    """The evidence with one more response, whose likelihood (Q,) is of the ability today, `grown` above that
    at the beginning.
    """
    then = np.interp(grid.points + grown, grid.points, likelihood)
    together = then if evidence is None else then * evidence.likelihood
    return StandardEvidence(domain, np.asarray(together / together.max(), dtype=np.float64))


def around_of(
    learner: Learner, standards: Container[str], standard_sd: float, grid: Grid = DEFAULT_GRID
) -> dict[str, FloatArray]:
    """Code of a domain → likelihood (Q,), largest value 1, from standards that are not in `standards`."""
    elsewhere = {code: one for code, one in learner.evidence.items() if code not in standards}
    tree = _Tree.of(replace(learner, evidence=elsewhere), (), standard_sd, grid)
    return dict(zip(tree.domain_codes, _exp(tree.told), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Of E standards with evidence and D domains, those of the bank first.

    likelihoods (E, Q); messages (E, Q): logarithms of what they tell their domains, `domain_of` (E,)
    told (D, Q): likewise all that is known of each domain from its own responses
    outside (D, Q): what the other domains let expect of it, no logarithm
    down (Q, Q): the way from a domain to a standard
    """

    domain_codes: tuple[str, ...]
    domain_of: IntArray
    likelihoods: FloatArray
    messages: FloatArray
    told: FloatArray
    outside: FloatArray
    down: FloatArray

    @classmethod
    def of(cls, learner: Learner, codes: tuple[str, ...], standard_sd: float, grid: Grid) -> _Tree:
        evidence = list(learner.evidence.values())
        codes = tuple(dict.fromkeys((*codes, *learner.around, *(one.domain for one in evidence))))
        number = {code: place for place, code in enumerate(codes)}
        domain_of = np.array([number[one.domain] for one in evidence], dtype=np.int64)
        likelihoods = np.array([one.likelihood for one in evidence]).reshape(-1, grid.size)
        up, down = _kernel(grid, standard_sd)
        messages = _log(likelihoods @ up)
        told = np.zeros((len(codes), grid.size))
        for code, around in learner.around.items():
            told[number[code]] = _log(around)
        np.add.at(told, domain_of, messages)
        above, below = _kernel(grid, USUAL_RULE.domain_sd)
        heard = _log(_exp(told) @ above)
        subject = np.log(normal_weights(grid)) + heard.sum(axis=0)
        return cls(codes, domain_of, likelihoods, messages, told, _exp(subject - heard) @ below, down)


@lru_cache(maxsize=16)
def _kernel(grid: Grid, sd: float) -> tuple[FloatArray, FloatArray]:
    """Matrices (Q, Q) from the level below to that above, and back."""
    down = diffusion_kernel(grid, sd)
    up = np.ascontiguousarray(down.T)
    for one in (up, down):
        one.setflags(write=False)
    return up, down


def _log(messages: FloatArray) -> FloatArray:
    largest = messages.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.maximum(messages / largest, LEAST)))


def _exp(told: FloatArray) -> FloatArray:
    return np.asarray(np.exp(told - told.max(axis=-1, keepdims=True)))


def _scaled(weights: FloatArray) -> FloatArray:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
