"""Which items and published abilities do the tests of scoring share?"""

import numpy as np

from scoring.irt.types import FloatArray, ItemParameters
from tests.scoring.irt import lsat

LSAT6_SCORES = lsat.fixture("lsat6_scores")
POLYTOMOUS = lsat.fixture("polytomous_scores")
LSAT6_PATTERNS = np.array([row["responses"] for row in LSAT6_SCORES["patterns"]], dtype=np.int8)


def polytomous_items(model: str) -> ItemParameters:
    make = ItemParameters.graded_response if model == "grm" else ItemParameters.partial_credit
    return make(POLYTOMOUS["a"], POLYTOMOUS["steps"])


def mixed_items(n_items: int, *, seed: int = 5, steepest: float = 2.0, c: float = 0.0) -> ItemParameters:
    """Items of two to five categories, some graded, the dichotomous ones with guessing c."""
    rng = np.random.default_rng(seed)
    n_steps = 1 + np.arange(n_items) % 4
    graded = rng.random(n_items) < 0.5
    steps = np.full((n_items, 4), np.nan)
    for item, n in enumerate(n_steps):
        difficulties = np.sort(rng.normal(0, 1, n)) if graded[item] else rng.normal(0, 1, n)
        steps[item, :n] = difficulties - difficulties.mean()
    return ItemParameters(
        a=rng.uniform(0.4, steepest, n_items),
        b=rng.normal(0, 1.2, n_items),
        steps=steps,
        c=np.where(n_steps == 1, c, 0.0),
        n_categories=n_steps + 1,
        graded=graded,
    )


def rescaled(items: ItemParameters, *, factor: float, shift: float) -> ItemParameters:
    """The same items on the scale factor * theta + shift."""
    return ItemParameters(
        a=items.a / factor,
        b=items.b * factor + shift,
        steps=items.steps * factor,
        c=items.c,
        n_categories=items.n_categories,
        graded=items.graded,
    )


def logit(p: FloatArray) -> FloatArray:
    return np.log(p / (1 - p))
