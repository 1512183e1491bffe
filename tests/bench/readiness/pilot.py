"""What would the product learn from pupils for whom chance chose the items?

A pilot: other learners of the same model, in a world of their own with its own bank and exam, practise for
the six weeks by chance alone, as the rule even-1 draws among what is new. From their responses the product's
own function estimates what practice brings; nothing of the model is told.
"""

from __future__ import annotations

import numpy as np

from scoring.irt.types import BoolArray, IntArray
from scoring.practice.effects import PracticeEffects
from scoring.practice.effects_fit import EstimatedEffects, PractisedLearner, estimate_effects
from scoring.practice.learner import Learner
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import ITEMS_A_SET, LearnerModel
from tests.bench.readiness.policies import AtRandom
from tests.bench.readiness.practised_world import known_world
from tests.bench.readiness.season import ITEMS, practise

PILOT, PILOT_SEED = 2_000, 500
"""Of 64,000 pupils one in thirty; a seed of neither list."""


def effects_of(model: LearnerModel, n: int) -> PracticeEffects:
    return estimate(model, n).effects


def estimate(model: LearnerModel, n: int) -> EstimatedEffects:
    """From n learners of the pilot."""
    known = known_world(PILOT_SEED)
    items: list[IntArray] = []
    solved: list[BoolArray] = []
    starts: list[Learner] = []

    def see(beliefs: Beliefs, item: IntArray, right: BoolArray) -> None:
        if not items:
            starts.extend(beliefs.learner(row) for row in range(n))
        items.append(item)
        solved.append(right)

    practise(model, known, PILOT_SEED, n, AtRandom(), see)
    return estimate_effects(
        known.bank,
        [
            PractisedLearner(
                start=start,
                item=item,
                share=right.astype(np.float64),
                first=np.ones(ITEMS, dtype=np.bool_),
                taught=np.ones(ITEMS, dtype=np.bool_),
                place=np.arange(ITEMS) % ITEMS_A_SET,
            )
            for start, item, right in zip(starts, np.array(items).T, np.array(solved).T, strict=True)
        ],
        version="pilot",
    )
