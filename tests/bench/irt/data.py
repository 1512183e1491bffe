"""Which responses does every program get? Synthetic ones from NumPy's PCG64, in one order of drawing.

The order is theta, a, b, c, whatever else the model has, and then one uniform per response; so data sets of
one seed share their candidates and items whatever the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Responses = NDArray[np.int8]

BLOCKS, BLOCKS_PRESENTED = 10, 7


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What the responses come from: theta (N,), a, b, c (J,), steps (J, K - 1) on the theta scale."""

    theta: FloatArray
    a: FloatArray
    c: FloatArray
    steps: FloatArray

    @property
    def b(self) -> FloatArray:
        return self.steps.mean(axis=1)


def draw(
    model: str, n_candidates: int, n_items: int, *, seed: int, n_categories: int = 2
) -> tuple[Responses, Drawn]:
    """Responses (N, J) of one model ("1pl", "2pl", "3pl", "pcm", "gpcm", "grm") and what they come from.

    theta ~ N(0, 1); a ~ LN(.1, .35) within [.4, 2.5], and 1 for "1pl" and "pcm"; b ~ N(0, 1) within
    [-2.5, 2.5]; c ~ Beta(5, 17), and 0 but for "3pl"; steps lie evenly around b, .6 to 1.6 apart.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    theta = rng.standard_normal(n_candidates)
    a = np.clip(rng.lognormal(0.1, 0.35, n_items), 0.4, 2.5)
    b = np.clip(rng.standard_normal(n_items), -2.5, 2.5)
    c = rng.beta(5, 17, n_items)
    gap = rng.uniform(0.6, 1.6, n_items) if n_categories > 2 else np.zeros(n_items)
    drawn = Drawn(
        theta=theta,
        a=np.ones(n_items) if model in ("1pl", "pcm") else a,
        c=c if model == "3pl" else np.zeros(n_items),
        steps=b[:, None] + gap[:, None] * (np.arange(n_categories - 1) - (n_categories - 2) / 2),
    )
    uniform = rng.random((n_candidates, n_items))
    responses = np.zeros((n_candidates, n_items), dtype=np.int8)
    for at_least in _at_least(drawn, graded=model == "grm"):
        responses += uniform < at_least
    return responses, drawn


def without_booklets(responses: Responses, *, seed: int) -> Responses:
    """Every candidate meets 7 of 10 blocks of items, one of the 120 ways by lot: 30 % not presented."""
    rng = np.random.Generator(np.random.PCG64(seed))
    presented = np.zeros((len(list(combinations(range(BLOCKS), BLOCKS_PRESENTED))), BLOCKS), dtype=np.bool_)
    for booklet, blocks in enumerate(combinations(range(BLOCKS), BLOCKS_PRESENTED)):
        presented[booklet, list(blocks)] = True
    block_of = np.arange(responses.shape[1]) * BLOCKS // responses.shape[1]
    chosen = presented[rng.integers(len(presented), size=len(responses))]
    return np.where(chosen[:, block_of], responses, np.int8(-1))


def without_some(responses: Responses, *, seed: int, share: float = 0.3) -> Responses:
    """A share of all responses not presented, completely at random: hardly two candidates share a pattern."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return np.where(rng.random(responses.shape) < share, np.int8(-1), responses)


def draw_bank(n_items: int) -> tuple[FloatArray, FloatArray]:
    """a and b (J,) of a bank for adaptive forms: a ~ LN(.1, .35), b ~ N(0, 1.2)."""
    rng = np.random.Generator(np.random.PCG64(777))
    return rng.lognormal(0.1, 0.35, n_items), rng.normal(0.0, 1.2, n_items)


def draw_abilities(n_candidates: int) -> FloatArray:
    return np.random.Generator(np.random.PCG64(778)).standard_normal(n_candidates)


def _at_least(drawn: Drawn, *, graded: bool) -> list[FloatArray]:
    """P(category k or higher) for k = 1, …, each (N, J)."""
    logits = drawn.a * (drawn.theta[:, None, None] - drawn.steps.T)  # (N, K - 1, J)
    if graded or logits.shape[1] == 1:
        p = 1 / (1 + np.exp(-logits))
        return list(np.moveaxis(drawn.c + (1 - drawn.c) * p, 1, 0))
    weight = np.exp(np.cumsum(logits, axis=1))
    tails = np.cumsum(weight[:, ::-1], axis=1)[:, ::-1]
    return list(np.moveaxis(tails / (1 + weight.sum(axis=1, keepdims=True)), 1, 0))
