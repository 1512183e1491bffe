"""Who would respond how, and when? Pure: the same names and seed give the same pupils, again and again.

Nothing here is a score. Abilities and item parameters are used only to choose which concrete response a
simulated pupil puts down; what it earns is worked out later, by the same code as for everybody else.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examsite.demo.responses import Pool
from scoring.assumed_parameters import Assumptions, assumed_items
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import FloatArray, IntArray, ItemParameters

SEED = 2026
FIRST_FORM, SECOND_FORM = "ma-a", "ma-b"
"""The first is sat at school a month ago, the second by some of the same pupils at home a month later."""
SHARED_WITH_MATHEMATICS = 0.8
"""Correlation of the abilities in two subjects."""
SCHOOL_SD, CLASS_SD, PUPIL_SD = 0.30, 0.15, 0.93
"""With the regions of world.toml this makes a standard deviation of about 1 over the country."""
DIFFICULTY_SD, DISCRIMINATION_SD = 0.30, 0.20
"""How far the simulated truth about an item lies from what the platform assumes of it."""
MONTH_OF_LEARNING = 0.15
GAIN_PER_ITEM = 0.006
"""What an item practised adds to the true ability: fifty items, a third of a standard deviation."""


@dataclass(frozen=True, slots=True)
class SimulatedItem:
    """What a simulated pupil meets. `pools`: half-points → responses that earn them; none: it is left out."""

    ref: str
    standard_level: int
    half_point_table: tuple[int, ...]
    n_choices: int
    pools: Mapping[int, Pool]


@dataclass(frozen=True, slots=True)
class Step:
    """Something the pupil does `after_ms` from the start; kinds as on the wire."""

    after_ms: int
    kind: str
    item: str = ""
    value: Any = None


def generator(*names: object) -> np.random.Generator:
    """Random numbers that belong to these names alone, whatever else is drawn."""
    return np.random.default_rng([SEED, zlib.crc32("/".join(map(str, names)).encode("utf-8"))])


def true_parameters(items: Sequence[SimulatedItem], assumptions: Assumptions) -> ItemParameters:
    """What is assumed of the items, plus noise that belongs to each item; the noise is centred."""
    assumed = assumed_items(
        [item.standard_level for item in items],
        [item.half_point_table for item in items],
        assumptions,
        n_choices=[item.n_choices for item in items],
    ).parameters
    noise = np.array([generator("item", item.ref).standard_normal(2) for item in items])
    noise -= noise.mean(axis=0)
    return ItemParameters(
        a=assumed.a * np.exp(DISCRIMINATION_SD * noise[:, 0]),
        b=assumed.b + DIFFICULTY_SD * noise[:, 1],
        steps=assumed.steps,
        c=assumed.c,
        n_categories=assumed.n_categories,
    )


def school_means(regions: Mapping[str, float], schools: Mapping[str, tuple[str, int]]) -> dict[str, float]:
    """Mean theta of each school, given the means of regions, and each school's region and number of pupils.

    The pupils of a region's schools lie around its mean exactly: so few schools must not move it by chance.
    """
    effects = {school: SCHOOL_SD * float(generator("school", school).standard_normal()) for school in schools}
    means = {}
    for school, (region, _) in schools.items():
        together = [other for other, (where, _) in schools.items() if where == region]
        chance = np.average(
            [effects[other] for other in together], weights=[schools[other][1] for other in together]
        )
        means[school] = regions[region] + effects[school] - float(chance)
    return means


def abilities(school: str, class_name: str, n_pupils: int, *, school_mean: float) -> FloatArray:
    """Theta (N,) of a class, in the order of its pupils."""
    mean = school_mean + CLASS_SD * float(generator("class", school, class_name).standard_normal())
    own = generator("pupils", school, class_name).standard_normal(n_pupils)
    return np.asarray(mean + PUPIL_SD * own, dtype=np.float64)


def who_sits(theta: FloatArray, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Mask (N,) of round(share × N) pupils; the weaker ones stay away a little more often."""
    wish = 0.2 * theta + rng.standard_normal(theta.size)
    sits = np.zeros(theta.size, dtype=np.bool_)
    sits[np.argsort(-wish)[: round(share * theta.size)]] = True
    return sits


def half_points(
    theta: FloatArray, parameters: ItemParameters, categories: IntArray, *, seed: int
) -> NDArray[np.int64]:
    """What each pupil earns on each item (N, J); `categories` (J, K_max): half-points of the categories."""
    drawn = simulate_responses(theta, parameters, seed=seed)
    return np.asarray(
        np.take_along_axis(categories[None, :, :], drawn[:, :, None].astype(int), axis=2)[:, :, 0]
    )


