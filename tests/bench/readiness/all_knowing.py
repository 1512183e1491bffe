"""How much could anybody gain? A rule that knows what nobody can: each true ability, and how each one learns.

It takes the item with the largest gain expected now, looks no further, and may give an item again at once.
Not strictly the best possible, but far better informed than any rule can be: a scale for the others.
"""

from __future__ import annotations

import numpy as np

from tests.bench.readiness.learners import (
    LEVEL_DIFFICULTY,
    RATE,
    DomainLearner,
    Floats,
    ForgetfulLearner,
    Ints,
    LearnerModel,
    Learners,
    SuccessLearner,
    TiredLearner,
    World,
    logistic,
    reach,
)

_SMALL = 1e-4


def best_item(model: LearnerModel, world: World, who: Learners) -> Ints:
    """(N,) the item from which each gains most points on the exam."""
    return expected_gain(model, world, who).argmax(axis=1)


def expected_gain(model: LearnerModel, world: World, who: Learners) -> Floats:
    """Points on the exam (N, J) that each item brings now, on average over how it goes."""
    if isinstance(model, DomainLearner):
        return _in_domains(model, world, who)
    return _by_standards(world, who) if isinstance(model, ForgetfulLearner) else _known_or_not(world, who)


def _in_domains(model: DomainLearner, world: World, who: Learners) -> Floats:
    p = logistic(who.theta[:, world.domain], world.a, world.b, world.c)
    success = isinstance(model, SuccessLearner)
    part = p if success else model.share(p, np.zeros(p.shape, dtype=np.bool_))
    awake = 1 - 0.06 * (who.place % 8) if isinstance(model, TiredLearner) else 1.0
    gain = RATE * reach(p) * part * np.where(who.solved, 0.25, 1.0) * awake
    slope = _slopes(world, who.theta[:, world.exam_domain])
    by_domain = slope @ (world.exam_domain[:, None] == np.arange(who.theta.shape[1]))
    return np.asarray(gain * by_domain[:, world.domain])


def _by_standards(world: World, who: Learners) -> Floats:
    p = logistic(who.skill[:, world.standard], world.a, world.b, world.c)
    hurdle = np.asarray(LEVEL_DIFFICULTY)[world.level_of_standard]
    sure = 1 / (1 + np.exp(-2 * (who.skill - hurdle)))
    ready = np.where(world.before < 0, 1.0, sure[:, world.before])[:, world.standard]
    gain = 3 * RATE * reach(p) * (0.1 + 0.9 * ready) * np.where(who.solved, 0.25, 1.0)
    slope = _slopes(world, who.skill[:, world.exam_standard])
    own = slope @ (world.exam_standard[:, None] == np.arange(who.skill.shape[1]))
    around = slope @ (world.exam_domain[:, None] == np.arange(who.theta.shape[1]))
    return np.asarray(gain * (own[:, world.standard] + 0.15 * around[:, world.domain]))


def _known_or_not(world: World, who: Learners) -> Floats:
    asked = (world.exam_standard[:, None] == np.arange(who.known.shape[1])).sum(axis=0)
    ready = (world.before < 0) | who.known[:, world.before]
    chance = np.where(ready, 0.2, 0.04) * ~who.known
    worth = 0.7 * asked * chance
    # A prerequisite opens the way to what builds on it: the rise of that chance, for the next item there.
    opens = np.zeros_like(worth)
    for later, before in enumerate(world.before):
        if before >= 0:
            opens[:, before] += 0.7 * asked[later] * 0.16 * ~who.known[:, later]
    return np.asarray((worth + chance * opens)[:, world.standard])


def _slopes(world: World, ability: Floats) -> Floats:
    """Points on each exam item (N, E) for a unit of ability."""
    now = logistic(ability, world.exam_a, world.exam_b, world.exam_c)
    return np.asarray((logistic(ability + _SMALL, world.exam_a, world.exam_b, world.exam_c) - now) / _SMALL)
