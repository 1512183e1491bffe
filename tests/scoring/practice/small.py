"""Which small bank and exam do the tests of practice use? Few items, known abilities, figures by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.effects import KNOTS, PracticeEffects
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner, StandardEvidence
from scoring.practice.policy import DEFAULT_POLICY, PracticePolicy


def effects_of(
    domain: float | Sequence[float] = 0.1,
    standard: float | Sequence[float] = 0.0,
    *,
    growth: float = 0.25,
    standard_sd: float = 0.001,
) -> PracticeEffects:
    """One gain whatever the chance, or one at each knot; the standards of a domain as good as one thing."""
    wide, narrow = (np.broadcast_to(own, len(KNOTS)).tolist() for own in (domain, standard))
    return PracticeEffects("round", tuple(wide), tuple(narrow), growth, standard_sd)


PLAIN = replace(
    DEFAULT_POLICY,
    version="plain",
    step=1.0,
    repeats=0.5,
    ends_ease=0.0,
    spread=0.0,
    standard_spread=0.0,
    prerequisite_floor=0.25,
    prerequisite_share=0.5,
    due_factor=2.0,
    confirm_factor=0.5,
    exploration=0.0,
    exploration_floor=0.5,
    effects=effects_of(),
)
"""Round figures, so that a value can be worked out on paper, and no chance."""


def plain(**changes: Any) -> PracticePolicy:
    return replace(PLAIN, **changes)


def bank_of(
    rows: Sequence[tuple[str, str, str, float]],
    *,
    prerequisites: Mapping[str, Sequence[str]] | None = None,
    families: Mapping[str, str] | None = None,
) -> PracticeBank:
    """Right-or-wrong items of 2 half-points: (identifier, domain, standard, difficulty), a = 1."""
    known = families or {}
    items = [BankItem(name, domain, standard, known.get(name, "")) for name, domain, standard, _ in rows]
    parameters = ItemParameters.dichotomous(1.0, [difficulty for *_, difficulty in rows])
    return PracticeBank.of(items, parameters, np.tile([0, 2], (len(rows), 1)), prerequisites=prerequisites)


def exam_of(domains: Sequence[str], **known: Any) -> Exam:
    """Right-or-wrong items of 2 half-points and difficulty 0, a = 1."""
    n = len(domains)
    return Exam.of(domains, ItemParameters.dichotomous(1.0, np.zeros(n)), np.tile([0, 2], (n, 1)), **known)


def at(theta: float) -> FloatArray:
    """All the mass on one point of the grid."""
    posterior = (DEFAULT_GRID.points == theta).astype(np.float64)
    assert posterior.sum() == 1
    return posterior


def told(bank: PracticeBank, likelihoods: Mapping[str, FloatArray]) -> dict[str, StandardEvidence]:
    """Evidence by code of a standard of the bank."""
    home = {item.standard: item.domain for item in bank.items}
    return {code: StandardEvidence(home[code], own / own.max()) for code, own in likelihoods.items()}


def sure_of(bank: PracticeBank, theta: float | Mapping[str, float] = 0.0, **known: Any) -> Learner:
    """The ability on every standard of the bank is just this, or differs by standard."""
    where = theta if isinstance(theta, Mapping) else dict.fromkeys(bank.standard_codes, theta)
    evidence = told(bank, {code: at(place) for code, place in where.items()})
    return Learner(posterior=normal_weights(DEFAULT_GRID), evidence=evidence, **known)


def logistic(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))