def script(
    items: Sequence[SimulatedItem],
    earned: Sequence[int],
    theta: float,
    limit_ms: int,
    rng: np.random.Generator,
) -> list[Step]:
    """One pupil's sitting from the first look to the hand-in; without a hand-in when the phone died."""
    weight = np.array([0.6 + 0.4 * item.standard_level for item in items]) * rng.lognormal(
        0, 0.45, len(items)
    )
    # A longer limit is only partly used: 120 minutes take about 1.6 times as long as 60.
    pace = rng.normal(0.79 - 0.02 * theta, 0.14) * (3_600_000 / limit_ms) ** 0.35
    starts = np.concatenate(([0.0], np.cumsum(weight / weight.sum()))) * max(pace, 0.3) * limit_ms
    steps: list[Step] = []
    for place, item in enumerate(items):
        begin, end = float(starts[place]), float(starts[place + 1])
        if begin > limit_ms - 5_000:
            break
        steps.append(Step(int(begin) + 400, "seen", item.ref))
        if not item.pools or _is_omitted(item, earned[place], theta, place / len(items), rng):
            continue
        steps += [
            step for step in _work(item, earned[place], begin, end, rng) if step.after_ms < limit_ms - 1_000
        ]
    return _ended(steps, float(starts[-1]), limit_ms, rng)


def _is_omitted(
    item: SimulatedItem, earned: int, theta: float, progress: float, rng: np.random.Generator
) -> bool:
    """Only what would have been wrong is left: sooner by the weak, near the end, and where one must write."""
    base = 0.03 if item.n_choices else 0.12
    return bool(rng.random() < min(0.6, base * (0.6 + progress) * np.exp(-0.35 * theta))) and earned == 0


def _work(item: SimulatedItem, earned: int, begin: float, end: float, rng: np.random.Generator) -> list[Step]:
    done = begin + (end - begin) * rng.uniform(0.7, 0.95)
    steps = []
    if rng.random() < 0.03:
        steps.append(Step(int(begin + (done - begin) * 0.4), "flag", item.ref, True))
    if rng.random() < 0.05:
        pools = [pool for half_points, pool in item.pools.items() if half_points != earned]
        first_thought = pools[int(rng.integers(len(pools)))].draw(rng)
        steps.append(Step(int(begin + (done - begin) * 0.7), "response", item.ref, first_thought))
    steps.append(Step(int(done), "response", item.ref, item.pools[earned].draw(rng)))
    return steps


def _ended(steps: list[Step], finished: float, limit_ms: int, rng: np.random.Generator) -> list[Step]:
    if rng.random() < 0.008:
        return steps[: int(len(steps) * rng.uniform(0.6, 1.0))]
    review = rng.uniform(15_000, 150_000)
    if finished + review < limit_ms:
        return [*steps, Step(int(finished + review), "hand_in", value="candidate")]
    return [*steps, Step(limit_ms, "hand_in", value="time")]


def practice_script(
    items: Sequence[SimulatedItem],
    earned: Sequence[int],
    spares: Mapping[str, str],
    rng: np.random.Generator,
    *,
    hint: float,
    spare: float,
) -> list[Step]:
    """One pupil's practice set from the first look to the hand-in; each item is checked at once.

    `spares`: ref of an item → ref of the one among `items` that stands by for it. Where an item would be
    missed, `hint` is the chance of asking for one first (of which every second helps), and `spare` that of
    trying the similar one after.
    """
    by_ref = {item.ref: (item, points) for item, points in zip(items, earned, strict=True)}
    waiting = set(spares.values())
    steps: list[Step] = []
    at = 1_500.0
    for item in items:
        if item.ref in waiting:
            continue
        queue = [item.ref]
        for ref in queue:
            one, points = by_ref[ref]
            most = max(one.half_point_table)
            steps.append(Step(int(at), "seen", ref))
            at += 1_000 * rng.lognormal(3.6 + 0.2 * one.standard_level, 0.4)
            if points < most and rng.random() < hint:
                steps.append(Step(int(at), "hint", ref))
                at += 1_000 * rng.lognormal(3.0, 0.3)
                points = most if rng.random() < 0.5 else points
            steps.append(Step(int(at), "response", ref, one.pools[points].draw(rng)))
            steps.append(Step(int(at) + 900, "check", ref))
            at += 1_000 * rng.lognormal(2.8 if points < most else 1.6, 0.4)
            if points < most and ref in spares and rng.random() < spare:
                queue.append(spares[ref])
    return [*steps, Step(int(at) + 2_000, "hand_in", value="candidate")]
