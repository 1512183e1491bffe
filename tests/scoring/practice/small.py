"""Which small bank and exam do the tests of practice use? Two domains, one ability, figures done by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.policy import DEFAULT_POLICY, PracticePolicy

PLAIN = replace(
    DEFAULT_POLICY,
    version="plain",
    step=1.0,
    focus=1.0,
    target=0.5,
    ends_target=0.5,
    width=0.2,
    uncertainty_weight=0.0,
    spread=0.0,
    standard_weight=4.0,
    prerequisite_floor=0.25,
    prerequisite_share=0.5,
    due_factor=2.0,
    exploration=0.0,
    exploration_floor=0.5,
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


def exam_of(domains: Sequence[str]) -> Exam:
    """Right-or-wrong items of 2 half-points and difficulty 0, a = 1."""
    n = len(domains)
    return Exam.of(domains, ItemParameters.dichotomous(1.0, np.zeros(n)), np.tile([0, 2], (n, 1)))


def at(theta: float) -> FloatArray:
    """All the mass on one point of the grid."""
    posterior = (DEFAULT_GRID.points == theta).astype(np.float64)
    assert posterior.sum() == 1
    return posterior


def sure_of(theta: float, **known: Any) -> Learner:
    return Learner(posterior=at(theta), **known)


def logistic(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))
