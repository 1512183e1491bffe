"""How do invented learners come out of a season of practice by one rule?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scoring.irt.types import BoolArray, FloatArray, IntArray
from tests.bench.readiness.all_knowing import best_item
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import (
    ITEMS_A_SET,
    SETS_A_WEEK,
    WEEKS,
    LearnerModel,
    Learners,
    begin,
)
from tests.bench.readiness.policies import Rule
from tests.bench.readiness.practised_world import KnownWorld

SETS = WEEKS * SETS_A_WEEK
ITEMS = SETS * ITEMS_A_SET
NO_PRACTICE, ALL_KNOWING = "no practice", "all-knowing"
See = Callable[[Beliefs, IntArray, BoolArray], None]


def practise(
    model: LearnerModel,
    known: KnownWorld,
    seed: int,
    n_learners: int,
    rule: Rule | str,
    see: See = lambda beliefs, item, solved: None,
) -> Learners:
    """N learners after a trial and six weeks, by a rule or one of the two names above. The same seed brings
    the same learners and the same luck under every rule. `see` is told of every response, with what was
    believed before it.
    """
    world = known.world
    who = begin(world, n_learners, np.random.default_rng([seed, 2]))
    luck = np.random.default_rng([seed, 3])
    at_trial = luck.random((known.trial.size, n_learners))
    at_items, at_draws = luck.random((2, ITEMS, n_learners))
    beliefs = None if isinstance(rule, str) else _after_trial(model, known, who, at_trial, rule)
    for number in range(SETS):
        taken: list[IntArray] = []
        for place in range(0 if rule == NO_PRACTICE else ITEMS_A_SET):
            step = number * ITEMS_A_SET + place
            if beliefs is None or isinstance(rule, str):
                item = best_item(model, world, who)
            else:
                item = rule(beliefs, taken, at_draws[step])
            solved = at_items[step] < model.right_probability(world, who, item)
            model.practised(world, who, item, solved, np.random.default_rng([seed, 5, step]))
            who.place += 1
            taken.append(item)
            if beliefs is not None:
                see(beliefs, item, solved)
                beliefs.learn(item, solved)
        if beliefs is not None:
            beliefs.rest()
        if number % SETS_A_WEEK == SETS_A_WEEK - 1:
            model.week(world, who)
    return who


def _after_trial(
    model: LearnerModel, known: KnownWorld, who: Learners, luck: FloatArray, rule: Rule
) -> Beliefs:
    n = luck.shape[1]
    solved = [
        u < model.right_probability(known.world, who, np.full(n, item))
        for item, u in zip(known.trial, luck, strict=True)
    ]
    beliefs = Beliefs(known, np.array(solved).T, rule.effects)
    beliefs.rest()
    return beliefs
