"""What does a practised item bring? Estimated from all whose items chance alone drew, if they are enough."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np

from scoring.models import ScoringRun
from scoring.practice.effects import PracticeEffects
from scoring.practice.effects_fit import EstimatedEffects, estimate_effects
from scoring.queries.practised_learners import FEWEST_LEARNERS, learners_by_chance, practised_learners

MOST_LEARNERS = 3000


@dataclass(frozen=True, slots=True)
class RunEffects:
    """`effects` to use: the estimated ones, or, where `estimated` is None because `n_learners` are too few,
    those that the run had.

    A learner is one pupil in one subject whose first practice was drawn by the rule that favours
    nothing; of more than could be used a random sample was.
    """

    effects: PracticeEffects
    estimated: EstimatedEffects | None
    n_learners: int


def estimate_run_effects(
    *, run: ScoringRun, fewest: int = FEWEST_LEARNERS, at_most: int = MOST_LEARNERS, seed: int = 1
) -> RunEffects:
    """From everything scored in `run`, with its parameters and dynamics, all subjects together.

    Their version names the figures themselves. Writes nothing; up to some minutes.
    """
    had = PracticeEffects.from_table(run.practice_effects)
    learners = learners_by_chance(run)
    if not learners or len(learners) < fewest:
        return RunEffects(had, None, len(learners))
    chosen = np.random.default_rng(seed).permutation(len(learners))[:at_most]
    bank, told = practised_learners([learners[place] for place in sorted(chosen)], run=run)
    estimated = estimate_effects(bank, told, version="")
    name = f"estimated-{zlib.crc32(repr(estimated.effects).encode()):08x}"
    estimated = replace(estimated, effects=replace(estimated.effects, version=name))
    return RunEffects(estimated.effects, estimated, len(learners))
